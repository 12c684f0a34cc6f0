import type { FactReader } from "../../types/facts.ts";
import type { NameJudgement, SecretReference } from "../../types/secret-reference.ts";
import type { KeyedObject } from "../../types/secret-uses.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import { isOfficial } from "../builds/names.ts";
import { inTakenBranches, type KnownVariable, usualTexts } from "./branches.ts";
import type { ClosedContainer } from "./closed-containers.ts";
import { isAlwaysThere } from "./code-paths.ts";
import { configuredIn } from "./environments.ts";
import type { ProcessSurroundings } from "./judge-process.ts";
import { nearSecretNames } from "./near-names.ts";
import { byPlace } from "./order.ts";
import { timeOf } from "./read-times.ts";

interface Surroundings extends Omit<ProcessSurroundings, "edges" | "textOf" | "reached" | "runs"> {
  containers: readonly ClosedContainer[];
  objects: readonly KeyedObject[];
  facts: FactReader;
}

/** Required variables that the pod of a container does not give it; only where no inventory of the process says what it has. */
export function judgeContainers(known: Surroundings): NameJudgement[] {
  const judgements: NameJudgement[] = [];
  for (const environment of known.environments.length > 0 ? known.environments : [null]) {
    if (known.inventories.some((one) => one.environment === environment && one.namespace === "process")) continue;
    const containers = known.containers.filter((one) => {
      const named = environment === null ? null : configuredIn(one.deploy ?? one.path, known.environments);
      return named === null || named.includes(environment!);
    });
    const lacks = containers.flatMap((one) => lacking(one, environment, known));
    const groups = new Map<string, Lack[]>();
    for (const one of lacks) {
      const { name, at } = one.reference;
      const key = `${name}\n${at.path}\n${at.start.line}`;
      groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    for (const group of groups.values()) {
      const judgement = judgementOf(group, containers, environment, known);
      if (judgement) judgements.push(judgement);
    }
  }
  return judgements;
}

/** More absent variables than this are no oversight, unless the pod gives as many. */
const MANY = 3;

/** A variable that a container has not got, with the read that most certainly fails. */
interface Lack {
  container: ClosedContainer;
  reference: SecretReference;
  /** The other reads of it. */
  others: readonly SecretReference[];
  /** Nobody can tell that the process comes there at all. */
  isLate: boolean;
  /** The start of the process fails there. */
  certain: boolean;
}

function lacking(container: ClosedContainer, environment: string | null, known: Surroundings): Lack[] {
  const { given, beside, reach, by, imageName } = container;
  const left = known.leftOut(environment);
  const reads = known.references.filter(
    (one) => one.namespace === "process" && one.service === null && reach.has(one.at.path) && !left.has(one.at.path),
  );
  const shared = new Set(reads.flatMap(({ name }) => (given.has(name) && !isAlwaysThere(name) ? [name] : []))).size;
  // A name alone does not make it ours: what the pod gives must be what the code asks for.
  if (shared === 0 && (by === "likeness" || by === "only" || isOfficial(imageName))) return [];
  const isSure = container.doubt === null && (by === "tag" || by === "name" || shared > 1);
  const has = (name: string) =>
    given.has(name) ||
    beside.has(name) ||
    known.provided.has(name) ||
    known.present.get(name) === true ||
    isAlwaysThere(name) ||
    /_SERVICE_(?:HOST|PORT)(?:_\w+)?$|_PORT_\d+_(?:TCP|UDP)/.test(name);
  const knownOf = (name: string): KnownVariable => {
    if (known.provided.has(name)) return null;
    const texts = given.get(name);
    if (texts) return texts;
    if (isAlwaysThere(name)) return usualTexts(name, environment);
    return has(name) ? "present" : [null];
  };
  const lacks = inTakenBranches(reads, knownOf).flatMap((reference): Omit<Lack, "others">[] => {
    const { name, need, anyOf, instead = [] } = reference;
    if (need !== "required" || has(name) || anyOf.some((other) => other === "\u0000" || has(other))) return [];
    if (instead.some((way) => way.every((names) => names.some(has)))) return [];
    const level = reach.get(reference.at.path)!;
    if (level === "guarded" || level === "type") return [];
    const isProgram = reference.asProgram === true && container.programs.has(reference.at.path);
    const isLeftOut = reference.asProgram === true && !isProgram;
    if (isLeftOut && !reference.late) return [];
    const time = level === "call" ? "later" : isProgram ? "start" : timeOf(reference, container, known.facts);
    // What a library of several services reads in a function, or only holds to be there, not all of them may need.
    const isSoft = time === "later" || reference.unsure === true;
    if (time === "never" || (isLeftOut && time === "later") || (isSoft && !container.isOwn(reference.at.path)))
      return [];
    return [{ container, reference, isLate: time === "later", certain: isSure && !isSoft }];
  });
  const byName = new Map<string, Omit<Lack, "others">[]>();
  for (const one of lacks) byName.set(one.reference.name, [...(byName.get(one.reference.name) ?? []), one]);
  // A pod that gives hardly anything of what the code asks for gets it from somewhere that is not seen.
  const isWired = byName.size <= MANY || byName.size <= shared;
  return [...byName.values()].map((group) => {
    const [first, ...others] = group.sort(
      (a, b) =>
        Number(b.certain) - Number(a.certain) ||
        Number(a.isLate) - Number(b.isLate) ||
        byPlace(a.reference, b.reference),
    );
    return { ...first!, certain: first!.certain && isWired, others: others.map((one) => one.reference) };
  });
}

function judgementOf(
  group: readonly Lack[],
  containers: readonly ClosedContainer[],
  environment: string | null,
  known: Surroundings,
): NameJudgement | null {
  const { container, reference, others, isLate } = group[0]!;
  const { name } = reference;
  const withIt = containers.filter((one) => one.reach.has(reference.at.path) && one.given.has(name));
  // Of what runs the same code only some may come to a function.
  if (isLate && withIt.length > 0) return null;
  const places = uniquePlaces(group.map((one) => one.container.end));
  const keys = [...container.given.keys()];
  return {
    namespace: "process",
    kind: "variable",
    name,
    environment,
    status: "unwired",
    need: isLate ? "read" : "required",
    first: { ...reference, service: container.service },
    others,
    asked: [],
    complete: true,
    certain: group.some((one) => one.certain),
    near: nearSecretNames(name, keys),
    anyOf: [],
    elsewhere: [...new Set(withIt.map((one) => one.service))].filter((one) => one !== container.service),
    wiring: places[0]!,
    pod: {
      kind: container.kind,
      path: container.deploy ?? container.path,
      from: holderOf(name, known.objects),
      whole: wholeOf(container, known.objects),
      alsoWithout: places.slice(1),
    },
  };
}

function uniquePlaces(places: readonly Location[]): Location[] {
  const seen = new Map<string, Location>();
  for (const one of places) seen.set(`${one.path}:${one.start.line}:${one.start.column}`, one);
  return [...seen.values()];
}

/** A Secret or ConfigMap of the repository that has a key of the name. */
function holderOf(name: string, objects: readonly KeyedObject[]): { kind: KeyedObject["kind"]; name: string } | null {
  const found = objects.find((one) => one.keys?.has(name));
  return found ? { kind: found.kind, name: found.name } : null;
}

/** The Secret or ConfigMap of the repository that stands for the whole of a container's variables. */
function wholeOf({ holder }: ClosedContainer, objects: readonly KeyedObject[]) {
  const found = holder && objects.find((one) => one.kind === holder.kind && one.name === holder.name);
  return found ? { kind: found.kind, name: found.name } : null;
}

/** The files that any of the containers reaches. */
export const reachedByContainers = (containers: readonly ClosedContainer[]): Set<RepoPath> =>
  new Set(containers.flatMap(({ reach }) => [...reach.keys()]));
