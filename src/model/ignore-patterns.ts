import { compilePattern } from "../sources/dockerignore-pattern.ts";
import { createIgnoreMatcher, type IgnoreBuilder, type IgnoreMatcher } from "../sources/dockerignore-walk.ts";
import { goMatch } from "../sources/go-match.ts";
import type { Disagreement, IgnoreError, IgnorePatternsModel, JudgedIgnoreFile } from "../types/ignore.ts";
import type { IgnoreFile, IgnorePattern } from "../types/image.ts";
import type { ModelInput, ModelProvider } from "../types/model.ts";
import type { Location, RepoPath } from "../types/text.ts";
import { idleNegations, judgeMatches } from "./ignore-effects.ts";

/** A broken pattern hides the next; more than this many per file are not looked for. */
const MAX_ERRORS = 10;
/** Work for compiling one pattern. */
const STEPS = 2_000_000;

/** What the patterns of each ignore file do to the files of its context. */
export const ignorePatternsProvider: ModelProvider<"ignorePatterns", "ignoreFiles"> = {
  needs: ["ignoreFiles"],
  facts: ["dockerignore"],
  build: (input) => ({ files: input.known.ignoreFiles.files.flatMap((file) => judge(file, input) ?? []) }),
  isEmpty: (model: IgnorePatternsModel) => model.files.length === 0,
};

function judge(file: IgnoreFile, input: ModelInput<"ignoreFiles">): JudgedIgnoreFile | null {
  const { syntax } = file;
  if (syntax === null) return null;
  const at = (one: { line: number; column: number; text: string }): Location => ({
    path: file.path,
    start: { line: one.line, column: one.column },
    end: { line: one.line, column: one.column + one.text.length },
  });
  const prefix = file.root === "" ? "" : `${file.root}/`;
  const paths = input.files
    .under(file.root)
    .filter((entry) => entry.kind !== "submodule")
    .map((entry) => entry.path.slice(prefix.length));
  const builder: IgnoreBuilder =
    file.builds.length > 0 && file.builds.every((build) => build.builder === "classic") ? "classic" : "buildkit";

  const { failures, undecided } = findFailures(syntax.patterns, builder, paths);
  const errors = [
    ...syntax.errors.map((error) => ({ ...error, at: at(error), reaching: null })),
    ...failures.map(({ error, path }) => ({ ...error, at: at(error), reaching: prefix + path })),
  ].sort((a, b) => a.line - b.line);
  if (errors.length > 0 || undecided.length > 0) {
    return { file, errors, undecided, patterns: [], disagreements: [] };
  }
  const isGitignored = (path: string) => namedByGitignore(prefix + path, input);
  const matches = judgeMatches(syntax.patterns, paths, isGitignored);
  const idle = idleNegations(syntax.patterns, builder, paths);
  const patterns = syntax.patterns.map((pattern, index) => {
    const { matched, ...near } = matches[index] as (typeof matches)[number];
    return {
      ...pattern,
      ...near,
      matched: matched === null ? null : prefix + matched,
      at: at(pattern),
      idle: (idle.get(index)?.lost ?? []).map(({ path, by }) => ({ path: prefix + path, by })),
      remedy: idle.get(index)?.remedy ?? null,
    };
  });
  const disagreements = compareBuilders(syntax.patterns, paths).map(({ pattern, files }) => ({
    pattern,
    at: at(pattern),
    files: files.map((one) => ({ ...one, path: prefix + one.path })),
  }));
  return { file, errors, undecided, patterns, disagreements };
}

/** Whether a .gitignore on the way to `path` names it or a directory above: then git rightly does not know it. */
function namedByGitignore(path: RepoPath, { files, facts }: ModelInput<"ignoreFiles">): boolean {
  const segments = path.split("/");
  return segments.some((_, depth) => {
    const gitignore = [...segments.slice(0, depth), ".gitignore"].join("/");
    const patterns = files.has(gitignore) ? (facts.get("dockerignore", gitignore)?.patterns ?? []) : [];
    const below = segments.slice(depth);
    return patterns.some(({ negated, text, pattern }) => {
      if (negated) return false;
      const name = pattern.replace(/^(\*\*\/)+/, "").replace(/\/\*{1,2}$/, "");
      // as git has it: a slash before the last character ties a pattern to its directory
      const anchored = /\/./.test(text) && !pattern.startsWith("**/");
      return anchored
        ? below.some((_part, end) => goMatch(name, below.slice(0, end + 1).join("/")) === true)
        : below.some((segment) => goMatch(name, segment) === true);
    });
  });
}

/** Patterns on which the walk fails, each with the path that reaches it; a failing pattern is taken out to find the next. */
function findFailures(patterns: readonly IgnorePattern[], builder: IgnoreBuilder, paths: readonly RepoPath[]) {
  const failures: { error: IgnoreError; path: RepoPath }[] = [];
  const undecided: number[] = [];
  let rest = patterns;
  // most files: every pattern compiles and none counts repetitions, so that no walk can fail
  if (
    patterns.every(({ pattern }) => !pattern.includes("{") && compilePattern(pattern, { steps: STEPS }).test !== null)
  ) {
    return { failures, undecided };
  }
  for (let round = 0; round < MAX_ERRORS; round++) {
    const matcher = createIgnoreMatcher(rest, builder);
    let found: number | null = null;
    for (const path of paths) {
      const { error } = matcher.test(path);
      if (error === null) continue;
      found = error.line;
      const { limit, ...plain } = error;
      if (limit) undecided.push(error.line);
      else failures.push({ error: plain, path });
      break;
    }
    if (found === null) break;
    rest = rest.filter((pattern) => pattern.line !== found);
  }
  return { failures, undecided };
}

/** Files on which the builders differ, by the pattern that makes them differ. */
function compareBuilders(patterns: readonly IgnorePattern[], paths: readonly RepoPath[]): Omit<Disagreement, "at">[] {
  // without a negation all builders give the same answer
  if (!patterns.some((pattern) => pattern.negated)) return [];
  const kinds = ["buildkit", "classic", "old"] as const;
  const matchers = kinds.map((kind): IgnoreMatcher => createIgnoreMatcher(patterns, kind));
  const groups = new Map<IgnorePattern, Disagreement["files"][number][]>();
  for (const path of paths) {
    const answers = matchers.map((matcher) => matcher.test(path));
    if (answers.some((answer) => answer.error !== null)) return [];
    const [buildkit, classic, old] = answers.map((answer) => answer.excluded) as [boolean, boolean, boolean];
    if (buildkit === classic && classic === old) continue;
    const deciding = answers.map((answer) => patterns[answer.deciding]);
    const pattern = deciding.find((one) => one?.negated) ?? deciding.find((one) => one !== undefined);
    if (pattern === undefined) continue;
    const group = groups.get(pattern) ?? [];
    group.push({ path, buildkit, classic, old });
    groups.set(pattern, group);
  }
  return [...groups].map(([pattern, files]) => ({ pattern, files })).sort((a, b) => a.pattern.line - b.pattern.line);
}
