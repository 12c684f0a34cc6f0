import { descriptors } from "../catalog/descriptors.generated.ts";
import { UsageError } from "../config/usage-error.ts";
import { nearestNames } from "../text/nearest.ts";

/** What `predeploy explain RULE` prints. Throws UsageError for an unknown rule. */
export async function explainRule(id: string): Promise<string> {
  const rule = descriptors.find((one) => one.id === id);
  if (!rule) {
    const near = nearestNames(
      id,
      descriptors.map((one) => one.id),
    );
    throw new UsageError(
      `unknown rule "${id}".${near.length > 0 ? ` Did you mean ${near.join(" or ")}?` : " `predeploy rules` lists them all."}`,
    );
  }
  const parts = [`${rule.id} (${rule.severity})`, rule.title, "", rule.why.trim(), "", "Fix", indent(rule.fix.trim())];
  const options = Object.entries(rule.options);
  if (options.length > 0) {
    parts.push("", "Options");
    for (const [name, one] of options)
      parts.push(indent(`${name} (${one.type}, default ${JSON.stringify(one.default)}): ${one.description}`));
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
  return `${parts.join("\n")}\n`;
}

const indent = (text: string) => text.replace(/^(?=.)/gm, "  ");
