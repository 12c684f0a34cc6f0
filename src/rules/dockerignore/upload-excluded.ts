import type { Check } from "../../types/rule.ts";
import { absenceText, lineOf, makeCollector, severityIn } from "./reporting.ts";

export const uploadExcluded: Check<"images", "dockerignore/upload-excluded"> = {
  needs: ["images"],
  *run({ images }) {
    const collector = makeCollector();
    for (const image of images.images) {
      for (const copy of image.copies) {
        if (!copy.needed) continue;
        for (const source of copy.sources) {
          if (source.from !== "context" || source.status !== "missing") continue;
          const why =
            source.why?.status === "filtered"
              ? source.why
              : source.lost.find((one) => one.why.status === "filtered")?.why;
          if (why?.status !== "filtered") continue;
          collector.add({
            severity: severityIn(image.build, source.glob ? "warning" : "error"),
            message:
              `${copy.keyword} ${source.word.text} finds nothing: ${absenceText(why)} before the builder sees it. ` +
              `Anchor the pattern (\`/${why.pattern.replace(/^\/|\/$/g, "")}/\`) or write a .gcloudignore that keeps the path.`,
            subject: source.source ?? source.word.text,
            at: why.line === null ? source.at : lineOf(why.by, why.line, why.pattern.length),
            related: [
              { ...source.at, message: "copied here" },
              { ...image.build.at, message: "uploaded here" },
            ],
          });
        }
      }
    }
    yield* collector.list();
  },
};
