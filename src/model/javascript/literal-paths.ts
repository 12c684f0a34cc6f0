import { directoryOf } from "../../text/paths.ts";
import type { Expression } from "../../types/code.ts";
import { joinPaths } from "./paths.ts";
import { type Definition, importCall, type Scope, type ScriptModule, type ScriptProgram } from "./program.ts";

/** A literal path: below the repository (from the file that names it), or relative to the working directory. */
export interface LiteralPath {
  base: "repository" | "working-directory";
  path: string;
}

/** A name of a module that is no file of the repository: `readFileSync` of `fs`; `*` is the module itself. */
export interface Origin {
  module: string;
  name: string;
}

const maxDepth = 20;

/** Where a callee comes from, through imports, `require` and destructuring; null for what the repository defines. `node:` is left out. */
export function originOf(at: Expression, scope: Scope, depth = 0): Origin | null {
  if (depth > maxDepth) return null;
  const required = importCall(at);
  if (required !== null) return external(required, "*");
  if (at.kind === "await") return originOf(at.of, scope, depth + 1);
  if (at.kind === "attribute") return member(originOf(at.of, scope, depth + 1), at.name);
  if (at.kind !== "name") return null;
  const found = definitionOf(at.name, scope);
  if (found?.kind === "import") return external(found.specifier, found.name === "default" ? "*" : found.name);
  if (found?.kind !== "value") return null;
  const origin = originOf(found.of, found.scope, depth + 1);
  return found.key === undefined ? origin : member(origin, found.key);
}

/** Only of a package: a relative path is the repository's. */
function external(specifier: string, name: string): Origin | null {
  return /^[./]/.test(specifier) ? null : { module: specifier.replace(/^node:/, ""), name };
}

function member(of: Origin | null, name: string): Origin | null {
  if (of?.name !== "*") return null;
  if (name === "default" || name === "posix") return of;
  return of.module === "fs" && name === "promises" ? { module: "fs/promises", name: "*" } : { ...of, name };
}

function definitionOf(name: string, scope: Scope): Definition | null {
  for (let at: Scope | null = scope; at; at = at.parent) {
    const found = at.names.get(name);
    if (found) return found;
  }
  return null;
}

/**
 * The path that an expression spells out: literals, `__dirname`, `import.meta`, `path.join(…)`, `new URL("x", import.meta.url)`,
 * constants, also of other files. Null where anything in it is not known, or where the path starts at the root.
 */
export function literalPath(at: Expression, scope: Scope, program: ScriptProgram, depth = 0): LiteralPath | null {
  if (depth > maxDepth) return null;
  const of = (inner: Expression) => literalPath(inner, scope, program, depth + 1);
  const file: LiteralPath = { base: "repository", path: scope.module.path };
  switch (at.kind) {
    case "string": {
      if (at.value !== null) return /^\/|^$/.test(at.value) ? null : { base: "working-directory", path: at.value };
      // `${__dirname}/x`
      const [hole, ...more] = at.parts ?? [];
      const [before, after] = at.texts ?? [];
      if (!hole || more.length > 0 || before !== "" || !after?.startsWith("/")) return null;
      return below(of(hole), after.slice(1));
    }
    case "name": {
      const found = definitionOf(at.name, scope);
      if (!found) return at.name === "__dirname" ? parentOf(file) : at.name === "__filename" ? file : null;
      return constant(found, scope.module, program, depth + 1);
    }
    case "attribute":
      if (isImportMeta(at.of)) {
        if (at.name === "url" || at.name === "filename" || at.name === "path") return file;
        return at.name === "dirname" || at.name === "dir" ? parentOf(file) : null;
      }
      return at.name === "pathname" || at.name === "href" ? of(at.of) : null;
    case "binary": {
      if (at.operator !== "+" || at.right.kind !== "string" || !at.right.value?.startsWith("/")) return null;
      return below(of(at.left), at.right.value.slice(1));
    }
    case "call": {
      const [first, ...rest] = at.args.map((one) => (one.spread ? null : one.value));
      if (first === null || rest.includes(null)) return null;
      const { callee } = at;
      if (at.isNew) {
        if (callee.kind !== "name" || callee.name !== "URL" || first?.kind !== "string" || !rest[0]) return null;
        return first.value === null || first.value.includes(":") ? null : below(parentOf(of(rest[0])), first.value);
      }
      if (callee.kind === "attribute" && callee.of.kind === "name") {
        if (callee.of.name === "process" && callee.name === "cwd") return { base: "working-directory", path: "" };
        if (callee.of.name === "require" && callee.name === "resolve" && first?.kind === "string")
          return first.value?.startsWith(".") ? below(parentOf(file), first.value) : null;
      }
      const origin = originOf(callee, scope);
      if (!first || !origin || (origin.module !== "path" && origin.module !== "url")) return null;
      switch (origin.name) {
        case "fileURLToPath":
        case "normalize":
          return of(first);
        case "dirname":
          return parentOf(of(first));
        case "join":
        case "resolve": {
          let path = of(first);
          for (const part of rest)
            path = part?.kind === "string" && part.value !== null ? below(path, part.value) : null;
          return path;
        }
        default:
          return null;
      }
    }
    default:
      return null;
  }
}

/** The path that a name holds: a `const` of this file or of the one that it is imported from. */
function constant(found: Definition, module: ScriptModule, program: ScriptProgram, depth: number): LiteralPath | null {
  if (depth > maxDepth) return null;
  if (found.kind === "value")
    return found.isConstant && found.key === undefined ? literalPath(found.of, found.scope, program, depth) : null;
  if (found.kind !== "import") return null;
  const { path } = program.resolver.resolve(module.path, found.specifier);
  const target = path === null ? null : program.module(path);
  const exported = target?.exports.get(found.name);
  if (!target || !exported || "specifier" in exported) return null;
  const there = target.scope.names.get(exported.local);
  return there ? constant(there, target, program, depth + 1) : null;
}

const isImportMeta = (at: Expression): boolean =>
  at.kind === "attribute" && at.name === "meta" && at.of.kind === "name" && at.of.name === "import";

function below(path: LiteralPath | null, text: string): LiteralPath | null {
  const whole = path === null || text.startsWith("/") ? null : joinPaths(path.path, text);
  return path === null || whole === null ? null : { base: path.base, path: whole };
}

function parentOf(path: LiteralPath | null): LiteralPath | null {
  if (!path || path.path === "") return null;
  return { base: path.base, path: directoryOf(path.path) };
}
