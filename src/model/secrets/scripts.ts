import { directoryOf } from "../../text/paths.ts";
import { positionAt } from "../../text/positions.ts";
import type { FactReader } from "../../types/facts.ts";
import type { Found } from "../../types/secret-uses.ts";
import type { ShellScript } from "../../types/shell.ts";
import type { WorkflowModel } from "../../types/workflow.ts";
import type { FileTree } from "../../types/workspace.ts";
import { locate } from "../data.ts";
import { isCloudBuild, isRecipeFile, isShellScript } from "../path-class.ts";
import { gcloudSteps } from "./cloud-build-steps.ts";
import { variablesOfFile } from "./env-vars-file.ts";
import { configuredIn } from "./environments.ts";
import { addFound, nothingFound, variableEdge } from "./found.ts";
import { gcloudSecrets, pairsOf, type ScriptPlace, storeReference } from "./gcloud.ts";
import { pathsOf } from "./paths-of.ts";
import { recipeLines, recipeSecrets } from "./recipes.ts";

/** What scripts and the scripts of workflow steps wire. `environments`: the names that predeploy.yml knows. */
export function scriptSecrets(
  files: FileTree,
  facts: FactReader,
  { workflows }: WorkflowModel,
  environments: readonly string[],
): Found {
  const all = nothingFound();
  const add = (found: Found) => addFound(all, found);
  const variablesFrom = (path: string) => (file: string) =>
    variablesOfFile(file, ["", directoryOf(path)], files, facts);
  add(recipeSecrets(files, facts, workflows, environments, variablesFrom));
  for (const path of pathsOf(files, isShellScript)) {
    const script = facts.get("shell", path);
    if (script) add(readScript(script, path, configuredIn(path, environments), environments, variablesFrom(path)));
  }
  for (const path of pathsOf(files, deploys)) {
    const named = configuredIn(path, environments);
    const data = isCloudBuild(path) ? facts.get("data", path) : null;
    const steps = data ? gcloudSteps(data) : [];
    if (data)
      add(
        gcloudSecrets(steps, {
          path,
          locate: (range) => locate(path, data, range),
          environments: named,
          variablesIn: variablesFrom(path),
        }),
      );
    const isRead = (line: number) =>
      data !== null &&
      steps.some(
        ({ start, end }) =>
          positionAt(data.lineStarts, start).line <= line && line <= positionAt(data.lineStarts, end).line,
      );
    const lines = facts.get("lines", path)?.lines ?? [];
    if (lines.some((line) => line.includes("gcloud")))
      add(readLines(lines, path, named, isRead, recipeLines(facts, path)));
  }
  for (const workflow of workflows)
    for (const job of workflow.jobs) {
      const named =
        job.environment && !job.environment.text.includes("${{") ? job.environment.text : `${workflow.path} ${job.id}`;
      for (const step of job.steps)
        if (step.run?.script)
          add(
            readScript(
              step.run.script as ShellScript,
              workflow.path,
              configuredIn(named, environments),
              environments,
              variablesFrom(`${step.workingDirectory?.text ?? ""}/`),
            ),
          );
    }
  return all;
}

function readScript(
  script: ShellScript,
  path: string,
  environments: readonly string[] | null,
  configured: readonly string[],
  variablesIn: ScriptPlace["variablesIn"],
): Found {
  return gcloudSecrets(script.commands, {
    ...(variablesIn ? { variablesIn } : {}),
    path,
    locate: (range) => locate(path, script, range),
    environments,
    named: (text) => configuredIn(text, configured),
  });
}

/** Files that may run gcloud though no shell reads them: makefiles, and programs by what they or their folders are called. */
const DEPLOYS =
  /(?:^|[/_-])(?:deploy|release|ship|rollout|provision|gcp|gcloud|cloud_?run)[\w-]*\.(?:py|[cm]?[jt]s)$|(?:^|\/)(?:deploy\w*|scripts?|tools?|ops|infra\w*|ci|cicd|bin)\/[^/]+\.(?:py|[cm]?[jt]s)$/i;
const deploys = (path: string): boolean => DEPLOYS.test(path) || isRecipeFile(path) || isCloudBuild(path);
/** A flag and its value: `--set-secrets=V`, `--set-secrets V`, two items of an argument list or of a YAML sequence. */
const FLAG =
  /--(set|update)-secrets(?:=["']?|[ \t]+["']?|["']\s*,\s*(?:(?:#|\/\/)[^\n]*\n\s*)*f?["'`]|["']?[ \t]*\n[ \t]*-[ \t]*["']?)([^"'\s`]+)/g;
const ACCESS =
  /versions["']?[\s,"']+access\b[^\n]{0,200}?--secret(?:=|["']\s*,\s*["']|[ \t]+["']?)([\w-]+)(?=["'\s,)]|$)/g;

/** Flags of gcloud in the text of a makefile, of a build file, or in the argument list of a program that deploys. */
function readLines(
  lines: readonly string[],
  path: string,
  environments: readonly string[] | null,
  isRead: (line: number) => boolean,
  isRecipe: (offset: number) => boolean,
): Found {
  const found = nothingFound();
  const text = lines.join("\n");
  const starts = lineStartsOf(lines);
  const place = (start: number, length: number) => locate(path, { lineStarts: starts }, { start, end: start + length });
  const isPassed = (offset: number) =>
    /^\s*(?:#|\/\/)/.test(text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset + 2)) ||
    isRecipe(offset) ||
    isRead(positionAt(starts, offset).line);
  for (const match of text.matchAll(FLAG)) {
    if (isPassed(match.index)) continue;
    const service = deployedBy(text.slice(Math.max(0, match.index - FARTHEST_SERVICE), match.index));
    const offset = match.index + match[0].length - match[2]!.length;
    for (const pair of pairsOf(match[2]!)) {
      const name = pair.value.replace(/:[^:/]*$/, "");
      const at = place(offset + pair.offset, pair.key.length + 1 + pair.value.length);
      if (/[$`{}]/.test(name)) found.dynamic.push({ namespace: "store", expression: name, at });
      else if (!name.startsWith("projects/") && name !== "") {
        const from = { namespace: "store" as const, name };
        if (!pair.key.startsWith("/"))
          found.edges.push(variableEdge(pair.key, at, { from, kind: "secret", environments, service }));
        found.references.push(
          storeReference(name, `--${match[1]}-secrets ${pair.key}=${name}`, service, at, { environments }),
        );
      }
    }
  }
  for (const match of text.matchAll(ACCESS))
    if (!isPassed(match.index)) {
      const at = place(match.index + match[0].length - match[1]!.length, match[1]!.length);
      const form = `gcloud secrets versions access --secret=${match[1]}`;
      found.references.push(storeReference(match[1]!, form, null, at, { environments }));
    }
  return found;
}

/** How far before a flag the command that it belongs to is looked for. */
const FARTHEST_SERVICE = 1_500;
const SERVICE =
  /\b(?:deploy|services["'\s,-]{1,40}update|jobs["'\s,-]{1,40}update)(?:["']?[ \t]*,?\s*(?:-[ \t]+)?["']?)([a-z][a-z0-9-]{0,62})(?=["'\s,)]|$)/g;

/** The service that the command before a flag deploys, in a line or in an argument list; null where it is computed. */
function deployedBy(before: string): string | null {
  const start = before.lastIndexOf("gcloud");
  return start === -1 ? null : ([...before.slice(start).matchAll(SERVICE)].at(-1)?.[1] ?? null);
}

function lineStartsOf(lines: readonly string[]): number[] {
  let at = 0;
  return lines.map((line) => {
    const start = at;
    at += line.length + 1;
    return start;
  });
}
