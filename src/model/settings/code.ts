import type { CodeFile, Expression, Statement } from "../../types/code.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { locate } from "../data.ts";
import { codeOfPython } from "../startup/python-code.ts";
import { baseService, readGcloud } from "./commands.ts";
import { firstOf, type Where } from "./environment.ts";
import { word } from "./manifests.ts";
import { addPlain, addSecret, addUnknown, leaveOpen, type Origin, type Sink } from "./sink.ts";
import { exactly, isVariable } from "./values.ts";

const MAX_FILES = 200;
const SCRIPT =
  /(?:^|\/)[\w.-]*(?:deploy|provision|rollout)[\w.-]*\.(?:py|[cm]?[jt]s)$|(?:^|\/)(?:deploy|deployment|deployments)\/(?:[^/]+\/)?[\w.-]+\.(?:py|[cm]?[jt]s)$/i;
const CONFIG = /(?:^|\/)[\w.-]*(?:config|settings|environments?|constants|endpoints|urls)[\w.-]*\.(?:py|[cm]?[jt]s)$/i;
const OTHER_USE =
  /(?:^|\/)(?:migrations?|alembic|stories|__mocks__|locales?)\/|\.(?:test|spec|d|stories)\.[cm]?[jt]s$|(?:^|\/)(?:test_[^/]*|conftest|[^/]*_test)\.py$/i;
const TOOL_CONFIG =
  /(?:^|\/)(?:jest|vite|vitest|webpack|rollup|eslint|babel|tailwind|postcss|next|nuxt|playwright|cypress|tsup|prettier|karma|metro|svelte|astro|knip|commitlint)[\w.-]*\.config\.|\.config\.[cm]?[jt]s$/i;

/** Programs whose literals say what an environment is given: deploy scripts, and the code's own settings by environment. */
export function codePaths(files: FileTree): { path: RepoPath; deploys: boolean }[] {
  return files.entries
    .filter(
      ({ path, ignored, kind }) =>
        !ignored &&
        (kind === "file" || kind === "executable") &&
        (SCRIPT.test(path) || CONFIG.test(path)) &&
        !OTHER_USE.test(path) &&
        !(/\.config\./i.test(path) && TOOL_CONFIG.test(path)),
    )
    .slice(0, MAX_FILES)
    .map(({ path }) => ({ path, deploys: SCRIPT.test(path) }));
}

interface Context {
  where: Where;
  service: string | null;
  /** What the value is given to: a variable or a key. */
  label: string;
  secret: boolean;
}

/** Literals of strings, numbers and booleans in dictionaries, argument lists and branches by environment. */
export function readCode(sink: Sink): void {
  const own = Object.keys(sink.input.config.config.environments).map((name) => name.replace(/[^\w-]/g, "."));
  const named = new RegExp(["stag", "stg", "prod", "prd", "preview", "live", "qa", "uat", ...own].join("|"), "i");
  for (const { path, deploys } of codePaths(sink.input.files)) {
    const where = sink.naming.ofPath(path);
    if (where.excluded) continue;
    const lines = sink.input.facts.get("lines", path)?.lines ?? [];
    if (!lines.some((line) => /:\/\/|gcloud|env[-_]vars|[A-Z]{3,}_[A-Z]/.test(line.slice(0, 2000)))) continue;
    // Of code that does not deploy only addresses for a named environment count: most files name none.
    if (
      !deploys &&
      !(lines.some((line) => line.includes("://")) && lines.some((line) => named.test(line.slice(0, 2000))))
    )
      continue;
    let code: CodeFile | null;
    if (path.endsWith(".py")) {
      const file = sink.input.facts.get("python-syntax", path);
      code = file === null || file.truncated !== null ? null : codeOfPython(file);
    } else code = sink.input.facts.get("javascript-code", path);
    if (!code) continue;
    new Walk(sink, path, code, deploys).statements(code.body, { where, service: null, label: "", secret: false }, 0);
  }
}

const MAX_DEPTH = 120;

class Walk {
  private readonly sink: Sink;
  private readonly path: RepoPath;
  private readonly code: CodeFile;
  private readonly deploys: boolean;

  constructor(sink: Sink, path: RepoPath, code: CodeFile, deploys: boolean) {
    this.sink = sink;
    this.path = path;
    this.code = code;
    this.deploys = deploys;
  }

  statements(body: readonly Statement[], context: Context, depth: number): void {
    if (depth > MAX_DEPTH) return;
    for (const statement of body) this.statement(statement, context, depth + 1);
  }

  private statement(statement: Statement, context: Context, depth: number): void {
    switch (statement.kind) {
      case "assign": {
        if (!statement.value) return;
        const label = nameOf(statement.targets[0]);
        this.expression(statement.value, this.named(context, label), depth);
        return;
      }
      case "expression":
      case "return":
      case "throw":
      case "export-default":
        if (statement.value) this.expression(statement.value, context, depth);
        return;
      case "if": {
        const environment = this.testedEnvironment(statement.test);
        const inner = environment === null ? context : { ...context, where: environment };
        this.statements(statement.consequent, inner, depth);
        // The other branch is for the other environments, whichever they are.
        this.statements(statement.otherwise, environment === null ? context : { ...context, where: UNKNOWN }, depth);
        return;
      }
      case "function":
        this.statements(statement.of.body, this.named(context, statement.of.name), depth);
        return;
      case "class":
        this.statements(statement.of.body, this.named(context, statement.of.name), depth);
        return;
      case "for":
      case "while":
      case "with":
      case "block":
        this.statements(statement.body, context, depth);
        return;
      case "try":
        for (const body of [
          statement.body,
          ...statement.handlers.map((one) => one.body),
          statement.otherwise,
          statement.finally,
        ])
          this.statements(body, context, depth);
        return;
      case "match":
        for (const one of statement.cases) this.statements(one.body, { ...context, where: UNKNOWN }, depth);
        return;
      default:
    }
  }

  private named(context: Context, label: string): Context {
    const where = firstOf(
      () => this.sink.naming.ofText(label),
      () => context.where,
    );
    return { ...context, where, label, secret: /secret/i.test(label) && /^[^A-Z]*s$|secrets$/i.test(label) };
  }

  private expression(node: Expression, context: Context, depth: number): void {
    if (depth > MAX_DEPTH) return;
    switch (node.kind) {
      case "string":
      case "constant":
        this.value(node, context, `${this.path}`);
        return;
      case "dict":
        this.dictionary(node, context, depth);
        return;
      case "list":
        this.list(node, context, depth);
        return;
      case "call": {
        const [first, second] = node.args;
        const name = first && first.value.kind === "string" ? first.value.value : null;
        if (name !== null && isVariable(name) && second && second.name === undefined && second.value.kind === "string")
          this.value(second.value, { ...context, label: name }, this.path);
        for (const one of node.args) {
          // A template's or a program's arguments are values of their own.
          if (one.value.kind !== "string")
            this.expression(one.value, one.name === undefined ? context : this.named(context, one.name), depth + 1);
          else if (one.name !== undefined && one.name === one.name.toUpperCase())
            this.value(one.value, this.named(context, one.name), this.path);
        }
        return;
      }
      case "conditional": {
        const environment = this.testedEnvironment(node.test);
        this.expression(
          node.consequent,
          environment === null ? context : { ...context, where: environment },
          depth + 1,
        );
        this.expression(node.otherwise, environment === null ? context : { ...context, where: UNKNOWN }, depth + 1);
        return;
      }
      case "logical": {
        const read = nameOf(node.left);
        const inner = isVariable(read) ? { ...context, label: read } : context;
        if (node.operator !== "and") this.expression(node.right, inner, depth + 1);
        return;
      }
      case "await":
      case "spread":
        this.expression(node.of, context, depth + 1);
        return;
      case "function":
        this.statements(node.of.body, context, depth + 1);
        return;
      default:
    }
  }

  private dictionary(node: Extract<Expression, { kind: "dict" }>, context: Context, depth: number): void {
    const list = `${this.path}:${node.start}`;
    const given = node.entries.find(
      (entry) => entry.key && /^(?:service|service_name|serviceName|name)$/.test(textOf(entry.key) ?? ""),
    );
    const service = (given && baseService(textOf(given.value))) ?? context.service;
    for (const entry of node.entries) {
      const key = entry.key ? textOf(entry.key) : null;
      if (key === null) {
        const origin: Origin = { where: context.where, service, source: "deploy-code", definition: list };
        if (this.deploys && context.where.environment !== null)
          leaveOpen(this.sink, origin, "it takes names from elsewhere", locate(this.path, this.code, entry.value));
        this.expression(entry.value, { ...context, service }, depth + 1);
        continue;
      }
      const inner = this.named({ ...context, service }, key);
      if (textOf(entry.value) !== null) this.value(entry.value, { ...inner, secret: context.secret }, list);
      else if (entry.value.kind === "dict") {
        const owns = this.sink.naming.ofText(key).environment === null && !GENERIC.test(key) && !isVariable(key);
        this.expression(entry.value, owns ? { ...inner, service: baseService(key) } : inner, depth + 1);
      } else {
        this.expression(entry.value, inner, depth + 1);
        this.computed(entry.value, inner, list);
      }
    }
  }

  /** A variable of a deploy script whose value only a run of it tells. */
  private computed(node: Expression, { label, where, service }: Context, list: string): void {
    if (!this.deploys || where.environment === null || !isVariable(label) || node.kind === "list") return;
    const origin: Origin = { where, service, source: "deploy-code", definition: list };
    addUnknown(this.sink, origin, label, "an expression of the script", locate(this.path, this.code, node));
  }

  private list(node: Extract<Expression, { kind: "list" }>, context: Context, depth: number): void {
    const texts = node.items.map(textOf);
    if (texts.slice(0, 3).includes("gcloud")) {
      const words = node.items.map((item, index) => {
        const text = texts[index] ?? "$UNKNOWN";
        return word(text, item);
      });
      readGcloud(this.sink, words, {
        path: this.path,
        locate: (range) => locate(this.path, this.code, range),
        hints: [() => context.where],
      });
      return;
    }
    for (const item of node.items)
      if (item.kind !== "string" && item.kind !== "constant") this.expression(item, context, depth + 1);
  }

  private value(node: Expression, context: Context, list: string): void {
    const text = textOf(node);
    const { label, where } = context;
    if (text === null || label === "") return;
    const certain = where.environment !== null;
    // What a program says of itself counts only for an environment that it names.
    if (!this.deploys && !(certain && text.includes("://"))) return;
    if (this.deploys && !isVariable(label)) return;
    const origin: Origin = {
      where,
      service: context.service,
      source: this.deploys ? "deploy-code" : "code",
      definition: list,
    };
    const at = locate(this.path, this.code, node);
    if (context.secret && this.deploys) addSecret(this.sink, origin, label, text.replace(/:[^:/]*$/, ""), at);
    else addPlain(this.sink, origin, label, text, at, exactly);
  }

  /** `env == "staging"`, `process.env.NODE_ENV === "production"`. */
  private testedEnvironment(test: Expression): Where | null {
    if (test.kind !== "binary" || !/^===?$/.test(test.operator)) return null;
    for (const side of [test.left, test.right]) {
      const text = side.kind === "string" ? side.value : null;
      const where = text === null ? UNKNOWN : this.sink.naming.ofText(text);
      if (where.environment !== null || where.excluded) return where;
    }
    return null;
  }
}

const UNKNOWN: Where = { environment: null, excluded: false, declared: false };
const GENERIC =
  /^(?:env|envs|environment|environments|env_vars|envVars|variables|vars|config|settings|default|defaults|common|shared|base|secrets|services|values|urls|endpoints|hosts)$/i;

function textOf(node: Expression): string | null {
  if (node.kind === "string") return node.value;
  if (node.kind === "name") return null;
  if (node.kind === "constant") return /^(?:-?\d|true$|false$)/i.test(node.text) ? node.text : null;
  return null;
}

/** The last name of a target: `API_URL`, `config.apiUrl`, `os.environ["API_URL"]`. */
function nameOf(node: Expression | undefined): string {
  if (!node) return "";
  if (node.kind === "name") return node.name;
  if (node.kind === "attribute") return node.name;
  if (node.kind === "index") return textOf(node.at) ?? "";
  if (node.kind === "call") return node.args[0] ? (textOf(node.args[0].value) ?? "") : "";
  return "";
}
