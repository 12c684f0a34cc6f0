import { shared } from "../text/shared.ts";
import type {
  Argument,
  CodeClass,
  CodeFunction,
  DictEntry,
  Expression,
  ImportedName,
  Parameter,
  Statement,
} from "../types/code.ts";
import { ts } from "./typescript.ts";
import { startOf, textOf } from "./typescript-places.ts";

/** Deeper nodes lose their content, so that readers that recurse stay within the stack. */
const maximumDepth = 250;

// A class: the file and the depth are needed in every one of the functions below.
/** Turns the compiler's nodes into the common syntax. */
export class Reader {
  readonly file: ts.SourceFile;
  truncated = false;
  depth = 0;

  constructor(file: ts.SourceFile) {
    this.file = file;
  }

  statements(list: readonly ts.Statement[]): Statement[] {
    const made: Statement[] = [];
    if (list.length > 0 && this.deeper()) {
      for (const one of list) for (const each of this.statement(one)) made.push(each);
      this.depth--;
    }
    // A list that grew keeps room for sixteen more.
    return made.slice();
  }

  /** Enters one level; false where the tree is too deep to go on. Who enters leaves by `depth--`. */
  private deeper(): boolean {
    if (this.depth > maximumDepth) {
      this.truncated = true;
      return false;
    }
    this.depth++;
    return true;
  }

  private span(node: ts.Node): { start: number; end: number } {
    return { start: startOf(node, this.file), end: node.end };
  }

  private block(node: ts.Statement | undefined): Statement[] {
    if (node === undefined) return [];
    return ts.isBlock(node) ? this.statements(node.statements) : this.statements([node]);
  }

  private statement(node: ts.Statement): Statement[] {
    const { start, end } = this.span(node);
    if (ts.isExpressionStatement(node)) {
      const value = node.expression;
      if (ts.isBinaryExpression(value) && isAssignment(value.operatorToken.kind)) return [this.assignment(value)];
      return [{ kind: "expression", start, end, value: this.expression(value) }];
    }
    if (ts.isVariableStatement(node)) {
      return [...this.declarations(node.declarationList), ...this.exportsOf(node, namesIn(node.declarationList))];
    }
    if (ts.isFunctionDeclaration(node)) {
      const of = this.functionOf(node, node.name ? shared(node.name.text) : "default");
      return [{ kind: "function", start, end, of }, ...this.exportsOf(node, [of.name])];
    }
    if (ts.isClassDeclaration(node)) {
      const of = this.classOf(node);
      if (of.name === "") of.name = "default";
      return [{ kind: "class", start, end, of }, ...this.exportsOf(node, [of.name])];
    }
    if (ts.isReturnStatement(node)) {
      return [{ kind: "return", start, end, value: node.expression ? this.expression(node.expression) : null }];
    }
    if (ts.isThrowStatement(node)) return [{ kind: "throw", start, end, value: this.expression(node.expression) }];
    if (ts.isIfStatement(node)) {
      return [
        {
          kind: "if",
          start,
          end,
          test: this.expression(node.expression),
          consequent: this.block(node.thenStatement),
          otherwise: this.block(node.elseStatement),
        },
      ];
    }
    if (ts.isBlock(node)) return [{ kind: "block", start, end, body: this.statements(node.statements) }];
    if (ts.isForOfStatement(node) || ts.isForInStatement(node)) {
      const list = ts.isVariableDeclarationList(node.initializer) ? node.initializer : null;
      const target = list?.declarations[0]?.name ?? node.initializer;
      return [
        {
          kind: "for",
          start,
          end,
          target: this.pattern(target as ts.Node),
          over: this.expression(node.expression),
          body: this.block(node.statement),
          otherwise: [],
          isAsync: ts.isForOfStatement(node) && node.awaitModifier !== undefined,
          declared: declaredOf(list),
        },
      ];
    }
    if (ts.isForStatement(node)) {
      const first =
        node.initializer === undefined
          ? []
          : ts.isVariableDeclarationList(node.initializer)
            ? this.declarations(node.initializer)
            : [this.effect(node.initializer)];
      const body = [...this.block(node.statement), ...(node.incrementor ? [this.effect(node.incrementor)] : [])];
      const test: Expression = node.condition
        ? this.expression(node.condition)
        : { kind: "constant", start, end, text: "true" };
      return [...first, { kind: "while", start, end, test, body, otherwise: [] }];
    }
    if (ts.isWhileStatement(node) || ts.isDoStatement(node)) {
      return [
        {
          kind: "while",
          start,
          end,
          test: this.expression(node.expression),
          body: this.block(node.statement),
          otherwise: [],
          ...(ts.isDoStatement(node) ? { atLeastOnce: true } : {}),
        },
      ];
    }
    if (ts.isTryStatement(node)) {
      const handler = node.catchClause;
      const named = handler?.variableDeclaration?.name;
      return [
        {
          kind: "try",
          start,
          end,
          body: this.block(node.tryBlock),
          handlers: handler
            ? [
                {
                  ...this.span(handler),
                  types: [],
                  name: named && ts.isIdentifier(named) ? shared(named.text) : null,
                  body: this.block(handler.block),
                },
              ]
            : [],
          otherwise: [],
          finally: this.block(node.finallyBlock),
        },
      ];
    }
    if (ts.isSwitchStatement(node)) {
      return [
        {
          kind: "match",
          start,
          end,
          subject: this.expression(node.expression),
          cases: node.caseBlock.clauses.map((clause) => ({
            body: this.statements(clause.statements),
            isDefault: ts.isDefaultClause(clause),
            falls: true,
          })),
        },
      ];
    }
    if (ts.isLabeledStatement(node)) return this.statements([node.statement]);
    if (ts.isBreakStatement(node)) return [{ kind: "break", start, end }];
    if (ts.isContinueStatement(node)) return [{ kind: "continue", start, end }];
    if (ts.isImportDeclaration(node)) return this.importOf(node);
    if (ts.isImportEqualsDeclaration(node)) return this.importEquals(node);
    if (ts.isExportDeclaration(node)) {
      if (node.isTypeOnly) return [];
      const module =
        node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier) ? shared(node.moduleSpecifier.text) : null;
      const clause = node.exportClause;
      if (clause === undefined) return [{ kind: "export", start, end, module, names: [], star: true }];
      if (ts.isNamespaceExport(clause)) {
        return [{ kind: "export", start, end, module, names: [{ local: "*", name: shared(clause.name.text) }] }];
      }
      const names = clause.elements
        .filter((one) => !one.isTypeOnly)
        .map((one) => ({ local: shared((one.propertyName ?? one.name).text), name: shared(one.name.text) }));
      return [{ kind: "export", start, end, module, names }];
    }
    if (ts.isExportAssignment(node)) {
      const value = this.expression(node.expression);
      if (node.isExportEquals) {
        return [{ kind: "assign", start, end, targets: [moduleExports({ start, end })], value }];
      }
      return [{ kind: "export-default", start, end, value }];
    }
    if (ts.isModuleDeclaration(node) && node.body && ts.isModuleBlock(node.body) && !isAmbient(node)) {
      return [{ kind: "block", start, end, body: this.statements(node.body.statements) }];
    }
    return [];
  }

  private effect(node: ts.Expression): Statement {
    return { kind: "expression", ...this.span(node), value: this.expression(node) };
  }

  private assignment(node: ts.BinaryExpression): Statement {
    return {
      kind: "assign",
      ...this.span(node),
      targets: [this.pattern(node.left)],
      value: named(this.expression(node.right), node.left),
      ...(node.operatorToken.kind === ts.SyntaxKind.EqualsToken ? {} : { augmented: true }),
    };
  }

  private declarations(list: ts.VariableDeclarationList): Statement[] {
    return list.declarations.map((one) => ({
      kind: "assign",
      ...this.span(one),
      targets: [this.pattern(one.name)],
      value: one.initializer ? named(this.expression(one.initializer), one.name) : null,
      ...(one.type ? { annotation: this.type(one.type) } : {}),
      declared: declaredOf(list) ?? "var",
    }));
  }

  private exportsOf(node: ts.Statement & { modifiers?: ts.NodeArray<ts.ModifierLike> }, names: string[]): Statement[] {
    const kinds = node.modifiers?.map((one) => one.kind) ?? [];
    if (!kinds.includes(ts.SyntaxKind.ExportKeyword)) return [];
    const isDefault = kinds.includes(ts.SyntaxKind.DefaultKeyword);
    return [
      {
        kind: "export",
        ...this.span(node),
        module: null,
        names: names.map((name) => ({ local: name, name: isDefault ? "default" : name })),
      },
    ];
  }

  private importOf(node: ts.ImportDeclaration): Statement[] {
    if (!ts.isStringLiteral(node.moduleSpecifier)) return [];
    const clause = node.importClause;
    const names: ImportedName[] = [];
    if (clause?.name) names.push({ ...this.span(clause.name), name: "default", local: shared(clause.name.text) });
    const bindings = clause?.namedBindings;
    if (bindings && ts.isNamespaceImport(bindings)) {
      names.push({ ...this.span(bindings), name: "*", local: shared(bindings.name.text) });
    } else if (bindings) {
      for (const one of bindings.elements) {
        names.push({
          ...this.span(one),
          name: shared((one.propertyName ?? one.name).text),
          local: shared(one.name.text),
          ...(one.isTypeOnly ? { typeOnly: true } : {}),
        });
      }
    }
    const allTypes = clause?.isTypeOnly === true || (names.length > 0 && names.every((one) => one.typeOnly));
    return [
      {
        kind: "import",
        ...this.span(node),
        module: shared(node.moduleSpecifier.text),
        level: 0,
        names,
        ...(allTypes ? { typeOnly: true } : {}),
      },
    ];
  }

  private importEquals(node: ts.ImportEqualsDeclaration): Statement[] {
    const reference = node.moduleReference;
    if (!ts.isExternalModuleReference(reference) || !ts.isStringLiteral(reference.expression)) return [];
    return [
      {
        kind: "import",
        ...this.span(node),
        module: shared(reference.expression.text),
        level: 0,
        names: [{ ...this.span(node.name), name: "*", local: shared(node.name.text) }],
        ...(node.isTypeOnly ? { typeOnly: true } : {}),
      },
    ];
  }

  /** A binding or assignment pattern: names, members, and patterns as lists and dicts of them. */
  private pattern(node: ts.Node): Expression {
    const { start, end } = this.span(node);
    if (ts.isIdentifier(node)) return { kind: "name", start, end, name: shared(node.text) };
    if (ts.isObjectBindingPattern(node)) {
      const entries = node.elements.map((one): DictEntry => {
        const key = one.propertyName ?? one.name;
        const value = this.pattern(one.name);
        if (one.dotDotDotToken) return { key: null, value };
        return { key: { kind: "string", ...this.span(key), value: nameText(key) }, value };
      });
      return { kind: "dict", start, end, entries };
    }
    if (ts.isArrayBindingPattern(node)) {
      const items = node.elements.map((one) =>
        ts.isOmittedExpression(one) ? this.nothing(one) : this.pattern(one.name),
      );
      return { kind: "list", shape: "list", start, end, items };
    }
    return this.expression(node as ts.Expression);
  }

  private nameless(node: ts.Node): Expression {
    return { kind: "other", ...this.span(node), parts: [] };
  }

  private nothing(node: ts.Node): Expression {
    return { kind: "constant", ...this.span(node), text: "undefined" };
  }

  private functionOf(
    node: ts.FunctionLikeDeclaration,
    name = node.name && ts.isIdentifier(node.name) ? shared(node.name.text) : "",
  ): CodeFunction {
    const modifiers = node.modifiers?.map((one) => one.kind) ?? [];
    const named = node.name ?? node;
    const { start } = this.span(named);
    const parameters = node.parameters.filter((one) => nameText(one.name) !== "this").map((one) => this.parameter(one));
    const body =
      node.body === undefined
        ? []
        : ts.isBlock(node.body)
          ? this.statements(node.body.statements)
          : this.arrowBody(node.body);
    const isExpression = node.body !== undefined && !ts.isBlock(node.body);
    return {
      ...this.span(node),
      name,
      nameStart: start,
      nameEnd: node.name ? node.name.end : start,
      parameters,
      ...(node.type ? { returns: this.type(node.type) } : {}),
      body,
      isAsync: modifiers.includes(ts.SyntaxKind.AsyncKeyword),
      isGenerator: node.asteriskToken !== undefined,
      ...(ts.isGetAccessor(node) ? { isGetter: true } : {}),
      ...(modifiers.includes(ts.SyntaxKind.StaticKeyword) ? { isStatic: true } : {}),
      decorators: this.decorators(node),
      ...(node.body === undefined ? { bodiless: true } : {}),
      ...(isExpression ? { isExpression: true } : {}),
    };
  }

  private arrowBody(node: ts.Expression): Statement[] {
    return [{ kind: "return", ...this.span(node), value: this.expression(node) }];
  }

  private parameter(node: ts.ParameterDeclaration): Parameter {
    const made: Parameter = { name: nameText(node.name) };
    if (node.type) made.annotation = this.type(node.type);
    if (node.initializer) made.value = this.expression(node.initializer);
    if (node.dotDotDotToken) made.rest = true;
    if (ts.isObjectBindingPattern(node.name)) {
      made.pattern = node.name.elements.map((one) => ({
        key: nameText(one.propertyName ?? one.name),
        name: nameText(one.name),
      }));
    }
    if (ts.canHaveModifiers(node) && ts.getModifiers(node)?.length) made.field = true;
    const decorators = this.decorators(node);
    if (decorators.length > 0) made.decorators = decorators;
    return made;
  }

  private decorators(node: ts.Node): Expression[] {
    if (!ts.canHaveDecorators(node)) return [];
    return (ts.getDecorators(node) ?? []).map((one) => this.expression(one.expression));
  }

  private classOf(node: ts.ClassLikeDeclaration): CodeClass {
    const body: Statement[] = [];
    for (const member of node.members) {
      const span = this.span(member);
      if (ts.isMethodDeclaration(member) || ts.isGetAccessor(member) || ts.isSetAccessor(member)) {
        if (!ts.isSetAccessor(member)) {
          body.push({ kind: "function", ...span, of: this.functionOf(member, nameText(member.name)) });
        }
      } else if (ts.isConstructorDeclaration(member)) {
        if (member.body) body.push({ kind: "function", ...span, of: this.functionOf(member, "constructor") });
      } else if (ts.isPropertyDeclaration(member)) {
        const isStatic = member.modifiers?.some((one) => one.kind === ts.SyntaxKind.StaticKeyword);
        const { start, end } = this.span(member.name);
        body.push({
          kind: "assign",
          ...span,
          targets: [{ kind: "name", start, end, name: nameText(member.name) }],
          value: member.initializer ? named(this.expression(member.initializer), member.name) : null,
          ...(member.type ? { annotation: this.type(member.type) } : {}),
          declared: "field",
          ...(isStatic ? { isStatic } : {}),
        });
      } else if (ts.isClassStaticBlockDeclaration(member)) {
        body.push({ kind: "block", ...span, body: this.statements(member.body.statements) });
      }
    }
    const { start } = this.span(node.name ?? node);
    return {
      ...this.span(node),
      name: node.name ? shared(node.name.text) : "",
      nameStart: start,
      nameEnd: node.name?.end ?? start,
      bases: (node.heritageClauses ?? [])
        .filter((one) => one.token === ts.SyntaxKind.ExtendsKeyword)
        .flatMap((one) => one.types.map((type) => this.expression(type.expression))),
      keywords: (node.heritageClauses ?? [])
        .filter((one) => one.token === ts.SyntaxKind.ImplementsKeyword)
        .flatMap((one) => one.types.map((type) => ({ name: "implements", value: this.expression(type.expression) }))),
      decorators: this.decorators(node),
      body,
    };
  }

  /** A type as an expression: `Promise<Db>` is `Promise[Db]`; what has no name is `other`. */
  private type(node: ts.TypeNode): Expression {
    if (!this.deeper()) return this.nameless(node);
    const made = this.typeOf(node);
    this.depth--;
    return made;
  }

  private typeOf(node: ts.TypeNode): Expression {
    const { start, end } = this.span(node);
    if (ts.isTypeReferenceNode(node)) {
      const of = this.entityName(node.typeName);
      const first = node.typeArguments?.[0];
      return first ? { kind: "index", start, end, of, at: this.type(first) } : of;
    }
    if (ts.isParenthesizedTypeNode(node)) return this.type(node.type);
    if (ts.isUnionTypeNode(node)) {
      const named = node.types.filter((one) => !isNullType(one));
      if (named.length === 1) return this.type(named[0] as ts.TypeNode);
      return { kind: "other", start, end, parts: named.map((one) => this.type(one)) };
    }
    if (ts.isFunctionTypeNode(node)) return { kind: "name", start, end, name: "Function" };
    if (node.kind === ts.SyntaxKind.VoidKeyword) return { kind: "constant", start, end, text: "void" };
    if (
      node.kind === ts.SyntaxKind.StringKeyword ||
      node.kind === ts.SyntaxKind.NumberKeyword ||
      node.kind === ts.SyntaxKind.BooleanKeyword
    ) {
      return { kind: "constant", start, end, text: "primitive" };
    }
    return { kind: "other", start, end, parts: [] };
  }

  private entityName(node: ts.EntityName): Expression {
    const { start, end } = this.span(node);
    if (ts.isIdentifier(node)) return { kind: "name", start, end, name: shared(node.text) };
    const right = this.span(node.right);
    return {
      kind: "attribute",
      start,
      end,
      of: this.entityName(node.left),
      name: shared(node.right.text),
      nameStart: right.start,
    };
  }

  expression(node: ts.Expression): Expression {
    if (!this.deeper()) return this.nameless(node);
    const made = this.read(node);
    this.depth--;
    return made;
  }

  private read(node: ts.Expression): Expression {
    const { start, end } = this.span(node);
    if (ts.isIdentifier(node)) {
      return node.text === "undefined"
        ? { kind: "constant", start, end, text: "undefined" }
        : { kind: "name", start, end, name: shared(node.text) };
    }
    if (node.kind === ts.SyntaxKind.ThisKeyword) return { kind: "name", start, end, name: "this" };
    if (node.kind === ts.SyntaxKind.SuperKeyword) return { kind: "name", start, end, name: "super" };
    if (ts.isPropertyAccessExpression(node)) {
      const of = this.expression(node.expression);
      const name = shared(node.name.text);
      const nameStart = startOf(node.name, this.file);
      return node.questionDotToken
        ? { kind: "attribute", start, end, of, name, nameStart, optional: true }
        : { kind: "attribute", start, end, of, name, nameStart };
    }
    if (ts.isMetaProperty(node)) {
      const keyword = node.keywordToken === ts.SyntaxKind.ImportKeyword ? "import" : "new";
      const of: Expression = { kind: "name", start, end: start + keyword.length, name: keyword };
      return { kind: "attribute", start, end, of, name: node.name.text, nameStart: startOf(node.name, this.file) };
    }
    if (ts.isElementAccessExpression(node)) {
      const of = this.expression(node.expression);
      if (ts.isStringLiteralLike(node.argumentExpression)) {
        const name = shared(node.argumentExpression.text);
        return { kind: "attribute", start, end, of, name, nameStart: this.span(node.argumentExpression).start };
      }
      return { kind: "index", start, end, of, at: this.expression(node.argumentExpression) };
    }
    if (ts.isCallExpression(node)) {
      const callee: Expression =
        node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? { kind: "name", ...this.span(node.expression), name: "import" }
          : this.expression(node.expression);
      const args = node.arguments.map((one) => this.argument(one));
      return node.questionDotToken
        ? { kind: "call", start, end, callee, args, optional: true }
        : { kind: "call", start, end, callee, args };
    }
    if (ts.isNewExpression(node)) {
      return {
        kind: "call",
        start,
        end,
        callee: this.expression(node.expression),
        args: (node.arguments ?? []).map((one) => this.argument(one)),
        isNew: true,
      };
    }
    if (ts.isAwaitExpression(node)) return { kind: "await", start, end, of: this.expression(node.expression) };
    if (ts.isYieldExpression(node)) {
      return { kind: "yield", start, end, of: node.expression ? this.expression(node.expression) : null };
    }
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) {
      return { kind: "function", start, end, of: this.functionOf(node) };
    }
    if (ts.isClassExpression(node)) return { kind: "class", start, end, of: this.classOf(node) };
    if (ts.isStringLiteralLike(node)) return { kind: "string", start, end, value: shared(node.text) };
    if (ts.isTemplateExpression(node)) {
      return {
        kind: "string",
        start,
        end,
        value: null,
        parts: node.templateSpans.map((one) => this.expression(one.expression)),
        texts: [node.head.text, ...node.templateSpans.map((one) => one.literal.text)],
      };
    }
    if (ts.isTaggedTemplateExpression(node)) {
      const parts = ts.isTemplateExpression(node.template)
        ? node.template.templateSpans.map((one) => this.expression(one.expression))
        : [];
      return { kind: "call", start, end, callee: this.expression(node.tag), args: parts.map((value) => ({ value })) };
    }
    if (ts.isNumericLiteral(node) || ts.isBigIntLiteral(node))
      return { kind: "constant", start, end, text: shared(node.text) };
    if (node.kind === ts.SyntaxKind.TrueKeyword) return { kind: "constant", start, end, text: "true" };
    if (node.kind === ts.SyntaxKind.FalseKeyword) return { kind: "constant", start, end, text: "false" };
    if (node.kind === ts.SyntaxKind.NullKeyword) return { kind: "constant", start, end, text: "null" };
    if (ts.isArrayLiteralExpression(node)) {
      return { kind: "list", shape: "list", start, end, items: node.elements.map((one) => this.expression(one)) };
    }
    if (ts.isObjectLiteralExpression(node)) {
      return { kind: "dict", start, end, entries: node.properties.map((one) => this.property(one)) };
    }
    if (ts.isSpreadElement(node)) return { kind: "spread", start, end, of: this.expression(node.expression) };
    if (ts.isConditionalExpression(node)) {
      return {
        kind: "conditional",
        start,
        end,
        test: this.expression(node.condition),
        consequent: this.expression(node.whenTrue),
        otherwise: this.expression(node.whenFalse),
      };
    }
    if (ts.isBinaryExpression(node)) return this.binary(node);
    if (ts.isPrefixUnaryExpression(node)) {
      if (node.operator === ts.SyntaxKind.ExclamationToken) {
        return { kind: "not", start, end, of: this.expression(node.operand) };
      }
      return { kind: "unary", start, end, operator: "prefix", of: this.expression(node.operand) };
    }
    if (ts.isPostfixUnaryExpression(node)) {
      return { kind: "unary", start, end, operator: "postfix", of: this.expression(node.operand) };
    }
    if (ts.isVoidExpression(node)) {
      return { kind: "unary", start, end, operator: "void", of: this.expression(node.expression) };
    }
    if (
      ts.isParenthesizedExpression(node) ||
      ts.isAsExpression(node) ||
      ts.isNonNullExpression(node) ||
      ts.isSatisfiesExpression(node) ||
      ts.isTypeAssertionExpression(node) ||
      ts.isExpressionWithTypeArguments(node)
    ) {
      return this.expression(node.expression);
    }
    const parts: Expression[] = [];
    ts.forEachChild(node, (child) => {
      if (ts.isExpression(child)) parts.push(this.expression(child));
    });
    return { kind: "other", start, end, parts };
  }

  private argument(node: ts.Expression): Argument {
    return ts.isSpreadElement(node)
      ? { spread: 1, value: this.expression(node.expression) }
      : { value: this.expression(node) };
  }

  private property(node: ts.ObjectLiteralElementLike): DictEntry {
    if (ts.isSpreadAssignment(node)) return { key: null, value: this.expression(node.expression) };
    const name = node.name;
    const key: Expression = ts.isComputedPropertyName(name)
      ? this.expression(name.expression)
      : { kind: "string", ...this.span(name), value: nameText(name) };
    if (ts.isPropertyAssignment(node)) return { key, value: named(this.expression(node.initializer), name) };
    if (ts.isShorthandPropertyAssignment(node)) {
      return { key, value: { kind: "name", ...this.span(node.name), name: shared(node.name.text) } };
    }
    return { key, value: { kind: "function", ...this.span(node), of: this.functionOf(node, nameText(node.name)) } };
  }

  private binary(node: ts.BinaryExpression): Expression {
    const { start, end } = this.span(node);
    const operator = node.operatorToken.kind;
    if (isAssignment(operator)) {
      return { kind: "assignment", start, end, target: this.pattern(node.left), value: this.expression(node.right) };
    }
    const left = this.expression(node.left);
    const right = this.expression(node.right);
    if (operator === ts.SyntaxKind.AmpersandAmpersandToken) {
      return { kind: "logical", start, end, operator: "and", left, right };
    }
    if (operator === ts.SyntaxKind.BarBarToken) return { kind: "logical", start, end, operator: "or", left, right };
    if (operator === ts.SyntaxKind.QuestionQuestionToken) {
      return { kind: "logical", start, end, operator: "??", left, right };
    }
    if (operator === ts.SyntaxKind.CommaToken) return { kind: "other", start, end, parts: [left, right] };
    return { kind: "binary", start, end, operator: textOf(node.operatorToken, this.file), left, right };
  }
}

/** A function without a name takes that of what it is assigned to, as the language has it. */
function named(value: Expression, target: ts.Node): Expression {
  const of = value.kind === "function" || value.kind === "class" ? value.of : null;
  if (of?.name === "") of.name = nameText(ts.isPropertyAccessExpression(target) ? target.name : target);
  return value;
}

const isAssignment = (kind: ts.SyntaxKind): boolean =>
  kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;

const isNullType = (node: ts.TypeNode): boolean =>
  node.kind === ts.SyntaxKind.UndefinedKeyword ||
  (ts.isLiteralTypeNode(node) && node.literal.kind === ts.SyntaxKind.NullKeyword);

const isAmbient = (node: ts.ModuleDeclaration): boolean =>
  node.modifiers?.some((one) => one.kind === ts.SyntaxKind.DeclareKeyword) ?? false;

function nameText(node: ts.Node): string {
  return ts.isIdentifier(node) ||
    ts.isStringLiteralLike(node) ||
    ts.isNumericLiteral(node) ||
    ts.isPrivateIdentifier(node)
    ? shared(node.text)
    : "";
}

function declaredOf(list: ts.VariableDeclarationList | null): "const" | "let" | "var" | undefined {
  if (list === null) return undefined;
  if (list.flags & ts.NodeFlags.Const) return "const";
  return list.flags & ts.NodeFlags.Let ? "let" : "var";
}

function namesIn(list: ts.VariableDeclarationList): string[] {
  const names: string[] = [];
  const add = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.push(shared(name.text));
    else for (const one of name.elements) if (!ts.isOmittedExpression(one)) add(one.name);
  };
  for (const one of list.declarations) add(one.name);
  return names;
}

function moduleExports(span: { start: number; end: number }): Expression {
  const of: Expression = { kind: "name", ...span, name: "module" };
  return { kind: "attribute", ...span, of, name: "exports", nameStart: span.start };
}
