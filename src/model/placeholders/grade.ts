import type { Severity } from "../../types/finding.ts";
import type { Confidence, PlaceholderRole } from "../../types/placeholders.ts";
import type { Stage } from "./role.ts";

/** Severity = confidence × role × environment; null: nothing is said. */
export function grade(confidence: Confidence, role: PlaceholderRole, stage: Stage, guarded: boolean): Severity | null {
  if (role === "template" || role === "example" || role === "none") return null;
  if (stage === "development") return confidence === "high" ? "note" : null;
  if (guarded || role === "default" || role === "unknown") return "note";
  if (stage === "production") return confidence === "high" ? "error" : "warning";
  return confidence === "medium" ? "note" : "warning";
}

const order: readonly Severity[] = ["note", "warning", "error"];

export function worse(a: Severity, b: Severity): boolean {
  return order.indexOf(a) > order.indexOf(b);
}

/** The lower of two severities. */
export function atMost(severity: Severity, cap: Severity): Severity {
  return worse(severity, cap) ? cap : severity;
}
