import { gitignoreMatcher } from "../../sources/gitignore.ts";
import { baseName, directoryOf } from "../../text/paths.ts";
import type { Build, SourceMaking } from "../../types/image.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { below, join } from "./paths.ts";

type LinesOf = (path: RepoPath) => readonly string[] | null;

/** Builds defined by commands: what stands beside them may make files. Compose, bake and skaffold files make none. */
const COMMANDS = new Set<Build["origin"]>(["workflow", "action", "script", "cloudbuild"]);

/** Commands whose arguments are files that they make, or that must be there when they run. */
const MAKERS =
  "mkdir|touch|tee|cp|mv|ln|install|rsync|make|just|task|curl|wget|unzip|tar|git clone|git worktree|go build|go install|cargo install|gsutil|gcloud storage|aws s3|azcopy|gh release|gh run|envsubst|openssl|ssh-keygen|protoc|buf|scp|download\\w*|generate\\w*|fetch\\w*";
const OUTPUT_FLAG = "-o|-O|-d|-C|--out\\w*|--dest\\w*|--target|--prefix|--dir\\w*|--publish|--artifact\\w*";

/** Commands that write below directories of these names without naming them. */
const BUILD_COMMAND =
  /\b(?:npm|pnpm|yarn|bun|npx|turbo|nx|vite|next|gradlew?|cargo|go|dotnet|sbt|bazel|hugo|mkdocs|mvnw?|ng)\b.*\b(?:build|package|publish|install|assemble|compile|jar|war|bootJar)\b|\btsc\b|\bwebpack\b|\brollup\b|^\s*make\b/m;
const OUTPUT_NAME =
  /^(?:dist|build|out|output|target|public|publish|release|bin|builds|artifacts?|_site|site|\.next|\.output|node_modules|vendor)$/;

const isBuildOutput = (path: string) => path.split("/").some((segment) => OUTPUT_NAME.test(segment));

/**
 * Says of a source that the repository lacks how it may come to be before the builder looks for it. Only texts are read: the file that
 * defines the build, the .gitignore files above the source, and a sample that lies beside it.
 */
export function sourceMakings(
  build: Build,
  tree: FileTree,
  linesOf: LinesOf,
): (source: RepoPath) => SourceMaking | null {
  const text = COMMANDS.has(build.origin) ? definitionText(build, linesOf) : "";
  const root = build.context.kind === "unknown" ? "" : build.context.path;
  return (source) => {
    const relative = below(root, source) ?? source;
    if (text !== "" && isMadeIn(text, [source, relative, baseName(source)]))
      return { kind: "definition", text: `${build.at.path} makes it` };
    if (BUILD_COMMAND.test(text) && isBuildOutput(relative))
      return { kind: "definition", text: `a build command of ${build.at.path} may make it` };
    return gitignored(source, tree, linesOf) ?? sampleOf(source, tree) ?? archiveOf(source, root, tree);
  };
}

/** The text beside the build, with literal variables written out. */
function definitionText(build: Build, linesOf: LinesOf): string {
  const { path, start, end } = build.at;
  const variables = new Map<string, string>();
  const last = end.column === 1 && end.line > start.line ? end.line - 1 : end.line;
  const kept = (linesOf(path) ?? []).map((line, index) => {
    const assignment = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*[:?]?=\s*["']?([\w./-]+)["']?\s*$/.exec(line);
    if (assignment) variables.set(assignment[1]!, assignment[2]!);
    if (/^\s*(#|\/\/)/.test(line)) return "";
    if (index + 1 < start.line || index + 1 > last) return line;
    // Of the build's own line, what stands beside the build: `npm run build && docker build .`
    return last === start.line ? line.replace(/\b(?:docker|podman|buildah|nerdctl|depot|gcloud)\b[^&|;]*/g, "") : "";
  });
  return kept
    .join("\n")
    .replace(
      /\$(?:\{([A-Za-z_]\w*)\}|\(([A-Za-z_]\w*)\)|([A-Za-z_]\w*))/g,
      (whole, braced?: string, round?: string, bare?: string) => variables.get(braced ?? round ?? bare ?? "") ?? whole,
    );
}

function isMadeIn(text: string, names: readonly string[]): boolean {
  return [...new Set(names)].some((name) => {
    if (name === "") return false;
    const token = `(?:[\\w./\${}()-]*/)?${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w-]|\\.\\w)`;
    const before = `(?:^|[\\s"'=:,(])`;
    return [
      `^(?:[^\\t#=:\\n]*\\s)?${token}(?:\\s[^=:\\n]*)?:(?!=)`,
      `(?:>|[\\s"'](?:${OUTPUT_FLAG})[ =]?)\\s*["']?${token}`,
      `\\b(?:${MAKERS})\\b[^\\n;&|]*${before}${token}`,
      `\\bpath\\s*:\\s*["']?${token}`,
    ].some((pattern) => text.split("\n").some((line) => line.length < 2000 && new RegExp(pattern).test(line)));
  });
}

function gitignored(source: RepoPath, tree: FileTree, linesOf: LinesOf): SourceMaking | null {
  for (let directory = directoryOf(source); ; directory = directoryOf(directory)) {
    const file = join(directory, ".gitignore");
    if (tree.has(file)) {
      const matches = gitignoreMatcher(linesOf(file) ?? []);
      const relative = below(directory, source) ?? source;
      const hit = matches(relative) ?? matches(`${relative}/`);
      if (hit)
        return {
          kind: "gitignored",
          text: `line ${hit.line} of ${file} (\`${hit.pattern}\`) keeps it out of git`,
          product: isBuildOutput(relative),
        };
    }
    if (directory === "") return null;
  }
}

/** A program's archive where a build tool of Java makes such: it never lies in git, whether that ignores it or not. */
function archiveOf(source: RepoPath, root: RepoPath, tree: FileTree): SourceMaking | null {
  if (!/\.(?:jar|war|ear)$/.test(source)) return null;
  const tool = ["build.gradle", "build.gradle.kts", "pom.xml"]
    .map((name) => join(root, name))
    .find((path) => tree.has(path));
  return tool === undefined ? null : { kind: "gitignored", text: `the build of ${tool} makes it`, product: true };
}

/** `.env` beside `.env.example`: each machine makes its own from the sample. */
function sampleOf(source: RepoPath, tree: FileTree): SourceMaking | null {
  const name = baseName(source);
  if (!/^\.env(\.|$)|\.env$/.test(name)) return null;
  const sample = [".example", ".sample", ".template", ".dist", "-example", "-sample"]
    .flatMap((ending) => [`${name}${ending}`, `.env${ending}`, `env${ending}`])
    .map((one) => join(directoryOf(source), one))
    .find((path) => tree.has(path));
  return sample === undefined ? null : { kind: "sample", text: `each machine makes its own from ${sample}` };
}
