import type { BuildAnswer, FrontBuild } from "../../types/front-build.ts";
import type { NameJudgement, SecretReference } from "../../types/secret-reference.ts";
import type { Inventory } from "../../types/secrets.ts";
import type { RepoPath } from "../../types/text.ts";
import { nearSecretNames } from "./near-names.ts";
import { byPlace, NEED_RANK } from "./order.ts";

const isGap = (answer: BuildAnswer) => answer === "undeclared" || answer === "not-given" || answer === "unset";

/** The front ends' own builds that take a name in which a file reads. */
export function buildsOf(reference: SecretReference, builds: readonly FrontBuild[]): FrontBuild[] {
  const from: RepoPath = reference.from ?? reference.at.path;
  return reference.namespace === "build"
    ? builds.filter(({ frontEnd }) => frontEnd.takesIn(reference.name) && frontEnd.files().has(from))
    : [];
}

/** Holds what front ends take in while they are built against what their build stage or step has; once for each front end and name. */
export function judgeBuild(
  references: readonly SecretReference[],
  builds: readonly FrontBuild[],
  inventories: readonly Inventory[],
  environments: readonly string[],
): NameJudgement[] {
  const judgements: NameJudgement[] = [];
  const groups = new Map<string, SecretReference[]>();
  for (const one of references)
    for (const directory of new Set(buildsOf(one, builds).map(({ frontEnd }) => frontEnd.directory))) {
      const id = `${directory}\n${one.name}`;
      groups.set(id, [...(groups.get(id) ?? []), one]);
    }
  const told = new Set<string>();
  for (const environment of environments.length > 0 ? environments : [null]) {
    const asked = inventories.filter((one) => one.environment === environment && one.namespace === "build");
    for (const [id, group] of groups) {
      const [first, ...others] = [...group].sort((a, b) => NEED_RANK[a.need] - NEED_RANK[b.need] || byPlace(a, b));
      const { name } = first!;
      const own = buildsOf(first!, builds)
        .filter((one) => environment === null || one.environments === null || one.environments.includes(environment))
        .map((build) => ({ build, answer: build.answer(name) }));
      if (own.length === 0) continue;
      const listed = asked.some((one) => one.names.some((each) => each.name === name && each.empty !== true));
      const gaps = own.filter(({ answer }) => isGap(answer));
      // Where some build has the name, the others count only if what they make is certainly shipped.
      const partial = gaps.length < own.length;
      const gap = (partial ? gaps.find(({ build }) => build.pushes) : gaps[0]) ?? null;
      const missing = !listed && gap !== null && !told.has(id);
      if (missing) told.add(id);
      judgements.push({
        namespace: "build",
        kind: "variable",
        name,
        environment,
        status: missing ? "missing" : listed || own.some(({ answer }) => answer === "given") ? "provided" : "unknown",
        need: first!.need,
        first: first!,
        others,
        asked,
        // What is shipped from a stage that cannot take the name lacks it, whatever other Dockerfiles do.
        complete: missing && (!partial || (gap.answer === "undeclared" && gap.build.pushes)),
        ...(gap === null ? {} : { certain: gap.build.certain, build: { ...gap, elsewhere: givers(own) } }),
        near: missing
          ? nearSecretNames(
              name,
              asked.flatMap((one) => one.names.map((each) => each.name)),
            )
          : [],
        anyOf: [],
        elsewhere: [],
      });
    }
  }
  return judgements;
}

/** Where other builds of the same front end get it. */
const givers = (own: readonly { build: FrontBuild; answer: BuildAnswer }[]) =>
  own.flatMap(({ build, answer }) => (answer === "given" && build.definition !== null ? [build.definition] : []));
