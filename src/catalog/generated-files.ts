import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { configSchema } from "../config/schema.ts";
import type { RuleId } from "../types/finding.ts";
import type { ModelName } from "../types/model.ts";
import type { RuleDescriptor } from "../types/rule.ts";
import { familyQuestions } from "./families.ts";
import { renderCatalog } from "./render.ts";
import { parseBuiltInRule } from "./rule-file.ts";

/** The rules of a checkout of this project, read from its rules/ folder, sorted by id. Throws UsageError at the first broken one. */
export function readRules(root: string): RuleDescriptor[] {
  const files = readdirSync(join(root, "rules"), { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.ya?ml$/.test(name),
  );
  return files
    .map((name) => name.replaceAll("\\", "/"))
    .sort()
    .map((name) => parseBuiltInRule(readFileSync(join(root, "rules", name), "utf8"), `rules/${name}`));
}

/** Every file of this project that is written by a program: path → text. `needs` says what each rule's check reads. */
export function generatedFiles(root: string, needs: ReadonlyMap<RuleId, readonly ModelName[]>): Map<string, string> {
  const files = renderCatalog(readRules(root), familyQuestions, needs);
  const schema = z.toJSONSchema(configSchema, {
    io: "input",
    unrepresentable: "any",
    override({ zodSchema, jsonSchema }) {
      // No JSON is one, and an empty schema would let anything stand there.
      if (zodSchema._zod.def.type === "date") jsonSchema.not = {};
    },
  });
  files.set("schema/predeploy.schema.json", `${JSON.stringify({ ...schema, title: "predeploy.yml" }, null, 2)}\n`);
  return files;
}
