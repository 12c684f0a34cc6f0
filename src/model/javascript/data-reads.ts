import type { Expression } from "../../types/code.ts";
import { originOf } from "./literal-paths.ts";
import type { Scope } from "./program.ts";

type Call = Extract<Expression, { kind: "call" }>;

/** Names of Node.js's `fs`, and of what stands in for it, that read what their first argument names. */
const reading = new Set(["readFileSync", "readFile", "readdirSync", "readdir", "readJsonSync", "readJson", "readJSON"]);
const fileSystems = new Set(["fs", "fs/promises", "fs-extra", "graceful-fs"]);

/** Names by which a file asks first whether something is there: what it then reads may be absent. */
export const askingNames = [
  "existsSync",
  "exists",
  "accessSync",
  "access",
  "statSync",
  "stat",
  "lstatSync",
  "pathExists",
];

/** The argument of a call that names a file or folder which the call reads, and fails without. */
export function dataArgument(at: Call, scope: Scope): Expression | null {
  const { callee, args } = at;
  const [first, second] = args;
  if (!first || first.spread || (callee.kind !== "attribute" && callee.kind !== "name")) return null;
  // Express and its kin: `app.set("views", directory)`.
  if (callee.kind === "attribute" && callee.name === "set" && args.length === 2)
    return first.value.kind === "string" && first.value.value === "views" ? (second?.value ?? null) : null;
  // What goes wrong is told to a callback, which may live with it.
  if (args.at(-1)?.value.kind === "function") return null;
  const origin = originOf(callee, scope);
  if (!origin) return null;
  if (at.isNew) return origin.module === "worker_threads" && origin.name === "Worker" ? first.value : null;
  return fileSystems.has(origin.module) && reading.has(origin.name) ? first.value : null;
}
