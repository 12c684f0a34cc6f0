import type { Argument, Expression, Span } from "../../types/code.ts";
import type { ClassInfo, FunctionInfo, ModuleInfo, Scope } from "./program.ts";

export type Call = Extract<Expression, { kind: "call" }>;

/** Values of parameters that a call fixed, by function and name. */
export type Environment = ReadonlyMap<string, Value>;

/** Where an expression stands and what the parameters around it are. */
export interface Frame {
  scope: Scope;
  env: Environment;
}

/** What an expression stands for, as far as syntax tells. Null everywhere: not known. */
export type Value =
  | { kind: "module"; of: ModuleInfo }
  | { kind: "namespace"; path: string; from: ModuleInfo }
  /** Something of another package: `fastapi.FastAPI`, `express.Router`. `on`: the object it is an attribute of. */
  | { kind: "external"; name: string; on: Value | null }
  /** What calling something of another package gave; `id` is the place of that call. */
  | { kind: "made"; name: string; id: string; call: Call | null; frame: Frame | null }
  | {
      kind: "function";
      of: FunctionInfo;
      self: Value | null;
      env: Environment;
      /** Where it was handed over as an argument: the statement that names it. */
      passedAt?: { module: ModuleInfo; span: Span };
      /** The row of a table that names it. */
      listedAt?: { module: ModuleInfo; span: Span };
      given?: readonly Argument[];
      givenFrame?: Frame;
    }
  | { kind: "class"; of: ClassInfo }
  | { kind: "instance"; of: ClassInfo; id: string | null }
  /** A coroutine or promise. */
  | { kind: "promise"; of: Value | null }
  /** A call of an asynchronous Python function that was handed on: it runs where somebody awaits it. */
  | { kind: "coroutine"; call: Call; frame: Frame }
  | { kind: "list"; items: readonly Expression[]; frame: Frame }
  | { kind: "dict"; of: Extract<Expression, { kind: "dict" }>; frame: Frame }
  | { kind: "text"; value: string }
  | { kind: "constant"; text: string };

export const noEnvironment: Environment = new Map();

/** Decorators that give back the function or one that is called alike. */
const transparentNames = new Set([
  "staticmethod",
  "classmethod",
  "abstractmethod",
  "override",
  "final",
  "wraps",
  "validator",
  "on_event",
  "get",
  "post",
  "put",
  "delete",
  "patch",
  "head",
  "options",
  "trace",
  "api_route",
  "route",
  "websocket",
  "websocket_route",
  "middleware",
  "exception_handler",
  "errorhandler",
  "before_request",
  "after_request",
  "teardown_request",
  "before_serving",
  "before_first_request",
  "connect",
  "receiver",
  "Injectable",
  "Controller",
  "Get",
  "Post",
  "type_check_only",
  "no_type_check",
]);

/** Whether every decorator leaves sync sync and async async. */
export function isTransparent(decorators: readonly Expression[]): boolean {
  return decorators.every((one) => transparentNames.has(lastName(one)) && lastName(one) !== "property");
}

/** The last segment of a dotted expression or of what is called: `app.on_event("startup")` is `on_event`. */
export function lastName(at: Expression): string {
  if (at.kind === "call") return lastName(at.callee);
  if (at.kind === "attribute" || at.kind === "name") return at.name;
  return "";
}

/** `a.b.c` as written, calls and subscripts shown empty; "" where it is no such chain. */
export function writtenName(at: Expression): string {
  switch (at.kind) {
    case "name":
      return at.name;
    case "attribute": {
      const of = writtenName(at.of);
      return of === "" ? at.name : `${of}.${at.name}`;
    }
    case "call":
    case "await":
    case "index":
      return at.kind === "await" ? writtenName(at.of) : `${writtenName(at.kind === "call" ? at.callee : at.of)}()`;
    default:
      return "";
  }
}

/** The value of an assignment, as a selector names it. */
export function valueText(at: Expression): string {
  switch (at.kind) {
    case "constant":
      return at.text;
    case "string":
      return at.value ?? "";
    default:
      return writtenName(at);
  }
}

/** A name that tells values apart, for functions that are lowered once per set of bound arguments. */
export function valueKey(value: Value | null): string {
  if (value === null) return "?";
  switch (value.kind) {
    case "module":
      return `m:${value.of.path}`;
    case "namespace":
      return `n:${value.path}`;
    case "external":
      return `e:${value.name}${value.on === null ? "" : `@${valueKey(value.on)}`}`;
    case "made":
      return `x:${value.name}@${value.id}`;
    case "function":
      return `f:${value.of.id}${value.self === null ? "" : `@${valueKey(value.self)}`}${
        value.passedAt ? `#${value.passedAt.module.path}:${value.passedAt.span.start}` : ""
      }${value.listedAt ? `~${value.listedAt.module.path}:${value.listedAt.span.start}` : ""}`;
    case "class":
      return `c:${value.of.id}`;
    case "instance":
      return `i:${value.of.id}@${value.id ?? ""}`;
    case "promise":
      return `p:${valueKey(value.of)}`;
    case "coroutine":
      return `o:${value.frame.scope.module.path}:${value.call.start}`;
    case "list":
      return `l:${value.items[0]?.start ?? 0}:${value.frame.scope.module.path}`;
    case "dict":
      return `d:${value.of.start}:${value.frame.scope.module.path}`;
    case "text":
      return `t:${value.value}`;
    case "constant":
      return `k:${value.text}`;
  }
}

/** `@property`, `@cached_property`, `@x.setter`. */
export const isProperty = (decorator: Expression): boolean =>
  /^(?:property|cached_property|abstractproperty|setter|getter|deleter)$/.test(lastName(decorator));

/** What a call is made on, where that has an identity. A server made around an application counts as the application. */
export function receiverOf(target: Value | null): string | undefined {
  if (target?.kind !== "external" || target.on === null) return undefined;
  const { on } = target;
  return on.kind === "made" && on.id !== "" ? on.id : undefined;
}
