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
  files: { path: string; source: RepoPath | null }[];
  unknown: string[];
}

/** The repository files that start the process of an image, by what its entries name. */
export function entryFiles({ points }: EntryModel): (image: Image) => RepoPath[] {
  return ({ build }) => [
    ...new Set(
      points
        .filter((point) => point.image === build.name)
        .flatMap(({ parts }) =>
          parts.flatMap((part) => (part.role === "process" && part.path !== null ? [part.path] : [])),
        ),
    ),
  ];
}

/** The JSON form. `entries` gives the entry files of an image by its build's name. */
export function showImages(model: ImagesModel, entries: (image: Image) => RepoPath[] = () => []): ShownImages {
  return {
    images: model.images.map((image) => ({
      name: image.build.name,
      dockerfile: image.build.dockerfile.kind === "file" ? image.build.dockerfile.path : image.path,
      context: image.build.context.kind === "unknown" ? null : image.build.context.path || ".",
      ignoreFile: image.build.ignoreFile,
      target: image.build.target,
      builder: image.build.builder,
      entry: entries(image),
      files: image.files.list().map(({ path, source }) => ({ path, source })),
      unknown: image.files.unknown().map(({ path }) => path),
    })),
  };
}

/** The readable form: one block per image. */
export function renderImages(model: ImagesModel, entries: (image: Image) => RepoPath[] = () => []): string {
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
