import type { FactReader } from "../../types/facts.ts";
import type { PlaceholderHit } from "../../types/placeholders.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import type { CodeUse } from "./code-words.ts";

/** Files that give a process its variables. */
const deploys = /\.(?:ya?ml|tf|tfvars|bicep|env|sh|ps1)$|(?:^|\/)\.env(?:\.[\w-]+)?$/i;
const elsewhere = /(?:^|\/)(?:node_modules|vendor|docs?|tests?)\//i;
const variable = /(?<![\w$.-])[A-Za-z]\w*?__\w+/g;

/**
 * Where a variable of the process is set that .NET puts over a setting of appsettings.json: `Mail__ApiKey` over `Mail.ApiKey`, without
 * regard to case (learn.microsoft.com/aspnet/core/fundamentals/configuration, environment variables).
 */
export function makeDotnetOverrides(files: FileTree, facts: FactReader): (hit: PlaceholderHit) => CodeUse | null {
  let places: Map<string, { file: RepoPath; line: number }> | null = null;
  const read = () => {
    const found = new Map<string, { file: RepoPath; line: number }>();
    for (const { path, ignored, kind } of files.entries) {
      if (ignored || kind === "symlink" || !deploys.test(path) || elsewhere.test(path)) continue;
      for (const [index, line] of (facts.get("lines", path)?.lines ?? []).entries()) {
        if (!line.includes("__") || /^\s*(?:#|\/\/)/.test(line)) continue;
        for (const [name] of line.matchAll(variable))
          if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), { file: path, line: index + 1 });
      }
    }
    return found;
  };
  return (hit) => {
    if (hit.path.length < 2) return null;
    places ??= read();
    const place = places.get(hit.path.join("__").toLowerCase());
    return place ? { ...place, use: "replace" } : null;
  };
}
