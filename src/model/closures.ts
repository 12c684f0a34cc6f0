import { directoryOf } from "../text/paths.ts";
import type { EntryPart, EntryPoint } from "../types/entry.ts";
import type { Image } from "../types/image.ts";
import type { ClosureModel, EntryClosure, StartupEntry } from "../types/imports.ts";
import type { ModelInput, ModelProvider } from "../types/model.ts";
import type { RepoPath } from "../types/text.ts";
import type { FileTree } from "../types/workspace.ts";
import { type Excuse, excuses as excusesOf } from "./compose/missing-paths.ts";
import { imagePlaces, joinPath, type Places, repositoryPlaces } from "./entry/places.ts";
import { settleMisses } from "./image-misses.ts";
import { frontsFor, importFacts } from "./import-fronts.ts";

type Input = ModelInput<"entries" | "images">;

/** What each process imports while it starts; each closure is computed when a rule first asks for it. */
export const closuresProvider: ModelProvider<"closures", "entries" | "images"> = {
  needs: ["entries", "images"],
  facts: importFacts,
  // The TypeScript parser is by far the largest thing to load: only a process of JavaScript pays for it.
  moreFacts: ({ known }) => {
    const isScript = (part: EntryPart) => part.language === "javascript" && (part.path ?? part.builtFrom) !== null;
    return known.entries.points.some((point) => point.parts.some(isScript)) ? ["javascript-code"] : [];
  },
  build(input): ClosureModel {
    const fronts = frontsFor(input.files, input.facts);
    const grounds = new Map<Image | undefined, Ground>();
    const entries = input.known.entries.points.flatMap((point) => {
      const image = input.known.images.images.find((one) => one.build.id === point.build);
      const ground = grounds.get(image) ?? groundOf(image, input.files);
      grounds.set(image, ground);
      return entriesOf(point, ground, image, input);
    });
    const known = new Map<string, EntryClosure>();
    let excuses: Excuse | null = null;
    const excuse: Excuse = (path) => {
      excuses ??= excusesOf(input.files, input.facts);
      return excuses(path);
    };
    return {
      entries,
      of(entry) {
        const key = JSON.stringify([
          entry.language,
          entry.path,
          entry.kind,
          entry.module,
          entry.attribute,
          entry.factory,
          entry.searchPath,
          entry.workingDirectory,
          entry.searchPathOpen,
          entry.deployed,
          entry.settingsGiven,
        ]);
        let closure = known.get(key);
        if (!closure) {
          const front = fronts.find((one) => one.language === entry.language);
          closure = front?.closureOf(entry) ?? {
            entry,
            modules: [],
            imports: [],
            dataFiles: [],
            circular: [],
            unread: [],
          };
          known.set(key, closure);
          for (const one of closure.unread) input.noteUnread(one.path, one.reason);
        }
        const image = input.known.images.images.find((one) => one.build.id === entry.build);
        const own = closure.entry === entry ? closure : { ...closure, entry };
        return image ? settleMisses(own, image, (path) => input.facts.get("lines", path)?.lines ?? null, excuse) : own;
      },
    };
  },
  isEmpty: (model) => model.entries.length === 0,
};

/** The program files among what a command names. One process may start several (migrations first, preloaded modules). */
function entriesOf(point: EntryPoint, ground: Ground, image: Image | undefined, input: Input): StartupEntry[] {
  const entries: StartupEntry[] = [];
  for (const part of point.parts) {
    if (part.language !== "python" && part.language !== "javascript") continue;
    if (part.kind !== "file" && part.kind !== "module") continue;
    const path = part.path ?? part.builtFrom;
    if (path === null || !input.files.has(path)) continue;
    const imageRoots = rootsOf(part, path, ground);
    entries.push({
      language: part.language,
      image: point.image,
      build: point.build,
      point: point.name,
      written: part.subject,
      at: part.at,
      path,
      kind:
        part.kind === "file" || path.endsWith("/__main__.py") || runsModule(point.command, part) ? "main" : "module",
      module: part.module,
      attribute: part.attribute,
      factory: part.factory,
      searchPath: [...new Set(imageRoots.map((root) => root.repository))],
      imageRoots: image ? imageRoots : [],
      imagePath: image ? part.imagePath : null,
      presence: part.builtFrom !== null && part.path === null ? "unknown" : part.presence,
      workingDirectory: directoriesAt(point.workdir, ground)[0] ?? null,
      searchPathOpen: part.language === "python" && image?.environment.get("PYTHONPATH") === null,
      deployed: image === undefined || (image.build.deployed && !image.build.run?.environmentOpen),
      settingsGiven: point.variables.includes("DJANGO_SETTINGS_MODULE"),
    });
  }
  return entries;
}

function runsModule(command: string, part: EntryPart): boolean {
  return part.module !== null && command.includes(`-m ${part.module}`);
}

/** Each searched directory of the image with the repository directories whose contents lie there. */
function rootsOf(part: EntryPart, path: RepoPath, ground: Ground): { image: string; repository: RepoPath }[] {
  const roots: { image: string; repository: RepoPath }[] = [];
  const add = (image: string, repository: RepoPath) => {
    if (!roots.some((one) => one.image === image && one.repository === repository)) roots.push({ image, repository });
  };
  const own = ownRoot(part, path);
  for (const root of part.roots) {
    const below = part.imagePath?.startsWith(root.image === "/" ? "/" : `${root.image}/`);
    if (below && own !== null && isBelow(part, root.image, path, own)) add(root.image, own);
    for (const directory of directoriesAt(root.image, ground)) add(root.image, directory);
  }
  return roots;
}

/** The repository directory from which the module's dotted name leads to its file. */
function ownRoot(part: EntryPart, path: RepoPath): RepoPath | null {
  if (part.language !== "python") return null;
  if (part.module === null) return directoryOf(path);
  const below = part.module.replaceAll(".", "/");
  for (const ending of [".py", "/__init__.py", "/__main__.py"]) {
    if (path === below + ending) return "";
    if (path.endsWith(`/${below}${ending}`)) return path.slice(0, -(below.length + ending.length + 1));
  }
  return null;
}

/** Whether the file lies below the image root as it lies below its own repository root. */
function isBelow(part: EntryPart, root: string, path: RepoPath, own: RepoPath): boolean {
  const below = own === "" ? path : path.slice(own.length + 1);
  return part.imagePath === joinPath(root, below) || part.presence === "absent";
}

/** The file system that a command sees: an image's, or the repository itself. */
interface Ground {
  places: Places;
  children(directory: string): readonly string[];
  isDirectory(path: RepoPath): boolean;
  /** What `directoriesAt` found before. */
  known: Map<string, RepoPath[]>;
}

function groundOf(image: Image | undefined, files: FileTree): Ground {
  return {
    places: image ? imagePlaces(image, files) : repositoryPlaces(files),
    children: (directory) => (image ? image.files.children(directory) : files.children(directory.replace(/^\/+/, ""))),
    isDirectory: (path) => path === "" || files.hasDirectory(path),
    known: new Map(),
  };
}

/** Most names of a directory that are traced back: they nearly always come from one place. */
const maxNames = 60;
/** How far below a directory, and through how many names, what COPYs brought part by part is looked for. */
const maxDepth = 3;
const maxTraced = 240;

/** Repository directories whose contents lie, or would lie, in a directory of the image: by what brings it, else by what lies in it. */
function directoriesAt(directory: string, ground: Ground): RepoPath[] {
  const known = ground.known.get(directory);
  if (known) return known;
  const { places } = ground;
  const found = new Set<RepoPath>(places.repositoryOf(directory).filter(ground.isDirectory).slice(0, 1));
  let traced = 0;
  trace(directory, 0);
  const directories = [...found];
  ground.known.set(directory, directories);
  return directories;

  /** A name that nothing brings as a whole may hold what COPYs brought part by part. */
  function trace(at: string, depth: number): void {
    for (const name of ground.children(at).slice(0, maxNames)) {
      if (++traced > maxTraced) return;
      const place = joinPath(at, name);
      const below = place.slice(directory === "/" ? 1 : directory.length + 1);
      const source = places.repositoryOf(place)[0];
      if (source === undefined && depth < maxDepth) trace(place, depth + 1);
      else if (source === below) found.add("");
      else if (source?.endsWith(`/${below}`)) found.add(source.slice(0, -below.length - 1));
    }
  }
}
