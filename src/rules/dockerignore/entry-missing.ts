import type { EntryPart, EntryPoint } from "../../types/entry.ts";
import type { Related, Report, Undecided } from "../../types/finding.ts";
import type { Image, ImageContentsModel } from "../../types/image.ts";
import type { LostFile } from "../../types/imports.ts";
import type { Check } from "../../types/rule.ts";
import { leftOutOfImage } from "./dev-programs.ts";
import { placeOffPath } from "./off-path.ts";
import { severityIn } from "./reporting.ts";

export const entryMissing: Check<
  "entries" | "images" | "imageContents" | "lostFiles" | "closures",
  "dockerignore/entry-missing"
> = {
  needs: ["entries", "images", "imageContents", "lostFiles", "closures"],
  *run({ entries, images, imageContents, lostFiles, closures }) {
    const byBuild = new Map(images.images.map((image) => [image.build.id, image]));
    const seen = new Set<string>();
    for (const point of entries.points) {
      const image = point.build === null ? undefined : byBuild.get(point.build);
      if (!image) continue;
      for (const part of point.parts) {
        const program = programLeftOut(part, image, imageContents);
        const place = `${part.path} ${part.subject} ${image.path}`;
        if (program !== null && !seen.has(place)) {
          seen.add(place);
          yield {
            message: `The script \`${part.subject}\` of ${part.path} starts with ${program}, which is among the devDependencies, and the image is installed without them: \`${shown(point.command)}\` ends with "not found". Make it a dependency, or start what a build makes.`,
            subject: program,
            at: part.at,
            severity: severityIn(image.build, "error"),
            related: [...part.chain],
          };
        }
        // A module that lies elsewhere in the image is told by module-off-path, one that a line leaves out by module-excluded.
        if (part.presence !== "absent" || placeOffPath(part, image) !== null) continue;
        if (!part.optional && isExcluded(part, point, lostFiles.lost)) continue;
        // Builds that share a Dockerfile and its command say the same thing once.
        const key = `${part.at.path}:${part.at.start.line}:${part.at.start.column} ${part.subject}`;
        if (seen.has(key)) continue;
        seen.add(key);
        yield report(part, point, image);
      }
      for (const entry of point.unfound ?? [])
        yield {
          undecided: `\`${entry}\`, an entry of image \`${image.build.name}\` in predeploy.yml, names nothing of the repository, so what it starts is not checked.`,
          remedy: "Name a module (`app.main:app`) or a file as the repository has it.",
        };
      const open = point.unfound?.length ? null : undecided(point, image);
      if (open) yield open;
    }
    const unread = new Set<string>();
    for (const entry of closures.entries) {
      const { path } = entry;
      const image = entry.build === null ? undefined : byBuild.get(entry.build);
      const miss = image && path !== null && entry.written.includes(":") ? closures.of(entry).attributeMiss : null;
      const key = `${entry.at.path}:${entry.at.start.line}:${entry.at.start.column} ${entry.written}`;
      if (image && miss && !seen.has(key)) {
        seen.add(key);
        const near = miss.nearest === null ? "" : ` The nearest that is there: \`${miss.nearest}\`.`;
        yield {
          message: `${path} makes no \`${miss.name}\`, which the server takes from it. Image \`${image.build.name}\` ends as soon as \`${entry.written}\` is loaded.${near}`,
          subject: entry.written,
          at: entry.at,
          severity: severityIn(image.build, "error"),
        };
      }
      if (path === null || unread.has(path) || !image?.build.deployed) continue;
      // What was read in part, as far as its syntax is sound, is told by the rule on broken syntax.
      if (!closures.of(entry).unread.some((one) => one.path === path && !/syntax/.test(one.reason))) continue;
      unread.add(path);
      yield {
        undecided: `${path}, which image \`${image.build.name}\` starts, could not be read whole, so what it needs is not known.`,
        remedy: "Make it a plain text file in UTF-8; why it is not read stands in the list of unread files.",
      };
    }
  },
};

/** The program of a script of package.json that is only there where developers install. */
function programLeftOut(part: EntryPart, image: Image, contents: ImageContentsModel): string | null {
  if (part.kind !== "package-script" || part.presence !== "present" || part.role !== "process") return null;
  if (part.path === null || part.imagePath === null || part.optional) return null;
  return leftOutOfImage(part.subject, part.path, part.imagePath, image, contents);
}

/** Whether module-excluded tells it at the line to edit, and how to mend that. */
function isExcluded(part: EntryPart, { build }: EntryPoint, lost: readonly LostFile[]): boolean {
  return lost.some(
    (one) =>
      one.path === part.path &&
      one.kind === "module" &&
      one.why.kind === "ignored" &&
      one.level === "start-up" &&
      one.entry.build === build,
  );
}

function report(part: EntryPart, point: EntryPoint, image: Image): Report {
  const related: Related[] = [...part.chain];
  const nearest = part.nearest === null ? "" : ` The nearest that is there: \`${part.nearest}\`.`;
  return {
    message: `${what(part)} ${effect(part, point, image)}${why(part, image, related)}${nearest}`,
    subject: part.subject,
    at: part.at,
    severity: severityIn(image.build, part.optional ? "warning" : "error"),
    related,
  };
}

function effect(part: EntryPart, point: EntryPoint, image: Image): string {
  const command = `\`${shown(point.command)}\``;
  return part.optional
    ? `Image \`${image.build.name}\` goes on without that step of ${command}.`
    : `Image \`${image.build.name}\` ends as soon as ${command} runs.`;
}

function what(part: EntryPart): string {
  const { subject, imagePath } = part;
  if (part.kind === "package-script") {
    return part.path === null
      ? `\`${subject}\` is a script of package.json, and there is no ${imagePath} in the image.`
      : `${part.path} has no script \`${subject}\`.`;
  }
  if (part.kind === "module")
    return `The module \`${part.module}\` is not on the image's import path (first place: ${imagePath}).`;
  const kind =
    part.role === "configuration" ? "The configuration" : part.role === "preload" ? "The preloaded file" : "The file";
  return `${kind} \`${subject}\` is not in the image (${imagePath}).`;
}

function shown(command: string): string {
  const line = command.replaceAll(/\s+/g, " ").replaceAll("`", "'");
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

/** Why the repository's file did not arrive, with the line to edit among `related`. */
function why(part: EntryPart, image: Image, related: Related[]): string {
  if (part.path === null || part.kind === "package-script") return "";
  const places = image.files.placesOf(part.path);
  if (places[0] !== undefined) return ` ${part.path} lies at ${places[0]}.`;
  const absence = image.absence(part.path);
  switch (absence.reason) {
    case "ignored":
    case "filtered": {
      const line = absence.line ?? 1;
      const at = { line, column: 1 };
      related.push({
        path: absence.by,
        start: at,
        end: { line, column: 1 + absence.pattern.length },
        message: `leaves out ${part.path}`,
      });
      return ` ${absence.by}:${line} \`${absence.pattern}\` leaves out ${part.path}.`;
    }
    case "untracked":
      return ` ${part.path} is not tracked by git.`;
    case "not-copied":
      if (absence.nearest) related.push({ ...absence.nearest.at, message: "the nearest COPY" });
      return ` No COPY brings ${part.path}.`;
    case "excluded":
      related.push({ ...absence.copy.at, message: "names it, and leaves it out by --exclude" });
      return ` ${part.path} is left out by \`--exclude\` of its COPY.`;
    case "stage-only":
      related.push({ ...absence.copy.at, message: `brings it into stage ${absence.stage} only` });
      return ` ${part.path} is only in stage ${absence.stage}.`;
    default:
      return "";
  }
}

/** Only where the image holds code of ours and nothing of its command could be followed. */
function undecided(point: EntryPoint, image: Image): Undecided | null {
  if (!image.build.deployed || point.parts.length > 0 || point.unchecked !== null || point.unknown.length === 0)
    return null;
  const holdsCode = image.files.list().some((file) => file.source !== null && /\.(?:py|[cm]?[jt]s)$/.test(file.source));
  if (!holdsCode) return null;
  return {
    undecided: `What \`${shown(point.command)}\` in image \`${image.build.name}\` starts cannot be told: ${point.unknown[0]?.reason}.`,
    remedy: `Name the entry under \`images: ${image.build.name}: entry:\` in predeploy.yml.`,
  };
}
