import type { Image } from "../types/image.ts";
import type {
  ChainStep,
  EntryClosure,
  ImportLevel,
  LostFile,
  LostFilesModel,
  LostReason,
  OffPathModule,
  StartupEntry,
} from "../types/imports.ts";
import type { ModelInput, ModelProvider } from "../types/model.ts";
import type { Location, RepoPath } from "../types/text.ts";
import { installsProject } from "./image/installs.ts";
import { lookalikeOf, makeRepairs } from "./lost-files/repair.ts";
import { indexReader } from "./python/distributions.ts";
import { ownedByPython } from "./python/misses.ts";

type Input = ModelInput<"closures" | "images" | "config">;

/** Start-up closures held against the files of the images that run them. */
export const lostFilesProvider: ModelProvider<"lostFiles", "closures" | "images" | "config"> = {
  needs: ["closures", "images", "config"],
  facts: ["lines", "toml"],
  build(input): LostFilesModel {
    const lost: LostFile[] = [];
    const offPath: OffPathModule[] = [];
    for (const entry of input.known.closures.entries) {
      const image = input.known.images.images.find((one) => one.build.id === entry.build);
      if (!image || image.final === null || !isKnown(entry, image)) continue;
      const closure = input.known.closures.of(entry);
      lost.push(...lostFor(closure, image, input));
      offPath.push(...offPathFor(closure, image));
    }
    return { lost, offPath };
  },
};

/** Whether the image's own files are what runs: an installed package or a built bundle is judged by nothing here. */
function isKnown(entry: StartupEntry, image: Image): boolean {
  if (entry.presence === "present") return true;
  if (entry.path === null) return false;
  if (isInstalled(entry, image) || isBuilt(entry, image)) return true;
  if (
    entry.presence === "unknown" &&
    (entry.imagePath === null || image.files.answer(entry.imagePath).status !== "absent")
  )
    return false;
  const why = image.absence(entry.path).reason;
  return why === "ignored" || why === "filtered";
}

/** Whether the process starts from a distribution that the image installs from sources that some stage copied. */
function isInstalled({ path, presence }: StartupEntry, image: Image): boolean {
  if (presence !== "unknown" || path === null || !installsProject(image)) return false;
  return image.stages.some((stage) => stage.needed && stage.files.placesOf(path).length > 0);
}

/** Whether the process starts what a build of the image makes of sources that some stage copied: `dist/main.js` of `src/main.ts`. */
function isBuilt({ language, presence, path, imagePath }: StartupEntry, image: Image): boolean {
  if (language !== "javascript" || presence !== "unknown" || path === null || imagePath?.endsWith(`/${path}`))
    return false;
  return image.stages.some((stage) => stage.needed && stage.files.placesOf(path).length > 0);
}

/** Whether a source reaches no stage that holds the entry's own, and nothing there could have made it. */
function isOutOfBuild(path: RepoPath, entry: RepoPath, image: Image): boolean {
  return image.stages.every(({ needed, files }) => {
    if (!needed) return true;
    if (files.placesOf(path).length > 0) return false;
    return files
      .placesOf(entry)
      .filter((place) => place.endsWith(`/${entry}`))
      .every((place) => files.answer(place.slice(0, -entry.length) + path).status === "absent");
  });
}

/** Whether more than developers' own compose files and scripts build it. */
const isShipped = ({ build }: Image): boolean => build.deployed && !build.forDevelopment;

interface Needed {
  kind: LostFile["kind"];
  path: RepoPath;
  level: ImportLevel;
  chain: readonly ChainStep[];
}

function lostFor(closure: EntryClosure, image: Image, input: Input): LostFile[] {
  const { entry } = closure;
  const installed = isInstalled(entry, image);
  const built = isBuilt(entry, image);
  const needed: Needed[] = closure.modules.map((module) => ({ kind: "module", ...module }));
  for (const file of closure.dataFiles) {
    if (!file.directory) needed.push({ kind: "data", ...file });
    else needed.push({ kind: "data", ...file, path: lostBelow(file.path, image, entry, input) ?? file.path });
  }
  const shadows = shadowsOf(closure, image, input);
  const imported = new Set(closure.imports.flatMap((one) => (one.level === "type" ? [] : one.resolved.slice(-1))));
  const found: LostFile[] = [];
  for (const { kind, path, level: reached, chain } of needed) {
    // A command that runs only on a condition: what it lacks may never be missed.
    const level = entry.presence === "unknown" && !installed && !built && reached === "start-up" ? "call" : reached;
    // A declaration is for the compiler: what runs lies elsewhere.
    if (level === "type" || input.files.get(path)?.ignored || /\.d\.[cm]?ts$/.test(path)) continue;
    if (shadows.has(path) || chain.some(({ at }) => shadows.has(at.path))) continue;
    if (built ? !isOutOfBuild(path, entry.path!, image) : !installed && placeOf(path, entry, image).status !== "absent")
      continue;
    if (!imported.has(path) && isNamespace(path, entry, image)) continue;
    const why = reasonFor(path, entry, image, input);
    // What is installed lies elsewhere than it was copied to: only what never came to the builder is known to lack.
    if (!why || ((installed || built) && why.kind === "not-copied")) continue;
    found.push({ kind, path, level, chain, entry, deployed: isShipped(image), why, repair: null, lookalike: null });
  }
  const repair = makeRepairs(
    image,
    found.filter((one) => one.why.kind === "ignored").map((one) => one.path),
    input,
  );
  return found.map((one) => {
    if (one.why.kind !== "ignored") return one;
    return { ...one, repair: repair(one.path, one.why), lookalike: lookalikeOf(image, one.path, one.why, input) };
  });
}

/** Files that the image lacks and whose import takes another of that name: Python's own, or that of a distribution from an index. It needs nothing of theirs. */
function shadowsOf({ entry, imports, modules }: EntryClosure, image: Image, input: Input): Set<RepoPath> {
  if (entry.language !== "python") return new Set();
  // A submodule that the repository has is no longer Python's: `queue.jobs`.
  const named = imports
    .filter(({ specifier, miss }) => ownedByPython(specifier) && (miss !== null || !specifier.includes(".")))
    .flatMap(({ resolved }) => resolved);
  const isAbsent = (path: RepoPath): boolean => placeOf(path, entry, image).status === "absent";
  const isFromIndex = indexReader(entry, input.files, input.facts);
  const installed = modules.map((module) => module.path).filter((path) => isAbsent(path) && isFromIndex(path));
  return new Set([...named.filter(isAbsent), ...installed]);
}

/**
 * Whether a package goes on without its `__init__.py`: anything else of its directory that is in the image makes a namespace package.
 * Only an import of the package itself, for a name that the file would define, then fails.
 */
function isNamespace(path: RepoPath, entry: StartupEntry, image: Image): boolean {
  if (entry.language !== "python" || !path.endsWith("/__init__.py")) return false;
  return wantedPlaces(path, entry).some(
    (place) => image.files.answer(place.slice(0, place.lastIndexOf("/"))).status === "directory",
  );
}

/** A directory of data is lost when nothing of it arrives; its first file stands for it. */
function lostBelow(directory: RepoPath, image: Image, entry: StartupEntry, input: Input): RepoPath | null {
  const files = input.files.under(directory).map((one) => one.path);
  return files.every((path) => placeOf(path, entry, image).status === "absent") ? (files[0] ?? null) : null;
}

/** Whether a repository file is in the image where this process would look for it. */
function placeOf(
  path: RepoPath,
  entry: StartupEntry,
  image: Image,
): { status: "present" | "absent" | "unknown"; wanted: string | null } {
  if (image.files.placesOf(path).length > 0) return { status: "present", wanted: null };
  const wanted = wantedPlaces(path, entry);
  for (const place of wanted) {
    const { status } = image.files.answer(place);
    if (status === "present" || status === "unknown") return { status, wanted: place };
  }
  if (wanted.length > 0) return { status: "absent", wanted: wanted[0] ?? null };
  // Below no searched directory: claim it only of what a COPY names and the ignore file leaves out.
  return { status: image.absence(path).reason === "ignored" ? "absent" : "unknown", wanted: null };
}

/** The image paths at which a repository file would be found. */
function wantedPlaces(path: RepoPath, entry: StartupEntry): string[] {
  const places: string[] = [];
  const add = (image: string, repository: RepoPath) => {
    if (repository !== "" && !path.startsWith(`${repository}/`)) return;
    const below = repository === "" ? path : path.slice(repository.length + 1);
    places.push(`${image === "/" ? "" : image}/${below}`);
  };
  // Of the repository directories whose contents lie in one of the image, the file's own is the one that it is imported from.
  const holding = entry.imageRoots.filter(({ repository }) => repository === "" || path.startsWith(`${repository}/`));
  for (const root of holding)
    if (!holding.some((one) => one.image === root.image && one.repository.length > root.repository.length))
      add(root.image, root.repository);
  if (entry.path !== null && entry.imagePath !== null) {
    const source = entry.path.split("/");
    const target = entry.imagePath.split("/");
    while (source.length > 0 && target.length > 1 && source.at(-1) === target.at(-1)) {
      source.pop();
      target.pop();
    }
    if (target.length < entry.imagePath.split("/").length) add(target.join("/") || "/", source.join("/"));
  }
  return [...new Set(places)];
}

function reasonFor(path: RepoPath, entry: StartupEntry, image: Image, input: Input): LostReason | null {
  const absence = image.absence(path);
  switch (absence.reason) {
    case "ignored":
    case "filtered": {
      if (absence.line === null) return null;
      const at = lineOf(absence.by, absence.line, input);
      return { kind: absence.reason, at, pattern: absence.pattern };
    }
    case "untracked":
      return { kind: "not-copied", at: absence.copy.at, detail: "git does not track it, so a clean checkout lacks it" };
    case "stage-only":
      return { kind: "not-copied", at: absence.copy.at, detail: `only the build stage \`${absence.stage}\` has it` };
    case "excluded":
      return {
        kind: "not-copied",
        at: absence.copy.at,
        detail: `this COPY names it, and ${excludeText(absence.patterns)} leaves it out`,
      };
    case "replaced":
      return null;
    case "not-copied":
      return {
        kind: "not-copied",
        at: absence.nearest?.at ?? entry.at,
        detail: "no COPY of the final image brings it",
      };
    case "unknown":
      return null;
  }
}

const excludeText = (patterns: readonly string[]) => patterns.map((one) => `\`--exclude=${one}\``).join(" or ");

/** The text of a line, without what white space surrounds it. */
function lineOf(path: RepoPath, line: number, input: Input): Location {
  const text = input.facts.get("lines", path)?.lines[line - 1] ?? "";
  const from = text.length - text.trimStart().length;
  return { path, start: { line, column: from + 1 }, end: { line, column: Math.max(from, text.trimEnd().length) + 1 } };
}

/** Modules found in the repository only below a directory that the process does not search, and in the image elsewhere. */
function offPathFor(closure: EntryClosure, image: Image): OffPathModule[] {
  const { entry } = closure;
  if (entry.language !== "python" || entry.searchPathOpen || installsProject(image)) return [];
  const found = new Map<string, OffPathModule>();
  for (const one of closure.imports) {
    if (one.onPath || one.miss || one.level === "type") continue;
    const path = one.resolved.at(-1);
    const [place] = path ? image.files.placesOf(path) : [];
    const file = place ? image.files.answer(place) : null;
    if (!path || !place || file?.status !== "present" || found.has(one.specifier)) continue;
    const root = entry.imageRoots[0]?.image ?? "/";
    const below = one.specifier.replaceAll(".", "/") + (path.endsWith("/__init__.py") ? "/__init__.py" : ".py");
    const wanted = entry.imageRoots.map((each) => `${each.image === "/" ? "" : each.image}/${below}`);
    if (wanted.some((each) => image.files.answer(each).status !== "absent")) continue;
    found.set(one.specifier, {
      name: one.specifier,
      path,
      level: one.level,
      chain: one.chain,
      entry,
      deployed: isShipped(image),
      at: file.file.by.at,
      place,
      wanted: `${root === "/" ? "" : root}/${below}`,
    });
  }
  return [...found.values()];
}
