import type { Related, Report, Severity } from "../../types/finding.ts";
import type { ChainStep, ImportLevel, LostFile } from "../../types/imports.ts";

const severities: Readonly<Record<ImportLevel, Severity | null>> = {
  "start-up": "error",
  call: "warning",
  guarded: "note",
  type: null,
};

/** Severity of something that start-up lacks; a build that nothing deploys is judged at warning at most. */
export function severityOf(level: ImportLevel, deployed: boolean): Severity | null {
  const severity = severities[level];
  return severity === "error" && !deployed ? "warning" : severity;
}

/** What happens without it, by the level of its strongest chain. */
export function consequenceOf(level: ImportLevel, entry: string): string {
  switch (level) {
    case "start-up":
      return `\`${entry}\` cannot start without it`;
    case "call":
      return "the first call that needs it fails";
    default:
      return "its failure is caught, so the feature is silently off";
  }
}

/** Most steps of a chain that a finding shows. */
const maxSteps = 10;

/** Where it is needed, then the chain that leads there from the entry; a long one keeps its beginning and its end. */
export function relatedOf(chain: readonly ChainStep[]): Related[] {
  const way = chain.slice(0, -1);
  const shown = way.length > maxSteps ? [...way.slice(0, 3), ...way.slice(3 - maxSteps)] : way;
  return [...chain.slice(-1), ...shown].map(({ at, what }) => ({ ...at, message: what }));
}

/** One report per path and place: the strongest of several processes speaks. */
export function strongest<T extends { level: ImportLevel; deployed: boolean }>(
  all: Iterable<T>,
  keyOf: (one: T) => string,
): T[] {
  const kept = new Map<string, T>();
  for (const one of all) {
    const key = keyOf(one);
    const known = kept.get(key);
    if (!known || rank(one) > rank(known)) kept.set(key, one);
  }
  return [...kept.values()];
}

function rank(one: { level: ImportLevel; deployed: boolean }): number {
  return ["type", "guarded", "call", "start-up"].indexOf(one.level) * 2 + (one.deployed ? 1 : 0);
}

/** The last step of the chain, as the place where it is needed: `app/main.py:12`. */
export function neededAt(lost: { chain: readonly ChainStep[] }): string {
  const last = lost.chain.at(-1);
  return last ? `${last.at.path}:${last.at.start.line}` : "the command";
}

/** Report about an ignored file, shared by modules and data. */
export function ignoredReport(lost: LostFile, severity: Severity): Report {
  const { why, lookalike, repair, path, entry, level } = lost;
  const pattern = why.kind === "not-copied" ? "" : why.pattern;
  const pretends = lookalike
    ? ` \`${lookalike.text}\` (line ${lookalike.at.start.line}) does not bring it back: ${lookalike.reason}.`
    : "";
  const mend = repair
    ? ` Write \`${repair.lines.join("`, `")}\` after that line, or narrow the pattern.`
    : " Narrow the pattern.";
  const what = lost.kind === "data" ? "read" : lost.chain.length === 0 ? "started" : "imported";
  return {
    message: `\`${pattern}\` keeps ${path} out of the image, ${what} at ${neededAt(lost)}: ${consequenceOf(level, entry.written)}.${pretends}${mend}`,
    subject: path,
    at: why.at,
    severity,
    related: [
      ...(lost.chain.length === 0 ? [{ ...entry.at, message: "the command that starts it" }] : relatedOf(lost.chain)),
      ...(lookalike
        ? [{ ...lookalike.at, message: `looks as if it brought the path back, but ${lookalike.reason}` }]
        : []),
    ],
    ...(repair
      ? {
          fix: {
            title: `Write \`${repair.lines.join("`, `")}\` after the line`,
            safety: "review" as const,
            edits: [{ ...repair.at, newText: repair.newText }],
          },
        }
      : {}),
  };
}
