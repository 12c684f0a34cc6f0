import type { ComposeProject } from "../../types/compose.ts";
import type { Check } from "../../types/rule.ts";
import { agreed, type Verdict } from "./agreed.ts";
import { servesBy } from "./serving.ts";

export const composeCompletedRestarts: Check<"compose", "startup-order/compose-completed-restarts"> = {
  needs: ["compose"],
  *run({ compose }) {
    yield* agreed(compose, judge);
  },
};

function* judge(project: ComposeProject): Generator<Verdict> {
  for (const target of project.services) {
    const waiting = project.services.flatMap((service) =>
      service.dependsOn
        .filter((each) => each.service === target.name && each.condition === "service_completed_successfully")
        .map((dependency) => ({ service, dependency })),
    );
    const restarts = target.restart !== null && /^(?:always|unless-stopped)$/.test(target.restart.text);
    const served = restarts ? null : servesBy(target);
    for (const { service, dependency } of waiting) {
      const at = dependency.conditionAt?.at ?? dependency.at;
      const message = `${service.name} waits until ${target.name} has completed, but ${target.name} runs \`${served}\`, which serves until something stops it: ${service.name} never starts. Wait with \`condition: service_healthy\`, or name the one-shot that was meant.`;
      const related = [{ ...target.at, message: `${target.name} is defined here` }];
      yield {
        service: service.name,
        at,
        report: served === null ? null : { message, subject: target.name, at, related },
      };
    }
    if (!target.restart) continue;
    const { at, text } = target.restart;
    if (waiting.length === 0 || !restarts) {
      yield { service: target.name, at, report: null };
      continue;
    }
    yield {
      service: target.name,
      at,
      report: {
        message: `${waiting.map(({ service }) => service.name).join(", ")} waits until ${target.name} has completed, but \`restart: ${text}\` starts it again each time it ends: it never counts as completed and what waits never starts. Use \`restart: "no"\` or \`on-failure\`.`,
        subject: target.name,
        at,
        related: waiting.map(({ service, dependency }) => ({
          ...(dependency.conditionAt?.at ?? dependency.at),
          message: `${service.name} waits here`,
        })),
      },
    };
  }
}
