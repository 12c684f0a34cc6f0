// Bundles dist/ as CommonJS, which Node loads without a look-up per import: two small entries, one file with what nearly every run needs,
// files for what few runs need, the TypeScript parser, the grammars, and what V8 compiles of it all. The same input gives the same bytes.
//   node .ci/build.ts [--outdir DIR]
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { type InputOptions, type OutputOptions, type Plugin, type PluginContext, rolldown } from "rolldown";
import { wasmFiles } from "../src/sources/grammar.ts";
import { writeCodeCache } from "./code-cache.ts";
import profile from "./profile.json" with { type: "json" };
import { isSeldomPart, seldomFunctions } from "./seldom-functions.ts";
import { each, parse, replaced } from "./syntax.ts";
import { parserShaking, typescriptConstants, typescriptParser } from "./typescript-parser.ts";

const root = join(import.meta.dirname, "..");
const given = process.argv.indexOf("--outdir");
const outdir = given === -1 ? join(root, "dist") : resolve(process.argv[given + 1]!);
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };

/** What few runs need and stays out of the file that every run reads: `import()` of these remains one. */
const seldom = [
  /^src\/commands\//,
  /^src\/action\//,
  /^src\/config\//,
  /^src\/reports\/(?!text|github|markdown)/,
  /^src\/engine\/own-rules\.ts$/,
  /^src\/workspace\/directory\.ts$/,
  /^src\/catalog\/examples/,
  /^src\/sources\/javascript-(?:code|environment)\.ts$/,
];
/** The one command that is the main job. */
const often = /^src\/commands\/check-command\.ts$/;
/** Where the file that every run reads starts. */
const mainRoots = ["src/commands/check-command.ts", "src/commands/action.ts"];
const javascriptRoots = ["src/sources/javascript-code.ts", "src/sources/javascript-environment.ts"];
/** What the entries themselves need: `--version` needs no more than this. */
const entryOnly = /^src\/(?:version|engine\/compiler)\.ts$/;
/** What they need to read the code cache, which `--version` does not. */
const codeCache = /^src\/engine\/code-cache\.ts$/;

const pathOf = (id: string): string => relative(root, id).split(sep).join("/");

/** A hundred small files cost a hundred resolutions, reads and compilations at each start: `import()` of what is not seldom becomes a plain import. */
const oneMainFile: Plugin = {
  name: "one-main-file",
  async transform(code, id) {
    if (!pathOf(id).startsWith("src/")) return null;
    const names = new Map<string, string>();
    for (const [, specifier = ""] of code.matchAll(/await import\("(\.[^"]+)"\)/g)) {
      if (names.has(specifier)) continue;
      const path = pathOf((await this.resolve(specifier, id))?.id ?? specifier);
      if (often.test(path) || !seldom.some((one) => one.test(path))) names.set(specifier, `__loaded${names.size}`);
    }
    if (names.size === 0) return null;
    const heads = [...names].map(([specifier, name]) => `import * as ${name} from "${specifier}";`);
    const body = code.replace(/await import\("(\.[^"]+)"\)/g, (all, specifier) => names.get(specifier) ?? all);
    return { code: `${heads.join("\n")}\n${body}`, moduleType: "ts" };
  },
};

/**
 * The parser of TypeScript is far larger than all the rest and stays a file of its own, which changes only with its version.
 * As a constant, `ts` is one look-up; the getters of the CommonJS package cost a tenth of a run.
 */
const typescriptApart: Plugin = {
  name: "typescript-apart",
  resolveId: (id) => (id === "#typescript" ? { id: "./typescript.js", external: true } : null),
  load: (id) =>
    pathOf(id) === "src/sources/typescript.ts"
      ? { code: 'import * as loaded from "#typescript"; export const ts = loaded.ts;', moduleType: "js" }
      : null,
};

/** All modules that load with `from`, itself included. */
function loadedWith(context: PluginContext, from: string, found: Set<string>): void {
  const waiting = [join(root, from)];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    waiting.push(...(context.getModuleInfo(id)?.importedIds ?? []));
  }
}

const main = new Set<string>();
const javascript = new Set<string>();
const groups: Plugin = {
  name: "groups",
  buildEnd() {
    for (const path of mainRoots) loadedWith(this, path, main);
    for (const path of javascriptRoots) loadedWith(this, path, javascript);
  },
};

/** What a run needs only for some files or settings, by the file of the bundle that its first call loads. */
const later: readonly (readonly [string, RegExp])[] = [
  ["yaml", /^node_modules\/yaml\//],
  ["web-tree-sitter", /^node_modules\/web-tree-sitter\/|^src\/sources\/grammar\.ts$/],
  ["gitignore", /^node_modules\/ignore\/|^src\/sources\/gitignore\.ts$/],
  ["globs", /^node_modules\/picomatch\/|^src\/workspace\/glob-pattern\.ts$/],
  ["config", /^src\/config\/(?:fitting|validate)\.ts$|^schema\//],
  ["rule-texts", /^src\/catalog\/texts\.generated\.ts$/],
  ["text-report", /^src\/reports\/(?:text|excerpt)\.ts$/],
  [
    "history",
    /^src\/evidence\/(?:history\/(?!requests)|secrets\/|fetched\.)|^src\/workspace\/git-tree\.ts$|^src\/engine\/since\.ts$/,
  ],
  [
    "migration-texts",
    /^src\/sources\/(?:sql|alembic|django|essence|knex|sequelize|typeorm|javascript-chains|script-operations|script-migration|python-migration|text-migration)|^src\/model\/migrations\/(?:from-texts|graph)/,
  ],
  [
    "javascript-graph",
    /^src\/(?:sources|facts)\/(?:javascript-imports|json-fault)|^src\/model\/(?:javascript\/(?:closure|configs|program|resolve|value-names)|startup\/calls-javascript)\.ts$/,
  ],
  [
    "startup-orders",
    /^src\/model\/startup\/(?:annotations|classes|flow|lower-loops|lower-with|order|selector|steps|state|structure|summary)\.ts$/,
  ],
  ["entry-scripts", /^src\/model\/entry\/(?:built|ecosystem|manifests|nearest|scripts|words)\.ts$/],
  [
    "seldom",
    /^src\/(?:engine\/(?:shard|baseline)|workspace\/trusted|action\/hunks|catalog\/options|text\/(?:nearest|hosts|versions|dates|sensitive-path)|model\/(?:image\/absence|builds\/run-mounts))\.ts$/,
  ],
  ["dockerignore-patterns", /^src\/sources\/re2/],
  ["formats", /^src\/(?:sources\/helm-template|(?:sources|facts)\/(?:ini|properties|toml|xml))/],
  ["expressions", /^src\/(?:sources|facts)\/(?:dotenv|expressions|markdown)|^node_modules\/@actions\//],
  ["routes", /^src\/sources\/routes/],
  [
    "python",
    /^src\/sources\/python(?:-(?:breaks|grammar|imports|lexer|parts|strings|syntax))?\.ts$|^src\/facts\/python-(?:breaks|imports|syntax)\.ts$|^src\/model\/(?:python\/(?!front|distributions)|entry\/python-modules|startup\/(?:calls-python|coroutines|python-code|python-waits)\.ts$)/,
  ],
  ["json-columns", /^src\/sources\/json-(?:guards|mentions|narrowing|uses|columns)/],
  [
    "data-files",
    /^src\/(?:sources\/(?:data|scalar-text)|facts\/(?:data|nodes|compose|kubernetes|workflow|placeholders-data)|model\/(?:compose\/(?:merge|own-start|paths)|builds\/(?:compose|workflow|docker-command)))\.ts$/,
  ],
  [
    "terraform",
    /^src\/(?:sources|facts)\/hcl\.ts$|^src\/model\/(?:settings\/terraform|secrets\/terraform(?:-access|-values)?)\.ts$/,
  ],
  ["shell-trees", /^src\/sources\/shell-(?:parts|word)\.ts$/],
  ["makefiles", /^src\/(?:sources\/makefile|model\/(?:builds\/make-callers|entry\/make))\.ts$/],
  [
    "shell-commands",
    /^src\/(?:sources\/shell|facts\/(?:shell|deploy-scripts)|model\/(?:builds\/command-lines|secrets\/(?:gcloud|shell-literals)))/,
  ],
  ["shell-effects", /^src\/model\/image\/(?:shell-lines|run-effects)\.ts$/],
  [
    "environment-reads",
    /^src\/(?:facts\/(?:go-environment|python-environment)|sources\/(?:environment-tests|python-lists)\.ts$)/,
  ],
  ["inventory-shapes", /^src\/model\/secrets\/inventory-shapes\.ts$/],
  [
    "secret-templates",
    /^src\/model\/secrets\/(?:aws-templates|code-reads|front-(?!ends)[a-z-]+|near-names|spring|branches|written-text)\.ts$/,
  ],
  [
    "secret-containers",
    /^src\/model\/secrets\/(?:closed-containers|container-variables|kustomize-deploys|live-changes|read-times)\.ts$/,
  ],
  [
    "secret-forms",
    /^src\/model\/secrets\/(?:workflow-guards|workflow-scopes|expression[a-z-]*|deploy-actions|passed-on|placeholder-value|order)\.ts$/,
  ],
  [
    "placeholder-judges",
    /^src\/sources\/placeholder-(?:words|tokens|values)\.ts$|^src\/model\/placeholders\/(?:config-globs|deploy-paths|task-definitions|judge|keys|code-words|grade|coverage|mend|substitution|kubernetes-variables|inventory)/,
  ],
  ["settings-files", /^src\/model\/settings\/(?:commands|helm|kubernetes|kustomize|manifests|terraform|unparsed)/],
  [
    "secret-readers",
    /^src\/model\/secrets\/(?:kubernetes-objects|helm|helm-releases|workflow-(?:references|calls)|cloudformation-parameters|kubectl-objects|compose-variables|judge-[a-z]+|settings-module|hand-kept-lists)\.ts$/,
  ],
  ["rules-compose", /^src\/rules\/startup-order\/compose-/],
  ["rules-kubernetes", /^src\/rules\/startup-order\/kubernetes-(?!probe-path)/],
  ["rules-workflow", /^src\/rules\/startup-order\/workflow-/],
  ["rules-startup", /^src\/rules\/startup-order\/(?!checks\.generated)/],
  ["rules-dockerignore", /^src\/rules\/dockerignore\/(?!checks\.generated)/],
  ["rules-placeholders", /^src\/rules\/placeholders\/(?!checks\.generated)/],
  ["rules-deploy", /^src\/rules\/(?:checklist|config|drift|migrations|secrets)\/(?!checks\.generated)/],
];
const laterNames = new Set(["code-cache", ...later.map(([name]) => name)]);

/** The file for what short runs never call of a module: one beside each file above, the others by folder, and by language where it is read. */
function seldomFileOf(id: string): string {
  const path = pathOf(id).replace(/\.seldom\.ts$/, ".ts");
  const beside = later.find(([, files]) => files.test(path))?.[0];
  if (beside !== undefined) return `${beside}-seldom`;
  const [, folder = "", ...rest] = path.split("/");
  const language = /^(?:sources|facts)$/.test(folder) ? /^\w+/.exec(rest[0] ?? "")?.[0] : rest.length > 1 && rest[0];
  return [folder, ...(language ? [language] : []), "seldom"].join("-");
}

/** `require` of those at their first use, not where the file that uses them is loaded: reading and compiling them costs an eighth of a short run. */
const requiredLater: Plugin = {
  name: "required-later",
  renderChunk(code) {
    const isLater = (file: string): boolean => laterNames.has(file) || file.endsWith("-seldom");
    const names: string[] = [];
    const text = code
      .replace(/^const (require_\w+) = require\("\.\/([^"]+)\.js"\);$/gm, (all, name, file) => {
        if (!isLater(file)) return all;
        names.push(name);
        return `let loaded_${name};\nconst ${name} = () => (loaded_${name} ??= require("./${file}.js"));`;
      })
      // Nothing of them acts by being loaded.
      .replace(/^require\("\.\/([^"]+)\.js"\);\n/gm, (all, file) => (isLater(file) ? "" : all));
    const asked = names.reduce((so, name) => so.replaceAll(new RegExp(`\\b${name}\\.`, "g"), `(${name}()).`), text);
    // A function that is only named, as in `all.map(one)`, is loaded when it is called.
    const named = new Map<string, string>();
    const body = asked.replace(/\((require_\w+_seldom)\(\)\)\.([\w$]+)(?![\w$]|\()/g, (all, file, name) => {
      named.set(`${file}_${name}`, all);
      return `${file}_${name}`;
    });
    const heads = [...named].map(([name, of]) => `const ${name} = (...given) => ${of}(...given);\n`);
    return { code: heads.join("") + body };
  },
};

/** A library asks Node for its own modules by `import()`, which loads the whole loader of ES modules. */
const requiredBuiltins: Plugin = {
  name: "required-builtins",
  renderChunk: (code, { name }) =>
    name === "web-tree-sitter" ? { code: code.replace(/await import\(("[\w/]+")\)/g, "require($1)") } : null,
};

/** What a file gives to others as plain properties where it never changes: a getter for each is longer to read and to ask. */
const plainExports: Plugin = {
  name: "plain-exports",
  renderChunk: (code) => ({
    code: code.replace(
      /^Object\.defineProperty\(exports, "([\w$]+)", \{\s+enumerable: true,\s+get: function \(\) \{\s+return ([\w$]+);\s+\}\s+\}\);$/gm,
      (all, name, value) => (code.includes(`\nlet ${value} `) ? all : `exports.${name} = ${value};`),
    ),
  }),
};

/**
 * Text of one byte a character is read and compiled faster; the few others stand in strings and expressions. The minifier writes strings as
 * templates, of which V8 reads each character twice: they become strings again.
 */
const fastText: Plugin = {
  name: "fast-text",
  generateBundle(_, bundle) {
    const escaped = (one: string): string => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`;
    for (const file of Object.values(bundle))
      if (file.type === "chunk") file.code = withStrings(file.code).replace(/[^\x00-\x7f]/g, escaped);
  },
};

function withStrings(code: string): string {
  const strings: [start: number, end: number, string: string][] = [];
  each(parse(code), (node, parent) => {
    if (node.type !== "TemplateLiteral" || parent?.type === "TaggedTemplateExpression") return;
    const [first, ...more] = node.quasis as { value: { cooked: string } }[];
    if (more.length === 0) strings.push([node.start, node.end, JSON.stringify(first!.value.cooked)]);
  });
  return replaced(code, strings);
}

const common: InputOptions = {
  cwd: root,
  // The same library as modules: the CommonJS form is compiled twice.
  resolve: { alias: { yaml: join(root, "node_modules/yaml/browser/index.js") } },
  platform: "node",
  logLevel: "warn",
  // web-tree-sitter holds one for a kind of module that it never loads here.
  checks: { eval: false },
  transform: { target: "node20.19", define: { PREDEPLOY_VERSION: JSON.stringify(version) } },
};
// Fewer characters start sooner: parsing them is the largest part of a short run.
const output: OutputOptions = {
  dir: outdir,
  format: "cjs",
  minify: true,
  comments: { legal: false },
  chunkFileNames: "[name].js",
};

rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
const bundle = await rolldown({
  ...common,
  preserveEntrySignatures: false,
  input: { cli: "src/cli.ts", action: "src/action.ts" },
  plugins: [
    seldomFunctions(root, profile),
    oneMainFile,
    typescriptConstants,
    typescriptApart,
    groups,
    requiredLater,
    requiredBuiltins,
    plainExports,
    fastText,
  ],
});
await bundle.write({
  ...output,
  codeSplitting: {
    // Else the version comes into the main file, since that asks for it too.
    includeDependenciesRecursively: false,
    groups: [
      { debugName: "seldom", name: (id) => (main.has(id) && isSeldomPart(id) ? seldomFileOf(id) : null), priority: 4 },
      ...later.map(([name, files]) => ({
        name,
        test: (id: string) => main.has(id) && files.test(pathOf(id)),
        priority: 3,
      })),
      { name: "main", test: (id) => main.has(id) && !entryOnly.test(pathOf(id)), priority: 2 },
      { name: "start", test: (id) => entryOnly.test(pathOf(id)), priority: 2 },
      { name: "code-cache", test: (id) => codeCache.test(pathOf(id)), priority: 2 },
      { name: "javascript", test: (id) => javascript.has(id), priority: 1 },
    ],
  },
});
const typescript = await rolldown({
  ...common,
  input: { typescript: "virtual:typescript" },
  treeshake: parserShaking,
  plugins: [typescriptParser(root), fastText],
});
await typescript.write(output);
chmodSync(join(outdir, "cli.js"), 0o755);
writeFileSync(join(outdir, "package.json"), '{ "type": "commonjs" }\n');
for (const file of Object.values(wasmFiles))
  copyFileSync(join(root, "node_modules", file), join(outdir, file.split("/").at(-1)!));
if (process.platform === "linux" && process.arch === "x64") writeCodeCache(outdir);
else process.stderr.write("The code cache is made on Linux on x64 only: this bundle has none.\n");
