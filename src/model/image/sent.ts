import type { CopySource, CopyStep, RunStep } from "../../types/image.ts";
import type { RepoPath } from "../../types/text.ts";
import { splitGlob } from "./copy-glob.ts";
import { below, hasWildcard, join } from "./paths.ts";

/**
 * Names the directory of each glob that matches nothing and is not sent. A builder gets only what some COPY or mount names, with the directories
 * above it; without the directory before the first wildcard BuildKit fails (`lstat /conf: no such file or directory`), while a glob at
 * the root copies nothing and goes on. Seen in builds with BuildKit 0.34; Docker 20.10 fails only where the context lacks the directory.
 */
export function withUnsent(copies: readonly CopyStep[], runs: readonly RunStep[], root: RepoPath | null): CopyStep[] {
  if (root === null) return [...copies];
  const sent = copies.flatMap((copy) =>
    copy.needed ? copy.sources.flatMap((one) => (one.from === "context" ? one.matches : [])) : [],
  );
  for (const run of runs)
    for (const { type, source, from } of run.mounts)
      if (run.needed && type === "bind" && from === null)
        sent.push(join(root, (source ?? "").replace(/^(\.?\/)+/, "")));
  const isSent = (directory: RepoPath): boolean =>
    directory === root || sent.some((path) => below(directory, path) !== null || below(path, directory) !== null);
  const directoryOf = (copy: CopyStep, source: CopySource): RepoPath | null => {
    if (source.from !== "context" || !source.glob || source.status !== "missing" || source.path === null) return null;
    const pivot = source.path.indexOf("/./");
    if (copy.parents && pivot === -1) return null;
    const text = copy.parents ? source.path.slice(0, pivot) : source.path;
    const clean = text.replace(/^(\.{0,2}\/)+/, "");
    const directory = join(root, hasWildcard(clean) ? splitGlob(clean).base : clean);
    return isSent(directory) ? null : directory;
  };
  return copies.map((copy) => ({
    ...copy,
    sources: copy.sources.map((source) => {
      const unsent = directoryOf(copy, source);
      return unsent === null ? source : { ...source, unsent };
    }),
  }));
}
