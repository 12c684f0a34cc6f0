import type { ComposeProject } from "../../types/compose.ts";
import type { Check } from "../../types/rule.ts";
import { agreed, type Verdict } from "./agreed.ts";

export const composeHealthyWithoutHealthcheck: Check<"compose", "startup-order/compose-healthy-without-healthcheck"> = {
  needs: ["compose"],
  *run({ compose }) {
    yield* agreed(compose, judge);
  },
};

function* judge(project: ComposeProject): Generator<Verdict> {
  const services = new Map(project.services.map((service) => [service.name, service]));
  for (const service of project.services) {
    for (const dependency of service.dependsOn) {
      if (dependency.condition !== "service_healthy") continue;
      const at = dependency.conditionAt?.at ?? dependency.at;
      const target = services.get(dependency.service);
      if (
        !target ||
        target.health === "compose" ||
        target.health === "image" ||
        (project.incomplete !== null && target.health !== "none")
      ) {
        yield { service: service.name, at, report: null };
        continue;
      }
      const disabled = target.healthcheck?.disabled === true;
      const built = target.build !== null;
      // Nothing is known of a base image or a pulled image from elsewhere: it may bring a check.
      const unknown = target.health === "unknown";
      if (unknown && built && target.build?.dockerfilePath === null) {
        yield { service: service.name, at, report: null };
        continue;
      }
      const where = disabled
        ? "its healthcheck is switched off"
        : built
          ? `neither the compose file nor ${target.build?.dockerfilePath ?? "its Dockerfile"} gives it a healthcheck`
          : `the compose file gives it no healthcheck, and ${target.image?.text ?? "its image"} ${unknown ? "may have none" : "has none"}`;
      yield {
        service: service.name,
        at,
        report: {
          message: `${service.name} waits until ${target.name} is healthy, but ${where}${built && unknown ? " (its base image may)" : ""}: \`up\` fails with "has no healthcheck configured". Add a healthcheck to ${target.name}.`,
          subject: target.name,
          at,
          severity: disabled || (built && !unknown) ? "error" : "note",
          related: [{ ...target.at, message: `${target.name} is defined here` }],
        },
      };
    }
  }
}
