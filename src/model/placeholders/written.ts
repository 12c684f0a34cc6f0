import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { resolvePaths } from "./deploy-paths.ts";
import { type PlacedScript, programOf } from "./script-files.ts";

/** Committed files that a script writes anew (`> .env`, `tee`, the target of `cp`), with the place. */
export function writtenFiles(
  scripts: readonly PlacedScript[],
  files: FileTree,
): ReadonlyMap<RepoPath, { file: RepoPath; line: number }> {
  const written = new Map<RepoPath, { file: RepoPath; line: number }>();
  for (const script of scripts) {
    for (const command of script.commands) {
      const targets = command.output ? [command.output] : [];
      const name = programOf(command);
      const plain = command.words.slice(1).filter((word) => !word.startsWith("-"));
      if (name === "tee") targets.push(...plain);
      if ((name === "cp" || name === "mv") && plain.length === 2) targets.push(plain[1]!);
      for (const target of targets) {
        const { paths, unknown } = resolvePaths(target, script.bases, files);
        if (!unknown && paths.length === 1 && !written.has(paths[0]!))
          written.set(paths[0]!, { file: script.file, line: command.line });
      }
    }
  }
  return written;
}
