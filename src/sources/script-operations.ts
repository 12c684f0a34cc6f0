import type { SchemaStatement } from "../types/migrations.ts";
import type { ScriptLink, ScriptValue } from "./javascript-chains.ts";

/** A chain that a migration runs, with what its names stand for. */
export interface Operation {
  links: readonly ScriptLink[];
  /** A literal text, or the constant of this file that the value names; null where neither. */
  textOf(value: ScriptValue | undefined): string | null;
  /** What a constant of this file was made as (`new TableColumn({ … })`); any other value is itself. */
  made(value: ScriptValue): ScriptValue;
  /** The chains that a function among the arguments runs. */
  chainsOf(value: ScriptValue | undefined): ScriptLink[][];
}

/** The statements of one chain. */
export type ReadOperation = (operation: Operation) => SchemaStatement[];

export const isWord = (value: ScriptValue | undefined, text: string): boolean =>
  value?.kind === "word" && value.text === text;

/** A property of an object literal; undefined for anything else. */
export const propertyOf = (value: ScriptValue | undefined, name: string): ScriptValue | undefined =>
  value?.kind === "object" ? value.entries.get(name) : undefined;

/** The values of an array literal, or the one value. */
export const itemsOf = (value: ScriptValue | undefined): readonly ScriptValue[] =>
  value === undefined ? [] : value.kind === "array" ? value.items : [value];

/** What `new Name({ … })` or `Name({ … })` is made with. */
export const madeWith = (value: ScriptValue | undefined): ScriptValue | undefined =>
  value?.kind === "chain" ? value.links.at(-1)?.args?.[0] : value;

/** Whether a default is written that the database itself fills old rows with. */
export const isFilled = (value: ScriptValue | undefined): boolean =>
  value !== undefined && !isWord(value, "null") && !isWord(value, "undefined");

const VOLATILE = /\b(?:gen_random_uuid|uuid_generate_v[14]|uuidv7|random|clock_timestamp|nextval)\s*\(/i;

/** Whether a default is computed anew for each row: `gen_random_uuid()` as text or within `literal(…)`, `raw(…)`. */
export function isVolatile(value: ScriptValue | undefined): boolean {
  if (value?.kind === "string") return VOLATILE.test(value.text);
  if (value?.kind !== "chain") return false;
  return value.links.some(
    ({ name, args }) => (name === "uuid" && args !== null) || (args ?? []).some((one) => isVolatile(one)),
  );
}

/** Makes a statement of a link; `table` and `column` are written as the database knows them. */
export const statementOf = (
  link: ScriptLink,
  kind: SchemaStatement["kind"],
  table: string | null,
  column: string | null = null,
  more: Partial<SchemaStatement> = {},
): SchemaStatement => ({
  kind,
  table: (table ?? "").toLowerCase().replace(/^.*\./, ""),
  column: column === null ? null : column.toLowerCase(),
  start: link.start,
  end: link.end,
  ...more,
});
