import { nearestNames } from "../../text/nearest.ts";
import type { CodeClass, CodeFile, CodeFunction, Expression, Parameter, Statement } from "../../types/code.ts";
import type { FactReader } from "../../types/facts.ts";
import type { ImportMiss } from "../../types/imports.ts";
import type { RepoPath } from "../../types/text.ts";
import { sourcesOf } from "../entry/built.ts";
import { codePattern } from "./paths.ts";
import type { ScriptResolver } from "./resolve.ts";
import { survey } from "./value-names.ts";

/** What a name stands for in one scope. */
export type Definition =
  | { kind: "function"; of: CodeFunction; scope: Scope }
  | { kind: "class"; of: CodeClass; scope: Scope }
  | { kind: "import"; specifier: string; name: string }
  | { kind: "value"; of: Expression; scope: Scope; key?: string; isConstant?: boolean }
  | { kind: "open" };

export interface Scope {
  module: ScriptModule;
  parent: Scope | null;
  names: Map<string, Definition>;
}

/** One parsed file. */
export interface ScriptModule {
  path: RepoPath;
  code: CodeFile;
  scope: Scope;
  /** Exported names: local ones, or those of another module. */
  exports: Map<string, { local: string } | { specifier: string; name: string }>;
  /** `export * from`. */
  stars: string[];
  /** `export default expression`. */
  standard: Expression | null;
  /** `module.exports = …`. */
  whole: Expression | null;
  /** Names that are read as values somewhere; an import of none of them is dropped by TypeScript. */
  used: ReadonlySet<string>;
  /** Every function of the file, outer ones first. */
  functions: readonly CodeFunction[];
  typescript: boolean;
}

/** What an expression evaluates to, as far as it can be told. */
export type Value =
  | { kind: "function"; of: CodeFunction; scope: Scope; self: ClassValue | null }
  | ClassValue
  | { kind: "instance"; of: ClassValue }
  | { kind: "module"; of: ScriptModule }
  | { kind: "dict"; of: Extract<Expression, { kind: "dict" }>; scope: Scope };

export interface ClassValue {
  kind: "class";
  of: CodeClass;
  scope: Scope;
}

const maxDepth = 24;

/** The parsed files of one run, each once. */
export class ScriptProgram {
  readonly resolver: ScriptResolver;
  private readonly facts: FactReader;
  private readonly modules = new Map<RepoPath, ScriptModule | null>();
  private readonly words = new Map<RepoPath, ReadonlySet<string> | null>();

  constructor(resolver: ScriptResolver, facts: FactReader) {
    this.resolver = resolver;
    this.facts = facts;
  }

  module(path: RepoPath): ScriptModule | null {
    let module = this.modules.get(path);
    if (module === undefined) {
      module = null;
      this.modules.set(path, module);
      const code =
        codePattern.test(path) && !/\.d\.[cm]?ts$/.test(path) ? this.facts.get("javascript-code", path) : null;
      if (code) module = makeModule(path, code);
      this.modules.set(path, module);
    }
    return module;
  }

  /** The value of an expression in a scope; null where it cannot be told. */
  valueOf(at: Expression, scope: Scope, self: ClassValue | null, depth = 0): Value | null {
    if (depth > maxDepth) return null;
    switch (at.kind) {
      case "name":
        return this.named(at.name, scope, depth + 1);
      case "function":
        return { kind: "function", of: at.of, scope, self };
      case "class":
        return { kind: "class", of: at.of, scope };
      case "dict":
        return { kind: "dict", of: at, scope };
      case "await":
        return this.valueOf(at.of, scope, self, depth + 1);
      case "attribute": {
        if (at.of.kind === "name" && at.of.name === "this") return self ? this.method(self, at.name, depth + 1) : null;
        const of = this.valueOf(at.of, scope, self, depth + 1);
        return of ? this.member(of, at.name, depth + 1) : null;
      }
      case "call": {
        const specifier = importCall(at);
        if (specifier !== null) return this.imported(scope.module, specifier, "*");
        if (at.isNew) {
          const of = this.valueOf(at.callee, scope, self, depth + 1);
          return of?.kind === "class" ? { kind: "instance", of } : null;
        }
        return null;
      }
      default:
        return null;
    }
  }

  private named(name: string, scope: Scope, depth: number): Value | null {
    for (let at: Scope | null = scope; at; at = at.parent) {
      const found = at.names.get(name);
      if (found) return this.defined(found, at.module, depth);
    }
    return null;
  }

  private defined(found: Definition, module: ScriptModule, depth: number): Value | null {
    switch (found.kind) {
      case "function":
        return { kind: "function", of: found.of, scope: found.scope, self: null };
      case "class":
        return { kind: "class", of: found.of, scope: found.scope };
      case "import":
        return this.imported(module, found.specifier, found.name, depth + 1);
      case "value": {
        const value = this.valueOf(found.of, found.scope, null, depth + 1);
        return value && found.key !== undefined ? this.member(value, found.key, depth + 1) : value;
      }
      default:
        return null;
    }
  }

  /** A name of another module; `*` is the module itself. */
  imported(from: ScriptModule, specifier: string, name: string, depth = 0): Value | null {
    const { path } = this.resolver.resolve(from.path, specifier);
    const module = path === null ? null : this.module(path);
    if (!module) return null;
    if (name === "*") return { kind: "module", of: module };
    return this.exported(module, name, depth + 1);
  }

  /** `asked`: modules in which it was looked for already, since those that export all of each other are many ways to the same. */
  exported(module: ScriptModule, name: string, depth = 0, asked = new Set<ScriptModule>()): Value | null {
    if (depth > maxDepth || asked.has(module)) return null;
    const found = module.exports.get(name);
    if (found) {
      if ("specifier" in found) return this.imported(module, found.specifier, found.name, depth + 1);
      return this.named(found.local, module.scope, depth + 1);
    }
    if (name === "default") {
      if (module.standard) return this.valueOf(module.standard, module.scope, null, depth + 1);
      if (module.whole) return this.valueOf(module.whole, module.scope, null, depth + 1);
      return module.code.esm ? null : { kind: "module", of: module };
    }
    if (module.stars.length > 0) asked.add(module);
    for (const star of module.stars) {
      const { path } = this.resolver.resolve(module.path, star);
      const target = path === null ? null : this.module(path);
      const value = target && this.exported(target, name, depth + 1, asked);
      if (value) return value;
    }
    const whole = module.whole ? this.valueOf(module.whole, module.scope, null, depth + 1) : null;
    return whole ? this.member(whole, name, depth + 1) : null;
  }

  /** Why a module certainly exports no such name; null where it does or may. */
  missingName(from: ScriptModule, specifier: string, name: string): ImportMiss | null {
    if (name === "*" || name === "default") return null;
    const { path } = this.resolver.resolve(from.path, specifier);
    // Most names are there, and a look at the words costs less than a parse.
    if (path === null || this.holdsWord(path, name)) return null;
    // A build output in the repository is older than its source: whatever builds the image makes it anew.
    if (sourcesOf(path).some((source) => this.facts.get("lines", source) && this.holdsWord(source, name))) return null;
    const module = this.module(path);
    const seen = new Set<ScriptModule>();
    if (!module || this.mayExport(module, name, seen)) return null;
    const names = new Set([...seen].flatMap((one) => [...one.exports.keys()]));
    const [nearest] = nearestNames(name, names, 1);
    return { kind: "name", wanted: name, nearest: nearest ?? null, detail: `${module.path} exports no \`${name}\`` };
  }

  /** Whether a comment above a line tells the compiler to pass over it: who wrote it knows that the name may be absent, and bundlers only warn. */
  isPassedOver(module: ScriptModule, line: number): boolean {
    return /@ts-(?:ignore|expect-error)\b/.test(this.facts.get("lines", module.path)?.lines[line - 2] ?? "");
  }

  /** True unless the file and what it passes on are ES modules that export no such name, nor hold the word at all (types leave no trace). */
  private mayExport(module: ScriptModule, name: string, seen: Set<ScriptModule>): boolean {
    if (seen.has(module)) return false;
    seen.add(module);
    if (!module.code.esm || module.code.broken || module.whole || module.exports.has(name)) return true;
    if (this.holdsWord(module.path, name)) return true;
    return module.stars.some((star) => {
      const { path } = this.resolver.resolve(module.path, star);
      if (path === null || this.holdsWord(path, name)) return true;
      const target = this.module(path);
      return !target || this.mayExport(target, name, seen);
    });
  }

  /** Whether a file holds a name as a word of its own; true where it cannot be read. A barrel's files are asked for each name that is imported from it. */
  holdsWord(path: RepoPath, name: string): boolean {
    let words = this.words.get(path);
    if (words === undefined) {
      const lines = this.facts.get("lines", path)?.lines;
      words = lines ? new Set(lines.flatMap((line) => line.match(/[\w$]+/g) ?? [])) : null;
      this.words.set(path, words);
    }
    if (words === null || words.has(name)) return true;
    if (/^[\w$]+$/.test(name)) return false;
    const word = new RegExp(`(?<![\\w$])${name.replaceAll("$", "\\$")}(?![\\w$])`);
    return this.facts.get("lines", path)?.lines.some((line) => line.includes(name) && word.test(line)) ?? true;
  }

  member(of: Value, name: string, depth = 0): Value | null {
    if (depth > maxDepth) return null;
    if (of.kind === "module") return this.exported(of.of, name, depth + 1);
    if (of.kind === "instance") return this.method(of.of, name, depth + 1);
    if (of.kind === "class") return this.method(of, name, depth + 1);
    if (of.kind === "dict") {
      for (const entry of of.of.entries) {
        const key = entry.key?.kind === "string" ? entry.key.value : entry.key?.kind === "name" ? entry.key.name : null;
        if (key === name) return this.valueOf(entry.value, of.scope, null, depth + 1);
      }
    }
    return null;
  }

  /** A method of a class or of the classes it extends. */
  method(of: ClassValue, name: string, depth = 0): Value | null {
    if (depth > maxDepth) return null;
    for (const statement of of.of.body) {
      if (statement.kind === "function" && statement.of.name === name) {
        return { kind: "function", of: statement.of, scope: of.scope, self: of };
      }
      if (statement.kind === "assign" && statement.declared === "field" && statement.value) {
        const target = statement.targets[0];
        if (target?.kind === "name" && target.name === name)
          return this.valueOf(statement.value, of.scope, of, depth + 1);
      }
    }
    for (const base of of.of.bases) {
      const value = this.valueOf(base, of.scope, null, depth + 1);
      const found = value?.kind === "class" ? this.method(value, name, depth + 1) : null;
      if (found) return found;
    }
    return null;
  }
}

/** The literal of `require("x")` or `import("x")`; null for any other call. */
export function importCall(at: Expression): string | null {
  if (at.kind !== "call" || at.isNew || at.callee.kind !== "name") return null;
  if (at.callee.name !== "require" && at.callee.name !== "import") return null;
  const first = at.args[0]?.value;
  return first?.kind === "string" ? first.value : null;
}

/** A scope for a function's or module's statements, with what they declare. */
export function makeScope(
  module: ScriptModule,
  parent: Scope | null,
  body: readonly Statement[],
  parameters: readonly Parameter[],
): Scope {
  const scope: Scope = { module, parent, names: new Map() };
  for (const parameter of parameters) {
    if (parameter.name !== "") scope.names.set(parameter.name, { kind: "open" });
    for (const one of parameter.pattern ?? []) scope.names.set(one.name, { kind: "open" });
  }
  declare(body, scope);
  return scope;
}

function declare(body: readonly Statement[], scope: Scope): void {
  for (const statement of body) {
    switch (statement.kind) {
      case "function":
        if (statement.of.name !== "" && !statement.of.bodiless)
          scope.names.set(statement.of.name, { kind: "function", of: statement.of, scope });
        break;
      case "class":
        if (statement.of.name !== "") scope.names.set(statement.of.name, { kind: "class", of: statement.of, scope });
        break;
      case "import":
        for (const name of statement.names)
          scope.names.set(name.local, { kind: "import", specifier: statement.module, name: name.name });
        break;
      case "assign":
        if (statement.declared)
          for (const target of statement.targets) bind(target, statement.value, scope, statement.declared === "const");
        break;
      case "if":
        declare(statement.consequent, scope);
        declare(statement.otherwise, scope);
        break;
      case "try":
        declare(statement.body, scope);
        for (const handler of statement.handlers) declare(handler.body, scope);
        declare(statement.finally, scope);
        break;
      case "for":
      case "while":
      case "with":
      case "block":
        declare(statement.body, scope);
        break;
      case "match":
        for (const one of statement.cases) declare(one.body, scope);
        break;
      default:
    }
  }
}

function bind(target: Expression, value: Expression | null, scope: Scope, isConstant: boolean): void {
  if (target.kind === "name") {
    if (!scope.names.has(target.name))
      scope.names.set(target.name, value ? { kind: "value", of: value, scope, isConstant } : { kind: "open" });
  } else if (target.kind === "dict") {
    for (const entry of target.entries) {
      const key = entry.key?.kind === "string" ? entry.key.value : entry.key?.kind === "name" ? entry.key.name : null;
      if (entry.value.kind === "name") {
        scope.names.set(
          entry.value.name,
          value && key !== null ? { kind: "value", of: value, scope, key } : { kind: "open" },
        );
      }
    }
  }
}

function makeModule(path: RepoPath, code: CodeFile): ScriptModule {
  const module: ScriptModule = {
    path,
    code,
    scope: null as unknown as Scope,
    exports: new Map(),
    stars: [],
    standard: null,
    whole: null,
    used: new Set(),
    functions: [],
    typescript: /\.[cm]?tsx?$/.test(path),
  };
  module.scope = makeScope(module, null, code.body, []);
  const used = new Set<string>();
  for (const statement of code.body) {
    if (statement.kind === "export") {
      if (statement.star && statement.module !== null) module.stars.push(statement.module);
      for (const { local, name } of statement.names) {
        module.exports.set(name, statement.module === null ? { local } : { specifier: statement.module, name: local });
        if (statement.module === null) used.add(local);
      }
    } else if (statement.kind === "export-default") module.standard = statement.value;
    else if (statement.kind === "assign" && statement.value) {
      const target = statement.targets[0];
      if (target?.kind !== "attribute") continue;
      const { of, name } = target;
      if (name === "exports" && of.kind === "name" && of.name === "module") module.whole = statement.value;
      else if ((of.kind === "name" && of.name === "exports") || (of.kind === "attribute" && of.name === "exports")) {
        if (statement.value.kind === "name") module.exports.set(name, { local: statement.value.name });
        else {
          module.scope.names.set(`exports.${name}`, { kind: "value", of: statement.value, scope: module.scope });
          module.exports.set(name, { local: `exports.${name}` });
        }
      }
    }
  }
  module.functions = survey(code.body, used);
  module.used = used;
  return module;
}
