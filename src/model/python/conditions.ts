import type { PyExpression, PyHandler, PyStatement } from "../../types/python.ts";
import { dottedText } from "./walk.ts";

/** Whether a branch runs in a started process; `version`: it or the other one does, by the version of Python. */
export type Truth = "true" | "false" | "type" | "main" | "debug" | "version" | "unknown";

/** What a condition says without running anything: type checking, `__main__`, the platform of an image, literals. */
export function truthOf(test: PyExpression): Truth {
  switch (test.kind) {
    case "constant":
      return test.value === true ? "true" : test.value === "..." ? "unknown" : "false";
    case "number":
      return Number(test.text) === 0 ? "false" : "true";
    case "name":
    case "attribute": {
      const name = dottedText(test)?.split(".").at(-1) ?? "";
      if (name === "TYPE_CHECKING") return "type";
      return isDebug(name) ? "debug" : "unknown";
    }
    case "unary": {
      if (test.operator !== "not") return "unknown";
      const inner = truthOf(test.value);
      if (inner === "type") return "true";
      return inner === "true" ? "false" : inner === "false" ? "true" : "unknown";
    }
    case "boolean": {
      const left = truthOf(test.left);
      const right = truthOf(test.right);
      if (test.operator === "and") {
        for (const decisive of ["type", "false", "main", "debug"] as const) {
          if (left === decisive || right === decisive) return decisive;
        }
        return left === "true" ? right : right === "true" ? left : "unknown";
      }
      return left === "true" || right === "true" ? "true" : left === right ? left : "unknown";
    }
    case "comparison":
      return comparison(test);
    case "call":
      // An optional file: where it is there, the branch runs and finds it.
      if (/(?:^|\.)(?:exists|is_file|isfile|is_dir|isdir|lexists|find_spec)$/.test(calleeName(test))) return "debug";
      return test.arguments.length + test.keywords.length > 0 && isDebug(firstString(test)) ? "debug" : "unknown";
    default:
      return "unknown";
  }
}

/** The method or function that is called, whatever it is called on. */
function calleeName(call: Extract<PyExpression, { kind: "call" }>): string {
  return call.callee.kind === "attribute" ? call.callee.name.text : (dottedText(call.callee) ?? "");
}

function firstString(call: Extract<PyExpression, { kind: "call" }>): string {
  const [first] = call.arguments;
  return first?.kind === "string" ? first.value : "";
}

/** Switches that are off where something is deployed. */
function isDebug(name: string): boolean {
  return /(?:^|_)(?:debug|test|tests|testing|dev|development|pytest)(?:_|$)/i.test(name) && !/^not?_/i.test(name);
}

function comparison(test: Extract<PyExpression, { kind: "comparison" }>): Truth {
  const [left, right] = test.operands;
  const [operator] = test.operators;
  if (!left || !right || test.operators.length !== 1) return "unknown";
  const name = dottedText(left) ?? "";
  const text = right.kind === "string" ? right.value : null;
  if (name === "__name__" && text === "__main__") return operator === "==" ? "main" : "unknown";
  if (text !== null && (operator === "==" || operator === "!=")) {
    const actual =
      name === "sys.platform" ? "linux" : name === "os.name" ? "posix" : name === "platform.system" ? "Linux" : null;
    if (actual !== null) return (actual === text) === (operator === "==") ? "true" : "false";
    if (operator === "==" && /^(?:dev|development|debug|test|testing|local)$/i.test(text)) return "debug";
  }
  // `manage.py test` serves nobody.
  if (operator === "in" && left.kind === "string" && dottedText(right) === "sys.argv")
    return /^(?:py)?tests?$/.test(left.value) ? "false" : "unknown";
  if (name === "sys.version_info" && right.kind === "tuple") {
    const [major = 3, minor = 0] = right.items.map((one) => (one.kind === "number" ? Number(one.text) : 3));
    if (major <= 2 || (major === 3 && minor === 0 && (operator === ">=" || operator === "<")))
      return operator?.startsWith(">") ? "true" : "false";
    return "version";
  }
  return "unknown";
}

/** What a handler of a `try` does with a failing import in its body. */
export interface HandlerEffect {
  /** Stays: a missing module (`ModuleNotFoundError`) is caught and start-up goes on. */
  missing: boolean;
  /** Stays: a missing name (`ImportError`) is caught as well. */
  name: boolean;
}

/** The effect of all handlers: the first that catches decides; one that raises or exits catches nothing. */
export function handlerEffect(handlers: readonly PyHandler[]): HandlerEffect {
  const decide = (kinds: ReadonlySet<string>): boolean => {
    const handler = handlers.find((one) => caught(one.type).some((name) => kinds.has(name)));
    return handler !== undefined && !alwaysLeaves(handler.body);
  };
  return {
    missing: decide(new Set(["", "ModuleNotFoundError", "ImportError", "Exception", "BaseException"])),
    name: decide(new Set(["", "ImportError", "Exception", "BaseException"])),
  };
}

/** Last segments of the exception types; "" for a bare `except`. */
function caught(type: PyExpression | null): string[] {
  if (!type) return [""];
  const types = type.kind === "tuple" ? type.items : [type];
  return types.map((one) => dottedText(one)?.split(".").at(-1) ?? "?");
}

export function suppresses(call: PyExpression): boolean {
  if (call.kind !== "call" || dottedText(call.callee)?.split(".").at(-1) !== "suppress") return false;
  return call.arguments.some((one) =>
    caught(one).some((name) => name !== "?" && /^(?:ModuleNotFound|Import)Error$|^(?:Base)?Exception$/.test(name)),
  );
}

const exits = new Set(["sys.exit", "os._exit", "exit", "quit", "os.abort"]);

/** Whether a block certainly ends in an exception or the end of the process. */
export function alwaysLeaves(body: readonly PyStatement[]): boolean {
  return body.some((statement) => {
    switch (statement.kind) {
      case "raise":
        return true;
      case "expression":
      case "return": {
        const value = statement.value;
        return value?.kind === "call" && exits.has(dottedText(value.callee) ?? "");
      }
      case "if":
        return statement.orElse.length > 0 && alwaysLeaves(statement.body) && alwaysLeaves(statement.orElse);
      case "with":
        return alwaysLeaves(statement.body);
      case "try":
        return (
          alwaysLeaves(statement.finalBody) ||
          (alwaysLeaves(statement.body) && statement.handlers.every((one) => alwaysLeaves(one.body)))
        );
      default:
        return false;
    }
  });
}

/** Whether control never goes on after a statement: what follows in its block is dead. */
export function endsBlock(statement: PyStatement): boolean {
  switch (statement.kind) {
    case "return":
    case "raise":
    case "break":
    case "continue":
      return true;
    case "expression":
      return statement.value.kind === "call" && exits.has(dottedText(statement.value.callee) ?? "");
    case "if":
      return statement.orElse.length > 0 && statement.body.some(endsBlock) && statement.orElse.some(endsBlock);
    default:
      return false;
  }
}
