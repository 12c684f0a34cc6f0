import { inRepository } from "../../text/paths.ts";
import type { BuildOrigin } from "../../types/image.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { type ShellLine, shellLines } from "../image/shell-lines.ts";
import type { Definition } from "./definition.ts";
import { type CommandBuild, type Cwd, dockerCommand, gcloudCommand, pathFrom } from "./docker-command.ts";

/** Commands that make no files a build could need. */
const HARMLESS =
  /^(cd|pushd|popd|echo|printf|set|export|docker|podman|aws|gcloud|az|kubectl|helm|true|exit|if|test|\[|\[\[|source|\.|read|sleep|shift|trap|local|return|usage|case|esac|for|function|date|whoami|id|which|type|login|unset|readonly|declare|dirname|basename|pwd|ls|cat|git|grep)$/;

export interface CommandText {
  text: string;
  origin: BuildOrigin;
  name: string;
  /** Where a range of the text stands in the file. */
  locate(start: number, end: number): Location;
  /** Where it runs; several where it cannot be told: the first in which everything exists is taken. */
  cwds: readonly Cwd[];
  /** The first of several is where it runs unless another alone fits; without it a place that nothing fits is a wrong guess. */
  firstIsLikely?: boolean;
  tree: FileTree;
  /** What ran before in the same place may have made files. */
  madeBefore: boolean;
  ciOnly: boolean;
}

/** Builds among the commands of a shell text; `cd` is followed. */
export function commandBuilds(input: CommandText): Definition[] {
  const found: Definition[] = [];
  if (!/\b(docker|podman|buildah|nerdctl|depot|gcloud)\b/.test(input.text)) return found;
  const lines = shellLines(input.text);
  let current: Cwd[] = [...input.cwds];
  const stack: { depth: number; cwds: Cwd[] }[] = [];
  let made = input.madeBefore;
  for (const line of lines) {
    while (stack.length > 0 && stack.at(-1)!.depth > line.depth) current = stack.pop()!.cwds;
    while ((stack.at(-1)?.depth ?? 0) < line.depth)
      stack.push({ depth: (stack.at(-1)?.depth ?? 0) + 1, cwds: [...current] });
    const name = line.words[0]!;
    if (name === "cd" || name === "pushd")
      current = current.map((cwd) =>
        moved(
          cwd,
          line.words.find((word, at) => at > 0 && !word.startsWith("-")),
        ),
      );
    else {
      const definition = definitionOf(line, current, input, made);
      if (definition) found.push(definition);
      else if (!HARMLESS.test(name)) made = true;
    }
  }
  return found;
}

function moved(cwd: Cwd, target: string | undefined): Cwd {
  if (target === undefined) return null;
  return pathFrom(cwd, target);
}

function definitionOf(line: ShellLine, cwds: readonly Cwd[], input: CommandText, made: boolean): Definition | null {
  const builds = cwds.flatMap((cwd) => {
    const build = dockerCommand(line.words, cwd) ?? gcloudCommand(line.words, cwd, input.tree);
    return build ? [build] : [];
  });
  const fitting = builds.filter((build) => fits(build, input.tree));
  const build = fitting[0] ?? builds[0];
  if (!build) return null;
  // Where the directory is a guess and nothing fits, the guess is wrong rather than the path.
  if (cwds.length > 1 && fitting.length === 0 && !input.firstIsLikely) return null;
  const tag = build.tags[0]?.replace(/[:@][^/]*$/, "") ?? "";
  return {
    name: tag !== "" && !/[$`{}]/.test(tag) ? tag : input.name,
    tags: build.tags,
    origin: build.upload ? "cloudbuild" : input.origin,
    at: input.locate(line.start, line.end),
    context: build.context,
    dockerfile: build.dockerfile,
    ...(build.dockerfileUnknown ? { dockerfileUnknown: build.dockerfileUnknown } : {}),
    target: build.target,
    args: build.args,
    argsOpen: build.argsOpen,
    namedContexts: build.namedContexts,
    ...(build.builder ? { builder: build.builder } : {}),
    upload: build.upload ?? null,
    ciOnly: input.ciOnly,
    madeBefore: made ? [""] : [],
  };
}

function fits(build: CommandBuild, tree: FileTree): boolean {
  if (build.context.kind === "unknown") return build.dockerfile !== null && tree.has(build.dockerfile);
  const { path } = build.context;
  const dockerfile = build.dockerfile ?? (path === "" ? "Dockerfile" : `${path}/Dockerfile`);
  return tree.has(dockerfile) && (path === "" || tree.hasDirectory(path));
}

/** A directory below another, as `working-directory` and `-C` write it; null when not known. */
export function directoryBelow(base: RepoPath, text: string): Cwd {
  return /[$`{}]/.test(text) ? null : text.startsWith("/") ? null : inRepository(base, text);
}
