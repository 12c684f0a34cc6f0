import type { FunctionKey, Site, SpawnManner, Term } from "../../types/startup.ts";

/**
 * One function's effect on event sets, by one walk over its term. Effects only add: a caller's state is united with what a
 * function generates, so one summary per function is exact for every context.
 */

/** A set of event classes as the bits of an integer. */
export type Bits = bigint;

/** Most sets are empty: then nothing is allocated, as a new bigint would be. */
const union = (a: Bits, b: Bits): Bits => (b === 0n ? a : a === 0n ? b : a | b);

/** The bits a site sets, and those that make it worth remembering. */
export interface SiteBits {
  /** Set when the call is done. */
  bits: Bits;
  /** Set while it is started and not awaited. */
  lost: Bits;
  /** Whether some question is asked at this site. */
  asked: boolean;
}

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

/** Nothing; what somebody holds; anything that was started. */
export type Waited = 0 | 1 | 2;

/** What of a caller's started work is perhaps done after such waiting. */
const waitedFor = (waited: Waited, caller: { pend: Bits; held: Bits }): Bits =>
  waited === 2 ? caller.pend : waited === 1 ? caller.held : 0n;
const longer = (a: Waited, b: Waited): Waited => (a > b ? a : b);

/** What may still happen after a point: anything, and what happens only after something was awaited. */
export interface Later {
  all: Bits;
  awaited: Bits;
}

/** How events after the spawn of the code that holds a site count as later than it. */
export type Composing = "all" | "awaited" | "none";

/** A list that callers put their site before: the rest is shared, for a site is carried up through every caller. */
export type Chain = { site: Site; rest: Chain } | null;

export function sitesOf(chain: Chain): Site[] {
  const sites: Site[] = [];
  for (let at = chain; at !== null; at = at.rest) sites.push(at.site);
  return sites;
}

/** A site at which a question is asked, with the state before it, seen from the function that has the summary. */
export interface Obligation {
  site: Site;
  /** The function that holds the site. */
  home: FunctionKey;
  must: Bits;
  done: Bits;
  pend: Bits;
  maybe: Bits;
  later: Bits;
  waited: Waited;
  composing: Composing;
  /** A failure of the call may leave the function: no handler on the way. */
  exposed: boolean;
  /** Belongs to a promise that nobody awaits: handlers around its start do not see its failure. */
  loose: boolean;
  /** Stands in an exception handler. */
  inHandler: boolean;
  /** Reached through the first import of a module. */
  imported: boolean;
  /** Call sites from the function down to the site's own function, outermost first. */
  chain: Chain;
  /** The first unresolved call before the site that could reach some class. */
  through: Site | null;
}

export interface Summary {
  must: Bits;
  done: Bits;
  pend: Bits;
  maybe: Bits;
  queuedMust: Bits;
  queuedDone: Bits;
  held: Bits;
  waited: Waited;
  /** Everything that happens in it or in what it starts. */
  occurs: Bits;
  /** The part of `occurs` that is awaited. */
  occursAwaited: Bits;
  /** It never returns: always throws or exits. */
  ends: boolean;
  obligations: Obligation[];
}

export interface FlowInput {
  siteBits(site: Site): SiteBits;
  summary(key: FunctionKey): Summary | null;
  /** Classes that an attempt completes. */
  attempted: Bits;
  /** Classes whose loops may run zero times. */
  zeroIterations: Bits;
  /** Drops an obligation that no caller can make worse. */
  keeps(obligation: Obligation): boolean;
}

const noLater: Later = { all: 0n, awaited: 0n };
const emptyState: State = {
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

interface Flow {
  fall: State | null;
  returns: State | null;
  breaks: State | null;
  continues: State | null;
}

interface Surroundings {
  later: Later;
  breakLater: Later;
  continueLater: Later;
  returnLater: Later;
  composing: Composing;
  exposed: boolean;
  loose: boolean;
  inHandler: boolean;
}

interface Structure {
  all: Bits;
  awaited: Bits;
  done: Bits;
  pend: Bits;
  maybe: Bits;
  falls: boolean;
}

const unionLater = (a: Later, b: Later): Later => ({ all: a.all | b.all, awaited: a.awaited | b.awaited });

function joinStates(a: State | null, b: State | null): State | null {
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

/** Which manner leaves which later events visible to the started code. */
const composingOf: Record<SpawnManner, Composing> = {
  now: "all",
  thread: "all",
  task: "awaited",
  callback: "none",
  queued: "none",
};
const weaker = (a: Composing, b: Composing): Composing =>
  a === "none" || b === "none" ? "none" : a === "awaited" || b === "awaited" ? "awaited" : "all";
const seen = (later: Later, composing: Composing): Bits =>
  composing === "all" ? later.all : composing === "awaited" ? later.awaited : 0n;

/** Handles that some `join` outside of every guard waits for: their failures come out there. */
function exposedHandles(term: Term): Set<string> {
  const found = new Set<string>();
  const visit = (at: Term, guarded: boolean): void => {
    switch (at.kind) {
      case "join":
        if (!guarded) found.add(at.handle);
        break;
      case "seq":
        for (const item of at.items) visit(item, guarded);
        break;
      case "alt":
        for (const branch of at.branches) visit(branch, guarded);
        break;
      case "loop":
        visit(at.body, guarded);
        break;
      case "try":
        visit(at.body, guarded || at.handlers.some((handler) => handler.catches));
        for (const handler of at.handlers) visit(handler.body, guarded);
        if (at.otherwise) visit(at.otherwise, guarded);
        if (at.finally) visit(at.finally, guarded);
        break;
      case "par":
        for (const member of at.members) visit(member, guarded || at.guarded === true);
        break;
      default:
        break;
    }
  };
  visit(term, false);
  return found;
}

/** The summary of one function's term. Linear in its size; loops and recursion cost no second walk. */
export function summarize(key: FunctionKey, term: Term, input: FlowInput): Summary {
  const structures = new Map<Term, Structure>();
  const obligations: Obligation[] = [];
  const exposedJoins = exposedHandles(term);

  const structureOf = (at: Term): Structure => {
    const known = structures.get(at);
    if (known) return known;
    const made = buildStructure(at);
    structures.set(at, made);
    return made;
  };

  function buildStructure(at: Term): Structure {
    const nothing: Structure = { all: 0n, awaited: 0n, done: 0n, pend: 0n, maybe: 0n, falls: true };
    switch (at.kind) {
      case "call": {
        const callee = at.target === null ? null : input.summary(at.target);
        const { bits } = input.siteBits(at.site);
        return {
          all: bits | (callee?.occurs ?? 0n),
          awaited: (at.site.mode === "await" ? bits : 0n) | (callee?.occursAwaited ?? 0n),
          done: bits | (callee?.done ?? 0n),
          pend: callee?.pend ?? 0n,
          maybe: callee?.maybe ?? 0n,
          falls: !(callee?.ends ?? false),
        };
      }
      case "maybe": {
        let reach = 0n;
        for (const target of at.targets) reach |= input.summary(target)?.occurs ?? 0n;
        return { ...nothing, maybe: reach | input.siteBits(at.site).bits };
      }
      case "lost":
        return { ...nothing, pend: input.siteBits(at.site).lost };
      case "seq": {
        const sum = { ...nothing };
        for (const item of at.items) {
          const part = structureOf(item);
          addStructure(sum, part);
          if (!part.falls) {
            sum.falls = false;
            break;
          }
        }
        return sum;
      }
      case "alt": {
        const sum = { ...nothing, falls: at.branches.length === 0 };
        for (const branch of at.branches) {
          const part = structureOf(branch);
          addStructure(sum, part);
          sum.falls ||= part.falls;
        }
        return sum;
      }
      case "loop":
        return { ...structureOf(at.body), falls: at.endless === true ? hasBreak(at.body) : true };
      case "try": {
        const sum = { ...nothing };
        const body = structureOf(at.body);
        addStructure(sum, body);
        let falls = body.falls;
        if (at.otherwise) {
          const otherwise = structureOf(at.otherwise);
          addStructure(sum, otherwise);
          falls &&= otherwise.falls;
        }
        for (const handler of at.handlers) {
          const part = structureOf(handler.body);
          // What a handler does is done on some path, but a path through the body's site need not come to it.
          sum.done |= part.done;
          sum.pend |= part.pend;
          sum.maybe |= part.maybe | part.all;
          falls ||= part.falls;
        }
        if (at.finally) {
          const last = structureOf(at.finally);
          addStructure(sum, last);
          falls &&= last.falls;
        }
        return { ...sum, falls };
      }
      case "par": {
        const sum = { ...nothing };
        for (const member of at.members) addStructure(sum, structureOf(member));
        sum.awaited |= sum.all;
        return sum;
      }
      case "spawn": {
        const body = structureOf(at.body);
        const held = at.handle !== undefined || at.manner === "queued";
        return {
          all: body.all,
          awaited: body.all,
          done: held ? body.done : 0n,
          pend: body.done | body.pend,
          maybe: body.maybe,
          falls: true,
        };
      }
      case "join":
      case "join-queue":
      case "join-any":
      case "yield":
        return nothing;
      default:
        return { ...nothing, falls: false };
    }
  }

  const record = (obligation: Obligation): void => {
    if (input.keeps(obligation)) obligations.push(obligation);
  };

  function walk(at: Term, state: State, around: Surroundings): Flow {
    const only = (fall: State | null): Flow => ({ fall, returns: null, breaks: null, continues: null });
    switch (at.kind) {
      case "call": {
        const { bits, asked } = input.siteBits(at.site);
        const callee = at.target === null ? null : input.summary(at.target);
        let after = state;
        if (callee !== null) {
          for (const inner of callee.obligations) {
            // The site's own function calls itself: the outer round says what there is to say.
            if (inner.home === key) continue;
            record({
              ...inner,
              must: union(inner.must, state.must),
              done: union(union(inner.done, state.done), waitedFor(inner.waited, state)),
              pend: union(inner.pend, state.pend),
              maybe: union(inner.maybe, state.maybe),
              waited: longer(inner.waited, state.waited),
              later: union(inner.later, seen(around.later, inner.composing)),
              composing: weaker(inner.composing, around.composing),
              exposed: inner.exposed && (inner.loose || around.exposed),
              loose: inner.loose || around.loose,
              inHandler: inner.inHandler || around.inHandler,
              imported: inner.imported || at.isImport === true,
              chain: { site: at.site, rest: inner.chain },
              through: inner.through,
            });
          }
          after = {
            must: union(state.must, callee.must),
            done: union(union(state.done, callee.done), waitedFor(callee.waited, state)),
            pend: union(state.pend, callee.pend),
            maybe: union(state.maybe, callee.maybe),
            queuedMust: union(state.queuedMust, callee.queuedMust),
            queuedDone: union(state.queuedDone, callee.queuedDone),
            held: union(state.held, callee.held),
            waited: longer(state.waited, callee.waited),
            handles: state.handles,
          };
        }
        if (asked) {
          // What the callee itself does counts as in time: "B runs A first" is an order, too.
          record({
            site: at.site,
            home: key,
            must: after.must,
            done: after.done,
            pend: state.pend,
            maybe: state.maybe,
            waited: state.waited,
            later: around.later.all,
            composing: around.composing,
            exposed: around.exposed,
            loose: around.loose,
            inHandler: around.inHandler,
            imported: false,
            chain: null,
            through: null,
          });
        }
        if (callee?.ends) return only(null);
        return only(bits === 0n ? after : { ...after, must: after.must | bits, done: after.done | bits });
      }
      case "maybe": {
        const { maybe } = structureOf(at);
        return only(maybe === 0n ? state : { ...state, maybe: state.maybe | maybe });
      }
      case "lost": {
        const { lost } = input.siteBits(at.site);
        return only(lost === 0n ? state : { ...state, pend: state.pend | lost });
      }
      case "seq": {
        const flow: Flow = only(state);
        const tails: Later[] = new Array(at.items.length + 1);
        tails[at.items.length] = around.later;
        for (let index = at.items.length - 1; index >= 0; index--) {
          tails[index] = laterFrom(at.items[index] as Term, tails[index + 1] as Later, around);
        }
        for (const [index, item] of at.items.entries()) {
          if (flow.fall === null) break;
          const part = walk(item, flow.fall, { ...around, later: tails[index + 1] as Later });
          flow.fall = part.fall;
          flow.returns = joinStates(flow.returns, part.returns);
          flow.breaks = joinStates(flow.breaks, part.breaks);
          flow.continues = joinStates(flow.continues, part.continues);
        }
        return flow;
      }
      case "alt": {
        const flow: Flow = only(at.branches.length === 0 ? state : null);
        for (const branch of at.branches) addFlow(flow, walk(branch, state, around));
        return flow;
      }
      case "loop": {
        const inside = structureOf(at.body);
        const head: State = {
          ...state,
          done: state.done | inside.done,
          pend: state.pend | inside.pend,
          maybe: state.maybe | inside.maybe,
        };
        const again = unionLater(around.later, { all: inside.all, awaited: inside.awaited });
        const body = walk(at.body, head, {
          ...around,
          later: again,
          breakLater: around.later,
          continueLater: again,
        });
        let fall = at.endless ? body.breaks : joinStates(joinStates(body.fall, body.continues), body.breaks);
        if (fall !== null && input.zeroIterations !== 0n) {
          fall = { ...fall, must: (fall.must & ~input.zeroIterations) | (state.must & input.zeroIterations) };
        }
        return { fall, returns: body.returns, breaks: null, continues: null };
      }
      case "try":
        return walkTry(at, state, around);
      case "par": {
        const flow: Flow = only(state);
        let after: State | null = state;
        const parts = at.members.map(structureOf);
        for (const [index, member] of at.members.entries()) {
          let beside = 0n;
          for (const [other, part] of parts.entries()) if (other !== index) beside |= part.done | part.pend;
          const start = { ...state, pend: state.pend | beside };
          const part = walk(member, start, { ...around, exposed: around.exposed && at.guarded !== true });
          flow.returns = joinStates(flow.returns, part.returns);
          if (after !== null && part.fall !== null) after = both(after, part.fall);
          else after = null;
        }
        flow.fall = after;
        return flow;
      }
      case "spawn": {
        const composing = composingOf[at.manner];
        const inside = structureOf(at.body);
        const visible = seen(around.later, composing);
        const start: State = at.afterPending
          ? { ...state, must: state.must | state.pend, done: state.done | state.pend }
          : state;
        // The rejection of a promise that nobody awaits ends the process, whatever `try` stands around its start.
        const loose = at.manner === "now" && at.dropped === true;
        const body = walk(at.body, start, {
          later: { all: visible, awaited: visible },
          breakLater: noLater,
          continueLater: noLater,
          returnLater: { all: visible, awaited: visible },
          composing: weaker(around.composing, composing),
          exposed: loose || (at.handle !== undefined && exposedJoins.has(at.handle) && around.exposed),
          loose: loose || around.loose,
          inHandler: around.inHandler,
        });
        const end = joinStates(body.fall, body.returns);
        const gained = { must: end === null ? 0n : end.must & ~state.must, done: inside.done };
        let after: State = {
          ...state,
          pend: state.pend | inside.done | inside.pend,
          maybe: state.maybe | inside.maybe,
          held: at.dropped ? state.held : state.held | inside.done | inside.pend,
        };
        if (at.handle !== undefined) {
          const before = after.handles.get(at.handle);
          const held = { must: gained.must | (before?.must ?? 0n), done: gained.done | (before?.done ?? 0n) };
          after = { ...after, handles: new Map(after.handles).set(at.handle, held) };
        }
        if (at.manner === "queued") {
          after = {
            ...after,
            queuedMust: after.queuedMust | gained.must,
            queuedDone: after.queuedDone | gained.done,
          };
        }
        return only(after);
      }
      case "join": {
        const held = state.handles.get(at.handle);
        if (held === undefined)
          return only({ ...state, done: state.done | state.held, waited: longer(state.waited, 1) });
        return only({ ...state, must: state.must | held.must, done: state.done | held.done });
      }
      case "join-any":
        return only({ ...state, done: state.done | state.pend, waited: 2 });
      case "join-queue":
        return only({
          ...state,
          must: state.must | state.queuedMust,
          done: state.done | state.queuedDone,
          queuedMust: 0n,
          queuedDone: 0n,
        });
      case "return":
        return { fall: null, returns: state, breaks: null, continues: null };
      case "break":
        return { fall: null, returns: null, breaks: state, continues: null };
      case "continue":
        return { fall: null, returns: null, breaks: null, continues: state };
      case "yield":
        return only(state);
      default:
        return only(null);
    }
  }

  function laterFrom(item: Term, rest: Later, around: Surroundings): Later {
    if (item.kind === "break") return around.breakLater;
    if (item.kind === "continue") return around.continueLater;
    if (item.kind === "return") return around.returnLater;
    if (item.kind === "throw" || item.kind === "exit") return noLater;
    const own = structureOf(item);
    const here: Later = { all: own.all, awaited: own.awaited };
    return own.falls ? unionLater(here, rest) : here;
  }

  function walkTry(at: Extract<Term, { kind: "try" }>, state: State, around: Surroundings): Flow {
    const last = at.finally === null ? null : structureOf(at.finally);
    const afterAll: Later =
      last === null
        ? around.later
        : unionLater({ all: last.all, awaited: last.awaited }, last.falls ? around.later : noLater);
    const through = (later: Later): Later =>
      last === null ? later : unionLater({ all: last.all, awaited: last.awaited }, later);
    const inside: Surroundings = {
      ...around,
      later: afterAll,
      breakLater: through(around.breakLater),
      continueLater: through(around.continueLater),
      returnLater: through(around.returnLater),
    };
    const bodyLater = at.otherwise === null ? afterAll : laterFrom(at.otherwise, afterAll, inside);
    const body = walk(at.body, state, {
      ...inside,
      later: bodyLater,
      exposed: around.exposed && !at.handlers.some((handler) => handler.catches),
    });
    const flow: Flow = { ...body };
    if (at.otherwise !== null && body.fall !== null) {
      flow.fall = null;
      addFlow(flow, walk(at.otherwise, body.fall, inside));
    }
    const gone = structureOf(at.body);
    const handlerStart: State = {
      ...state,
      done: state.done | gone.done,
      pend: state.pend | gone.pend,
      maybe: state.maybe | gone.maybe,
    };
    const tried = (joinStates(body.fall, body.returns)?.must ?? 0n) & input.attempted;
    for (const handler of at.handlers) {
      const part = walk(handler.body, handlerStart, { ...inside, inHandler: true });
      const kept = (end: State | null): State | null => (end === null ? null : { ...end, must: end.must | tried });
      addFlow(flow, { ...part, fall: kept(part.fall), breaks: kept(part.breaks), continues: kept(part.continues) });
    }
    if (at.finally === null) return flow;
    const last0 = walk(at.finally, handlerStart, around);
    const gained = last0.fall;
    const pass = (end: State | null): State | null =>
      end === null || gained === null
        ? null
        : {
            ...end,
            must: end.must | gained.must,
            done: end.done | gained.done,
            pend: end.pend | gained.pend,
            maybe: end.maybe | gained.maybe,
            held: end.held | gained.held,
            waited: longer(end.waited, gained.waited),
          };
    return {
      fall: pass(flow.fall),
      returns: joinStates(pass(flow.returns), last0.returns),
      breaks: joinStates(pass(flow.breaks), last0.breaks),
      continues: joinStates(pass(flow.continues), last0.continues),
    };
  }

  const whole = walk(term, emptyState, {
    later: noLater,
    breakLater: noLater,
    continueLater: noLater,
    returnLater: noLater,
    composing: "all",
    exposed: true,
    loose: false,
    inHandler: false,
  });
  const end = joinStates(whole.fall, whole.returns);
  const structure = structureOf(term);
  return {
    must: end?.must ?? 0n,
    done: end?.done ?? structure.done,
    pend: end?.pend ?? structure.pend,
    maybe: end?.maybe ?? structure.maybe,
    queuedMust: end?.queuedMust ?? 0n,
    queuedDone: end?.queuedDone ?? 0n,
    held: end?.held ?? 0n,
    waited: end?.waited ?? 0,
    occurs: structure.all,
    occursAwaited: structure.awaited,
    ends: end === null,
    obligations,
  };
}

function both(a: State, b: State): State {
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

function addStructure(sum: Structure, part: Structure): void {
  sum.all |= part.all;
  sum.awaited |= part.awaited;
  sum.done |= part.done;
  sum.pend |= part.pend;
  sum.maybe |= part.maybe;
}

function addFlow(sum: Flow, part: Flow): void {
  sum.fall = joinStates(sum.fall, part.fall);
  sum.returns = joinStates(sum.returns, part.returns);
  sum.breaks = joinStates(sum.breaks, part.breaks);
  sum.continues = joinStates(sum.continues, part.continues);
}

/** Whether a `break` of this loop stands in its body. */
function hasBreak(term: Term): boolean {
  switch (term.kind) {
    case "break":
      return true;
    case "seq":
      return term.items.some(hasBreak);
    case "alt":
      return term.branches.some(hasBreak);
    case "try":
      return (
        hasBreak(term.body) ||
        term.handlers.some((handler) => hasBreak(handler.body)) ||
        (term.otherwise !== null && hasBreak(term.otherwise)) ||
        (term.finally !== null && hasBreak(term.finally))
      );
    default:
      return false;
  }
}
