import { gitignoreMatcher } from "../../sources/gitignore.ts";
import { baseName, directoryOf } from "../../text/paths.ts";
import type { ComposeProject, MissingPath } from "../../types/compose.ts";
import type { FactReader } from "../../types/facts.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { defaultComposeNames } from "../path-class.ts";
import { makers } from "./made-by-hand.ts";
import { resolvePath } from "./paths.ts";

/** Says why a path that is not tracked may be there all the same, or null. */
export type Excuse = (path: RepoPath) => string | null;

/** Excuses by the repository's .gitignore files, by examples that stand beside the path, and by commands that make it. */
export function excuses(tree: FileTree, facts: FactReader): Excuse {
  const matchers = new Map<RepoPath, ReturnType<typeof gitignoreMatcher> | null>();
  const matcherOf = (directory: RepoPath) => {
    const path = directory === "" ? ".gitignore" : `${directory}/.gitignore`;
    let matcher = matchers.get(directory);
    if (matcher === undefined) {
      const lines = tree.has(path) ? facts.get("lines", path)?.lines : undefined;
      matcher = lines ? gitignoreMatcher(lines) : null;
      matchers.set(directory, matcher);
    }
    return matcher;
  };
  const makerOf = makers(tree, facts);
  return (path) => {
    for (let directory = directoryOf(path); ; directory = directoryOf(directory)) {
      const inside = directory === "" ? path : path.slice(directory.length + 1);
      const matcher = inside === "" ? null : matcherOf(directory);
      if (matcher?.(inside) || matcher?.(`${inside}/`)) return "git ignores it, so something makes it first";
      if (directory === "") break;
    }
    return exampleOf(path, tree) ?? makerOf(path);
  };
}

/** `config.yml` beside `config.example.yml`, `config.yml.sample` or `.config.yml.dist`: a person copies it. */
function exampleOf(path: RepoPath, tree: FileTree): string | null {
  const name = baseName(path);
  const stem = name.replace(/\.[^.]*$/, "").toLowerCase();
  const example = tree
    .children(directoryOf(path))
    .find(
      (other) =>
        /(?:example|sample|dist|template|tmpl|tpl|default)/i.test(other) &&
        other.toLowerCase().includes(stem) &&
        stem !== "",
    );
  return example === undefined ? null : `${example} stands beside it to be copied`;
}

/** A compose file that is a copy of one from whose place the path is there: it is packed up to be unpacked elsewhere. */
export function copiedFrom(
  path: RepoPath,
  compose: RepoPath,
  tree: FileTree,
  known: (path: RepoPath) => boolean,
): string | null {
  const blob = tree.get(compose)?.blob;
  if (!blob) return null;
  const written = relativeTo(directoryOf(compose), path);
  const other = tree.entries.find((entry) => {
    if (entry.blob !== blob || entry.path === compose) return false;
    const there = resolvePath(directoryOf(entry.path), written);
    return there !== null && known(there);
  });
  return other === undefined ? null : `this file is a copy of ${other.path}, from where it is found`;
}

/** An override for `-f`, whose paths start where the first file lies: from a folder further up they are there. */
export function foundFromAbove(path: RepoPath, compose: RepoPath, known: (path: RepoPath) => boolean): string | null {
  if (defaultComposeNames.some((name) => compose === name || compose.endsWith(`/${name}`))) return null;
  const written = relativeTo(directoryOf(compose), path);
  if (written.startsWith("../")) return null;
  for (let directory = directoryOf(compose); directory !== ""; ) {
    directory = directoryOf(directory);
    if (known(directory === "" ? written : `${directory}/${written}`))
      return `from ${directory === "" ? "the repository root" : directory} it is there, where the first of several -f may lie`;
  }
  return null;
}

function relativeTo(directory: RepoPath, path: RepoPath): string {
  const from = directory === "" ? [] : directory.split("/");
  const to = path.split("/");
  let same = 0;
  while (same < from.length && from[same] === to[same]) same++;
  return "../".repeat(from.length - same) + to.slice(same).join("/");
}

/** Build contexts, Dockerfiles and short bind mounts of files that the repository does not hold. */
export function missingPaths(project: ComposeProject, tree: FileTree, excuse: Excuse): MissingPath[] {
  const found: MissingPath[] = [];
  const submodules = tree.entries
    .filter((entry) => entry.kind === "submodule" || entry.kind === "symlink")
    .map((entry) => entry.path);
  const known = (path: RepoPath) =>
    path === "" ||
    tree.has(path) ||
    tree.hasDirectory(path) ||
    submodules.some((each) => path === each || path.startsWith(`${each}/`));
  const add = (
    kind: MissingPath["kind"],
    service: ComposeProject["services"][number],
    path: RepoPath | null,
    at: Location,
  ) => {
    if (path === null || known(path)) return;
    const reason = excuse(path) ?? copiedFrom(path, at.path, tree, known) ?? foundFromAbove(path, at.path, known);
    found.push({
      kind,
      service: service.name,
      path,
      at,
      excuse: reason,
      pulled: kind !== "mount" && service.image !== null,
    });
  };
  for (const service of project.services) {
    const { build } = service;
    if (build) {
      add("context", service, build.contextPath, build.context?.at ?? build.at);
      const contextIsThere = build.contextPath !== null && known(build.contextPath);
      // The classic name in lower case is taken as well.
      const lower = build.dockerfilePath?.replace(/Dockerfile$/, "dockerfile") ?? null;
      if (contextIsThere && !(lower !== null && tree.has(lower)))
        add("dockerfile", service, build.dockerfilePath, build.dockerfile?.at ?? build.context?.at ?? build.at);
    }
    for (const mount of service.volumes) {
      if (mount.short && mount.source && isFileMount(mount.source.text, mount.target))
        add("mount", service, mount.sourcePath, mount.source.at);
    }
  }
  return found;
}

/** A source that looks like a file: its name and the target's have the same extension, or both have one. `conf.d` is a directory. */
function isFileMount(source: string, target: string | null): boolean {
  const extension = (path: string) => /[^/]\.([A-Za-z0-9]{1,10})$/.exec(path)?.[1]?.toLowerCase() ?? null;
  const own = extension(source);
  return (
    own !== null && own !== "d" && !/\.(?:sock|git)$/.test(source) && (target === null || extension(target) !== null)
  );
}
