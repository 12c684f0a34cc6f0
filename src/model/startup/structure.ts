import type { Term } from "../../types/startup.ts";
import type { Bits, FlowInput } from "./summary.ts";

/** What happens somewhere in a piece of code, whatever was before it. */
export interface Structure {
  all: Bits;
  awaited: Bits;
  done: Bits;
  pend: Bits;
  maybe: Bits;
  falls: boolean;
}

/** A look-up of structures, each built once. */
export function structuresOf(input: FlowInput): (term: Term) => Structure {
  const structures = new Map<Term, Structure>();

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

  return structureOf;
}

function addStructure(sum: Structure, part: Structure): void {
  sum.all |= part.all;
  sum.awaited |= part.awaited;
  sum.done |= part.done;
  sum.pend |= part.pend;
  sum.maybe |= part.maybe;
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
