import { didYouMean, nearestNames } from "../../text/nearest.ts";
import { directoryOf } from "../../text/paths.ts";
import type { Image } from "../../types/image.ts";
import type { Check } from "../../types/rule.ts";
import type { Location } from "../../types/text.ts";
import { makeCollector, severityIn } from "./reporting.ts";

export const stageMissing: Check<"images", "dockerignore/stage-missing"> = {
  needs: ["images"],
  *run({ images }) {
    const collector = makeCollector();
    // What one build of a Dockerfile is given as a context is meant as one in all of them.
    const contexts = new Map<string, string[]>();
    for (const { path, build } of images.images)
      if (path !== null) contexts.set(path, [...(contexts.get(path) ?? []), ...build.namedContexts.keys()]);
    for (const image of images.images) {
      const { build, syntax, path, stages, final } = image;
      if (syntax === null || path === null || syntax.errors.length > 0 || stages.length === 0) continue;
      const severity = severityIn(build, build.pulled ? "warning" : "error");
      const names = stages.flatMap(({ name }) => name ?? []);
      const { target } = build;
      // An expression is known only when the build runs, and a step before it may write another Dockerfile.
      if (
        target !== null &&
        final === null &&
        /^[\w.-]+$/.test(target) &&
        build.madeBefore.length === 0 &&
        !isBesideScript(image, target, images.images)
      )
        collector.add({
          severity,
          message: `The build of ${build.name} asks for the stage ${target}, which ${path} does not have: it fails.${didYouMean(target, names) || stagesOf(names)}`,
          subject: target,
          at: build.at,
        });
      for (const { name, at } of misspeltSources(image, names, path, contexts.get(path)!))
        collector.add({
          severity,
          message: `${name} is no stage of ${path}, so the builder looks for an image of that name.${didYouMean(name, names)}`,
          subject: name,
          at,
        });
    }
    yield* collector.list();
  },
};

const stagesOf = (names: readonly string[]): string =>
  names.length > 0 ? ` It has ${names.join(", ")}.` : " None of its stages has a name.";

/** What `COPY --from` names that is no stage and nearly one. Another bare name may be an image, or a context that the build is given. */
function misspeltSources(
  { syntax, stages }: Image,
  names: string[],
  path: string,
  contexts: readonly string[],
): { name: string; at: Location }[] {
  const bases = new Set(stages.map(({ base }) => base));
  const known = new Set([...names.map((name) => name.toLowerCase()), ...contexts]);
  return (syntax?.instructions ?? []).flatMap(({ keyword, flags }) => {
    const from = keyword === "COPY" || keyword === "ADD" ? flags.find((flag) => flag.name === "from") : undefined;
    const name = from?.value ?? "";
    if (!from || !/^[a-z][\w-]*$/i.test(name) || known.has(name.toLowerCase()) || bases.has(name)) return [];
    return nearestNames(name, names, 1).length > 0 ? [{ name, at: { path, ...from.range } }] : [];
  });
}

/** Whether a Dockerfile beside the script that builds has the stage: the script is started from there. */
function isBesideScript({ build, path }: Image, target: string, all: readonly Image[]): boolean {
  return (
    build.origin === "script" &&
    all.some(
      (other) =>
        other.path !== null &&
        other.path !== path &&
        directoryOf(other.path) === directoryOf(build.at.path) &&
        other.stages.some(({ name }) => name?.toLowerCase() === target.toLowerCase()),
    )
  );
}
