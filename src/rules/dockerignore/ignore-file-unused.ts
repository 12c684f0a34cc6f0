import { directoryOf } from "../../text/paths.ts";
import type { Build, IgnoreFile } from "../../types/image.ts";
import type { Check } from "../../types/rule.ts";

export const ignoreFileUnused: Check<"ignoreFiles" | "builds" | "files", "dockerignore/ignore-file-unused"> = {
  needs: ["ignoreFiles", "builds", "files"],
  *run({ ignoreFiles, builds, files }) {
    // without a build that is understood, another tool may be the one that reads the file
    if (!builds.builds.some((build) => build.context.kind !== "unknown")) return;
    for (const file of ignoreFiles.files) {
      if (file.builds.length > 0 || file.mayBeRead) continue;
      if (file.dockerfile === null ? file.contexts.length > 0 : namesDockerfile(file.dockerfile, builds.builds))
        continue;
      const start = { line: 1, column: 1 };
      yield {
        message: `No build reads ${file.path}: ${reason(file, files.has(file.dockerfile ?? ""), builds.builds)}`,
        subject: file.path,
        at: { path: file.path, start, end: start },
      };
    }
  },
};

/** A build of that Dockerfile whose builder or context is not certain may read the file after all. */
function namesDockerfile(dockerfile: string, builds: readonly Build[]): boolean {
  return builds.some(
    (build) =>
      build.dockerfile.kind === "unknown" ||
      (build.dockerfile.kind === "file" &&
        build.dockerfile.path === dockerfile &&
        build.dockerfile.exists &&
        build.builder !== "classic"),
  );
}

function reason(file: IgnoreFile, dockerfileExists: boolean, builds: readonly Build[]): string {
  if (file.dockerfile !== null && !dockerfileExists) {
    return `it belongs to ${file.dockerfile}, which does not exist. Name it after the Dockerfile, or delete it.`;
  }
  if (file.dockerfile !== null) {
    return `the builder of ${file.dockerfile} takes the \`.dockerignore\` at the root of the context only. Move its lines there.`;
  }
  const beside = builds
    .filter((build) => build.dockerfile.kind === "file" && directoryOf(build.dockerfile.path) === file.root)
    .sort((a, b) => dockerfileOf(a).length - dockerfileOf(b).length)[0];
  if (beside?.dockerfile.kind !== "file" || beside.context.kind === "unknown") {
    return "its directory is no build context. Move its lines to the `.dockerignore` at the root of a context, or delete it.";
  }
  const root = beside.context.path === "" ? "the repository root" : beside.context.path;
  return `${beside.dockerfile.path} is built with ${root} as its context, and only a \`.dockerignore\` there counts. Move its lines there, with paths from there, or rename it to ${beside.dockerfile.path}.dockerignore.`;
}

function dockerfileOf({ dockerfile }: Build): string {
  return dockerfile.kind === "file" ? dockerfile.path : "";
}
