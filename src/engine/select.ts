import { familyQuestions } from "../catalog/families.ts";
import { withDefaults } from "../catalog/options.ts";
import { OWN_RULES } from "../config/load.ts";
import { UsageError } from "../config/usage-error.ts";
import { didYouMean } from "../text/nearest.ts";
import type { RuleId, Severity } from "../types/finding.ts";
import type { ConfigModel } from "../types/model.ts";
import type { OptionValue, RuleDescriptor } from "../types/rule.ts";
import type { Workspace } from "../types/workspace.ts";

/** A rule as this run sees it: the config's severity and options put in. */
export interface SelectedRule {
  descriptor: RuleDescriptor;
  /** `off` rules are listed and not run. */
  severity: Severity | "off";
  /** Severity that the config or the team's rule sets: it then holds for every finding of the rule. */
  fixedSeverity: Severity | null;
  options: Record<string, OptionValue>;
}

/** `--only` and `--skip`: families and rule ids; null only: all. */
export interface Selection {
  only: readonly string[] | null;
  skip: readonly string[];
}

/**
 * Every rule with what the config makes of it, sorted by id. Throws UsageError for an unknown rule, family or option,
 * and for a broken rule file of the team.
 */
export async function selectRules(
  builtIn: readonly RuleDescriptor[],
  workspace: Workspace,
  config: ConfigModel,
  selection: Selection,
): Promise<SelectedRule[]> {
  const byId = new Map(builtIn.map((rule) => [rule.id, rule]));
  if (hasOwnRules(workspace, config)) {
    const { ownRules } = await import("./own-rules.ts");
    for (const rule of ownRules(byId, workspace, config)) byId.set(rule.id, rule);
  }
  const families = new Set([...Object.keys(familyQuestions), ...[...byId.keys()].map((id) => id.split("/")[0]!)]);
  const known = [...families, ...byId.keys()];
  const isKnown = (name: string) => families.has(name) || byId.has(name);
  for (const name of [...(selection.only ?? []), ...selection.skip])
    if (!isKnown(name)) {
      const hint =
        didYouMean(name, known) || ` Families: ${[...families].join(", ")}; \`predeploy rules\` lists the rules.`;
      throw new UsageError(`"${name}" is no rule and no family.${hint}`);
    }
  for (const name of Object.keys(config.config.rules))
    if (!isKnown(name)) {
      const { path, start } = config.locate(["rules", name]);
      throw new UsageError(
        `${path}:${start.line}:${start.column}: unknown rule \`${name}\`.${didYouMean(name, known)}`,
      );
    }
  const covers = (names: readonly string[], id: RuleId) => names.includes(id) || names.includes(id.split("/")[0]!);
  return [...byId.values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((descriptor) => configured(descriptor, config))
    .map((rule) => {
      const { id } = rule.descriptor;
      const left = covers(selection.skip, id) || (selection.only !== null && !covers(selection.only, id));
      // A rule that is off by default runs when it is asked for by name.
      const asked = selection.only?.includes(id) && rule.severity === "off";
      return left ? { ...rule, severity: "off" as const } : asked ? { ...rule, severity: "warning" as const } : rule;
    });
}

function hasOwnRules(workspace: Workspace, { config }: ConfigModel): boolean {
  return (
    workspace.files.hasDirectory(OWN_RULES) ||
    Object.values(config.rules).some((one) => typeof one === "object" && "check" in one)
  );
}

function configured(descriptor: RuleDescriptor, config: ConfigModel): SelectedRule {
  const family = descriptor.id.split("/")[0]!;
  let severity = descriptor.severity;
  let fixed: Severity | null = null;
  let options = descriptor.options;
  for (const key of [family, descriptor.id]) {
    let setting = config.config.rules[key];
    if (setting === undefined) continue;
    const { path, start } = config.locate(["rules", key]);
    const place = `${path}:${start.line}:${start.column}: rule \`${key}\``;
    if (typeof setting === "object") {
      if (key === family && key !== descriptor.id)
        throw new UsageError(`${place}: a family takes a severity, "on" or "off", not options.`);
      if ("check" in setting) continue;
      const { severity: level, ...values } = setting;
      options = withDefaults(options, values, (name) => {
        const { path: file, start: at } = config.locate(["rules", key, name], true);
        return `${file}:${at.line}:${at.column}: rule \`${key}\``;
      });
      if (level === undefined) continue;
      if (!["error", "warning", "note", "off"].includes(level as string))
        throw new UsageError(`${place}: severity must be error, warning, note or off.`);
      setting = level as Severity | "off";
    }
    if (setting === "off" || setting === false) severity = "off";
    else if (setting === "on" || setting === true)
      severity = descriptor.severity === "off" ? "warning" : descriptor.severity;
    else severity = fixed = setting as Severity;
  }
  const values = Object.fromEntries(Object.entries(options).map(([name, one]) => [name, one.default]));
  return { descriptor, severity, fixedSeverity: fixed, options: values };
}
