import type { FunctionKey, Site, Term, TermFunction } from "../../types/startup.ts";
import { componentsOf } from "./components.ts";
import type { Waited } from "./summary.ts";
import { calleesOf, eachTerm } from "./terms.ts";

/** What a function does to its caller whatever is asked. */
export interface Effect {
  /** It never returns: always throws or exits. */
  ends: boolean;
  /** What of the caller's started work it perhaps waits for. */
  waited: Waited;
}

/** Who calls whom and where each site stands: the same for every question, so it is made once. */
export interface CallIndex {
  callees(key: FunctionKey): readonly FunctionKey[];
  /** Strongly connected components below a root, callees first. */
  components(root: FunctionKey): readonly FunctionKey[][];
  /** The modules that are still being run where a function below a root imports them: such an import does nothing. */
  inProgress(root: FunctionKey, key: FunctionKey): ReadonlySet<FunctionKey> | undefined;
  /** Every call site below a root, once, in the order of the components. */
  sitesBelow(root: FunctionKey): readonly Site[];
  /** The functions from which a site of this kind is reached. */
  leadingTo(matches: (site: Site) => boolean): ReadonlySet<FunctionKey>;
  effect(root: FunctionKey, key: FunctionKey): Effect | undefined;
}

const indexes = new WeakMap<ReadonlyMap<FunctionKey, TermFunction>, { size: number; index: CallIndex }>();

/** The index of all functions; made anew only when functions were added since. */
export function callIndexOf(functions: ReadonlyMap<FunctionKey, TermFunction>): CallIndex {
  const known = indexes.get(functions);
  if (known?.size === functions.size) return known.index;
  const index = makeIndex(functions);
  indexes.set(functions, { size: functions.size, index });
  return index;
}

function makeIndex(functions: ReadonlyMap<FunctionKey, TermFunction>): CallIndex {
  const calleesByKey = new Map<FunctionKey, readonly FunctionKey[]>();
  const importsByKey = new Map<FunctionKey, Set<FunctionKey>>();
  const callers = new Map<FunctionKey, FunctionKey[]>();
  const sites = new Map<FunctionKey, readonly Site[]>();
  const holders = new Map<Site, FunctionKey[]>();
  for (const [key, { term }] of functions) {
    const called = calleesOf(term);
    calleesByKey.set(key, called);
    for (const one of called) push(callers, one, key);
    const found = new Set<Site>();
    const imported = new Set<FunctionKey>();
    eachTerm(term, (at) => {
      if (at.kind !== "call" && at.kind !== "maybe" && at.kind !== "lost") return;
      push(holders, at.site, key);
      if (at.kind !== "call") return;
      found.add(at.site);
      if (at.isImport === true && at.target !== null) imported.add(at.target);
    });
    sites.set(key, [...found]);
    if (imported.size > 0) importsByKey.set(key, imported);
  }
  const callees = (key: FunctionKey): readonly FunctionKey[] => calleesByKey.get(key) ?? [];
  const componentsByRoot = new Map<FunctionKey, FunctionKey[][]>();
  const sitesByRoot = new Map<FunctionKey, readonly Site[]>();
  const effectsByRoot = new Map<FunctionKey, ReadonlyMap<FunctionKey, Effect>>();
  const inProgressByRoot = new Map<FunctionKey, ReadonlyMap<FunctionKey, ReadonlySet<FunctionKey>>>();
  const inProgress = (root: FunctionKey): ReadonlyMap<FunctionKey, ReadonlySet<FunctionKey>> =>
    remember(inProgressByRoot, root, () => modulesInProgress(root, callees, (key) => importsByKey.get(key)));
  const components = (root: FunctionKey): FunctionKey[][] =>
    remember(componentsByRoot, root, () => {
      const idle = inProgress(root);
      return componentsOf([root], (key) => {
        const none = idle.get(key);
        return none === undefined ? callees(key) : callees(key).filter((one) => !none.has(one));
      });
    });
  return {
    callees,
    components,
    inProgress: (root, key) => inProgress(root).get(key),
    sitesBelow: (root) =>
      remember(sitesByRoot, root, () => [
        ...new Set(
          components(root)
            .flat()
            .flatMap((key) => sites.get(key) ?? []),
        ),
      ]),
    leadingTo(matches) {
      const open: FunctionKey[] = [];
      const found = new Set<FunctionKey>();
      const add = (key: FunctionKey): void => {
        if (found.has(key)) return;
        found.add(key);
        open.push(key);
      };
      for (const [site, keys] of holders) if (matches(site)) keys.forEach(add);
      for (let key = open.pop(); key !== undefined; key = open.pop()) callers.get(key)?.forEach(add);
      return found;
    },
    effect: (root, key) => remember(effectsByRoot, root, () => effectsOf(components(root), functions)).get(key),
  };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}

function remember<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/**
 * Imports that meet their module while it is being run, by the function that imports: the walk from the root, in the order of
 * the text, is inside of the module then. Iterative, as chains of imports are long.
 */
function modulesInProgress(
  root: FunctionKey,
  callees: (key: FunctionKey) => readonly FunctionKey[],
  imports: (key: FunctionKey) => ReadonlySet<FunctionKey> | undefined,
): ReadonlyMap<FunctionKey, ReadonlySet<FunctionKey>> {
  const found = new Map<FunctionKey, Set<FunctionKey>>();
  const seen = new Set([root]);
  const inside = new Set([root]);
  const frames = [{ key: root, next: callees(root), at: 0 }];
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const next = frame.next[frame.at++];
    if (next === undefined) {
      inside.delete(frame.key);
      frames.pop();
    } else if (!seen.has(next)) {
      seen.add(next);
      inside.add(next);
      frames.push({ key: next, next: callees(next), at: 0 });
    } else if (inside.has(next) && imports(frame.key)?.has(next)) {
      const known = found.get(frame.key);
      if (known) known.add(next);
      else found.set(frame.key, new Set([next]));
    }
  }
  return found;
}

/** Callees first; a circle of calls is settled in two rounds. */
function effectsOf(
  components: readonly FunctionKey[][],
  functions: ReadonlyMap<FunctionKey, TermFunction>,
): ReadonlyMap<FunctionKey, Effect> {
  const effects = new Map<FunctionKey, Effect>();
  for (const component of components) {
    for (let round = 0; round < (component.length > 1 ? 2 : 1); round++) {
      for (const key of component) {
        const term = functions.get(key)?.term;
        if (term === undefined) continue;
        const { falls, returns } = leavingOf(term, effects);
        effects.set(key, { ends: !falls && !returns, waited: waitedIn(term, effects) });
      }
    }
  }
  return effects;
}

/** How a term may be left. */
interface Leaving {
  falls: boolean;
  returns: boolean;
  breaks: boolean;
  continues: boolean;
}

const falls: Leaving = { falls: true, returns: false, breaks: false, continues: false };
const never: Leaving = { ...falls, falls: false };

function leavingOf(term: Term, effects: ReadonlyMap<FunctionKey, Effect>): Leaving {
  const of = (one: Term): Leaving => leavingOf(one, effects);
  const either = (a: Leaving, b: Leaving): Leaving => ({
    falls: a.falls || b.falls,
    returns: a.returns || b.returns,
    breaks: a.breaks || b.breaks,
    continues: a.continues || b.continues,
  });
  const then = (a: Leaving, b: () => Leaving): Leaving => {
    if (!a.falls) return a;
    const next = b();
    return { ...either(a, next), falls: next.falls };
  };
  switch (term.kind) {
    case "call":
      return term.target !== null && effects.get(term.target)?.ends ? never : falls;
    case "seq": {
      let sum = falls;
      for (const item of term.items) {
        if (!sum.falls) break;
        sum = then(sum, () => of(item));
      }
      return sum;
    }
    case "alt":
      return term.branches.length === 0 ? falls : term.branches.map(of).reduce(either);
    case "par":
      return term.members.map(of).reduce((sum, one) => ({ ...either(sum, one), falls: sum.falls && one.falls }), falls);
    case "loop": {
      const body = of(term.body);
      const left = term.endless ? body.breaks : body.falls || body.continues || body.breaks;
      return { falls: left, returns: body.returns, breaks: false, continues: false };
    }
    case "try": {
      const { otherwise } = term;
      const body = otherwise === null ? of(term.body) : then(of(term.body), () => of(otherwise));
      const tried = term.handlers.map((handler) => of(handler.body)).reduce(either, body);
      if (term.finally === null) return tried;
      const last = of(term.finally);
      return last.falls ? { ...either(tried, last), falls: tried.falls } : last;
    }
    case "return":
      return { ...never, returns: true };
    case "break":
      return { ...never, breaks: true };
    case "continue":
      return { ...never, continues: true };
    case "throw":
    case "exit":
      return never;
    default:
      return falls;
  }
}

/** Joins of what the function did not start itself; what it starts waits on its own. */
function waitedIn(term: Term, effects: ReadonlyMap<FunctionKey, Effect>): Waited {
  const own = new Set<string>();
  eachTerm(term, (at) => {
    if (at.kind === "spawn" && at.handle !== undefined) own.add(at.handle);
  });
  const look = (at: Term): Waited => {
    switch (at.kind) {
      case "join":
        return own.has(at.handle) ? 0 : 1;
      case "join-any":
        return 2;
      case "call":
        return (at.target === null ? undefined : effects.get(at.target)?.waited) ?? 0;
      case "seq":
        return most(at.items.map(look));
      case "alt":
        return most(at.branches.map(look));
      case "par":
        return most(at.members.map(look));
      case "loop":
        return look(at.body);
      case "try":
        return most([
          look(at.body),
          ...at.handlers.map((handler) => look(handler.body)),
          ...(at.otherwise ? [look(at.otherwise)] : []),
          ...(at.finally ? [look(at.finally)] : []),
        ]);
      default:
        return 0;
    }
  };
  return look(term);
}

const most = (all: readonly Waited[]): Waited => all.reduce((a, b) => (a > b ? a : b), 0 as Waited);
