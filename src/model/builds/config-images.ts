import { inRepository } from "../../text/paths.ts";
import type { ConfigModel } from "../../types/model.ts";
import type { Definition } from "./definition.ts";

/** The entries of `images:` in predeploy.yml. Paths are relative to the repository's root. */
export function configBuilds({ config, locate }: ConfigModel): Definition[] {
  return Object.entries(config.images).map(([name, image]): Definition => {
    const context = inRepository("", image.context);
    return {
      name,
      origin: "config",
      at: locate(["images", name]),
      context:
        context === null
          ? { kind: "unknown", reason: `${image.context} is outside the repository` }
          : { kind: "directory", path: context },
      contextAt: locate(["images", name, "context"]),
      dockerfile: image.dockerfile === undefined ? null : inRepository("", image.dockerfile),
      dockerfileAt: image.dockerfile === undefined ? null : locate(["images", name, "dockerfile"]),
      target: image.target ?? null,
      args: new Map(Object.entries(image.args).map(([key, value]) => [key, String(value)])),
      // What is written there serves to follow paths; whoever builds may give more.
      argsOpen: true,
      ...(image.builder ? { builder: image.builder } : {}),
      config: image,
    };
  });
}
