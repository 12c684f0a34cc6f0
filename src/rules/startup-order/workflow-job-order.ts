import type { PipelineEntry } from "../../config/schema.ts";
import { didYouMean } from "../../text/nearest.ts";
import type { Report, Undecided } from "../../types/finding.ts";
import type { Placed } from "../../types/placed.ts";
import type { Check } from "../../types/rule.ts";
import type { Location } from "../../types/text.ts";
import type { PipelineJob, Workflow, WorkflowModel, WorkflowStep } from "../../types/workflow.ts";

export const workflowJobOrder: Check<"workflows" | "config", "startup-order/workflow-job-order"> = {
  needs: ["workflows", "config"],
  *run({ workflows, config }, { workflow: file, before, after }) {
    const own = file !== "" && before !== "" && after !== "";
    const entries: readonly PipelineEntry[] = own ? [{ workflow: file, before, after }] : config.config.pipeline;
    for (const [index, entry] of entries.entries()) {
      const locate = (key: string) => config.locate(own ? [] : ["pipeline", index, key]);
      const path = entry.workflow.replace(/^\.\//, "");
      const workflow = workflows.workflows.find(
        (each) => each.path === path || each.path === `.github/workflows/${path}`,
      );
      if (!workflow) {
        yield {
          message: `The pipeline entry names ${entry.workflow}, which is no workflow here, so nothing is checked.${didYouMean(
            entry.workflow,
            workflows.workflows.map((each) => each.path),
          )}`,
          subject: entry.workflow,
          at: locate("workflow"),
          severity: "warning",
        };
      } else if (workflow.kind !== "workflow") {
        yield { undecided: `${workflow.path} could not be read.`, remedy: "Mend the workflow's YAML." };
      } else yield* judge(entry, workflow, workflows, locate);
    }
  },
};

/** A job, or a step of it, that a selector names. A job of a called workflow hangs below the job that calls it. */
interface Site {
  /** The top-level job, and below it the job of the called workflow. */
  jobs: PipelineJob[];
  step: Placed<WorkflowStep> | null;
  at: Location;
  name: string;
}

function* judge(
  entry: PipelineEntry,
  workflow: Workflow,
  model: WorkflowModel,
  locate: (key: string) => Location,
): Generator<Report | Undecided> {
  const sites = sitesOf(workflow, model);
  const found = { before: select(entry.before, sites), after: select(entry.after, sites) };
  let unmatched = false;
  for (const key of ["before", "after"] as const) {
    if (found[key].length > 0) continue;
    unmatched = true;
    const names = sites.map((site) => (site.step ? `step ${site.name}` : `job ${site.name}`));
    yield {
      message: `"${entry[key]}" matches nothing in ${workflow.path}, so this order is not checked.${didYouMean(entry[key], names)}`,
      subject: entry[key],
      at: locate(key),
      severity: "warning",
    };
  }
  if (unmatched) return;
  const subject = entry.id ?? `${entry.before} before ${entry.after}`;
  for (const after of found.after) {
    const others = found.before.filter((site) => site.at !== after.at);
    const answers = others.map((before) => order(before, after));
    if (others.length === 0 || answers.some((answer) => answer === null)) continue;
    const [before] = others;
    const [reason] = answers;
    if (!before || !reason) continue;
    yield {
      message: `${after.name} does not wait for ${before.name}: ${reason}.`,
      subject,
      at: after.at,
      severity: entry.severity ?? "error",
      related: [
        { ...before.at, message: `${before.name} must have ended first` },
        { ...locate("after"), message: "the order is declared here" },
      ],
    };
  }
}

/** Null when `before` has ended before `after` starts; else why not. */
function order(before: Site, after: Site): string | null {
  // Down to the first level at which they are different jobs.
  let level = 0;
  while (before.jobs[level] && before.jobs[level] === after.jobs[level]) level++;
  const [a, b] = [before.jobs[level], after.jobs[level]];
  if (a && b) {
    if (b.before.includes(a.id)) return background(before);
    return b.needs.length === 0
      ? `${b.id} needs no job, so it runs beside ${a.id}. Add \`needs: ${a.id}\``
      : `${b.id} needs ${b.needs.map((need) => need.text).join(", ")} and so runs beside ${a.id}. Add ${a.id} to its \`needs\``;
  }
  const job = before.jobs[level - 1]?.id ?? "";
  if (before.step && after.step) {
    if (before.step.index < after.step.index) return background(before);
    return `it is an earlier step of ${job}. Move it behind`;
  }
  return `one is a part of the other (${job})`;
}

/** A step that lets its command go on in the background, or that may fail unseen, has not ended for what follows. */
function background(site: Site): string | null {
  const { step } = site;
  if (!step) return null;
  if (step.continueOnError?.text === "true")
    return `${site.name} has \`continue-on-error\`, so what follows runs although it failed`;
  const commands = step.run?.script?.commands ?? [];
  const left = commands.findLast((command) => command.background);
  const waited = left && commands.some((command) => command.name === "wait" && command.start > left.start);
  return left && !waited
    ? `${site.name} leaves \`${left.words
        .map((word) => word.text)
        .join(" ")
        .slice(0, 80)}\` running in the background. Take the \`&\` away or \`wait\` for it`
    : null;
}

/** Jobs and steps of a workflow in text order, one level of called workflows expanded. */
function sitesOf(workflow: Workflow, model: WorkflowModel): Site[] {
  const sites: Site[] = [];
  for (const job of workflow.jobs) {
    sites.push({ jobs: [job], step: null, at: job.at, name: job.id });
    for (const step of job.steps) sites.push({ jobs: [job], step, at: step.at, name: nameOf(step) });
    const path = /^[.$]\/(.+)$/.exec(job.uses?.text ?? "")?.[1];
    const called = path === undefined ? undefined : model.workflows.find((each) => each.path === path);
    if (called?.kind !== "workflow" || called.path === workflow.path) continue;
    for (const inner of called.jobs) {
      sites.push({ jobs: [job, inner], step: null, at: inner.at, name: inner.id });
      for (const step of inner.steps) sites.push({ jobs: [job, inner], step, at: step.at, name: nameOf(step) });
    }
  }
  return sites;
}

function nameOf(step: Placed<WorkflowStep>): string {
  return step.id?.text ?? step.name?.text ?? step.uses?.text ?? `step ${step.index + 1}`;
}

/** `job ID` or `step NAME`. Of jobs the workflow's own come before those of called ones; of steps the id comes before the name. `*` stands for any text. */
function select(selector: string, sites: readonly Site[]): Site[] {
  const match = /^(job|step)\s+(.+)$/.exec(selector.trim());
  if (!match) return [];
  const pattern = wildcard(match[2] ?? "");
  if (match[1] === "job") {
    const jobs = sites.filter((site) => !site.step && pattern.test(site.name));
    const own = jobs.filter((site) => site.jobs.length === 1);
    return own.length > 0 ? own : jobs;
  }
  const steps = sites.filter((site) => site.step);
  const byId = steps.filter((site) => site.step?.id && pattern.test(site.step.id.text));
  return byId.length > 0 ? byId : steps.filter((site) => site.step?.name && pattern.test(site.step.name.text.trim()));
}

function wildcard(text: string): RegExp {
  const parts = text
    .trim()
    .replace(/^(["'])(.*)\1$/, "$2")
    .replace(/\*+/g, "*")
    .split("*");
  return new RegExp(`^${parts.map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`, "i");
}
