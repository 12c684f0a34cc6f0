import type { EntryPart, ImagePath } from "../../types/entry.ts";
import { valueAt } from "../data.ts";
import { builtFrom } from "./built.ts";
import { joinPath, type PlaceAnswer } from "./places.ts";
import { addPart, type Found, lookFor, noteUnchecked, noteUnknown, type Situation, type Walk } from "./walk.ts";
import type { Word } from "./words.ts";

/** Endings that Node.js and its relatives try, the written name first. */
export const javascriptEndings = ["", ".js", ".json", ".node", ".mjs", ".cjs"];
export const typescriptEndings = ["", ".ts", ".tsx", ".js", ".jsx", ".mts", ".cts", ".mjs", ".cjs", ".json"];
export const nodeEndings = ["", ".js", ".json", ".node"];
export const library = /(?:^|\/)node_modules\//;

/** The file that `node f` runs: exact, with an ending, or a directory's main or index. */
export function findScript(walk: Walk, path: ImagePath, endings: readonly string[]): Found {
  const direct = lookFor(
    walk.places,
    endings.map((ending) => path + ending),
  );
  if (direct.presence === "present") return direct;
  const main = packageMain(walk, path);
  const inside = [
    ...(main === null
      ? []
      : ["", ...endings.slice(1), ...endings.slice(1).map((ending) => `/index${ending}`)].map(
          (ending) => joinPath(path, main) + ending,
        )),
    ...endings.slice(1).map((ending) => joinPath(path, `index${ending}`)),
  ];
  const status = walk.places.answer(path).status;
  // A package.json that cannot be read may name any file as its main one.
  const manifest = walk.places.answer(joinPath(path, "package.json"));
  if (direct.presence === "absent" && (manifest.status === "unknown" || isMade(manifest))) {
    const found = lookFor(walk.places, inside);
    if (found.presence === "present") return found;
    return { ...direct, presence: "unknown", reason: "its package.json is not known" };
  }
  if (status === "directory" || main !== null) {
    const found = lookFor(walk.places, inside);
    return found.presence === "absent" && direct.presence === "unknown" ? direct : found;
  }
  return direct;
}

/** A file that the build makes, rather than one of the repository. */
function isMade(answer: PlaceAnswer): boolean {
  return answer.status === "file" && answer.source === null;
}

function packageMain(walk: Walk, directory: ImagePath): string | null {
  const answer = walk.places.answer(joinPath(directory, "package.json"));
  if (answer.status !== "file" || answer.source === null) return null;
  const main = valueAt(walk.facts.json(answer.source)?.root, "main");
  return main?.kind === "scalar" && typeof main.value === "string" ? main.value : null;
}

/** A script file that JavaScript runs. Files of installed packages add nothing. */
export function addScript(
  walk: Walk,
  situation: Situation,
  word: Word,
  endings: readonly string[] = nodeEndings,
  role?: EntryPart["role"],
): EntryPart | null {
  if (library.test(word.text)) {
    const name = /node_modules\/(?:\.bin\/)?((?:@[^/]+\/)?[^/]+)/.exec(word.text)?.[1] ?? word.text;
    noteUnchecked(walk, `\`${name}\` is an installed package`);
    return null;
  }
  if (!word.known && /[$`]|^~/.test(word.text)) {
    noteUnknown(walk, `\`${word.text}\` holds a value that is not known`, word.at);
    return null;
  }
  if (situation.cwd === null && !word.text.startsWith("/")) {
    noteUnknown(walk, `the working directory of \`${word.text}\` is not known`, word.at);
    return null;
  }
  const path = joinPath(situation.cwd ?? "/", word.text);
  const found = findScript(walk, path, endings);
  const part = addPart(walk, situation, { kind: "file", language: "javascript", subject: word, role }, found);
  if (part.path === null) part.builtFrom = builtFrom(walk, part.imagePath ?? path);
  if (part.presence === "absent" && part.builtFrom !== null && walk.places.sourceOnly) {
    part.presence = "unknown";
    part.reason = "a build makes it";
    part.nearest = null;
  }
  return part;
}
