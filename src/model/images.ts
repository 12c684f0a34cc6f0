import type { Build, Image, ImagesModel } from "../types/image.ts";
import type { ModelInput, ModelProvider } from "../types/model.ts";
import { contextOf, namedContextOf } from "./ignore-files.ts";
import type { LinkedContextView } from "./image/context-view.ts";
import { evaluateImage } from "./image/evaluate.ts";

/** What each build puts into its image. */
export const imagesProvider: ModelProvider<"images", "builds" | "archives"> = {
  needs: ["builds", "archives"],
  facts: ["dockerfile", "dockerignore", "lines"],
  build(input) {
    const remembered = new Map<string, LinkedContextView>();
    return { images: input.known.builds.builds.map((build) => buildImage(build, input, remembered)) };
  },
  isEmpty: (model: ImagesModel) => model.images.length === 0,
};

function buildImage(
  build: Build,
  input: ModelInput<"builds" | "archives">,
  remembered: Map<string, LinkedContextView>,
): Image {
  const { dockerfile } = build;
  const path = dockerfile.kind === "inline" ? dockerfile.at.path : dockerfile.kind === "file" ? dockerfile.path : null;
  const syntax =
    dockerfile.kind === "inline"
      ? dockerfile.syntax
      : dockerfile.kind === "file" && dockerfile.exists
        ? input.facts.get("dockerfile", dockerfile.path)
        : null;
  const refused = syntax?.errors[0];
  if (refused && path !== null) input.noteUnread(path, `line ${refused.range.start.line}: ${refused.message}`);
  const named = new Map(
    [...build.namedContexts].map(([name, context]) => [name, namedContextOf(context, build, input, remembered)]),
  );
  return evaluateImage({
    build,
    syntax,
    path,
    context: contextOf(build, input, remembered),
    named,
    tree: input.files,
    archives: input.known.archives,
  });
}
