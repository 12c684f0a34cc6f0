import { createIgnoreMatcher, type IgnoreMatcher } from "../../sources/dockerignore-walk.ts";
import type { GitignoreAnswer } from "../../sources/gitignore.ts";
import { absolute } from "../../text/paths.ts";
import type { BuilderKind, ContextAnswer, ContextView, IgnoreSyntax } from "../../types/image.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { below, join } from "./paths.ts";

/** What a view is made from. */
export interface ContextInput {
  tree: FileTree;
  linkTarget(path: RepoPath): string | null;
  /** Repository path of the context's root. */
  root: RepoPath;
  builder: BuilderKind;
  /** `unsure`: whether this file is read at all is not known; what it leaves out is then unknown. */
  ignore: { path: RepoPath; syntax: IgnoreSyntax; unsure: boolean } | null;
  /** Left out before the builder sees it; paths are relative to `root`. */
  upload: { path: RepoPath; root: RepoPath; matches(path: string): GitignoreAnswer | null } | null;
}

/** A view that also resolves symbolic links, as COPY does with the sources that it is given. */
export interface LinkedContextView extends ContextView {
  /** Follows links in every segment below the root, the last one too; null when they lead in a circle. */
  resolve(path: RepoPath): RepoPath | null;
  /** The target text of a link. */
  linkTarget(path: RepoPath): string | null;
  /** Whether a file is a plain file, not a link or a submodule. */
  kindOf(path: RepoPath): "file" | "link" | "submodule" | "directory" | null;
}

const MAX_LINKS = 40;

/** A view of nothing: every answer is unknown. */
export function unknownContext(reason: string): LinkedContextView {
  return {
    root: null,
    ignoreFile: null,
    answer: () => ({ status: "unknown", reason }),
    filter: () => ({ status: "unknown", reason }),
    files: () => [],
    children: () => [],
    resolve: (path) => path,
    linkTarget: () => null,
    kindOf: () => null,
  };
}

/** What a directory of the repository gives to the builder. Work is done per path asked for, and remembered per directory. */
export function contextView(input: ContextInput): LinkedContextView {
  const { tree, root, ignore, upload } = input;
  const matcher: IgnoreMatcher | null = ignore
    ? createIgnoreMatcher(ignore.syntax.patterns, input.builder === "classic" ? "classic" : "buildkit")
    : null;
  const filesBelow = new Map<RepoPath, readonly RepoPath[]>();
  const refused = ignore?.syntax.errors.find((error) => error.phase === "read");

  /** What the filters say of a path that exists. */
  function filtered(path: RepoPath): ContextAnswer {
    const relative = below(root, path) ?? path;
    if (relative === "") return { status: "present" };
    if (upload) {
      const hit = upload.matches(below(upload.root, path) ?? path);
      if (hit) return { status: "filtered", by: upload.path, line: hit.line || null, pattern: hit.pattern };
    }
    if (!matcher || !ignore) return { status: "present" };
    const said = matcher.test(relative);
    if (said.error)
      return { status: "unknown", reason: `the builder fails at line ${said.error.line} of ${ignore.path}` };
    if (!said.excluded) return { status: "present" };
    if (ignore.unsure) return { status: "unknown", reason: `${ignore.path} may or may not be read` };
    const pattern = ignore.syntax.patterns[said.deciding];
    return { status: "ignored", by: ignore.path, line: pattern?.line ?? 1, pattern: pattern?.text ?? "" };
  }

  function answerDirectory(path: RepoPath): ContextAnswer {
    const own = filtered(path);
    if (own.status === "unknown" || path === root) return own;
    if (own.status === "present") {
      // A directory whose every file is left out before the upload does not arrive either.
      if (!upload && tree.under(path).some((entry) => entry.tracked)) return own;
    }
    const entries = tree.under(path);
    if (
      files(path).length > 0 ||
      entries.some((entry) => entry.kind === "submodule" && entry.tracked && filtered(entry.path).status === "present")
    )
      return { status: "present" };
    if (own.status !== "present") return own;
    const first = entries[0];
    return first ? answer(first.path) : { status: "absent" };
  }

  const answers = new Map<RepoPath, ContextAnswer>();
  function answer(path: RepoPath): ContextAnswer {
    let said = answers.get(path);
    if (said === undefined) {
      said = decide(path);
      answers.set(path, said);
    }
    return said;
  }

  function decide(path: RepoPath): ContextAnswer {
    if (refused) return { status: "unknown", reason: `the builder refuses line ${refused.line} of ${ignore?.path}` };
    if (below(root, path) === null) return { status: "absent" };
    const entry = tree.get(path);
    if (!entry) {
      if (path === root || tree.hasDirectory(path)) return answerDirectory(path);
      const submodule = enclosingSubmodule(path);
      if (submodule !== null) return { status: "unknown", reason: `inside the submodule ${submodule}` };
      // Every checkout has it, though git does not list it.
      const top = below(root, path);
      if (root === "" && top !== null && /^\.git(\/|$)/.test(top)) {
        const said = filtered(path);
        return said.status === "present" ? { status: "unknown", reason: "git's own directory" } : said;
      }
      // Left out whoever makes it, unless a `!` line may bring back something below it.
      const said = filtered(path);
      return said.status === "ignored" && !ignore?.syntax.patterns.some((pattern) => pattern.negated)
        ? said
        : { status: "absent" };
    }
    if (!entry.tracked) {
      const said = filtered(path);
      return said.status === "present" ? { status: "untracked" } : said;
    }
    return filtered(path);
  }

  function enclosingSubmodule(path: RepoPath): RepoPath | null {
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
      const above = path.slice(0, slash);
      if (tree.get(above)?.kind === "submodule") return above;
    }
    return null;
  }

  function files(directory: RepoPath): readonly RepoPath[] {
    let list = filesBelow.get(directory);
    if (list) return list;
    list = [];
    if (!refused) {
      const sent: RepoPath[] = [];
      for (const entry of tree.under(directory)) {
        if (entry.kind === "submodule" || !entry.tracked || below(root, entry.path) === null) continue;
        if (filtered(entry.path).status === "present") sent.push(entry.path);
      }
      list = sent;
    }
    filesBelow.set(directory, list);
    return list;
  }

  function resolve(path: RepoPath): RepoPath | null {
    let links = 0;
    const pending = (below(root, path) ?? "").split("/").filter((segment) => segment !== "");
    let resolved = root;
    while (pending.length > 0) {
      const segment = pending.shift()!;
      const next = join(resolved, segment);
      const target = tree.get(next)?.kind === "symlink" ? input.linkTarget(next) : null;
      if (target === null) {
        resolved = next;
        continue;
      }
      if (++links > MAX_LINKS) return null;
      // Links cannot leave the context: an absolute target and too many `..` start at its root.
      const inside = absolute(`/${below(root, resolved) ?? ""}`, target);
      pending.unshift(...inside.split("/").filter((part) => part !== ""));
      resolved = root;
    }
    return resolved;
  }

  return {
    root,
    ignoreFile: ignore?.path ?? null,
    answer,
    filter: filtered,
    files,
    children(directory) {
      return tree.children(directory).filter((name) => answer(join(directory, name)).status === "present");
    },
    resolve,
    linkTarget: input.linkTarget,
    kindOf(path) {
      const kind = tree.get(path)?.kind;
      if (kind === "symlink") return "link";
      if (kind === "submodule") return "submodule";
      if (kind !== undefined) return "file";
      return path === root || tree.hasDirectory(path) ? "directory" : null;
    },
  };
}
