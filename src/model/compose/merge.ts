import type {
  ComposeService,
  ProjectBuild,
  ProjectEnvFile,
  ProjectMount,
  ProjectService,
} from "../../types/compose.ts";
import type { Placed } from "../../types/placed.ts";
import type { RepoPath } from "../../types/text.ts";
import { resolvePath } from "./paths.ts";

type Written = Placed<ComposeService>;

/** A service as one file writes it, with its relative paths resolved. */
export function singleService(written: Written, directory: RepoPath): ProjectService {
  const { extends: _, replaced: __, ...rest } = written;
  const build = written.build;
  const contextPath = build ? resolvePath(directory, build.context?.text ?? ".") : null;
  const dockerfile = build?.dockerfile?.text ?? "Dockerfile";
  const resolvedBuild: ProjectBuild | null = build && {
    ...build,
    contextPath,
    dockerfilePath: contextPath === null || build.inline ? null : resolvePath(contextPath, dockerfile),
  };
  return {
    ...rest,
    build: resolvedBuild,
    volumes: written.volumes.map(
      (mount): ProjectMount => ({
        ...mount,
        sourcePath: mount.type === "bind" && mount.source ? resolvePath(directory, mount.source.text) : null,
      }),
    ),
    envFiles: written.envFiles.map((file): ProjectEnvFile => ({ ...file, path: resolvePath(directory, file.text) })),
    definitions: [written],
    brokenExtends: [],
    health: "unknown",
    ownStart: "",
  };
}

/**
 * `later` over `earlier`, as compose merges files and `extends`: single values are replaced, maps merge by key, lists are appended
 * (volumes by target, ports and the like without repetition); command, entrypoint and the healthcheck's test are single values.
 * https://docs.docker.com/reference/compose-file/merge/
 */
export function mergeServices(earlier: ProjectService, later: ProjectService): ProjectService {
  const replaced = new Set(later.definitions.flatMap((definition) => definition.replaced));
  const base = replaced.size === 0 ? earlier : withoutKeys(earlier, replaced);
  return {
    ...later,
    image: later.image ?? base.image,
    build: mergeBuilds(base.build, later.build),
    command: later.command ?? base.command,
    entrypoint: later.entrypoint ?? base.entrypoint,
    dependsOnAt: later.dependsOnAt ?? base.dependsOnAt,
    dependsOn: byKey(base.dependsOn, later.dependsOn, (each) => each.service),
    healthcheck: mergeHealthchecks(base, later),
    envFiles: [...base.envFiles, ...later.envFiles],
    environment: byKey(base.environment, later.environment, (each) => each.name),
    volumes: byKey(base.volumes, later.volumes, (each) => each.target ?? each.source?.text ?? ""),
    ports: byKey(base.ports, later.ports, (each) => each.text),
    profiles: byKey(base.profiles, later.profiles, (each) => each.text),
    restart: later.restart ?? base.restart,
    secrets: byKey(base.secrets, later.secrets, (each) => each.text),
    configs: byKey(base.configs, later.configs, (each) => each.text),
    links: byKey(base.links, later.links, (each) => each.text),
    networkMode: later.networkMode ?? base.networkMode,
    definitions: [...earlier.definitions, ...later.definitions],
    brokenExtends: [...earlier.brokenExtends, ...later.brokenExtends],
  };
}

function byKey<T>(earlier: readonly T[], later: readonly T[], key: (item: T) => string): T[] {
  const merged = new Map<string, T>();
  for (const item of [...earlier, ...later]) merged.set(key(item), item);
  return [...merged.values()];
}

function mergeBuilds(earlier: ProjectBuild | null, later: ProjectBuild | null): ProjectBuild | null {
  if (!earlier || !later) return later ?? earlier;
  const context = later.context ?? earlier.context;
  const contextPath = later.context ? later.contextPath : earlier.contextPath;
  const dockerfile = later.dockerfile ?? earlier.dockerfile;
  const inline = later.inline || earlier.inline;
  return {
    ...later,
    context,
    dockerfile,
    inline,
    target: later.target ?? earlier.target,
    args: byKey(earlier.args, later.args, (each) => each.name),
    additionalContexts: byKey(earlier.additionalContexts, later.additionalContexts, (each) => each.name),
    contextPath,
    dockerfilePath: contextPath === null || inline ? null : resolvePath(contextPath, dockerfile?.text ?? "Dockerfile"),
  };
}

function mergeHealthchecks(earlier: ProjectService, later: ProjectService): ProjectService["healthcheck"] {
  if (!later.healthcheck || !earlier.healthcheck) return later.healthcheck ?? earlier.healthcheck;
  const test = later.healthcheck.test.length > 0 ? later.healthcheck.test : earlier.healthcheck.test;
  // A test of a later file starts the check again only when the earlier one was switched off by its test.
  const disabled = later.healthcheck.disabled || (earlier.healthcheck.disabled && later.healthcheck.test.length === 0);
  return { ...later.healthcheck, test, disabled };
}

const emptied: Record<string, Partial<ProjectService>> = {
  image: { image: null },
  build: { build: null },
  command: { command: null },
  entrypoint: { entrypoint: null },
  depends_on: { dependsOn: [], dependsOnAt: null },
  healthcheck: { healthcheck: null },
  env_file: { envFiles: [] },
  environment: { environment: [] },
  volumes: { volumes: [] },
  ports: { ports: [] },
  profiles: { profiles: [] },
  restart: { restart: null },
  secrets: { secrets: [] },
  configs: { configs: [] },
  links: { links: [] },
  network_mode: { networkMode: null },
};

function withoutKeys(service: ProjectService, keys: ReadonlySet<string>): ProjectService {
  return Object.assign({ ...service }, ...[...keys].map((key) => emptied[key] ?? {}));
}
