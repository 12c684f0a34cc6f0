import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Plugin, rolldown, type TreeshakingOptions } from "rolldown";
import { ts } from "ts-morph";
import { withoutUnread } from "./unread.ts";

/**
 * TypeScript's parser alone, cut out of the compiler that ts-morph ships: a tenth of its size, a quarter of its start and an eighth of its
 * memory. The compiler is one file of functions in layers; the lower layer (`src/compiler`) never needs the upper ones, so what is left out by
 * shaking that layer is never called. test/sources/typescript-parser.test.ts compares its trees with those of the whole compiler.
 */
const compiler = "node_modules/@ts-morph/common/dist/typescript.js";
const entry = "virtual:typescript";

/** Names of the compiler that no declaration file tells, but `src/sources` asks for. */
const internal = ["getTokenPosOfNode"];

/** Makes the module that is the input `virtual:typescript`: it exports `ts` with what files of src/sources read from it. */
export function typescriptParser(root: string): Plugin {
  return {
    name: "typescript-parser",
    resolveId: (id) => (id === entry ? id : null),
    load: async (id) => (id === entry ? { code: await shaken(root), moduleType: "js" } : null),
  };
}

/** What shaking the top level leaves unread below it uses more of the top level, so both go on until nothing more falls. */
async function shaken(root: string): Promise<string> {
  const kept = [...usedNames(root), ...membersRead(root), ...internal];
  for (let so = parserModule(root); ; ) {
    const code = so;
    const bundle = await rolldown({
      input: entry,
      treeshake: parserShaking,
      plugins: [
        { name: "text", resolveId: (id) => (id === entry ? id : null), load: () => ({ code, moduleType: "js" }) },
      ],
    });
    const { output } = await bundle.generate({ format: "esm" });
    const { code: top } = output[0];
    so = withoutUnread(top, kept);
    if (so === top) return so;
  }
}

/** The numbers of `ts.SyntaxKind.X` and the like in place of them, as the compiler does for its own code: the bundle needs no tables of them. */
export const typescriptConstants: Plugin = {
  name: "typescript-constants",
  transform: (code, id) =>
    fromTypescript.test(code) && !id.includes("node_modules")
      ? { code: code.replace(constant, (_, group: string, name: string) => numberOf(group, name)), moduleType: "ts" }
      : null,
};

const fromTypescript = /"\.\.?\/typescript\.ts"/;
const tables = ["SyntaxKind", "ScriptKind", "ScriptTarget", "NodeFlags", "JSDocParsingMode"];
const constant = new RegExp(`\\bts\\.(${tables.join("|")})\\.(\\w+)`, "g");

function numberOf(group: string, name: string): string {
  const value = (ts as unknown as Record<string, Record<string, unknown>>)[group]?.[name];
  if (typeof value !== "number") throw new Error(`typescript has no ts.${group}.${name}`);
  return String(value);
}

/** What lets the unneeded be dropped: reading a property of the compiler, and making a message, does nothing besides. */
export const parserShaking: TreeshakingOptions = {
  propertyReadSideEffects: false,
  unknownGlobalSideEffects: false,
  manualPureFunctions: [
    "diag",
    "createBaseNodeFactory",
    "createTextSpan",
    "getCommandLineCompilerOptionsMap",
    "getCommandLineTypeAcquisitionMap",
    "getCommandLineWatchOptionsMap",
    "Object.entries",
  ],
};

/** What makes the layer one of which the unneeded falls. */
const patches: readonly (readonly [RegExp, string | ((match: string, part: string) => string)])[] = [
  // Namespaces become values, and calls at the top level pure ones: nothing of this layer acts by being loaded.
  [/^var (\w+) = \{\};\n__export\(\1, \{$/gm, "var $1 = /* @__PURE__ */ namespaceOf({"],
  [
    /^var (\w+);\n\(\((\w+)\) => \{\n([\s\S]*?)^\}\)\(\1 \|\| \(\1 = \{\}\)\);$/gm,
    "var $1 = /* @__PURE__ */ (($2) => {\n$3return $2;\n})({});",
  ],
  [/^var (\w+) = (?=(?:new )?[\w.]+\()/gm, "var $1 = /* @__PURE__ */ "],
  [/^var (\w+) = (\[\s*\.\.\.[\s\S]*?\]);$/gm, "var $1 = /* @__PURE__ */ (() => $2)();"],
  // A parser asks neither for the file system, whose set-up loads Node's cryptography, nor for most of two thousand messages.
  [/^var sys = \(\(\) => \{\n[\s\S]*?^\}\)\(\);$/m, "var sys;"],
  [
    /^var Diagnostics = \{\n([\s\S]*?)^\};$/m,
    (_, messages) =>
      messages.replace(
        /^ {2}(\w+): (diag\([\s\S]*?\)),?$(?=\n {2}\w+: diag\(|\n*$(?![\s\S]))/gm,
        "var Diagnostics_$1 = /* @__PURE__ */ $2;",
      ),
  ],
  [/\bDiagnostics\.(?=\w)/g, "Diagnostics_"],
  // Every caller gives ParseNone for documentation and the latest version of the language.
  [/^ {2}let JSDocParser;\n[\s\S]*?^ {2}\}\)\(JSDocParser = .*$/m, "  const JSDocParser = {};"],
  [/^(var unicodeES5Identifier\w+ = \[).*(?=\];$)/gm, "$1"],
  // The parser's own factory makes nodes as they are.
  [/\bflags & [12] [^?\n]*\? (nullParenthesizerRules|nullNodeConverters) : \w+\(factory2\)/g, "$1"],
  // A kind in the message of a failed assertion is a number.
  [/\bformatEnum\(\s*kind,\s*SyntaxKind,\s*\/\*isFlags\*\/\s*false\s*\)/, "String(kind)"],
];

function parserModule(root: string): string {
  const text = readFileSync(join(root, compiler), "utf8");
  const part = (from: string, to: string): string => {
    const [start, end] = [text.indexOf(from), text.indexOf(to)];
    if (start === -1 || end <= start)
      throw new Error(`${compiler} is not built as expected: no "${from}" before "${to}"`);
    return text.slice(start, end);
  };
  const helpers = part("var __defProp", "// src/typescript/typescript.ts");
  const layer = patches.reduce(
    (so, [pattern, by]) => {
      if (so.search(pattern) === -1) throw new Error(`${compiler} is not built as expected: no ${pattern}`);
      return so.replace(pattern, by as string);
    },
    part("// src/compiler/corePublic.ts", "// src/jsTyping/"),
  );
  for (const [, name = ""] of layer.matchAll(/\b(Diagnostics_\w+)/g))
    if (!layer.includes(`var ${name} = `)) throw new Error(`${compiler} is not built as expected: no ${name}`);
  const table = part("__export(typescript_exports, {", "// src/compiler/corePublic.ts");
  const names = [...usedNames(root)].filter((name) => table.includes(`\n  ${name}: () => ${name},`));
  return `${helpers}
const namespaceOf = (all) => {
  const made = {};
  __export(made, all);
  return made;
};
${layer}
// The text of a name is given by the language service's nodes; here by those of the parser.
class PrivateName extends Node4 {}
for (const { prototype } of [Identifier2, PrivateName])
  Object.defineProperty(prototype, "text", { get() { return idText(this); } });
setObjectAllocator({ getPrivateIdentifierConstructor: () => PrivateName });
export const ts = { ${[...names, ...internal].sort().join(", ")} };
`;
}

/** Every `ts.name` in the sources; types are among them and are no values. */
function usedNames(root: string): Set<string> {
  const names = namesIn(root, /\bts\.(\w+)/g);
  for (const name of tables) names.delete(name);
  return names;
}

/** Every member that the sources read of what the parser makes; a node's `token` nothing else may read. */
export const membersRead = (root: string): Set<string> => namesIn(root, /\.(\w+)/g);

function namesIn(root: string, pattern: RegExp): Set<string> {
  const directory = join(root, "src/sources");
  const names = new Set<string>();
  for (const file of readdirSync(directory, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    const text = readFileSync(join(directory, file), "utf8");
    if (!fromTypescript.test(text)) continue;
    for (const [, name = ""] of text.matchAll(pattern)) names.add(name);
  }
  return names;
}
