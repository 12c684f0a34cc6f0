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

/** Statements of a module in their order. */
interface Module {
  imports: Node[];
  declarations: Declaration[];
  others: Node[];
}

function moduleOf(text: string): Module {
  const { body } = parse(text, "ts") as unknown as { body: Node[] };
  const imports = body.filter((one) => one.type === "ImportDeclaration");
  const declarations = body.flatMap(declarationOf);
  const declaring = new Set(declarations.map(({ statement }) => statement));
  return { imports, declarations, others: body.filter((one) => !imports.includes(one) && !declaring.has(one)) };
}

/**
 * The two parts of a module: what stays, and the functions of `seldom` with the constants that only they read. Null where none may go.
 * @param name the module's file name without its ending
 */
export function withoutSeldom(
  text: string,
  name: string,
  seldom: ReadonlySet<string>,
): { often: string; seldom: string } | null {
  const module = moduleOf(text);
  const { imports, declarations, others } = module;
  const functions = movable(module, seldom);
  if (functions.length === 0) return null;
  const going = new Set([...functions, ...readOnlyBy(module, functions)]);
  const [moved, stay] = [declarations.filter((one) => going.has(one)), declarations.filter((one) => !going.has(one))];
  const usedByMoved = mentionedBy(moved);
  const usedByStay = new Set([...mentionedBy(stay), ...mentionedIn(others)]);
  const needed = namesOf(stay).filter((one) => usedByMoved.has(one));
  const back = namesOf(moved).filter((one) => usedByStay.has(one));
  const exported = new Set(namesOf(stay.filter((one) => one.exported)));
  const cuts = moved.map(({ statement: { start, end } }) => [start, end, ""] as const);
  const textOf = ({ start, end }: Node): string => text.slice(start, end);
  const lines = (...parts: readonly string[]): string => `${parts.join("\n")}\n`;
  return {
    often: lines(
      replaced(text, cuts),
      `import { ${back.join(", ")} } from "./${name}${suffix}";`,
      `export { ${namesOf(moved.filter((one) => one.exported)).join(", ")} } from "./${name}${suffix}";`,
      `export { ${needed.filter((one) => !exported.has(one)).join(", ")} };`,
    ),
    seldom: lines(
      ...imports.map(textOf),
      `import { ${needed.join(", ")} } from "./${name}.ts";`,
      ...moved.map(({ statement, exported }) => (exported ? "" : "export ") + textOf(statement)),
    ),
  };
}

/** Functions of `seldom`, but those that are read while the module is loaded, and those that assign to one of its variables. */
function movable({ declarations, others }: Module, seldom: ReadonlySet<string>): Declaration[] {
  const own = new Set(namesOf(declarations));
  let moved = declarations.filter(
    (one) => one.isFunction && one.names.every((each) => seldom.has(each)) && !assignsTo(one.statement, own),
  );
  for (;;) {
    const read = new Set(others.flatMap((one) => [...mentionsOf(one, false)]));
    for (const one of declarations) if (!moved.includes(one)) for (const name of one.evaluated) read.add(name);
    const next = moved.filter((one) => !one.names.some((each) => read.has(each)));
    if (next.length === moved.length) return moved;
    moved = next;
  }
}

/** Constants of the module's own that nothing but these functions reads, directly or by one another. */
function readOnlyBy({ declarations, others }: Module, functions: readonly Declaration[]): Declaration[] {
  const moved = new Set(functions);
  const read = mentionedIn(others);
  for (;;) {
    const stay = declarations.filter((one) => !moved.has(one));
    const used = mentionedBy([...moved]);
    const more = stay.filter(
      (one) =>
        isConstant(one.statement) &&
        one.names.some((each) => used.has(each)) &&
        !one.names.some((each) => read.has(each) || stay.some((two) => two !== one && two.mentioned.has(each))),
    );
    if (more.length === 0) return [...moved];
    for (const one of more) moved.add(one);
  }
}

const namesOf = (some: readonly Declaration[]): string[] => some.flatMap(({ names }) => names);
const mentionedBy = (some: readonly Declaration[]): Set<string> => new Set(some.flatMap((one) => [...one.mentioned]));
const mentionedIn = (some: readonly Node[]): Set<string> => new Set(some.flatMap((one) => [...mentionsOf(one, true)]));

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

/** Not exported, so that nobody else reads it. */
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
  const { declarations, others } = moduleOf(text);
  return new Set([
    ...declarations.flatMap(({ evaluated }) => [...evaluated]),
    ...others.flatMap((one) => [...mentionsOf(one, false)]),
  ]);
}

/** The functions at the top level of a module, with the offset at which each ends. */
export function topLevelFunctions(text: string): { name: string; end: number }[] {
  return moduleOf(text)
    .declarations.filter(({ isFunction }) => isFunction)
    .map(({ names: [name = ""], statement }) => ({ name, end: functionOf(statement).end }));
}

function functionOf(statement: Node): Node {
  const inner = isNode(statement.declaration) ? statement.declaration : statement;
  return inner.type === "VariableDeclaration" ? ((inner.declarations as Node[])[0]!.init as Node) : inner;
}
