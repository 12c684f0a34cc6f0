import type { PlaceholderFinding } from "../../types/placeholders.ts";
import type { Deploy, DeploysByPath } from "./deploys.ts";
import type { Candidate } from "./findings.ts";
import type { Inspected } from "./inspect.ts";
import { roleByName } from "./role.ts";
import { type PlacedScript, programOf } from "./script-files.ts";

/** Steps of a deploy that use a file whose name says example and which holds placeholders. */
export function deployedExamples(
  examples: readonly { file: Inspected; candidates: readonly Candidate[] }[],
  deploys: DeploysByPath,
  scripts: readonly PlacedScript[],
): PlaceholderFinding[] {
  const found: PlaceholderFinding[] = [];
  for (const { file, candidates } of examples) {
    const serious = candidates.filter((one) => one.severity !== "note");
    const first = serious[0];
    if (!first) continue;
    for (const deploy of deploys.get(file.path) ?? []) {
      // Beside the example, in a folder of examples, nothing is deployed.
      if (roleByName(deploy.file) !== null) continue;
      if (deploy.trial || !deploy.exact || !certain(deploy) || renderedAfter(deploy, scripts)) continue;
      const tokens = [...new Set(serious.flatMap((one) => one.tokens))];
      found.push({
        rule: "example-deployed",
        severity: "warning",
        at: { path: deploy.file, start: deploy.at, end: deploy.at },
        subject: file.path,
        key: null,
        tokens,
        because: `${deploy.what} uses ${file.path}, which holds ${tokens.length === 1 ? "a placeholder" : `${tokens.length} placeholders`}`,
        remarks: [],
        mend: "Point the step at the real file, or render a copy of the example first.",
        related: [{ ...first.at, message: `\`${first.tokens[0]}\` stands here` }],
      });
      break;
    }
  }
  return found;
}

/** Copies of an env example also happen in set-up and test steps: only those of an image or of a deploy count. */
function certain(deploy: Deploy): boolean {
  if (!deploy.what.includes("cp")) return true;
  return /ockerfile|Containerfile/.test(deploy.file) || /deploy|release|prod|staging/i.test(deploy.file);
}

/** A later command of the same file writes into the copy. */
function renderedAfter(deploy: Deploy, scripts: readonly PlacedScript[]): boolean {
  return scripts.some(
    (script) =>
      script.file === deploy.file &&
      script.commands.some(
        (command) =>
          command.line >= deploy.at.line &&
          (/\.env/.test(command.appended ?? "") ||
            (/^(?:sed|perl|envsubst|nano|vi|vim|\$EDITOR)$/.test(programOf(command)) &&
              command.words.some((word) => /\.env/.test(word)))),
      ),
  );
}
