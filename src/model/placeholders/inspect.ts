import type { FactReader } from "../../types/facts.ts";
import type { PlaceholderFile, PlaceholderHit, PlaceholderRole } from "../../types/placeholders.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { type Format, formatOf, refine } from "./formats.ts";
import { roleByFormat, roleByName, type Stage, stageOf } from "./role.ts";

/** A file that may hold settings, with what its name and its documents say of it. */
export interface Inspected {
  path: RepoPath;
  format: Format;
  role: PlaceholderRole;
  because: string;
  stage: Stage;
  /** Its name or folder says example or template. */
  named: "template" | "example" | null;
  facts: PlaceholderFile;
}

/** Largest number of files below one Kubernetes or config folder that is read; a tree of data is no configuration. */
const maxFiles = 20_000;

/** Every file that may hold settings and holds something that looks like a placeholder. */
export function inspectFiles(
  files: FileTree,
  facts: FactReader,
  deployed: ReadonlySet<RepoPath>,
): { looked: number; files: Inspected[] } {
  const found: Inspected[] = [];
  let looked = 0;
  for (const entry of files.entries) {
    if (entry.ignored || entry.kind === "submodule" || entry.kind === "symlink") continue;
    const named = formatOf(entry.path);
    if (!named) continue;
    const name = roleByName(entry.path);
    if (name !== null && !deployed.has(entry.path)) continue;
    if (++looked > maxFiles) break;
    const read = facts.get(named.kind, entry.path);
    if (!read || read.hits.length === 0) continue;
    const format = refine(named.format, entry.path, read.documents);
    if (format === null) continue;
    found.push({
      path: entry.path,
      format,
      ...roleByFormat(entry.path, format),
      stage: stageOf(entry.path),
      named: name,
      facts: read,
    });
  }
  return { looked, files: found };
}

/** The line of a hit. */
export function lineOf(hit: PlaceholderHit): number {
  return hit.at.start.line;
}
