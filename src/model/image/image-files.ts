import { absolute } from "../../text/paths.ts";
import type { CopyOrigin, ImageAnswer, ImageFile, ImageFiles, UnknownPath } from "../../types/image.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { LinkedContextView } from "./context-view.ts";
import { below, byCodeUnit, directoryOf, join } from "./paths.ts";

/** One thing that an instruction did to the files of a stage. Later layers win; directories merge. */
export type Layer =
  /** `replaces`: `--link` puts it there whatever stood there, a directory with all below it too. */
  | { kind: "file"; at: string; source: RepoPath | null; link: string | null; by: CopyOrigin; replaces?: boolean }
  /** The contents of a directory, placed at `at`; `takes` is asked with the path relative to that directory. */
  | {
      kind: "context";
      at: string;
      view: LinkedContextView;
      directory: RepoPath;
      takes: Takes;
      by: CopyOrigin;
    }
  | { kind: "stage"; at: string; files: StageFiles; directory: string; takes: Takes; by: CopyOrigin }
  | { kind: "directory"; at: string }
  /** Something may stand at `at` or below; with `names`, only below a segment of one of these names. */
  | {
      kind: "unknown";
      at: string;
      names: ReadonlySet<string> | null;
      reason: string;
      place: Location | null;
      /** Below `at` nothing is a source of the repository: it comes from a stage that no source came to. */
      sourceless?: boolean;
    }
  /** What was at `at` or below may be gone; with `inside`, only what lies below: the directory itself stays. */
  | { kind: "removed"; at: string; reason: string; place: Location | null; inside?: boolean }
  /** A command that may make untracked files anywhere. */
  | { kind: "command" }
  /** The files of an image that is not read; with `mayHoldOurs`, an application may be among them. */
  | { kind: "base"; reason: string; place: Location | null; mayHoldOurs: boolean };

type Takes = ((path: string) => boolean) | null;

/** Files of a stage with what the evaluation needs besides. */
export interface StageFiles extends ImageFiles {
  readonly layers: readonly Layer[];
  /** Follows links that are known in every segment of a path; a circle ends at some path of it. */
  resolve(path: string): string;
  /** Whether a directory holds none of the repository's sources: none came to this stage, so that no command can have made one. */
  isSourceless(directory: string): boolean;
}

const MAX_LINKS = 40;

/** Of the directories that a build may write, those that are worth a line. */
const SHOWN_OUTPUTS = new Set(["dist", "build", "out", ".next", "node_modules", "vendor", "target", "generated"]);

/** Top directories that every base image fills. */
const SYSTEM = new Set(
  "bin boot dev etc home lib lib64 media mnt opt proc root run sbin srv sys tmp usr var".split(" "),
);

/** Files that say which packages to install, and what those tools read beside them. */
const MANIFEST =
  /(?:^|\/)(?:pyproject\.toml|[\w.-]*requirements[\w.-]*\.(?:txt|in)|Pipfile|package\.json|\.(?:npm|yarn)rc(?:\.yml)?|pnpm-(?:lock|workspace)\.yaml|npm-shrinkwrap\.json|package-lock\.json|composer\.json|Gemfile|go\.(?:mod|sum)|[\w.-]+\.lockb?|README(?:\.\w+)?|LICENSE|\.(?:python|node|nvm|tool)[\w-]*)$/;

const TOOLS = /^\/(?:bin|sbin|lib\w*|etc|usr\/(?:bin|sbin|lib\w*|local))(?:\/|$)/;

/** The files that layers make, in their order. */
export function stageFiles(layers: readonly Layer[]): StageFiles {
  const remembered = new Map<string, ImageAnswer>();
  let listed: readonly ImageFile[] | null = null;
  const hasLinks = layers.some(
    (layer) => layer.kind === "context" || layer.kind === "stage" || (layer.kind === "file" && layer.link !== null),
  );
  const base = layers.find((layer) => layer.kind === "base");
  const commands = layers.some((layer) => layer.kind === "command");
  // Where lists of dependencies came and nothing else, no command can make one of the repository's sources of them.
  const isManifest = (layer: Layer) => layer.kind === "file" && layer.source !== null && MANIFEST.test(layer.source);
  const noSource =
    layers.some(isManifest) &&
    layers.every((layer) => {
      if (layer.kind === "context" || layer.kind === "stage") return false;
      if (layer.kind === "file") return layer.source === null || isManifest(layer);
      // A tool from another image; anywhere else it may be anything.
      return layer.kind !== "unknown" || layer.sourceless === true || TOOLS.test(layer.at);
    });

  /** The answer for exactly this path, links above it not followed. */
  function plain(path: string): ImageAnswer {
    let unknown: ImageAnswer | null = null;
    let directory = false;
    let made = commands;
    for (let index = layers.length - 1; index >= 0; index--) {
      const layer = layers[index]!;
      switch (layer.kind) {
        case "command":
        case "base":
          break;
        case "directory":
          directory ||= below(path, layer.at) !== null;
          break;
        case "unknown":
          if (layer.sourceless && layer.at !== path) made ||= covers(layer, path);
          else if (unknown === null && covers(layer, path))
            unknown = { status: "unknown", reason: layer.reason, at: layer.place };
          break;
        case "removed":
          if (below(layer.at, path) !== null && !(layer.inside && layer.at === path))
            return directory
              ? { status: "directory" }
              : (unknown ?? { status: "unknown", reason: layer.reason, at: layer.place });
          break;
        case "file":
          if (layer.at === path && !directory) return { status: "present", file: fileOf(layer) };
          if (layer.replaces && below(layer.at, path))
            return directory ? { status: "directory" } : (unknown ?? { status: "absent", claim: "any" });
          directory ||= layer.at !== path && below(path, layer.at) !== null;
          break;
        default: {
          const rest = below(layer.at, path);
          if (rest === null) {
            directory ||= below(path, layer.at) !== null;
            break;
          }
          if (rest === "") {
            directory = true;
            break;
          }
          const inside = answerInside(layer, rest);
          if (inside.status === "present" && !directory) return inside;
          if (inside.status === "directory") directory = true;
          if (inside.status === "unknown") unknown ??= inside;
        }
      }
    }
    if (directory || path === "/") return { status: "directory" };
    if (unknown !== null) return unknown;
    if (base) {
      if (!isOurs(path)) return { status: "unknown", reason: base.reason, at: base.place };
      return { status: "absent", claim: "tracked" };
    }
    return { status: "absent", claim: made ? "tracked" : "any" };
  }

  /** Below a directory that this Dockerfile fills: the base image has none of our files there. */
  function isOurs(path: string): boolean {
    return layers.some((layer) => {
      switch (layer.kind) {
        case "context":
        case "stage": {
          if (layer.at !== "/") return below(layer.at, path) !== null;
          const top = path.split("/", 2)[1] ?? "";
          return !SYSTEM.has(top) && answerInside(layer, top).status === "directory";
        }
        // A WORKDIR, or one file put beside others, fills no directory where the base may have done so.
        case "directory":
          return !base?.mayHoldOurs && layer.at !== "/" && below(layer.at, path) !== null;
        case "file":
          return (
            !base?.mayHoldOurs &&
            layer.source !== null &&
            directoryOf(layer.at) !== "/" &&
            below(directoryOf(layer.at), path) !== null
          );
        default:
          return false;
      }
    });
  }

  function answer(path: string): ImageAnswer {
    let said = remembered.get(path);
    if (said === undefined) {
      said = plain(path);
      if (said.status === "absent" && hasLinks) {
        const resolved = resolve(path);
        if (resolved !== path) said = plain(resolved);
      }
      remembered.set(path, said);
    }
    return said;
  }

  function resolve(path: string): string {
    if (!hasLinks) return path;
    let links = 0;
    const pending = path.split("/").filter((segment) => segment !== "");
    let resolved = "/";
    while (pending.length > 0) {
      const next = join(resolved, pending.shift()!);
      const here = plain(next);
      const target = here.status === "present" ? here.file.link : undefined;
      if (target === undefined || ++links > MAX_LINKS) {
        resolved = next;
        continue;
      }
      pending.unshift(
        ...absolute(resolved, target)
          .split("/")
          .filter((segment) => segment !== ""),
      );
      resolved = "/";
    }
    return resolved;
  }

  function list(): readonly ImageFile[] {
    if (listed) return listed;
    const files = new Map<string, ImageFile>();
    for (const layer of layers) {
      if (layer.kind === "file") {
        if (layer.replaces)
          for (const path of [...files.keys()]) if (below(layer.at, path) !== null) files.delete(path);
        files.set(layer.at, fileOf(layer));
      } else if (layer.kind === "removed") {
        for (const path of [...files.keys()]) if (below(layer.at, path) !== null) files.delete(path);
      } else if (layer.kind === "context") {
        for (const source of layer.view.files(layer.directory)) {
          const rest = below(layer.directory, source)!;
          if (rest === "" || (layer.takes && !layer.takes(rest))) continue;
          const path = join(layer.at, rest);
          files.set(path, contextFile(layer, path, source));
        }
      } else if (layer.kind === "stage") {
        for (const file of layer.files.list()) {
          const rest = below(layer.directory, file.path);
          if (rest === null || rest === "" || (layer.takes && !layer.takes(rest))) continue;
          const path = join(layer.at, rest);
          files.set(path, { ...file, path, by: layer.by });
        }
      }
    }
    listed = [...files.values()].sort((a, b) => byCodeUnit(a.path, b.path));
    return listed;
  }

  let unknowns: readonly UnknownPath[] | null = null;
  function unknown(): readonly UnknownPath[] {
    if (unknowns) return unknowns;
    const found = new Map<string, UnknownPath>();
    const add = (path: string, reason: string, at: Location | null): void => {
      if (!found.has(path)) found.set(path, { path, reason, at });
    };
    for (const layer of layers) {
      if (layer.kind === "removed") add(layer.at, layer.reason, layer.place);
      else if (layer.kind === "unknown") {
        if (layer.names === null) add(layer.at, layer.reason, layer.place);
        else
          for (const name of layer.names)
            if (SHOWN_OUTPUTS.has(name)) add(join(layer.at, name), layer.reason, layer.place);
      } else if (layer.kind === "stage") {
        for (const one of layer.files.unknown()) {
          const rest = below(layer.directory, one.path);
          if (rest !== null) add(join(layer.at, rest), one.reason, one.at);
          else if (below(one.path, layer.directory) !== null) add(layer.at, one.reason, one.at);
        }
      }
    }
    unknowns = [...found.values()].sort((a, b) => byCodeUnit(a.path, b.path));
    return unknowns;
  }

  const namesBelow = new Map<string, readonly string[]>();
  /** Names directly below a directory. Of one directory at a time: the whole list is far larger than what is asked for. */
  function children(directory: string): readonly string[] {
    const known = namesBelow.get(directory);
    if (known) return known;
    const names = new Set<string>();
    for (const layer of layers) {
      if (layer.kind === "unknown" || layer.kind === "command" || layer.kind === "base") continue;
      const above = below(directory, layer.at);
      if (above) {
        const [name] = above.split("/", 1);
        if (layer.kind !== "removed") names.add(name!);
        else if (name === above) names.delete(name);
        continue;
      }
      const rest = below(layer.at, directory);
      if (rest === null) continue;
      if (layer.kind === "removed") names.clear();
      else if (layer.kind === "context" || layer.kind === "stage")
        for (const name of namesInside(layer, rest)) names.add(name);
    }
    const sorted = [...names].sort(byCodeUnit);
    namesBelow.set(directory, sorted);
    return sorted;
  }

  return {
    layers,
    isSourceless: (directory) =>
      noSource && base !== undefined && !base.mayHoldOurs && !SYSTEM.has(directory.split("/", 2)[1] ?? ""),
    answer,
    resolve,
    list,
    unknown,
    children,
    placesOf(source) {
      const places = new Set<string>();
      for (const layer of layers) {
        if (layer.kind === "file" && layer.source === source) places.add(layer.at);
        else if (layer.kind === "context") {
          const rest = below(layer.directory, source);
          if (rest) places.add(join(layer.at, rest));
        } else if (layer.kind === "stage") {
          for (const place of layer.files.placesOf(source)) {
            const rest = below(layer.directory, place);
            if (rest) places.add(join(layer.at, rest));
          }
        }
      }
      return [...places]
        .filter((path) => {
          const said = plain(path);
          return said.status === "present" && said.file.source === source;
        })
        .sort(byCodeUnit);
    },
  };
}

function covers(layer: { at: string; names: ReadonlySet<string> | null }, path: string): boolean {
  const rest = below(layer.at, path);
  if (rest === null) return false;
  return layer.names === null || rest.split("/").some((segment) => layer.names!.has(segment));
}

function fileOf(layer: Extract<Layer, { kind: "file" }>): ImageFile {
  const file: ImageFile = { path: layer.at, source: layer.source, by: layer.by };
  return layer.link === null ? file : { ...file, link: layer.link };
}

function contextFile(layer: Extract<Layer, { kind: "context" }>, path: string, source: RepoPath): ImageFile {
  const link = layer.view.linkTarget(source);
  return link === null ? { path, source, by: layer.by } : { path, source, by: layer.by, link };
}

/** Names directly below a relative path of a copied directory. */
function namesInside(layer: Extract<Layer, { kind: "context" | "stage" }>, rest: string): readonly string[] {
  const directory = join(layer.directory, rest);
  const names = layer.kind === "context" ? layer.view.children(directory) : layer.files.children(directory);
  const { takes } = layer;
  if (takes === null) return names;
  const inside = (name: string): readonly string[] => {
    const path = join(directory, name);
    if (layer.kind === "context") return layer.view.files(path).length > 0 ? layer.view.files(path) : [path];
    const said = layer.files.answer(path);
    if (said.status !== "directory") return [path];
    return layer.files.list().flatMap((file) => (below(path, file.path) === null ? [] : [file.path]));
  };
  return names.filter((name) => inside(name).some((path) => takes(below(layer.directory, path) ?? path)));
}

/** What a copied directory holds at a relative path. */
function answerInside(layer: Extract<Layer, { kind: "context" | "stage" }>, rest: string): ImageAnswer {
  const path = join(layer.at, rest);
  if (layer.kind === "context") {
    const source = join(layer.directory, rest);
    const said = layer.view.answer(source);
    if (said.status === "unknown") return { status: "unknown", reason: said.reason, at: null };
    if (said.status !== "present") return { status: "absent", claim: "any" };
    if (layer.takes && !layer.takes(rest)) return { status: "absent", claim: "any" };
    const kind = layer.view.kindOf(source);
    if (kind === "submodule") return { status: "unknown", reason: `${source} is a submodule`, at: null };
    return kind === "directory"
      ? { status: "directory" }
      : { status: "present", file: contextFile(layer, path, source) };
  }
  const said = layer.files.answer(join(layer.directory, rest));
  if (layer.takes && said.status !== "unknown" && !layer.takes(rest)) return { status: "absent", claim: "any" };
  if (said.status === "present") return { status: "present", file: { ...said.file, path, by: layer.by } };
  return said;
}
