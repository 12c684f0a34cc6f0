import fc from "fast-check";
import { expect, test } from "vitest";
import { lostModulesPicture, startOrderPicture } from "../../src/reports/picture.ts";
import type { RunOrder, RunPlace } from "../../src/types/finding.ts";
import { at, finding } from "./fixture.ts";
import { hostileText } from "./many.ts";

const lost = (subject: string, importer = "app/main.py", line = 3) =>
  finding({
    subject,
    at: at(".dockerignore", line, 1, 5),
    related: [
      { ...at(importer, 1, 1, 5), message: "imports it" },
      { ...at("Dockerfile", 4, 1, 5), message: "starts app" },
    ],
  });

test("the modules that an image lacks, who imports them, and the lines that leave them out", () => {
  expect(lostModulesPicture([lost("app/a.py"), lost("app/b.py"), lost("app/c.py", "app/a.py", 7)])).toBe(
    [
      "flowchart LR",
      '  n0["Dockerfile"]',
      '  n1["app/main.py"]',
      '  n2["app/a.py"]:::lost',
      '  n3([".dockerignore:3"])',
      '  n4["app/b.py"]:::lost',
      '  n5["app/c.py"]:::lost',
      '  n6([".dockerignore:7"])',
      "  n0 -. leads to .-> n1",
      "  n1 --> n2",
      "  n3 -. leaves out .-> n2",
      "  n1 --> n4",
      "  n3 -. leaves out .-> n4",
      "  n2 --> n5",
      "  n6 -. leaves out .-> n5",
      "  classDef lost stroke:#b3261e,stroke-width:2px,stroke-dasharray:4",
    ].join("\n"),
  );
});

test("of many, those are drawn that start-up comes to first, and the rest is counted", () => {
  const later = Array.from({ length: 40 }, (_none, index) => lost(`app/a/deep${index}.py`, `app/a/lost${index}.py`));
  const behind = Array.from({ length: 40 }, (_none, index) => lost(`app/a/lost${index}.py`, "app/a/__init__.py"));
  const picture = lostModulesPicture([...later, ...behind, lost("app/a/__init__.py"), lost("app/b.py")]) ?? "";
  for (const shown of ["app/a/__init__.py", "app/b.py", "app/a/lost0.py", 'rest["and 71 more modules"]'])
    expect(picture).toContain(shown);
  expect(picture).not.toContain("deep");
  // Modules that import each other, and whose way from the start is not among the findings.
  expect(lostModulesPicture([lost("a", "b"), lost("b", "c"), lost("c", "a")])).toBeNull();
});

test("of many, each line that leaves some out is drawn", () => {
  const most = Array.from({ length: 40 }, (_none, index) => lost(`m${index}`, `i${index}`));
  const picture = lostModulesPicture([...most, lost("n", "i0", 4), lost("o", "i0", 5)]) ?? "";
  for (const line of [3, 4, 5]) expect(picture).toContain(`[".dockerignore:${line}"]`);
});

test("no picture of one or two, and never more edges than can be read", () => {
  expect(lostModulesPicture([lost("a"), lost("b")])).toBeNull();
  const many = lostModulesPicture(Array.from({ length: 500 }, (_none, index) => lost(`m${index}`, `i${index}`))) ?? "";
  expect(many.split("\n").filter((line) => line.includes("->")).length).toBeLessThanOrEqual(24);
});

const place = (name: string, line: number, ...chain: string[]): RunPlace => ({
  name,
  at: at("app/start.py", line, 5, 9),
  chain: chain.map((step, index) => ({ name: step, at: at("app/main.py", index + 1, 1, 5) })),
});
const ordered = (first: RunPlace, second: RunPlace, how: RunOrder["how"] = "before", root = "app.main:app") =>
  finding({ rule: "startup-order/declared-order", order: { root, first, second, how } });

test("the two places of a wrong order, the calls that lead to them, and which is reached first", () => {
  const findings = [
    ordered(place("ping", 9, "main.boot", "start.services"), place("connect", 12, "main.boot", "start.services")),
    ordered(place("warm", 20, "main.boot"), place("ping", 9, "main.boot", "start.services"), "beside"),
    finding(),
  ];
  expect(startOrderPicture(findings)).toBe(
    [
      "flowchart TB",
      '  n0(["app.main:app"])',
      '  n1["main.boot<br>app/main.py:1"]',
      '  n2["start.services<br>app/main.py:2"]',
      '  n3["ping<br>app/start.py:9"]',
      '  n4["connect<br>app/start.py:12"]',
      '  n5["warm<br>app/start.py:20"]',
      "  n0 --> n1",
      "  n1 --> n2",
      "  n2 --> n3",
      "  n2 --> n4",
      "  n3 -. runs before .-> n4",
      "  n1 --> n5",
      "  n5 -. still runs beside .-> n3",
      "  classDef wrong stroke:#b3261e,stroke-width:2px",
      "  class n3,n4,n5 wrong",
    ].join("\n"),
  );
});

test("a long chain is cut in the middle, and two that are cut stay apart", () => {
  const long = (name: string, path: string): RunPlace => ({
    ...place(name, 1),
    chain: Array.from({ length: 20 }, (_none, index) => ({ name: `step${index}`, at: at(path, index + 1, 1, 2) })),
  });
  const picture = startOrderPicture([ordered(long("a", "one.py"), long("b", "two.py"))]) ?? "";
  expect(picture.match(/\["\.\.\."\]/g)).toHaveLength(2);
  for (const shown of ["step0<br>one.py:1", "step19<br>two.py:20"]) expect(picture).toContain(shown);
  expect(picture).not.toContain("step9");
});

test("no picture of two places of one function, nor of findings without an order", () => {
  expect(startOrderPicture([ordered(place("a", 1), place("b", 2))])).toBeNull();
  expect(startOrderPicture([finding()])).toBeNull();
});

test("never more edges of a start-up than can be read", () => {
  const many = Array.from({ length: 500 }, (_none, index) =>
    ordered(
      place(`a${index}`, index + 1, `f${index}`),
      place(`b${index}`, index + 900, `f${index}`),
      "again",
      `${index}`,
    ),
  );
  const picture = startOrderPicture(many) ?? "";
  const edges = picture.split("\n").filter((line) => line.includes("->"));
  expect(edges.length).toBeGreaterThan(10);
  expect(edges.length).toBeLessThanOrEqual(24);
  expect(picture.length).toBeLessThan(10_000);
});

test("no name of the code means anything to mermaid or ends the fence", () => {
  fc.assert(
    fc.property(hostileText, hostileText, fc.array(hostileText, { maxLength: 9 }), (name, path, chain) => {
      const here = (line: number): RunPlace => ({ ...place(name, line, ...chain), at: at(path, line, 1, 2) });
      const picture = startOrderPicture([ordered(here(1), here(2), "before", name), ordered(here(1), here(3))]);
      for (const line of picture?.split("\n") ?? [])
        expect(line).toMatch(
          /^(?:flowchart TB| {2}rest\["and [\d,]+ more \w+"\]:::rest| {2}n\d+(?:\["[\w./:@?= -]+(?:<br>[\w./:@?= -]+)?"\]|\(\["[\w./:@?= -]+"\]\))| {2}n\d+ -(?:->|\. runs before \.->) n\d+| {2}class(?:Def)? .*)$/,
        );
      expect((picture ?? "").length).toBeLessThan(10_000);
    }),
  );
});

test("no text of the repository means anything to mermaid or ends the fence", () => {
  fc.assert(
    fc.property(hostileText, hostileText, (subject, importer) => {
      const picture = lostModulesPicture([lost(subject, importer), lost(`${subject}1`, importer), lost("x", subject)]);
      for (const line of picture?.split("\n") ?? [])
        expect(line).toMatch(
          /^(?:flowchart LR| {2}rest\["and [\d,]+ more \w+"\]:::rest| {2}n\d+(?:\["[\w./:@?= -]+"\](?::::lost)?|\(\["[\w./:@?= -]+"\]\))| {2}n\d+ -(?:->|\. (?:leaves out|leads to) \.->) n\d+| {2}classDef .*)$/,
        );
    }),
  );
});
