import type { Need } from "./secret-reference.ts";

/** One read of an environment variable in code. Offsets are UTF-16 code units. */
export interface EnvironmentRead {
  name: string;
  need: Need;
  /** As written, shortened: `os.environ["X"]`. */
  form: string;
  /** Another variable whose presence makes this read unnecessary. */
  unless: string | null;
  /** Read while the module is loaded, not inside a function. */
  atImport: boolean;
  start: number;
  end: number;
}

/** How one file's code reads its environment. */
export interface EnvironmentReads {
  reads: EnvironmentRead[];
  /** Names that the code sets itself, or that a declared scheme gives a default. */
  provided: string[];
  /** Functions of the file that read a variable by their parameter. */
  accessors: { name: string; required: boolean; defaultArgument: number | null }[];
  /** Calls of names that may be accessors of another file: `get_env("X", 1)`. */
  calls: { callee: string; name: string; arguments: number; start: number; end: number; atImport: boolean }[];
  lineStarts: number[];
}
