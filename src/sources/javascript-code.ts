import { lineStartsOf } from "../text/positions.ts";
import type { CodeFile } from "../types/code.ts";
import { Reader } from "./javascript-reader.ts";
import { ts } from "./typescript.ts";

/** Longer text is bundled output, not source; nothing is read from it. */
const maximumLength = 2_000_000;

/**
 * Parses JavaScript or TypeScript, JSX or not, into the common syntax. Never throws for text.
 * The text alone decides between TSX and TS: the reading with fewer syntax errors wins, the likelier one among equals.
 */
export function parseJavascriptCode(text: string): CodeFile {
  const lineStarts = lineStartsOf(text);
  const nothing: CodeFile = { language: "javascript", lineStarts, body: [], broken: true };
  if (text.length > maximumLength) return nothing;
  try {
    return read(text, lineStarts);
  } catch (error) {
    // The compiler's parser recurses without a limit of its own.
    if (error instanceof RangeError) return nothing;
    throw error;
  }
}

function read(text: string, lineStarts: number[]): CodeFile {
  // Text without a closing tag holds no JSX; `<T>(x) =>` and `<T>x` would be taken for it.
  const [first, second] = /<\/|\/>/.test(text)
    ? [ts.ScriptKind.TSX, ts.ScriptKind.TS]
    : [ts.ScriptKind.TS, ts.ScriptKind.TSX];
  let file = parse(text, first);
  let errors = errorsOf(file);
  if (errors > 0) {
    const other = parse(text, second);
    const otherErrors = errorsOf(other);
    if (otherErrors < errors) {
      file = other;
      errors = otherErrors;
    }
  }
  const reader = new Reader(file);
  const body = reader.statements(file.statements);
  const esm = file.statements.some(
    (one) =>
      ts.isImportDeclaration(one) ||
      ts.isExportDeclaration(one) ||
      ts.isExportAssignment(one) ||
      (ts.canHaveModifiers(one) && ts.getModifiers(one)?.some((each) => each.kind === ts.SyntaxKind.ExportKeyword)),
  );
  return {
    language: "javascript",
    lineStarts,
    body,
    ...(esm ? { esm } : {}),
    ...(errors > 0 || reader.truncated ? { broken: true } : {}),
  };
}

const parse = (text: string, kind: ts.ScriptKind): ts.SourceFile =>
  ts.createSourceFile(
    "file.tsx",
    text,
    { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone },
    false,
    kind,
  );

const errorsOf = (file: ts.SourceFile): number =>
  (file as unknown as { parseDiagnostics?: readonly unknown[] }).parseDiagnostics?.length ?? 0;
