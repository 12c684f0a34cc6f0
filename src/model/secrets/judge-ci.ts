import type { NameJudgement, SecretReference } from "../../types/secret-reference.ts";
import type { Inventory, InventoryName } from "../../types/secrets.ts";
import { nearSecretNames } from "./near-names.ts";
import { byPlace, NEED_RANK } from "./order.ts";

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Holds what workflows want of the forge against what exists there: organisation and repository, and the environment of the job. */
export function judgeCi(
  references: readonly SecretReference[],
  inventories: readonly Inventory[],
  present: ReadonlyMap<string, boolean>,
): NameJudgement[] {
  const groups = new Map<string, SecretReference[]>();
  // GitHub tells no case apart.
  const said = new Map([...present].map(([name, there]) => [name.toLowerCase(), there]));
  for (const reference of references) {
    if (reference.namespace !== "ci") continue;
    const key = [
      reference.kind,
      reference.name.toLowerCase(),
      reference.scopeUnknown ? `? ${reference.scopes?.join(" ") ?? ""}` : (reference.scope?.toLowerCase() ?? ""),
    ].join(" ");
    groups.set(key, [...(groups.get(key) ?? []), reference]);
  }
  const ci = inventories.filter((one) => one.namespace === "ci");
  const judgements = [...groups.values()].flatMap((group) => {
    const judged = judge(group, ci, said);
    return judged.status === "provided" ? [judged, ...lackingChoices(group, ci)] : [judged];
  });
  return onceEach(judgements);
}

/** A name that nothing holds at all is absent once, whatever the environments that jobs choose at run time. */
function onceEach(judgements: readonly NameJudgement[]): NameJudgement[] {
  const keyOf = ({ status, environment, elsewhere, kind, name }: NameJudgement) =>
    status === "missing" && environment === null && elsewhere.length === 0 ? `${kind} ${name.toLowerCase()}` : null;
  const absent = new Map<string, NameJudgement[]>();
  for (const one of judgements) {
    const key = keyOf(one);
    if (key !== null) absent.set(key, [...(absent.get(key) ?? []), one]);
  }
  return judgements.flatMap((one) => {
    const group = absent.get(keyOf(one) ?? "") ?? [one];
    if (group.length === 1) return [one];
    if (group[0] !== one) return [];
    const [first, ...others] = inOrder(group.flatMap((each) => [each.first, ...each.others]));
    return [{ ...group.find((each) => each.first === first)!, first: first!, others }];
  });
}

/** What is needed most comes first. */
const inOrder = (references: readonly SecretReference[]): SecretReference[] =>
  [...references].sort((a, b) => NEED_RANK[a.need] - NEED_RANK[b.need] || byPlace(a, b));

/** The environments among which an input chooses that lack what others of them have; nothing of those that no inventory lists. */
function lackingChoices(group: readonly SecretReference[], inventories: readonly Inventory[]): NameJudgement[] {
  const options = [...new Set(group.flatMap((one) => one.choice?.options ?? []))].sort();
  return options.flatMap((option) => {
    const own = group
      .filter((one) => one.choice?.options.includes(option))
      .map((one): SecretReference => ({ ...one, scope: option, scopeUnknown: false }));
    const listed = inventories.filter(
      (one) =>
        (one.kind ?? own[0]!.kind) === own[0]!.kind &&
        (same(one.environment, option) || one.names.some(({ scope }) => scope !== null && same(scope, option))),
    );
    const judged = listed.length === 0 ? null : judge(own, listed, new Map());
    return judged?.status === "missing" ? [{ ...judged, chosenBy: own[0]!.choice!.input }] : [];
  });
}

function judge(
  group: readonly SecretReference[],
  inventories: readonly Inventory[],
  present: ReadonlyMap<string, boolean>,
): NameJudgement {
  const sorted = inOrder(group);
  const first = sorted[0]!;
  const { name, kind, scope, scopeUnknown, scopes, anyOf } = first;
  // The inventories of the job's own environment; where the config has none of this name, all that there are.
  const own = inventories.filter((one) =>
    scopeUnknown
      ? (scopes ?? []).some((each) => same(one.environment, each))
      : scope !== null && same(one.environment, scope),
  );
  const asked = (own.length > 0 ? own : inventories).filter((one) => (one.kind ?? kind) === kind);
  const visible = ({ kind: of, scope: holder }: InventoryName) =>
    (of === null || of === kind) &&
    (holder === null ||
      (scopeUnknown && (scopes === undefined || scopes.some((one) => same(one, holder)))) ||
      (scope !== null && same(holder, scope)));
  const names = asked.flatMap((one) => one.names.filter(visible));
  const suffices = [name, ...anyOf];
  const has = (one: string) => present.get(one.toLowerCase()) === true || names.some((known) => same(known.name, one));
  // Each place has its own ways to do without.
  const provided =
    suffices.some(has) ||
    group.every(({ instead = [] }) => instead.some((needed) => needed.every((names) => names.some(has))));
  const said = present.get(name.toLowerCase());
  const holders = asked.flatMap((one) =>
    one.names
      .filter((known) => same(known.name, name) && known.scope !== null && (known.kind ?? kind) === kind)
      .map((known) => known.scope!),
  );
  return {
    namespace: "ci",
    kind,
    name,
    environment: scope,
    status: provided
      ? "provided"
      : said === false
        ? "empty"
        : asked.length === 0 || asked.some((one) => one.hidden)
          ? "unknown"
          : "missing",
    need: first.need,
    first,
    others: sorted.slice(1),
    asked,
    complete: said === false || (asked.length > 0 && asked.every((one) => one.complete)),
    near: provided
      ? []
      : nearSecretNames(
          name,
          names.filter((one) => (one.kind ?? kind) === kind).map((one) => one.name),
        ),
    anyOf: anyOf.length > 0 ? suffices : [],
    elsewhere: provided ? [] : [...new Set(holders)].sort(),
  };
}
