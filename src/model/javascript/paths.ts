import type { RepoPath } from "../../types/text.ts";

/** Joins and cleans; null above the root. */
export function joinPaths(...parts: readonly string[]): RepoPath | null {
  const clean: string[] = [];
  for (const segment of parts.join("/").split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") clean.push(segment);
    else if (clean.pop() === undefined) return null;
  }
  return clean.join("/");
}

export function directoryOf(path: RepoPath): RepoPath {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "" : path.slice(0, slash);
}

/** What Node.js runs as code: by its ending, or a file without one such as `bin/www`. */
export const codePattern = /\.(?:[cm]?[jt]s|[jt]sx)$|(?:^|\/)[^./]+$/;

export const scriptPattern = /\.(?:[cm]?[jt]s|[jt]sx)$/;
