import type { Setting } from "../../types/settings.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import { readEnvFile } from "./env-files.ts";
import { firstOf } from "./environment.ts";
import { addPlain, leaveOpen, type Origin, type Sink, settle } from "./sink.ts";

/** For an env file that is read by itself: what each service that gets it sets over it. */
type Consumers = Map<RepoPath, Map<string, Location>[]>;

/**
 * Services of compose projects whose files name an environment, and of the others with an unknown one. Over `env_file` in its order stands
 * `environment`, file by file: https://docs.docker.com/compose/how-tos/environment-variables/envvars-precedence/
 * Gives the env files that compose reads.
 */
export function readCompose(sink: Sink): Set<RepoPath> {
  const passedOn = new Set<RepoPath>();
  const consumers: Consumers = new Map();
  for (const project of sink.input.known.compose.projects) {
    const where = firstOf(...[...project.files].reverse().map((path) => () => sink.naming.ofPath(path)));
    for (const service of project.services) {
      for (const { path } of service.envFiles) if (path !== null) passedOn.add(path);
      if (project.example) continue;
      const layers: (Setting | null)[] = [];
      const ofService = { where, service: service.name };
      for (const file of service.envFiles) {
        const own = file.path === null ? null : sink.naming.ofPath(file.path);
        if (file.path === null || !sink.input.files.has(file.path)) {
          const origin: Origin = { ...ofService, source: "compose", definition: "" };
          leaveOpen(sink, origin, `its file ${file.text} is not in the repository`, file.at);
        } else if (own?.environment === null && where.environment !== null)
          layers.push(
            ...readEnvFile(sink, file.path, {
              ...ofService,
              source: "env-file",
              definition: `${file.path} ${service.name}`,
            }),
          );
      }
      for (const definition of service.definitions) {
        const at = `${definition.at.path}:${definition.start}`;
        const origin: Origin = { ...ofService, source: "compose", definition: at };
        for (const variable of definition.environment)
          if (variable.value)
            layers.push(addPlain(sink, origin, variable.name, variable.value.text, variable.value.at));
      }
      settle(layers);
      const over = new Map(layers.flatMap((one) => (one?.source === "compose" ? [[one.name, one.at] as const] : [])));
      for (const { path } of service.envFiles) {
        const own = path === null ? null : sink.naming.ofPath(path).environment;
        if (path !== null && own !== null && (where.environment === null || where.environment === own))
          consumers.set(path, [...(consumers.get(path) ?? []), over]);
      }
    }
  }
  settleByThemselves(sink, consumers);
  return passedOn;
}

/** A value of `.env.staging` does not arrive where every service that gets the file sets the name itself. */
function settleByThemselves(sink: Sink, consumers: Consumers): void {
  for (const one of sink.settings) {
    const all = one.definition === one.at.path ? consumers.get(one.at.path) : undefined;
    if (all?.every((over) => over.has(one.name))) one.overriddenBy = all[0]!.get(one.name)!;
  }
}
