import { shared } from "../text/shared.ts";
import type { JsonMentions } from "../types/json-columns.ts";

/** What a file must hold somewhere to take a key from a column. */
const USES = /\bastext\b|\bas_(?:string|integer|float|boolean)\(|->>|\.objects\b|\.get\(|\[["']/;

const NONE: JsonMentions = { classes: [], sql: false };

/** Whose JSON columns a file may use: a parse of every file of a large repository costs seconds, and few name a class that has such a column. */
export function jsonMentions(text: string): JsonMentions {
  if (!USES.test(text)) return NONE;
  const classes = new Set(text.match(/\b[A-Z]\w*/g));
  return { classes: [...classes].map(shared).sort(), sql: text.includes("->>") };
}
