import type { EntryPart } from "../../types/entry.ts";
import type { Related } from "../../types/finding.ts";
import { runJavascript } from "./javascript.ts";
import { runMake } from "./make.ts";
import { joinPath } from "./places.ts";
import { runManager } from "./process-managers.ts";
import { runPython } from "./python.ts";
import { chosenCommands, keptCommand, type Split, settledCommands } from "./shell-values.ts";
import { addPart, lookFor, noteUnchecked, noteUnknown, type Situation, type Walk } from "./walk.ts";
import { type SimpleCommand, splitCommands, type Word } from "./words.ts";
import { programName, scriptMark, unwrap } from "./wrappers.ts";

/** Programs of the shell and the system that start nothing of the repository. */
const silent = new Set(
  (
    "[ [[ test true false : echo printf mkdir chmod chown cp mv ln rm touch cat tail head sed awk grep cut tr wc sort find xargs sleep wait trap " +
    "set unset local readonly declare typeset return break continue shift read ulimit umask date id whoami hostname which type hash alias " +
    "curl wget nc ncat ping dig nslookup getent openssl psql pg_isready mysql mysqladmin redis-cli mongosh mongo aws gcloud gsutil az kubectl " +
    "jq yq git ls pwd dirname basename realpath readlink stat du df ps kill pkill nslookup pip pip3 apt-get apk yum dnf npm-cli-login adduser " +
    "addgroup useradd usermod groupadd setcap update-ca-certificates envsubst base64 sha256sum tee mktemp seq let expr getopts caller fc jobs " +
    "disown fg bg logout times ssh-keygen gpg tar unzip gunzip zcat rsync install ldconfig crontab fc-cache source-env"
  ).split(" "),
);

const servers =
  /^(?:nginx|openresty|caddy|httpd|apache2(?:ctl|-foreground)?|apachectl|haproxy|envoy|traefik|java|dotnet|php(?:-fpm)?\d*|php-fpm\S*|ruby|rails|puma|bundle|rake|sidekiq|unicorn|perl|elixir|mix|iex|erl|beam|go|cargo|postgres|mysqld|redis-server|mongod|memcached|rabbitmq-server|sshd|cron|crond|rsyslogd|grafana|prometheus|varnishd|squid|R|Rscript|julia|ollama|vllm|tritonserver)$/;

/** Programs that compile whatever their arguments are; the others do when they are told to `build`. */
const compilers = /^(?:tsc|tsc-alias|tsup|swc|babel|webpack|rollup|esbuild|parcel|ncc|gulp|grunt|make)$/;

/** Makes a walk over one command. The caller runs its words or text, then reads `parts`, `unknown`, `unchecked`. */
export function makeWalk(input: Pick<Walk, "places" | "files" | "facts" | "pythonPath" | "installed">): Walk {
  const walk: Walk = {
    ...input,
    parts: [],
    unknown: [],
    unchecked: [],
    variables: new Set(),
    setters: new Set(),
    built: null,
    given: new Set(),
    budget: 500,
    run: (words, situation) => runWords(words, situation, walk),
    runText: (text, locate, situation) =>
      runSequence((state) => splitCommands({ text, locate, ...state }), situation, walk),
  };
  return walk;
}

/** Interprets the commands of one shell text in order, with `cd`, `export` and assignments applied. */
export function runSequence(split: Split, given: Situation, walk: Walk): void {
  let situation = given;
  const env = new Map(given.env);
  const { commands, settled } = settledCommands(split, env, given.parameters);
  const local = new Map<string, string | null>();
  /** What a variable is first set to, as written: a command may be kept in one. */
  const spelled = new Map<string, Word>();
  /** All that a variable is set to, as written. */
  const spellings = new Map<string, Word[]>();
  const isLast = lastProcess(commands);
  let parameters = given.parameters;
  let errexit = false;
  for (const [index, command] of commands.entries()) {
    const name = command.words[0]?.text;
    if (command.words.length === 0) {
      for (const { name: key, value } of command.assignments) {
        const set = settled.get(key) ?? (value.known && !command.conditional ? value.text : null);
        local.set(key, set);
        if (!spelled.has(key) && !command.conditional) spelled.set(key, value);
        spellings.set(key, [...(spellings.get(key) ?? []), value]);
        if (env.has(key)) env.set(key, set);
      }
      continue;
    }
    if (name === "export" || name === "declare" || name === "typeset") {
      for (const word of command.words.slice(1)) {
        const equals = word.text.indexOf("=");
        const key = equals === -1 ? word.text : word.text.slice(0, equals);
        if (!word.known && !/^\w+$/.test(key)) walk.setters.add(`${name} ${key}`);
        const value =
          equals === -1
            ? local.get(key)
            : (settled.get(key) ?? (word.known && !command.conditional ? word.text.slice(equals + 1) : null));
        if (value !== undefined) env.set(key, value);
      }
      continue;
    }
    if (name === "cd" || name === "pushd") {
      const to = command.words[1];
      const cwd =
        to?.known && (situation.cwd !== null || to.text.startsWith("/")) && to.text !== "-"
          ? joinPath(situation.cwd ?? "/", to.text)
          : null;
      situation = { ...situation, cwd: command.conditional && cwd !== situation.cwd ? null : cwd };
      continue;
    }
    if (name === "set" && command.words[1]?.text === "--") {
      parameters = command.conditional ? null : command.words.slice(2);
      continue;
    }
    if (name === "set" && command.words.slice(1).some((word) => /^-[b-z]*a|^allexport$/.test(word.text)))
      walk.setters.add("set -a");
    if (name === "set" && command.words.slice(1).some((word) => /^-[a-z]*e|^errexit$/.test(word.text))) errexit = true;
    const inner = new Map(env);
    for (const { name: key, value } of command.assignments) inner.set(key, value.known ? value.text : null);
    // Under `a || b` the shell goes on with b.
    const conditional = situation.conditional || command.conditional || command.join === "||";
    const role: EntryPart["role"] = isLast(index) ? situation.role : "before";
    const optional = situation.optional || (!isLast(index) && command.join !== "&&" && !errexit);
    const own = { ...situation, env: inner, parameters, role, conditional, optional };
    const choices = chosenCommands(command.words, spelled, spellings);
    for (const words of choices ?? [keptCommand(command.words, spelled)])
      runWords(words, choices && choices.length > 1 ? { ...own, conditional: true } : own, walk);
    for (const { text, known } of command.words.slice(1))
      if (known && (situation.cwd !== null || text.startsWith("/")))
        walk.given.add(joinPath(situation.cwd ?? "/", text));
  }
}

/** The commands that stay: the last one, its alternatives on a condition, and those put into the background. */
function lastProcess(commands: readonly SimpleCommand[]): (index: number) => boolean {
  const heads = commands.map((command) => command.words[0]?.text);
  const stays = new Set<number>();
  for (const [index, command] of commands.entries()) {
    if (command.join === "&" || heads[index] === "exec") stays.add(index);
  }
  let last = commands.length - 1;
  while (last > 0 && (heads[last] === undefined || heads[last] === "wait" || silent.has(heads[last] ?? ""))) last--;
  stays.add(last);
  if (commands[last]?.conditional) {
    for (const [index, command] of commands.entries()) if (command.conditional) stays.add(index);
  }
  return (index) => stays.has(index);
}

/** Programs that read variables from somewhere for what comes after them, or for what they start. */
const SETTERS = /^(?:\.|source|eval|pm2(?:-\w+)?|uwsgi)$/;
const SETTING_OPTION = /^--env(?:-file)?(?:-if-exists)?(?:=|$)|^dotenv(?:-\w+)?\/config$/;

const IN_HOME = /^~[\w.-]*(?:\/|$)/;

function runWords(words: readonly Word[], given: Situation, walk: Walk): void {
  if (walk.budget-- <= 0 || given.depth > 24) return;
  // Whose home it is, the image says only when it runs.
  const expanded = words.map((word) => (IN_HOME.test(word.text) ? { ...word, known: false } : word));
  const inner = unwrap(expanded, given, walk);
  const program = inner?.words[0];
  if (!inner || !program) return;
  const { situation } = inner;
  const args = inner.words.slice(1);
  if (program.text.startsWith(scriptMark)) {
    runScriptFile({ ...program, text: program.text.slice(scriptMark.length) }, args, situation, walk, true);
    return;
  }
  if (!program.known) {
    const reason =
      program.text.includes("$@") || program.text.includes("$*")
        ? "the arguments of the script are not known"
        : `\`${program.text}\` holds a value that is not known`;
    noteUnknown(walk, reason, program.at);
    return;
  }
  const name = programName(program);
  if (/^g?make$/.test(name) && runMake(args, situation, walk)) return;
  if (compilers.test(name) || args.some(({ text }) => /^build(?::[\w:-]+)?$/.test(text)))
    walk.built ??= `\`${[name, ...args.map(({ text }) => text)].join(" ").slice(0, 60)}\``;
  const isSetter = SETTERS.test(name) && !/\/activate$/.test(args[0]?.text ?? "");
  const setting = isSetter ? name : words.find((word) => SETTING_OPTION.test(word.text))?.text;
  if (setting !== undefined) walk.setters.add(setting);
  if ((name === "." || name === "source") && args[0]) {
    runScriptFile(args[0], args.slice(1), { ...situation, role: "before" }, walk, true);
    return;
  }
  if (name === "eval") {
    if (args.every((word) => word.known))
      walk.runText(args.map((word) => word.text).join(" "), () => program.at, {
        ...situation,
        depth: situation.depth + 1,
      });
    else noteUnknown(walk, "`eval` runs a text that is not known", program.at);
    return;
  }
  const isPath =
    program.text.includes("/") && !/(?:^|\/)s?bin\/[^/]+$/.test(program.text) && !/(?:^|\/)\.bin\//.test(program.text);
  if (!isPath) {
    if (silent.has(name)) return;
    if (runPython(name, program, args, situation, walk)) return;
    if (runJavascript(name, args, situation, walk)) return;
    if (runManager(name, program, args, situation, walk)) return;
  }
  runScriptFile(program, args, situation, walk, isPath);
}

const directories = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** A file that is run by its path, or by its name over PATH: a shell script, a Python or JavaScript file by its ending, a binary. */
function runScriptFile(program: Word, args: readonly Word[], situation: Situation, walk: Walk, byPath: boolean): void {
  if (!program.known) {
    noteUnknown(walk, `\`${program.text}\` holds a value that is not known`, program.at);
    return;
  }
  const name = programName(program);
  if (servers.test(name)) {
    noteUnchecked(walk, `\`${name}\` imports no Python or JavaScript`);
    return;
  }
  let candidates: string[];
  if (program.text.startsWith("/")) candidates = [joinPath("/", program.text)];
  else if (program.text.includes("/") || byPath) {
    if (situation.cwd === null) {
      noteUnknown(walk, `the working directory of \`${program.text}\` is not known`, program.at);
      return;
    }
    candidates = [joinPath(situation.cwd, program.text)];
  } else {
    const path = situation.env.get("PATH");
    const searched = path ? path.split(":").filter((directory) => directory.startsWith("/")) : directories;
    candidates = [...searched, ...directories].map((directory) => joinPath(directory, name));
  }
  const present = candidates.find((path) => walk.places.answer(path).status === "file");
  const answer = present === undefined ? null : walk.places.answer(present);
  const source = answer?.status === "file" ? answer.source : null;
  const ending = /\.(\w+)$/.exec(name)?.[1];
  if (ending === "py" && (byPath || present)) {
    walk.run([{ ...program, text: "python" }, { ...program, text: present ?? program.text }, ...args], situation);
    return;
  }
  if (/^[cm]?[jt]s$/.test(ending ?? "") && (byPath || present)) {
    walk.run([{ ...program, text: "tsx" }, { ...program, text: present ?? program.text }, ...args], situation);
    return;
  }

  if (!present) {
    if (!byPath && !/\.(?:sh|bash)$/.test(name)) {
      noteUnchecked(walk, `what \`${name}\` imports is not known`);
      return;
    }
    if (byPath && ending === undefined && !/entrypoint|start|run/.test(name)) {
      // A path without an ending is most often a compiled program.
      const found = lookFor(walk.places, candidates);
      if (found.source === null) {
        const s6 =
          program.text === "/init" &&
          walk.places.list().some((path) => /^\/etc\/(?:s6-overlay|services\.d)\//.test(path));
        noteUnchecked(
          walk,
          s6
            ? "`/init` starts the services of s6-overlay, which are not followed: name them under `images.*.entry` in predeploy.yml"
            : `\`${program.text}\` is a program that a build makes`,
        );
        return;
      }
    }
    const found = lookFor(walk.places, byPath ? candidates : candidates.slice(0, 1));
    // The entry script of an official base image runs its arguments.
    const official = name === "docker-entrypoint.sh" && found.source === null;
    if (!official && byPath) addPart(walk, situation, { kind: "file", language: "shell", subject: program }, found);
    if (args.length > 0) walk.run(args, { ...situation, depth: situation.depth + 1 });
    else if (!byPath) noteUnchecked(walk, `\`${name}\` is not in the repository`);
    return;
  }
  const found = { presence: "present" as const, reason: null, imagePath: present, source };
  if (source === null) {
    addPart(walk, situation, { kind: "file", language: "shell", subject: program }, found);
    noteUnknown(walk, `${present} is made by the build`, program.at);
    return;
  }
  if (situation.chain.some((step) => step.path === source && step.message === `runs ${source}`)) return;
  const step: Related = { ...program.at, message: `runs ${source}` };
  const inner: Situation = {
    ...situation,
    parameters: args,
    chain: [...situation.chain, step],
    depth: situation.depth + 1,
  };
  const interpreter = walk.facts.interpreter(source);
  if (interpreter && !/^(?:sh|bash|ash|dash|zsh|ksh)$/.test(interpreter)) {
    walk.run([{ ...program, text: interpreter }, { ...program, text: present }, ...args], situation);
    return;
  }
  addPart(walk, situation, { kind: "file", language: "shell", subject: program }, found);
  let read = true;
  runSequence(
    (how) => {
      const commands = walk.facts.script(source, how);
      read = commands !== null;
      return commands ?? [];
    },
    inner,
    walk,
  );
  if (!read) noteUnknown(walk, `${source} could not be read`, program.at);
}
