import type { Severity } from "./finding.ts";
import type { Location, Range } from "./text.ts";

/**
 * How a placeholder is written. `word` is a phrase that asks to be replaced, `masked` stands for characters that were left out,
 * `domain` and `identifier` are values that nobody owns; the others are named after their delimiters.
 */
export type PlaceholderShape =
  | "word"
  | "masked"
  | "angle"
  | "bracket"
  | "brace"
  | "mustache"
  | "dollar-brace"
  | "dollar"
  | "dollar-paren"
  | "hash-brace"
  | "double-underscore"
  | "at"
  | "percent"
  | "double-square"
  | "domain"
  | "identifier"
  | "encoded"
  | "pem";

/** `high`: cannot be a real value; `firm`: no real value where it stands; `medium`: could be meant. */
export type Confidence = "high" | "firm" | "medium";

/** A placeholder in a value. Offsets are UTF-16 code units into the value. */
export interface PlaceholderToken {
  shape: PlaceholderShape;
  /** As written, shortened; never more of the value than the placeholder itself. */
  text: string;
  confidence: Confidence;
  /** The token is the whole value. */
  whole: boolean;
  /** Variable name of a reference; null for the other shapes. */
  name: string | null;
  /** `:-`, `:?` … with what follows, of a reference; null where nothing does. */
  fallback: { operator: string; word: string | null; empty: boolean } | null;
  start: number;
  end: number;
}

/** A placeholder with the place and the key of its value. */
export interface PlaceholderHit extends Omit<PlaceholderToken, "start" | "end"> {
  at: Range;
  /** Keys and indexes from the document's root; for flat formats one key. */
  path: (string | number)[];
  /** Index into the file's documents. */
  document: number;
  /** The key written on the line of a value of several lines, or the `name` beside a `value`. */
  inner: string | null;
  /** The value has several lines: the hit stands in one of them. */
  multiline: boolean;
  /** Sits in a value that Terraform, CloudFormation or the like evaluates (a template string, `!Sub`). */
  evaluated: boolean;
  /** Sits in a part that says `enabled: false`. */
  off: boolean;
}

export interface PlaceholderDocument {
  kind: string | null;
  apiVersion: string | null;
  /** Top-level keys, at most 60. */
  keys: string[];
  /** Annotations that say who renders the document: those of argocd-vault-plugin and of Flux. */
  marks: string[];
  /** A Flux Kustomization: the folder whose manifests it renders, and the names it gives. */
  renders: { path: string; names: string[]; more: boolean } | null;
  /** An Argo CD Application: folders of the repository that it applies. */
  applies: string[];
}

/** Everything in one file that looks like a placeholder, whatever it may mean there. */
export interface PlaceholderFile {
  documents: PlaceholderDocument[];
  hits: PlaceholderHit[];
  /** Names that the file itself sets (dotenv keys, a manifest's env names, substitutions). */
  names: string[];
  /** Why the file was read line by line instead of by its format; null where it was parsed. */
  unparsed: string | null;
}

export type PlaceholderRole = "deployed" | "default" | "unknown" | "template" | "example" | "none";

/** One finding of the family, worded by its rule. */
export interface PlaceholderFinding {
  rule: string;
  severity: Severity;
  at: Location;
  subject: string;
  /** The key whose value it is, as a dotted path; null where there is none. */
  key: string | null;
  /** Every token of the line, the reported one first. */
  tokens: string[];
  /** Why the file counts as deployed, a clause: "it is a Kubernetes Secret". */
  because: string;
  /** What else is to be said, each a sentence: guards, renderers. */
  remarks: string[];
  /** What to do, a sentence. */
  mend: string;
  related: (Location & { message: string })[];
}

export interface PlaceholdersModel {
  findings: PlaceholderFinding[];
  /** What could not be looked into although it is deployed, and what to do about it, each a sentence. */
  unseen: { undecided: string; remedy: string }[];
  /** How many files were looked at. */
  looked: number;
  /** Of the entries of `placeholders.allow`, by their place, those that left something out. */
  allowing: ReadonlySet<number>;
}
