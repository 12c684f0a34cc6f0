import type { Need } from "../../types/need.ts";
import type { NameJudgement, SecretReference, WiringEdge } from "../../types/secret-reference.ts";
import type { Inventory } from "../../types/secrets.ts";
import type { RepoPath } from "../../types/text.ts";
import { inTakenBranches, type KnownVariable, usualTexts } from "./branches.ts";
import { isAlwaysThere, isJavascriptCode, isPythonCode } from "./code-paths.ts";
import { nearSecretNames } from "./near-names.ts";
import { byPlace, NEED_RANK } from "./order.ts";
import type { StartVariables } from "./start-variables.ts";
import { textsGiven } from "./written-text.ts";

/** What is known of the processes beside the inventories. */
export interface ProcessSurroundings {
  references: readonly SecretReference[];
  edges: readonly WiringEdge[];
  inventories: readonly Inventory[];
  environments: readonly string[];
  present: ReadonlyMap<string, boolean>;
  /** Names that the code sets itself. */
  provided: ReadonlySet<string>;
  /** The text that the env files of an environment give a variable. */
  textOf(environment: string | null, name: string): string | undefined;
  /** Files that count in an environment; null: all do. */
  leftOut(environment: string | null): ReadonlySet<RepoPath>;
  /** Files that certainly run in an environment beside those that are reached: Django's settings. */
  runs(environment: string | null): ReadonlySet<RepoPath>;
  /** Files that some process reaches; null: nobody knows. */
  reached: ReadonlySet<RepoPath> | null;
  /** What the images give while they start. */
  atStart(): StartVariables;
}

/** Holds what the code wants of its environment against what the environment, the image and the deploy give it. */
export function judgeProcess(known: ProcessSurroundings): NameJudgement[] {
  return (known.environments.length > 0 ? known.environments : [null]).flatMap((environment) =>
    judge(environment, known),
  );
}

function judge(environment: string | null, known: ProcessSurroundings): NameJudgement[] {
  const leftOut = known.leftOut(environment);
  const runs = known.runs(environment);
  // Where no process of a part of the repository is known, nobody can tell what of it runs.
  const parts = new Set([...(known.reached ?? [])].map(partOf));
  const groups = new Map<string, SecretReference[]>();
  for (const one of known.references) {
    if ((one.namespace !== "process" && one.namespace !== "build") || leftOut.has(one.at.path)) continue;
    if (environment !== null && one.environments !== null && !one.environments.includes(environment)) continue;
    groups.set(one.name, [...(groups.get(one.name) ?? []), one]);
  }
  const all = known.inventories.filter((one) => one.environment === environment);
  const given = new Map<string, WiringEdge[]>();
  for (const edge of known.edges)
    if (
      (edge.to.namespace === "process" || edge.to.namespace === "build") &&
      (environment === null || edge.environments === null || edge.environments.includes(environment))
    ) {
      const edges = given.get(edge.to.name);
      if (edges) edges.push(edge);
      else given.set(edge.to.name, [edge]);
    }
  const processes = all.filter((one) => one.namespace === "process");
  const isWhole = processes.length > 0 && processes.every((one) => one.complete);
  const knownOf = (name: string): KnownVariable => {
    if (known.provided.has(name)) return null;
    if (known.present.get(name) === true) return "present";
    const edges = given.get(name) ?? [];
    const deployed = textsGiven(edges.filter((edge) => !edge.ofImage));
    if (deployed !== null) return deployed;
    const text = known.textOf(environment, name);
    if (text !== undefined) return [text];
    if (processes.some((one) => one.names.some((each) => each.name === name))) return "present";
    // What the image sets stays where the deploy sets nothing of that name.
    if (edges.length > 0) return isWhole ? textsGiven(edges) : "present";
    return isAlwaysThere(name) ? usualTexts(name, environment) : isWhole ? [null] : null;
  };
  return [...groups].map(([name, whole]) => {
    const group = inTakenBranches(whole, knownOf);
    const sorted = [...group].sort((a, b) => NEED_RANK[a.need] - NEED_RANK[b.need] || byPlace(a, b));
    const asked = all.filter(
      (one) => one.namespace === "process" || (sorted[0]!.namespace === "build" && one.namespace === "build"),
    );
    const names = asked.flatMap((one) => one.names);
    const has = (wanted: string) =>
      given.has(wanted) ||
      known.provided.has(wanted) ||
      isAlwaysThere(wanted) ||
      known.present.get(wanted) === true ||
      names.some(
        (one) => one.name === wanted || (one.name.toUpperCase() === wanted && one.name.toLowerCase() === one.name),
      ) ||
      known.atStart().names.has(wanted);
    // A read that another name makes unnecessary falls away where that name is there.
    const needed = sorted.filter(
      (one) => one.need === "optional" || !one.anyOf.some((other) => other === "\u0000" || has(other)),
    );
    const first = needed[0] ?? sorted[0]!;
    const read = needed.filter((one) => one.asked !== true);
    const free = first.asked === true && read.length > 0 && read.every((one) => one.need === "optional");
    const need: Need = needed.length === 0 || free ? "optional" : first.need;
    const entries = names.filter((one) => one.name === name);
    const empty =
      entries.length > 0 && entries.every((one) => one.empty === true) && !given.has(name) && !known.provided.has(name);
    const there = has(name);
    const from = first.from ?? first.at.path;
    const reached = known.reached === null || known.reached.has(from) || !parts.has(partOf(from));
    return {
      namespace: first.namespace,
      kind: "variable",
      name,
      environment,
      status: empty ? "empty" : there ? "provided" : asked.length === 0 ? "unknown" : "missing",
      need: need === "required" && !reached ? "read" : need,
      first,
      others: sorted.filter((one) => one !== first),
      asked,
      complete: asked.length > 0 && asked.every((one) => one.complete),
      // What a template of a service asks for it asks for certainly.
      certain: first.service !== null || known.reached?.has(from) === true || runs.has(from),
      // What is read with a default is not reported, and most names are.
      near:
        there || need === "optional"
          ? []
          : nearSecretNames(
              name,
              names.map((one) => one.name),
            ),
      anyOf: first.anyOf.filter((other) => other !== "\u0000"),
      elsewhere: [],
    };
  });
}

/** A part of the repository whose processes are known or unknown together: a top-level folder and its language. */
export const partOf = (path: RepoPath) =>
  `${topOf(path)} ${isPythonCode(path) ? "python" : isJavascriptCode(path) ? "javascript" : "other"}`;

/** The first folder of a path, or the file at the root. */
function topOf(path: RepoPath): string {
  const slash = path.indexOf("/");
  return slash === -1 ? path : path.slice(0, slash);
}
