import type { FactReader } from "../../types/facts.ts";
import type { ShellCommand } from "../../types/shell.ts";
import type { WorkflowModel } from "../../types/workflow.ts";
import type { FileTree } from "../../types/workspace.ts";
import { isRecipeFile, isShellScript } from "../path-class.ts";
import { pathsOf } from "./paths-of.ts";

/** What commands of the repository change in workloads beside their manifests. */
export interface LiveChanges {
  /** Variables of `kubectl set env`. */
  names: Set<string>;
  /** A command that may set any variable; null: there is none. */
  open: string | null;
}

/** Reads scripts, workflow steps and makefiles for `kubectl set env`, `kubectl patch` and edits of manifests. */
export function liveChanges(files: FileTree, facts: FactReader, { workflows }: WorkflowModel): LiveChanges {
  const found: LiveChanges = { names: new Set(), open: null };
  for (const path of pathsOf(files, isShellScript))
    for (const one of facts.get("shell", path)?.commands ?? []) readCommand(one, found);
  for (const { jobs } of workflows)
    for (const step of jobs.flatMap((job) => job.steps))
      for (const one of step.run?.script?.commands ?? []) readCommand(one as ShellCommand, found);
  for (const path of pathsOf(files, isRecipeFile))
    for (const line of facts.get("lines", path)?.lines ?? [])
      if (/\b(?:kubectl|oc)\b.*\b(?:set env|patch)\b/.test(line)) found.open ??= line.trim().slice(0, 60);
  return found;
}

const WORKLOAD =
  /^(?:deploy(?:ment)?s?|statefulsets?|sts|daemonsets?|ds|cronjobs?|cj|jobs?|pods?|ksvc|rollouts?)(?:[./]|$)/;

function readCommand({ words }: ShellCommand, found: LiveChanges): void {
  const texts = words.map(({ text }) => text);
  const start = texts.findIndex((text) => /(?:^|\/)(?:kubectl|oc|kustomize|yq|kn)$/.test(text));
  if (start === -1 || start > 4) return;
  const tool = texts[start]!.replace(/.*\//, "");
  const rest = texts.slice(start + 1);
  const said = `${tool} ${rest.join(" ")}`.slice(0, 60);
  if (tool === "yq" || tool === "kn") {
    if (rest.some((text) => /\benv(?:From)?\b/.test(text))) found.open ??= said;
  } else if (tool === "kustomize") {
    if (rest[0] === "edit" && !/^(?:image|namespace|nameprefix|namesuffix|replicas|label)/.test(rest[2] ?? ""))
      found.open ??= said;
  } else if (rest.some((text, index) => text === "set" && rest[index + 1] === "env"))
    for (const { text, expansions } of words.slice(start + 1)) {
      const name = /^([A-Za-z_]\w*)=/.exec(text)?.[1];
      if (name !== undefined) found.names.add(name);
      else if (/^--from\b/.test(text) || (expansions.length > 0 && /^\$/.test(text))) found.open ??= said;
    }
  else if (rest.includes("patch") && rest.some((text) => WORKLOAD.test(text))) found.open ??= said;
}
