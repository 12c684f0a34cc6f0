import type { Related } from "../../types/finding.ts";
import type { Check } from "../../types/rule.ts";
import type { NameJudgement } from "../../types/secret-reference.ts";
import { inventoryWords, levelOf, nearWords, otherPlaces } from "./reporting.ts";

export const missingBuildVariable: Check<"secrets", "secrets/missing-build-variable"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    for (const judgement of secrets.names) {
      const { namespace, status, name, environment, first } = judgement;
      if (namespace !== "build" || status !== "missing") continue;
      const severity = levelOf(judgement);
      if (severity === null) continue;
      const message = judgement.build
        ? `${first.form}: ${gapWords(name, judgement.build)}${nearWords(judgement)}`
        : `${first.form}: the build takes ${name} in, and nothing sets it for ${environment}. Setting it at run time is too late.${nearWords(judgement)} Give it to the build (ARG and \`--build-arg\`, or the env file of the build).${inventoryWords(judgement)}`;
      yield {
        message,
        subject: name,
        at: first.at,
        severity,
        related: [...placesOf(judgement.build), ...otherPlaces(judgement)],
      };
    }
  },
};

type Gap = NonNullable<NameJudgement["build"]>;

/** What the build lacks, what comes of it, and what to do. */
function gapWords(name: string, { build, answer, elsewhere }: Gap): string {
  const late = "the bundle goes out with `undefined` in its place, whatever is set at run time.";
  const others = elsewhere.length === 0 ? "" : " Other builds of it have it.";
  switch (answer) {
    case "undeclared":
      return `${build.where} has no \`ARG ${name}\`, no \`ENV\` and no env file with it, so no argument can give it: ${late}${others} Write \`ARG ${name}\` before the build, and give it with \`--build-arg\`.`;
    case "not-given":
      return `${build.where} takes it as an ARG without a default, and ${build.definition?.path ?? "the build"} gives none: ${late}${others} Add it to the build's arguments.`;
    default:
      return `${build.where} builds the front end without it: ${late}${others} Set it under \`env:\` of that step.`;
  }
}

function placesOf(gap: Gap | undefined): Related[] {
  if (!gap) return [];
  const { build, answer, elsewhere } = gap;
  return [
    { ...build.at, message: "built here" },
    ...(answer === "not-given" && build.definition ? [{ ...build.definition, message: "defined here" }] : []),
    ...elsewhere.slice(0, 3).map((one) => ({ ...one, message: "this build has it" })),
  ];
}
