import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { componentsOf } from "../../../src/model/startup/components.ts";
import { judgeOrder } from "../../../src/model/startup/order.ts";
import { afterYield, seq, untilYield } from "../../../src/model/startup/terms.ts";
import type { FunctionKey, OrderQuestion, Site, Term, TermFunction } from "../../../src/types/startup.ts";

const place = { path: "a.py", start: 0, end: 1 };
let next = 0;
const site = (name: string, mode: Site["mode"] = "await"): Site => ({
  id: next++,
  place,
  form: "call",
  names: [name],
  mode,
});
const ev = (name: string, mode?: Site["mode"]): Term => ({ kind: "call", site: site(name, mode), target: null });
const call = (target: FunctionKey): Term => ({ kind: "call", site: site("call"), target });
const alt = (...branches: Term[]): Term => ({ kind: "alt", branches });
const loop = (body: Term): Term => ({ kind: "loop", body });
const par = (...members: Term[]): Term => ({ kind: "par", members });
const spawn = (body: Term, manner: "now" | "task" | "callback" | "queued", handle?: string): Term => ({
  kind: "spawn",
  body,
  manner,
  ...(handle ? { handle } : {}),
});
const join = (handle: string): Term => ({ kind: "join", handle });
const attempt = (body: Term, handler: Term, last: Term | null = null): Term => ({
  kind: "try",
  body,
  handlers: [{ body: handler, catches: true }],
  otherwise: null,
  finally: last,
});
const end = (kind: "return" | "throw" | "exit" | "break" | "continue" | "yield"): Term => ({ kind });

function judge(
  term: Term,
  question: OrderQuestion,
  more: { allPaths?: boolean; functions?: Record<string, Term>; succeeded?: number[]; zero?: number[] } = {},
) {
  const functions = new Map<FunctionKey, TermFunction>();
  for (const [key, body] of Object.entries({ root: term, ...more.functions }))
    functions.set(key, { key, label: key, place, term: body });
  const classes = {
    count: 3,
    classesOf: (at: Site) => ["A", "B", "C"].flatMap((name, index) => (at.names[0] === name ? [index] : [])),
    succeeded: more.succeeded ?? [],
    zeroIterations: more.zero ?? [],
  };
  return judgeOrder("root", functions, classes, [
    { index: 0, question, allPaths: more.allPaths ?? false },
  ]).findings.map((one) => `${one.verdict} ${one.level}`);
}

const A = () => ev("A");
const B = () => ev("B");
const order: OrderQuestion = { kind: "order", before: [0], after: 1 };

describe("A before B", () => {
  const rows: [string, Term, string[], string[]?][] = [
    ["ok", seq([A(), B()]), []],
    ["reversed", seq([B(), A()]), ["reversed error"]],
    ["racing: spawned", seq([spawn(A(), "now"), B()]), ["racing error"]],
    ["racing: members of par", par(A(), B()), ["racing error"]],
    ["joined", seq([spawn(A(), "task", "t"), join("t"), B()]), []],
    [
      "joined on one branch only",
      seq([spawn(A(), "task", "t"), alt(join("t"), seq([])), B()]),
      [],
      ["partial warning"],
    ],
    ["partial", seq([alt(A(), seq([])), B()]), [], ["partial warning"]],
    ["absent", B(), [], ["absent error"]],
    ["absent on this path", alt(A(), B()), [], ["absent warning"]],
    ["a branch that returns is no path to B", seq([alt(A(), end("return")), B()]), [], []],
    ["dead code does not count", seq([B(), end("return"), A()]), [], ["absent error"]],
    ["what follows a throw does not count", seq([alt(seq([B(), end("throw")]), seq([])), A()]), [], ["absent warning"]],
    ["what follows an exit does not count", seq([alt(seq([B(), end("exit")]), seq([])), A()]), [], ["absent warning"]],
    ["break leads behind the loop", seq([loop(alt(seq([B(), end("break")]), seq([]))), A()]), ["reversed error"]],
    ["the round before may have done it", loop(seq([B(), A()])), [], ["partial warning"]],
    ["a handler starts with the state before the body", attempt(A(), B()), [], ["partial warning"]],
    ["finally comes later", attempt(B(), seq([]), A()), ["reversed error"]],
    ["a handler is no later", attempt(B(), A()), [], ["absent warning"]],
    ["a callback may come at any time", seq([spawn(B(), "callback"), A()]), [], ["absent warning"]],
    ["a task starts when something is awaited", seq([spawn(B(), "task"), A()]), ["reversed error"]],
    ["a task may start after what is not awaited", seq([spawn(B(), "task"), ev("A", "sync")]), [], ["absent warning"]],
    ["what is queued runs at its join", seq([spawn(A(), "queued"), { kind: "join-queue" }, B()]), []],
    ["before the join it has not run", seq([spawn(A(), "queued"), B()]), ["racing error"]],
    [
      "after everything pending",
      seq([spawn(A(), "now"), { kind: "spawn", body: B(), manner: "callback", afterPending: true }]),
      [],
    ],
    ["B that runs A first", { kind: "call", site: site("B"), target: "f" }, []],
    ["through a function", seq([call("g"), call("f")]), ["reversed error"]],
    [
      "an unresolved call could have run it",
      seq([{ kind: "maybe", site: site("x"), targets: ["f"] }, B(), A()]),
      ["unknown warning"],
    ],
  ];
  test.each(rows)("%s", (_, term, expected, onAllPaths) => {
    const functions = { f: A(), g: B() };
    expect(judge(term, order, { functions })).toEqual(expected);
    if (onAllPaths) expect(judge(term, order, { functions, allPaths: true })).toEqual(onAllPaths);
  });

  test("an attempt counts as done, unless success is asked for", () => {
    const term = seq([attempt(A(), seq([])), B()]);
    expect(judge(term, order, { allPaths: true })).toEqual([]);
    expect(judge(term, order, { allPaths: true, succeeded: [0] })).toEqual(["partial warning"]);
  });

  test("loops run once or more, unless zero is asked for", () => {
    const term = seq([loop(A()), B()]);
    expect(judge(term, order, { allPaths: true })).toEqual([]);
    expect(judge(term, order, { allPaths: true, zero: [0] })).toEqual(["partial warning"]);
  });

  test("recursion ends and adds nothing that is not there", () => {
    const functions = { f: seq([alt(call("g"), seq([])), B()]), g: seq([alt(call("f"), seq([])), A()]) };
    expect(judge(call("f"), order, { functions })).toEqual([]);
    expect(
      judge(seq([call("f"), call("g")]), order, { functions: { f: seq([B(), alt(call("f"), seq([]))]), g: A() } }),
    ).toEqual(["reversed error"]);
  });
});

describe("other questions", () => {
  test.each<[string, Term, OrderQuestion, string[]]>([
    ["last: after it on every path", seq([A(), B()]), { kind: "last", last: 0, among: 1 }, ["reversed error"]],
    [
      "last: after it on some path",
      seq([alt(A(), seq([])), B()]),
      { kind: "last", last: 0, among: 1 },
      ["partial warning"],
    ],
    ["last: in order", seq([B(), A()]), { kind: "last", last: 0, among: 1 }, []],
    ["last: beside it", par(A(), B()), { kind: "last", last: 0, among: 1 }, ["racing error"]],
    ["once: twice", seq([A(), A()]), { kind: "once", event: 0 }, ["repeated error"]],
    ["once: one of two", alt(A(), A()), { kind: "once", event: 0 }, []],
    ["once: after either of two", seq([alt(A(), A()), A()]), { kind: "once", event: 0 }, ["repeated error"]],
    ["once: after one of two", seq([alt(A(), seq([])), A()]), { kind: "once", event: 0 }, []],
    ["awaited: lost", { kind: "lost", site: site("A", "float") }, { kind: "awaited", event: 0 }, ["unawaited error"]],
    ["awaited: spawned", spawn(A(), "task"), { kind: "awaited", event: 0 }, ["unawaited error"]],
    ["awaited: joined", seq([spawn(A(), "task", "t"), join("t")]), { kind: "awaited", event: 0 }, []],
    ["exists", B(), { kind: "exists", event: 0 }, ["absent error"]],
    ["exists in a handler", attempt(B(), A()), { kind: "exists", event: 0 }, []],
    ["optional: no handler", A(), { kind: "optional", event: 0 }, ["unguarded error"]],
    ["optional: handler", attempt(A(), seq([])), { kind: "optional", event: 0 }, []],
    ["optional: guarded par", { kind: "par", members: [A()], guarded: true }, { kind: "optional", event: 0 }, []],
    [
      "optional: joined outside a handler",
      seq([spawn(A(), "task", "t"), join("t")]),
      { kind: "optional", event: 0 },
      ["unguarded error"],
    ],
    [
      "optional: joined inside a handler",
      seq([spawn(A(), "task", "t"), attempt(join("t"), seq([]))]),
      { kind: "optional", event: 0 },
      [],
    ],
  ])("%s", (_, term, question, expected) => {
    expect(judge(term, question)).toEqual(expected);
  });
});

test("a lifespan starts up to its yield and leaves after it", () => {
  const term = attempt(seq([A(), end("yield"), B()]), seq([]), ev("C"));
  const kinds = (at: Term): string[] =>
    at.kind === "seq"
      ? at.items.flatMap(kinds)
      : at.kind === "try"
        ? kinds(at.body)
        : at.kind === "call"
          ? [at.site.names[0] ?? ""]
          : [at.kind];
  expect(kinds(untilYield(term))).toEqual(["A", "return"]);
  expect(kinds(afterYield(term))).toEqual(["B"]);
});

test("components come callees first, each function once", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 30 }), (pairs) => {
      const edges = (from: number): number[] => pairs.filter((pair) => pair[0] === from).map((pair) => pair[1]);
      const found = componentsOf([0], edges);
      const flat = found.flat();
      expect(new Set(flat).size).toBe(flat.length);
      const position = new Map(found.flatMap((component, index) => component.map((key) => [key, index] as const)));
      for (const key of flat)
        for (const to of edges(key)) expect(position.get(to)).toBeLessThanOrEqual(position.get(key) as number);
    }),
  );
});

test("any term is judged without a crash, whatever its shape", () => {
  const leaf = fc.constantFrom<() => Term>(
    A,
    B,
    () => end("return"),
    () => end("throw"),
    () => end("break"),
    () => join("t"),
    () => call("f"),
    () => ({ kind: "join-queue" }),
  );
  const { term } = fc.letrec<{ term: Term }>((tie) => ({
    term: fc.oneof(
      { depthSize: "small" },
      leaf.map((make) => make()),
      fc.array(tie("term"), { maxLength: 4 }).map((items): Term => ({ kind: "seq", items })),
      fc.array(tie("term"), { maxLength: 3 }).map((branches): Term => ({ kind: "alt", branches })),
      fc.array(tie("term"), { maxLength: 3 }).map((members): Term => ({ kind: "par", members })),
      tie("term").map(loop),
      tie("term").map((body) => spawn(body, "task", "t")),
      fc.tuple(tie("term"), tie("term")).map(([body, handler]) => attempt(body, handler)),
    ),
  }));
  fc.assert(
    fc.property(term, term, (root, other) => {
      const found = judge(root, order, { functions: { f: other } });
      expect(found.every((one) => /^(?:reversed|racing|unknown) /.test(one))).toBe(true);
    }),
  );
});
