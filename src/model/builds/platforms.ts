import { directoryOf, inRepository } from "../../text/paths.ts";
import type { DataFile, DataNode } from "../../types/data.ts";
import type { DockerfileSyntax } from "../../types/dockerfile.ts";
import type { BuildContext } from "../../types/image.ts";
import type { KeyedFile } from "../../types/keyed.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { entriesOf, itemsOf, locate, textOf, valueAt } from "../data.ts";
import { contextOf } from "./compose.ts";
import { type Definition, startOf } from "./definition.ts";
import { guessContext } from "./search.ts";

/** Whether a file configures an application of Fly by its name. */
export const isFlyName = (path: RepoPath): boolean => /(?:^|\/)fly(?:[.-][\w-]+)*\.toml$/.test(path);

/**
 * The image of an application of Fly. `build.dockerfile` is relative to the file itself; the context is where flyctl runs: beside it, or at
 * the root (fly.io/docs/reference/configuration/#specify-a-dockerfile).
 */
export function flyBuilds(
  path: RepoPath,
  file: KeyedFile,
  tree: FileTree,
  parse: (path: RepoPath) => DockerfileSyntax | null,
): Definition[] {
  const of = (key: string) => file.values.find((one) => one.path.join(".") === `build.${key}`);
  if (of("image") || of("builder") || of("builtin") || of("buildpacks.0")) return [];
  const directory = directoryOf(path);
  const named = of("dockerfile");
  const dockerfile = inRepository(directory, named?.text ?? "Dockerfile");
  // Without one Fly takes a buildpack.
  if (dockerfile === null || (!named && !tree.has(dockerfile))) return [];
  const syntax = parse(dockerfile);
  const context: BuildContext =
    directory === "" || !syntax ? { kind: "directory", path: directory } : guessContext(dockerfile, syntax, tree);
  return [
    {
      name: file.values.find((one) => one.path.join(".") === "app")?.text ?? path,
      origin: "platform",
      at: named ? locate(path, file, named) : startOf(path),
      context,
      dockerfile,
      dockerfileAt: named ? locate(path, file, named) : null,
      target: of("build-target")?.text ?? null,
      argsOpen: true,
    },
  ];
}

/** Services of a render.yaml that Render builds: both paths are relative to the root (render.com/docs/blueprint-spec#docker). */
export function renderBuilds(path: RepoPath, file: DataFile): Definition[] {
  const root = file.documents[0]?.root ?? null;
  const at = (node: DataNode): Location => locate(path, file, node);
  return itemsOf(valueAt(root, "services")).flatMap((service): Definition[] => {
    const runtime = textOf(valueAt(service, "runtime") ?? valueAt(service, "env"));
    if (runtime !== "docker" || valueAt(service, "rootDir") || valueAt(service, "repo")) return [];
    const [dockerfile, context] = [valueAt(service, "dockerfilePath"), valueAt(service, "dockerContext")];
    const name = valueAt(service, "name");
    return [
      {
        name: textOf(name) ?? path,
        origin: "platform",
        at: at(name ?? service),
        context: contextOf(textOf(context) ?? ".", ""),
        contextAt: context && at(context),
        dockerfile: inRepository("", textOf(dockerfile) ?? "Dockerfile"),
        dockerfileAt: dockerfile && at(dockerfile),
        argsOpen: true,
      },
    ];
  });
}

/** Processes of a heroku.yml: the context is the folder of the Dockerfile (devcenter.heroku.com/articles/build-docker-images-heroku-yml). */
export function herokuBuilds(path: RepoPath, file: DataFile): Definition[] {
  const root = file.documents[0]?.root ?? null;
  return entriesOf(valueAt(root, "build", "docker")).flatMap(({ key, value }): Definition[] => {
    const node = value.kind === "map" ? valueAt(value, "dockerfile") : value;
    const dockerfile = node && inRepository("", textOf(node) ?? "");
    if (!dockerfile) return [];
    const at = locate(path, file, node);
    return [
      {
        name: key.text,
        origin: "platform",
        at,
        context: { kind: "directory", path: directoryOf(dockerfile) },
        dockerfile,
        dockerfileAt: at,
        target: value.kind === "map" ? textOf(valueAt(value, "target")) : null,
        argsOpen: true,
      },
    ];
  });
}
