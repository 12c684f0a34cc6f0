import fc from "fast-check";
import { expect, test } from "vitest";
import { lostModulesPicture } from "../../src/reports/picture.ts";
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

test("no picture of one or two, and never more edges than can be read", () => {
  expect(lostModulesPicture([lost("a"), lost("b")])).toBeNull();
  const many = lostModulesPicture(Array.from({ length: 500 }, (_none, index) => lost(`m${index}`, `i${index}`))) ?? "";
  expect(many.split("\n").filter((line) => line.includes("->")).length).toBeLessThanOrEqual(24);
});

test("no text of the repository means anything to mermaid or ends the fence", () => {
  fc.assert(
    fc.property(hostileText, hostileText, (subject, importer) => {
      const picture = lostModulesPicture([lost(subject, importer), lost(`${subject}1`, importer), lost("x", subject)]);
      for (const line of picture?.split("\n") ?? [])
        expect(line).toMatch(
          /^(?:flowchart LR| {2}n\d+(?:\["[\w./:@?-]*"\](?::::lost)?|\(\["[\w./:@?-]*"\]\))| {2}n\d+ -(?:->|\. (?:leaves out|leads to) \.->) n\d+| {2}classDef .*)$/,
        );
    }),
  );
});
