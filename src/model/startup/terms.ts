import type { FunctionKey, Term } from "../../types/startup.ts";

/** A sequence without empty and nested ones. */
export function seq(items: readonly Term[]): Term {
  const flat: Term[] = [];
  for (const item of items) {
    if (item.kind === "seq") flat.push(...item.items);
    else flat.push(item);
  }
  return flat.length === 1 ? (flat[0] as Term) : { kind: "seq", items: flat };
}

/** A block whose failures perhaps end where it ends. */
export function guarded(body: Term, does: boolean): Term {
  if (!does) return body;
  return { kind: "try", body, handlers: [{ body: seq([]), catches: true }], otherwise: null, finally: null };
}

/** What runs side by side, and what of it was started before: that is waited for by its variable, and done with the others. */
export function together(members: readonly Term[], contained: boolean): Term[] {
  const joins = members.filter((one) => one.kind === "join");
  const par: Term = { kind: "par", members: members.filter((one) => one.kind !== "join"), guarded: contained };
  return joins.length > 0 && contained ? [par, guarded(seq(joins), true)] : [par, ...joins];
}

const yields = new WeakMap<Term, boolean>();

function hasYield(term: Term): boolean {
  const known = yields.get(term);
  if (known !== undefined) return known;
  const is = partsOf(term).some(hasYield) || term.kind === "yield";
  yields.set(term, is);
  return is;
}

function partsOf(term: Term): readonly Term[] {
  switch (term.kind) {
    case "seq":
      return term.items;
    case "alt":
      return term.branches;
    case "par":
      return term.members;
    case "loop":
    case "spawn":
      return [term.body];
    case "try":
      return [
        term.body,
        ...term.handlers.map((handler) => handler.body),
        ...(term.otherwise ? [term.otherwise] : []),
        ...(term.finally ? [term.finally] : []),
      ];
    default:
      return [];
  }
}

/** What a generator does up to its first `yield`: the whole start-up of a lifespan, the entering of a context. */
export function untilYield(term: Term): Term {
  if (!hasYield(term)) return term;
  switch (term.kind) {
    case "yield":
      return { kind: "return" };
    case "seq": {
      const items: Term[] = [];
      for (const item of term.items) {
        items.push(untilYield(item));
        if (item.kind === "yield") break;
      }
      return seq(items);
    }
    case "alt":
      return { kind: "alt", branches: term.branches.map(untilYield) };
    case "loop":
      return { ...term, body: untilYield(term.body) };
    case "try":
      // What `finally` does belongs to leaving, where the body yields.
      return {
        kind: "try",
        body: untilYield(term.body),
        handlers: term.handlers.map((handler) => ({ ...handler, body: untilYield(handler.body) })),
        otherwise: term.otherwise && untilYield(term.otherwise),
        finally: hasYield(term.body) ? null : term.finally,
      };
    default:
      return term;
  }
}

/** What a generator does after its first `yield`. */
export function afterYield(term: Term): Term {
  if (!hasYield(term)) return seq([]);
  switch (term.kind) {
    case "seq": {
      const at = term.items.findIndex(hasYield);
      return seq([afterYield(term.items[at] as Term), ...term.items.slice(at + 1)]);
    }
    case "alt":
      return { kind: "alt", branches: term.branches.map(afterYield) };
    case "loop":
      return afterYield(term.body);
    case "try":
      return {
        kind: "try",
        body: afterYield(term.body),
        handlers: term.handlers,
        otherwise: term.otherwise,
        finally: term.finally,
      };
    default:
      return seq([]);
  }
}

/** The functions that a term calls, without those that it may only reach by an unresolved call. */
export function calleesOf(term: Term | undefined): FunctionKey[] {
  if (term === undefined) return [];
  const found = new Set<FunctionKey>();
  eachTerm(term, (at) => {
    if (at.kind === "call" && at.target !== null) found.add(at.target);
    else if (at.kind === "maybe") for (const target of at.targets) found.add(target);
  });
  return [...found];
}

/** Visits a term and its parts in the order of the text. */
export function eachTerm(term: Term, visit: (term: Term) => void): void {
  visit(term);
  switch (term.kind) {
    case "seq":
      for (const item of term.items) eachTerm(item, visit);
      break;
    case "alt":
      for (const branch of term.branches) eachTerm(branch, visit);
      break;
    case "par":
      for (const member of term.members) eachTerm(member, visit);
      break;
    case "loop":
    case "spawn":
      eachTerm(term.body, visit);
      break;
    case "try":
      eachTerm(term.body, visit);
      if (term.otherwise) eachTerm(term.otherwise, visit);
      for (const handler of term.handlers) eachTerm(handler.body, visit);
      if (term.finally) eachTerm(term.finally, visit);
      break;
    default:
      break;
  }
}
