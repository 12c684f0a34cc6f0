import { baseName } from "../../text/paths.ts";
import type { ProjectService } from "../../types/compose.ts";
import type { FactReader } from "../../types/facts.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { resolvePath } from "./paths.ts";

/** More scripts than this are no entry of one service. */
const maximumScripts = 4;

/**
 * What a service runs first, as far as the repository tells: its command, else that of its Dockerfile, and the shell scripts these name.
 */
export function ownStart(service: ProjectService, tree: FileTree, facts: FactReader): string {
  const linesOf = (path: RepoPath): readonly string[] =>
    tree.has(path) ? (facts.get("lines", path)?.lines ?? []) : [];
  const written = [service.entrypoint?.text, service.command?.text].filter((one) => one !== undefined);
  const dockerfile = service.build?.dockerfilePath ?? null;
  // An entrypoint of compose drops both instructions, a command only CMD.
  const instruction = service.entrypoint ? null : service.command ? /^\s*ENTRYPOINT\b/i : /^\s*(?:CMD|ENTRYPOINT)\b/i;
  if (dockerfile !== null && instruction !== null)
    written.push(...linesOf(dockerfile).filter((line) => instruction.test(line)));
  const texts = [...written];
  for (const [script] of written
    .join("\n")
    .slice(0, 10_000)
    .matchAll(/[\w./-]+\.(?:sh|bash)\b/g)) {
    const path = scriptOf(script, service.build?.contextPath ?? null, tree);
    if (path !== null && texts.length < written.length + maximumScripts)
      texts.push(linesOf(path).join("\n").slice(0, 20_000));
  }
  return texts.join("\n");
}

/** `./bin/start.sh` in the context, else the only tracked file that ends so: where an image puts it is not known here. */
function scriptOf(written: string, context: RepoPath | null, tree: FileTree): RepoPath | null {
  const inside = context === null ? null : resolvePath(context, written.replace(/^\/+/, ""));
  if (inside !== null && tree.has(inside)) return inside;
  const name = baseName(written);
  const found = tree.entries.filter(
    (entry) => !entry.ignored && (entry.path === name || entry.path.endsWith(`/${name}`)),
  );
  return found.length === 1 ? (found[0]?.path ?? null) : null;
}
