// Bundles dist/: two small entries, one bundle whose parts are evaluated when they are asked for, the TypeScript parser, and the
// grammars. The same input gives the same bytes.
//   node .ci/build.ts [--outdir DIR]
import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { wasmFiles } from "../src/sources/grammar.ts";

const root = join(import.meta.dirname, "..");
const given = process.argv.indexOf("--outdir");
const outdir = given === -1 ? join(root, "dist") : resolve(process.argv[given + 1]!);
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };

/** The entries load the rest as one file: a hundred chunks cost a hundred look-ups, resolutions and links at each start. */
const commandsAsMain: Plugin = {
  name: "commands-as-main",
  setup(bundling) {
    bundling.onResolve({ filter: /^\.\/commands\/(?:program|action)\.ts$/ }, () => ({
      path: "./main.js",
      external: true,
    }));
  },
};

/**
 * The parser of TypeScript is far larger than all the rest and stays a file of its own, loaded by the first module that walks JavaScript.
 * As a constant, `ts` is one look-up; the getters of the CommonJS package cost a tenth of a run.
 */
const typescriptApart: Plugin = {
  name: "typescript-apart",
  setup(bundling) {
    bundling.onLoad({ filter: /[\\/]src[\\/]sources[\\/]typescript\.ts$/ }, () => ({
      contents: 'const loaded = await import("./typescript.js"); export const ts = loaded.ts;',
      loader: "ts",
      resolveDir: join(root, "src/sources"),
    }));
    bundling.onResolve({ filter: /^\.\/typescript\.js$/ }, () => ({ path: "./typescript.js", external: true }));
  },
};

/** What few runs need stays out of the file that every run reads. */
const apart: Readonly<Record<string, { filter: RegExp; contents: string }>> = {
  "github.js": { filter: /^@actions\/github$/, contents: 'export * from "@actions/github";' },
  "examples.js": {
    filter: /\/examples\.generated\.ts$/,
    contents: 'export * from "./src/catalog/examples.generated.ts";',
  },
};
const seldomApart: Plugin = {
  name: "seldom-apart",
  setup(bundling) {
    for (const [file, { filter }] of Object.entries(apart))
      bundling.onResolve({ filter }, () => ({ path: `./${file}`, external: true }));
  },
};

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  define: { PREDEPLOY_VERSION: JSON.stringify(version) },
  legalComments: "none",
  logLevel: "warning",
};
/** CommonJS parts of a bundle ask for these three; ESM has none of them. */
const banner = {
  js: 'import { createRequire as __createRequire } from "node:module"; import { fileURLToPath as __fileURLToPath } from "node:url"; import { dirname as __pathDirname } from "node:path"; const require = __createRequire(import.meta.url); const __filename = __fileURLToPath(import.meta.url); const __dirname = __pathDirname(__filename);',
};
const from = (contents: string) => ({ contents, resolveDir: root, loader: "ts" as const });

rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
await build({ ...common, entryPoints: ["src/cli.ts", "src/action.ts"], outdir, plugins: [commandsAsMain] });
await build({
  ...common,
  banner,
  stdin: from(
    'export { runProgram } from "./src/commands/program.ts"; export { runAction } from "./src/commands/action.ts";',
  ),
  outfile: join(outdir, "main.js"),
  plugins: [typescriptApart, seldomApart],
});
for (const [file, { contents }] of Object.entries(apart))
  await build({ ...common, banner, stdin: from(contents), outfile: join(outdir, file) });
// Minified, since nobody reads it: half the bytes.
await build({
  ...common,
  banner,
  minify: true,
  stdin: from('export { ts } from "ts-morph";'),
  outfile: join(outdir, "typescript.js"),
});
for (const file of Object.values(wasmFiles))
  copyFileSync(join(root, "node_modules", file), join(outdir, file.split("/").at(-1)!));
