import { inRepository } from "../../text/paths.ts";
import type { RepoPath } from "../../types/text.ts";

/** A relative path from a directory of the repository; null when it is absolute, remote, holds a variable or leaves the repository. */
export function resolvePath(directory: RepoPath, written: string): RepoPath | null {
  if (/[$~]|^[/\\]|^[A-Za-z]:[\\/]|:\/\/|^git@|^docker-image:|^service:|^target:/.test(written)) return null;
  return inRepository(directory, written.replaceAll("\\", "/"));
}
