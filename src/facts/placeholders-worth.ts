import { linesToRead, mayBePlaceholder } from "../sources/placeholder-scan.ts";
import { placeholderTokens } from "../sources/placeholder-tokens.ts";
import { lineValues } from "../sources/placeholder-values.ts";
import type { PlaceholderDocument, PlaceholderFile, PlaceholderShape } from "../types/placeholders.ts";

/** A file without anything to look at. */
export const nothing: PlaceholderFile = { documents: [], hits: [], names: [], unparsed: null };

/** What a look at the lines of a text finds: nothing, `{{ x }}` at most, references of any kind at most, or more. */
export type Worth = "no" | "braces" | "references" | "yes";

const references: ReadonlySet<PlaceholderShape> = new Set(["mustache", "dollar", "dollar-paren", "dollar-brace"]);

/** A Secret's base64, Flux's substitutions and who renders the file are on no line of their own, and certificates reach over lines. */
const hidden = /kind["']?:[ \t]*["']?(?:Secret|List)\b|postBuild|avp\.kubernetes|-----BEGIN/;
/** A text of longer lines is no list of settings that a look at the lines could judge. */
const longLine = 2_000;

/**
 * Whether YAML or JSON holds a placeholder, and more than references. Reading the lines costs a tenth of parsing, and most files hold none.
 */
export function worthOfData(text: string): Worth {
  if (hidden.test(text) || !hasShortLines(text)) return "yes";
  let worth: Worth = "no";
  for (const value of valuesOf(text)) {
    for (const token of placeholderTokens(value)) {
      if (!references.has(token.shape) || token.fallback?.word) return "yes";
      if (token.shape === "mustache") worth = worth === "no" ? "braces" : worth;
      else if (token.shape !== "dollar" || /^\$_?[A-Z]/.test(token.text)) worth = "references";
    }
  }
  return worth;
}

/** The values of the lines, and those inside a list or map that is written in one line: `env: [{ name: A, value: TBD }]`. */
function* valuesOf(text: string): Generator<string> {
  for (const { text: line } of lineValues(text)) {
    yield line;
    if (/(?:^|[\s,[])[[{][^[\]{}]*[:,]/.test(line))
      for (const piece of line.split(/[[\]{},]+/)) for (const value of lineValues(piece)) yield value.text;
  }
}

const worded: ReadonlySet<PlaceholderShape> = new Set(["word", "masked", "angle", "bracket"]);

/**
 * Whether some line of a workflow, outside of its scripts, holds a word or an account's number: where references are right, nothing else is
 * worth a parse.
 */
export function holdsWord(text: string): boolean {
  if (!hasShortLines(text)) return true;
  for (const value of valuesOf(withoutScripts(text)))
    if (placeholderTokens(value).some(({ shape, text: token }) => worded.has(shape) || /^\d{12}$/.test(token)))
      return true;
  return false;
}

/** The text without the lines of every `run: |`. */
function withoutScripts(text: string): string {
  const kept: string[] = [];
  let script = -1;
  for (const line of text.split("\n")) {
    const indent = line.search(/\S/);
    if (script !== -1 && (indent === -1 || indent > script)) continue;
    script = -1;
    kept.push(line);
    const opens = /^([ \t]*(?:-[ \t]+)?)(?:run|script):[ \t]*[|>]/.exec(line);
    if (opens) script = (opens[1] ?? "").length;
  }
  return kept.join("\n");
}

/** An attribute that is a text in one line: no placeholder in it counts. */
const forPeople = /^\s*(?:description|error_message)\s*=\s*"(?:[^"\\]|\\.)*"\s*$/;

/** Whether some string of a Terraform file, in which references are right, holds any other placeholder. */
export function holdsLiteral(text: string): boolean {
  if (text.includes("-----BEGIN")) return true;
  for (const at of linesToRead(text)) {
    const end = text.indexOf("\n", at);
    const line = text.slice(at, end === -1 ? text.length : end);
    if (line.length > longLine) return true;
    if (/^\s*(?:#|\/\/)/.test(line) || forPeople.test(line)) continue;
    for (const piece of piecesOf(line)) {
      if (!mayBePlaceholder(piece)) continue;
      if (placeholderTokens(piece).some(({ shape }) => !references.has(shape))) return true;
    }
  }
  return false;
}

/** The strings of a line, and the line as one of a here-document. */
function* piecesOf(line: string): Generator<string> {
  for (const match of line.matchAll(/"((?:[^"\\]|\\.)*)"/g)) if (match[1]) yield match[1];
  for (const value of lineValues(line)) yield value.text;
}

/** Whether there are several lines, of no more than `longLine` characters on average. */
function hasShortLines(text: string): boolean {
  let at = text.indexOf("\n");
  if (at === -1) return false;
  for (let lines = 2; lines * longLine < text.length; lines++) {
    at = text.indexOf("\n", at + 1);
    if (at === -1) return false;
  }
  return true;
}

/** A document that is parsed, or one of which nothing but what it is matters. */
export interface DocumentPart {
  text: string;
  /** Offset of `text` in the file. */
  start: number;
  skip: PlaceholderDocument | null;
}

/** Shorter streams are parsed as one, which other readers of the file then share. */
const splitFrom = 10_000;

/**
 * The documents of a YAML stream by themselves, those in which nothing can be a finding to be skipped: most manifests of a stream hold no
 * placeholder, and a CustomResourceDefinition is the largest of all. Anchors do not reach over documents.
 */
export function partsOf(text: string): DocumentPart[] {
  const parts: DocumentPart[] = [];
  const breaks = [0, ...[...text.matchAll(/^---[ \t]*\r?\n/gm)].map((match) => match.index), text.length];
  for (const [index, start] of breaks.entries()) {
    const end = breaks[index + 1];
    if (end === undefined || end === start) continue;
    const part = text.slice(start, end);
    if (breaks.length > 3 && part.replace(/^---.*/, "").trim() === "") continue;
    parts.push({ text: part, start, skip: isIdle(part) ? outlineOf(part) : null });
  }
  const short = text.length < splitFrom && parts.some((part) => part.skip === null);
  return short ? [{ text, start: 0, skip: null }] : parts;
}

function isIdle(part: string): boolean {
  const kind = kindOf(part);
  if (kind === "CustomResourceDefinition") return true;
  const worth = worthOfData(part);
  // `{{ $labels.x }}` of an alert.
  return worth === "no" || (worth === "braces" && kind === "PrometheusRule");
}

function kindOf(part: string): string | null {
  return /^kind:[ \t]*["']?([A-Za-z]+)/m.exec(part)?.[1] ?? null;
}

/** What a document is, by its first characters of each line. */
export function outlineOf(part: string): PlaceholderDocument {
  const apiVersion = /^apiVersion:[ \t]*["']?([\w./-]+)/m.exec(part)?.[1] ?? null;
  const keys = [...part.matchAll(/^["']?([\w$.-]{1,60})["']?[ \t]*:/gm)].map((match) => match[1] ?? "");
  const applies = [...part.matchAll(/^[ \t]+(?:-[ \t]+)?path:[ \t]*["']?([\w./-]+)/gm)].map((match) => match[1] ?? "");
  const kind = kindOf(part);
  return {
    kind,
    apiVersion,
    keys: keys.slice(0, 60),
    marks: [],
    renders: null,
    applies: kind === "Application" ? applies.slice(0, 20) : [],
  };
}
