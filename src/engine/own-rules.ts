import { describeOwnRule, type OwnRule, ownRuleSchema, parseOwnRule } from "../catalog/rule-file.ts";
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
      const { rule, line } = parseOwnRule(source.text(), path);
      const id = path.slice(OWN_RULES.length + 1).replace(/\.ya?ml$/, "");
      return describeNew(id.includes("/") ? id : `team/${id}`, rule, known, `${path}:${line}`);
    });
  const fromConfig = Object.entries(config.config.rules).flatMap(([id, setting]) => {
    if (typeof setting !== "object" || !("check" in setting)) return [];
    const { path, start } = config.locate(["rules", id]);
    const place = `${path}:${start.line}`;
    const parsed = ownRuleSchema.safeParse(setting);
    if (!parsed.success)
      throw new UsageError(`${place}: rule \`${id}\`: ${parsed.error.issues[0]?.message ?? "is not valid"}.`);
    return [describeNew(id.includes("/") ? id : `team/${id}`, parsed.data, known, place)];
  });
  return [...fromFiles, ...fromConfig];
}

function describeNew(
  id: RuleId,
  rule: OwnRule,
  known: ReadonlyMap<RuleId, RuleDescriptor>,
  place: string,
): RuleDescriptor {
  if (known.has(id)) throw new UsageError(`${place}: \`${id}\` is a rule already; give your own rule another name.`);
  return describeOwnRule(id, rule, known, place);
}
