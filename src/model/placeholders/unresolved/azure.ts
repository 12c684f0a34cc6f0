import type { ModelInput } from "../../../types/model.ts";
import { isAzurePipeline } from "../../path-class.ts";
import type { Candidate } from "../findings.ts";

/** Names that Azure Pipelines gives, and what a shell would run: `$(Build.BuildId)`, `$(Rev:.r)`, `$(pwd)`. */
const builtIn =
  /^(?:(?:Build|System|Agent|Pipeline|Environment|Release|Strategy|Resources|Checks|Common|TF|Rev|Date|SourceBranchName|BuildDefinitionName|BuildID|DayOfMonth|DayOfYear|Hours|Minutes|Month|Seconds|TeamProject|Year)(?:[.:_].*)?|pwd|date|hostname|whoami|nproc|rev|ls|uname)$/i;

/**
 * `$(x)` in an input, condition or setting of an Azure pipeline without a variable of that name: the text stays as it is. A note, since
 * variables of the pipeline's own settings are in no file; files with variable groups or templates are left alone.
 * https://learn.microsoft.com/azure/devops/pipelines/process/variables#understand-variable-syntax
 */
export function unsetPipelineVariables(input: ModelInput<"config">): Candidate[] {
  const found: Candidate[] = [];
  for (const entry of input.files.entries) {
    if (entry.ignored || !isAzurePipeline(entry.path)) continue;
    const lines = input.facts.get("lines", entry.path)?.lines ?? [];
    const text = lines.join("\n");
    if (!/^(?:steps|jobs|stages|extends):/m.test(text) || /^\s*-?\s*(?:group|template|extends):/m.test(text)) continue;
    const seen = new Set<string>(names(text));
    let script = -1;
    for (const [index, line] of lines.entries()) {
      const indent = line.search(/\S/);
      if (indent === -1 || /^\s*#/.test(line)) continue;
      if (script !== -1 && indent > script) continue;
      script = -1;
      const key = /^(\s*(?:-\s+)?)["']?(\w+)["']?:\s*(.*)$/.exec(line);
      if (key && /^(?:script|bash|powershell|pwsh|inlineScript|inline|displayName|name)$/i.test(key[2] ?? "")) {
        if (/^[|>]/.test(key[3] ?? "")) script = (key[1] ?? "").length;
        continue;
      }
      for (const match of line.matchAll(/\$\(([A-Za-z_][\w.-]*)\)/g)) {
        const name = match[1] ?? "";
        if (builtIn.test(name) || seen.has(name.toLowerCase())) continue;
        seen.add(name.toLowerCase());
        const start = { line: index + 1, column: match.index + 1 };
        found.push({
          line: start.line,
          rule: "unresolved-reference",
          severity: "note",
          at: { path: entry.path, start, end: { line: start.line, column: start.column + match[0].length } },
          subject: name,
          key: key?.[2] ?? null,
          tokens: [match[0]],
          because:
            "no `variables` of the file and no step sets it, so the text stays as it is unless the pipeline's settings have it",
          remarks: [],
          mend: `Add ${name} to \`variables\`.`,
          related: [],
        });
      }
    }
  }
  return found;
}

/** Names under `variables` and `parameters`, names of outputs, and those that a step sets; in lower case. */
function names(text: string): string[] {
  const found: string[] = [];
  for (const block of text.matchAll(
    /^( *)(?:-\s+)?(?:variables|parameters):[ \t]*\n((?:\1 *[\w"'#{$-][^\n]*\n|[ \t]*\n)*)/gm,
  )) {
    for (const match of (block[2] ?? "").matchAll(/^\s*(?:-\s+)?name:\s*["']?([\w.-]+)|^\s*["']?([\w.-]+)["']?:/gm))
      found.push((match[1] ?? match[2] ?? "").toLowerCase());
  }
  for (const match of text.matchAll(
    /task\.setvariable variable=([\w.]+)|\bvariableName:\s*["']?(\w+)|^\s*name:\s*["']?(\w+)["']?\s*$/gm,
  ))
    found.push((match[1] ?? match[2] ?? match[3] ?? "").toLowerCase());
  return found;
}
