import type { Finding, RunOrder, RunPlace } from "../types/finding.ts";
import type { Location } from "../types/text.ts";
import { plural } from "./context.ts";

/** GitHub draws a graph of many edges too small to be read. */
const mostEdges = 24;
const fewest = 3;
/** Calls of one chain that are drawn: the first and the last of them. */
const mostCalls = 6;

/**
 * A mermaid graph of the modules that an image lacks, those that start-up comes to first, of every line in turn: what starts, what it imports, what is lost
 * and by which line. Null where fewer than three are lost: a picture of one edge tells no more than its sentence.
 */
export function lostModulesPicture(findings: readonly Finding[]): string | null {
  const lost = findings
    .filter((one) => one.rule.startsWith("dockerignore/module-") && (one.related ?? []).length > 0)
    .map(lossOf);
  if (lost.length < fewest) return null;
  const subjects = new Set(lost.map(({ subject }) => subject));
  const graph = newGraph();
  const file = (path: string) => graph.node(`file ${path}`, `["${plain(path)}"]${subjects.has(path) ? ":::lost" : ""}`);
  const drawn = new Set<string>();
  // What only a lost module imports comes after that one: it is missed when that one is back.
  for (let due = lost.filter(({ from }) => !subjects.has(from)); due.length > 0; ) {
    for (const { subject, start, from, line } of inTurn(due, (one) => one.line)) {
      if (drawn.has(subject) || graph.edges() + 3 > mostEdges) continue;
      drawn.add(subject);
      if (start !== undefined && start !== from && !subjects.has(from))
        graph.edge(file(start), "-. leads to .->", file(from));
      if (from !== subject) graph.edge(file(from), "-->", file(subject));
      graph.edge(graph.node(`line ${line}`, `(["${plain(line)}"])`), "-. leaves out .->", file(subject));
    }
    due = graph.edges() + 3 > mostEdges ? [] : lost.filter((one) => drawn.has(one.from) && !drawn.has(one.subject));
  }
  if (drawn.size === 0) return null;
  const styles = ["classDef lost stroke:#b3261e,stroke-width:2px,stroke-dasharray:4"];
  return graph.text("flowchart LR", [...styles, ...graph.more(subjects.size - drawn.size, "module")]);
}

/** The first of each kind, then the second of each, and so on. */
function inTurn<T>(all: readonly T[], kindOf: (one: T) => string): T[] {
  const seen = new Map<string, number>();
  const turns = all.map((one) => {
    const turn = seen.get(kindOf(one)) ?? 0;
    seen.set(kindOf(one), turn + 1);
    return { one, turn };
  });
  return turns.sort((left, right) => left.turn - right.turn).map(({ one }) => one);
}

/** A lost module, the file that imports it, what starts that, and the line that leaves it out. */
function lossOf({ subject, at, related = [] }: Finding) {
  const pathOf = (what: string) => related.find(({ message }) => message.startsWith(what))?.path;
  const start = pathOf("starts ");
  return { subject, start, from: pathOf("imports ") ?? start ?? subject, line: `${at.path}:${at.start.line}` };
}

const between: Record<RunOrder["how"], string> = {
  before: "runs before",
  beside: "still runs beside",
  again: "runs again as",
};

/**
 * A mermaid graph of the start-ups whose order is wrong: from each root the calls that lead to the two places, and which of them is
 * reached first. Null where every finding lies in one function, next to its other place: the sentence says that already.
 */
export function startOrderPicture(findings: readonly Finding[]): string | null {
  const wrong = findings.flatMap((one) => (one.order === undefined ? [] : [one.order]));
  if (!wrong.some(({ first, second }) => first.chain.length + second.chain.length > 0)) return null;
  const graph = newGraph();
  const marked = new Set<string>();
  let left = 0;
  for (const { root, first, second, how } of wrong) {
    const [early, late] = [callsOf(first), callsOf(second)];
    if (graph.edges() + early.length + late.length + 1 > mostEdges) {
      left++;
      continue;
    }
    /** Draws the calls from the root down to the place, and gives the node of the place. */
    const reach = (calls: readonly (Step | null)[]): string => {
      let from = graph.node(`root ${root}`, `(["${plain(root)}"])`);
      for (const call of calls) {
        const to =
          call === null ? graph.node(`below ${from}`, '["..."]') : graph.node(`at ${placeKey(call)}`, box(call));
        graph.edge(from, "-->", to);
        from = to;
      }
      marked.add(from);
      return from;
    };
    graph.edge(reach(early), `-. ${between[how]} .->`, reach(late));
  }
  if (graph.edges() === 0) return null;
  const styles = ["classDef wrong stroke:#b3261e,stroke-width:2px", `class ${[...marked].join(",")} wrong`];
  return graph.text("flowchart TB", [...styles, ...graph.more(left, "order")]);
}

interface Step {
  name: string;
  at: Location;
}

/** The calls down to the place and the place itself; null stands for those left out in the middle. */
function callsOf({ chain, name, at }: RunPlace): (Step | null)[] {
  const calls: (Step | null)[] =
    chain.length <= mostCalls ? [...chain] : [...chain.slice(0, mostCalls / 2), null, ...chain.slice(-mostCalls / 2)];
  return [...calls, { name, at }];
}

const placeKey = ({ at }: Step): string => `${at.path}\0${at.start.line}\0${at.start.column}`;

const box = ({ name, at }: Step): string => `["${plain(name)}<br>${plain(`${at.path}:${at.start.line}`)}"]`;

/** Nodes and edges in the order in which they come, each once. */
function newGraph() {
  const ids = new Map<string, string>();
  const nodes: string[] = [];
  const edges = new Set<string>();
  return {
    /** The node of that key; `shape` counts at its first mention. */
    node(key: string, shape: string): string {
      const known = ids.get(key);
      if (known !== undefined) return known;
      const id = `n${ids.size}`;
      ids.set(key, id);
      nodes.push(`  ${id}${shape}`);
      return id;
    },
    edge: (from: string, arrow: string, to: string) => void edges.add(`  ${from} ${arrow} ${to}`),
    edges: () => edges.size,
    /** A label for what has no room; its style, or nothing where all has. */
    more(count: number, word: string): string[] {
      if (count === 0) return [];
      nodes.push(`  rest["and ${plural(count, `more ${word}`)}"]:::rest`);
      return ["classDef rest fill:none,stroke:none"];
    },
    text: (head: string, styles: readonly string[]) =>
      [head, ...nodes, ...edges, ...styles.map((style) => `  ${style}`)].join("\n"),
  };
}

/** Text reduced to characters that mean nothing to mermaid inside quotes, at most 60 of them. */
const plain = (text: string): string => {
  const kept = text.slice(0, 200).replace(/[^\w./:@ =-]/g, "?");
  // An empty label is a fault to mermaid.
  if (kept.trim() === "") return "?";
  return kept.length > 60 ? `..${kept.slice(-58)}` : kept;
};
