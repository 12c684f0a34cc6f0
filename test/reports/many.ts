import fc from "fast-check";
import type { RunResult, Severity } from "../../src/types/finding.ts";
import { at, finding, hostile, resultOf } from "./fixture.ts";

/** Sizes at which limits bite. */
export const sizes = [0, 1, 10, 63, 500, 5000];

const severities: Severity[] = ["error", "warning", "note"];

/** A result of `size` errors (or of all severities) in which every text is hostile. */
export function hostileResult(size: number, mixed = false): RunResult {
  const pick = (index: number) => hostile[index % hostile.length]!;
  const findings = Array.from({ length: size }, (_none, index) =>
    finding({
      severity: mixed ? severities[index % 3]! : "error",
      rule: `family/rule-${index % 5}`,
      subject: pick(index),
      message: `${pick(index + 1)} ${pick(index + 2)}`,
      help: pick(index + 3),
      fingerprint: `f${index}`,
      at: at(`dir${index}/${pick(index + 4).slice(0, 200)}`, index + 1, 1, 9),
      related: [{ ...at(pick(index + 5).slice(0, 200), 1, 1, 2), message: pick(index + 6) }],
      fix: { title: pick(index + 7), safety: "review", edits: [{ ...at("a", 1, 1, 1), newText: pick(index + 8) }] },
    }),
  );
  return resultOf(findings, {
    undecided: size === 0 ? [] : hostile.map((text) => ({ rule: text, reason: text, remedy: text })),
    unread: size === 0 ? [] : hostile.map((text) => ({ path: text, reason: text })),
    suppressed: findings.slice(0, 3).map((one) => ({ finding: one, by: "config", reason: pick(9) })),
  });
}

/** Arbitrary text with what is dangerous somewhere far more often than chance gives it. */
export const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...hostile),
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.constantFrom(..."`|\\@#<>&:$%\n\r\t [](){}*_~!-=\x1b\u202e\u0085"),
    ),
    {
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(""));
