import type { CodeFile } from "./code.ts";
import type { DataFile } from "./data.ts";
import type { PythonFile } from "./python.ts";
import type { RepoPath } from "./text.ts";
import type { Source } from "./workspace.ts";

/**
 * Every kind of fact, by name. A family adds a line here, an extractor under src/facts/ and a line in src/facts/registry.ts.
 * A fact is plain JSON about one file's content; it must not depend on the file's path.
 */
export interface FactKinds {
  /** A YAML or JSON file as plain nodes with positions. */
  data: DataFile;
  /** A Python file as a tree of plain objects; never cached on disk. */
  "python-syntax": PythonFile;
  /** A JavaScript or TypeScript file in the common syntax; never cached on disk. */
  "javascript-code": CodeFile;
}

export type FactKind = keyof FactKinds & string;

/**
 * Turns one file's content into facts. Pure: equal bytes give equal facts, whatever the path.
 * Never throws for content, however broken: broken syntax is part of the fact. Bump `version` when the answer for any input changes.
 */
export interface Extractor<K extends FactKind = FactKind> {
  kind: K;
  version: number;
  /** True for facts that are larger than their source: the disk cache leaves them out. */
  memoryOnly?: true;
  /** Loads what the extractor needs (a grammar); awaited once before the first `extract`. */
  prepare?(): Promise<void>;
  extract(source: Source): FactKinds[K];
}

/** Facts by path, extracted once per distinct content. Null: the file is absent, ignored or unread (which is noted). */
export interface FactReader {
  get<K extends FactKind>(kind: K, path: RepoPath): FactKinds[K] | null;
}
