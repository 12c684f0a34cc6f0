import type { Expression } from "../../types/code.ts";
import type { Resolver } from "./resolver.ts";
import { type Frame, lastName, noEnvironment, type Value } from "./values.ts";

/** What a type annotation says of a value. */
export function valueOfAnnotation(resolver: Resolver, at: Expression, frame: Frame): Value | null {
  switch (at.kind) {
    case "name":
    case "attribute": {
      const value = resolver.evaluate(at, { scope: frame.scope, env: noEnvironment });
      if (value?.kind === "class") return { kind: "instance", of: value.of, id: null };
      if (value?.kind === "external" && value.name.includes(".")) {
        return { kind: "made", name: value.name, id: "", call: null, frame: null };
      }
      return null;
    }
    case "string": {
      if (at.value === null || !/^[\w.]+$/.test(at.value)) return null;
      const parts = at.value.split(".");
      let made: Expression = { kind: "name", start: at.start, end: at.end, name: parts[0] as string };
      for (const name of parts.slice(1)) {
        made = { kind: "attribute", start: at.start, end: at.end, of: made, name, nameStart: at.start };
      }
      return valueOfAnnotation(resolver, made, frame);
    }
    case "index": {
      const name = lastName(at.of);
      const inner = at.at.kind === "list" ? at.at.items : [at.at];
      if (name === "Optional" || name === "Annotated" || name === "Final" || name === "ClassVar") {
        return inner[0] ? valueOfAnnotation(resolver, inner[0], frame) : null;
      }
      if (name === "Awaitable" || name === "Promise" || name === "Task" || name === "Future") {
        return { kind: "promise", of: inner[0] ? valueOfAnnotation(resolver, inner[0], frame) : null };
      }
      if (name === "Coroutine")
        return { kind: "promise", of: inner[2] ? valueOfAnnotation(resolver, inner[2], frame) : null };
      if (name === "Type" || name === "type") return null;
      if (name === "Union") {
        const live = inner.filter((one) => !(one.kind === "constant" && one.text === "None"));
        return live.length === 1 && live[0] ? valueOfAnnotation(resolver, live[0], frame) : null;
      }
      return valueOfAnnotation(resolver, at.of, frame);
    }
    case "binary": {
      const sides = [at.left, at.right].filter((one) => !(one.kind === "constant" && one.text === "None"));
      return sides.length === 1 && sides[0] ? valueOfAnnotation(resolver, sides[0], frame) : null;
    }
    default:
      return null;
  }
}
