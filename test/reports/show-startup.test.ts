import { expect, test } from "vitest";
import { startupJson, startupText } from "../../src/reports/show-startup.ts";
import type { StartupModel } from "../../src/types/startup.ts";

const at = (line: number) => ({ path: "boot.py", start: { line, column: 1 }, end: { line, column: 2 } });
const model = {
  show: () => [
    {
      root: "boot.py:boot",
      events: [
        { selector: "call connect*", at: at(9), mode: "must" as const, chain: [{ name: "first", at: at(3) }] },
        { selector: "call serve", at: at(4), mode: "pending" as const, chain: [] },
      ],
    },
  ],
} as unknown as StartupModel;

test("shows each event with its certainty and the calls that lead to it", () => {
  expect(startupText(model)).toBe(
    [
      "Root boot.py:boot",
      "  always   boot.py:9  call connect*",
      "           by first boot.py:3",
      "  pending  boot.py:4  call serve",
      "",
    ].join("\n"),
  );
});

test("gives the shape of the interface as JSON", () => {
  expect(startupJson(model)).toEqual({
    roots: [
      {
        root: "boot.py:boot",
        events: [
          { selector: "call connect*", at: at(9), mode: "must", chain: [{ name: "first", at: at(3) }] },
          { selector: "call serve", at: at(4), mode: "pending", chain: [] },
        ],
      },
    ],
  });
});

test("says what to do where nothing starts", () => {
  expect(startupText({ show: () => [] } as unknown as StartupModel)).toContain("No start of a process was found");
});
