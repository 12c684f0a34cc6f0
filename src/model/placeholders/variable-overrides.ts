import { directoryOf } from "../../text/paths.ts";
import type { FactReader } from "../../types/facts.ts";
import type { PlaceholderHit } from "../../types/placeholders.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { locate, valueAt } from "../data.ts";
import type { CodeUse } from "./code-words.ts";

/**
 * Where variables of the process are let over a settings file: by Ruby's `config` with `use_env`, and by node-config through
 * `custom-environment-variables` (https://github.com/rubyconfig/config, https://github.com/node-config/node-config/wiki).
 */
export function makeVariableOverrides({
  files,
  facts,
}: {
  files: FileTree;
  facts: FactReader;
}): (path: RepoPath, hit: PlaceholderHit) => Pick<CodeUse, "file" | "line"> | null {
  return (path, hit) => {
    const rails = /^(|.*\/)config\/settings(?:\/[\w.-]+|(?:\.\w+)?)\.ya?ml$/.exec(path);
    if (rails) {
      const folder = `${rails[1]}config/initializers`;
      for (const child of files.children(folder)) {
        const file = `${folder}/${child}`;
        const lines = file.endsWith(".rb") ? (facts.get("lines", file)?.lines ?? []) : [];
        const line = lines.findIndex((one) => /^\s*\w+\.use_env\s*=\s*true\b/.test(one));
        if (line !== -1) return { file, line: line + 1 };
      }
    }
    const folder = directoryOf(path);
    const custom = files.children(folder).find((child) => /^custom-environment-variables\.(?:json|ya?ml)$/.test(child));
    if (custom === undefined || !/(?:^|\/)config$/.test(folder)) return null;
    const file = `${folder}/${custom}`;
    const fact = facts.get("data", file);
    const node = valueAt(fact?.documents[0]?.root ?? null, ...hit.path.map(String));
    return fact && node ? { file, line: locate(file, fact, node).start.line } : null;
  };
}
