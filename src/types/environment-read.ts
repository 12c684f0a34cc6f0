import type { Need } from "./secret-reference.ts";

/** One read of an environment variable in code. Offsets are UTF-16 code units. */
export interface EnvironmentRead {
  name: string;
  need: Need;
  /** As written, shortened: `os.environ["X"]`. */
  form: string;
  /** Another variable whose presence makes this read unnecessary. */
  unless: string | null;
  /** Further names that do as well. */
  anyOf?: string[];
  /** An empty value counts as none: what has a default falls back on it. */
  emptyIsAbsent?: true;
  /** Read while the module is loaded, not inside a function. */
  atImport: boolean;
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
  start: number;
  end: number;
  atImport: boolean;
}

/** How one file's code reads its environment. */
export interface EnvironmentReads {
  reads: EnvironmentRead[];
  /** Names that the code sets itself, or that a declared scheme gives a default. */
  provided: string[];
  accessors: EnvironmentAccessor[];
  calls: EnvironmentCall[];
  /** Names of functions that it calls with the name of a variable; absent: none. "" for what is no plain name. */
  called?: string[];
  /** What the code takes for DJANGO_SETTINGS_MODULE where it is not set. */
  settingsModule?: string | null;
  /** The keys of `.env.example` are all required (dotenv-safe). */
  exampleRequired?: boolean;
  lineStarts: number[];
}
