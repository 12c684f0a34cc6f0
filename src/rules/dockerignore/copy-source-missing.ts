import { nearestNames } from "../../text/nearest.ts";
import { baseName, directoryOf } from "../../text/paths.ts";
import type { Related, Report, Severity } from "../../types/finding.ts";
import type { Build, CopySource, CopyStep, Image, Misplacement } from "../../types/image.ts";
import type { Check } from "../../types/rule.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { absenceText, lineOf, makeCollector, severityIn, shown } from "./reporting.ts";

export const copySourceMissing: Check<"images" | "files", "dockerignore/copy-source-missing"> = {
  needs: ["images", "files"],
  *run({ images, files }) {
    const collector = makeCollector();
    for (const image of images.images) {
      if (image.misplaced) collector.add(misplacedReport(image, image.misplaced));
      for (const copy of image.copies) {
        if (!copy.needed) continue;
        for (const source of copy.sources) {
          const refused = refusal(copy, source, image);
          if (refused !== null)
            collector.add({
              severity: severityIn(image.build, "error"),
              message: `${copy.keyword} ${source.word.text} fails the build: ${refused}.`,
              subject: source.word.text,
              at: source.at,
            });
          if (source.from === "stage" && !source.glob && source.status === "missing" && isAllSent(image))
            collector.add({
              severity: severityIn(image.build, "error"),
              message: `${copy.keyword} ${source.word.text} fails the build: the stage it is taken from has no such path, for it starts from scratch, runs nothing, and none of its COPYs brings it. Mend the path, or copy it into that stage.`,
              subject: source.word.text,
              at: source.at,
            });
          if (refused !== null || source.from !== "context" || source.glob) continue;
          if (source.status !== "missing" || source.why === null) continue;
          // What an upload filter drops has a rule of its own.
          if (source.why.status === "filtered") continue;
          const reason = absenceText(source.why);
          if (reason === null || source.path === null) continue;
          collector.add({
            severity: severityIn(image.build, levelOf(image, source)),
            message: `${copy.keyword} ${source.word.text} fails the build: ${placed(source, image, reason, files)}. ${remedy(source, image, files)}`,
            subject: source.word.text,
            at: source.at,
            related: relatedOf(source, image),
            ...(source.making?.kind === "gitignored" ? { cause: source.making.text } : {}),
            ...fixOf(source, image),
          });
        }
      }
      for (const run of image.runs) {
        if (!run.needed) continue;
        for (const { type, source, from } of run.mounts) {
          if (type !== "bind" || source === null || from !== null) continue;
          const report = mountReport(run.at, source, image);
          if (report) collector.add(report);
        }
      }
    }
    yield* collector.list();
  },
};

/** Whether every source of the context is there: else what a stage lacks may only follow from that. */
function isAllSent({ copies }: Image): boolean {
  return copies.every(({ sources }) => sources.every(({ from, status }) => from !== "context" || status !== "missing"));
}

/** What a builder refuses in any tree; seen in builds with BuildKit 0.34 and the classic builder of Docker 20.10. */
function refusal({ parents, excludes }: CopyStep, source: CopySource, { build }: Image): string | null {
  const { from, path } = source;
  if (from !== "context" || path === null) return null;
  if (parents && excludes.length > 0 && source.status === "missing" && !source.glob && source.why === null)
    return "its own --exclude leaves it out, and with --parents a path that is written out must be there";
  if (parents && /^(\.?\/)*\.?$/.test(path))
    return "with --parents the builder does not find the context itself; write `*`, or leave --parents out";
  return build.builder === "classic" && /^(\.?\/)*\.\.(\/|$)/.test(path)
    ? "the classic builder forbids a path outside of the context"
    : null;
}

function levelOf({ build }: Image, { why, making }: CopySource): Severity {
  if (why?.status === "untracked") return "warning";
  // What builds the program before the image is not seen where nothing here builds it, and is run by hand for a developer's.
  if (making?.product && (build.origin === "search" || build.forDevelopment)) return "note";
  // Git has it nowhere: only a machine that builds from its own directory can have made it.
  if (making) return isCleanCheckout(build) ? "error" : "warning";
  // An ignored file stays out, whoever makes it; an absent one may be made by a step before the build.
  // So may one of an image that is pulled where nobody builds it.
  return why?.status === "absent" && (build.madeBefore.length > 0 || build.pulled) ? "warning" : "error";
}

/** A bind mount reads the context as a COPY does: without its source the RUN fails. */
function mountReport(at: Report["at"], text: string, image: Image): (Report & { severity: Severity }) | null {
  const { root } = image.context;
  const path = text.replace(/^(\.{0,2}\/)+|\/+$/g, "");
  if (root === null || path === "" || path === "." || path.includes("/../")) return null;
  const source = root === "" ? path : `${root}/${path}`;
  const why = image.context.answer(source);
  const reason = why.status === "ignored" || why.status === "absent" ? absenceText(why) : null;
  if (reason === null) return null;
  const isOpen = why.status === "absent" && (image.build.madeBefore.length > 0 || !isCleanCheckout(image.build));
  return {
    severity: severityIn(image.build, isOpen ? "warning" : "error"),
    message: `The mount of ${text} fails the build: ${reason}. ${why.status === "ignored" ? "Take the line out or narrow it." : "Create it or mend the path."}`,
    subject: text,
    at,
    related:
      why.status === "ignored"
        ? [{ ...lineOf(why.by, why.line, why.pattern.length), message: "this line leaves it out" }]
        : [],
    ...fixOf({ why, source }, image),
  };
}

function isCleanCheckout(build: Build): boolean {
  return build.context.kind === "git" || (build.ciOnly && build.madeBefore.length === 0);
}

/** One report for a build whose context lacks most of what is copied. */
function misplacedReport(
  { build, path }: Image,
  { missing, total, fits }: Misplacement,
): Report & { severity: Severity } {
  const context = build.context.kind === "unknown" ? "" : build.context.path;
  const first = missing[0];
  return {
    severity: severityIn(build, build.madeBefore.length > 0 ? "warning" : "error"),
    message:
      `${missing.length} of the ${total} sources that ${path} copies are not in the build context (${shown(context)}), first ${first?.path}: the build fails. ` +
      (fits === null ? "Mend the context." : `All of them are in ${shown(fits)}: make that the context.`),
    subject: context === "" ? "." : context,
    at: build.contextAt ?? build.at,
    related: missing.slice(0, 5).map((one) => ({ ...one.at, message: `${one.path} is not there` })),
  };
}

/** The lines that bring an ignored source back, where that is certain. */
function fixOf({ why, source }: Pick<CopySource, "why" | "source">, image: Image): Pick<Report, "fix"> {
  const repair = why?.status === "ignored" && source !== null ? image.repair(source) : null;
  if (!repair) return {};
  return {
    fix: {
      title: `Write \`${repair.lines.join("`, `")}\` after the line`,
      safety: "review",
      edits: [{ ...repair.at, newText: repair.newText }],
    },
  };
}

function placed(source: CopySource, { build }: Image, reason: string, files: FileTree): string {
  if (build.context.kind === "unknown") {
    const places = build.context.candidates?.map(shown).join(" and ") ?? "";
    return source.why?.status === "absent"
      ? `${source.path} exists neither in ${places.replace(" and ", " nor in ")}`
      : reason;
  }
  const context = build.context.path;
  if (source.making && source.why?.status === "absent")
    return `${source.path} is not in the repository: ${source.making.text}, so a clean checkout lacks it`;
  if (source.why?.status === "absent")
    return isLink(source, files)
      ? `${source.path} is a symbolic link, and what it leads to is not in the build context (${shown(context)})`
      : `${source.path} does not exist in the build context (${shown(context)})`;
  const isThere = files.has(source.source ?? "") || files.hasDirectory(source.source ?? "");
  return isThere ? `${source.source} is in the context's directory, but ${reason}` : `${reason}, whoever makes it`;
}

function remedy(source: CopySource, { build }: Image, files: FileTree): string {
  const { why } = source;
  if (why?.status === "ignored")
    return `Take the line out, narrow it, or add \`!${relativeTo(build.context.kind === "unknown" ? "" : build.context.path, source.source ?? "")}\` after it.`;
  if (source.making && why?.status === "absent") return "Make it before the build, or copy a file that git holds.";
  if (why?.status === "untracked") return "Commit it, or make it before the build.";
  if (build.madeBefore.length > 0 && why?.status === "absent")
    return "If a step before the build does not make it, create it or mend the path.";
  if (why?.status === "absent" && isLink(source, files))
    return "Copy the file itself, or lead the link to one that is there.";
  const near = nearest(source, build.context.kind === "unknown" ? "" : build.context.path, files);
  return near === null ? "Create it or mend the path." : `The nearest path is ${near}.`;
}

const isLink = ({ source }: CopySource, files: FileTree): boolean => files.get(source ?? "")?.kind === "symlink";

function relativeTo(root: RepoPath, path: RepoPath): string {
  return root === "" ? path : path.slice(root.length + 1);
}

/** A path of the context that was probably meant, relative to it. */
function nearest(source: CopySource, root: RepoPath, files: FileTree): string | null {
  const wanted = source.source === null ? "" : relativeTo(root, source.source);
  if (wanted === "") return null;
  const above = directoryOf(wanted);
  const directory = [root, above].filter((part) => part !== "").join("/");
  const beside = files.children(directory).map((name) => (above === "" ? name : `${above}/${name}`));
  const first = nearestNames(wanted, beside, 1)[0];
  if (first !== undefined) return first;
  const name = baseName(wanted);
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
