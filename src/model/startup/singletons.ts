import type { CodePlace, Span } from "../../types/code.ts";
import type { OrderEntry, Site, StartupObservation, StartupObservationKind } from "../../types/startup.ts";
import { sitesBelow } from "./declared.ts";
import { judgeOrder } from "./order.ts";
import { eachExpression, eachStatement, expressionsOf, type ModuleInfo, placeOf, scopeOf } from "./program.ts";
import { isTest } from "./test-code.ts";
import type { StartupWorld } from "./world.ts";

/** The function that binds a name, and where it does. */
interface Binder {
  name: string;
  at: Span[];
}

/** `from m import x` of a name that is None until a function of `m` binds it: the importer keeps the None. */
export function singletonObservations(
  world: StartupWorld,
): ReadonlyMap<StartupObservationKind, readonly StartupObservation[]> {
  const found: StartupObservation[] = [];
  world.lowering.finish();
  const { program } = world.lowering.resolver;
  const late = new Map<ModuleInfo, Map<string, Binder>>();
  const lateOf = (module: ModuleInfo): Map<string, Binder> => {
    let names = late.get(module);
    if (!names) {
      names = lateNames(module);
      late.set(module, names);
    }
    return names;
  };
  for (const module of program.loaded()) {
    if (module.code.language !== "python" || isTest(module.path)) continue;
    eachStatement(module.code.body, (statement) => {
      if (statement.kind !== "import" || statement.names.length === 0) return;
      const path = program.input.resolve(module.path, statement.module, statement.level);
      // What only types are taken of is not read for this.
      const source = path === null ? null : program.known(path);
      if (source === null || source === module) return;
      for (const one of statement.names) {
        const binder = lateOf(source).get(one.name);
        if (binder === undefined || module.scope.names.get(one.local)?.length !== 1) continue;
        const use = usedInFunction(module, one.local);
        if (use === null || isBoundBefore(world, placeOf(module, statement), source, binder)) continue;
        found.push({
          at: world.locate(placeOf(module, statement)),
          subject: `${source.name}.${one.name}`,
          words: { name: one.local, module: source.name, function: binder.name },
          related: [{ ...world.locate(placeOf(module, use)), message: `${one.local} is still None here` }],
        });
      }
    });
  }
  return new Map([["captured-singleton", found]]);
}

/** Whether in every start that comes to an import the name has been bound by then: the importer is first loaded by what runs after that. */
function isBoundBefore(world: StartupWorld, at: CodePlace, source: ModuleInfo, binder: Binder): boolean {
  let isReached = false;
  for (const root of world.entries) {
    const classes = new Map<Site, number[]>();
    for (const site of sitesBelow(world, root.key)) {
      const { path, start } = site.place;
      if (site.form === "import" && path === at.path && start === at.start) classes.set(site, [1]);
      else if (site.form === "assign" && path === source.path && binder.at.some((one) => one.start === start))
        classes.set(site, [0]);
    }
    const present = [...classes.values()].flat();
    if (!present.includes(1)) continue;
    if (!present.includes(0)) return false;
    isReached = true;
    const asked = { count: 2, classesOf: (site: Site) => classes.get(site) ?? [], succeeded: [], zeroIterations: [] };
    const entry: OrderEntry = { index: 0, question: { kind: "order", before: [0], after: 1 }, allPaths: true };
    const { findings } = judgeOrder(root.key, world.lowering.functions, asked, [entry]);
    if (findings.some(({ verdict }) => verdict !== "partial")) return false;
  }
  return isReached;
}

/** Names that a module leaves None and only a function rebinds, with that function. */
function lateNames(module: ModuleInfo): Map<string, Binder> {
  const names = new Map<string, Binder>();
  for (const fn of module.functions) {
    const { globals } = scopeOf(fn);
    for (const name of globals) {
      const atTop = module.code.body.filter(
        (one) => one.kind === "assign" && one.targets.some((target) => target.kind === "name" && target.name === name),
      );
      const isNone = atTop.every(
        (one) => one.kind === "assign" && one.value?.kind === "constant" && one.value.text === "None",
      );
      if (atTop.length !== 1 || !isNone) continue;
      const binds: Span[] = [];
      eachStatement(fn.node.body, (one) => {
        if (one.kind !== "assign") return;
        const isTarget = one.targets.some((target) => target.kind === "name" && target.name === name);
        if (isTarget && !(one.value?.kind === "constant" && one.value.text === "None")) binds.push(one);
      });
      if (binds.length > 0) names.set(name, { name: fn.node.name, at: binds });
    }
  }
  // A module that calls the binder itself has the value when it is imported.
  for (const [name, { name: binder }] of names) {
    let called = false;
    eachStatement(module.code.body, (statement) => {
      if (statement.kind === "function" || statement.kind === "class") return;
      for (const one of expressionsOf(statement)) {
        eachExpression(one, (at) => {
          if (at.kind === "call" && at.callee.kind === "name" && at.callee.name === binder) called = true;
        });
      }
    });
    // Any other assignment outside that function (in an `if`, a loop) makes the value at import unknown.
    const bindings = module.scope.names.get(name) ?? [];
    const elsewhere = bindings.filter(
      (one) => one.kind === "value" && !one.conditional && one.value?.kind !== "constant",
    ).length;
    if (called || elsewhere > 0) names.delete(name);
  }
  return names;
}

function usedInFunction(module: ModuleInfo, name: string): { start: number; end: number } | null {
  for (const fn of module.functions) {
    const scope = scopeOf(fn);
    if (scope.names.has(name) || scope.globals.has(name)) continue;
    let use: { start: number; end: number } | null = null;
    eachStatement(fn.node.body, (statement) => {
      for (const one of expressionsOf(statement)) {
        eachExpression(one, (at) => {
          if (at.kind === "attribute" && at.of.kind === "name" && at.of.name === name)
            use ??= { start: at.start, end: at.end };
        });
      }
    });
    if (use) return use;
  }
  return null;
}
