import { baseName } from "../../text/paths.ts";
import type { Related } from "../../types/finding.ts";
import { manager, quote, runScript } from "./packages.ts";
import { joinPath } from "./places.ts";
import { runPrisma } from "./prisma.ts";
import { addScript, javascriptEndings, library, nodeEndings, typescriptEndings } from "./script-files.ts";
import {
  addConfiguration,
  addPart,
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
        const base = baseName(text);
        if (library.test(text)) {
          const name = /node_modules\/(?:\.bin\/)?((?:@[^/]+\/)?[^/]+)/.exec(text)?.[1] ?? base;
          walk.run([{ ...word, text: baseName(name) }, ...args.slice(at + 1)], situation);
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

/** The commands of `pm2` that start what they name. The others (`logs`, `delete`, `save`…) name processes. */
const pm2Starts = set("start", "startOrReload", "startOrRestart", "startOrGracefulReload", "restart", "reload");

const pm2: Launcher = (args, situation, walk) => {
  const command = args.findIndex((word) => pm2Starts.has(word.text));
  const name = args[command]?.text;
  if (name === undefined) return;
  // What runs already may be named as well, but not like a file.
  if (/^re/.test(name) && !pm2Configuration.test(args[command + 1]?.text ?? "")) return;
  pm2Runtime(args.toSpliced(command, 1), situation, walk);
};

const pm2Configuration = /\.(?:json|ya?ml|config\.[cm]?js)$/;

const pm2Runtime: Launcher = (args, situation, walk) => {
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
  if (!pm2Configuration.test(file.text)) {
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
    const inner: Situation = {
      ...situation,
      cwd,
      chain: [...situation.chain, step],
      conditional: situation.conditional || app.conditional,
    };
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
    if (exec.known)
      walk.runText([exec.text, ...options.rest.map(quote)].join(" "), () => exec.at, {
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
  "node-dev": typescript,
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
  // It serves what the package in its folder exports (github.com/GoogleCloudPlatform/functions-framework-nodejs).
  "functions-framework": (args, situation, walk) => {
    const at = args[0]?.at ?? situation.chain.at(-1);
    const source = optionValue(readOptions(args, set()), "--source");
    if (at) addScript(walk, situation, source ?? { text: ".", known: true, at });
  },
  pm2,
  "pm2-runtime": pm2Runtime,
  "pm2-docker": pm2Runtime,
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
      set("-w", "--watch", "-V", "--verbose-watch", "-P", "--pretty-logs", "-o", "--options", "-d", "-D", "--debug"),
    ).rest[0];
    if (word) addScript(walk, situation, word, typescriptEndings);
  },
  moleculer: (_args, _situation, walk) => noteUnchecked(walk, "moleculer loads its services by folder"),
  prisma: runPrisma,
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
