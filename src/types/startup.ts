import type { StartupEntry } from "../config/schema.ts";
import type { CodePlace } from "./code.ts";
import type { Related, RunOrder } from "./finding.ts";
import type { Location, RepoPath } from "./text.ts";

/** How a call is made: `float` starts it (JavaScript) or only makes the coroutine object (Python) without waiting. */
export type CallMode = "sync" | "await" | "float";

/** One place where something happens that a selector may name. */
export interface Site {
  id: number;
  place: CodePlace;
  form: "call" | "new" | "assign" | "decorator" | "import";
  /** Dotted names by which a selector may know it: the resolved one first, then the written one where it may count. */
  names: string[];
  /** Of an assignment: the value as written. */
  value?: string;
  mode: CallMode;
  /** Identifies the object that the call is made on, where it could be followed to the place that made it. */
  receiver?: string;
  /** What the front end knows beyond the name; matched by built-in orders. */
  role?: string;
  /** True for a callee that is defined in this repository. */
  own?: boolean;
  /** The function that runs, where it is known. */
  target?: FunctionKey;
  /** The row of the table that names what is called. */
  listed?: CodePlace;
  /** A promise that nobody takes. */
  dropped?: boolean;
  /** A promise whose failure ends in a handler of its own: `connect().catch(report)`. */
  handled?: boolean;
}

/** Identifies a function (with its bound function-valued arguments), a module's top level or a root. */
export type FunctionKey = string;

/**
 * `now`: starts at once, runs on beside (a JavaScript promise that nobody awaits). `thread`: the same, but its failure stays its own.
 * `task`: starts at the next suspension. `callback`: runs at an unknown later time. `queued`: runs when a later `join` of the queue says so (Fastify's `register`).
 */
export type SpawnManner = "now" | "thread" | "task" | "callback" | "queued";

export interface TermHandler {
  body: Term;
  /** Whether an exception of any kind may end here: false where only other kinds are caught. */
  catches: boolean;
}

/** The event language: what one function does, in order. */
export type Term =
  /** A call that is an event by itself, runs `target`, or both; the event is complete when the callee is. */
  | { kind: "call"; site: Site; target: FunctionKey | null; isImport?: boolean }
  /** An unresolved call that could run one of these. */
  | { kind: "maybe"; site: Site; targets: FunctionKey[] }
  /** A coroutine object that nobody awaits: nothing runs. */
  | { kind: "lost"; site: Site }
  | { kind: "seq"; items: Term[] }
  | { kind: "alt"; branches: Term[] }
  /** Runs once or more; `endless`: left by `break` alone. */
  | { kind: "loop"; body: Term; endless?: boolean }
  | { kind: "try"; body: Term; handlers: TermHandler[]; otherwise: Term | null; finally: Term | null }
  /** Members are unordered among themselves; all are done after it. `guarded`: failures of members do not leave it. */
  | { kind: "par"; members: Term[]; guarded?: boolean }
  /** `handle`: the variable that a later `join` names. `dropped`: nobody can wait for it. `afterPending`: begins when everything pending is done. */
  | { kind: "spawn"; body: Term; manner: SpawnManner; handle?: string; dropped?: boolean; afterPending?: boolean }
  /** Waits for the handle; for one that was not seen to be given, perhaps for anything that somebody holds. */
  | { kind: "join"; handle: string }
  /** Waits for everything queued. */
  | { kind: "join-queue" }
  /** Waits for a signal that anything started may give: an event, a listener. */
  | { kind: "join-any" }
  | { kind: "return" | "throw" | "exit" | "break" | "continue" | "yield" };

export interface TermFunction {
  key: FunctionKey;
  /** As a reader names it: `app.startup.initialize`, `top level of app/main.py`. */
  label: string;
  place: CodePlace;
  term: Term;
  /** True where an unknown decorator may catch what the body raises. */
  mayCatch?: boolean;
}

/** What can be asked of the order; bits name event classes. */
export type OrderQuestion =
  /** Each of `before` must be done at each `after`. */
  | { kind: "order"; before: number[]; after: number }
  /** No `among` may come after `last`. */
  | { kind: "last"; last: number; among: number }
  | { kind: "once"; event: number }
  | { kind: "awaited"; event: number }
  | { kind: "exists"; event: number }
  | { kind: "optional"; event: number };

export interface OrderEntry {
  /** Position in the list that was asked. */
  index: number;
  question: OrderQuestion;
  allPaths: boolean;
}

/** Which event classes a site belongs to, and how classes behave. */
export interface EventClasses {
  count: number;
  classesOf(site: Site): readonly number[];
  /** Classes that count as done only when their call succeeded. */
  succeeded: readonly number[];
  /** Classes whose loops may run zero times. */
  zeroIterations: readonly number[];
}

export type OrderVerdict =
  | "reversed"
  | "racing"
  | "partial"
  | "absent"
  | "unknown"
  | "repeated"
  | "unawaited"
  | "unguarded";

/** One place that does not fit an entry. */
export interface OrderFinding {
  entry: number;
  verdict: OrderVerdict;
  level: "error" | "warning";
  /** Where; null for an event that is absent from the root. */
  site: Site | null;
  /** The calls from the root to the site, outermost first. */
  chain: Site[];
  /** The class that is late, missing or first. */
  other: number | null;
  /** The first place of the other class, with its chain. */
  otherSite: Site | null;
  otherChain: Site[];
  /** The unresolved call that could have reached the other class. */
  through: Site | null;
  /** The site stands in an exception handler. */
  inHandler: boolean;
  /** Further sites of the same finding: replayed in handlers. */
  rest: Site[];
}

/** One process whose start is looked at: an entry of an image, or a root that the configuration names. */
export interface StartupRoot {
  /** As a reader names it: `app.main:app`, `app/startup.py:initialize`. */
  label: string;
  path: RepoPath;
  /** Where the root begins: the function's name, or the first line of the file. */
  at: Location;
}

/** An entry of `startup:` that a root does not fulfil. */
export interface DeclaredFinding {
  /** Index into `startup:`. */
  index: number;
  /** Its `id`, or one made from its words. */
  id: string;
  entry: StartupEntry;
  root: StartupRoot;
  verdict: OrderVerdict;
  level: "error" | "warning";
  at: Location;
  /** What stands there, as the code names it. */
  name: string;
  /** The selector that is late, missing or first. */
  other: string | null;
  otherName: string | null;
  otherAt: Location | null;
  /** The calls that lead from the root to each of the two. */
  chain: StartupStep[];
  otherChain: StartupStep[];
  through: { name: string; at: Location } | null;
  /** The row of a table that names what is called there. */
  listed: Location | null;
  rest: Location[];
  order?: RunOrder;
}

export interface StartupStep {
  name: string;
  at: Location;
}

/** A selector or root that matches nothing. */
export interface UnmatchedSelector {
  index: number;
  id: string;
  /** Where it stands in the config. */
  at: Location;
  text: string;
  reason: "root" | "selector" | "syntax";
  nearest: string[];
}

/** One thing that a built-in rule is about, found while following the start-up. */
export interface StartupObservation {
  at: Location;
  subject: string;
  level?: "error" | "warning" | "note";
  /** Named parts of the sentence. */
  words: Readonly<Record<string, string>>;
  related: Related[];
  order?: RunOrder;
}

export type StartupObservationKind =
  | "unawaited-call"
  | "unawaited-value"
  | "await-of-sync"
  | "property-called"
  | "register-after-start"
  | "routes-after-listen"
  | "error-handler-before-routes"
  | "middleware-order"
  | "instrument-after-import"
  | "environment-before-dotenv"
  | "listen-before-connect"
  | "ready-before-init"
  | "captured-singleton"
  | "circular-import";

/** Events of one root that some entry names, for `show startup`. */
export interface ShownRoot {
  root: string;
  events: { selector: string; at: Location; mode: "must" | "may" | "pending"; chain: StartupStep[] }[];
}

/** What happens while each process starts. Everything is computed when first asked for, once. */
export interface StartupModel {
  /** Starts of processes; roots that only the configuration names are not among them. */
  readonly roots: readonly StartupRoot[];
  /** Number of entries in `startup:`; one more where a team has rules of its own, which may state others. */
  readonly declarations: number;
  declared(): readonly DeclaredFinding[];
  unmatched(): readonly UnmatchedSelector[];
  /** Judges an entry that does not stand in `startup:`: that of a team's own rule. */
  declare(entry: StartupEntry): {
    findings: readonly DeclaredFinding[];
    unmatched: readonly UnmatchedSelector[];
  };
  observe(kind: StartupObservationKind): readonly StartupObservation[];
  show(): readonly ShownRoot[];
}
