import { directoryOf, inRepository } from "../../text/paths.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { globOf } from "./config-globs.ts";

/** Variables that stand for the repository's or the script's directory. */
const rootVariables =
  /^"?\$\{?(?:GITHUB_WORKSPACE|CI_PROJECT_DIR|PROJECT_ROOT|REPO_ROOT|ROOT_DIR|ROOT|SCRIPT_DIR|DIR|BASE_DIR|PROJECT_DIR|PWD|BASEDIR|HERE|WORKSPACE|Build\.SourcesDirectory|System\.DefaultWorkingDirectory)\}?"?\/|^\$\((?:Build\.SourcesDirectory|System\.DefaultWorkingDirectory|Pipeline\.Workspace)\)\/|^\$\{\{ *github\.workspace *\}\}\//;

export interface ResolvedPaths {
  paths: RepoPath[];
  /** The text holds something that is not known here: the paths are a guess, or none. */
  unknown: boolean;
}

/**
 * The files of the tree that a path of a command may mean: a file, everything below a folder, or what a glob selects.
 * The first of `bases` that holds the path counts; one with a variable stands for every folder that fits.
 */
export function resolvePaths(text: string, bases: readonly RepoPath[], files: FileTree): ResolvedPaths {
  let plain = text.replace(/^["']|["']$/g, "");
  if (rootVariables.test(plain)) plain = plain.replace(rootVariables, "");
  if (plain === "" || plain === "-" || /^[a-z][a-z+]*:\/\//i.test(plain)) return { paths: [], unknown: false };
  if (/[$`]/.test(plain)) return { paths: byPattern(plain, bases, files), unknown: true };
  for (const base of bases) {
    if (base.includes("$")) {
      if (plain.startsWith("/")) continue;
      const paths = byPattern(plain === "." ? `${base}/**` : `${base}/${plain}`, [""], files);
      if (paths.length > 0 || plain === ".") return { paths, unknown: true };
      continue;
    }
    const joined = inRepository("", plain.startsWith("/") || base === "" ? plain : `${base}/${plain}`);
    if (joined === null) continue;
    const paths = select(joined, files);
    if (paths.length > 0) return { paths, unknown: false };
  }
  return { paths: [], unknown: false };
}

/** Paths that a glob selects, looked for below the folder that it names first: a tree of many files is never walked for `k8s/*.yaml`. */
function matching(glob: string, files: FileTree): RepoPath[] {
  const fixed = glob.split(/[*?{[]/, 1)[0] ?? "";
  const folder = directoryOf(fixed);
  // Without a folder only names in the root can be meant, unless the glob says otherwise.
  const candidates =
    folder === "" && !glob.includes("/")
      ? files.children("").filter((name) => files.has(name))
      : files.under(folder).map((entry) => entry.path);
  if (folder === "" && candidates.length > maxWalked) return [];
  const matches = globOf(glob);
  return candidates.filter((path) => matches(path));
}

const maxWalked = 5_000;

function select(path: RepoPath, files: FileTree): RepoPath[] {
  if (files.has(path)) return [path];
  if (/[*?{]/.test(path)) return matching(path, files);
  if (path !== "" && files.hasDirectory(path)) return files.under(path).map((entry) => entry.path);
  return [];
}

/** `k8s/$ENV/app.yaml`: the variable as one segment or part of it. */
function byPattern(plain: string, bases: readonly RepoPath[], files: FileTree): RepoPath[] {
  const glob = plain.replace(/\$\{\{[^}]*\}\}|\$\{[^}]*\}|\$\([^)]*\)|\$[A-Za-z_]\w*|`[^`]*`/g, "*");
  if (glob.replace(/[*/.]/g, "").length < 3) return [];
  for (const base of bases) {
    const joined = inRepository("", base === "" ? glob : `${base}/${glob}`);
    if (joined === null) continue;
    const paths = matching(joined, files);
    if (paths.length > 0 && paths.length < 200) return paths;
  }
  return [];
}
