import { parseIgnoreFile } from "../../sources/dockerignore.ts";
import { createIgnoreMatcher, type IgnoreMatcher } from "../../sources/dockerignore-walk.ts";
import { isSensitivePath } from "../../text/sensitive-path.ts";
import type { Image } from "../../types/image.ts";
import type { LostFile, LostReason } from "../../types/imports.ts";
import type { ModelInput } from "../../types/model.ts";
import type { RepoPath } from "../../types/text.ts";
import { below } from "../image/paths.ts";

type Input = ModelInput<never>;
type Ignored = Extract<LostReason, { kind: "ignored" }>;

/** Most files below one excluded directory that a repair is tried on. */
const maxTried = 5000;

/**
 * Finds lines that bring back lost files: the excluded directory itself (right in every builder), else each needed file alone.
 * A repair is offered only after the builder's own walk says that with it all needed files come back, and nothing that names a
 * secret or that another line leaves out.
 */
export function makeRepairs(
  image: Image,
  needed: readonly RepoPath[],
  input: Input,
): (path: RepoPath, why: LostReason) => LostFile["repair"] {
  const classic = image.build.builder === "classic" ? "classic" : "buildkit";
  const known = new Map<string, LostFile["repair"]>();
  return (path, why) => {
    if (why.kind !== "ignored" || image.context.root === null) return null;
    const root = image.context.root;
    const lines = input.facts.get("lines", why.at.path)?.lines;
    const relative = below(root, path);
    if (!lines || relative === null) return null;
    const matcher = createIgnoreMatcher(parseIgnoreFile(lines.join("\n")).patterns, classic);
    const directory = excludedRoot(matcher, relative);
    const key = `${why.at.path}:${why.at.start.line}:${directory}`;
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const repair = find(directory, root, why, lines);
    known.set(key, repair);
    return repair;
  };

  function find(directory: string, root: RepoPath, why: Ignored, lines: readonly string[]): LostFile["repair"] {
    const wanted = needed
      .map((path) => below(root, path))
      .filter((path) => path !== null)
      .filter((path) => path === directory || path.startsWith(`${directory}/`));
    const inside = input.files
      .under(root === "" ? directory : `${root}/${directory}`)
      .map((entry) => below(root, entry.path) ?? "");
    const all = inside.length > 0 ? inside : [directory];
    if (all.length > maxTried || wanted.length === 0 || wanted.some((path) => /[*?[\]\\!#\s]/.test(path))) return null;
    const without = matcherFor(lines, why.at.start.line, null);
    const before = matcherFor(lines, why.at.start.line, []);
    const whole = wanted.length === 1 && wanted[0] === directory ? [] : [[`!${directory}/`]];
    for (const added of [...whole, wanted.map((path) => `!${path}`)]) {
      const after = matcherFor(lines, why.at.start.line, added);
      const bringsAll = wanted.every((path) => !after.test(path).excluded);
      const clean = all.every((path) => {
        if (wanted.includes(path) || after.test(path).excluded || !before.test(path).excluded) return true;
        return !isSensitivePath(path) && !without.test(path).excluded;
      });
      if (bringsAll && clean && !wanted.some(isSensitivePath)) return edit(why, lines, added);
    }
    return null;
  }

  function matcherFor(lines: readonly string[], line: number, added: readonly string[] | null): IgnoreMatcher {
    const changed = [...lines];
    if (added === null) changed[line - 1] = "";
    else changed.splice(line, 0, ...added);
    return createIgnoreMatcher(parseIgnoreFile(changed.join("\n")).patterns, classic);
  }

  function edit(why: Ignored, lines: readonly string[], added: readonly string[]): LostFile["repair"] {
    const { line } = why.at.start;
    const end = { line, column: (lines[line - 1] ?? "").length + 1 };
    return {
      at: { path: why.at.path, start: end, end },
      newText: added.map((text) => `\n${text}`).join(""),
      lines: added,
    };
  }
}

/** The first path from the root downwards that is left out. */
function excludedRoot(matcher: IgnoreMatcher, path: string): string {
  const segments = path.split("/");
  for (let count = 1; count < segments.length; count++) {
    const directory = segments.slice(0, count).join("/");
    if (matcher.test(directory).excluded) return directory;
  }
  return path;
}

/** A `!` line that a reader takes for the path's protection. */
export function lookalikeOf(image: Image, path: RepoPath, why: LostReason, input: Input): LostFile["lookalike"] {
  if (why.kind !== "ignored" || image.context.root === null) return null;
  const lines = input.facts.get("lines", why.at.path)?.lines ?? [];
  const relative = below(image.context.root, path);
  if (relative === null) return null;
  const folders = relative.split("/").slice(0, -1);
  let best: LostFile["lookalike"] = null;
  for (const pattern of parseIgnoreFile(lines.join("\n")).patterns) {
    if (!pattern.negated) continue;
    const text = pattern.pattern;
    const above = relative === text || relative.startsWith(`${text}/`);
    const named = !text.includes("/") && folders.includes(text);
    if (!above && !named && !/^\*\*\//.test(text)) continue;
    if (!above && !named && !folders.includes(text.slice(3))) continue;
    const earlier = pattern.line < why.at.start.line;
    const reason = earlier
      ? `line ${why.at.start.line} comes later and decides`
      : above
        ? `\`${text}\` is not left out itself, so the line is passed over there and does not count below it`
        : "it is anchored at the root of the context";
    const start = { line: pattern.line, column: pattern.column };
    const at = { path: why.at.path, start, end: { line: start.line, column: start.column + pattern.text.length } };
    best = { at, text: pattern.text, reason };
    if (above && !earlier) return best;
  }
  return best;
}
