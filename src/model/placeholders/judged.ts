import type { Confidence, PlaceholderDocument } from "../../types/placeholders.ts";
import type { RepoPath } from "../../types/text.ts";
import type { Format } from "./formats.ts";

/** The rules that one placeholder may break. */
export type PlaceholderRule =
  | "leftover"
  | "unrendered-reference"
  | "weak-default"
  | "dummy-identifier"
  | "encoded-placeholder";

/** What a placeholder means where it stands. */
export interface Judged {
  rule: PlaceholderRule;
  confidence: Confidence;
  /** No more than this, whatever the environment. */
  cap?: "warning" | "note";
}

/** The file around a placeholder, as far as that decides. */
export interface JudgedFile {
  path: RepoPath;
  format: Format;
  documents: readonly PlaceholderDocument[];
  /** Chart templates in the tree that the values feed: whether one of them uses `tpl`; null where there are none. */
  usesTpl: boolean | null;
  /** The tool around the file replaces `@x@` in resources (Maven, Gradle) or `${X}` in parameters and Terraform's values (azd); null where there is no such tool. */
  filtered: boolean | null;
  /** Names that `vars` of a kustomization put in place of `$(X)`. */
  kustomizeVars: ReadonlySet<string>;
  /** A generator of kustomize makes variables of the file's lines, as they are. */
  generated: boolean;
  /** An Azure pipeline of the repository: `$(x)` is its way to write a variable, which it never expands in files. */
  azurePipeline: RepoPath | null;
}
