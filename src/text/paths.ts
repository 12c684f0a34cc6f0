/**
 * Paths: `/` between segments, no `.`, `..` or doubled slash in them; "" is a repository's root, "/" an image's. Own code: Node's posix
 * functions keep trailing slashes, and some of these tell what leaves the repository.
 */

/** The directory of a repository path; "" for a name at the root. */
export function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** A repository path from a path relative to a repository directory; null when it leaves the repository. */
export function inRepository(directory: string, path: string): string | null {
  const kept = directory === "" ? [] : directory.split("/");
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") kept.push(segment);
    else if (kept.pop() === undefined) return null;
  }
  return kept.join("/");
}

/** An absolute, clean path: `path` joined to `base` unless it is absolute itself; `..` stops at the root. */
export function absolute(base: string, path: string): string {
  const kept: string[] = [];
  for (const segment of (path.startsWith("/") ? path : `${base}/${path}`).split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") kept.pop();
    else kept.push(segment);
  }
  return `/${kept.join("/")}`;
}
