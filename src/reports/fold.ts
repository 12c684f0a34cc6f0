import type { Finding, RuleId, Severity } from "../types/finding.ts";
import type { Location } from "../types/text.ts";

/** Findings that a person reads as one: one line that leaves out forty modules is one mistake, not forty. */
export interface Entry {
  rule: RuleId;
  /** The worst of its findings. */
  severity: Severity;
  /** The finding whose message stands for all. */
  lead: Finding;
  /** Every finding of the entry, the lead first. */
  findings: Finding[];
  /** Every distinct place, in order, the lead's first. */
  places: Location[];
}

/** Characters of a message that are compared: what is longer was made by hostile or generated text. */
const longestSentence = 2000;

const rank: Record<Severity, number> = { error: 0, warning: 1, note: 2 };

/** Compares by code unit, so that the order does not depend on the machine's language. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Worst first, then path, line, column, rule, subject. */
export function compareFindings(left: Finding, right: Finding): number {
  return (
    rank[left.severity] - rank[right.severity] ||
    compareText(left.at.path, right.at.path) ||
    left.at.start.line - right.at.start.line ||
    left.at.start.column - right.at.start.column ||
    compareText(left.rule, right.rule) ||
    compareText(left.subject, right.subject)
  );
}

/**
 * Joins findings of one rule that share the deciding line and say the same of different things, notes that say the same of one file, and
 * findings of one subject in one file. Worst first. Every finding lands in exactly one entry.
 */
export function fold(findings: readonly Finding[]): Entry[] {
  return group(findings, ({ rule, severity, at, subject, message }) => [
    `line\0${rule}\0${at.path}\0${severity === "note" ? "" : at.start.line}\0${sentenceOf(message)}`,
    `same\0${rule}\0${at.path}\0${subject}`,
  ]);
}

/** What a message says, whatever it says it of: without quoted text, paths, dotted and other names, and numbers. */
function sentenceOf(message: string): string {
  return message
    .slice(0, longestSentence)
    .replace(/`[^`]*`|"[^"]*"/g, "…")
    .split(" ")
    .map((word) => (/\d|[\w)][./:_@-][\w(/*]/.test(word) ? "…" : word))
    .join(" ");
}

/** Joins findings of one rule and severity in one file: what a channel with room for ten entries shows. */
export function foldByFile(findings: readonly Finding[]): Entry[] {
  return group(findings, (finding) => [`${finding.rule}\0${finding.severity}\0${finding.at.path}`]);
}

function group(findings: readonly Finding[], keysOf: (finding: Finding) => string[]): Entry[] {
  const sorted = [...findings].sort(compareFindings);
  const parent = sorted.map((_finding, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parent[root] !== root) root = parent[root] = parent[parent[root]!]!;
    return root;
  };
  const seen = new Map<string, number>();
  sorted.forEach((finding, index) => {
    for (const key of keysOf(finding)) {
      const first = seen.get(key);
      if (first === undefined) seen.set(key, index);
      else {
        const [one, other] = [rootOf(first), rootOf(index)];
        parent[Math.max(one, other)] = Math.min(one, other);
      }
    }
  });
  const entries = new Map<number, Entry>();
  sorted.forEach((finding, index) => {
    const root = rootOf(index);
    const entry = entries.get(root);
    if (entry === undefined) {
      const { rule, severity } = finding;
      entries.set(root, { rule, severity, lead: finding, findings: [finding], places: [] });
    } else entry.findings.push(finding);
  });
  for (const entry of entries.values()) entry.places = distinctPlaces(entry.findings);
  return [...entries.values()];
}

function distinctPlaces(findings: readonly Finding[]): Location[] {
  const places = new Map<string, Location>();
  for (const { at } of findings) {
    const key = `${at.path}\0${at.start.line}\0${at.start.column}`;
    if (!places.has(key)) places.set(key, at);
  }
  return [...places.values()];
}
