import type { ComposeProject, ProjectService } from "../../types/compose.ts";
import type { Check } from "../../types/rule.ts";
import { agreed, type Verdict } from "./agreed.ts";

export const composeDependencyCycle: Check<"compose", "startup-order/compose-dependency-cycle"> = {
  needs: ["compose"],
  *run({ compose }) {
    yield* agreed(compose, judge);
  },
};

function* judge(project: ComposeProject): Generator<Verdict> {
  const services = new Map(project.services.map((service) => [service.name, service]));
  const reported = new Set<string>();
  for (const service of project.services) {
    const at = service.dependsOnAt?.at ?? service.dependsOn[0]?.at;
    if (!at) continue;
    const cycle = reported.has(service.name) ? null : cycleFrom(service.name, services);
    if (!cycle) {
      yield { service: service.name, at, report: null };
      continue;
    }
    for (const name of cycle) reported.add(name);
    const others = cycle.slice(1).flatMap((name) => services.get(name)?.dependsOnAt ?? []);
    yield {
      service: service.name,
      at,
      report: {
        message: `${[...cycle, cycle[0]].join(" → ")}: each waits for the next, so compose refuses the project and nothing starts. Take one of these dependencies out.`,
        subject: service.name,
        at,
        related: others.map((other) => ({ ...other.at, message: "part of the cycle" })),
      },
    };
  }
}

/** The shortest way from a service back to itself, or null. */
function cycleFrom(start: string, services: ReadonlyMap<string, ProjectService>): string[] | null {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const name of queue) {
    for (const { service } of services.get(name)?.dependsOn ?? []) {
      if (service === start) {
        const path = [name];
        for (let at = cameFrom.get(name); at !== undefined; at = cameFrom.get(at)) path.unshift(at);
        return path;
      }
      if (cameFrom.has(service) || !services.has(service)) continue;
      cameFrom.set(service, name);
      queue.push(service);
    }
  }
  return null;
}
