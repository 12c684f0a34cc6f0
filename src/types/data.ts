/**
 * Structured data (YAML, JSON) as plain objects with positions: what the YAML and JSON source gives, whatever the library.
 * Offsets are UTF-16 code units into the text; `lineStarts` of the document turns them into positions.
 */
export type DataNode = DataMap | DataList | DataScalar;

interface DataRange {
  /** Offset of the first character of the node's own text (quotes and block indicators included). */
  start: number;
  /** Offset after the last character, exclusive. */
  end: number;
  /** Name of the anchor on this node. */
  anchor?: string;
  tag?: string;
}

export interface DataMap extends DataRange {
  kind: "map";
  /** In text order; a duplicate key stands twice. Merge keys (`<<`) and aliases are already resolved, `merged` marks what came from them. */
  entries: DataEntry[];
}

export interface DataEntry {
  key: DataScalar;
  value: DataNode;
  merged?: boolean;
}

export interface DataList extends DataRange {
  kind: "list";
  items: DataNode[];
}

export interface DataScalar extends DataRange {
  kind: "scalar";
  /** The value by the format's core schema; a string for anything else. */
  value: string | number | boolean | null;
  /** As the reader sees it, without quotes: `007` stays "007". */
  text: string;
  style: "plain" | "single" | "double" | "literal" | "folded";
}

export interface DataDocument {
  /** Null for an empty document. */
  root: DataNode | null;
  /** Why the text is not valid, with the offset; the root holds what could be read before. */
  errors: { message: string; offset: number }[];
}

export interface DataFile {
  documents: DataDocument[];
  /** Offset of the first character of each line; lineStarts[0] = 0. */
  lineStarts: number[];
}
