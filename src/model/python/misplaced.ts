import { childExpressions } from "../../sources/python-parts.ts";
import type { PyExpression, PyRange, PyStatement, PythonFile } from "../../types/python.ts";
import { blocksOf } from "./scopes.ts";
import { expressionsOf } from "./walk.ts";

export interface Misplaced extends PyRange {
  what: string;
}

type Inside = "module" | "function" | "async";

/** `await` outside an async function, `return` and `yield` outside a function: what grammars and `ast.parse` let pass. Nothing for damaged text. */
export function findMisplaced(file: PythonFile): Misplaced[] {
  if (file.damaged.length > 0 || file.truncated !== null) return [];
  const found: Misplaced[] = [];
  const add = (node: PyRange, what: string) => found.push({ start: node.start, end: node.end, what });

  function body(statements: readonly PyStatement[], inside: Inside): void {
    for (const statement of statements) {
      if (statement.kind === "return" && inside === "module") add(statement, "`return` outside a function");
      const isAsync = (statement.kind === "for" || statement.kind === "with") && statement.async;
      if (isAsync && inside !== "async") add(statement, `\`async ${statement.kind}\` outside an async function`);
      for (const one of expressionsOf(statement)) expression(one, inside);
      if (statement.kind === "function") body(statement.body, statement.async ? "async" : "function");
      else if (statement.kind === "class") body(statement.body, "module");
      else for (const block of blocksOf(statement)) body(block, inside);
    }
  }

  function expression(node: PyExpression, inside: Inside): void {
    if (node.kind === "await" && inside !== "async") {
      add(node, "`await` outside an async function");
      return;
    }
    if (node.kind === "yield" && inside === "module") add(node, "`yield` outside a function");
    if (node.kind === "lambda") {
      // A `yield` makes the lambda a generator; it is never asynchronous, whatever stands around it.
      for (const child of childExpressions(node)) expression(child, inside);
      expression(node.body, "function");
      return;
    }
    // A generator expression may await on its own account.
    if (node.kind === "comprehension" && node.form === "generator") return;
    if (node.kind === "comprehension" && inside !== "async" && node.clauses.some((clause) => clause.async)) {
      add(node, "an asynchronous comprehension outside an async function");
      return;
    }
    for (const child of childExpressions(node)) expression(child, inside);
  }

  body(file.body, "module");
  return found;
}
