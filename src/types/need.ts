/**
 * `required`: the code or the tool cannot go on without it. `likely`: it goes on with something else than was meant.
 * `read`: read without a default, and nobody can tell what becomes of nothing. `optional`: guarded, or with a default.
 */
export type Need = "required" | "likely" | "read" | "optional";
