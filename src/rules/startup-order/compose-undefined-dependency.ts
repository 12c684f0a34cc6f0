import { didYouMean } from "../../text/nearest.ts";
import type { ComposeProject } from "../../types/compose.ts";
import type { Check } from "../../types/rule.ts";
import type { Location } from "../../types/text.ts";
import { agreed, type Verdict } from "./agreed.ts";

export const composeUndefinedDependency: Check<"compose", "startup-order/compose-undefined-dependency"> = {
  needs: ["compose"],
  *run({ compose }) {
    // A service of another project in the same folder may be meant to be merged in by a command that is not in the repository.
    const nearby = new Map<string, Set<string>>();
    for (const project of compose.projects) {
      const names = nearby.get(project.directory) ?? new Set();
      for (const service of project.services) names.add(service.name);
      nearby.set(project.directory, names);
    }
    yield* agreed(compose, (project) => judge(project, nearby.get(project.directory) ?? new Set()));
  },
};

function* judge(project: ComposeProject, nearby: ReadonlySet<string>): Generator<Verdict> {
  const names = project.services.map((service) => service.name);
  for (const service of project.services) {
    for (const dependency of service.dependsOn) {
      if (dependency.inherited || !dependency.required || /\$/.test(dependency.service)) continue;
      if (names.includes(dependency.service) || nearby.has(dependency.service))
        yield { service: service.name, at: dependency.at, report: null };
      else
        yield {
          service: service.name,
          at: dependency.at,
          report: undefinedName(project, service.name, dependency.service, "depends on", dependency.at, names),
        };
    }
    for (const broken of service.brokenExtends) {
      const name = broken.extends.service?.text ?? "";
      const file = broken.extends.file;
      if (broken.missing === "service") {
        const at = broken.extends.service?.at ?? broken.extends.at;
        if (!file && names.includes(name) && name !== service.name) yield { service: service.name, at, report: null };
        else
          yield {
            service: service.name,
            at,
            report: undefinedName(project, service.name, name, "extends", at, file ? [] : names, file?.text),
          };
      } else if (file) {
        yield {
          service: service.name,
          at: file.at,
          report: {
            message: `${service.name} extends ${name} of ${file.text}, which the repository does not hold: compose stops before anything starts. Add the file or correct its path.`,
            subject: file.text,
            at: file.at,
          },
        };
      }
    }
  }
}

function undefinedName(
  project: ComposeProject,
  service: string,
  name: string,
  verb: string,
  at: Location,
  known: readonly string[],
  /** The file that it is to come from, as written. */
  file: string = project.files.join(", "),
): Verdict["report"] {
  if (project.incomplete !== null)
    return {
      undecided: `${service} ${verb} ${name}, which may come from what could not be read: ${project.incomplete}.`,
      remedy: "Check in the file that is included, or run `docker compose config` where it can be reached.",
    };
  return {
    message: `${service} ${verb} ${name}, and no service of ${file} has that name: compose refuses the project and nothing starts.${didYouMean(name, known)}`,
    subject: name,
    at,
  };
}
