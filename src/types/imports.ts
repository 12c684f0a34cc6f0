import type { Location, RepoPath } from "./text.ts";

/**
 * What the files of a repository import and what a process imports while it starts, for Python and JavaScript/TypeScript alike.
 * A language gives a `LanguageFront`; the models `imports` and `closures` put the languages together.
 */
export type ImportLanguage = "python" | "javascript";

/**
 * When an import runs and what its failure does.
 * `start-up`: while the process starts, nothing catches it. `call`: in a function that may be called later.
 * `guarded`: its failure is caught and start-up goes on without it. `type`: never runs.
 */
export type ImportLevel = "start-up" | "call" | "guarded" | "type";

/** One import of a file, by its place in the text alone: levels follow from module level, functions, guards, type-only forms. */
export interface FileImport {
  /** From the statement's first character to the end of the specifier, or of the imported name. */
  at: Location;
  /** As written: `app.services`, `..cloud`, `./x.js`. */
  specifier: string;
  /** The name taken from the module (`from m import name`), `*` for all, null where the module itself is imported. */
  name: string | null;
  level: ImportLevel;
  /** Repository file that defines the module (or the submodule `name`), null where none is found. */
  resolved: RepoPath | null;
}

/** What every file imports. Read on demand, one file at a time. */
export interface ImportModel {
  /** Files of the languages that are read, sorted, ignored ones left out. */
  readonly paths: readonly RepoPath[];
  /** In text order; empty for a file that is unread or of another language. */
  of(path: RepoPath): readonly FileImport[];
}

/** One step on the way from an entry to a module: where, and what happens there (`imports app.db`, `calls create_app()`). */
export interface ChainStep {
  at: Location;
  what: string;
}

/** The program file that a process starts with, in terms of the repository. */
export interface StartupEntry {
  language: ImportLanguage;
  /** Name of the image whose command it is; null for a Procfile, package.json or a config root outside any image. */
  image: string | null;
  /** Id of the build whose image it is; null outside any image. */
  build: string | null;
  /** Name of the process (`EntryPoint.name`). */
  point: string;
  /** As written in the command: `app.main:app`, `server.js`, `manage.py`. */
  written: string;
  /** Where the command stands: the CMD line, the compose `command`, the script. */
  at: Location;
  /** The file that runs first, null where the repository has no such file. */
  path: RepoPath | null;
  /** `module`: imported by name (`uvicorn m:app`); `main`: run as `__main__` (`python f.py`, `python -m m`, `node f`). */
  kind: "module" | "main";
  /** The module's dotted name where the command gives one. */
  module: string | null;
  /** What the server takes from the module: `app`, `create_app`; null where nothing is taken. */
  attribute: string | null;
  /** Whether `attribute` is called to make the application (`m:create_app()`, `--factory`). */
  factory: boolean;
  /** Repository directories that stand for sys.path (Python), first to last; "" is the repository's root. */
  searchPath: readonly RepoPath[];
  /** Where those directories lie in the image, pair by pair; empty without an image. */
  imageRoots: readonly { image: string; repository: RepoPath }[];
  /** Where the program file is, or was looked for, in the image. */
  imagePath: string | null;
  /** Whether the image holds the program file; nothing is claimed of an image where that is unknown. */
  presence: "present" | "absent" | "unknown";
  /** Repository directory that is the process's working directory; null where it is none or not known. */
  workingDirectory: RepoPath | null;
  /** True where sys.path of the image cannot be told: a miss is then unknown. */
  searchPathOpen: boolean;
  /** Whether something here deploys its image as it is; else a manifest or a file that is not here may give it more variables. */
  deployed: boolean;
  /** True where the environment names Django's settings module: a `setdefault` of it in code has no effect. */
  settingsGiven: boolean;
}

/** An import met on the way of one entry's start-up. */
export interface ReachedImport {
  /** The importing statement. */
  at: Location;
  /** Dotted or as written, relative ones made absolute where the language can: what a reader would look for. */
  specifier: string;
  /** The name taken from the module, null where the module itself is imported. */
  name: string | null;
  /** Weakest link of the chain. */
  level: ImportLevel;
  /** From the entry to this import, the import last. */
  chain: readonly ChainStep[];
  /** Files that run because of it, parents' `__init__` first; the file of the module last. Empty where nothing was found. */
  resolved: readonly RepoPath[];
  /** False where the file was found below a source root of the repository that is not on the entry's search path. */
  onPath: boolean;
  /** Why nothing was found; null when `resolved` holds the module. */
  miss: ImportMiss | null;
}

/**
 * `external`: not of this repository. `module`: first-party by its first segment, and no file defines it. `name`: the module's file is
 * there and binds no such name. `unknown`: it may come from somewhere the repository does not show (generated, ignored, native, dynamic).
 */
export type ImportMissKind = "external" | "module" | "name" | "unknown";

export interface ImportMiss {
  kind: ImportMissKind;
  /** What is not there: `app.services.monitoring`, `app.db.get_engine`, `./monitoring`. */
  wanted: string;
  /** The nearest thing that exists (a module, a name or a path), null without one. */
  nearest: string | null;
  /** Where it was searched or why it is unknown, one short clause. */
  detail: string;
}

/** A first-party file that start-up runs. */
export interface ReachedModule {
  path: RepoPath;
  /** Dotted name for Python, the path for JavaScript. */
  name: string;
  /** Strongest level over all chains. */
  level: ImportLevel;
  /** The strongest chain, shortest among equals; its last step imports this module. Empty for the entry itself. */
  chain: readonly ChainStep[];
}

/** A file that is not code, named by a literal path in code that start-up reaches. */
export interface ReachedDataFile {
  /** The tracked file or directory it names. */
  path: RepoPath;
  directory: boolean;
  at: Location;
  level: ImportLevel;
  chain: readonly ChainStep[];
}

/** A `from` import (Python) or module-level use (ESM) that meets a module which is still being evaluated. */
export interface CircularImport {
  /** The statement that fails. */
  at: Location;
  /** The name that is not bound yet, and the module that should bind it. */
  name: string;
  module: string;
  modulePath: RepoPath;
  /** `start-up`: the process ends. `guarded`: something catches it each time. `call`: fails when a lazily imported module is first used. */
  level: ImportLevel;
  /** The cycle: from the module in progress through its imports to the failing statement. */
  chain: readonly ChainStep[];
}

/** A place where a source certainly does not compile. */
export interface BrokenSource {
  at: Location;
  /** What is wrong, one clause: "`await` outside an async function". */
  what: string;
  /** The version of Python that accepts it, where the image's is older: `3.12`. */
  since: string | null;
  /** The image's version, where `since` matters. */
  version: string | null;
  /** The start that reaches the file, with the strongest level; null for a file that no start was seen to reach. */
  entry: StartupEntry | null;
  level: ImportLevel;
  chain: readonly ChainStep[];
}

export interface BrokenSourcesModel {
  broken: readonly BrokenSource[];
  /** How many modules of a start were read in full. */
  judged: number;
}

/** Everything one entry's start-up reaches. */
export interface EntryClosure {
  entry: StartupEntry;
  modules: readonly ReachedModule[];
  imports: readonly ReachedImport[];
  dataFiles: readonly ReachedDataFile[];
  circular: readonly CircularImport[];
  /** Modules of the closure that could not be read, with the reason. */
  unread: readonly { path: RepoPath; reason: string }[];
  /** What the server takes from the module, where the module makes no such name; absent where it does, or it cannot be told. */
  attributeMiss?: { name: string; nearest: string | null } | null;
}

/** The closures of all entries, computed when first asked for, each once. */
export interface ClosureModel {
  readonly entries: readonly StartupEntry[];
  /** The closure of one of `entries`. */
  of(entry: StartupEntry): EntryClosure;
}

/** A file that start-up needs and that the image of its process lacks. */
export interface LostFile {
  kind: "module" | "data";
  path: RepoPath;
  level: ImportLevel;
  chain: readonly ChainStep[];
  entry: StartupEntry;
  /** False for a build that nothing deploys: judged at warning at most. */
  deployed: boolean;
  why: LostReason;
  /** Lines that, put after the deciding one, bring back what is lost and nothing sensitive; null where none does. */
  repair: { at: Location; newText: string; lines: readonly string[] } | null;
  /** A `!` line that looks as if it brought the path back, and why it does not. */
  lookalike: { at: Location; text: string; reason: string } | null;
}

export type LostReason =
  | { kind: "ignored"; at: Location; pattern: string }
  | { kind: "filtered"; at: Location; pattern: string }
  | { kind: "not-copied"; at: Location; detail: string };

/** A module that is in the image, at a place where the process does not search. */
export interface OffPathModule {
  /** Dotted name. */
  name: string;
  path: RepoPath;
  level: ImportLevel;
  chain: readonly ChainStep[];
  entry: StartupEntry;
  deployed: boolean;
  /** The instruction that put it there. */
  at: Location;
  /** Where it is, and where it would have to be. */
  place: string;
  wanted: string;
}

export interface LostFilesModel {
  lost: readonly LostFile[];
  offPath: readonly OffPathModule[];
}

/** What a language gives to the models `imports` and `closures`. */
export interface LanguageFront {
  language: ImportLanguage;
  /** Whether a path is a source file of this language. */
  handles(path: RepoPath): boolean;
  importsOf(path: RepoPath): readonly FileImport[];
  closureOf(entry: StartupEntry): EntryClosure;
}
