import type { KeyedObject } from "../../types/secret-uses.ts";
import type { Inventory } from "../../types/secrets.ts";

/**
 * The Secrets and ConfigMaps that complete lists of the cluster hold, with their keys: what a pod takes over as a whole is known by them
 * where the repository does not make it. Only where every environment has such a list; what one of them has counts for all.
 */
export function listedObjects(inventories: readonly Inventory[], environments: readonly string[]): KeyedObject[] {
  const lists = inventories.filter(
    (one) => one.namespace === "object" && one.complete && one.names.some(({ name }) => name.includes("/")),
  );
  if (environments.length === 0 || !environments.every((name) => lists.some((one) => one.environment === name)))
    return [];
  const found = new Map<string, KeyedObject>();
  for (const { names } of lists)
    for (const { name: written, kind, scope, at } of names) {
      const [name = "", ...key] = written.split("/");
      const type = kind === "secret" ? ("secret" as const) : ("config-map" as const);
      const id = `${type} ${scope ?? ""} ${name}`;
      const known = found.get(id) ?? {
        kind: type,
        name,
        namespace: scope ?? null,
        keys: new Set<string>(),
        path: at.path,
      };
      if (key.length > 0) known.keys?.add(key.join("/"));
      found.set(id, known);
    }
  return [...found.values()];
}
