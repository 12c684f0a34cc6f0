import type { DataNode } from "../../types/data.ts";
import type { KubernetesContainer, ModelObject } from "../../types/kubernetes.ts";
import type { Placed } from "../../types/placed.ts";
import type { Setting } from "../../types/settings.ts";
import type { Location } from "../../types/text.ts";
import { entriesOf, entryOf, itemsOf, textOf, valueAt } from "../data.ts";
import { baseService } from "./commands.ts";
import { firstOf, type Where } from "./environment.ts";
import { type Overlay, objectKey, readKustomizations } from "./kustomize.ts";
import { addPlain, addSecret, addUnknown, leaveOpen, type Origin, type Sink, settle } from "./sink.ts";
import { exactly } from "./values.ts";

/** An object, the environment it is read for, and the overlays that bring it there. */
interface Reading {
  object: ModelObject;
  where: Where;
  overlays: readonly Overlay[];
}

const MAPS = new Set(["ConfigMap", "Secret", "SealedSecret", "ExternalSecret"]);

/** Variables of containers, ConfigMaps and Secrets; a base of kustomize is read for each environment whose overlay is built on it. */
export function readKubernetes(sink: Sink): void {
  const { overlays, generated } = readKustomizations(sink);
  const readings = sink.input.known.kubernetes.objects.flatMap((object) => readingsOf(sink, object, overlays));
  const maps = readings.filter(({ object }) => MAPS.has(object.kind));
  const used = new Set<Reading>();
  const patched = makePatched(overlays);
  for (const reading of readings) {
    const { object, where } = reading;
    for (const container of [...(object.pod?.initContainers ?? []), ...(object.pod?.containers ?? [])]) {
      const key = objectKey(object.kind, object.name?.text ?? null, container.name?.text ?? null);
      const service = baseService(object.name?.text ?? container.name?.text ?? null);
      const origin: Origin = { where, service, source: "kubernetes", definition: `${object.path}:${container.start}` };
      const find = (name: string, kind: "secret" | "config-map") =>
        findMap(maps, reading, name, kind) ??
        (generated.has(objectKey(kind === "secret" ? "Secret" : "ConfigMap", name, null)) ? "generated" : null);
      const layers: (Setting | null)[] = [];
      for (const from of container.envFrom) {
        const map = find(from.name.text, from.kind);
        if (map === "generated") continue;
        if (map === null) {
          const what = from.kind === "secret" ? "Secret" : "ConfigMap";
          leaveOpen(sink, origin, `its ${what} ${from.name.text} is not in the repository`, from.name.at);
          continue;
        }
        used.add(map);
        layers.push(...readMap(sink, map.object, { ...origin, list: `${origin.definition} ${from.name.start}` }));
      }
      const keyed = (name: string) => {
        const map = find(name, "config-map");
        if (map !== null && map !== "generated") used.add(map);
        return map;
      };
      layers.push(...readVariables(sink, origin, container, keyed));
      settle(layers);
      patched.add(reading, key, layers);
    }
  }
  for (const map of maps) {
    if (used.has(map)) continue;
    const { object, where } = map;
    const origin: Origin = { where, service: null, source: "kubernetes", definition: `${object.path}:${object.start}` };
    patched.add(map, objectKey(object.kind, object.name?.text ?? null, null), readMap(sink, object, origin));
  }
  patched.settle();
}

function readingsOf(sink: Sink, object: ModelObject, overlays: readonly Overlay[]): Reading[] {
  const where = firstOf(
    () => sink.naming.ofPath(object.path),
    () => sink.naming.ofText(object.namespace?.text ?? ""),
    () => sink.naming.ofText(object.name?.text ?? ""),
  );
  if (where.environment === null && !where.excluded) {
    const built = overlays.filter((one) => one.base.has(object.path));
    const environments = [...new Set(built.map((one) => one.where.environment))];
    if (environments.length > 0)
      return environments.map((environment) => ({
        object,
        where: { ...where, environment },
        overlays: built.filter((one) => one.where.environment === environment),
      }));
  }
  return [{ object, where, overlays: [] }];
}

/** The map of a name that a container gets: of its own environment, else of its file. */
function findMap(
  maps: readonly Reading[],
  { object, where }: Reading,
  name: string,
  kind: "secret" | "config-map",
): Reading | null {
  const named = maps.filter(
    (one) => mapName(one.object) === name && (one.object.kind === "ConfigMap") === (kind === "config-map"),
  );
  return (
    named.find((one) => one.where.environment === where.environment) ??
    named.find((one) => one.object.path === object.path) ??
    null
  );
}

const mapName = (map: ModelObject): string | null =>
  (map.kind === "ExternalSecret" ? textOf(valueAt(map.node, "spec", "target", "name")) : null) ??
  map.name?.text ??
  null;

function readVariables(
  sink: Sink,
  origin: Origin,
  container: Placed<KubernetesContainer>,
  find: (configMap: string) => Reading | "generated" | null,
): (Setting | null)[] {
  return container.env.map((variable) => {
    const { name, value, from } = variable;
    if (from?.kind === "secret") return addSecret(sink, origin, name, from.name.text, variable.at);
    if (value) return addPlain(sink, origin, name, value.text, value.at, kubernetesValue);
    if (!from) return addUnknown(sink, origin, name, "the object itself", variable.at);
    const map = find(from.name.text);
    const entry =
      map !== null && map !== "generated"
        ? entryOf(entryOf(map.object.node, "data")?.value, from.key?.text ?? "")
        : null;
    const text = textOf(entry?.value);
    return entry && text !== null
      ? addPlain(sink, origin, name, text, placeOf(entry.value), kubernetesValue)
      : addUnknown(sink, origin, name, `the ConfigMap ${from.name.text}`, variable.at);
  });
}

const placeOf = (node: DataNode): Location => (node as DataNode & { at: Location }).at;

/** Kubernetes expands `$(X)`; nothing else. Kustomize and envsubst may replace `${X}` before. */
const kubernetesValue = (text: string) =>
  /\$\(|\$\{|\{\{|^<.*>$/.test(text) ? { value: null, reference: text.slice(0, 80) } : exactly(text);

function readMap(sink: Sink, map: ModelObject, origin: Origin): (Setting | null)[] {
  const read: (Setting | null)[] = [];
  const secret = (node: DataNode, name: string | null) => {
    if (name !== null && isName(name)) read.push(addSecret(sink, origin, name, mapName(map), placeOf(node)));
  };
  if (map.kind === "SealedSecret")
    for (const { key } of entriesOf(valueAt(map.node, "spec", "encryptedData"))) secret(key, key.text);
  else if (map.kind === "ExternalSecret") {
    for (const item of itemsOf(valueAt(map.node, "spec", "data"))) secret(item, textOf(valueAt(item, "secretKey")));
    const all = valueAt(map.node, "spec", "dataFrom");
    if (all)
      leaveOpen(sink, origin, `its ExternalSecret ${mapName(map) ?? ""} takes all keys of a store`, placeOf(all));
  } else
    for (const block of ["data", "stringData"])
      for (const { key, value } of entriesOf(entryOf(map.node, block)?.value)) {
        const text = textOf(value);
        if (text === null || !isName(key.text)) continue;
        if (map.kind === "Secret") secret(key, key.text);
        else if (text.length < 4000) read.push(addPlain(sink, origin, key.text, text, placeOf(value), kubernetesValue));
      }
  return read;
}

const isName = (text: string): boolean => /^[A-Za-z_][\w.]*$/.test(text);

/** Settles objects of bases against what the overlays patch in them: a base's value arrives unless every overlay changes it. */
function makePatched(overlays: readonly Overlay[]) {
  const changes = new Map<string, Map<string, Location>>();
  const bases: { reading: Reading; key: string; settings: readonly (Setting | null)[] }[] = [];
  const change = (overlay: Overlay, key: string, settings: readonly (Setting | null)[]) => {
    const id = `${overlay.path} ${key}`;
    const known = changes.get(id) ?? new Map<string, Location>();
    changes.set(id, known);
    for (const one of settings) if (one) known.set(one.name, one.at);
  };
  for (const overlay of overlays) for (const { object, settings } of overlay.inline) change(overlay, object, settings);
  return {
    add(reading: Reading, key: string, settings: readonly (Setting | null)[]): void {
      if (reading.overlays.length > 0) bases.push({ reading, key, settings });
      for (const overlay of overlays) if (overlay.patches.has(reading.object.path)) change(overlay, key, settings);
    },
    settle(): void {
      for (const { reading, key, settings } of bases)
        for (const one of settings) {
          const over = one && reading.overlays.map((overlay) => changes.get(`${overlay.path} ${key}`)?.get(one.name));
          if (one && over?.every((at) => at !== undefined)) one.overriddenBy ??= over[0]!;
        }
    },
  };
}
