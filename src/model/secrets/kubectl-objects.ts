import { baseName } from "../../text/paths.ts";
import type { FactReader } from "../../types/facts.ts";
import type { KeyedObject } from "../../types/secret-uses.ts";
import type { ShellCommand } from "../../types/shell.ts";
import type { RepoPath } from "../../types/text.ts";
import type { WorkflowModel } from "../../types/workflow.ts";
import type { FileTree } from "../../types/workspace.ts";
import { isShellScript } from "../path-class.ts";
import { flagsOf } from "./gcloud.ts";
import { pathsOf } from "./paths-of.ts";

/** Keys that the typed forms of `kubectl create secret` make. */
const TYPED: Readonly<Record<string, readonly string[]>> = {
  tls: ["tls.crt", "tls.key"],
  "docker-registry": [".dockerconfigjson"],
};

/** Secrets and ConfigMaps that scripts and workflow steps create: `kubectl create secret generic NAME --from-literal=K=V`. */
export function createdObjects(files: FileTree, facts: FactReader, { workflows }: WorkflowModel): KeyedObject[] {
  const found: KeyedObject[] = [];
  for (const path of pathsOf(files, isShellScript))
    found.push(...objectsIn(facts.get("shell", path)?.commands ?? [], path));
  for (const { path, jobs } of workflows)
    for (const step of jobs.flatMap((job) => job.steps))
      found.push(...objectsIn(step.run?.script?.commands ?? [], path));
  return found;
}

function objectsIn(commands: readonly ShellCommand[], path: RepoPath): KeyedObject[] {
  return commands.flatMap((command): KeyedObject[] => {
    const start = command.words.findIndex((word) => /(?:^|\/)(?:kubectl|oc)$/.test(word.text));
    if (start === -1 || start > 4) return [];
    const words = command.words.slice(start + 1);
    const create = words.findIndex((word) => word.text === "create");
    const kind = words[create + 1]?.text;
    if (create === -1 || (kind !== "secret" && kind !== "configmap" && kind !== "cm")) return [];
    const flags = flagsOf(words);
    const behind = words
      .slice(create + 2)
      .filter((word) => !word.text.startsWith("-") && !flags.some((one) => one.word === word));
    const type = kind === "secret" ? behind.shift()?.text : undefined;
    const name = behind[0];
    if (!name || name.expansions.length > 0) return [];
    const keys = new Set(TYPED[type ?? ""] ?? []);
    let known = true;
    for (const flag of flags) {
      if (flag.name === "--from-env-file") known = false;
      if (flag.name !== "--from-literal" && flag.name !== "--from-file") continue;
      const [key, value] = flag.value.split("=");
      const own = value === undefined ? baseName(key!) : key!;
      if (/[$`]/.test(own) || own === "") known = false;
      else keys.add(own);
    }
    const namespace = words.flatMap((word, index) => (word.text === "-n" ? [words[index + 1]?.text ?? ""] : []))[0];
    const given = flags.find((one) => one.name === "--namespace")?.value ?? namespace ?? null;
    return [
      {
        kind: kind === "secret" ? "secret" : "config-map",
        name: name.text,
        namespace: given === null || /[$`]/.test(given) ? null : given,
        keys: known && keys.size > 0 ? keys : null,
        path,
      },
    ];
  });
}
