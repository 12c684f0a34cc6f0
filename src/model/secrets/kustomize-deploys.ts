import { parseData } from "../../sources/data.ts";
import { directoryOf, inRepository } from "../../text/paths.ts";
import type { DataNode } from "../../types/data.ts";
import type { FactReader } from "../../types/facts.ts";
import type { KubernetesModel, ModelObject } from "../../types/kubernetes.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { entriesOf, itemsOf, textOf, valueAt } from "../data.ts";
import { isKustomization } from "../path-class.ts";

/** A change to objects of a kind and name; null: of any. */
export interface ObjectPatch {
  kind: string | null;
  name: RegExp | null;
  body: DataNode;
}

/** One set of manifests that is applied together. */
export interface ManifestDeploy {
  /** Its kustomization; null for manifests that are applied as they are. */
  path: RepoPath | null;
  patches: readonly ObjectPatch[];
  /** Why more may be changed than is seen here; null where nothing says so. */
  open: string | null;
}

/** How the objects of the repository reach a cluster. */
export interface ManifestDeploys {
  /** The deploys that bring an object; none for a file that only changes others. */
  of(object: ModelObject): readonly ManifestDeploy[];
}

interface Kustomization {
  path: RepoPath;
  files: RepoPath[];
  parts: RepoPath[];
  patches: ObjectPatch[];
  patchFiles: RepoPath[];
  open: string | null;
}

/** Reads every kustomization. https://kubectl.docs.kubernetes.io/references/kustomize/ */
export function manifestDeploys(files: FileTree, facts: FactReader, model: KubernetesModel): ManifestDeploys {
  const all = new Map<RepoPath, Kustomization>();
  for (const { path, ignored } of files.entries)
    if (!ignored && isKustomization(path)) {
      const root = facts.get("data", path)?.documents[0]?.root;
      if (root) all.set(path, kustomization(path, root, files, facts));
    }
  const patchFiles = new Set([...all.values()].flatMap((one) => one.patchFiles));
  const used = new Set([...all.values()].flatMap((one) => one.parts));
  const whole = [...all.values()]
    .filter((one) => !used.has(one.path))
    .map((one) => ({ ...collect(one, all), path: one.path }));
  // `kubectl patch` and unread overlays: a workload without an image completes another one.
  const loose = model.objects.filter((object) => isPartial(object) && !patchFiles.has(object.path));
  const changes = loose.map((object) => ({ ...targetOf(object.node, null), body: object.node }));
  return {
    of(object) {
      if (patchFiles.has(object.path) || isPartial(object)) return [];
      const built = whole.filter((one) => one.files.has(object.path));
      if (built.length === 0) return [{ path: null, patches: changes, open: null }];
      return built.map(({ path, patches, open }) => ({
        path,
        patches: [...changes, ...patches],
        open: BASE.test(path) ? `${path} is completed elsewhere` : open,
      }));
    },
  };
}

/** Folders of kustomizations that others are built on. */
const BASE = /(?:^|\/)(?:bases?|components?|common|shared|templates?)\//;

/** A workload of which a container has no image. */
const isPartial = ({ pod }: ModelObject): boolean => pod?.containers.some((one) => one.image === null) === true;

function kustomization(path: RepoPath, root: DataNode, files: FileTree, facts: FactReader): Kustomization {
  const one: Kustomization = { path, files: [], parts: [], patches: [], patchFiles: [], open: null };
  const directory = directoryOf(path);
  for (const block of ["resources", "bases", "components"])
    for (const item of itemsOf(valueAt(root, block))) {
      const text = textOf(item) ?? "";
      const target = inRepository(directory, text);
      if (target !== null && files.has(target)) one.files.push(target);
      const inner = ["kustomization.yaml", "kustomization.yml", "Kustomization"]
        .map((name) => (target === "" ? name : `${target}/${name}`))
        .find((name) => files.has(name));
      if (inner !== undefined) one.parts.push(inner);
      else if (block === "components") one.open = `the component ${text} is not in the repository`;
    }
  for (const block of ["transformers", "generators", "plugins"])
    if (itemsOf(valueAt(root, block)).length > 0) one.open = `its ${block} are not followed`;
  const addBody = (text: string, target: DataNode | null) => {
    const file = inRepository(directory, text);
    const isFile = file !== null && files.has(file);
    const data = isFile
      ? facts.get("data", file)
      : text.includes("\n") || /^\s*[[{]/.test(text)
        ? parseData(text)
        : null;
    if (isFile) one.patchFiles.push(file);
    const bodies = (data?.documents ?? []).flatMap((document) => document.root ?? []);
    if (bodies.length === 0 || data!.documents.some((document) => document.errors.length > 0))
      one.open = "one of its patches cannot be read";
    for (const body of bodies) one.patches.push({ ...targetOf(body, target), body });
  };
  for (const item of itemsOf(valueAt(root, "patchesStrategicMerge"))) addBody(textOf(item) ?? "", null);
  for (const block of ["patches", "patchesJson6902"])
    for (const item of itemsOf(valueAt(root, block)))
      addBody(
        textOf(valueAt(item, "path")) ?? textOf(valueAt(item, "patch")) ?? textOf(item) ?? "",
        valueAt(item, "target"),
      );
  return one;
}

function targetOf(body: DataNode, target: DataNode | null): Pick<ObjectPatch, "kind" | "name"> {
  const name = target ? textOf(valueAt(target, "name")) : textOf(valueAt(body, "metadata", "name"));
  const kind = textOf(valueAt(target ?? body, "kind"));
  return { kind, name: name === null ? null : pattern(name) };
}

/** Names of targets are regular expressions; only what is simple among them is read as such. */
function pattern(name: string): RegExp | null {
  if (!/^[\w.*|()-]+$/.test(name)) return null;
  try {
    return new RegExp(`^(?:${name})$`);
  } catch {
    return null;
  }
}

const MAX_PARTS = 500;

/** A kustomization with all that it is built from. */
function collect(
  first: Kustomization,
  all: ReadonlyMap<RepoPath, Kustomization>,
): { files: Set<RepoPath>; patches: ObjectPatch[]; open: string | null } {
  const seen = new Set([first.path]);
  const queue = [first];
  const whole = { files: new Set<RepoPath>(), patches: [] as ObjectPatch[], open: null as string | null };
  for (let one = queue.pop(); one && seen.size < MAX_PARTS; one = queue.pop()) {
    for (const path of one.files) whole.files.add(path);
    whole.patches.push(...one.patches);
    whole.open ??= one.open;
    for (const part of one.parts) {
      const next = all.get(part);
      if (!next || seen.has(part)) continue;
      seen.add(part);
      queue.push(next);
    }
  }
  return whole;
}

/** Whether a patch is for an object. */
export const isFor = ({ kind, name }: ObjectPatch, object: ModelObject): boolean =>
  (kind === null || kind === object.kind) && (name === null || name.test(object.name?.text ?? ""));

/** What a patch may give the containers of its object. */
export interface PatchedVariables {
  names: Map<string, string | null>;
  maps: { kind: "secret" | "config-map"; name: string; prefix: string }[];
  /** Images that it sets. */
  images: string[];
  /** It lays something into the container. */
  mounts: boolean;
  /** It changes what runs, or lets something else put variables into the pod. */
  more: boolean;
}

/** Reads a strategic merge patch, or the operations of a JSON patch: every list item with a name and a value counts as a variable. */
export function patchedVariables(body: DataNode): PatchedVariables {
  const found: PatchedVariables = { names: new Map(), maps: [], images: [], mounts: false, more: false };
  const walk = (node: DataNode, depth: number): void => {
    if (depth > 30) return;
    if (node.kind === "list") for (const item of node.items) walk(item, depth + 1);
    if (node.kind !== "map") return;
    const name = textOf(valueAt(node, "name"));
    if (name !== null && (valueAt(node, "value") || valueAt(node, "valueFrom")))
      found.names.set(name, textOf(valueAt(node, "value")));
    for (const [part, kind] of [
      ["secretRef", "secret"],
      ["configMapRef", "config-map"],
    ] as const) {
      const map = textOf(valueAt(node, part, "name"));
      if (map !== null) found.maps.push({ kind, name: map, prefix: textOf(valueAt(node, "prefix")) ?? "" });
    }
    // An operation of a JSON patch says by its path what it changes.
    const ending = PATCHED.exec(textOf(valueAt(node, "path")) ?? "")?.[1];
    const changed = new Map(entriesOf(node).map(({ key, value }) => [key.text, value]));
    if (ending !== undefined) changed.set(ending, valueAt(node, "value") ?? node);
    for (const [key, value] of changed) {
      if (key === "image") found.images.push(textOf(value) ?? "");
      if (key === "volumeMounts") found.mounts = true;
      if (/^(?:command|args|annotations)$/.test(key) && ending === key) found.more = true;
      if (/^(?:command|args)$/.test(key) || INJECTOR.test(key)) found.more = true;
    }
    for (const { value } of entriesOf(node)) {
      walk(value, depth + 1);
    }
  };
  walk(body, 0);
  return found;
}

const PATCHED = /\/(command|args|image|volumeMounts|annotations)(?:\/[^/]*)?$/;

/** Labels and annotations by which something puts variables or files into a pod as it is made. */
export const INJECTOR = /inject|vault|doppler|akeyless|conjur|infisical|onepassword|1password|secrets-store|envconsul/i;
