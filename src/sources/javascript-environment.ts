import { lineStartsOf } from "../text/positions.ts";
import type { EnvironmentReads } from "../types/environment-read.ts";
import { collect } from "./javascript-environment/collect.ts";
import type { JavascriptReader } from "./javascript-environment/syntax.ts";
import { visit } from "./javascript-environment/visit.ts";
import { schemaReads } from "./javascript-schemas.ts";
import { ts } from "./typescript.ts";

/** Longer text is bundled output, not source. */
const MAXIMUM_LENGTH = 1_000_000;

/** How a JavaScript or TypeScript file reads its environment. Never throws for text. */
export function readJavascriptEnvironment(text: string): EnvironmentReads {
  const result: EnvironmentReads = {
    reads: [],
    provided: [],
    accessors: [],
    calls: [],
    lineStarts: lineStartsOf(text),
  };
  if (text.length > MAXIMUM_LENGTH) return result;
  const file = parse(text);
  const reader: JavascriptReader = {
    file,
    text,
    result,
    environments: new Set(),
    bound: new Map(),
    lists: new Map(),
    values: new Map(),
    taken: new Map(),
    settings: new Map(),
    asserting: new Set(),
  };
  if (/['"]dotenv-safe(?:\/config)?['"]/.test(text) && !/allowEmptyValues/.test(text)) result.exampleRequired = true;
  try {
    collect(file, reader, 0);
    visit(file, new Set(), reader, 0);
    schemaReads(reader);
  } catch (error) {
    // Only nesting deeper than the stack ends here; what was read so far stands.
    if (!(error instanceof RangeError)) throw error;
  }
  return result;
}

function parse(text: string): ts.SourceFile {
  const read = (kind: ts.ScriptKind) =>
    ts.createSourceFile(
      "file.tsx",
      text,
      { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone },
      true,
      kind,
    );
  const errors = (file: ts.SourceFile) =>
    (file as unknown as { parseDiagnostics?: readonly unknown[] }).parseDiagnostics?.length ?? 0;
  const first = read(ts.ScriptKind.TSX);
  if (errors(first) === 0) return first;
  const second = read(ts.ScriptKind.TS);
  return errors(second) < errors(first) ? second : first;
}
