import { baseName } from "../../text/paths.ts";
import type { FactReader } from "../../types/facts.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { isRecipeFile, isShellScript } from "../path-class.ts";

/** A file that says how to start: what its commands write may be there when compose runs. */
function tellsHowToStart(path: RepoPath): boolean {
  return (
    isShellScript(path) ||
    isRecipeFile(path) ||
    /(?:^|\/)README(?:\.(?:md|rst|txt))?$/i.test(path) ||
    // Ansible places files on a host beside the compose file that it places there, too.
    /(?:^|\/)(?:tasks|playbooks?)\/[^/]+\.ya?ml$|(?:^|\/)playbook[\w-]*\.ya?ml$/.test(path)
  );
}

/**
 * Finds the command, in a README, script, Makefile or play, that makes a path: `echo … > prometheus.yml`, `curl … -o x.yml`, `cp a.yml x.yml`,
 * `git clone … dir`, `dest: /srv/x.yml`. Files are read only once a path is asked for.
 */
export function makers(tree: FileTree, facts: FactReader): (path: RepoPath) => string | null {
  let files: { path: RepoPath; lines: readonly string[] }[] | null = null;
  return (path) => {
    files ??= tree.entries
      .filter((entry) => !entry.ignored && (entry.kind === "file" || entry.kind === "executable"))
      .filter((entry) => tellsHowToStart(entry.path))
      .map((entry) => ({ path: entry.path, lines: facts.get("lines", entry.path)?.lines ?? [] }));
    const name = baseName(path);
    const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    // Nothing but the path's own folders may stand between the word that writes and the name.
    const making = new RegExp(
      `(?:>\\s*|^\\s*(?:- )?dest:\\s*|\\b(?:tee|touch|mkdir|cp|mv|curl|wget|git clone|openssl|envsubst)\\b[^|;&]*\\s|\\s--?o(?:ut(?:put)?)?[= ]\\s*)["']?(?:[\\w.$\\{}-]+/|/)*${escaped}/?["'\`]?(?=\\s|$|[;&|)])`,
    );
    for (const file of files) {
      const at = file.lines.findIndex((line) => line.includes(name) && making.test(line.slice(0, 1000)));
      if (at >= 0) return `${file.path}:${at + 1} makes it`;
    }
    return null;
  };
}
