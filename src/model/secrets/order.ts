import type { Need } from "../../types/need.ts";
import type { SecretReference } from "../../types/secret-reference.ts";

/** The strongest need first. */
export const NEED_RANK: Readonly<Record<Need, number>> = { required: 0, likely: 1, read: 2, optional: 3 };

/** By file, line and column. */
export function byPlace({ at: a }: Pick<SecretReference, "at">, { at: b }: Pick<SecretReference, "at">): number {
  return (
    (a.path < b.path ? -1 : a.path > b.path ? 1 : 0) || a.start.line - b.start.line || a.start.column - b.start.column
  );
}
