import type { UndecidedRule } from "../types/finding.ts";
import type { ConfigModel, RunOptions } from "../types/model.ts";
import type { FileTree } from "../types/workspace.ts";

/**
 * What `environments.*.files` names and no file matches: what is deployed there is then not looked at. Null where every entry matches.
 */
export function unmatchedFiles(
  { environment }: RunOptions,
  { path, config, locate }: ConfigModel,
  files: FileTree,
): UndecidedRule | null {
  const unmatched = Object.entries(config.environments).flatMap(([name, { files: globs }]) =>
    environment !== null && environment !== name
      ? []
      : globs.flatMap((glob, index) => {
          if (glob.startsWith("!") || files.named([glob]).some((entry) => !entry.ignored)) return [];
          return `${glob} (line ${locate(["environments", name, "files", index]).start.line})`;
        }),
  );
  if (unmatched.length === 0) return null;
  return {
    rule: "predeploy/files-unmatched",
    reason: `${path} says that ${unmatched.join(", ")} ${unmatched.length === 1 ? "is" : "are"} deployed, and no file here is called that.`,
    remedy: "Name the files as they are called from the root of what is checked, or take the entry out.",
  };
}
