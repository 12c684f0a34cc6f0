import type { ImageConfig } from "../../config/schema.ts";
import { baseName } from "../../text/paths.ts";
import type { DockerfileSyntax } from "../../types/dockerfile.ts";
import type { Build, BuildContext, BuilderKind, BuildOrigin, RunOverride, UploadFilter } from "../../types/image.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { isForDevelopment } from "../path-class.ts";

/** A build as one place defines it, before Dockerfile, ignore file and other places are looked up. */
export interface Definition {
  name: string;
  tags?: readonly string[];
  origin: BuildOrigin;
  at: Location;
  context: BuildContext;
  contextAt?: Location | null;
  /** Null: `Dockerfile` of the context. Repository path. */
  dockerfile: RepoPath | null;
  inline?: { syntax: DockerfileSyntax; at: Location };
  /** Why the Dockerfile cannot be known. */
  dockerfileUnknown?: string;
  dockerfileAt?: Location | null;
  target?: string | null;
  args?: ReadonlyMap<string, string | null>;
  /** More arguments may be given than are known. */
  argsOpen?: boolean;
  builder?: BuilderKind;
  namedContexts?: ReadonlyMap<string, BuildContext>;
  upload?: UploadFilter | null;
  /** False only for what search alone finds. */
  deployed?: boolean;
  ciOnly?: boolean;
  /** Compose: `image:` beside `build:`. */
  pulled?: boolean;
  doubt?: string | null;
  madeBefore?: readonly RepoPath[];
  run?: RunOverride | null;
  config?: ImageConfig | null;
}

/** The start of a file, where no better place is known. */
export function startOf(path: RepoPath): Location {
  return { path, start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
}

/** The context that the tree lacks, or the Dockerfile in a context that it holds; null where both are there or not known. */
export function missingOf(
  { context, dockerfile }: Pick<Build, "context" | "dockerfile">,
  tree: FileTree,
): RepoPath | null {
  if (context.kind !== "unknown" && context.path !== "" && !tree.hasDirectory(context.path) && !tree.has(context.path))
    return context.path;
  return dockerfile.kind === "file" && !dockerfile.exists ? dockerfile.path : null;
}

/** `Dockerfile` in lower case, where only that is there: buildx and BuildKit take it as well. */
function asItStands(path: RepoPath | null, tree: FileTree): RepoPath | null {
  if (path === null || tree.has(path)) return path;
  const lower = path.replace(/(^|\/)Dockerfile$/, "$1dockerfile");
  return tree.has(lower) ? lower : path;
}

/** Looks up what a definition leaves open. */
export function completeBuild(definition: Definition, id: string, tree: FileTree): Build {
  const { context } = definition;
  const builder = definition.builder ?? "buildkit";
  const named = definition.dockerfile !== null || definition.dockerfileUnknown !== undefined;
  const path = named ? asItStands(definition.dockerfile, tree) : defaultDockerfile(context, builder, tree);
  const dockerfile: Build["dockerfile"] = definition.inline
    ? { kind: "inline", ...definition.inline }
    : path === null
      ? { kind: "unknown", reason: definition.dockerfileUnknown ?? "the context is not known" }
      : { kind: "file", path, exists: tree.has(path) };
  return {
    id,
    name: definition.name,
    tags: definition.tags ?? [],
    context,
    dockerfile,
    target: definition.target ?? null,
    args: definition.args ?? new Map(),
    argsOpen:
      definition.argsOpen === true || [...(definition.args?.keys() ?? [])].some((name) => !/^[\w.-]+$/.test(name)),
    builder,
    builderStated: definition.builder !== undefined,
    namedContexts: definition.namedContexts ?? new Map(),
    ignoreFile: ignoreFileOf(context, dockerfile.kind === "file" ? dockerfile.path : null, builder, tree),
    upload: definition.upload ?? null,
    origin: definition.origin,
    at: definition.at,
    dockerfileAt: definition.dockerfileAt ?? null,
    contextAt: definition.contextAt ?? null,
    deployed: definition.deployed ?? true,
    // A workflow's name says when it runs, not what its image is for.
    forDevelopment:
      (/^(?:compose|script|bake)$/.test(definition.origin) && isForDevelopment(definition.at.path)) ||
      (definition.origin === "search" && isForDevelopment(baseName(definition.at.path))),
    ciOnly: definition.ciOnly ?? false,
    pulled: definition.pulled ?? false,
    doubt: definition.doubt ?? null,
    madeBefore: definition.madeBefore ?? [],
    run: definition.run ?? null,
    config: definition.config ?? null,
  };
}

function defaultDockerfile(context: BuildContext, builder: BuilderKind, tree: FileTree): RepoPath | null {
  if (context.kind === "unknown") return null;
  const inside = (name: string): string => (context.path === "" ? name : `${context.path}/${name}`);
  if (builder === "buildah" && tree.has(inside("Containerfile"))) return inside("Containerfile");
  // BuildKit and the classic builder take a lower-case name too.
  if (!tree.has(inside("Dockerfile")) && tree.has(inside("dockerfile"))) return inside("dockerfile");
  return inside("Dockerfile");
}

/** The one ignore file that a build reads: beside the Dockerfile under its name, else the one at the context's root. */
export function ignoreFileOf(
  context: BuildContext,
  dockerfile: RepoPath | null,
  builder: BuilderKind,
  tree: FileTree,
): RepoPath | null {
  if (context.kind !== "directory") return null;
  const own = dockerfile === null ? null : `${dockerfile}.dockerignore`;
  if (own !== null && builder !== "classic" && tree.has(own)) return own;
  const inside = (name: string): string => (context.path === "" ? name : `${context.path}/${name}`);
  if (builder === "buildah" && tree.has(inside(".containerignore"))) return inside(".containerignore");
  return tree.has(inside(".dockerignore")) ? inside(".dockerignore") : null;
}
