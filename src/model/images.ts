import { directoryOf } from "../text/paths.ts";
import type { Build, CopySource, Image, ImagesModel, Misplacement } from "../types/image.ts";
import type { ModelInput, ModelProvider } from "../types/model.ts";
import type { RepoPath } from "../types/text.ts";
import type { FileTree } from "../types/workspace.ts";
import { ignoreFileOf } from "./builds/definition.ts";
import { contextOf, namedContextOf } from "./ignore-files.ts";
import { type LinkedContextView, unknownContext } from "./image/context-view.ts";
import { type EvaluationInput, evaluateImage } from "./image/evaluate.ts";
import { sourceMakings } from "./image/made-elsewhere.ts";
import { join } from "./image/paths.ts";
import { makeRepairs } from "./lost-files/repair.ts";

type Input = ModelInput<"builds" | "archives">;

/** What each build puts into its image. */
export const imagesProvider: ModelProvider<"images", "builds" | "archives"> = {
  needs: ["builds", "archives"],
  facts: ["dockerfile", "dockerignore", "lines"],
  build(input) {
    const remembered = new Map<string, LinkedContextView>();
    return { images: input.known.builds.builds.map((build) => buildImage(build, input, remembered)) };
  },
  isEmpty: (model: ImagesModel) => model.images.length === 0,
};

function buildImage(build: Build, input: Input, remembered: Map<string, LinkedContextView>): Image {
  const { dockerfile } = build;
  const path = dockerfile.kind === "inline" ? dockerfile.at.path : dockerfile.kind === "file" ? dockerfile.path : null;
  const syntax =
    dockerfile.kind === "inline"
      ? dockerfile.syntax
      : dockerfile.kind === "file" && dockerfile.exists
        ? input.facts.get("dockerfile", dockerfile.path)
        : null;
  const refused = syntax?.errors[0];
  if (refused && path !== null) input.noteUnread(path, `line ${refused.range.start.line}: ${refused.message}`);
  const named = new Map(
    [...build.namedContexts].map(([name, context]) => [name, namedContextOf(context, build, input, remembered)]),
  );
  const evaluation = (one: Build): EvaluationInput => ({
    build: one,
    syntax,
    path,
    context: contextOf(one, input, remembered),
    named,
    tree: input.files,
    archives: input.known.archives,
    making: sourceMakings(one, input.files, (file) => input.facts.get("lines", file)?.lines ?? null),
  });
  const image = evaluateImage(evaluation(build));
  const misplaced = misplacement(image, input.files);
  if (misplaced) {
    const reason = `${misplaced.missing.length} of the ${misplaced.total} sources are not in the build context`;
    return { ...evaluateImage({ ...evaluation(build), context: unknownContext(reason) }), misplaced };
  }
  const { context } = build;
  if (context.kind === "unknown" && context.candidates && path !== null) {
    const alternatives = context.candidates.map((root) => {
      const directory = { kind: "directory", path: root } as const;
      const ignoreFile = ignoreFileOf(directory, path, build.builder, input.files);
      return evaluateImage(evaluation({ ...build, context: directory, ignoreFile }));
    });
    return missingInAll(image, alternatives, input.files);
  }
  return { ...image, repair: repairsOf(image, input) };
}

const MANY = 3;

/** Literal sources of the context, but for the context itself. */
function literalsOf(image: Image): CopySource[] {
  return image.copies.flatMap((copy) =>
    copy.needed
      ? copy.sources.filter(
          (one) => one.from === "context" && !one.glob && one.source !== null && !/^\.?\/?$/.test(one.path ?? ""),
        )
      : [],
  );
}

function misplacement(image: Image, tree: FileTree): Misplacement | null {
  const { context } = image.build;
  if (context.kind === "unknown") return null;
  const literals = literalsOf(image);
  const missing = literals.filter(
    (one) => one.status === "missing" && one.why?.status === "absent" && one.making === null,
  );
  if (missing.length < MANY || missing.length * 2 <= literals.length) return null;
  const roots = new Set<RepoPath>([""]);
  for (const start of [context.path, directoryOf(image.path ?? "")])
    for (let directory = start; directory !== ""; directory = directoryOf(directory)) roots.add(directory);
  const exists = (path: RepoPath): boolean => tree.has(path) || tree.hasDirectory(path);
  const fits = [...roots].find((root) =>
    missing.every((one) =>
      exists(join(root, (one.source ?? "").slice(context.path === "" ? 0 : context.path.length + 1))),
    ),
  );
  return { missing, total: literals.length, fits: fits ?? null };
}

/** Of a build whose context is one of several: a source is missing only where every one of them lacks it, and no other directory fits. */
function missingInAll(image: Image, alternatives: readonly Image[], tree: FileTree): Image {
  const [first] = alternatives;
  if (!first || !alternatives.some((one) => literalsOf(one).some((source) => source.status === "found"))) return image;
  const elsewhere = (source: CopySource): boolean => {
    const ending = `/${(source.path ?? "").replace(/^(\.?\/)+/, "").replace(/\/+$/, "")}`;
    return tree.entries.some(({ path }) => `/${path}/`.includes(`${ending}/`));
  };
  const copies = image.copies.map((copy, at) => ({
    ...copy,
    sources: copy.sources.map((source, index): CopySource => {
      const all = alternatives.map((one) => one.copies[at]?.sources[index]);
      const said = all[0];
      if (source.from !== "context" || source.glob || !said) return source;
      const gone = all.every(
        (one) => one?.status === "missing" && (one.why?.status === "ignored" || one.why?.status === "absent"),
      );
      if (!gone || said.making || (said.why?.status === "absent" && elsewhere(said))) return source;
      return { ...source, path: said.path, status: "missing", why: said.why };
    }),
  }));
  return { ...image, copies };
}

const MOST_FILES = 200;

/** Lines for the ignore file that bring back one path: a file, or a directory with all that is left out of it. */
function repairsOf(image: Image, input: Input): Image["repair"] {
  return (source) => {
    const files = input.files.has(source)
      ? [source]
      : input.files
          .under(source)
          .filter((entry) => entry.tracked)
          .map((entry) => entry.path);
    const ignored = files.flatMap((path) => {
      const why = image.context.answer(path);
      return why.status === "ignored" ? [{ path, why }] : [];
    });
    const deciding = ignored[0]?.why;
    if (!deciding || ignored.length > MOST_FILES || ignored.some(({ why }) => why.line !== deciding.line)) return null;
    const place = { line: deciding.line, column: 1 };
    const at = { path: deciding.by, start: place, end: place };
    const paths = ignored.map((one) => one.path);
    const repair = makeRepairs(image, paths, input)(paths[0]!, { kind: "ignored", at, pattern: deciding.pattern });
    // A line for each file of a directory is no repair that a person would write.
    return repair && repair.lines.length <= MANY ? repair : null;
  };
}
