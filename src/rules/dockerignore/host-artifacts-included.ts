import { baseName } from "../../text/paths.ts";
import type { Report, Severity } from "../../types/finding.ts";
import type { CopyStep, Image, RunStep } from "../../types/image.ts";
import type { Check } from "../../types/rule.ts";
import type { Fix } from "../../types/text.ts";
import { makeCollector } from "./reporting.ts";
import { commandsOf, joinPath } from "./shell-text.ts";

export const hostArtifactsIncluded: Check<"images", "dockerignore/host-artifacts-included"> = {
  needs: ["images"],
  *run({ images }) {
    const collector = makeCollector();
    for (const image of images.images) for (const report of judge(image)) collector.add(report);
    yield* collector.list();
  },
};

/** Directories that a command makes in the image, relative to where it runs. */
function madeBy(words: readonly string[]): string[] {
  const [name = "", verb = "", third = ""] = words;
  if (/^(npm|pnpm|yarn|bun)$/.test(name)) {
    if (words.includes("-g") || words.includes("--global") || words.includes("global")) return [];
    if (/^(ci|i|install)$/.test(verb) || (name === "yarn" && (verb === "" || verb.startsWith("-"))))
      return ["node_modules"];
    if (/^(run|run-script)$/.test(verb) ? third === "build" : verb === "build") return ["dist", ".next"];
  }
  if (/^python3?$/.test(name) && verb === "-m" && third === "venv") return words[3] ? [words[3]] : [];
  if (name === "uv" && verb === "sync") return [".venv"];
  if (name === "composer" && verb === "install") return ["vendor"];
  return [];
}

function* judge(image: Image): Iterable<Report & { severity: Severity }> {
  const { build } = image;
  if (build.context.kind !== "directory" || build.upload !== null) return;
  for (const copy of image.copies) {
    if (!copy.needed || copy.excludes.length > 0 || copy.destination.path === null) continue;
    const source = copy.sources.find(
      (one) =>
        one.from === "context" &&
        !one.glob &&
        one.status === "found" &&
        one.matches.length === 1 &&
        isDirectory(image, one.matches[0]!),
    );
    if (!source) continue;
    const root = source.matches[0]!;
    for (const run of image.runs) {
      if (run.stage !== copy.stage || !isBefore(run, copy)) continue;
      for (const { words, cwd } of commandsOf(run.text, run.workdir)) {
        for (const written of madeBy(words)) {
          const name = written.replace(/\$\{?(\w+)\}?/g, (all, variable) => run.environment.get(variable) ?? all);
          if (name.includes("$")) continue;
          const at = joinPath(cwd, name);
          const relative = at === null ? null : relativeTo(copy.destination.path, at);
          if (relative === null || relative === "") continue;
          const path = root === "" ? relative : `${root}/${relative}`;
          if (image.context.filter(path).status !== "present" || image.context.filter(`${path}/x`).status !== "present")
            continue;
          // The build is asked for a committed directory of that name: nothing of the host's own.
          if (image.context.answer(path).status === "present") continue;
          const directory = baseName(name);
          const fix = fixFor(image, directory);
          yield {
            severity: build.ciOnly ? "note" : "warning",
            subject: directory,
            at: source.at,
            message:
              `${copy.keyword} ${source.word.text} brings ${path} of the machine that builds over the one that a RUN made before: ` +
              `packages and binaries of another system end up in the image. ${build.ignoreFile === null ? "Write a .dockerignore with" : `Add to ${build.ignoreFile}`} \`**/${directory}\`.`,
            related: [{ ...run.at, message: `makes ${at}` }],
            ...(fix ? { fix } : {}),
          };
        }
      }
    }
  }
}

function isDirectory(image: Image, path: string): boolean {
  return path === image.context.root || image.context.children(path).length > 0;
}

function isBefore(run: RunStep, copy: CopyStep): boolean {
  return run.at.path === copy.at.path && run.at.start.line < copy.at.start.line;
}

function relativeTo(directory: string, path: string): string | null {
  if (directory === "/") return path.slice(1);
  return path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : null;
}

function fixFor({ build }: Image, directory: string): Fix | null {
  if (build.ignoreFile === null) return null;
  const start = { line: 1, column: 1 };
  return {
    title: `Leave out **/${directory}`,
    safety: "safe",
    edits: [{ path: build.ignoreFile, start, end: start, newText: `**/${directory}\n` }],
  };
}
