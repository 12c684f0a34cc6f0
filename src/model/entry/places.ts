import { absolute, baseName } from "../../text/paths.ts";
import type { ImagePath } from "../../types/entry.ts";
import type { CopySource, Image, ImageFiles, RuntimeMount } from "../../types/image.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import type { Excuse } from "../compose/missing-paths.ts";

/** What lies at one path of the file system that a command runs in. */
export type PlaceAnswer =
  | { status: "file"; source: RepoPath | null }
  | { status: "directory" }
  | { status: "absent" }
  | { status: "unknown"; reason: string };

/** The file system that a command runs in: an image, or the repository where there is none. */
export interface Places {
  answer(path: ImagePath): PlaceAnswer;
  /** Repository paths, files or directories, that stand at this path or would, were nothing left out; most likely first. */
  repositoryOf(path: ImagePath): readonly RepoPath[];
  /** The same without asking whether the repository has it: where the path would come from. */
  wouldBe(path: ImagePath): readonly RepoPath[];
  /** True for the repository itself, where no build has run. */
  sourceOnly: boolean;
  /** Every known file, as image paths. */
  list(): readonly ImagePath[];
}

/** The repository seen as a file system whose root is the repository; `excuse` says why what it lacks may be there all the same. */
export function repositoryPlaces(files: FileTree, excuse: Excuse = () => null): Places {
  return {
    answer(path) {
      const source = path.slice(1);
      if (files.has(source)) return { status: "file", source };
      if (source === "" || files.hasDirectory(source)) return { status: "directory" };
      const reason = excuse(source);
      return reason === null ? { status: "absent" } : { status: "unknown", reason };
    },
    repositoryOf(path) {
      const source = path.slice(1);
      return source === "" || files.has(source) || files.hasDirectory(source) ? [source] : [];
    },
    wouldBe: (path) => [path.slice(1)],
    sourceOnly: true,
    list: () => files.entries.filter((entry) => !entry.ignored).map((entry) => `/${entry.path}`),
  };
}

/** Most repository paths that one image path is traced to. */
const maxTraced = 60;
/** Most places in stages that are looked at on the way. */
const maxPlaces = 500;

/**
 * An image as a file system. What is mounted at run time hides what the image holds: of a folder of the repository the tracked files are
 * there, and of anything else `excuse` says why the machine may have it.
 */
export function imagePlaces(
  image: Image,
  files: FileTree,
  mounted: readonly string[] = [],
  excuse: Excuse = () => null,
): Places {
  const mounts = [...(image.build.run?.mounts ?? []), ...mounted.map((target) => ({ target, source: null }))];
  const contextRoot = image.context.root;
  const exists = (path: RepoPath) => path === "" || files.has(path) || files.hasDirectory(path);

  /** A stage and those that it starts from. */
  function lineOf(stage: number): ReadonlySet<number> {
    const line = new Set<number>();
    for (let at: number | null = stage; at !== null; at = image.stages[at]?.parent ?? null) line.add(at);
    return line;
  }

  /** Follows COPYs backwards to context paths, whether or not something is there. A stage copies only from those before it. */
  function trace(path: ImagePath, stage: number | null, found: Set<RepoPath>, seen: Set<string>): void {
    const place = `${stage}\0${path}`;
    if (found.size > maxTraced || seen.size > maxPlaces || seen.has(place)) return;
    seen.add(place);
    const line = stage === null ? null : lineOf(stage);
    for (const copy of [...image.copies].reverse()) {
      if (line === null ? !copy.final : !line.has(copy.stage)) continue;
      for (const source of copy.sources) {
        if (source.from === "image" || source.from === "generated" || copy.destination.path === null) continue;
        for (const origin of originsOf(path, copy.destination.path, source)) {
          if (source.fromStage === null) found.add(absolute("/", origin).slice(1));
          else trace(absolute("/", origin), source.fromStage, found, seen);
        }
      }
    }
  }

  function traced(path: ImagePath): Set<RepoPath> {
    const found = new Set<RepoPath>();
    trace(path, null, found, new Set());
    return found;
  }

  function candidates(path: ImagePath): RepoPath[] {
    const found = new Set<RepoPath>();
    const mount = mountOver(mounts, path);
    if (mount?.source != null) found.add(mount.source);
    const answer = image.files.answer(path);
    if (answer.status === "present" && answer.file.source !== null) found.add(answer.file.source);
    for (const one of traced(path)) found.add(one);
    const below = image.workdir === null ? null : relativeTo(image.workdir, path);
    if (contextRoot !== null && below !== null) found.add([contextRoot, below].filter((part) => part !== "").join("/"));
    return [...found];
  }

  return {
    answer(path) {
      const mount = mountOver(mounts, path);
      if (mount === null) return answerOf(image.files, path, 0);
      if (mount.source !== null && files.has(mount.source)) return { status: "file", source: mount.source };
      if (mount.source !== null && exists(mount.source)) return { status: "directory" };
      // What a COPY would have brought from the same folder is not in the image either: it is nowhere.
      if (mount.source !== null && image.final !== null && traced(path).has(mount.source)) {
        const under = answerOf(image.final.files, path, 0);
        if (under.status === "absent" && excuse(mount.source) === null) return under;
      }
      return { status: "unknown", reason: `${mount.target} is mounted at run time` };
    },
    repositoryOf: (path) => candidates(path).filter(exists),
    wouldBe: candidates,
    sourceOnly: false,
    list: () => image.files.list().map((file) => file.path),
  };
}

/** What lies over a path at run time: the innermost mount, and the path of the repository that it puts there. */
export function mountOver(mounts: readonly RuntimeMount[], path: ImagePath): RuntimeMount | null {
  let found: RuntimeMount | null = null;
  for (const { target, source } of mounts) {
    const over = absolute("/", target);
    const below = relativeTo(over, path);
    if (below === null || (found !== null && found.target.length > over.length)) continue;
    found = { target: over, source: source === null ? null : joinPath(`/${source}`, below).slice(1) };
  }
  return found;
}

/** Where a path below a COPY's destination comes from, in the COPY's source. */
function originsOf(path: ImagePath, to: string, source: CopySource): string[] {
  if (source.glob) {
    return source.matches.filter((match) => path === joinPath(to, baseName(match)));
  }
  const from = source.from === "stage" ? source.path : (source.source ?? source.path);
  if (from === null) return [];
  const rest = relativeTo(absolute("/", to), path);
  if (rest === null) return [];
  const base = baseName(from);
  return rest === base && base !== "" ? [from, `${from}/${rest}`] : [rest === "" ? from : `${from}/${rest}`];
}

function answerOf(files: ImageFiles, path: ImagePath, depth: number): PlaceAnswer {
  const answer = files.answer(path);
  if (answer.status === "unknown") return { status: "unknown", reason: answer.reason };
  if (answer.status !== "present") {
    if (answer.status !== "absent") return answer;
    // A directory of which something is there, or may be: `node apps/api` starts what its package.json names.
    const hidden = files.unknown().find((one) => relativeTo(path, one.path) !== null);
    if (hidden) return { status: "unknown", reason: `what lies in ${hidden.path} is not known` };
    return files.children(path).length > 0 ? { status: "directory" } : answer;
  }
  if (answer.file.link !== undefined && depth < 8) {
    const target = answer.file.link.startsWith("/")
      ? absolute("/", answer.file.link)
      : joinPath(path.slice(0, path.lastIndexOf("/")) || "/", answer.file.link);
    return answerOf(files, target, depth + 1);
  }
  return { status: "file", source: answer.file.source };
}

/** A path as a process in `directory` would see it. */
export function joinPath(directory: ImagePath, path: string): ImagePath {
  return absolute(directory, path);
}

/** The part of `path` below `directory`: "" for itself, null when it is not below. */
export function relativeTo(directory: ImagePath, path: ImagePath): string | null {
  if (directory === path) return "";
  const prefix = directory === "/" ? "/" : `${directory}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : null;
}
