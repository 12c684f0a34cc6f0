import { baseName } from "../../text/paths.ts";
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
          message: `The build of ${build.name} takes ${context.path} as its context, and there is no such directory${relativeHint(build)}. ${doubtOf(build)}${nearest(context.path, files, nameIn(build))}`,
          subject: context.path,
          at: build.contextAt ?? build.at,
        });
        continue;
      }
      if (dockerfile.kind !== "file" || dockerfile.exists || insideSubmodule(dockerfile.path, files)) continue;
      collector.add({
        severity: severityOf(build),
        message: `The build of ${build.name} needs ${dockerfile.path}, which does not exist${relativeHint(build)}. ${doubtOf(build)}${nearest(dockerfile.path, files, null)}`,
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

/** The Dockerfile's path below the context. */
function nameIn({ context, dockerfile }: Build): string {
  if (context.kind !== "directory" || dockerfile.kind !== "file") return "Dockerfile";
  const prefix = `${context.path}/`;
  return dockerfile.path.startsWith(prefix) ? dockerfile.path.slice(prefix.length) : "Dockerfile";
}

/** How the path came about, where that surprises: compose, bake and skaffold join the Dockerfile to the context. */
function relativeHint({ origin, context }: Build): string {
  if (context.kind === "unknown" || !/^(compose|bake|skaffold)$/.test(origin)) return "";
  return ` (the Dockerfile's path is relative to the context, ${shown(context.path)})`;
}

/** What may be meant: the place whose last parts are the same, else the one of few that shares most of the way. Of directories only those with a Dockerfile. */
function nearest(path: RepoPath, files: FileTree, dockerfile: string | null): string {
  const name = baseName(path);
  const candidates = (
    dockerfile === null
      ? files.entries.map((entry) => entry.path)
      : [...new Set(files.entries.flatMap((entry) => directoriesOf(entry.path)))].filter((one) =>
          files.has(`${one}/${dockerfile}`),
        )
  ).filter((one) => one === name || one.endsWith(`/${name}`));
  const tail = `/${path}`;
  const [best] =
    candidates.length <= 3 || candidates.some((one) => tail.endsWith(`/${one}`))
      ? candidates.sort((a, b) => likeness(b, path) - likeness(a, path))
      : [];
  return best === undefined ? "Create it or mend the path." : `${best} exists: is that meant?`;
}

/** How many parts two paths share at their ends, the last one not counted, and then at their starts. */
function likeness(one: RepoPath, other: RepoPath): number {
  const [a, b] = [one.split("/"), other.split("/")];
  const shared = (of: readonly string[], and: readonly string[]) => {
    const differ = of.findIndex((part, index) => part !== and[index]);
    return differ === -1 ? of.length : differ;
  };
  return 100 * (shared([...a].reverse(), [...b].reverse()) - 1) + shared(a, b);
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
