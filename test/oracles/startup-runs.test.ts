import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readRules } from "../../src/catalog/generated-files.ts";
import type { RuleExample } from "../../src/types/rule.ts";
import { runRule } from "../support/run-rule.ts";

/**
 * Examples of the rules, run for real: what a rule says will fail does fail, and what it calls fine runs. Only examples that need
 * nothing but Python or Node; frameworks are left out where they are not installed, and said to be.
 */
const rules = readRules(join(import.meta.dirname, "..", ".."));
const folder = mkdtempSync(join(tmpdir(), "predeploy-start-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const has = (command: string, args: readonly string[]): boolean => spawnSync(command, args).status === 0;
const python = has("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 10))"]);
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

/** Files that only the run needs. */
const extra: Record<string, Record<string, string>> = {
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
