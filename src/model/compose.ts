import { directoryOf } from "../text/paths.ts";
import type {
  BrokenComposeFile,
  ComposeFile,
  ComposeModel,
  ComposeProject,
  ComposeService,
  ProjectService,
} from "../types/compose.ts";
import type { FactReader } from "../types/facts.ts";
import type { ModelInput, ModelProvider } from "../types/model.ts";
import type { Placed } from "../types/placed.ts";
import type { RepoPath } from "../types/text.ts";
import { type ComposeCommandLine, composeCommandLines } from "./compose/commands.ts";
import { isDeployedOtherwise } from "./compose/deployed-otherwise.ts";
import { healthOf } from "./compose/health.ts";
import { mergeServices, singleService } from "./compose/merge.ts";
import { excuses, missingPaths } from "./compose/missing-paths.ts";
import { ownStart } from "./compose/own-start.ts";
import { resolvePath } from "./compose/paths.ts";
import { locate } from "./data.ts";
import {
  defaultComposeNames,
  isCompose,
  isComposeOverride,
  isComposeTemplate,
  isExampleOrTest,
  isForDevelopment,
} from "./path-class.ts";
import { place } from "./place.ts";

/** Every compose project of the repository, with its files merged as compose would. */
export const composeProvider: ModelProvider<"compose", never> = {
  needs: [],
  facts: ["compose", "lines", "dockerfile"],
  build: (input) => buildProjects(input),
  isEmpty: (model) => model.projects.length + model.broken.length === 0,
};

/** Deepest chain of includes or extends that is followed. */
const maxDepth = 20;
/** Most services of one project, whatever the includes. */
const maxServices = 2_000;

type PlacedFile = Omit<Placed<ComposeFile>, "errors"> & { path: RepoPath; broken: boolean };

interface Reading {
  facts: FactReader;
  exists(path: RepoPath): boolean;
  /** Below a submodule: what is there is not known. */
  elsewhere(path: RepoPath): boolean;
  files: Map<RepoPath, PlacedFile | null>;
}

function buildProjects(input: ModelInput<never>): ComposeModel {
  const tree = input.files;
  const submodules = tree.entries.filter((entry) => entry.kind === "submodule").map((entry) => `${entry.path}/`);
  const reading: Reading = {
    facts: input.facts,
    exists: (path) => tree.has(path),
    elsewhere: (path) => submodules.some((each) => path.startsWith(each)),
    files: new Map(),
  };
  const paths = tree.entries
    .filter(
      (entry) => !entry.ignored && (entry.kind === "file" || entry.kind === "executable") && isCompose(entry.path),
    )
    .map((entry) => entry.path)
    .filter((path) => !/(?:^|\/)(?:node_modules|vendor|third_party|site-packages)\//.test(path));
  const commands = composeCommandLines(tree, input.facts);
  const named = new Set(commands.flatMap((command) => command.files));
  const sources = paths.filter(
    (path) => (!isComposeTemplate(path) || named.has(path)) && fileOf(path, reading)?.isCompose,
  );
  const broken: BrokenComposeFile[] = [];
  let otherwise: boolean | null = null;
  for (const path of sources) {
    const fact = reading.facts.get("compose", path);
    const [error] = fact?.errors ?? [];
    if (!fact || !error) continue;
    input.noteUnread(path, "the compose file is not valid YAML");
    const at = locate(path, fact, { start: error.offset, end: error.offset });
    otherwise ??= isDeployedOtherwise(tree, input.facts);
    const development = otherwise || isForDevelopment(path);
    broken.push({ path, message: error.message, at, example: isExampleOrTest(path), development });
  }
  const projects = projectSets(sources, commands, reading);
  const excuse = excuses(tree, input.facts);
  for (const project of projects) {
    for (const service of project.services) {
      service.health = healthOf(service, input.facts);
      service.ownStart = ownStart(service, tree, input.facts);
    }
    project.missingPaths = missingPaths(project, tree, excuse);
  }
  return { projects, broken };
}

interface ProjectFiles {
  files: RepoPath[];
  origin: ComposeProject["origin"];
}

function projectSets(
  sources: readonly RepoPath[],
  commands: readonly ComposeCommandLine[],
  reading: Reading,
): ComposeProject[] {
  const sets = new Map<string, ProjectFiles>();
  const add = (files: RepoPath[], origin: ComposeProject["origin"]) => {
    const key = files.join("\n");
    if (files.length > 0 && !sets.has(key)) sets.set(key, { files, origin });
  };
  for (const { files, based } of commands) if (based) add(files, "command");
  // Of a set whose first file something makes nothing can be told, and none of the others is a project by itself.
  const used = new Set(commands.flatMap(({ files }) => files));
  const included = new Set(sources.flatMap((path) => linkedFiles(path, reading)));
  for (const directory of new Set(sources.map(directoryOf))) {
    const here = sources.filter((path) => directoryOf(path) === directory);
    const base = defaultComposeNames
      .map((name) => (directory === "" ? name : `${directory}/${name}`))
      .find((path) => here.includes(path));
    const override = here.filter(isComposeOverride);
    // A default file that commands only ever use with others, or that others include, still runs by `docker compose up` alone.
    if (base) add([base, ...override], "default");
    for (const path of here) {
      if (path === base || override.includes(path) || used.has(path) || included.has(path)) continue;
      if (base && isVariantOf(path, base, reading)) add([base, path], "file");
      else add([path], "file");
    }
  }
  const elsewhere = new Set(
    commands.filter((command) => command.projectDirectory !== null).flatMap((command) => command.files),
  );
  return [...sets.values()].map(({ files, origin }) => projectOf(files, origin, elsewhere, reading));
}

/** Files that a file includes or extends: they are parts of its project, not projects. */
function linkedFiles(path: RepoPath, reading: Reading): RepoPath[] {
  const file = fileOf(path, reading);
  if (!file) return [];
  const written = [
    ...file.include.flatMap((include) => include.paths.map((each) => each.text)),
    ...file.services.flatMap((service) => service.extends?.file?.text ?? []),
  ];
  return written.map((each) => resolvePath(directoryOf(path), each)).filter((each) => each !== null);
}

/** A file beside the default one that only makes sense over it: it changes a service without image and build, or depends on one of its services. */
function isVariantOf(path: RepoPath, base: RepoPath, reading: Reading): boolean {
  const file = fileOf(path, reading);
  const names = new Set(fileOf(base, reading)?.services.map((service) => service.name) ?? []);
  const own = new Set(file?.services.map((service) => service.name) ?? []);
  return (file?.services ?? []).some(
    (service) =>
      (names.has(service.name) && !service.image && !service.build && !service.extends) ||
      service.dependsOn.some((dependency) => names.has(dependency.service) && !own.has(dependency.service)),
  );
}

function fileOf(path: RepoPath, reading: Reading): PlacedFile | null {
  const known = reading.files.get(path);
  if (known !== undefined) return known;
  const fact = reading.facts.get("compose", path);
  const { errors, ...rest } = fact ?? { errors: [] };
  const file = fact
    ? {
        ...(place(rest, path, fact.lineStarts) as Omit<PlacedFile, "path" | "broken">),
        path,
        broken: errors.length > 0,
      }
    : null;
  reading.files.set(path, file);
  return file;
}

interface Assembly {
  services: Map<string, ProjectService>;
  files: RepoPath[];
  incomplete: string | null;
}

function projectOf(
  files: RepoPath[],
  origin: ComposeProject["origin"],
  elsewhere: ReadonlySet<RepoPath>,
  reading: Reading,
): ComposeProject {
  const directory = directoryOf(files[0] ?? "");
  const assembly: Assembly = { services: new Map(), files: [...files], incomplete: null };
  addFiles(files, directory, assembly, reading, 0);
  return {
    files: [...new Set(assembly.files)],
    origin,
    directory,
    otherDirectory: files.some((path) => elsewhere.has(path)),
    services: [...assembly.services.values()],
    missingPaths: [],
    example: files.every(isExampleOrTest),
    developmentFiles: [...new Set(assembly.files)].filter(isForDevelopment),
    incomplete: assembly.incomplete,
  };
}

function addFiles(
  files: readonly RepoPath[],
  directory: RepoPath,
  assembly: Assembly,
  reading: Reading,
  depth: number,
): void {
  const own = new Map<string, ProjectService>();
  for (const path of files) {
    const file = fileOf(path, reading);
    if (!file || file.broken) assembly.incomplete ??= `${path} could not be read`;
    if (!file) continue;
    for (const written of file.services) {
      const service = extended(written, file, directory, assembly, reading, new Set());
      const earlier = own.get(written.name);
      own.set(written.name, earlier ? mergeServices(earlier, service) : service);
    }
  }
  for (const path of files) {
    for (const include of fileOf(path, reading)?.include ?? []) addInclude(include, path, assembly, reading, depth);
  }
  for (const [name, service] of own) {
    if (assembly.services.size >= maxServices) assembly.incomplete ??= "it has too many services";
    else {
      const included = assembly.services.get(name);
      assembly.services.set(name, included ? mergeServices(included, service) : service);
    }
  }
}

function addInclude(
  include: PlacedFile["include"][number],
  from: RepoPath,
  assembly: Assembly,
  reading: Reading,
  depth: number,
): void {
  const base = directoryOf(from);
  const paths = include.paths.map((each) => resolvePath(base, each.text));
  const known = paths.filter((path): path is RepoPath => path !== null && reading.exists(path));
  if (known.length < paths.length)
    assembly.incomplete ??= `${include.paths.map((each) => each.text).join(", ")}, which ${from} includes, is not in the repository`;
  if (depth >= maxDepth || known.every((path) => assembly.files.includes(path))) return;
  assembly.files.push(...known);
  const written = include.projectDirectory?.text;
  const directory = written === undefined ? directoryOf(known[0] ?? from) : (resolvePath(base, written) ?? base);
  addFiles(known, directory, assembly, reading, depth + 1);
}

/** A service with what it extends below it. */
function extended(
  written: Placed<ComposeService>,
  file: PlacedFile,
  directory: RepoPath,
  assembly: Assembly,
  reading: Reading,
  seen: Set<string>,
): ProjectService {
  const service = singleService(written, directory);
  const target = written.extends;
  const name = target?.service?.text;
  const id = `${file.path}\n${written.name}`;
  if (
    !target ||
    name === undefined ||
    /\$/.test(`${name}${target.file?.text ?? ""}`) ||
    seen.has(id) ||
    seen.size >= maxDepth
  )
    return service;
  seen.add(id);
  let other: PlacedFile | null = file;
  let base = directory;
  if (target.file) {
    const path = resolvePath(directoryOf(file.path), target.file.text);
    if (path === null || !reading.exists(path)) {
      assembly.incomplete ??= `${target.file.text}, which ${written.name} extends, is not in the repository`;
      // Beside the repository, or in a submodule, it may well be.
      if (path === null || reading.elsewhere(path)) return service;
      return { ...service, brokenExtends: [{ extends: target, missing: "file" }] };
    }
    other = fileOf(path, reading);
    base = directoryOf(path);
    if (!other || other.broken) return service;
  }
  const parent = other.services.find((each) => each.name === name);
  if (!parent)
    return {
      ...service,
      brokenExtends: [{ extends: target, missing: "service" }],
    };
  const inherited = extended(parent, other, base, assembly, reading, seen);
  return mergeServices(
    {
      ...inherited,
      dependsOn: inherited.dependsOn.map((each) => ({ ...each, inherited: true })),
      profiles: inherited.profiles,
    },
    service,
  );
}
