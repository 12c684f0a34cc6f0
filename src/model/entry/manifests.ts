import type { DataMap, DataNode } from "../../types/data.ts";
import type { Image } from "../../types/image.ts";
import type { KubernetesModel, ModelObject } from "../../types/kubernetes.ts";
import type { Location } from "../../types/text.ts";
import { entryOf, itemsOf, textOf } from "../data.ts";
import { isOfficial, namesOf } from "../routes.ts";
import type { Word } from "./words.ts";

/** A container of a manifest that runs one of the repository's images with another command. */
export interface ManifestRun {
  name: string;
  image: Image;
  at: Location;
  /** Null keeps the image's ENTRYPOINT. */
  command: Word[] | null;
  /** Null keeps the image's CMD, unless `command` is given. */
  args: Word[] | null;
  environment: ReadonlyMap<string, string | null>;
  mounts: readonly string[];
}

/** Containers that override the command of an image whose build is known. An image that fits several builds is left alone. */
export function manifestRuns(model: KubernetesModel, images: readonly Image[]): ManifestRun[] {
  const runs: ManifestRun[] = [];
  const own = images.filter((image) => image.build.run === null);
  const all = own.length > 0 ? own : images;
  for (const object of model.objects) {
    for (const container of [...(object.pod?.initContainers ?? []), ...(object.pod?.containers ?? [])]) {
      if (!container.image || (container.command.length === 0 && container.args.length === 0)) continue;
      const image = imageNamed(container.image.text, all);
      if (!image) continue;
      const environment = new Map<string, string | null>();
      for (const one of container.env) environment.set(one.name, one.value?.text ?? null);
      const words = (list: typeof container.command): Word[] | null =>
        list.length === 0 ? null : list.map((word) => ({ ...expanded(word.text, environment, image), at: word.at }));
      const first = container.command[0] ?? container.args[0]!;
      runs.push({
        name: `${object.path}:${object.name?.text ?? object.kind}${container.name ? `/${container.name.text}` : ""}`,
        image,
        at: { ...first.at, end: (container.args.at(-1) ?? container.command.at(-1) ?? first).at.end },
        command: words(container.command),
        args: words(container.args),
        environment,
        mounts: mountsOf(object, container.start),
      });
    }
  }
  return runs;
}

/** Kubernetes fills in `$(NAME)` from the container's variables; `$$` is a dollar. */
function expanded(
  text: string,
  environment: ReadonlyMap<string, string | null>,
  image: Image,
): { text: string; known: boolean } {
  let known = true;
  const filled = text.replace(/\$\$|\$\(([A-Za-z_]\w*)\)/g, (all, name: string | undefined) => {
    if (name === undefined) return "$";
    const value = environment.has(name) ? environment.get(name) : image.environment.get(name);
    if (typeof value === "string") return value;
    known = false;
    return all;
  });
  return { text: filled, known };
}

function imageNamed(text: string, images: readonly Image[]): Image | null {
  const name = text
    .replace(/[:@][^/]*$/, "")
    .replace(/.*\//, "")
    .toLowerCase();
  const distinct = new Map<string, Image>();
  for (const image of images) {
    if (image.final === null) continue;
    const { dockerfile, context, target } = image.build;
    const file = dockerfile.kind === "file" ? dockerfile.path : image.build.id;
    distinct.set(`${file} ${context.kind === "unknown" ? "" : context.path} ${target}`, image);
  }
  const all = [...distinct.values()];
  const fitting = all.filter((image) => namesOf(image.build).has(name));
  if (fitting.length === 1) return fitting[0]!;
  return fitting.length === 0 && all.length === 1 && !isOfficial(text) ? all[0]! : null;
}

/** Mount paths of the container whose map starts at `start`. */
function mountsOf(object: ModelObject, start: number): string[] {
  const container = mapAt(object.node as unknown as DataNode, start);
  return itemsOf(entryOf(container, "volumeMounts")?.value).flatMap((mount) => {
    const path = textOf(entryOf(mount, "mountPath")?.value);
    return path?.startsWith("/") ? [path] : [];
  });
}

function mapAt(node: DataNode, start: number): DataMap | null {
  if (node.kind === "map" && node.start === start && entryOf(node, "image")) return node;
  const inner = node.kind === "map" ? node.entries.map((entry) => entry.value) : node.kind === "list" ? node.items : [];
  for (const child of inner) {
    if (child.start > start || child.end < start) continue;
    const found = mapAt(child, start);
    if (found) return found;
  }
  return null;
}
