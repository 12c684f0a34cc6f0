import { parseIgnorePatterns } from "../../sources/dockerignore.ts";
import { createIgnoreMatcher } from "../../sources/dockerignore-walk.ts";
import { goMatch } from "../../sources/go-match.ts";
import type { AbsenceReason, ContextView, CopyOrigin, CopyStep, Stage } from "../../types/image.ts";
import type { RepoPath } from "../../types/text.ts";
import { below } from "./paths.ts";

export interface AbsenceInput {
  copies: readonly CopyStep[];
  stages: readonly Stage[];
  /** Index of the final stage. */
  final: number | null;
  context: ContextView;
}

/** Why a repository path is not in the final image: the nearest cause that a person can change. */
export function absenceOf(source: RepoPath, { copies, stages, final, context }: AbsenceInput): AbsenceReason {
  if (final === null) return { reason: "unknown", detail: "the image is not known" };
  const finalCopies = copies.filter((copy) => copy.final);
  const naming = finalCopies.find((copy) => names(copy, source));
  const builderNaming = naming ?? copies.find((copy) => copy.needed && names(copy, source));
  const here = context.answer(source);
  if (builderNaming) {
    const copy: CopyOrigin = { at: builderNaming.at, stage: builderNaming.stage };
    if (here.status === "ignored")
      return { reason: "ignored", by: here.by, line: here.line, pattern: here.pattern, copy };
    if (here.status === "filtered")
      return { reason: "filtered", by: here.by, line: here.line, pattern: here.pattern, copy };
    if (here.status === "untracked") return { reason: "untracked", copy };
    if (here.status === "unknown") return { reason: "unknown", detail: here.reason };
  }
  if (naming) {
    const copy: CopyOrigin = { at: naming.at, stage: naming.stage };
    // Another COPY that names it may have brought it, and something later taken it away.
    const all = finalCopies.filter((one) => names(one, source));
    const flags = all.every((one) => leavesOut(one, source)) ? naming.excludes : [];
    return flags.length > 0 ? { reason: "excluded", patterns: flags, copy } : { reason: "replaced", copy };
  }
  for (const stage of stages) {
    // What stands behind the final stage is another image: nothing can be copied from it.
    if (stage.index >= final) continue;
    const place = stage.files.placesOf(source)[0];
    const answer = place === undefined ? null : stage.files.answer(place);
    if (answer?.status === "present")
      return { reason: "stage-only", stage: stage.name ?? String(stage.index), copy: answer.file.by };
  }
  return { reason: "not-copied", nearest: nearestCopy(finalCopies, source) };
}

/** Whether a COPY's arguments name a path, as a file or by a directory above it. */
function names(copy: CopyStep, source: RepoPath): boolean {
  return copy.sources.some((one) => {
    if (one.from !== "context" || one.source === null) return false;
    if (!one.glob) return below(one.source, source) !== null;
    const depth = one.source.split("/").length;
    const segments = source.split("/");
    return segments.length >= depth && goMatch(one.source, segments.slice(0, depth).join("/")) === true;
  });
}

/** Whether `--exclude` takes a path away below each directory by which the COPY names it. */
function leavesOut(copy: CopyStep, source: RepoPath): boolean {
  if (copy.excludes.length === 0) return false;
  const matcher = createIgnoreMatcher(parseIgnorePatterns(copy.excludes).patterns);
  return copy.sources.every((one) => {
    if (one.from !== "context" || one.source === null || one.glob) return false;
    const inside = below(one.source, source);
    return inside === null || (inside !== "" && matcher.test(inside).excluded);
  });
}

function nearestCopy(copies: readonly CopyStep[], source: RepoPath): CopyOrigin | null {
  let best: CopyStep | null = null;
  let length = -1;
  for (const copy of copies) {
    for (const one of copy.sources) {
      if (one.from !== "context" || one.source === null) continue;
      const common = commonSegments(one.source, source);
      if (common >= length) {
        best = copy;
        length = common;
      }
    }
  }
  return best && { at: best.at, stage: best.stage };
}

function commonSegments(a: string, b: string): number {
  const left = a.split("/");
  const right = b.split("/");
  let count = 0;
  while (count < left.length && left[count] === right[count]) count++;
  return count;
}
