import type {
  EventClasses,
  FunctionKey,
  OrderEntry,
  OrderFinding,
  Site,
  Term,
  TermFunction,
} from "../../types/startup.ts";
import { callIndexOf } from "./call-index.ts";
import { summarize } from "./flow.ts";
import { type Bits, type FlowInput, type Obligation, type SiteBits, type Summary, sitesOf } from "./summary.ts";
import { eachTerm } from "./terms.ts";

/** At most this many contexts of one site are carried through one function; the worst are kept. */
const contextsPerSite = 24;
/** Rounds after which recursion is taken as settled; effects only add, so two suffice in nearly all code. */
const maximumRounds = 6;

const bit = (index: number): Bits => 1n << BigInt(index);

/** What one root run says about every entry. */
export interface OrderResult {
  findings: OrderFinding[];
  /** Event classes that occur somewhere in the root, handlers and started code included. */
  present: ReadonlySet<number>;
  /** Every event of the root with how certain it is, in the order of the text, for `show startup`. */
  summary: Summary;
}

/**
 * Judges entries against what a root does. Summaries per function, never inlining; cost is the size of the terms plus
 * call edges times open obligations.
 * @param functions looked up by key; a key that is absent is a call without effect
 */
export function judgeOrder(
  root: FunctionKey,
  functions: ReadonlyMap<FunctionKey, TermFunction>,
  classes: EventClasses,
  entries: readonly OrderEntry[],
): OrderResult {
  const bits = allocateBits(classes, entries);
  const summaries = new Map<FunctionKey, Summary>();
  const index = callIndexOf(functions);
  const relevant = index.leadingTo((site) => bits.classesAt(site).size > 0);
  const others = new Map<FunctionKey, Summary>();
  // A function that no event is reached from still ends, or waits for what its caller started.
  const effectOnly = (key: FunctionKey): Summary | null => {
    const known = others.get(key);
    if (known) return known;
    const effect = index.effect(root, key);
    if (effect === undefined || (!effect.ends && effect.waited === 0)) return null;
    const made = { ...emptySummary(), ...effect };
    others.set(key, made);
    return made;
  };
  const input: FlowInput = {
    siteBits: bits.of,
    summary: (key) => summaries.get(key) ?? effectOnly(key),
    attempted: ~bits.set(classes.succeeded),
    zeroIterations: bits.set(classes.zeroIterations),
    keeps: (obligation) => bits.open(obligation),
  };
  for (const whole of index.components(root)) {
    const component = whole.filter((key) => relevant.has(key));
    if (component.length === 0) continue;
    const recursive = whole.length > 1 || index.callees(whole[0] as FunctionKey).includes(whole[0] as FunctionKey);
    for (let round = 0; round < (recursive ? maximumRounds : 1); round++) {
      let changed = false;
      for (const key of component) {
        const made = functions.get(key);
        if (made === undefined) continue;
        const before = summaries.get(key);
        const idle = index.inProgress(root, key);
        const seen: FlowInput = idle
          ? { ...input, summary: (one) => (idle.has(one) ? null : input.summary(one)) }
          : input;
        const summary = summarize(key, made.term, seen);
        summary.obligations = capped(summary.obligations);
        if (made.mayCatch) for (const obligation of summary.obligations) obligation.exposed = false;
        changed ||= before === undefined || !sameEffect(before, summary);
        summaries.set(key, summary);
      }
      if (!changed && round > 0) break;
    }
  }
  const summary = summaries.get(root) ?? emptySummary();
  const present = new Set<number>();
  const everything = summary.occurs | summary.done | summary.pend;
  for (let index = 0; index < classes.count; index++) if ((everything & bit(index)) !== 0n) present.add(index);
  const judge = new Judge(root, functions, summaries, bits, classes);
  const findings: OrderFinding[] = [];
  for (const entry of entries) findings.push(...judge.entry(entry, summary, present));
  return { findings, present, summary };
}

interface BitTable {
  of(site: Site): SiteBits;
  open(obligation: Obligation): boolean;
  set(indexes: readonly number[]): Bits;
  classesAt(site: Site): ReadonlySet<number>;
  ownBit(site: Site): Bits;
}

/** Class bits first; sites that `once` and `awaited` ask about get bits of their own. */
function allocateBits(classes: EventClasses, entries: readonly OrderEntry[]): BitTable {
  const needs = new Map<number, Bits>();
  const always = new Set<number>();
  const own = new Set<number>();
  for (const { question } of entries) {
    if (question.kind === "order") {
      let before = 0n;
      for (const index of question.before) before |= bit(index);
      needs.set(question.after, (needs.get(question.after) ?? 0n) | before);
    } else if (question.kind === "last") always.add(question.among);
    else if (question.kind !== "exists") {
      always.add(question.event);
      if (question.kind !== "optional") own.add(question.event);
    }
  }
  const perSite = new Map<number, { sets: SiteBits; classes: Set<number>; own: Bits }>();
  let next = classes.count;
  const lookUp = (site: Site) => {
    let known = perSite.get(site.id);
    if (known === undefined) {
      const indexes = new Set(classes.classesOf(site));
      let sets = 0n;
      let lost = 0n;
      let asked = false;
      let ownBit = 0n;
      for (const index of indexes) {
        sets |= bit(index);
        asked ||= needs.has(index) || always.has(index);
        if (own.has(index) && ownBit === 0n) ownBit = bit(next++);
      }
      lost = ownBit;
      known = { sets: { bits: sets | ownBit, lost, asked }, classes: indexes, own: ownBit };
      perSite.set(site.id, known);
    }
    return known;
  };
  return {
    of: (site) => lookUp(site).sets,
    classesAt: (site) => lookUp(site).classes,
    ownBit: (site) => lookUp(site).own,
    set: (indexes) => indexes.reduce((sum, index) => sum | bit(index), 0n),
    open: (obligation) => {
      let wanted = 0n;
      for (const index of lookUp(obligation.site).classes) {
        if (always.has(index)) return true;
        wanted |= needs.get(index) ?? 0n;
      }
      return (wanted & ~obligation.must) !== 0n;
    },
  };
}

function emptySummary(): Summary {
  return {
    must: 0n,
    done: 0n,
    pend: 0n,
    maybe: 0n,
    queuedMust: 0n,
    queuedDone: 0n,
    held: 0n,
    waited: 0,
    occurs: 0n,
    occursAwaited: 0n,
    ends: false,
    obligations: [],
  };
}

const sameEffect = (a: Summary, b: Summary): boolean =>
  a.must === b.must &&
  a.done === b.done &&
  a.pend === b.pend &&
  a.maybe === b.maybe &&
  a.occurs === b.occurs &&
  a.occursAwaited === b.occursAwaited &&
  a.held === b.held &&
  a.waited === b.waited &&
  a.ends === b.ends &&
  a.obligations.length === b.obligations.length;

/** Equal contexts of one site are one; of many only some are kept. */
function capped(obligations: Obligation[]): Obligation[] {
  const kept: Obligation[] = [];
  const contexts = new Map<number, Obligation[]>();
  for (const one of obligations) {
    const known = contexts.get(one.site.id);
    if (known === undefined) contexts.set(one.site.id, [one]);
    else if (known.length >= contextsPerSite || known.some((each) => sameContext(each, one))) continue;
    else known.push(one);
    kept.push(one);
  }
  return kept;
}

const sameContext = (a: Obligation, b: Obligation): boolean =>
  a.must === b.must &&
  a.done === b.done &&
  a.pend === b.pend &&
  a.maybe === b.maybe &&
  a.later === b.later &&
  a.waited === b.waited &&
  a.composing === b.composing &&
  a.exposed === b.exposed &&
  a.loose === b.loose &&
  a.imported === b.imported;

interface Trace {
  site: Site;
  chain: Site[];
}

// A class, because the four look-ups share five tables; it holds no state of its own.
class Judge {
  readonly root: FunctionKey;
  readonly functions: ReadonlyMap<FunctionKey, TermFunction>;
  readonly summaries: ReadonlyMap<FunctionKey, Summary>;
  readonly bits: BitTable;
  readonly classes: EventClasses;

  constructor(
    root: FunctionKey,
    functions: ReadonlyMap<FunctionKey, TermFunction>,
    summaries: ReadonlyMap<FunctionKey, Summary>,
    bits: BitTable,
    classes: EventClasses,
  ) {
    this.root = root;
    this.functions = functions;
    this.summaries = summaries;
    this.bits = bits;
    this.classes = classes;
  }

  entry(entry: OrderEntry, summary: Summary, present: ReadonlySet<number>): OrderFinding[] {
    const { question } = entry;
    const at = (index: number): Obligation[] => {
      // A module's body runs once: what its later imports lead to has happened before.
      const imported = new Set<number>();
      return summary.obligations.filter((one) => {
        if (!this.bits.classesAt(one.site).has(index)) return false;
        if (!one.imported) return true;
        const isFirst = !imported.has(one.site.id);
        imported.add(one.site.id);
        return isFirst;
      });
    };
    switch (question.kind) {
      case "order":
        return this.order(entry, question.before, at(question.after), present);
      case "last":
        return this.last(entry, question.last, at(question.among));
      case "once":
        return this.once(entry, question.event, at(question.event));
      case "awaited":
        return this.awaited(entry, question.event, at(question.event), summary);
      case "exists":
        return present.has(question.event) ? [] : [this.finding(entry, "absent", "error", null, question.event)];
      case "optional":
        return group(
          at(question.event)
            .filter((one) => one.exposed)
            .map((one) => this.finding(entry, "unguarded", one.composing === "none" ? "warning" : "error", one, null)),
        );
    }
  }

  private order(
    entry: OrderEntry,
    before: readonly number[],
    sites: readonly Obligation[],
    present: ReadonlySet<number>,
  ): OrderFinding[] {
    const found: { finding: OrderFinding; obligation: Obligation }[] = [];
    for (const one of sites) {
      for (const index of before) {
        const wanted = bit(index);
        if ((one.must & wanted) !== 0n || this.bits.classesAt(one.site).has(index)) continue;
        const add = (
          verdict: OrderFinding["verdict"],
          level: "error" | "warning",
          place: "before" | "after" | null,
        ) => {
          const finding = this.finding(entry, verdict, level, one, index);
          const other = place === null ? null : this.trace(one, wanted, place);
          finding.otherSite = other?.site ?? null;
          finding.otherChain = other?.chain ?? [];
          found.push({ finding, obligation: one });
        };
        if ((one.done & wanted) !== 0n) {
          if (entry.allPaths) add("partial", "warning", "before");
        } else if ((one.pend & wanted) !== 0n) add("racing", "error", "before");
        else if ((one.later & wanted) !== 0n) {
          const unknown = (one.maybe & wanted) !== 0n;
          add(unknown ? "unknown" : "reversed", unknown ? "warning" : "error", "after");
          const last = found.at(-1);
          if (unknown && last) last.finding.through = this.through(one, wanted);
        } else if (entry.allPaths && (one.maybe & wanted) === 0n) {
          add("absent", present.has(index) ? "warning" : "error", null);
        }
      }
    }
    found.sort((a, b) => Number(a.obligation.inHandler) - Number(b.obligation.inHandler));
    const definite = found.find((one) => one.finding.level === "error" && !one.obligation.inHandler);
    // Handlers replay half of the start-up: what they repeat is told with the first, not by itself.
    const shown = found.filter((one) => !(definite && one.obligation.inHandler && one !== definite));
    if (definite) {
      for (const one of found)
        if (!shown.includes(one) && one.finding.site) definite.finding.rest.push(one.finding.site);
    }
    return group(shown.map((one) => one.finding));
  }

  private last(entry: OrderEntry, index: number, sites: readonly Obligation[]): OrderFinding[] {
    const wanted = bit(index);
    const found: OrderFinding[] = [];
    for (const one of sites) {
      if (this.bits.classesAt(one.site).has(index)) continue;
      const must = (one.must & wanted) !== 0n;
      const done = (one.done & wanted) !== 0n;
      const racing = !done && (one.pend & wanted) !== 0n;
      if (!must && !done && !racing) continue;
      const finding = this.finding(
        entry,
        racing ? "racing" : must ? "reversed" : "partial",
        must || racing ? "error" : "warning",
        one,
        index,
      );
      const other = this.trace(one, wanted, "before");
      finding.otherSite = other?.site ?? null;
      finding.otherChain = other?.chain ?? [];
      found.push(finding);
    }
    return group(found);
  }

  private once(entry: OrderEntry, event: number, sites: readonly Obligation[]): OrderFinding[] {
    const owns = [...new Map(sites.map((one) => [one.site.id, this.bits.ownBit(one.site)]))];
    const found: OrderFinding[] = [];
    for (const one of sites) {
      const own = this.bits.ownBit(one.site);
      // A module's body runs at its first import only.
      const earlier = owns.find(([id, bits]) => (one.must & bits) !== 0n && !(id === one.site.id && one.imported))?.[1];
      // Branches that do it each have no site that all paths share, but the event itself.
      const inBranches = (one.must & bit(event)) !== 0n && (one.must & own) === 0n;
      const before = earlier ?? (inBranches ? bit(event) : null);
      if (before === null) continue;
      const finding = this.finding(entry, "repeated", "error", one, null);
      const other = this.trace(one, before, "before");
      finding.otherSite = other?.site ?? null;
      finding.otherChain = other?.chain ?? [];
      found.push(finding);
    }
    return group(found);
  }

  private awaited(entry: OrderEntry, event: number, sites: readonly Obligation[], summary: Summary): OrderFinding[] {
    const found: OrderFinding[] = [];
    const seen = new Set<number>();
    const judge = (site: Site, one: Obligation | null): void => {
      if (seen.has(site.id)) return;
      seen.add(site.id);
      const own = this.bits.ownBit(site);
      if ((summary.pend & own) === 0n || ((summary.done & own) !== 0n && !site.dropped)) return;
      const finding = this.finding(entry, "unawaited", "error", one, null);
      finding.site = site;
      found.push(finding);
    };
    for (const one of sites) judge(one.site, one);
    for (const key of this.reachable()) {
      const made = this.functions.get(key);
      if (made)
        eachTerm(
          made.term,
          (at) => at.kind === "lost" && this.bits.classesAt(at.site).has(event) && judge(at.site, null),
        );
    }
    return found;
  }

  private finding(
    entry: OrderEntry,
    verdict: OrderFinding["verdict"],
    level: "error" | "warning",
    one: Obligation | null,
    other: number | null,
  ): OrderFinding {
    return {
      entry: entry.index,
      verdict,
      level,
      site: one?.site ?? null,
      chain: sitesOf(one?.chain ?? null),
      other,
      otherSite: null,
      otherChain: [],
      through: one?.through ?? null,
      inHandler: one?.inHandler ?? false,
      rest: [],
    };
  }

  private reachable(): FunctionKey[] {
    return callIndexOf(this.functions).components(this.root).flat();
  }

  /** The nearest place of an event before or after a site, looking along its chain from the inside out. */
  private trace(one: Obligation, wanted: Bits, side: "before" | "after"): Trace | null {
    const chain = sitesOf(one.chain);
    const path = [...chain, one.site];
    const keys: FunctionKey[] = [this.root];
    for (const call of chain) {
      const last = keys.at(-1) as FunctionKey;
      keys.push(this.targetOf(last, call) ?? last);
    }
    for (let depth = path.length - 1; depth >= 0; depth--) {
      const key = keys[depth] as FunctionKey;
      const found = this.beside(key, path[depth] as Site, wanted, side);
      if (found) return { site: found.site, chain: [...chain.slice(0, depth), ...found.chain] };
    }
    return this.inside(this.root, wanted, new Set());
  }

  private targetOf(key: FunctionKey, site: Site): FunctionKey | null {
    let target: FunctionKey | null = null;
    const term = this.functions.get(key)?.term;
    if (term)
      eachTerm(term, (at) => at.kind === "call" && at.site === site && at.target !== null && (target ??= at.target));
    return target;
  }

  private beside(key: FunctionKey, site: Site, wanted: Bits, side: "before" | "after"): Trace | null {
    const term = this.functions.get(key)?.term;
    if (term === undefined) return null;
    let passed = false;
    let found: Trace | null = null;
    eachTerm(term, (at) => {
      if (at.kind !== "call") return;
      if (at.site === site) {
        passed = true;
        return;
      }
      if (found !== null || (side === "after") !== passed) return;
      found = this.at(at, wanted, new Set([key]));
    });
    return found;
  }

  private at(call: Extract<Term, { kind: "call" }>, wanted: Bits, visited: Set<FunctionKey>): Trace | null {
    if ((this.bits.of(call.site).bits & wanted) !== 0n) return { site: call.site, chain: [] };
    if (call.target === null) return null;
    const summary = this.summaries.get(call.target);
    if (summary === undefined || ((summary.occurs | summary.done | summary.pend) & wanted) === 0n) return null;
    const inner = this.inside(call.target, wanted, visited);
    return inner && { site: inner.site, chain: [call.site, ...inner.chain] };
  }

  private inside(key: FunctionKey, wanted: Bits, visited: Set<FunctionKey>): Trace | null {
    if (visited.has(key)) return null;
    visited.add(key);
    const term = this.functions.get(key)?.term;
    let found: Trace | null = null;
    if (term) eachTerm(term, (at) => at.kind === "call" && found === null && (found = this.at(at, wanted, visited)));
    return found;
  }

  /** The unresolved call on the way that could have reached the event. */
  private through(one: Obligation, wanted: Bits): Site | null {
    for (const key of this.reachable()) {
      let found: Site | null = null;
      const made = this.functions.get(key);
      if (made === undefined) continue;
      eachTerm(made.term, (at) => {
        if (at.kind !== "maybe" || found !== null || at.site === one.site) return;
        let reach = this.bits.of(at.site).bits;
        for (const target of at.targets) reach |= this.summaries.get(target)?.occurs ?? 0n;
        if ((reach & wanted) !== 0n) found = at.site;
      });
      if (found) return found;
    }
    return null;
  }
}

/** One finding per place: the worst, with the first chain. */
function group(findings: OrderFinding[]): OrderFinding[] {
  const rank = (one: OrderFinding): number => (one.level === "error" ? 0 : 1);
  const bySite = new Map<number, OrderFinding>();
  for (const one of findings) {
    if (one.site === null) continue;
    const known = bySite.get(one.site.id);
    if (known === undefined || rank(one) < rank(known)) bySite.set(one.site.id, one);
  }
  return [...bySite.values()];
}
