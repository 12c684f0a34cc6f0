import { lineStartsOf } from "../text/positions.ts";
import type {
  HclAttribute,
  HclBlock,
  HclBody,
  HclEntry,
  HclFile,
  HclReference,
  HclString,
  HclValue,
} from "../types/hcl.ts";
import { type Grammar, loadGrammar, type SyntaxNode } from "./grammar.ts";

let grammar: Grammar | null = null;

/** Loads the grammar; must have resolved before `parseHcl`. Rejects only when the installation lacks it. */
export async function prepareHcl(): Promise<void> {
  grammar ??= await loadGrammar("hcl");
}

/** HCL native syntax as blocks and attributes. Never throws for content; what stands before and after an error is still listed. */
export function parseHcl(text: string): HclFile {
  if (!grammar) throw new Error("prepareHcl() has not resolved");
  const clean = text.replace(/\r(?=\n)/g, " ").replace(/^\uFEFF/, " ");
  const tree = grammar.parse(clean);
  const file: HclFile = { attributes: [], blocks: [], comments: [], errors: [], lineStarts: lineStartsOf(text) };
  if (tree.truncated) {
    const message = `${tree.truncated.charAt(0).toUpperCase()}${tree.truncated.slice(1)}.`;
    file.errors.push({ message, offset: 0 });
  }
  each(tree.root, (node) => {
    if (node.type === "comment") file.comments.push({ start: node.start, end: node.end });
    else if (tree.truncated === null && (node.missing || node.type === "ERROR") && file.errors.length < 20)
      file.errors.push({ message: "The text is not valid HCL here.", offset: node.start });
  });
  fill(file, tree.root, clean);
  return file;
}

function each(root: SyntaxNode, visit: (node: SyntaxNode) => void): void {
  visit(root);
  for (const child of root.children) each(child, visit);
}

/** Attributes and blocks of a body; a body or error node inside is looked through. */
function fill(body: HclBody, node: SyntaxNode, text: string): void {
  for (const child of node.children) {
    if (child.type === "attribute") {
      const attribute = attributeOf(child, text);
      if (attribute) body.attributes.push(attribute);
    } else if (child.type === "block") body.blocks.push(blockOf(child, text));
    else if (child.type === "body" || child.type === "ERROR") fill(body, child, text);
    else if (child.type === "object" || child.type === "one_line_block") fill(body, child, text);
  }
}

function blockOf(node: SyntaxNode, text: string): HclBlock {
  const block: HclBlock = { type: "", labels: [], attributes: [], blocks: [], start: node.start, end: node.end };
  for (const [index, child] of node.children.entries()) {
    if (child.type === "identifier" && index === 0) block.type = text.slice(child.start, child.end);
    else if (child.type === "identifier")
      block.labels.push({ text: text.slice(child.start, child.end), start: child.start, end: child.end });
    else if (child.type === "string_lit") block.labels.push(stringOf(child, text));
  }
  block.labels = block.labels.map(({ text: label, start, end }) => ({ text: label, start, end }));
  fill(block, node, text);
  return block;
}

function attributeOf(node: SyntaxNode, text: string): HclAttribute | null {
  const name = node.children.find((child) => child.type === "identifier");
  const expression = node.children.findLast((child) => child.type === "expression");
  if (!name || !expression) return null;
  const attribute: HclAttribute = {
    name: text.slice(name.start, name.end),
    start: name.start,
    end: name.end,
    value: toValue(expression, text),
    strings: [],
    references: [],
    calls: [],
  };
  collect(expression, attribute, text);
  return attribute;
}

const stringTypes = new Set(["string_lit", "quoted_template", "heredoc_template"]);

function collect(node: SyntaxNode, into: HclAttribute, text: string): void {
  if (stringTypes.has(node.type)) into.strings.push(stringOf(node, text));
  if (node.type === "function_call") into.calls.push({ name: calleeOf(node, text), start: node.start, end: node.end });
  const children = node.children.filter((child) => child.field !== "key");
  for (const [index, child] of children.entries()) {
    if (child.type === "variable_expr") into.references.push(referenceOf(children, index, text));
    collect(child, into, text);
  }
}

/** A name and the `.x` and `[…]` that follow it among its siblings. */
function referenceOf(siblings: readonly SyntaxNode[], first: number, text: string): HclReference {
  const head = siblings[first];
  const path: (string | null)[] = head ? [text.slice(head.start, head.end)] : [];
  let end = head?.end ?? 0;
  for (let at = first + 1; at < siblings.length; at++) {
    const part = siblings[at];
    if (part?.type === "get_attr") path.push(text.slice(part.start, part.end).replace(/^\.\s*/, ""));
    else if (part?.type === "index") {
      const key = text.slice(part.start, part.end).replace(/^(?:\[\s*|\.)|\s*\]$/g, "");
      path.push(/^(?:\d+|"[^"$%\\]*")$/.test(key) ? key.replace(/"/g, "") : null);
    } else if (part?.type === "splat") path.push(null);
    else break;
    end = part.end;
  }
  return { path, start: head?.start ?? 0, end };
}

function calleeOf(node: SyntaxNode, text: string): string {
  const open = node.children.find((child) => child.type === "(" || child.type === "function_arguments");
  return text
    .slice(node.start, open?.start ?? node.end)
    .replace(/\($/, "")
    .trim();
}

function toValue(node: SyntaxNode, text: string): HclValue {
  const range = { start: node.start, end: node.end };
  const parts = node.children.filter((child) => child.type !== "comment");
  const [only] = parts;
  if (!only) return { ...range, kind: "expression", text: text.slice(node.start, node.end) };
  if (only.type === "variable_expr") {
    const reference = referenceOf(parts, 0, text);
    if (reference.end === node.end) return { ...range, kind: "reference", reference };
  }
  if (parts.length > 1) return { ...range, kind: "expression", text: text.slice(node.start, node.end) };
  switch (only.type) {
    case "expression":
    case "literal_value":
    case "template_expr":
    case "collection_value":
      return toValue(only.type === "expression" ? only : { ...only, children: only.children }, text);
    case "string_lit":
    case "quoted_template":
    case "heredoc_template":
      return { ...range, kind: "string", string: stringOf(only, text) };
    case "numeric_lit":
      return { ...range, kind: "number", text: text.slice(only.start, only.end) };
    case "bool_lit":
      return { ...range, kind: "bool", text: text.slice(only.start, only.end) };
    case "null_lit":
      return { ...range, kind: "null", text: "null" };
    case "tuple":
      return {
        ...range,
        kind: "list",
        items: only.children.filter((child) => child.type === "expression").map((child) => toValue(child, text)),
      };
    case "object":
      return {
        ...range,
        kind: "object",
        entries: only.children.filter((child) => child.type === "object_elem").map((child) => entryOf(child, text)),
      };
    case "function_call":
      return { ...range, kind: "call", name: calleeOf(only, text), arguments: argumentsOf(only, text) };
    default:
      return { ...range, kind: "expression", text: text.slice(node.start, node.end) };
  }
}

function argumentsOf(node: SyntaxNode, text: string): HclValue[] {
  const list = node.children.find((child) => child.type === "function_arguments");
  return (list?.children ?? []).filter((child) => child.type === "expression").map((child) => toValue(child, text));
}

function entryOf(node: SyntaxNode, text: string): HclEntry {
  const key = node.children.find((child) => child.field === "key") ?? node;
  const value = node.children.find((child) => child.field === "val") ?? node.children.at(-1) ?? node;
  const parsed = toValue(key, text);
  let name: string | null = null;
  if (parsed.kind === "string" && !parsed.string.template) name = parsed.string.text;
  else if (parsed.kind === "reference" && parsed.reference.path.length === 1) name = parsed.reference.path[0] ?? null;
  else if (parsed.kind === "number" || parsed.kind === "bool") name = parsed.text;
  return {
    key: name,
    start: key.start,
    end: key.end,
    value: value === node ? { kind: "null", text: "", start: node.end, end: node.end } : toValue(value, text),
  };
}

function stringOf(node: SyntaxNode, text: string): HclString {
  const heredoc = node.type === "heredoc_template";
  const template = node.children.some(
    (child) => child.type === "template_interpolation" || child.type === "template_directive",
  );
  if (heredoc) {
    const names = node.children.filter((child) => child.type === "heredoc_identifier");
    const first = text.indexOf("\n", names[0]?.end ?? node.start);
    const last = names.length > 1 ? text.lastIndexOf("\n", names.at(-1)?.start ?? node.end) : node.end;
    const start = Math.min(node.end, first === -1 ? node.end : first + 1);
    const end = Math.max(start, Math.min(node.end, last));
    return { text: text.slice(start, end), template, heredoc, start, end };
  }
  const written = text.slice(node.start, node.end);
  const start = Math.min(node.end, node.start + 1);
  const end = Math.max(start, node.end - (written.length > 1 && written.endsWith('"') ? 1 : 0));
  return { text: unescaped(text.slice(start, end)), template, heredoc, start, end };
}

const escapes: Record<string, string> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

function unescaped(written: string): string {
  return written.replace(
    /\\(?:u([\da-fA-F]{4})|([\s\S]))/g,
    (whole, code: string | undefined, unit: string | undefined) =>
      code ? String.fromCharCode(Number.parseInt(code, 16)) : (escapes[unit ?? ""] ?? whole),
  );
}
