import { type Grammar, loadGrammar, type SyntaxNode } from "../sources/grammar.ts";
import { lineStartsOf } from "../sources/positions.ts";
import type { Extractor } from "../types/facts.ts";
import type { ScriptCommand } from "../types/start-files.ts";

let grammar: Grammar | null = null;

/** A shell script as the commands that it may run, in text order. */
export const shellScriptExtractor: Extractor<"shell-script"> = {
  kind: "shell-script",
  version: 1,
  async prepare() {
    grammar = await loadGrammar("bash");
  },
  extract(source) {
    const text = source.text();
    const first = /^\uFEFF?#![ \t]*(\S+)(?:[ \t]+(?:-\S+[ \t]+)*(\S+))?/.exec(text);
    const program = first?.[1]?.endsWith("/env") ? first[2] : first?.[1];
    const interpreter = program ? program.slice(program.lastIndexOf("/") + 1) : null;
    const tree = grammar?.parse(text);
    return {
      interpreter,
      commands: tree && tree.truncated === null ? commandsOf(tree.root, text) : null,
      lineStarts: lineStartsOf(text),
    };
  },
};

const branches = new Set([
  "if_statement",
  "while_statement",
  "for_statement",
  "c_style_for_statement",
  "case_statement",
  "function_definition",
]);
const leaves = new Set([
  "command",
  "declaration_command",
  "unset_command",
  "test_command",
  "variable_assignment",
  "variable_assignments",
]);
const operators = new Set(["&&", "||", ";", "|", "&", "|&", ";;"]);
const headers: Record<string, ReadonlySet<string>> = {
  for_statement: new Set(["value", "variable"]),
  case_statement: new Set(["value"]),
};

function commandsOf(root: SyntaxNode, text: string): ScriptCommand[] {
  const commands: ScriptCommand[] = [];
  const visit = (node: SyntaxNode, conditional: boolean): void => {
    if (leaves.has(node.type)) {
      commands.push({ text: text.slice(node.start, node.end), start: node.start, join: null, conditional });
      return;
    }
    const inside = conditional || branches.has(node.type);
    let tested = inside;
    for (const child of node.children) {
      if (operators.has(child.type)) {
        const last = commands.at(-1);
        const join = child.type === "|&" ? "|" : child.type === ";;" ? ";" : child.type;
        if (last && last.join === null) last.join = join as ScriptCommand["join"];
        const joined = join === "&&" || join === "||";
        if (joined && last && /^\s*(?:\[|test\s)/.test(last.text)) tested = true;
        else if (!joined) tested = inside;
        continue;
      }
      if (!child.named || (child.field !== null && headers[node.type]?.has(child.field))) continue;
      if (node.type === "redirected_statement" && child.field === "redirect") continue;
      // The first condition of an `if` always runs; tests change nothing, so only its body matters.
      visit(child, tested);
    }
  };
  visit(root, false);
  return commands;
}
