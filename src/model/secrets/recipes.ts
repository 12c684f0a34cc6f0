import type { FactReader } from "../../types/facts.ts";
import type { Found } from "../../types/secret-uses.ts";
import type { ShellScript } from "../../types/shell.ts";
import type { RepoPath } from "../../types/text.ts";
import type { PipelineJob, Workflow } from "../../types/workflow.ts";
import type { FileTree } from "../../types/workspace.ts";
import { locate } from "../data.ts";
import { isMakefile } from "../path-class.ts";
import { configuredIn } from "./environments.ts";
import { addFound, nothingFound } from "./found.ts";
import { gcloudSecrets, type ScriptPlace } from "./gcloud.ts";
import { pathsOf } from "./paths-of.ts";

/** A recipe that a workflow's step runs. */
interface Call {
  program: "make" | "script";
  name: string;
  /** Of the package.json whose script it is; a Makefile may take in others. */
  directory: string;
  environments: readonly string[] | null;
}

/** What the recipes of Makefiles wire, and the scripts of a package.json that workflows run. */
export function recipeSecrets(
  files: FileTree,
  facts: FactReader,
  workflows: readonly Workflow[],
  configured: readonly string[],
  variablesFrom: (path: RepoPath) => ScriptPlace["variablesIn"],
): Found {
  const all = nothingFound();
  const calls = workflows.flatMap((workflow) => workflow.jobs.flatMap((job) => callsOf(workflow, job, configured)));
  const packages = new Set(calls.flatMap(({ program, directory }) => (program === "script" ? [directory] : [])));
  const paths = [
    ...pathsOf(files, isMakefile).filter((path) =>
      facts.get("lines", path)?.lines.some((line) => line.includes("gcloud")),
    ),
    ...[...packages].map((directory) => `${directory}package.json`).filter((path) => files.has(path)),
  ];
  for (const path of paths) {
    const { recipes = [], variables = {}, lineStarts = [] } = facts.get("recipes", path) ?? {};
    for (const { name, commands } of recipes) {
      const callers = calls.filter((call) => call.name === name && isOf(call, path));
      if (callers.length === 0 && !isMakefile(path)) continue;
      addFound(
        all,
        gcloudSecrets(commands, {
          path,
          locate: (range) => locate(path, { lineStarts }, range),
          environments: environmentsOf(`${path} ${name}`, callers, configured),
          named: (text) => configuredIn(text, configured),
          literals: (other) => (Object.hasOwn(variables, other) ? variables[other]! : null),
          variablesIn: variablesFrom(path),
        }),
      );
    }
  }
  return all;
}

/** Whether an offset of a Makefile is in a recipe that is read so. */
export function recipeLines(facts: FactReader, path: RepoPath): (offset: number) => boolean {
  if (!isMakefile(path)) return () => false;
  const commands = facts.get("recipes", path)?.recipes.flatMap((one) => one.commands) ?? [];
  return (offset) => commands.some(({ start, end }) => start <= offset && offset < end);
}

const isOf = ({ program, directory }: Call, path: RepoPath): boolean =>
  program === "make" ? isMakefile(path) : path === `${directory}package.json`;

/** The environments that its name says, else those of all who run it. */
function environmentsOf(
  text: string,
  callers: readonly Call[],
  configured: readonly string[],
): readonly string[] | null {
  const own = configuredIn(text, configured);
  if (own !== null || callers.length === 0) return own;
  if (callers.some(({ environments }) => environments === null)) return null;
  return [...new Set(callers.flatMap(({ environments }) => environments ?? []))];
}

function callsOf(workflow: Workflow, job: PipelineJob, configured: readonly string[]): Call[] {
  const named =
    job.environment && !job.environment.text.includes("${{") ? job.environment.text : `${workflow.path} ${job.id}`;
  const calls: Call[] = [];
  for (const step of job.steps) {
    const script = step.run?.script as ShellScript | null | undefined;
    const written =
      step.workingDirectory ?? job.defaults.workingDirectory ?? workflow.defaults.workingDirectory ?? null;
    const folder = (written?.text ?? "").replace(/^(?:\.?\/)+|\/+$/g, "").replace(/^\.$/, "");
    for (const { words } of script?.commands ?? []) {
      const [program = "", ...rest] = words.map(({ text }) => text);
      const texts = rest.filter((text) => !text.startsWith("-"));
      const environments = configuredIn(rest.join(" "), configured) ?? configuredIn(named, configured);
      if (program === "make") {
        const names = texts.filter((text) => !text.includes("="));
        for (const name of names) calls.push({ program: "make", name, directory: "", environments });
      } else if (/^(?:npm|pnpm|yarn|bun)$/.test(program)) {
        const name = texts[0] === "run" || texts[0] === "run-script" ? texts[1] : texts[0];
        const directory = folder === "" ? "" : `${folder}/`;
        if (name !== undefined) calls.push({ program: "script", name, directory, environments });
      }
    }
  }
  return calls;
}
