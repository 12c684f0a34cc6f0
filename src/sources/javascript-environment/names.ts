import { ts } from "../typescript.ts";
import { textOf } from "../typescript-places.ts";
import { isEnvironment, isText, type JavascriptReader, unwrap } from "./syntax.ts";

/** The variable that an expression is a plain access of, or null. */
export function environmentName(node: ts.Expression, reader: JavascriptReader): string | null {
  if (ts.isPropertyAccessExpression(node) && isEnvironment(node.expression, reader)) return node.name.text;
  if (ts.isElementAccessExpression(node) && isEnvironment(node.expression, reader) && isText(node.argumentExpression))
    return (node.argumentExpression as ts.StringLiteral).text;
  return null;
}

/** The literal names behind an index: a text, or the variable of a loop over a literal list. */
export function namesOf(index: ts.Expression, at: ts.Node, reader: JavascriptReader): string[] {
  if (isText(index)) return [(index as ts.StringLiteral).text];
  if (!ts.isIdentifier(index)) return [];
  for (let node: ts.Node | undefined = at.parent; node; node = node.parent) {
    if (ts.isForOfStatement(node) && ts.isVariableDeclarationList(node.initializer)) {
      const [variable] = node.initializer.declarations;
      if (variable && ts.isIdentifier(variable.name) && variable.name.text === index.text)
        return listOf(node.expression, reader);
    }
    if ((ts.isArrowFunction(node) || ts.isFunctionExpression(node)) && ts.isCallExpression(node.parent)) {
      const [parameter] = node.parameters;
      const { expression } = node.parent;
      if (parameter && ts.isIdentifier(parameter.name) && parameter.name.text === index.text)
        return ts.isPropertyAccessExpression(expression) &&
          /^(?:forEach|map|filter|every|some|find|flatMap)$/.test(expression.name.text)
          ? listOf(expression.expression, reader)
          : [];
    }
    if (ts.isFunctionDeclaration(node) && node.parameters.some((one) => textOf(one.name, reader.file) === index.text))
      return [];
  }
  const value = reader.values.get(index.text);
  return value && isText(unwrap(value)) ? [(unwrap(value) as ts.StringLiteral).text] : [];
}

const listOf = (node: ts.Expression, reader: JavascriptReader): string[] => {
  const value = unwrap(node);
  return literals(value) ?? (ts.isIdentifier(value) ? (reader.lists.get(value.text) ?? []) : []);
};

/** The texts of a literal array, else null. */
export function literals(node: ts.Expression): string[] | null {
  if (!ts.isArrayLiteralExpression(node) || node.elements.length === 0) return null;
  return node.elements.every(isText) ? node.elements.map((one) => (one as ts.StringLiteral).text) : null;
}
