import { didYouMean } from "../../text/nearest.ts";
import { directoryOf } from "../../text/paths.ts";
import type { Report } from "../../types/finding.ts";
import type { Placed } from "../../types/placed.ts";
import type { Check } from "../../types/rule.ts";
import type { Workflow, WorkflowStep } from "../../types/workflow.ts";
import type { FileTree } from "../../types/workspace.ts";

export const workflowReusableMissing: Check<"workflows" | "files", "startup-order/workflow-reusable-missing"> = {
  needs: ["workflows", "files"],
  *run({ workflows, files }) {
    for (const workflow of workflows.workflows) {
      if (workflow.kind === "workflow") yield* reports(workflow, files);
    }
  },
};

function* reports(workflow: Workflow, files: FileTree): Generator<Report> {
  for (const job of workflow.jobs) {
    const called = job.uses && localPath(job.uses.text);
    if (job.uses && called !== null && called !== undefined && !files.has(called)) {
      const known = files.children(".github/workflows").map((name) => `./.github/workflows/${name}`);
      yield {
        message: `${job.id} calls ${job.uses.text}, which the repository does not hold: GitHub refuses the whole workflow and nothing runs.${didYouMean(job.uses.text, known)}`,
        subject: job.uses.text,
        at: job.uses.at,
      };
    }
    for (const step of job.steps) {
      const path = step.uses && localPath(step.uses.text);
      if (
        !step.uses ||
        path === null ||
        path === undefined ||
        isAction(path, files) ||
        madeBefore(path, job.steps, step)
      )
        continue;
      yield {
        message: `This step uses ${step.uses.text}, and the repository holds no action there (action.yml, action.yaml or Dockerfile): the job fails at this step. Correct the path or check the action in.`,
        subject: step.uses.text,
        at: step.uses.at,
      };
    }
  }
}

/** The repository path of `./x` and `$/x`; null for actions of other repositories and for expressions. */
function localPath(uses: string): string | null {
  const match = /^[.$]\/(.*)$/.exec(uses);
  if (!match || /\$\{\{/.test(uses)) return null;
  const path = (match[1] ?? "").replace(/\/+$/, "").replace(/^(?:\.\/)+/, "");
  return path.split("/").includes("..") ? null : path;
}

function isAction(path: string, files: FileTree): boolean {
  const inside = (name: string) => (path === "" ? name : `${path}/${name}`);
  if (["action.yml", "action.yaml", "Dockerfile"].some((name) => files.has(inside(name)))) return true;
  for (let at = path; at !== ""; at = directoryOf(at)) {
    const kind = files.get(at)?.kind;
    if (kind === "submodule" || kind === "symlink") return true;
  }
  return false;
}

/** An earlier step may have put it there: a checkout of another repository, or into a folder above the path, or a command that names it. */
function madeBefore(path: string, steps: readonly Placed<WorkflowStep>[], step: Placed<WorkflowStep>): boolean {
  const first = path.split("/")[0] ?? "";
  return steps.slice(0, step.index).some((earlier) => {
    const input = (name: string) => earlier.with.find((each) => each.name === name)?.value.text ?? "";
    if (/^actions\/checkout@/.test(earlier.uses?.text ?? "")) {
      const folder = input("path").replace(/^\.\//, "").replace(/\/+$/, "");
      if (folder.includes("${{")) return true;
      const into = folder === "" || folder === "." || path === folder || path.startsWith(`${folder}/`);
      return into && (folder !== "" || input("repository") !== "" || input("ref") !== "");
    }
    if (/^actions\/(?:download-artifact|cache)/.test(earlier.uses?.text ?? "")) return true;
    return (
      earlier.run !== null &&
      first !== "" &&
      /\b(?:git\s+clone|git\s+submodule|cp|mv|mkdir|tar|unzip|curl|wget|ln|degit|gh\s+repo)\b/.test(earlier.run.text) &&
      earlier.run.text.includes(first)
    );
  });
}
