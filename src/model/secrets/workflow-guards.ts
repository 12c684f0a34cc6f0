import type { ContextAccess } from "../../types/expression.ts";
import type { Placed } from "../../types/placed.ts";
import type { NamedValue, PipelineJob, Workflow, WorkflowStep } from "../../types/workflow.ts";

import { isTested } from "./expression.ts";

type Step = Placed<WorkflowStep>;

/** Names of secrets and variables behind environment names: `X: ${{ secrets.Y }}`, also where only its presence is given; or of inputs. */
export function aliasesOf(
  values: readonly Placed<NamedValue>[],
  of: "stored" | "inputs" = "stored",
): Map<string, string[]> {
  const aliases = new Map<string, string[]>();
  const access =
    of === "stored"
      ? /\b(?:secrets|vars)\s*(?:\.\s*([\w-]+)|\[\s*'([^']+)'\s*\])/gi
      : /\binputs\s*(?:\.\s*([\w-]+)|\[\s*'([^']+)'\s*\])/gi;
  for (const { name, value } of values) {
    const found = [...value.text.matchAll(access)].map((match) => (match[1] ?? match[2])!);
    if (found.length > 0) aliases.set(name.toLowerCase(), found);
  }
  return aliases;
}

/** Names (lower case) that earlier steps looked at: by job, then by step and by output of the job. */
export type PresenceChecks = ReadonlyMap<
  string,
  { steps: Map<string, Set<string>>; outputs: Map<string, Set<string>> }
>;

/** What the steps of each job look at whose result a condition may ask for, and what their jobs hand on. */
export function presenceChecks(workflow: Workflow): PresenceChecks {
  const checks = new Map<string, { steps: Map<string, Set<string>>; outputs: Map<string, Set<string>> }>();
  for (const job of workflow.jobs) {
    const steps = new Map<string, Set<string>>();
    const outer = aliasesOf([...workflow.env, ...job.env]);
    for (const step of job.steps) {
      if (!step.id) continue;
      const used = [...outer].flatMap(([name, of]) =>
        new RegExp(`\\b${escaped(name)}\\b`, "i").test(step.run?.text ?? "") ? of : [],
      );
      const own = [...aliasesOf(step.env).values()].flat();
      const direct = step.expressions.flatMap((one) => namesIn(one.accesses));
      steps.set(step.id.text, new Set([...used, ...own, ...direct].map((name) => name.toLowerCase())));
    }
    const outputs = new Map<string, Set<string>>();
    for (const { keys, accesses } of job.expressions)
      if (keys[0] === "outputs" && typeof keys[1] === "string") {
        const through = accesses.flatMap(({ context, path }) =>
          context === "steps" && typeof path[0] === "string" ? [...(steps.get(path[0]) ?? [])] : [],
        );
        outputs.set(keys[1], new Set([...through, ...namesIn(accesses).map((name) => name.toLowerCase())]));
      }
    checks.set(job.id, { steps, outputs });
  }
  return checks;
}

const escaped = (text: string) => text.replace(/[^\w]/g, "\\$&");

const namesIn = (accesses: readonly ContextAccess[]) =>
  accesses.flatMap(({ context, path }) =>
    (context === "secrets" || context === "vars") && typeof path[0] === "string" ? [path[0]] : [],
  );

/** Names (lower case) whose presence a condition asks about: directly, through an alias in `env`, or through what an earlier step or job found. */
export function guardsIn(
  expression: { accesses: readonly ContextAccess[] } | null,
  aliases: ReadonlyMap<string, readonly string[]>,
  checks: PresenceChecks,
  job: Pick<PipelineJob, "id">,
): Set<string> {
  const guards = new Set<string>();
  const add = (names: Iterable<string> | undefined) => {
    for (const one of names ?? []) guards.add(one.toLowerCase());
  };
  for (const { context, path } of expression?.accesses ?? []) {
    const [name, part, output] = path;
    if (typeof name !== "string") continue;
    if (context === "secrets" || context === "vars") add([name]);
    if (context === "env") add(aliases.get(name.toLowerCase()));
    if (context === "steps" && part === "outputs") add(checks.get(job.id)?.steps.get(name));
    if (context === "needs" && part === "outputs" && typeof output === "string")
      add(checks.get(name)?.outputs.get(output));
  }
  return guards;
}

/** Names whose variable the step's own script tests (`[ -z "$X" ]`, `${X:-…}`, `${{ env.X != '' }}`) before it goes on. */
export function scriptTests(step: Step, aliases: ReadonlyMap<string, readonly string[]>): Set<string> {
  const tested = new Set<string>();
  // `echo "has=${{ env.X != '' }}"`
  for (const { text, start, accesses } of step.expressions)
    for (const one of accesses)
      if (one.context === "env" && typeof one.path[0] === "string" && isTested(one, text, start))
        for (const name of aliases.get(one.path[0].toLowerCase()) ?? []) tested.add(name.toLowerCase());
  for (const command of step.run?.script?.commands ?? []) {
    const asks = command.name === "[" || command.name === "test" || command.name === "[[";
    for (const word of command.words)
      for (const { name, operator } of word.expansions)
        if (
          name !== null &&
          ((asks && command.within.some((one) => one.kind === "condition")) ||
            (operator !== null && /^:?[-+]$/.test(operator)))
        )
          for (const one of aliases.get(name.toLowerCase()) ?? []) tested.add(one.toLowerCase());
  }
  return tested;
}
