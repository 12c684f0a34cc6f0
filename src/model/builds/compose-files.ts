import { directoryOf, inRepository } from "../../text/paths.ts";
import type { DataFile } from "../../types/data.ts";
import type { DotenvFile } from "../../types/dotenv.ts";
import type { ModelInput } from "../../types/model.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { type ComposeCommandLine, composeCommandLines } from "../compose/commands.ts";
import { copiedFrom, excuses, foundFromAbove } from "../compose/missing-paths.ts";
import { entryOf } from "../data.ts";
import { composeBuilds } from "./compose.ts";
import { completeBuild, type Definition, missingOf } from "./definition.ts";

/** Compose files of one directory are read together: what an override leaves out comes from the main file. */
export function composeDefinitions(paths: readonly RepoPath[], input: ModelInput<never>): Definition[] {
  const isMain = (path: RepoPath): boolean => /(^|\/)(docker-)?compose\.ya?ml$/i.test(path);
  const main = new Map<RepoPath, Map<string, Definition>>();
  const found: Definition[] = [];
  const builds = makeReader(input);
  for (const path of [...paths].sort((a, b) => Number(isMain(b)) - Number(isMain(a)))) {
    const file = input.facts.get("data", path);
    if (!file) continue;
    const directory = directoryOf(path);
    const definitions = builds(path, file);
    if (isMain(path)) main.set(directory, new Map(definitions.map((one) => [one.name, one])));
    for (const definition of definitions) {
      const base = isMain(path) ? undefined : main.get(directory)?.get(definition.name);
      if (base && !definition.contextAt) {
        found.push({
          ...base,
          at: definition.at,
          target: definition.target ?? base.target,
          args: new Map([...(base.args ?? []), ...(definition.args ?? [])]),
          run: definition.run ?? base.run,
        });
      } else if (definition.contextAt || definition.inline || isMain(path) || !isPartial(file, definition.name))
        found.push(definition);
    }
  }
  return found;
}

/**
 * Reads the builds of one file, from its own folder; where something is missing from there, from the folder that a command of the
 * repository gives to compose (`--project-directory`, or the first of several `-f`), if everything is there.
 */
function makeReader({ files, facts }: ModelInput<never>): (path: RepoPath, file: DataFile) => Definition[] {
  let commands: readonly ComposeCommandLine[] | undefined;
  let excuse: ReturnType<typeof excuses> | undefined;
  const from = (path: RepoPath, file: DataFile, directory: RepoPath): Definition[] =>
    composeBuilds(
      path,
      file,
      directory,
      variablesOf(facts.get("dotenv", directory === "" ? ".env" : `${directory}/.env`)),
    );
  return (path, file) => {
    const own = directoryOf(path);
    const definitions = from(path, file, own);
    if (!definitions.some((one) => lacks(one, files) !== null)) return definitions;
    commands ??= composeCommandLines(files, facts);
    const naming = commands.filter((command) => command.files.includes(path));
    const others = naming.map(({ projectDirectory, directory }) =>
      projectDirectory === null ? directory : inRepository("", projectDirectory),
    );
    for (const directory of new Set(others)) {
      if (directory === null || directory === own) continue;
      const moved = from(path, file, directory);
      if (moved.every((one) => lacks(one, files) === null)) return moved;
    }
    const elsewhere = naming.some(({ projectDirectory }) => projectDirectory !== null)
      ? "a command here names another `--project-directory`"
      : null;
    excuse ??= excuses(files, facts);
    return definitions.map((one) => {
      const missing = lacks(one, files);
      if (missing === null) return one;
      const known = (other: RepoPath): boolean => files.has(other) || files.hasDirectory(other);
      const doubt = excuse!(missing) ?? copiedFrom(missing, path, files, known) ?? foundFromAbove(missing, path, known);
      return { ...one, doubt: elsewhere ?? doubt };
    });
  };
}

function lacks(definition: Definition, tree: FileTree): RepoPath | null {
  return missingOf(completeBuild(definition, "", tree), tree);
}

/** An override that names neither context nor Dockerfile: what it completes is not known here. */
function isPartial(file: DataFile, service: string): boolean {
  const build = entryOf(entryOf(entryOf(file.documents[0]?.root, "services")?.value, service)?.value, "build")?.value;
  return build?.kind === "map" && !entryOf(build, "context");
}

/** Values of the project's .env; without those that compose would still have to expand. */
function variablesOf(file: DotenvFile | null): Map<string, string> {
  const known = (file?.entries ?? []).filter(({ value, quotes }) => quotes === "single" || !value.includes("$"));
  return new Map(known.map(({ name, value }) => [name, value]));
}
