import type { NameJudgement, SecretsModel } from "../types/secret-reference.ts";
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

/** The step of a workflow that hands over which secrets are there, never what they hold. */
export function presenceStep(model: SecretsModel): string {
  const names = new Map<string, string>();
  for (const { namespace, kind, name } of model.references)
    if (namespace === "ci") names.set(name, kind === "secret" ? "secrets" : "vars");
  const lines = [...names]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, context]) => `      ${terminal(name)}=\${{ ${context}.${terminal(name)} != '' }}`);
  if (lines.length === 0) return "# No workflow of this repository names a secret or a variable.\n";
  return [
    "# In a job that runs in the environment to be checked (`environment:`). Only true and false leave GitHub.",
    "- uses: predeploy/predeploy@v1",
    "  with:",
    "    present: |",
    ...lines,
    "",
  ].join("\n");
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
