import type { ImagePath } from "../../types/entry.ts";
import type { RepoPath } from "../../types/text.ts";
import type { Walk } from "./walk.ts";

const outputs = new Set([
  "dist",
  "build",
  "out",
  "lib",
  "output",
  "bundle",
  "compiled",
  ".build",
  "dist-server",
  "dest",
  "prod",
]);

/** Endings of the sources that a compiler turns into each ending. */
const sourceEndings: Record<string, readonly string[]> = {
  js: ["ts", "tsx", "js", "jsx", "mts", "mjs"],
  mjs: ["mts", "ts", "mjs"],
  cjs: ["cts", "ts", "cjs", "js"],
};

/**
 * The source file that a missing build output is most likely made from: `dist/main.js` from `src/main.ts` or `main.ts`.
 * Only a file that the repository has; null without one.
 */
export function builtFrom(walk: Walk, path: ImagePath): RepoPath | null {
  for (const origin of walk.places.wouldBe(path)) {
    for (const candidate of sourcesOf(origin)) {
      if (walk.files.has(candidate)) return candidate;
    }
  }
  return null;
}

/** Repository paths that `output` may be compiled from, most likely first. */
export function sourcesOf(output: RepoPath): RepoPath[] {
  const match = /^(.*?)(?:\.([cm]?js))?$/.exec(output);
  const segments = (match?.[1] ?? output).split("/");
  const endings = sourceEndings[match?.[2] ?? "js"] ?? [];
  const stems: string[][] = [];
  for (const [index, segment] of segments.entries()) {
    if (!outputs.has(segment)) continue;
    const before = segments.slice(0, index);
    const after = segments.slice(index + 1);
    stems.push([...before, "src", ...after], [...before, ...after]);
    if (after.length > 1) {
      // Monorepo builds nest: dist/apps/api/main.js comes from apps/api/src/main.ts.
      stems.push(
        [...before, ...after.slice(0, -1), "src", after.at(-1)!],
        [...before, after[0]!, "src", ...after.slice(1)],
      );
    }
    for (const folder of ["server", "app", "source"]) stems.push([...before, folder, ...after]);
  }
  stems.push(segments.slice(0, -1).concat("src", segments.at(-1)!), segments);
  return stems.flatMap((stem) => {
    const path = stem.join("/");
    return endings.flatMap((ending) =>
      match?.[2] ? [`${path}.${ending}`] : [`${path}.${ending}`, `${path}/index.${ending}`],
    );
  });
}
