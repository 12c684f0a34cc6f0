import type { ComposeProject } from "../../types/compose.ts";
import type { Report, Undecided } from "../../types/finding.ts";
import type { Check } from "../../types/rule.ts";
import { agreed, type Verdict } from "./agreed.ts";

export const composeStartedNotHealthy: Check<"compose", "startup-order/compose-started-not-healthy"> = {
  needs: ["compose"],
  *run({ compose }) {
    yield* byTarget(agreed(compose, judge));
  },
};

/** One healthcheck that nobody asks is one finding of a file, at its first dependant. */
function* byTarget(reports: Iterable<Report | Undecided>): Generator<Report | Undecided> {
  const targets = new Map<string, { first: Report; others: Report[] }>();
  for (const report of reports) {
    if (!("message" in report)) {
      yield report;
      continue;
    }
    const key = `${report.at.path}\n${report.subject}`;
    const target = targets.get(key);
    if (target) target.others.push(report);
    else targets.set(key, { first: report, others: [] });
  }
  for (const { first, others } of targets.values()) {
    const also = others.map(({ at }) => ({ ...at, message: "the same here" }));
    const more = others.length > 0 ? ` So do ${others.length} more of this file.` : "";
    yield { ...first, message: first.message + more, related: [...(first.related ?? []), ...also] };
  }
}

function* judge(project: ComposeProject): Generator<Verdict> {
  const services = new Map(project.services.map((service) => [service.name, service]));
  for (const service of project.services) {
    for (const dependency of service.dependsOn) {
      if (dependency.condition !== "service_started") continue;
      const target = services.get(dependency.service);
      // A check that a pulled image brings is nothing that this repository decided on.
      const checked = target?.health === "compose" || (target?.health === "image" && target.build !== null);
      if (!target || !checked) {
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
          severity: "warning",
          related: [{ ...check, message: "its healthcheck comes from here" }],
        },
      };
    }
  }
}
