import type { FactReader } from "../../types/facts.ts";
import type { PlaceholderFinding } from "../../types/placeholders.ts";
import type { WorkflowFile, WorkflowJob } from "../../types/workflow.ts";
import { isWorkflow } from "../path-class.ts";
import type { Inspected } from "./inspect.ts";
import { processNames } from "./inventory.ts";
import type { Renderer } from "./rendering.ts";

/** Variables that envsubst or a replace-tokens action puts into a file and that its job never sets: both write an empty text for them. */
export function emptyRenderings(
  renderers: readonly Renderer[],
  files: readonly Inspected[],
  facts: FactReader,
): PlaceholderFinding[] {
  const found: PlaceholderFinding[] = [];
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const renderer of renderers) {
    const { place } = renderer;
    if (!renderer.fromProcess || !isWorkflow(renderer.file)) continue;
    const workflow = facts.get("workflow", renderer.file);
    const jobId = place[0] === "jobs" ? place[1] : null;
    const job = workflow?.jobs.find((one) => one.id === jobId);
    if (!workflow || !job) continue;
    const names = namesSet(workflow, job, place.at(3), renderer);
    if (names === null) continue;
    const used = new Set(renderer.only ?? []);
    for (const path of renderer.inputs)
      for (const hit of byPath.get(path)?.facts.hits ?? [])
        if (
          (renderer.command ? hit.shape === "dollar-brace" : renderer.replaces(hit, path)) &&
          hit.fallback === null &&
          hit.name &&
          (renderer.only === null || used.has(hit.name))
        )
          used.add(hit.name);
    for (const name of used) {
      if (names.has(name) || processNames.test(name) || !/^[A-Za-z_]\w*$/.test(name)) continue;
      found.push({
        rule: "renders-empty",
        severity: "warning",
        at: { path: renderer.file, start: renderer.at, end: renderer.at },
        subject: name,
        key: null,
        tokens: [renderer.command ? `\${${name}}` : name],
        because: `neither the workflow nor its job ${job.id} sets ${name} before ${renderer.tool} runs here`,
        remarks: [],
        mend: renderer.command
          ? `Set ${name} in \`env\`, or use an envsubst that fails: \`-no-unset -no-empty\`.`
          : `Set ${name} in \`env\`.`,
        related: [],
      });
    }
  }
  return found;
}

const harmless =
  /^(?:actions\/(?:checkout|setup-\w+|cache|upload-artifact|download-artifact)|docker\/[\w-]+|azure\/(?:setup-\w+|login)|google-github-actions\/(?:auth|setup-gcloud|get-gke-credentials)|aws-actions\/[\w-]+|helm\/[\w-]+)@/;

/** Names that are set when the step runs; null where that cannot be known. */
function namesSet(
  workflow: WorkflowFile,
  job: WorkflowJob,
  index: unknown,
  renderer: Renderer,
): ReadonlySet<string> | null {
  const names = new Set([...workflow.env, ...job.env].map((one) => one.name));
  for (const step of job.steps) {
    if (typeof index === "number" && step.index > index) break;
    if (step.uses && !harmless.test(step.uses.text) && step.index !== index) return null;
    const run = step.run?.text ?? "";
    if (/\b(?:source|eval|set -a|dotenv)\b|(?:^|\n)\s*\.\s/.test(run)) return null;
    if (/GITHUB_ENV/.test(run)) {
      if (/\b(?:cat|jq|sed|tee|awk)\b[^\n]*GITHUB_ENV/.test(run)) return null;
      for (const match of run.matchAll(/([A-Za-z_]\w*)=/g)) names.add(match[1]!);
    }
    if (step.index === index) {
      for (const one of step.env) names.add(one.name);
      for (const match of run.matchAll(/(?:^|[\s;&(])(?:export\s+|for\s+|read\s+)?([A-Za-z_]\w*)(?:=|\s+in\s)/g))
        names.add(match[1]!);
    }
  }
  for (const command of renderer.script?.commands ?? []) for (const name of command.sets) names.add(name);
  return names;
}
