import type { Location } from "./text.ts";

/** A JSON column of a mapped class, as one file declares it. */
export interface JsonColumn {
  model: string;
  /** The attribute's name. */
  column: string;
  /** `__tablename__`, or "" where the file does not say. */
  table: string;
  /** Name in the database, where it differs from the attribute. */
  stored: string;
  mayBeNull: boolean;
  hasDefault: boolean;
  start: number;
  end: number;
}

/** A place that takes a JSON column for never NULL. */
export interface JsonUse {
  kind: "filter" | "access";
  /** Class whose column it is; null for raw SQL. */
  model: string | null;
  column: string;
  /** Tables that the raw SQL names, lower case; empty otherwise. */
  tables: string[];
  start: number;
  end: number;
}

/** JSON columns that one Python file declares. */
export interface JsonColumns {
  columns: JsonColumn[];
  lineStarts: number[];
}

/** Unguarded uses of JSON columns in one Python file, whoever declares them. */
export interface JsonUses {
  uses: JsonUse[];
  lineStarts: number[];
}

/** Whose JSON columns a Python file may use, read without a parse. */
export interface JsonMentions {
  /** Names of classes, where the file takes keys from anything; sorted. */
  classes: string[];
  /** Raw SQL takes a key from a JSON column. */
  sql: boolean;
}

/** A column that may hold NULL, with every unguarded use of it. */
export interface NullableJsonUse {
  /** `Model.column`. */
  name: string;
  /** File by file, never empty. */
  places: (Location & Pick<JsonUse, "kind">)[];
  column: Location;
  /** The model gives a default, which old rows do not have. */
  hasDefault: boolean;
}

export interface JsonColumnsModel {
  columns: number;
  uses: NullableJsonUse[];
}
