// Bundles dist/: two entries, lazy chunks, and the grammars beside them. The same input gives the same bytes.
//   node .ci/build.ts [--outdir DIR]
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build, type Plugin, transform } from "esbuild";
import { wasmFiles } from "../src/sources/grammar.ts";

const root = join(import.meta.dirname, "..");
const given = process.argv.indexOf("--outdir");
const outdir = given === -1 ? join(root, "dist") : resolve(process.argv[given + 1]!);
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };

/**
 * `export { ts } from "ts-morph"` of a CommonJS package becomes a getter on a getter, asked at each `ts.isIdentifier` of a walk: a tenth of a
 * run's time. As a constant it is one look-up. The source keeps the re-export, since a constant would lose the namespace of types.
 */
const typescriptAsConstant: Plugin = {
  name: "typescript-as-constant",
  setup(bundling) {
    bundling.onLoad({ filter: /[\\/]src[\\/]sources[\\/]typescript\.ts$/ }, () => ({
      contents: 'import { ts as loaded } from "ts-morph"; export const ts = loaded;',
      resolveDir: join(root, "src/sources"),
      loader: "ts",
    }));
  },
};

rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: ["src/cli.ts", "src/action.ts"],
  outdir,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  splitting: true,
  // The content's hash: two chunks may have the same name, and a chunk changes its name only with its content.
  chunkNames: "[name]-[hash]",
  define: { PREDEPLOY_VERSION: JSON.stringify(version) },
  // CommonJS parts of the bundle ask for these three; ESM has none of them.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; import { fileURLToPath as __fileURLToPath } from "node:url"; import { dirname as __pathDirname } from "node:path"; const require = __createRequire(import.meta.url); const __filename = __fileURLToPath(import.meta.url); const __dirname = __pathDirname(__filename);',
  },
  plugins: [typescriptAsConstant],
  legalComments: "none",
  logLevel: "warning",
});
// The TypeScript parser is nine tenths of the bundle and read by nobody here; everything else stays as it is written.
for (const name of readdirSync(outdir)) {
  const file = join(outdir, name);
  if (!name.endsWith(".js") || statSync(file).size < 4_000_000) continue;
  const { code } = await transform(readFileSync(file, "utf8"), {
    minify: true,
    target: "node20.19",
    legalComments: "none",
  });
  writeFileSync(file, code);
}
for (const file of Object.values(wasmFiles))
  copyFileSync(join(root, "node_modules", file), join(outdir, file.split("/").at(-1)!));
