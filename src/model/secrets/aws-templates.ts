import type { DataNode } from "../../types/data.ts";
import type { Found } from "../../types/secret-uses.ts";
import { entriesOf, itemsOf, scalarsBelow, textOf, valueAt } from "../data.ts";
import { nothingFound, referenceTo, type TemplateContext, variableEdge, variablesOf } from "./found.ts";
import { isPlainSecret } from "./plain-secrets.ts";
import { writtenText } from "./written-text.ts";

/** The name of a secret or parameter in an ARN or by itself. */
export function awsName(
  text: string,
): { name: string; kind: "secret" | "variable"; anyOf: string[]; part?: string } | null {
  const secret = /^arn:[\w-]+:secretsmanager:[^:]*:([^:]*):secret:([^:]+)(?::([^:]*))?/.exec(text);
  // The six characters at the end are the store's own; an ARN without them is allowed too.
  if (secret) {
    const name = secret[2]!.replace(/-[A-Za-z0-9]{6}$/, "");
    return { name, kind: "secret", anyOf: [secret[2]!], ...(secret[3] ? { part: secret[3] } : {}) };
  }
  const parameter = /^arn:[\w-]+:ssm:[^:]*:[^:]*:parameter(\/.+)$/.exec(text);
  if (parameter) return { name: parameter[1]!, kind: "variable", anyOf: [parameter[1]!.slice(1)] };
  if (/^arn:|[${}]/.test(text) || text === "") return null;
  return { name: text, kind: "variable", anyOf: [] };
}

/** ECS task definitions. */
export function ecs(root: DataNode, { at, environments }: TemplateContext): Found {
  const found = nothingFound();
  const definition = valueAt(root, "taskDefinition") ?? root;
  for (const container of itemsOf(valueAt(definition, "containerDefinitions"))) {
    const service = textOf(valueAt(container, "name"));
    const more = { service, environments, closed: true };
    for (const item of itemsOf(valueAt(container, "environment"))) {
      const node = valueAt(item, "name");
      const name = textOf(node);
      if (!node || name === null) continue;
      found.edges.push(variableEdge(name, at(node), { ...more, ...writtenText(name, textOf(valueAt(item, "value"))) }));
      if (isPlainSecret(name, textOf(valueAt(item, "value")) ?? ""))
        found.literals.push({ name, at: at(node), service });
    }
    for (const item of itemsOf(valueAt(container, "secrets"))) {
      const variable = textOf(valueAt(item, "name"));
      const node = valueAt(item, "valueFrom");
      const parsed = awsName(textOf(node) ?? "");
      if (variable !== null && node)
        found.edges.push(
          variableEdge(variable, at(node), {
            ...more,
            kind: "secret",
            from: parsed
              ? { namespace: "store", name: parsed.name, ...(parsed.part ? { part: parsed.part } : {}) }
              : null,
          }),
        );
      if (node && parsed)
        found.references.push(
          referenceTo("store", parsed.name, "required", `valueFrom of ${variable}`, at(node), {
            service,
            environments,
            kind: parsed.kind,
            anyOf: parsed.anyOf,
          }),
        );
      else if (node && textOf(node)?.includes("$"))
        found.dynamic.push({ namespace: "store", expression: textOf(node)!, at: at(node) });
    }
  }
  return found;
}

/** SAM and CloudFormation: dynamic references, and parameters without a default. */
export function cloudFormation(root: DataNode, context: TemplateContext): Found {
  const found = resolved(root, context);
  if (!valueAt(root, "Resources")) return nothingFound();
  for (const { value } of entriesOf(valueAt(root, "Resources")))
    variablesOf(valueAt(value, "Properties", "Environment", "Variables"), context, found);
  variablesOf(valueAt(root, "Globals", "Function", "Environment", "Variables"), context, found);
  for (const { key, value } of entriesOf(valueAt(root, "Parameters"))) {
    const need = valueAt(value, "Default") === null ? "required" : "optional";
    const at = context.at(key);
    const more = { holder: "cloudformation" as const, environments: context.environments };
    found.references.push(referenceTo("object", key.text, need, `parameter ${key.text}`, at, more));
  }
  // A nested stack gets its parameters from the one around it.
  for (const { value } of entriesOf(valueAt(root, "Resources")))
    if (/^AWS::(?:CloudFormation::Stack|Serverless::Application)$/.test(textOf(valueAt(value, "Type")) ?? ""))
      for (const { key } of entriesOf(valueAt(value, "Properties", "Parameters")))
        found.edges.push({ ...variableEdge(key.text, context.at(key)), to: { namespace: "object", name: key.text } });
  return found;
}

/** `{{resolve:secretsmanager:NAME:…}}` and `{{resolve:ssm:NAME:…}}` anywhere. */
function resolved(root: DataNode, { at, environments }: TemplateContext): Found {
  const found = nothingFound();
  for (const { scalar } of scalarsBelow(root))
    for (const match of scalar.text.matchAll(/\{\{resolve:(secretsmanager|ssm|ssm-secure):([^}]{1,400})\}\}/g)) {
      const rest = match[2]!;
      const name = rest.startsWith("arn:") ? (awsName(rest)?.name ?? null) : rest.split(":")[0]!;
      const place = at({ start: scalar.start, end: scalar.end });
      if (name === null || /\$\{/.test(name))
        found.dynamic.push({ namespace: "store", expression: rest.slice(0, 120), at: place });
      else
        found.references.push(
          referenceTo("store", name, "required", match[0].slice(0, 80), place, {
            environments,
            kind: match[1] === "secretsmanager" ? "secret" : "variable",
          }),
        );
    }
  return found;
}

/** The Serverless framework: `${ssm:…}`, `${env:X}`, the variables of functions. */
export function serverless(root: DataNode, context: TemplateContext): Found {
  const { at, environments } = context;
  const found = resolved(root, context);
  const stage = /^\$\{|^$/.test(textOf(valueAt(root, "provider", "stage")) ?? "")
    ? null
    : textOf(valueAt(root, "provider", "stage"));
  for (const { scalar } of scalarsBelow(root))
    for (const match of scalar.text.matchAll(
      /\$\{(ssm(?:\([^)]*\))?|env|aws:[\w]+|cf[\w.-]*):([^{},]+)(,[^{}]*)?\}/g,
    )) {
      const [, source, name, fallback] = match;
      const place = at({ start: scalar.start, end: scalar.end });
      const need = fallback === undefined ? "required" : "optional";
      if (source === "env")
        found.references.push(
          referenceTo("object", name!.trim(), need, match[0].slice(0, 80), place, {
            holder: "serverless",
            environments,
          }),
        );
      else if (source!.startsWith("ssm")) {
        const own = name!
          .trim()
          .replace(/~(?:true|split)$/, "")
          .replace(/^\/aws\/reference\/secretsmanager\//, "");
        const kind = own === name!.trim() || own.startsWith("/") ? "variable" : "secret";
        found.references.push(referenceTo("store", own, need, match[0].slice(0, 80), place, { environments, kind }));
      }
    }
  // A name with an inner variable does not match above: the stage is the only one that is commonly there.
  for (const { scalar } of scalarsBelow(root))
    for (const match of scalar.text.matchAll(
      /\$\{ssm(?:\([^)]*\))?:([^{},]*\$\{(?:sls:stage|self:provider\.stage|opt:stage)[^{}]*\}[^{},]*)(,[^{}]*)?\}/g,
    )) {
      const place = at({ start: scalar.start, end: scalar.end });
      for (const environment of environments ?? (stage === null ? [] : [stage]))
        found.references.push(
          referenceTo(
            "store",
            match[1]!.replace(/\$\{[^{}]*\}/, environment),
            match[2] === undefined ? "required" : "optional",
            match[0].slice(0, 80),
            place,
            { environments: [environment], kind: "variable" },
          ),
        );
      if (environments === null && stage === null)
        found.dynamic.push({ namespace: "store", expression: match[1]!, at: place });
    }
  variablesOf(valueAt(root, "provider", "environment"), context, found);
  for (const { value } of entriesOf(valueAt(root, "functions")))
    variablesOf(valueAt(value, "environment"), context, found);
  return found;
}
