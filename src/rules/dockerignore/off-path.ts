import { baseName } from "../../text/paths.ts";
import type { EntryPart, EntryPoint } from "../../types/entry.ts";
import type { Report, Severity } from "../../types/finding.ts";
import type { Image } from "../../types/image.ts";

/** Where the image has the file of an entry module that no searched directory leads to; null for every other part. */
export function placeOffPath(part: EntryPart, image: Image): string | null {
  if (part.kind !== "module" || part.language !== "python" || part.presence !== "absent" || part.path === null)
    return null;
  return image.files.placesOf(part.path)[0] ?? null;
}

/** The report of an entry module that is in the image, but not where the process searches for it. */
export function entryOffPath(part: EntryPart, { command }: EntryPoint, image: Image): Report | null {
  const place = placeOffPath(part, image);
  const answer = place === null ? null : image.files.answer(place);
  if (place === null || answer?.status !== "present") return null;
  const severity: Severity = image.build.deployed && !part.optional ? "error" : "warning";
  const line = command.replaceAll(/\s+/g, " ").replaceAll("`", "'").slice(0, 80);
  return {
    message: `\`${part.module}\` is in the image at ${place}, where nothing searches: it would have to be ${part.imagePath}. \`${line}\` ends at once. ${mends(part, place)}`,
    subject: part.module ?? part.subject,
    at: answer.file.by.at,
    severity,
    related: [{ ...part.at, message: `starts ${part.subject}` }, ...part.chain],
  };
}

/** What would lead to it: another destination, another directory to search, another name. */
function mends({ module, attribute, roots }: EntryPart, place: string): string {
  const names = (module ?? "").split(".");
  const folders = place.split("/").slice(1, -1);
  if (/\/__(?:init|main)__\.py$/.test(place)) folders.push(folders.pop() ?? "");
  else folders.push(baseName(place).replace(/\.py$/, ""));
  let same = 0;
  while (same < names.length && names.at(-1 - same) === folders.at(-1 - same)) same++;
  // The root of the image is no directory to search, though /app/main.py lies there as app.main.
  if (same === names.length && same === folders.length && same > 1) same--;
  const above = `/${folders.slice(0, folders.length - same).join("/")}`;
  if (same === names.length) return `Set WORKDIR or PYTHONPATH to ${above}, or change the destination of this COPY.`;
  const lost = names.slice(0, names.length - same).join("/");
  const searched = roots.some((root) => root.image === above);
  const short = `${names.slice(names.length - same).join(".")}${attribute === null ? "" : `:${attribute}`}`;
  return (
    `Copy the directory to ${above === "/" ? "" : above}/${lost}, set WORKDIR or PYTHONPATH to a directory that holds \`${lost}\`` +
    (searched && same > 0 ? `, or start \`${short}\`.` : ".")
  );
}
