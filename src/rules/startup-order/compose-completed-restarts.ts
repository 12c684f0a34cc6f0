import type { ComposeProject } from "../../types/compose.ts";
import type { Check } from "../../types/rule.ts";
import { agreed, type Verdict } from "./agreed.ts";

export const composeCompletedRestarts: Check<"compose", "startup-order/compose-completed-restarts"> = {
  needs: ["compose"],
  *run({ compose }) {
    yield* agreed(compose, judge);
  },
};

function* judge(project: ComposeProject): Generator<Verdict> {
  for (const target of project.services) {
    if (!target.restart) continue;
    const waiting = project.services.flatMap((service) =>
      service.dependsOn
        .filter((each) => each.service === target.name && each.condition === "service_completed_successfully")
        .map((dependency) => ({ service, dependency })),
    );
    const { at, text } = target.restart;
    if (waiting.length === 0 || !/^(?:always|unless-stopped)$/.test(text)) {
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
