import type { ShellAssignment, ShellRedirect } from "../types/shell.ts";
import type { SyntaxNode } from "./grammar.ts";
import { expansionsIn, wordOf } from "./shell-word.ts";

/** A script's text, and how its offsets become offsets of the file that holds it. */
export interface ShellText {
  text: string;
  toFile: (offset: number) => number;
}

/** Node types that are words of a command. */
export const wordTypes = new Set([
  "word",
  "number",
  "string",
  "raw_string",
  "ansi_c_string",
  "translated_string",
  "concatenation",
  "simple_expansion",
  "expansion",
  "command_substitution",
  "process_substitution",
  "arithmetic_expansion",
  "brace_expression",
  "command_name",
  "variable_name",
  "string_content",
]);

/** `NAME=value`, `NAME+=value`, `NAME[1]=value`; an array has no single value. */
export function assignmentOf(node: SyntaxNode, walk: ShellText): ShellAssignment {
  const name = node.children.find((child) => child.field === "name");
  const value = node.children.find((child) => child.field === "value");
  const append = node.children.some((child) => child.type === "+=");
  const known = value && wordTypes.has(value.type);
  const text = name ? walk.text.slice(name.start, name.end).replace(/\[.*$/s, "") : "";
  const at = node.end;
  const empty = { text: "", quotes: "none" as const, expansions: [], start: walk.toFile(at), end: walk.toFile(at) };
  return {
    name: text,
    value: known ? wordOf(value, walk.text, walk.toFile) : value ? null : empty,
    append,
    start: walk.toFile(node.start),
    end: walk.toFile(node.end),
  };
}

/** A redirect, with the lines of a here-document. */
export function redirectOf(node: SyntaxNode, walk: ShellText): ShellRedirect {
  const { text, toFile } = walk;
  const descriptor = node.children.find((child) => child.field === "descriptor");
  const operator = node.children.find((child) => !child.named);
  const range = { start: toFile(node.start), end: toFile(node.end) };
  const common = {
    operator: operator ? text.slice(operator.start, operator.end) : "",
    descriptor: descriptor ? text.slice(descriptor.start, descriptor.end) : null,
    ...range,
  };
  if (node.type !== "heredoc_redirect") {
    const target = node.children.find((child) => wordTypes.has(child.type) && child !== descriptor);
    return { ...common, target: target ? wordOf(target, text, toFile) : null, heredoc: null };
  }
  const opening = node.children.find((child) => child.type === "heredoc_start");
  const body = node.children.find((child) => child.type === "heredoc_body");
  const tag = opening ? text.slice(opening.start, opening.end) : "";
  // The grammar starts the text at the first character that is no white space.
  const lineStart = body ? text.lastIndexOf("\n", body.start - 1) + 1 : node.end;
  const start = body && text.slice(lineStart, body.start).trim() === "" ? lineStart : (body?.start ?? node.end);
  const end = body?.end ?? node.end;
  return {
    ...common,
    end: toFile(opening?.end ?? node.end),
    target: null,
    heredoc: {
      tag: tag.replace(/["'\\]/g, ""),
      quoted: /["'\\]/.test(tag),
      text: text.slice(start, end),
      expansions: body ? expansionsIn(body, text, toFile) : [],
      start: toFile(start),
      end: toFile(end),
    },
  };
}
