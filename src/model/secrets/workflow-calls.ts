import type { PassedSecret } from "../../types/secret-reference.ts";
import type { Location } from "../../types/text.ts";
import type { Workflow, WorkflowModel } from "../../types/workflow.ts";

/** Secrets between workflows: what a called workflow requires and is not given, what it is given and does not declare, and secrets in composite actions. */
export function passedSecrets({ workflows, actions }: WorkflowModel): PassedSecret[] {
  const found: PassedSecret[] = [];
  const byPath = new Map(workflows.map((one) => [one.path, one]));
  for (const workflow of workflows)
    for (const job of workflow.jobs) {
      // `./` is the caller's checkout, `$/` the commit of the workflow itself: the same file here.
      const target = job.uses && /^[.$]\//.test(job.uses.text) ? byPath.get(job.uses.text.slice(2)) : undefined;
      // With `inherit` everything of the caller goes over, declared or not.
      if (!target || job.secrets === "inherit" || !callable(target)) continue;
      const passed = new Map(job.secrets.map((one) => [one.name.toLowerCase(), one]));
      for (const { name, required } of target.secrets)
        if (required && !passed.has(name.toLowerCase()))
          found.push({ kind: "not-passed", name, at: job.uses!.at, of: target.path, declared: [] });
      const declared = target.secrets.map((one) => one.name);
      for (const [lower, { name, at }] of passed)
        if (!declared.some((one) => one.toLowerCase() === lower))
          found.push({ kind: "undeclared", name, at, of: target.path, declared });
    }
  for (const action of actions) {
    const seen = new Set<string>();
    for (const { accesses } of [...action.expressions, ...action.steps.flatMap((step) => step.expressions)])
      for (const access of accesses) {
        const [name] = access.path;
        if (access.context !== "secrets" || typeof name !== "string" || seen.has(name.toLowerCase())) continue;
        seen.add(name.toLowerCase());
        found.push({
          kind: "no-context",
          name,
          at: access.at,
          of: action.path,
          declared: action.inputs.map((one) => one.name),
        });
      }
  }
  return found;
}

const callable = (workflow: Workflow) => workflow.triggers.some((one) => one.event === "workflow_call");

/** `NAME=${{ … }}` of the input `present` of this tool's own action. */
export function presenceLines({ workflows }: WorkflowModel): { name: string; at: Location }[] {
  return workflows.flatMap((workflow) =>
    workflow.jobs.flatMap((job) =>
      job.steps.flatMap((step) => {
        const value = /(?:^|\/)predeploy@/.test(step.uses?.text ?? "")
          ? step.with.find((one) => one.name === "present")?.value
          : undefined;
        return (value?.text.split("\n") ?? []).flatMap((line) => {
          const name = /^\s*([\w-]+)=/.exec(line)?.[1];
          return name === undefined ? [] : [{ name, at: value!.at }];
        });
      }),
    ),
  );
}
