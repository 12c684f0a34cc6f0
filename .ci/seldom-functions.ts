import { readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Plugin } from "rolldown";
import { each, isNode, type Node, nameOf, parse, replaced } from "./syntax.ts";

const suffix = ".seldom.ts";

/** Whether an id is of the part of a module that short runs do not call. */
export const isSeldomPart = (id: string): boolean => id.endsWith(suffix);

/**
 * Moves functions that short runs never call into a module of their own beside the one that holds them, so that the bundle can put them
 * into files that are loaded by their first call: compilers know this as hot-cold splitting.
 * @param seldom names of functions at the top level, by module
 */
export function seldomFunctions(root: string, seldom: Readonly<Record<string, readonly string[]>>): Plugin {
  const parts = new Map<string, string>();
  return {
    name: "seldom-functions",
    resolveId: (id, importer) => (isSeldomPart(id) && importer ? join(importer, "..", id) : null),
    load(id) {
      if (isSeldomPart(id)) return { code: parts.get(id) ?? "", moduleType: "ts" };
      const names = seldom[relative(root, id).split(sep).join("/")];
      if (names === undefined) return null;
      const name = id.split(sep).at(-1)!.replace(/\.ts$/, "");
      const split = withoutSeldom(readFileSync(id, "utf8"), name, new Set(names));
      if (split === null) return null;
      parts.set(id.replace(/\.ts$/, suffix), split.seldom);
      return { code: split.often, moduleType: "ts" };
    },
  };
}

/** One top-level statement that declares values. */
interface Declaration {
  statement: Node;
  names: string[];
  exported: boolean;
  /** Declared as a function or as a constant that is one. */
  isFunction: boolean;
  /** Identifiers in it, and those that are read when it is evaluated. */
  mentioned: Set<string>;
  evaluated: Set<string>;
}

/**
 * The two parts of a module: what stays, and the functions of `seldom` with the constants that only they read. Null where none may go: a
 * function stays that is read while the module is loaded, and one that assigns to a variable of the module.
 * @param name the module's file name without its ending
 */
export function withoutSeldom(
  text: string,
  name: string,
  seldom: ReadonlySet<string>,
): { often: string; seldom: string } | null {
  const { body } = parse(text, "ts") as unknown as { body: Node[] };
  const imports = body.filter((one) => one.type === "ImportDeclaration");
  const declarations = body.flatMap(declarationOf);
  const others = body.filter(
    (one) => !imports.includes(one) && !declarations.some(({ statement }) => statement === one),
  );
  const own = new Set(declarations.flatMap(({ names }) => names));
  const evaluated = (some: readonly Declaration[]): Set<string> =>
    new Set([...others.flatMap((one) => [...mentionsOf(one, false)]), ...some.flatMap((one) => [...one.evaluated])]);

  let moved = declarations.filter(
    (one) => one.isFunction && one.names.every((each) => seldom.has(each)) && !assignsTo(one.statement, own),
  );
  for (;;) {
    const stay = declarations.filter((one) => !moved.includes(one));
    const read = evaluated(stay);
    const next = moved.filter((one) => !one.names.some((each) => read.has(each)));
    if (next.length === moved.length) break;
    moved = next;
  }
  if (moved.length === 0) return null;
  for (;;) {
    const stay = declarations.filter((one) => !moved.includes(one));
    const read = new Set([...others.flatMap((one) => [...mentionsOf(one, true)])]);
    const more = stay.filter(
      (one) =>
        !one.exported &&
        isConstant(one.statement) &&
        !one.names.some((each) => read.has(each) || stay.some((two) => two !== one && two.mentioned.has(each))) &&
        one.names.some((each) => moved.some((two) => two.mentioned.has(each))),
    );
    if (more.length === 0) break;
    moved = [...moved, ...more];
  }
  const stay = declarations.filter((one) => !moved.includes(one));
  const named = (some: readonly Declaration[]): string[] => some.flatMap(({ names }) => names);
  const mentionedBy = (some: readonly Declaration[]): Set<string> => new Set(some.flatMap((one) => [...one.mentioned]));
  const usedByMoved = mentionedBy(moved);
  const usedByStay = new Set([...mentionedBy(stay), ...others.flatMap((one) => [...mentionsOf(one, true)])]);
  const needed = named(stay).filter((one) => usedByMoved.has(one));
  const back = named(moved).filter((one) => usedByStay.has(one));
  const exported = new Set(named(stay.filter((one) => one.exported)));
  const textOf = ({ start, end }: Node): string => text.slice(start, end);
  const lines = (parts: readonly string[]): string => `${parts.join("\n")}\n`;
  const listed = (some: readonly string[]): string => some.join(", ");
  return {
    often: lines([
      replaced(
        text,
        moved.map(({ statement: { start, end } }) => [start, end, ""] as const),
      ),
      `import { ${listed(back)} } from "./${name}${suffix}";`,
      `export { ${listed(named(moved.filter((one) => one.exported)))} } from "./${name}${suffix}";`,
      `export { ${listed(needed.filter((one) => !exported.has(one)))} };`,
    ]),
    seldom: lines([
      ...imports.map(textOf),
      `import { ${listed(needed)} } from "./${name}.ts";`,
      ...declarations
        .filter((one) => moved.includes(one))
        .map(({ statement, exported }) => (exported ? textOf(statement) : `export ${textOf(statement)}`)),
    ]),
  };
}

function declarationOf(statement: Node): Declaration[] {
  const exported = statement.type === "ExportNamedDeclaration" && isNode(statement.declaration);
  const inner = exported ? (statement.declaration as Node) : statement;
  const base = { statement, exported, mentioned: mentionsOf(inner, true), evaluated: mentionsOf(inner, false) };
  if (inner.type === "FunctionDeclaration") return [{ ...base, names: [nameOf(inner.id)!], isFunction: true }];
  if (inner.type === "ClassDeclaration") return [{ ...base, names: [nameOf(inner.id)!], isFunction: false }];
  if (inner.type !== "VariableDeclaration") return [];
  const declared = inner.declarations as Node[];
  const names = declared.flatMap(({ id }) => [...mentionsOf(id as Node, true)]);
  const isFunction = declared.length === 1 && isNode(declared[0]!.init) && functionTypes.has(declared[0]!.init.type);
  return [{ ...base, names, isFunction: isFunction && inner.kind === "const" }];
}

const isConstant = (statement: Node): boolean => statement.type === "VariableDeclaration" && statement.kind === "const";

const functionTypes = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

/** Identifiers in a statement that may stand for values; without `inFunctions` only those that are read when it is evaluated. */
function mentionsOf(statement: Node, inFunctions: boolean): Set<string> {
  const found = new Set<string>();
  each(statement, (node, parent, key) => {
    if (!inFunctions && functionTypes.has(node.type)) return false;
    if (/^TS(?!As|NonNull|Satisfies)/.test(node.type)) return false;
    const name = nameOf(node);
    const isName =
      (key === "property" && parent?.type === "MemberExpression" && !parent.computed) ||
      (key === "key" && !parent?.computed && !(parent?.type === "Property" && parent.shorthand));
    if (name !== null && !isName) found.add(name);
    return undefined;
  });
  return found;
}

/** Whether a statement assigns to one of these variables: an import cannot be assigned to. */
function assignsTo(statement: Node, names: ReadonlySet<string>): boolean {
  let does = false;
  each(statement, (node) => {
    const target =
      node.type === "AssignmentExpression" ? node.left : node.type === "UpdateExpression" ? node.argument : null;
    if (isNode(target) && names.has(nameOf(target) ?? "")) does = true;
  });
  return does;
}

/** The identifiers that are read while a module is loaded, for the profile. */
export function readWhileLoaded(text: string): Set<string> {
  const { body } = parse(text, "ts") as unknown as { body: Node[] };
  const found = new Set<string>();
  for (const statement of body)
    if (statement.type !== "ImportDeclaration") for (const name of mentionsOf(statement, false)) found.add(name);
  return found;
}

/** The functions at the top level of a module, with the offset at which each ends. */
export function topLevelFunctions(text: string): { name: string; end: number }[] {
  const { body } = parse(text, "ts") as unknown as { body: Node[] };
  return body
    .flatMap(declarationOf)
    .filter(({ isFunction }) => isFunction)
    .map(({ names: [name = ""], statement }) => ({ name, end: functionOf(statement).end }));
}

function functionOf(statement: Node): Node {
  const inner = isNode(statement.declaration) ? statement.declaration : statement;
  return inner.type === "VariableDeclaration" ? ((inner.declarations as Node[])[0]!.init as Node) : inner;
}
