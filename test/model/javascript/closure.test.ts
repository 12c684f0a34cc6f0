import { expect, test } from "vitest";
import { makeFactReader } from "../../../src/engine/facts.ts";
import { javascriptFront } from "../../../src/model/javascript/front.ts";
import type { EntryClosure, StartupEntry } from "../../../src/types/imports.ts";
import { type MemoryFile, memoryWorkspace } from "../../../src/workspace/memory.ts";

async function closureOf(
  files: Record<string, string | MemoryFile>,
  path = Object.keys(files)[0]!,
): Promise<EntryClosure> {
  const workspace = memoryWorkspace(files);
  const facts = makeFactReader(workspace);
  await facts.load(["javascript-code", "javascript-imports", "lines"]);
  const entry = {
    language: "javascript",
    path,
    written: path,
    kind: "main",
    workingDirectory: "",
  } as unknown as StartupEntry;
  return javascriptFront(workspace.files, facts).closureOf(entry);
}

const levels = (closure: EntryClosure) => Object.fromEntries(closure.modules.map((one) => [one.path, one.level]));

test("top level, called functions, callable functions, guards and types have their levels", async () => {
  const closure = await closureOf({
    "src/main.ts": `import express from "express";
import { makeApp } from "./app.js";
import type { Config } from "./types.js";
import { Shape } from "./shape.js";
try { require("./optional"); } catch { console.warn("off"); }
try { require("./needed"); } catch (error) { throw error; }
async function main(config: Config, shape: Shape) {
  const { connect } = await import("./db.js");
  await connect();
  makeApp().listen(80);
}
main({});
`,
    "src/app.ts": `export function makeApp() { const routes = require("./routes"); return routes; }
export function unused() { return import("./lazy"); }
`,
    "src/types.ts": "export interface Config {}",
    "src/shape.ts": "export interface Shape {}",
    "src/optional.js": "",
    "src/needed.js": "",
    "src/db.ts": "export const connect = async () => { await import('./driver.js'); };",
    "src/driver.ts": "",
    "src/routes/index.ts": 'export * from "./users"; export default {};',
    "src/routes/users.ts": "",
    "src/lazy.ts": 'import "./lazier";',
    "src/lazier.ts": "",
    "src/unseen.ts": "",
  });
  expect(levels(closure)).toEqual({
    "src/main.ts": "start-up",
    "src/app.ts": "start-up",
    "src/optional.js": "guarded",
    "src/needed.js": "start-up",
    "src/db.ts": "start-up",
    "src/driver.ts": "start-up",
    "src/routes/index.ts": "start-up",
    "src/routes/users.ts": "start-up",
    "src/lazy.ts": "call",
    "src/lazier.ts": "call",
  });
  expect(closure.modules.find((one) => one.path === "src/driver.ts")?.chain.map((one) => one.what)).toEqual([
    "calls main()",
    "calls connect()",
    "imports ./driver.js",
  ]);
});

test("classes, methods, fields, inheritance and registered plugins are followed", async () => {
  const closure = await closureOf({
    "server.mjs": `import Fastify from "fastify";
import plugin from "./plugin.mjs";
import { Server } from "./server-class.mjs";
import * as tools from "./tools.mjs";
const app = Fastify();
app.register(plugin);
app.register(async (instance) => { await import("./inline.mjs"); });
const server = new Server();
server.boot();
tools.prepare();
app.get("/x", async () => { await import("./handler.mjs"); });
(async () => { await import("./iife.mjs"); })();
`,
    "plugin.mjs": 'export default async function plugin() { await import("./in-plugin.mjs"); }',
    "server-class.mjs": `import { Base } from "./base.mjs";
export class Server extends Base { field = import("./field.mjs"); constructor() { super(); this.early(); } early() { import("./early.mjs"); } never() { import("./never.mjs"); } }`,
    "base.mjs": 'export class Base { boot() { return import("./boot.mjs"); } }',
    "tools.mjs": 'export { prepare } from "./prepare.mjs";',
    "prepare.mjs": 'export const prepare = () => import("./prepared.mjs");',
    ...Object.fromEntries(
      ["inline", "handler", "iife", "in-plugin", "field", "early", "never", "boot", "prepared"].map((name) => [
        `${name}.mjs`,
        "",
      ]),
    ),
  });
  const found = levels(closure);
  for (const name of ["inline", "iife", "in-plugin", "field", "early", "boot", "prepared"])
    expect([name, found[`${name}.mjs`]]).toEqual([name, "start-up"]);
  for (const name of ["handler", "never"]) expect([name, found[`${name}.mjs`]]).toEqual([name, "call"]);
});

test("Nest creates decorated classes and calls their hooks; types of their constructors stay imports", async () => {
  const closure = await closureOf({
    "src/main.ts":
      'import { NestFactory } from "@nestjs/core";\nimport { AppModule } from "./app.module";\nasync function bootstrap() { await NestFactory.create(AppModule); }\nbootstrap();',
    "src/app.module.ts":
      'import { Module } from "@nestjs/common";\nimport { Jobs } from "./jobs";\n@Module({ providers: [Jobs] })\nexport class AppModule {}',
    "src/jobs.ts":
      'import { Injectable } from "@nestjs/common";\nimport { Mailer } from "./mailer";\n@Injectable()\nexport class Jobs { constructor(private mailer: Mailer) {} async onModuleInit() { await import("./queue"); } async later() { await import("./later"); } }',
    "src/mailer.ts": "export class Mailer {}",
    "src/queue.ts": "",
    "src/later.ts": "",
  });
  expect(levels(closure)).toEqual({
    "src/main.ts": "start-up",
    "src/app.module.ts": "start-up",
    "src/jobs.ts": "start-up",
    "src/mailer.ts": "start-up",
    "src/queue.ts": "start-up",
    "src/later.ts": "call",
  });
});

test("names resolve by tsconfig paths, workspaces, exports that point to built files, #imports, JSON and endings", async () => {
  const closure = await closureOf(
    {
      "apps/api/src/main.ts": `import "@/config";
import "@acme/db";
import "@acme/db/client";
import "@acme/plain";
import "#env";
import data from "../data.json";
import "./folder";
import "./written.js";
import "shared/base";
import "lodash";
`,
      "apps/api/tsconfig.json":
        '// comment\n{ "extends": ["@not/installed", "../../tsconfig.base.json"], "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["./src/*"], }, } }',
      "apps/api/package.json": '{ "name": "api", "imports": { "#env": { "default": "./src/env.ts" } } }',
      "tsconfig.base.json": '{ "compilerOptions": { "paths": { "shared/*": ["libs/shared/src/*"] } } }',
      "packages/db/package.json":
        '{ "name": "@acme/db", "exports": { ".": { "types": "./dist/index.d.ts", "import": "./dist/index.js" }, "./client": "./dist/client.mjs" } }',
      "packages/plain/package.json": '{ "name": "@acme/plain", "main": "lib/index.js" }',
      "package.json": '{ "workspaces": ["apps/*", "packages/*"] }',
      ...Object.fromEntries(
        [
          "apps/api/src/config.ts",
          "packages/db/src/index.ts",
          "packages/db/src/client.mts",
          "packages/plain/src/index.ts",
          "apps/api/src/env.ts",
          "apps/api/data.json",
          "apps/api/src/folder/index.tsx",
          "apps/api/src/written.ts",
          "libs/shared/src/base.ts",
        ].map((path) => [path, ""]),
      ),
    },
    "apps/api/src/main.ts",
  );
  expect(closure.imports.map((one) => [one.specifier, one.resolved[0] ?? one.miss?.kind])).toEqual([
    ["@/config", "apps/api/src/config.ts"],
    ["@acme/db", "packages/db/src/index.ts"],
    ["@acme/db/client", "packages/db/src/client.mts"],
    ["@acme/plain", "packages/plain/src/index.ts"],
    ["#env", "apps/api/src/env.ts"],
    ["../data.json", "apps/api/data.json"],
    ["./folder", "apps/api/src/folder/index.tsx"],
    ["./written.js", "apps/api/src/written.ts"],
    ["shared/base", "libs/shared/src/base.ts"],
    ["lodash", "external"],
  ]);
});

test("a miss is told from what a build may make", async () => {
  const closure = await closureOf({
    "src/main.js":
      'require("./montoring"); require("./generated/client"); require("./made"); require("../../outside"); require("node:fs"); require("./x?raw");',
    "src/monitoring/index.js": "",
    ".gitignore": "made*\n",
  });
  expect(closure.imports.map((one) => [one.specifier, one.miss?.kind, one.miss?.nearest ?? null])).toEqual([
    ["./montoring", "module", "./monitoring"],
    ["./generated/client", "unknown", null],
    ["./made", "unknown", null],
    ["../../outside", "unknown", null],
    ["node:fs", "external", null],
    ["./x?raw", "module", null],
  ]);
});

test("folders behind links are read where they lie, and those behind links out of the tree are unknown", async () => {
  const closure = await closureOf({
    "src/main.ts": `import { log } from "./common/log.js";
import { named } from "./common";
import { out } from "./out/x.js";
import { gone } from "./common/gone.js";
import { one } from "./one.js";
log(named, out, gone, one);
`,
    "src/common": { target: "../libs/common" },
    "src/out": { target: "../../elsewhere" },
    "src/one.ts": { target: "../libs/one.ts" },
    "libs/one.ts": "",
    "libs/common/index.ts": 'export * from "./log.js"; export const named = 1;',
    "libs/common/log.ts": "export const log = console.log;",
  });
  expect(closure.imports.map((one) => [one.specifier, one.resolved, one.miss?.kind])).toEqual([
    ["./common/log.js", ["libs/common/log.ts"], undefined],
    ["./common", ["libs/common/index.ts"], undefined],
    ["./out/x.js", [], "unknown"],
    ["./common/gone.js", [], "module"],
    ["./one.js", ["src/one.ts"], undefined],
    ["./log.js", ["libs/common/log.ts"], undefined],
  ]);
});

test("files that start-up reads are found by what their paths spell out", async () => {
  const closure = await closureOf({
    "app/src/main.mts": `import fs, { readFileSync as read } from "node:fs";
import { readFile } from "fs/promises";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { ROOT } from "./root.mjs";
import { own } from "./own.mjs";
const __dirname = path.dirname(fileURLToPath(import.meta.url));
let file = path.join(__dirname, "let.txt");
read(path.resolve(__dirname, "..", "join.txt"));
fs.readFileSync(\`\${import.meta.dirname}/template.txt\`);
fs.readdirSync(new URL("./folder", import.meta.url));
await readFile(__dirname + "/plus.txt").then(String);
await fs.promises.readFile(ROOT + "/root.txt");
JSON.parse(read("app/working.json", "utf8"));
new Worker(new URL("./job.mjs", import.meta.url));
own(path.join(__dirname, "own.txt"));
read(file);
read("/etc/absolute.txt");
read(path.join(__dirname, process.env.NAME ?? "own.txt"));
read(path.join(__dirname, "../../.."));
export const later = () => read(path.join(__dirname, "own.txt"));
`,
    "app/src/root.mjs": 'import { dirname } from "path"; export const ROOT = dirname(import.meta.dirname);',
    "app/src/own.mjs": "export const own = () => {};",
    "app/join.txt": "",
    "app/src/template.txt": "",
    "app/src/folder/one.txt": "",
    "app/src/plus.txt": "",
    "app/root.txt": "",
    "app/working.json": "",
    "app/src/job.mjs": "",
    "app/src/own.txt": "",
    "app/src/let.txt": "",
    "etc/absolute.txt": "",
  });
  expect(closure.dataFiles.map((one) => [one.path, one.directory, one.at.start.line])).toEqual([
    ["app/join.txt", false, 10],
    ["app/src/template.txt", false, 11],
    ["app/src/folder", true, 12],
    ["app/src/plus.txt", false, 13],
    ["app/root.txt", false, 14],
    ["app/working.json", false, 15],
    ["app/src/job.mjs", false, 16],
  ]);
});
