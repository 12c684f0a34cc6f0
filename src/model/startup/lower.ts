import type { Argument, CodeFunction, Expression, Span, Statement } from "../../types/code.ts";
import type { CallMode, FunctionKey, Site, SpawnManner, Term, TermFunction } from "../../types/startup.ts";
import { namesReadAsValues } from "../javascript/value-names.ts";
import { isPromiseCall, javascriptAwaitable, javascriptCall } from "./calls-javascript.ts";
import { pythonAwaitable, pythonCall } from "./calls-python.ts";
import { catches, catchesAny, catchesAroundYield, decoratorsCatch, exitCatches, isExit } from "./guards.ts";
import {
  type ClassInfo,
  eachExpression,
  eachStatement,
  expressionsOf,
  type FunctionInfo,
  infoOf,
  type ModuleInfo,
  placeOf,
  scopeOf,
} from "./program.ts";
import { isPool } from "./python-waits.ts";
import { readsSession } from "./sessions.ts";
import { afterYield, seq, untilYield } from "./terms.ts";
import {
  type Environment,
  type Frame,
  isProperty,
  lastName,
  noEnvironment,
  type Resolver,
  receiverOf,
  type Value,
  valueKey,
  writtenName,
} from "./values.ts";

export type Call = Extract<Expression, { kind: "call" }>;
export type FunctionValue = Extract<Value, { kind: "function" }>;

/** A function is lowered at most this often with other arguments; then once for all. */
const maximumCopies = 16;
/** Literal tables longer than this run as a loop. */
const maximumTable = 64;
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
      const context: Context = {
        frame: { scope: module.scope, env: noEnvironment },
        module,
        isMain,
        fn: null,
        groups: new Map(),
        nesting: 0,
      };
      const term = this.moduleBody(module, context);
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

  block(body: readonly Statement[], context: Context): Term {
    if (context.nesting > maximumNesting) return seq([]);
    const inner = { ...context, nesting: context.nesting + 1 };
    const out: Term[] = [];
    for (const statement of body) this.statement(statement, inner, out);
    return seq(out);
  }

  private statement(at: Statement, context: Context, out: Term[]): void {
    switch (at.kind) {
      case "expression":
        this.expression(at.value, context, out, { statement: true });
        break;
      case "export-default":
        this.expression(at.value, context, out, {});
        break;
      case "assign":
        this.assign(at, context, out);
        break;
      case "return":
        if (at.value) this.expression(at.value, context, out, this.returnUse(context));
        out.push({ kind: "return" });
        break;
      case "throw":
        if (at.value) this.expression(at.value, context, out, {});
        out.push({ kind: "throw" });
        break;
      case "if":
        this.conditional(at, context, out);
        break;
      case "while":
        this.expression(at.test, context, out, {});
        out.push({ kind: "loop", body: this.block(at.body, context), ...(isAlways(at.test) ? { endless: true } : {}) });
        if (at.otherwise.length > 0) out.push(this.block(at.otherwise, context));
        break;
      case "for":
        this.forLoop(at, context, out);
        break;
      case "try":
        out.push({
          kind: "try",
          body: this.block(at.body, context),
          handlers: at.handlers.map((handler) => ({
            body: this.block(handler.body, context),
            catches: catches(handler),
          })),
          otherwise: at.otherwise.length > 0 ? this.block(at.otherwise, context) : null,
          finally: at.finally.length > 0 ? this.block(at.finally, context) : null,
        });
        break;
      case "with":
        this.withBlock(at, 0, context, out);
        break;
      case "match": {
        this.expression(at.subject, context, out, {});
        const branches = at.cases.map((one) => this.block(one.body, context));
        if (!at.cases.some((one) => one.isDefault)) branches.push(seq([]));
        // A `break` in a `switch` leaves the `switch`.
        const isSwitch = at.cases.some((one) => one.falls);
        out.push(
          isSwitch
            ? { kind: "loop", endless: true, body: seq([{ kind: "alt", branches }, { kind: "break" }]) }
            : { kind: "alt", branches },
        );
        break;
      }
      case "function":
        this.definition(at.of, context, out);
        break;
      case "class":
        for (const decorator of at.of.decorators) this.decorator(decorator, context, out);
        this.classBody(
          at.of.body,
          { ...context, frame: { ...context.frame, scope: this.classScope(at, context) } },
          out,
        );
        break;
      case "import":
        this.importStatement(at, context, out);
        break;
      case "export":
        if (at.module !== null) this.importModule(at, at.module, 0, [at.module], context, out);
        break;
      case "block":
        out.push(this.block(at.body, context));
        break;
      case "break":
      case "continue":
        out.push({ kind: at.kind });
        break;
      default:
        break;
    }
  }

  private classScope(at: Extract<Statement, { kind: "class" }>, context: Context) {
    const value = context.module.classes.find((one) => one.node === at.of);
    return value?.scope ?? context.frame.scope;
  }

  private classBody(body: readonly Statement[], context: Context, out: Term[]): void {
    const javascript = context.module.code.language === "javascript";
    for (const one of body) {
      // Instance fields run in the constructor; only static ones run with the class.
      if (javascript && one.kind === "assign" && !one.isStatic) continue;
      this.statement(one, context, out);
    }
  }

  private returnUse(context: Context): Use {
    return context.fn === null ? {} : { awaited: true };
  }

  private assign(at: Extract<Statement, { kind: "assign" }>, context: Context, out: Term[]): void {
    const first = at.targets[0];
    // What is put into a collection is waited for by the collection's name.
    const handle = first ? writtenName(first.kind === "index" ? first.of : first) : "";
    for (const target of at.targets) {
      if (target.kind === "attribute") this.expression(target.of, context, out, {});
      else if (target.kind === "index") this.expression(target, context, out, {});
    }
    if (at.value) this.expression(at.value, context, out, handle === "" ? {} : { handle });
    for (const target of at.targets) {
      if (target.kind !== "attribute" && target.kind !== "name") continue;
      if (at.value === null) continue;
      const names = [writtenName(target)];
      out.push(this.event(context, at, "assign", names, { value: this.valueText(at.value) }));
    }
    if (at.value) this.noteAppAssignment(at, context);
  }

  private valueText(at: Expression): string {
    switch (at.kind) {
      case "constant":
        return at.text;
      case "string":
        return at.value ?? "";
      default:
        return writtenName(at);
    }
  }

  /** `app.router.lifespan_context = f`. */
  private noteAppAssignment(at: Extract<Statement, { kind: "assign" }>, context: Context): void {
    const target = at.targets[0];
    if (target?.kind !== "attribute" || target.name !== "lifespan_context" || at.value === null) return;
    const on = target.of.kind === "attribute" ? this.resolver.evaluate(target.of.of, context.frame) : null;
    const value = this.resolver.evaluate(at.value, context.frame);
    if (on?.kind === "made" && value) this.app(on.id).lifespan = { value, place: { module: context.module, span: at } };
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

  private conditional(at: Extract<Statement, { kind: "if" }>, context: Context, out: Term[]): void {
    const known = knownTest(at.test, context);
    if (known !== null) {
      out.push(this.block(known ? at.consequent : at.otherwise, context));
      return;
    }
    if (!isEnvironmentRead(at.test)) this.expression(at.test, context, out, {});
    out.push({ kind: "alt", branches: [this.block(at.consequent, context), this.block(at.otherwise, context)] });
  }

  private forLoop(at: Extract<Statement, { kind: "for" }>, context: Context, out: Term[]): void {
    const table = at.isAsync ? null : this.table(at.over, context);
    if (table !== null) {
      const rounds: Term[] = [];
      let breaks = false;
      eachStatement(at.body, (inner) => {
        breaks ||= inner.kind === "break" || inner.kind === "continue";
      });
      if (!breaks) {
        for (const item of table.items) {
          const env = this.bindTarget(at.target, item, table.frame, context.frame.env);
          rounds.push(this.block(at.body, { ...context, frame: { scope: context.frame.scope, env } }));
        }
        out.push(seq(rounds));
        return;
      }
      const env = this.bindTarget(at.target, table.items[0] as Expression, table.frame, context.frame.env);
      if (table.items.length === 1) {
        out.push({
          kind: "loop",
          body: this.block(at.body, { ...context, frame: { scope: context.frame.scope, env } }),
        });
        return;
      }
      const branches = table.items.map((item) =>
        this.block(at.body, {
          ...context,
          frame: { scope: context.frame.scope, env: this.bindTarget(at.target, item, table.frame, context.frame.env) },
        }),
      );
      out.push({ kind: "loop", body: { kind: "alt", branches } });
      return;
    }
    if (at.isAsync && at.over.kind === "list") this.awaitable(at.over, context, out);
    else this.expression(at.over, context, out, { awaited: at.isAsync === true });
    out.push({ kind: "loop", body: this.block(at.body, context) });
    if (at.otherwise.length > 0) out.push(this.block(at.otherwise, context));
  }

  /** The items of a literal table: a list, or `.items()` of a literal mapping. */
  table(at: Expression, context: Context): { items: readonly Expression[]; frame: Frame } | null {
    if (
      at.kind === "call" &&
      at.args.length === 0 &&
      at.callee.kind === "attribute" &&
      /^(?:items|entries|values)$/.test(at.callee.name)
    ) {
      const of = this.resolver.evaluate(at.callee.of, context.frame);
      if (of?.kind !== "dict" || of.of.entries.length > maximumTable || of.of.entries.length === 0) return null;
      const pairs = at.callee.name !== "values";
      const items = of.of.entries.map(
        (entry): Expression =>
          pairs && entry.key
            ? {
                kind: "list",
                shape: "tuple",
                start: entry.key.start,
                end: entry.value.end,
                items: [entry.key, entry.value],
              }
            : entry.value,
      );
      return { items, frame: of.frame };
    }
    if (at.kind === "call" && at.callee.kind === "name" && at.callee.name === "enumerate" && at.args[0]) {
      const inner = this.table(at.args[0].value, context);
      if (inner === null) return null;
      const items = inner.items.map(
        (item): Expression => ({
          kind: "list",
          shape: "tuple",
          start: item.start,
          end: item.end,
          items: [{ kind: "constant", start: item.start, end: item.start, text: "0" }, item],
        }),
      );
      return { items, frame: inner.frame };
    }
    const value = this.resolver.evaluate(at, context.frame);
    if (value?.kind !== "list" || value.items.length === 0 || value.items.length > maximumTable) return null;
    if (value.items.some((item) => item.kind === "spread")) return null;
    return { items: value.items, frame: value.frame };
  }

  /** The environment in which a loop variable (or a tuple of them) stands for an item. */
  bindTarget(target: Expression, item: Expression, itemFrame: Frame, env: Environment): Environment {
    const bound = new Map(env);
    const give = (name: Expression, from: Expression): void => {
      if (name.kind === "name") {
        const value = this.resolver.evaluate(from, itemFrame);
        if (value) bound.set(`local:${name.name}`, namedAt(value, from, itemFrame));
        else bound.delete(`local:${name.name}`);
      } else if (name.kind === "list" && from.kind === "list") {
        for (const [index, one] of name.items.entries())
          if (from.items[index]) give(one, from.items[index] as Expression);
      } else if (name.kind === "dict" && from.kind === "dict") {
        for (const one of name.entries) {
          const key = one.key?.kind === "string" ? one.key.value : null;
          const entry = from.entries.find((each) => each.key?.kind === "string" && each.key.value === key);
          if (entry) give(one.value, entry.value);
        }
      }
    };
    give(target, item);
    return bound;
  }

  private withBlock(at: Extract<Statement, { kind: "with" }>, index: number, context: Context, out: Term[]): void {
    const item = at.items[index];
    if (item === undefined) {
      out.push(this.block(at.body, context));
      return;
    }
    const { value } = item;
    const target = value.kind === "call" ? this.resolver.evaluate(value.callee, context.frame) : null;
    const name = target?.kind === "external" ? target.name : value.kind === "call" ? writtenName(value.callee) : "";
    const rest: Term[] = [];
    const group =
      /(?:^|\.)(?:TaskGroup|create_task_group|open_nursery)$/.test(name) || isPool(name)
        ? item.as
          ? writtenName(item.as)
          : ""
        : null;
    const inner =
      group === null ? context : { ...context, groups: new Map(context.groups).set(group, new Set([group])) };
    this.withBlock(at, index + 1, inner, rest);
    if (/(?:^|\.)suppress$/.test(name) && value.kind === "call") {
      out.push({
        kind: "try",
        body: seq(rest),
        handlers: [{ body: seq([]), catches: catchesAny(value.args.map((one) => one.value)) }],
        otherwise: null,
        finally: null,
      });
      return;
    }
    if (group !== null) {
      out.push(seq(rest));
      for (const handle of inner.groups.get(group) ?? []) out.push({ kind: "join", handle });
      return;
    }
    if (value.kind === "call" && target?.kind === "function" && target.of.node.isGenerator) {
      this.argumentsOf(value, context, out);
      const env = this.resolver.bind(target, value, context.frame);
      const names = this.namesOf(target, value.callee);
      const mode: CallMode = at.isAsync ? "await" : "sync";
      out.push({
        kind: "call",
        site: this.site(context.module, value, "call", names, { mode, own: true }),
        target: this.functionKey(target, env, "enter"),
      });
      out.push(guarded(seq(rest), catchesAroundYield(target.of)));
      out.push({
        kind: "call",
        site: this.site(context.module, value, "call", [], { mode }),
        target: this.functionKey(target, env, "exit"),
      });
      return;
    }
    this.expression(value, context, out, { awaited: at.isAsync === true });
    const of = this.resolver.evaluate(value, context.frame);
    const instance = of?.kind === "promise" ? of.of : of;
    if (instance?.kind !== "instance") {
      out.push(seq(rest));
      return;
    }
    const exit = at.isAsync ? "__aexit__" : "__exit__";
    this.runMethod(instance, at.isAsync ? "__aenter__" : "__enter__", value, context, out);
    out.push(guarded(seq(rest), exitCatches(this.resolver.method(instance.of, exit))));
    this.runMethod(instance, exit, value, context, out);
  }

  private runMethod(
    of: Extract<Value, { kind: "instance" }>,
    name: string,
    span: Span,
    context: Context,
    out: Term[],
  ): void {
    const method = this.resolver.method(of.of, name);
    if (method === null) return;
    const value: FunctionValue = { kind: "function", of: method, self: of, env: noEnvironment };
    const mode: CallMode = method.node.isAsync ? "await" : "sync";
    out.push({
      kind: "call",
      site: this.site(context.module, span, "call", [method.qualified], { mode }),
      target: this.functionKey(value, this.resolver.bind(value, null, context.frame)),
    });
  }

  private definition(of: CodeFunction, context: Context, out: Term[]): void {
    for (const parameter of of.parameters) if (parameter.value) this.expression(parameter.value, context, out, {});
    for (const decorator of of.decorators) {
      this.decorator(decorator, context, out, readsSession(of.body) ? "session-reader" : undefined);
      this.noteStartup(decorator, of, context);
    }
  }

  private decorator(at: Expression, context: Context, out: Term[], role?: string): void {
    const callee = at.kind === "call" ? at.callee : at;
    const target = this.resolver.evaluate(callee, context.frame);
    if (at.kind === "call") this.argumentsOf(at, context, out);
    const on = target?.kind === "external" && target.on?.kind === "made" ? target.on.id : undefined;
    const site = this.site(context.module, at, "decorator", this.namesOf(target, callee), {
      ...(on === undefined ? {} : { receiver: on }),
      ...(role === undefined ? {} : { role }),
    });
    const key =
      target?.kind === "function" && !target.of.node.isAsync
        ? this.functionKey(target, this.resolver.bind(target, at.kind === "call" ? at : null, context.frame))
        : null;
    out.push({ kind: "call", site, target: key });
  }

  /** `@app.on_event("startup")` and `@worker_init.connect`. */
  private noteStartup(at: Expression, of: CodeFunction, context: Context): void {
    if (at.kind !== "call" || at.callee.kind !== "attribute" || at.callee.name !== "on_event") return;
    const first = at.args[0]?.value;
    if (first?.kind !== "string" || first.value !== "startup") return;
    const on = this.resolver.evaluate(at.callee.of, context.frame);
    const info = infoOf(of);
    if (!info) return;
    const value: FunctionValue = { kind: "function", of: info, self: null, env: context.frame.env };
    this.app(on?.kind === "made" ? on.id : "").startup.push({ value, place: { module: context.module, span: at } });
  }

  private importStatement(at: Extract<Statement, { kind: "import" }>, context: Context, out: Term[]): void {
    if (at.typeOnly) return;
    const { module } = context;
    if (module.code.language === "javascript") {
      if (!isElided(at, module)) this.importModule(at, at.module, 0, [at.module], context, out);
      return;
    }
    const names = [at.module, ...at.names.map((one) => (at.module === "" ? one.name : `${at.module}.${one.name}`))];
    this.importModule(at, at.module, at.level, names, context, out);
    for (const one of at.names) {
      const whole = at.module === "" ? one.name : `${at.module}.${one.name}`;
      const path = this.resolver.program.input.resolve(module.path, whole, at.level);
      if (path === null || path.endsWith("/")) continue;
      const parent = this.resolver.imported(module, at.module, at.level);
      // A name that the package binds itself hides its submodule; this very import binds only what it finds.
      const bound = parent?.kind === "module" ? parent.of.scope.names.get(one.name) : undefined;
      if (bound?.some((each) => each.kind !== "import" || each.statement !== at)) continue;
      this.importModule(at, whole, at.level, [whole], context, out);
    }
  }

  /** Runs a module's top level, its parents' first. */
  importModule(span: Span, name: string, level: number, names: string[], context: Context, out: Term[]): void {
    const { module } = context;
    const { resolve } = this.resolver.program.input;
    const targets: ModuleInfo[] = [];
    if (module.code.language === "python" && name !== "") {
      const parts = name.split(".");
      for (let count = 1; count < parts.length; count++) {
        const path = resolve(module.path, parts.slice(0, count).join("."), level);
        const parent = path === null || path.endsWith("/") ? null : this.resolver.program.module(path);
        if (parent) targets.push(parent);
      }
    }
    const path = resolve(module.path, name, level);
    const target = path === null || path.endsWith("/") ? null : this.resolver.program.module(path);
    if (target) targets.push(target);
    const all = target ? [...names, target.name] : names;
    const site = this.site(module, span, "import", all, { mode: "sync", own: target !== null });
    for (const one of targets) {
      if (one === module) continue;
      out.push({
        kind: "call",
        site: one === target ? site : this.site(module, span, "import", [one.name]),
        target: this.moduleKey(one),
        isImport: true,
      });
    }
    if (target === null || target === module) out.push({ kind: "call", site, target: null });
  }

  /** Lowers an expression; what it does is added in the order of evaluation. */
  expression(at: Expression, context: Context, out: Term[], use: Use): void {
    switch (at.kind) {
      case "call":
        this.call(at, context, out, use);
        break;
      case "await":
        this.awaitable(at.of, context, out);
        break;
      case "logical": {
        // A read with a default says nothing about a missing variable; a tested one has its own other branch.
        if (!(isEnvironmentRead(at.left) && at.operator !== "and")) this.expression(at.left, context, out, {});
        const right: Term[] = [];
        this.expression(
          at.right,
          context,
          right,
          use.awaited ? { awaited: true } : use.statement ? { statement: true } : {},
        );
        if (right.length > 0) out.push({ kind: "alt", branches: [seq(right), seq([])] });
        break;
      }
      case "conditional": {
        if (!isEnvironmentRead(at.test)) this.expression(at.test, context, out, {});
        const branches = [at.consequent, at.otherwise].map((one) => {
          const branch: Term[] = [];
          this.expression(one, context, branch, use);
          return seq(branch);
        });
        out.push({ kind: "alt", branches });
        break;
      }
      case "assignment": {
        const handle = writtenName(at.target);
        this.expression(at.value, context, out, handle === "" ? {} : { handle });
        if (at.target.kind === "attribute" || at.target.kind === "name") {
          out.push(this.event(context, at, "assign", [handle], { value: this.valueText(at.value) }));
        }
        break;
      }
      case "comprehension": {
        const rounds = this.comprehension(at, context, (element, inner, into) =>
          this.expression(element, inner, into, use.handle ? { handle: use.handle } : {}),
        );
        out.push(...rounds);
        break;
      }
      case "yield":
        if (at.of) this.expression(at.of, context, out, {});
        out.push({ kind: "yield" });
        break;
      case "list":
        for (const item of at.items) this.expression(item, context, out, use.handle ? { handle: use.handle } : {});
        break;
      case "name":
      case "string":
        if (at.kind === "string") for (const part of at.parts ?? []) this.expression(part, context, out, {});
        break;
      case "attribute":
        this.environmentRead(at, at.name, context, out);
        this.expression(at.of, context, out, {});
        break;
      case "unary":
      case "not":
        this.expression(at.of, context, out, at.kind === "unary" && at.operator === "void" ? { statement: true } : {});
        break;
      case "index":
        if (at.at.kind === "string") this.environmentRead(at, at.at.value ?? "", context, out);
        this.expression(at.of, context, out, {});
        this.expression(at.at, context, out, {});
        break;
      case "spread":
        this.expression(at.of, context, out, {});
        break;
      case "binary": {
        const compares = /^(?:[=!]=|[=!]==|is|is not|in|not in)$/.test(at.operator);
        for (const side of [at.left, at.right]) {
          if (!(compares && isEnvironmentRead(side))) this.expression(side, context, out, {});
        }
        break;
      }
      case "dict":
        for (const entry of at.entries) {
          if (entry.key) this.expression(entry.key, context, out, {});
          this.expression(entry.value, context, out, use.handle ? { handle: use.handle } : {});
        }
        break;
      case "other":
        for (const part of at.parts) this.expression(part, context, out, {});
        break;
      default:
        break;
    }
  }

  /** A variable of the environment that is read while the module is imported. */
  environmentRead(at: Expression, name: string, context: Context, out: Term[]): void {
    if (context.fn !== null || name === "" || !isEnvironmentRead(at)) return;
    out.push(this.event(context, at, "call", [], { role: "environment-read", value: name }));
  }

  /** A comprehension's element, unrolled over a literal table, else as a loop. */
  comprehension(
    at: Extract<Expression, { kind: "comprehension" }>,
    context: Context,
    lower: (element: Expression, context: Context, out: Term[]) => void,
  ): Term[] {
    const table = this.table(at.over, context);
    if (table !== null && at.rest.length === 0) {
      return table.items.map((item) => {
        const env = this.bindTarget(at.target, item, table.frame, context.frame.env);
        const round: Term[] = [];
        lower(at.element, { ...context, frame: { scope: context.frame.scope, env } }, round);
        return seq(round);
      });
    }
    const before: Term[] = [];
    this.expression(at.over, context, before, {});
    const round: Term[] = [];
    for (const part of at.rest) this.expression(part, context, round, {});
    lower(at.element, context, round);
    return round.length === 0 ? before : [...before, { kind: "loop", body: seq(round) }];
  }

  argumentsOf(at: Call, context: Context, out: Term[]): void {
    for (const argument of at.args) this.expression(argument.value, context, out, {});
  }

  /** What is evaluated before a call: the object it is made on. */
  calleeObject(at: Call, context: Context, out: Term[]): void {
    if (at.callee.kind === "attribute") this.expression(at.callee.of, context, out, {});
    else if (at.callee.kind !== "name" && at.callee.kind !== "function") this.expression(at.callee, context, out, {});
  }

  /** `await x`, and everything that runs an awaitable to its end. */
  awaitable(at: Expression, context: Context, out: Term[]): void {
    if (at.kind === "conditional") {
      this.expression(at.test, context, out, {});
      const branches = [at.consequent, at.otherwise].map((one) => {
        const branch: Term[] = [];
        this.awaitable(one, context, branch);
        return seq(branch);
      });
      out.push({ kind: "alt", branches });
      return;
    }
    if (at.kind === "name" || at.kind === "attribute") {
      const handle = writtenName(at);
      out.push({ kind: "join", handle });
      if (context.module.code.language === "python") {
        const held = this.heldCoroutine(at, context);
        if (held) this.awaitable(held.value, { ...context, module: held.frame.scope.module, frame: held.frame }, out);
      } else this.expression(at, context, out, {});
      return;
    }
    if (at.kind === "index") {
      this.expression(at, context, out, {});
      out.push({ kind: "join", handle: writtenName(at) });
      return;
    }
    const done =
      context.module.code.language === "python"
        ? pythonAwaitable(this, at, context, out)
        : javascriptAwaitable(this, at, context, out);
    if (done) return;
    this.expression(at, context, out, { awaited: true });
    // A plain function may have given a task or promise that was started before.
    const target = at.kind === "call" ? this.resolver.evaluate(at.callee, context.frame) : null;
    if (target?.kind === "function" && !target.of.node.isAsync) out.push({ kind: "join", handle: "" });
  }

  /** The coroutine call (not a task) that a variable was assigned once. */
  heldCoroutine(at: Expression, context: Context): { value: Expression; frame: Frame } | null {
    if (at.kind !== "name") return null;
    const given = this.resolver.evaluate(at, context.frame);
    if (given?.kind === "coroutine") return { value: given.call, frame: given.frame };
    const known = this.resolver.bindings(at.name, context.frame.scope);
    const live =
      known?.found.filter((one) => one.kind === "value" && one.value !== null && one.path.length === 0) ?? [];
    const only = live.length === 1 ? live[0] : undefined;
    if (only?.kind !== "value" || only.value === null || known === null) return null;
    if (only.value.kind !== "call" && only.value.kind !== "list") return null;
    if (only.value.kind === "call") {
      const target = this.resolver.evaluate(only.value.callee, context.frame);
      if (target?.kind !== "function" || !this.isAsync(target.of)) return null;
    }
    return { value: only.value, frame: { scope: known.scope, env: context.frame.env } };
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

  call(at: Call, context: Context, out: Term[], use: Use): void {
    if (at.optional || (at.callee.kind === "attribute" && at.callee.optional)) {
      const branch: Term[] = [];
      this.calledOnce({ ...at, optional: false }, context, branch, use);
      out.push({ kind: "alt", branches: [seq(branch), seq([])] });
      return;
    }
    this.calledOnce(at, context, out, use);
  }

  private calledOnce(at: Call, context: Context, out: Term[], use: Use): void {
    const target = this.resolver.evaluate(at.callee, context.frame);
    const done =
      context.module.code.language === "python"
        ? pythonCall(this, at, target, context, out, use)
        : javascriptCall(this, at, target, context, out, use);
    if (done) return;
    this.calleeObject(at, context, out);
    this.argumentsOf(at, context, out);
    this.plainCall(at, target, context, out, use);
  }

  /** The call itself, after its object and arguments. */
  plainCall(at: Call, target: Value | null, context: Context, out: Term[], use: Use): void {
    const python = context.module.code.language === "python";
    if (target?.kind === "class") {
      this.construct(at, target.of, context, out);
      return;
    }
    if (target?.kind === "function") {
      this.run(target, at, at, this.namesOf(target, at.callee), context, out, use);
      return;
    }
    const names = this.namesOf(target, at.callee);
    const receiver = receiverOf(target);
    const form: Site["form"] = at.isNew ? "new" : "call";
    const mode: CallMode = use.awaited ? "await" : "sync";
    const more = { mode, ...(receiver === undefined ? {} : { receiver }) };
    const site = this.site(context.module, at, form, names, more);
    if (isExit(names[0] ?? "", python)) {
      out.push({ kind: "exit" });
      return;
    }
    if (target === null) {
      const candidates = at.callee.kind === "attribute" ? this.candidates(at.callee.name) : [];
      if (candidates.length > 0) {
        const targets = candidates.map((one) =>
          this.functionKey({ kind: "function", of: one, self: null, env: noEnvironment }, noEnvironment),
        );
        out.push({ kind: "maybe", site: this.site(context.module, at, "call", [], {}), targets });
      }
    }
    this.mentioned(at, context, out);
    out.push({ kind: "call", site, target: null });
  }

  /** Functions of this repository that are handed to somebody who may call them. */
  mentioned(at: Call, context: Context, out: Term[]): void {
    for (const argument of at.args) {
      if (argument.value.kind === "function") continue;
      const value =
        argument.value.kind === "name" || argument.value.kind === "attribute"
          ? this.resolver.evaluate(argument.value, context.frame)
          : null;
      let coroutine: Value | null = null;
      if (argument.value.kind === "call" && context.module.code.language === "python") {
        const target = this.resolver.evaluate(argument.value.callee, context.frame);
        if (target?.kind === "function" && this.isAsync(target.of)) coroutine = target;
      }
      const fn = value?.kind === "function" ? value : coroutine?.kind === "function" ? coroutine : null;
      if (fn === null) continue;
      out.push({
        kind: "maybe",
        site: this.site(context.module, argument.value, "call", [fn.of.qualified], { own: true }),
        targets: [this.functionKey(fn, this.resolver.bind(fn, null, context.frame))],
      });
    }
  }

  /** Functions of that name in the modules read so far, where they are few. */
  private candidates(name: string): FunctionInfo[] {
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

  private construct(at: Call, of: ClassInfo, context: Context, out: Term[]): void {
    const python = context.module.code.language === "python";
    const init = this.resolver.method(of, python ? "__init__" : "constructor");
    const form: Site["form"] = "new";
    const names = [of.qualified];
    const site = this.site(context.module, at, form, names, { own: true, ...(python ? { role: "construct" } : {}) });
    let target: FunctionKey | null = null;
    if (init) {
      const self: Value = { kind: "instance", of, id: `${context.module.path}:${at.start}` };
      const value: FunctionValue = { kind: "function", of: init, self, env: noEnvironment };
      target = this.functionKey(value, this.resolver.bind(value, at, context.frame));
    }
    out.push({ kind: "call", site, target });
  }

  /** Runs a function of this repository. `at`: the call with its arguments, where there is one. */
  run(
    value: FunctionValue,
    at: Call | null,
    span: Span,
    names: string[],
    context: Context,
    out: Term[],
    use: Use,
  ): void {
    const { of } = value;
    const env = this.resolver.bind(value, at, context.frame);
    const isAsync = this.isAsync(of);
    const python = of.module.code.language === "python";
    const self = value.self;
    const receiver = self?.kind === "instance" && self.id !== null ? self.id : undefined;
    const listed = value.listedAt ? { listed: placeOf(value.listedAt.module, value.listedAt.span) } : {};
    const dropped = use.statement && isAsync && !python ? { dropped: true } : {};
    const more = { own: true, ...listed, ...dropped, ...(receiver === undefined ? {} : { receiver }) };
    // A step that was handed to a helper stands where it is named, not where the helper calls it.
    const home = value.passedAt?.module ?? context.module;
    const place = value.passedAt?.span ?? span;
    const make = (mode: CallMode): Term => {
      const target = of.node.isGenerator ? null : this.functionKey(value, env);
      const site = this.site(home, place, "call", names, { ...more, mode, ...(target ? { target } : {}) });
      return guarded({ kind: "call", site, target }, decoratorsCatch(of, this.resolver) === "catches");
    };
    if (!isAsync) {
      out.push(make("sync"));
      return;
    }
    if (use.awaited) {
      out.push(make("await"));
      return;
    }
    if (!python) {
      this.spawn([make("float")], "now", out, use);
      return;
    }
    const site = this.site(context.module, span, "call", names, { ...more, mode: "float" });
    if (use.statement || (use.handle !== undefined && !this.isUsedLater(use.handle, context)))
      out.push({ kind: "lost", site });
  }

  private isUsedLater(handle: string, context: Context): boolean {
    if (handle.includes(".") || context.fn === null) return true;
    let uses = 0;
    const count = (at: Expression): void => {
      eachExpression(at, (one) => {
        if (one.kind === "name" && one.name === handle) uses++;
        if (one.kind === "function") uses += 2;
      });
    };
    eachStatement(context.fn.node.body, (statement) => {
      for (const one of expressionsOf(statement)) count(one);
      if (statement.kind === "function" || statement.kind === "class") uses += 2;
    });
    return uses > 1;
  }

  /** Starts something beside. `use`: who takes what the start gives. */
  spawn(body: Term[], manner: SpawnManner, out: Term[], use: Use, afterPending = false): void {
    if (body.length === 0) return;
    out.push({
      kind: "spawn",
      body: seq(body),
      manner,
      ...(use.handle === undefined ? {} : { handle: use.handle }),
      ...(use.statement ? { dropped: true } : {}),
      ...(afterPending ? { afterPending } : {}),
    });
  }

  /** Runs what an argument names (a function, a lambda, a bound method) as a call from here. */
  runArgument(
    at: Expression | undefined,
    span: Span,
    context: Context,
    out: Term[],
    use: Use,
    args: readonly Argument[] = [],
  ): boolean {
    if (at === undefined) return false;
    const value = this.resolver.evaluate(at, context.frame);
    if (value?.kind === "function") {
      const made: Call = { kind: "call", start: span.start, end: span.end, callee: at, args: [...args] };
      this.run(value, made, span, value.of.node.name === "" ? [] : this.namesOf(value, at), context, out, use);
      return true;
    }
    if (value?.kind === "external" && (at.kind === "attribute" || at.kind === "name")) {
      const receiver = receiverOf(value);
      out.push({
        kind: "call",
        site: this.site(context.module, span, "call", this.namesOf(value, at), {
          mode: use.awaited ? "await" : "sync",
          ...(receiver ? { receiver } : {}),
        }),
        target: null,
      });
      return true;
    }
    if (at.kind === "attribute" && value === null) {
      out.push({
        kind: "call",
        site: this.site(context.module, span, "call", [writtenName(at)], { mode: use.awaited ? "await" : "sync" }),
        target: null,
      });
      return true;
    }
    return false;
  }

  /** The dotted names that selectors know a callee by. */
  namesOf(target: Value | null, callee: Expression): string[] {
    const written = writtenName(callee);
    if (target?.kind === "function") {
      const names = [target.of.qualified];
      if (written.includes(".") && written.split(".").at(-1) === target.of.node.name) names.push(written);
      return names;
    }
    if (target?.kind === "class") return [target.of.qualified];
    if (target?.kind === "external") {
      if (callee.kind === "name") return [target.name];
      return written === target.name ? [target.name] : [target.name, written];
    }
    return [written];
  }
}

/** `process.env.X`, `os.environ["X"]`, and `os.getenv("X")` or `os.environ.get("X")` without a default. */
export function isEnvironmentRead(at: Expression): boolean {
  if (at.kind === "attribute") return writtenName(at.of) === "process.env";
  if (at.kind === "index") return /^(?:os\.)?environ$/.test(writtenName(at.of));
  return (
    at.kind === "call" &&
    at.args.length === 1 &&
    /^(?:os\.getenv|getenv|(?:os\.)?environ\.get)$/.test(writtenName(at.callee))
  );
}

/** Conditions that are known when a process starts. */
function knownTest(at: Expression, context: Context): boolean | null {
  if (at.kind === "constant")
    return /^(?:True|true|1)$/.test(at.text) ? true : /^(?:False|false|0|None|null)$/.test(at.text) ? false : null;
  if ((at.kind === "name" || at.kind === "attribute") && at.name === "TYPE_CHECKING") return false;
  if (at.kind === "binary" && (at.operator === "==" || at.operator === "===")) {
    const words = [writtenName(at.left), writtenName(at.right)];
    if (words.includes("__name__")) {
      const text = at.left.kind === "string" ? at.left.value : at.right.kind === "string" ? at.right.value : null;
      if (text === "__main__") return context.isMain;
    }
    if (words.includes("require.main") && words.includes("module")) return context.isMain;
  }
  return null;
}

const isAlways = (at: Expression): boolean => at.kind === "constant" && /^(?:True|true|1)$/.test(at.text);

/** `main();` at the top level of what starts: the start goes on until that function ends. */
function untilEnd(term: Term): Term {
  const items = term.kind === "seq" ? term.items : [term];
  const started = items.map((item) =>
    item.kind === "spawn" && item.manner === "now" && item.dropped ? { ...item, handle: "(end)" } : item,
  );
  return seq([...started, { kind: "join", handle: "(end)" }]);
}

/** A block whose failures perhaps end where it ends. */
function guarded(body: Term, does: boolean): Term {
  if (!does) return body;
  return { kind: "try", body, handlers: [{ body: seq([]), catches: true }], otherwise: null, finally: null };
}

/** A step that a table names: a loop calls it, but the row is what one changes. */
function namedAt(value: Value, at: Expression, frame: Frame): Value {
  if (value.kind !== "function" || value.listedAt !== undefined) return value;
  if (at.kind !== "name" && at.kind !== "attribute") return value;
  return { ...value, listedAt: { module: frame.scope.module, span: at } };
}

export const hasProperty = (of: FunctionInfo): boolean => of.node.decorators.some(isProperty);
export const decoratorNames = (of: CodeFunction): string[] => of.decorators.map(lastName);

/** Whether TypeScript drops an import, because none of its names is read as a value. */
function isElided(at: Extract<Statement, { kind: "import" }>, { path, code }: ModuleInfo): boolean {
  if (at.names.length === 0 || !/\.[cm]?tsx?$/.test(path)) return false;
  const used = namesReadAsValues(code);
  return at.names.every((name) => name.typeOnly || !used.has(name.local));
}
