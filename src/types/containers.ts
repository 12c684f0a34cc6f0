import type { Image } from "./image.ts";
import type { KubernetesContainer, ModelObject } from "./kubernetes.ts";
import type { Placed } from "./placed.ts";

/** A container of a manifest whose image the repository builds. */
export interface RunContainer {
  /** Unique among the containers: `k8s/api.yaml:api/web`. */
  name: string;
  object: ModelObject;
  container: Placed<KubernetesContainer>;
  /** The image as it is built: nothing that compose lays over it. */
  image: Image;
  /**
   * What says that it is this image: a tag that a build gives it; the name of a build, a Dockerfile or a folder; that its name ends
   * like one of those; that the repository builds no other.
   */
  by: "tag" | "name" | "likeness" | "only";
}

/** Which image of the repository each container of a manifest runs. */
export interface ContainersModel {
  containers: readonly RunContainer[];
}
