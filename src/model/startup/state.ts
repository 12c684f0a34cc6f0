import type { SpawnManner } from "../../types/startup.ts";
import type { Bits, Composing, Waited } from "./summary.ts";

/** Most sets are empty: then nothing is allocated, as a new bigint would be. */
export const union = (a: Bits, b: Bits): Bits => (b === 0n ? a : a === 0n ? b : a | b);

/** The state at a point, relative to the function's entry. */
export interface State {
  /** Finished on every path to here. */
  must: Bits;
  /** Finished on some path. */
  done: Bits;
  /** Started on some path, maybe unfinished. */
  pend: Bits;
  /** Could have been run by an unresolved call. */
  maybe: Bits;
  queuedMust: Bits;
  queuedDone: Bits;
  /** The part of `pend` that somebody holds and may wait for. */
  held: Bits;
  /** What was perhaps waited for since the entry of the function. */
  waited: Waited;
  handles: ReadonlyMap<string, { must: Bits; done: Bits }>;
}

/** What of a caller's started work is perhaps done after such waiting. */
export const waitedFor = (waited: Waited, caller: { pend: Bits; held: Bits }): Bits =>
  waited === 2 ? caller.pend : waited === 1 ? caller.held : 0n;
export const longer = (a: Waited, b: Waited): Waited => (a > b ? a : b);

/** What may still happen after a point: anything, and what happens only after something was awaited. */
export interface Later {
  all: Bits;
  awaited: Bits;
}

export const noLater: Later = { all: 0n, awaited: 0n };
export const emptyState: State = {
  must: 0n,
  done: 0n,
  pend: 0n,
  maybe: 0n,
  queuedMust: 0n,
  queuedDone: 0n,
  held: 0n,
  waited: 0,
  handles: new Map(),
};

/** Where a piece of code may be left to, with the state there; null: never. */
export interface Flow {
  fall: State | null;
  returns: State | null;
  breaks: State | null;
  continues: State | null;
}

export const unionLater = (a: Later, b: Later): Later => ({ all: a.all | b.all, awaited: a.awaited | b.awaited });

export function joinStates(a: State | null, b: State | null): State | null {
  if (a === null || b === null) return a ?? b;
  return {
    must: a.must & b.must,
    done: a.done | b.done,
    pend: a.pend | b.pend,
    maybe: a.maybe | b.maybe,
    queuedMust: a.queuedMust & b.queuedMust,
    queuedDone: a.queuedDone | b.queuedDone,
    held: a.held | b.held,
    waited: longer(a.waited, b.waited),
    handles: b.handles.size === 0 ? a.handles : new Map([...a.handles, ...b.handles]),
  };
}

/** What holds when both have run. */
export function both(a: State, b: State): State {
  return {
    must: a.must | b.must,
    done: a.done | b.done,
    pend: a.pend | b.pend,
    maybe: a.maybe | b.maybe,
    queuedMust: a.queuedMust | b.queuedMust,
    queuedDone: a.queuedDone | b.queuedDone,
    held: a.held | b.held,
    waited: longer(a.waited, b.waited),
    handles: new Map([...a.handles, ...b.handles]),
  };
}

export function addFlow(sum: Flow, part: Flow): void {
  sum.fall = joinStates(sum.fall, part.fall);
  sum.returns = joinStates(sum.returns, part.returns);
  sum.breaks = joinStates(sum.breaks, part.breaks);
  sum.continues = joinStates(sum.continues, part.continues);
}

/** Which manner leaves which later events visible to the started code. */
export const composingOf: Record<SpawnManner, Composing> = {
  now: "all",
  thread: "all",
  task: "awaited",
  callback: "none",
  queued: "none",
};
export const weaker = (a: Composing, b: Composing): Composing =>
  a === "none" || b === "none" ? "none" : a === "awaited" || b === "awaited" ? "awaited" : "all";
export const seen = (later: Later, composing: Composing): Bits =>
  composing === "all" ? later.all : composing === "awaited" ? later.awaited : 0n;
