import type { Related, Report } from "../../types/finding.ts";
import type { AbsenceReason, CopyStep, Image } from "../../types/image.ts";
import type { Check } from "../../types/rule.ts";
import type { FileTree } from "../../types/workspace.ts";
import { lineOf } from "./reporting.ts";

export const requiredPathMissing: Check<"images" | "files" | "config", "dockerignore/required-path-missing"> = {
  needs: ["images", "files", "config"],
  *run({ images, files, config }, { paths, image: name }) {
    if (paths.length > 0) {
      const meant = images.images.filter((image) => name === "" || image.build.name === name);
      if (meant.length === 0)
        yield {
          undecided: `a team's rule asks for ${paths.join(", ")} in ${name === "" ? "an image" : `the image ${name}`}, and no such image is built here.`,
          remedy: "Name an image that `predeploy show image` lists.",
        };
      for (const image of meant) for (const written of paths) yield* judge(written, image, files, image.build.at);
      return;
    }
    for (const image of images.images) {
      const required = image.build.config?.requires ?? [];
      for (const [index, written] of required.entries()) {
        const at = config.locate(["images", image.build.name, "requires", index]);
        yield* judge(written, image, files, at);
      }
    }
  },
};

function* judge(written: string, image: Image, files: FileTree, at: Report["at"]): Iterable<Report> {
  const clean = written.replace(/^\.?\//, "").replace(/\/+$/, "");
  const isGlob = /[*?[{]/.test(clean);
  const sources = isGlob
    ? files.matching([clean]).map(({ path }) => path)
    : files.has(clean)
      ? [clean]
      : files.under(clean).map(({ path }) => path);
  if (sources.length === 0) {
    yield {
      subject: written,
      at,
      message: `${written} must be in the image ${image.build.name}, but the repository has no such path. Mend the entry, or bring the path back.`,
    };
    return;
  }
  if (image.final === null) return;
  const missing = sources.filter((source) => image.files.placesOf(source).length === 0 && isCertain(source, image));
  if (missing.length === 0) return;
  const first = missing[0]!;
  const reason = image.absence(first);
  const { text, related } = explain(reason);
  if (missing.length === sources.length) {
    yield {
      subject: written,
      at: reason.reason === "ignored" ? lineOf(reason.by, reason.line, reason.pattern.length) : at,
      message: `${written} must be in the image ${image.build.name}, and nothing of it arrives: ${text}.`,
      related: [{ ...at, message: "required here" }, ...related],
      ...fixOf(clean, isGlob, reason, image),
    };
    return;
  }
  yield {
    severity: "warning",
    subject: written,
    at: reason.reason === "ignored" ? lineOf(reason.by, reason.line, reason.pattern.length) : at,
    message: `${missing.length} of ${sources.length} files of ${written} are not in the image ${image.build.name}, first ${first}: ${text}.`,
    related: [{ ...at, message: "required here" }, ...related],
    ...fixOf(missing.length === 1 ? first : clean, isGlob, reason, image),
  };
}

/** A `!` line behind the one that leaves it out, or a COPY behind one that keeps the repository's layout. */
function fixOf(path: string, isGlob: boolean, reason: AbsenceReason, image: Image): Pick<Report, "fix"> {
  if (isGlob) return {};
  if (reason.reason === "ignored") {
    const repair = image.repair(path);
    return repair
      ? {
          fix: {
            title: `Write \`${repair.lines.join("`, `")}\` after the line`,
            safety: "review",
            edits: [{ ...repair.at, newText: repair.newText }],
          },
        }
      : {};
  }
  if (reason.reason !== "not-copied" || !reason.nearest) return {};
  const { at } = reason.nearest;
  const copy = image.copies.find((one) => one.at.path === at.path && one.at.start.line === at.start.line);
  const base = copy && layoutBase(copy);
  const root = image.context.root;
  if (base === null || base === undefined || root === null || /[\s$"'\\*?[]/.test(path)) return {};
  const relative = root === "" ? path : path.slice(root.length + 1);
  if (root !== "" && !path.startsWith(`${root}/`)) return {};
  const line = `COPY ${relative} ${base}/${relative}`;
  return {
    fix: {
      title: `Add \`${line}\``,
      safety: "review",
      edits: [{ path: at.path, start: at.end, end: at.end, newText: at.end.column === 1 ? `${line}\n` : `\n${line}` }],
    },
  };
}

/** For `COPY app /srv/app`: `/srv`, below which the image has the layout of the context; null for any other form. */
function layoutBase(copy: CopyStep): string | null {
  const [source] = copy.sources;
  if (copy.sources.length !== 1 || !source || source.glob || source.from !== "context" || copy.parents) return null;
  const name = source.path?.replace(/^(\.?\/)+|\/+$/g, "");
  const target = copy.destination.path;
  if (!name || name === "." || target === null || !target.endsWith(`/${name}`)) return null;
  return target.slice(0, -name.length - 1);
}

/** Whether nothing but a COPY could have brought the path: unknown presence makes no finding. */
function isCertain(source: string, image: Image): boolean {
  const { reason } = image.absence(source);
  if (reason === "unknown" || reason === "replaced") return false;
  if (reason === "ignored" || reason === "filtered" || reason === "untracked" || reason === "excluded") return true;
  // What builds write is not tracked; anywhere else below our own directories an unknown may hold it.
  return !image.files
    .unknown()
    .some(
      ({ path }) =>
        !/^\/(usr|etc|tmp|var|root|bin|sbin|lib|run)(\/|$)|\/(node_modules|dist|build|out|\.next|vendor|target|generated|\.[\w.]+|[\w-]+\.(tar|tgz|gz|zip|deb|sh|txt|json))$/.test(
          path,
        ) && !OUTPUTS.test(path),
    );
}

const OUTPUTS =
  /\/(__generated__|gen|obj|release|publish|es|esm|cjs|umd|staticfiles|www|_site|storybook-static|wheels)$/;

function explain(reason: AbsenceReason): { text: string; related: Related[] } {
  const copied = (copy: { at: Report["at"] }): Related[] => [{ ...copy.at, message: "this COPY would bring it" }];
  switch (reason.reason) {
    case "ignored":
      return {
        text: `line ${reason.line} of ${reason.by} (\`${reason.pattern}\`) leaves it out`,
        related: copied(reason.copy),
      };
    case "filtered":
      return {
        text: `${reason.by}${reason.line === null ? "" : `:${reason.line}`} leaves it out of the upload`,
        related: copied(reason.copy),
      };
    case "untracked":
      return { text: "it is not tracked by git", related: copied(reason.copy) };
    case "stage-only":
      return {
        text: `only the stage ${reason.stage} has it; copy it with COPY --from=${reason.stage}`,
        related: [{ ...reason.copy.at, message: "copied into that stage here" }],
      };
    case "excluded":
      return {
        text: `\`--exclude\` of the COPY that names it leaves it out (${reason.patterns.map((one) => `\`${one}\``).join(", ")})`,
        related: [{ ...reason.copy.at, message: "this COPY names it" }],
      };
    case "replaced":
      return { text: "something later replaces it", related: copied(reason.copy) };
    case "not-copied":
      return {
        text: "no COPY of the final image brings it",
        related: reason.nearest ? [{ ...reason.nearest.at, message: "the nearest COPY" }] : [],
      };
    default:
      return { text: reason.detail, related: [] };
  }
}
