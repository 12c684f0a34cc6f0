import type { EnvironmentKeysModel, MissingKey } from "../types/environment-keys.ts";
import type { FactReader } from "../types/facts.ts";
import type { ConfigModel, ModelProvider } from "../types/model.ts";
import type { RepoPath } from "../types/text.ts";
import type { FileTree } from "../types/workspace.ts";
import { locate } from "./data.ts";

/** Keys that the dotenv file of one deployed environment has and its sibling's lacks. */
export const environmentKeys: ModelProvider<"environmentKeys", never> = {
  needs: [],
  facts: ["dotenv", "lines"],
  build: ({ files, facts, config }) => compareSiblings(files, facts, config),
  isEmpty: (model) => model.pairs.length === 0,
};

const PRODUCTION = ["production", "prod", "live"];
const STAGING = ["staging", "stage", "stg"];
const NOT_DEPLOYED =
  /(?:^|[._/-])(?:dev|development|local|test|tests|ci|example|exemple|ejemplo|exemplo|esempio|beispiel|sample|template|dist|defaults?)(?=[._/-]|$)/i;
const MAX_PROVIDERS = 200;

function compareSiblings(files: FileTree, facts: FactReader, config: ConfigModel): EnvironmentKeysModel {
  const model: EnvironmentKeysModel = { pairs: [], missing: [] };
  for (const { path, ignored } of files.entries) {
    if (ignored || NOT_DEPLOYED.test(path)) continue;
    const sibling = siblingOf(path, files);
    if (sibling === null) continue;
    model.pairs.push([path, sibling]);
    model.missing.push(
      ...missingKeys(path, sibling, "staging", files, facts, config),
      ...missingKeys(sibling, path, "production", files, facts, config),
    );
  }
  return model;
}

/** The staging file beside a production file: `.env.production` and `.env.staging`, `production.env` and `staging.env`. */
function siblingOf(path: RepoPath, files: FileTree): RepoPath | null {
  const match = /^(.*?)((?:^|\/)\.env\.|(?:^|\/)(?:[\w-]+[._-])?)(production|prod|live)(\.env)?$/i.exec(path);
  if (!match || (match[2]!.endsWith(".env.") ? match[4] !== undefined : match[4] === undefined)) return null;
  if (!PRODUCTION.includes(match[3]!)) return null;
  const names = STAGING.map((word) => `${match[1]}${match[2]}${word}${match[4] ?? ""}`);
  return names.find((name) => files.has(name) && !files.get(name)!.ignored) ?? null;
}

function missingKeys(
  from: RepoPath,
  to: RepoPath,
  lacking: MissingKey["lacking"],
  files: FileTree,
  facts: FactReader,
  config: ConfigModel,
): MissingKey[] {
  const [has, lacks] = [facts.get("dotenv", from), facts.get("dotenv", to)];
  if (!has || !lacks) return [];
  const there = new Set([
    ...lacks.entries.map((entry) => entry.name),
    ...lacks.errors.flatMap((error) => error.name ?? []),
    ...commentedKeys(facts.get("lines", to)?.lines ?? []),
  ]);
  const wanted = new Map(has.entries.filter((entry) => !there.has(entry.name)).map((entry) => [entry.name, entry]));
  if (wanted.size === 0) return [];
  for (const key of providedElsewhere(lacking, [from, to], new Set(wanted.keys()), files, facts, config)) {
    wanted.delete(key);
  }
  return [...wanted.values()].map((entry) => ({
    key: entry.name,
    at: locate(from, has, entry),
    sibling: to,
    lacking,
  }));
}

/** A key that is written out as a comment was left out on purpose. */
const commentedKeys = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => /^\s*#+\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(line)?.[1] ?? []);

/** Keys that the environment gets from somewhere else: its inventory, or another file of the environment that names them. */
function providedElsewhere(
  environment: MissingKey["lacking"],
  pair: readonly RepoPath[],
  keys: ReadonlySet<string>,
  files: FileTree,
  facts: FactReader,
  { config }: ConfigModel,
): Set<string> {
  const words = environment === "staging" ? STAGING : PRODUCTION;
  const provided = new Set<string>();
  for (const [name, one] of Object.entries(config.environments)) {
    if (!words.includes(name.toLowerCase())) continue;
    for (const entry of one.inventory) if ("declared" in entry) for (const key of entry.declared) provided.add(key);
    for (const key of [...one.requires, ...Object.keys(one.values)]) provided.add(key);
  }
  const token = new RegExp(`(?:^|[._/-])(?:${words.join("|")})(?=[._/-]|$)`, "i");
  const others = files.entries.filter(
    ({ path, ignored }) =>
      !ignored &&
      !pair.includes(path) &&
      token.test(path) &&
      /\.(?:ya?ml|json|tf|tfvars|toml|env|sh)$|(?:^|\/)\.env/.test(path),
  );
  for (const { path } of others.slice(0, MAX_PROVIDERS)) {
    for (const line of facts.get("lines", path)?.lines ?? []) {
      for (const [word] of line.slice(0, 2000).matchAll(/[A-Za-z_]\w*/g)) if (keys.has(word)) provided.add(word);
    }
  }
  return provided;
}
