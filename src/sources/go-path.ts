/**
 * Go's `filepath.Clean` for `/`-separated paths: `.` and empty segments dropped, `a/..` resolved, no trailing slash; "" gives ".".
 * Own code because Node's `path.posix.normalize` keeps trailing slashes.
 */
export function cleanPath(path: string): string {
  const rooted = path.startsWith("/");
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") kept.push(segment);
    else if (kept.length > 0 && kept[kept.length - 1] !== "..") kept.pop();
    else if (!rooted) kept.push("..");
  }
  const joined = kept.join("/");
  if (rooted) return `/${joined}`;
  return joined === "" ? "." : joined;
}

const SPACE = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** True for what Go's `unicode.IsSpace` calls white space; JavaScript's `trim` adds U+FEFF and lacks U+0085. */
export function isGoSpace(character: string): boolean {
  return SPACE.test(character);
}

/** The range of `text` that Go's `strings.TrimSpace` would leave; start = end for nothing but white space. */
export function trimmedRange(text: string, from = 0): { start: number; end: number } {
  let start = from;
  let end = text.length;
  while (start < end && isGoSpace(text.charAt(start))) start++;
  while (end > start && isGoSpace(text.charAt(end - 1))) end--;
  return { start, end };
}

/** Go's `strings.TrimSpace`. */
export function trimSpace(text: string): string {
  const { start, end } = trimmedRange(text);
  return text.slice(start, end);
}
