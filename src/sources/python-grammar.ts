import { shared } from "../text/shared.ts";
import type {
  PyComprehension,
  PyComprehensionClause,
  PyExpression,
  PyKeyword,
  PyName,
  PyParameter,
} from "../types/python.ts";
import { PythonLexer, T } from "./python-lexer.ts";
import { stringValue } from "./python-strings.ts";

/** Deeper nesting than this is refused: CPython's own limit for brackets is 200. */
const maxNesting = 200;
/** Longer chains of operators, attributes and calls than this are refused. */
const maxChain = 1000;

export const keywords = new Set(
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield".split(
    " ",
  ),
);

/** Binary operators by binding strength, weakest first. */
const strengths: ReadonlyMap<string, number> = new Map(
  ["|", "^", "&", "<< >>", "+ -", "* / // % @"].flatMap((level, strength) =>
    level.split(" ").map((operator): [string, number] => [operator, strength]),
  ),
);

const opensWord = new Set(["None", "True", "False", "not", "lambda", "await", "yield"]);
const opensOperator = new Set(["(", "[", "{", "+", "-", "~", "*", "**", "..."]);

const comparisons = new Set(["<", ">", "==", ">=", "<=", "!=", "<>"]);

/** Python's expressions by recursive descent, after the grammar in CPython's Grammar/python.gram. */
export class ExpressionParser extends PythonLexer {
  nesting = 0;

  is(value: string): boolean {
    return (this.kind === T.operator || this.kind === T.name) && this.value === value;
  }

  take(value: string): boolean {
    if (!this.is(value)) return false;
    this.next();
    return true;
  }

  expect(value: string): void {
    if (!this.take(value)) this.fail(`\`${value}\` is missing`);
  }

  identifier(): PyName {
    if (this.kind !== T.name || keywords.has(this.value)) this.fail("a name is missing");
    const name = { text: this.value, start: this.start, end: this.end };
    this.next();
    return name;
  }

  /** An attribute's name: keywords that are soft somewhere are let pass. */
  anyName(): PyName {
    if (this.kind !== T.name) this.fail("a name is missing");
    const name = { text: this.value, start: this.start, end: this.end };
    this.next();
    return name;
  }

  deeper<R>(run: () => R): R {
    if (++this.nesting > maxNesting) this.fail("nested too deeply");
    const result = run();
    this.nesting--;
    return result;
  }

  /** `a`, `a, b`, `*a, b`, or `yield`: what may stand alone or right of `=`. */
  expressionList(): PyExpression {
    if (this.is("yield")) return this.yieldExpression();
    const start = this.start;
    const first = this.starredOrNamed();
    if (!this.is(",")) return first;
    const items = [first];
    while (this.take(",")) {
      if (!this.startsExpression()) break;
      items.push(this.starredOrNamed());
    }
    return { kind: "tuple", start, end: this.lastEnd, items };
  }

  startsExpression(): boolean {
    if (this.kind === T.name) return !keywords.has(this.value) || opensWord.has(this.value);
    if (this.kind === T.number || this.kind === T.string) return true;
    return this.kind === T.operator && opensOperator.has(this.value);
  }

  starredOrNamed(): PyExpression {
    if (!this.is("*")) return this.named();
    const start = this.start;
    this.next();
    const value = this.binary(0);
    return { kind: "starred", double: false, start, end: this.lastEnd, value };
  }

  yieldExpression(): PyExpression {
    const start = this.start;
    this.next();
    if (this.take("from")) {
      const value = this.expression();
      return { kind: "yield", from: true, start, end: this.lastEnd, value };
    }
    const value = this.startsExpression() ? this.expressionList() : null;
    return { kind: "yield", from: false, start, end: this.lastEnd, value };
  }

  named(): PyExpression {
    const value = this.expression();
    if (value.kind === "name" && this.is(":=")) {
      this.next();
      const inner = this.expression();
      return { kind: "named", start: value.start, end: this.lastEnd, target: value, value: inner };
    }
    return value;
  }

  expression(): PyExpression {
    if (this.is("lambda")) return this.lambda();
    const body = this.disjunction();
    if (!this.is("if")) return body;
    this.next();
    const test = this.disjunction();
    this.expect("else");
    const orElse = this.deeper(() => this.expression());
    return { kind: "conditional", start: body.start, end: this.lastEnd, test, body, orElse };
  }

  lambda(): PyExpression {
    const start = this.start;
    this.next();
    const parameters = this.parameters(":", false);
    this.expect(":");
    const body = this.deeper(() => this.expression());
    return { kind: "lambda", start, end: this.lastEnd, parameters, body };
  }

  disjunction(): PyExpression {
    let left = this.conjunction();
    for (let count = 0; this.is("or"); count++) {
      if (count > maxChain) this.fail("too long a chain");
      this.next();
      const right = this.conjunction();
      left = { kind: "boolean", operator: "or", start: left.start, end: this.lastEnd, left, right };
    }
    return left;
  }

  conjunction(): PyExpression {
    let left = this.inversion();
    for (let count = 0; this.is("and"); count++) {
      if (count > maxChain) this.fail("too long a chain");
      this.next();
      const right = this.inversion();
      left = { kind: "boolean", operator: "and", start: left.start, end: this.lastEnd, left, right };
    }
    return left;
  }

  inversion(): PyExpression {
    if (!this.is("not")) return this.comparison();
    const start = this.start;
    this.next();
    const value = this.deeper(() => this.inversion());
    return { kind: "unary", operator: "not", start, end: this.lastEnd, value };
  }

  comparison(): PyExpression {
    const first = this.binary(0);
    let operator = this.comparisonOperator();
    if (operator === null) return first;
    const operands = [first];
    const operators: string[] = [];
    while (operator !== null) {
      operators.push(operator);
      operands.push(this.binary(0));
      operator = this.comparisonOperator();
    }
    return { kind: "comparison", start: first.start, end: this.lastEnd, operands, operators };
  }

  comparisonOperator(): string | null {
    if (this.kind === T.operator && comparisons.has(this.value)) {
      const { value } = this;
      this.next();
      return value;
    }
    if (this.kind !== T.name) return null;
    if (this.value === "in") {
      this.next();
      return "in";
    }
    if (this.value === "is") {
      this.next();
      return this.take("not") ? "is not" : "is";
    }
    if (this.value === "not") {
      this.next();
      this.expect("in");
      return "not in";
    }
    return null;
  }

  /** Operators that bind at least as strongly as `weakest`. */
  binary(weakest: number): PyExpression {
    let left = this.factor();
    for (let count = 0; this.kind === T.operator; count++) {
      const strength = strengths.get(this.value);
      if (strength === undefined || strength < weakest) break;
      if (count > maxChain) this.fail("too long a chain");
      const operator = this.value;
      this.next();
      const right = this.binary(strength + 1);
      left = { kind: "binary", operator, start: left.start, end: this.lastEnd, left, right };
    }
    return left;
  }

  factor(): PyExpression {
    if (this.kind === T.operator && (this.value === "-" || this.value === "+" || this.value === "~")) {
      const operator = this.value;
      const start = this.start;
      this.next();
      const value = this.deeper(() => this.factor());
      return { kind: "unary", operator, start, end: this.lastEnd, value };
    }
    const left = this.awaited();
    if (!this.is("**")) return left;
    this.next();
    const right = this.deeper(() => this.factor());
    return { kind: "binary", operator: "**", start: left.start, end: this.lastEnd, left, right };
  }

  awaited(): PyExpression {
    if (!this.is("await")) return this.primary();
    const start = this.start;
    this.next();
    const value = this.primary();
    return { kind: "await", start, end: this.lastEnd, value };
  }

  primary(): PyExpression {
    let value = this.atom();
    for (let count = 0; this.kind === T.operator; count++) {
      if (count > maxChain) this.fail("too long a chain");
      const { start } = value;
      if (this.value === ".") {
        this.next();
        const name = this.anyName();
        value = { kind: "attribute", start, end: this.lastEnd, object: value, name };
      } else if (this.value === "(") {
        const callee = value;
        const { positional, named } = this.callArguments();
        value = { kind: "call", start, end: this.lastEnd, callee, arguments: positional, keywords: named };
      } else if (this.value === "[") {
        const object = value;
        const indexes = this.deeper(() => this.subscripts());
        value = { kind: "subscript", start, end: this.lastEnd, object, indexes };
      } else break;
    }
    return value;
  }

  callArguments(): { positional: PyExpression[]; named: PyKeyword[] } {
    const positional: PyExpression[] = [];
    const named: PyKeyword[] = [];
    const open = this.start;
    this.expect("(");
    this.deeper(() => {
      while (!this.is(")")) {
        const { start } = this;
        if (this.take("**")) named.push({ name: null, value: this.expression(), start, end: this.lastEnd });
        else if (this.take("*")) {
          const value = this.expression();
          positional.push({ kind: "starred", double: false, start, end: this.lastEnd, value });
        } else if (this.kind === T.name && this.assigns()) {
          const name = this.value;
          this.next();
          this.next();
          named.push({ name, value: this.expression(), start, end: this.lastEnd });
        } else {
          const value = this.named();
          if (this.startsClause()) positional.push(this.comprehension("generator", value, null, open));
          else positional.push(value);
        }
        if (!this.take(",")) break;
      }
    });
    const sole = positional[0];
    this.expect(")");
    if (sole?.kind === "comprehension" && sole.start === open) sole.end = this.lastEnd;
    // A list that grew keeps room for sixteen more.
    return { positional: positional.slice(), named: named.slice() };
  }

  /** Whether the name is followed by `=` (and not `==`). */
  assigns(): boolean {
    const { text } = this;
    let at = this.end;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === 32 || code === 9 || code === 10 || code === 13) at++;
      else if (code === 35) {
        const next = text.indexOf("\n", at);
        if (next === -1) return false;
        at = next;
      } else if (code === 92) at++;
      else return code === 61 && text.charCodeAt(at + 1) !== 61;
    }
  }

  subscripts(): PyExpression[] {
    this.expect("[");
    const indexes: PyExpression[] = [];
    while (!this.is("]")) {
      indexes.push(this.slice());
      if (!this.take(",")) break;
      if (this.is("]") && indexes.length === 1) {
        const [only] = indexes as [PyExpression];
        indexes[0] = { kind: "tuple", start: only.start, end: this.lastEnd, items: [only] };
      }
    }
    this.expect("]");
    return indexes;
  }

  slice(): PyExpression {
    const { start } = this;
    const parts: PyExpression[] = [];
    if (!this.is(":")) {
      const value = this.starredOrNamed();
      if (!this.is(":")) return value;
      parts.push(value);
    }
    for (let colons = 0; colons < 2 && this.take(":"); colons++) {
      if (!this.is(":") && !this.is("]") && !this.is(",")) parts.push(this.expression());
    }
    return { kind: "slice", start, end: this.lastEnd, parts };
  }

  atom(): PyExpression {
    const { start, end, value } = this;
    switch (this.kind) {
      case T.name:
        if (keywords.has(value)) {
          if (value !== "None" && value !== "True" && value !== "False") this.fail(`unexpected \`${value}\``);
          this.next();
          return { kind: "constant", start, end, value: value === "None" ? null : value === "True" };
        }
        this.next();
        return { kind: "name", start, end, name: value };
      case T.number:
        this.next();
        return { kind: "number", start, end, text: shared(this.text.slice(start, end)) };
      case T.string:
        return this.strings();
      case T.operator:
        if (value === "(") return this.deeper(() => this.parenthesised());
        if (value === "[") return this.deeper(() => this.list());
        if (value === "{") return this.deeper(() => this.braces());
        if (value === "...") {
          this.next();
          return { kind: "constant", start, end, value: "..." };
        }
    }
    return this.fail("an expression is missing");
  }

  parenthesised(): PyExpression {
    const { start } = this;
    this.next();
    if (this.take(")")) return { kind: "tuple", start, end: this.lastEnd, items: [] };
    if (this.is("yield")) {
      const value = this.yieldExpression();
      this.expect(")");
      return value;
    }
    const first = this.starredOrNamed();
    if (this.startsClause()) {
      const generator = this.comprehension("generator", first, null, start);
      this.expect(")");
      generator.end = this.lastEnd;
      return generator;
    }
    if (!this.is(",")) {
      this.expect(")");
      return first;
    }
    const items = [first];
    while (this.take(",")) {
      if (this.is(")")) break;
      items.push(this.starredOrNamed());
    }
    this.expect(")");
    return { kind: "tuple", start, end: this.lastEnd, items };
  }

  list(): PyExpression {
    const { start } = this;
    this.next();
    const items: PyExpression[] = [];
    while (!this.is("]")) {
      const item = this.starredOrNamed();
      if (items.length === 0 && this.startsClause()) {
        const result = this.comprehension("list", item, null, start);
        this.expect("]");
        result.end = this.lastEnd;
        return result;
      }
      items.push(item);
      if (!this.take(",")) break;
    }
    this.expect("]");
    return { kind: "list", start, end: this.lastEnd, items };
  }

  braces(): PyExpression {
    const { start } = this;
    this.next();
    const entries: { key: PyExpression | null; value: PyExpression }[] = [];
    const items: PyExpression[] = [];
    while (!this.is("}")) {
      if (this.take("**")) entries.push({ key: null, value: this.binary(0) });
      else {
        const key = this.starredOrNamed();
        if (this.take(":")) {
          const value = this.expression();
          if (entries.length === 0 && this.startsClause()) {
            const result = this.comprehension("dict", key, value, start);
            this.expect("}");
            result.end = this.lastEnd;
            return result;
          }
          entries.push({ key, value });
        } else if (items.length === 0 && this.startsClause()) {
          const result = this.comprehension("set", key, null, start);
          this.expect("}");
          result.end = this.lastEnd;
          return result;
        } else items.push(key);
      }
      if (!this.take(",")) break;
    }
    this.expect("}");
    if (items.length > 0) return { kind: "set", start, end: this.lastEnd, items };
    return { kind: "dict", start, end: this.lastEnd, entries };
  }

  startsClause(): boolean {
    return this.kind === T.name && (this.value === "for" || this.value === "async");
  }

  comprehension(
    form: PyComprehension["form"],
    element: PyExpression,
    value: PyExpression | null,
    start: number,
  ): PyComprehension {
    const clauses: PyComprehensionClause[] = [];
    while (this.startsClause()) {
      const from = this.start;
      const async = this.take("async");
      this.expect("for");
      const target = this.targets();
      this.expect("in");
      const iterable = this.disjunction();
      const conditions: PyExpression[] = [];
      while (this.take("if")) conditions.push(this.clauseCondition());
      clauses.push({ start: from, end: this.lastEnd, async, target, iterable, conditions });
    }
    return { kind: "comprehension", form, start, end: this.lastEnd, element, value, clauses };
  }

  clauseCondition(): PyExpression {
    if (this.is("lambda")) return this.lambda();
    const value = this.disjunction();
    if (value.kind !== "name" || !this.is(":=")) return value;
    this.next();
    const inner = this.disjunction();
    return { kind: "named", start: value.start, end: this.lastEnd, target: value, value: inner };
  }

  /** What stands left of `in`: names, attributes, subscripts, stars, in tuples. */
  targets(): PyExpression {
    const { start } = this;
    const one = (): PyExpression => {
      const from = this.start;
      if (!this.take("*")) return this.binary(0);
      const value = this.binary(0);
      return { kind: "starred", double: false, start: from, end: this.lastEnd, value };
    };
    const first = one();
    if (!this.is(",")) return first;
    const items = [first];
    while (this.take(",")) {
      if (this.is("in") || this.is("=")) break;
      items.push(one());
    }
    return { kind: "tuple", start, end: this.lastEnd, items };
  }

  /** Parameters up to, and without, the closing token. */
  parameters(close: ")" | ":", annotated: boolean): PyParameter[] {
    const list: PyParameter[] = [];
    while (!this.is(close)) {
      const parameter: PyParameter = {
        start: this.start,
        end: 0,
        name: "",
        form: "plain",
        annotation: null,
        default: null,
      };
      if (this.take("/")) parameter.form = "marker";
      else if (this.take("**")) {
        parameter.form = "double-star";
        parameter.name = this.identifier().text;
      } else if (this.take("*")) {
        if (this.is(",") || this.is(close)) parameter.form = "marker";
        else {
          parameter.form = "star";
          parameter.name = this.identifier().text;
        }
      } else parameter.name = this.identifier().text;
      if (annotated && parameter.form !== "marker" && this.take(":")) parameter.annotation = this.starredOrNamed();
      if (parameter.form === "plain" && this.take("=")) parameter.default = this.expression();
      parameter.end = this.lastEnd;
      list.push(parameter);
      if (!this.take(",")) break;
    }
    return list;
  }

  /** Neighbouring string literals, joined. */
  strings(): PyExpression {
    const { start } = this;
    const parts: (string | PyExpression)[] = [];
    let bytes = false;
    let interpolated = false;
    while (this.kind === T.string) {
      const prefix = this.value;
      if (prefix.includes("b")) bytes = true;
      if (prefix.includes("f") || prefix.includes("t")) {
        interpolated = this.formatString(parts, prefix.includes("r")) || interpolated;
      } else {
        const quoteAt = this.start + prefix.length;
        const width =
          this.text.startsWith(this.text.charAt(quoteAt).repeat(3), quoteAt) && this.end - quoteAt >= 6 ? 3 : 1;
        addText(parts, stringValue(this.text.slice(quoteAt + width, this.end - width), prefix.includes("r"), false));
      }
      this.next();
    }
    if (interpolated) return { kind: "format", start, end: this.lastEnd, parts };
    return { kind: "string", start, end: this.lastEnd, value: shared(parts.join("")), bytes };
  }

  /** Reads a format string behind its opening quotes; afterwards the current token is the whole literal. True where it holds fields. */
  formatString(parts: (string | PyExpression)[], raw: boolean): boolean {
    const { text, start } = this;
    const quoteAt = start + this.value.length;
    const quote = text.charAt(quoteAt);
    const mark = this.end - quoteAt === 3 ? quote.repeat(3) : quote;
    const { depth, fieldDepth } = this;
    let at = this.end;
    let literal = at;
    let fields = false;
    const flush = (to: number) => {
      if (to > literal) addText(parts, stringValue(text.slice(literal, to), raw, true));
    };
    for (;;) {
      const character = text.charAt(at);
      if (character === "" || (character === "\n" && mark.length === 1)) this.fail("a string is not closed", start);
      if (text.startsWith(mark, at)) break;
      if (character === "\\") {
        // `\N{…}` is a character's name, no field; in raw text the braces of `\N{` are one.
        const named = raw ? null : /^\\N\{[^{}'"\n]*\}/.exec(text.slice(at, at + 100));
        const brace = text.charAt(at + 1) === "{" || text.charAt(at + 1) === "}";
        at += named ? named[0].length : brace ? 1 : 2;
      } else if (character === "{" && text.charAt(at + 1) === "{") at += 2;
      else if (character === "}" && text.charAt(at + 1) === "}") at += 2;
      else if (character === "{") {
        flush(at);
        fields = true;
        at = this.field(parts, at);
        literal = at;
      } else at++;
    }
    flush(at);
    this.depth = depth;
    this.fieldDepth = fieldDepth;
    this.position = at + mark.length;
    this.give(T.string, start, this.position, "");
    return fields;
  }

  /** One replacement field from its `{`; gives the offset after its `}`. */
  field(parts: (string | PyExpression)[], open: number): number {
    const { text, fieldDepth } = this;
    this.position = open + 1;
    this.depth++;
    this.fieldDepth = this.depth;
    this.next();
    const value = this.deeper(() => this.expressionList());
    if (this.is("=")) {
      // The token after `=` tells how much white space belongs to the text.
      this.next();
      addText(parts, text.slice(open + 1, this.start));
    }
    parts.push(value);
    if (this.is("!")) {
      this.next();
      this.next();
    }
    let end: number;
    if (this.is(":")) end = this.specification(parts, this.end);
    else {
      if (!this.is("}")) this.fail("`}` is missing");
      end = this.end;
      // The lexer counted the brace already.
      this.depth++;
    }
    this.depth--;
    this.fieldDepth = fieldDepth;
    return end;
  }

  /** The format after `:`, with fields of its own; gives the offset after the `}` that ends it. */
  specification(parts: (string | PyExpression)[], from: number): number {
    const { text } = this;
    for (let at = from; at < text.length; ) {
      const character = text.charAt(at);
      if (character === "}") return at + 1;
      if (character === "{") {
        const inner: (string | PyExpression)[] = [];
        const { depth, fieldDepth } = this;
        at = this.deeper(() => this.field(inner, at));
        this.depth = depth;
        this.fieldDepth = fieldDepth;
        for (const part of inner) if (typeof part !== "string") parts.push(part);
      } else if (character === "\n" && at - from > 2000) break;
      else at++;
    }
    return this.fail("`}` is missing", from);
  }
}

function addText(parts: (string | PyExpression)[], value: string): void {
  const last = parts.length - 1;
  if (typeof parts[last] === "string") parts[last] += value;
  else if (value !== "") parts.push(shared(value));
}
