import type { Check } from "../../types/rule.ts";
import type { WiringEdge } from "../../types/secret-reference.ts";
import { quotedList } from "./reporting.ts";

export const conflictingMapping: Check<"secrets", "secrets/conflicting-mapping"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    const groups = new Map<string, WiringEdge[]>();
    for (const edge of secrets.edges)
      if (edge.from?.namespace === "store" && edge.to.namespace === "process")
        groups.set(edge.to.name, [...(groups.get(edge.to.name) ?? []), edge]);
    for (const [name, edges] of groups) {
      const reported = new Set<string>();
      for (const [index, edge] of edges.entries())
        for (const other of edges.slice(0, index)) {
          const [left, right] = [other.from!.name, edge.from!.name];
          if (left === right || !sameEnvironment(edge, other)) continue;
          const id = [left, right].sort().join("\n");
          if (reported.has(id)) continue;
          reported.add(id);
          const sameService = edge.service !== null && edge.service === other.service;
          const kin = secrets.kin(left, right);
          // In another file it may be a deploy of another environment, unless both say which.
          const isOne = edge.path === other.path || (namesEnvironment(edge) && namesEnvironment(other));
          const severity = sameService ? (isOne ? "error" : "warning") : kin ? "warning" : "note";
          const exists = secrets.inventories
            .filter((one) => one.namespace === "store")
            .flatMap((one) => one.names.map((each) => each.name))
            .filter((one) => one === left || one === right);
          const held = exists.length === 1 ? ` The store has ${quotedList(exists)}.` : "";
          yield {
            message: `${name} is taken from "${right}" here and from "${left}" elsewhere${sameService ? ` for the same service ${edge.service}` : ""}: what one side signs the other does not accept.${held} Keep one mapping.`,
            subject: name,
            at: edge.at,
            severity,
            related: [{ ...other.at, message: `from "${left}" here` }],
          };
        }
    }
  },
};

const ENVIRONMENT =
  /(?:^|[-_./])(prod|production|prd|live|staging|stage|stg|dev|development|test|qa|uat|preview|sandbox|demo)(?=$|[-_./])/gi;
/** Other spellings of the words' first four letters. */
const SPELLINGS = new Map([
  ["stg", "stag"],
  ["prd", "prod"],
  ["live", "prod"],
]);
const spelt = (word: string) => SPELLINGS.get(word) ?? word.slice(0, 4);
const wordsOf = (text: string) =>
  [...new Set([...text.matchAll(ENVIRONMENT)].map((match) => spelt(match[1]!.toLowerCase())))].sort().join();

const namesEnvironment = ({ environments, service }: WiringEdge): boolean =>
  environments?.length === 1 || wordsOf(service ?? "") !== "";

/** Whether two mappings can be meant for one environment. */
function sameEnvironment(a: WiringEdge, b: WiringEdge): boolean {
  if (a.environments !== null && b.environments !== null)
    if (
      !a.environments.some((one) => b.environments!.includes(one)) &&
      a.environments.length + b.environments.length > 0
    )
      return false;
  if (wordsOf(a.from!.name) !== wordsOf(b.from!.name)) return false;
  const [left, right] = [wordsOf(`${a.path}/${a.service ?? ""}`), wordsOf(`${b.path}/${b.service ?? ""}`)];
  return left === right || left === "" || right === "";
}
