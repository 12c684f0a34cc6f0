import { baseName } from "../../text/paths.ts";
import type { RunOverride } from "../../types/image.ts";
import { shellLines } from "../image/shell-lines.ts";
import type { Definition } from "./definition.ts";

/** Builds with the paths that `docker run -v` of the same commands lays something over: the image need not hold what is there. */
export function withMounts(builds: Definition[], texts: readonly string[]): Definition[] {
  if (builds.length === 0 || !texts.some((text) => /\brun\b/.test(text))) return builds;
  const runs = texts.flatMap((text) => shellLines(text)).flatMap(({ words }) => runOf(words) ?? []);
  return builds.map((build) => {
    const mounts = runs.flatMap(({ images, targets }) =>
      images.includes(build.name) ? targets.map((target) => ({ target, source: null })) : [],
    );
    if (mounts.length === 0 || build.run) return build;
    const run: RunOverride = {
      at: build.at,
      entrypoint: null,
      command: null,
      workdir: null,
      environment: new Map(),
      environmentOpen: false,
      mounts,
    };
    return { ...build, run };
  });
}

/** A developer's whole tree over the image says nothing of where the image runs otherwise. */
const wholeTree = /^(?:\.|`pwd`|\$[({]*(?:PWD|pwd|CURDIR)[)}]*)\/?:/;

/** What a command runs and mounts; null for any other command. Each plain word may be the image. */
function runOf(words: readonly string[]): { images: string[]; targets: string[] } | null {
  if (!/^(?:docker|podman|nerdctl)$/.test(baseName(words[0] ?? ""))) return null;
  const at = words[1] === "container" ? 2 : 1;
  if (words[at] !== "run" && words[at] !== "create") return null;
  const targets = words.flatMap((word, index): string[] => {
    const flag = /^(?:-v|--volume|--mount)(?:=(.*))?$/s.exec(word);
    const value = flag ? (flag[1] ?? words[index + 1] ?? "") : "";
    if (wholeTree.test(value)) return [];
    const target = word.startsWith("--mount")
      ? /(?:^|,)(?:target|dst|destination)=([^,]+)/.exec(value)?.[1]
      : /:(\/[^:]*)(?::[\w,]*)?$/.exec(value)?.[1];
    return target ? [target] : [];
  });
  return { images: words.slice(at + 1).map((word) => word.replace(/[:@][^/]*$/, "")), targets };
}
