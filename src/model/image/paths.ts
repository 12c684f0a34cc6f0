/**
 * Paths of images and contexts: `/` between segments. Own code: Node's posix functions keep trailing slashes,
 * and the builder's rules for `.` and `..` differ from a file system's.
 */

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

/** Joins without cleaning; an empty side adds no slash. */
export function join(base: string, rest: string): string {
  if (rest === "") return base;
  return base === "" ? rest : base.endsWith("/") ? base + rest : `${base}/${rest}`;
}

/** The directory of a path: "" for a relative name, "/" below the root. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "" : slash === 0 ? "/" : path.slice(0, slash);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** What of `path` follows `directory`, "" when they are equal; null when it is not below. "" and "/" hold everything. */
export function below(directory: string, path: string): string | null {
  if (directory === path) return "";
  if (directory === "") return path;
  const prefix = directory.endsWith("/") ? directory : `${directory}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : null;
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

/** Whether BuildKit's COPY takes the text for a glob. */
export function hasWildcard(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "\\") at++;
    else if (character === "*" || character === "?" || character === "[") return true;
  }
  return false;
}

/** Compares as the builder sorts names. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
