import type { EntryPart, EntryPoint } from "../types/entry.ts";
import type { ClosureModel, EntryClosure, StartupEntry } from "../types/imports.ts";
import type { ModelInput, ModelProvider } from "../types/model.ts";
import type { RepoPath } from "../types/text.ts";
import { frontsFor, importFacts } from "./import-fronts.ts";

/** What each process imports while it starts; each closure is computed when a rule first asks for it. */
export const closuresProvider: ModelProvider<"closures", "entries" | "images"> = {
  needs: ["entries", "images"],
  facts: importFacts,
  build(input): ClosureModel {
    const fronts = frontsFor(input.files, input.facts);
    const entries = input.known.entries.points.flatMap((point) => entriesOf(point, input));
    const known = new Map<StartupEntry, EntryClosure>();
    return {
      entries,
      of(entry) {
        let closure = known.get(entry);
        if (!closure) {
          const front = fronts.find((one) => one.language === entry.language);
          closure = front?.closureOf(entry) ?? emptyClosure(entry);
          known.set(entry, closure);
        }
        return closure;
      },
    };
  },
  isEmpty: (model) => model.entries.length === 0,
};

function emptyClosure(entry: StartupEntry): EntryClosure {
  return { entry, modules: [], imports: [], dataFiles: [], circular: [], unread: [] };
}

/** The program files among what a command names. One process may start several (migrations first, preloaded modules). */
function entriesOf(point: EntryPoint, input: ModelInput<"entries" | "images">): StartupEntry[] {
  const entries: StartupEntry[] = [];
  for (const part of point.parts) {
    if (part.language !== "python" && part.language !== "javascript") continue;
    if (part.kind !== "file" && part.kind !== "module") continue;
    const path = part.path ?? part.builtFrom;
    if (path === null || !input.files.has(path)) continue;
    const searchPath = repositoryRoots(part);
    const workdir = directoryIn(point, point.workdir, input);
    entries.push({
      language: part.language,
      image: point.image,
      point: point.name,
      written: part.subject,
      at: part.at,
      path,
      kind:
        part.kind === "file" || path.endsWith("__main__.py") || /(?:^|\s)-m\s/.test(point.command) ? "main" : "module",
      module: part.module,
      attribute: part.attribute,
      factory: part.factory,
      searchPath,
      workingDirectory: workdir,
      searchPathOpen:
        part.language === "python" && part.roots.some((root) => root.repository === null) && searchPath.length === 0,
    });
  }
  return entries;
}

function repositoryRoots(part: EntryPart): RepoPath[] {
  const roots: RepoPath[] = [];
  for (const root of part.roots)
    if (root.repository !== null && !roots.includes(root.repository)) roots.push(root.repository);
  return roots;
}

/** The repository directory whose contents lie at an image directory, by the image's own files. */
function directoryIn(point: EntryPoint, directory: string, input: ModelInput<"entries" | "images">): RepoPath | null {
  if (point.image === null) return directory.replace(/^\//, "");
  const image = input.known.images.images.find((one) => one.build.name === point.image);
  if (!image) return null;
  for (const name of image.files.children(directory)) {
    const answer = image.files.answer(`${directory === "/" ? "" : directory}/${name}`);
    const source = answer.status === "present" ? answer.file.source : null;
    if (source?.endsWith(`/${name}`) || source === name)
      return source === name ? "" : source.slice(0, -name.length - 1);
  }
  return null;
}
