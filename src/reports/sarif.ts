import type { Finding, RuleId, RunResult, Severity, Suppressed } from "../types/finding.ts";
import type { Location, RepoPath } from "../types/text.ts";
import { headline, holdsSecret, home, type ReportContext, type ReportRule, rootPath, rulePage } from "./context.ts";
import { clip, jsonText, uriPath, visible } from "./escape.ts";
import { lineHashes } from "./fingerprint.ts";

// GitHub's limits: 25,000 results and rules a run, 1,000 locations a result, 10 MB after gzip and base64.
const mostResults = 25_000;
const mostRules = 25_000;
const mostRelated = 20;
const longestText = 1000;
const longestName = 255;
const longestMessage = 4000;
/** Characters of all results together; hostile text hardly compresses, and base64 adds a third. */
const mostCharacters = 6_000_000;
/** Characters of a file, and of all files, that line hashes are computed for: GitHub's upload action adds what is missing. */
const longestFile = 400_000;
const mostHashed = 4_000_000;

const levelOf: Record<Severity | "off", "error" | "warning" | "note"> = {
  error: "error",
  warning: "warning",
  note: "note",
  off: "note",
};

/** SARIF 2.1.0 as GitHub code scanning takes it. A clean run still has `results` and its invocation. */
export function renderSarif(result: RunResult, context: ReportContext): string {
  const rules = rulesOf(result, context);
  const indexes = new Map(rules.map((rule, index) => [rule.id, index]));
  const hashes = new Map<RepoPath, string[] | null>();
  let hashed = 0;
  const hashAt = (at: Location): string | undefined => {
    let known = hashes.get(at.path);
    if (known === undefined) {
      const { hashes: found, read } = lineHashes(context.lines, at.path, Math.min(longestFile, mostHashed - hashed));
      hashed += read;
      known = found;
      hashes.set(at.path, known);
    }
    return known?.[at.start.line - 1];
  };
  // A hash of a line that holds a secret's value is made of the value.
  const unhashed = () => undefined;
  const candidates: { finding: Finding; suppressed?: Suppressed }[] = [
    ...result.findings.map((finding) => ({ finding })),
    ...result.suppressed.map((suppressed) => ({ finding: suppressed.finding, suppressed })),
  ];
  const results: object[] = [];
  let characters = 0;
  for (const { finding, suppressed } of candidates) {
    const one = resultOf(
      finding,
      suppressed,
      indexes.get(finding.rule) ?? -1,
      context,
      holdsSecret(finding) ? unhashed : hashAt,
    );
    characters += JSON.stringify(one).length;
    if (results.length >= mostResults || characters > mostCharacters) break;
    results.push(one);
  }
  const left = candidates.length - results.length;
  const notifications = [
    ...result.undecided.slice(0, 1000).map(({ rule, reason, remedy }) => ({
      level: "warning",
      message: { text: clip(`${reason} ${remedy}`, longestMessage) },
      associatedRule: { id: rule, index: indexes.get(rule) ?? -1 },
    })),
    ...result.unread.slice(0, 1000).map(({ path, reason }) => ({
      level: "warning",
      message: { text: clip(`Not read: ${reason}`, longestMessage) },
      locations: [{ physicalLocation: { artifactLocation: artifact(path, context) } }],
    })),
    ...(left > 0
      ? [{ level: "warning", message: { text: `${left} of ${candidates.length} results had no room in this file.` } }]
      : []),
  ];
  return `${jsonText({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "predeploy",
            semanticVersion: context.version,
            version: context.version,
            informationUri: home,
            rules: rules.map((rule) => ruleJson(rule, context.version)),
          },
        },
        automationDetails: { id: `predeploy/${context.shard ? `${context.shard}/` : ""}` },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { "%SRCROOT%": { description: { text: "The root of the repository." } } },
        invocations: [
          {
            executionSuccessful: true,
            exitCodeDescription: headline(result, context),
            toolExecutionNotifications: notifications,
          },
        ],
        results,
        ...(context.checked ? { properties: { checked: context.checked } } : {}),
      },
    ],
  })}\n`;
}

/** Every rule of the run and those that findings and undecided rules name besides; GitHub shows their text beside an alert. */
function rulesOf(result: RunResult, context: ReportContext): ReportRule[] {
  const named = new Map<RuleId, Severity>();
  for (const { rule } of result.undecided) named.set(rule, "warning");
  for (const { finding } of result.suppressed) named.set(finding.rule, finding.severity);
  for (const { rule, severity } of result.findings) named.set(rule, severity);
  const rules: ReportRule[] = [];
  for (const [id, severity] of named) {
    const known = context.rules.get(id);
    rules.push(known ?? { id, severity, title: id, why: id, fix: `Run predeploy explain ${id}.` });
  }
  for (const rule of context.rules.values()) if (!named.has(rule.id)) rules.push(rule);
  return rules.slice(0, mostRules).sort((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0));
}

function ruleJson(rule: ReportRule, version: string) {
  const text = (value: string) => ({ text: sentence(clip(value.trim() || rule.id, longestText)) });
  const family = rule.id.split("/")[0] ?? rule.id;
  return {
    id: rule.id,
    name: nameOf(rule.id),
    shortDescription: text(rule.title),
    fullDescription: text(rule.why),
    help: {
      text: sentence(clip(`${rule.fix.trim()} Run: predeploy explain ${rule.id}`, longestText)),
      markdown: clip(`${rule.why.trim()}\n\n${rule.fix.trim()}`, longestText),
    },
    helpUri: rulePage(rule, version) ?? `${home}#readme`,
    defaultConfiguration: { enabled: rule.severity !== "off", level: levelOf[rule.severity] },
    properties: { tags: ["deploy", family] },
  };
}

/** The id in the form that SARIF viewers show as a heading, `DockerignoreModuleExcluded`. */
function nameOf(id: RuleId): string {
  const words = id.match(/[A-Za-z0-9]+/g) ?? ["Rule"];
  return clip(words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(""), longestName);
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

function resultOf(
  finding: Finding,
  suppressed: Suppressed | undefined,
  ruleIndex: number,
  context: ReportContext,
  hashAt: (at: Location) => string | undefined,
) {
  const related = (finding.related ?? []).slice(0, mostRelated);
  const hash = hashAt(finding.at);
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: levelOf[finding.severity],
    message: { text: sarifText(sentence(clip(finding.message, longestMessage))) },
    locations: [{ physicalLocation: physical(finding.at, context) }],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((other, index) => ({
            id: index + 1,
            physicalLocation: physical(other, context),
            message: { text: sarifText(sentence(clip(other.message, longestText))) },
          })),
        }),
    partialFingerprints: {
      ...(hash === undefined ? {} : { primaryLocationLineHash: hash }),
      "predeploy/v1": finding.fingerprint,
    },
    ...(finding.fix === undefined || finding.fix.edits.length === 0 ? {} : { fixes: [fixJson(finding.fix, context)] }),
    ...(suppressed === undefined
      ? {}
      : {
          suppressions: [
            {
              kind: suppressed.by === "inline" ? "inSource" : "external",
              status: "accepted",
              justification: clip(suppressed.reason, longestText),
            },
          ],
        }),
  };
}

/** Message text in which no `[text](link)` is read as a link (SARIF 2.1.0, 3.11.6), and nothing hides or reorders text. */
function sarifText(text: string): string {
  return visible(text).replace(/[\\[\]]/g, "\\$&");
}

function fixJson(fix: NonNullable<Finding["fix"]>, context: ReportContext) {
  const byPath = new Map<RepoPath, object[]>();
  for (const edit of fix.edits) {
    const list = byPath.get(edit.path) ?? [];
    byPath.set(edit.path, list);
    list.push({ deletedRegion: region(edit, true), insertedContent: { text: edit.newText } });
  }
  return {
    description: { text: sentence(clip(fix.title, longestText)) },
    artifactChanges: [...byPath].map(([path, replacements]) => ({
      artifactLocation: artifact(path, context),
      replacements,
    })),
  };
}

function physical(at: Location, context: ReportContext) {
  return { artifactLocation: artifact(at.path, context), region: region(at, false) };
}

function artifact(path: RepoPath, context: ReportContext) {
  return { uri: uriPath(rootPath(context, path)), uriBaseId: "%SRCROOT%" };
}

/** A full region. GitHub shows nothing for an empty one, so a place gets at least one column; an insertion stays empty. */
function region({ start, end }: Location, mayBeEmpty: boolean) {
  const endLine = Math.max(start.line, end.line);
  const least = endLine > start.line ? 1 : mayBeEmpty ? start.column : start.column + 1;
  return { startLine: start.line, startColumn: start.column, endLine, endColumn: Math.max(least, end.column) };
}
