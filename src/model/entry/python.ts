import type { ImagePath, SearchRoot } from "../../types/entry.ts";
import type { Location } from "../../types/text.ts";
import { entriesOf, textOf, valueAt } from "../data.ts";
import { directoryOf } from "../image/paths.ts";
import { joinPath } from "./places.ts";
import { addPythonFile, addPythonModule, findModule, isDotted, rootsFor } from "./python-modules.ts";
import {
  addConfiguration,
  addPart,
  fromEnvironment,
  lookFor,
  noteUnchecked,
  noteUnknown,
  type Options,
  optionValue,
  readOptions,
  type Situation,
  type Walk,
} from "./walk.ts";
import { splitWords, type Word } from "./words.ts";

type Launcher = (args: readonly Word[], situation: Situation, walk: Walk) => void;

const set = (...names: string[]): ReadonlySet<string> => new Set(names);

/** `m:app`, `m:create_app()`, `m:obj.attr`. */
function target(word: Word, defaultAttribute: string | null = null) {
  const colon = word.text.indexOf(":");
  const module = colon === -1 ? word.text : word.text.slice(0, colon);
  const rest = colon === -1 ? defaultAttribute : word.text.slice(colon + 1);
  const called = rest === null ? -1 : rest.indexOf("(");
  return {
    module,
    attribute: rest === null || rest === "" ? defaultAttribute : called === -1 ? rest : rest.slice(0, called),
    factory: called !== -1,
  };
}

/** A server that takes `m:app` and puts one directory first on sys.path. */
const server =
  (how: {
    switches: ReadonlySet<string>;
    directory?: string[];
    chdir?: string[];
    defaultAttribute?: string;
    classes?: string[];
    extra?: (options: Options, situation: Situation, walk: Walk) => void;
  }): Launcher =>
  (args, given, walk) => {
    const options = readOptions(args, how.switches);
    let situation = given;
    const chdir = optionValue(options, ...(how.chdir ?? []));
    if (chdir) {
      situation = {
        ...given,
        cwd:
          chdir.known && (given.cwd !== null || chdir.text.startsWith("/"))
            ? joinPath(given.cwd ?? "/", chdir.text)
            : null,
      };
    }
    const directory = optionValue(options, ...(how.directory ?? []));
    const first: { image: ImagePath; from: SearchRoot["from"] }[] = [];
    if (directory?.known && (situation.cwd !== null || directory.text.startsWith("/"))) {
      first.push({ image: joinPath(situation.cwd ?? "/", directory.text), from: "app-dir" });
    } else if (situation.cwd !== null && !directory) {
      first.push({ image: situation.cwd, from: chdir ? "app-dir" : "workdir" });
    }
    const roots = rootsFor(walk, situation, first);
    how.extra?.(options, situation, walk);
    for (const name of how.classes ?? []) {
      const word = optionValue(options, name);
      const module = word?.text.replace(/:/, ".").replace(/\.[^.]*$/, "");
      if (word?.known && module && module !== word.text) {
        addPythonModule(walk, situation, { word, module, roots, role: "preload" });
      }
    }
    const word = options.rest[0];
    if (!word) return;
    if (!word.known && /[$`]|^~/.test(word.text)) {
      noteUnknown(walk, `\`${word.text}\` holds a value that is not known`, word.at);
      return;
    }
    const { module, attribute, factory } = target(word, how.defaultAttribute ?? null);
    if (module.endsWith(".py")) {
      addPythonFile(walk, situation, { ...word, text: module });
      return;
    }
    addPythonModule(walk, situation, {
      word,
      module,
      attribute,
      factory: factory || options.values.has("--factory"),
      roots,
    });
  };

const gunicornSwitches = set(
  "--reload",
  "-D",
  "--daemon",
  "--preload",
  "--preload-app",
  "--check-config",
  "--print-config",
  "--no-sendfile",
  "--spew",
  "-R",
  "--enable-stdio-inheritance",
  "--capture-output",
  "--reuse-port",
  "--proxy-protocol",
  "--strip-header-spaces",
  "--log-syslog",
  "--initgroups",
  "--disable-redirect-access-to-syslog",
  "--suppress-ragged-eofs",
  "--do-handshake-on-connect",
  "--no-suppress-ragged-eofs",
  "--permit-obsolete-folding",
  "--permit-unconventional-http-method",
  "--permit-unconventional-http-version",
  "--casefold-http-method",
  "--no-control-socket",
);

const gunicorn: Launcher = (given, situation, walk) => {
  const at = given[0]?.at;
  const fromEnv = at ? fromEnvironment(situation, "GUNICORN_CMD_ARGS", at) : null;
  const args = fromEnv ? [...splitWords(fromEnv.text, () => fromEnv.at), ...given] : given;
  server({
    switches: gunicornSwitches,
    chdir: ["--chdir"],
    defaultAttribute: "application",
    classes: ["-k", "--worker-class", "--logger-class"],
    extra(options, inner, walk) {
      pasted(optionValue(options, "--paste", "--paster"), inner, walk);
      for (const word of [...(options.values.get("-e") ?? []), ...(options.values.get("--env") ?? [])])
        if (word) walk.variables.add(word.text.split("=")[0]!);
      // -c and --chdir: the file is looked up where gunicorn was started.
      const conf = optionValue(options, "-c", "--config");
      if (!conf) return;
      if (conf.text.startsWith("python:")) {
        const roots = rootsFor(walk, inner, inner.cwd === null ? [] : [{ image: inner.cwd, from: "workdir" }]);
        addPythonModule(walk, inner, { word: conf, module: conf.text.slice(7), roots, role: "configuration" });
      } else {
        const part = addConfiguration(walk, situation, { ...conf, text: conf.text.replace(/^file:/, "") });
        if (part?.path) for (const name of rawVariables(walk.facts.lines(part.path) ?? [])) walk.variables.add(name);
      }
    },
  })(args, withPythonPath(args, situation), walk);
};

/** The applications of a PasteDeploy file: `use = call:app:make` and `paste.app_factory = app:make` (https://docs.pylonsproject.org/projects/pastedeploy). */
function pasted(word: Word | null, situation: Situation, walk: Walk): void {
  if (!word?.known) return;
  const conf = addConfiguration(walk, situation, { ...word, text: word.text.replace(/#.*$/, "") });
  if (conf?.presence !== "present" || conf.path === null) return;
  for (const { name, values } of walk.facts.ini(conf.path) ?? []) {
    if (!name.startsWith("app:")) continue;
    for (const { key, value, at } of values) {
      const called =
        /^call:([\w.]+):([\w.]+)$/.exec(value) ??
        (key === "paste.app_factory" ? /^([\w.]+):([\w.]+)$/.exec(value) : null);
      if (!called) continue;
      const [, module = "", attribute = ""] = called;
      const named = { text: `${module}:${attribute}`, known: true, at };
      addPythonModule(walk, situation, {
        word: named,
        module,
        attribute,
        factory: true,
        roots: workdirRoots(walk, situation),
      });
    }
  }
}

/** The names in `raw_env = ["NAME=value"]` of a configuration of gunicorn. */
function rawVariables(lines: readonly string[]): string[] {
  const list = /^raw_env\s*=\s*[[(]([^\])]*)/m.exec(lines.join("\n"))?.[1] ?? "";
  return [...list.matchAll(/["'](\w+)=/g)].map((match) => match[1]!);
}

/** gunicorn's `--pythonpath a,b` goes in front of PYTHONPATH. */
function withPythonPath(args: readonly Word[], situation: Situation): Situation {
  const word = optionValue(readOptions(args, gunicornSwitches), "--pythonpath");
  if (!word) return situation;
  const before = situation.env.get("PYTHONPATH");
  const value = word.known
    ? [word.text.replaceAll(",", ":"), before ?? ""].filter((part) => part !== "").join(":")
    : null;
  return { ...situation, env: new Map(situation.env).set("PYTHONPATH", value) };
}

const workdirRoots = (walk: Walk, situation: Situation): SearchRoot[] =>
  rootsFor(walk, situation, situation.cwd === null ? [] : [{ image: situation.cwd, from: "workdir" }]);

const celery: Launcher = (args, given, walk) => {
  const options = readOptions(
    args,
    set(
      "-C",
      "--no-color",
      "-q",
      "--quiet",
      "-E",
      "-B",
      "--beat",
      "--detach",
      "-D",
      "--skip-checks",
      "--without-gossip",
      "--without-mingle",
      "--without-heartbeat",
    ),
  );
  const directory = optionValue(options, "--workdir");
  const situation: Situation =
    directory?.known && given.cwd !== null ? { ...given, cwd: joinPath(given.cwd, directory.text) } : given;
  const word =
    optionValue(options, "-A", "--app") ?? (args[0] ? fromEnvironment(situation, "CELERY_APP", args[0].at) : null);
  if (!word) return;
  if (!word.known) {
    noteUnknown(walk, `\`${word.text}\` holds a value that is not known`, word.at);
    return;
  }
  const roots = workdirRoots(walk, situation);
  const named = target(word);
  if (named.attribute !== null) {
    addPythonModule(walk, situation, { word, module: named.module, attribute: named.attribute, roots });
    return;
  }
  // `p.q` is the module p.q, or the object q of p; in a package without `app` or `celery`, the module p.q.celery.
  const whole = findModule(walk, named.module, roots, false);
  const dot = named.module.lastIndexOf(".");
  const outer = dot === -1 ? null : findModule(walk, named.module.slice(0, dot), roots, false);
  if (
    whole.presence !== "present" &&
    outer?.presence === "present" &&
    outer.source !== null &&
    !outer.source.endsWith("__init__.py")
  ) {
    addPythonModule(walk, situation, {
      word,
      module: named.module.slice(0, dot),
      attribute: named.module.slice(dot + 1),
      roots,
    });
    return;
  }
  const inner = findModule(walk, `${named.module}.celery`, roots, false);
  if (inner.presence === "present")
    addPythonModule(walk, situation, { word, module: `${named.module}.celery`, attribute: "app", roots });
  else addPythonModule(walk, situation, { word, module: named.module, attribute: "app", roots });
};

const modulesOf =
  (switches: ReadonlySet<string>, skip: number, how: "colon" | "class", directory: string[] = []): Launcher =>
  (args, situation, walk) => {
    const options = readOptions(args, switches);
    const extra = optionValue(options, ...directory);
    const first: { image: ImagePath; from: SearchRoot["from"] }[] = [];
    if (extra?.known && situation.cwd !== null)
      first.push({ image: joinPath(situation.cwd, extra.text), from: "app-dir" });
    if (situation.cwd !== null) first.push({ image: situation.cwd, from: "workdir" });
    const roots = rootsFor(walk, situation, first);
    for (const word of options.rest.slice(skip)) {
      if (!word.known) {
        noteUnknown(walk, `\`${word.text}\` holds a value that is not known`, word.at);
        continue;
      }
      if (how === "class") {
        const dot = word.text.lastIndexOf(".");
        if (dot > 0)
          addPythonModule(walk, situation, {
            word,
            module: word.text.slice(0, dot),
            attribute: word.text.slice(dot + 1),
            roots,
          });
        return;
      }
      const { module, attribute, factory } = target(word);
      addPythonModule(walk, situation, { word, module, attribute, factory, roots });
    }
  };

/** The runtime of AWS Lambda takes `pkg/mod.handler`: the module of the directory, and what in it is called. */
const lambda: Launcher = ([word], situation, walk) => {
  if (!word) return;
  if (!word.known) {
    noteUnknown(walk, `\`${word.text}\` holds a value that is not known`, word.at);
    return;
  }
  const dot = word.text.lastIndexOf(".");
  if (dot <= 0) return;
  addPythonModule(walk, situation, {
    word,
    module: word.text.slice(0, dot).replaceAll("/", "."),
    attribute: word.text.slice(dot + 1),
    roots: workdirRoots(walk, situation),
  });
};

const flask: Launcher = (args, situation, walk) => {
  const options = readOptions(
    args,
    set("--debug", "--no-debug", "--reload", "--no-reload", "--with-threads", "--without-threads"),
    false,
  );
  const at = args[0]?.at;
  const word = optionValue(options, "--app", "-A") ?? (at ? fromEnvironment(situation, "FLASK_APP", at) : null);
  const cwd = situation.cwd;
  if (cwd === null || !at) return;
  if (!word) {
    if (situation.env.has("FLASK_APP")) {
      noteUnknown(walk, "FLASK_APP is not known", at);
      return;
    }
    const found = lookFor(walk.places, [joinPath(cwd, "wsgi.py"), joinPath(cwd, "app.py")]);
    const subject: Word = { text: found.imagePath?.endsWith("app.py") ? "app.py" : "wsgi.py", known: true, at };
    const roots = rootsFor(walk, situation, [{ image: cwd, from: "workdir" }]);
    addPart(walk, situation, { kind: "file", language: "python", subject, attribute: "app", roots }, found);
    return;
  }
  const { module, attribute, factory } = target(word);
  if (module.endsWith(".py") || module.includes("/")) {
    const file = module.endsWith(".py") ? module : `${module}.py`;
    const path = joinPath(cwd, file);
    const found = lookFor(walk.places, [path, joinPath(cwd, `${module}/__init__.py`)]);
    const roots = rootsFor(walk, situation, [{ image: packageRoot(walk, path), from: "script" }]);
    addPart(walk, situation, { kind: "file", language: "python", subject: word, attribute, factory, roots }, found);
    return;
  }
  addPythonModule(walk, situation, { word, module, attribute, factory, roots: workdirRoots(walk, situation) });
};

/** The first directory upwards that is no package. */
function packageRoot(walk: Walk, path: ImagePath): ImagePath {
  let directory = directoryOf(path);
  while (directory !== "/" && walk.places.answer(joinPath(directory, "__init__.py")).status === "file") {
    directory = directoryOf(directory);
  }
  return directory;
}

const fastapi: Launcher = (args, situation, walk) => {
  const [command, ...rest] = args;
  if (!command || (command.text !== "run" && command.text !== "dev") || situation.cwd === null) return;
  const options = readOptions(rest, set("--reload", "--no-reload", "--proxy-headers", "--no-proxy-headers"));
  const entry = optionValue(options, "--entrypoint", "-e");
  const attribute = optionValue(options, "--app")?.text ?? null;
  if (entry?.known) {
    const { module, attribute: named } = target(entry);
    addPythonModule(walk, situation, { word: entry, module, attribute: named, roots: workdirRoots(walk, situation) });
    return;
  }
  const cwd = situation.cwd;
  const path = options.rest[0];
  const names = path ? [path.text] : ["main.py", "app.py", "api.py", "app/main.py", "app/app.py", "app/api.py"];
  let found = lookFor(
    walk.places,
    names.map((name) => joinPath(cwd, name)),
  );
  if (path && found.presence === "absent" && walk.places.answer(joinPath(cwd, path.text)).status === "directory") {
    found = lookFor(walk.places, [joinPath(cwd, `${path.text}/__init__.py`)]);
  }
  const subject = path ?? { ...command, text: "main.py" };
  const roots = rootsFor(walk, situation, [
    { image: packageRoot(walk, found.imagePath ?? joinPath(cwd, "main.py")), from: "script" },
  ]);
  addPart(walk, situation, { kind: "file", language: "python", subject, attribute, roots }, found);
};

const django = (args: readonly Word[], situation: Situation, walk: Walk, roots: SearchRoot[]): void => {
  const at = args[0]?.at;
  if (!at) return;
  const options = readOptions(
    args,
    set(
      "--noinput",
      "--no-input",
      "--noreload",
      "--nothreading",
      "--insecure",
      "--traceback",
      "--skip-checks",
      "--no-color",
      "--force-color",
      "--clear",
      "-c",
      "-l",
      "--fake",
      "--check",
      "--plan",
      "--run-syncdb",
      "--fake-initial",
      "--link",
      "--dry-run",
    ),
  );
  const word = optionValue(options, "--settings") ?? fromEnvironment(situation, "DJANGO_SETTINGS_MODULE", at);
  if (word?.known) addPythonModule(walk, situation, { word, module: word.text, roots, role: "configuration" });
};

const alembic: Launcher = (args, situation, walk) => {
  const options = readOptions(args, set("--raiseerr", "--sql", "-v", "--verbose", "-q", "--quiet"));
  const at = args[0]?.at;
  if (!at || situation.cwd === null) return;
  const given = optionValue(options, "-c", "--config");
  const conf = given ?? { text: "alembic.ini", known: true, at };
  const part = addConfiguration(walk, situation, conf);
  if (!given && part?.presence === "absent" && pyprojectAlembic(walk, situation)) part.presence = "unknown";
  if (part?.path == null || part.presence !== "present" || part.imagePath === null) return;
  const sections = walk.facts.ini(part.path) ?? [];
  const name = optionValue(options, "-n", "--name")?.text ?? "alembic";
  const values = sections.find((section) => section.name === name)?.values ?? [];
  const here = directoryOf(part.imagePath);
  const scripts = values.find((value) => value.key === "script_location");
  const prepend = values.find((value) => value.key === "prepend_sys_path")?.value ?? ".";
  const roots = rootsFor(
    walk,
    situation,
    prepend
      .split(/[\s:;,]+/)
      .filter((directory) => directory !== "")
      .map((directory) => ({
        image: joinPath(situation.cwd ?? "/", directory.replaceAll("%(here)s", here)),
        from: "app-dir" as const,
      })),
  );
  if (!scripts || scripts.value.includes(":")) return;
  const location = scripts.value.replaceAll("%(here)s", here);
  const subject: Word = { text: `${location}/env.py`, known: true, at: scripts.at };
  const found = lookFor(walk.places, [joinPath(situation.cwd, `${location}/env.py`)]);
  addPart(walk, situation, { kind: "file", language: "python", subject, roots }, found);
};

/** Newer Alembic also reads [tool.alembic] of pyproject.toml. */
function pyprojectAlembic(walk: Walk, situation: Situation): boolean {
  return situation.cwd !== null && walk.places.answer(joinPath(situation.cwd, "pyproject.toml")).status !== "absent";
}

const script: Launcher = (args, situation, walk) => {
  const [command, ...rest] = args;
  if (command?.text !== "run") return;
  const word = readOptions(rest, set("-w", "--watch", "-h", "--headless", "-d", "--debug")).rest[0];
  if (word) addPythonFile(walk, situation, word);
};

const rq: Launcher = (args, situation, walk) => {
  const options = readOptions(args, set("-b", "--burst", "-v", "--verbose", "-q", "--quiet", "--with-scheduler", "-s"));
  const roots = workdirRoots(walk, situation);
  const settings = optionValue(options, "-c", "--config");
  if (settings?.known)
    addPythonModule(walk, situation, { word: settings, module: settings.text, roots, role: "configuration" });
  for (const name of ["-w", "--worker-class", "--job-class", "--queue-class"]) {
    const word = optionValue(options, name);
    const dot = word?.text.lastIndexOf(".") ?? -1;
    if (word?.known && dot > 0)
      addPythonModule(walk, situation, { word, module: word.text.slice(0, dot), roots, role: "preload" });
  }
  noteUnchecked(walk, "rq imports its jobs when they run");
};

const isUwsgiFile = ({ text }: Word): boolean => /\.(?:ini|ya?ml)$/.test(text);

const uwsgi: Launcher = (args, given, walk) => {
  const options = readOptions(
    args,
    set(
      "--master",
      "--enable-threads",
      "--vacuum",
      "--die-on-term",
      "--single-interpreter",
      "--need-app",
      "-M",
      "--lazy-apps",
    ),
  );
  const value = new Map<string, Word>();
  // `%d`, `$(X)` and `@(…)` are filled in by uWSGI.
  const put = (key: string, text: string, at: Location): void => {
    value.set(key, { text, known: !/[%$@]/.test(text), at });
  };
  const ini = optionValue(options, "--ini", "--yaml", "--yml", "-y") ?? options.rest.find(isUwsgiFile) ?? null;
  const conf = ini ? addConfiguration(walk, given, { ...ini, text: ini.text.replace(/:[\w-]+$/, "") }) : null;
  if (conf?.presence === "present" && conf.path !== null) {
    if (/\.ya?ml$/.test(conf.path)) {
      const file = walk.facts.json(conf.path);
      for (const { key, value: node } of entriesOf(valueAt(file?.root, "uwsgi"))) {
        const text = textOf(node);
        if (file && text !== null) put(key.text, text, file.locate(node.start, node.end));
      }
    } else {
      const section = walk.facts.ini(conf.path)?.find((one) => one.name === "uwsgi");
      for (const { key, value: text, at } of section?.values ?? []) put(key, text, at);
    }
  }
  const of = (...names: string[]) => {
    for (const name of names) {
      const word = optionValue(options, `--${name}`, ...(name === "module" ? ["-w"] : [])) ?? value.get(name);
      if (word) return word;
    }
    return null;
  };
  const chdir = of("chdir", "chdir2");
  const cwd = !chdir
    ? given.cwd
    : chdir.known && (given.cwd !== null || chdir.text.startsWith("/"))
      ? joinPath(given.cwd ?? "/", chdir.text)
      : null;
  let situation: Situation = { ...given, cwd };
  const extra = of("pythonpath", "python-path", "pp");
  if (extra)
    situation = { ...situation, env: new Map(situation.env).set("PYTHONPATH", extra.known ? extra.text : null) };
  const file = of("wsgi-file", "file");
  // A file is loaded under a name of its own and adds no folder to the search path.
  const addFile = (one: Word) => addPythonFile(walk, situation, one, undefined, workdirRoots(walk, situation));
  if (file?.known) addFile(file);
  const word = of("module", "wsgi");
  if (word?.known) {
    const { module, attribute } = target(word, "application");
    addPythonModule(walk, situation, { word, module, attribute, roots: workdirRoots(walk, situation) });
  }
  // `/path=module:callable`; the path alone may come from a variable.
  const mount = of("mount");
  const mounted = mount?.text.slice(mount.text.indexOf("=") + 1) ?? "";
  if (mount && /^[\w.]+(?::[\w.]+)?$/.test(mounted)) {
    const at = { ...mount, text: mounted, known: true };
    const { module, attribute } = target(at, "application");
    if (module.endsWith(".py")) addFile({ ...at, text: module });
    else addPythonModule(walk, situation, { word: at, module, attribute, roots: workdirRoots(walk, situation) });
  }
};

const uvicornSwitches = set(
  "--reload",
  "--factory",
  "--use-colors",
  "--no-use-colors",
  "--access-log",
  "--no-access-log",
  "--proxy-headers",
  "--no-proxy-headers",
  "--server-header",
  "--no-server-header",
  "--date-header",
  "--no-date-header",
);

const launchers: Record<string, Launcher> = {
  uvicorn: server({ switches: uvicornSwitches, directory: ["--app-dir"] }),
  hypercorn: server({
    switches: set("--reload", "--debug"),
    extra: (options, situation, walk) => {
      const conf = optionValue(options, "-c", "--config");
      if (conf && !/^(?:python|file):/.test(conf.text)) addConfiguration(walk, situation, conf);
    },
  }),
  daphne: server({ switches: set("--proxy-headers", "--no-server-name") }),
  granian: server({
    switches: set(
      "--reload",
      "--no-reload",
      "--factory",
      "--no-factory",
      "--access-log",
      "--no-access-log",
      "--ws",
      "--no-ws",
      "--log",
      "--no-log",
      "--respawn-failed-workers",
      "--no-respawn-failed-workers",
      "--metrics",
      "--no-metrics",
    ),
    chdir: ["--working-dir"],
  }),
  "waitress-serve": server({ switches: set("--call", "--no-expose-tracebacks", "--expose-tracebacks") }),
  gunicorn,
  uwsgi,
  celery,
  dramatiq: modulesOf(set("--watch-use-polling", "-v", "--verbose", "--use-spawn", "--skip-logging"), 0, "colon", [
    "-P",
    "--path",
  ]),
  awslambdaric: lambda,
  arq: modulesOf(set("--burst", "--no-burst", "--check", "-v", "--verbose"), 0, "class"),
  taskiq: (args, situation, walk) => {
    if (args[0]?.text === "worker" || args[0]?.text === "scheduler") {
      modulesOf(
        set("-fsd", "--fs-discover", "--no-configure-logging", "--reload", "-r", "--skip-first-run"),
        0,
        "colon",
        ["--app-dir", "-d"],
      )(args.slice(1), situation, walk);
    }
  },
  rq,
  rqworker: (args, situation, walk) => rq(args, situation, walk),
  flask,
  quart: flask,
  fastapi,
  streamlit: script,
  chainlit: script,
  jupyter: (_args, _situation, walk) => noteUnchecked(walk, "jupyter imports notebooks when they run"),
  mkdocs: (_args, _situation, walk) => noteUnchecked(walk, "mkdocs imports no module of this repository"),
  alembic,
  "django-admin": (args, situation, walk) => django(args, situation, walk, workdirRoots(walk, situation)),
};

/** Interprets a Python launcher; false when the program is none. */
export function runPython(
  name: string,
  program: Word,
  args: readonly Word[],
  situation: Situation,
  walk: Walk,
): boolean {
  if (/^(?:python|pypy)(?:\d+(?:\.\d+)?)?(?:\.exe)?$/.test(name)) {
    interpreter(program, args, situation, walk);
    return true;
  }
  const launcher = Object.hasOwn(launchers, name) ? launchers[name] : undefined;
  if (!launcher) return false;
  const before = walk.parts.length;
  launcher(args, situation, walk);
  if (DJANGO_SERVERS.has(name)) djangoSettings(args, situation, walk, walk.parts.slice(before));
  return true;
}

/** Programs that serve an application or work for it, in which Django sets itself up by the environment's settings module. */
const DJANGO_SERVERS = set(
  "gunicorn",
  "uvicorn",
  "hypercorn",
  "daphne",
  "granian",
  "uwsgi",
  "waitress-serve",
  "celery",
);

/** `started`: what the server was found to load; its options may have moved it to another directory. */
function djangoSettings(
  args: readonly Word[],
  situation: Situation,
  walk: Walk,
  started: readonly { roots: SearchRoot[] }[],
): void {
  const word = args[0] && fromEnvironment(situation, "DJANGO_SETTINGS_MODULE", args[0].at);
  if (!word?.known) return;
  const roots = started.findLast((one) => one.roots.length > 0)?.roots;
  if (!roots && args.some(({ text }) => /^--(?:chdir2?|workdir|working-dir|app-dir|pythonpath|pp)\b/.test(text)))
    return;
  addPythonModule(walk, situation, {
    word,
    module: word.text,
    roots: roots ?? workdirRoots(walk, situation),
    role: "configuration",
  });
}

function interpreter(program: Word, args: readonly Word[], situation: Situation, walk: Walk): void {
  let at = 0;
  for (; at < args.length; at++) {
    const word = args[at]!;
    const { text } = word;
    if (text === "-m" || /^-[a-zA-Z]*m$/.test(text)) {
      asModule(args[at + 1], args.slice(at + 2), situation, walk);
      return;
    }
    if (/^-m./.test(text)) {
      asModule({ ...word, text: text.slice(2) }, args.slice(at + 1), situation, walk);
      return;
    }
    if (text === "-c" || /^-[a-zA-Z]*c$/.test(text)) {
      const code = args[at + 1];
      if (code) inline(code, situation, walk);
      return;
    }
    if (text === "-X" || text === "-W" || text === "--check-hash-based-pycs") at++;
    // It says so and ends: nothing of the repository is started.
    else if (/^(?:--version|-VV?|--help(?:-\w+)?|-h|-\?)$/.test(text)) return;
    else if (text === "-") {
      noteUnknown(walk, "the program is read from standard input", word.at);
      return;
    } else if (!text.startsWith("-")) break;
  }
  const file = args[at];
  if (!file) return;
  if (!file.known) {
    noteUnknown(walk, `\`${file.text}\` holds a value that is not known`, file.at);
    return;
  }
  const base = file.text.slice(file.text.lastIndexOf("/") + 1);
  if (/(?:^|\/)bin\/[^/]+$/.test(file.text) && Object.hasOwn(launchers, base)) {
    runPython(base, program, args.slice(at + 1), situation, walk);
    return;
  }
  const part = addPythonFile(walk, situation, file);
  if (part && base === "manage.py") django(args.slice(at + 1), situation, walk, part.roots);
}

function asModule(word: Word | undefined, rest: readonly Word[], situation: Situation, walk: Walk): void {
  if (!word) return;
  if (!word.known) {
    noteUnknown(walk, `\`${word.text}\` holds a value that is not known`, word.at);
    return;
  }
  const name = word.text.replace(/\.__main__$/, "");
  if (name === "debugpy" || name === "coverage" || name === "memray") {
    walk.run([{ ...word, text: name }, ...rest], situation);
    return;
  }
  if (name === "django") {
    walk.run([{ ...word, text: "django-admin" }, ...rest], situation);
    return;
  }
  if (Object.hasOwn(launchers, name)) {
    runPython(name, word, rest, situation, walk);
    return;
  }
  const part = addPythonModule(walk, situation, {
    word,
    module: name,
    roots: workdirRoots(walk, situation),
    asMain: true,
  });
  if (!part) noteUnchecked(walk, `\`python -m ${name}\` is no module of this repository`);
}

/** `python -c`: the modules of its import statements. */
function inline(code: Word, situation: Situation, walk: Walk): void {
  const roots = workdirRoots(walk, situation);
  const modules = new Set<string>();
  for (const statement of code.text.slice(0, 20_000).split(/[;\n]/)) {
    const from = /^\s*from\s+([\w.]+)\s+import\b/.exec(statement);
    if (from) modules.add(from[1]!);
    const names = /^\s*import\s+(.+)$/.exec(statement);
    if (names) for (const name of names[1]!.split(",")) modules.add(name.trim().split(/\s/)[0]!);
  }
  for (const module of modules) {
    if (isDotted(module)) addPythonModule(walk, situation, { word: { ...code, text: module }, module, roots });
  }
}
