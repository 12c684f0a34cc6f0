import type { Config } from "../../config/schema.ts";
import { baseName } from "../../text/paths.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { isExampleOrTest } from "../path-class.ts";
import { environmentsIn } from "../secrets/environments.ts";

/** Which environment something is about. `excluded`: none that is deployed (development, tests, examples). */
export interface Where {
  environment: string | null;
  excluded: boolean;
  /** Named by `environments.X.files`. */
  declared: boolean;
}

export interface Naming {
  ofPath(path: RepoPath): Where;
  /** By the words of a name: a service, a project, a job, a key. */
  ofText(text: string): Where;
}

/** Words that are as often something else; they count only as a whole segment, or behind a word for settings. */
const WEAK = new Set(["stage", "live", "preview", "qa", "uat"]);
const STRONG: Readonly<Record<string, string>> = {
  staging: "staging",
  stg: "staging",
  production: "production",
  prod: "production",
  prd: "production",
};
const WEAK_MEANS: Readonly<Record<string, string>> = {
  stage: "staging",
  live: "production",
  preview: "preview",
  qa: "qa",
  uat: "uat",
};
const NOT_DEPLOYED = new Set(
  "dev develop development local localhost test tests testing ci e2e example examples sample samples template templates dist tmpl tpl default defaults demo mock mocks fixture fixtures sandbox devcontainer".split(
    " ",
  ),
);
const NEVER =
  /(?:^|\/)(?:node_modules|vendor|third_party|site-packages|docs?|__snapshots__|\.devcontainer|\.vscode)\//i;
const EXAMPLE_NAME =
  /(?:^|[._-])(?:example|exemple|ejemplo|exemplo|esempio|beispiel|sample|template|tmpl|tpl|dist|defaults?)(?=[._-]|$)/i;
const NOTHING: Where = { environment: null, excluded: false, declared: false };
const EXCLUDED: Where = { environment: null, excluded: true, declared: false };

/** How this repository names its environments: `files` of the config first, then words in paths and names. */
export function makeNaming(files: FileTree, { environments }: Pick<Config, "environments">): Naming {
  const declared = new Map<RepoPath, string>();
  for (const [name, environment] of Object.entries(environments))
    if (environment.files.length > 0)
      for (const { path } of files.named(environment.files)) if (!declared.has(path)) declared.set(path, name);
  const configured = Object.keys(environments);
  const paths = new Map<RepoPath, Where>();

  /** The configured spelling of a common one; null where several configured environments share it. */
  const spelled = (word: string, text: string): Where => {
    const alike = configured.filter((name) => (environmentsIn(name)[0] ?? name.toLowerCase()) === word);
    if (alike.length === 0) return { ...NOTHING, environment: word };
    if (alike.length === 1) return { ...NOTHING, environment: alike[0]! };
    const literal = alike.filter((name) => tokensOf(text).join(" ").includes(tokensOf(name).join(" ")));
    return { ...NOTHING, environment: literal.length === 1 ? literal[0]! : null };
  };
  const own = (text: string): string | undefined => {
    const words = ` ${tokensOf(text).join(" ")} `;
    return configured.find(
      (name) => environmentsIn(name).length === 0 && words.includes(` ${tokensOf(name).join(" ")} `),
    );
  };

  function ofPath(path: RepoPath): Where {
    let where = paths.get(path);
    if (!where) paths.set(path, (where = judgePath(path)));
    return where;
  }

  function judgePath(path: RepoPath): Where {
    const named = declared.get(path);
    if (named !== undefined) return { environment: named, excluded: false, declared: true };
    if (NEVER.test(path) || isExampleOrTest(path)) return EXCLUDED;
    const segments = path.split("/");
    if (EXAMPLE_NAME.test(segments.at(-1)!) || hasTwin(files, path)) return EXCLUDED;
    for (const segment of segments.reverse()) {
      const name = own(segment);
      if (name !== undefined) return { ...NOTHING, environment: name };
      const stem = segment.replace(/\.(?:ya?ml|json|env|tfvars|tf|sh|toml|py|[cm]?[jt]s)$/i, "").toLowerCase();
      for (const token of tokensOf(segment).reverse()) {
        if (STRONG[token] !== undefined) return spelled(STRONG[token], path);
        if (WEAK.has(token) && isWhole(stem, token)) return spelled(WEAK_MEANS[token]!, path);
        if (NOT_DEPLOYED.has(token)) return EXCLUDED;
      }
    }
    return NOTHING;
  }

  function ofText(text: string): Where {
    const name = own(text);
    if (name !== undefined) return { ...NOTHING, environment: name };
    const tokens = tokensOf(text.replace(/([a-z0-9])([A-Z])/g, "$1-$2"));
    for (const token of tokens) {
      if (STRONG[token] !== undefined) return spelled(STRONG[token], text);
      if (WEAK.has(token) && (tokens.length === 1 || token !== "live")) return spelled(WEAK_MEANS[token]!, text);
    }
    return tokens.some(
      (token) => NOT_DEPLOYED.has(token) && !/^(?:default|defaults|template|templates|dist|demo|ci)$/.test(token),
    )
      ? EXCLUDED
      : NOTHING;
  }

  return { ofPath, ofText };
}

/** `.env.stage`, `values-qa`, `stage` itself: the word stands for the environment and for nothing else. */
const isWhole = (stem: string, word: string): boolean =>
  stem === word ||
  stem === `.${word}` ||
  new RegExp(
    `^(?:\\.?env|values|(?:docker-)?compose|config|settings|app|application|deploy|deployment|cloudbuild|terraform)[._-]${word}$`,
  ).test(stem);

/** A copy with a time stamp in its name, beside the file it was copied from: `.env.staging.20240101_120000`. */
function hasTwin(files: FileTree, path: RepoPath): boolean {
  const name = baseName(path);
  if (!/[._-]20\d\d/.test(name)) return false;
  const stamp = /[._-](?:20\d{2}-?[01]\d-?[0-3]\d)(?:[T._-]?\d{2,6}(?:[:-]?\d{2}){0,2})?(?=\.|$)/.exec(name);
  if (!stamp) return false;
  const twin = name.slice(0, stamp.index) + name.slice(stamp.index + stamp[0].length);
  return files.has(path.slice(0, path.length - name.length) + twin);
}

function tokensOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((token) => token !== "");
}

/** The first of several hints that says something. Something that is certainly not deployed ends the search. */
export function firstOf(...hints: readonly (() => Where)[]): Where {
  for (const hint of hints) {
    const where = hint();
    if (where.environment !== null || where.excluded) return where;
  }
  return NOTHING;
}
