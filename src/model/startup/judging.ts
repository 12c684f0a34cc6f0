import type { Related, RunOrder } from "../../types/finding.ts";
import type {
  OrderEntry,
  OrderFinding,
  OrderQuestion,
  Site,
  StartupObservation,
  StartupObservationKind,
} from "../../types/startup.ts";
import { judgeOrder } from "./order.ts";
import type { LoweredRoot } from "./roots.ts";
import { siteName, stepsOf } from "./steps.ts";
import type { StartupWorld } from "./world.ts";

/** Tells the events of one class. */
export type Matcher = (site: Site) => boolean;

/** One start that is judged, and what has been found. */
export interface Look {
  world: StartupWorld;
  root: LoweredRoot;
  sites: readonly Site[];
  made: Map<StartupObservationKind, StartupObservation[]>;
}

/** Asks questions about classes of sites that these matchers name. */
export function judge(look: Look, matchers: readonly Matcher[], questions: readonly OrderQuestion[]): OrderFinding[] {
  const classes = new Map<Site, number[]>();
  for (const site of look.sites) {
    for (const [index, matches] of matchers.entries()) if (matches(site)) give(classes, site, index);
  }
  return judgeClasses(look, classes, matchers.length, questions);
}

/** The same for classes that are known by their sites. */
export function judgeClasses(
  look: Look,
  classes: ReadonlyMap<Site, number[]>,
  count: number,
  questions: readonly OrderQuestion[],
): OrderFinding[] {
  const present = new Set([...classes.values()].flat());
  const entries = questions
    .map((question, index): OrderEntry => ({ index, question, allPaths: false }))
    .filter(({ question }) => mayBeBroken(question, present));
  if (entries.length === 0) return [];
  const classesOf = (site: Site): readonly number[] => classes.get(site) ?? [];
  const asked = { count, classesOf, succeeded: [], zeroIterations: [] };
  return judgeOrder(look.root.key, look.world.lowering.functions, asked, entries).findings;
}

/** An order of two events is broken only where both occur. */
function mayBeBroken(question: OrderQuestion, present: ReadonlySet<number>): boolean {
  switch (question.kind) {
    case "order":
      return present.has(question.after) && question.before.some((index) => present.has(index));
    case "last":
      return present.has(question.last) && present.has(question.among);
    default:
      return true;
  }
}

export function give(classes: Map<Site, number[]>, site: Site, index: number): void {
  const known = classes.get(site);
  if (known) known.push(index);
  else classes.set(site, [index]);
}

/** The objects that events are about, each once. */
export const receiversOf = (sites: readonly Site[]): string[] => [
  ...new Set(sites.flatMap((site) => (site.receiver === undefined ? [] : [site.receiver]))),
];

/** Notes what was found at an event, once for each line and subject. */
export function add(
  look: Look,
  kind: StartupObservationKind,
  at: Site,
  subject: string,
  words: Record<string, string>,
  more: {
    level?: "error" | "warning";
    other?: Site | null;
    otherMessage?: string;
    chain?: readonly Site[];
    order?: RunOrder | undefined;
  } = {},
): void {
  const { world, made } = look;
  const list = made.get(kind) ?? [];
  made.set(kind, list);
  const location = world.locate(at.place);
  if (
    list.some(
      (one) => one.at.path === location.path && one.at.start.line === location.start.line && one.subject === subject,
    )
  )
    return;
  const related: Related[] = stepsOf(world, more.chain ?? []).map((step) => ({
    ...step.at,
    message: `calls ${step.name}`,
  }));
  if (more.other) related.push({ ...world.locate(more.other.place), message: more.otherMessage ?? "the other" });
  list.push({
    at: location,
    subject,
    words,
    related,
    ...(more.level ? { level: more.level } : {}),
    ...(more.order ? { order: more.order } : {}),
  });
}

/** What a finding about an event names. */
export const subjectOf = (site: Site): string => site.names[0] ?? siteName(site);
