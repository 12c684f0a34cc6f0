import { isSensitivePath } from "../../text/sensitive-path.ts";
import type { Report } from "../../types/finding.ts";
import type { Disagreement, JudgedIgnoreFile } from "../../types/ignore.ts";
import type { Image } from "../../types/image.ts";
import type { ClosureModel } from "../../types/imports.ts";
import type { Check } from "../../types/rule.ts";
import type { RepoPath } from "../../types/text.ts";

export const buildersDisagree: Check<"ignorePatterns" | "images" | "closures", "dockerignore/builders-disagree"> = {
  needs: ["ignorePatterns", "images", "closures"],
  *run({ ignorePatterns, images, closures }) {
    for (const judged of ignorePatterns.files) {
      const open = judged.file.builds.filter((build) => !build.builderStated);
      if (open.length === 0) continue;
      if (judged.disagreements.length > 0) {
        const ids = new Set(open.map((build) => build.id));
        const needed = copySources(images.images.filter((image) => open.includes(image.build)));
        for (const path of startupModules(closures, ids)) needed.add(path);
        yield* disagreements(judged, needed);
      }
      yield* besideDockerfile(judged);
    }
  },
};

/** Pattern by pattern: a warning where what is needed, or what must not get into an image, depends on the builder. */
function* disagreements({ disagreements: all }: JudgedIgnoreFile, needed: ReadonlySet<RepoPath>): Generator<Report> {
  for (const { pattern, at, files } of all) {
    const fatal = files.find(({ path }) => isSensitivePath(path) || needed.has(path));
    const shown = fatal ?? files[0];
    if (shown === undefined) continue;
    const others = files.length === 1 ? "" : ` (and ${files.length - 1} more)`;
    yield {
      message: `Builders disagree on ${shown.path}${others}: ${sentence(shown)}. Write a form that means the same in all: \`!\` with the full path of what is left out, or say \`builder:\` in predeploy.yml.`,
      subject: pattern.text,
      at,
      severity: fatal === undefined ? "note" : "warning",
    };
  }
}

/** Modules that a process of one of these builds imports when it starts. */
function* startupModules(closures: ClosureModel, builds: ReadonlySet<string>): Generator<RepoPath> {
  for (const entry of closures.entries) {
    if (entry.build === null || !builds.has(entry.build)) continue;
    if (entry.path !== null) yield entry.path;
    for (const { path, level } of closures.of(entry).modules) if (level === "start-up") yield path;
  }
}

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
