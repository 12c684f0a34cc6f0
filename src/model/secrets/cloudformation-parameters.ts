import { directoryOf, inRepository } from "../../text/paths.ts";
import type { DataNode } from "../../types/data.ts";
import type { FactReader } from "../../types/facts.ts";
import type { WiringEdge } from "../../types/secret-reference.ts";
import type { Found } from "../../types/secret-uses.ts";
import type { ShellCommand } from "../../types/shell.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { WorkflowModel } from "../../types/workflow.ts";
import type { FileTree } from "../../types/workspace.ts";
import { entriesOf, itemsOf, locate, textOf, valueAt } from "../data.ts";
import { isShellScript } from "../path-class.ts";
import { configuredIn } from "./environments.ts";
import { nothingFound } from "./found.ts";
import { pathsOf } from "./paths-of.ts";

/** The name of an edge that may give any parameter: a list that a script computes. */
export const ANY_PARAMETER = "*";

/** Parameters that deploys give to stacks of CloudFormation and SAM: `--parameter-overrides`, `--parameters`, samconfig.toml, the deploy action. */
export function passedParameters(
  files: FileTree,
  facts: FactReader,
  { workflows }: WorkflowModel,
  environments: readonly string[],
): Found {
  const found = nothingFound();
  const give = (name: string, at: Location, about: string) =>
    found.edges.push(parameterEdge(name, at, configuredIn(about, environments)));
  const fromFile = (text: string, base: RepoPath, at: Location, about: string) => {
    const path = inRepository("", text) ?? "";
    const beside = inRepository(base, text) ?? "";
    const file = files.has(path) ? path : files.has(beside) ? beside : null;
    const root = file === null ? null : (facts.get("data", file)?.documents[0]?.root ?? null);
    for (const name of root ? namesIn(root) : [ANY_PARAMETER]) give(name, at, `${about} ${text}`);
  };
  const assign = (text: string, base: RepoPath, at: Location, about: string) => {
    const file = /^file:\/\/(.+)$/.exec(text)?.[1];
    if (file !== undefined) fromFile(file, base, at, about);
    else if (/^\$/.test(text)) give(ANY_PARAMETER, at, about);
    else for (const name of assigned(text)) give(name, at, about);
  };
  const read = (
    commands: readonly ShellCommand[],
    place: (range: { start: number; end: number }) => Location,
    base: RepoPath,
    about: string,
  ) => {
    for (const command of commands) {
      const texts = command.words.map((word) => word.text);
      if (!texts.slice(0, 4).some((text) => text === "aws" || text === "sam")) continue;
      let inside = false;
      for (const word of command.words) {
        const flag = /^--(?:parameter-overrides|parameters)(?:=([\s\S]*))?$/.exec(word.text);
        if (flag) inside = true;
        else if (word.text.startsWith("--")) inside = false;
        const text = flag ? (flag[1] ?? "") : word.text;
        if (inside && text !== "") assign(text, base, place(word), about);
      }
    }
  };
  for (const path of pathsOf(files, isShellScript)) {
    const script = facts.get("shell", path);
    if (script) read(script.commands, (range) => locate(path, script, range), directoryOf(path), path);
  }
  for (const path of pathsOf(files, isSamConfig)) {
    const file = facts.get("toml", path);
    for (const value of file?.values ?? [])
      if (value.path.includes("parameter_overrides"))
        for (const name of assigned(value.text)) give(name, locate(path, file!, value), String(value.path[0]));
  }
  for (const workflow of workflows)
    for (const job of workflow.jobs)
      for (const step of job.steps) {
        const about = job.environment?.text ?? `${workflow.path} ${job.id}`;
        const script = step.run?.script;
        if (script) read(script.commands, (range) => locate(workflow.path, script, range), "", about);
        const given = /aws-cloudformation-github-deploy@/.test(step.uses?.text ?? "")
          ? step.with.find((one) => one.name === "parameter-overrides")?.value
          : undefined;
        for (const part of given?.text.split(/[,\n]/) ?? [])
          if (part.trim() !== "") assign(part.trim(), "", given!.at, about);
      }
  return found;
}

function parameterEdge(name: string, at: Location, environments: readonly string[] | null): WiringEdge {
  return {
    from: null,
    to: { namespace: "object", name },
    kind: "plain",
    service: null,
    environments: environments?.length === 0 ? null : environments,
    closed: false,
    at,
    path: at.path,
  };
}

/** `K=V K2="V 2"` and `ParameterKey=K,ParameterValue=V`. */
function assigned(text: string): string[] {
  const keys = [...text.matchAll(/ParameterKey=([\w-]+)/g)].map((match) => match[1]!);
  if (keys.length > 0) return keys;
  return [...text.matchAll(/(?:^|[\s"',])([A-Za-z]\w*)=/g)].map((match) => match[1]!);
}

/** The names in a file of parameters: a list of `ParameterKey`, `{ "Parameters": { … } }`, or a plain map. */
function namesIn(root: DataNode): string[] {
  if (root.kind === "list")
    return itemsOf(root).flatMap(
      (item) => textOf(valueAt(item, "ParameterKey")) ?? (textOf(item) ?? "").split("=")[0]!,
    );
  return entriesOf(valueAt(root, "Parameters") ?? root).map(({ key }) => key.text);
}

const isSamConfig = (path: RepoPath): boolean => path.endsWith("samconfig.toml");
