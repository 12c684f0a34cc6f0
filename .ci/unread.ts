import { each, isNode, type Node, nameOf, parse, replaced } from "./syntax.ts";

/** What a program mentions: reads of properties by name, and the places of identifiers that stand for values. */
interface Mentions {
  read: Set<string>;
  uses: Map<string, number[]>;
}

/**
 * A program without functions that nothing names: members of object literals and of namespaces whose name is read nowhere, and function
 * declarations that only they used, at any depth. Bundlers drop these at the top level of a module alone.
 * Sound for code that reaches its functions by name, as a compiler's parser does: a computed member that finds one is not seen.
 * `kept` are names that others read.
 */
export function withoutUnread(text: string, kept: Iterable<string>): string {
  for (let so = text; ; ) {
    const next = withoutUnreadOnce(so, kept);
    if (next.length === so.length) return so;
    so = next;
  }
}

function withoutUnreadOnce(text: string, kept: Iterable<string>): string {
  const program = parse(text);
  const { read, uses } = mentionsIn(program);
  for (const name of kept) read.add(name);
  const functions: Node[] = [];
  each(program, (node) => {
    if (node.type === "FunctionDeclaration") functions.push(node);
  });
  const declared = new Set(functions.map((node) => nameOf(node.id)));
  const cuts: [start: number, end: number, by: string][] = [];
  each(program, (node) => {
    if (node.type === "ObjectExpression")
      for (const member of node.properties as Node[])
        if (isUnreadMember(member, read, declared)) cuts.push([member.start, afterComma(text, member.end), ""]);
    const target = assigned(node);
    if (target !== null && !read.has(target.name) && declared.has(nameOf(target.value)))
      cuts.push([node.start, node.end, ""]);
  });
  for (const node of functions) {
    const outside = (uses.get(nameOf(node.id)!) ?? []).some((at) => at < node.start || at >= node.end);
    if (!outside) cuts.push([node.start, node.end, ""]);
  }
  return replaced(text, cuts);
}

function mentionsIn(program: Node): Mentions {
  const read = new Set<string>();
  const uses = new Map<string, number[]>();
  const written = new Set<Node>();
  each(program, (node, parent, key) => {
    const target = assigned(node);
    if (target !== null) written.add(target.member);
    if (node.type === "Literal" && typeof node.value === "string") read.add(node.value);
    if (node.type === "MemberExpression" && !node.computed && !written.has(node)) read.add(nameOf(node.property) ?? "");
    if (node.type === "Property" && parent?.type === "ObjectPattern") read.add(nameOf(node.key) ?? "");
    const name = nameOf(node);
    if (name === null || (key === "property" && !parent?.computed)) return;
    if (key === "key" && !parent?.computed) return;
    if (key === "id" && parent?.type === "FunctionDeclaration") return;
    uses.set(name, [...(uses.get(name) ?? []), node.start]);
  });
  return { read, uses };
}

/** `Namespace.name = value;` */
function assigned(node: Node): { member: Node; name: string; value: Node } | null {
  if (node.type !== "ExpressionStatement") return null;
  const { type, left, right } = node.expression as Node;
  if (type !== "AssignmentExpression" || !isNode(left) || left.type !== "MemberExpression" || left.computed)
    return null;
  // A namespace's name begins with a capital; a node that is given a member may have one of the same name as a function.
  return /^[A-Z]/.test(nameOf(left.object) ?? "")
    ? { member: left, name: nameOf(left.property) ?? "", value: right as Node }
    : null;
}

const functionTypes = new Set(["FunctionExpression", "ArrowFunctionExpression"]);

function isUnreadMember(member: Node, read: ReadonlySet<string>, declared: ReadonlySet<string | null>): boolean {
  if (member.type !== "Property" || member.computed) return false;
  const name = nameOf(member.key);
  const value = member.value as Node;
  return name !== null && !read.has(name) && (functionTypes.has(value.type) || declared.has(nameOf(value)));
}

const afterComma = (text: string, at: number): number => at + (/^\s*,/.exec(text.slice(at, at + 200))?.[0].length ?? 0);
