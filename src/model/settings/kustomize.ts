import { parseData } from "../../sources/data.ts";
import { scalarOffsets } from "../../sources/scalar-text.ts";
import { directoryOf } from "../../text/paths.ts";
import type { DataFile, DataNode, DataScalar } from "../../types/data.ts";
import type { Setting } from "../../types/settings.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import { asScalar, itemsOf, locate, textOf, valueAt } from "../data.ts";
import { isDotenv, isKustomization } from "../path-class.ts";
import { baseService } from "./commands.ts";
import { readEnvFile } from "./env-files.ts";
import { firstOf, type Where } from "./environment.ts";
import { addPlain, addSecret, type Origin, type Sink } from "./sink.ts";
import { joinPath } from "./values.ts";

/** A kustomization of a known environment with what it is built from. */
export interface Overlay {
  path: RepoPath;
  where: Where;
  /** Files of its bases whose own path names no environment: they are deployed there. */
  base: Set<RepoPath>;
  /** Files that change objects of the bases. */
  patches: Set<RepoPath>;
  /** What patches written into the kustomization set, by object and container. */
  inline: { object: string; settings: (Setting | null)[] }[];
}

/** What tells an object's container, or a map, apart from others of one kustomization. */
export const objectKey = (kind: string, name: string | null, container: string | null): string =>
  [kind, name ?? "", container ?? ""].join(" ");

/** Kustomizations of one environment each; what their generators set is added on the way. https://kubectl.docs.kubernetes.io/references/kustomize/ */
export function readKustomizations(sink: Sink): { overlays: Overlay[]; generated: Set<string> } {
  const overlays: Overlay[] = [];
  const generated = new Set<string>();
  for (const { path, ignored, kind } of sink.input.files.entries) {
    if (ignored || kind !== "file" || !isKustomization(path)) continue;
    const read = openKustomization(sink, path);
    if (!read) continue;
    const { root } = read;
    const where = firstOf(
      () => sink.naming.ofPath(path),
      () => sink.naming.ofText(textOf(valueAt(root, "namespace")) ?? ""),
    );
    readGenerators(sink, read, path, where, generated);
    if (where.excluded || where.environment === null) continue;
    const overlay: Overlay = { path, where, base: new Set(), patches: new Set(), inline: [] };
    collect(sink, overlay, path, root, new Set([path]));
    readPatches(sink, overlay, read);
    overlays.push(overlay);
  }
  return { overlays, generated };
}

interface Kustomization {
  path: RepoPath;
  data: DataFile;
  root: DataNode;
}

function openKustomization(sink: Sink, path: RepoPath): Kustomization | null {
  const data = sink.input.facts.get("data", path);
  const root = data?.documents[0]?.root;
  return data && root ? { path, data, root } : null;
}

const MAX_FILES = 2000;

/** Files of `resources`, `bases` and `components`, through kustomizations that name no other environment. */
function collect(sink: Sink, overlay: Overlay, path: RepoPath, root: DataNode, seen: Set<RepoPath>): void {
  for (const block of ["resources", "bases", "components"])
    for (const item of itemsOf(valueAt(root, block))) {
      const target = joinPath(directoryOf(path), textOf(item) ?? "");
      if (target === null || seen.has(target) || seen.size > MAX_FILES) continue;
      seen.add(target);
      if (sink.input.files.has(target)) {
        if (sink.naming.ofPath(target).environment === null) overlay.base.add(target);
        continue;
      }
      for (const name of ["kustomization.yaml", "kustomization.yml", "Kustomization"]) {
        const inner = target === "" ? name : `${target}/${name}`;
        const next = sink.input.files.has(inner) ? openKustomization(sink, inner) : null;
        const own = sink.naming.ofPath(inner).environment;
        if (next && (own === null || own === overlay.where.environment)) {
          if (own === null) overlay.base.add(inner);
          collect(sink, overlay, inner, next.root, seen);
        }
      }
    }
}

function readPatches(sink: Sink, overlay: Overlay, { path, data, root }: Kustomization): void {
  const inline = (node: DataNode | null) => {
    const scalar = asScalar(node);
    if (scalar) overlay.inline.push(...inlinePatch(sink, overlay, path, data, scalar));
  };
  for (const item of itemsOf(valueAt(root, "patchesStrategicMerge"))) {
    const target = joinPath(directoryOf(path), textOf(item) ?? "");
    if (target !== null && sink.input.files.has(target)) overlay.patches.add(target);
    else inline(item);
  }
  for (const item of itemsOf(valueAt(root, "patches"))) {
    const target = joinPath(directoryOf(path), textOf(valueAt(item, "path")) ?? "");
    if (target !== null && sink.input.files.has(target)) overlay.patches.add(target);
    inline(valueAt(item, "patch"));
  }
}

/** The variables of a strategic merge patch that is written as a text of the kustomization. */
function inlinePatch(
  sink: Sink,
  { where }: Overlay,
  path: RepoPath,
  data: DataFile,
  scalar: DataScalar,
): Overlay["inline"] {
  if (!/^\s*(?:apiVersion|kind|metadata|spec)\s*:/m.test(scalar.text.slice(0, 20_000))) return [];
  const text = sink.input.facts.get("lines", path)?.lines.join("\n") ?? "";
  const offset = scalarOffsets(text, scalar);
  const at = (node: { start: number; end: number }): Location =>
    locate(path, data, { start: offset(node.start), end: offset(node.end) });
  return parseData(scalar.text.slice(0, 50_000)).documents.flatMap(({ root }) => {
    const [kind, name] = [textOf(valueAt(root, "kind")) ?? "", textOf(valueAt(root, "metadata", "name"))];
    const pod =
      valueAt(root, "spec", "template", "spec") ?? valueAt(root, "spec", "jobTemplate", "spec", "template", "spec");
    return ["initContainers", "containers"].flatMap((block) =>
      itemsOf(valueAt(pod, block)).map((container) => {
        const origin: Origin = {
          where,
          service: baseService(name),
          source: "kubernetes",
          definition: `${path}:${scalar.start}+${container.start}`,
        };
        const settings = itemsOf(valueAt(container, "env")).map((variable) => {
          const [variableName, value] = [textOf(valueAt(variable, "name")), valueAt(variable, "value")];
          if (variableName === null) return null;
          if (valueAt(variable, "valueFrom", "secretKeyRef"))
            return addSecret(sink, origin, variableName, null, at(variable));
          return value ? addPlain(sink, origin, variableName, textOf(value) ?? "", at(value)) : null;
        });
        return { object: objectKey(kind, name, textOf(valueAt(container, "name"))), settings };
      }),
    );
  });
}

/** `literals` and `envs` of generators; `generated` gets the names of the maps that they make. */
function readGenerators(
  sink: Sink,
  { data, root }: Kustomization,
  path: RepoPath,
  where: Where,
  generated: Set<string>,
): void {
  const at = (node: DataNode) => locate(path, data, node);
  for (const block of ["configMapGenerator", "secretGenerator"])
    for (const item of itemsOf(valueAt(root, block))) {
      const secret = block === "secretGenerator";
      generated.add(objectKey(secret ? "Secret" : "ConfigMap", textOf(valueAt(item, "name")), null));
      const origin: Origin = { where, service: null, source: "kubernetes", definition: `${path}:${item.start}` };
      for (const literal of itemsOf(valueAt(item, "literals"))) {
        const text = textOf(literal) ?? "";
        const equals = text.indexOf("=");
        if (equals < 1) continue;
        const value = text.slice(equals + 1).replace(/^(["'])(.*)\1$/, "$2");
        if (secret) addSecret(sink, origin, text.slice(0, equals), null, at(literal));
        else addPlain(sink, origin, text.slice(0, equals), value, at(literal));
      }
      if (secret) continue;
      for (const file of [...itemsOf(valueAt(item, "envs")), ...[valueAt(item, "env")].filter((one) => one !== null)]) {
        const target = joinPath(directoryOf(path), textOf(file) ?? "");
        if (target === null || !sink.input.files.has(target)) continue;
        // An env file whose own name says the environment is read by itself.
        if (!isDotenv(target) || sink.naming.ofPath(target).environment === null) readEnvFile(sink, target, origin);
      }
    }
}
