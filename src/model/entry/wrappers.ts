import { baseName } from "../../text/paths.ts";
import { joinPath } from "./places.ts";
import { optionValue, readOptions, type Situation, type Walk } from "./walk.ts";
import type { Word } from "./words.ts";

/** What a wrapper leaves: the inner words, or nothing where they were handled on the way. */
interface Inner {
  words: readonly Word[];
  situation: Situation;
}

type Wrapper = (args: readonly Word[], situation: Situation, walk: Walk) => Inner | null;

const set = (...names: string[]): ReadonlySet<string> => new Set(names);
const none = set();

/** The inner command follows the options. */
const afterOptions =
  (switches: ReadonlySet<string> = none, positionals = 0): Wrapper =>
  (args, situation) => {
    const { rest } = readOptions(args, switches, true);
    return { words: rest.slice(positionals), situation };
  };

/** Every option is a switch or has its value attached; the inner command follows. */
const afterSwitches: Wrapper = (args, situation) => {
  let at = 0;
  while (args[at]?.text.startsWith("-") && args[at]?.text !== "--") at++;
  if (args[at]?.text === "--") at++;
  return { words: args.slice(at), situation };
};

/** The inner command follows `--`, else the first word that is no option. */
const afterDashes: Wrapper = (args, situation) => {
  const dashes = args.findIndex((word) => word.text === "--");
  if (dashes !== -1) return { words: args.slice(dashes + 1), situation };
  return afterSwitches(args, situation, null as never);
};

/** `X run [options] cmd`: anything but `run` is not a wrapper. */
const runSubcommand =
  (switches: ReadonlySet<string>): Wrapper =>
  (args, situation) => {
    const at = args.findIndex((word) => !word.text.startsWith("-"));
    if (args[at]?.text !== "run") return null;
    const options = readOptions(args.slice(at + 1), switches, true);
    const directory = optionValue(options, "--directory", "-C");
    const inner =
      directory?.known && situation.cwd !== null
        ? { ...situation, cwd: joinPath(situation.cwd, directory.text) }
        : situation;
    const module = optionValue(options, "--module", "-m");
    if (module) {
      return {
        words: [{ ...module, text: "python" }, { ...module, text: "-m" }, module, ...options.rest],
        situation: inner,
      };
    }
    return { words: options.rest, situation: inner };
  };

const assignment = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/;

/** `env A=b cmd`, `cross-env A=b cmd`. */
const environment: Wrapper = (args, situation) => {
  const env = new Map(situation.env);
  let at = 0;
  for (; at < args.length; at++) {
    const { text, known } = args[at]!;
    const match = assignment.exec(text);
    if (match) env.set(match[1]!, known ? match[2]! : null);
    else if (text === "-u" || text === "--unset") env.delete(args[++at]?.text ?? "");
    else if (text === "-C" || text === "--chdir") at++;
    else if (text === "-i" || text === "--ignore-environment") env.clear();
    else if (!text.startsWith("-")) break;
  }
  return { words: args.slice(at), situation: { ...situation, env } };
};

/** `sh -c text [name args…]` or `sh script args…`; the script case is left to the caller as a script word. */
const shell: Wrapper = (args, situation, walk) => {
  let at = 0;
  let text = false;
  for (; at < args.length; at++) {
    const word = args[at]!.text;
    if (word === "--") {
      at++;
      break;
    }
    if (/^-[A-Za-z]+$/.test(word)) {
      if (word.includes("c")) text = true;
      if (/o$/.test(word)) at++;
    } else if (word === "--rcfile" || word === "--init-file") at++;
    else if (!word.startsWith("-") && !word.startsWith("+")) break;
  }
  const first = args[at];
  if (!first) return null;
  if (!text) return { words: [{ ...first, text: scriptMark + first.text }, ...args.slice(at + 1)], situation };
  const inner: Situation = { ...situation, parameters: args.slice(at + 2), depth: situation.depth + 1 };
  if (first.known) walk.runText(first.text, () => first.at, inner);
  else
    walk.unknown.push({
      reason: `the text of \`${args[0]?.text ?? "sh"}\` holds a value that is not known`,
      at: first.at,
    });
  return null;
};

/** Put before a word that is a shell script whatever its name: `sh x`. */
export const scriptMark = "\u0000script:";

const uvSwitches = set(
  "--frozen",
  "--locked",
  "--no-sync",
  "--no-dev",
  "--isolated",
  "--active",
  "--all-extras",
  "--no-project",
  "--offline",
  "--quiet",
  "-q",
  "--verbose",
  "-v",
  "--no-cache",
  "-n",
  "--exact",
  "--no-config",
  "--no-editable",
  "--all-groups",
  "--no-default-groups",
  "--all-packages",
  "--native-tls",
  "--no-progress",
  "--compile-bytecode",
  "--dev",
  "--only-dev",
  "--script",
  "-s",
  "--no-env-file",
  "--managed-python",
  "--no-managed-python",
  "--no-python-downloads",
);

const wrappers: Record<string, Wrapper> = {
  tini: afterOptions(set("-g", "-s", "-v", "-w", "-vv", "-vvv", "-sg", "-h")),
  "docker-init": afterOptions(set("-g", "-s", "-v", "-w")),
  "dumb-init": afterOptions(set("-c", "--single-child", "-v", "--verbose", "-V")),
  catatonit: afterSwitches,
  "aws-lambda-rie": afterOptions(),
  exec: (args, situation) => afterOptions(set("-c", "-l"))(args, situation, null as never),
  command: afterSwitches,
  builtin: afterSwitches,
  nohup: afterSwitches,
  setsid: afterSwitches,
  time: afterSwitches,
  stdbuf: afterOptions(),
  nice: afterOptions(),
  ionice: afterOptions(set("-t")),
  chrt: afterOptions(set("-b", "-f", "-i", "-o", "-r"), 1),
  timeout: afterOptions(set("--preserve-status", "--foreground", "-v", "--verbose", "-f", "-p"), 1),
  gosu: (args, situation) => ({ words: args.slice(1), situation }),
  "su-exec": (args, situation) => ({ words: args.slice(1), situation }),
  "s6-setuidgid": (args, situation) => ({ words: args.slice(1), situation }),
  setuidgid: (args, situation) => ({ words: args.slice(1), situation }),
  chpst: afterOptions(set("-v", "-P", "-0", "-1", "-2")),
  setpriv: afterSwitches,
  runuser: (args, situation, walk) => userSwitch(args, situation, walk),
  su: (args, situation, walk) => userSwitch(args, situation, walk),
  sudo: afterOptions(set("-E", "-H", "-n", "-S", "-k", "-i", "-s", "-b", "-EH", "-HE", "--preserve-env")),
  unshare: afterSwitches,
  env: environment,
  "cross-env": environment,
  "cross-env-shell": environment,
  "with-contenv": afterSwitches,
  "xvfb-run": afterOptions(set("-a", "--auto-servernum", "-l", "--listen-tcp")),
  "dbus-run-session": afterDashes,
  "opentelemetry-instrument": afterOptions(),
  "ddtrace-run": afterOptions(set("--debug", "-d", "-i", "--info", "-p", "--profiling", "-v", "--version")),
  "newrelic-admin": (args, situation) =>
    args[0]?.text === "run-program"
      ? { words: args.slice(1), situation }
      : args[0]?.text === "run-python"
        ? { words: [{ ...args[0], text: "python" }, ...args.slice(1)], situation }
        : null,
  "scout-apm-run": afterSwitches,
  "elasticapm-run": afterSwitches,
  memray: (args, situation) =>
    args[0]?.text === "run" ? { words: [{ ...args[0], text: "python" }, ...args.slice(1)], situation } : null,
  poetry: runSubcommand(none),
  pipenv: runSubcommand(none),
  pdm: runSubcommand(set("-s", "--site-packages")),
  rye: runSubcommand(none),
  hatch: runSubcommand(none),
  uv: runSubcommand(uvSwitches),
  conda: runSubcommand(set("--no-capture-output", "--live-stream", "-v", "--verbose", "--debug-wrapper-scripts")),
  mamba: runSubcommand(set("--no-capture-output", "--live-stream")),
  micromamba: runSubcommand(set("--no-capture-output")),
  pixi: runSubcommand(set("--frozen", "--locked", "--as-is")),
  doppler: (args, situation) => (args[0]?.text === "run" ? afterDashes(args.slice(1), situation, null as never) : null),
  infisical: (args, situation) =>
    args[0]?.text === "run" ? afterDashes(args.slice(1), situation, null as never) : null,
  op: (args, situation) => (args[0]?.text === "run" ? afterDashes(args.slice(1), situation, null as never) : null),
  chamber: (args, situation) =>
    args[0]?.text === "exec" ? afterDashes(args.slice(1), situation, null as never) : null,
  berglas: (args, situation) =>
    args[0]?.text === "exec" ? afterDashes(args.slice(1), situation, null as never) : null,
  envconsul: afterDashes,
  dotenvx: (args, situation) => (args[0]?.text === "run" ? afterDashes(args.slice(1), situation, null as never) : null),
  dotenv: (args, situation) => {
    const inner = afterOptions(set("-c", "-o", "--override", "-q", "--debug"))(args, situation, null as never);
    return inner?.words[0]?.text === "run" ? { words: inner.words.slice(1), situation } : inner;
  },
  "env-cmd": afterOptions(set("--no-override", "--silent", "--fallback", "-x", "--expand-envs")),
  dockerize: afterOptions(set("-no-overwrite")),
  "wait-for-it": afterDashes,
  "wait-for-it.sh": afterDashes,
  "wait-for": afterDashes,
  "wait-for.sh": afterDashes,
  "wait-for-host": afterDashes,
  npx: (args, situation) =>
    afterOptions(set("-y", "--yes", "--no", "--no-install", "-q", "--quiet", "--offline", "--prefer-offline"))(
      args,
      situation,
      null as never,
    ),
  bunx: afterOptions(set("--bun", "--silent", "--verbose")),
  corepack: (args, situation) =>
    args[0] && !/^(?:enable|prepare|install|use|disable)$/.test(args[0].text) ? { words: args, situation } : null,
  watchmedo: (args, situation) =>
    args[0]?.text === "auto-restart" ? afterDashes(args.slice(1), situation, null as never) : null,
  coverage: (args, situation) =>
    args[0]?.text === "run" ? { words: [{ ...args[0], text: "python" }, ...args.slice(1)], situation } : null,
  debugpy: (args, situation) => {
    const { rest, values } = readOptions(args, set("--wait-for-client"), true);
    const module = values.get("-m")?.[0];
    const program = args[0] ?? rest[0];
    if (!program) return null;
    const python = { ...program, text: "python" };
    return { words: module ? [python, { ...module, text: "-m" }, module, ...rest] : [python, ...rest], situation };
  },
  sh: shell,
  bash: shell,
  ash: shell,
  dash: shell,
  zsh: shell,
  ksh: shell,
  busybox: (args, situation) => ({ words: args, situation }),
};

/** Wrappers that give the inner command variables of their own. */
const SECRET_RUNNERS = set(
  ..."doppler infisical op chamber berglas envconsul dotenv dotenvx env-cmd with-contenv conda mamba micromamba pixi".split(
    " ",
  ),
);

function userSwitch(args: readonly Word[], situation: Situation, walk: Walk): Inner | null {
  const options = readOptions(args, set("-", "-l", "--login", "-m", "-p", "--preserve-environment"), false);
  const text = optionValue(options, "-c", "--command");
  if (text) {
    if (text.known) walk.runText(text.text, () => text.at, { ...situation, depth: situation.depth + 1 });
    return null;
  }
  const user = options.values.has("-u") || options.values.has("--user") ? 0 : 1;
  return { words: options.rest.filter((word) => word.text !== "-").slice(user), situation };
}

/** The program's name without directory: `/opt/venv/bin/python` → `python`. */
export function programName(word: Word): string {
  return baseName(word.text);
}

/**
 * Takes off everything that only starts another command. Null: nothing is left, the inner text was interpreted on the way.
 * A word that begins with `scriptMark` is a shell script.
 */
export function unwrap(words: readonly Word[], situation: Situation, walk: Walk): Inner | null {
  let inner: Inner = { words, situation };
  for (let round = 0; round < 16; round++) {
    const program = inner.words[0];
    if (!program) return null;
    const name = programName(program);
    const wrapper = Object.hasOwn(wrappers, name) && !isOwnFile(program) ? wrappers[name] : undefined;
    if (!wrapper) return inner;
    if (SECRET_RUNNERS.has(name)) walk.setters.add(name);
    const next = wrapper(inner.words.slice(1), inner.situation, walk);
    if (!next) return null;
    inner = next;
  }
  return inner;
}

/** `./dotenv` and `scripts/wait-for-it.sh` may be files of ours; only system and venv directories hold the known programs. */
function isOwnFile(program: Word): boolean {
  const { text } = program;
  if (!text.includes("/")) return false;
  return (
    !/(?:^|\/)(?:s?bin|\.bin)\/[^/]+$/.test(text) && !/wait-for/.test(text) && !/^\/(?:tini|dumb-init)$/.test(text)
  );
}
