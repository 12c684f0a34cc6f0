import { directoryOf } from "../../text/paths.ts";
import type { FactReader } from "../../types/facts.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { resolvePath } from "../compose/paths.ts";
import { isRecipeFile, isShellScript, isWorkflow } from "../path-class.ts";

/** Files that may run make, or say in a comment how people do. */
function mayRunMake(path: RepoPath): boolean {
  return (
    isWorkflow(path) ||
    isShellScript(path) ||
    isRecipeFile(path) ||
    /(?:^|\/)(?:package\.json|\.gitlab-ci\.yml)$|^\.circleci\/config\.yml$|(?:^|\/)README(?:\.(?:md|rst|txt))?$/i.test(
      path,
    )
  );
}

const MAX_CALLS = 1000;

/**
 * The directories from which `make -f X` runs each Makefile: unlike `-C`, it keeps the caller's. A written `docker/Makefile` that is the
 * end of a Makefile's path says where the caller stands, whichever `cd` or `working-directory` led there.
 * Source: https://www.gnu.org/software/make/manual/make.html#Options-Summary
 */
export function makeCallers(
  makefiles: readonly RepoPath[],
  tree: FileTree,
  facts: FactReader,
): Map<RepoPath, RepoPath[]> {
  const found = new Map<RepoPath, Set<RepoPath>>();
  let calls = 0;
  for (const entry of tree.entries) {
    if (entry.ignored || (entry.kind !== "file" && entry.kind !== "executable") || !mayRunMake(entry.path)) continue;
    for (const line of facts.get("lines", entry.path)?.lines ?? []) {
      if (!line.includes("make")) continue;
      for (const written of namedMakefiles(line.slice(0, 2000))) {
        if (++calls > MAX_CALLS) return sorted(found);
        for (const makefile of makefiles) {
          const directory = callerOf(makefile, written, directoryOf(entry.path));
          if (directory === null) continue;
          const known = found.get(makefile);
          if (known) known.add(directory);
          else found.set(makefile, new Set([directory]));
        }
      }
    }
  }
  return sorted(found);
}

function sorted(found: ReadonlyMap<RepoPath, ReadonlySet<RepoPath>>): Map<RepoPath, RepoPath[]> {
  return new Map([...found].map(([makefile, directories]) => [makefile, [...directories].sort()]));
}

function namedMakefiles(line: string): string[] {
  return [...line.matchAll(/(?:\bg?make\b|\$[({]MAKE[)}])([^|;&]*)/g)].flatMap(([, args = ""]) =>
    [...args.matchAll(/\s(?:-f|--file|--makefile)[\s=]?\s*["']?([^\s"'`]+)/g)].map((match) => match[1] ?? ""),
  );
}

function callerOf(makefile: RepoPath, written: string, by: RepoPath): RepoPath | null {
  if (/(?:^|\/)\.\.(?:\/|$)/.test(written)) return resolvePath(by, written) === makefile ? by : null;
  const path = resolvePath("", written);
  if (path === null || path === "") return null;
  if (makefile === path) return "";
  return makefile.endsWith(`/${path}`) ? makefile.slice(0, -path.length - 1) : null;
}
