import { lineStartsOf } from "../text/positions.ts";
import type {
  PyCase,
  PyExpression,
  PyHandler,
  PyImported,
  PyName,
  PyRange,
  PyStatement,
  PythonFile,
  PyWithItem,
} from "../types/python.ts";
import { ExpressionParser, keywords } from "./python-grammar.ts";
import { isPythonSyntaxError, T } from "./python-lexer.ts";

/** Blocks inside blocks; CPython allows 100. */
const maxBlocks = 100;
/** After so many damaged statements the rest is left unread: each costs a new start. */
const maxDamage = 200;
/** Longest text that is parsed, in UTF-16 code units. */
const maxLength = 4 * 1024 * 1024;
const augmented = new Set(["+=", "-=", "*=", "/=", "//=", "%=", "@=", "&=", "|=", "^=", ">>=", "<<=", "**="]);

/**
 * Parses Python into plain objects, as CPython's own grammar does. An own parser: the wasm grammar took five times as long for a start's closure
 * and got more files of the standard library wrong (the test compares each tree with CPython's). Never throws for text: a statement that is none becomes `unknown` with the
 * statements of its block, and a `damaged` range; what follows is read on.
 */
export function parsePython(text: string): PythonFile {
  if (text.length > maxLength) {
    return {
      body: [],
      lineStarts: [0],
      damaged: [{ start: 0, end: 0 }],
      truncated: "the file is too large to be parsed",
    };
  }
  const parser = new StatementParser(text);
  const body = parser.file();
  const truncated = parser.gaveUp ? "too much of the file is no Python" : null;
  return { body, lineStarts: lineStartsOf(text), damaged: parser.damaged, truncated };
}

class StatementParser extends ExpressionParser {
  damaged: PyRange[] = [];
  gaveUp = false;
  blocks = 0;

  file(): PyStatement[] {
    const body: PyStatement[] = [];
    this.begin();
    while (this.kind !== T.end) {
      this.statements(body, true);
      // A dedent below the first column cannot be; an indent is damage that was read as a block.
      if (this.kind === T.dedent) this.advance();
    }
    return body;
  }

  begin(): void {
    try {
      this.next();
    } catch (error) {
      this.recover(error, 0);
    }
  }

  /** `next` that survives text that is no token. */
  advance(): void {
    try {
      this.next();
    } catch (error) {
      this.recover(error, this.position);
    }
  }

  /** Statements up to a dedent or the end. */
  statements(into: PyStatement[], top = false): void {
    while (!this.ended(T.end) && !this.ended(T.dedent)) {
      const { start } = this;
      if (this.ended(T.indent)) {
        // Deeper than its block without a header: read as a block of its own.
        this.damaged.push({ start, end: start });
        this.advance();
        const body: PyStatement[] = [];
        if (++this.blocks < maxBlocks) this.statements(body);
        this.blocks--;
        into.push({ kind: "unknown", start, end: this.lastEnd, body });
        if (this.ended(T.dedent)) this.advance();
        continue;
      }
      if (this.ended(T.newline)) {
        this.advance();
        continue;
      }
      const { nesting, blocks } = this;
      const height = this.indents.length;
      try {
        this.statement(into);
      } catch (error) {
        this.nesting = nesting;
        this.blocks = blocks;
        this.recover(error, start, height);
      }
      if (top && this.ended(T.dedent)) return;
    }
  }

  /** Goes on at the line after the damage: after the statement's first line where a bracket was left open. */
  recover(first: unknown, from: number, height = this.indents.length): void {
    const { text } = this;
    let start = from;
    for (let error = first; ; start = this.position) {
      if (!isPythonSyntaxError(error)) throw error;
      if (this.damaged.length >= maxDamage) {
        this.gaveUp = true;
        this.stop();
        return;
      }
      const reached = Math.max(start, Math.min(error.at, this.position));
      const lineEnd = text.indexOf("\n", this.depth > 0 || error.at >= text.length ? start : reached);
      const end = lineEnd === -1 ? text.length : lineEnd;
      this.damaged.push({ start, end });
      this.indents.length = Math.max(1, Math.min(height, this.indents.length));
      this.depth = 0;
      this.fieldDepth = -1;
      this.pending = 0;
      this.position = Math.min(end + 1, text.length);
      this.atLineStart = true;
      this.give(T.newline, this.position, this.position, "");
      try {
        this.next();
        return;
      } catch (again) {
        error = again;
      }
    }
  }

  /** Gives the end of the text from now on. */
  stop(): void {
    this.position = this.text.length;
    this.depth = 0;
    this.pending = 0;
    this.indents.length = 1;
    this.atLineStart = false;
    this.give(T.end, this.position, this.position, "");
  }

  statement(into: PyStatement[]): void {
    if (this.kind === T.name) {
      const compound = this.compound();
      if (compound) {
        into.push(compound);
        return;
      }
    } else if (this.is("@")) {
      into.push(this.decorated());
      return;
    }
    this.simpleLine(into);
  }

  simpleLine(into: PyStatement[]): void {
    for (;;) {
      into.push(this.simple());
      if (!this.take(";")) break;
      if (this.kind === T.newline) break;
    }
    if (!this.ended(T.newline) && !this.ended(T.end)) this.fail("a line should end here");
    this.advance();
  }

  /** `kind` behind calls that change it, which the type checker does not see. */
  ended(kind: number): boolean {
    return this.kind === kind;
  }

  compound(): PyStatement | null {
    const { start } = this;
    switch (this.value) {
      case "if":
        return this.ifStatement();
      case "while": {
        this.next();
        const test = this.named();
        const body = this.block();
        const orElse = this.take("else") ? this.block() : [];
        return { kind: "while", start, end: this.lastEnd, test, body, orElse };
      }
      case "for":
        return this.forStatement(start, false);
      case "try":
        return this.tryStatement();
      case "with":
        return this.withStatement(start, false);
      case "def":
        return this.functionDefinition(start, false);
      case "class":
        return this.classDefinition();
      case "async":
        this.next();
        if (this.is("def")) return this.functionDefinition(start, true);
        if (this.is("for")) return this.forStatement(start, true);
        if (this.is("with")) return this.withStatement(start, true);
        return this.fail("`def`, `for` or `with` is missing");
      case "match":
        return this.matchStatement();
      default:
        return null;
    }
  }

  /** What follows a header's colon. */
  block(): PyStatement[] {
    this.expect(":");
    const body: PyStatement[] = [];
    if (!this.ended(T.newline)) {
      this.simpleLine(body);
      return body.slice();
    }
    this.advance();
    if (!this.ended(T.indent)) this.fail("an indented block is missing");
    if (++this.blocks > maxBlocks) this.fail("nested too deeply");
    this.advance();
    this.statements(body);
    this.blocks--;
    if (this.ended(T.dedent)) this.advance();
    // A list that grew keeps room for sixteen more.
    return body.slice();
  }

  ifStatement(): PyStatement {
    const { start } = this;
    this.next();
    const test = this.named();
    const body = this.block();
    let orElse: PyStatement[] = [];
    if (this.is("elif")) orElse = this.deeperElif();
    else if (this.take("else")) orElse = this.block();
    return { kind: "if", start, end: this.lastEnd, test, body, orElse };
  }

  /** A chain of `elif`, without recursion: real code has hundreds. */
  deeperElif(): PyStatement[] {
    const chain: Extract<PyStatement, { kind: "if" }>[] = [];
    let last: PyStatement[] = [];
    while (this.is("elif")) {
      const { start } = this;
      this.next();
      const test = this.named();
      const body = this.block();
      chain.push({ kind: "if", start, end: this.lastEnd, test, body, orElse: [] });
    }
    if (this.take("else")) last = this.block();
    for (const one of chain.reverse()) {
      one.orElse = last;
      last = [one];
    }
    return last;
  }

  forStatement(start: number, async: boolean): PyStatement {
    this.next();
    const target = this.targets();
    this.expect("in");
    const iterable = this.expressionList();
    const body = this.block();
    const orElse = this.take("else") ? this.block() : [];
    return { kind: "for", async, start, end: this.lastEnd, target, iterable, body, orElse };
  }

  tryStatement(): PyStatement {
    const { start } = this;
    this.next();
    const body = this.block();
    const handlers: PyHandler[] = [];
    while (this.is("except")) handlers.push(this.handler());
    const orElse = this.take("else") ? this.block() : [];
    const finalBody = this.take("finally") ? this.block() : [];
    return { kind: "try", start, end: this.lastEnd, body, handlers, orElse, finalBody };
  }

  handler(): PyHandler {
    const { start } = this;
    this.next();
    const group = this.take("*");
    let type: PyExpression | null = null;
    let name: string | null = null;
    if (!this.is(":")) {
      type = this.expression();
      if (this.is(",")) {
        const items = [type];
        while (this.take(",")) items.push(this.expression());
        type = { kind: "tuple", start: items[0]!.start, end: this.lastEnd, items };
      }
      if (this.take("as")) name = this.identifier().text;
    }
    const body = this.block();
    return { start, end: this.lastEnd, type, name, group, body };
  }

  withStatement(start: number, async: boolean): PyStatement {
    this.next();
    const items = this.parenthesisedItems() ?? this.withItems();
    const body = this.block();
    return { kind: "with", async, start, end: this.lastEnd, items, body };
  }

  /** `(a as b, c)` before the colon; null where the bracket belongs to an expression. */
  parenthesisedItems(): PyWithItem[] | null {
    if (!this.is("(")) return null;
    const state = this.save();
    const { nesting } = this;
    try {
      this.next();
      const items: PyWithItem[] = [];
      while (!this.is(")")) {
        items.push(this.withItem());
        if (!this.take(",")) break;
      }
      this.expect(")");
      if (this.is(":") && items.length > 0) return items;
    } catch (error) {
      if (!isPythonSyntaxError(error)) throw error;
    }
    this.restore(state);
    this.nesting = nesting;
    return null;
  }

  withItems(): PyWithItem[] {
    const items = [this.withItem()];
    while (this.take(",")) items.push(this.withItem());
    return items;
  }

  withItem(): PyWithItem {
    const { start } = this;
    const value = this.expression();
    const target = this.take("as") ? this.binary(0) : null;
    return { start, end: this.lastEnd, value, target };
  }

  decorated(): PyStatement {
    const decorators: PyExpression[] = [];
    while (this.take("@")) {
      if (decorators.length > maxBlocks) this.fail("too many decorators");
      decorators.push(this.named());
      if (this.kind !== T.newline) this.fail("a line should end here");
      this.advance();
    }
    const definition = this.kind === T.name && /^(?:def|class|async)$/.test(this.value) ? this.compound() : null;
    if (definition?.kind !== "function" && definition?.kind !== "class") this.fail("a definition is missing");
    definition.decorators.push(...decorators);
    return definition;
  }

  functionDefinition(start: number, async: boolean): PyStatement {
    this.next();
    const name = this.identifier();
    this.typeParameters();
    this.expect("(");
    const parameters = this.parameters(")", true);
    this.expect(")");
    const returns = this.take("->") ? this.expressionList() : null;
    const body = this.block();
    return { kind: "function", start, end: this.lastEnd, name, async, decorators: [], parameters, returns, body };
  }

  classDefinition(): PyStatement {
    const { start } = this;
    this.next();
    const name = this.identifier();
    this.typeParameters();
    const { positional, named } = this.is("(") ? this.callArguments() : { positional: [], named: [] };
    const body = this.block();
    return { kind: "class", start, end: this.lastEnd, name, decorators: [], bases: positional, keywords: named, body };
  }

  /** `[T: int, *Ts]` is passed over. */
  typeParameters(): void {
    if (!this.is("[")) return;
    const depth = this.depth - 1;
    while (this.depth > depth || !this.is("]")) {
      if (this.kind === T.end) this.fail("`]` is missing");
      this.next();
    }
    this.next();
  }

  // ---- match ----

  matchStatement(): PyStatement | null {
    const state = this.save();
    const { nesting, start } = this;
    let certain = false;
    try {
      this.next();
      if (this.kind === T.newline || this.is("=") || this.is(".") || this.is(",") || this.is(")")) throw undoMatch;
      const subject = this.expressionList();
      if (!this.is(":")) throw undoMatch;
      this.next();
      if (this.kind !== T.newline) throw undoMatch;
      this.next();
      if (!this.ended(T.indent)) throw undoMatch;
      this.next();
      if (!this.is("case")) throw undoMatch;
      // From here on it is certain: nothing is read twice.
      certain = true;
      const cases: PyCase[] = [];
      while (this.is("case")) cases.push(this.caseBlock());
      if (this.ended(T.dedent)) this.advance();
      return { kind: "match", start, end: this.lastEnd, subject, cases };
    } catch (error) {
      if (certain || (error !== undoMatch && !isPythonSyntaxError(error))) throw error;
      this.restore(state);
      this.nesting = nesting;
      return null;
    }
  }

  caseBlock(): PyCase {
    const { start } = this;
    this.next();
    const binds: PyName[] = [];
    const first = this.start;
    const simple = this.kind === T.name && !keywords.has(this.value);
    this.patternList(binds);
    const irrefutable = simple && /^[^\s.()[\]{},|]+$/.test(this.text.slice(first, this.lastEnd)) && binds.length <= 1;
    const guard = this.take("if") ? this.named() : null;
    const body = this.block();
    return { start, end: this.lastEnd, binds, irrefutable: irrefutable && guard === null, guard, body };
  }

  patternList(binds: PyName[]): void {
    this.pattern(binds);
    while (this.take(",")) {
      if (this.is(":") || this.is("if") || this.is(")") || this.is("]")) break;
      this.pattern(binds);
    }
  }

  pattern(binds: PyName[]): void {
    if (this.take("*")) {
      this.capture(binds);
      return;
    }
    do this.closedPattern(binds);
    while (this.take("|"));
    if (this.take("as")) this.capture(binds);
  }

  capture(binds: PyName[]): void {
    const name = this.identifier();
    if (name.text !== "_") binds.push(name);
  }

  closedPattern(binds: PyName[]): void {
    if (this.kind === T.operator && (this.value === "(" || this.value === "[")) {
      const close = this.value === "(" ? ")" : "]";
      this.next();
      this.deeper(() => {
        if (!this.is(close)) this.patternList(binds);
      });
      this.expect(close);
    } else if (this.is("{")) {
      this.next();
      this.deeper(() => {
        while (!this.is("}")) {
          if (this.take("**")) this.capture(binds);
          else {
            this.closedPattern([]);
            this.expect(":");
            this.pattern(binds);
          }
          if (!this.take(",")) break;
        }
      });
      this.expect("}");
    } else if (this.kind === T.name && !keywords.has(this.value)) {
      const name = this.identifier();
      let dotted = false;
      while (this.take(".")) {
        this.anyName();
        dotted = true;
      }
      if (this.is("(")) {
        this.next();
        this.deeper(() => {
          while (!this.is(")")) {
            if (this.kind === T.name && this.assigns()) {
              this.next();
              this.next();
            }
            this.pattern(binds);
            if (!this.take(",")) break;
          }
        });
        this.expect(")");
      } else if (!dotted && name.text !== "_") binds.push(name);
    } else {
      this.binary(4);
    }
  }

  // ---- simple statements ----

  simple(): PyStatement {
    const { start, value } = this;
    if (this.kind === T.name) {
      switch (value) {
        case "import": {
          this.next();
          const names = [this.importedModule()];
          while (this.take(",")) names.push(this.importedModule());
          return { kind: "import", start, end: this.lastEnd, names };
        }
        case "from":
          return this.fromImport();
        case "return": {
          this.next();
          const returned = this.startsExpression() ? this.expressionList() : null;
          return { kind: "return", start, end: this.lastEnd, value: returned };
        }
        case "raise": {
          this.next();
          const raised = this.startsExpression() ? this.expressionList() : null;
          const cause = this.take("from") ? this.expression() : null;
          return { kind: "raise", start, end: this.lastEnd, value: raised, cause };
        }
        case "pass":
        case "break":
        case "continue":
          this.next();
          return { kind: value, start, end: this.lastEnd };
        case "del": {
          this.next();
          const list = this.expressionList();
          const targets = list.kind === "tuple" && list.items.length > 0 ? list.items : [list];
          return { kind: "delete", start, end: this.lastEnd, targets };
        }
        case "assert": {
          this.next();
          const test = this.expression();
          const message = this.take(",") ? this.expression() : null;
          return { kind: "assert", start, end: this.lastEnd, test, message };
        }
        case "global":
        case "nonlocal": {
          this.next();
          const names = [this.identifier().text];
          while (this.take(",")) names.push(this.identifier().text);
          return { kind: value, start, end: this.lastEnd, names };
        }
        case "type":
          if (/^[ \t]+[\p{L}_]\w*[ \t]*(?:\[|=(?!=))/u.test(this.text.slice(this.end, this.end + 200))) {
            this.next();
            const name = this.identifier();
            this.typeParameters();
            this.expect("=");
            const alias = this.expression();
            const left: PyExpression = { kind: "name", start: name.start, end: name.end, name: name.text };
            return { kind: "type-alias", start, end: this.lastEnd, name: left, value: alias };
          }
      }
    }
    return this.expressionStatement();
  }

  expressionStatement(): PyStatement {
    const { start } = this;
    const first = this.expressionList();
    if (this.is("=")) {
      const targets = [first];
      let value = first;
      while (this.take("=")) {
        value = this.expressionList();
        targets.push(value);
      }
      targets.pop();
      return { kind: "assign", start, end: this.lastEnd, targets, value };
    }
    if (this.take(":")) {
      const annotation = this.expression();
      const value = this.take("=") ? this.expressionList() : null;
      return { kind: "annotated", start, end: this.lastEnd, target: first, annotation, value };
    }
    if (this.kind === T.operator && augmented.has(this.value)) {
      const operator = this.value;
      this.next();
      const value = this.expressionList();
      return { kind: "augmented", start, end: this.lastEnd, target: first, operator, value };
    }
    return { kind: "expression", start, end: this.lastEnd, value: first };
  }

  dotted(): string {
    let name = this.identifier().text;
    while (this.take(".")) name += `.${this.anyName().text}`;
    return name;
  }

  importedModule(): PyImported {
    const { start } = this;
    const name = this.dotted();
    const alias = this.take("as") ? this.identifier().text : null;
    return { name, alias, start, end: this.lastEnd };
  }

  fromImport(): PyStatement {
    const { start } = this;
    this.next();
    let level = 0;
    while (this.is(".") || this.is("...")) {
      level += this.value.length;
      this.next();
    }
    const module = this.is("import") ? "" : this.dotted();
    this.expect("import");
    const names: PyImported[] = [];
    if (this.is("*")) {
      names.push({ name: "*", alias: null, start: this.start, end: this.end });
      this.next();
    } else {
      const bracket = this.take("(");
      do {
        if (bracket && this.is(")")) break;
        const from = this.start;
        const name = this.identifier().text;
        const alias = this.take("as") ? this.identifier().text : null;
        names.push({ name, alias, start: from, end: this.lastEnd });
      } while (this.take(","));
      if (bracket) this.expect(")");
    }
    return { kind: "from", start, end: this.lastEnd, level, module, names };
  }
}

const undoMatch = Symbol("no match statement");
