import { lineStartsOf } from "../text/positions.ts";
import type {
  ShellAssignment,
  ShellCommand,
  ShellJoin,
  ShellNesting,
  ShellRedirect,
  ShellScript,
} from "../types/shell.ts";
import { type Grammar, loadGrammar, type SyntaxNode } from "./grammar.ts";
import { assignmentOf, redirectOf, type ShellText, wordTypes } from "./shell-parts.ts";
import { parsePlainShell } from "./shell-plain.ts";
import { wordOf } from "./shell-word.ts";
import { Unprepared } from "./unprepared.ts";

let grammar: Grammar | null = null;

/** Loads the grammar; must have resolved before `parseShell` meets a script that is not plain. Rejects only when the installation lacks it. */
export async function prepareShell(): Promise<void> {
  grammar ??= await loadGrammar("bash");
}

/**
 * A shell script as a list of commands. Never throws for content; throws Unprepared where it needs the grammar and that is not loaded.
 * A workflow's `${{ }}` stands for text that is put in before the shell runs: it is read as one expansion of kind `expression`.
 * `toFile` and `lineStarts` serve a script that is part of a file (a `run:` block, a RUN instruction): it maps offsets of the text to offsets of the file.
 */
export function parseShell(
  text: string,
  toFile: (offset: number) => number = (offset) => offset,
  lineStarts: number[] = lineStartsOf(text),
): ShellScript {
  const plain = parsePlainShell(text, toFile, lineStarts);
  if (plain) return plain;
  return parseWithGrammar(text, toFile, lineStarts);
}

/** As `parseShell`, always by the grammar. */
export function parseWithGrammar(text: string, toFile: (offset: number) => number, lineStarts: number[]): ShellScript {
  if (!grammar) throw new Unprepared("prepareShell() has not resolved", prepareShell);
  // CRLF is no line end for a shell, but files on disk often have it by accident of the editor: the \r must not become part of a word.
  const clean = text
    .replace(/\\\r\n/g, " \\\n")
    .replace(/\r(?=\n)/g, " ")
    .replace(/^\uFEFF/, " ");
  const tree = grammar.parse(
    clean.replace(/\$\{\{[^\n]*?\}\}/g, (expression) => `\${${"_".repeat(expression.length - 3)}}`),
  );
  const script: ShellScript = { commands: [], functions: [], errors: [], lineStarts };
  if (tree.truncated) script.errors.push({ message: sentence(tree.truncated), offset: toFile(0) });
  else if (tree.hasError)
    script.errors.push({ message: "The script is not valid here.", offset: toFile(errorOffset(tree.root)) });
  const walk: Walk = { text: clean, toFile, script, pipelines: 0 };
  statements(
    tree.root,
    { join: ";", background: false, negated: false, pipeline: null, within: [], redirects: [], words: [] },
    walk,
  );
  return script;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function errorOffset(root: SyntaxNode): number {
  let found: number | null = null;
  const stack = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.missing || (node.type === "ERROR" && node !== root)) found = Math.min(found ?? node.start, node.start);
    stack.push(...node.children);
  }
  return found ?? root.start;
}

interface Walk extends ShellText {
  script: ShellScript;
  pipelines: number;
}

interface Place {
  join: ShellJoin;
  background: boolean;
  negated: boolean;
  /** Number of the pipeline that the statement is a part of, or null. */
  pipeline: number | null;
  within: ShellNesting[];
  /** Redirects of the statement around: they apply to the command. */
  redirects: ShellRedirect[];
  /** Words that the grammar hangs on those redirects. */
  words: SyntaxNode[];
}

/** The statements among a node's children, each with the `&` that may follow it. */
function statements(node: SyntaxNode, place: Place, walk: Walk): void {
  const list = node.children;
  for (const [index, child] of list.entries()) {
    if (!child.named || child.type === "comment") continue;
    const background = place.background || list[index + 1]?.type === "&";
    statement(child, { ...place, join: index === 0 ? place.join : ";", background }, walk);
  }
}

function inside(place: Place, kind: ShellNesting["kind"], node: SyntaxNode, walk: Walk, name?: string): Place {
  const nesting: ShellNesting = { kind, ...(name === undefined ? {} : { name }), start: walk.toFile(node.start) };
  return {
    ...place,
    join: ";",
    negated: false,
    pipeline: null,
    redirects: [],
    words: [],
    within: [...place.within, nesting],
  };
}

function statement(node: SyntaxNode, place: Place, walk: Walk): void {
  switch (node.type) {
    case "list":
      listOf(node, place, walk);
      return;
    case "pipeline":
      pipelineOf(node, place, walk);
      return;
    case "redirected_statement":
      redirected(node, place, walk);
      return;
    case "negated_command":
      for (const child of node.children) if (child.named) statement(child, { ...place, negated: true }, walk);
      return;
    case "command":
    case "declaration_command":
    case "unset_command":
    case "test_command":
    case "variable_assignment":
    case "variable_assignments":
      simple(node, place, walk);
      return;
    case "subshell":
      statements(node, inside(place, "subshell", node, walk), walk);
      return;
    case "compound_statement":
      statements(node, inside(place, "group", node, walk), walk);
      return;
    case "function_definition":
      functionOf(node, place, walk);
      return;
    case "if_statement":
    case "elif_clause":
    case "while_statement":
      conditional(node, place, walk);
      return;
    case "else_clause":
      statements(node, inside(place, "branch", node, walk), walk);
      return;
    case "for_statement":
    case "c_style_for_statement":
      for (const child of node.children) {
        if (child.type === "do_group" || child.type === "compound_statement")
          statements(child, inside(place, "loop", node, walk), walk);
        else substitutions(child, place, walk);
      }
      return;
    case "do_group":
      statements(node, inside(place, "loop", node, walk), walk);
      return;
    case "case_statement":
      for (const child of node.children) {
        if (child.type === "case_item") caseItem(child, inside(place, "case", child, walk), walk);
        else substitutions(child, place, walk);
      }
      return;
    case "heredoc_body":
    case "comment":
      return;
    default:
      // An ERROR node, or a statement kind of no interest: what stands inside is still listed.
      if (node.type === "ERROR" || node.children.length > 0) statements(node, place, walk);
  }
}

function listOf(node: SyntaxNode, place: Place, walk: Walk): void {
  let join = place.join;
  for (const child of node.children) {
    if (child.type === "&&" || child.type === "||") join = child.type;
    else if (child.named) {
      statement(child, { ...place, join }, walk);
      join = ";";
    }
  }
}

function pipelineOf(node: SyntaxNode, place: Place, walk: Walk): void {
  const pipeline = place.pipeline ?? walk.pipelines++;
  let join = place.join;
  for (const child of node.children) {
    if (child.type === "|" || child.type === "|&") join = child.type;
    else if (child.named) statement(child, { ...place, join, pipeline }, walk);
  }
}

/** `a > f`, and `a <<E | b`, where the grammar hangs what follows the here-document's operator below it. */
function redirected(node: SyntaxNode, place: Place, walk: Walk): void {
  const body = node.children.find((child) => child.field === "body");
  const redirects: ShellRedirect[] = [];
  const rest: SyntaxNode[] = [];
  const words = body ? lostWords(body, node, walk) : [];
  const take = (child: SyntaxNode): void => {
    if (!child.type.endsWith("_redirect")) return;
    redirects.push(redirectOf(child, walk));
    // `> f -x`: the grammar takes every following word as one more destination.
    words.push(...child.children.filter((part) => part.field === "destination").slice(1));
    words.push(...child.children.filter((part) => part.field === "argument"));
    if (child.type !== "heredoc_redirect") return;
    rest.push(child);
    child.children.forEach(take);
  };
  node.children.forEach(take);
  const piped = rest.some((child) => child.children.some((part) => part.type === "pipeline" || part.type === "|"));
  const pipeline = piped ? (place.pipeline ?? walk.pipelines++) : place.pipeline;
  const all = [...redirects, ...place.redirects];
  const trailing = [...words, ...place.words];
  if (body) {
    const compound = ![
      "command",
      "declaration_command",
      "test_command",
      "variable_assignment",
      "pipeline",
      "list",
    ].includes(body.type);
    statement(body, { ...place, pipeline, redirects: all, words: trailing }, walk);
    if (compound) nothing(body, { ...place, pipeline, redirects: all, words: trailing }, walk);
  } else nothing(node, { ...place, pipeline, redirects: all, words: trailing }, walk);
  for (const child of rest) {
    let join: ShellJoin = ";";
    for (const part of child.children) {
      if (part.type === "&&" || part.type === "||" || part.type === "|" || part.type === "|&") join = part.type;
      else if (part.type === "pipeline") {
        let piece: ShellJoin = "|";
        for (const sub of part.children) {
          if (sub.type === "|" || sub.type === "|&") piece = sub.type;
          else if (sub.named) statement(sub, { ...place, join: piece, pipeline }, walk);
        }
      } else if (part.named && (part.type === "command" || part.type === "list" || part.type.endsWith("_statement")))
        statement(part, { ...place, join, pipeline: join.startsWith("|") ? pipeline : null }, walk);
    }
  }
}

/** The grammar drops a `-` before a redirect (`python3 - <<E`): words between the command and what follows it. */
function lostWords(body: SyntaxNode, node: SyntaxNode, walk: Walk): SyntaxNode[] {
  const next = node.children[node.children.indexOf(body) + 1];
  const gap = next ? walk.text.slice(body.end, next.start) : "";
  const found: SyntaxNode[] = [];
  for (const match of gap.matchAll(/[^\s\\]+/g)) {
    const start = body.end + match.index;
    found.push({
      type: "word",
      field: null,
      named: true,
      missing: false,
      start,
      end: start + match[0].length,
      children: [],
    });
  }
  return found;
}

/** A command without words that carries the redirects of a group, loop or bare `> file`. */
function nothing(node: SyntaxNode, place: Place, walk: Walk): void {
  if (place.redirects.length === 0) return;
  push([], [], place.redirects, node, place, walk, null);
}

function functionOf(node: SyntaxNode, place: Place, walk: Walk): void {
  const name = node.children.find((child) => child.field === "name");
  const text = name ? walk.text.slice(name.start, name.end) : "";
  walk.script.functions.push({ name: text, start: walk.toFile(node.start), end: walk.toFile(node.end) });
  const within = inside(place, "function", node, walk, text);
  for (const child of node.children) if (child.field === "body") statements(child, within, walk);
}

function conditional(node: SyntaxNode, place: Place, walk: Walk): void {
  let seen = false;
  for (const [index, child] of node.children.entries()) {
    if (!seen && (child.type === "then" || child.type === "do_group")) seen = true;
    if (!child.named || child.type === "comment") continue;
    const background = node.children[index + 1]?.type === "&";
    if (child.type === "do_group") statements(child, inside(place, "loop", node, walk), walk);
    else if (child.type === "elif_clause" || child.type === "else_clause") statement(child, place, walk);
    else
      statement(
        child,
        { ...inside(place, seen ? "branch" : "condition", node, walk), background: place.background || background },
        walk,
      );
  }
}

function caseItem(node: SyntaxNode, place: Place, walk: Walk): void {
  let open = false;
  for (const [index, child] of node.children.entries()) {
    if (child.type === ")") open = true;
    else if (open && child.named)
      statement(child, { ...place, background: place.background || node.children[index + 1]?.type === "&" }, walk);
  }
}

/** Commands of the substitutions anywhere below a node. */
function substitutions(node: SyntaxNode, place: Place, walk: Walk): void {
  if (node.type === "command_substitution" || node.type === "process_substitution")
    statements(node, { ...inside(place, "substitution", node, walk), background: false }, walk);
  else for (const child of node.children) substitutions(child, place, walk);
}

function simple(node: SyntaxNode, place: Place, walk: Walk): void {
  const words: SyntaxNode[] = [];
  const assignments: ShellAssignment[] = [];
  const redirects: ShellRedirect[] = [];
  const head = node.children[0];
  // `export`, `declare`, `unset`, `[` are literals of the grammar.
  if (head && (node.type === "declaration_command" || node.type === "unset_command" || node.type === "test_command"))
    words.push(head);
  const visit = (child: SyntaxNode): void => {
    if (child.type === "variable_assignment") assignments.push(assignmentOf(child, walk));
    else if (child.type.endsWith("_redirect")) redirects.push(redirectOf(child, walk));
    else if (node.type === "test_command") {
      if (child !== head && child.children.length === 0) words.push(child);
      else if (wordTypes.has(child.type)) words.push(child);
      else if (child !== head) child.children.forEach(visit);
    } else if (child.type === "command_name" && child.children.length === 1) words.push(child.children[0] ?? child);
    else if (wordTypes.has(child.type)) {
      words.push(child);
      if (child.type === "variable_name" && node.type === "declaration_command")
        assignments.push({
          name: walk.text.slice(child.start, child.end),
          value: null,
          append: false,
          start: walk.toFile(child.start),
          end: walk.toFile(child.end),
        });
    } else if (child.named && child.type !== "comment") words.push(child);
  };
  if (node.type === "variable_assignment") visit(node);
  else node.children.forEach(visit);
  push([...words, ...place.words], assignments, [...redirects, ...place.redirects], node, place, walk, node);
}

function push(
  nodes: SyntaxNode[],
  assignments: ShellAssignment[],
  redirects: ShellRedirect[],
  at: SyntaxNode,
  place: Place,
  walk: Walk,
  holder: SyntaxNode | null,
): void {
  const words = nodes.map((node) => wordOf(node, walk.text, walk.toFile));
  const first = words[0];
  const command: ShellCommand = {
    name: first && first.expansions.length === 0 ? first.text : null,
    words,
    assignments,
    redirects,
    join: place.join,
    background: place.background,
    negated: place.negated,
    pipeline: place.pipeline ?? walk.pipelines++,
    within: place.within,
    start: walk.toFile(at.start),
    end: walk.toFile(at.end),
  };
  walk.script.commands.push(command);
  for (const child of holder?.children ?? []) substitutions(child, place, walk);
}
