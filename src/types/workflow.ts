import type { DataNode } from "./data.ts";
import type { Expression } from "./expression.ts";
import type { Placed } from "./placed.ts";
import type { ShellScript } from "./shell.ts";
import type { Location, RepoPath } from "./text.ts";

/** A text with its range in the file. Offsets are UTF-16 code units; `lineStarts` of the file turns them into positions. */
export interface Spanned {
  text: string;
  start: number;
  end: number;
}

/** One `NAME: value` of env, with, secrets or outputs. A value that is no scalar has `text` "" and its own range. */
export interface NamedValue {
  name: string;
  /** Range of the name. */
  start: number;
  end: number;
  value: Spanned;
}

/** A GitHub workflow, or a composite action (`steps`, no jobs). */
export interface WorkflowFile {
  /** `none`: neither `jobs` nor `runs`; `unreadable`: the YAML does not load. */
  kind: "workflow" | "action" | "none" | "unreadable";
  name: Spanned | null;
  triggers: WorkflowTrigger[];
  env: NamedValue[];
  /** `defaults.run`. */
  defaults: WorkflowDefaults;
  /** Inputs of workflow_call, workflow_dispatch or the action, each name once. */
  inputs: WorkflowInput[];
  /** Secrets that workflow_call declares. */
  secrets: WorkflowInput[];
  /** Outputs of workflow_call or of the action. */
  outputs: NamedValue[];
  jobs: WorkflowJob[];
  /** Steps of a composite action. */
  steps: WorkflowStep[];
  /** Expressions outside jobs and steps. */
  expressions: KeyedExpression[];
  errors: { message: string; offset: number }[];
  lineStarts: number[];
}

export interface WorkflowDefaults {
  shell: Spanned | null;
  workingDirectory: Spanned | null;
}

export interface WorkflowTrigger {
  /** `push`, `pull_request`, `workflow_call` … */
  event: string;
  start: number;
  end: number;
  /** What stands below the event (branches, paths, types …); null for none. */
  node: DataNode | null;
}

export interface WorkflowInput {
  name: string;
  start: number;
  end: number;
  required: boolean;
  /** As written; null without a default. */
  default: Spanned | null;
}

/** An expression with the keys that lead to its value inside the job, step or file: `["env", "X"]`, `["if"]`, `["with", "ref"]`, `["run"]`. */
export interface KeyedExpression extends Expression {
  keys: (string | number)[];
}

export interface WorkflowJob {
  id: string;
  /** Range of the key that is the job's id. */
  start: number;
  end: number;
  /** End of the job's whole text. */
  bodyEnd: number;
  name: Spanned | null;
  needs: Spanned[];
  if: Condition | null;
  runsOn: Spanned[];
  /** Name of the deployment environment; may be an expression. */
  environment: Spanned | null;
  /** A reusable workflow: `./.github/workflows/x.yml` or `owner/repo/path@ref`. */
  uses: Spanned | null;
  with: NamedValue[];
  /** Secrets passed to the reusable workflow, or "inherit". */
  secrets: NamedValue[] | "inherit";
  outputs: NamedValue[];
  env: NamedValue[];
  defaults: WorkflowDefaults;
  /** `strategy.matrix` and the rest; null without. */
  strategy: DataNode | null;
  container: Spanned | null;
  /** The `env` of the container. */
  containerEnv: NamedValue[];
  services: DataNode | null;
  continueOnError: Spanned | null;
  concurrency: DataNode | null;
  permissions: DataNode | null;
  steps: WorkflowStep[];
  /** Expressions of the job outside its steps. */
  expressions: KeyedExpression[];
}

export interface Condition extends Spanned {
  /** The whole condition: an `if` is an expression with or without `${{ }}`. */
  expression: Expression;
}

export interface WorkflowStep {
  /** Position in the list, from 0. */
  index: number;
  /** Range of the whole step. */
  start: number;
  end: number;
  id: Spanned | null;
  name: Spanned | null;
  uses: Spanned | null;
  with: NamedValue[];
  env: NamedValue[];
  if: Condition | null;
  run: WorkflowRun | null;
  shell: Spanned | null;
  workingDirectory: Spanned | null;
  continueOnError: Spanned | null;
  expressions: KeyedExpression[];
}

export interface WorkflowRun extends Spanned {
  /**
   * The commands, positioned in the file. Null where the step's own `shell` is no POSIX shell (pwsh, python, cmd …).
   * A default shell of job or workflow does not change it: look at `defaults`.
   */
  script: ShellScript | null;
}

/** A job with what the graph of `needs` says. */
export type PipelineJob = Placed<WorkflowJob> & {
  /** Ids of the jobs that have ended before this one starts, over all `needs`, sorted; itself only in a cycle. */
  before: string[];
};

/** A workflow of the repository with its places. */
export type Workflow = Omit<Placed<WorkflowFile>, "jobs" | "errors"> & {
  path: RepoPath;
  jobs: PipelineJob[];
  errors: { message: string; at: Location }[];
};

export interface WorkflowModel {
  /** Files of .github/workflows, sorted by path; unreadable ones too. */
  workflows: Workflow[];
  /** Composite actions anywhere in the repository, sorted by path. */
  actions: Workflow[];
}

/** The processes of every Procfile, in the order of the files. */
export interface ProcfileModel {
  processes: { name: string; command: string; at: Location }[];
}
