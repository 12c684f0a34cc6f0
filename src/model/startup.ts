import { positionAt } from "../text/positions.ts";
import type { CodePlace } from "../types/code.ts";
import type { EntryModel } from "../types/entry.ts";
import type { ModelInput, ModelProvider } from "../types/model.ts";
import type { StartupModel, StartupObservation, StartupObservationKind } from "../types/startup.ts";
import type { Location, RepoPath } from "../types/text.ts";
import { valueIn } from "./javascript/configs.ts";
import { type ScriptResolver, scriptResolver } from "./javascript/resolve.ts";
import { coroutineObservations } from "./startup/coroutines.ts";
import { declaredFindings, shownRoots } from "./startup/declared.ts";
import { environmentObservations } from "./startup/environment.ts";
import { Lowering } from "./startup/lower.ts";
import { middlewareObservations } from "./startup/middleware.ts";
import { cycleObservations } from "./startup/module-cycles.ts";
import { Program } from "./startup/program.ts";
import { protocolObservations } from "./startup/protocols.ts";
import { codeOfPython } from "./startup/python-code.ts";
import { makePythonResolver } from "./startup/resolution.ts";
import { Resolver } from "./startup/resolver.ts";
import { entryRoot, type LoweredRoot } from "./startup/roots.ts";
import { singletonObservations } from "./startup/singletons.ts";
import type { StartupWorld } from "./startup/world.ts";

/** Files that start a process by convention, where no command says which. */
const conventional = [
  "main.py",
  "app.py",
  "asgi.py",
  "wsgi.py",
  "manage.py",
  "server.py",
  "app/main.py",
  "src/main.py",
  "src/app/main.py",
];

/** What happens while each process starts, in Python and in JavaScript. Only files that a start reaches are parsed. */
export const startupProvider: ModelProvider<"startup", "entries"> = {
  needs: ["entries"],
  facts: [],
  moreFacts: (input) => {
    // A team's own rule may name a root that nothing else leads to.
    const own = hasOwnRules(input) ? input.files.entries.map((one) => one.path) : [];
    const paths = [...startPaths(input), ...own.filter((path) => path.endsWith(".py") || isScript(path))];
    return [
      ...(paths.some((path) => path.endsWith(".py")) ? (["python-syntax"] as const) : []),
      ...(paths.some((path) => !path.endsWith(".py")) ? (["javascript-code", "lines"] as const) : []),
    ];
  },
  build: (input) => makeStartupModel(input),
  isEmpty: (model) => model.roots.length === 0 && model.declarations === 0,
};

type Input = ModelInput<"entries">;

const scriptPattern = /\.[cm]?[jt]sx?$/;
const isScript = (path: RepoPath): boolean => scriptPattern.test(path);

interface StartFile {
  path: RepoPath;
  part: EntryModel["points"][number]["parts"][number] | null;
  /** A server looks for the application in the file by itself: `fastapi run`. */
  isServed: boolean;
}

function startFiles(input: Pick<Input, "known" | "files">): StartFile[] {
  const found = new Map<string, StartFile>();
  for (const point of input.known.entries.points) {
    for (const part of point.parts) {
      if (part.role !== "process" || (part.language !== "python" && part.language !== "javascript")) continue;
      const path = part.path !== null && input.files.has(part.path) ? part.path : part.builtFrom;
      if (path === null || !input.files.has(path) || input.files.get(path)?.ignored) continue;
      if (!path.endsWith(".py") && !isScript(path)) continue;
      const key = `${path} ${part.attribute ?? ""}`;
      const isServed = part.attribute === null && /(?:^|[\s/"])fastapi["\s,]+(?:run|dev)\b/.test(point.command);
      if (!found.has(key)) found.set(key, { path, part, isServed });
    }
  }
  if (found.size > 0) return [...found.values()];
  return conventional.filter((path) => input.files.has(path)).map((path) => ({ path, part: null, isServed: false }));
}

function startPaths(input: Pick<Input, "known" | "files" | "config">): RepoPath[] {
  const named = input.config.config.startup
    .map((entry) => (entry.root.split(":", 1)[0] as string).replace(/^\.\//, ""))
    .filter((path) => input.files.has(path) && (path.endsWith(".py") || isScript(path)));
  return [...startFiles(input).map((one) => one.path), ...named];
}

const hasOwnRules = ({ files, config }: Pick<Input, "files" | "config">): boolean =>
  files.hasDirectory(".predeploy/rules") ||
  Object.values(config.config.rules).some((one) => typeof one === "object" && "check" in one);

/** Everything that is observed of all starts, whatever a team declares. */
const observers: readonly ((
  world: StartupWorld,
) => ReadonlyMap<StartupObservationKind, readonly StartupObservation[]>)[] = [
  (world) => (hasPython(world) ? coroutineObservations(world) : new Map()),
  protocolObservations,
  middlewareObservations,
  environmentObservations,
  singletonObservations,
  cycleObservations,
];

function hasPython({ lowering }: StartupWorld): boolean {
  lowering.finish();
  return lowering.resolver.program.loaded().some(({ code }) => code.language === "python");
}

function makeStartupModel(input: Input): StartupModel {
  let made: StartupWorld | null = null;
  const world = (): StartupWorld => {
    made ??= makeWorld(input);
    return made;
  };
  const roots = world().entries.map((root) => ({ label: root.label, path: root.path, at: world().locate(root.place) }));
  const declarations = input.config.config.startup.length + (hasOwnRules(input) ? 1 : 0);
  const declared = lazy(() =>
    input.config.config.startup.length > 0 ? declaredFindings(world()) : { findings: [], unmatched: [] },
  );
  const observed = lazy(() => {
    const all = new Map<StartupObservationKind, readonly StartupObservation[]>();
    for (const observe of observers) {
      for (const [kind, found] of observe(world())) all.set(kind, found);
      input.relieve?.();
    }
    // The program is the largest thing of a run. Nobody but a declared order asks for it again.
    if (declarations === 0) made = null;
    input.relieve?.(declarations === 0);
    return all;
  });
  return {
    roots,
    declarations,
    declared: () => declared().findings,
    unmatched: () => declared().unmatched,
    declare: (entry) => declaredFindings(world(), [entry]),
    observe: (kind) => observed().get(kind) ?? [],
    show: () => shownRoots(world()),
  };
}

/** Reads what the starts lead to and lowers their roots. */
function makeWorld(input: Input): StartupWorld {
  const paths = startPaths(input);
  const own = hasOwnRules(input) ? input.files.entries.map((one) => one.path) : [];
  const python = [...paths, ...own].some((path) => path.endsWith(".py"));
  const script = [...paths, ...own].some(isScript);
  const searchPath = [
    ...new Set(
      input.known.entries.points.flatMap((point) =>
        point.parts.flatMap((part) =>
          part.roots.flatMap((root) => (root.repository === null ? [] : [root.repository])),
        ),
      ),
    ),
  ];
  const resolvePython = makePythonResolver(input.files, searchPath);
  const scripts = script ? scriptResolver(input.files, input.facts) : null;
  const resolveScript = (from: RepoPath, specifier: string): RepoPath | null => {
    const path = scripts?.resolve(from, specifier).path ?? null;
    return path !== null && isScript(path) && !/\.d\.[cm]?ts$/.test(path) ? path : null;
  };
  const program = new Program({
    code: (path) => {
      if (path.endsWith(".py")) {
        const file = python ? input.facts.get("python-syntax", path) : null;
        return file === null ? null : codeOfPython(file);
      }
      return script && isScript(path) ? input.facts.get("javascript-code", path) : null;
    },
    resolve: (from, module, level) =>
      from.endsWith(".py") ? resolvePython(from, module, level) : resolveScript(from, module),
    hoists: (path) => !/\.(?:ts|tsx|cts|jsx)$/.test(path) || packageType(scripts, path) === "module",
  });
  const lowering = new Lowering(new Resolver(program));
  const entries: LoweredRoot[] = [];
  for (const { path, part, isServed } of startFiles(input)) {
    const root = entryRoot(lowering, path, part, isServed);
    if (root) entries.push(root);
  }
  const locate = (place: CodePlace): Location => {
    const starts = program.module(place.path)?.code.lineStarts ?? [0];
    return { path: place.path, start: positionAt(starts, place.start), end: positionAt(starts, place.end) };
  };
  return { lowering, entries, locate, input };
}

function lazy<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** `type` of the nearest package.json. */
function packageType(scripts: ScriptResolver | null, path: RepoPath): string | null {
  const type = valueIn(scripts?.configs.packageOf(path)?.json, "type");
  return typeof type === "string" ? type : null;
}
