import { expect, test } from "vitest";
import { entryOf, locate, scalarsBelow, scalarsOf, textOf, valueAt } from "../../src/model/data.ts";
import { parseData } from "../../src/sources/data.ts";

const file = parseData("a:\n  b: [x, {c: 1.10}]\nd: ~\na2: 1\na2: 2\n");
const root = file.documents[0]?.root;

test("values are found by keys and indexes", () => {
  expect(textOf(valueAt(root, "a", "b", 1, "c"))).toBe("1.10");
  expect(valueAt(root, "a", "x")).toBeNull();
  expect(valueAt(root, "a", 0)).toBeNull();
  expect(textOf(valueAt(root, "d"))).toBeNull();
});

test("of a key that stands twice the last one counts", () => {
  expect(textOf(entryOf(root, "a2")?.value)).toBe("2");
});

test("scalars come with the path that leads to them", () => {
  expect([...scalarsBelow(root)].map(({ path, scalar }) => [path.join("."), scalar.text])).toEqual([
    ["a.b.0", "x"],
    ["a.b.1.c", "1.10"],
    ["d", "~"],
    ["a2", "1"],
    ["a2", "2"],
  ]);
});

test("one scalar or a list of them", () => {
  expect(scalarsOf(valueAt(root, "a2")).map(textOf)).toEqual(["2"]);
  expect(scalarsOf(valueAt(root, "a", "b")).map(textOf)).toEqual(["x"]);
  expect(scalarsOf(valueAt(root, "d"))).toEqual([]);
});

test("a node's location is 1-based with an exclusive end", () => {
  const node = valueAt(root, "a", "b", 0);
  expect(node && locate("f.yml", file, node)).toEqual({
    path: "f.yml",
    start: { line: 2, column: 7 },
    end: { line: 2, column: 8 },
  });
});
