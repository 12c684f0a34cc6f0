import { directoryOf, inRepository } from "../../text/paths.ts";
import type { PyExpression } from "../../types/python.ts";
import type { RepoPath } from "../../types/text.ts";
import type { Scope } from "./scopes.ts";
import type { Evaluator } from "./values.ts";
import { dottedText } from "./walk.ts";

/** A literal path: below the repository (from `__file__`), or relative to the working directory. */
export interface LiteralPath {
  base: "repository" | "working-directory";
  path: string;
}

/**
 * The path that an expression spells out: literals, `Path(…)`, `Path(__file__).parent / "x"`, `os.path.join(os.path.dirname(__file__), "x")`,
 * constants assigned once. Null where anything in it is not known.
 */
export function literalPath(
  node: PyExpression,
  scope: Scope,
  values: Evaluator,
  file: RepoPath,
  depth = 0,
): LiteralPath | null {
  if (depth > 20) return null;
  const of = (inner: PyExpression) => literalPath(inner, scope, values, file, depth + 1);
  if (node.kind === "string" && !node.bytes) {
    return node.value.startsWith("/") || node.value === "" ? null : { base: "working-directory", path: node.value };
  }
  if (node.kind === "name") {
    if (node.name === "__file__") return { base: "repository", path: file };
    const bindings = scope.bindings.get(node.name) ?? (scope.parent ? undefined : []);
    if (!bindings) return scope.parent ? literalPath(node, scope.parent, values, file, depth + 1) : null;
    const [only] = bindings;
    if (bindings.length !== 1 || !only) return null;
    if (only.kind === "value") return literalPath(only.value, scope, values, file, depth + 1);
    if (only.kind === "annotated" && only.value) return literalPath(only.value, scope, values, file, depth + 1);
    return null;
  }
  if (node.kind === "binary" && node.operator === "/") return joined(of(node.left), node.right, scope, values);
  if (node.kind === "attribute" && node.name.text === "parent") return parentOf(of(node.object));
  if (node.kind === "subscript" && node.object.kind === "attribute" && node.object.name.text === "parents") {
    const [index] = node.indexes;
    if (index?.kind !== "number") return null;
    let path = of(node.object.object);
    for (let up = 0; up <= Math.min(Number(index.text), 50); up++) path = parentOf(path);
    return path;
  }
  if (node.kind !== "call") return null;
  const name = calledName(node.callee, scope, values);
  const [first, ...rest] = node.arguments;
  switch (name?.split(".").at(-1)) {
    case "str":
    case "Path":
    case "PurePath":
    case "abspath":
    case "realpath":
    case "normpath":
    case "fspath":
    case "join": {
      let path = first ? of(first) : null;
      for (const part of rest) path = joined(path, part, scope, values);
      return path;
    }
    case "dirname":
      return first ? parentOf(of(first)) : null;
    case "resolve":
    case "absolute":
    case "as_posix":
      return node.callee.kind === "attribute" ? of(node.callee.object) : null;
    case "joinpath": {
      let path = node.callee.kind === "attribute" ? of(node.callee.object) : null;
      for (const part of node.arguments) path = joined(path, part, scope, values);
      return path;
    }
    default:
      return null;
  }
}

export function calledName(callee: PyExpression, scope: Scope, values: Evaluator): string | null {
  const value = values.evaluate(callee, scope);
  if (value?.kind === "external") return value.name;
  return value ? null : (dottedText(callee) ?? (callee.kind === "attribute" ? `?.${callee.name.text}` : null));
}

function joined(path: LiteralPath | null, part: PyExpression, scope: Scope, values: Evaluator): LiteralPath | null {
  const [text, ...more] = values.strings(part, scope);
  if (!path || text === undefined || more.length > 0 || text.startsWith("/")) return null;
  const whole = inRepository("", `${path.path}/${text}`);
  return whole === null ? null : { base: path.base, path: whole };
}

function parentOf(path: LiteralPath | null): LiteralPath | null {
  if (!path || (path.path === "" && path.base === "repository")) return path;
  return { base: path.base, path: directoryOf(path.path) };
}
