import type { DataNode } from "../../types/data.ts";
import type { Need } from "../../types/need.ts";
import type { SecretReference, WiringEdge } from "../../types/secret-reference.ts";
import type { Found, KubernetesSecrets, TerraformSecrets } from "../../types/secret-uses.ts";
import type { Namespace } from "../../types/secrets.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import { entriesOf, textOf } from "../data.ts";
import { isPlainSecret } from "./plain-secrets.ts";
import { writtenText } from "./written-text.ts";

/** Where a template stands, and which configured environments it is for. */
export interface TemplateContext {
  path: RepoPath;
  at(range: { start: number; end: number }): Location;
  environments: readonly string[] | null;
}

export const nothingFound = (): Found => ({ references: [], edges: [], dynamic: [], literals: [] });

export const noObjects = (): KubernetesSecrets => ({ ...nothingFound(), wishes: [], objects: [], operators: [] });

export const noTerraform = (): TerraformSecrets => ({
  ...nothingFound(),
  roots: [],
  passed: [],
  varFiles: [],
  values: new Map(),
  refused: [],
  objects: [],
});

/** Adds what one reader found to what others did. */
export function addFound(all: Found, { references, edges, dynamic, literals }: Found): void {
  for (const one of references) all.references.push(one);
  for (const one of edges) all.edges.push(one);
  for (const one of dynamic) all.dynamic.push(one);
  for (const one of literals) all.literals.push(one);
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

/** Adds the edges of a map whose keys are variables and whose list is whole. */
export function variablesOf(node: DataNode | null, { at, environments }: TemplateContext, found: Found): void {
  for (const { key, value } of entriesOf(node)) {
    found.edges.push(
      variableEdge(key.text, at(key), { environments, closed: true, ...writtenText(key.text, textOf(value)) }),
    );
    if (isPlainSecret(key.text, textOf(value) ?? ""))
      found.literals.push({ name: key.text, at: at(value), service: null });
  }
}
