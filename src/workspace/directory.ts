import { readFileSync } from "node:fs";
import { join } from "node:path";
import fastGlob from "fast-glob";
import ignore, { type Ignore } from "ignore";
import type { Entry } from "../types/workspace.ts";
import { kindOf } from "./disk.ts";

/** Lists a folder that git does not know: every file but `.git`, node_modules and what its .gitignore files leave out. */
export async function listDirectory(root: string): Promise<Entry[]> {
  const found = await fastGlob("**", {
    cwd: root,
    dot: true,
    followSymbolicLinks: false,
    onlyFiles: false,
    stats: true,
    suppressErrors: true,
    ignore: ["**/.git/**", "**/.git", "**/node_modules/**"],
  });
  const rules = new Map<string, Ignore>();
  for (const { name, path } of found) {
    if (name !== ".gitignore") continue;
    try {
      rules.set(path.slice(0, -name.length).replace(/\/$/, ""), ignore().add(readFileSync(join(root, path), "utf8")));
    } catch {
      // An unreadable ignore file ignores nothing.
    }
  }
  return found.flatMap(({ path, stats }): Entry[] => {
    if (!stats || stats.isDirectory() || isIgnored(path, rules)) return [];
    return [{ path, kind: kindOf(stats), blob: null, tracked: true, ignored: false }];
  });
}

function isIgnored(path: string, rules: ReadonlyMap<string, Ignore>): boolean {
  if (rules.size === 0) return false;
  let ignored = false;
  // From the root down: the innermost .gitignore with an opinion wins.
  for (let slash = -1; ; slash = path.indexOf("/", slash + 1)) {
    const directory = slash === -1 ? "" : path.slice(0, slash);
    const answer = rules.get(directory)?.test(path.slice(slash + 1));
    if (answer?.ignored) ignored = true;
    else if (answer?.unignored) ignored = false;
    if (path.indexOf("/", slash + 1) === -1) return ignored;
  }
}
