import { baseName, directoryOf } from "../../text/paths.ts";
import type { FactReader } from "../../types/facts.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import type { CodeUse } from "./code-words.ts";

/** Lines of one command of a guide, which often goes on over the next ones. */
const around = 2;

/** Where a guide of the repository renders a file with envsubst: by its name, or the folder that it lies in. */
export function makeDocumented(
  files: FileTree,
  facts: FactReader,
): (path: RepoPath) => Pick<CodeUse, "file" | "line"> | null {
  let commands: { file: RepoPath; line: number; text: string }[] | null = null;
  const read = () =>
    files.entries.flatMap(({ path, ignored }) => {
      if (ignored || !/\.mdx?$/i.test(path)) return [];
      const lines = facts.get("lines", path)?.lines ?? [];
      return lines.flatMap((line, index) =>
        /\benvsubst\b/.test(line)
          ? [
              {
                file: path,
                line: index + 1,
                text: lines.slice(Math.max(0, index - around), index + around + 1).join(" "),
              },
            ]
          : [],
      );
    });
  return (path) => {
    commands ??= read();
    const folder = directoryOf(path).split("/").slice(-2);
    const names = [baseName(path), ...(folder.length === 2 ? [folder.join("/")] : [])];
    return commands.find(({ text }) => names.some((name) => text.includes(name))) ?? null;
  };
}
