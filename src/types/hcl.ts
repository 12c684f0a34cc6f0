/** HCL (Terraform, tfvars) as plain blocks and attributes. Offsets are UTF-16 code units into the file. */
export interface HclFile extends HclBody {
  comments: { start: number; end: number }[];
  errors: { message: string; offset: number }[];
  lineStarts: number[];
}

export interface HclBody {
  attributes: HclAttribute[];
  blocks: HclBlock[];
}

export interface HclBlock extends HclBody {
  /** `variable`, `resource`, `validation` … */
  type: string;
  /** The labels without quotes: `["aws_s3_bucket", "logs"]`. */
  labels: { text: string; start: number; end: number }[];
  /** Range of the whole block. */
  start: number;
  end: number;
}

export interface HclAttribute {
  name: string;
  /** Range of the name. */
  start: number;
  end: number;
  value: HclValue;
  /** Every string below the value, keys of objects left out, in text order. */
  strings: HclString[];
  /** Every reference below the value, those inside templates too, in text order. */
  references: HclReference[];
  /** Every function call below the value, in text order. */
  calls: { name: string; start: number; end: number }[];
}

/** `expression` is everything that is not one of the others: conditionals, operations, `for`. */
export type HclValue = { start: number; end: number } & (
  | { kind: "string"; string: HclString }
  | { kind: "number" | "bool" | "null" | "expression"; text: string }
  | { kind: "reference"; reference: HclReference }
  | { kind: "list"; items: HclValue[] }
  | { kind: "object"; entries: HclEntry[] }
  | { kind: "call"; name: string; arguments: HclValue[] }
);

export interface HclEntry {
  /** A literal or bare key; null for a computed one. */
  key: string | null;
  /** Range of the key. */
  start: number;
  end: number;
  value: HclValue;
}

export interface HclString {
  /** Escapes undone; `${…}` and `%{…}` as written. A here-document's lines are kept with their indentation. */
  text: string;
  /** Holds `${…}` or `%{…}` that Terraform evaluates (`$${` is text). */
  template: boolean;
  heredoc: boolean;
  /** Range of the text inside the quotes, or between the delimiters of a here-document. */
  start: number;
  end: number;
}

export interface HclReference {
  /** `var.a` is ["var", "a"]; an index by a literal is a segment, by an expression null. A bare name is one segment. */
  path: (string | null)[];
  start: number;
  end: number;
}
