import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readRules } from "../src/catalog/generated-files.ts";
import { checkName } from "../src/catalog/render.ts";
import type { RuleId } from "../src/types/finding.ts";
import type { ModelName } from "../src/types/model.ts";
import type { Check } from "../src/types/rule.ts";

/** What the check of each rule of a checkout reads, as its module says. */
export async function ruleNeeds(root: string): Promise<Map<RuleId, readonly ModelName[]>> {
  const needs = new Map<RuleId, readonly ModelName[]>();
  for (const { id } of readRules(root)) {
    const file = pathToFileURL(join(root, `src/rules/${id}.ts`)).href;
    const module: Record<string, Check | undefined> = await import(file);
    const check = module[checkName(id)];
    if (!check) throw new Error(`src/rules/${id}.ts exports no check called ${checkName(id)}.`);
    needs.set(id, check.needs);
  }
  return needs;
}
