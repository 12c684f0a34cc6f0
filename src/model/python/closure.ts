import { childExpressions } from "../../sources/python-parts.ts";
import { directoryOf, inRepository } from "../../text/paths.ts";
import type { FactReader } from "../../types/facts.ts";
import type {
  ChainStep,
  EntryClosure,
  ImportLevel,
  ImportMiss,
  ReachedDataFile,
  ReachedImport,
  ReachedModule,
  StartupEntry,
} from "../../types/imports.ts";
import type { PyExpression, PyFromImport, PyImport, PyStatement } from "../../types/python.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { simulateImports } from "./circular.ts";
import { alwaysLeaves, endsBlock, handlerEffect, suppresses, truthOf } from "./conditions.ts";
import { isDependency } from "./distributions.ts";
import { frameworkCall, frameworkDecorators, isFrameworkBase, startupAttributes } from "./frameworks.ts";
import { attributeMiss, classify, type Looked, nameMiss } from "./misses.ts";
import { findModule, type ModuleSearch, moduleName } from "./modules.ts";
import { literalPath } from "./paths.ts";
import { type ClassInfo, type FunctionInfo, makeProgram, searchesOf, type Value } from "./program.ts";
import { blocksOf, locate, type ModuleInfo, type Scope, scopeOf } from "./scopes.ts";
import { makeEvaluator } from "./values.ts";
import { dottedText, expressionsOf } from "./walk.ts";
import type { Context, Link, Walker } from "./walker.ts";

const ranks: Readonly<Record<ImportLevel, number>> = { type: 0, guarded: 1, call: 2, "start-up": 3 };

export function weaker(a: ImportLevel, b: ImportLevel): ImportLevel {
  return ranks[a] <= ranks[b] ? a : b;
}

export function isStronger(a: ImportLevel, b: ImportLevel): boolean {
  return ranks[a] > ranks[b];
}

type Task =
  | { kind: "module"; path: RepoPath; main: boolean; chain: Link | null }
  | { kind: "function"; of: FunctionInfo; chain: Link | null; untilYield: boolean }
  | { kind: "class"; of: ClassInfo; chain: Link | null }
  | { kind: "lazy"; path: RepoPath; chain: Link | null };

/** Everything that the start of one Python process imports, by following calls from module level. */
export function pythonClosure(entry: StartupEntry, files: FileTree, facts: FactReader): EntryClosure {
  const program = makeProgram(files, facts, entry.searchPath);
  const values = makeEvaluator(program);
  const fallbackRoots = sourceRoots(entry, files).filter((root) => !entry.searchPath.includes(root));
  const queues: Record<"start-up" | "call" | "guarded", Task[]> = { "start-up": [], call: [], guarded: [] };
  const done = new Map<unknown, ImportLevel>();
  const modules = new Map<RepoPath, ReachedModule & { link: Link | null }>();
  const imports: (ReachedImport & { looked?: Looked })[] = [];
  const dataFiles = new Map<string, ReachedDataFile>();
  const unread: { path: RepoPath; reason: string }[] = [];
  let pathOpen = entry.searchPathOpen;

  const walker: Walker = { program, values, entry, files, run, importNamed, settingsUnknown: false };

  function push(level: ImportLevel, task: Task): void {
    if (level !== "type") queues[level].push(task);
  }

  function extend(chain: Link | null, at: Location, what: string): Link {
    return { step: { at, what }, before: chain, length: (chain?.length ?? 0) + 1 };
  }

  function take(key: unknown, level: ImportLevel): boolean {
    const known = done.get(key);
    if (known && !isStronger(level, known)) return false;
    done.set(key, level);
    return true;
  }

  // ---- modules ----

  function reach(path: RepoPath, level: ImportLevel, chain: Link | null, main = false): void {
    const known = modules.get(path);
    if (known && !isStronger(level, known.level)) return;
    const name = moduleName(path, program.roots) ?? moduleName(path, fallbackRoots) ?? path;
    modules.set(path, { path, name, level, chain: [], link: chain });
    push(level, { kind: "module", path, main, chain });
  }

  function visitModule(path: RepoPath, level: ImportLevel, chain: Link | null, main: boolean): void {
    if (level === "call") {
      visitLazily(path, chain, false);
      return;
    }
    if (!take(`module ${path}`, level)) return;
    const module = program.load(path);
    if (!module) {
      unread.push({ path, reason: "the file could not be read" });
      return;
    }
    if (module.syntax.truncated) unread.push({ path, reason: module.syntax.truncated });
    const context: Context = { level, nameLevel: level, chain, scope: module.scope, untilYield: false };
    mains.set(module, main);
    walkBody(module.syntax.body, context);
    startupAttributes(walker, module, context);
    if (level === "start-up") push("call", { kind: "lazy", path, chain });
  }

  const mains = new WeakMap<ModuleInfo, boolean>();

  /** The imports of functions that nothing was seen to call, and of modules that only such functions import: no tree is needed. */
  function visitLazily(path: RepoPath, chain: Link | null, functionsOnly: boolean): void {
    if (!take(`lazy ${path}`, "call")) return;
    const fact = program.files.has(path) ? facts.get("python-imports", path) : null;
    for (const found of fact?.imports ?? []) {
      if (functionsOnly && found.scope === null) continue;
      if (found.typeOnly) continue;
      const level: ImportLevel = found.guard && !found.guard.raises ? "guarded" : "call";
      if (level === "guarded") continue;
      const at = {
        path,
        start: { line: found.line, column: found.column },
        end: { line: found.line, column: found.column + 1 },
      };
      const names =
        found.kind === "dynamic" ? [{ name: found.module, line: found.line, column: found.column }] : found.names;
      for (const name of names) {
        const place = { ...at, end: { line: name.line, column: name.column + name.name.length } };
        const dotted = found.kind === "import" ? name.name : found.module;
        const search = lookFor(
          path,
          found.kind === "dynamic" ? found.level : found.kind === "import" ? 0 : found.level,
          dotted,
        );
        const taken = found.kind === "from" ? name.name : null;
        lazyImport(path, search, place, found.level, dotted, taken, chain);
      }
    }
  }

  function lazyImport(
    from: RepoPath,
    looked: Looked,
    at: Location,
    level: number,
    dotted: string,
    name: string | null,
    chain: Link | null,
  ): void {
    const specifier = ".".repeat(level) + dotted;
    const found = looked.search;
    const link = extend(chain, at, `imports ${specifier || "."}`);
    if (found.status === "missing" || found.status === "external") {
      record(at, specifier, name, "call", link, found, looked);
      return;
    }
    const submodule = name && name !== "*" && found.directories.length > 0 ? lookBelow(found, name) : null;
    const files = [...found.files, ...(submodule ? submodule.files : [])].filter((file) => file !== from);
    record(at, specifier, name, "call", link, found, looked, files);
    for (const file of files) reach(file, "call", link);
  }

  function lookBelow(found: ModuleSearch, name: string): ModuleSearch | null {
    const below = findModule(files, name, found.directories);
    return below.status === "external" ? null : below;
  }

  // ---- imports ----

  function lookFor(from: RepoPath, level: number, dotted: string): Looked {
    const search = program.find(from, level, dotted);
    if (level > 0 || (search.status !== "external" && !(search.status === "missing" && search.namespaceOnly))) {
      return { search, onPath: true };
    }
    for (const root of fallbackRoots) {
      const other = findModule(files, dotted, [root]);
      if (other.status !== "external" && other.status !== "missing" && !other.namespaceOnly)
        return { search: other, onPath: false };
    }
    return { search, onPath: true };
  }

  function record(
    at: Location,
    specifier: string,
    name: string | null,
    level: ImportLevel,
    link: Link,
    search: ModuleSearch,
    looked: Looked,
    resolved: readonly RepoPath[] = search.files,
    miss: ImportMiss | null = null,
  ): void {
    const missing = miss ?? classify(program, looked, specifier, at.path, pathOpen);
    if (missing?.kind === "external") return;
    imports.push({
      at,
      specifier,
      name,
      level,
      chain: stepsOf(link),
      resolved,
      onPath: looked.onPath,
      miss: missing,
      looked,
    });
  }

  function importStatement(statement: PyImport, context: Context): void {
    const { module } = context.scope;
    for (const imported of statement.names) {
      const at = locate(module, { start: statement.start, end: imported.end });
      const looked = lookFor(module.path, 0, imported.name);
      const link = extend(context.chain, at, `imports ${imported.name}`);
      record(at, imported.name, null, context.level, link, looked.search, looked);
      for (const file of looked.search.files) reach(file, context.level, link);
    }
  }

  function fromStatement(statement: PyFromImport, context: Context): void {
    const { module } = context.scope;
    const specifier = ".".repeat(statement.level) + statement.module;
    const looked = lookFor(module.path, statement.level, statement.module);
    const { search } = looked;
    const whole = locate(module, { start: statement.start, end: statement.names[0]?.end ?? statement.end });
    if (search.status === "external" || search.status === "missing" || search.status === "native") {
      const link = extend(context.chain, whole, `imports ${specifier}`);
      record(whole, specifier, statement.names[0]?.name ?? null, context.level, link, search, looked);
      for (const file of search.files) reach(file, context.level, link);
      return;
    }
    const own = extend(context.chain, whole, `imports ${specifier}`);
    for (const file of search.files) if (file !== module.path) reach(file, context.level, own);
    const target = search.path && search.path !== module.path ? program.load(search.path) : null;
    for (const imported of statement.names) {
      const at = locate(module, imported);
      const dotted = specifier.endsWith(".") ? specifier + imported.name : `${specifier}.${imported.name}`;
      const { submodule } = looked.onPath
        ? searchesOf(program, module.path, statement, imported)
        : { submodule: lookBelow(search, imported.name) };
      const shadowed = target?.scope.bindings.has(imported.name) === true;
      const link = extend(context.chain, at, `imports ${shadowed || !submodule ? specifier : dotted}`);
      if (imported.name === "*") {
        record(at, specifier, "*", context.level, link, search, looked);
      } else if (submodule && !shadowed) {
        record(
          at,
          specifier,
          imported.name,
          context.nameLevel,
          link,
          submodule,
          { search: submodule, onPath: looked.onPath },
          [...search.files, ...submodule.files],
        );
        for (const file of submodule.files) reach(file, context.nameLevel, link);
      } else {
        const ownPackage = search.path === module.path;
        const miss =
          ownPackage || isStronger("start-up", context.nameLevel)
            ? null
            : nameMiss(program, search, target, specifier, imported.name, at.path);
        record(at, specifier, imported.name, context.nameLevel, link, search, looked, search.files, miss);
      }
    }
  }

  function importNamed(
    dotted: string,
    at: PyExpression,
    context: Context,
    what: string,
    optional = false,
  ): ModuleSearch | null {
    const { module } = context.scope;
    const level = /^\.*/.exec(dotted)?.[0].length ?? 0;
    const looked = lookFor(module.path, level, dotted.slice(level));
    const { search } = looked;
    if (search.status === "external" || (optional && search.status !== "module" && search.status !== "package"))
      return null;
    const place = locate(module, at);
    const link = extend(context.chain, place, what);
    record(place, dotted, null, context.level, link, search, looked);
    for (const file of search.files) reach(file, context.level, link);
    return search;
  }

  // ---- bodies ----

  /** True when control certainly does not go past the body, or a `yield` ended the walk. */
  function walkBody(body: readonly PyStatement[], context: Context): boolean {
    for (const statement of body) {
      if (walkStatement(statement, context)) return true;
      if (endsBlock(statement)) return false;
    }
    return false;
  }

  /** True when a `yield` ended the walk. */
  function walkStatement(statement: PyStatement, context: Context): boolean {
    switch (statement.kind) {
      case "import":
        importStatement(statement, context);
        return false;
      case "from":
        if (statement.module !== "__future__") fromStatement(statement, context);
        return false;
      case "if":
        return walkIf(statement, context);
      case "try": {
        const effect = handlerEffect(statement.handlers);
        const inside: Context = {
          ...context,
          level: effect.missing ? weaker(context.level, "guarded") : context.level,
          nameLevel: effect.name ? weaker(context.nameLevel, "guarded") : context.nameLevel,
        };
        if (walkBody(statement.body, inside)) return true;
        for (const handler of statement.handlers) {
          if (alwaysLeaves(handler.body)) continue;
          walkBody(handler.body, {
            ...context,
            level: weaker(context.level, "guarded"),
            nameLevel: weaker(context.nameLevel, "guarded"),
            untilYield: false,
          });
        }
        return walkBody(statement.orElse, context) || walkBody(statement.finalBody, context);
      }
      case "with": {
        for (const item of statement.items) {
          walkExpression(item.value, context);
          enterContext(item.value, context);
        }
        const guarded = statement.items.some((item) => suppresses(item.value));
        const inside = guarded
          ? { ...context, level: weaker(context.level, "guarded"), nameLevel: weaker(context.nameLevel, "guarded") }
          : context;
        return walkBody(statement.body, inside);
      }
      case "class": {
        walkExpressions(statement, context);
        const of = program.classOf(statement, context.scope);
        isFrameworkBase(walker, of, context);
        return walkBody(statement.body, { ...context, scope: scopeOf(statement, context.scope) });
      }
      case "function":
        walkExpressions(statement, context);
        for (const decorator of statement.decorators) {
          run(values.evaluate(decorator, context.scope), decorator, context, calls(decorator));
        }
        frameworkDecorators(walker, statement, context);
        return false;
      default:
        if (walkExpressions(statement, context)) return true;
        if (statement.kind === "for" || statement.kind === "while") {
          return walkBody(statement.body, context) || walkBody(statement.orElse, context);
        }
        if (statement.kind === "match") return statement.cases.some((one) => walkBody(one.body, context));
        if (statement.kind === "unknown") return walkBody(statement.body, context);
        return false;
    }
  }

  function walkIf(statement: Extract<PyStatement, { kind: "if" }>, context: Context): boolean {
    walkExpression(statement.test, context);
    const truth = truthOf(statement.test);
    if (truth === "main" && !mains.get(context.scope.module)) return walkBody(statement.orElse, context);
    let inside = context;
    if (truth === "type" || truth === "false") inside = { ...context, level: "type", nameLevel: "type" };
    const doubtful = { ...context, level: weaker(context.level, "call"), nameLevel: weaker(context.nameLevel, "call") };
    if (truth === "debug" || truth === "version") inside = doubtful;
    const stopped = inside.level === "type" ? false : walkBody(statement.body, inside);
    if (truth === "true" || truth === "main") return stopped;
    return walkBody(statement.orElse, truth === "version" ? doubtful : context) || stopped;
  }

  function walkExpressions(statement: PyStatement, context: Context): boolean {
    let stopped = false;
    for (const expression of expressionsOf(statement)) stopped = walkExpression(expression, context) || stopped;
    if (statement.kind === "assign") frameworkCall.assigned(walker, statement, context);
    return stopped;
  }

  /** Follows every call in an expression; true when it holds the `yield` that ends the walk. */
  function walkExpression(node: PyExpression, context: Context): boolean {
    if (node.kind === "yield" && context.untilYield) {
      if (node.value) walkExpression(node.value, context);
      return true;
    }
    let stopped = false;
    for (const child of childExpressions(node)) stopped = walkExpression(child, context) || stopped;
    if (node.kind === "call") call(node, context);
    else if (node.kind === "attribute") property(node, context);
    return stopped;
  }

  function calls(node: PyExpression): string {
    return `calls ${dottedText(node) ?? "a function"}()`;
  }

  function call(node: Extract<PyExpression, { kind: "call" }>, context: Context): void {
    const { scope } = context;
    const targets = callTargets(node.callee, scope);
    for (const target of targets) {
      run(target, node, context, calls(node.callee));
      if (target.kind === "function") passedFunctions(node, target.of, context);
    }
    frameworkCall.called(walker, node, targets, context);
    pathChange(node, context);
    dataFile(node, context);
  }

  function callTargets(callee: PyExpression, scope: Scope): Value[] {
    const value = values.evaluate(callee, scope);
    if (value) return [value];
    return values.functions(callee, scope);
  }

  /** Functions handed to a function of the repository that calls its parameter. */
  function passedFunctions(node: Extract<PyExpression, { kind: "call" }>, of: FunctionInfo, context: Context): void {
    if (of.node.kind === "lambda") return;
    const called = calledParameters(of);
    if (called.size === 0) return;
    const shift = of.owner && !values.decorators(of).includes("staticmethod") ? 1 : 0;
    node.arguments.forEach((argument, at) => {
      const name = of.node.parameters.filter((one) => one.form === "plain")[at + shift]?.name;
      if (name && called.has(name))
        for (const one of values.functions(argument, context.scope)) run(one, argument, context, calls(argument));
    });
    for (const keyword of node.keywords) {
      if (!keyword.name || !called.has(keyword.name)) continue;
      for (const one of values.functions(keyword.value, context.scope))
        run(one, keyword.value, context, calls(keyword.value));
    }
  }

  const calledNames = new WeakMap<FunctionInfo, Set<string>>();

  function calledParameters(of: FunctionInfo): Set<string> {
    let names = calledNames.get(of);
    if (names) return names;
    names = new Set<string>();
    calledNames.set(of, names);
    const own = new Set(of.node.parameters.map((parameter) => parameter.name));
    const visit = (node: PyExpression): void => {
      if (node.kind === "call" && node.callee.kind === "name" && own.has(node.callee.name)) names.add(node.callee.name);
      childExpressions(node).forEach(visit);
    };
    const visitBody = (body: readonly PyStatement[]): void => {
      for (const statement of body) {
        expressionsOf(statement).forEach(visit);
        for (const block of blocksOf(statement)) visitBody(block);
      }
    };
    if (of.node.kind === "function") visitBody(of.node.body);
    return names;
  }

  function property(node: Extract<PyExpression, { kind: "attribute" }>, context: Context): void {
    const object = values.evaluate(node.object, context.scope);
    if (object?.kind !== "instance") return;
    const found = values.attribute(object.of, node.name.text)?.value;
    if (found?.kind !== "function") return;
    if (values.decorators(found.of).some((one) => one === "property" || one?.endsWith("cached_property"))) {
      run(found, node, context, `reads ${dottedText(node) ?? node.name.text}`);
    }
  }

  function enterContext(node: PyExpression, context: Context): void {
    const value = values.evaluate(node, context.scope);
    if (value?.kind !== "instance") return;
    for (const name of ["__enter__", "__aenter__"]) {
      run(values.attribute(value.of, name)?.value ?? null, node, context, `enters ${value.of.qualified}`);
    }
  }

  function run(value: Value | null, at: PyExpression, context: Context, what: string, untilYield = false): void {
    if (context.level === "type" || !value) return;
    if (value.kind === "instance") {
      const method = values.attribute(value.of, "__call__")?.value;
      if (method?.kind === "function" && at.kind === "call") run(method, at, context, what);
      return;
    }
    if (value.kind !== "function" && value.kind !== "class") return;
    const key = value.of;
    const known = done.get(key);
    if (known && !isStronger(context.level, known)) return;
    const chain = extend(context.chain, locate(context.scope.module, at), what);
    if (value.kind === "class") push(context.level, { kind: "class", of: value.of, chain });
    else push(context.level, { kind: "function", of: value.of, chain, untilYield });
  }

  function visitFunction(of: FunctionInfo, level: ImportLevel, chain: Link | null, untilYield: boolean): void {
    if (!take(of, level)) return;
    const scope = scopeOf(of.node, of.scope);
    // Defined in a module whose import is guarded: what it does is off with it.
    const home = modules.get(of.scope.module.path)?.level ?? level;
    const own = home === "guarded" ? weaker(level, "guarded") : level;
    const context: Context = { level: own, nameLevel: own, chain, scope, untilYield };
    if (of.node.kind === "lambda") walkExpression(of.node.body, context);
    else {
      wrappers(of, context);
      walkBody(of.node.body, context);
    }
  }

  /** A decorator of the repository puts its inner function around the call. */
  function wrappers(of: FunctionInfo, context: Context): void {
    if (of.node.kind === "lambda") return;
    for (const decorator of of.node.decorators) {
      const made = values.evaluate(decorator, of.scope);
      const inner = made?.kind === "function" ? values.returned(made.of) : null;
      if (inner?.kind === "function" && inner.of !== of)
        run(inner, decorator, { ...context, scope: of.scope }, calls(decorator));
    }
  }

  function visitClass(of: ClassInfo, level: ImportLevel, chain: Link | null): void {
    if (!take(of, level)) return;
    for (const name of ["__new__", "__init__", "__post_init__"]) {
      const found = values.attribute(of, name)?.value;
      if (found?.kind === "function") push(level, { kind: "function", of: found.of, chain, untilYield: false });
    }
  }

  // ---- things that calls say ----

  /** `sys.path.insert(0, …)`: a literal adds a root, anything else makes every later miss unknown. */
  function pathChange(node: Extract<PyExpression, { kind: "call" }>, context: Context): void {
    const name = dottedText(node.callee);
    if (
      name !== "sys.path.insert" &&
      name !== "sys.path.append" &&
      name !== "site.addsitedir" &&
      name !== "sys.path.extend"
    )
      return;
    const argument = name === "sys.path.insert" ? node.arguments[1] : node.arguments[0];
    const path = argument ? literalPath(argument, context.scope, values, context.scope.module.path) : null;
    const base = path?.base === "working-directory" ? workingDirectory(entry) : "";
    const directory = path ? inRepository(base, path.path) : null;
    if (directory === null) pathOpen = true;
    else if (!program.roots.includes(directory)) {
      if (name === "sys.path.insert") program.roots.unshift(directory);
      else program.roots.push(directory);
    }
  }

  function dataFile(node: Extract<PyExpression, { kind: "call" }>, context: Context): void {
    if (context.level === "type") return;
    const argument = dataArgument(node);
    if (!argument || looksFirst(context.scope)) return;
    const path = literalPath(argument, context.scope, values, context.scope.module.path);
    if (!path) return;
    const target = path.base === "repository" ? path.path : inRepository(workingDirectory(entry), path.path);
    if (target === null || target === "" || target.endsWith(".py")) return;
    const directory = !files.has(target) && files.hasDirectory(target);
    if (!files.has(target) && !directory) return;
    const known = dataFiles.get(target);
    if (known && !isStronger(context.level, known.level)) return;
    const at = locate(context.scope.module, node);
    const chain = stepsOf(extend(context.chain, at, `reads ${target}`));
    dataFiles.set(target, { path: target, directory, at, level: context.level, chain });
  }

  const tested = new WeakMap<Scope, boolean>();

  /** Whether the body asks if files exist before it reads them. */
  function looksFirst(scope: Scope): boolean {
    const known = tested.get(scope);
    if (known !== undefined) return known;
    let found = false;
    const visit = (node: PyExpression): void => {
      const name = node.kind === "call" && node.callee.kind === "attribute" ? node.callee.name.text : "";
      if (["exists", "isfile", "is_file", "isdir", "is_dir"].includes(name)) found = true;
      if (!found) childExpressions(node).forEach(visit);
    };
    const visitBody = (body: readonly PyStatement[]): void => {
      for (const statement of body) {
        expressionsOf(statement).forEach(visit);
        if (statement.kind === "function" || statement.kind === "class") continue;
        for (const block of blocksOf(statement)) visitBody(block);
      }
    };
    const node = scope.node;
    visitBody(scope.kind === "module" ? scope.module.syntax.body : node && node.kind !== "lambda" ? node.body : []);
    tested.set(scope, found);
    return found;
  }

  // ---- the run ----

  if (entry.path && files.has(entry.path)) {
    const start = extend(null, entry.at, `starts ${entry.written}`);
    for (const parent of parentsOf(entry, files)) reach(parent, "start-up", start);
    reach(entry.path, "start-up", start, entry.kind === "main");
    frameworkCall.entry(walker, entry, (value, at, context, what) => run(value, at, context, what), start);
  }
  for (;;) {
    const level = queues["start-up"].length > 0 ? "start-up" : queues.call.length > 0 ? "call" : "guarded";
    const task = takeNext(queues[level]);
    if (!task) break;
    if (task.kind === "module") visitModule(task.path, level, task.chain, task.main);
    else if (task.kind === "lazy") visitLazily(task.path, task.chain, true);
    else if (task.kind === "class") visitClass(task.of, level, task.chain);
    else visitFunction(task.of, level, task.chain, task.untilYield);
  }
  return {
    entry,
    modules: [...modules.values()]
      .map(({ link, ...module }) => ({ ...module, chain: stepsOf(link) }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
    imports: settle(imports, entry, (specifier) => isDependency(specifier, entry, files, facts)),
    dataFiles: [...dataFiles.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    circular: entry.path
      ? simulateImports(
          program,
          { files: [...parentsOf(entry, files), entry.path], main: entry.kind === "main" ? entry.path : null },
          walker.settingsUnknown ? [] : imports,
        )
      : [],
    unread,
    attributeMiss:
      entry.path && entry.kind === "module" && entry.attribute
        ? attributeMiss(program, entry.path, entry.attribute)
        : null,
  };
}

const heads = new WeakMap<Task[], number>();

/** First in, first out without moving the rest: the first chain to arrive is the shortest. */
function takeNext(queue: Task[]): Task | undefined {
  const head = heads.get(queue) ?? 0;
  const task = queue[head];
  if (task === undefined) return undefined;
  if (head + 1 === queue.length) {
    queue.length = 0;
    heads.set(queue, 0);
  } else {
    heads.set(queue, head + 1);
  }
  return task;
}

function stepsOf(link: Link | null): ChainStep[] {
  const steps: ChainStep[] = [];
  for (let at = link; at; at = at.before) steps.push(at.step);
  return steps.reverse();
}

/** What is called on a reader: the argument that names the file or folder. */
function dataArgument(node: Extract<PyExpression, { kind: "call" }>): PyExpression | undefined {
  const name =
    dottedText(node.callee)?.split(".").at(-1) ?? (node.callee.kind === "attribute" ? node.callee.name.text : "");
  const keyword = (...names: string[]) =>
    node.keywords.find((one) => one.name !== null && names.includes(one.name))?.value;
  const mode = node.arguments[1] ?? keyword("mode");
  switch (name) {
    case "open":
      if (node.callee.kind === "attribute" && node.arguments.length === 0) return node.callee.object;
      if (mode?.kind === "string" && /[wax+]/.test(mode.value)) return undefined;
      if (mode && mode.kind !== "string") return undefined;
      return node.arguments[0] ?? keyword("file");
    case "read_text":
    case "read_bytes":
      return node.callee.kind === "attribute" ? node.callee.object : undefined;
    case "Jinja2Templates":
    case "StaticFiles":
      return node.arguments[0] ?? keyword("directory");
    case "FileSystemLoader":
    case "fileConfig":
      return node.arguments[0] ?? keyword("searchpath", "fname");
    case "Config":
      return node.arguments[0]?.kind === "string" && node.arguments[0].value.endsWith(".ini")
        ? node.arguments[0]
        : undefined;
    default:
      return undefined;
  }
}

/** The repository directory that is the process's working directory, as far as the entry tells. */
function workingDirectory(entry: StartupEntry): RepoPath {
  return entry.workingDirectory ?? entry.searchPath[0] ?? "";
}

/** The `__init__.py` of each parent package of a module that is started by name. */
function parentsOf(entry: StartupEntry, files: FileTree): RepoPath[] {
  if (!entry.module || !entry.path) return [];
  const search = findModule(files, entry.module, entry.searchPath);
  return search.files.filter((file) => file !== entry.path);
}

/**
 * Directories that hold importable code of this repository, whatever the image says: the entry's own parents and the `src` of each, the
 * nearest first, for services that lie side by side name their packages alike.
 */
function sourceRoots(entry: StartupEntry, files: FileTree): RepoPath[] {
  const roots = new Set<RepoPath>();
  for (let directory = entry.path ?? ""; directory !== ""; ) {
    directory = directoryOf(directory);
    if (!files.has(`${directory}/__init__.py`)) roots.add(directory);
    const source = directory === "" ? "src" : `${directory}/src`;
    if (files.hasDirectory(source)) roots.add(source);
  }
  roots.add("");
  return [...roots];
}

/**
 * Imports below a namespace package are ours only if something else of it was imported, and no dependency is called after it; the rest
 * belongs to other distributions.
 */
function settle(
  imports: readonly (ReachedImport & { looked?: Looked })[],
  entry: StartupEntry,
  isInstalled: (specifier: string) => boolean,
): ReachedImport[] {
  const first = (dotted: string) => dotted.split(".")[0] ?? "";
  const ours = new Set<string>(entry.kind === "module" && entry.module ? [first(entry.module)] : []);
  for (const one of imports) if (!one.miss && one.resolved.length > 0) ours.add(first(one.specifier));
  const settled: ReachedImport[] = [];
  for (const { looked, ...one } of imports) {
    const doubtful =
      one.miss && one.miss.kind !== "unknown" && looked?.search.namespaceOnly && looked.search.found !== "";
    if (doubtful && !one.specifier.startsWith(".")) {
      const wanted = one.name && one.name !== "*" ? `${one.specifier}.${one.name}` : one.specifier;
      if (!ours.has(first(one.specifier)) || isInstalled(wanted)) continue;
    }
    settled.push(one);
  }
  return settled;
}
