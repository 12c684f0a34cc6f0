import type { UndecidedRule } from "../types/finding.ts";
import type { UnknownBranch } from "../types/history.ts";
import type { ConfigModel } from "../types/model.ts";

/** What an environment's `branch:` leaves open that no branch is called; one for each. */
export function branchesUnknown(
  unknown: readonly UnknownBranch[],
  { path, locate }: Pick<ConfigModel, "path" | "locate">,
): UndecidedRule[] {
  return unknown.map(({ environment, branch, nearest }) => {
    const { line } = locate(["environments", environment, "branch"]).start;
    return {
      rule: "predeploy/branch",
      reason: `${path} says that ${environment} is deployed from "${branch}" (line ${line}), and no branch is called that.${nearest === null ? "" : ` Did you mean "${nearest}"?`}`,
      remedy: "Name a branch of the repository, or take the line out: without it HEAD is meant.",
    };
  });
}
