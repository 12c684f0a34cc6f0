import { positionAt } from "../../../text/positions.ts";
import type { ModelInput } from "../../../types/model.ts";
import type { RepoPath } from "../../../types/text.ts";
import type { KeyedExpression, WorkflowFile, WorkflowJob, WorkflowStep } from "../../../types/workflow.ts";
import { isWorkflow } from "../../path-class.ts";
import type { Candidate } from "../findings.ts";
import { type Provided, processNames } from "../inventory.ts";

/** Actions that set no variable for the steps after them. */
const harmless =
  /^(?:actions\/(?:checkout|cache(?:\/\w+)?|upload-artifact|download-artifact|setup-(?:node|dotnet)|labeler|stale)|docker\/(?:setup-[\w-]+|login-action|build-push-action|metadata-action)|azure\/(?:login|setup-\w+)|helm\/[\w-]+|pnpm\/action-setup|peter-evans\/[\w-]+|softprops\/[\w-]+)@/i;

/**
 * `env.X` of a workflow that nothing sets: GitHub puts in an empty text. A job in which an action or a program of the repository may set
 * variables is left alone. https://docs.github.com/en/actions/reference/contexts-reference#env-context
 */
export function unsetWorkflowVariables(input: ModelInput<"config">, provided: () => Provided): Candidate[] {
  const found: Candidate[] = [];
  for (const entry of input.files.entries) {
    if (!isWorkflow(entry.path) || entry.ignored) continue;
    const workflow = input.facts.get("workflow", entry.path);
    if (workflow?.kind !== "workflow" || workflow.errors.length > 0) continue;
    for (const job of workflow.jobs) found.push(...inJob(entry.path, workflow, job, provided));
  }
  return found;
}

function inJob(path: RepoPath, workflow: WorkflowFile, job: WorkflowJob, provided: () => Provided): Candidate[] {
  const found: Candidate[] = [];
  const names = new Set([...workflow.env, ...job.env, ...job.containerEnv].map((one) => one.name.toLowerCase()));
  for (const step of job.steps) {
    const own = new Set(step.env.map((one) => one.name.toLowerCase()));
    for (const expression of step.expressions) {
      if (expression.keys[0] === "if" || expression.keys[0] === "name") continue;
      for (const access of expression.accesses) {
        const name = access.context === "env" ? access.path[0] : null;
        if (!name || name === "*" || names.has(name.toLowerCase()) || own.has(name.toLowerCase())) continue;
        // With a default, compared or negated, an unset variable is expected.
        if (access.next !== null || access.previous !== null || expression.calls.length > 0) continue;
        if (processNames.test(name) || provided().anywhere.has(name)) continue;
        found.push(candidateOf(path, workflow, job, expression, name, access));
      }
    }
    if (maySet(step)) return found;
    for (const match of (step.run?.text ?? "").matchAll(/([A-Za-z_]\w*)(?:=|<<)/g))
      if (/GITHUB_ENV/.test(step.run?.text ?? "")) names.add((match[1] ?? "").toLowerCase());
  }
  return found;
}

function candidateOf(
  path: RepoPath,
  workflow: WorkflowFile,
  job: WorkflowJob,
  expression: KeyedExpression,
  name: string,
  { start, end }: { start: number; end: number },
): Candidate {
  const at = positionAt(workflow.lineStarts, start);
  return {
    line: at.line,
    rule: "unresolved-reference",
    severity: "warning",
    at: { path, start: at, end: positionAt(workflow.lineStarts, end) },
    subject: name,
    key: expression.keys.join("."),
    tokens: [`env.${name}`],
    because: `neither the workflow nor its job ${job.id} nor a step before sets ${name}, so GitHub puts in an empty text`,
    remarks: [],
    mend: `Set ${name} in \`env\`, or read it from \`vars\` or \`secrets\`.`,
    related: [],
  };
}

/** Whether a step may set variables in a way that is not seen here. */
function maySet(step: WorkflowStep): boolean {
  if (step.uses) return !harmless.test(step.uses.text);
  const run = step.run?.text ?? "";
  // A program of the repository may write to GITHUB_ENV.
  if (
    /(?:^|[\s;&|])(?:\.{0,2}\/[\w./-]+\.(?:sh|py|js|ts|rb|ps1)|(?:ba)?sh\s+\S+\.sh|python3?\s+\S+\.py|node\s+\S+\.[cm]?js|make\s|just\s|task\s)/.test(
      run,
    )
  )
    return true;
  return (
    /GITHUB_ENV/.test(run) &&
    // `… | while read -r line; do echo "$line" >> "$GITHUB_ENV"`: the names stand in another file.
    /\b(?:cat|jq|sed|awk|tee|grep|xargs|printenv|env|python3?|node)\b[^\n]*GITHUB_ENV|\$\w+=|\$\{\w+\}=|\bwhile\s[^\n]*\bread\b|\b(?:echo|printf)\s+(?:-\w+\s+|["']%s[^"'\n]*["']\s+)?["']?\$\{?\w+\}?["']?\s*>>/.test(
      run,
    )
  );
}
