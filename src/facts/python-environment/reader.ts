import { type MaybeTest, without } from "../../sources/environment-tests.ts";
import type { EnvironmentRead, EnvironmentReads } from "../../types/environment-read.ts";
import type { Need } from "../../types/need.ts";
import type { PyClass, PyExpression, PythonFile } from "../../types/python.ts";
import { startedFunctions } from "./started.ts";
import { dotted } from "./syntax.ts";

/** What the walk knows of the place it is at. */
export interface Scope {
  /** Names whose presence is asked about on the way here, or whose absence is handled. */
  guarded: ReadonlySet<string>;
  handled: boolean;
  unless: string | null;
  /** What the environment must be to come here. */
  when: MaybeTest;
  inFunction: boolean;
  /** Something that is no variable decides whether the place is reached. */
  unsure: boolean;
  /** Only where the file is run as a program: below `if __name__ == "__main__"`. */
  asProgram: boolean;
  /** Literal values of loop variables. */
  values: ReadonlyMap<string, readonly string[]>;
  /** The class whose body this is. */
  owner: string | null;
}

/** What the walk over a file has found so far. */
export interface Reader {
  text: string;
  file: PythonFile;
  os: Set<string>;
  environ: Set<string>;
  getenv: Set<string>;
  /** Objects of django-environ or environs, called to read. */
  readers: Set<string>;
  /** `config` of decouple. */
  decouple: Set<string>;
  result: EnvironmentReads;
  /** Reads bound to a name, so that a later `if not name: raise` can make them required. */
  bound: Map<string, EnvironmentRead[]>;
  lists: Map<string, string[]>;
  /** Names of the function, or of the module, that the environment decides, with what they are; null: it differs. */
  settings: Map<string, PyExpression | null>;
  /** Names of lists of those variables that are absent: `missing = [n for n in NAMES if not os.getenv(n)]`. */
  lacking: Map<string, { names: string[]; at: PyExpression }>;
  /** Reads that are optional only because of what stands around them. */
  soft: Set<EnvironmentRead>;
  /** Reads whose default is an empty text: as good as none where that is asked about. */
  emptied: Set<EnvironmentRead>;
  /** Classes of the file by name, for inherited settings and nested models. */
  classes: Map<string, PyClass>;
  /** True where the file uses pydantic 1. */
  pydanticOne: boolean;
  /** Functions that the module calls while it is loaded; true: only where it is run as a program. */
  started: ReadonlyMap<string, boolean>;
}

/** A reader that has seen nothing of a file yet. */
export function readerOf(file: PythonFile, text: string): Reader {
  const result: EnvironmentReads = { reads: [], provided: [], accessors: [], calls: [], lineStarts: file.lineStarts };
  return {
    text,
    file,
    os: new Set(),
    environ: new Set(),
    getenv: new Set(),
    readers: new Set(),
    decouple: new Set(),
    result,
    bound: new Map(),
    lists: new Map(),
    settings: new Map(),
    lacking: new Map(),
    soft: new Set(),
    emptied: new Set(),
    classes: new Map(file.body.flatMap((one) => (one.kind === "class" ? [[one.name.text, one] as const] : []))),
    pydanticOne: /from pydantic import[^\n]*\bBaseSettings\b/.test(text),
    started: startedFunctions(file, text),
  };
}

/** The top level of a module. */
export const topLevel: Scope = {
  guarded: new Set(),
  handled: false,
  unless: null,
  when: null,
  inFunction: false,
  unsure: false,
  asProgram: false,
  values: new Map(),
  owner: null,
};

/** The scope behind a test that these names are there. */
export const withGuards = (scope: Scope, names: readonly string[]): Scope =>
  names.length === 0 ? scope : { ...scope, guarded: new Set([...scope.guarded, ...names]) };

/** The names that an expression gives: a text, or a loop variable's literal values. */
export function namesOf(one: PyExpression | undefined, scope: Scope): readonly string[] {
  if (one?.kind === "string") return [one.value];
  return one?.kind === "name" ? (scope.values.get(one.name) ?? []) : [];
}

/** Whether an expression is the whole environment, `os.environ` under any of its names. */
export function isEnviron(one: PyExpression, reader: Reader): boolean {
  const name = dotted(one);
  return name !== null && (reader.environ.has(name) || (name.endsWith(".environ") && reader.os.has(name.slice(0, -8))));
}

/** Notes a read of a variable. */
export function read(name: string, need: Need, one: PyExpression, scope: Scope, reader: Reader): EnvironmentRead {
  const free = scope.handled || scope.guarded.has(name);
  const form = reader.text.slice(one.start, Math.min(one.end, one.start + 80)).replace(/\s+/g, " ");
  const made: EnvironmentRead = {
    name,
    need: free ? "optional" : need,
    form,
    unless: scope.unless === name ? null : scope.unless,
    atImport: !scope.inFunction,
    ...(scope.asProgram ? { asProgram: true as const } : {}),
    ...(scope.unsure ? { unsure: true as const } : {}),
    start: one.start,
    end: one.end,
    ...conditional(name, scope),
  };
  reader.result.reads.push(made);
  return made;
}

/** What else the environment must be for a name to be read here. */
export function conditional(name: string, scope: Scope): Pick<EnvironmentRead, "when"> {
  const when = without(scope.when, name);
  return when === null ? {} : { when };
}

/** Makes a read required where the absence of its variable ends the process in a branch. */
export function demand(one: EnvironmentRead, scope: Scope): void {
  one.need = "required";
  delete one.when;
  Object.assign(one, conditional(one.name, scope));
}
