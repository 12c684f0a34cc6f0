import type { CopySource, CopyStep } from "../../types/image.ts";
import type { Check } from "../../types/rule.ts";
import { absenceText, lineOf, makeCollector, severityIn } from "./reporting.ts";

export const copyGlobEmpty: Check<"images", "dockerignore/copy-glob-empty"> = {
  needs: ["images"],
  *run({ images }) {
    const collector = makeCollector();
    for (const image of images.images) {
      const { build } = image;
      for (const copy of image.copies) {
        if (!copy.needed) continue;
        for (const source of copy.sources) {
          if (source.from !== "context" || !source.glob || source.status !== "missing") continue;
          // Where the directory before the first wildcard does not reach the builder, BuildKit fails as well.
          const noDirectory = source.unsent !== undefined || (source.why !== null && source.why.status !== "present");
          if ((isOptional(copy, source) && !noDirectory) || build.madeBefore.length > 0) continue;
          if (source.lost.some((one) => one.why.status === "filtered")) continue;
          const classic = build.builder === "classic";
          const lost = source.lost.find((one) => one.why.status === "ignored");
          const why = lost?.why.status === "ignored" ? lost.why : null;
          const reason =
            lost && why ? `${lost.path} would match, but ${absenceText(why)}` : "no file of the context matches";
          // What a build makes that is not seen, see copy-source-missing.
          const unseen = source.making?.product && (build.origin === "search" || build.forDevelopment);
          const level = (classic || noDirectory) && source.making === null ? "error" : "warning";
          collector.add({
            severity: unseen ? "note" : severityIn(build, level),
            message:
              `${copy.keyword} ${source.word.text} copies nothing: ${reason}. ` +
              (classic || noDirectory
                ? `The build fails${classic || source.unsent === undefined ? "" : `: no COPY sends anything of ${source.unsent}, and the builder looks for it`}.`
                : "The builder says nothing and goes on without the files.") +
              (lost
                ? " Narrow the ignore line, or drop the source."
                : source.making
                  ? ` On a clean checkout, that is: ${source.making.text}. Make it before the build, or in a stage of it.`
                  : " Write the path out, or drop the source."),
            subject: source.word.text,
            at: source.at,
            ...(why
              ? { related: [{ ...lineOf(why.by, why.line, why.pattern.length), message: "this line leaves it out" }] }
              : {}),
          });
        }
      }
    }
    yield* collector.list();
  },
};

/**
 * A file that may be there or not: beside one that is (`COPY package.json yarn.lock* ./`), or with a class of one character, which has no
 * other use (`COPY ini[t]/ ./`).
 */
function isOptional(copy: CopyStep, source: CopySource): boolean {
  if (source.lost.length > 0) return false;
  return (
    copy.sources.some((one) => one !== source && one.status === "found") ||
    !/[*?[\\]/.test(source.word.text.replace(/\[[^\]^\\-]\]/g, ""))
  );
}
