import type { FunctionKey, Site } from "../../types/startup.ts";

/** A set of event classes as the bits of an integer. */
export type Bits = bigint;

/** The bits a site sets, and those that make it worth remembering. */
export interface SiteBits {
  /** Set when the call is done. */
  bits: Bits;
  /** Set while it is started and not awaited. */
  lost: Bits;
  /** Whether some question is asked at this site. */
  asked: boolean;
}

/** Nothing; what somebody holds; anything that was started. */
export type Waited = 0 | 1 | 2;

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
