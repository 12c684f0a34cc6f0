import type { FunctionKey, Term } from "../../types/startup.ts";
import {
  addFlow,
  both,
  composingOf,
  emptyState,
  type Flow,
  joinStates,
  type Later,
  longer,
  noLater,
  type State,
  seen,
  union,
  unionLater,
  waitedFor,
  weaker,
} from "./state.ts";
import { structuresOf } from "./structure.ts";
import type { Composing, FlowInput, Obligation, Summary } from "./summary.ts";

/**
 * One function's effect on event sets, by one walk over its term. Effects only add: a caller's state is united with what a
 * function generates, so one summary per function is exact for every context.
 */

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
  const structureOf = structuresOf(input);
  const obligations: Obligation[] = [];
  const exposedJoins = exposedHandles(term);

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
