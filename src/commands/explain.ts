import { existsSync } from "node:fs";
import { join } from "node:path";
import { descriptors } from "../catalog/descriptors.generated.ts";
import { CONFIG_PATHS, OWN_RULES } from "../config/load.ts";
import { UsageError } from "../config/usage-error.ts";
import { commandless, terminal as escaped } from "../reports/escape.ts";
import { wrap } from "../reports/excerpt.ts";
import { didYouMean, nearestNames } from "../text/nearest.ts";
import type { RuleDescriptor } from "../types/rule.ts";
import type { CheckOptions } from "./check.ts";

/**
 * What `predeploy explain RULE` prints: of a rule of ours, or of the repository at hand. `width`: the columns of the terminal that its prose
 * is filled to; null leaves it as it stands in the rule's file. Throws UsageError for an unknown rule.
 */
export async function explainRule(id: string, options: CheckOptions, width: number | null = null): Promise<string> {
  const filled = (text: string, margin = 0) => (width === null ? text : fill(text, Math.min(width, WIDEST) - margin));
  if (/^predeploy\/[a-z-]+$/.test(id))
    return `${id} is no rule, but what a run as a whole could not decide. The reason, and what to do, stand beside it in the report.\n`;
  let known = descriptors;
  if (!known.some((one) => one.id === id)) known = await knownHere(options);
  const rule = known.find((one) => one.id === id);
  if (!rule) {
    const family = known.filter((one) => one.id.startsWith(`${id}/`)).map((one) => one.id);
    if (family.length > 0) throw new UsageError(`"${id}" is a family; explain one of its rules: ${family.join(", ")}.`);
    const names = known.map((one) => one.id);
    const near = nearestNames(id, names);
    const hint = near.length > 0 ? ` Did you mean ${near.join(" or ")}?` : didYouMean(id, names);
    throw new UsageError(`unknown rule "${id}".${hint || " `predeploy rules` lists them all."}`);
  }
  const parts = [
    `${rule.id} (${rule.severity})`,
    filled(rule.title),
    "",
    filled(rule.why.trim()),
    "",
    "Fix",
    indent(filled(rule.fix.trim(), 2)),
  ];
  const isOurs = rule.check === rule.id;
  if (!isOurs) parts.push("", `A rule of this repository, by the check ${rule.check}.`);
  const settings = Object.entries(rule.options);
  if (settings.length > 0) {
    parts.push("", "Options");
    for (const [name, one] of settings)
      parts.push(
        indent(filled(`${name} (${one.type}, default ${JSON.stringify(one.default)}): ${one.description}`, 2)),
      );
  }
  const { examples } = await import("../catalog/examples.generated.ts");
  const firing = examples[id]?.find((one) => one.findings.length > 0);
  if (firing) {
    parts.push("", `Example: ${firing.title}`);
    for (const [path, text] of Object.entries(firing.files))
      parts.push(indent(path), indent(indent(text.replace(/\n$/, ""))));
    for (const one of firing.findings)
      parts.push(indent(`→ ${one.severity ?? rule.severity} at ${one.at}${one.subject ? `: ${one.subject}` : ""}`));
  }
  parts.push("", "Switch it off or change it in predeploy.yml:", indent(`rules: { ${rule.id}: off }`));
  const lines = parts.join("\n").split("\n");
  return isOurs ? `${lines.join("\n")}\n` : commandless(`${lines.map(escaped).join("\n")}\n`);
}

/** Our rules and, where the folder at hand has some, those of its team. */
async function knownHere(options: CheckOptions): Promise<readonly RuleDescriptor[]> {
  if (![OWN_RULES, ...CONFIG_PATHS].some((path) => existsSync(join(options.cwd, path)))) return descriptors;
  const { openRepository } = await import("./check.ts");
  return (await openRepository(options)).rules.map(({ descriptor }) => descriptor);
}

/** As wide as the findings are printed. */
const WIDEST = 120;

/** Prose whose paragraphs are filled anew to a width; lines of a list, a table or code keep their starts. */
function fill(text: string, width: number): string {
  return text
    .split(/\n{2,}/)
    .map((paragraph) => {
      const lines = paragraph.split("\n");
      const apart = lines.some((line) => /^(?:\s|[-*|`]|\d+\.\s)/.test(line));
      return (apart ? lines : [lines.join(" ")])
        .flatMap((line) => (/^\s/.test(line) ? line : wrap(line, width)))
        .join("\n");
    })
    .join("\n\n");
}

const indent = (text: string) => text.replace(/^(?=.)/gm, "  ");
