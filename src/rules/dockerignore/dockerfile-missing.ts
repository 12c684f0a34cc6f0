import type { Severity } from "../../types/finding.ts";
import type { Build } from "../../types/image.ts";
import type { Check } from "../../types/rule.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { makeCollector, severityIn, shown } from "./reporting.ts";

export const dockerfileMissing: Check<"builds" | "files", "dockerignore/dockerfile-missing"> = {
  needs: ["builds", "files"],
  *run({ builds, files }) {
    const collector = makeCollector();
    for (const build of builds.builds) {
      if (build.origin === "search" || build.madeBefore.length > 0) continue;
      const { context, dockerfile } = build;
      // Where a script is started from is a guess; what is missing from there proves nothing.
      if (
        build.origin === "script" &&
        dockerfile.kind === "file" &&
        !dockerfile.exists &&
        !/(^|\/)(GNUmakefile|[Mm]akefile|package\.json)$/.test(build.at.path)
      )
        continue;
      if (
        context.kind === "directory" &&
        context.path !== "" &&
        !files.hasDirectory(context.path) &&
        files.get(context.path)?.kind !== "symlink"
      ) {
        if (files.get(context.path)?.kind === "submodule" || insideSubmodule(context.path, files)) continue;
        collector.add({
          severity: severityOf(build),
          message: `The build of ${build.name} takes ${context.path} as its context, and there is no such directory${relativeHint(build)}. ${doubtOf(build)}${nearest(context.path, files, true)}`,
          subject: context.path,
          at: build.contextAt ?? build.at,
        });
        continue;
      }
      if (dockerfile.kind !== "file" || dockerfile.exists || insideSubmodule(dockerfile.path, files)) continue;
      collector.add({
        severity: severityOf(build),
        message: `The build of ${build.name} needs ${dockerfile.path}, which does not exist${relativeHint(build)}. ${doubtOf(build)}${nearest(dockerfile.path, files, false)}`,
        subject: dockerfile.path,
        at: build.dockerfileAt ?? build.contextAt ?? build.at,
      });
    }
    yield* collector.list();
  },
};

/** Compose pulls an image that has a name first: such a file may be meant for where nothing is built. */
function severityOf(build: Build): Severity {
  if (build.doubt !== null) return "note";
  return severityIn(build, build.pulled ? "warning" : "error");
}

function doubtOf({ doubt }: Build): string {
  return doubt === null ? "" : `It may be there all the same: ${doubt}. `;
}

/** How the path came about, where that surprises: compose, bake and skaffold join the Dockerfile to the context. */
function relativeHint({ origin, context }: Build): string {
  if (context.kind === "unknown" || !/^(compose|bake|skaffold)$/.test(origin)) return "";
  return ` (the Dockerfile's path is relative to the context, ${shown(context.path)})`;
}

function nearest(path: RepoPath, files: FileTree, directory: boolean): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const tail = `/${path}`;
  const candidates = directory
    ? [...new Set(files.entries.flatMap((entry) => directoriesOf(entry.path)))].filter(
        (one) => one.endsWith(`/${name}`) || one === name,
      )
    : files.entries.map((entry) => entry.path).filter((one) => one === name || one.endsWith(`/${name}`));
  const best =
    candidates.find((one) => tail.endsWith(`/${one}`)) ?? (candidates.length <= 3 ? candidates[0] : undefined);
  return best === undefined ? "Create it or mend the path." : `${best} exists: is that meant?`;
}

function directoriesOf(path: RepoPath): RepoPath[] {
  const found: RepoPath[] = [];
  for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1))
    found.push(path.slice(0, slash));
  return found;
}

function insideSubmodule(path: RepoPath, files: FileTree): boolean {
  return directoriesOf(path).some((directory) => files.get(directory)?.kind === "submodule");
}
