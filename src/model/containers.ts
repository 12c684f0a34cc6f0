import { directoryOf } from "../text/paths.ts";
import type { ContainersModel, RunContainer } from "../types/containers.ts";
import type { DataNode } from "../types/data.ts";
import type { FactReader } from "../types/facts.ts";
import type { Image } from "../types/image.ts";
import type { ModelProvider } from "../types/model.ts";
import type { RepoPath } from "../types/text.ts";
import type { FileTree } from "../types/workspace.ts";
import { imageName, isOfficial, namesOf } from "./builds/names.ts";
import { itemsOf, textOf, valueAt } from "./data.ts";
import { isForDevelopment, isKustomization } from "./path-class.ts";

/** Joins the containers of manifests to the builds that make their images. */
export const containersProvider: ModelProvider<"containers", "images" | "kubernetes"> = {
  needs: ["images", "kubernetes"],
  facts: ["data"],
  build({ files, facts, known }): ContainersModel {
    const built = builtImages(known.images.images, (path) => facts.get("data", path)?.documents[0]?.root ?? null);
    const pods = known.kubernetes.objects.filter((object) => object.pod !== null);
    if (built.length === 0 || pods.length === 0) return { containers: [] };
    const renamed = newNames(files, facts);
    const containers = pods.flatMap((object) =>
      [...object.pod!.initContainers, ...object.pod!.containers].flatMap((container): RunContainer[] => {
        const written = container.image?.text;
        if (written === undefined) return [];
        const found = imageOf([written, ...(renamed.get(withoutTag(written)) ?? [])], built);
        const own = container.name ? `/${container.name.text}` : "";
        const name = `${object.path}:${object.name?.text ?? object.kind}${own}`;
        return found === null ? [] : [{ name, object, container, ...found }];
      }),
    );
    // Where some container names an image, others that name another one do not mean it.
    const named = new Set(containers.flatMap(({ by, image }) => (by === "tag" || by === "name" ? [image] : [])));
    return { containers: containers.filter(({ by, image }) => by !== "only" || !named.has(image)) };
  },
  isEmpty: (model) => model.containers.length === 0,
};

/** One image that the repository builds, with the names that its builds give it. */
interface BuiltImage {
  image: Image;
  tags: ReadonlySet<string>;
  names: ReadonlySet<string>;
  forDevelopment: boolean;
}

/** Builds of one Dockerfile, context and stage make one image, whoever starts them. */
function builtImages(images: readonly Image[], data: (path: RepoPath) => DataNode | null): BuiltImage[] {
  const groups = new Map<string, Image[]>();
  for (const image of images) {
    if (image.final === null) continue;
    const { dockerfile, context, target, id } = image.build;
    const file = dockerfile.kind === "file" ? dockerfile.path : id;
    const key = `${file} ${context.kind === "unknown" ? "" : context.path} ${target}`;
    groups.set(key, [...(groups.get(key) ?? []), image]);
  }
  return [...groups.values()].map((group) => {
    const image = group.find((one) => one.build.run === null) ?? asBuilt(group[0]!);
    const { dockerfile } = image.build;
    return {
      image,
      tags: new Set(group.flatMap(({ build }) => build.tags.map(imageName)).filter((name) => /^[\w.-]+$/.test(name))),
      names: new Set([...group.flatMap(({ build }) => [...namesOf(build)]), ...packageName(image, data)]),
      forDevelopment:
        group.every(({ build }) => build.forDevelopment) ||
        (dockerfile.kind === "file" && isForDevelopment(dockerfile.path)),
    };
  });
}

/** What the package.json beside a Dockerfile calls itself; a Dockerfile of another name may be for anything in its folder. */
function packageName({ path }: Image, data: (path: RepoPath) => DataNode | null): string[] {
  if (path === null || !/(?:^|\/)Dockerfile$/.test(path)) return [];
  const directory = directoryOf(path);
  const name = textOf(valueAt(data(directory === "" ? "package.json" : `${directory}/package.json`), "name"));
  return name === null ? [] : [imageName(name)];
}

function asBuilt(image: Image): Image {
  const { final } = image;
  return {
    ...image,
    build: { ...image.build, run: null },
    command: image.ownCommand,
    workdir: final?.workdir ?? null,
    environment: final?.environment ?? new Map(),
  };
}

/** The one image that any of the names means; null where none does, or several do. */
function imageOf(texts: readonly string[], built: readonly BuiltImage[]): Pick<RunContainer, "image" | "by"> | null {
  const names = texts.map(imageName).filter((name) => /^[\w.-]+$/.test(name));
  const choose = (by: RunContainer["by"], fits: (one: BuiltImage, name: string) => boolean) => {
    const fitting = built.filter((one) => names.some((name) => fits(one, name)));
    const deployed = fitting.filter((one) => !one.forDevelopment);
    const [first, ...others] = deployed.length > 0 ? deployed : fitting;
    return first && { by, image: others.length > 0 ? null : first.image };
  };
  const { by, image } =
    choose("tag", (one, name) => one.tags.has(name)) ??
    choose("name", (one, name) => one.names.has(name)) ??
    choose("likeness", (one, name) => [...one.tags, ...one.names].some((each) => isLike(name, each))) ??
    choose("only", (one) => !texts.some(isOfficial) && !built.some((other) => other !== one && !isBase(other))) ??
    NONE;
  return image && { image, by };
}

/** Words that say nothing of which image it is. */
const GENERIC = /^(?:app|application|server|client|src|docker|build|image|main|base|prod|production|code|project)$/;
/** What a folder or an image adds to the name of the service in it. */
const DECORATION = /[-_.](?:service|svc|server|app)$/;

/** `shop-api` for `api`, `orders` for `orders-service`. */
function isLike(name: string, other: string): boolean {
  if (other.length < 3 || GENERIC.test(other)) return false;
  return (
    (name.endsWith(other) && /[-_.]/.test(name.at(-other.length - 1) ?? "")) ||
    name.replace(DECORATION, "") === other.replace(DECORATION, "")
  );
}

/** A Dockerfile of what others are built on. */
const isBase = ({ image }: BuiltImage): boolean => /(?:^|[/.-])base(?:\.\w+)?$/i.test(image.path ?? "");

const NONE = { by: "only", image: null } as const;

/** What `images:` of kustomizations call an image instead, by its name in the manifests. */
function newNames(files: FileTree, facts: FactReader): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { path, ignored } of files.entries) {
    if (ignored || !isKustomization(path)) continue;
    for (const item of itemsOf(valueAt(facts.get("data", path)?.documents[0]?.root, "images"))) {
      const [name, other] = [textOf(valueAt(item, "name")), textOf(valueAt(item, "newName"))];
      if (name !== null && other !== null) found.set(name, [...(found.get(name) ?? []), other]);
    }
  }
  return found;
}

const withoutTag = (text: string): string => text.replace(/[:@][^/]*$/, "");
