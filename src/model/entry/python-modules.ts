import { editDistance } from "../../text/nearest.ts";
import type { EntryPart, ImagePath, SearchRoot } from "../../types/entry.ts";
import { directoryOf } from "../image/paths.ts";
import { joinPath, type Places, relativeTo } from "./places.ts";
import { addPart, type Found, lookFor, noteUnknown, type Situation, type Walk } from "./walk.ts";
import type { Word } from "./words.ts";

/** sys.path of a process: what the launcher puts first, then PYTHONPATH, then the configured directories. */
export function rootsFor(
  walk: Walk,
  situation: Situation,
  first: readonly { image: ImagePath; from: SearchRoot["from"] }[],
): SearchRoot[] {
  const roots: SearchRoot[] = [];
  const add = (image: ImagePath, from: SearchRoot["from"]) => {
    if (roots.some((root) => root.image === image)) return;
    roots.push({ image, repository: repositoryDirectory(walk, image), from });
  };
  for (const root of first) add(root.image, root.from);
  for (const directory of (situation.env.get("PYTHONPATH") ?? "").split(":")) {
    if (directory !== "" && !directory.includes("$") && (directory.startsWith("/") || situation.cwd !== null)) {
      add(joinPath(situation.cwd ?? "/", directory), "environment");
    }
  }
  for (const root of walk.pythonPath) if (!roots.some((other) => other.image === root.image)) roots.push(root);
  return roots;
}

function repositoryDirectory(walk: Walk, image: ImagePath): string | null {
  return walk.places.repositoryOf(image)[0] ?? null;
}

/** Whether sys.path may hold directories that are not known. */
function pathOpen(situation: Situation): boolean {
  return situation.env.get("PYTHONPATH") === null;
}

/** `python f.py`: sys.path[0] is the script's directory, whatever the working directory. */
export function addPythonFile(
  walk: Walk,
  situation: Situation,
  word: Word,
  role?: EntryPart["role"],
  /** Where its imports are looked for; the script's own folder without. */
  from?: SearchRoot[],
): EntryPart | null {
  if (situation.cwd === null && !word.text.startsWith("/")) {
    noteUnknown(walk, `the working directory of \`${word.text}\` is not known`, word.at);
    return null;
  }
  const path = joinPath(situation.cwd ?? "/", word.text);
  if (walk.places.answer(path).status === "directory") {
    const found = lookFor(walk.places, [joinPath(path, "__main__.py")]);
    const roots = rootsFor(walk, situation, [{ image: path, from: "script" }]);
    return addPart(walk, situation, { kind: "file", language: "python", subject: word, role, roots }, found);
  }
  const found = lookFor(walk.places, [path]);
  const roots = from ?? rootsFor(walk, situation, [{ image: directoryOf(path), from: "script" }]);
  return addPart(walk, situation, { kind: "file", language: "python", subject: word, role, roots }, found);
}

interface ModuleInput {
  /** The word that names it; `subject` of the part. */
  word: Word;
  /** Dotted name. */
  module: string;
  attribute?: string | null;
  factory?: boolean;
  roots: SearchRoot[];
  role?: EntryPart["role"];
  /** `python -m pkg` runs pkg/__main__.py. */
  asMain?: boolean;
}

/** Whether a text is the dotted name of a module. */
export const isDotted = (name: string): boolean =>
  // Most are plain, and the classes of Unicode take long to compile.
  /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/.test(name) || /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u.test(name);

/** A module that the command imports by name. Third-party modules (no trace of the first segment in the repository) add nothing. */
export function addPythonModule(walk: Walk, situation: Situation, input: ModuleInput): EntryPart | null {
  const { word, module, roots } = input;
  if (!isDotted(module)) {
    noteUnknown(walk, `\`${word.text}\` is not a module name`, word.at);
    return null;
  }
  const found = findModule(walk, module, roots, input.asMain ?? false);
  if (found.presence !== "present") found.source ??= onlySource(walk, module, input.asMain ?? false);
  if (found.presence !== "present" && !isFirstParty(walk, module, roots, found)) return null;
  if (found.presence === "absent" && (pathOpen(situation) || roots.length === 0)) {
    found.presence = "unknown";
    found.reason = "PYTHONPATH is not known";
  }
  if (found.presence === "absent" && walk.installed) {
    found.presence = "unknown";
    found.reason = "a RUN installs the project, which puts its packages on the import path";
  }
  const part = addPart(
    walk,
    situation,
    {
      kind: "module",
      language: "python",
      subject: word,
      role: input.role,
      module,
      attribute: input.attribute ?? null,
      factory: input.factory ?? false,
      roots,
    },
    found,
  );
  return part;
}

/** The repository's file of a module that no searched directory has, where exactly one has its dotted name as its path. */
function onlySource(walk: Walk, module: string, asMain: boolean): string | null {
  const below = module.replaceAll(".", "/");
  const endings = asMain ? [`${below}/__main__.py`, `${below}.py`] : [`${below}/__init__.py`, `${below}.py`];
  const found = walk.files.entries.filter(
    ({ path, ignored }) =>
      !ignored && path.endsWith(".py") && endings.some((end) => path === end || path.endsWith(`/${end}`)),
  );
  return found.length === 1 ? found[0]!.path : null;
}

/** Image paths that could define a module below its roots, first to last. */
export function findModule(walk: Walk, module: string, roots: readonly SearchRoot[], asMain: boolean): Found {
  const below = module.replaceAll(".", "/");
  const candidates: ImagePath[] = [];
  for (const root of roots) {
    if (asMain) candidates.push(joinPath(root.image, `${below}/__main__.py`), joinPath(root.image, `${below}.py`));
    else candidates.push(joinPath(root.image, `${below}/__init__.py`), joinPath(root.image, `${below}.py`));
  }
  const found = lookFor(walk.places, candidates);
  if (found.presence === "absent" && !asMain) {
    for (const root of roots) {
      // A directory without __init__.py is a namespace package: importable.
      const directory = joinPath(root.image, below);
      if (walk.places.answer(directory).status === "directory") {
        return { presence: "present", reason: null, imagePath: directory, source: null };
      }
    }
  }
  if (found.presence !== "present") found.imagePath = candidates[1] ?? candidates[0] ?? null;
  return found;
}

/** Whether a searched directory has the first package of a module: what it lacks, no other distribution brings. */
export function holdsPackage(module: string, roots: readonly SearchRoot[], places: Places): boolean {
  const first = module.split(".", 1)[0]!;
  return roots.some(({ image }) => places.answer(joinPath(image, `${first}/__init__.py`)).status === "file");
}

/** True when the repository holds something that the module's name could mean. */
function isFirstParty(walk: Walk, module: string, roots: readonly SearchRoot[], found: Found): boolean {
  if (found.source !== null) return true;
  const first = module.split(".")[0]!;
  const rest = module.slice(first.length + 1).replaceAll(".", "/");
  const last = module.slice(module.lastIndexOf(".") + 1);
  for (const path of walk.places.list()) {
    if (!path.endsWith(".py") || path.includes("/site-packages/") || /\/tests?\//.test(path)) continue;
    if (path.includes(`/${first}/`) || path.endsWith(`/${first}.py`)) return true;
    if (first !== last && path.endsWith(`/${last}.py`) && near(first, path)) return true;
    if (rest !== "" && (path.endsWith(`/${rest}.py`) || path.endsWith(`/${rest}/__init__.py`)))
      for (const { image } of roots) if (isMisspelt(first, rest, relativeTo(image, path))) return true;
  }
  return false;
}

/** Whether a path below a searched directory is that of the module but for the name of its first package: a slip, or cut short. */
function isMisspelt(first: string, rest: string, below: string | null): boolean {
  const other = below?.slice(0, below.indexOf("/")) ?? "";
  if (
    other.length < 3 ||
    first.length < 3 ||
    (below !== `${other}/${rest}.py` && below !== `${other}/${rest}/__init__.py`)
  )
    return false;
  const most = first.length < 5 ? 1 : 2;
  return other.startsWith(first) || first.startsWith(other) || editDistance(first, other, most) <= most;
}

/** Whether some folder of the path is the first segment but for a letter or two. */
function near(first: string, path: string): boolean {
  return path.split("/").some((segment) => {
    if (segment.length < 3 || Math.abs(segment.length - first.length) > 1) return false;
    return (
      segment.startsWith(first) ||
      first.startsWith(segment) ||
      [...segment].sort().join("") === [...first].sort().join("")
    );
  });
}
