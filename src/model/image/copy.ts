import { heredocName } from "../../sources/dockerfile.ts";
import { parseIgnorePatterns } from "../../sources/dockerignore.ts";
import { createIgnoreMatcher } from "../../sources/dockerignore-walk.ts";
import { absolute, baseName } from "../../text/paths.ts";
import type { Instruction, Word } from "../../types/dockerfile.ts";
import type {
  ArchiveReader,
  ContextAnswer,
  CopyOrigin,
  CopySource,
  CopyStep,
  SourceMaking,
} from "../../types/image.ts";
import type { Location, Range, RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import type { LinkedContextView } from "./context-view.ts";
import { type Directories, matchGlob, splitGlob } from "./copy-glob.ts";
import { type Layer, type StageFiles, stageFiles } from "./image-files.ts";
import { below, hasWildcard, join } from "./paths.ts";
import { expand, isBaseDirectory, type Scope } from "./scope.ts";

/** Where a COPY reads from. */
export type CopyFrom =
  | { kind: "context"; view: LinkedContextView }
  | { kind: "named"; view: LinkedContextView }
  | { kind: "stage"; index: number; files: StageFiles }
  | { kind: "image"; reason: string };

export interface CopyInput {
  instruction: Instruction;
  from: CopyFrom;
  scope: Scope;
  /** Null: not known. */
  workdir: string | null;
  /** Of the stage so far. */
  layers: readonly Layer[];
  /** Whether the stage starts from an image that is not read. */
  open: boolean;
  tree: FileTree;
  archives: ArchiveReader;
  /** Who may make a source that the repository lacks. */
  making(source: RepoPath): SourceMaking | null;
  stage: number;
  locate(range: Range): Location;
}

/** What a COPY or ADD does: the step for the rules, and the layers that it adds to its stage. */
export function evaluateCopy(input: CopyInput): { step: Omit<CopyStep, "final" | "needed">; layers: Layer[] } {
  const { instruction } = input;
  const keyword = instruction.keyword === "ADD" ? "ADD" : "COPY";
  const at = input.locate(instruction.range);
  const by: CopyOrigin = { at, stage: input.stage };
  const words = instruction.words.slice(0, -1);
  const last = instruction.words.at(-1) ?? { text: ".", range: instruction.range };
  const destination = expandDestination(last, input);
  const flag = (name: string): string | null => instruction.flags.find((one) => one.name === name)?.value ?? null;
  const isOn = (name: string): boolean =>
    instruction.flags.some((one) => one.name === name && (one.value === null || one.value.toLowerCase() === "true"));
  const excludes = instruction.flags.flatMap((one) =>
    one.name === "exclude" && one.value !== null ? [one.value] : [],
  );
  const placing = makePlacing(input, destination, by, isOn("link"));
  const reading: Reading = {
    ...input,
    by,
    placing,
    parents: isOn("parents"),
    unpack: flag("unpack") === "false" ? false : keyword === "ADD" || isOn("unpack"),
    excludes,
    takes: excludes.length > 0 ? excludeTest(excludes) : null,
    flattened: [],
  };
  const sources = words.map((word) => readSource(word, reading));
  const step = {
    keyword,
    at,
    stage: input.stage,
    sources,
    destination: { word: last, at: input.locate(last.range), path: destination.path, directory: destination.directory },
    collisions: placing.collisions(),
    flattened: reading.flattened,
    parents: reading.parents,
    excludes,
    chmod: flag("chmod"),
  } as const;
  return { step, layers: placing.layers };
}

interface Destination {
  path: string | null;
  /** Written as a directory: ends in `/`, `/.` or is `.`. */
  directory: boolean;
}

function expandDestination(word: Word, input: CopyInput): Destination {
  const { text } = expand(word.text, input.scope);
  if (text === null) return { path: null, directory: false };
  const directory =
    text === "" || text === "." || text.endsWith("/") || text.endsWith("/.") || text.endsWith("/..") || text === "..";
  if (text.startsWith("/")) return { path: absolute("/", text), directory };
  return { path: input.workdir === null ? null : absolute(input.workdir, text), directory };
}

/** Puts files and directories at the destination, one after the other, as the builder does. */
interface Placing {
  layers: Layer[];
  file(name: string, source: RepoPath | null, link: string | null): void;
  context(view: LinkedContextView, directory: RepoPath, takes: Takes): void;
  stage(files: StageFiles, directory: string, takes: Takes): void;
  unknown(name: string | null, reason: string, sourceless?: boolean): void;
  /** A directory of the given files, from an archive. */
  members(names: readonly string[]): void;
  /** Makes the destination a directory. */
  directory(): void;
  collisions(): CopyStep["collisions"];
}

type Takes = ((path: string) => boolean) | null;

function makePlacing(input: CopyInput, destination: Destination, by: CopyOrigin, fresh: boolean): Placing {
  const layers: Layer[] = [];
  const before = stageFiles(input.layers);
  const landed = new Map<string, RepoPath>();
  const collisions: { path: string; first: RepoPath; second: RepoPath; merged: boolean }[] = [];
  const root = destination.path === null ? null : fresh ? destination.path : before.resolve(destination.path);
  let isDirectory = destination.directory;
  let mayBeDirectory = false;
  if (root !== null && !isDirectory) {
    const there = fresh ? null : before.answer(root);
    if (there?.status === "directory") isDirectory = true;
    else if (there?.status === "unknown" || (there?.status === "absent" && input.open)) {
      if (isBaseDirectory(root)) isDirectory = true;
      // A destination named like a file is a file.
      else mayBeDirectory = !/\.\w+$/.test(root);
    }
  }
  const land = (path: string, source: RepoPath | null, merged = false): void => {
    if (source === null) return;
    const first = landed.get(path);
    if (first !== undefined && first !== source) {
      const blobs = [first, source].map((one) => input.tree.get(one)?.blob ?? one);
      if (blobs[0] !== blobs[1]) collisions.push({ path, first, second: source, merged });
    }
    landed.set(path, source);
  };
  const lost = (): void => {
    layers.push({
      kind: "unknown",
      at: "/",
      names: null,
      reason: "the destination of a COPY is not known",
      place: by.at,
    });
  };
  const trees: { path: string; list(): readonly (readonly [string, RepoPath | null])[] }[] = [];
  return {
    layers,
    file(name, source, link) {
      if (root === null) return lost();
      const path = isDirectory ? join(root, name) : root;
      land(path, source);
      layers.push({ kind: "file", at: path, source, link, by, ...(fresh && path === root ? { replaces: true } : {}) });
      if (mayBeDirectory)
        layers.push({
          kind: "unknown",
          at: join(root, name),
          names: null,
          reason: "the destination may be a directory of the base image",
          place: by.at,
        });
    },
    context(view, directory, takes) {
      if (root === null) return lost();
      layers.push({ kind: "context", at: root, view, directory, takes, by });
      isDirectory = true;
      trees.push({
        path: root,
        list: () =>
          view.files(directory).flatMap((source) => {
            const rest = below(directory, source)!;
            return !takes || takes(rest) ? [[join(root, rest), source] as const] : [];
          }),
      });
    },
    stage(files, directory, takes) {
      if (root === null) return lost();
      layers.push({ kind: "stage", at: root, files, directory, takes, by });
      isDirectory = true;
    },
    unknown(name, reason, sourceless = false) {
      if (root === null) return lost();
      layers.push({
        kind: "unknown",
        at: name !== null && isDirectory ? join(root, name) : root,
        names: null,
        reason,
        place: by.at,
        ...(sourceless ? { sourceless } : {}),
      });
    },
    members(names) {
      if (root === null) return lost();
      layers.push({ kind: "directory", at: root });
      for (const name of names) {
        if (name.endsWith("/")) layers.push({ kind: "directory", at: absolute(root, name) });
        else layers.push({ kind: "file", at: absolute(root, name), source: null, link: null, by });
      }
      isDirectory = true;
    },
    directory() {
      if (root !== null) layers.push({ kind: "directory", at: root });
      isDirectory = true;
    },
    collisions() {
      // Two trees in one COPY are compared file by file; one tree alone cannot collide with itself.
      if (trees.length > 1 || (trees.length === 1 && landed.size > 0))
        for (const tree of trees) for (const [path, source] of tree.list()) land(path, source, true);
      return collisions;
    },
  };
}

interface Reading extends CopyInput {
  by: CopyOrigin;
  placing: Placing;
  parents: boolean;
  unpack: boolean;
  excludes: readonly string[];
  takes: Takes;
  flattened: RepoPath[];
}

function readSource(word: Word, reading: Reading): CopySource {
  const { placing, from } = reading;
  const at = reading.locate(word.range);
  const fromStage = from.kind === "stage" ? from.index : null;
  const base = { word, at, fromStage, source: null, matches: [], why: null, making: null, lost: [] };
  const heredoc = reading.instruction.form === "shell" ? heredocName(word.text) : null;
  if (heredoc !== null) {
    placing.file(baseName(heredoc), null, null);
    return { ...base, path: heredoc, glob: false, from: "generated", status: "found" };
  }
  const { text, doubtful } = expand(word.text, reading.scope);
  if (text === null) {
    placing.unknown(null, `${word.text} is not known`);
    return { ...base, path: null, glob: false, from: from.kind, status: "unknown" };
  }
  if (reading.instruction.keyword === "ADD" && isRemote(text)) {
    if (isGit(text)) placing.unknown(null, "a git repository is added");
    else if (reading.instruction.flags.some((one) => one.name === "unpack" && one.value !== "false"))
      placing.unknown(null, "a downloaded archive is unpacked");
    else
      placing.file(baseName(text.replace(/[?#].*$/, "").replace(/^https?:\/\/[^/]*/, "")) || "__unnamed__", null, null);
    return { ...base, path: text, glob: false, from: "generated", status: "found" };
  }
  if (from.kind === "image") {
    placing.unknown(null, from.reason);
    return { ...base, path: text, glob: hasWildcard(text), from: "image", status: "unknown" };
  }
  const read = from.kind === "stage" ? readInStage(text, from.files, reading) : fromContext(text, from.view, reading);
  const status = read.status === "missing" && doubtful ? "unknown" : read.status;
  return { ...base, path: text, glob: hasWildcard(text), from: from.kind, ...read, status };
}

function isRemote(text: string): boolean {
  return /^(https?|git|ssh):\/\//.test(text) || /^git@[^:/]+:/.test(text);
}

function isGit(text: string): boolean {
  return /^(git|ssh):\/\/|^git@|\.git(#.*)?$|\.git\?/.test(text);
}

type Read = Pick<CopySource, "source" | "matches" | "status" | "why" | "making" | "lost">;

const FOUND: Read = { source: null, matches: [], status: "found", why: null, making: null, lost: [] };

function excludeTest(patterns: readonly string[]): Takes {
  const matcher = createIgnoreMatcher(parseIgnorePatterns(patterns).patterns);
  return (path) => !matcher.test(path).excluded;
}

/** `--parents`: what stands after the pivot is matched like a line of an ignore file, `**` included. */
function parentsTest(pattern: string, takes: Takes): Takes {
  const matcher = createIgnoreMatcher(parseIgnorePatterns([pattern]).patterns);
  return (path) => matcher.test(path).excluded && (!takes || takes(path));
}

function splitPivot(text: string): { base: string; pattern: string } {
  const pivot = text.indexOf("/./");
  if (pivot === -1) return { base: "/", pattern: absolute("/", text).slice(1) };
  return { base: text.slice(0, pivot) || "/", pattern: absolute("/", text.slice(pivot + 3)).slice(1) };
}

function fromContext(text: string, view: LinkedContextView, reading: Reading): Read {
  if (view.root === null) {
    reading.placing.unknown(null, "the build context is not known");
    return { ...FOUND, status: "unknown" };
  }
  const root = view.root;
  if (reading.parents) return parentsFromContext(text, view, reading);
  const relative = absolute("/", text).slice(1);
  const source = join(root, relative);
  const directories: Directories = {
    children: (path) => view.children(path),
    isDirectory: (path) => view.kindOf(path) === "directory",
  };
  if (!hasWildcard(relative)) {
    const read = takeFromContext(source, view, reading);
    return { ...FOUND, source, matches: read === null ? [source] : [], ...read };
  }
  const { base, pattern } = splitGlob(relative);
  const start = view.resolve(join(root, base));
  if (start === null) return { ...FOUND, source, status: "unknown" };
  const matches = matchGlob(start, pattern, directories);
  for (const match of matches) {
    if (view.kindOf(view.resolve(match) ?? match) === "directory") reading.flattened.push(match);
    takeFromContext(match, view, reading);
  }
  if (matches.length > 0) return { ...FOUND, source, matches };
  if (view.answer(start).status === "unknown" || view.kindOf(start) === "submodule")
    return { ...FOUND, source, status: "unknown" };
  const everything: Directories = {
    children: (path) => reading.tree.children(path),
    isDirectory: (path) => reading.tree.hasDirectory(path),
  };
  const lost = matchGlob(start, pattern, everything).map((path) => ({ path, why: view.answer(path) }));
  const unsure = lost.some((one) => one.why.status === "unknown" || one.why.status === "present");
  // `COPY target/*.jar`: whoever makes the directory makes what matches; else a file of the glob's own text is asked for.
  const gone = base !== "" && view.answer(start).status === "absent";
  const making = lost.length > 0 ? null : ((gone ? reading.making(start) : null) ?? reading.making(source));
  if (making) reading.placing.unknown(null, making.text);
  return {
    ...FOUND,
    source,
    status: unsure || making?.kind === "definition" ? "unknown" : "missing",
    making,
    lost,
    why: base === "" ? null : view.answer(start),
  };
}

/** Copies one path of the context; null when it is there, else why not. */
function takeFromContext(
  source: RepoPath,
  view: LinkedContextView,
  reading: Reading,
): Pick<Read, "status" | "why" | "making"> | null {
  const { placing } = reading;
  const resolved = view.resolve(source);
  if (resolved === null) return { status: "unknown", why: null, making: null };
  const own: ContextAnswer = resolved === source ? view.answer(source) : firstGone(source, resolved, view);
  if (own.status !== "present") {
    if (own.status === "unknown") placing.unknown(baseName(source), own.reason);
    const making = own.status === "absent" ? reading.making(source) : null;
    // Whether what is made is a file or a directory, whose contents land here, shows in its name at best.
    if (making) placing.unknown(/\.\w/.test(baseName(source)) ? baseName(source) : null, making.text);
    const unsure = own.status === "unknown" || making?.kind === "definition";
    return { status: unsure ? "unknown" : "missing", why: own, making };
  }
  const kind = view.kindOf(resolved);
  if (kind === "submodule") {
    placing.unknown(null, `${resolved} is a submodule`);
    return { status: "unknown", why: null, making: null };
  }
  if (kind === "directory") {
    placing.context(view, resolved, reading.takes);
    return null;
  }
  if (reading.unpack) {
    const archive = reading.archives.read(resolved);
    if (archive.kind === "archive") {
      if (archive.members === null) {
        placing.directory();
        placing.unknown(null, `${resolved} is unpacked`);
      } else placing.members(archive.members);
      return null;
    }
    if (archive.kind === "unknown") {
      placing.unknown(null, archive.reason);
      return { status: "unknown", why: null, making: null };
    }
  }
  const name = baseName(source) || baseName(resolved);
  // --exclude is matched below a source that is a directory; a source that is itself a file stays, whatever its name (seen in builds).
  placing.file(name, resolved, null);
  return null;
}

/** Of a path through links: the answer for the link itself, and then for where it leads. */
function firstGone(source: RepoPath, resolved: RepoPath, view: LinkedContextView): ContextAnswer {
  if (view.kindOf(source) === "link") {
    const own = view.answer(source);
    if (own.status !== "present") return own;
  }
  return view.answer(resolved);
}

function parentsFromContext(text: string, view: LinkedContextView, reading: Reading): Read {
  const { placing } = reading;
  const root = view.root ?? "";
  const { base, pattern } = splitPivot(text);
  const relative = absolute("/", base).slice(1);
  const literal = !hasWildcard(base) && !hasWildcard(pattern);
  const source = join(root, join(relative, pattern));
  const { base: fixed, pattern: wild } = splitGlob(relative);
  const start = view.resolve(join(root, fixed));
  if (start === null) return { ...FOUND, source, status: "unknown" };
  const bases =
    wild.length === 0
      ? [start]
      : matchGlob(start, wild, {
          children: (path) => view.children(path),
          isDirectory: (path) => view.kindOf(path) === "directory",
        });
  const takes = parentsTest(pattern, reading.takes);
  for (const one of bases) {
    if (view.kindOf(one) === "directory") placing.context(view, one, takes);
    else if (view.answer(one).status === "present") placing.file(baseName(one), one, null);
  }
  placing.directory();
  if (literal) {
    if (reading.takes && pattern !== "" && !reading.takes(pattern)) return { ...FOUND, source, status: "missing" };
    const resolved = view.resolve(source) ?? source;
    const why = view.answer(resolved);
    if (why.status === "present") return { ...FOUND, source, matches: [source] };
    return { ...FOUND, source, status: why.status === "unknown" ? "unknown" : "missing", why };
  }
  const matches = bases.flatMap((one) => view.files(one).filter((file) => takes!(below(one, file) ?? "")));
  if (matches.length > 0) return { ...FOUND, source, matches };
  return {
    ...FOUND,
    source,
    status: bases.some((one) => view.answer(one).status === "unknown") ? "unknown" : "missing",
  };
}

function readInStage(text: string, files: StageFiles, reading: Reading): Read {
  const { placing } = reading;
  const directories: Directories = {
    children: (path) => files.children(path === "" ? "/" : path),
    isDirectory: (path) => files.answer(path).status === "directory",
  };
  const take = (path: string): Read["status"] => {
    const resolved = files.resolve(path);
    const said = files.answer(resolved);
    if (said.status === "present") {
      placing.file(baseName(path), said.file.source, said.file.link ?? null);
      return "found";
    }
    if (said.status === "directory") {
      placing.stage(files, resolved, reading.takes);
      return "found";
    }
    if (said.status === "absent" && said.claim === "any") return "missing";
    const reason = said.status === "unknown" ? said.reason : `${path} is made by a RUN of another stage`;
    placing.unknown(null, reason, files.isSourceless(resolved));
    return "unknown";
  };
  const glob = (path: string): string[] => {
    const { base, pattern } = splitGlob(path);
    return pattern.length === 0 ? [absolute("/", base)] : matchGlob(files.resolve(`/${base}`), pattern, directories);
  };
  if (reading.parents) {
    const { base, pattern } = splitPivot(text);
    const takes = parentsTest(pattern, reading.takes);
    placing.directory();
    for (const one of glob(absolute("/", base))) {
      const said = files.answer(one);
      if (said.status === "directory") placing.stage(files, one, takes);
      else if (said.status !== "absent" || said.claim !== "any") placing.unknown(null, "another stage makes it");
    }
    return FOUND;
  }
  const path = absolute("/", text);
  if (!hasWildcard(path)) return { ...FOUND, status: take(path) };
  const matches = glob(path);
  for (const match of matches) take(match);
  // A RUN of the other stage may have made more that matches.
  const parent = absolute("/", splitGlob(path).base);
  const said = files.answer(parent);
  const open =
    said.status !== "directory" || files.layers.some((layer) => layer.kind === "command" || layer.kind === "base");
  if (open && (said.status !== "absent" || said.claim !== "any"))
    placing.unknown(null, "another stage may make more that matches");
  return { ...FOUND, status: matches.length > 0 ? "found" : "unknown" };
}
