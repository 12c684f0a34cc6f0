import { positionAt } from "../text/positions.ts";
import type { DataNode } from "../types/data.ts";
import type { EntryModel, EntryPoint, SearchRoot } from "../types/entry.ts";
import type { Build, CommandPart, Image } from "../types/image.ts";
import type { ModelInput, ModelProvider } from "../types/model.ts";
import type { Location, RepoPath } from "../types/text.ts";
import { type Excuse, excuses } from "./compose/missing-paths.ts";
import { makeWalk, within } from "./entry/commands.ts";
import { appsInCode } from "./entry/ecosystem.ts";
import { editableRoots } from "./entry/editable-roots.ts";
import { type ManifestRun, manifestRun } from "./entry/manifests.ts";
import { runScript } from "./entry/packages.ts";
import { imagePlaces, joinPath, type Places, repositoryPlaces } from "./entry/places.ts";
import { runPython } from "./entry/python.ts";
import { addPythonFile, holdsPackage } from "./entry/python-modules.ts";
import { addScript, typescriptEndings } from "./entry/script-files.ts";
import { commandsOf } from "./entry/scripts.ts";
import type { EntryFacts, ProcessApp, Situation, Walk } from "./entry/walk.ts";
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
    const facts = readerOf(input);
    const points = input.known.images.images.flatMap((image) => pointOf(image, input, facts));
    points.push(...containerPoints(input, facts));
    points.push(...procfilePoints(input, facts), ...packagePoints(input, facts, points));
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

function pointOf(image: Image, input: Input, facts: EntryFacts): EntryPoint[] {
  if (image.final === null) return [];
  const cwd = image.workdir ?? likelyWorkdir(image);
  const workdir = cwd ?? "/";
  const env = new Map(image.environment);
  for (const [name, value] of image.build.run?.environment ?? []) env.set(name, value);
  const walk = walkIn(image, input, facts);
  const situation: Situation = {
    cwd,
    env,
    parameters: [],
    role: "process",
    chain: [],
    conditional: false,
    optional: false,
    depth: 0,
  };
  const point = (at: Location, command: string, origin: EntryPoint["origin"]): EntryPoint => ({
    name: image.build.name,
    build: image.build.id,
    image: image.build.name,
    origin,
    at,
    command,
    workdir,
    parts: walk.parts,
    unchecked: uncheckedOf(walk),
    unknown: walk.unknown,
    variables: [...walk.variables],
    setters: [...walk.setters],
  });
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
    return pointOf(one.image, input, facts).map((point) => ({
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
  return {
    name: run.name,
    build: image.build.id,
    image: image.build.name,
    origin: "kubernetes",
    at: run.at,
    command: [...command, ...args].map((word) => word.text).join(" "),
    workdir,
    parts: walk.parts,
    unchecked: uncheckedOf(walk),
    unknown: walk.unknown,
    variables: [...walk.variables],
    setters: [...walk.setters],
  };
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

function uncheckedOf(walk: Walk): string | null {
  const hasCode = walk.parts.some((part) => part.language === "python" || part.language === "javascript");
  return hasCode || walk.unchecked.length === 0 ? null : walk.unchecked.join("; ");
}

function pythonPathOf(image: Image, places: Places, workdir: string): SearchRoot[] {
  return (image.build.config?.["python-path"] ?? []).map((directory) => {
    const path = joinPath(workdir, directory);
    return { image: path, repository: places.repositoryOf(path)[0] ?? null, from: "config" };
  });
}

const home: Situation = {
  cwd: "/",
  env: new Map(),
  parameters: [],
  role: "process",
  chain: [],
  conditional: false,
  optional: false,
  depth: 0,
};

function procfilePoints(input: Input, facts: EntryFacts): EntryPoint[] {
  const points: EntryPoint[] = [];
  const places = repositoryPlaces(input.files, excuseIn(input));
  for (const entry of input.files.entries) {
    if (entry.ignored || !entry.path.endsWith("Procfile") || !/(?:^|\/)Procfile$/.test(entry.path)) continue;
    const directory = entry.path.slice(0, -"/Procfile".length);
    for (const line of facts.procfile(entry.path) ?? []) {
      const walk = makeWalk({
        places,
        files: input.files,
        facts,
        pythonPath: [],
        installed: false,
      });
      const workdir = joinPath("/", directory);
      walk.runText(line.command, (start, end) => within(line.at, start, end), { ...home, cwd: workdir });
      for (const part of walk.parts)
        if (part.presence === "absent" && part.module !== null && !holdsPackage(part.module, part.roots, places)) {
          part.presence = "unknown";
          part.reason = "its package may be an installed one";
        }
      points.push({
        name: `${entry.path}:${line.name}`,
        build: null,
        image: null,
        origin: "procfile",
        at: line.at,
        command: line.command,
        workdir,
        parts: walk.parts,
        unchecked: uncheckedOf(walk),
        unknown: walk.unknown,
        variables: [...walk.variables],
        setters: [...walk.setters],
      });
    }
  }
  return points;
}

/** Whether a command that could not be followed names a path that ends in this one: `node ./dist/server/index.js` of `server/index.js`. */
function isOutputOf(main: string, known: readonly EntryPoint[]): boolean {
  const ending = `/${main.replace(/^\.\//, "")}`;
  return known.some(
    ({ parts, command }) => parts.length === 0 && command.split(/\s+/).some((word) => word.endsWith(ending)),
  );
}

const aside = /(?:^|\/)(?:node_modules|examples?|test|tests|__tests__|fixtures?|templates?|docs|benchmarks?)\//;

/** `start` of each package.json whose folder no image starts from, else its `main`. */
function packagePoints(input: Input, facts: EntryFacts, known: readonly EntryPoint[]): EntryPoint[] {
  const started = new Set<RepoPath>();
  for (const point of known) {
    for (const part of point.parts) {
      const path = part.path ?? part.builtFrom;
      if (part.language === "javascript" && path !== null) started.add(path);
    }
  }
  const points: EntryPoint[] = [];
  for (const entry of input.files.entries) {
    if (!entry.path.endsWith("package.json") || entry.ignored) continue;
    if (!/(?:^|\/)package\.json$/.test(entry.path) || aside.test(entry.path)) continue;
    const directory = entry.path.slice(0, -"/package.json".length);
    const data = facts.json(entry.path);
    const root = data?.root.kind === "map" ? data.root : null;
    if (!data || !root) continue;
    const value = (map: DataNode | undefined, key: string) =>
      map?.kind === "map" ? map.entries.find((one) => one.key.value === key)?.value : undefined;
    const start = value(value(root, "scripts"), "start");
    const main = directory === "" ? value(root, "main") : undefined;
    const named = start?.kind === "scalar" ? start : main?.kind === "scalar" ? main : null;
    if (named === null || typeof named.value !== "string") continue;
    // An image whose working directory is not known starts what a build makes of it.
    if (named === main && isOutputOf(named.value, known)) continue;
    const at = data.locate(named.start, named.end);
    const walk = makeWalk({
      places: repositoryPlaces(input.files),
      files: input.files,
      facts,
      pythonPath: [],
      installed: false,
    });
    const workdir = joinPath("/", directory);
    const situation = { ...home, cwd: workdir };
    if (named === start) runScript(walk, situation, { text: "start", known: true, at }, [], workdir, false);
    else addScript(walk, situation, { text: named.value, known: true, at });
    const own = walk.parts.filter((part) => part.language === "javascript");
    if (own.every((part) => aside.test(part.path ?? part.builtFrom ?? ""))) continue;
    if (own.some((part) => started.has(part.path ?? part.builtFrom ?? ""))) continue;
    points.push({
      name: entry.path,
      build: null,
      image: null,
      origin: "package",
      at,
      command: named.value,
      workdir,
      parts: walk.parts,
      unchecked: uncheckedOf(walk),
      unknown: walk.unknown,
      variables: [...walk.variables],
      setters: [...walk.setters],
    });
  }
  return points;
}

/** The walk's view of facts: offsets become places. */
function readerOf(input: Input): EntryFacts {
  const { facts } = input;
  const locator = (path: RepoPath, lineStarts: readonly number[]) => (start: number, end: number) => ({
    path,
    start: positionAt(lineStarts, start),
    end: positionAt(lineStarts, end),
  });
  const json: EntryFacts["json"] = (path) => {
    const file = facts.get("data", path);
    const root = file?.documents[0]?.root;
    return file && root ? { root, locate: locator(path, file.lineStarts) } : null;
  };
  return {
    json,
    script(path, how) {
      const script = facts.get("shell", path);
      return script && commandsOf({ script, locate: locator(path, script.lineStarts), ...how });
    },
    interpreter(path) {
      const first = facts.get("lines", path)?.lines[0] ?? "";
      const match = /^\uFEFF?#![ \t]*(\S+)(?:[ \t]+(?:-\S+[ \t]+)*(\S+))?/.exec(first.slice(0, 300));
      const program = match?.[1]?.endsWith("/env") ? match[2] : match?.[1];
      return program?.slice(program.lastIndexOf("/") + 1) ?? null;
    },
    lines: (path) => facts.get("lines", path)?.lines ?? null,
    ini(path) {
      const file = facts.get("ini", path);
      if (!file) return null;
      const place = locator(path, file.lineStarts);
      return file.sections.map((section) => ({
        name: section.name,
        values: section.values.map(({ key, value, start, end }) => ({ key, value, at: place(start, end) })),
      }));
    },
    procfile(path) {
      const file = facts.get("procfile", path);
      if (!file) return null;
      const place = locator(path, file.lineStarts);
      return file.lines.map(({ name, command, start, end }) => ({ name, command, at: place(start, end) }));
    },
    apps(path) {
      if (/\.(?:json|ya?ml)$/.test(path)) return appsOf(json(path));
      const lines = facts.get("lines", path)?.lines;
      return lines ? appsInCode(path, lines) : null;
    },
  };
}

function appsOf(file: ReturnType<EntryFacts["json"]>): ProcessApp[] | null {
  if (!file) return null;
  const value = (node: DataNode | undefined, key: string) =>
    node?.kind === "map" ? node.entries.find((entry) => entry.key.value === key)?.value : undefined;
  const text = (node: DataNode | undefined) => (node?.kind === "scalar" ? node.text : null);
  const list = value(file.root, "apps") ?? file.root;
  const items = list.kind === "list" ? list.items : [list];
  return items.flatMap((item) => {
    const script = value(item, "script");
    if (script?.kind !== "scalar") return [];
    const args = value(item, "args");
    return {
      name: text(value(item, "name")),
      script: script.text,
      cwd: text(value(item, "cwd")),
      args: args?.kind === "list" ? args.items.map((one) => text(one) ?? "").join(" ") : text(args),
      interpreter: text(value(item, "interpreter")) ?? text(value(item, "exec_interpreter")),
      at: file.locate(script.start, script.end),
      conditional: false,
    };
  });
}
