import type { Need } from "./need.ts";

/** A variable that a branch looks at, and its text where it is not set: null for none. */
interface TestedVariable {
  name: string;
  otherwise: string | null;
  /** Holds where the rest does not. */
  not: boolean;
}

/**
 * What the environment must be for a branch to be taken. `value`: the variable is one of the texts (`fold`: whatever their case);
 * `set`: it is there and not empty; `flag`: it is a word for yes; `unknown`: something that cannot be
 * told of the variables `of` ("" for one whose name cannot be told either).
 */
export type EnvironmentTest =
  | (TestedVariable & { kind: "value"; of: string[]; fold: boolean })
  | (TestedVariable & { kind: "set" | "flag" })
  | { kind: "unknown"; of: string[] }
  | { kind: "all" | "any"; of: EnvironmentTest[] };

/** One read of an environment variable in code. Offsets are UTF-16 code units. */
export interface EnvironmentRead {
  name: string;
  need: Need;
  /** As written, shortened: `os.environ["X"]`. */
  form: string;
  /** Another variable whose presence makes this read unnecessary. */
  unless: string | null;
  /** Other variables decide whether it is reached at all; absent: none of them does. */
  when?: EnvironmentTest;
  /** Further names that do as well. */
  anyOf?: string[];
  /** An empty value counts as none: what has a default falls back on it. */
  emptyIsAbsent?: true;
  /** Read while the module is loaded: not in a function, unless the module calls it itself. */
  atImport: boolean;
  /** Reached where the file is run as a program: below `if __name__ == "__main__"`, or in a function that is called there. */
  asProgram?: true;
  /** Its failure is caught and the program goes on, or something that is no variable decides whether it is reached. */
  unsure?: true;
  /** Nothing but the author's word (`!`, `as string`) says that it must be there. */
  asserted?: true;
  start: number;
  end: number;
}

/** A function that reads a variable by its parameter. */
export interface EnvironmentAccessor {
  name: string;
  /** The class that it is a method of, or null. */
  of: string | null;
  /** Whether it fails where the variable is absent and no default is given. */
  required: boolean;
  /** Index of the argument that is the default. */
  defaultArgument: number | null;
}

/** A call of a name that may be an accessor of another file: `get_env("X", 1)`. */
export interface EnvironmentCall {
  /** The last segment of what is called. */
  callee: string;
  /** What stands before it: `settings` of `settings.get("X")`. */
  object: string | null;
  name: string;
  arguments: number;
  /** Its failure is caught, or its result has something to fall back on. */
  handled: boolean;
  /** As for a read. */
  when?: EnvironmentTest;
  start: number;
  end: number;
  atImport: boolean;
  asProgram?: true;
}

/** What a class of pydantic settings says of the names of its fields. */
export interface SettingsNaming {
  prefix: string;
  caseSensitive: boolean;
  /** `env_ignore_empty`. */
  ignoresEmpty: boolean;
  versionOne: boolean;
}

/** A class of pydantic settings, or one that is if the class of another file that it stands on is. */
export interface SettingsClass {
  name: string;
  own: Partial<SettingsNaming>;
  /** The class of another file, and its module as written with its dots; null: it stands on BaseSettings. */
  base: { name: string; module: string } | null;
  /** Its fields and those of its bases in this file; none where `base` is null: those are reads. */
  fields: SettingsField[];
}

export interface SettingsField {
  name: string;
  /** They ignore the prefix. */
  aliases: string[];
  hasDefault: boolean;
  /** `Optional[…]`, which in pydantic 1 is a default. */
  nullable: boolean;
  atImport: boolean;
  start: number;
  end: number;
}

/** How one file's code reads its environment. */
export interface EnvironmentReads {
  reads: EnvironmentRead[];
  /** Names that the code sets itself, or that a declared scheme gives a default. */
  provided: string[];
  accessors: EnvironmentAccessor[];
  calls: EnvironmentCall[];
  /** Classes of settings; absent: none. */
  settings?: SettingsClass[];
  /** Names of functions that it calls with the name of a variable; absent: none. "" for what is no plain name. */
  called?: string[];
  /** What the code takes for DJANGO_SETTINGS_MODULE where it is not set. */
  settingsModule?: string | null;
  /** The keys of `.env.example` are all required (dotenv-safe). */
  exampleRequired?: boolean;
  lineStarts: number[];
}
