import type { ComposeModel, ComposeProject, ProjectService } from "../../types/compose.ts";
import type { Image } from "../../types/image.ts";
import { environmentToken } from "../path-class.ts";
import { type ClosedContainer, type ClosedContainersInput, isAside, startOf } from "./closed-containers.ts";
import type { GivenVariable } from "./container-variables.ts";

type Input = Pick<ClosedContainersInput, "files" | "facts" | "images" | "entries" | "closures" | "imports"> & {
  compose: ComposeModel;
};

/** Whether a project says by its files' names that it is an environment, and builds what it runs there. */
export const isOfEnvironment = ({ files, example, services }: ComposeProject): boolean =>
  !example &&
  files.some((path) => /^(?:production|staging)$/.test(environmentToken(path) ?? "")) &&
  services.some((service) => service.build !== null);

/** The services of an environment's compose files whose wiring is closed: a container has what `environment` and `env_file` say, and what its image sets. */
export function closedServices(input: Input): ClosedContainer[] {
  return input.compose.projects.flatMap((project) => {
    if (!isOfEnvironment(project) || project.incomplete !== null) return [];
    return project.services.flatMap((service): ClosedContainer[] => {
      const image = service.build === null ? undefined : input.images.find((one) => isFor(one, service));
      if (!image || isAside(image) || service.brokenExtends.length > 0) return [];
      const given = variablesOf(service, input);
      const point = input.entries.points.find((one) => one.build === image.build.id && one.origin !== "kubernetes");
      const started = given === null ? null : startOf(point, image, input);
      // What compose gives nothing at all gets it by a way that is not seen.
      if (given === null || given.size === 0 || started === null) return [];
      const { loads, ...start } = started;
      // What is mounted may be the file that is read.
      if (loads && service.volumes.length > 0) return [];
      return [
        {
          ...start,
          doubt: start.doubt ?? (service.envFiles.length > 0 ? "where it runs, its env file may hold more" : null),
          kind: "compose service",
          name: service.name,
          service: service.name,
          path: service.at.path,
          given,
          end: (service.environment.at(-1) ?? service.envFiles.at(-1) ?? service).at,
          deploy: null,
          by: "name",
          imageName: service.image?.text ?? service.name,
          holder: null,
        },
      ];
    });
  });
}

/** Whether an image is what a service builds and starts: builds of several files that make the same of one Dockerfile are one. */
function isFor({ build, path }: Image, service: ProjectService): boolean {
  const { build: own, at, definitions, command, entrypoint } = service;
  if (own === null || path === null || path !== own.dockerfilePath) return false;
  if (build.context.kind === "unknown" || build.context.path !== own.contextPath) return false;
  if (build.target !== (own.target?.text ?? null)) return false;
  if (!command && !entrypoint) return !build.run?.command && !build.run?.entrypoint;
  const run = build.run?.at;
  return [at, ...definitions.map((one) => one.at)].some(
    (place) => place.path === run?.path && place.start.line === run.start.line,
  );
}

/** All that compose gives a service; null where it cannot be told, as with an env file that the repository does not hold. */
function variablesOf(
  { environment, envFiles }: ProjectService,
  { files, facts }: Input,
): Map<string, GivenVariable> | null {
  const given = new Map<string, GivenVariable>();
  for (const { path } of envFiles) {
    if (path === null || !files.has(path)) return null;
    for (const { name, value } of facts.get("dotenv", path)?.entries ?? []) given.set(name, textOf(value));
  }
  for (const { name, value } of environment) given.set(name, value === null ? "present" : textOf(value.text));
  return given;
}

const textOf = (value: string): GivenVariable => (value.includes("$") ? "present" : [value]);
