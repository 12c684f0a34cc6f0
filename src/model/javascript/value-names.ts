import type { CodeClass, CodeFile, CodeFunction, Statement } from "../../types/code.ts";

/**
 * One walk over a file: every function, outer ones first, and every name that is read as a value. Annotations of decorated classes count
 * as values, since their types are kept at run time.
 */
export function survey(body: readonly Statement[], used: Set<string>): CodeFunction[] {
  const functions: CodeFunction[] = [];
  const look = (value: object, inDecorated: boolean): void => {
    if (Array.isArray(value)) {
      for (const one of value) if (typeof one === "object" && one !== null) look(one, inDecorated);
      return;
    }
    const node = value as Record<string, unknown>;
    const { kind } = node;
    if (kind === "import") return;
    let decorated = inDecorated;
    if (kind === "name") used.add(node["name"] as string);
    else if (kind === "function") functions.push(node["of"] as CodeFunction);
    else if (kind === "class") decorated = decoratedClass(node["of"] as CodeClass);
    for (const key in node) {
      const child = node[key];
      if (typeof child !== "object" || child === null) continue;
      if ((key !== "annotation" && key !== "returns") || decorated) look(child, decorated);
    }
  };
  look(body, false);
  return functions;
}

export function decoratedClass(of: CodeClass): boolean {
  return of.decorators.length > 0 || of.body.some((one) => one.kind === "function" && one.of.decorators.length > 0);
}

const valueNames = new WeakMap<CodeFile, ReadonlySet<string>>();

/**
 * Names that a file reads as values, exported ones included. TypeScript drops an import of which none is among them
 * (https://www.typescriptlang.org/docs/handbook/modules/reference.html#import-elision).
 */
export function namesReadAsValues(code: CodeFile): ReadonlySet<string> {
  let used = valueNames.get(code);
  if (!used) {
    const found = new Set<string>();
    survey(code.body, found);
    for (const statement of code.body)
      if (statement.kind === "export" && statement.module === null)
        for (const { local } of statement.names) found.add(local);
    used = found;
    valueNames.set(code, used);
  }
  return used;
}
