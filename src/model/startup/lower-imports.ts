import type { Span, Statement } from "../../types/code.ts";
import type { Term } from "../../types/startup.ts";
import { namesReadAsValues } from "../javascript/value-names.ts";
import type { Context, Lowering } from "./lower.ts";
import { importedModule } from "./members.ts";
import type { ModuleInfo } from "./program.ts";

/** An import statement; in Python a name of it may be a submodule, which then runs, too. */
export function lowerImport(
  lowering: Lowering,
  at: Extract<Statement, { kind: "import" }>,
  context: Context,
  out: Term[],
): void {
  if (at.typeOnly) return;
  const { module } = context;
  if (module.code.language === "javascript") {
    if (!isElided(at, module)) runModule(lowering, at, at.module, 0, [at.module], context, out);
    return;
  }
  const names = [at.module, ...at.names.map((one) => (at.module === "" ? one.name : `${at.module}.${one.name}`))];
  runModule(lowering, at, at.module, at.level, names, context, out);
  for (const one of at.names) {
    const whole = at.module === "" ? one.name : `${at.module}.${one.name}`;
    const path = lowering.resolver.program.input.resolve(module.path, whole, at.level);
    if (path === null || path.endsWith("/")) continue;
    const parent = importedModule(lowering.resolver, module, at.module, at.level);
    // A name that the package binds itself hides its submodule; this very import binds only what it finds.
    const bound = parent?.kind === "module" ? parent.of.scope.names.get(one.name) : undefined;
    if (bound?.some((each) => each.kind !== "import" || each.statement !== at)) continue;
    runModule(lowering, at, whole, at.level, [whole], context, out);
  }
}

/** Runs a module's top level, its parents' first. */
export function runModule(
  lowering: Lowering,
  span: Span,
  name: string,
  level: number,
  names: string[],
  context: Context,
  out: Term[],
): void {
  const { module } = context;
  const { resolve } = lowering.resolver.program.input;
  const targets: ModuleInfo[] = [];
  if (module.code.language === "python" && name !== "") {
    const parts = name.split(".");
    for (let count = 1; count < parts.length; count++) {
      const path = resolve(module.path, parts.slice(0, count).join("."), level);
      const parent = path === null || path.endsWith("/") ? null : lowering.resolver.program.module(path);
      if (parent) targets.push(parent);
    }
  }
  const path = resolve(module.path, name, level);
  const target = path === null || path.endsWith("/") ? null : lowering.resolver.program.module(path);
  if (target) targets.push(target);
  const all = target ? [...names, target.name] : names;
  const site = lowering.site(module, span, "import", all, { mode: "sync", own: target !== null });
  for (const one of targets) {
    if (one === module) continue;
    out.push({
      kind: "call",
      site: one === target ? site : lowering.site(module, span, "import", [one.name]),
      target: lowering.moduleKey(one),
      isImport: true,
    });
  }
  if (target === null || target === module) out.push({ kind: "call", site, target: null });
}

/** Whether TypeScript drops an import, because none of its names is read as a value. */
export function isElided(at: Extract<Statement, { kind: "import" }>, { path, code }: ModuleInfo): boolean {
  if (at.names.length === 0 || !/\.[cm]?tsx?$/.test(path)) return false;
  const used = namesReadAsValues(code);
  return at.names.every((name) => name.typeOnly || !used.has(name.local));
}
