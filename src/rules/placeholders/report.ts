import type { Report } from "../../types/finding.ts";
import type { PlaceholderFinding, PlaceholdersModel } from "../../types/placeholders.ts";

/** The reports of one rule, worded alike: what stands where, why the file counts as deployed, what to do. */
export function* reportsOf(
  model: PlaceholdersModel,
  rule: string,
  says: (finding: PlaceholderFinding) => string,
): Iterable<Report> {
  for (const finding of model.findings) {
    if (finding.rule !== rule) continue;
    const { at, subject, severity, related } = finding;
    const parts = [`${says(finding)}: ${finding.because}.`, ...finding.remarks, finding.mend];
    yield {
      message: parts.filter((part) => part !== "").join(" "),
      subject,
      at,
      severity,
      ...(related.length > 0 ? { related } : {}),
    };
  }
}

/** `k` holds `a` and `b`. */
export function holds(finding: PlaceholderFinding, verb = "holds"): string {
  const tokens = finding.tokens.slice(0, 4).map((token) => `\`${token}\``);
  const rest = finding.tokens.length - tokens.length;
  const list = `${tokens.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
  return finding.key === null ? list : `\`${finding.key}\` ${verb} ${list}`;
}
