import type { CodePlace, Expression } from "../../types/code.ts";
import type { EntryPart } from "../../types/entry.ts";
import type { FunctionKey, Term } from "../../types/startup.ts";
import type { RepoPath } from "../../types/text.ts";
import { served, startupKey, workerHandlers } from "./calls-python.ts";
import { foreignBasesOf, methodOf } from "./classes.ts";
import { type FunctionValue, type Lowering, topLevel } from "./lower.ts";
import { runFunction } from "./lower-runs.ts";
import { attributeOf, importedModule, memberOf } from "./members.ts";
import { eachExpression, eachStatement, expressionsOf, infoOf, type ModuleInfo, placeOf } from "./program.ts";
import { boundParameters, resultOf } from "./results.ts";
import { seq } from "./terms.ts";
import { lastName, noEnvironment } from "./values.ts";

/** A root that can be judged: the function that stands for it, and where it begins. */
export interface LoweredRoot {
  label: string;
  key: FunctionKey;
  place: CodePlace;
  path: RepoPath;
  /** The module that starts; of a root of the configuration the module that holds it. */
  module: ModuleInfo;
  /** True for the start of a process, false for a root that the configuration names. */
  isEntry: boolean;
}

/** The start of a process: module top level, the factory, then what the server starts. */
export function entryRoot(
  lowering: Lowering,
  path: RepoPath,
  part: Pick<EntryPart, "attribute" | "factory" | "module" | "subject"> | null,
  isServed: boolean,
): LoweredRoot | null {
  const module = lowering.resolver.program.module(path);
  if (module === null) return null;
  const place = placeOf(module, { start: 0, end: 0 });
  const label = part?.subject ?? path;
  const python = module.code.language === "python";
  const attribute = isServed ? applicationIn(module) : (part?.attribute ?? null);
  const isMain = python
    ? !isServed && (part === null || (part.attribute === null && part.module === null) || runsAsMain(part))
    : true;
  const context = topLevel(module, isMain);
  noteDjango(lowering, module);
  const key = lowering.synthetic(`root:${label}:${path}`, label, module, { start: 0, end: 0 }, () => {
    const out: Term[] = [];
    const site = lowering.site(module, { start: 0, end: 0 }, "import", []);
    out.push({ kind: "call", site, target: lowering.moduleKey(module, isMain), isImport: true });
    if (python && attribute) {
      const value = memberOf(lowering.resolver, module, attribute);
      if (value?.kind === "function") {
        runFunction(lowering, value, null, { start: 0, end: 0 }, [value.of.qualified], context, out, { awaited: true });
        const span = { start: 0, end: 0 };
        const callee = { kind: "name" as const, ...span, name: attribute };
        const app = resultOf(lowering.resolver, value, { kind: "call", ...span, callee, args: [] }, context.frame);
        out.push({ kind: "call", site, target: startupKey(lowering, app, context) });
      } else {
        const app = served(lowering, { kind: "name", start: 0, end: 0, name: attribute }, context);
        out.push({ kind: "call", site, target: startupKey(lowering, app, context) });
      }
    }
    if (python) {
      const workers: Term[] = [];
      out.push({ kind: "seq", items: workers });
      lowering.later(() => {
        for (const one of workerHandlers(lowering)) {
          const inner = topLevel(one.module);
          if (one.value.kind === "function")
            runFunction(lowering, one.value, null, one.span, [one.value.of.qualified], inner, workers, {
              awaited: true,
            });
        }
      });
    }
    return { kind: "seq", items: out };
  });
  return { label, key, place, path, module, isEntry: true };
}

/** Where `fastapi run` finds the application: `app`, `api`, else the first name that is given a FastAPI. */
function applicationIn(module: ModuleInfo): string | null {
  const { names } = module.scope;
  const isMade = (name: string): boolean =>
    names
      .get(name)
      ?.some((one) => one.kind === "value" && one.value?.kind === "call" && lastName(one.value) === "FastAPI") ?? false;
  return ["app", "api"].find((name) => names.has(name)) ?? [...names.keys()].find(isMade) ?? null;
}

const runsAsMain = (part: Pick<EntryPart, "attribute" | "module" | "subject">): boolean =>
  part.attribute === null && (part.subject.endsWith(".py") || part.module !== null);

/** A root of the configuration: `PATH`, `PATH:function`, `PATH:Class.method`. */
export function namedRoot(lowering: Lowering, text: string): LoweredRoot | { missing: string; nearest: string[] } {
  const colon = text.indexOf(":");
  const path = (colon === -1 ? text : text.slice(0, colon)).replace(/^\.\//, "");
  const module = lowering.resolver.program.module(path);
  if (module === null) return { missing: path, nearest: [] };
  if (colon === -1) {
    const key = lowering.moduleKey(module, true);
    return { label: text, key, place: placeOf(module, { start: 0, end: 0 }), path, module, isEntry: false };
  }
  const name = text.slice(colon + 1).replace(/\(\)$/, "");
  const value = findFunction(lowering, module, name);
  if (value === null)
    return { missing: name, nearest: module.functions.map((one) => one.qualified.slice(module.name.length + 1)) };
  const env = boundParameters(lowering.resolver, value, null, { scope: module.scope, env: noEnvironment });
  const key = lowering.functionKey(value, env, value.of.node.isGenerator ? "enter" : "");
  const { node } = value.of;
  return {
    label: text,
    key,
    place: placeOf(value.of.module, { start: node.nameStart, end: node.nameEnd }),
    path,
    module,
    isEntry: false,
  };
}

function findFunction(lowering: Lowering, module: ModuleInfo, name: string): FunctionValue | null {
  const parts = name.split(".");
  const context = topLevel(module);
  let value = memberOf(lowering.resolver, module, parts[0] as string);
  if (value === null) {
    const local = module.scope.names.get(parts[0] as string);
    if (local) value = lowering.resolver.ofBindings(local, context.frame);
  }
  for (const part of parts.slice(1)) value = value === null ? null : attributeOf(lowering.resolver, value, part);
  if (value?.kind === "function") {
    return value.self?.kind === "class" ? { ...value, self: { kind: "instance", of: value.self.of, id: null } } : value;
  }
  // A nested function, or one that is defined twice: the last of that name.
  const named = module.functions.filter((one) => one.qualified === `${module.name}.${name}`).at(-1);
  return named ? { kind: "function", of: named, self: null, env: noEnvironment } : null;
}

/** Finds INSTALLED_APPS of the settings that the module names, so that `django.setup()` runs each `ready`. */
function noteDjango(lowering: Lowering, module: ModuleInfo): void {
  if (module.code.language !== "python") return;
  let settings: string | null = null;
  const look = (body: ModuleInfo["code"]["body"]): void => {
    eachStatement(body, (statement) => {
      for (const one of expressionsOf(statement)) {
        eachExpression(one, (at) => {
          if (at.kind !== "call" || at.args.length < 2) return;
          const [first, second] = at.args;
          if (
            first?.value.kind === "string" &&
            first.value.value === "DJANGO_SETTINGS_MODULE" &&
            second?.value.kind === "string"
          ) {
            settings ??= second.value.value;
          }
        });
      }
    });
  };
  look(module.code.body);
  for (const fn of module.functions) look(fn.node.body);
  if (settings === null) return;
  const name: string = settings;
  lowering.ready = () => {
    const found: FunctionValue[] = [];
    const of = importedModule(lowering.resolver, module, name, 0);
    if (of?.kind !== "module") return found;
    for (const app of textsOf(lowering, of.of, "INSTALLED_APPS", new Set())) {
      const ready = readyOf(lowering, of.of, app);
      if (ready) found.push(ready);
    }
    return found;
  };
}

/** The texts of a list as settings write it: put together with `+`, added to with `+=`, taken over from other settings by a star. */
function textsOf(lowering: Lowering, module: ModuleInfo, name: string, seen: Set<string>): string[] {
  const id = `${module.path}\n${name}`;
  if (seen.has(id)) return [];
  seen.add(id);
  const own = module.code.body.flatMap((one) => {
    const target = one.kind === "assign" && one.targets.length === 1 ? one.targets[0] : undefined;
    return one.kind === "assign" && target?.kind === "name" && target.name === name ? [one] : [];
  });
  const inherited = () =>
    module.stars.flatMap((star) => {
      const target = importedModule(lowering.resolver, module, star.module, star.level);
      return target?.kind === "module" && target.of !== module ? textsOf(lowering, target.of, name, seen) : [];
    });
  const items = (at: Expression): string[] => {
    if (at.kind === "string") return at.value === null ? [] : [at.value];
    if (at.kind === "list") return at.items.flatMap(items);
    if (at.kind === "spread") return items(at.of);
    if (at.kind === "binary") return at.operator === "+" ? [...items(at.left), ...items(at.right)] : [];
    if (at.kind === "name" && at.name === name) return inherited();
    if (at.kind === "name" && module.scope.names.get(at.name)?.at(-1)?.kind !== "import")
      return textsOf(lowering, module, at.name, seen);
    const value = lowering.resolver.evaluate(at, { scope: module.scope, env: noEnvironment });
    return value?.kind === "list" ? value.items.flatMap((one) => (one.kind === "string" ? items(one) : [])) : [];
  };
  const last = own.findLastIndex((one) => !one.augmented);
  const first = last === -1 ? inherited() : [];
  return [...first, ...own.slice(Math.max(last, 0)).flatMap((one) => (one.value ? items(one.value) : []))];
}

function readyOf(lowering: Lowering, from: ModuleInfo, app: string): FunctionValue | null {
  const direct = app.match(/^(.*)\.(\w+Config)$/);
  const apps = importedModule(lowering.resolver, from, direct ? (direct[1] as string) : `${app}.apps`, 0);
  if (apps?.kind !== "module") return null;
  for (const one of apps.of.classes) {
    if (
      direct
        ? one.node.name !== direct[2]
        : !foreignBasesOf(lowering.resolver, one).some((base) => base.endsWith("AppConfig"))
    )
      continue;
    const method = methodOf(lowering.resolver, one, "ready");
    if (method && infoOf(method.node))
      return { kind: "function", of: method, self: { kind: "instance", of: one, id: null }, env: noEnvironment };
  }
  return null;
}

export const emptyRoot = seq([]);
