import type { Finding, RuleId, RunResult, UndecidedRule } from "../types/finding.ts";
import { placeOf, type ReportContext, rootPath } from "./context.ts";
import { clip, xml } from "./escape.ts";

interface Suite {
  findings: Finding[];
  undecided: UndecidedRule[];
}

/**
 * JUnit XML: one suite per rule. A finding is a failed case, an undecided rule a case in error, a rule of the run without either a
 * passed case, so that a clean run is not an empty file. Elements and attributes are those of the strictest reader, the schema of
 * Jenkins' xUnit plugin (junit-10.xsd): a case has no `file`, its name begins with the place.
 */
export function renderJunit(result: RunResult, context: ReportContext): string {
  const suites = new Map<RuleId, Suite>();
  const suiteOf = (rule: RuleId): Suite => {
    let suite = suites.get(rule);
    if (suite === undefined) {
      suite = { findings: [], undecided: [] };
      suites.set(rule, suite);
    }
    return suite;
  };
  for (const rule of context.rules.values()) if (rule.severity !== "off") suiteOf(rule.id);
  for (const finding of result.findings) suiteOf(finding.rule).findings.push(finding);
  for (const entry of result.undecided) suiteOf(entry.rule).undecided.push(entry);
  if (result.unread.length > 0) {
    const { undecided } = suiteOf("predeploy/unread");
    for (const { path, reason } of result.unread)
      undecided.push({ rule: "predeploy/unread", reason: `${rootPath(context, path)}: ${reason}`, remedy: "" });
  }
  const sorted = [...suites].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  const total = sorted.reduce((sum, [, suite]) => sum + casesOf(suite), 0);
  const errors = sorted.reduce((sum, [, { undecided }]) => sum + undecided.length, 0);
  const counts = `tests="${total}" failures="${result.findings.length}" errors="${errors}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="predeploy" ${counts}>\n${sorted
    .map(([rule, suite]) => suiteXml(rule, suite, context))
    .join("")}</testsuites>\n`;
}

function casesOf({ findings, undecided }: Suite): number {
  return Math.max(1, findings.length + undecided.length);
}

function suiteXml(rule: RuleId, suite: Suite, context: ReportContext): string {
  const { findings, undecided } = suite;
  const name = xml(clip(rule, 500));
  const cases = [
    ...findings.map((finding) => findingXml(name, finding, context)),
    ...undecided.map(
      ({ reason, remedy }) =>
        `    <testcase classname="${name}" name="could not decide">\n      <error type="undecided" message="${xml(
          clip(reason, 4000),
        )}">${xml(clip(remedy, 4000))}</error>\n    </testcase>\n`,
    ),
  ];
  if (cases.length === 0) cases.push(`    <testcase classname="${name}" name="${xml(titleOf(rule, context))}"/>\n`);
  return `  <testsuite name="${name}" tests="${cases.length}" failures="${findings.length}" errors="${undecided.length}">\n${checkedXml(context)}${cases.join(
    "",
  )}  </testsuite>\n`;
}

function checkedXml({ checked }: ReportContext): string {
  if (!checked) return "";
  return `    <properties><property name="checked" value="${xml(clip(checked, 1000))}"/></properties>\n`;
}

function findingXml(name: string, finding: Finding, context: ReportContext): string {
  const place = placeOf({ ...finding.at, path: rootPath(context, finding.at.path) });
  const body = [
    place,
    finding.message,
    ...(finding.fix === undefined ? [] : [`Fix: ${finding.fix.title}`]),
    finding.help,
  ];
  return `    <testcase classname="${name}" name="${xml(clip(`${place} ${finding.subject}`, 1000))}">\n      <failure type="${finding.severity}" message="${xml(
    clip(finding.message, 4000),
  )}">${body.map((line) => xml(clip(line, 4000))).join("\n")}</failure>\n    </testcase>\n`;
}

function titleOf(rule: RuleId, context: ReportContext): string {
  return clip(context.rules.get(rule)?.title ?? rule, 500);
}
