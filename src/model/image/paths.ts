/** Paths of contexts and images as the builder takes them. */

/** The directory of an absolute path; "/" below the root. */
export function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** Joins without cleaning; an empty side adds no slash. */
export function join(base: string, rest: string): string {
  if (rest === "") return base;
  return base === "" ? rest : base.endsWith("/") ? base + rest : `${base}/${rest}`;
}

/** What of `path` follows `directory`, "" when they are equal; null when it is not below. "" and "/" hold everything. */
export function below(directory: string, path: string): string | null {
  if (directory === path) return "";
  if (directory === "") return path;
  const prefix = directory.endsWith("/") ? directory : `${directory}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : null;
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
