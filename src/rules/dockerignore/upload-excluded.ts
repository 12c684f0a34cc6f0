import type { Check } from "../../types/rule.ts";
import { consequenceOf, neededAt, relatedOf, severityOf, strongest } from "./lost.ts";
import { absenceText, lineOf, makeCollector, severityIn } from "./reporting.ts";

export const uploadExcluded: Check<"images" | "lostFiles", "dockerignore/upload-excluded"> = {
  needs: ["images", "lostFiles"],
  *run({ images, lostFiles }) {
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
              anchor(why.pattern),
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
    const modules = lostFiles.lost.filter((one) => one.kind === "module" && one.why.kind === "filtered");
    for (const lost of strongest(modules, (one) => `${one.path} ${one.why.at.path}`)) {
      const { why, path, level, entry, chain } = lost;
      const severity = severityOf(level, lost.deployed);
      if (!severity || why.kind !== "filtered") continue;
      yield {
        severity,
        message:
          `\`${why.pattern}\` keeps ${path} out of the upload, so the builder never sees it. It is imported at ${neededAt(lost)}: ` +
          `${consequenceOf(level, entry.written)}. ${anchor(why.pattern)}`,
        subject: path,
        at: why.at,
        related: relatedOf(chain),
      };
    }
  },
};

function anchor(pattern: string): string {
  return `Anchor the pattern (\`/${pattern.replace(/^\/|\/$/g, "")}/\`) or write a .gcloudignore that keeps the path.`;
}
