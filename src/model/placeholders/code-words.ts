import type { FactReader } from "../../types/facts.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { isActionMetadata, isAzurePipeline, isCloudBuild, isWorkflow } from "../path-class.ts";

export interface CodeUse {
  file: RepoPath;
  line: number;
  use: "replace" | "compare";
}

const programs =
  /\.(?:sh|bash|ps1|py|js|mjs|cjs|ts|mts|rb|go|pl|php|java|kt|cs|rs|ex|exs)$|(?:^|\/)(?:Makefile|entrypoint|docker-entrypoint)$/i;
const elsewhere =
  /(?:^|\/)(?:node_modules|vendor|third_party|site-packages|tests?|__tests__|spec|specs|e2e|fixtures?|testdata|docs?|examples?|migrations|dist|build|locales?|i18n)\/|\.(?:test|spec|stories|d)\.[cm]?[jt]sx?$|(?:^|\/)test_[^/]*\.py$|_test\.(?:go|py)$/i;
const first =
  /(?:^|\/)(?:scripts?|deploy|bin|ops|ci|tools?|config|settings|core|env|entrypoint|start|main|app|server|bootstrap|validat\w*|secur\w*)(?:[./_-]|$)/i;
const inline = /\bre\.sub\(|\.replace(?:All)?\(|\.gsub\(|-c?replace\b/;

function isPipeline(path: RepoPath): boolean {
  return isWorkflow(path) || isActionMetadata(path) || isCloudBuild(path) || isAzurePipeline(path);
}

const maxPrograms = 1_500;

/** What programs of the repository do with placeholders: replace them, or refuse them at start. By the placeholder's text. */
export function readCodeWords(files: FileTree, facts: FactReader): ReadonlyMap<string, CodeUse[]> {
  const paths: RepoPath[] = [];
  for (const entry of files.entries) {
    if (entry.ignored || (entry.kind !== "file" && entry.kind !== "executable")) continue;
    if ((programs.test(entry.path) || isPipeline(entry.path)) && !elsewhere.test(entry.path)) paths.push(entry.path);
  }
  const likely =
    paths.length <= maxPrograms
      ? paths
      : [...paths.filter((path) => first.test(path)), ...paths.filter((path) => !first.test(path))];
  const uses = new Map<string, CodeUse[]>();
  for (const path of likely.slice(0, maxPrograms)) {
    for (const { text, line, use } of facts.get("code-tokens", path)?.tokens ?? []) {
      if (use === "other") continue;
      // In a step only a program that is written there counts: commands of its shell are read as commands.
      if (isPipeline(path) && !inline.test(facts.get("lines", path)?.lines[line - 1] ?? "")) continue;
      const known = uses.get(text);
      if (!known) uses.set(text, [{ file: path, line, use }]);
      else if (known.length < 20) known.push({ file: path, line, use });
    }
  }
  return uses;
}
