import { baseName } from "../../text/paths.ts";
import type { ComposeProject, ProjectService } from "../../types/compose.ts";
import type { Report, Undecided } from "../../types/finding.ts";
import type { Check } from "../../types/rule.ts";
import type { RepoPath } from "../../types/text.ts";
import { agreed, type Verdict } from "./agreed.ts";

export const composeStartedNotHealthy: Check<"compose", "startup-order/compose-started-not-healthy"> = {
  needs: ["compose"],
  *run({ compose }) {
    yield* byTarget(agreed(compose, judge), stacksOf(compose.projects));
  },
};

/** One healthcheck that nobody asks is one finding of a stack, at its first dependant; variants and copies of the file are told with it. */
function* byTarget(
  reports: Iterable<Report | Undecided>,
  stackOf: (directory: RepoPath) => RepoPath,
): Generator<Report | Undecided> {
  const targets = new Map<string, Report[]>();
  for (const report of reports) {
    if (!("message" in report)) {
      yield report;
      continue;
    }
    const key = `${stackOf(directoryOf(report.at.path))}\n${report.subject}`;
    targets.set(key, [...(targets.get(key) ?? []), report]);
  }
  for (const found of targets.values()) {
    // What is deployed comes before what is not, then the plainest file.
    const [first, ...others] = found.sort((a, b) => plainness(a) - plainness(b)) as [Report, ...Report[]];
    const here = others.filter(({ at }) => at.path === first.at.path).length;
    const files = new Set(others.map(({ at }) => at.path).filter((path) => path !== first.at.path)).size;
    const more = here > 0 ? ` So do${here === 1 ? "es" : ""} ${here} more of this file.` : "";
    const elsewhere =
      files > 0
        ? ` ${files} more file${files === 1 ? "" : "s"} of this stack, or of copies of it, say${files === 1 ? "s" : ""} the same.`
        : "";
    const also = others.map(({ at }) => ({ ...at, message: "the same here" }));
    yield { ...first, message: first.message + more + elsewhere, related: [...(first.related ?? []), ...also] };
  }
}

const plainness = ({ severity, at }: Report): number =>
  (severity === "note" ? 1e6 : 0) + at.path.split("/").length * 1000 + at.path.length;

const directoryOf = (path: RepoPath): RepoPath => path.slice(0, path.lastIndexOf("/") + 1);

/**
 * Which directories hold the same stack: files beside each other are its variants, and a file of the same name with the same services
 * elsewhere is a copy of it. Gives one directory that stands for all of them.
 */
function stacksOf(projects: readonly ComposeProject[]): (directory: RepoPath) => RepoPath {
  const standsFor = new Map<RepoPath, RepoPath>();
  const stackOf = (directory: RepoPath): RepoPath => {
    const other = standsFor.get(directory);
    return other === undefined ? directory : stackOf(other);
  };
  const first = new Map<string, RepoPath>();
  for (const { files, services } of projects) {
    const [path] = files;
    // A service alone, or an application with its database, has that name in many a repository without being a copy.
    if (path === undefined || services.length < 3) continue;
    const names = services.map((service) => service.name).sort();
    const key = [baseName(path), ...names].join("\n");
    const stack = stackOf(directoryOf(path));
    const known = first.get(key);
    if (known === undefined) first.set(key, stack);
    else if (stackOf(known) !== stack) standsFor.set(stack, stackOf(known));
  }
  return stackOf;
}

/** Images of tools that show what others hold, and connect when somebody looks. */
const showsOnly =
  /(?:^|\/)(?:adminer|pgadmin4?|phpmyadmin|redis-?commander|redisinsight|kafka-ui|ch-ui|tabix|cloudbeaver|dbgate|grafana(?:-oss|-enterprise)?)(?:[:@]|$)/i;

/** Programs that wait until an address answers, with what they are told to wait for. */
const WAITS =
  /\b(?:wait[-_]?for(?:[-_]?it)?(?:\.sh)?|wait4ports|wait-port|pg_isready|mysqladmin\b[^\n;&|]*\bping|dockerize\b[^\n;&|]*-wait|nc\s+-\w*z\w*)\b[^\n;&|]*/g;

/** Whether what a service runs first waits for another by itself, or tries again until it is connected. */
function waitsFor({ ownStart, environment }: ProjectService, { name, image }: ProjectService): boolean {
  // https://documentation.red-gate.com/fd/flyway-connect-retries-setting-277578978.html: zero by default.
  if (/-connectRetries=[1-9]/.test(ownStart)) return true;
  if (environment.some((one) => one.name === "FLYWAY_CONNECT_RETRIES" && /^[1-9]/.test(one.value?.text ?? "")))
    return true;
  const host = new RegExp(`(?<![\\w.-])${name.replace(/[^\w]/g, "\\$&")}(?![\\w.-])`);
  const values = new Map(environment.map((one) => [one.name, one.value?.text ?? ""]));
  const isDatabase = DATABASE.test(name) || DATABASE.test(image?.text ?? "");
  /** What a variable that compose does not set may stand for, by the words of its name. */
  const mayBe = (variable: string) =>
    variable
      .toLowerCase()
      .split("_")
      .some((word) => word === name.toLowerCase() || (isDatabase && DATABASE.test(word)));
  return [...ownStart.slice(0, 50_000).matchAll(WAITS)].some(([told]) => {
    const filled = told.replace(VARIABLE, (whole, variable: string) => values.get(variable) ?? whole);
    return host.test(filled) || [...filled.matchAll(VARIABLE)].some(([, variable = ""]) => mayBe(variable));
  });
}

const VARIABLE = /\$\{?(\w+)[^\s"'}:]*\}?/g;
const DATABASE =
  /^(?:.*[/-])?(?:db|database|sql|pg|psql|postgres|postgis|pgvector|timescaledb|mysql|mariadb)(?:[:@-].*)?$/i;

function* judge(project: ComposeProject): Generator<Verdict> {
  const services = new Map(project.services.map((service) => [service.name, service]));
  for (const service of project.services) {
    for (const dependency of service.dependsOn) {
      if (dependency.condition !== "service_started") continue;
      const target = services.get(dependency.service);
      // A check that a pulled image brings is nothing that this repository decided on.
      const checked = target?.health === "compose" || (target?.health === "image" && target.build !== null);
      if (!target || !checked || waitsFor(service, target)) {
        yield { service: service.name, at: dependency.at, report: null };
        continue;
      }
      const check =
        target.healthcheck && target.health === "compose"
          ? target.healthcheck.at
          : (target.build?.at ?? target.image?.at ?? target.at);
      yield {
        service: service.name,
        at: dependency.at,
        report: {
          message: `${service.name} starts as soon as ${target.name} has been started, not when it is healthy, although ${target.name} has a healthcheck: the first connections may fail. Use \`condition: service_healthy\`.`,
          subject: target.name,
          at: dependency.at,
          severity: service.build === null && showsOnly.test(service.image?.text ?? "") ? "note" : "warning",
          related: [{ ...check, message: "its healthcheck comes from here" }],
        },
      };
    }
  }
}
