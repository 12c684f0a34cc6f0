import type { ChainStep, ImportLevel, StartupEntry } from "../../types/imports.ts";
import type { PyExpression } from "../../types/python.ts";
import type { FileTree } from "../../types/workspace.ts";
import type { ModuleSearch } from "./modules.ts";
import type { PythonProgram, Value } from "./program.ts";
import type { Scope } from "./scopes.ts";
import type { Evaluator } from "./values.ts";

/** A chain as a list from its end: shared between everything that it leads to. */
export interface Link {
  step: ChainStep;
  before: Link | null;
  length: number;
}

/** The state of the walk through one body. */
export interface Context {
  /** Weakest link so far, for a missing module. */
  level: ImportLevel;
  /** The same for a missing name, which `except ModuleNotFoundError` does not catch. */
  nameLevel: ImportLevel;
  chain: Link | null;
  scope: Scope;
  /** The body ends at its first `yield`: what follows runs at shutdown. */
  untilYield: boolean;
}

/** What the walk offers to the knowledge of frameworks. */
export interface Walker {
  program: PythonProgram;
  values: Evaluator;
  entry: StartupEntry;
  files: FileTree;
  /** Runs a function, or a class's construction, at the context's level. */
  run(value: Value | null, at: PyExpression, context: Context, what: string, untilYield?: boolean): void;
  /** Imports a module named by a string. */
  importNamed(
    dotted: string,
    at: PyExpression,
    context: Context,
    what: string,
    optional?: boolean,
  ): ModuleSearch | null;
  /** What Django is configured by is not here: the order in which it imports its applications is not known. */
  settingsUnknown: boolean;
}
