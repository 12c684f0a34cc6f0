import { baseName, directoryOf } from "../../text/paths.ts";
import type { FactReader } from "../../types/facts.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import type { CodeUse } from "./code-words.ts";

/** Where a program takes in an engine that replaces `{{ x }}` in a text. */
const engine =
  /\b(?:from|require\(|import\()\s*["'](?:nunjucks|mustache|handlebars|hogan\.js|liquidjs|swig)["']|^\s*(?:import|from)\s+(?:jinja2|chevron|pystache)\b|"(?:text\/template|github\.com\/(?:flosch\/pongo2|cbroglie\/mustache|aymerick\/raymond)[\w/]*)"/;
/** Where a program reads YAML into an object, whose values it may then set. */
const parser =
  /\byaml\.(?:safe_|full_)?load(?:_all)?\(|\bYAML\(|\b(?:yaml|YAML)\.(?:parse\w*|load\w*)\(|\byaml\.Unmarshal\(/;
/** A bundler's import of a file as text. */
const rawImport = /\?raw["'`]/;
const program = /\.(?:[cm]?[jt]s|py|go)$/;
const elsewhere =
  /(?:^|\/)(?:node_modules|vendor|site-packages|__tests__|tests?|dist|build)\/|\.(?:test|spec|d)\.[cm]?ts$/;
const manifest = /^(?:package\.json|pyproject\.toml|setup\.py|requirements\.txt|go\.mod)$/;
const maxPrograms = 500;

/** What the programs of the package that a file lies in do with it, if one of them names it. */
export interface ManifestPrograms {
  /** Whether they render texts with an engine of `{{ x }}`. */
  renders(path: RepoPath): boolean;
  /** Where one reads it into an object, or takes it in as a text of its own. */
  reads(path: RepoPath): Pick<CodeUse, "file" | "line"> | null;
}

interface Package {
  hasEngine: boolean;
  naming: { file: RepoPath; line: number; text: string; parses: boolean }[];
}

export function makeManifestPrograms(files: FileTree, facts: FactReader): ManifestPrograms {
  const packages = new Map<RepoPath, Package>();

  function programsOf(directory: RepoPath): RepoPath[] {
    const prefix = directory === "" ? "" : `${directory}/`;
    return files.entries
      .filter(({ path, ignored }) => !ignored && path.startsWith(prefix) && program.test(path) && !elsewhere.test(path))
      .map(({ path }) => path)
      .slice(0, maxPrograms);
  }

  /** Those beside a file and in the directories above it, which a large package may hold behind many others. */
  function programsAbove(path: RepoPath): RepoPath[] {
    const found: RepoPath[] = [];
    for (let directory = directoryOf(path); directory !== ""; directory = directoryOf(directory))
      for (const name of files.children(directory))
        if (program.test(name) && !elsewhere.test(`${directory}/${name}`)) found.push(`${directory}/${name}`);
    return found.slice(0, maxPrograms);
  }

  function read(programs: readonly RepoPath[]): Package {
    const found: Package = { hasEngine: false, naming: [] };
    for (const path of programs) {
      const lines = facts.get("lines", path)?.lines ?? [];
      const parses = lines.some((line) => parser.test(line));
      for (const [index, text] of lines.entries()) {
        found.hasEngine ||= engine.test(text);
        if (/\.(?:ya?ml|json|toml|conf)(?:\?raw)?["'`]/.test(text))
          found.naming.push({ file: path, line: index + 1, text, parses: parses || rawImport.test(text) });
      }
    }
    return found;
  }

  function packageFor(path: RepoPath): Package {
    const directory = packageOf(path, files);
    let known = packages.get(directory);
    if (known === undefined) {
      known = read(programsOf(directory));
      packages.set(directory, known);
    }
    return known;
  }

  const above = new Map<RepoPath, Package>();
  function near(path: RepoPath): Package {
    const directory = directoryOf(path);
    let known = above.get(directory);
    if (known === undefined) {
      known = read(programsAbove(path));
      above.set(directory, known);
    }
    return known;
  }

  const names = (text: string, path: RepoPath): boolean => {
    const at = text.indexOf(baseName(path));
    return at > 0 && /["'`/]/.test(text.charAt(at - 1));
  };
  return {
    renders: (path) => {
      const { hasEngine, naming } = packageFor(path);
      return hasEngine && naming.some(({ text }) => names(text, path));
    },
    reads(path) {
      const reader = ({ naming }: Package) => naming.find(({ text, parses }) => parses && names(text, path));
      return reader(near(path)) ?? reader(packageFor(path)) ?? null;
    },
  };
}

/** The nearest directory above a file that holds a package. */
function packageOf(path: RepoPath, files: FileTree): RepoPath {
  for (let directory = directoryOf(path); directory !== ""; directory = directoryOf(directory))
    if (files.children(directory).some((name) => manifest.test(name))) return directory;
  return "";
}
