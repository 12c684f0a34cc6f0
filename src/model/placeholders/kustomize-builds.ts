import { directoryOf } from "../../text/paths.ts";
import type { DeployCommand } from "../../types/deploy-script.ts";
import type { FactReader } from "../../types/facts.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { textOf, valueAt } from "../data.ts";
import { isKustomization } from "../path-class.ts";
import { resolvePaths } from "./deploy-paths.ts";
import { programOf } from "./script-files.ts";

/** The folder of `kustomize build DIR` or `kubectl kustomize DIR`, as written; null for other commands. */
export function builtBy(command: DeployCommand): string | null {
  const name = programOf(command);
  const [, verb, ...rest] = command.words;
  if (!((name === "kustomize" && verb === "build") || (/^(?:kubectl|oc)$/.test(name) && verb === "kustomize")))
    return null;
  return rest.find((word) => !word.startsWith("-")) ?? ".";
}

/** Largest number of kustomizations that one build is followed through. */
const maxRead = 200;

/** The files of a folder that kustomize builds, and those of the bases and components that its kustomizations name. */
export function kustomized(paths: readonly RepoPath[], files: FileTree, facts: FactReader): ReadonlySet<RepoPath> {
  const all = new Set(paths);
  let read = 0;
  for (const path of all) {
    if (!isKustomization(path) || ++read > maxRead) continue;
    const root = facts.get("data", path)?.documents[0]?.root ?? null;
    for (const key of ["resources", "bases", "components"]) {
      const list = valueAt(root, key);
      for (const item of list?.kind === "list" ? list.items : [])
        for (const one of resolvePaths(textOf(item) ?? "", [directoryOf(path)], files).paths) all.add(one);
    }
  }
  return all;
}
