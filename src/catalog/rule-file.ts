import * as z from "zod";
import { UsageError } from "../config/usage-error.ts";
import { parseValidYaml } from "../config/validate.ts";
import { didYouMean } from "../text/nearest.ts";
import type { RuleDescriptor } from "../types/rule.ts";
import type { RepoPath } from "../types/text.ts";
import { fits, withDefaults } from "./options.ts";

const severity = z.enum(["error", "warning", "note"]);
const optionValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
const option = z.strictObject({
  type: z.enum(["string", "integer", "boolean", "strings"]),
  default: optionValue,
  description: z.string().min(1),
});

const example = z.strictObject({
  title: z.string().min(1),
  files: z.record(z.string(), z.string()).default({}),
  executable: z.array(z.string()).optional(),
  history: z
    .array(
      z.strictObject({
        branch: z.string(),
        subject: z.string(),
        from: z.string().optional(),
        files: z.record(z.string(), z.union([z.string(), z.null()])).optional(),
        merge: z.string().optional(),
      }),
    )
    .optional(),
  options: z.record(z.string(), optionValue).optional(),
  findings: z
    .array(
      z.strictObject({
        at: z.string().regex(/^.+:\d+(:\d+)?$/),
        subject: z.string().optional(),
        severity: severity.optional(),
        message: z.string().optional(),
      }),
    )
    .default([]),
  undecided: z.boolean().optional(),
});

const text = z.string().trim().min(1);

/** A rule of this project: everything is said. */
const builtInRule = z.strictObject({
  title: text,
  severity: z.union([severity, z.literal("off")]),
  why: text,
  fix: text,
  options: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), option).default({}),
  examples: z.array(example).min(2),
});

/** A team's own rule: a check of this project under another id, with other options. */
export const ownRuleSchema = z.strictObject({
  check: text,
  title: text.optional(),
  severity: z.union([severity, z.literal("off")]).optional(),
  why: text.optional(),
  fix: text.optional(),
  options: z.record(z.string(), optionValue).default({}),
});

export type OwnRule = z.output<typeof ownRuleSchema>;

/** The rule in a file of rules/, whose id is its path. Throws UsageError with `path:line:column`. */
export function parseBuiltInRule(fileText: string, path: RepoPath): RuleDescriptor {
  const { value, rangeOf } = parseValidYaml(fileText, path, builtInRule);
  const id = path.replace(/^rules\//, "").replace(/\.ya?ml$/, "");
  for (const [name, one] of Object.entries(value.options)) {
    if (fits(one.default, one.type)) continue;
    const { start } = rangeOf(["options", name, "default"]);
    throw new UsageError(`${path}:${start.line}:${start.column}: the default of option \`${name}\` is no ${one.type}.`);
  }
  return { id, check: id, ...value };
}

/** `path:line:column` of what stands at some keys of a rule; of the key itself where `key` is true. */
export type PlaceOf = (keys: readonly string[], key?: boolean) => string;

/** A file of .predeploy/rules/. Throws UsageError with `path:line:column`. */
export function parseOwnRule(fileText: string, path: RepoPath): { rule: OwnRule; placeOf: PlaceOf } {
  const { value, rangeOf } = parseValidYaml(fileText, path, ownRuleSchema);
  return {
    rule: value,
    placeOf(keys, key) {
      const { start } = rangeOf(keys, key);
      return `${path}:${start.line}:${start.column}`;
    },
  };
}

/** Makes a team's rule a descriptor: what it leaves out comes from the rule whose check it uses. Throws UsageError, which begins with the place. */
export function describeOwnRule(
  id: string,
  own: OwnRule,
  known: ReadonlyMap<string, RuleDescriptor>,
  placeOf: PlaceOf,
): RuleDescriptor {
  const base = known.get(own.check);
  if (!base)
    throw new UsageError(
      `${placeOf(["check"])}: rule \`${id}\` uses the unknown check \`${own.check}\`.${didYouMean(own.check, known.keys())}`,
    );
  return {
    id,
    check: base.check,
    title: own.title ?? base.title,
    severity: own.severity ?? (base.severity === "off" ? "error" : base.severity),
    why: own.why ?? base.why,
    fix: own.fix ?? base.fix,
    options: withDefaults(base.options, own.options, (name) => `${placeOf(["options", name], true)}: rule \`${id}\``),
    examples: [],
  };
}
