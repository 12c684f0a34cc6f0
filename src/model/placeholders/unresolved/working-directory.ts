import { inRepository } from "../../../text/paths.ts";
import type { RepoPath } from "../../../types/text.ts";
import type { FileTree } from "../../../types/workspace.ts";
import type { PlacedScript } from "../script-files.ts";

/** Directories that a command may run in, the likeliest first; none where the text does not say. */
export function directoriesOf(script: PlacedScript, index: number, { files }: { files: FileTree }): RepoPath[] {
  const { directory } = script;
  let bases: RepoPath[] | null = directory === null ? script.bases : directory.includes("$") ? [] : [directory];
  for (const command of script.commands.slice(0, index)) {
    if (command.words[0] !== "cd" || bases === null) continue;
    const to = command.words[1] ?? "";
    bases = /[$~`]/.test(to) || to === "-" || to === "" ? null : bases.flatMap((base) => joined(base, to));
  }
  const own = script.commands[index]?.words.find((word) => /^-chdir=/.test(word))?.slice("-chdir=".length);
  if (own !== undefined && /[$`]/.test(own)) return [];
  return (bases ?? [])
    .flatMap((base) => (own === undefined ? [base] : joined(base, own)))
    .filter((path) => path === "" || files.hasDirectory(path));
}

function joined(base: RepoPath, path: string): RepoPath[] {
  const below = path.replace(/^["']|["']$/g, "");
  return [inRepository(path.startsWith("/") ? "" : base, below)].filter((one) => one !== null);
}
