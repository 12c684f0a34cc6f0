import { join } from "node:path";
import { readRules } from "../../src/catalog/generated-files.ts";
import { runRule } from "./run-rule.ts";

const rules = readRules(join(import.meta.dirname, "../.."));

/** What one rule finds in a small tree: `severity path:line subject` each, `undecided` for a rule that could not decide. */
export async function foundBy(id: string, files: Record<string, string>): Promise<string[]> {
  const rule = rules.find((one) => one.id === id)!;
  const { findings, undecided } = await runRule(rule, { title: "", files, findings: [] });
  return [
    ...findings.map(({ severity, at, subject }) => `${severity} ${at.path}:${at.start.line} ${subject}`),
    ...undecided.map(() => "undecided"),
  ];
}

/** The messages of what one rule finds, in the same order. */
export async function messagesOf(id: string, files: Record<string, string>): Promise<string[]> {
  const { findings } = await runRule(rules.find((one) => one.id === id)!, { title: "", files, findings: [] });
  return findings.map(({ message }) => message);
}
