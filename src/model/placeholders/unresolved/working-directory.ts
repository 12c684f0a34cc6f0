import type { ModelInput } from "../../../types/model.ts";
import type { RepoPath } from "../../../types/text.ts";
import { isWorkflow } from "../../path-class.ts";
import type { PlacedScript } from "../script-files.ts";

/** Directories that a command may run in, the likeliest first; none where the text does not say. */
export function directoriesOf(
  script: PlacedScript,
  index: number,
  input: Pick<ModelInput<never>, "files" | "facts">,
): RepoPath[] {
  let bases: RepoPath[] | null = stepDirectory(script, input) ?? script.bases;
  for (const command of script.commands.slice(0, index)) {
    if (command.words[0] !== "cd" || bases === null) continue;
    const to = command.words[1] ?? "";
    bases = /[$~`]/.test(to) || to === "-" || to === "" ? null : bases.flatMap((base) => joined(base, to));
  }
  const own = script.commands[index]?.words.find((word) => /^-chdir=/.test(word))?.slice("-chdir=".length);
  if (own !== undefined && /[$`]/.test(own)) return [];
  return (bases ?? [])
    .flatMap((base) => (own === undefined ? [base] : joined(base, own)))
    .filter((path) => path === "" || input.files.hasDirectory(path));
}

/** `working-directory` of a workflow's step, or of its job's or file's defaults; null where none is written, [] where it is computed. */
function stepDirectory(script: PlacedScript, { facts }: Pick<ModelInput<never>, "facts">): RepoPath[] | null {
  if (!isWorkflow(script.file) || script.path[0] !== "jobs") return null;
  const workflow = facts.get("workflow", script.file);
  const job = workflow?.jobs.find((one) => one.id === script.path[1]);
  const step = job?.steps.find((one) => one.index === script.path[3]);
  const text =
    step?.workingDirectory?.text ??
    job?.defaults.workingDirectory?.text ??
    workflow?.defaults.workingDirectory?.text ??
    null;
  if (text === null) return null;
  const plain = text.replace(/^\$\{\{ *github\.workspace *\}\}\/?/, "");
  return /\$/.test(plain) ? [] : joined("", plain);
}

function joined(base: RepoPath, path: string): RepoPath[] {
  const parts = path.startsWith("/") || base === "" ? [] : base.split("/");
  for (const part of path.replace(/^["']|["']$/g, "").split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return [];
  }
  return [parts.join("/")];
}
