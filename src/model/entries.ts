import type { EntryModel, EntryPoint, SearchRoot } from "../types/entry.ts";
import type { Build, CommandPart, Image } from "../types/image.ts";
import type { ModelInput, ModelProvider } from "../types/model.ts";
import type { Location } from "../types/text.ts";
import { type Excuse, excuses } from "./compose/missing-paths.ts";
import { makeWalk } from "./entry/commands.ts";
import { editableRoots } from "./entry/editable-roots.ts";
import { entryFacts } from "./entry/facts.ts";
import { type ManifestRun, manifestRun } from "./entry/manifests.ts";
import { imagePlaces, joinPath, type Places } from "./entry/places.ts";
import { home, pointOf } from "./entry/point.ts";
import { runPython } from "./entry/python.ts";
import { addPythonFile } from "./entry/python-modules.ts";
import { packagePoints, procfilePoints } from "./entry/repository-points.ts";
import { addScript, typescriptEndings } from "./entry/script-files.ts";
import { type EntryFacts, type Situation, type Walk, within } from "./entry/walk.ts";
import { splitWords, type Word } from "./entry/words.ts";
import { installsProject } from "./image/installs.ts";
import { lambdaRuntime } from "./image/scope.ts";
import { distributionReader } from "./python/distributions.ts";

type Input = ModelInput<"images" | "containers">;

/** Every process that the repository defines: the command of each image, processes of a Procfile, `start` of a package outside any image. */
export const entriesProvider: ModelProvider<"entries", "images" | "containers"> = {
  needs: ["images", "containers"],
  facts: ["data", "shell", "ini", "procfile", "lines", "toml"],
  build(input): EntryModel {
    const { files } = input;
    const facts = entryFacts(input.facts);
    const points = input.known.images.images.flatMap((image) => imagePoints(image, input, facts));
    points.push(...containerPoints(input, facts));
    points.push(...procfilePoints(files, facts, excuseIn(input)), ...packagePoints(files, facts, points));
    return { points };
  },
  isEmpty: (model) => model.points.length === 0,
};

/**
 * The working directory of a base image that is not read: where the whole context is copied to, if the command names something that lies
 * there. From anywhere else it could not start.
 */
function likelyWorkdir({ copies, command, context, files }: Image): string | null {
  const roots = new Set(
    copies.flatMap(({ final, destination, sources }) =>
      final && sources.some((one) => one.from === "context" && one.source === context.root && !one.glob)
        ? [destination.path]
        : [],
    ),
  );
  const [root] = roots;
  if (roots.size !== 1 || !root?.startsWith("/")) return null;
  const directory = joinPath("/", root);
  const words = [command.entrypoint, command.cmd]
    .flatMap((part) => part?.words ?? [])
    .flatMap(({ text }) => text.split(/\s+/));
  const isThere = (path: string): boolean => files.answer(joinPath(directory, path)).status === "present";
  return words.some(
    (word) =>
      (/^(?:npm|yarn|pnpm)$/.test(word) && isThere("package.json")) ||
      (/^[\w./-]+\.\w+$/.test(word) && !word.startsWith("/") && isThere(word)) ||
      (/^[\w.]+:[\w.]+$/.test(word) && isThere(`${word.split(":")[0]!.replaceAll(".", "/")}.py`)),
  )
    ? directory
    : null;
}

function imagePoints(image: Image, input: Input, facts: EntryFacts): EntryPoint[] {
  if (image.final === null) return [];
  const cwd = image.workdir ?? likelyWorkdir(image);
  const workdir = cwd ?? "/";
  const env = new Map(image.environment);
  for (const [name, value] of image.build.run?.environment ?? []) env.set(name, value);
  const walk = walkIn(image, input, facts);
  const situation: Situation = { ...home, cwd, env };
  const { id, name } = image.build;
  const point = (at: Location, command: string, origin: EntryPoint["origin"]): EntryPoint =>
    pointOf(walk, { name, build: id, image: name, origin, at, command, workdir });
  const configured = image.build.config?.entry;
  if (configured !== undefined) {
    const at = input.config.locate(["images", image.build.name, "entry"]);
    const entries = typeof configured === "string" ? [configured] : configured;
    const unfound = entries.filter((text) => {
      const before = walk.parts.length;
      runConfigured({ text, known: true, at }, situation, walk);
      return walk.parts.length === before;
    });
    return [{ ...point(at, entries.join(" "), "config"), unfound }];
  }
  const { entrypoint, cmd } = image.command;
  const part = entrypoint ?? cmd;
  const origin = part?.origin === "compose" ? "compose" : "image";
  if (!part) {
    walk.unchecked.push("the base image's command starts it");
    const at = image.final.at;
    return [point(at, "", "image")];
  }
  if (entrypoint?.form === "shell" && entrypoint.origin !== "compose")
    runShellForm(entrypoint, { ...situation, parameters: cmd ? asArguments(cmd, image) : [] }, walk);
  else if (entrypoint) walk.run([...wordsOf(entrypoint), ...(cmd ? asArguments(cmd, image) : [])], situation);
  else if (cmd?.form === "shell" && cmd.origin !== "compose") runShellForm(cmd, situation, walk);
  else if (cmd) runCommand(wordsOf(cmd), lambdaRuntime(baseOf(image)), situation, walk);
  const command = [entrypoint, entrypoint?.form === "shell" ? null : cmd]
    .flatMap((one) => one?.words.map((word) => word.text) ?? [])
    .join(" ");
  return [point(part.at, command, origin)];
}

/** CMD of an image without an ENTRYPOINT of its own: in AWS's images for Lambda functions it names the handler. */
function runCommand(
  words: readonly Word[],
  lambda: ReturnType<typeof lambdaRuntime>,
  situation: Situation,
  walk: Walk,
): void {
  const [handler] = words;
  if (!handler || lambda === null) walk.run(words, situation);
  else if (lambda === "python") runPython("awslambdaric", handler, words, situation, walk);
  else addScript(walk, situation, { ...handler, text: handler.text.replace(/\.[^./]*$/, "") }, [".js", ".mjs", ".cjs"]);
}

/** The image that the final stage stands on, through the stages it starts from. */
function baseOf(image: Image): string | null {
  let stage = image.final;
  while (stage && stage.parent !== null) stage = image.stages[stage.parent] ?? null;
  return stage?.base ?? null;
}

/** Why the machine may have what the repository lacks; what says so is read when it is first asked. */
function excuseIn({ files, facts }: Input): Excuse {
  let excuse: Excuse | null = null;
  return (path) => {
    excuse ??= excuses(files, facts);
    return excuse(path);
  };
}

/** A walk over what commands start in this image, with `mounts` hiding what they lie over. */
function walkIn(image: Image, input: Input, facts: EntryFacts, mounts: readonly string[] = []): Walk {
  const places = imagePlaces(image, input.files, mounts, excuseIn(input));
  return makeWalk({
    places,
    files: input.files,
    facts,
    pythonPath: [
      ...pythonPathOf(image, places, image.workdir ?? "/"),
      ...editableRoots(image, places, distributionReader(input.files, input.facts)),
    ],
    installed: installsProject(image),
  });
}

/** Containers with a command of their own, and images whose own command only a container runs: compose has another for them. */
function containerPoints(input: Input, facts: EntryFacts): EntryPoint[] {
  const own = ({ run }: Build) => run === null || (run.entrypoint === null && run.command === null);
  const seen = new Set(input.known.images.images.flatMap(({ build }) => (own(build) ? [build.id] : [])));
  return input.known.containers.containers.flatMap((one) => {
    if (one.by === "likeness") return [];
    const run = manifestRun(one);
    if (run) return [manifestPoint(run, input, facts)];
    const { id } = one.image.build;
    if (seen.has(id)) return [];
    seen.add(id);
    return imagePoints(one.image, input, facts).map((point) => ({
      ...point,
      name: one.name,
      origin: "kubernetes" as const,
    }));
  });
}

/** A container of a manifest: its command and arguments in the place of the image's. */
function manifestPoint(run: ManifestRun, input: Input, facts: EntryFacts): EntryPoint {
  const { image } = run;
  const workdir = image.workdir ?? "/";
  const walk = walkIn(image, input, facts, run.mounts);
  const situation: Situation = {
    ...home,
    cwd: image.workdir,
    env: new Map([...image.environment, ...run.environment]),
  };
  const { entrypoint } = image.command;
  const args = run.args ?? [];
  const command = run.command ?? (entrypoint?.form === "exec" ? wordsOf(entrypoint) : []);
  // A shell-form ENTRYPOINT drops whatever arguments it is given.
  if (run.command === null && entrypoint?.form === "shell") runShellForm(entrypoint, situation, walk);
  else walk.run([...command, ...args], situation);
  return pointOf(walk, {
    name: run.name,
    build: image.build.id,
    image: image.build.name,
    origin: "kubernetes",
    at: run.at,
    command: [...command, ...args].map((word) => word.text).join(" "),
    workdir,
  });
}

/** `images.*.entry`: `app.main:app`, `app/main.py`, `src/server.js`. */
function runConfigured(word: Word, situation: Situation, walk: Walk): void {
  if (/\.[cm]?[jt]sx?$/.test(word.text)) addScript(walk, situation, word, typescriptEndings);
  else if (word.text.endsWith(".py")) addPythonFile(walk, situation, word);
  else runPython("uvicorn", word, [word], situation, walk);
}

function wordsOf(part: CommandPart): Word[] {
  if (part.form === "shell") {
    // Compose splits a string itself; no shell runs it.
    return part.words.flatMap((word) =>
      splitWords(word.text, (start, end) => within({ path: part.at.path, ...word.range }, start, end)),
    );
  }
  return part.words.map((word) => ({ text: word.text, known: true, at: { path: part.at.path, ...word.range } }));
}

/** CMD as the arguments of an exec-form ENTRYPOINT: a shell form becomes `/bin/sh -c text`. */
function asArguments(part: CommandPart, image: Image): Word[] {
  if (part.form === "exec" || part.origin === "compose") return wordsOf(part);
  const text = part.words[0];
  if (!text) return [];
  const at = { path: part.at.path, ...text.range };
  const shell = image.command.shell.length > 0 ? image.command.shell : ["/bin/sh", "-c"];
  return [...shell.map((word) => ({ text: word, known: true, at })), { text: text.text, known: true, at }];
}

function runShellForm(part: CommandPart, situation: Situation, walk: Walk): void {
  const word = part.words[0];
  if (!word) return;
  const at = { path: part.at.path, ...word.range };
  // CMD comes after `sh -c TEXT`, and so from $0 on: `ENTRYPOINT start.sh $0 $@`. Blanks keep the places.
  const text = word.text.replace(/\$0(?=\s+"?\$[@*])/g, "  ");
  walk.runText(text, (start, end) => within(at, start, end), situation);
}

function pythonPathOf(image: Image, places: Places, workdir: string): SearchRoot[] {
  return (image.build.config?.["python-path"] ?? []).map((directory) => {
    const path = joinPath(workdir, directory);
    return { image: path, repository: places.repositoryOf(path)[0] ?? null, from: "config" };
  });
}
