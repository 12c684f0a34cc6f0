import type { ShellExpansion, ShellWord } from "../types/shell.ts";
import type { SyntaxNode } from "./grammar.ts";

const kinds: Record<string, ShellExpansion["kind"]> = {
  simple_expansion: "variable",
  expansion: "variable",
  command_substitution: "command",
  process_substitution: "process",
  arithmetic_expansion: "arithmetic",
};

/** A word of the tree with its quotes taken off. `toFile` maps offsets of the script to offsets of the file. */
export function wordOf(node: SyntaxNode, text: string, toFile: (offset: number) => number): ShellWord {
  return {
    text: unquoted(node, text),
    quotes: quotesOf(node),
    expansions: expansionsIn(node, text, toFile),
    start: toFile(node.start),
    end: toFile(node.end),
  };
}

/** Expansions below a node in text order; those inside a default (`${A:-$B}`) too, those inside a command substitution not (its commands are listed). */
export function expansionsIn(node: SyntaxNode, text: string, toFile: (offset: number) => number): ShellExpansion[] {
  const found: ShellExpansion[] = [];
  const visit = (at: SyntaxNode): void => {
    const kind = kinds[at.type];
    if (kind) found.push(expansionOf(at, kind, text, toFile));
    if (kind !== "command" && kind !== "process") at.children.forEach(visit);
  };
  visit(node);
  return found;
}

const parts =
  /^\$\{([!#]?)([A-Za-z_]\w*|\d+|[@*#?$!-])(?:\[[^\]]*\])?(:?[-+=?]|##?|%%?|\/\/?|\^\^?|,,?|@|:)?([\s\S]*)\}$/;

function expansionOf(
  node: SyntaxNode,
  kind: ShellExpansion["kind"],
  text: string,
  toFile: (offset: number) => number,
): ShellExpansion {
  const range = { start: toFile(node.start), end: toFile(node.end) };
  const written = text.slice(node.start, node.end);
  if (written.startsWith("${{"))
    return { kind: "expression", name: null, operator: null, argument: written.slice(3, -2).trim(), ...range };
  if (kind !== "variable") return { kind, name: null, operator: null, argument: null, ...range };
  if (!written.startsWith("${")) return { kind, name: written.slice(1), operator: null, argument: null, ...range };
  const match = parts.exec(written);
  if (!match) {
    const name = node.children.find((child) => child.type === "variable_name");
    return { kind, name: name ? text.slice(name.start, name.end) : null, operator: null, argument: null, ...range };
  }
  const operator = match[3] ?? null;
  return { kind, name: match[2] ?? null, operator, argument: operator ? (match[4] ?? "") : null, ...range };
}

function quotesOf(node: SyntaxNode): ShellWord["quotes"] {
  if (node.type === "string" || node.type === "translated_string") return "double";
  if (node.type === "raw_string" || node.type === "ansi_c_string") return "single";
  if (node.type !== "concatenation") return "none";
  return node.children.some((child) => quotesOf(child) !== "none") ? "mixed" : "none";
}

function unquoted(node: SyntaxNode, text: string): string {
  const written = text.slice(node.start, node.end);
  switch (node.type) {
    case "raw_string":
      return written.slice(1, written.length > 1 && written.endsWith("'") ? -1 : undefined);
    case "ansi_c_string":
      return ansi(written.slice(2, written.endsWith("'") ? -1 : undefined));
    case "string":
      return pieces(
        node,
        text,
        node.start + 1,
        node.end - (written.length > 1 && written.endsWith('"') ? 1 : 0),
        (part) => part.replace(/\\(?:\n|([$`"\\]))/g, "$1"),
      );
    case "translated_string":
      return node.children.map((child) => (child.type === "string" ? unquoted(child, text) : "")).join("");
    case "concatenation":
    case "command_name":
      return pieces(node, text, node.start, node.end, plainText);
    default:
      return kinds[node.type] ? written : plainText(written);
  }
}

/** The text between two offsets, nested words unquoted, expansions as written, the rest through `rest`. */
function pieces(node: SyntaxNode, text: string, start: number, end: number, rest: (part: string) => string): string {
  let result = "";
  let at = start;
  for (const child of node.children) {
    if (!child.named || child.start < at || child.type === "string_content" || child.end > end) continue;
    result += rest(text.slice(at, child.start));
    result += unquoted(child, text);
    at = child.end;
  }
  return result + rest(text.slice(at, Math.max(at, end)));
}

function plainText(written: string): string {
  return written.replace(/\\(\n|[\s\S])/g, (_, unit: string) => (unit === "\n" ? "" : unit));
}

const ansiEscapes: Record<string, string> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  v: "\v",
};

function ansi(written: string): string {
  return written.replace(/\\(x[\da-fA-F]{1,2}|[0-7]{1,3}|[\s\S])/g, (_, code: string) => {
    if (/^x[\da-fA-F]/.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff);
    return ansiEscapes[code] ?? code;
  });
}
