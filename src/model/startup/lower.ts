import type { Expression, Span, Statement } from "../../types/code.ts";
import type { CallMode, FunctionKey, Site, Term, TermFunction } from "../../types/startup.ts";
import { isPromiseCall } from "./calls-javascript.ts";
import { decoratorsCatch } from "./guards.ts";
import { lowerAwaitable, lowerExpression } from "./lower-expressions.ts";
import { lowerStatement } from "./lower-statements.ts";
import { eachStatement, type FunctionInfo, type ModuleInfo, placeOf, scopeOf } from "./program.ts";
import type { Resolver } from "./resolver.ts";
import { afterYield, seq, untilYield } from "./terms.ts";
import { type Environment, type Frame, noEnvironment, type Value, valueKey } from "./values.ts";

export type Call = Extract<Expression, { kind: "call" }>;
export type FunctionValue = Extract<Value, { kind: "function" }>;

/** A function is lowered at most this often with other arguments; then once for all. */
const maximumCopies = 16;
/** Deeper code is left out. */
const maximumNesting = 300;
/** An unresolved method call stands for at most this many functions of that name. */
const maximumCandidates = 3;

/** What runs when a server takes an application: set while its module is lowered. */
export interface AppInfo {
  id: string;
  lifespan: { value: Value; place: { module: ModuleInfo; span: Span } } | null;
  startup: { value: Value; place: { module: ModuleInfo; span: Span } }[];
}

/** How the value of an expression is used: it decides when an asynchronous call is done. */
export interface Use {
  /** Awaited, or returned to somebody who awaits. */
  awaited?: boolean;
  /** Nobody takes the value. */
  statement?: boolean;
  /** The variable that takes it. */
  handle?: string;
}

/** What surrounds the code that is being lowered. */
export interface Context {
  frame: Frame;
  module: ModuleInfo;
  /** The module runs as `__main__`. */
  isMain: boolean;
  fn: FunctionInfo | null;
  /** Handles that leaving a task group waits for, by the group's variable. */
  groups: Map<string, Set<string>>;
  /** Inside `suppress` or another construct whose failures stay inside. */
  nesting: number;
  /** Inside the function given to `new Promise`: what it starts is done when the promise is. */
  inExecutor?: boolean;
}

/** Where the top level of a module runs. */
export const topLevel = (module: ModuleInfo, isMain = false): Context => ({
  frame: { scope: module.scope, env: noEnvironment },
  module,
  isMain,
  fn: null,
  groups: new Map(),
  nesting: 0,
});

// A class: queues, tables and the resolver are shared by all that lowers.
/** Turns functions into terms of the event language, each once per set of bound arguments. */
export class Lowering {
  readonly resolver: Resolver;
  readonly functions = new Map<FunctionKey, TermFunction>();
  readonly apps = new Map<string, AppInfo>();
  readonly sites: Site[] = [];
  /** Function values to run when `django.setup()` does, set by the roots. */
  ready: () => FunctionValue[] = () => [];
  /** By how the call is made (not said: nobody asks), module and offset. */
  private readonly siteAt: Record<CallMode | "unsaid", Map<ModuleInfo, Map<number, Site[]>>> = {
    sync: new Map(),
    await: new Map(),
    float: new Map(),
    unsaid: new Map(),
  };
  private readonly queue: (() => void)[] = [];
  private readonly atEnd: (() => void)[] = [];
  private readonly copies = new Map<string, number>();
  private readonly named = new Map<string, FunctionInfo[]>();
  private namedCount = 0;

  constructor(resolver: Resolver) {
    this.resolver = resolver;
  }

  /** Lowers everything that was asked for. */
  finish(): void {
    for (;;) {
      for (let at = 0; at < this.queue.length; at++) (this.queue[at] as () => void)();
      this.queue.length = 0;
      const last = this.atEnd.shift();
      if (last === undefined) return;
      last();
    }
  }

  /** Work for the time when everything else is lowered. */
  later(work: () => void): void {
    this.atEnd.push(work);
  }

  site(module: ModuleInfo, span: Span, form: Site["form"], names: string[], more: Partial<Site> = {}): Site {
    const { start, end } = span;
    const mode = more.mode ?? "unsaid";
    let places = this.siteAt[mode].get(module);
    if (!places) this.siteAt[mode].set(module, (places = new Map()));
    const here = places.get(start);
    const known = here?.find(
      (one) =>
        one.place.end === end &&
        one.form === form &&
        (one.names[0] ?? "") === (names[0] ?? "") &&
        (one.receiver ?? "") === (more.receiver ?? ""),
    );
    if (known) return known;
    const made: Site = { id: this.sites.length, place: placeOf(module, span), form, names, mode: "sync", ...more };
    this.sites.push(made);
    if (here) here.push(made);
    else places.set(start, [made]);
    return made;
  }

  private define(
    key: FunctionKey,
    label: string,
    module: ModuleInfo,
    span: Span,
    make: () => Term,
    mayCatch = false,
  ): FunctionKey {
    if (this.functions.has(key)) return key;
    const entry: TermFunction = { key, label, place: placeOf(module, span), term: { kind: "seq", items: [] } };
    if (mayCatch) entry.mayCatch = true;
    this.functions.set(key, entry);
    this.queue.push(() => {
      entry.term = make();
    });
    return key;
  }

  /** The key of a synthetic function, such as a root. */
  synthetic(key: FunctionKey, label: string, module: ModuleInfo, span: Span, make: () => Term): FunctionKey {
    return this.define(key, label, module, span, make);
  }

  moduleKey(module: ModuleInfo, isMain = false): FunctionKey {
    const key = `${isMain ? "main" : "module"}:${module.path}`;
    const span = { start: 0, end: 0 };
    return this.define(key, `top level of ${module.path}`, module, span, () => {
      const term = this.moduleBody(module, topLevel(module, isMain));
      return isMain && module.code.language === "javascript" ? untilEnd(term) : term;
    });
  }

  private moduleBody(module: ModuleInfo, context: Context): Term {
    const { body } = module.code;
    if (module.code.language !== "javascript" || !this.resolver.program.input.hoists(module.path))
      return this.block(body, context);
    const isHoisted = (one: Statement): boolean =>
      one.kind === "import" || (one.kind === "export" && one.module !== null);
    return seq([
      this.block(body.filter(isHoisted), context),
      this.block(
        body.filter((one) => !isHoisted(one)),
        context,
      ),
    ]);
  }

  /** The key of a function with what its parameters are bound to; `part`: the half of a context function. */
  functionKey(value: FunctionValue, env: Environment, part: "" | "enter" | "exit" = ""): FunctionKey {
    const { of } = value;
    let bound: Environment = env;
    let words = [...env]
      .map(([name, one]) => `${name}=${valueKey(one)}`)
      .sort()
      .join(",");
    if (words !== "") {
      const plain = `${of.id}|${words}${part}`;
      if (!this.functions.has(plain)) {
        const count = (this.copies.get(of.id) ?? 0) + 1;
        this.copies.set(of.id, count);
        if (count > maximumCopies || words.length > 2000) {
          bound = noEnvironment;
          words = "";
        }
      }
    }
    const key = `${of.id}|${words}${part}`;
    const mayCatch = part === "" && decoratorsCatch(of, this.resolver) !== "pass";
    return this.define(
      key,
      of.qualified,
      of.module,
      { start: of.node.nameStart, end: of.node.nameEnd },
      () => {
        const term = this.functionBody(of, bound);
        return part === "enter" ? untilYield(term) : part === "exit" ? afterYield(term) : term;
      },
      mayCatch,
    );
  }

  private functionBody(of: FunctionInfo, env: Environment): Term {
    const context: Context = {
      frame: { scope: scopeOf(of), env },
      module: of.module,
      isMain: false,
      fn: of,
      groups: new Map(),
      nesting: 0,
    };
    return this.block(of.node.body, context);
  }

  /** Adds to `out` what an expression does, in the order of evaluation. */
  expression(at: Expression, context: Context, out: Term[], use: Use): void {
    lowerExpression(this, at, context, out, use);
  }

  /** Adds to `out` what `await x` does, and whatever else runs an awaitable to its end. */
  awaitable(at: Expression, context: Context, out: Term[]): void {
    lowerAwaitable(this, at, context, out);
  }

  block(body: readonly Statement[], context: Context): Term {
    if (context.nesting > maximumNesting) return seq([]);
    const inner = { ...context, nesting: context.nesting + 1 };
    const out: Term[] = [];
    for (const statement of body) lowerStatement(this, statement, inner, out);
    return seq(out);
  }

  app(id: string): AppInfo {
    let known = this.apps.get(id);
    if (!known) {
      known = { id, lifespan: null, startup: [] };
      this.apps.set(id, known);
    }
    return known;
  }

  event(context: Context, span: Span, form: Site["form"], names: string[], more: Partial<Site> = {}): Term {
    return { kind: "call", site: this.site(context.module, span, form, names, more), target: null };
  }
  private readonly asyncs = new Map<FunctionInfo, boolean>();

  /** Whether calling gives a coroutine or promise: `async`, or every return gives one. */
  isAsync(of: FunctionInfo): boolean {
    const known = this.asyncs.get(of);
    if (known !== undefined) return known;
    this.asyncs.set(of, of.node.isAsync);
    if (of.node.isAsync) {
      const is = !(of.node.isGenerator && of.module.code.language === "python");
      this.asyncs.set(of, is);
      return is;
    }
    const frame: Frame = { scope: scopeOf(of), env: noEnvironment };
    const returned: Expression[] = [];
    eachStatement(of.node.body, (one) => {
      if (one.kind === "return" && one.value) returned.push(one.value);
    });
    const is =
      returned.length > 0 &&
      returned.every((one) => {
        if (of.module.code.language === "javascript" && isPromiseCall(this, one, frame)) return true;
        if (one.kind !== "call") return false;
        const target = this.resolver.evaluate(one.callee, frame);
        return target?.kind === "function" && this.isAsync(target.of);
      });
    this.asyncs.set(of, is);
    return is;
  }

  /** Functions of that name in the modules read so far, where they are few. */
  candidates(name: string): FunctionInfo[] {
    const loaded = this.resolver.program.read;
    for (; this.namedCount < loaded.length; this.namedCount++) {
      for (const one of (loaded[this.namedCount] as ModuleInfo).functions) {
        if (one.node.name === "" || one.node.name.startsWith("__")) continue;
        const list = this.named.get(one.node.name);
        if (list) list.push(one);
        else this.named.set(one.node.name, [one]);
      }
    }
    const found = this.named.get(name) ?? [];
    return found.length <= maximumCandidates ? found : [];
  }
}

/** `main();` at the top level of what starts: the start goes on until that function ends. */
function untilEnd(term: Term): Term {
  const items = term.kind === "seq" ? term.items : [term];
  const started = items.map((item) =>
    item.kind === "spawn" && item.manner === "now" && item.dropped ? { ...item, handle: "(end)" } : item,
  );
  return seq([...started, { kind: "join", handle: "(end)" }]);
}
