import { positionAt } from "../text/positions.ts";
import type { Image } from "../types/image.ts";
import type { BrokenSource, BrokenSourcesModel, ReachedModule, StartupEntry } from "../types/imports.ts";
import type { ModelInput, ModelProvider } from "../types/model.ts";
import type { Location, RepoPath } from "../types/text.ts";
import { scriptPattern } from "./javascript/paths.ts";
import { findMisplaced } from "./python/misplaced.ts";

type Input = ModelInput<"closures" | "images">;

/** Text whose lines cannot begin with a conflict marker. Prose may quote one. */
const code =
  /\.(?:py|pyi|[cm]?[jt]sx?|vue|svelte|ya?ml|json|toml|sh|bash|tf|hcl|sql|css|scss|go|java|rb|rs|php|ini|cfg)$|(?:^|\/)(?:[\w.-]*Dockerfile[\w.-]*|Makefile|\.dockerignore|requirements[\w.-]*\.txt)$/;

/** Sources that certainly do not compile: of every start's closure in full, elsewhere conflict markers only. */
export const brokenSourcesProvider: ModelProvider<"brokenSources", "closures" | "images"> = {
  needs: ["closures", "images"],
  facts: ["python-breaks", "python-syntax", "conflict-marker"],
  moreFacts: ({ known }) =>
    known.closures.entries.some((entry) => entry.language === "javascript") ? ["javascript-code"] : [],
  build(input): BrokenSourcesModel {
    const broken: BrokenSource[] = [];
    const judged = new Set<RepoPath>();
    for (const { entry, module } of reached(input)) {
      judged.add(module.path);
      broken.push(
        ...(entry.language === "python"
          ? pythonBreaks(entry, module, input)
          : markers(entry, module, module.path, input)),
      );
    }
    for (const file of input.files.entries) {
      if (
        file.ignored ||
        judged.has(file.path) ||
        !code.test(file.path) ||
        file.kind === "submodule" ||
        file.kind === "symlink"
      )
        continue;
      broken.push(...markers(null, null, file.path, input));
    }
    return { broken, judged: judged.size };
  },
  isEmpty: (model) => model.judged + model.broken.length === 0,
};

/** Each module once, by the start that reaches it most surely. */
function reached(input: Input): { entry: StartupEntry; module: ReachedModule }[] {
  const strongest = new Map<RepoPath, { entry: StartupEntry; module: ReachedModule }>();
  for (const entry of input.known.closures.entries) {
    for (const module of input.known.closures.of(entry).modules) {
      const known = strongest.get(module.path);
      if (!known || (known.module.level !== "start-up" && module.level === "start-up"))
        strongest.set(module.path, { entry, module });
    }
  }
  return [...strongest.values()].filter(({ module }) => module.level !== "type");
}

function pythonBreaks(entry: StartupEntry, module: ReachedModule, input: Input): BrokenSource[] {
  const { path, level, chain } = module;
  const image = input.known.images.images.find((one) => one.build.id === entry.build);
  const version = image ? pythonVersion(image) : null;
  const common = { entry, level, chain };
  const found: BrokenSource[] = [];
  for (const one of input.facts.get("python-breaks", path)?.breaks ?? []) {
    if (one.since !== null && (version === null || !isOlder(version, one.since))) continue;
    const start = { line: one.line, column: one.column };
    const at = { path, start, end: { line: one.line, column: one.column + 1 } };
    found.push({ at, what: one.what, since: one.since, version: one.since === null ? null : version, ...common });
  }
  if (found.length > 0 || level === "call") return found;
  const syntax = input.facts.get("python-syntax", path);
  for (const one of syntax ? findMisplaced(syntax) : []) {
    const at: Location = {
      path,
      start: positionAt(syntax!.lineStarts, one.start),
      end: positionAt(syntax!.lineStarts, one.end),
    };
    found.push({ at, what: one.what, since: null, version: null, ...common });
  }
  return found;
}

function markers(
  entry: StartupEntry | null,
  module: ReachedModule | null,
  path: RepoPath,
  input: Input,
): BrokenSource[] {
  const line = input.facts.get("conflict-marker", path)?.line ?? null;
  if (line === null) return [];
  // Inside a template string the parser has nothing to complain of.
  if (module !== null && scriptPattern.test(path) && input.facts.get("javascript-code", path)?.broken !== true)
    return [];
  const at = { path, start: { line, column: 1 }, end: { line, column: 8 } };
  return [
    {
      at,
      what: "a conflict marker of a merge",
      since: null,
      version: null,
      entry,
      level: module?.level ?? "call",
      chain: module?.chain ?? [],
    },
  ];
}

/** The Python of the image's base by its tag: `python:3.11-slim`, `…:python3.9`. */
function pythonVersion(image: Image): string | null {
  let stage = image.final;
  for (let depth = 0; stage && stage.parent !== null && depth < 100; depth++)
    stage = image.stages[stage.parent] ?? null;
  const base = stage?.base ?? "";
  return /(?:^|\/)python:(\d+\.\d+)/.exec(base)?.[1] ?? /[:-]python-?(\d\.\d+)/.exec(base)?.[1] ?? null;
}

function isOlder(version: string, since: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = since.split(".").map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}
