import type { RunContainer } from "../../types/containers.ts";
import type { KubernetesModel } from "../../types/kubernetes.ts";
import type { KeyedObject } from "../../types/secret-uses.ts";
import { imageName } from "../builds/names.ts";
import { isExampleOrTest } from "../path-class.ts";
import { INJECTOR, isFor, type ManifestDeploy, patchedVariables } from "./kustomize-deploys.ts";

/** Texts that a variable may have; `"present"` where nobody can tell. */
export type GivenVariable = readonly string[] | "present";

/** All that a container has of its environment, by its pod. */
export interface ContainerVariables {
  given: ReadonlyMap<string, GivenVariable>;
  /** Something is laid into it: files that the code may read. */
  mounts: boolean;
  /** Why it may have more; null: it has nothing else. */
  open: string | null;
}

/** The variables of a container in one deploy: `env`, `envFrom`, what patches add, what the cluster gives every pod. */
export function containerVariables(
  { object, container }: RunContainer,
  deploy: ManifestDeploy,
  objects: readonly KeyedObject[],
): ContainerVariables {
  const given = new Map<string, GivenVariable>();
  let open = deploy.open;
  let mounts = container.mounts.length > 0;
  const give = (name: string, text: string | null) => {
    const known = given.get(name);
    given.set(name, text === null || known === "present" ? "present" : [...(known ?? []), text]);
  };
  const giveKeys = (kind: KeyedObject["kind"], name: string, prefix: string) => {
    const keys = keysOf(kind, name, objects);
    if (keys === null) open ??= `the keys of ${name} are not known`;
    for (const key of keys ?? []) give(`${prefix}${key}`, null);
  };
  for (const { name, value, from } of container.env) give(name, from || value === null ? null : value.text);
  for (const { kind, name, prefix } of container.envFrom) giveKeys(kind, name.text, prefix);
  for (const patch of deploy.patches.filter((one) => isFor(one, object))) {
    const { names, maps, images, more, ...patched } = patchedVariables(patch.body);
    mounts ||= patched.mounts;
    for (const [name, text] of names) give(name, text);
    for (const { kind, name, prefix } of maps) giveKeys(kind, name, prefix);
    if (more || images.some((one) => imageName(one) !== imageName(container.image?.text ?? "")))
      open ??= "a patch changes what it runs";
  }
  for (const { name } of [...(object.pod?.annotations ?? []), ...(object.pod?.labels ?? []), ...object.annotations]) {
    const webhook = WEBHOOKS.find(({ pattern }) => pattern.test(name));
    if (webhook) for (const one of webhook.gives) give(one, null);
    else if (INJECTOR.test(name)) open ??= `${name} may give it more`;
  }
  return { given, mounts, open };
}

/** Variables that the cluster gives every pod for the Services beside it. https://kubernetes.io/docs/tutorials/services/connect-applications-service/ */
export function serviceVariables({ objects }: KubernetesModel): Set<string> {
  return new Set(
    objects.flatMap(({ kind, name }) =>
      kind === "Service" && name
        ? ["SERVICE_HOST", "SERVICE_PORT", "PORT"].map((end) => `${name.text.toUpperCase().replace(/-/g, "_")}_${end}`)
        : [],
    ),
  );
}

/** Labels and annotations for which a webhook is known to set these variables and no others. */
const WEBHOOKS = [
  {
    pattern: /^azure\.workload\.identity\//,
    gives: ["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_AUTHORITY_HOST"],
  },
  { pattern: /^dapr\.io\//, gives: ["DAPR_HTTP_PORT", "DAPR_GRPC_PORT", "DAPR_API_TOKEN", "APP_API_TOKEN"] },
  // The proxies of service meshes are containers of their own.
  { pattern: /^(?:[\w.-]+\.)?(?:istio|linkerd|kuma|consul\.hashicorp|appmesh\.k8s)\.(?:io|com|aws)\//, gives: [] },
];

/** Keys of a Secret or ConfigMap over all that the repository says of it; null where they cannot be told. */
function keysOf(kind: KeyedObject["kind"], name: string, objects: readonly KeyedObject[]): Set<string> | null {
  const same = objects.filter((one) => one.kind === kind && one.name === name);
  if (same.length === 0) return null;
  const keys = new Set<string>();
  for (const one of same) {
    // A list that somebody fills in by hand, and an example of one, need not be whole.
    if (one.keys === null || one.keys.size === 0 || isExampleOrTest(one.path) || EXAMPLE.test(one.path)) return null;
    for (const key of one.keys) keys.add(key);
  }
  return keys;
}

const EXAMPLE = /example|sample|template|placeholder|dummy/i;
