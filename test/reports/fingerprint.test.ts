import { expect, test } from "vitest";
import { lineHashes } from "../../src/reports/fingerprint.ts";

const hashesOf = (text: string, most = 1_000_000) => {
  const lines = text.split("\n");
  return lineHashes((_path, line) => lines[line - 1] ?? null, "file", most).hashes;
};

// The values are what GitHub's own upload action computes for these texts.
test.each([
  ["", ["c129715d7a2bc9a3:1"]],
  ["\r", ["3c5bef55b72b93c9:1", "c129715d7a2bc9a3:1"]],
  ["FROM node\r\nCOPY . .\r\n", ["41148ed1bd6d550c:1", "34fa814cb89b98ac:1", "c129715d7a2bc9a3:1"]],
  ["a: 1\na: 1\na: 1\n", ["41d42ad4da390f65:1", "3dfdfb3a91647b6f:1", "4037987d9a8320d9:1", "c129715d7a2bc9a3:1"]],
])("the hashes of %j", (text, expected) => {
  expect(hashesOf(text)).toEqual(expected);
});

test("blanks, tabs and the kind of line end do not matter; equal surroundings are numbered", () => {
  expect(hashesOf("a: 1\r\n\tb:  2\r\n")).toEqual(hashesOf("a: 1\nb: 2\n"));
  const line = "x".repeat(120);
  const hashes = hashesOf(`${line}\n${line}\n${line}`) ?? [];
  expect(new Set(hashes.map((hash) => hash.split(":")[0])).size).toBe(1);
  expect(hashes.map((hash) => hash.split(":")[1])).toEqual(["1", "2", "3"]);
});

test("a file beyond the limit has none, and is not read to its end", () => {
  let asked = 0;
  const endless = () => {
    asked++;
    return "x".repeat(100);
  };
  expect(lineHashes(endless, "file", 1000).hashes).toBeNull();
  expect(asked).toBeLessThan(20);
});
