import type { ComposeProject } from "../../types/compose.ts";
import type { Check } from "../../types/rule.ts";
import type { Location } from "../../types/text.ts";
import { agreed, type Verdict } from "./agreed.ts";

const kinds = {
  context: "the build context",
  dockerfile: "the Dockerfile",
  mount: "the mounted file",
} as const;

export const composeBuildPathMissing: Check<"compose", "startup-order/compose-build-path-missing"> = {
  needs: ["compose"],
  *run({ compose }) {
    yield* agreed(compose, judge);
  },
};

function* judge(project: ComposeProject): Generator<Verdict> {
  const missing = new Map(project.missingPaths.map((each) => [keyOf(each.at), each]));
  // What another set of files finds from its own directory is there.
  for (const service of project.services) {
    const { build } = service;
    const places = [
      build?.at,
      build?.context?.at,
      build?.dockerfile?.at,
      ...service.volumes.map((one) => one.source?.at),
    ];
    for (const at of places) if (at && !missing.has(keyOf(at))) yield { service: service.name, at, report: null };
  }
  for (const { kind, service, path, at, excuse, pulled } of missing.values()) {
    const consequence =
      kind === "mount"
        ? `Docker makes an empty directory of that name instead, and ${service} reads no file there`
        : `${service} cannot be built`;
    const doubt = project.otherDirectory
      ? " A command here names another `--project-directory`, from which it may exist."
      : excuse === null
        ? ""
        : ` It may be there all the same: ${excuse}.`;
    yield {
      service,
      at,
      report: {
        message: `${path}, ${kinds[kind]} of ${service}, is not in the repository: ${consequence}.${doubt} Correct the path or check the file in.`,
        subject: path,
        at,
        severity: doubt !== "" ? "note" : pulled || project.developmentFiles.includes(at.path) ? "warning" : "error",
      },
    };
  }
}

function keyOf({ path, start }: Location): string {
  return `${path}:${start.line}:${start.column}`;
}
