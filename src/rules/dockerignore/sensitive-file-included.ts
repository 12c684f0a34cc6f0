import { baseName } from "../../text/paths.ts";
import type { Report, Severity } from "../../types/finding.ts";
import type { Image, SensitiveFile } from "../../types/image.ts";
import type { Check } from "../../types/rule.ts";
import { makeCollector, severityIn } from "./reporting.ts";

export const sensitiveFileIncluded: Check<"images" | "imageContents", "dockerignore/sensitive-file-included"> = {
  needs: ["images", "imageContents"],
  *run({ images, imageContents }) {
    const collector = makeCollector();
    for (const image of images.images) {
      for (const file of imageContents.sensitive) {
        const report = judge(file, image);
        if (report) collector.add({ ...report, severity: severityIn(image.build, report.severity) });
      }
      const git = gitDirectory(image);
      if (git) collector.add(git);
    }
    yield* collector.list();
  },
};

function judge(file: SensitiveFile, image: Image): (Report & { severity: Severity }) | null {
  const place = image.files.placesOf(file.path)[0];
  const answer = place === undefined ? null : image.files.answer(place);
  const named = image.copies.some(({ sources }) =>
    sources.some((source) => source.from === "context" && !source.glob && source.source === file.path),
  );
  // An environment file that a COPY names and that holds no secret is meant to be there.
  const meant = named && file.doubtful && file.what === "an environment file";
  // Left out, what a COPY names fails the build.
  const way = named
    ? "Drop it from the COPY"
    : `Leave it out with a line \`${baseName(file.path)}\` in the ignore file`;
  const remedy = `${way}, and give the build what it needs with RUN --mount=type=secret.`;
  if (answer?.status === "present" && file.settings)
    return {
      severity: "note",
      subject: file.path,
      at: answer.file.by.at,
      message: `${file.path} is ${file.what} and goes into the image as ${answer.file.path}: no secret was seen in it, but who can pull the image can read what is added to it. Keep secrets out of it, or leave it out where nothing reads it.`,
    };
  if (answer?.status === "present") {
    return {
      severity: meant ? "note" : file.doubtful || image.build.forDevelopment ? "warning" : "error",
      subject: file.path,
      at: answer.file.by.at,
      message: `${file.path} is ${file.what} and goes into the image as ${answer.file.path}: who can pull the image can read it. ${remedy}`,
    };
  }
  for (const stage of image.stages) {
    if (!stage.needed || stage.index === image.final?.index) continue;
    const there = stage.files.placesOf(file.path)[0];
    const said = there === undefined ? null : stage.files.answer(there);
    if (said?.status !== "present") continue;
    return {
      severity: "note",
      subject: file.path,
      at: said.file.by.at,
      message: `${file.path} is ${file.what} and goes into the stage ${stage.name ?? stage.index}: it stays in the build cache, though not in the image. ${remedy}`,
    };
  }
  return null;
}

/** A checkout's `.git`, which no listing shows, reached by a COPY of the whole repository. */
function gitDirectory({ build, context, copies }: Image): (Report & { severity: Severity }) | null {
  if (build.context.kind !== "directory" || build.context.path !== "" || build.upload !== null) return null;
  const sent = (path: string): boolean => context.filter(path).status === "present";
  // A fresh clone keeps its history in packs.
  const told = gitText(sent(".git/objects/pack/pack-0.pack"), sent(".git/config"));
  if (told === null) return null;
  for (const copy of copies) {
    if (!copy.final || copy.excludes.length > 0 || copy.parents) continue;
    const source = copy.sources.find(
      (one) => one.from === "context" && !one.glob && one.status === "found" && one.source === "",
    );
    if (!source) continue;
    return {
      severity: build.forDevelopment ? "note" : "warning",
      subject: ".git",
      at: source.at,
      message: `The whole repository is copied and ${told}. Add a line \`.git\` to the ignore file.`,
    };
  }
  return null;
}

/** What of `.git` goes along; null where neither the history nor the configuration does. */
function gitText(history: boolean, configuration: boolean): string | null {
  if (history && configuration)
    return "`.git` is not left out: the history, and a token that a checkout may keep in .git/config, go into the image";
  if (history) return "`.git/objects` is not left out: the history goes into the image";
  return configuration
    ? "`.git` is left out in part only: the history stays out, but a token that a checkout may keep in .git/config goes into the image"
    : null;
}
