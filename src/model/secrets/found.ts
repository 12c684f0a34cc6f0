import type { Need, SecretReference, WiringEdge } from "../../types/secret-reference.ts";
import type { Found } from "../../types/secret-uses.ts";
import type { Namespace } from "../../types/secrets.ts";
import type { Location } from "../../types/text.ts";

export const nothingFound = (): Found => ({ references: [], edges: [], dynamic: [] });

/** Adds what one reader found to what others did. */
export function addFound(all: Found, { references, edges, dynamic }: Found): void {
  for (const one of references) all.references.push(one);
  for (const one of edges) all.edges.push(one);
  for (const one of dynamic) all.dynamic.push(one);
}

/** A reference with what most have in common filled in. */
export function referenceTo(
  namespace: Namespace,
  name: string,
  need: Need,
  form: string,
  at: Location,
  more: Partial<SecretReference> = {},
): SecretReference {
  return {
    namespace,
    kind: namespace === "store" ? "secret" : "variable",
    name,
    need,
    anyOf: [],
    form,
    at,
    service: null,
    environments: null,
    scope: null,
    scopeUnknown: false,
    ...more,
  };
}

/** An edge that gives a variable to a process. */
export function variableEdge(
  name: string,
  at: Location,
  more: Partial<Omit<WiringEdge, "to" | "at" | "path">> = {},
): WiringEdge {
  return {
    from: null,
    to: { namespace: "process", name },
    kind: "plain",
    service: null,
    environments: null,
    closed: false,
    at,
    path: at.path,
    ...more,
  };
}
