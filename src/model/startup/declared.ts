import type { StartupEntry } from "../../config/schema.ts";
import type {
  DeclaredFinding,
  EventClasses,
  FunctionKey,
  OrderEntry,
  OrderFinding,
  OrderQuestion,
  ShownRoot,
  Site,
  UnmatchedSelector,
} from "../../types/startup.ts";
import { nearestOf } from "../entry/nearest.ts";
import { callIndexOf } from "./call-index.ts";
import { judgeOrder } from "./order.ts";
import { eachExpression, eachStatement, expressionsOf } from "./program.ts";
import { type LoweredRoot, namedRoot } from "./roots.ts";
import { matchesName, matchesSite, parseSelector, type Selector, segmentsOf } from "./selector.ts";
import { runOrderOf, siteName, stepsOf } from "./steps.ts";
import { sitesOf } from "./summary.ts";
import { writtenName } from "./values.ts";
import type { StartupWorld } from "./world.ts";

const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

interface Asked {
  index: number;
  entry: StartupEntry;
  id: string;
  /** Selector of each class, by class number; null where the text is no selector. */
  selectors: { text: string; keys: (string | number)[]; selector: Selector | null; number: number }[];
  questions: OrderQuestion[];
}

/** An id made of an entry's words, for entries that have none. */
export function entryId(entry: StartupEntry): string {
  if (entry.id !== undefined) return entry.id;
  const bare = (value: string | readonly string[] | undefined): string =>
    listOf(value)
      .map((one) => one.replace(/^\w+\s+/, ""))
      .join("+");
  const words: string[] = [];
  if (entry.before !== undefined || entry.after !== undefined)
    words.push(bare(entry.before), "before", bare(entry.after));
  if (entry.last !== undefined) words.push(bare(entry.last), "last");
  for (const key of ["awaited", "once", "exists", "optional"] as const) {
    if (entry[key] !== undefined) words.push(bare(entry[key]), key);
  }
  return words
    .join("-")
    .replace(/[^\w.*+=-]+/g, "-")
    .toLowerCase();
}

/** Numbers the selectors of all entries and states the questions. Each entry has classes of its own: their meaning may differ. */
function ask(entries: readonly StartupEntry[]): { asked: Asked[]; count: number } {
  let count = 0;
  const asked = entries.map((entry, index): Asked => {
    const selectors: Asked["selectors"] = [];
    const number = (key: string, value: string | readonly string[] | undefined): number[] =>
      listOf(value).map((text, at) => {
        const keys = ["startup", index, key, ...(typeof value === "string" ? [] : [at])];
        selectors.push({ text, keys, selector: parseSelector(text), number: count });
        return count++;
      });
    const questions: OrderQuestion[] = [];
    const before = number("before", entry.before);
    for (const after of number("after", entry.after))
      if (before.length > 0) questions.push({ kind: "order", before, after });
    const [last] = number("last", entry.last);
    for (const among of number("among", entry.among))
      if (last !== undefined) questions.push({ kind: "last", last, among });
    for (const kind of ["once", "awaited", "exists", "optional"] as const) {
      const [event] = number(kind, entry[kind]);
      if (event !== undefined) questions.push({ kind, event });
    }
    return { index, entry, id: entryId(entry), selectors, questions };
  });
  return { asked, count };
}

/** Judges every entry of `startup:` on its roots. */
export function declaredFindings(
  world: StartupWorld,
  entries: readonly StartupEntry[] = world.input.config.config.startup,
): { findings: DeclaredFinding[]; unmatched: UnmatchedSelector[] } {
  const { lowering } = world;
  const findings: DeclaredFinding[] = [];
  const unmatched: UnmatchedSelector[] = [];
  if (entries.length === 0) return { findings, unmatched };
  const { asked } = ask(entries);
  const rootsByText = new Map<string, LoweredRoot[]>();
  for (const one of asked) {
    const text = one.entry.root;
    if (rootsByText.has(text)) continue;
    if (text === "auto") {
      rootsByText.set(text, [...world.entries]);
      if (world.entries.length === 0) unmatched.push(rootMissing(world, one, "auto", []));
      continue;
    }
    const root = namedRoot(lowering, text);
    if ("missing" in root) rootsByText.set(text, []);
    else rootsByText.set(text, [root]);
  }
  for (const one of asked) {
    if (one.entry.root === "auto" || rootsByText.get(one.entry.root)?.length) continue;
    const root = namedRoot(lowering, one.entry.root);
    const nearest =
      "missing" in root ? nearestNames(root.missing, root.nearest.length > 0 ? root.nearest : codePaths(world)) : [];
    unmatched.push(rootMissing(world, one, one.entry.root, nearest));
  }
  lowering.finish();
  for (const [text, roots] of rootsByText) {
    const here = asked.filter((one) => one.entry.root === text);
    if (roots.length === 0) continue;
    const found = roots.map((root) => judgeRoot(world, root, here));
    for (const one of here) {
      const mine = found.flatMap((list) => list.filter((each) => each.index === one.index));
      // What must exist may exist in any of the processes.
      const absentEverywhere = found.every((list) =>
        list.some((each) => each.index === one.index && each.verdict === "absent" && each.entry.exists !== undefined),
      );
      const seen = new Set<string>();
      for (const finding of mine) {
        if (finding.entry.exists !== undefined && finding.verdict === "absent" && !absentEverywhere) continue;
        const key = `${finding.at.path}:${finding.at.start.line}:${finding.at.start.column}:${finding.verdict}`;
        if (seen.has(key) || (finding.entry.exists !== undefined && seen.size > 0)) continue;
        seen.add(key);
        findings.push(finding);
      }
      unmatched.push(...unmatchedSelectors(world, one));
    }
  }
  return { findings, unmatched };
}

function rootMissing(world: StartupWorld, one: Asked, text: string, nearest: string[]): UnmatchedSelector {
  const keys: (string | number)[] = ["startup", one.index];
  if (text !== "auto") keys.push("root");
  return { index: one.index, id: one.id, at: world.input.config.locate(keys), text, reason: "root", nearest };
}

const codePaths = (world: StartupWorld): string[] =>
  world.input.files.entries
    .filter((one) => /\.(?:py|[cm]?[jt]sx?)$/.test(one.path) && !one.ignored)
    .map((one) => one.path)
    .slice(0, 5000);

function nearestNames(name: string, names: readonly string[]): string[] {
  const found = nearestOf(name, names);
  return found === null ? [] : [found];
}

function classesFor(asked: readonly Asked[]): EventClasses {
  const numbered = asked.flatMap((one) => one.selectors.map((each) => ({ ...each, entry: one.entry })));
  const count = Math.max(0, ...numbered.map((one) => one.number + 1));
  const known = new Map<number, number[]>();
  return {
    count,
    classesOf: (site) => {
      let found = known.get(site.id);
      if (!found) {
        found = numbered
          .filter((one) => one.selector !== null && matchesSite(one.selector, site))
          .map((one) => one.number);
        known.set(site.id, found);
      }
      return found;
    },
    succeeded: numbered.filter((one) => one.entry.completed === "succeeded").map((one) => one.number),
    zeroIterations: numbered.filter((one) => one.entry["zero-iterations"]).map((one) => one.number),
  };
}

function judgeRoot(world: StartupWorld, root: LoweredRoot, asked: readonly Asked[]): DeclaredFinding[] {
  const classes = classesFor(asked);
  const questions: { entry: OrderEntry; of: Asked }[] = asked.flatMap((one) =>
    one.questions.map((question) => ({
      entry: { index: one.index, question, allPaths: one.entry.on === "all-paths" },
      of: one,
    })),
  );
  const { findings } = judgeOrder(
    root.key,
    world.lowering.functions,
    classes,
    questions.map((one) => one.entry),
  );
  const byIndex = new Map(asked.map((one) => [one.index, one]));
  return findings.map((finding) => described(world, root, byIndex.get(finding.entry) as Asked, finding));
}

function described(world: StartupWorld, root: LoweredRoot, one: Asked, finding: OrderFinding): DeclaredFinding {
  const rootPlace = world.locate(root.place);
  const other =
    finding.other === null ? null : (one.selectors.find((each) => each.number === finding.other)?.text ?? null);
  return {
    index: one.index,
    id: one.id,
    entry: one.entry,
    root: { label: root.label, path: root.path, at: rootPlace },
    verdict: finding.verdict,
    level: finding.level,
    at: finding.site ? world.locate(finding.site.place) : rootPlace,
    name: finding.site ? siteName(finding.site) : root.label,
    other,
    otherName: finding.otherSite ? siteName(finding.otherSite) : null,
    otherAt: finding.otherSite ? world.locate(finding.otherSite.place) : null,
    chain: stepsOf(world, finding.chain),
    otherChain: stepsOf(world, finding.otherChain),
    through: finding.through ? { name: siteName(finding.through), at: world.locate(finding.through.place) } : null,
    listed: finding.site?.listed ? world.locate(finding.site.listed) : null,
    rest: finding.rest.map((site) => world.locate(site.place)),
    order: runOrderOf(world, root, finding, other !== null && other === one.entry.last ? "site" : "other"),
  };
}

/** Selectors that match no site, no definition and no written call of any file that was read. */
function unmatchedSelectors(world: StartupWorld, one: Asked): UnmatchedSelector[] {
  const found: UnmatchedSelector[] = [];
  for (const { text, keys, selector } of one.selectors) {
    const isExists = keys[2] === "exists";
    const at = world.input.config.locate(keys);
    if (selector === null) {
      found.push({ index: one.index, id: one.id, at, text, reason: "syntax", nearest: [] });
      continue;
    }
    if (isExists || world.lowering.sites.some((site) => matchesSite(selector, site))) continue;
    const names = namesInCode(world, selector);
    if (names.some((name) => matchesName(selector.segments, segmentsOf(name)))) continue;
    const last = selector.segments.at(-1) as string;
    const nearest = nearestNames(last, [...new Set(names.map((name) => segmentsOf(name).at(-1) ?? ""))]);
    found.push({ index: one.index, id: one.id, at, text, reason: "selector", nearest });
  }
  return found;
}

function namesInCode(world: StartupWorld, selector: Selector): string[] {
  const names = new Set<string>();
  for (const module of world.lowering.resolver.program.loaded()) {
    if (selector.form === "call" || selector.form === "decorator")
      for (const fn of module.functions) names.add(fn.qualified);
    if (selector.form === "new" || selector.form === "call") for (const one of module.classes) names.add(one.qualified);
    const bodies = [module.code.body, ...module.functions.map((fn) => fn.node.body)];
    for (const body of bodies) {
      eachStatement(body, (statement) => {
        if (statement.kind === "import" && selector.form === "import") {
          names.add(statement.module);
          for (const name of statement.names) names.add(`${statement.module}.${name.name}`);
        }
        if (statement.kind === "assign" && selector.form === "assign" && selector.value === null) {
          for (const target of statement.targets) names.add(writtenName(target));
        }
        if (selector.form !== "call" && selector.form !== "new") return;
        for (const one of expressionsOf(statement)) {
          eachExpression(one, (at) => {
            if (at.kind === "call" && (at.isNew === true) === (selector.form === "new"))
              names.add(writtenName(at.callee));
          });
        }
      });
    }
  }
  names.delete("");
  return [...names];
}

/** What is shown of a start for which nothing is declared. */
const usual = [
  "call connect*",
  "call init*",
  "call load*",
  "call setup*",
  "call register*",
  "call start*",
  "call *.listen",
];

/** For `show startup`: the events of each root that some entry names, with how certain they are and how they are reached. */
export function shownRoots(world: StartupWorld): ShownRoot[] {
  const { lowering } = world;
  const { asked } = ask(world.input.config.config.startup);
  const texts = new Map<string, LoweredRoot>();
  for (const root of world.entries) texts.set(root.label, root);
  for (const one of asked) {
    if (one.entry.root === "auto") continue;
    const root = namedRoot(lowering, one.entry.root);
    if (!("missing" in root)) texts.set(root.label, root);
  }
  lowering.finish();
  return [...texts.values()].map((root) => {
    const named = asked.filter((one) => one.entry.root === (root.isEntry ? "auto" : root.label));
    const here = named.length > 0 ? named : [usualEvents()];
    const classes = classesFor(here);
    const selectors = new Map(here.flatMap((one) => one.selectors.map((each) => [each.number, each.text] as const)));
    const probe: OrderEntry[] = [...selectors.keys()].map((event) => ({
      index: event,
      question: { kind: "optional", event },
      allPaths: false,
    }));
    const { summary } = judgeOrder(root.key, lowering.functions, classes, probe);
    const events: ShownRoot["events"] = [];
    const seen = new Set<string>();
    const shortestFirst = summary.obligations
      .map((one) => ({ site: one.site, chain: sitesOf(one.chain) }))
      .sort((a, b) => a.chain.length - b.chain.length);
    const order = new Map<Site, number>();
    for (const [index, one] of summary.obligations.entries()) if (!order.has(one.site)) order.set(one.site, index);
    for (const obligation of shortestFirst.sort((a, b) => (order.get(a.site) ?? 0) - (order.get(b.site) ?? 0))) {
      for (const number of classes.classesOf(obligation.site)) {
        const wanted = 1n << BigInt(number);
        const selector = selectors.get(number) ?? "";
        const key = `${selector} ${obligation.site.id}`;
        if (seen.has(key)) continue;
        seen.add(key);
        const mode = (summary.must & wanted) !== 0n ? "must" : (summary.done & wanted) !== 0n ? "may" : "pending";
        events.push({
          selector,
          at: world.locate(obligation.site.place),
          mode,
          chain: stepsOf(world, obligation.chain),
        });
      }
    }
    return { root: root.label, events };
  });
}

function usualEvents(): Asked {
  const selectors = usual.map((text, number) => ({ text, keys: [], selector: parseSelector(text), number }));
  const entry = { root: "auto", on: "reversed", completed: "attempted", "zero-iterations": false } as StartupEntry;
  return { index: 0, entry, id: "", selectors, questions: [] };
}

/** The functions that a root reaches, itself included. */
export const reachedFunctions = (world: StartupWorld, key: FunctionKey): FunctionKey[] =>
  callIndexOf(world.lowering.functions).components(key).flat();

/** Every call site below a root, once. */
export const sitesBelow = (world: StartupWorld, key: FunctionKey): readonly Site[] =>
  callIndexOf(world.lowering.functions).sitesBelow(key);
