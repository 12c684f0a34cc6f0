import { baseName, directoryOf, inRepository } from "../../text/paths.ts";
import type { DataNode } from "../../types/data.ts";
import type { FactReader } from "../../types/facts.ts";
import type { KubernetesModel, ModelObject } from "../../types/kubernetes.ts";
import type { Need } from "../../types/need.ts";
import type { Found, KeyedObject, KubernetesSecrets, ObjectWish } from "../../types/secret-uses.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { entriesOf, itemsOf, locate, textOf, valueAt } from "../data.ts";
import { isKustomization } from "../path-class.ts";
import { configuredIn } from "./environments.ts";
import { addFound, noObjects, nothingFound, referenceTo, variableEdge } from "./found.ts";
import { writtenText } from "./written-text.ts";

const CORE =
  /^(?:v1|apps\/|batch\/|autoscaling\/|policy\/|networking\.k8s\.io\/|rbac\.|storage\.k8s\.io|kustomize\.config|scheduling\.|apiextensions\.)/;
/** Kinds whose Secret is read from them. */
const UNDERSTOOD = new Set(["ExternalSecret", "ClusterExternalSecret", "SealedSecret", "Certificate"]);
/** Objects that the cluster or an operator makes by a rule of its own for names (postgres-operator.readthedocs.io). */
const MANAGED =
  /^(?:kube-root-ca\.crt|default-token-.*|.*-token-[a-z0-9]{5}|.*\.credentials(?:\.postgresql\.acid\.zalan\.do)?)$/;

/** What manifests want of Secrets and ConfigMaps and which of them there are; Cloud Run's YAML wants of the secret store instead. */
export function kubernetesSecrets(
  model: KubernetesModel,
  files: FileTree,
  facts: FactReader,
  environments: readonly string[],
): KubernetesSecrets {
  const result = noObjects();
  const starts = new Map<RepoPath, number[]>();
  const placeIn = (path: RepoPath) => (node: { start: number; end: number }) => {
    const known = starts.get(path) ?? facts.get("kubernetes", path)?.lineStarts ?? [0];
    starts.set(path, known);
    return locate(path, { lineStarts: known }, node);
  };
  for (const object of model.objects) {
    const at = placeIn(object.path);
    const serving = /^(?:serving\.knative\.dev|run\.googleapis\.com)\//.test(object.apiVersion);
    if (serving && (object.apiVersion.startsWith("run.") || isCloudRun(object)))
      addFound(result, cloudRun(object, at, configuredIn(`${object.path} ${object.name?.text ?? ""}`, environments)));
    else {
      provider(object, result);
      if (object.pod || object.kind === "ServiceAccount" || object.kind === "Ingress") wishes(object, at, result);
      if (object.kind === "ExternalSecret" || object.kind === "ClusterExternalSecret")
        addFound(result, externalSecret(object, at, configuredIn(object.path, environments)));
      if (!CORE.test(object.apiVersion) && !UNDERSTOOD.has(object.kind) && object.name)
        result.operators.push(object.name.text);
    }
    for (const container of [...(object.pod?.containers ?? []), ...(object.pod?.initContainers ?? [])]) {
      const more = {
        service: object.name?.text ?? null,
        environments: configuredIn(object.path, environments),
        // What an operator or an overlay adds is not seen here.
        closed: false,
      };
      for (const { name, from, value, at: place } of container.env) {
        const kind = from?.kind === "secret" ? "secret" : "plain";
        result.edges.push(variableEdge(name, place, { ...more, kind, ...writtenText(name, value?.text) }));
      }
      for (const { kind, name } of container.envFrom) {
        const holders = result.objects.filter((one) => one.kind === kind && one.name === name.text);
        for (const key of holders.flatMap((one) => [...(one.keys ?? [])]))
          result.edges.push(variableEdge(key, name.at, more));
      }
    }
  }
  for (const { path, ignored } of files.entries)
    if (!ignored && isKustomization(path)) result.objects.push(...generated(path, files, facts));
  // Keys of objects that stand behind their users in the order of the files.
  for (const object of model.objects)
    for (const container of [...(object.pod?.containers ?? []), ...(object.pod?.initContainers ?? [])])
      for (const { kind, name } of container.envFrom)
        for (const holder of result.objects)
          if (holder.kind === kind && holder.name === name.text)
            for (const key of holder.keys ?? [])
              result.edges.push(variableEdge(key, name.at, { service: object.name?.text ?? null }));
  return result;
}

function isCloudRun(object: ModelObject): boolean {
  return (
    object.annotations.some((one) => /run\.googleapis\.com|cloud\.googleapis\.com/.test(one.name)) ||
    object.labels.some((one) => one.name.startsWith("cloud.googleapis.com/")) ||
    [...walk(object.node)].some(
      ([key, node]) => key === "secretKeyRef" && /^(?:latest|\d+)$/.test(textOf(valueAt(node, "key")) ?? ""),
    ) ||
    entriesOf(valueAt(object.node, "spec", "template", "metadata", "annotations")).some((one) =>
      one.key.text.startsWith("run.googleapis.com/"),
    )
  );
}

/** Every map entry below a node with its key, bounded in depth. */
function* walk(node: DataNode | null, depth = 0): Generator<[string, DataNode]> {
  if (!node || depth > 25) return;
  if (node.kind === "map")
    for (const { key, value } of node.entries) {
      yield [key.text, value];
      yield* walk(value, depth + 1);
    }
  if (node.kind === "list") for (const item of node.items) yield* walk(item, depth + 1);
}

/** Cloud Run: the name of a `secretKeyRef` is a secret of Secret Manager or an alias for one; its key is a version. */
function cloudRun(
  object: ModelObject,
  at: (node: DataNode) => Location,
  environments: readonly string[] | null,
): Found {
  const found = nothingFound();
  const service = object.name?.text ?? null;
  const aliases = new Map<string, string>();
  for (const [key, value] of walk(object.node))
    if (key === "run.googleapis.com/secrets")
      for (const part of (textOf(value) ?? "").split(",")) {
        const [alias, ...rest] = part.split(":");
        if (alias && rest.length > 0) aliases.set(alias.trim(), rest.join(":").trim());
      }
  const want = (node: DataNode | null, form: string, variable: string | null, version: string | null = null) => {
    const name = textOf(node);
    if (!node || name === null || /[${]/.test(name)) return;
    const alias = aliases.get(name);
    const secret = alias === undefined ? name : baseName(alias);
    if (variable !== null)
      found.edges.push(
        variableEdge(variable, at(node), {
          from: { namespace: "store", name: secret },
          kind: "secret",
          service,
          environments,
          closed: true,
        }),
      );
    // A project by number stands for another one, or for this one: only the plain name is asked for.
    if (alias !== undefined && !/^projects\/\$\{?PROJECT/.test(alias)) return;
    if (/^projects\//.test(name)) return;
    found.references.push(
      referenceTo("store", secret, "required", form, at(node), {
        service,
        environments,
        ...(version === null ? {} : { version }),
      }),
    );
  };
  for (const [key, value] of walk(object.node)) {
    if (key === "env")
      for (const item of itemsOf(value)) {
        const reference = valueAt(item, "valueFrom", "secretKeyRef");
        const variable = textOf(valueAt(item, "name"));
        if (reference)
          want(valueAt(reference, "name"), `secretKeyRef of ${variable}`, variable, textOf(valueAt(reference, "key")));
      }
    if (key === "volumes")
      for (const item of itemsOf(value))
        want(valueAt(item, "secret", "secretName"), `volume ${textOf(valueAt(item, "name")) ?? ""}`, null);
  }
  return found;
}

/** External Secrets: what is taken from the store. */
function externalSecret(
  object: ModelObject,
  at: (node: DataNode) => Location,
  environments: readonly string[] | null,
): Found {
  const found = nothingFound();
  for (const [key, value] of walk(object.node)) {
    const node = key === "remoteRef" || key === "extract" ? valueAt(value, "key") : null;
    const name = textOf(node);
    if (node && name !== null && !/[{$]/.test(name))
      found.references.push(referenceTo("store", name, "required", `${key}.key: ${name}`, at(node), { environments }));
  }
  return found;
}

function provider(object: ModelObject, { objects }: KubernetesSecrets): void {
  const { kind, node, path } = object;
  const name = object.name?.text ?? null;
  const namespace = object.namespace?.text ?? null;
  const keys = (...parts: (DataNode | null)[]) =>
    new Set(parts.flatMap((part) => entriesOf(part).map((one) => one.key.text)));
  const push = (of: KeyedObject["kind"], called: string | null, has: Set<string> | null, into = namespace) => {
    if (called !== null) objects.push({ kind: of, name: called, namespace: into, keys: has, path });
  };
  if (kind === "Secret") {
    const encrypted = valueAt(node, "sops") !== null;
    const has = keys(valueAt(node, "data"), valueAt(node, "stringData"));
    const operated = object.annotations.length > 0 && has.size === 0;
    push("secret", name, operated || (has.size === 0 && encrypted) ? null : has);
  } else if (kind === "ConfigMap") push("config-map", name, keys(valueAt(node, "data"), valueAt(node, "binaryData")));
  else if (kind === "SealedSecret") {
    const own = textOf(valueAt(node, "spec", "template", "metadata", "name")) ?? name;
    push("secret", own, keys(valueAt(node, "spec", "encryptedData"), valueAt(node, "spec", "template", "data")));
  } else if (kind === "ExternalSecret" || kind === "ClusterExternalSecret") {
    const spec = kind === "ExternalSecret" ? valueAt(node, "spec") : valueAt(node, "spec", "externalSecretSpec");
    const template = keys(valueAt(spec, "target", "template", "data"));
    const open =
      itemsOf(valueAt(spec, "dataFrom")).length > 0 || valueAt(spec, "target", "template", "templateFrom") !== null;
    const has = new Set(itemsOf(valueAt(spec, "data")).flatMap((one) => textOf(valueAt(one, "secretKey")) ?? []));
    push("secret", textOf(valueAt(spec, "target", "name")) ?? name, open ? null : template.size > 0 ? template : has);
  } else if (kind === "Certificate") push("secret", textOf(valueAt(node, "spec", "secretName")), null);
  else if (!CORE.test(object.apiVersion)) {
    // Operators write the Secret that their object names.
    for (const [key, value] of walk(node)) {
      if (/^(?:secretName|targetSecretName|targetSecret|secretRef)$/.test(key)) {
        push("secret", textOf(value) ?? textOf(valueAt(value, "name")), null);
      }
      if (
        /^(?:destination|managedSecretReference|managedSecret|secretTemplate|target|writeConnectionSecretToRef|connectionSecret)$/.test(
          key,
        )
      ) {
        // An operator's own namespace is not where it writes.
        const into = textOf(valueAt(value, "namespace")) ?? textOf(valueAt(value, "secretNamespace")) ?? namespace;
        push("secret", textOf(valueAt(value, "name")) ?? textOf(valueAt(value, "secretName")), null, into);
      }
      // https://akv2k8s.io/reference/azure-key-vault-secret
      if (key === "output") push("secret", textOf(valueAt(value, "secret", "name")), null);
    }
    if (/Secret|OnePasswordItem|VaultDynamic|VaultStatic/.test(kind)) push("secret", name, null);
  }
}

function wishes(object: ModelObject, at: (node: DataNode) => Location, result: KubernetesSecrets): void {
  const namespace = object.namespace?.text ?? null;
  const want = (kind: ObjectWish["kind"], node: DataNode | null, key: DataNode | null, need: Need, form: string) => {
    const name = textOf(node);
    if (!node || name === null || /[${}]/.test(name) || MANAGED.test(name)) return;
    const keyText = textOf(key);
    if (keyText !== null && /\$\{|\{\{/.test(keyText)) return;
    result.wishes.push({ kind, name, key: keyText, namespace, need, form, at: at(keyText === null ? node : key!) });
  };
  const needOf = (node: DataNode | null): Need =>
    textOf(valueAt(node, "optional")) === "true" ? "optional" : "required";
  const both = (node: DataNode | null, form: string) => {
    for (const [part, kind] of [
      ["secret", "secret"],
      ["configMap", "config-map"],
    ] as const) {
      const source = valueAt(node, part);
      if (!source) continue;
      const name = valueAt(source, "secretName") ?? valueAt(source, "name");
      const items = itemsOf(valueAt(source, "items"));
      if (items.length === 0) want(kind, name, null, needOf(source), form);
      for (const item of items) want(kind, name, valueAt(item, "key"), needOf(source), form);
    }
  };
  for (const [key, value] of walk(object.node)) {
    if (key === "secretKeyRef" || key === "configMapKeyRef")
      want(
        key === "secretKeyRef" ? "secret" : "config-map",
        valueAt(value, "name"),
        valueAt(value, "key"),
        needOf(value),
        key,
      );
    if (key === "envFrom")
      for (const item of itemsOf(value))
        for (const [part, kind] of [
          ["secretRef", "secret"],
          ["configMapRef", "config-map"],
        ] as const)
          want(kind, valueAt(item, part, "name"), null, needOf(valueAt(item, part)), "envFrom");
    if (key === "volumes")
      for (const item of itemsOf(value)) {
        both(item, "volume");
        for (const source of itemsOf(valueAt(item, "projected", "sources"))) both(source, "projected volume");
      }
    if (key === "imagePullSecrets")
      for (const item of itemsOf(value)) want("secret", valueAt(item, "name"), null, "likely", "imagePullSecrets");
  }
  if (object.kind === "Ingress" && !object.annotations.some((one) => /cert-manager|acme/.test(one.name)))
    for (const item of itemsOf(valueAt(object.node, "spec", "tls")))
      want("secret", valueAt(item, "secretName"), null, "likely", "tls");
}

/** The objects that a kustomization's generators make. */
function generated(path: RepoPath, files: FileTree, facts: FactReader): KeyedObject[] {
  const root = facts.get("data", path)?.documents[0]?.root ?? null;
  const directory = directoryOf(path);
  const objects: KeyedObject[] = [];
  for (const [part, kind] of [
    ["secretGenerator", "secret"],
    ["configMapGenerator", "config-map"],
  ] as const)
    for (const item of itemsOf(valueAt(root, part))) {
      const name = textOf(valueAt(item, "name"));
      if (name === null) continue;
      let keys: Set<string> | null = new Set<string>();
      for (const literal of itemsOf(valueAt(item, "literals"))) keys.add((textOf(literal) ?? "").split("=")[0]!.trim());
      for (const one of itemsOf(valueAt(item, "files"))) {
        const [key, file] = (textOf(one) ?? "").split("=");
        keys.add(file === undefined ? baseName(key!) : key!);
      }
      const lists = [...itemsOf(valueAt(item, "envs")), valueAt(item, "env")].flatMap((one) => textOf(one) ?? []);
      for (const list of lists) {
        const file = inRepository(directory, list);
        const names = file !== null && files.has(file) ? facts.get("dotenv", file) : null;
        if (!names) keys = null;
        for (const entry of names?.entries ?? []) keys?.add(entry.name);
        for (const error of names?.errors ?? [])
          if (error.kind === "no-assignment" && error.name) keys?.add(error.name);
        if (keys === null) break;
      }
      objects.push({ kind, name, namespace: null, keys, path });
    }
  return objects;
}
