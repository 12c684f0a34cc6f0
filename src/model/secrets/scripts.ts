import type { FactReader } from "../../types/facts.ts";
import type { ScriptSecrets } from "../../types/secret-uses.ts";
import type { ShellScript } from "../../types/shell.ts";
import type { WorkflowModel } from "../../types/workflow.ts";
import type { FileTree } from "../../types/workspace.ts";
import { locate } from "../data.ts";
import { isShellScript } from "../path-class.ts";
import { configuredIn } from "./environments.ts";
import { gcloudSecrets, pairsOf, storeReference } from "./gcloud.ts";

/** What scripts and the scripts of workflow steps wire. `environments`: the names that predeploy.yml knows. */
export function scriptSecrets(
  files: FileTree,
  facts: FactReader,
  { workflows }: WorkflowModel,
  environments: readonly string[],
): ScriptSecrets {
  const all: ScriptSecrets = { references: [], edges: [], dynamic: [], literals: [] };
  const add = ({ references, edges, dynamic, literals }: ScriptSecrets) => {
    all.references.push(...references);
    all.edges.push(...edges);
    all.dynamic.push(...dynamic);
    all.literals.push(...literals);
  };
  for (const { path, ignored } of files.entries) {
    if (ignored || !isShellScript(path)) continue;
    const script = facts.get("shell", path);
    if (script) add(readScript(script, path, configuredIn(path, environments)));
  }
  for (const { path, ignored } of files.entries)
    if (
      !ignored &&
      /(?:^|\/)(?:Makefile|makefile|justfile)$|\.mk$|(?:^|[/_-])(?:deploy|release|ship|rollout)[\w-]*\.(?:py|[cm]?[jt]s)$/i.test(
        path,
      )
    )
      add(readLines(facts.get("lines", path)?.lines ?? [], path, configuredIn(path, environments)));
  for (const workflow of workflows)
    for (const job of workflow.jobs) {
      const named =
        job.environment && !job.environment.text.includes("${{") ? job.environment.text : `${workflow.path} ${job.id}`;
      for (const step of job.steps)
        if (step.run?.script)
          add(readScript(step.run.script as ShellScript, workflow.path, configuredIn(named, environments)));
    }
  return all;
}

function readScript(script: ShellScript, path: string, environments: readonly string[] | null): ScriptSecrets {
  const found = gcloudSecrets(script.commands, { path, locate: (range) => locate(path, script, range), environments });
  // A service or secret that names an environment is of that one, whatever the script is called.
  return found;
}

/** Flags of gcloud in the text of a Makefile, or in the argument list of a program that deploys. */
function readLines(lines: readonly string[], path: string, environments: readonly string[] | null): ScriptSecrets {
  const found: ScriptSecrets = { references: [], edges: [], dynamic: [], literals: [] };
  if (!lines.some((line) => line.includes("gcloud"))) return found;
  for (const [index, line] of lines.entries()) {
    if (/^\s*(?:#|\/\/)/.test(line)) continue;
    for (const match of line.matchAll(/--(set|update)-secrets(?:["']\s*,\s*f?["']|[= ]["']?)([^"'\s`]+)/g)) {
      const offset = match.index + match[0].length - match[2]!.length;
      for (const pair of pairsOf(match[2]!)) {
        const name = pair.value.replace(/:[^:/]*$/, "");
        const column = offset + pair.offset + 1;
        const at = {
          path,
          start: { line: index + 1, column },
          end: { line: index + 1, column: column + pair.key.length + 1 + pair.value.length },
        };
        if (/[$`{}]/.test(name)) found.dynamic.push({ namespace: "store", expression: name, at });
        else if (!name.startsWith("projects/") && name !== "")
          found.references.push(
            storeReference(name, `--${match[1]}-secrets ${pair.key}=${name}`, null, at, { environments }),
          );
      }
    }
  }
  return found;
}
