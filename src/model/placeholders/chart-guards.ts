import { directoryOf } from "../../text/paths.ts";
import type { ModelInput } from "../../types/model.ts";
import type { PlaceholderHit } from "../../types/placeholders.ts";
import type { RepoPath } from "../../types/text.ts";
import type { CodeUse } from "./code-words.ts";
import type { Inspected } from "./inspect.ts";

type Input = Pick<ModelInput<never>, "files" | "facts">;

/** A comparison of a chart's value with a text, by a template that then stops the install or writes something else. */
interface Sentinel {
  text: string;
  /** Paths of `.Values` in the comparison; none where it stands in a variable. */
  values: string[];
  use: CodeUse;
}

export function chartTemplates(file: Inspected, { files }: Input): RepoPath[] {
  const directory = directoryOf(file.path);
  const folder = directory === "" ? "templates" : `${directory}/templates`;
  return files.under(folder).map((entry) => entry.path);
}

/** Whether a template of the chart around the values hands them to `tpl`; null where the chart is not in the tree. */
export function chartUsesTpl(file: Inspected, input: Input): boolean | null {
  const templates = chartTemplates(file, input);
  if (templates.length === 0) return null;
  return templates.some((path) => input.facts.get("lines", path)?.lines.some((line) => /\btpl\b/.test(line)));
}

/** The place where a template of the chart refuses or replaces this very placeholder of this value. */
export function makeChartGuards(input: Input): (file: Inspected, hit: PlaceholderHit) => CodeUse | null {
  const known = new Map<RepoPath, Sentinel[]>();
  let replaced: ReadonlyMap<string, CodeUse> | null = null;
  return (file, hit) => {
    if (file.format !== "helm-values") return null;
    // Values of a release lie apart from the chart, whose name only the release's own tool knows.
    replaced ??= replacedTexts(input);
    const use = replaced.get(hit.text);
    if (use) return use;
    const directory = directoryOf(file.path);
    let sentinels = known.get(directory);
    if (!sentinels) {
      sentinels = chartTemplates(file, input).flatMap((path) =>
        sentinelsOf(path, input.facts.get("lines", path)?.lines ?? []),
      );
      known.set(directory, sentinels);
    }
    const path = hit.path.filter((step) => typeof step === "string").join(".");
    const guard = sentinels.find(
      ({ text, values }) =>
        text.includes(hit.text) &&
        (values.length === 0 || values.some((one) => path === one || path.startsWith(`${one}.`))),
    );
    return guard?.use ?? null;
  };
}

/** Texts that templates of any chart replace: `{{ .url | replace "<PASSWORD>" .password }}`. */
function replacedTexts({ files, facts }: Input): ReadonlyMap<string, CodeUse> {
  const found = new Map<string, CodeUse>();
  for (const { path, ignored } of files.entries) {
    if (ignored || !/(?:^|\/)templates\/[^\n]*\.(?:ya?ml|tpl|txt)$/.test(path)) continue;
    for (const [index, line] of (facts.get("lines", path)?.lines ?? []).entries())
      for (const match of line.matchAll(/\{\{[^{}]*\breplace\s+(?:"([^"\n]{3,80})"|`([^`\n]{3,80})`)/g))
        found.set(match[1] ?? match[2] ?? "", { file: path, line: index + 1, use: "replace" });
  }
  return found;
}

const comparison = /(?:^|[\s(])(?:eq|ne|has|contains|hasPrefix|hasSuffix|regexMatch|mustRegexMatch)\s/;

/** Every such comparison of a template. Notes are only shown: there a comparison counts where it fails. */
function sentinelsOf(file: RepoPath, lines: readonly string[]): Sentinel[] {
  const found: Sentinel[] = [];
  const isNotes = /\/NOTES\.txt$/i.test(file);
  /** For each open block the comparisons that wait for a `fail` in it. */
  const open: Sentinel[][] = [];
  for (const [index, line] of lines.entries()) {
    for (const match of line.matchAll(/\{\{-?([^{}]*)\}\}/g)) {
      const action = (match[1] ?? "").trim();
      const own: Sentinel[] = [];
      if (comparison.test(action)) {
        const values = [...action.matchAll(/\.Values\.([\w.]+)/g)].map((one) => one[1] ?? "");
        for (const text of action.matchAll(/"([^"]{3,200})"|`([^`]{3,200})`/g))
          own.push({ text: text[1] ?? text[2] ?? "", values, use: { file, line: index + 1, use: "compare" } });
      }
      const fails = /(?:^|[\s(])fail\s/.test(action);
      if (!isNotes || fails) found.push(...own);
      if (fails) for (const waiting of open) found.push(...waiting.splice(0));
      if (/^(?:if|with|range|define|block)\b/.test(action)) open.push(isNotes ? own : []);
      else if (/^else if\b/.test(action)) open.at(-1)?.push(...(isNotes ? own : []));
      else if (/^end\b/.test(action)) open.pop();
    }
  }
  return found;
}
