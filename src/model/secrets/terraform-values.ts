import { directoryOf } from "../../text/paths.ts";
import type { FactReader } from "../../types/facts.ts";
import type { TerraformSecrets } from "../../types/secret-uses.ts";
import type { RepoPath } from "../../types/text.ts";
import type { WorkflowModel } from "../../types/workflow.ts";
import type { FileTree } from "../../types/workspace.ts";
import { isRecipeFile, isShellScript } from "../path-class.ts";
import { configuredIn, environmentsIn } from "./environments.ts";
import { pathsOf } from "./paths-of.ts";

/** `TF_VAR_x`, `-var` and `-var-file` of scripts and workflows. */
export function passedValues(
  files: FileTree,
  facts: FactReader,
  workflows: WorkflowModel["workflows"],
  { passed, varFiles }: TerraformSecrets,
): void {
  /** Lines that a script prints into a file of values; `within` is the whole script. */
  const printed = (line: string, within: string, about: string) => {
    const name = />>?\s*["']?\S*\.tfvars\b/.test(within) && /\b(?:echo|printf)\s+["']?([\w-]+)\s*=/.exec(line)?.[1];
    if (name) passed.push({ name, about });
  };
  const scan = (text: string, about: string) => {
    for (const [, name] of text.matchAll(/\bTF_VAR_(\w+)/g)) passed.push({ name: name!, about });
    for (const [, name] of text.matchAll(/(?:^|\s)--?var[= ]\s*["']?([\w-]+)=/g)) passed.push({ name: name!, about });
    for (const [, path] of text.matchAll(/(?:^|\s)--?var-file[= ]\s*["']?([^\s"']+)/g))
      varFiles.push({ path: path!, about });
  };
  for (const path of [...pathsOf(files, isShellScript), ...pathsOf(files, isRunner)]) {
    const lines = facts.get("lines", path)?.lines.filter((line) => !/^\s*#/.test(line)) ?? [];
    const whole = lines.some((line) => line.includes(".tfvars")) ? lines.join("\n") : "";
    for (const line of lines) {
      scan(line, `${path} ${line}`);
      printed(line, whole, path);
    }
  }
  // A script that writes a file of values.
  for (const path of pathsOf(files, isShellScript))
    for (const { redirects } of facts.get("shell", path)?.commands ?? []) {
      const target = redirects.find((one) => /\.tfvars$/.test(one.target?.text ?? ""))?.target?.text;
      for (const [, name] of target === undefined
        ? []
        : (redirects.find((one) => one.heredoc)?.heredoc?.text ?? "").matchAll(/^[ \t]*([\w-]+)[ \t]*=/gm))
        passed.push({ name: name!, about: `${path} ${target}` });
    }
  for (const workflow of workflows) {
    for (const one of workflow.env) scan(one.name, "");
    for (const job of workflow.jobs) {
      const about = `${workflow.path} ${job.id} ${job.environment?.text ?? ""}`;
      for (const one of [...job.env, ...job.steps.flatMap((step) => step.env)]) scan(one.name, about);
      for (const step of job.steps) {
        for (const line of step.run?.text.split("\n") ?? [])
          if (!/^\s*#/.test(line)) {
            scan(line, `${about} ${line}`);
            printed(line, step.run!.text, about);
          }
        for (const one of step.with) scan(one.value.text, about);
      }
    }
  }
}

/** Files other than scripts that run Terraform. */
const isRunner = (path: RepoPath): boolean =>
  isRecipeFile(path) ||
  /(?:^|\/)(?:Taskfile\.ya?ml|cloudbuild[\w.-]*\.ya?ml|\.gitlab-ci\.yml|terragrunt\.hcl)$|(?:^|\/)\.circleci\/.+\.ya?ml$/.test(
    path,
  );

/** The files of values that an apply for one environment reads, in Terraform's order. */
export function chosenFiles(
  directory: RepoPath,
  environment: string,
  environments: readonly string[],
  { values, varFiles }: Pick<TerraformSecrets, "values" | "varFiles">,
  configured: readonly RepoPath[] = [],
): RepoPath[] {
  const inside = (path: RepoPath) =>
    directoryOf(path) === directory || directory === "" || path.startsWith(`${directory}/`);
  const automatic = [...values.keys()].filter(
    (path) =>
      directoryOf(path) === directory && (/(?:^|\/)terraform\.tfvars$/.test(path) || /\.auto\.tfvars$/.test(path)),
  );
  const ofEnvironment = (path: RepoPath) => {
    const own = path.slice(directory.length);
    const words = environmentsIn(own);
    return (
      words.includes(environmentsIn(environment)[0] ?? environment.toLowerCase()) ||
      own
        .toLowerCase()
        .split(/[^a-z0-9]+/)
        .includes(environment.toLowerCase())
    );
  };
  const named = varFiles.flatMap(({ path, about }) => {
    const tail = path.replace(/^(?:\.\/|\.\.\/|\$\{?[\w.]+\}?\/)+/, "");
    if (/\$/.test(tail)) return [];
    const found = [...values.keys()].filter((one) => one === tail || one.endsWith(`/${tail}`));
    const about_ = configuredIn(`${about} ${path}`, environments);
    return about_ === null || about_.includes(environment) ? found : [];
  });
  const byName = [...values.keys()].filter((path) => inside(path) && !automatic.includes(path) && ofEnvironment(path));
  return [
    ...new Set([
      ...automatic,
      ...byName,
      ...named.filter((one) => environmentsIn(one).length === 0 || ofEnvironment(one)),
      ...configured.filter((one) => values.has(one)),
    ]),
  ];
}
