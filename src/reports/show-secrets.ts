import type { NameJudgement, SecretReference, SecretsModel } from "../types/secret-reference.ts";
import type { Location } from "../types/text.ts";
import { terminal } from "./escape.ts";

/** `predeploy show secrets --format json`: version 1 of the interface; names and places only, never a value. */
export function secretsJson(model: SecretsModel): unknown {
  return {
    names: sorted(model).map((one) => ({
      name: one.name,
      namespace: one.namespace,
      environment: one.environment,
      status: one.status,
      required: one.need === "required",
      references: [one.first, ...one.others].map(({ form, at, need }) => ({
        path: at.path,
        line: at.start.line,
        form,
        need,
      })),
      providers: providersOf(one, model),
    })),
  };
}

/** `predeploy show secrets`: names by namespace, one column for each environment. */
export function secretsText(model: SecretsModel): string {
  const names = sorted(model);
  if (names.length === 0) return "No secret and no required variable was found.\n";
  const environments = [...new Set(names.map((one) => one.environment ?? "any"))].sort();
  const blocks: string[] = [];
  for (const namespace of [...new Set(names.map((one) => one.namespace))]) {
    const own = names.filter((one) => one.namespace === namespace);
    const byName = new Map<string, NameJudgement[]>();
    for (const one of own) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
    const width = Math.max(4, ...[...byName.keys()].map((one) => one.length));
    const rows = [...byName].map(([name, judgements]) => {
      const cells = environments.map((environment) =>
        (judgements.find((one) => (one.environment ?? "any") === environment)?.status ?? "").padEnd(
          Math.max(8, environment.length),
        ),
      );
      const { first, need } = judgements[0]!;
      return `  ${terminal(name.padEnd(width))}  ${cells.join("  ")}  ${need === "required" ? "required" : need.padEnd(8)}  ${placeText(first.at)}`;
    });
    const head = environments.map((one) => terminal(one.padEnd(8))).join("  ");
    blocks.push([`${namespace.padEnd(width + 2)}  ${head}`, ...rows].join("\n"));
  }
  return `${blocks.join("\n\n")}\n`;
}

/**
 * The step of a workflow that hands over which secrets are there, never what they hold: what is required, once for each deployment environment
 * that jobs run in, since a job sees the names of its own environment. What has something to fall back on is named behind it.
 */
export function presenceStep(model: SecretsModel): string {
  const wanted = model.references.filter((one) => one.namespace === "ci");
  if (wanted.length === 0) return "# No workflow of this repository names a secret or a variable.\n";
  const scopes = [...new Set(wanted.flatMap((one) => one.scope ?? one.scopes ?? []))].sort();
  const steps = (scopes.length > 0 ? scopes : [null]).map((scope) => {
    const here = wanted.filter((one) =>
      one.scopeUnknown ? (one.scopes?.includes(scope ?? "") ?? true) : one.scope === null || one.scope === scope,
    );
    const required = namesOf(here.filter((one) => one.need === "required"));
    const rest = namesOf(here).filter(([name]) => !required.some(([other]) => other === name));
    const where = scope === null ? "the environment to be checked" : terminal(scope);
    return [
      `# In a job that runs in ${where} (\`environment:\`). Only true and false leave GitHub.`,
      ...(required.length === 0
        ? ["# Nothing is required there."]
        : [
            "- uses: predeploy/predeploy@v1",
            "  with:",
            "    present: |",
            ...required.map(([name, context]) => `      ${terminal(name)}=\${{ ${context}.${terminal(name)} != '' }}`),
          ]),
      ...(rest.length === 0
        ? []
        : [`# Left out, since they may be absent: ${rest.map(([name]) => terminal(name)).join(", ")}`]),
      "",
    ].join("\n");
  });
  return steps.join("\n");
}

/** Each name once, as it is first written, with the context that holds it. */
function namesOf(references: readonly SecretReference[]): [name: string, context: string][] {
  const names = new Map<string, [string, string]>();
  for (const { kind, name } of references) {
    const key = `${kind} ${name.toLowerCase()}`;
    if (!names.has(key)) names.set(key, [name, kind === "secret" ? "secrets" : "vars"]);
  }
  return [...names.values()].sort(([a], [b]) => compare(a, b));
}

function providersOf(
  { name, asked }: NameJudgement,
  { edges }: SecretsModel,
): { from: string; path: string; line: number }[] {
  const lists = asked.flatMap(({ label, names }) =>
    names.flatMap((one) => (one.name === name ? [{ from: label, path: one.at.path, line: one.at.start.line }] : [])),
  );
  const wired = edges.flatMap(({ to, from, at }) =>
    to.name === name
      ? [{ from: from === null ? "wiring" : `${from.namespace}:${from.name}`, path: at.path, line: at.start.line }]
      : [],
  );
  return [...lists, ...wired].slice(0, 20);
}

const sorted = ({ names }: SecretsModel): NameJudgement[] =>
  [...names].sort(
    (a, b) =>
      compare(a.namespace, b.namespace) || compare(a.name, b.name) || compare(a.environment ?? "", b.environment ?? ""),
  );
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const placeText = (at: Location): string => `${terminal(at.path)}:${at.start.line}`;
