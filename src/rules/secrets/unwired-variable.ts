import type { Report } from "../../types/finding.ts";
import type { Check } from "../../types/rule.ts";
import type { NameJudgement } from "../../types/secret-reference.ts";
import { levelOf, nearWords, otherPlaces, quotedList } from "./reporting.ts";

export const unwiredVariable: Check<"secrets", "secrets/unwired-variable"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    for (const judgement of secrets.names) {
      const { status, name, near, first, environment, elsewhere, wiring } = judgement;
      if (status !== "unwired" || elsewhere.length > 0) continue;
      const severity = levelOf(judgement);
      if (severity === null) continue;
      if (judgement.pod) {
        yield { ...inPod(judgement, judgement.pod), severity };
        continue;
      }
      const where = environment === null ? "" : ` in ${environment}`;
      const edge =
        near.length > 0
          ? `--set-secrets ${name}=${near[0]}:latest`
          : `--set-secrets ${name}=SECRET:latest, or --set-env-vars`;
      yield {
        message: `${first.form}: the code needs ${name}, and the deploy of ${first.service} gives it no such variable${where}.${nearWords(judgement)} Add it to the deploy: ${edge}.`,
        subject: name,
        at: first.at,
        severity,
        related: [...(wiring ? [{ ...wiring, message: `what ${first.service} gets` }] : []), ...otherPlaces(judgement)],
      };
    }
  },
};

/** A container of a manifest: it has what its pod says. */
function inPod(judgement: NameJudgement, pod: NonNullable<NameJudgement["pod"]>): Report {
  const { name, first, wiring, environment, near } = judgement;
  const where = environment === null ? "" : ` in ${environment}`;
  const like = near.length === 0 ? "" : ` It gives ${quotedList(near)}.`;
  const count = pod.alsoWithout.length;
  const more =
    count === 0
      ? ""
      : ` ${count} more that run${count === 1 ? "s" : ""} this code lack${count === 1 ? "s" : ""} it too.`;
  const reference = pod.from?.kind === "config-map" ? "configMapKeyRef" : "secretKeyRef";
  const holder = pod.from ? `name: ${pod.from.name}, key: ${name}` : "name: SECRET, key: KEY";
  const line = `{ name: ${name}, valueFrom: { ${reference}: { ${holder} } } }`;
  const whole = pod.whole && `the ${pod.whole.kind === "secret" ? "Secret" : "ConfigMap"} ${pod.whole.name}`;
  const ofCompose = pod.kind === "compose service";
  const place = ofCompose
    ? "Add to its `environment:`"
    : whole
      ? `Add it to ${whole}, or to the \`env:\` of the container`
      : "Add to its `env:`";
  return {
    message: `${first.form}: the code needs ${name}, and ${pod.kind} ${first.service} (${pod.path}) gives it no such variable${where}.${like}${more} ${place} ${ofCompose ? `\`${name}: \${${name}:?set ${name}}\`` : `${line}${pod.from ? "" : ", or a `value:` where it is no secret"}`}.`,
    subject: name,
    at: first.at,
    related: [
      ...(wiring ? [{ ...wiring, message: `the variables of ${first.service} end here` }] : []),
      ...pod.alsoWithout.slice(0, 5).map((at) => ({ ...at, message: "and here" })),
      ...otherPlaces(judgement),
    ],
  };
}
