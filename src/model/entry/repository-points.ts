import type { EntryPoint } from "../../types/entry.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import type { Excuse } from "../compose/missing-paths.ts";
import { asScalar, valueAt } from "../data.ts";
import { makeWalk } from "./commands.ts";
import { runScript } from "./packages.ts";
import { joinPath, repositoryPlaces } from "./places.ts";
import { home, pointOf } from "./point.ts";
import { holdsPackage } from "./python-modules.ts";
import { addScript } from "./script-files.ts";
import { type EntryFacts, within } from "./walk.ts";

/** Processes of each Procfile. */
export function procfilePoints(files: FileTree, facts: EntryFacts, excuse: Excuse): EntryPoint[] {
  const points: EntryPoint[] = [];
  const places = repositoryPlaces(files, excuse);
  for (const entry of files.entries) {
    if (entry.ignored || !entry.path.endsWith("Procfile") || !/(?:^|\/)Procfile$/.test(entry.path)) continue;
    const directory = entry.path.slice(0, -"/Procfile".length);
    for (const line of facts.procfile(entry.path) ?? []) {
      const walk = makeWalk({ places, files, facts, pythonPath: [], installed: false });
      const workdir = joinPath("/", directory);
      walk.runText(line.command, (start, end) => within(line.at, start, end), { ...home, cwd: workdir });
      for (const part of walk.parts)
        if (part.presence === "absent" && part.module !== null && !holdsPackage(part.module, part.roots, places)) {
          part.presence = "unknown";
          part.reason = "its package may be an installed one";
        }
      points.push(
        pointOf(walk, {
          name: `${entry.path}:${line.name}`,
          build: null,
          image: null,
          origin: "procfile",
          at: line.at,
          command: line.command,
          workdir,
        }),
      );
    }
  }
  return points;
}

const aside = /(?:^|\/)(?:node_modules|examples?|test|tests|__tests__|fixtures?|templates?|docs|benchmarks?)\//;

/** `start` of each package.json whose folder no image starts from, else its `main`. */
export function packagePoints(files: FileTree, facts: EntryFacts, known: readonly EntryPoint[]): EntryPoint[] {
  const started = new Set<RepoPath>();
  for (const point of known) {
    for (const part of point.parts) {
      const path = part.path ?? part.builtFrom;
      if (part.language === "javascript" && path !== null) started.add(path);
    }
  }
  const points: EntryPoint[] = [];
  const places = repositoryPlaces(files);
  for (const entry of files.entries) {
    if (!entry.path.endsWith("package.json") || entry.ignored) continue;
    if (!/(?:^|\/)package\.json$/.test(entry.path) || aside.test(entry.path)) continue;
    const directory = entry.path.slice(0, -"/package.json".length);
    const data = facts.json(entry.path);
    if (!data) continue;
    const start = asScalar(valueAt(data.root, "scripts", "start"));
    const named = start ?? (directory === "" ? asScalar(valueAt(data.root, "main")) : null);
    if (typeof named?.value !== "string") continue;
    const at = data.locate(named.start, named.end);
    const walk = makeWalk({ places, files, facts, pythonPath: [], installed: false });
    const workdir = joinPath("/", directory);
    const situation = { ...home, cwd: workdir };
    if (named === start) runScript(walk, situation, { text: "start", known: true, at }, [], workdir, false);
    else addScript(walk, situation, { text: named.value, known: true, at });
    const own = walk.parts.filter((part) => part.language === "javascript");
    if (own.every((part) => aside.test(part.path ?? part.builtFrom ?? ""))) continue;
    if (own.some((part) => started.has(part.path ?? part.builtFrom ?? ""))) continue;
    points.push(
      pointOf(walk, {
        name: entry.path,
        build: null,
        image: null,
        origin: "package",
        at,
        command: named.value,
        workdir,
      }),
    );
  }
  return points;
}
