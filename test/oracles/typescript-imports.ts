import type { ts as TS } from "ts-morph";
import { ts } from "../../src/sources/typescript.ts";

/** One import as the TypeScript AST has it: `start kind type function guarded specifier`. */
export function importsByTypescript(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: { start: number; line: string }[] = [];
  const add = (node: TS.Node, literal: TS.Node | undefined, kind: string, type: boolean) => {
    if (!literal || !ts.isStringLiteralLike(literal)) return;
    const start = literal.getStart(file);
    const { inFunction, guarded, ambient } = placeOf(node);
    const own = kind === "dynamic" && isCaught(node);
    found.push({ start, line: lineOf(start, kind, type || ambient, inFunction, guarded || own, literal.text) });
  };
  const visit = (node: TS.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const clause = node.importClause;
      const named =
        clause?.namedBindings && ts.isNamedImports(clause.namedBindings) ? clause.namedBindings.elements : null;
      const allTyped = named !== null && !clause?.name && named.length > 0 && named.every((one) => one.isTypeOnly);
      add(node, node.moduleSpecifier, "import", (clause?.isTypeOnly ?? false) || allTyped);
    } else if (ts.isExportDeclaration(node)) {
      const named = node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause.elements : null;
      const allTyped = named !== null && named.length > 0 && named.every((one) => one.isTypeOnly);
      add(node, node.moduleSpecifier, "export", node.isTypeOnly || allTyped);
    } else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
      add(node, node.moduleReference.expression, "import", node.isTypeOnly);
    } else if (
      ts.isCallExpression(node) &&
      node.arguments.length > 0 &&
      !node.questionDotToken &&
      !node.typeArguments
    ) {
      const callee = node.expression;
      if (callee.kind === ts.SyntaxKind.ImportKeyword) add(node, node.arguments[0], "dynamic", false);
      else if (ts.isIdentifier(callee) && callee.text === "require") add(node, node.arguments[0], "require", false);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found.sort((a, b) => a.start - b.start).map((one) => one.line);
}

export function lineOf(
  start: number,
  kind: string,
  type: boolean,
  inFunction: boolean,
  guarded: boolean,
  specifier: string,
): string {
  return `${start} ${kind}${type ? " type" : ""}${inFunction ? " function" : ""}${guarded ? " guarded" : ""} ${specifier}`;
}

function placeOf(start: TS.Node) {
  let inFunction = false;
  let guarded = false;
  let ambient = false;
  for (let node = start; node.parent; node = node.parent) {
    const { parent } = node;
    if (ts.isFunctionLike(parent)) inFunction = true;
    else if (ts.isPropertyDeclaration(parent) && parent.initializer === node) {
      if (!parent.modifiers?.some((one) => one.kind === ts.SyntaxKind.StaticKeyword)) inFunction = true;
    } else if (ts.isTryStatement(parent) && parent.tryBlock === node && parent.catchClause && !inFunction) {
      if (!parent.catchClause.block.statements.some((one) => ts.isThrowStatement(one))) guarded = true;
    } else if (
      ts.isModuleDeclaration(parent) &&
      parent.modifiers?.some((one) => one.kind === ts.SyntaxKind.DeclareKeyword)
    ) {
      ambient = parent.flags & ts.NodeFlags.Namespace ? ambient : true;
    }
  }
  return { inFunction, guarded, ambient };
}

function isCaught(call: TS.Node): boolean {
  const member = call.parent;
  return ts.isPropertyAccessExpression(member) && member.expression === call && member.name.text === "catch";
}
