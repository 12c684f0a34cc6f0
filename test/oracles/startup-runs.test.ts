import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readRules } from "../../src/catalog/generated-files.ts";
import type { RuleExample } from "../../src/types/rule.ts";
import { runRule } from "../support/run-rule.ts";

/**
 * Examples of the rules, run for real: what a rule says will fail does fail, and what it calls fine runs. Python packages are used where
 * they are installed: proofs that need one are skipped elsewhere and said to be. Where only the moment of loading counts, stand-ins take
 * the place of packages.
 */
const rules = readRules(join(import.meta.dirname, "..", ".."));
const folder = mkdtempSync(join(tmpdir(), "predeploy-start-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const has = (command: string, args: readonly string[]): boolean => spawnSync(command, args).status === 0;
const python = has("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 10))"]);
/** Express, Fastify, Koa and Nest are dependencies of these tests alone. */
const modules = join(import.meta.dirname, "..", "..", "node_modules");
/** Stand-ins need a Node that lets imports be redirected. */
const redirects = "registerHooks" in nodeModule;
/** A Node that runs TypeScript by leaving the types out. */
const runsTypescript =
  "features" in process && "typescript" in process.features && process.features.typescript !== false;
const withPython = (module: string): boolean => python && has("python3", ["-c", `import ${module}`]);

interface Proof {
  rule: string;
  /** Title of the example; of the rule's YAML. */
  example: string;
  command: readonly string[];
  needs?: boolean;
  /** What its output holds. */
  shows: RegExp;
  fails: boolean;
}

const proofs: Proof[] = [
  {
    rule: "migration-after-server",
    example: "behind exec, behind a server, and beside one",
    command: ["sh", "-c", "chmod +x bin/* *.sh && PATH=$PWD/bin:$PATH ./exec.sh"],
    shows: /^serves\n$/,
    fails: false,
  },
  {
    rule: "migration-after-server",
    example: "before it, on a condition, and where the first is no server or goes on in the background by itself",
    command: ["sh", "-c", "chmod +x bin/* *.sh && PATH=$PWD/bin:$PATH ./api.sh"],
    shows: /^migrates\nserves\n$/,
    fails: false,
  },
  {
    rule: "unawaited-call",
    example: "the access check never runs",
    command: ["python3", "service.py"],
    shows: /secret[\s\S]*never awaited|never awaited[\s\S]*secret/,
    fails: false,
  },
  {
    rule: "unawaited-call",
    example: "a decorator may have made it synchronous",
    command: ["python3", "-W", "error", "service.py"],
    shows: /^$/,
    fails: false,
  },
  {
    rule: "unawaited-value",
    example: "the payload is a coroutine",
    command: ["python3", "service.py"],
    shows: /'coroutine' object has no attribute 'get'/,
    fails: true,
  },
  {
    rule: "await-of-sync",
    example: "the function returns nothing",
    command: ["python3", "service.py"],
    shows: /can't be used in 'await' expression/,
    fails: true,
  },
  {
    rule: "property-called",
    example: "parentheses were left behind",
    command: ["python3", "service.py"],
    shows: /'str' object is not callable/,
    fails: true,
  },
  {
    rule: "property-called",
    example: "a property that gives a function, one without a type, and a real method",
    command: ["python3", "service.py"],
    shows: /sqlite/,
    fails: false,
  },
  {
    rule: "captured-singleton",
    example: "the pool is None for ever",
    command: ["python3", "service.py"],
    shows: /'NoneType' object has no attribute 'acquire'/,
    fails: true,
  },
  {
    rule: "unresolved-import",
    example: "a name that its module no longer binds",
    command: ["python3", "main.py"],
    shows: /ImportError: cannot import name 'load_settings'/,
    fails: true,
  },
  {
    rule: "module-does-not-compile",
    example: "a conflict marker that a merge left",
    command: ["python3", "main.py"],
    shows: /SyntaxError/,
    fails: true,
  },
  {
    rule: "module-does-not-compile",
    example: "await in a plain function, which ast.parse lets pass",
    command: ["python3", "main.py"],
    shows: /SyntaxError: 'await' outside async function/,
    fails: true,
  },
  {
    rule: "module-does-not-compile",
    example: "await in a lambda and async for in a plain function, whatever stands around them",
    command: ["python3", "main.py"],
    shows: /SyntaxError: (?:'await' outside async function|asynchronous comprehension outside)/,
    fails: true,
  },
  {
    rule: "module-does-not-compile",
    example: "a script with a conflict marker, and one that quotes markers in a template",
    command: ["node", "main.mjs"],
    shows: /limit\.mjs[\s\S]*SyntaxError/,
    fails: true,
  },
  {
    rule: "circular-import",
    example: "a package that imports back from the module that is importing it",
    command: ["python3", "main.py"],
    shows: /ImportError: cannot import name 'Invoice' from partially initialized module/,
    fails: true,
  },
  {
    rule: "circular-import",
    example: "cycles that work",
    command: ["python3", "-c", "import pkg.main"],
    shows: /^(?![\s\S]*Error)/,
    fails: false,
  },
  {
    rule: "ready-before-init",
    example: "the cache is warmed after the flag",
    command: ["python3", "proof.py"],
    shows: /ready while the cache is cold: True/,
    fails: false,
  },
  {
    rule: "ready-before-init",
    example: "the flag is last; it is lowered in a handler",
    command: ["python3", "proof.py"],
    shows: /ready while the cache is cold: False/,
    fails: false,
  },
  {
    rule: "environment-before-dotenv",
    example: "imports of an ES module run before its first line",
    command: ["node", "--import", "./proof.mjs", "server.mjs"],
    needs: redirects,
    shows: /^undefined/,
    fails: false,
  },
  {
    rule: "environment-before-dotenv",
    example: "the loading import is first",
    command: ["node", "--import", "./proof.mjs", "server.mjs"],
    needs: redirects,
    shows: /^https:\/\/a/,
    fails: false,
  },
  {
    rule: "instrument-after-import",
    example: "init stands below the imports",
    command: ["node", "--import", "./proof.mjs", "server.mjs"],
    needs: redirects,
    shows: /express is loaded[\s\S]*instruments/,
    fails: false,
  },
  {
    rule: "instrument-after-import",
    example: "the instrumentation is the first import",
    command: ["node", "--import", "./proof.mjs", "server.mjs"],
    needs: redirects,
    shows: /instruments[\s\S]*express is loaded/,
    fails: false,
  },
  {
    rule: "register-after-start",
    example: "a Fastify route is added after listen, in another file",
    command: ["node", "server.mjs"],
    shows: /FST_ERR_INSTANCE_ALREADY_LISTENING/,
    fails: true,
  },
  {
    rule: "routes-after-listen",
    example: "one route came to stand below listen",
    command: ["node", "proof.cjs"],
    shows: /^when it listens: \/$/m,
    fails: false,
  },
  {
    rule: "routes-after-listen",
    example: "a route waits for the store while the server listens already",
    command: ["node", "proof.cjs"],
    shows: /^at once 404, later 200$/m,
    fails: false,
  },
  {
    rule: "register-after-start",
    example: "Nest gets its global pipe after it listens",
    command: ["node", "--import", "./proof.mjs", "main.ts"],
    needs: runsTypescript,
    shows: /^the handler gets a string$/m,
    fails: false,
  },
  {
    rule: "register-after-start",
    example: "Nest gets its global pipe before it listens",
    command: ["node", "--import", "./proof.mjs", "main.ts"],
    needs: runsTypescript,
    shows: /^the handler gets a number$/m,
    fails: false,
  },
  {
    rule: "error-handler-before-routes",
    example: "the handler was registered with the other middlewares",
    command: ["node", "proof.cjs"],
    shows: /^500 (?!sorry)/m,
    fails: false,
  },
  {
    rule: "middleware-order",
    example: "Koa routes come before the middleware that catches",
    command: ["node", "proof.cjs"],
    shows: /Error: no/,
    fails: false,
  },
  {
    rule: "middleware-order",
    example: "Koa catches first",
    command: ["node", "proof.cjs"],
    shows: /^(?![\s\S]*Error: no)/,
    fails: false,
  },
  {
    rule: "listen-before-connect",
    example: "nobody awaits the connection",
    command: ["node", "proof.mjs"],
    shows: /listening[\s\S]*connected/,
    fails: false,
  },
  {
    rule: "circular-import",
    example: "an ES module extends a class that waits for it",
    command: ["node", "base.mjs"],
    shows: /ReferenceError: Cannot access 'Base' before initialization/,
    fails: true,
  },
  {
    rule: "circular-import",
    example: "ES modules in a circle that use each other late",
    command: ["node", "base.mjs"],
    shows: /6/,
    fails: false,
  },
  {
    rule: "declared-order",
    example: "an optional store can stop the start-up",
    command: ["python3", "-c", "import asyncio, boot; asyncio.run(boot.boot())"],
    shows: /ConnectionError: down/,
    fails: true,
  },
  {
    rule: "declared-order",
    example: "the optional store's failure is caught on the way",
    command: ["python3", "-c", "import asyncio, boot; asyncio.run(boot.boot())"],
    shows: /^$/,
    fails: false,
  },
  {
    rule: "environment-before-dotenv",
    example: "settings are imported two lines before load_dotenv",
    command: ["python3", "service.py"],
    needs: withPython("dotenv"),
    shows: /KeyError: 'TOKEN_URL'/,
    fails: true,
  },
  {
    rule: "register-after-start",
    example: "a middleware is added in the lifespan",
    command: [
      "python3",
      "-c",
      "from fastapi.testclient import TestClient; import service\nwith TestClient(service.app): pass",
    ],
    needs: withPython("fastapi.testclient"),
    shows: /Cannot add middleware after an application has started/,
    fails: true,
  },
  {
    rule: "middleware-order",
    example: "the session comes after the one who reads it",
    command: [
      "python3",
      "-c",
      "from fastapi.testclient import TestClient; import service\nTestClient(service.app).get('/')",
    ],
    needs: withPython("fastapi.testclient, itsdangerous"),
    shows: /SessionMiddleware must be installed/,
    fails: true,
  },
  {
    rule: "middleware-order",
    example: "last added runs first",
    command: [
      "python3",
      "-c",
      "from fastapi.testclient import TestClient; import service\nprint(TestClient(service.app).get('/').status_code)",
    ],
    needs: withPython("fastapi.testclient, itsdangerous"),
    shows: /404/,
    fails: false,
  },
];

/** Calls the lifespan as a server does and looks at the flag from inside the preparation. */
const readiness = `import asyncio, sys, types
fastapi = types.ModuleType("fastapi")
fastapi.FastAPI = lambda **_: None
sys.modules["fastapi"] = fastapi
import service

async def warm_cache(app):
    print("ready while the cache is cold:", getattr(app.state, "ready", False))

service.warm_cache = warm_cache
async def main():
    async with service.lifespan(types.SimpleNamespace(state=types.SimpleNamespace())):
        pass

asyncio.run(main())
`;

/** Stands in for packages that are not installed, by modules that say when they are evaluated; the .env file is read by Node itself. */
const standIns = `import { registerHooks } from "node:module";
const code = {
  dotenv: "export default { config: () => process.loadEnvFile() };",
  "dotenv/config": "process.loadEnvFile();",
  "@sentry/node": "export const init = () => console.log('instruments');",
  express: "console.log('express is loaded'); export default () => ({ listen() {}, get() {}, use() {} });",
};
registerHooks({
  resolve: (name, context, next) =>
    name in code ? { url: "data:text/javascript," + encodeURIComponent(code[name]), shortCircuit: true } : next(name, context),
});
`;

/** Takes a free port, asks the server for its routes or a page, and ends. */
const asked = (path: string, before = "") => `const http = require("node:http");
${before}
const listen = http.Server.prototype.listen;
http.Server.prototype.listen = function () {
  const app = this.listeners("request")[0];
  if (app.router) console.log("when it listens: " + app.router.stack.flatMap((one) => (one.route ? [one.route.path] : [])).join(" "));
  return listen.call(this, 0, async () => {
    const answer = await fetch("http://127.0.0.1:" + this.address().port + "${path}");
    console.log(answer.status + " " + (await answer.text()).slice(0, 200));
    this.close();
    this.closeAllConnections();
  });
};
require("./server.js");
`;

/** Takes a free port and asks for a page as soon as the server listens, and again when everything is there. */
const askedTwice = (path: string) => `const http = require("node:http");
const listen = http.Server.prototype.listen;
http.Server.prototype.listen = function () {
  return listen.call(this, 0, async () => {
    const ask = async () => (await fetch("http://127.0.0.1:" + this.address().port + "${path}")).status;
    const first = await ask();
    await new Promise((done) => setTimeout(done, 800));
    console.log("at once " + first + ", later " + (await ask()));
    process.exit();
  });
};
require("./server.js");
`;

/** A controller that tells what its parameter is; decorators are called, for Node strips types and no more. */
const nest = {
  "app.module.ts": `import "reflect-metadata";
import { Controller, Get, Module, Param } from "@nestjs/common";

class Numbers {
  show(id) {
    return typeof id;
  }
}
Param("id")(Numbers.prototype, "show", 0);
Get(":id")(Numbers.prototype, "show", Object.getOwnPropertyDescriptor(Numbers.prototype, "show"));
Controller()(Numbers);
export class AppModule {}
Module({ controllers: [Numbers] })(AppModule);
`,
  "proof.mjs": `import http from "node:http";
const listen = http.Server.prototype.listen;
http.Server.prototype.listen = function (_port, ...rest) {
  this.once("listening", () =>
    setTimeout(async () => {
      const answer = await fetch("http://127.0.0.1:" + this.address().port + "/7");
      console.log("\\nthe handler gets a " + (await answer.text()));
      process.exit();
    }, 300),
  );
  return listen.call(this, 0, ...rest);
};
`,
};

/** Files that only the run needs. */
/** Commands of a start script that only say what they are. */
const commands = {
  "bin/gunicorn": "#!/bin/sh\necho serves\n",
  "bin/node": "#!/bin/sh\n",
  "bin/python": "#!/bin/sh\necho migrates\n",
  "wait-for-db.sh": "#!/bin/sh\n",
};

const extra: Record<string, Record<string, string>> = {
  "behind exec, behind a server, and beside one": commands,
  "before it, on a condition, and where the first is no server or goes on in the background by itself": commands,
  "the cache is warmed after the flag": { "proof.py": readiness },
  "the flag is last; it is lowered in a handler": { "proof.py": readiness },
  "imports of an ES module run before its first line": { "proof.mjs": standIns },
  "the loading import is first": { "proof.mjs": standIns },
  "init stands below the imports": { "proof.mjs": standIns },
  "the instrumentation is the first import": { "proof.mjs": standIns },
  "one route came to stand below listen": { "proof.cjs": asked("/") },
  "a route waits for the store while the server listens already": { "proof.cjs": askedTwice("/orders") },
  "Nest gets its global pipe after it listens": nest,
  "Nest gets its global pipe before it listens": nest,
  "the handler was registered with the other middlewares": {
    "proof.cjs": asked(
      "/users/",
      `const { response } = require("express");
const { send } = response;
response.send = function (body) {
  if (body === "u") throw new Error("boom");
  return send.call(this, body);
};`,
    ),
  },
  "Koa routes come before the middleware that catches": { "proof.cjs": asked("/") },
  "Koa catches first": { "proof.cjs": asked("/") },
  "nobody awaits the connection": {
    "proof.mjs": `import http from "node:http";
import { syncBuiltinESMExports } from "node:module";
const create = http.createServer;
http.createServer = (...args) => {
  const server = create(...args);
  server.on("listening", () => console.log("listening"));
  setTimeout(() => server.close(), 60);
  return server;
};
syncBuiltinESMExports();
const store = await import("./store.mjs");
await import("./server.mjs");
await store.connectStore();
console.log("connected");
`,
  },
};

describe("what the rules say of a start is what happens", () => {
  for (const proof of proofs) {
    const missing = proof.needs === false || (proof.command[0] === "python3" && !python);
    const title = `${proof.rule}: ${proof.example}${missing ? " (not run: its interpreter or package is not installed)" : ""}`;
    test.skipIf(missing)(title, async () => {
      const rule = rules.find((one) => one.id === `startup-order/${proof.rule}`);
      const example = rule?.examples.find((one) => one.title === proof.example) as RuleExample;
      expect(example, "the example is gone").toBeDefined();
      const directory = mkdtempSync(join(folder, "run-"));
      for (const [path, text] of Object.entries({ ...example.files, ...extra[proof.example] })) {
        mkdirSync(dirname(join(directory, path)), { recursive: true });
        writeFileSync(join(directory, path), text);
      }
      symlinkSync(modules, join(directory, "node_modules"));
      const command = proof.command[0] === "node" ? process.execPath : (proof.command[0] as string);
      const run = spawnSync(command, proof.command.slice(1), {
        cwd: directory,
        encoding: "utf8",
        timeout: 30_000,
        env: { PATH: process.env["PATH"] ?? "", PYTHONDONTWRITEBYTECODE: "1" },
      });
      expect(`${run.stdout}${run.stderr}`).toMatch(proof.shows);
      expect(run.status === 0).toBe(!proof.fails);
      if (rule) {
        const { findings } = await runRule(rule, example);
        expect(findings.length > 0).toBe(example.findings.length > 0);
      }
    });
  }
});

/** What these say is about files of a deploy, not about a program that Python or Node could run. */
const declarative =
  /^startup-order\/(?:compose|kubernetes|workflow|procfile)-|^startup-order\/declared-entry-unmatched$/;

test("every rule about code is proved by a run that needs nothing which may be missing", () => {
  const proved = new Set(proofs.filter((one) => one.needs === undefined || one.needs).map((one) => one.rule));
  const unproved = rules
    .map((one) => one.id)
    .filter((id) => id.startsWith("startup-order/") && !declarative.test(id))
    .filter((id) => !proved.has(id.slice("startup-order/".length)));
  expect(unproved).toEqual([]);
});
