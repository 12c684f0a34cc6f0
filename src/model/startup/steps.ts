import type { RunOrder, RunPlace } from "../../types/finding.ts";
import type { OrderFinding, Site, StartupRoot, StartupStep } from "../../types/startup.ts";
import type { StartupWorld } from "./world.ts";

/** How a message names a site: its last two segments at most. */
export function siteName(site: Site): string {
  // `require("dd-trace").init` is known by the module's name.
  const plain = site.names.filter((one) => !one.startsWith("require("));
  const name = plain.findLast((one) => one.includes(".")) ?? site.names.at(-1) ?? "";
  const short = name.split(".").slice(-2).join(".");
  if (site.form === "assign") return `${name} = ${site.value ?? "…"}`;
  return short === "" ? "this call" : short;
}

/** A chain of calls as a reader follows it; what no name is known of is left out. */
export function stepsOf(world: Pick<StartupWorld, "locate">, chain: readonly Site[]): StartupStep[] {
  return chain
    .filter((site) => site.names.length > 0)
    .map((site) => ({ name: siteName(site), at: world.locate(site.place) }));
}

/**
 * The two places of a finding in the order in which they are reached. `wanted`: which of them the question wants first. Undefined
 * where there are not two, or where only some paths are wrong.
 */
export function runOrderOf(
  world: Pick<StartupWorld, "locate">,
  root: Pick<StartupRoot, "label">,
  finding: OrderFinding,
  wanted: "site" | "other",
): RunOrder | undefined {
  const { verdict, site, otherSite } = finding;
  if (!site || !otherSite) return undefined;
  const here = placeOf(world, site, finding.chain);
  const other = placeOf(world, otherSite, finding.otherChain);
  switch (verdict) {
    case "reversed":
      return wanted === "other"
        ? { root: root.label, first: here, second: other, how: "before" }
        : { root: root.label, first: other, second: here, how: "before" };
    case "racing":
      return { root: root.label, first: other, second: here, how: "beside" };
    case "repeated":
      return { root: root.label, first: other, second: here, how: "again" };
    default:
      return undefined;
  }
}

function placeOf(world: Pick<StartupWorld, "locate">, site: Site, chain: readonly Site[]): RunPlace {
  return { name: siteName(site), at: world.locate(site.place), chain: stepsOf(world, chain) };
}
