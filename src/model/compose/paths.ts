import type { RepoPath } from "../../types/text.ts";

/** A relative path from a directory of the repository; null when it is absolute, remote, holds a variable or leaves the repository. */
export function resolvePath(directory: RepoPath, written: string): RepoPath | null {
  if (/[$~]|^[/\\]|^[A-Za-z]:[\\/]|:\/\/|^git@|^docker-image:|^service:|^target:/.test(written)) return null;
  const segments = directory === "" ? [] : directory.split("/");
  for (const segment of written.replaceAll("\\", "/").split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") segments.push(segment);
    else if (segments.pop() === undefined) return null;
  }
  return segments.join("/");
}
