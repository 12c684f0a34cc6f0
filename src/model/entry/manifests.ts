import type { RunContainer } from "../../types/containers.ts";
import type { Image } from "../../types/image.ts";
import type { Location } from "../../types/text.ts";
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

/** What a container runs instead of the image's command; null where it keeps that. */
export function manifestRun({ name, container, image }: RunContainer): ManifestRun | null {
  const first = container.command[0] ?? container.args[0];
  if (!first) return null;
  const environment = new Map<string, string | null>();
  for (const one of container.env) environment.set(one.name, one.value?.text ?? null);
  const words = (list: typeof container.command): Word[] | null =>
    list.length === 0 ? null : list.map((word) => ({ ...expanded(word.text, environment, image), at: word.at }));
  return {
    name,
    image,
    at: { ...first.at, end: (container.args.at(-1) ?? container.command.at(-1) ?? first).at.end },
    command: words(container.command),
    args: words(container.args),
    environment,
    mounts: container.mounts.filter((path) => path.startsWith("/")),
  };
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
