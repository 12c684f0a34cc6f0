import type { FactReader } from "../../types/facts.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { baseName } from "../image/paths.ts";
import { directoryOf } from "../path-class.ts";

/** Where a program takes in an engine that replaces `{{ x }}` in a text. */
const engine =
  /\b(?:from|require\(|import\()\s*["'](?:nunjucks|mustache|handlebars|hogan\.js|liquidjs|swig)["']|^\s*(?:import|from)\s+(?:jinja2|chevron|pystache)\b|"(?:text\/template|github\.com\/(?:flosch\/pongo2|cbroglie\/mustache|aymerick\/raymond)[\w/]*)"/;
const program = /\.(?:[cm]?[jt]s|py|go)$/;
const elsewhere =
  /(?:^|\/)(?:node_modules|vendor|site-packages|__tests__|tests?|dist|build)\/|\.(?:test|spec|d)\.[cm]?ts$/;
const manifest = /^(?:package\.json|pyproject\.toml|setup\.py|requirements\.txt|go\.mod)$/;
const maxPrograms = 500;

/** Whether the programs of the package that a file lies in name it and render texts with an engine of `{{ x }}`. */
export function makeTemplateEngines(files: FileTree, facts: FactReader): (path: RepoPath) => boolean {
  const packages = new Map<RepoPath, readonly string[] | null>();

  /** The lines of a package's programs that name files, or null without an engine among them. */
  function namingLines(directory: RepoPath): readonly string[] | null {
    const prefix = directory === "" ? "" : `${directory}/`;
    const programs = files.entries
      .filter(({ path, ignored }) => !ignored && path.startsWith(prefix) && program.test(path) && !elsewhere.test(path))
      .slice(0, maxPrograms);
    let found = false;
    const named: string[] = [];
    for (const { path } of programs) {
      for (const line of facts.get("lines", path)?.lines ?? []) {
        found ||= engine.test(line);
        if (/\.(?:ya?ml|json|toml|conf)["'`]/.test(line)) named.push(line);
      }
    }
    return found ? named : null;
  }

  return (path) => {
    const directory = packageOf(path, files);
    let lines = packages.get(directory);
    if (lines === undefined) {
      lines = namingLines(directory);
      packages.set(directory, lines);
    }
    const name = baseName(path);
    return (lines ?? []).some((line) => /["'`/]/.test(line.charAt(line.indexOf(name) - 1)) && line.includes(name));
  };
}

/** The nearest directory above a file that holds a package. */
function packageOf(path: RepoPath, files: FileTree): RepoPath {
  for (let directory = directoryOf(path); directory !== ""; directory = directoryOf(directory))
    if (files.children(directory).some((name) => manifest.test(name))) return directory;
  return "";
}
