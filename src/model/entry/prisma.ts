import { directoryOf as parentOf } from "../../text/paths.ts";
import type { ImagePath } from "../../types/entry.ts";
import { asMap, textOf, valueAt } from "../data.ts";
import { directoryOf } from "../image/paths.ts";
import { joinPath } from "./places.ts";
import {
  addPart,
  type Found,
  lookFor,
  noteUnchecked,
  optionValue,
  readOptions,
  type Situation,
  type Walk,
} from "./walk.ts";
import type { Word } from "./words.ts";

const switches: ReadonlySet<string> = new Set([
  "--accept-data-loss",
  "--force-reset",
  "--skip-generate",
  "--skip-seed",
  "--force",
  "-f",
  "--create-only",
  "--watch",
  "--no-engine",
  "--no-hints",
  "--allow-no-models",
]);

/** Commands that end without a schema (Prisma's "Could not find Prisma Schema"). */
const reading = /^(?:migrate (?:deploy|dev|reset|status)|db push|generate)$/;
const configurations = ["js", "ts", "mjs", "cjs", "mts", "cts"].map((ending) => `prisma.config.${ending}`);

/** `prisma migrate deploy`, `db push`, `generate`: they read the schema, and `migrate deploy` the migrations beside it. */
export function runPrisma(args: readonly Word[], situation: Situation, walk: Walk): void {
  noteUnchecked(walk, "`prisma` imports no module of this repository");
  const options = readOptions(args, switches);
  const [group, verb] = options.rest;
  if (!group || situation.cwd === null) return;
  const command = group.text === "generate" ? "generate" : `${group.text} ${verb?.text ?? ""}`;
  if (!reading.test(command)) return;
  const given = optionValue(options, "--schema");
  const named = given ?? namedSchema(walk, situation.cwd, optionValue(options, "--config"), group);
  if (named === "unknown") return;
  // Without a name, Prisma looks for these two, in this order.
  const subjects = named ? [named.text] : ["schema.prisma", "prisma/schema.prisma"];
  const places = subjects.map((path) => joinPath(situation.cwd ?? "/", path));
  const found = lookSchema(walk, places);
  // What no commit holds is made or mounted by something that is not seen here.
  if (found.source === null && found.presence !== "present") return;
  const subject: Word = given ?? { ...group, text: nameOf(found, situation.cwd, subjects.at(-1)!) };
  const part = addPart(
    walk,
    situation,
    { kind: "configuration", language: null, subject, role: "configuration" },
    found,
  );
  if (part.presence === "present" && command === "migrate deploy") addMigrations(walk, situation, group, found);
}

/** The migrations lie beside the schema. Without them the command finds nothing to do and ends well. */
function addMigrations(walk: Walk, situation: Situation, word: Word, schema: Found): void {
  if (schema.imagePath === null || schema.source === null) return;
  const beside = schema.source.endsWith(".prisma") ? parentOf(schema.source) : schema.source;
  const directory = beside === "" ? "migrations" : `${beside}/migrations`;
  const placed = schema.imagePath.endsWith(".prisma") ? directoryOf(schema.imagePath) : schema.imagePath;
  const files = walk.files
    .under(directory)
    .filter((entry) => !entry.ignored && entry.path.endsWith("/migration.sql"))
    .map((entry) => ({ source: entry.path, image: joinPath(placed, entry.path.slice(directory.length - 10)) }));
  const [first] = files;
  if (!first || files.some(({ image }) => walk.places.answer(image).status !== "absent")) return;
  addPart(
    walk,
    { ...situation, optional: true },
    { kind: "configuration", language: null, subject: { ...word, text: directory }, role: "configuration" },
    { presence: "absent", reason: null, imagePath: first.image, source: first.source },
  );
}

/** The first schema that is there, be it a file or a directory of files; else the first that the repository has. */
function lookSchema(walk: Walk, candidates: readonly ImagePath[]): Found {
  for (const imagePath of candidates) {
    if (walk.places.answer(imagePath).status !== "directory") continue;
    const source = walk.places.repositoryOf(imagePath)[0] ?? null;
    return { presence: "present", reason: null, imagePath, source };
  }
  const found = lookFor(walk.places, candidates);
  if (found.presence === "present") return found;
  const imagePath = candidates.find((one) => walk.places.repositoryOf(one).length > 0) ?? null;
  return { ...found, imagePath: imagePath ?? found.imagePath };
}

/** What prisma.config or package.json (the nearest upwards) names; null where nothing does. */
function namedSchema(walk: Walk, cwd: ImagePath, config: Word | null, word: Word): Word | "unknown" | null {
  for (const name of config ? [config.text] : configurations) {
    const path = joinPath(cwd, name);
    const source = walk.places.repositoryOf(path)[0];
    if (source === undefined) {
      if (walk.places.answer(path).status !== "absent") return "unknown";
      continue;
    }
    const text = (walk.facts.lines(source) ?? []).filter((line) => !/^\s*(?:\/\/|\*)/.test(line)).join("\n");
    if (!/\bschema\b/.test(text)) return null;
    const literal = /\bschema\s*:\s*(["'`])([^"'`$\\\n]+)\1/.exec(text)?.[2];
    const joined = /\bschema\s*:\s*(?:path\.)?join\(\s*((?:["'][^"'\\\n]*["']\s*,?\s*)+)\)/.exec(text)?.[1];
    const parts = joined?.match(/[^"',\s]+/g);
    // The path counts from the file's own directory.
    const named = literal ?? parts?.join("/");
    return named === undefined ? "unknown" : { ...word, text: joinPath(directoryOf(path), named), known: true };
  }
  for (let directory = cwd; ; directory = directoryOf(directory)) {
    const source = walk.places.repositoryOf(joinPath(directory, "package.json"))[0];
    if (source !== undefined) {
      const schema = textOf(valueAt(asMap(walk.facts.json(source)?.root), "prisma", "schema"));
      return schema === null ? null : { ...word, text: joinPath(directory, schema), known: true };
    }
    if (directory === "/") return null;
  }
}

/** A path as the working directory sees it. */
function nameOf(found: Found, cwd: ImagePath, otherwise: string): string {
  const prefix = cwd === "/" ? "/" : `${cwd}/`;
  return found.imagePath?.startsWith(prefix) ? found.imagePath.slice(prefix.length) : otherwise;
}
