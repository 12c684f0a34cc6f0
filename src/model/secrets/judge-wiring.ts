import { directoryOf } from "../../text/paths.ts";
import type { ImportModel } from "../../types/imports.ts";
import type { NameJudgement, SecretReference, WiringEdge } from "../../types/secret-reference.ts";
import type { Inventory } from "../../types/secrets.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { isDockerfile, isExampleOrTest } from "../path-class.ts";
import { inTakenBranches, type KnownVariable, usualTexts } from "./branches.ts";
import { isAlwaysThere, mayRun } from "./code-paths.ts";
import { nearSecretNames } from "./near-names.ts";
import { byPlace } from "./order.ts";
import type { StartVariables } from "./start-variables.ts";
import { textsGiven } from "./written-text.ts";

interface Wiring {
  files: FileTree;
  imports: ImportModel;
  references: readonly SecretReference[];
  edges: readonly WiringEdge[];
  inventories: readonly Inventory[];
  environments: readonly string[];
  provided: ReadonlySet<string>;
  reached: ReadonlySet<RepoPath> | null;
  /** Services that are judged by what their containers run. */
  byContainer: ReadonlySet<string>;
  leftOut(environment: string | null): ReadonlySet<RepoPath>;
  runs(environment: string | null): ReadonlySet<RepoPath>;
  /** What the images give while they start. */
  atStart(): StartVariables;
}

const flat = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
/** What a service's name adds to the name of its folder: the environment and the kind of thing. */
const DECORATION = /(?:^|[-_])(?:staging|stg|production|prod|dev|service|svc|server|app|backend)(?=$|[-_])/g;

/** Required variables that the closed wiring of a service does not give it; only where no inventory of the process says what it has. */
export function judgeWiring(known: Wiring): NameJudgement[] {
  const judgements: NameJudgement[] = [];
  for (const environment of known.environments.length > 0 ? known.environments : [null]) {
    const inventories = known.inventories.filter((one) => one.environment === environment);
    if (inventories.some((one) => one.namespace === "process")) continue;
    const applies = ({ environments }: WiringEdge) =>
      environment === null || environments === null || environments.includes(environment);
    const edges = known.edges.filter((edge) => edge.to.namespace === "process" && applies(edge));
    const closed = edges.filter((edge) => edge.closed && edge.service !== null);
    const services = [...new Set(closed.map((edge) => edge.service!))];
    if (services.length === 0) continue;
    const left = known.leftOut(environment);
    const { names: started, open } = known.atStart();
    const wanted = known.references.filter(
      (one) => one.namespace === "process" && one.service === null && !left.has(one.at.path) && !open.has(one.at.path),
    );
    const reachOf = reaches(services, known);
    const isAlone = imageFolders(known) < 2;
    const outside = edges.filter((edge) => edge.service === null || !services.includes(edge.service));
    for (const service of services) {
      if (known.byContainer.has(service)) continue;
      const own = edges.filter((edge) => edge.service === service);
      const has = (name: string) =>
        [...own, ...outside].some((edge) => edge.to.name === name) ||
        known.provided.has(name) ||
        started.has(name) ||
        isAlwaysThere(name);
      // Both lists must be written whole, or the other one may have been set before.
      const whole =
        own.some((edge) => edge.closed && edge.kind === "plain") &&
        own.some((edge) => edge.closed && edge.kind === "secret");
      const knownOf = (name: string): KnownVariable => {
        if (known.provided.has(name)) return null;
        const deployed = textsGiven(own.filter((edge) => edge.to.name === name && !edge.ofImage));
        if (deployed !== null) return deployed;
        const others = outside.filter((edge) => edge.to.name === name);
        if (others.length > 0) return whole && others.every((edge) => edge.ofImage) ? textsGiven(others) : "present";
        if (isAlwaysThere(name)) return usualTexts(name, environment);
        return whole ? [null] : null;
      };
      const reach = services.length === 1 && isAlone ? null : (reachOf.get(service) ?? new Set<RepoPath>());
      const groups = new Map<string, SecretReference[]>();
      for (const one of inTakenBranches(wanted, knownOf))
        if (one.need === "required" && (reach === null || reach.has(one.at.path)))
          groups.set(one.name, [...(groups.get(one.name) ?? []), one]);
      const stores = inventories.filter((one) => one.namespace === "store");
      const names = stores.flatMap((one) => one.names.map((each) => each.name));
      for (const [name, group] of groups) {
        if (has(name) || group.some((one) => one.anyOf.some((other) => other === "\u0000" || has(other)))) continue;
        const [first, ...others] = [...group].sort(byPlace);
        const elsewhere = services.filter(
          (other) => other !== service && edges.some((edge) => edge.service === other && edge.to.name === name),
        );
        judgements.push({
          namespace: "process",
          kind: "variable",
          name,
          environment,
          status: "unwired",
          need: "required",
          first: { ...first!, service },
          others,
          asked: stores,
          complete: whole,
          certain: known.reached?.has(first!.at.path) === true || known.runs(environment).has(first!.at.path),
          near: nearSecretNames(name, names),
          anyOf: [],
          elsewhere,
          wiring: own.find((edge) => edge.closed)!.at,
        });
      }
    }
  }
  return judgements;
}

/** The files of all services whose wiring is closed; none where there is one service, which may be all of the repository. */
export function wiredFiles(edges: readonly WiringEdge[], files: FileTree, imports: ImportModel): Set<RepoPath> {
  const services = [...new Set(edges.flatMap((edge) => (edge.closed && edge.service !== null ? [edge.service] : [])))];
  if (services.length < 2) return new Set();
  return new Set([...reaches(services, { files, imports }).values()].flatMap((paths) => [...paths]));
}

/** How many folders with code of their own an image is built from: with several, a service that is deployed alone is not all of the code. */
function imageFolders({ files, imports }: Pick<Wiring, "files" | "imports">): number {
  const folders = files.entries.flatMap(({ path, ignored }) =>
    !ignored && isDockerfile(path) && !isExampleOrTest(path) ? [directoryOf(path)] : [],
  );
  return [...new Set(folders)].filter((folder) =>
    imports.paths.some((path) => (folder === "" || path.startsWith(`${folder}/`)) && mayRun(path)),
  ).length;
}

/** The files that each service's folder holds or imports; a service without a folder of its name has none. */
function reaches(
  services: readonly string[],
  { files, imports }: Pick<Wiring, "files" | "imports">,
): Map<string, Set<RepoPath>> {
  const found = new Map<string, Set<RepoPath>>();
  const code = imports.paths.filter(mayRun);
  for (const service of services) {
    const names = new Set([flat(service), flat(service.toLowerCase().replace(DECORATION, ""))]);
    names.delete("");
    const own = code.filter((path) =>
      path
        .split("/")
        .slice(0, -1)
        .some((part) => names.has(flat(part)) || names.has(flat(part.toLowerCase().replace(DECORATION, "")))),
    );
    const reached = new Set<RepoPath>(own);
    const queue = [...own];
    for (let path = queue.pop(); path !== undefined; path = queue.pop())
      for (const { resolved } of imports.of(path))
        if (resolved !== null && !reached.has(resolved) && reached.size < 5_000 && files.has(resolved)) {
          reached.add(resolved);
          queue.push(resolved);
        }
    found.set(service, reached);
  }
  return found;
}
