import type { Image, ImageFiles } from "../types/image.ts";
import type { EntryClosure, ImportMiss, ReachedImport } from "../types/imports.ts";
import type { RepoPath } from "../types/text.ts";
import type { Excuse } from "./compose/missing-paths.ts";
import { mountOver } from "./entry/places.ts";

/** Lines of a file; null where it cannot be read. */
type LinesOf = (path: RepoPath) => readonly string[] | null;

const scriptEndings = ["", ".js", ".ts", ".mjs", ".cjs", ".json", ".tsx", ".jsx", "/index.js", "/index.ts"];

/**
 * A module that the repository lacks may still be in the image: a COPY puts a file of another folder there, a RUN generates it. Such a
 * miss is unknown, for where it would be imported from in any stage that holds the importing file.
 */
export function settleMisses(closure: EntryClosure, image: Image, linesOf: LinesOf, excuse: Excuse): EntryClosure {
  let changed = false;
  const imports = closure.imports.map((found): ReachedImport => {
    const isModule = found.miss?.kind === "module";
    // A name that a Python package lacks may be a module of it.
    if (!found.miss || !(isModule || (found.miss.kind === "name" && closure.entry.language === "python"))) return found;
    const detail =
      madeWithOutput(found.miss.wanted, closure) ??
      foundInImage(found, found.miss.wanted, closure, image, isModule ? excuse : null) ??
      writtenByRun(found.miss.wanted, image, linesOf);
    if (detail === null) return found;
    changed = true;
    const miss: ImportMiss = { ...found.miss, kind: "unknown", detail };
    return { ...found, miss };
  });
  return changed ? { ...closure, imports } : closure;
}

/** Data that an image's build output imports: at run time it lies among the output, where the build may have written it. */
function madeWithOutput(specifier: string, { entry }: EntryClosure): string | null {
  return entry.language === "javascript" && entry.presence === "unknown" && specifier.endsWith(".json")
    ? "the build may write it beside its output"
    : null;
}

function foundInImage(
  found: ReachedImport,
  specifier: string,
  closure: EntryClosure,
  image: Image,
  /** Null: what is not known counts for nothing. */
  excuse: Excuse | null,
): string | null {
  for (const { files } of image.stages) {
    const places = files.placesOf(found.at.path);
    if (places.length === 0) continue;
    for (const path of wanted(specifier, closure, places, files)) {
      const answer = files.answer(path);
      if (answer.status === "present") return `the image has it at ${path}`;
      if (excuse === null || answer.status !== "unknown") continue;
      // A folder of the repository that lies over the path at run time lacks what the repository lacks.
      const laid = mountOver(image.build.run?.mounts ?? [], path)?.source ?? null;
      if (laid === null || excuse(laid) !== null) return answer.reason;
    }
  }
  return null;
}

/** A RUN whose text, or a script or Makefile that it runs, names the module's file: it may write it. */
function writtenByRun(specifier: string, { runs }: Image, linesOf: LinesOf): string | null {
  const name = specifier.slice(specifier.lastIndexOf(".") + 1).replace(/[^\w]/g, "");
  if (name === "") return null;
  const file = new RegExp(`(?<![\\w-])${name}\\.(?:py|[cm]?[jt]s)\\b`);
  for (const run of runs) {
    if (file.test(run.text)) return `a RUN names ${name}, which it may write`;
    if (run.workdir === null) continue;
    const words: readonly string[] = run.text.slice(0, 4000).match(/[\w./-]+/g) ?? [];
    const scripts = words.filter((word) => /\.(?:sh|py|[cm]?js|ts|mk)$|\/[\w-]+$/.test(word));
    if (words.includes("make")) scripts.push("Makefile", "makefile", "GNUmakefile");
    for (const script of scripts) {
      const answer = run.files.answer(join(script.startsWith("/") ? "" : run.workdir, script));
      const source = answer.status === "present" ? answer.file.source : null;
      if (source !== null && linesOf(source)?.some((line) => file.test(line)))
        return `${source}, which a RUN runs, names it`;
    }
  }
  return null;
}

/** Image paths at which the module would be found. */
function wanted(specifier: string, closure: EntryClosure, places: readonly string[], files: ImageFiles): string[] {
  const folders = places.map((place) => place.slice(0, place.lastIndexOf("/")));
  if (closure.entry.language === "javascript") {
    if (!specifier.startsWith(".")) return [];
    return folders.flatMap((folder) => {
      const base = join(folder, specifier);
      return scriptEndings.map((ending) => base.replace(ending.startsWith(".") ? /\.[cm]?jsx?$/ : /$^/, "") + ending);
    });
  }
  const dots = /^\.*/.exec(specifier)![0].length;
  const below = specifier.slice(dots).replaceAll(".", "/");
  const roots =
    dots > 0 ? folders.map((folder) => join(folder, "../".repeat(dots - 1))) : rootsOf(closure, folders, files);
  return roots.flatMap((root) => [join(root, `${below}.py`), join(root, `${below}/__init__.py`)]);
}

/** sys.path in the image, and the folder above the importing file's own top package, which lies in none of those further up. */
function rootsOf(closure: EntryClosure, folders: readonly string[], files: ImageFiles): string[] {
  const searched = closure.entry.imageRoots.map((root) => root.image);
  const tops = folders.map((folder) => {
    let top = folder;
    while (top !== "" && !searched.includes(top) && files.answer(`${top}/__init__.py`).status === "present")
      top = top.slice(0, top.lastIndexOf("/"));
    return top;
  });
  return [...searched, ...tops];
}

function join(folder: string, path: string): string {
  const clean: string[] = [];
  for (const segment of `${folder}/${path}`.split("/")) {
    if (segment === "..") clean.pop();
    else if (segment !== "" && segment !== ".") clean.push(segment);
  }
  return `/${clean.join("/")}`;
}
