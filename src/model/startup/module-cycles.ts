import type { Expression, Statement } from "../../types/code.ts";
import type { Related } from "../../types/finding.ts";
import type { StartupObservation, StartupObservationKind } from "../../types/startup.ts";
import { isElided } from "./lower-imports.ts";
import { blocksOf, eachChild, expressionsOf, type ModuleInfo, placeOf } from "./program.ts";
import type { StartupWorld } from "./world.ts";

/**
 * Uses of a `let`, `const` or `class` of an ES module that is still waiting for its own imports: a ReferenceError. Modules are
 * evaluated depth first in the order of their imports; functions are bound before anything runs, so calling them late is fine.
 */
export function cycleObservations(
  world: StartupWorld,
): ReadonlyMap<StartupObservationKind, readonly StartupObservation[]> {
  const found: StartupObservation[] = [];
  world.lowering.finish();
  const { program } = world.lowering.resolver;
  for (const root of world.entries) {
    const state = new Map<ModuleInfo, "evaluating" | "done">();
    const visit = (module: ModuleInfo): void => {
      state.set(module, "evaluating");
      for (const statement of module.code.body) {
        const from = sourceOf(statement, module);
        const path = from === null ? null : program.input.resolve(module.path, from, 0);
        const target = path === null ? null : program.module(path);
        if (target && isHoisting(world, target) && !state.has(target)) visit(target);
      }
      new Uses(world, module, state, found).statements(module.code.body);
      state.set(module, "done");
    };
    if (isHoisting(world, root.module)) visit(root.module);
  }
  return new Map([["circular-import", found]]);
}

const isHoisting = (world: StartupWorld, module: ModuleInfo): boolean =>
  module.code.language === "javascript" &&
  (module.code.esm === true || /\.m[jt]s$/.test(module.path)) &&
  world.lowering.resolver.program.input.hoists(module.path);

/** The module that a statement has evaluated first, unless TypeScript drops the statement. */
function sourceOf(statement: Statement, module: ModuleInfo): string | null {
  if (statement.kind === "import") return statement.typeOnly || isElided(statement, module) ? null : statement.module;
  return statement.kind === "export" ? statement.module : null;
}

// A class: one walk that shares the module and the states.
class Uses {
  readonly world: StartupWorld;
  readonly module: ModuleInfo;
  readonly state: ReadonlyMap<ModuleInfo, "evaluating" | "done">;
  readonly found: StartupObservation[];

  constructor(
    world: StartupWorld,
    module: ModuleInfo,
    state: ReadonlyMap<ModuleInfo, "evaluating" | "done">,
    found: StartupObservation[],
  ) {
    this.world = world;
    this.module = module;
    this.state = state;
    this.found = found;
  }

  statements(body: readonly Statement[]): void {
    for (const statement of body) {
      if (statement.kind === "import" || statement.kind === "export" || statement.kind === "function") continue;
      // A failure inside `try` is caught there.
      if (statement.kind === "try") continue;
      if (statement.kind === "class") {
        for (const base of [...statement.of.bases, ...statement.of.decorators]) this.expression(base);
        const fields = statement.of.body.filter((one) => one.kind === "assign" && one.isStatic);
        this.statements(fields);
        continue;
      }
      for (const one of expressionsOf(statement)) this.expression(one);
      for (const inner of blocksOf(statement)) this.statements(inner);
    }
  }

  private expression(at: Expression): void {
    if (at.kind === "function") return;
    if (at.kind === "class") {
      for (const base of at.of.bases) this.expression(base);
      return;
    }
    if (at.kind === "name") this.use(at, at.name, null);
    else if (at.kind === "attribute" && at.of.kind === "name") this.use(at, at.of.name, at.name);
    eachChild(at, (child) => this.expression(child));
  }

  private use(at: Expression, local: string, member: string | null): void {
    const bindings = this.module.scope.names.get(local);
    const only = bindings?.length === 1 ? bindings[0] : undefined;
    if (only?.kind !== "import" || only.name === null || only.name.typeOnly) return;
    const name = only.name.name === "*" ? member : only.name.name;
    if (name === null) return;
    const owner = this.owner(this.module, only.statement.module, name, new Set());
    if (owner === null || owner.module === this.module || this.state.get(owner.module) !== "evaluating") return;
    const { world } = this;
    const location = world.locate(placeOf(this.module, at));
    if (this.found.some((one) => one.at.path === location.path && one.at.start.line === location.start.line)) return;
    const related: Related[] = [
      { ...world.locate(placeOf(this.module, only.statement)), message: `imports ${name} from ${owner.module.path}` },
      { ...world.locate(placeOf(owner.module, owner.statement)), message: `${name} is bound only here` },
    ];
    this.found.push({
      at: location,
      subject: `${owner.module.name}.${name}`,
      words: {
        name: member === null || only.name.name !== "*" ? local : `${local}.${member}`,
        module: owner.module.path,
      },
      related,
    });
  }

  /** The module whose own `let`, `const`, `class` or default value an export is, through re-exports. */
  private owner(
    from: ModuleInfo,
    specifier: string,
    name: string,
    visited: Set<string>,
  ): { module: ModuleInfo; statement: Statement } | null {
    const { program } = this.world.lowering.resolver;
    const path = program.input.resolve(from.path, specifier, 0);
    const module = path === null ? null : program.module(path);
    if (!module || visited.has(`${module.path} ${name}`)) return null;
    visited.add(`${module.path} ${name}`);
    const exported = module.exports.get(name);
    if (exported === undefined) {
      for (const star of module.stars) {
        const inner = this.owner(module, star.module, name, visited);
        if (inner) return inner;
      }
      return null;
    }
    if ("module" in exported) return this.owner(module, exported.module, exported.name, visited);
    if ("value" in exported) {
      const statement = module.code.body.find((one) => one.kind === "export-default");
      return statement ? { module, statement } : null;
    }
    for (const statement of module.code.body) {
      if (statement.kind === "class" && statement.of.name === exported.local) return { module, statement };
      if (
        statement.kind === "assign" &&
        (statement.declared === "const" || statement.declared === "let") &&
        statement.targets.some((target) => binds(target, exported.local))
      ) {
        return { module, statement };
      }
    }
    const binding = module.scope.names.get(exported.local)?.[0];
    if (binding?.kind === "import" && binding.name)
      return this.owner(module, binding.statement.module, binding.name.name, visited);
    return null;
  }
}

function binds(target: Expression, name: string): boolean {
  if (target.kind === "name") return target.name === name;
  let found = false;
  eachChild(target, (child) => {
    found ||= binds(child, name);
  });
  return found;
}
