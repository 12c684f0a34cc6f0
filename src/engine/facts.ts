import { extractors, markedKinds } from "../facts/registry.ts";
import { Unprepared } from "../sources/unprepared.ts";
import { utf16Mark, utf16Requirements } from "../sources/utf16.ts";
import type { Extractor, FactKind, FactKinds, FactReader } from "../types/facts.ts";
import type { RepoPath } from "../types/text.ts";
import type { Source, Workspace } from "../types/workspace.ts";

/** Keeps facts between runs, by content and extractor. A store may forget anything at any time. */
export interface FactStore {
  get(blob: string, kind: FactKind, version: number): unknown;
  set(blob: string, kind: FactKind, version: number, fact: unknown): void;
}

/** A store for as long as it is held: shares facts between two trees of one run. */
export function memoryStore(): FactStore {
  const facts = new Map<string, unknown>();
  const key = (blob: string, kind: FactKind, version: number) => `${kind} ${version} ${blob}`;
  return {
    get: (blob, kind, version) => facts.get(key(blob, kind, version)),
    set: (blob, kind, version, fact) => void facts.set(key(blob, kind, version), fact),
  };
}

export interface LoadingFactReader extends FactReader {
  /** Loads the extractors of these kinds; `get` throws for a kind that was not loaded. */
  load(kinds: readonly FactKind[]): Promise<void>;
  /** Paths that were read and hold the word that starts an inline suppression. */
  suppressionHolders(): RepoPath[];
}

const SUPPRESSION_WORD = Buffer.from("predeploy-ignore");
const LFS_POINTER = Buffer.from("version https://git-lfs.github.com/spec/");
/** Why content is unread that only an extractor of binary files takes. */
const BINARY = ["binary file", "UTF-16, not UTF-8"];

function sourceOf(text: string): Source {
  const bytes = Buffer.from(text);
  return { bytes: () => bytes, text: () => text };
}

const binaryKind = (bytes: Buffer): string => BINARY[utf16Mark(bytes) === null ? 0 : 1]!;

/** Git looks at this many bytes to tell binary from text. */
const BINARY_WINDOW = 8000;

/** Opening a small file costs more than reading it: contents are kept for the next kind that asks, up to a bound. */
const SMALL_FILE = 32 * 1024;
const MOST_KEPT = 8 * 1024 * 1024;

/**
 * Extracts each kind once per distinct content and remembers it for the run. With `deferred`, extractors and parsers that few
 * files need are not loaded beforehand: the first file that needs one makes `get` throw Unprepared.
 */
export function makeFactReader(
  workspace: Workspace,
  store: FactStore | null = null,
  deferred = false,
): LoadingFactReader {
  const loaded = new Map<FactKind, Extractor>();
  /** Kinds that were asked for in a tree that holds no file of theirs by its name. */
  const unlikely = new Set<FactKind>();
  /** Facts by kind and content: content ids are hashed once, which is less than to put two texts together for every question. */
  const known = new Map<FactKind, Map<string, unknown>>();
  const holders = new Set<RepoPath>();
  const holding = new Set<string>();
  const unreadable = new Map<string, string>();
  const kept = new Map<string, Source>();
  let keptBytes = 0;
  /** Contents that were read, and of each marked kind those that hold its mark. */
  const seen = new Set<string>();
  const marked = new Map(Object.keys(markedKinds).map((kind) => [kind, new Set<string>()]));

  function contentOf(path: RepoPath, content: string, binary: boolean): Source | null {
    const before = kept.get(content);
    if (before) {
      if (holding.has(content)) holders.add(path);
      return before;
    }
    const read = workspace.read(path);
    if (!read) return null;
    const decoded = utf16Requirements(read.bytes());
    const source = decoded === null ? read : sourceOf(decoded);
    const bytes = source.bytes();
    const reason = bytes.subarray(0, BINARY_WINDOW).includes(0)
      ? binary
        ? null
        : binaryKind(bytes)
      : bytes.subarray(0, LFS_POINTER.length).equals(LFS_POINTER)
        ? "Git LFS pointer: its content is not here"
        : null;
    if (reason !== null) {
      unreadable.set(content, reason);
      workspace.noteUnread(path, reason);
      return null;
    }
    if (bytes.includes(SUPPRESSION_WORD)) {
      holding.add(content);
      holders.add(path);
    }
    if (!binary && !seen.has(content)) {
      seen.add(content);
      for (const [kind, { mark }] of Object.entries(markedKinds))
        if (bytes.includes(mark)) marked.get(kind)!.add(content);
    }
    if (!binary && bytes.length <= SMALL_FILE && keptBytes + bytes.length <= MOST_KEPT) {
      keptBytes += bytes.length;
      kept.set(content, source);
    }
    return source;
  }

  const holds = (test: (path: RepoPath) => boolean): boolean =>
    workspace.files.entries.some((entry) => !entry.ignored && test(entry.path));

  let nameParts: Set<string> | null = null;
  /** The parts of file names from the first dot on, in lower case. */
  function parts(): Set<string> {
    if (nameParts) return nameParts;
    const endings = new Set<string>();
    for (const { path, ignored } of workspace.files.entries) {
      const name = path.lastIndexOf("/") + 1;
      const dot = path.indexOf(".", name);
      if (!ignored) endings.add(path.slice(dot === -1 ? name : dot + 1));
    }
    nameParts = new Set([...endings].flatMap((ending) => ending.toLowerCase().split(/[._-]/)));
    return nameParts;
  }

  async function load(kinds: readonly FactKind[]): Promise<void> {
    for (const kind of kinds) {
      if (loaded.has(kind) || unlikely.has(kind)) continue;
      const { likely, load } = extractors[kind];
      if (deferred && likely && !likely.some((part) => parts().has(part))) unlikely.add(kind);
      else await take(kind, await load());
    }
  }

  async function take(kind: FactKind, extractor: Extractor): Promise<void> {
    const { claims, deferrable, needs } = extractor;
    const needed = !claims || holds(claims);
    if (needed && !(deferred && deferrable)) await extractor.prepare?.();
    if (needs) await load(needs);
    loaded.set(kind, extractor);
    known.set(kind, new Map());
  }

  const reader: LoadingFactReader = {
    load,
    get<K extends FactKind>(kind: K, path: RepoPath): FactKinds[K] | null {
      const entry = workspace.files.get(path);
      if (!entry || entry.ignored) return null;
      const extractor = loaded.get(kind);
      if (!extractor && unlikely.has(kind))
        throw new Unprepared(`${kind} of ${path}`, async () => take(kind, await extractors[kind].load()));
      if (!extractor) throw new Error(`facts of kind "${kind}" were asked for without being declared`);
      if (extractor.claims?.(path) === false)
        throw new Error(`${path} was asked for as "${kind}", which does not claim it`);
      const content = entry.blob ?? `path:${path}`;
      const facts = known.get(kind)!;
      const before = facts.get(content);
      if (before !== undefined) {
        if (holding.has(content)) holders.add(path);
        return before as FactKinds[K] | null;
      }
      if (seen.has(content) && marked.get(kind)?.has(content) === false) {
        if (holding.has(content)) holders.add(path);
        return markedKinds[kind]!.otherwise;
      }
      const reason = unreadable.get(content);
      if (reason !== undefined && !(extractor.binary && BINARY.includes(reason))) {
        workspace.noteUnread(path, reason);
        return null;
      }
      const keep = entry.blob !== null && !extractor.memoryOnly;
      const stored = entry.blob === null || !keep ? undefined : store?.get(entry.blob, kind, extractor.version);
      if (stored !== undefined) {
        facts.set(content, stored);
        return stored as FactKinds[K];
      }
      const source = contentOf(path, content, extractor.binary === true);
      if (!source) return null;
      let fact: unknown = null;
      try {
        fact = extractor.needs
          ? extractor.extract(source, (other) => reader.get(other, path))
          : extractor.extract(source);
        if (keep && entry.blob !== null) store?.set(entry.blob, kind, extractor.version, fact);
      } catch (error) {
        if (error instanceof Unprepared) throw error;
        workspace.noteUnread(
          path,
          `could not be understood: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
      facts.set(content, fact);
      return fact as FactKinds[K] | null;
    },
    suppressionHolders: () => [...holders].sort(),
  };
  return reader;
}
