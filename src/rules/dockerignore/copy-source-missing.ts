import { nearestNames } from "../../text/nearest.ts";
import type { Related, Severity } from "../../types/finding.ts";
import type { CopySource, Image } from "../../types/image.ts";
import type { Check } from "../../types/rule.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { absenceText, lineOf, makeCollector, severityIn, shown } from "./reporting.ts";

export const copySourceMissing: Check<"images" | "files", "dockerignore/copy-source-missing"> = {
  needs: ["images", "files"],
  *run({ images, files }) {
    const collector = makeCollector();
    for (const image of images.images) {
      for (const copy of image.copies) {
        if (!copy.needed) continue;
        for (const source of copy.sources) {
          if (source.from !== "context" || source.glob || source.status !== "missing" || source.why === null) continue;
          // What an upload filter drops has a rule of its own.
          if (source.why.status === "filtered") continue;
          const reason = absenceText(source.why);
          if (reason === null || source.path === null) continue;
          collector.add({
            severity: severityIn(image.build, levelOf(image, source)),
            message: `${copy.keyword} ${source.word.text} fails the build: ${placed(source, image, reason)}. ${remedy(source, image, files)}`,
            subject: source.word.text,
            at: source.at,
            related: relatedOf(source, image),
          });
        }
      }
    }
    yield* collector.list();
  },
};

function levelOf({ build }: Image, { why }: CopySource): Severity {
  if (why?.status === "untracked") return "warning";
  // An ignored file stays out, whoever makes it; an absent one may be made by a step before the build.
  return why?.status === "absent" && build.madeBefore.length > 0 ? "warning" : "error";
}

function placed(source: CopySource, { build }: Image, reason: string): string {
  const context = build.context.kind === "unknown" ? "" : build.context.path;
  if (source.why?.status === "absent") return `${source.path} does not exist in the build context (${shown(context)})`;
  return `${source.source ?? source.path} is in the context's directory, but ${reason}`;
}

function remedy(source: CopySource, { build }: Image, files: FileTree): string {
  const { why } = source;
  if (why?.status === "ignored")
    return `Take the line out, narrow it, or add \`!${relativeTo(build.context.kind === "unknown" ? "" : build.context.path, source.source ?? "")}\` after it.`;
  if (why?.status === "untracked") return "Commit it, or make it before the build.";
  if (build.madeBefore.length > 0 && why?.status === "absent")
    return "If a step before the build does not make it, create it or mend the path.";
  const near = nearest(source, build.context.kind === "unknown" ? "" : build.context.path, files);
  return near === null ? "Create it or mend the path." : `The nearest path is ${near}.`;
}

function relativeTo(root: RepoPath, path: RepoPath): string {
  return root === "" ? path : path.slice(root.length + 1);
}

/** A path of the context that was probably meant, relative to it. */
function nearest(source: CopySource, root: RepoPath, files: FileTree): string | null {
  const wanted = source.source === null ? "" : relativeTo(root, source.source);
  if (wanted === "") return null;
  const above = wanted.includes("/") ? wanted.slice(0, wanted.lastIndexOf("/")) : "";
  const directory = [root, above].filter((part) => part !== "").join("/");
  const beside = files.children(directory).map((name) => (above === "" ? name : `${above}/${name}`));
  const first = nearestNames(wanted, beside, 1)[0];
  if (first !== undefined) return first;
  const name = wanted.slice(wanted.lastIndexOf("/") + 1);
  const same = files
    .under(root)
    .filter(({ path }) => path.endsWith(`/${name}`))
    .slice(0, 2);
  return same.length === 1 ? relativeTo(root, same[0]!.path) : null;
}

function relatedOf({ why }: CopySource, { build }: Image): Related[] {
  const related: Related[] = [];
  if (why?.status === "ignored")
    related.push({ ...lineOf(why.by, why.line, why.pattern.length), message: "this line leaves it out" });
  if (build.at.path !== "" && build.origin !== "search")
    related.push({ ...build.at, message: `the build of ${build.name}` });
  return related;
}
