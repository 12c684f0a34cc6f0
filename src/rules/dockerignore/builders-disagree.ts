import type { Disagreement, JudgedIgnoreFile } from "../../types/ignore.ts";
import type { Image } from "../../types/image.ts";
import type { Check } from "../../types/rule.ts";
import { isSensitive } from "./sensitive.ts";

export const buildersDisagree: Check<"ignorePatterns" | "images", "dockerignore/builders-disagree"> = {
  needs: ["ignorePatterns", "images"],
  *run({ ignorePatterns, images }) {
    for (const judged of ignorePatterns.files) {
      const open = judged.file.builds.filter((build) => !build.builderStated);
      if (open.length === 0) continue;
      const sources = copySources(images.images.filter((image) => open.includes(image.build)));
      for (const { pattern, at, files } of judged.disagreements) {
        const needed = files.find(({ path }) => isSensitive(path) || sources.has(path));
        const shown = needed ?? files[0];
        if (shown === undefined) continue;
        const others = files.length === 1 ? "" : ` (and ${files.length - 1} more)`;
        yield {
          message: `Builders disagree on ${shown.path}${others}: ${sentence(shown)}. Write a form that means the same in all: \`!\` with the full path of what is left out, or say \`builder:\` in predeploy.yml.`,
          subject: pattern.text,
          at,
          severity: needed === undefined ? "note" : "warning",
        };
      }
      yield* besideDockerfile(judged);
    }
  },
};

/** A `<Dockerfile>.dockerignore` is unknown to builders without BuildKit, such as the docker step of Cloud Build. */
function* besideDockerfile({ file }: JudgedIgnoreFile) {
  if (file.dockerfile === null) return;
  const build = file.builds.find(
    (one) => one.origin === "cloudbuild" && !one.builderStated && one.builder !== "kaniko",
  );
  if (build === undefined) return;
  const start = { line: 1, column: 1 };
  yield {
    message: `Only BuildKit reads ${file.path}; the docker step of Cloud Build that builds ${build.name} may run without it and then reads the \`.dockerignore\` at the root of the context. Set DOCKER_BUILDKIT=1 for the step, or move the lines there.`,
    subject: file.path,
    at: { path: file.path, start, end: start },
    severity: "warning" as const,
    related: [{ ...build.at, message: "built here" }],
  };
}

/** Paths that a COPY names, or that its glob matches. */
function copySources(images: readonly Image[]): Set<string> {
  const sources = images
    .flatMap((image) => image.copies)
    .filter((copy) => copy.needed)
    .flatMap((copy) => copy.sources)
    .filter((source) => source.from === "context");
  return new Set(
    sources.flatMap((source) => [source.source ?? "", ...source.matches, ...source.lost.map((one) => one.path)]),
  );
}

function sentence({ buildkit, classic, old }: Disagreement["files"][number]): string {
  const answers = [
    ["BuildKit", buildkit],
    ["the classic builder", classic],
    ["Docker up to 20.10", old],
  ] as const;
  const out = answers.filter(([, excluded]) => excluded).map(([name]) => name);
  const kept = answers.filter(([, excluded]) => !excluded).map(([name]) => name);
  // Seen in builds with BuildKit 0.34: what its walk keeps and the older rule leaves out is there, without a byte in it.
  const empty = old && !buildkit ? ", and with BuildKit it arrives empty" : "";
  return `${out.join(" and ")} ${out.length === 1 ? "leaves" : "leave"} it out, ${kept.join(" and ")} ${kept.length === 1 ? "sends" : "send"} it${empty}`;
}
