import type { EntryPoint } from "../../types/entry.ts";
import type { Situation, Walk } from "./walk.ts";

/** Where a process starts that nothing says more of. */
export const home: Situation = {
  cwd: "/",
  env: new Map(),
  parameters: [],
  role: "process",
  chain: [],
  conditional: false,
  optional: false,
  depth: 0,
};

/** An entry point, with what the walk over its command has found. */
export function pointOf(
  walk: Walk,
  about: Pick<EntryPoint, "name" | "build" | "image" | "origin" | "at" | "command" | "workdir">,
): EntryPoint {
  const { parts, unknown } = walk;
  const hasCode = parts.some((part) => part.language === "python" || part.language === "javascript");
  return {
    ...about,
    parts,
    unchecked: hasCode || walk.unchecked.length === 0 ? null : walk.unchecked.join("; "),
    unknown,
    variables: [...walk.variables],
    setters: [...walk.setters],
  };
}
