import type { ModelInput } from "../../types/model.ts";
import type { RepoPath } from "../../types/text.ts";
import type { Candidate, Surroundings } from "./findings.ts";
import { formatOf } from "./formats.ts";
import { grade } from "./grade.ts";
import type { Inspection } from "./inspect.ts";
import { roleByFormat, roleByName, stageOf } from "./role.ts";

/** `placeholders.words` of the config, wherever one stands as a whole part of a line that is no comment. */
export function customWords(
  words: readonly string[],
  input: Pick<ModelInput<never>, "files" | "facts">,
  inspection: Inspection,
  around: Surroundings,
  config: { deployed: ReadonlyMap<RepoPath, string>; templates: ReadonlySet<RepoPath> },
): Candidate[] {
  if (words.length === 0) return [];
  const known = new Map(inspection.files.map((file) => [file.path, file]));
  const found: Candidate[] = [];
  for (const entry of input.files.entries) {
    const { path } = entry;
    if (entry.ignored || entry.kind === "submodule" || entry.kind === "symlink" || config.templates.has(path)) continue;
    const named = formatOf(path);
    if (!named && !config.deployed.has(path)) continue;
    if (roleByName(path) !== null && !config.deployed.has(path)) continue;
    const format = known.get(path)?.format ?? guess(named?.format ?? "lines", path);
    const { role, because } =
      known.get(path) ??
      (config.deployed.has(path)
        ? { role: "deployed" as const, because: "predeploy.yml says that it is deployed" }
        : roleByFormat(path, format));
    const severity = grade("high", role, known.get(path)?.stage ?? stageOf(path), false);
    if (severity === null) continue;
    for (const [index, line] of (input.facts.get("lines", path)?.lines ?? []).entries()) {
      if (/^\s*(?:#|\/\/|;)/.test(line) || line.length > 4_000) continue;
      for (const word of words) {
        const at = partOf(line, word);
        if (at === -1 || around.isAllowed(path, word)) continue;
        const start = { line: index + 1, column: at + 1 };
        found.push({
          line: index + 1,
          rule: "leftover",
          severity,
          at: { path, start, end: { line: index + 1, column: at + 1 + word.length } },
          subject: word,
          key: /^\s*(?:-\s+)?["']?([\w.-]{1,80})["']?\s*[:=]/.exec(line)?.[1] ?? null,
          tokens: [word],
          because,
          remarks: [],
          mend: "Write the real value, or render the file in the deploy step.",
          related: [],
        });
        break;
      }
    }
  }
  return found;
}

/** YAML of a manifest folder is deployed; that its documents were not read changes nothing here. */
function guess(
  format: ReturnType<typeof roleByFormat> extends never ? never : Parameters<typeof roleByFormat>[1],
  path: RepoPath,
) {
  return format === "config" && /(?:^|\/)(?:k8s|kubernetes|manifests?|deploy)\//i.test(path)
    ? ("kubernetes" as const)
    : format;
}

/** Where the word fills a whole part of the line, after its key; -1 for nowhere. */
function partOf(line: string, word: string): number {
  for (let at = line.indexOf(word); at !== -1; at = line.indexOf(word, at + 1)) {
    const before = line.charAt(at - 1);
    const after = line.charAt(at + word.length);
    if (!/[\w-]/.test(before) && !/[\w-]/.test(after) && !/^["']?\s*[:=]/.test(line.slice(at + word.length))) return at;
  }
  return -1;
}
