import type { PyExpression, PyStatement } from "../types/python.ts";

/** The items of a list, and whether they are all: a part that text does not show may hold more. */
export interface ReadList {
  items: PyExpression[];
  complete: boolean;
}

/** Longer lists are cut: no list that people write is as long. */
const maxItems = 2000;

const unread: ReadList = { items: [], complete: false };

/** Reads the items that a list expression may hold. A name stands for what the body assigns to it and adds to it, whatever the branch. */
export function makeListReader(body: readonly PyStatement[]): (value: PyExpression) => ReadList {
  const names = new Map<string, ReadList>();
  return read;

  function read(value: PyExpression): ReadList {
    switch (value.kind) {
      case "list":
      case "tuple":
        return joined(
          value.items.map((item) => (item.kind === "starred" ? read(item.value) : { items: [item], complete: true })),
        );
      case "binary":
        return value.operator === "+" ? joined([read(value.left), read(value.right)]) : unread;
      case "conditional":
        return joined([read(value.body), read(value.orElse)]);
      case "name":
        return named(value.name);
      default:
        return unread;
    }
  }

  function named(name: string): ReadList {
    const known = names.get(name);
    if (known) return known;
    // Within its own parts a name adds nothing: `x = x + […]`.
    names.set(name, { items: [], complete: true });
    const parts = partsOf(name, body);
    const list = parts.length === 0 ? unread : joined(parts);
    names.set(name, list);
    return list;
  }

  /** What statements give to the list of a name: `x = […]`, `x += […]`, `x.append(…)`, `x.extend([…])`. */
  function partsOf(name: string, statements: readonly PyStatement[]): ReadList[] {
    const isName = (target: PyExpression): boolean => target.kind === "name" && target.name === name;
    return statements.flatMap((statement): ReadList[] => {
      switch (statement.kind) {
        case "assign":
          return statement.targets.some(isName) ? [read(statement.value)] : [];
        case "annotated":
        case "augmented":
          return statement.value && isName(statement.target) ? [read(statement.value)] : [];
        case "expression": {
          const call = statement.value;
          if (call.kind !== "call" || call.callee.kind !== "attribute" || !isName(call.callee.object)) return [];
          const added = call.arguments.at(-1);
          if (!added) return [];
          return [call.callee.name.text === "extend" ? read(added) : { items: [added], complete: true }];
        }
        case "if":
        case "for":
        case "while":
          return partsOf(name, [...statement.body, ...statement.orElse]);
        case "with":
          return partsOf(name, statement.body);
        case "try": {
          const handled = statement.handlers.flatMap((one) => one.body);
          return partsOf(name, [...statement.body, ...handled, ...statement.orElse, ...statement.finalBody]);
        }
        default:
          return [];
      }
    });
  }
}

function joined(parts: readonly ReadList[]): ReadList {
  const items = parts.flatMap((part) => part.items);
  return {
    items: items.slice(0, maxItems),
    complete: items.length <= maxItems && parts.every((part) => part.complete),
  };
}
