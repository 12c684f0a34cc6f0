import { describeOwnRule, type OwnRule, ownRuleSchema, type PlaceOf, parseOwnRule } from "../catalog/rule-file.ts";
import { firstFault } from "../config/faults.ts";
import { OWN_RULES } from "../config/load.ts";
import { UsageError } from "../config/usage-error.ts";
import type { RuleId } from "../types/finding.ts";
import type { ConfigModel } from "../types/model.ts";
import type { RuleDescriptor } from "../types/rule.ts";
import type { Workspace } from "../types/workspace.ts";

/** The rules of `.predeploy/rules/` and of `rules:` in the config. Throws UsageError for a broken one. */
export function ownRules(
  known: ReadonlyMap<RuleId, RuleDescriptor>,
  workspace: Workspace,
  config: ConfigModel,
): RuleDescriptor[] {
  const fromFiles = workspace.files
    .under(OWN_RULES)
    .filter((entry) => /\.ya?ml$/.test(entry.path))
    .map(({ path }) => {
      const source = workspace.read(path);
      if (!source) throw new UsageError(`${path}: the rule file cannot be read.`);
      const { rule, placeOf } = parseOwnRule(source.text(), path);
      const id = path.slice(OWN_RULES.length + 1).replace(/\.ya?ml$/, "");
      return describeNew(id.includes("/") ? id : `team/${id}`, rule, known, placeOf);
    });
  const fromConfig = Object.entries(config.config.rules).flatMap(([id, setting]) => {
    if (typeof setting !== "object" || !("check" in setting)) return [];
    const placeOf: PlaceOf = (keys, key) => {
      const { path, start } = config.locate(["rules", id, ...keys], key);
      return `${path}:${start.line}:${start.column}`;
    };
    const parsed = ownRuleSchema.safeParse(setting);
    if (!parsed.success) {
      const { message, keys, atKey } = firstFault(parsed.error, ownRuleSchema, setting);
      throw new UsageError(`${placeOf(keys.map(String), atKey)}: rule \`${id}\`: ${message}`);
    }
    return [describeNew(id.includes("/") ? id : `team/${id}`, parsed.data, known, placeOf)];
  });
  return [...fromFiles, ...fromConfig];
}

function describeNew(
  id: RuleId,
  rule: OwnRule,
  known: ReadonlyMap<RuleId, RuleDescriptor>,
  placeOf: PlaceOf,
): RuleDescriptor {
  // What a comment that leaves out a finding can name, as it can the rules that are built in.
  if (!/^[a-z0-9][a-z0-9_.-]*(?:\/[a-z0-9][a-z0-9_.-]*)+$/.test(id))
    throw new UsageError(
      `${placeOf([])}: \`${id}\` is no id of a rule: write it in small letters, digits and hyphens, without spaces.`,
    );
  if (known.has(id))
    throw new UsageError(`${placeOf(["check"])}: \`${id}\` is a rule already; give your own rule another name.`);
  return describeOwnRule(id, rule, known, placeOf);
}
