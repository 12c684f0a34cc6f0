import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin, TreeshakingOptions } from "rolldown";

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
    load: (id) => (id === entry ? { code: parserModule(root), moduleType: "js" } : null),
  };
}

/** What lets the unneeded be dropped: reading a property of the compiler, and making a message, does nothing besides. */
export const parserShaking: TreeshakingOptions = {
  propertyReadSideEffects: false,
  unknownGlobalSideEffects: false,
  manualPureFunctions: ["diag", "createBaseNodeFactory"],
};

function parserModule(root: string): string {
  const text = readFileSync(join(root, compiler), "utf8");
  const part = (from: string, to: string): string => {
    const [start, end] = [text.indexOf(from), text.indexOf(to)];
    if (start === -1 || end <= start)
      throw new Error(`${compiler} is not built as expected: no "${from}" before "${to}"`);
    return text.slice(start, end);
  };
  const helpers = part("var __defProp", "// src/typescript/typescript.ts");
  const layer = part("// src/compiler/corePublic.ts", "// src/jsTyping/")
    // Namespaces become values, and calls at the top level pure ones: nothing of this layer acts by being loaded.
    .replace(/^var (\w+) = \{\};\n__export\(\1, \{$/gm, "var $1 = /* @__PURE__ */ namespaceOf({")
    .replace(
      /^var (\w+);\n\(\((\w+)\) => \{\n([\s\S]*?)^\}\)\(\1 \|\| \(\1 = \{\}\)\);$/gm,
      "var $1 = /* @__PURE__ */ (($2) => {\n$3return $2;\n})({});",
    )
    .replace(/^var (\w+) = (?=(?:new )?[\w.]+\()/gm, "var $1 = /* @__PURE__ */ ")
    // A parser asks neither for the file system, whose set-up loads Node's cryptography, nor for most of two thousand messages.
    .replace(/^var sys = \(\(\) => \{\n[\s\S]*?^\}\)\(\);$/m, "var sys;")
    .replace(/^var Diagnostics = \{\n([\s\S]*?)^\};$/m, (_, messages: string) =>
      messages.replace(
        /^ {2}(\w+): (diag\([\s\S]*?\)),?$(?=\n {2}\w+: diag\(|\n*$(?![\s\S]))/gm,
        "var Diagnostics_$1 = /* @__PURE__ */ $2;",
      ),
    )
    .replace(/\bDiagnostics\.(?=\w)/g, "Diagnostics_");
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
  const directory = join(root, "src/sources");
  const names = new Set<string>();
  for (const file of readdirSync(directory, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    const text = readFileSync(join(directory, file), "utf8");
    if (!/"\.\.?\/typescript\.ts"/.test(text)) continue;
    for (const [, name = ""] of text.matchAll(/\bts\.(\w+)/g)) names.add(name);
  }
  return names;
}
