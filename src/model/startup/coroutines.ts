import type { Expression, Statement } from "../../types/code.ts";
import type { StartupObservation, StartupObservationKind } from "../../types/startup.ts";
import { valueOfAnnotation } from "./annotations.ts";
import { basesOf, foreignBasesOf, methodOf } from "./classes.ts";
import { catches } from "./guards.ts";
import {
  type Binding,
  blocksOf,
  type ClassInfo,
  eachChild,
  eachExpression,
  eachStatement,
  expressionsOf,
  type FunctionInfo,
  type ModuleInfo,
  placeOf,
  scopeOf,
} from "./program.ts";
import type { Resolver } from "./resolver.ts";
import { isTest } from "./test-code.ts";
import { type Frame, isProperty, isTransparent, lastName, noEnvironment, writtenName } from "./values.ts";
import type { StartupWorld } from "./world.ts";

type Call = Extract<Expression, { kind: "call" }>;

/** What surrounds an expression directly: it decides whether a coroutine object will do there. */
type Position =
  | { as: "statement" | "awaited" | "index" | "truth" | "arithmetic" | "iterated" | "unpacked" | "other" | "identity" }
  | { as: "attribute"; name: string };

/** Names that show that the code looks itself at whether a value is a coroutine. */
const asksItself = /^(?:iscoroutinefunction|iscoroutine|isawaitable|isfuture|is_coroutine\w*|ensure_future)$/;
/** What a coroutine object really has. */
const ofCoroutines = /^(?:close|send|throw|__await__|cr_\w+)$/;
const arithmetic = new Set(["+", "-", "*", "/", "//", "%", "**", "@", "&", "|", "^", "<<", ">>", "<", ">", "<=", ">="]);
const misuse = new Set(["attribute", "index", "truth", "arithmetic", "iterated", "unpacked"]);

/** Coroutines that never run or are used as if they were their result, plain values that are awaited, properties that are called. */
export function coroutineObservations(
  world: StartupWorld,
): ReadonlyMap<StartupObservationKind, readonly StartupObservation[]> {
  const made = new Map<StartupObservationKind, StartupObservation[]>([
    ["unawaited-call", []],
    ["unawaited-value", []],
    ["await-of-sync", []],
    ["property-called", []],
  ]);
  const { lowering } = world;
  lowering.finish();
  const modules = [...lowering.resolver.program.loaded()].filter(({ code }) => code.language === "python");
  if (!modules.some(({ functions }) => functions.some(hasOwnKind))) return made;
  const family = subclasses(lowering.resolver);
  for (const module of modules) {
    if (isTest(module.path)) continue;
    const bodies: { body: readonly Statement[]; frame: Frame; fn: FunctionInfo | null }[] = [
      { body: module.code.body, frame: { scope: module.scope, env: noEnvironment }, fn: null },
      ...module.functions.map((fn) => ({ body: fn.node.body, frame: { scope: scopeOf(fn), env: noEnvironment }, fn })),
    ];
    for (const { body, frame, fn } of bodies) {
      if (asksAboutCoroutines(body)) continue;
      const look = new Look(world, module, frame, fn, family, made);
      look.statements(body);
    }
  }
  return made;
}

/** Only of the program's own coroutines and properties is anything said. */
const hasOwnKind = ({ node }: FunctionInfo): boolean => node.isAsync || node.decorators.some(isProperty);

function asksAboutCoroutines(body: readonly Statement[]): boolean {
  let found = false;
  eachStatement(body, (statement) => {
    for (const one of expressionsOf(statement)) {
      eachExpression(one, (at) => {
        if ((at.kind === "name" || at.kind === "attribute") && asksItself.test(at.name)) found = true;
      });
    }
  });
  return found;
}

/** Every method name that some class below a class defines, by class. */
function subclasses(resolver: Resolver): Map<string, Map<string, FunctionInfo[]>> {
  const found = new Map<string, Map<string, FunctionInfo[]>>();
  for (const module of resolver.program.loaded()) {
    for (const one of module.classes) {
      const open: ClassInfo[] = basesOf(resolver, one);
      const seen = new Set<string>();
      for (let base = open.pop(); base; base = open.pop()) {
        if (seen.has(base.id)) continue;
        seen.add(base.id);
        const methods = found.get(base.id) ?? new Map<string, FunctionInfo[]>();
        found.set(base.id, methods);
        for (const [name, bindings] of one.scope.names) {
          for (const binding of bindings) {
            if (binding.kind === "function") methods.set(name, [...(methods.get(name) ?? []), binding.of]);
          }
        }
        open.push(...basesOf(resolver, base));
      }
    }
  }
  return found;
}

// A class: one pass over a body that shares its frame and findings.
class Look {
  readonly world: StartupWorld;
  readonly module: ModuleInfo;
  readonly frame: Frame;
  readonly fn: FunctionInfo | null;
  readonly family: Map<string, Map<string, FunctionInfo[]>>;
  readonly made: Map<StartupObservationKind, StartupObservation[]>;
  private body: readonly Statement[] = [];
  private caught: "note" | "warning" | null = null;

  constructor(
    world: StartupWorld,
    module: ModuleInfo,
    frame: Frame,
    fn: FunctionInfo | null,
    family: Map<string, Map<string, FunctionInfo[]>>,
    made: Map<StartupObservationKind, StartupObservation[]>,
  ) {
    this.world = world;
    this.module = module;
    this.frame = frame;
    this.fn = fn;
    this.family = family;
    this.made = made;
  }

  statements(body: readonly Statement[]): void {
    this.body = body;
    this.visit(body);
  }

  private visit(body: readonly Statement[]): void {
    for (const statement of body) {
      this.statement(statement);
      const outer = this.caught;
      for (const inner of blocksOf(statement)) {
        // Only the body of a `try` is under its handlers.
        this.caught = statement.kind === "try" && inner === statement.body ? (caughtBy(statement) ?? outer) : outer;
        this.visit(inner);
      }
      this.caught = outer;
    }
  }

  private statement(at: Statement): void {
    switch (at.kind) {
      case "expression":
        this.expression(at.value, { as: "statement" });
        break;
      case "assign": {
        if (!at.value) break;
        const [target] = at.targets;
        if (target?.kind === "list" && at.targets.length === 1) this.expression(at.value, { as: "unpacked" });
        else {
          this.expression(at.value, { as: "other" });
          if (target?.kind === "name" && at.targets.length === 1 && !at.augmented && at.value.kind === "call") {
            this.variable(target.name, at.value);
          }
        }
        for (const one of at.targets) if (one.kind !== "name") this.expression(one, { as: "other" });
        break;
      }
      case "if":
      case "while":
        this.expression(at.test, { as: "truth" });
        break;
      case "for":
        this.expression(at.over, { as: at.isAsync ? "other" : "iterated" });
        break;
      default:
        for (const one of expressionsOf(at)) this.expression(one, { as: "other" });
        break;
    }
  }

  private expression(at: Expression, position: Position): void {
    if (at.kind === "call") this.call(at, position);
    switch (at.kind) {
      case "await":
        this.expression(at.of, { as: "awaited" });
        break;
      case "attribute":
        this.expression(at.of, { as: "attribute", name: at.name });
        break;
      case "index":
        this.expression(at.of, { as: "index" });
        this.expression(at.at, { as: "other" });
        break;
      case "not":
        this.expression(at.of, { as: "truth" });
        break;
      case "logical":
        this.expression(at.left, { as: "truth" });
        this.expression(at.right, position.as === "truth" ? position : { as: "other" });
        break;
      case "conditional":
        this.expression(at.test, { as: "truth" });
        this.expression(at.consequent, { as: "other" });
        this.expression(at.otherwise, { as: "other" });
        break;
      case "binary": {
        const as = arithmetic.has(at.operator) ? "arithmetic" : "identity";
        this.expression(at.left, { as });
        this.expression(at.right, { as });
        break;
      }
      case "comprehension":
        this.expression(at.over, { as: at.isAsync ? "other" : "iterated" });
        this.expression(at.element, { as: "other" });
        for (const one of at.rest) this.expression(one, { as: "other" });
        break;
      case "call":
        if (at.callee.kind === "attribute") this.expression(at.callee.of, { as: "attribute", name: at.callee.name });
        else if (at.callee.kind !== "name") this.expression(at.callee, { as: "other" });
        for (const one of at.args) this.expression(one.value, { as: "other" });
        break;
      default:
        eachChild(at, (child) => this.expression(child, { as: "other" }));
        break;
    }
  }

  private call(at: Call, position: Position): void {
    this.property(at);
    if (position.as === "awaited") {
      this.awaited(at);
      return;
    }
    const of = this.coroutine(at);
    if (of === null) return;
    if (position.as === "statement" && of.node.isAsync) {
      this.add("unawaited-call", at, of.qualified, { name: writtenName(at.callee) });
    } else if (isMisuse(position)) {
      this.add("unawaited-value", at, of.qualified, { name: writtenName(at.callee), use: useText(position, null) });
    }
  }

  /** The function that the call makes a coroutine of, where that is certain. */
  private coroutine(at: Call): FunctionInfo | null {
    const target = this.world.lowering.resolver.evaluate(at.callee, this.frame);
    if (target?.kind !== "function") return null;
    const of = this.dispatched(target.of);
    if (of.module.code.language !== "python" || of.conditional || !isTransparent(of.node.decorators)) return null;
    if (of.node.isGenerator || !this.world.lowering.isAsync(of)) return null;
    if (of.node.returns && /^Async(?:Iterator|Generator|Iterable)$/.test(annotationName(of.node.returns))) return null;
    if (of.class && this.overrides(of).some((one) => !this.world.lowering.isAsync(one))) return null;
    return of;
  }

  private overrides(of: FunctionInfo): readonly FunctionInfo[] {
    return (of.class && this.family.get(of.class.id)?.get(of.node.name)) ?? [];
  }

  /** What runs in place of a method that is there to be overridden, where all that override it are coroutines; else the method itself. */
  private dispatched(of: FunctionInfo): FunctionInfo {
    if (of.node.isAsync || !isPromise(of)) return of;
    const overrides = this.overrides(of);
    const [first] = overrides;
    return first && overrides.every(({ node }) => node.isAsync && !node.isGenerator) ? first : of;
  }

  /** `x = f()` where every use of `x` needs the result. */
  private variable(name: string, value: Call): void {
    if (this.fn === null) return;
    const of = this.coroutine(value);
    if (of === null) return;
    const scope = scopeOf(this.fn);
    const bindings: readonly Binding[] = scope.names.get(name) ?? [];
    if (bindings.length !== 1 || scope.globals.has(name)) return;
    const uses = usesOf(this.body, name);
    if (uses === null || uses.some((one) => one.as === "awaited")) return;
    // Reading an attribute of a coroutine fails whatever else is done with it; testing one may be meant, where it is also handed on.
    const certain = uses.find((one) => isMisuse(one) && one.as !== "truth");
    const handedOn = uses.some((one) => !isMisuse(one) && one.as !== "identity");
    const wrong = certain ?? (handedOn ? undefined : uses.find(isMisuse));
    if (wrong)
      this.add("unawaited-value", value, of.qualified, { name: writtenName(value.callee), use: useText(wrong, name) });
  }

  private awaited(at: Call): void {
    const target = this.world.lowering.resolver.evaluate(at.callee, this.frame);
    if (target?.kind !== "function") return;
    const { of } = target;
    const { node } = of;
    if (of.module.code.language !== "python" || node.isAsync || node.isGenerator || of.conditional) return;
    if (node.decorators.some((one) => !/^(?:staticmethod|classmethod)$/.test(lastName(one))) || node.bodiless) return;
    if (this.overrides(of).length > 0) return;
    const gives = this.givesPlainValue(of);
    if (gives !== null) this.add("await-of-sync", at, of.qualified, { name: writtenName(at.callee), gives });
  }

  /** What a plain function returns, where no return can be awaited; null: unknown. */
  private givesPlainValue(of: FunctionInfo): string | null {
    const frame: Frame = { scope: scopeOf(of), env: noEnvironment };
    let gives: string | null = "None";
    let ends = false;
    eachStatement(of.node.body, (statement) => {
      if (statement.kind === "throw") ends = true;
      if (statement.kind !== "return" || gives === null || statement.value === null) return;
      gives = this.plainText(statement.value, frame);
    });
    // A stub that only raises is made to be overridden.
    if (ends && gives === "None" && of.node.body.length <= 2) return null;
    if (of.node.returns && /^(?:Awaitable|Coroutine|Future|Task|Any|object)$/.test(annotationName(of.node.returns)))
      return null;
    return gives;
  }

  private plainText(at: Expression, frame: Frame): string | null {
    switch (at.kind) {
      case "constant":
        return at.text === "..." ? null : at.text;
      case "string":
        return "a string";
      case "list":
        return `a ${at.shape}`;
      case "dict":
        return "a dict";
      case "not":
        return "a bool";
      case "comprehension":
        return at.shape === "generator" ? null : `a ${at.shape}`;
      case "binary":
        return /^(?:==|!=|<|>|<=|>=|is|is not|in|not in)$/.test(at.operator) ? "a bool" : null;
      case "call":
      case "name": {
        if (
          at.kind === "call" &&
          at.callee.kind === "name" &&
          /^(?:str|int|float|bool|dict|list|tuple|set|len|sorted|repr)$/.test(at.callee.name)
        ) {
          return this.world.lowering.resolver.bindings(at.callee.name, frame.scope) === null
            ? `a ${at.callee.name}`
            : null;
        }
        const value = this.world.lowering.resolver.evaluate(at, frame);
        if (value?.kind === "instance" && value.id !== null) {
          const { resolver } = this.world.lowering;
          if (
            methodOf(resolver, value.of, "__await__") ||
            foreignBasesOf(resolver, value.of).some((one) => one !== "object")
          )
            return null;
          if (value.of.node.decorators.some((one) => lastName(one) !== "dataclass")) return null;
          return `a ${value.of.node.name}`;
        }
        if (value?.kind === "list") return "a list";
        if (value?.kind === "dict") return "a dict";
        return value?.kind === "text" ? "a string" : null;
      }
      default:
        return null;
    }
  }

  private property(at: Call): void {
    if (at.callee.kind !== "attribute") return;
    const { resolver } = this.world.lowering;
    const on = resolver.evaluate(at.callee.of, this.frame);
    if (on?.kind !== "instance") return;
    const method = methodOf(resolver, on.of, at.callee.name);
    if (method?.node.decorators.length !== 1 || !isProperty(method.node.decorators[0] as Expression)) return;
    if (/^(?:setter|getter|deleter)$/.test(lastName(method.node.decorators[0] as Expression))) return;
    if (this.overrides(method).some((one) => !one.node.decorators.some(isProperty))) return;
    const gives = method.node.returns ? this.nonCallable(method.node.returns, method) : null;
    if (gives !== null) this.add("property-called", at, method.qualified, { name: writtenName(at.callee), gives });
  }

  /** The name of an annotated type that cannot be called; null: it may be. */
  private nonCallable(at: Expression, of: FunctionInfo): string | null {
    const name = annotationName(at);
    if (
      /^(?:str|int|float|bool|bytes|dict|list|tuple|set|frozenset|None|Dict|List|Tuple|Set|FrozenSet|Sequence|Mapping|datetime|date|timedelta|Path|Decimal|UUID)$/.test(
        name,
      )
    ) {
      return name;
    }
    const value = valueOfAnnotation(this.world.lowering.resolver, at, { scope: of.outer, env: noEnvironment });
    if (value?.kind !== "instance") return null;
    const { resolver } = this.world.lowering;
    if (
      methodOf(resolver, value.of, "__call__") ||
      foreignBasesOf(resolver, value.of).some((one) => !/^(?:object|ABC|abc\.ABC|Enum|enum\.Enum)$/.test(one))
    )
      return null;
    return value.of.node.name;
  }

  private add(kind: StartupObservationKind, at: Expression, subject: string, words: Record<string, string>): void {
    const found = this.made.get(kind) as StartupObservation[];
    const target = this.world.lowering.resolver.evaluate((at as Call).callee, this.frame);
    const related =
      target?.kind === "function"
        ? [
            {
              ...this.world.locate(
                placeOf(target.of.module, { start: target.of.node.nameStart, end: target.of.node.nameEnd }),
              ),
              message: `${target.of.node.isAsync ? "async, " : ""}defined here`,
            },
          ]
        : [];
    // A call that never runs raises nothing, so no handler softens it.
    const level = kind === "unawaited-call" ? null : this.caught;
    found.push({
      at: this.world.locate(placeOf(this.module, at)),
      subject,
      words,
      related,
      ...(level === null ? {} : { level }),
    });
  }
}

/** Whether a method only says that subclasses have it: abstract, or nothing but `raise NotImplementedError`. */
function isPromise({ class: of, node }: FunctionInfo): boolean {
  if (!of) return false;
  if (node.decorators.some((one) => lastName(one) === "abstractmethod")) return true;
  const [only, ...more] = node.body.filter((one) => one.kind !== "expression" || one.value.kind !== "string");
  return more.length === 0 && only?.kind === "throw" && !!only.value && lastName(only.value) === "NotImplementedError";
}

/** How far the failure of a misused coroutine is expected: its very kind is caught, or anything is, and the code goes on. */
function caughtBy({ handlers }: Extract<Statement, { kind: "try" }>): "note" | "warning" | null {
  for (const handler of handlers) {
    if (!catches(handler)) continue;
    const names = handler.types.flatMap((type) => (type.kind === "list" ? type.items : [type])).map(lastName);
    if (names.some((name) => name === "TypeError" || name === "AttributeError")) return "note";
    if (names.length === 0 || names.some((name) => name === "Exception" || name === "BaseException")) return "warning";
  }
  return null;
}

function isMisuse(position: Position): boolean {
  return position.as === "attribute" ? !ofCoroutines.test(position.name) : misuse.has(position.as);
}

function useText(position: Position, name: string | null): string {
  const of = name ?? "it";
  switch (position.as) {
    case "attribute":
      return `\`.${position.name}\` is read from ${of}`;
    case "index":
      return `${of} is indexed`;
    case "truth":
      return `${of} is tested, and a coroutine is always true`;
    case "iterated":
      return `${of} is iterated over`;
    case "unpacked":
      return `${of} is unpacked`;
    default:
      return `${of} is calculated with`;
  }
}

/** The last name of an annotation, through Optional and subscripts: `Optional[Dict[str, int]]` is `Dict`. */
function annotationName(at: Expression): string {
  if (at.kind === "string") return at.value?.replace(/\[.*$/s, "").split(".").at(-1) ?? "";
  if (at.kind === "constant") return at.text;
  if (at.kind === "index") {
    const name = lastName(at.of);
    return name === "Optional" || name === "Annotated" || name === "Final"
      ? annotationName(at.at.kind === "list" ? (at.at.items[0] as Expression) : at.at)
      : name;
  }
  if (at.kind === "binary") {
    return at.right.kind === "constant"
      ? annotationName(at.left)
      : at.left.kind === "constant"
        ? annotationName(at.right)
        : "";
  }
  return lastName(at);
}

/** How a variable is used in a body; null where it reaches code that may run at another time. */
function usesOf(body: readonly Statement[], name: string): Position[] | null {
  const uses: Position[] = [];
  let lost = false;
  const see = (at: Expression, position: Position): void => {
    if (at.kind === "name") {
      if (at.name === name) uses.push(position);
      return;
    }
    switch (at.kind) {
      case "function":
      case "class":
        lost ||= mentions(at, name);
        break;
      case "await":
        see(at.of, { as: "awaited" });
        break;
      case "attribute":
        see(at.of, { as: "attribute", name: at.name });
        break;
      case "index":
        see(at.of, { as: "index" });
        see(at.at, { as: "other" });
        break;
      case "not":
        see(at.of, { as: "truth" });
        break;
      case "logical":
        see(at.left, { as: "truth" });
        see(at.right, position.as === "truth" ? position : { as: "other" });
        break;
      case "conditional":
        see(at.test, { as: "truth" });
        see(at.consequent, { as: "other" });
        see(at.otherwise, { as: "other" });
        break;
      case "binary": {
        const as = arithmetic.has(at.operator)
          ? "arithmetic"
          : /^(?:is|is not|==|!=)$/.test(at.operator)
            ? "identity"
            : "other";
        see(at.left, { as });
        see(at.right, { as });
        break;
      }
      case "call":
        if (at.callee.kind === "attribute") see(at.callee.of, { as: "attribute", name: at.callee.name });
        else see(at.callee, { as: "other" });
        for (const one of at.args) see(one.value, { as: "other" });
        break;
      default:
        eachChild(at, (child) => see(child, { as: "other" }));
        break;
    }
  };
  eachStatement(body, (statement) => {
    if (statement.kind === "function" || statement.kind === "class") {
      lost ||= mentionsIn(statement.of.body, name);
      return;
    }
    if (statement.kind === "assign") {
      if (statement.value) see(statement.value, { as: "other" });
      for (const target of statement.targets) if (target.kind !== "name") see(target, { as: "other" });
      return;
    }
    const as =
      statement.kind === "if" || statement.kind === "while" ? "truth" : statement.kind === "for" ? "iterated" : "other";
    const [first, ...rest] = expressionsOf(statement);
    if (first) see(first, { as });
    for (const one of rest) see(one, { as: "other" });
  });
  return lost ? null : uses;
}

function mentions(at: Extract<Expression, { kind: "function" | "class" }>, name: string): boolean {
  return mentionsIn(at.of.body, name);
}

function mentionsIn(body: readonly Statement[], name: string): boolean {
  let found = false;
  eachStatement(body, (statement) => {
    if (statement.kind === "function" || statement.kind === "class") found ||= mentionsIn(statement.of.body, name);
    for (const one of expressionsOf(statement)) {
      eachExpression(one, (at) => {
        if (at.kind === "name" && at.name === name) found = true;
        if (at.kind === "function") found ||= mentionsIn(at.of.body, name);
      });
    }
  });
  return found;
}
