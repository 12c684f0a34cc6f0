import { directoryOf } from "../../text/paths.ts";
import type { Site, StartupObservation, StartupObservationKind } from "../../types/startup.ts";
import type { Location } from "../../types/text.ts";
import { sitesBelow } from "./declared.ts";
import { judge } from "./judging.ts";
import type { LoweredRoot } from "./roots.ts";
import { isTest } from "./test-code.ts";
import type { StartupWorld } from "./world.ts";

const loads =
  /^(?:dotenv\.(?:main\.)?load_dotenv|dotenv\.config|dotenv-safe\.config|dotenv-flow\.config|dotenv-expand\.expand|@dotenvx\/dotenvx\.config|process\.loadEnvFile)$/;
const loadingImports =
  /^(?:dotenv\/config|dotenv-safe\/config|dotenv-flow\/config|dotenv-expand\/config|@dotenvx\/dotenvx\/config)$/;
const isPrisma = (name: string): boolean => name === "@prisma/client.PrismaClient";
/** Set by the platform, not by a .env file; or they say which .env file is meant. */
const alwaysThere =
  /^(?:NODE_ENV|PATH|HOME|USER|PWD|TZ|LANG|CI|HOSTNAME|TMPDIR|TEMP|PYTHONPATH|npm_\w+|KUBERNETES_\w+|JEST_\w+|VITEST\w*|(?:\w+_)?(?:DOT_?ENV|ENV_?FILE|ENV_?PATH)(?:_\w+)?)$/;

/** `node --env-file=.env`, `-r dotenv/config`, `dotenv -- node`. */
const loadsByCommand = /--env-file|dotenv/;

/** What stands at a place of a package.json: one of its scripts. */
function textAt({ input }: StartupWorld, { path, start, end }: Location): string {
  const lines = path.endsWith("package.json") && input.files.has(path) ? input.facts.get("lines", path)?.lines : null;
  if (!lines) return "";
  // The whole of a package may stand on one line.
  return start.line === end.line
    ? (lines[start.line - 1] ?? "").slice(start.column - 1, end.column - 1)
    : lines.slice(start.line - 1, end.line).join("\n");
}

/** Modules that read the environment while they are imported, before the .env file is loaded. */
export function environmentObservations(
  world: StartupWorld,
): ReadonlyMap<StartupObservationKind, readonly StartupObservation[]> {
  const found: StartupObservation[] = [];
  world.lowering.finish();
  for (const root of world.entries) look(world, root, found);
  return new Map([["environment-before-dotenv", found]]);
}

function look(world: StartupWorld, root: LoweredRoot, found: StartupObservation[]): void {
  const points = world.input.known.entries.points.filter((one) =>
    one.parts.some((part) => part.path === root.path || part.builtFrom === root.path),
  );
  if (
    points.some(
      (point) =>
        point.parts.some((part) => part.role === "preload" && /dotenv/.test(part.subject)) ||
        loadsByCommand.test(point.command) ||
        point.parts.some((part) => part.chain.some((step) => loadsByCommand.test(textAt(world, step)))),
    )
  )
    return;
  const sites = sitesBelow(world, root.key).filter((site) => !isTest(site.place.path));
  const isOwn = (site: Site): boolean =>
    (site.form === "call" && site.names.some((name) => loads.test(name))) ||
    (site.form === "import" && site.names.some((name) => loadingImports.test(name)));
  const isLoad = (site: Site): boolean => isOwn(site) || (site.names.some(isPrisma) && loadsItself(world, site));
  const loading = sites.filter(isOwn);
  if (loading.length === 0) return;
  /** What names the file to load is read before it by its nature. */
  const isArgument = ({ place }: Site): boolean =>
    loading.some(
      (load) => load.place.path === place.path && load.place.start <= place.start && place.end <= load.place.end,
    );
  const isRead = (site: Site): boolean =>
    site.role === "environment-read" &&
    !alwaysThere.test(site.value ?? "") &&
    !isArgument(site) &&
    !loading.some((load) => decides(world, site, load));
  for (const one of judge(
    { world, root, sites, made: new Map() },
    [isLoad, isRead],
    [{ kind: "order", before: [0], after: 1 }],
  )) {
    if (one.verdict !== "reversed" || !one.site || one.inHandler) continue;
    // The line to move is the import of the module that reads: beside the load, else the root's own.
    const importIn = (path: string | undefined) =>
      one.chain.find((site) => site.place.path === path && site.place.end > 0);
    const step = importIn(one.otherSite?.place.path) ?? importIn(root.path);
    const at = world.locate((step ?? one.site).place);
    if (step !== undefined && isForgotten(world, at)) continue;
    const subject = step === undefined ? (one.site.value ?? "") : (step.names.at(-1) ?? "");
    if (found.some((each) => each.at.path === at.path && each.at.start.line === at.start.line)) continue;
    found.push({
      at,
      subject,
      level: hasEnvFile(world, root) ? "error" : "warning",
      words: { variable: one.site.value ?? "", module: one.site.place.path, direct: step === undefined ? "yes" : "no" },
      related: [
        { ...world.locate(one.site.place), message: `reads ${one.site.value ?? ""} while it is imported` },
        ...(one.otherSite
          ? [{ ...world.locate(one.otherSite.place), message: "the .env file is loaded only here" }]
          : []),
      ],
    });
  }
}

/**
 * Whether a client of Prisma reads the .env file beside the schema, or in the working directory, when it is made: the last version that
 * does is 6 (`relativeEnvPaths` in its runtime).
 */
function loadsItself({ input }: StartupWorld, { place }: Site): boolean {
  for (let directory = place.path; directory !== ""; ) {
    directory = directoryOf(directory);
    const path = directory === "" ? "package.json" : `${directory}/package.json`;
    const text = input.files.has(path) ? (input.facts.get("lines", path)?.lines ?? []).join("\n") : "";
    const version = /"@prisma\/client"\s*:\s*"[^"\d]{0,5}(\d+)/.exec(text)?.[1];
    if (version !== undefined) return Number(version) < 7;
  }
  return false;
}

/** Whether a read is the condition under which the file is loaded: `if (!process.env.API_PORT) dotenv.config()` is right where the platform sets it. */
function decides(world: StartupWorld, read: Site, load: Site): boolean {
  const { path } = read.place;
  if (load.place.path !== path || load.place.start < read.place.end) return false;
  const lines = world.input.facts.get("lines", path)?.lines ?? [];
  const from = world.locate(read.place).start.line - 1;
  const to = world.locate(load.place).start.line - 1;
  if (!/^\s*(?:\}\s*)?(?:else\s+)?(?:if|elif|unless)\b/.test(lines[from] ?? "")) return false;
  const depth = indentOf(lines[from]!);
  return lines
    .slice(from + 1, to + 1)
    .every((line) => line.trim() === "" || indentOf(line) > depth || /^\s*(?:[{})]|else\b|elif\b)/.test(line));
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** Whether the importing file takes the module out of the cache again, so that whoever imports it later reads the environment anew. */
function isForgotten({ input }: StartupWorld, { path, start }: Location): boolean {
  const lines = input.facts.get("lines", path)?.lines ?? [];
  const imported = lines[start.line - 1] ?? "";
  return lines.some((line) => {
    const specifier = forgets.exec(line.slice(0, 1000))?.[1];
    return specifier !== undefined && [`'${specifier}'`, `"${specifier}"`].some((quoted) => imported.includes(quoted));
  });
}

const forgets = /delete\s+require\.cache\[\s*require\.resolve\(\s*["']([^"']{1,300})["']\s*\)/;

/** Whether a .env file that would be loaded is shipped: beside the root, or in a directory above it. */
function hasEnvFile(world: StartupWorld, root: LoweredRoot): boolean {
  for (let directory = root.path; directory !== ""; ) {
    directory = directoryOf(directory);
    if (world.input.files.has(directory === "" ? ".env" : `${directory}/.env`)) return true;
  }
  return false;
}
