import { describe, expect, test } from "vitest";
import { judgeFiles } from "./world.ts";

const head = `import express from "express";
import mongoose from "mongoose";
import { EventEmitter, once } from "node:events";

const app = express();
const bus = new EventEmitter();
async function aa() {}
const bb = async () => {};
function sa() {}
function sb() {}
function later() {
  return aa();
}
class Thing {
  part = new Part();
  async go() {
    await aa();
    await this.part.last();
  }
}
class Keeper {
  constructor() {
    this.ready = aa();
  }
  whenReady() {
    return this.ready;
  }
}
class Part {
  last = async () => {
    await bb();
  };
}
async function attempt(step) {
  try {
    await step();
  } catch (error) {
    console.error(error);
  }
}
async function held(promise) {
  try {
    await promise;
  } catch (error) {
    console.error(error);
  }
}
`;

/** As in Python's table; the entry's default is `aa` before `bb`. */
const rows: [title: string, body: string, expected: string, entry?: string][] = [
  ["in order", "await aa();\nawait bb();", ""],
  ["reversed", "await bb();\nawait aa();", "1 error reversed"],
  ["a floating promise is pending", "aa();\nawait bb();", "2 error racing"],
  ["kept and awaited before", "const p = aa();\nawait p;\nawait bb();", ""],
  ["kept and awaited after", "const p = aa();\nawait bb();\nawait p;", "2 error racing"],
  [
    "handed back as a promise",
    "const f = async () => {\n  const p = aa();\n  return p;\n};\nawait f();\nawait bb();",
    "",
  ],
  [
    "handed back to nobody",
    "const f = async () => {\n  const p = aa();\n  return p;\n};\nf();\nawait bb();",
    "6 error racing",
  ],
  ["repeated by a timer", "setInterval(() => aa(), 1000);\nawait bb();", ""],
  ["then", "aa().then(() => bb());", ""],
  ["then with a name", "aa().then(bb);", ""],
  ["await then", "await aa().then(() => console.log(1));\nawait bb();", ""],
  ["catch is a handler", "await aa().catch(() => {});\nawait bb();", ""],
  ["Promise.all members are unordered", "await Promise.all([aa(), bb()]);", "1 error racing"],
  ["Promise.all, then B", "await Promise.all([aa(), sa()]);\nawait bb();", ""],
  ["Promise.all of kept promises", "const p = aa();\nconst q = later();\nawait Promise.all([p, q]);\nawait bb();", ""],
  ["Promise.all over a list of promises", "const ps = [aa()];\nawait Promise.all(ps);\nawait bb();", ""],
  ["allSettled", "await Promise.allSettled([aa()]);\nawait bb();", ""],
  ["map over a table", "await Promise.all([aa].map((f) => f()));\nawait bb();", ""],
  ["forEach does not wait", "[aa].forEach(async (f) => {\n  await f();\n});\nawait bb();", "4 error racing"],
  ["for of over a table", "for (const f of [aa, bb]) {\n  await f();\n}", ""],
  ["for of over a table, reversed", "for (const f of [\n  bb,\n  aa,\n]) {\n  await f();\n}", "5 error reversed"],
  ["promises that were pushed", "const ps = [];\nps.push(aa());\nawait Promise.all(ps);\nawait bb();", ""],
  ["promises that were pushed and not awaited", "const ps = [];\nps.push(aa());\nawait bb();", "3 error racing"],
  ["promises in a map", 'const ps = new Map();\nps.set("a", aa());\nawait Promise.all(ps.values());\nawait bb();', ""],
  ["a promise in an object", "const ps = { a: aa() };\nawait ps.a;\nawait bb();", ""],
  ["a promise kept by an object and awaited", "const k = new Keeper();\nawait k.ready;\nawait bb();", ""],
  ["a promise kept by an object and given by it", "const k = new Keeper();\nawait k.whenReady();\nawait bb();", ""],
  ["a promise kept by an object", "const k = new Keeper();\nawait bb();", "2 error racing"],
  ["an event says that it is done", 'aa();\nawait once(bus, "up");\nawait bb();', ""],
  ["a promise around a listener", 'aa();\nawait new Promise((done) => bus.once("up", done));\nawait bb();', ""],
  [
    "a timer waits for nobody",
    "aa();\nawait new Promise((done) => setTimeout(done, 9));\nawait bb();",
    "3 error racing",
  ],
  ["for await over promises", "for await (const x of [aa()]) {\n  sa();\n}\nawait bb();", ""],
  ["a function that gives a promise", "await later();\nawait bb();", ""],
  ["a function that gives a promise, floating", "later();\nawait bb();", "2 error racing"],
  ["methods and fields", "await new Thing().go();", ""],
  ["a function that is handed on", "await attempt(aa);\nawait attempt(bb);", ""],
  ["an immediate function", "await (async () => {\n  await aa();\n})();\nawait bb();", ""],
  ["an immediate function that floats", "(async () => {\n  await aa();\n  await bb();\n})();", ""],
  [
    "the callback of listen comes later",
    "app.listen(1, async () => {\n  await aa();\n});",
    "1 error reversed",
    'before: call aa, after: "call *.listen"',
  ],
  [
    "listen in a callback of open",
    'mongoose.connect("x");\nmongoose.connection.once("open", () => app.listen(1));',
    "",
    'before: call mongoose.connect, after: "call *.listen"',
  ],
  [
    "connect is not awaited",
    'mongoose.connect("x");\napp.listen(1);',
    "2 error racing",
    'before: call mongoose.connect, after: "call *.listen"',
  ],
  [
    "connect is awaited",
    'await mongoose.connect("x");\napp.listen(1);',
    "",
    'before: call mongoose.connect, after: "call *.listen"',
  ],
  ["a timer is pending", "setTimeout(() => sa(), 10);\nsb();", "2 error racing", "before: call sa, after: call sb"],
  ["a listener is pending", 'bus.on("go", () => sa());\nsb();', "2 error racing", "before: call sa, after: call sb"],
  [
    "what ends the process runs never",
    'process.on("SIGTERM", () => sb());\nsa();',
    "",
    "before: call sa, after: call sb",
  ],
  [
    "a promise around a callback",
    "await new Promise((done) => {\n  sa();\n  done();\n});\nsb();",
    "",
    "before: call sa, after: call sb",
  ],
  [
    "optional chaining is a branch",
    "sa?.();\nsb();",
    "2 warning partial",
    "before: call sa, after: call sb, on: all-paths",
  ],
  [
    "logical and is a branch",
    "x && sa();\nsb();",
    "2 warning partial",
    "before: call sa, after: call sb, on: all-paths",
  ],
  [
    "a switch",
    "switch (x) {\n  case 1:\n    sa();\n    break;\n  default:\n    sa();\n}\nsb();",
    "",
    "before: call sa, after: call sb, on: all-paths",
  ],
  [
    "a switch without default",
    "switch (x) {\n  case 1:\n    sa();\n    break;\n}\nsb();",
    "6 warning partial",
    "before: call sa, after: call sb, on: all-paths",
  ],
  ["process.exit ends its branch", "if (x) {\n  await bb();\n  process.exit(1);\n}\nawait aa();", ""],
  ["assign", "app.ready = true;\nawait aa();", "1 error reversed", 'before: call aa, after: "assign app.ready=true"'],
  ["new", "await bb();\nnew Thing();", "1 error reversed", "before: new Thing, after: call bb"],
  ["awaited", "aa();", "1 error unawaited", "awaited: call aa"],
  ["awaited in a chain", "await aa().then(() => 1);", "", "awaited: call aa"],
  ["optional", "await aa();", "1 error unguarded", "optional: call aa"],
  ["optional with catch", "await aa().catch(console.error);", "", "optional: call aa"],
  ["optional with try", "try {\n  await aa();\n} catch {}", "", "optional: call aa"],
  [
    "optional, rethrown",
    "try {\n  await aa();\n} catch (error) {\n  throw error;\n}",
    "2 error unguarded",
    "optional: call aa",
  ],
  ["optional in allSettled", "await Promise.allSettled([aa()]);", "", "optional: call aa"],
  [
    "optional, a handler that may end well",
    "try {\n  await aa();\n} catch (error) {\n  if (error.soft) return;\n  throw error;\n}",
    "",
    "optional: call aa",
  ],
  [
    "optional, no try holds a promise that floats",
    "try {\n  aa();\n} catch {}",
    "2 error unguarded",
    "optional: call aa",
  ],
  ["optional, a promise handed to one who catches", "await held(aa());", "", "optional: call aa"],
  ["optional floating stops the process, too", "aa();", "1 error unguarded", "optional: call aa"],
];

const words: Record<string, string> = {
  reversed: "runs before",
  racing: "not waited for",
  partial: "on some paths",
  unawaited: "never waited for",
  unguarded: "can stop the start-up",
};

describe.each(["function", "top level"])("declared orders in JavaScript, root is a %s", (kind) => {
  test.each(rows)("%s", async (_, body, expected, entry = "before: call aa, after: call bb") => {
    const inFunction = kind === "function";
    const text = inFunction ? `${head}export async function root(x) {\n${body}\n}\n` : `${head}const x = 1;\n${body}\n`;
    const first = head.split("\n").length;
    const found = await judgeFiles({
      "predeploy.yml": `startup:\n  - { root: "${inFunction ? "boot.mjs:root" : "boot.mjs"}", ${entry} }\n`,
      "boot.mjs": text,
    });
    if (expected === "") {
      expect(found).toEqual([]);
      return;
    }
    expect(found).toHaveLength(1);
    const [line, level, verdict] = expected.split(" ");
    expect(found[0]).toContain(`boot.mjs:${first + Number(line)} ${level}`);
    expect(found[0]).toContain(words[verdict ?? ""] ?? "");
  });
});
