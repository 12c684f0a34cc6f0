import { declaredOrder } from "../../../src/rules/startup-order/declared-order.ts";
import type { RuleDescriptor } from "../../../src/types/rule.ts";
import { runRule } from "../../support/run-rule.ts";

const descriptor: RuleDescriptor = {
  id: "startup-order/declared-order",
  title: "",
  severity: "error",
  why: "",
  fix: "",
  check: "startup-order/declared-order",
  options: {},
  examples: [],
};

export const checked = declaredOrder;

/** What declared-order says of a tree: `path:line severity verdict words`. */
export async function judgeFiles(files: Record<string, string>): Promise<string[]> {
  const { findings, undecided } = await runRule(descriptor, { title: "", files, findings: [] });
  if (undecided.length > 0) return undecided.map((one) => `undecided: ${one.reason}`);
  return findings.map((one) => `${one.at.path}:${one.at.start.line} ${one.severity} ${one.message}`);
}
