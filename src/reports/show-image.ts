import type { EntryModel } from "../types/entry.ts";
import type { Image, ImagesModel } from "../types/image.ts";
import type { RepoPath } from "../types/text.ts";

/** `show image --format json`: what each image holds. */
export interface ShownImages {
  images: ShownImage[];
}

export interface ShownImage {
  name: string;
  dockerfile: RepoPath | null;
  context: RepoPath | null;
  ignoreFile: RepoPath | null;
  target: string | null;
  builder: string;
  /** Repository files that the process starts with. */
  entry: RepoPath[];
  /** What of the command leads to no repository file, and why. */
  entryOpen: string[];
  files: { path: string; source: RepoPath | null }[];
  unknown: string[];
}

/** What starts the process of an image: repository files, and what leads to none. */
export interface ShownEntries {
  files: RepoPath[];
  open: string[];
}

const NOTHING: ShownEntries = { files: [], open: [] };

/** What starts the process of an image, by what the entries of its build name. */
export function entryFiles({ points }: EntryModel): (image: Image) => ShownEntries {
  return ({ build }) => {
    const own = points.filter((point) => point.build === build.id);
    const parts = own.flatMap((point) => point.parts.filter((part) => part.role === "process"));
    const open = [
      ...parts.flatMap(({ path, builtFrom, subject, reason }) =>
        path === null
          ? [`${subject}: ${builtFrom === null ? (reason ?? "not in the repository") : `built from ${builtFrom}`}`]
          : [],
      ),
      ...own.flatMap(({ unchecked, unknown }) => [
        ...(unchecked ?? "").split("; "),
        ...unknown.map((one) => one.reason),
      ]),
    ];
    const files = [...new Set(parts.flatMap(({ path }) => path ?? []))];
    const said = [...new Set(open)].filter((one) => one !== "");
    if (files.length > 0 || said.length > 0) return { files, open: said };
    const [command] = own.map((point) => point.command.replaceAll(/\s+/g, " ")).filter((one) => one !== "");
    return {
      files,
      open: [command === undefined ? "no command is known" : `\`${command}\` names no file of the repository`],
    };
  };
}

/** The JSON form. `entries` gives the entry files of an image by its build's name. */
export function showImages(model: ImagesModel, entries: (image: Image) => ShownEntries = () => NOTHING): ShownImages {
  return {
    images: model.images.map((image) => ({
      name: image.build.name,
      dockerfile: image.build.dockerfile.kind === "file" ? image.build.dockerfile.path : image.path,
      context: image.build.context.kind === "unknown" ? null : image.build.context.path || ".",
      ignoreFile: image.build.ignoreFile,
      target: image.build.target,
      builder: image.build.builder,
      entry: entries(image).files,
      entryOpen: entries(image).open,
      files: image.files.list().map(({ path, source }) => ({ path, source })),
      unknown: image.files.unknown().map(({ path }) => path),
    })),
  };
}

/** The readable form: one block per image. */
export function renderImages(model: ImagesModel, entries: (image: Image) => ShownEntries = () => NOTHING): string {
  const blocks = showImages(model, entries).images.map((image, index) => {
    const { build, files } = model.images[index]!;
    const reason = build.context.kind === "unknown" ? ` (${build.context.reason})` : "";
    const lines = [
      image.name,
      `  dockerfile   ${image.dockerfile ?? "unknown"}${image.target === null ? "" : `, target ${image.target}`}`,
      `  context      ${image.context ?? "unknown"}${reason}`,
      `  ignore file  ${image.ignoreFile ?? "none"}`,
      `  builder      ${image.builder}`,
      `  entry        ${image.entry.length === 0 ? "-" : image.entry.join(", ")}`,
      ...image.entryOpen.map((one) => `    ${one}`),
      `  files        ${image.files.length}`,
    ];
    for (const { path, source } of image.files)
      lines.push(`    ${path}${source === null ? "  (made by the build)" : `  <- ${source}`}`);
    const unknown = files.unknown();
    if (unknown.length > 0) lines.push(`  unknown      ${unknown.length}`);
    for (const { path, reason: why } of unknown) lines.push(`    ${path}  (${why})`);
    return lines.join("\n");
  });
  return blocks.length === 0 ? "No image is built here.\n" : `${blocks.join("\n\n")}\n`;
}
