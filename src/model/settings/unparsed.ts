import { jsonFault } from "../../sources/json-fault.ts";
import type { DataFile } from "../../types/data.ts";
import type { HclFile } from "../../types/hcl.ts";
import type { BrokenSettings } from "../../types/settings.ts";
import type { RepoPath } from "../../types/text.ts";
import { locate } from "../data.ts";
import { isDefaultCompose, isYaml } from "../path-class.ts";
import type { Where } from "./environment.ts";
import type { Sink } from "./sink.ts";

/** YAML, JSON and HCL of an environment, and a compose file, that does not parse; what is rendered first, and what other rules read, is left out. */
export function unparsed(sink: Sink, path: RepoPath, where: Where): BrokenSettings[] {
  const { facts } = sink.input;
  if (/(?:^|\/)(?:\.github|templates?|charts?\/[^/]+\/templates)\//.test(path)) return [];
  const kind = isYaml(path) || /\.json$/i.test(path) ? "data" : /\.(?:tfvars|tf)$/i.test(path) ? "hcl" : null;
  if (kind === null) return [];
  if (
    !where.declared &&
    !isDefaultCompose(path) &&
    !/(?:^|[/._-])(?:env|config|values|settings|kustomiz|k8s|deploy|overlay|terraform|infra|staging|stage|stg|production|prod|prd)/i.test(
      path,
    )
  )
    return [];
  const fact = kind === "hcl" ? facts.get("hcl", path) : facts.get("data", path);
  if (!fact) return [];
  const known =
    kind === "hcl" ? (fact as HclFile).errors[0] : (fact as DataFile).documents.flatMap((one) => one.errors)[0];
  if (!known && (kind === "hcl" || isYaml(path))) return [];
  const { lines = [] } = facts.get("lines", path) ?? {};
  const error = kind === "hcl" ? hclError(fact as HclFile, lines) : (known ?? jsonError(fact as DataFile, lines));
  if (!error || /too (?:large|long|many|deep)|nested|not readable|alias/i.test(error.message)) return [];
  if (lines.some((line) => /\{\{|\{%|<%|^\s*@@|\$\{\{|__[A-Z_]+__|^<{7} |^#@/.test(line.slice(0, 2000)))) return [];
  if (/duplicate|unique/i.test(error.message) && !isYaml(path)) return [];
  const at = locate(path, fact, { start: error.offset, end: error.offset });
  const deployed = where.environment !== null;
  return [{ path, deployed, kind: "unparsed", name: error.message.split("\n")[0]!.slice(0, 160), at, other: null }];
}

interface SyntaxFault {
  message: string;
  offset: number;
}

/** The first fault of the parser; where a quote stays open on a line before it, that line, since everything behind it is read as text. */
function hclError({ errors, lineStarts }: HclFile, lines: readonly string[]): SyntaxFault | undefined {
  const [first] = errors;
  if (!first) return undefined;
  const open = lines.findIndex((line, index) => {
    const text = line.slice(0, 2000).replace(/\\.|(?:#|\/\/).*$/g, "");
    return (lineStarts[index] ?? Infinity) <= first.offset && [...text.matchAll(/"/g)].length % 2 === 1;
  });
  const heredoc = lines.some((line) => /<<[-~]?\w/.test(line.slice(0, 2000)));
  return open === -1 || heredoc
    ? first
    : { message: "a quote is not closed", offset: lineStarts[open] ?? first.offset };
}

/** JSON5 (single quotes, bare keys) is left to its own readers. */
function jsonError({ lineStarts }: DataFile, lines: readonly string[]): SyntaxFault | undefined {
  const text = lines.join("\n");
  if (text.trim() === "" || /'|^\s*[A-Za-z_$][\w$]*\s*:/m.test(text)) return undefined;
  const offset = jsonFault(text);
  if (offset === null) return undefined;
  // The lines have lost their carriage returns, the file has not.
  const before = text.slice(0, offset).split("\n");
  const start = lineStarts[before.length - 1] ?? 0;
  return { message: "the text is not valid JSON here", offset: start + before.at(-1)!.length };
}
