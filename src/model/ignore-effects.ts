import { createCandidates } from "../sources/dockerignore-candidates.ts";
import { compilePattern } from "../sources/dockerignore-pattern.ts";
import { createIgnoreMatcher, type IgnoreBuilder } from "../sources/dockerignore-walk.ts";
import { baseName } from "../text/paths.ts";
import type { JudgedPattern } from "../types/ignore.ts";
import type { IgnorePattern } from "../types/image.ts";
import type { RepoPath } from "../types/text.ts";

/** Work for one pattern's expression; a pattern that needs more counts as matching, so that nothing is claimed of it. */
const STEPS = 2_000_000;
/** Negations of one file for which the walk is repeated without them. */
const MAX_REPEATS = 20;
const MAX_IDLE = 50;

type Matches = Pick<JudgedPattern, "matched" | "nearest" | "rooted">;

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** What lies in a working tree but not in git, so that a pattern for it rightly matches no listed path; with or without a dot before it. */
const TOOLS = words(
  "node_modules venv env virtualenv git svn hg idea vscode vs settings project classpath ds_store cache coverage nyc_output next nuxt " +
    "output turbo parcel-cache svelte-kit vercel netlify serverless terraform gradle mypy_cache pytest_cache ruff_cache tox nox eggs " +
    "hypothesis sass-cache pnpm-store yarn npm history ipynb_checkpoints pnp firebase expo angular docusaurus wrangler direnv " +
    "dockerignore dockerfile gitignore",
);
const OUTPUT = words(
  "build builds dist out target bin obj tmp temp log logs htmlcov __pycache__ __pypackages__ wheel wheels sdist eggs venv venvs vendor " +
    "pid pids upload uploads thumbs.db desktop.ini",
);
const ENDINGS = words(
  "log pyc pyo pyd class o so a dll exe egg egg-info tmp swp swo bak orig cache pid seed db sqlite sqlite3 tgz tar gz zip tsbuildinfo " +
    "lcov pem key local tfstate iml suo user test out",
);

function isUntracked(segment: string): boolean {
  const name = segment.toLowerCase();
  const bare = name.startsWith(".") ? name.slice(1) : name;
  const dot = name.lastIndexOf(".");
  return (
    bare.startsWith("env") ||
    TOOLS.has(bare) ||
    OUTPUT.has(name) ||
    (dot !== -1 && ENDINGS.has(name.slice(dot + 1))) ||
    name.endsWith("~")
  );
}

/** For each pattern whether it matches anything on its own, and if not, what may have been meant. */
export function judgeMatches(
  patterns: readonly IgnorePattern[],
  files: readonly RepoPath[],
  isGitignored: (path: RepoPath) => boolean,
): Matches[] {
  const directories = directoriesOf(files);
  const paths = [...directories, ...files];
  const lower = new Map(paths.map((path) => [path.toLowerCase(), path]));
  const byName = new Map<string, RepoPath>();
  for (const path of paths) if (!byName.has(baseName(path))) byName.set(baseName(path), path);
  const firsts = firstMatches(patterns, paths);
  return patterns.map((pattern, index) => {
    const matched = firsts[index] ?? null;
    if (matched !== null) return { matched, nearest: null, rooted: false };
    const plain = bare(pattern.pattern);
    const natural = plain.split("/").some((segment) => isUntracked(segment)) || isGitignored(plain);
    if (natural || plain === "" || plain === ".") return { matched, nearest: null, rooted: false };
    const first = plain.split("/")[0] as string;
    const rooted = plain.includes("/") && directories.has(first);
    return { matched, nearest: nearMatch(pattern, plain, lower, byName), rooted };
  });
}

/** For each pattern the first path that it matches on its own. */
function firstMatches(patterns: readonly IgnorePattern[], paths: readonly RepoPath[]): (RepoPath | undefined)[] {
  const found: (RepoPath | undefined)[] = patterns.map(() => undefined);
  const tests = patterns.map((one) => compilePattern(one.pattern, { steps: STEPS }).test ?? (() => true));
  const candidates = createCandidates(patterns.map((one) => one.pattern));
  let open = [...tests.keys()];
  for (const path of paths) {
    const isCandidate = candidates(path);
    const before = open.length;
    let closed = 0;
    for (const index of open) {
      if (!isCandidate(index) || tests[index]?.(path) === false) continue;
      found[index] = path;
      closed++;
    }
    if (closed > 0) open = open.filter((index) => found[index] === undefined);
    if (before === closed) break;
  }
  return found;
}

/** A pattern that would match something: the same name deeper down, or in another case. */
function nearMatch(
  { negated, pattern }: IgnorePattern,
  plain: string,
  lower: ReadonlyMap<string, RepoPath>,
  byName: ReadonlyMap<string, RepoPath>,
): string | null {
  if (/[*?[\]\\]/.test(plain)) return null;
  const sign = negated ? "!" : "";
  const otherCase = lower.get(plain.toLowerCase());
  if (otherCase !== undefined && !pattern.startsWith("**")) return sign + pattern.replace(plain, () => otherCase);
  return plain.includes("/") || !byName.has(plain) || pattern.startsWith("**") ? null : `${sign}**/${pattern}`;
}

/** A pattern without what only says "everything below" or "at any depth". */
function bare(pattern: string): string {
  return pattern.replace(/^\/?(\*\*\/)*/, "").replace(/(\/\*{1,2})+$/, "");
}

function directoriesOf(files: readonly RepoPath[]): Set<RepoPath> {
  const directories = new Set<RepoPath>();
  for (const file of files) {
    for (let at = file.lastIndexOf("/"); at > 0; at = file.lastIndexOf("/", at - 1)) {
      const directory = file.slice(0, at);
      if (directories.has(directory)) break;
      directories.add(directory);
    }
  }
  return directories;
}

interface IdleNegation {
  lost: { path: RepoPath; by: IgnorePattern }[];
  remedy: string | null;
}

/** A negation that brings `path` back when it stands in place of the idle one; null if none of the usual forms does. */
function findRemedy(
  patterns: readonly IgnorePattern[],
  index: number,
  builder: IgnoreBuilder,
  path: RepoPath,
): string | null {
  const idle = patterns[index] as IgnorePattern;
  const forms = [`${idle.pattern.replace(/(\/\*{1,2})+$/, "")}/**`, path];
  const form = forms.find((pattern) => {
    const changed = createIgnoreMatcher(patterns.toSpliced(index, 1, { ...idle, pattern }), builder).test(path);
    return changed.error === null && !changed.excluded;
  });
  return form === undefined ? null : `!${form}`;
}

/**
 * Negations whose removal changes no path although excluded files lie under what they name, by index: those files (at most 50),
 * each with the pattern that decides. A negation that another one makes superfluous is not among them.
 */
export function idleNegations(
  patterns: readonly IgnorePattern[],
  builder: IgnoreBuilder,
  files: readonly RepoPath[],
): Map<number, IdleNegation> {
  const idle = new Map<number, IdleNegation>();
  const suspects = new Set(patterns.flatMap((pattern, index) => (pattern.negated ? [index] : [])));
  if (suspects.size === 0) return idle;
  const matcher = createIgnoreMatcher(patterns, builder);
  const answers = files.map((path) => matcher.test(path));
  for (const answer of answers) if (!answer.excluded) suspects.delete(answer.deciding);
  for (const index of [...suspects].slice(0, MAX_REPEATS)) {
    const under = filesUnder(patterns[index] as IgnorePattern, files);
    // brought back by another negation: superfluous, not ineffective
    if (under.some(({ at }) => answers[at]?.excluded === false && (answers[at]?.deciding ?? -1) !== -1)) continue;
    const lost = under.flatMap(({ at, itself }) => {
      const { excluded, deciding } = answers[at] as (typeof answers)[number];
      const by = patterns[deciding];
      // a later line that takes a part of a directory out again is what its author wants
      return excluded && by !== undefined && (deciding < index || itself) ? [{ path: files[at] as string, by }] : [];
    });
    if (lost.length === 0) continue;
    const without = createIgnoreMatcher(patterns.toSpliced(index, 1), builder);
    if (files.every((path, at) => without.test(path).excluded === answers[at]?.excluded)) {
      const remedy = findRemedy(patterns, index, builder, (lost[0] as (typeof lost)[number]).path);
      idle.set(index, { lost: lost.slice(0, MAX_IDLE), remedy });
    }
  }
  return idle;
}

/** Files that a pattern matches, or that lie below a directory it matches, by index. */
function filesUnder({ pattern }: IgnorePattern, files: readonly RepoPath[]): { at: number; itself: boolean }[] {
  const { test } = compilePattern(pattern, { steps: STEPS });
  if (test === null) return [];
  const known = new Map<string, boolean>();
  const matches = (path: string): boolean => {
    let hit = known.get(path);
    if (hit === undefined) {
      hit = test(path) === true;
      known.set(path, hit);
    }
    return hit;
  };
  return files.flatMap((path, at): { at: number; itself: boolean }[] => {
    if (matches(path)) return [{ at, itself: true }];
    for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", end + 1)) {
      if (matches(path.slice(0, end))) return [{ at, itself: false }];
    }
    return [];
  });
}
