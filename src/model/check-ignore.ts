import { parseIgnoreFile } from "../sources/dockerignore.ts";
import { createIgnoreMatcher, type IgnoreBuilder } from "../sources/dockerignore-walk.ts";
import { cleanPath } from "../sources/go-path.ts";

/** What the builder does with one path. */
export interface CheckIgnoreAnswer {
  /** As given. */
  path: string;
  excluded: boolean;
  /** 1-based line that decides; null where no pattern matches. */
  line: number | null;
  /** The deciding pattern as written, with its `!`; "" where none matches. */
  pattern: string;
}

/** Answers in the order of the paths, or one sentence on why the builder refuses the file. */
export type CheckIgnoreResult = { answers: CheckIgnoreAnswer[] } | { refused: string };

/**
 * Which paths an ignore file keeps out of a build context. Paths are relative to the context root (`./`, a leading `/` and a
 * final `/` do not matter); none has to exist. A pattern that fails only when it is matched refuses the file only if one of
 * the paths reaches it.
 */
export function checkIgnore(text: string, builder: IgnoreBuilder, paths: readonly string[]): CheckIgnoreResult {
  const { patterns, errors } = parseIgnoreFile(text);
  const first = errors[0];
  if (first !== undefined) return { refused: refusal(first) };
  const matcher = createIgnoreMatcher(patterns, builder);
  const answers: CheckIgnoreAnswer[] = [];
  for (const path of paths) {
    const clean = cleanPath(path).replace(/^\//, "");
    if (clean === "" || clean === ".") {
      answers.push({ path, excluded: false, line: null, pattern: "" });
      continue;
    }
    const { excluded, deciding, error } = matcher.test(clean);
    if (error !== null) return { refused: refusal(error) };
    const by = patterns[deciding];
    answers.push({ path, excluded, line: by?.line ?? null, pattern: by?.text ?? "" });
  }
  return { answers };
}

function refusal(error: { line: number; text: string; reason: string }): string {
  return `line ${error.line}: the build fails on the pattern \`${printable(error.text)}\`: ${error.reason}.`;
}

/**
 * One line per answer, tab separated: `excluded` or `included`, the deciding line or `-`, the pattern, the path. Not `verbose`:
 * only the paths that are excluded. Control characters come out as `\xNN`, so that a file cannot speak to the terminal.
 */
export function renderCheckIgnore(answers: readonly CheckIgnoreAnswer[], verbose: boolean): string {
  const lines = verbose
    ? answers.map(({ path, excluded, line, pattern }) =>
        [excluded ? "excluded" : "included", line ?? "-", printable(pattern), printable(path)].join("\t"),
      )
    : answers.filter((one) => one.excluded).map((one) => printable(one.path));
  return lines.map((line) => `${line}\n`).join("");
}

function printable(text: string): string {
  return text.replace(/[\0-\x1f\x7f-\x9f\u2028\u2029]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
