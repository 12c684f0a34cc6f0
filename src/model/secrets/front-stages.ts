import { directoryOf } from "../../text/paths.ts";
import type { FactReader } from "../../types/facts.ts";
import type { BuildAnswer, FrontBuild, FrontEnd } from "../../types/front-build.ts";
import type { Image, RunStep, Stage } from "../../types/image.ts";
import type { RepoPath } from "../../types/text.ts";
import type { Workflow } from "../../types/workflow.ts";
import type { FileTree } from "../../types/workspace.ts";
import { sourceMakings } from "../image/made-elsewhere.ts";
import { below } from "../image/paths.ts";
import { configuredIn } from "./environments.ts";
import { type CommandPlace, frontCommand, servesFromSource } from "./front-commands.ts";
import { envFilesOf, loadedNames, mentions, namesIn } from "./front-env-files.ts";

export interface StageReading {
  files: FileTree;
  facts: FactReader;
  images: readonly Image[];
  workflows: readonly Workflow[];
  /** Names of predeploy.yml's environments. */
  environments: readonly string[];
}

/** Images of public registries that set no variable of a front end. */
const PLAIN_BASE =
  /^(?:(?:docker\.io\/)?(?:library\/)?|public\.ecr\.aws\/docker\/library\/|mirror\.gcr\.io\/(?:library\/)?)(?:node|alpine|debian|ubuntu|oven\/bun|denoland\/deno|python|golang|imbios\/bun-node|bitnami\/node|cimg\/node|guergeiro\/pnpm|nikolaik\/python-nodejs|php|ruby|openjdk|eclipse-temurin|gradle|maven|rust|nginx|fedora|rockylinux|scratch)(?:[:@]|$)/;

/** The RUNs of images that build one of the front ends. */
export function stageBuilds(frontEnds: readonly FrontEnd[], reading: StageReading): FrontBuild[] {
  const found: FrontBuild[] = [];
  for (const image of reading.images) {
    if (image.build.forDevelopment || image.syntax === null) continue;
    // What builds when it starts takes the variables of the process.
    const started = [image.command.entrypoint, image.command.cmd, image.build.run?.command ?? null]
      .flatMap((part) => part?.words ?? [])
      .map((word) => word.text)
      .join(" ");
    if (/\bbuild\b/.test(started)) continue;
    for (const run of image.runs) {
      if (!run.needed || !/\bbuild\b/.test(run.text)) continue;
      for (const frontEnd of frontEnds) {
        if (servesFromSource(started, frontEnd, finalPlace(image, reading))) continue;
        const built = stageBuild(frontEnd, image, run, reading);
        if (built) found.push(built);
      }
    }
  }
  return found;
}

/** Where the command of an image starts. */
function finalPlace(image: Image, { files, facts }: StageReading): CommandPlace {
  return {
    files,
    facts,
    cwd: image.workdir ?? "/",
    directoryAt: (path) => {
      const answer = image.files.answer(`${normal(path)}/package.json`.replace("//", "/"));
      return answer.status === "present" && answer.file.source !== null ? directoryOf(answer.file.source) : null;
    },
  };
}

function stageBuild(frontEnd: FrontEnd, image: Image, run: RunStep, reading: StageReading): FrontBuild | null {
  const { files, facts } = reading;
  const command = frontCommand(run.text, frontEnd, {
    files,
    facts,
    cwd: run.workdir ?? "/",
    directoryAt: (path) => directoryAt(normal(path), run, image),
  });
  if (!command || (!command.certain && isElsewhere(frontEnd, image, run))) return null;
  const stage = image.stages[run.stage]!;
  const lineage = lineageOf(stage, image);
  if (!lineage.every((one) => one.parent !== null || (one.base !== null && PLAIN_BASE.test(one.base)))) return null;
  const before = image.runs.filter((one) => lineage.some(({ index }) => index === one.stage) && isBefore(one, run));
  const texts = [command.text, ...before.map((one) => one.text)].join("\n");
  const sent = envFilesOf(frontEnd.directory, texts, files).filter((path) => arrives(path, frontEnd, image, run));
  const fromFiles = namesIn(sent, facts);
  const hidden = hiddenSource(frontEnd, image, run, texts, reading);
  const configuration = configurationText(frontEnd.directory, files, facts);
  const { build } = image;
  const open = [...build.args.keys()].some((name) => /[^\w.-]/.test(name)) || build.argsOpen;
  const answer = (name: string): BuildAnswer => {
    const environment = run.environment.get(name);
    const argument = run.arguments.get(name);
    if (environment === null || (environment !== undefined && environment !== "") || (argument ?? "") !== "")
      return "given";
    if (run.mounts.some((one) => one.type === "secret" && one.env === name)) return "given";
    if (argument === null || fromFiles.has(name) || mentions(texts, name)) return "given";
    if (hidden || mentions(configuration, name)) return "unknown";
    const declared = run.arguments.has(name) || environment === "";
    if (!declared) return "undeclared";
    // An argument or variable that is set to nothing on purpose.
    if (argument === "" || (environment === "" && !isTaken(name, run, image))) return "given";
    return !build.deployed || open || isNamedBeside(name, image, reading) ? "unknown" : "not-given";
  };
  const name = stage.name === null ? `stage ${stage.index}` : `the stage "${stage.name}"`;
  return {
    frontEnd,
    at: run.at,
    definition: build.origin === "search" ? null : build.at,
    where: `${name} of ${image.path ?? build.name}`,
    certain: command.certain && build.deployed,
    pushes: build.origin === "action" && pushes(image, reading.workflows),
    environments: build.deployed ? configuredIn(`${build.at.path} ${build.name}`, reading.environments) : null,
    answer,
  };
}

const normal = (path: string): string => {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
};

/** The directory of the repository whose package.json stands at a path of the image. */
function directoryAt(path: string, run: RunStep, image: Image): RepoPath | null {
  const answer = run.files.answer(path === "/" ? "/package.json" : `${path}/package.json`);
  if (answer.status === "present" && answer.file.source !== null) return directoryOf(answer.file.source);
  // What a tool cut out of the repository (`turbo prune`) stands as it stood in the context.
  return path === (run.workdir ?? "/") && answer.status === "unknown" ? image.context.root : null;
}

/** Whether the stage holds the workspace that the front end belongs to, but not the front end. */
function isElsewhere({ directory }: FrontEnd, image: Image, run: RunStep): boolean {
  const workdir = run.workdir ?? "/";
  const root = directoryAt(workdir, run, image);
  const rest = root === null ? null : below(root, directory);
  return rest !== null && run.files.answer(normal(`${workdir}/${rest}/package.json`)).status === "absent";
}

function lineageOf(stage: Stage, image: Image): Stage[] {
  const found: Stage[] = [];
  for (let one: Stage | undefined = stage; one; one = one.parent === null ? undefined : image.stages[one.parent])
    found.push(one);
  return found;
}

const isBefore = (one: RunStep, other: RunStep) =>
  one.stage < other.stage || (one.stage === other.stage && one.at.start.line < other.at.start.line);

/** Whether an env file of the repository stands in the stage when the front end is built. */
function arrives(path: RepoPath, frontEnd: FrontEnd, image: Image, run: RunStep): boolean {
  const manifest = frontEnd.directory === "" ? "package.json" : `${frontEnd.directory}/package.json`;
  if (run.files.placesOf(manifest).length > 0) return run.files.placesOf(path).length > 0;
  return image.context.answer(path).status === "present";
}

/** Whether variables may come from where no file of the repository shows them: a mounted secret, an env file that git does not hold. */
function hiddenSource(frontEnd: FrontEnd, image: Image, run: RunStep, texts: string, reading: StageReading): boolean {
  const mounts = run.mounts.filter(({ type }) => type === "secret" || type === "bind");
  if (mounts.some(({ target, source, id }) => [target, source, id].some((one) => /env\b/i.test(one ?? ""))))
    return true;
  // A script of the image may set whatever it reads from mounted secrets.
  if (
    mounts.some(({ type, env }) => type === "secret" && env === null) &&
    /\.sh\b|\bsource\b|\bset -a\b|\bxargs\b|^\s*\. /m.test(texts)
  )
    return true;
  if (/(?:>|>>|\btee\b|\bcp\b|\bmv\b|\bcurl\b|\bwget\b)[^\n;&|]*\.env\b/.test(texts)) return true;
  const directories = [frontEnd.directory, ...above(frontEnd.directory)];
  const copied = image.copies.filter((one) => one.stage <= run.stage && one.needed);
  const makings = sourceMakings(image.build, reading.files, (path) => reading.facts.get("lines", path)?.lines ?? null);
  return directories.some((directory) =>
    loadedNames(texts).some((name) => {
      const path = directory === "" ? name : `${directory}/${name}`;
      if (reading.files.has(path) || image.context.filter(path).status !== "present") return false;
      const copies = copied.some((one) =>
        one.sources.some(
          (source) =>
            source.from === "context" &&
            (source.path === null ||
              source.matches.some((match) => match === directory || match === "" || directory.startsWith(`${match}/`))),
        ),
      );
      const making = copies ? makings(path) : null;
      return making !== null && (making.kind === "definition" || !image.build.ciOnly);
    }),
  );
}

const above = (directory: RepoPath): RepoPath[] =>
  directory === "" ? [] : [directoryOf(directory), ...above(directoryOf(directory))];

/** The bundler's configuration, which may define names itself or load them from elsewhere. */
export function configurationText(directory: RepoPath, files: FileTree, facts: FactReader): string {
  const prefix = directory === "" ? "" : `${directory}/`;
  return files.entries
    .filter(
      ({ path, ignored }) =>
        !ignored &&
        path.startsWith(prefix) &&
        /^(?:next|vite|astro|svelte|vue|craco|gatsby|webpack)[\w.-]*\.config\.[cm]?[jt]s$|^gatsby-config\.[cm]?[jt]s$|^next\.config\.[\w.]+$/.test(
          path.slice(prefix.length),
        ),
    )
    .map(({ path }) => facts.get("lines", path)?.lines.join("\n") ?? "")
    .join("\n");
}

/** Whether an empty variable is one that takes its value from an argument: `ENV X=$X`. */
function isTaken(name: string, run: RunStep, image: Image): boolean {
  const stages = new Set(lineageOf(image.stages[run.stage]!, image).map((one) => one.index));
  let stage = -1;
  return (image.syntax?.instructions ?? []).some(({ keyword, words }) => {
    if (keyword === "FROM") stage++;
    return (
      keyword === "ENV" &&
      stages.has(stage) &&
      words.some(({ text }) => {
        const taken = text.startsWith(`${name}=`) ? /\$\{?(\w+)/.exec(text)?.[1] : undefined;
        return taken !== undefined && run.arguments.has(taken) && run.arguments.get(taken) === undefined;
      })
    );
  });
}

/** Whether the file that defines the build speaks of the name: a step before it may write it down for the build. */
function isNamedBeside(name: string, { build }: Image, { facts, files }: StageReading): boolean {
  if (!files.has(build.at.path)) return true;
  return (facts.get("lines", build.at.path)?.lines ?? []).some((line) => mentions(line, name));
}

function pushes({ build }: Image, workflows: readonly Workflow[]): boolean {
  const workflow = workflows.find((one) => one.path === build.at.path);
  const steps = workflow?.jobs.flatMap((job) => job.steps) ?? [];
  const step = steps.find(({ at }) => at.start.line <= build.at.start.line && build.at.start.line <= at.end.line);
  return step?.with.find((one) => one.name === "push")?.value.text === "true";
}
