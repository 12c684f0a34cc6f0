import type { Report, RuleId, Severity, Undecided } from "./finding.ts";
import type { ModelName, Models } from "./model.ts";
import type { RuleOptions } from "./options.generated.ts";

/** Options of a rule as its YAML declares them, with defaults filled in. */
export type OptionsOf<R> = R extends keyof RuleOptions ? RuleOptions[R] : Record<string, never>;

/**
 * One check. `needs` names the models it reads; `run` yields what is wrong, in any order.
 * No I/O, no async, no clock. Where it cannot decide it yields an `Undecided`, never silence.
 */
export interface Check<N extends ModelName = ModelName, R extends keyof RuleOptions | unknown = unknown> {
  needs: readonly N[];
  run(known: Pick<Models, N>, options: OptionsOf<R>): Iterable<Report | Undecided>;
}

/** A check with what it reads, said apart: a run in which none of that is there does without the check itself. */
export interface CheckOfRule {
  needs: readonly ModelName[];
  check(): Check;
}

export type OptionValue = string | number | boolean | string[];

/** One option of a rule; `default` gives the type where `type` could be several. */
export interface OptionDescriptor {
  type: "string" | "integer" | "boolean" | "strings";
  default: OptionValue;
  description: string;
}

/** A finding that an example expects; what is left out is not compared. */
export interface ExpectedFinding {
  /** `path:line` or `path:line:column`. */
  at: string;
  subject?: string;
  severity?: Severity;
  /** Text that the message must contain. */
  message?: string;
}

/** A commit of an example's history, made in a real git repository. */
export interface ExampleCommit {
  branch: string;
  subject: string;
  /** Branch or earlier commit to start `branch` from when it is new. */
  from?: string;
  files?: Record<string, string | null>;
  /** Merge this branch into `branch`. */
  merge?: string;
}

/** A small file tree with the findings expected in it: test and documentation at once. */
export interface RuleExample {
  title: string;
  files: Record<string, string>;
  /** Paths of `files` that are executable. */
  executable?: string[];
  /** Commits made before `files`; only for rules that need history. */
  history?: ExampleCommit[];
  options?: Record<string, OptionValue>;
  /** Empty: this look-alike must stay silent. */
  findings: ExpectedFinding[];
  /** True where the rule must say that it cannot decide. */
  undecided?: boolean;
}

/** A rule as its YAML describes it. */
export interface RuleDescriptor {
  id: RuleId;
  title: string;
  severity: Severity | "off";
  why: string;
  fix: string;
  /** Id of the check that runs; the rule's own id unless the YAML says otherwise. */
  check: RuleId;
  options: Record<string, OptionDescriptor>;
  examples: RuleExample[];
}
