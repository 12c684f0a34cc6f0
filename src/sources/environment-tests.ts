import type { EnvironmentTest } from "../types/environment-read.ts";

/** A test, or null where no variable of the environment has a part in it. */
export type MaybeTest = EnvironmentTest | null;

/** Something of the variables that cannot be told; null where there are none. */
export const unknownOf = (names: readonly string[]): MaybeTest =>
  names.length === 0 ? null : { kind: "unknown", of: [...new Set(names)] };

/** Both hold. What the environment does not decide is taken to hold: the branch counts as entered. */
export function both(left: MaybeTest, right: MaybeTest): MaybeTest {
  if (left === null || right === null) return left ?? right;
  return joined("all", left, right);
}

/** One of them holds; null where one does that the environment does not decide. */
export function either(left: MaybeTest, right: MaybeTest): MaybeTest {
  if (left === null || right === null) return null;
  return joined("any", left, right);
}

/** Each read keeps its test: one with more parts than anybody writes counts as one that cannot be told. */
const MAXIMUM_PARTS = 20;

function joined(kind: "all" | "any", left: EnvironmentTest, right: EnvironmentTest): EnvironmentTest {
  const of = [...partsOf(left, kind), ...partsOf(right, kind)];
  return of.length > MAXIMUM_PARTS ? { kind: "unknown", of: [""] } : { kind, of };
}

const partsOf = (one: EnvironmentTest, kind: "all" | "any"): EnvironmentTest[] => (one.kind === kind ? one.of : [one]);

/** The test without what it says of one variable: a read of it says itself what becomes of its absence. */
export function without(test: MaybeTest, name: string): MaybeTest {
  if (test === null) return null;
  if (test.kind === "unknown") return test.of.includes(name) ? null : test;
  if ("name" in test) return test.name === name ? null : test;
  const join = test.kind === "all" ? both : either;
  return test.of.map((one) => without(one, name)).reduce((left, right) => join(left, right));
}

/** In a list of the names that code gives itself: it may give any. */
export const ANY_NAME = "*";
