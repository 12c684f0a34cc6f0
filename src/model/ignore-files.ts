import { gitignoreMatcher } from "../sources/gitignore.ts";
import { directoryOf } from "../text/paths.ts";
import type { Build, BuildContext, IgnoreFile, IgnoreFilesModel, IgnoreSyntax } from "../types/image.ts";
import type { ModelInput, ModelProvider } from "../types/model.ts";
import type { RepoPath } from "../types/text.ts";
import { ignoreFileOf } from "./builds/definition.ts";
import { type ContextInput, contextView, type LinkedContextView, unknownContext } from "./image/context-view.ts";
import { join } from "./image/paths.ts";

/** Every .dockerignore-like file with the builds that read it, and what each build's context holds. */
export const ignoreFilesProvider: ModelProvider<"ignoreFiles", "builds"> = {
  needs: ["builds"],
  facts: ["dockerignore", "lines"],
  build: (input) => ({ files: listIgnoreFiles(input), contexts: buildContexts(input) }),
  isEmpty: (model: IgnoreFilesModel) => model.files.length === 0,
};

function isIgnoreFile(path: RepoPath): boolean {
  return /(^|\/)(\.dockerignore|\.containerignore|[^/]+\.dockerignore)$/.test(path);
}

function listIgnoreFiles({ files, facts, known }: ModelInput<"builds">): IgnoreFile[] {
  const { builds } = known.builds;
  const readers = new Map<RepoPath, Build[]>();
  const read = (path: RepoPath | null, build: Build): void => {
    if (path === null) return;
    const list = readers.get(path);
    if (!list) readers.set(path, [build]);
    else if (!list.includes(build)) list.push(build);
  };
  for (const build of builds) {
    read(build.ignoreFile, build);
    for (const context of build.namedContexts.values()) read(ignoreFileOf(context, null, "classic", files), build);
  }
  const paths = files.entries
    .filter((entry) => !entry.ignored && entry.tracked && isIgnoreFile(entry.path))
    .map((entry) => entry.path);
  return paths.map((path): IgnoreFile => {
    const own = directoryOf(path);
    const using = readers.get(path) ?? [];
    const context = using.map((build) => build.context).find((one) => one.kind !== "unknown");
    const isPlain = /(^|\/)\.(dockerignore|containerignore)$/.test(path);
    const dockerfile = isPlain ? null : path.replace(/\.dockerignore$/, "");
    const rooted = (one: BuildContext): boolean => one.kind !== "unknown" && one.path === own;
    return {
      path,
      syntax: facts.get("dockerignore", path),
      root: context ? (isPlain ? own : context.path) : own,
      builds: using,
      contexts: builds.filter((build) => rooted(build.context) || [...build.namedContexts.values()].some(rooted)),
      dockerfile,
      mayBeRead: builds.some(
        (build) =>
          build.context.kind === "unknown" &&
          (isPlain || (build.dockerfile.kind === "file" && build.dockerfile.path === dockerfile)),
      ),
    };
  });
}

function buildContexts(input: ModelInput<"builds">): ReadonlyMap<string, LinkedContextView> {
  const remembered = new Map<string, LinkedContextView>();
  const views = new Map<string, LinkedContextView>();
  for (const build of input.known.builds.builds) views.set(build.id, contextOf(build, input, remembered));
  return views;
}

/** The view of a build's main context. Builds with the same context share it. */
export function contextOf(
  build: Build,
  input: Pick<ModelInput, "files" | "facts" | "linkTarget">,
  remembered: Map<string, LinkedContextView>,
): LinkedContextView {
  const { context } = build;
  if (context.kind === "unknown") return unknownContext(context.reason);
  return sharedView(context.path, build.ignoreFile, build, input, remembered);
}

/** The view of a named context: it reads the ignore file at its own root. */
export function namedContextOf(
  context: BuildContext,
  build: Build,
  input: Pick<ModelInput, "files" | "facts" | "linkTarget">,
  remembered: Map<string, LinkedContextView>,
): LinkedContextView {
  if (context.kind === "unknown") return unknownContext(context.reason);
  return sharedView(
    context.path,
    ignoreFileOf(context, null, "classic", input.files),
    { ...build, upload: null },
    input,
    remembered,
  );
}

function sharedView(
  root: RepoPath,
  ignorePath: RepoPath | null,
  { builder, upload }: Pick<Build, "builder" | "upload">,
  input: Pick<ModelInput, "files" | "facts" | "linkTarget">,
  remembered: Map<string, LinkedContextView>,
): LinkedContextView {
  const key = JSON.stringify([root, ignorePath, builder === "classic", upload]);
  let view = remembered.get(key);
  if (!view) {
    const { files, facts } = input;
    view = contextView({
      tree: files,
      linkTarget: input.linkTarget,
      root,
      builder,
      ignore: ignoreInput(ignorePath, root, input),
      upload: upload ? uploadInput(upload, files, (path) => facts.get("lines", path)?.lines ?? null) : null,
    });
    remembered.set(key, view);
  }
  return view;
}

function ignoreInput(
  path: RepoPath | null,
  root: RepoPath,
  { files, facts }: Pick<ModelInput, "files" | "facts">,
): ContextInput["ignore"] {
  if (path === null) return null;
  const syntax = facts.get("dockerignore", path);
  if (!syntax) return { path, syntax: { patterns: [], errors: [] }, unsure: true };
  const fallback = join(root, ".dockerignore");
  // An empty file of the Dockerfile's own: whether the one at the root is read instead depends on the frontend.
  if (path !== fallback && isEmpty(syntax) && files.has(fallback)) {
    return { path: fallback, syntax: facts.get("dockerignore", fallback) ?? syntax, unsure: true };
  }
  return { path, syntax, unsure: false };
}

function isEmpty(syntax: IgnoreSyntax): boolean {
  return syntax.patterns.length === 0 && syntax.errors.length === 0;
}

/** What `gcloud` leaves out of an upload: .gcloudignore, else .gitignore, at the root of what is uploaded. */
function uploadInput(
  upload: NonNullable<Build["upload"]>,
  files: ModelInput["files"],
  linesOf: (path: RepoPath) => readonly string[] | null,
): ContextInput["upload"] {
  const path = join(upload.root, `.${upload.kind}`);
  if (!files.has(path)) return null;
  const lines = (linesOf(path) ?? []).map((line) => ({ line }));
  const gitignore = join(upload.root, ".gitignore");
  const including = lines.some(({ line }) => /^#!include:\.gitignore\s*$/.test(line));
  const own = gitignoreMatcher(lines.map(({ line }) => line));
  if (!including || !files.has(gitignore)) return { path, root: upload.root, matches: own };
  const included = gitignoreMatcher(linesOf(gitignore) ?? []);
  // The included lines stand where the directive does; a later `!` of the own file is rare enough to be left to it.
  return { path, root: upload.root, matches: (one) => own(one) ?? included(one) };
}
