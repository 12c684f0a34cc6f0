import type { EnvironmentTest } from "../../types/environment-read.ts";
import type { SecretReference } from "../../types/secret-reference.ts";

/**
 * What is known of one variable in one environment: the texts that it may have (null: it is not set), that it is there (`"present"`),
 * or nothing (null).
 */
export type KnownVariable = readonly (string | null)[] | "present" | null;

const YES = /^(?:1|true|yes|on|y|t|ok)$/i;

/**
 * The references with the need that they have in one environment: as written where the branch that they stand in is taken, none where
 * it is not. Where that cannot be told a reference stays as it is.
 */
export function inTakenBranches(
  references: readonly SecretReference[],
  known: (name: string) => KnownVariable,
): SecretReference[] {
  return references.map((one) => {
    if (!one.branch) return one;
    const taken = holds(one.branch.test, known);
    return taken === null ? one : { ...one, need: taken ? one.branch.need : "optional" };
  });
}

/** Whether a test holds; null where that cannot be told. */
export function holds(test: EnvironmentTest, known: (name: string) => KnownVariable): boolean | null {
  if (test.kind === "unknown") return null;
  if (!("name" in test)) {
    const settles = test.kind === "any";
    const parts = test.of.map((one) => holds(one, known));
    return parts.includes(settles) ? settles : parts.includes(null) ? null : !settles;
  }
  const variable = known(test.name);
  if (variable === null) return null;
  if (variable === "present") return test.kind === "set" ? !test.not : null;
  const answers = new Set(variable.map((text) => answer(test, text ?? test.otherwise) !== test.not));
  return answers.size === 1 ? [...answers][0]! : null;
}

function answer(test: Extract<EnvironmentTest, { name: string }>, text: string | null): boolean {
  if (test.kind !== "value") return text !== null && (test.kind === "flag" ? YES.test(text.trim()) : text !== "");
  if (text === null) return false;
  const folded = (one: string) => (test.fold ? one.toLowerCase() : one);
  return test.of.some((one) => folded(one) === folded(text));
}

/** What a process that is deployed to an environment may have for a variable that platforms and base images set. */
export const usualTexts = (name: string, environment: string | null): KnownVariable =>
  name === "NODE_ENV" ? [null, "production", ...(environment === null ? [] : [environment])] : null;
