import type { DataMap, DataNode } from "../../types/data.ts";
import type { EntryPart, ImagePath } from "../../types/entry.ts";
import type { Related } from "../../types/finding.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import { builtFrom } from "./built.ts";
import { nearestName } from "./nearest.ts";
import { directoryOf, joinPath } from "./places.ts";
import {
  addConfiguration,
  addPart,
  type Found,
  lookFor,
  noteUnchecked,
  noteUnknown,
  optionValue,
  readOptions,
  type Situation,
  type Walk,
} from "./walk.ts";
import { splitWords, type Word } from "./words.ts";

type Launcher = (args: readonly Word[], situation: Situation, walk: Walk) => void;

const set = (...names: string[]): ReadonlySet<string> => new Set(names);
const javascriptEndings = ["", ".js", ".json", ".node", ".mjs", ".cjs"];
const typescriptEndings = ["", ".ts", ".tsx", ".js", ".jsx", ".mts", ".cts", ".mjs", ".cjs", ".json"];
const nodeEndings = ["", ".js", ".json", ".node"];
const library = /(?:^|\/)node_modules\//;

/** The file that `node f` runs: exact, with an ending, or a directory's main or index. */
function findScript(walk: Walk, path: ImagePath, endings: readonly string[]): Found {
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
  if (status === "directory" || main !== null) {
    const found = lookFor(walk.places, inside);
    return found.presence === "absent" && direct.presence === "unknown" ? direct : found;
  }
  return direct;
}

function packageMain(walk: Walk, directory: ImagePath): string | null {
  const answer = walk.places.answer(joinPath(directory, "package.json"));
  if (answer.status !== "file" || answer.source === null) return null;
  const main = entryOf(mapOf(walk.facts.json(answer.source)?.root), "main");
  return main?.kind === "scalar" && typeof main.value === "string" ? main.value : null;
}

function mapOf(node: DataNode | null | undefined): DataMap | null {
  return node?.kind === "map" ? node : null;
}

function entryOf(map: DataMap | null, key: string): DataNode | null {
  return map?.entries.findLast((entry) => entry.key.value === key)?.value ?? null;
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
  if (!word.known && /[$`]/.test(word.text)) {
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

/** A module given to `-r` or `--import`: a file when it is relative, else a package. */
function addPreload(walk: Walk, situation: Situation, word: Word, endings: readonly string[]): void {
  if (/^(?:\.{1,2}\/|\/)/.test(word.text)) addScript(walk, situation, word, endings, "preload");
}

const nodeValues = new Set([
  "-r",
  "--require",
  "--import",
  "--loader",
  "--experimental-loader",
  "-C",
  "--conditions",
  "--title",
  "--input-type",
  "--env-file",
  "--env-file-if-exists",
  "--icu-data-dir",
  "--openssl-config",
  "--dns-result-order",
  "--unhandled-rejections",
  "--watch-path",
  "--diagnostic-dir",
  "--redirect-warnings",
  "--max-old-space-size",
  "--max-http-header-size",
  "--experimental-config-file",
  "--project",
  "-P",
  "--tsconfig",
  "--stack-trace-limit",
  "-O",
  "--compilerOptions",
  "--compiler-options",
  "--compiler",
  "--ignore",
  "--cwd",
]);

/** `node [flags] f args…` and its relatives. Flags with an unknown shape count as switches. */
const runner =
  (endings: readonly string[], words: ReadonlySet<string> = set()): Launcher =>
  (args, situation, walk) => {
    const preload = (name: string, value: Word | undefined) => {
      if (!value) return;
      if (/^(?:-r|--require|--import|--loader|--experimental-loader|--preload)$/.test(name))
        addPreload(walk, situation, value, endings);
      if (name === "--env-file") addConfiguration(walk, situation, value);
    };
    const options = situation.env.get("NODE_OPTIONS");
    const at0 = args[0]?.at;
    if (options && at0) {
      const inherited = splitWords(options, () => at0);
      for (const [index, word] of inherited.entries()) {
        const equals = word.text.indexOf("=");
        if (equals > 0) preload(word.text.slice(0, equals), { ...word, text: word.text.slice(equals + 1) });
        else preload(word.text, inherited[index + 1]);
      }
    }
    for (let at = 0; at < args.length; at++) {
      const word = args[at]!;
      const { text } = word;
      if (text === "--") continue;
      if (text === "-e" || text === "--eval" || text === "-p" || text === "--print" || text === "-pe") {
        if (args[at + 1]) inlineScript(walk, situation, args[at + 1]!);
        return;
      }
      if (text === "--run") {
        const name = args[at + 1];
        if (name) runScript(walk, situation, name, [], situation.cwd, false);
        return;
      }
      if (text === "-" || text === "-i" || text === "--version" || text === "-v") return;
      const equals = text.indexOf("=");
      if (text.startsWith("-") && equals > 0) preload(text.slice(0, equals), { ...word, text: text.slice(equals + 1) });
      else if (nodeValues.has(text)) preload(text, args[++at]);
      else if (text.startsWith("-")) continue;
      else if (words.has(text) || text === "inspect") continue;
      else {
        const base = text.slice(text.lastIndexOf("/") + 1);
        if (library.test(text)) {
          const name = /node_modules\/(?:\.bin\/)?((?:@[^/]+\/)?[^/]+)/.exec(text)?.[1] ?? base;
          walk.run([{ ...word, text: name.slice(name.lastIndexOf("/") + 1) }, ...args.slice(at + 1)], situation);
          return;
        }
        addScript(walk, situation, word, endings);
        return;
      }
    }
  };

/** `node -e`: the files that literal require() and import() name. */
function inlineScript(walk: Walk, situation: Situation, code: Word): void {
  for (const match of code.text
    .slice(0, 20_000)
    .matchAll(/\b(?:require|import)\s*\(\s*(["'])(\.{0,2}\/[^"']{1,300})\1\s*\)/g)) {
    addScript(walk, situation, { ...code, text: match[2]! }, nodeEndings);
  }
}

interface PackageFile {
  /** Directory of the package.json in the image. */
  directory: ImagePath;
  path: RepoPath | null;
  scripts: DataMap | null;
  root: DataMap | null;
  /** Why it is not certain that the image holds this text. */
  unknown: string | null;
  locate?(start: number, end: number): Location;
}

/**
 * The package.json that a package manager in `cwd` finds: the nearest upwards; null for none. Where the image's own is not known,
 * the repository's is taken for it, and `unknown` says why.
 */
function packageFor(walk: Walk, cwd: ImagePath): PackageFile | null {
  for (let directory = cwd; ; directory = directoryOf(directory)) {
    const path = joinPath(directory, "package.json");
    const answer = walk.places.answer(path);
    if (answer.status === "file" || answer.status === "unknown") {
      const unknown =
        answer.status === "unknown" ? answer.reason : answer.source === null ? "the build makes it" : null;
      const source =
        answer.status === "file" && answer.source !== null
          ? answer.source
          : (walk.places.repositoryOf(path)[0] ?? null);
      const data = source === null ? null : walk.facts.json(source);
      const root = mapOf(data?.root);
      const scripts = mapOf(entryOf(root, "scripts"));
      if (!data || !root)
        return {
          directory,
          path: source,
          root: null,
          scripts: null,
          unknown: unknown ?? `${source} could not be read`,
        };
      return { directory, path: source, root, scripts, unknown, locate: data.locate };
    }
    if (directory === "/") return null;
  }
}

/** Runs a script of package.json with its pre and post scripts. With `fallback`, an unknown name is a command. */
export function runScript(
  walk: Walk,
  situation: Situation,
  name: Word,
  args: readonly Word[],
  directory: ImagePath | null,
  fallback: boolean,
): void {
  if (!name.known) {
    noteUnknown(walk, `\`${name.text}\` holds a value that is not known`, name.at);
    return;
  }
  if (directory === null || situation.depth > 20) return;
  const file = packageFor(walk, directory);
  const asPart = (found: Found) =>
    addPart(walk, situation, { kind: "package-script", language: null, subject: name }, found);
  if (file === null) {
    const path = joinPath(directory, "package.json");
    if (!fallback) asPart({ ...lookFor(walk.places, [path]), imagePath: path });
    return;
  }
  const imagePath = joinPath(file.directory, "package.json");
  const text = entryOf(file.scripts, name.text);
  if (text?.kind !== "scalar" || typeof text.value !== "string" || !file.locate) {
    if (name.text === "start" && !fallback) {
      const server = lookFor(walk.places, [joinPath(file.directory, "server.js")]);
      if (server.presence === "present") {
        addScript(walk, { ...situation, cwd: file.directory }, { ...name, text: "server.js" });
        return;
      }
    }
    if (fallback && (isInstalled(file.root, name.text) || !looksLikeScript(name.text))) {
      walk.run([name, ...args], situation);
      return;
    }
    const presence = file.unknown === null ? "absent" : "unknown";
    const part = asPart({ presence, reason: file.unknown, imagePath, source: file.path });
    if (file.unknown !== null) noteUnknown(walk, `package.json of \`${name.text}\`: ${file.unknown}`, name.at);
    if (part.presence === "absent")
      part.nearest = nearestName(name.text, file.scripts?.entries.map((entry) => entry.key.text) ?? []);
    return;
  }
  const { locate } = file;
  asPart({
    presence: file.unknown === null ? "present" : "unknown",
    reason: file.unknown,
    imagePath,
    source: file.path,
  });
  const inner = {
    ...situation,
    cwd: file.directory,
    depth: situation.depth + 1,
    conditional: situation.conditional || file.unknown !== null,
  };
  for (const [script, role] of [
    [`pre${name.text}`, "before"],
    [name.text, situation.role],
    [`post${name.text}`, "before"],
  ] as const) {
    const value = entryOf(file.scripts, script);
    if (value?.kind !== "scalar" || typeof value.value !== "string") continue;
    const at = locate(value.start, value.end);
    const step: Related = { ...at, message: `script \`${script}\`` };
    const repeats = (other: Related) =>
      other.path === at.path && other.start.line === at.start.line && other.message === step.message;
    if (situation.chain.some(repeats)) continue;
    const plain = value.end - value.start === value.value.length + 2;
    const appended = script === name.text && args.length > 0 ? ` ${args.map((word) => quote(word)).join(" ")}` : "";
    walk.runText(
      value.value + appended,
      (start, end) =>
        plain && end <= text.value!.toString().length ? locate(value.start + 1 + start, value.start + 1 + end) : at,
      { ...inner, role, chain: [...situation.chain, step], parameters: null },
    );
  }
}

function quote(word: Word): string {
  if (!word.known) return word.text;
  return /^[\w./:=@%+,-]+$/.test(word.text) ? word.text : `'${word.text.replaceAll("'", "'\\''")}'`;
}

function isInstalled(root: DataMap | null, name: string): boolean {
  return ["dependencies", "devDependencies", "optionalDependencies"].some((key) => {
    const map = mapOf(entryOf(root, key));
    return map?.entries.some((entry) => entry.key.text === name || entry.key.text.endsWith(`/${name}`)) ?? false;
  });
}

function looksLikeScript(name: string): boolean {
  return (
    /^(?:start|dev|serve|server|prod|production|build|migrate|worker|run|launch|deploy)(?::|$)/.test(name) ||
    name.includes(":")
  );
}

/** The directory of a workspace by its name, folder or glob; null where it is not known. */
function workspaceDirectory(walk: Walk, situation: Situation, filter: Word): ImagePath | null {
  if (situation.cwd === null || !filter.known) return null;
  const wanted = filter.text.replace(/^\{(.*)\}$/, "$1").replace(/\.\.\.$/, "");
  const direct = joinPath(situation.cwd, wanted);
  if (walk.places.answer(joinPath(direct, "package.json")).status === "file") return direct;
  const below = situation.cwd === "/" ? "/" : `${situation.cwd}/`;
  const named: ImagePath[] = [];
  const short: ImagePath[] = [];
  for (const path of walk.places.list()) {
    if (!path.endsWith("/package.json") || !path.startsWith(below) || path.includes("/node_modules/")) continue;
    const answer = walk.places.answer(path);
    if (answer.status !== "file" || answer.source === null) continue;
    const name = entryOf(mapOf(walk.facts.json(answer.source)?.root), "name");
    if (name?.kind !== "scalar") continue;
    if (name.value === wanted) named.push(directoryOf(path));
    else if (typeof name.value === "string" && name.value.endsWith(`/${wanted}`)) short.push(directoryOf(path));
  }
  return named[0] ?? (short.length === 1 ? short[0]! : null);
}

const managerSwitches = set(
  "-s",
  "--silent",
  "-q",
  "--quiet",
  "--if-present",
  "--workspaces",
  "-ws",
  "--include-workspace-root",
  "--no-workspaces",
  "--foreground-scripts",
  "--ignore-scripts",
  "-d",
  "--verbose",
  "--no-audit",
  "--no-fund",
  "--offline",
  "--prod",
  "--production",
  "-r",
  "--recursive",
  "--parallel",
  "--stream",
  "--no-bail",
  "--immutable",
  "-T",
  "--top-level",
  "-B",
  "--bun",
  "--watch",
  "--hot",
  "--smol",
  "--no-update-notifier",
  "-w",
  "--workspace-root",
  "--aggregate-output",
  "--no-sort",
  "--sequential",
  "--fail-if-no-match",
);
const npmSwitches = new Set([...managerSwitches].filter((name) => name !== "-w"));

const lifecycle = new Set(["start", "stop", "test", "restart"]);
const builtins = new Set([
  "install",
  "i",
  "ci",
  "add",
  "remove",
  "uninstall",
  "update",
  "upgrade",
  "publish",
  "pack",
  "link",
  "prune",
  "rebuild",
  "cache",
  "config",
  "set",
  "version",
  "info",
  "view",
  "list",
  "ls",
  "audit",
  "init",
  "create",
  "fund",
  "doctor",
  "login",
  "dedupe",
  "deploy",
  "fetch",
  "import",
  "store",
  "why",
  "licenses",
  "plugin",
  "up",
  "workspaces",
  "constraints",
  "test",
]);

const manager =
  (kind: "npm" | "yarn" | "pnpm" | "bun"): Launcher =>
  (args, given, walk) => {
    const options = readOptions(args, kind === "npm" ? npmSwitches : managerSwitches, true);
    let situation = given;
    const move = (word: Word | null) => {
      if (word)
        situation = {
          ...situation,
          cwd: word.known && situation.cwd !== null ? joinPath(situation.cwd, word.text) : null,
        };
    };
    const handle = (found: typeof options) => {
      move(optionValue(found, "--prefix", "-C", "--cwd", "--dir"));
      const filter = kind === "npm" ? optionValue(found, "-w", "--workspace") : optionValue(found, "--filter", "-F");
      if (filter) situation = { ...situation, cwd: workspaceDirectory(walk, situation, filter) };
    };
    handle(options);
    let [command, ...rest] = options.rest;
    if (!command) return;
    if (command.text === "workspace" && kind === "yarn") {
      const filter = rest[0];
      if (!filter) return;
      situation = { ...situation, cwd: workspaceDirectory(walk, situation, filter) };
      [, command, ...rest] = [rest[0], ...rest.slice(1)] as [Word, Word | undefined, ...Word[]];
      if (!command) return;
    }
    const explicit =
      command.text === "run" || command.text === "run-script" || (kind === "npm" && command.text === "rum");
    if (explicit) {
      const after = readOptions(rest, kind === "npm" ? npmSwitches : managerSwitches, true);
      handle(after);
      [command, ...rest] = after.rest;
      if (!command) return;
    } else if (["exec", "x", "dlx", "node"].includes(command.text)) {
      const inner =
        command.text === "node"
          ? [command, ...rest]
          : readOptions(rest, set("-c", "--call", "-y", "--yes", "--no"), true).rest;
      walk.run(inner, situation);
      return;
    } else if (command.text === "restart" && kind === "npm") {
      command = { ...command, text: "start" };
    }
    if (kind === "bun" && !explicit && (/\.[cm]?[jt]sx?$/.test(command.text) || /^[./]/.test(command.text))) {
      addScript(walk, situation, command, typescriptEndings);
      return;
    }
    if (!explicit && !lifecycle.has(command.text) && (kind === "npm" || builtins.has(command.text))) return;
    // Options of npm after the script name (`npm run x --prefix d`) are npm's own up to `--`.
    if (kind === "npm") {
      const after = readOptions(rest, npmSwitches, false);
      handle(after);
      const dashes = rest.findIndex((word) => word.text === "--");
      rest = dashes === -1 ? after.rest : rest.slice(dashes + 1);
    } else if (rest[0]?.text === "--") rest = rest.slice(1);
    if (situation.cwd === null) {
      noteUnknown(walk, `the workspace of \`${command.text}\` is not known`, command.at);
      return;
    }
    if (kind === "bun" && explicit) {
      const path = joinPath(situation.cwd, command.text);
      if (/[./]/.test(command.text) && findScript(walk, path, typescriptEndings).presence === "present") {
        addScript(walk, situation, command, typescriptEndings);
        return;
      }
    }
    runScript(walk, situation, command, rest, situation.cwd, !explicit && !lifecycle.has(command.text));
  };

const pm2: Launcher = (args, situation, walk) => {
  const options = readOptions(
    args,
    set("--no-daemon", "--no-auto-exit", "--raw", "--json", "--watch", "--no-autorestart", "--attach", "--no-vizion"),
  );
  const rest = options.rest[0]?.text === "start" ? options.rest.slice(1) : options.rest;
  const file = rest[0];
  if (!file) return;
  if (file.text === "npm" || file.text === "yarn" || file.text === "pnpm") {
    const dashes = args.findIndex((word) => word.text === "--");
    walk.run([file, ...(dashes === -1 ? rest.slice(1) : args.slice(dashes + 1))], situation);
    return;
  }
  if (!/\.(?:json|ya?ml|config\.[cm]?js)$/.test(file.text)) {
    addScript(walk, situation, file, javascriptEndings);
    return;
  }
  const part = addConfiguration(walk, situation, file);
  if (!part || part.path === null || part.presence !== "present") return;
  const apps = walk.facts.apps(part.path);
  if (apps === null) {
    noteUnknown(walk, `the apps of ${file.text} could not be read`, file.at);
    return;
  }
  for (const app of apps) {
    const cwd = app.cwd !== null && situation.cwd !== null ? joinPath(situation.cwd, app.cwd) : situation.cwd;
    const step: Related = { ...app.at, message: `app \`${app.name ?? app.script}\`` };
    const inner: Situation = { ...situation, cwd, chain: [...situation.chain, step] };
    const word: Word = { text: app.script, known: true, at: app.at };
    if (/^(?:npm|yarn|pnpm|bun)$/.test(app.script))
      walk.run([word, ...splitWords(app.args ?? "", () => app.at)], inner);
    else if (app.interpreter && !/node|bun|tsx|ts-node/.test(app.interpreter))
      walk.run([{ ...word, text: app.interpreter }, word], inner);
    else addScript(walk, inner, word, app.interpreter ? typescriptEndings : javascriptEndings);
  }
};

const nodemon: Launcher = (args, situation, walk) => {
  const options = readOptions(
    args,
    set(
      "-L",
      "--legacy-watch",
      "-V",
      "--verbose",
      "-q",
      "--quiet",
      "-I",
      "--no-stdin",
      "-C",
      "--on-change-only",
      "--inspect",
    ),
    true,
  );
  const exec = optionValue(options, "--exec", "-x");
  if (exec) {
    const file = options.rest[0];
    if (exec.known)
      walk.runText(exec.text + (file ? ` ${quote(file)}` : ""), () => exec.at, {
        ...situation,
        depth: situation.depth + 1,
      });
    return;
  }
  const file = options.rest[0] ?? (args[0] ? { text: ".", known: true, at: args[0].at } : null);
  if (file) addScript(walk, situation, file, typescriptEndings);
};

/** Programs that start a whole application from its folder; their output is made by a build step. */
const frameworks: Record<string, { say: string; source?: string[] }> = {
  next: { say: "`next` starts what `next build` made" },
  nuxt: { say: "`nuxt` starts what its build made" },
  "react-router-serve": { say: "the server is made by a build" },
  "remix-serve": { say: "the server is made by a build" },
  vite: { say: "`vite` serves what its build made" },
  serve: { say: "`serve` serves static files" },
  "http-server": { say: "`http-server` serves static files" },
  astro: { say: "`astro` starts what its build made" },
  gatsby: { say: "`gatsby` starts what its build made" },
  strapi: { say: "`strapi` finds its modules by folder" },
  medusa: { say: "`medusa` finds its modules by folder" },
  directus: { say: "`directus` is an installed package" },
  prisma: { say: "`prisma` imports no module of this repository" },
  knex: { say: "`knex` finds its migrations by folder" },
  "sequelize-cli": { say: "`sequelize` finds its migrations by folder" },
  sequelize: { say: "`sequelize` finds its migrations by folder" },
  "node-pg-migrate": { say: "migrations are found by folder" },
  turbo: { say: "`turbo` runs scripts of several packages" },
  nx: { say: "`nx` runs targets of several projects" },
  lerna: { say: "`lerna` runs scripts of several packages" },
};

const each: Launcher = (args, situation, walk) => {
  const options = readOptions(
    args,
    set(
      "-k",
      "--kill-others",
      "--kill-others-on-fail",
      "-r",
      "--raw",
      "-g",
      "--group",
      "--no-color",
      "-i",
      "--hide",
      "-s",
    ),
  );
  for (const word of options.rest) {
    if (!word.known) continue;
    const npm = /^(?:npm|yarn|pnpm|bun):(.+)$/.exec(word.text);
    walk.runText(npm ? `npm run ${npm[1]}` : word.text, () => word.at, { ...situation, depth: situation.depth + 1 });
  }
};

const scripts: Launcher = (args, situation, walk) => {
  for (const word of readOptions(
    args,
    set(
      "-s",
      "-p",
      "-l",
      "-r",
      "-c",
      "-n",
      "--parallel",
      "--sequential",
      "--serial",
      "--race",
      "--continue-on-error",
      "--print-label",
      "--print-name",
      "--silent",
    ),
  ).rest) {
    if (word.text.includes("*")) noteUnknown(walk, `\`${word.text}\` names several scripts`, word.at);
    else runScript(walk, situation, word, [], situation.cwd, false);
  }
};

const node = runner(nodeEndings);
const typescript = runner(typescriptEndings, set("watch"));

const launchers: Record<string, Launcher> = {
  node,
  nodejs: node,
  tsx: typescript,
  "ts-node": typescript,
  "ts-node-esm": typescript,
  "ts-node-dev": typescript,
  tsnd: typescript,
  "esbuild-register": typescript,
  "babel-node": typescript,
  "vite-node": typescript,
  esr: typescript,
  swc_node: typescript,
  "swc-node": typescript,
  deno: (args, situation, walk) => {
    if (args[0]?.text === "run" || args[0]?.text === "serve") typescript(args.slice(1), situation, walk);
  },
  bun: (args, situation, walk) => {
    const first = args.find((word) => !word.text.startsWith("-"));
    if (first && /^(?:\.{0,2}\/|.*\.[cm]?[jt]sx?$)/.test(first.text)) typescript(args, situation, walk);
    else manager("bun")(args, situation, walk);
  },
  npm: manager("npm"),
  yarn: manager("yarn"),
  yarnpkg: manager("yarn"),
  pnpm: manager("pnpm"),
  pnpx: (args, situation, walk) => walk.run(args, situation),
  pm2: (args, situation, walk) => pm2(args, situation, walk),
  "pm2-runtime": pm2,
  "pm2-docker": pm2,
  nodemon,
  forever: (args, situation, walk) => {
    const rest = readOptions(args, set("-w", "--watch", "-v", "--verbose", "-s", "--silent")).rest.filter(
      (word) => word.text !== "start",
    );
    if (rest[0]) addScript(walk, situation, rest[0], javascriptEndings);
  },
  concurrently: each,
  "npm-run-all": scripts,
  "run-s": scripts,
  "run-p": scripts,
  nest: (args, situation, walk) => {
    const command = args[0];
    if (command?.text !== "start" || situation.cwd === null) return;
    // `nest start` compiles src/main.ts and runs dist/main.js.
    const found = lookFor(walk.places, [joinPath(situation.cwd, "src/main.ts")]);
    if (found.presence === "present")
      addPart(
        walk,
        situation,
        { kind: "file", language: "javascript", subject: { ...command, text: "src/main.ts" } },
        found,
      );
    else noteUnchecked(walk, "`nest start` compiles the application itself");
  },
  fastify: (args, situation, walk) => {
    if (args[0]?.text !== "start") return;
    const word = readOptions(
      args.slice(1),
      set("-w", "--watch", "-P", "--pretty-logs", "-o", "--options", "-D", "--debug", "-L", "-l"),
    ).rest[0];
    if (word) addScript(walk, situation, word, typescriptEndings);
  },
  moleculer: (_args, _situation, walk) => noteUnchecked(walk, "moleculer loads its services by folder"),
  "typeorm-ts-node-commonjs": (args, situation, walk) => typeorm(args, situation, walk),
  "typeorm-ts-node-esm": (args, situation, walk) => typeorm(args, situation, walk),
  typeorm: (args, situation, walk) => typeorm(args, situation, walk),
};

const typeorm: Launcher = (args, situation, walk) => {
  const source = optionValue(readOptions(args, set()), "-d", "--dataSource");
  if (source) addScript(walk, situation, source, typescriptEndings, "before");
};

/** Interprets a Node.js launcher; false when the program is none. */
export function runJavascript(name: string, args: readonly Word[], situation: Situation, walk: Walk): boolean {
  const launcher = Object.hasOwn(launchers, name) ? launchers[name] : undefined;
  if (launcher) {
    launcher(args, situation, walk);
    return true;
  }
  const framework = Object.hasOwn(frameworks, name) ? frameworks[name] : undefined;
  if (!framework) return false;
  noteUnchecked(walk, framework.say);
  return true;
}

export { javascriptEndings, typescriptEndings };
