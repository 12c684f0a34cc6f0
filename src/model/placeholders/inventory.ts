import { directoryOf } from "../../text/paths.ts";
import type { DeployCommand } from "../../types/deploy-script.ts";
import type { ModelInput } from "../../types/model.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { isHelmTemplate, isWorkflow } from "../path-class.ts";
import { resolvePaths } from "./deploy-paths.ts";
import { type Format, formatOf } from "./formats.ts";
import { roleByName, stageOf } from "./role.ts";
import { basesAfter, type PlacedScript, programOf } from "./script-files.ts";

/** Names that some step, script, workflow or inventory gives a value. */
export interface Provided {
  /** By any workflow's `env`, any script of the repository or an env file that a script loads. */
  anywhere: ReadonlySet<string>;
  /** By the process inventories of the config. */
  inventory: ReadonlySet<string>;
  /** Names that stand in a manifest, an image or a chart that runs the program. Read only when asked for. */
  manifests: () => ReadonlySet<string>;
  /** Every environment's process inventory says that it is complete. */
  complete: boolean;
}

/** Variables that every process has. */
export const processNames =
  /^(?:HOME|PATH|PWD|OLDPWD|USER|USERNAME|LOGNAME|HOSTNAME|HOST|SHELL|LANG|LC_\w+|TERM|TMPDIR|TEMP|TMP|UID|GID|EUID|TZ|CI|NODE_ENV|DISPLAY|XDG_\w+|DOCKER_\w+|COMPOSE_\w+|npm_\w+|GITHUB_\w+|RUNNER_\w+|CI_\w+|VERCEL(?:_\w+)?|RAILWAY_\w+|RENDER_\w+|HEROKU_\w+|AWS_(?:REGION|DEFAULT_REGION|ACCOUNT_ID))$/;

export function findProvided(input: ModelInput<"config">, scripts: readonly PlacedScript[]): Provided {
  const anywhere = new Set<string>();
  for (const script of scripts) {
    let { bases } = script;
    for (const command of script.commands) {
      bases = basesAfter(command, script, bases);
      for (const name of command.sets) anywhere.add(name);
      // `echo NAME=value >> .env` and `>> $GITHUB_ENV`
      if (command.appended || command.output)
        for (const word of command.words)
          for (const match of word.matchAll(/(?:^|\n)([A-Za-z_]\w*)=/g)) anywhere.add(match[1]!);
      const read = command.words[0] === "read" ? command.words.slice(1) : [];
      for (const word of read) if (/^[A-Za-z_]\w*$/.test(word)) anywhere.add(word);
      for (const path of loadedBy(command, bases, input.files))
        for (const name of namesOf(path, input)) anywhere.add(name);
    }
  }
  for (const entry of input.files.entries) {
    if (!isWorkflow(entry.path) || entry.ignored) continue;
    const workflow = input.facts.get("workflow", entry.path);
    if (!workflow) continue;
    const lists = [workflow.env, ...workflow.jobs.flatMap((job) => [job.env, ...job.steps.map((step) => step.env)])];
    for (const one of lists.flat()) anywhere.add(one.name);
  }
  const inventory = new Set<string>();
  let complete = false;
  let open = false;
  for (const environment of Object.values(input.known.config.config.environments)) {
    for (const entry of environment.inventory) {
      if (entry.namespace !== undefined && entry.namespace !== "process") continue;
      if ("declared" in entry && entry.namespace === "process") for (const name of entry.declared) inventory.add(name);
      else if ("env-file" in entry)
        for (const one of input.facts.get("dotenv", entry["env-file"])?.entries ?? []) inventory.add(one.name);
      else continue;
      if (entry.complete === true) complete = true;
      else open = true;
    }
  }
  let manifests: ReadonlySet<string> | null = null;
  return {
    anywhere,
    inventory,
    manifests: () => {
      manifests ??= namesInManifests(input);
      return manifests;
    },
    complete: complete && !open,
  };
}

/** Env files that a command puts into its process or into that of a program: `source`, `--env-file`, `export $(cat FILE)`. */
function loadedBy(command: DeployCommand, bases: readonly RepoPath[], files: FileTree): RepoPath[] {
  const words = command.words.slice(1);
  const given = words.flatMap((word, index) => {
    if (word.startsWith("--env-file=")) return [word.slice("--env-file=".length)];
    return words[index - 1] === "--env-file" ? [word] : [];
  });
  const pathsOf = (text: string) => resolvePaths(text, bases, files).paths;
  const read = /^(?:\.|source|cat|e?grep)$/.test(programOf(command)) ? words.filter((word) => /env/i.test(word)) : [];
  return [...given.flatMap(pathsOf), ...read.flatMap(pathsOf).filter((path) => formatOf(path)?.format === "dotenv")];
}

/**
 * Names that env files of the same project give to a dotenv file: those of the folders above, which whatever runs from there loads,
 * and the `.env` beside it. A file of another stage gives none.
 */
export function namesAround(path: RepoPath, input: Pick<ModelInput<"config">, "files" | "facts">): ReadonlySet<string> {
  const names = new Set<string>();
  const own = directoryOf(path);
  const stage = stageOf(path);
  for (let directory = own; ; directory = directoryOf(directory)) {
    for (const child of input.files.children(directory)) {
      const other = directory === "" ? child : `${directory}/${child}`;
      if (other === path || (directory === own && child !== ".env")) continue;
      if (formatOf(other)?.format !== "dotenv" || roleByName(other) !== null) continue;
      if (stageOf(other) !== "other" && stageOf(other) !== stage) continue;
      for (const name of namesOf(other, input)) names.add(name);
    }
    if (directory === "") return names;
  }
}

function namesOf(path: RepoPath, { files, facts }: Pick<ModelInput<"config">, "files" | "facts">): string[] {
  return files.has(path) ? (facts.get("dotenv", path)?.entries.map((entry) => entry.name) ?? []) : [];
}

/** Formats of files that give variables to a process. */
const startsPrograms: ReadonlySet<Format> = new Set([
  "compose",
  "config",
  "helm-values",
  "dockerfile",
  "terraform",
  "tfvars",
  "kustomization",
  "cloudformation",
  "platform",
]);

function namesInManifests({ files, facts }: ModelInput<"config">): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { path, ignored } of files.entries) {
    if (ignored || roleByName(path) === "example") continue;
    const format = formatOf(path)?.format;
    if (!isHelmTemplate(path) && (format === undefined || !startsPrograms.has(format))) continue;
    for (const line of facts.get("lines", path)?.lines ?? []) {
      if (/^\s*#/.test(line)) continue;
      for (const match of line.matchAll(/(?<![\w${])[A-Z][A-Z0-9_]{2,80}(?![\w}])/g)) names.add(match[0]);
    }
  }
  return names;
}
