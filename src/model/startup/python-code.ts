import type {
  Argument,
  CodeClass,
  CodeFile,
  CodeFunction,
  Expression,
  Handler,
  Parameter,
  Statement,
} from "../../types/code.ts";
import type { PyExpression, PyFunction, PyKeyword, PyParameter, PyStatement, PythonFile } from "../../types/python.ts";

/** Python's tree in the common syntax. Total: what has no counterpart becomes its parts in the order of evaluation. */
export function codeOfPython(file: PythonFile): CodeFile {
  return {
    language: "python",
    lineStarts: file.lineStarts,
    body: statements(file.body),
    ...(file.damaged.length > 0 || file.truncated !== null ? { broken: true } : {}),
  };
}

// A list that grew keeps room for sixteen more.
const statements = (body: readonly PyStatement[]): Statement[] => body.flatMap(statement).slice();

function statement(at: PyStatement): Statement[] {
  const { start, end } = at;
  switch (at.kind) {
    case "function":
      return [{ kind: "function", start, end, of: functionOf(at) }];
    case "class": {
      const of: CodeClass = {
        start,
        end,
        name: at.name.text,
        nameStart: at.name.start,
        nameEnd: at.name.end,
        bases: at.bases.map(expression),
        keywords: at.keywords.map(keyword),
        decorators: at.decorators.map(expression),
        body: statements(at.body),
      };
      return [{ kind: "class", start, end, of }];
    }
    case "import":
      return at.names.map((name) => ({
        kind: "import",
        start: name.start,
        end: name.end,
        module: name.name,
        level: 0,
        names: [],
        local: name.alias ?? (name.name.split(".", 1)[0] as string),
        ...(name.alias === null ? {} : { whole: true }),
      }));
    case "from": {
      const star = at.names.some((name) => name.name === "*");
      return [
        {
          kind: "import",
          start,
          end,
          module: at.module,
          level: at.level,
          names: star
            ? []
            : at.names.map((name) => ({
                start: name.start,
                end: name.end,
                name: name.name,
                local: name.alias ?? name.name,
              })),
          ...(star ? { star } : {}),
        },
      ];
    }
    case "expression":
      return [{ kind: "expression", start, end, value: expression(at.value) }];
    case "assign":
      return [{ kind: "assign", start, end, targets: at.targets.map(expression), value: expression(at.value) }];
    case "annotated":
      return [
        {
          kind: "assign",
          start,
          end,
          targets: [expression(at.target)],
          value: at.value === null ? null : expression(at.value),
          annotation: expression(at.annotation),
        },
      ];
    case "augmented":
      return [
        {
          kind: "assign",
          start,
          end,
          targets: [expression(at.target)],
          value: expression(at.value),
          augmented: true,
        },
      ];
    case "return":
      return [{ kind: "return", start, end, value: at.value === null ? null : expression(at.value) }];
    case "raise":
      return [{ kind: "throw", start, end, value: at.value === null ? null : expression(at.value) }];
    case "delete":
      return [];
    case "assert": {
      // Only whether it is true matters, as behind `not`.
      const test: Expression = { kind: "not", of: expression(at.test), start: at.test.start, end: at.test.end };
      const parts = [test, ...(at.message === null ? [] : [expression(at.message)])];
      return [{ kind: "expression", start, end, value: { kind: "other", start, end, parts } }];
    }
    case "global":
    case "nonlocal":
      return [{ kind: "global", start, end, names: at.names }];
    case "pass":
    case "break":
    case "continue":
      return [{ kind: at.kind, start, end }];
    case "if":
      return [
        {
          kind: "if",
          start,
          end,
          test: expression(at.test),
          consequent: statements(at.body),
          otherwise: statements(at.orElse),
        },
      ];
    case "for":
      return [
        {
          kind: "for",
          start,
          end,
          target: expression(at.target),
          over: expression(at.iterable),
          body: statements(at.body),
          otherwise: statements(at.orElse),
          isAsync: at.async,
        },
      ];
    case "while":
      return [
        {
          kind: "while",
          start,
          end,
          test: expression(at.test),
          body: statements(at.body),
          otherwise: statements(at.orElse),
        },
      ];
    case "try":
      return [
        {
          kind: "try",
          start,
          end,
          body: statements(at.body),
          handlers: at.handlers.map(
            (handler): Handler => ({
              start: handler.start,
              end: handler.end,
              types:
                handler.type === null
                  ? []
                  : handler.type.kind === "tuple"
                    ? handler.type.items.map(expression)
                    : [expression(handler.type)],
              name: handler.name,
              body: statements(handler.body),
            }),
          ),
          otherwise: statements(at.orElse),
          finally: statements(at.finalBody),
        },
      ];
    case "with":
      return [
        {
          kind: "with",
          start,
          end,
          items: at.items.map((item) => ({
            value: expression(item.value),
            as: item.target === null ? null : expression(item.target),
          })),
          body: statements(at.body),
          isAsync: at.async,
        },
      ];
    case "match":
      return [
        {
          kind: "match",
          start,
          end,
          subject: expression(at.subject),
          cases: at.cases.map((one) => ({
            body: statements(one.body),
            isDefault: one.irrefutable && one.guard === null,
          })),
        },
      ];
    case "type-alias":
      return [];
    case "unknown":
      return [{ kind: "block", start, end, body: statements(at.body) }];
  }
}

/** Whether a `yield` was converted since the innermost function began. */
let yielded = false;

/** What is read inside a function, and whether a `yield` of its own stands there. */
function inFunction<T>(read: () => T): { made: T; isGenerator: boolean } {
  const outer = yielded;
  yielded = false;
  const made = read();
  const isGenerator = yielded;
  yielded = outer;
  return { made, isGenerator };
}

function functionOf(at: PyFunction): CodeFunction {
  const { made: body, isGenerator } = inFunction(() => statements(at.body));
  return {
    start: at.start,
    end: at.end,
    name: at.name.text,
    nameStart: at.name.start,
    nameEnd: at.name.end,
    parameters: at.parameters.flatMap(parameter).slice(),
    ...(at.returns === null ? {} : { returns: expression(at.returns) }),
    body,
    isAsync: at.async,
    isGenerator,
    isStatic: at.decorators.some((one) => one.kind === "name" && one.name === "staticmethod"),
    decorators: at.decorators.map(expression),
    bodiless: at.body.every((one) => one.kind === "expression" && isStub(one.value)),
  };
}

const isStub = (at: PyExpression): boolean => at.kind === "string" || (at.kind === "constant" && at.value === "...");

function parameter(at: PyParameter): Parameter[] {
  if (at.form === "marker") return [];
  return [
    {
      name: at.name,
      ...(at.annotation === null ? {} : { annotation: expression(at.annotation) }),
      ...(at.default === null ? {} : { value: expression(at.default) }),
      ...(at.form === "plain" ? {} : { rest: true }),
    },
  ];
}

function keyword(at: PyKeyword): Argument {
  return at.name === null ? { spread: 2, value: expression(at.value) } : { name: at.name, value: expression(at.value) };
}

function expression(at: PyExpression): Expression {
  const { start, end } = at;
  switch (at.kind) {
    // The same in both: most nodes are one of these, and are not made twice.
    case "name":
    case "string":
      return at;
    case "format":
      return {
        kind: "string",
        start,
        end,
        value: null,
        parts: at.parts.filter((part): part is PyExpression => typeof part !== "string").map(expression),
      };
    case "number":
      return { kind: "constant", start, end, text: at.text };
    case "constant":
      return {
        kind: "constant",
        start,
        end,
        text: at.value === true ? "True" : at.value === false ? "False" : at.value === null ? "None" : "...",
      };
    case "call":
      return {
        kind: "call",
        start,
        end,
        callee: expression(at.callee),
        args: [
          ...at.arguments.map(
            (one): Argument =>
              one.kind === "starred"
                ? { spread: one.double ? 2 : 1, value: expression(one.value) }
                : { value: expression(one) },
          ),
          ...at.keywords.map(keyword),
        ],
      };
    case "attribute":
      return {
        kind: "attribute",
        start,
        end,
        of: expression(at.object),
        name: at.name.text,
        nameStart: at.name.start,
      };
    case "subscript": {
      const indexes = at.indexes.map(expression);
      const index: Expression =
        indexes.length === 1
          ? (indexes[0] as Expression)
          : { kind: "list", shape: "tuple", start, end, items: indexes };
      return { kind: "index", start, end, of: expression(at.object), at: index };
    }
    case "slice":
      return { kind: "other", start, end, parts: at.parts.map(expression) };
    case "await":
      return { kind: "await", start, end, of: expression(at.value) };
    case "yield":
      yielded = true;
      return { kind: "yield", start, end, of: at.value === null ? null : expression(at.value), from: at.from };
    case "binary":
      return {
        kind: "binary",
        start,
        end,
        operator: at.operator,
        left: expression(at.left),
        right: expression(at.right),
      };
    case "boolean":
      return {
        kind: "logical",
        start,
        end,
        operator: at.operator,
        left: expression(at.left),
        right: expression(at.right),
      };
    case "unary":
      return at.operator === "not"
        ? { kind: "not", start, end, of: expression(at.value) }
        : { kind: "unary", start, end, operator: at.operator, of: expression(at.value) };
    case "comparison": {
      const parts = at.operands.map(expression);
      if (parts.length === 2) {
        return {
          kind: "binary",
          start,
          end,
          operator: at.operators[0] ?? "",
          left: parts[0] as Expression,
          right: parts[1] as Expression,
        };
      }
      return { kind: "other", start, end, parts };
    }
    case "conditional":
      return {
        kind: "conditional",
        start,
        end,
        test: expression(at.test),
        consequent: expression(at.body),
        otherwise: expression(at.orElse),
      };
    case "lambda":
      return {
        kind: "function",
        start,
        end,
        of: {
          start,
          end,
          name: "",
          nameStart: start,
          nameEnd: start,
          parameters: at.parameters.flatMap(parameter).slice(),
          body: [
            {
              kind: "return",
              start: at.body.start,
              end: at.body.end,
              value: inFunction(() => expression(at.body)).made,
            },
          ],
          isAsync: false,
          isGenerator: false,
          decorators: [],
          isExpression: true,
        },
      };
    case "list":
    case "tuple":
    case "set":
      return { kind: "list", shape: at.kind, start, end, items: at.items.map(expression) };
    case "dict":
      return {
        kind: "dict",
        start,
        end,
        entries: at.entries.map((entry) => ({
          key: entry.key === null ? null : expression(entry.key),
          value: expression(entry.value),
        })),
      };
    case "comprehension": {
      const [first, ...more] = at.clauses;
      if (first === undefined) return { kind: "other", start, end, parts: [expression(at.element)] };
      const rest = [
        ...(at.value === null ? [] : [at.value]),
        ...first.conditions,
        ...more.flatMap((clause) => [clause.iterable, ...clause.conditions]),
      ];
      return {
        kind: "comprehension",
        start,
        end,
        shape: at.form,
        target: expression(first.target),
        over: expression(first.iterable),
        isAsync: at.clauses.some((clause) => clause.async),
        element: expression(at.element),
        rest: rest.map(expression),
      };
    }
    case "named":
      return { kind: "assignment", start, end, target: expression(at.target), value: expression(at.value) };
    case "starred":
      return { kind: "spread", start, end, of: expression(at.value) };
    case "unknown":
      return { kind: "other", start, end, parts: at.parts.map(expression) };
  }
}
