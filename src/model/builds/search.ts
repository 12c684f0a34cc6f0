import { absolute, baseName, directoryOf } from "../../text/paths.ts";
import type { DockerfileSyntax } from "../../types/dockerfile.ts";
import type { BuildContext } from "../../types/image.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { hasWildcard, join } from "../image/paths.ts";
import { type Definition, startOf } from "./definition.ts";

const NOT_DOCKERFILES =
  /\.(dockerignore|j2|jinja2?|tmpl|tpl|template|erb|hbs|ejs|mustache|in|md|rst|txt|bak|orig|swp|old|sample|example|sh|py|js|ts|go|yml|yaml|json|tf|toml|html?)$/i;
/** Trees of other people's code, and test data. */
const ELSEWHERE =
  /(^|\/)(node_modules|vendor|third_party|testdata|fixtures|__fixtures__|__tests__|site-packages|\.git)\//;

/** Whether a file is a Dockerfile by its name. */
export function isDockerfileName(path: RepoPath): boolean {
  const name = baseName(path);
  if (!/dockerfile|containerfile/i.test(name)) return false;
  return (
    /^(Dockerfile|Containerfile)([.-].+)?$|^.+\.(dockerfile|containerfile)$/i.test(name) && !NOT_DOCKERFILES.test(name)
  );
}

/**
 * Dockerfiles that nothing names: each with the context in which all its literal sources exist, if that is one. That is its own directory or
 * the root, else a directory between them, as of a workspace that lies in a folder.
 */
export function searchBuilds(
  tree: FileTree,
  named: ReadonlySet<RepoPath>,
  parse: (path: RepoPath) => DockerfileSyntax | null,
): Definition[] {
  const found: Definition[] = [];
  for (const entry of tree.entries) {
    if (entry.ignored || entry.kind === "symlink" || entry.kind === "submodule") continue;
    if (!isDockerfileName(entry.path) || named.has(entry.path) || ELSEWHERE.test(entry.path)) continue;
    const syntax = parse(entry.path);
    if (!syntax?.instructions.some((instruction) => instruction.keyword === "FROM")) continue;
    found.push({
      name: entry.path,
      origin: "search",
      at: startOf(entry.path),
      context: guessContext(entry.path, syntax, tree),
      dockerfile: entry.path,
      deployed: false,
    });
  }
  return found;
}

/** The directory that a Dockerfile is most likely built from. */
export function guessContext(path: RepoPath, syntax: DockerfileSyntax, tree: FileTree): BuildContext {
  const own = directoryOf(path);
  if (own === "") return { kind: "directory", path: "" };
  const sources = literalSources(syntax);
  const fits = (root: RepoPath): boolean =>
    sources.every((source) => {
      const target = join(root, absolute("/", source).slice(1));
      return tree.has(target) || target === root || tree.hasDirectory(target);
    });
  const inOwn = fits(own);
  const inRoot = fits("");
  if (inOwn && !inRoot) return { kind: "directory", path: own };
  if (inRoot && !inOwn) return { kind: "directory", path: "" };
  // `COPY . .` fits everywhere: the image is that of the package beside it, where the root has no such package.
  if (inOwn && inRoot && !mentions(syntax, own) && packagesOf(own, tree).some((name) => !tree.has(name)))
    return { kind: "directory", path: own };
  const between = inOwn ? [] : above(own).filter(fits);
  if (between.length === 1) return { kind: "directory", path: between[0]! };
  return {
    kind: "unknown",
    candidates: [own, ""],
    reason: inOwn
      ? `${own} and the repository's root both fit ${path}`
      : `neither ${own} nor the repository's root fits ${path}`,
  };
}

/** What package managers install from in a directory. */
function packagesOf(directory: RepoPath, tree: FileTree): string[] {
  return tree
    .children(directory)
    .filter((name) =>
      /^(?:package\.json|requirements\.txt|pyproject\.toml|setup\.py|Pipfile|go\.mod|Gemfile|pom\.xml|build\.gradle(?:\.kts)?|Cargo\.toml|composer\.json|mix\.exs|.+\.(?:csproj|fsproj|sln))$/.test(
        name,
      ),
    );
}

/** Whether an instruction writes out where the Dockerfile lies, as one has to from the root. */
function mentions({ instructions }: DockerfileSyntax, directory: RepoPath): boolean {
  return instructions.some(({ words }) => words.some(({ text }) => text.includes(directory)));
}

/** The directories between a directory and the root. */
function above(directory: RepoPath): RepoPath[] {
  const found: RepoPath[] = [];
  for (let one = directoryOf(directory); one !== ""; one = directoryOf(one)) found.push(one);
  return found;
}

/** Sources that are read from the context and hold neither variables nor wildcards. */
function literalSources(syntax: DockerfileSyntax): string[] {
  return syntax.instructions
    .map((instruction) => instruction.trigger ?? instruction)
    .filter(
      ({ keyword, flags }) => (keyword === "COPY" || keyword === "ADD") && !flags.some((flag) => flag.name === "from"),
    )
    .flatMap(({ words, form }) =>
      words.slice(0, -1).map(({ text }) => (form === "exec" ? text : text.replace(/^"(.*)"$/, "$1"))),
    )
    .filter((text) => !/[$\\'"]|^<<|^[a-z+]+:\/\/|^git@/.test(text) && !hasWildcard(text));
}
