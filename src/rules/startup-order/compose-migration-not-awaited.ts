import type { ComposeProject, ProjectService } from "../../types/compose.ts";
import type { Check } from "../../types/rule.ts";
import { agreed, type Verdict } from "./agreed.ts";
import {
  isIdle,
  isMigrationImage,
  isMigrationName,
  migrationIn,
  serverFollows,
  serverIn,
  waitsForMigration,
} from "./migration.ts";

export const composeMigrationNotAwaited: Check<"compose", "startup-order/compose-migration-not-awaited"> = {
  needs: ["compose"],
  *run({ compose }) {
    yield* agreed(compose, judge);
  },
};

/** What a profile is called whose services are run one by one, by hand. */
const byHand = /^(?:cli|tools?|manual|commands?|debug|admin|maintenance|scripts?|tasks?|utils?|helpers?|one-?off)$/i;

function* judge(project: ComposeProject): Generator<Verdict> {
  if (project.swarm) return;
  const services = new Map(project.services.map((service) => [service.name, service]));
  const migrations = project.services.filter(isMigration);
  for (const migration of migrations) {
    for (const service of project.services) {
      if (migrations.includes(service) || isMigrationName(service.name)) continue;
      const edge = service.dependsOn.find((each) => each.service === migration.name);
      if (!edge && !shareSchema(service, migration, services)) continue;
      // The condition is the line to edit, where one is written.
      const at = edge?.conditionAt?.at ?? edge?.at ?? service.at;
      // A migration behind a profile of its own is started by hand.
      const apart =
        migration.profiles.length > 0 &&
        (migration.profiles.every(({ text }) => byHand.test(text)) ||
          !migration.profiles.some(({ text }) => service.profiles.some((each) => each.text === text)));
      if (
        awaits(service.name, migration.name, services, new Set()) ||
        waitsForMigration(service.ownStart) ||
        (!edge && apart) ||
        (edge && edge.condition !== "service_started")
      ) {
        yield { service: service.name, at, report: null };
        continue;
      }
      yield {
        service: service.name,
        at,
        report: {
          message: edge
            ? `${service.name} starts as soon as ${migration.name} has been started: it meets the old schema while the migration still runs. Use \`condition: service_completed_successfully\`.`
            : `${service.name} uses the database that ${migration.name} migrates and does not wait for it: on a new deploy it may meet the old schema. Let it depend on ${migration.name} with \`condition: service_completed_successfully\`.`,
          subject: edge ? migration.name : service.name,
          at,
          severity: edge ? "error" : "warning",
          related: [{ ...migration.at, message: `${migration.name} migrates` }],
        },
      };
    }
  }
}

/** A service that migrates and ends. */
function isMigration(service: ProjectService): boolean {
  // What is reached at a port stays, whatever its command begins with.
  if (service.ports.length > 0) return false;
  const command = [service.entrypoint?.text, service.command?.text].filter((each) => each !== undefined).join(" ");
  const found = migrationIn(command);
  if (found) return !serverFollows(command, found.index + found.text.length);
  if (service.image && isMigrationImage(service.image.text)) return true;
  const once =
    /(?:^|[-_])(?:init|setup|seed|bootstrap|schema|prepare|provision)(?:$|[-_])/i.test(service.name) &&
    service.restart?.text === "no";
  if (!isMigrationName(service.name) && !once) return false;
  // Tests of migrations migrate nothing that others use.
  if (/(?:^|[-_])tests?(?:[-_]|$)/i.test(service.name) || /\b(?:pytest|jest|vitest|rspec|phpunit)\b/.test(command))
    return false;
  // The name alone says it, unless it is told to stay.
  return !serverIn(command) && !isIdle(command) && !/^(?:always|unless-stopped)$/.test(service.restart?.text ?? "no");
}

/** Whether a service starts only after the migration has completed: by its own condition, or because what it waits for does. */
function awaits(
  name: string,
  migration: string,
  services: ReadonlyMap<string, ProjectService>,
  seen: Set<string>,
): boolean {
  if (seen.has(name)) return false;
  seen.add(name);
  return (services.get(name)?.dependsOn ?? []).some(
    (each) =>
      (each.service === migration && each.condition === "service_completed_successfully") ||
      awaits(each.service, migration, services, seen),
  );
}

/** Same image or build; or built here, and on the same database by dependency or address. */
function shareSchema(
  service: ProjectService,
  migration: ProjectService,
  services: ReadonlyMap<string, ProjectService>,
): boolean {
  // What is told of no database, where the migration is, does something else with the same image.
  if (isTold(migration) && !isTold(service)) return false;
  if (service.build && migration.build) {
    const own = service.build.dockerfilePath;
    if (
      own !== null &&
      own === migration.build.dockerfilePath &&
      service.build.contextPath === migration.build.contextPath &&
      // Stages of one Dockerfile are images of their own: a front end beside the backend that migrates.
      service.build.target?.text === migration.build.target?.text
    )
      return true;
  }
  if (service.image && migration.image && service.image.text === migration.image.text)
    return !isMigrationImage(service.image.text);
  if (!service.build) return false;
  const databases = databasesOf(migration, services);
  return [...databasesOf(service, services)].some((database) => databases.has(database));
}

const isTold = ({ environment, envFiles, dependsOn }: ProjectService): boolean =>
  environment.length + envFiles.length + dependsOn.length > 0;

const databaseImage =
  /(?:^|\/)(?:postgres|postgis|timescaledb|pgvector|mysql|mariadb|cockroach|mssql|sql-server|percona|supabase\/postgres)/i;

/** Database services that a service depends on or whose name stands as a host in its environment. */
function databasesOf(service: ProjectService, services: ReadonlyMap<string, ProjectService>): Set<string> {
  const found = new Set<string>();
  for (const candidate of services.values()) {
    if (!candidate.image || !databaseImage.test(candidate.image.text)) continue;
    const named = service.environment.some(({ value }) => value !== null && hostsIn(value.text).has(candidate.name));
    if (named || service.dependsOn.some((each) => each.service === candidate.name)) found.add(candidate.name);
  }
  return found;
}

/** Hosts of URLs, and a value that is one bare name. */
function hostsIn(value: string): Set<string> {
  const hosts = [...value.slice(0, 2000).matchAll(/[@/]([A-Za-z0-9_.-]+)(?=[:/]|$)/g)].map((match) => match[1] ?? "");
  return new Set([...hosts, value.replace(/:\d+$/, "")]);
}
