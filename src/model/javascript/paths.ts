import { inRepository } from "../../text/paths.ts";
import type { RepoPath } from "../../types/text.ts";

/** Joins and cleans; null above the root. */
export function joinPaths(...parts: readonly string[]): RepoPath | null {
  return inRepository("", parts.join("/"));
}

/** What Node.js runs as code: by its ending, or a file without one such as `bin/www`. */
export const codePattern = /\.(?:[cm]?[jt]s|[jt]sx)$|(?:^|\/)[^./]+$/;

export const scriptPattern = /\.(?:[cm]?[jt]s|[jt]sx)$/;
