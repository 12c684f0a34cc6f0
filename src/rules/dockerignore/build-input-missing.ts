import { baseName } from "../../text/paths.ts";
import type { Report, Severity } from "../../types/finding.ts";
import type { ContextAnswer, Image, ImageContentsModel, RunStep } from "../../types/image.ts";
import type { Check } from "../../types/rule.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { leftOutByInstall } from "./dev-programs.ts";
import { lifecycleCommands, rewritesScripts } from "./install-scripts.ts";
import { absenceText, lineOf, makeCollector, severityIn } from "./reporting.ts";
import { commandsOf, joinPath } from "./shell-text.ts";

export const buildInputMissing: Check<"images" | "imageContents" | "files", "dockerignore/build-input-missing"> = {
  needs: ["images", "imageContents", "files"],
  *run({ images, imageContents, files }) {
    const collector = makeCollector();
    for (const image of images.images) {
      if (image.build.context.kind === "unknown") continue;
      for (const run of image.runs) {
        if (!run.needed) continue;
        for (const report of judge(run, image, imageContents, files))
          collector.add({ ...report, severity: severityIn(image.build, report.severity) });
      }
    }
    yield* collector.list();
  },
};

/** One thing that a command reads: any of these paths will do. `beside`: a file of the project that must be there for the claim. */
interface Need {
  anyOf: string[];
  beside: string[];
  why: string;
  /** Claimed only where an ignore line keeps it out: else an earlier step may bring it from elsewhere. */
  ignored?: true;
  /** It is a folder. */
  directory?: true;
  /** The script that runs the command, where an install runs that. */
  script?: readonly string[];
}

function* judge(
  run: RunStep,
  image: Image,
  contents: ImageContentsModel,
  files: FileTree,
): Iterable<Report & { severity: Severity }> {
  const isRewritten = rewritesScripts(image);
  for (const { words, cwd } of commandsOf(run.text, run.workdir)) {
    const needs = [
      ...needsOf(words),
      ...projectNeeds(words, cwd, run, image, contents),
      ...(isRewritten ? [] : installNeeds(words, cwd, run, contents)),
    ];
    for (const need of needs) {
      if (isGuarded(run.text, need)) continue;
      const paths = need.anyOf.map((name) => joinPath(cwd, name));
      if (paths.some((path) => path === null || isMounted(path, run))) continue;
      const answers = paths.map((path) => run.files.answer(path!));
      if (!answers.every((answer) => answer.status === "absent")) continue;
      const source = expectedSource(need, cwd, run, image, files);
      if (source === null) continue;
      const why = image.context.answer(source);
      if (why.status === "unknown" || why.status === "filtered" || (need.ignored && why.status !== "ignored")) continue;
      yield {
        severity: why.status === "untracked" ? "warning" : "error",
        subject: need.anyOf[0]!,
        at: run.at,
        message: `\`${words.slice(0, 4).join(" ")}\` ${need.script ? `runs \`${need.script.slice(0, 4).join(" ")}\`, which ` : ""}${need.why} ${need.anyOf.join(" or ")}, and ${source} is not in the stage at this point: ${reasonOf(why)}.`,
        related:
          why.status === "ignored"
            ? [{ ...lineOf(why.by, why.line, why.pattern.length), message: "this line leaves it out" }]
            : [],
      };
    }
    for (const { program, script } of isRewritten ? [] : leftOutByInstall(words, cwd, run, contents))
      yield {
        severity: "error",
        subject: program,
        at: run.at,
        message: `\`${words.slice(0, 4).join(" ")}\` runs \`${script.slice(0, 4).join(" ")}\`, and ${program} is among the devDependencies, which this install leaves out: it ends with "not found". Write --ignore-scripts, or let the script go on without it (\`|| true\`).`,
        related: [],
      };
    const version = versionNeed(words, cwd, run, image, contents);
    if (version) yield version;
  }
}

function reasonOf(why: ContextAnswer): string {
  return why.status === "present" ? "no COPY before this line brings it" : (absenceText(why) ?? "it is left out");
}

function needsOf(words: readonly string[]): Need[] {
  const [name = "", verb = "", third = ""] = words;
  const tool = baseName(name);
  const flags = words.filter((word) => word.startsWith("-"));
  if (
    tool === "npm" &&
    (verb === "ci" || verb === "clean-install") &&
    !flags.some((flag) => /^(--prefix|-C|-g)/.test(flag))
  )
    return [{ anyOf: ["package-lock.json", "npm-shrinkwrap.json"], beside: ["package.json"], why: "needs" }];
  if (tool === "pnpm" && (verb === "install" || verb === "i") && flags.includes("--frozen-lockfile"))
    return [{ anyOf: ["pnpm-lock.yaml"], beside: ["package.json"], why: "needs" }];
  if (tool === "yarn" && (verb === "install" || verb === "") && flags.includes("--immutable"))
    return [{ anyOf: ["yarn.lock"], beside: ["package.json"], why: "needs" }];
  if (tool === "uv" && verb === "sync" && (flags.includes("--frozen") || flags.includes("--locked")))
    return [{ anyOf: ["uv.lock"], beside: ["pyproject.toml"], why: "needs" }];
  const pip = /^pip3?(\.\d+)?$/.test(tool)
    ? 1
    : tool === "uv" && verb === "pip"
      ? 2
      : /^python[\d.]*$/.test(tool) && verb === "-m" && third === "pip"
        ? 3
        : 0;
  if (
    pip > 0 &&
    (words[pip] === "install" || words[pip] === "wheel" || words[pip] === "sync" || words[pip] === "download")
  ) {
    return requirementFiles(words.slice(pip + 1)).map((file) => ({ anyOf: [file], beside: [], why: "reads" }));
  }
  if (tool === "go" && verb === "mod" && third === "download") return [{ anyOf: ["go.mod"], beside: [], why: "needs" }];
  const schema = prismaSchema(words);
  if (schema !== null) return [schema];
  const packages = tool === "go" && /^(?:build|install)$/.test(verb) ? goPackages(words.slice(2)) : [];
  if (packages.length > 0)
    return packages.map((path) => ({ anyOf: [path], beside: [], why: "builds", ignored: true, directory: true }));
  const file = fileRun(words);
  return file === null ? [] : [{ anyOf: [file], beside: [], why: "needs", ignored: true }];
}

/** Commands of Prisma that end without its schema, which lies in one of two places by default (prisma.io/docs/orm/prisma-schema/overview/location). */
function prismaSchema(words: readonly string[]): Need | null {
  const runner = /^(?:npx|bunx)$/.test(words[0] ?? "") ? 1 : /^(?:npm|pnpm|yarn|bun)$/.test(words[0] ?? "") ? 1 : 0;
  const [name = "", verb = "", third = ""] = words.slice(
    runner + (/^(?:exec|x|run|dlx)$/.test(words[runner] ?? "") ? 1 : 0),
  );
  if (name.slice(name.lastIndexOf("/") + 1) !== "prisma") return null;
  if (verb !== "generate" && verb !== "validate" && !(verb === "migrate" && third === "deploy")) return null;
  const at = words.findIndex((word) => /^--schema(?:=|$)/.test(word));
  const given = at === -1 ? null : words[at] === "--schema" ? words[at + 1] : words[at]!.slice("--schema=".length);
  if (given === undefined || (given !== null && !/^(?:\.\/)?[\w.-]+(?:\/[\w.-]+)*\.prisma$/.test(given))) return null;
  if (words.some((word) => word.startsWith("--config"))) return null;
  return {
    anyOf: given === null ? ["prisma/schema.prisma", "schema.prisma"] : [given],
    beside: ["package.json"],
    why: "needs",
  };
}

/** The packages that `go build` is given by their folders. */
function goPackages(args: readonly string[]): string[] {
  return args.filter((word, index) => /^\.\/[\w-]+(?:\/[\w-]+)*\/?$/.test(word) && args[index - 1] !== "-o");
}

/** What the scripts need that an install runs. */
function installNeeds(
  words: readonly string[],
  cwd: string | null,
  run: RunStep,
  contents: ImageContentsModel,
): Need[] {
  return (lifecycleCommands(words, cwd, run, contents)?.commands ?? []).flatMap((script) =>
    needsOf(script).flatMap((need) =>
      need.why === "needs" && !/^(?:npm|yarn|pnpm|bun)$/.test(script[0] ?? "")
        ? [{ anyOf: need.anyOf, beside: ["package.json"], why: need.why, script }]
        : [],
    ),
  );
}

/** The script that a command runs, or the project file that tsc is given; null where there is none by name. */
function fileRun(words: readonly string[]): string | null {
  const runner = /^(?:npx|bunx)$/.test(words[0] ?? "") ? 1 : 0;
  const [name = "", ...args] = words.slice(runner);
  const tool = baseName(name);
  const plain = (word: string | undefined) => (word && /^(?:\.\/)?[\w.-]+(?:\/[\w.-]+)*$/.test(word) ? word : null);
  if (tool === "tsc") {
    const at = args.findIndex((word) => /^(?:-p|--project|-b|--build)$/.test(word));
    const given = at === -1 ? undefined : args[at + 1];
    return given?.endsWith(".json") ? plain(given) : null;
  }
  if (/^(?:\.\/)?[\w.-]+(?:\/[\w.-]+)*\.(?:sh|bash|py|[cm]?js)$/.test(name) && name.includes("/")) return plain(name);
  const [script = ""] = args;
  if (/^(?:ba|da|z)?sh$/.test(tool)) return /\.(?:sh|bash)$/.test(script) ? plain(script) : null;
  if (/^python[\d.]*$/.test(tool)) return /\.py$/.test(script) ? plain(script) : null;
  if (/^(?:node|bun|tsx|ts-node)$/.test(tool)) return /\.[cm]?[jt]s$/.test(script) ? plain(script) : null;
  return null;
}

function requirementFiles(args: readonly string[]): string[] {
  const found: string[] = [];
  for (const [index, word] of args.entries()) {
    let file: string | undefined;
    if (word === "-r" || word === "--requirement" || word === "-c" || word === "--constraint") file = args[index + 1];
    else if (/^--(requirement|constraint)=/.test(word)) file = word.slice(word.indexOf("=") + 1);
    else if (/^-[rc][^-]/.test(word)) file = word.slice(2);
    if (file !== undefined && !/[$`*<(]|:\/\//.test(file)) found.push(file);
  }
  return found;
}

/** What the build of a Python project itself reads: its readme, files that setup.py opens. */
function projectNeeds(
  words: readonly string[],
  cwd: string | null,
  run: RunStep,
  image: Image,
  contents: ImageContentsModel,
): Need[] {
  const project = projectIn(words, cwd, run);
  if (project && /(?:^|\/)poetry$/.test(words[0] ?? "") && isFirstPoetry(run, image)) return [];
  const packaging = project === null ? undefined : contents.packaging.get(project.source);
  return (packaging?.reads ?? []).map((file) => ({
    anyOf: [joinPath(project!.path, file)!],
    beside: [],
    why: "builds a project that reads",
  }));
}

/** Poetry 1 says that it could not install the project and goes on; since 2.0 it fails. Seen with 1.7.1 and 2.5.1. */
function isFirstPoetry({ environment }: RunStep, { runs }: Image): boolean {
  const version = environment.get("POETRY_VERSION");
  return (
    (typeof version === "string" && version.startsWith("1.")) ||
    runs.some(({ text }) => /\bpoetry(?:\[[\w,]*\])?[ "']*(?:[=~^<]=?|@)\s*v?1\.|\bPOETRY_VERSION=["']?1\./.test(text))
  );
}

/** The project that `pip install .` and the like build, by where its pyproject.toml or setup.py comes from. */
function projectIn(
  words: readonly string[],
  cwd: string | null,
  run: RunStep,
): { path: string; source: RepoPath } | null {
  const [name = "", verb = ""] = words;
  const tool = baseName(name);
  // An option in a variable may leave the project itself out.
  if (words.some((word) => word.includes("$"))) return null;
  // The same RUN names the project's file: it most likely writes another version or readme into it.
  if (/\b(?:pyproject\.toml|setup\.(?:py|cfg))\b/.test(run.text)) return null;
  let target: string | undefined;
  if (/^(pip3?|uv|python3?)$/.test(tool) && words.includes("install"))
    target = words
      .slice(words.indexOf("install") + 1)
      .find((word) => /^\.{1,2}(\/[\w./-]*)?(\[[\w,-]+\])?$/.test(word));
  else if (tool === "poetry" && verb === "install" && !words.includes("--no-root") && !words.includes("--only-root"))
    target = ".";
  else if (
    tool === "uv" &&
    verb === "sync" &&
    !words.includes("--no-install-project") &&
    !words.includes("--no-install-workspace")
  )
    target = ".";
  if (target === undefined) return null;
  const path = joinPath(cwd, target.replace(/\[.*$/, ""));
  if (path === null) return null;
  for (const file of ["pyproject.toml", "setup.py"]) {
    const answer = run.files.answer(joinPath(path, file)!);
    if (answer.status === "present" && answer.file.source !== null)
      return {
        path,
        source: answer.file.source.includes("/")
          ? answer.file.source.slice(0, answer.file.source.lastIndexOf("/"))
          : "",
      };
  }
  return null;
}

function versionNeed(
  words: readonly string[],
  cwd: string | null,
  run: RunStep,
  image: Image,
  contents: ImageContentsModel,
): (Report & { severity: Severity }) | null {
  const project = projectIn(words, cwd, run);
  const tool = project && contents.packaging.get(project.source)?.version;
  if (!project || !tool || image.build.context.kind !== "directory") return null;
  const pretended = [...run.environment.keys()].some((name) =>
    /^(SETUPTOOLS_SCM_PRETEND_VERSION|PBR_VERSION|POETRY_DYNAMIC_VERSIONING_BYPASS)/.test(name),
  );
  if (
    pretended ||
    /PRETEND_VERSION|PBR_VERSION|\.git\b/.test(run.text) ||
    run.mounts.some((mount) => mount.target?.endsWith(".git") || mount.source === ".")
  )
    return null;
  const excluded = image.context.filter(image.build.context.path === "" ? ".git" : `${image.build.context.path}/.git`);
  if (excluded.status !== "ignored") return null;
  return {
    severity: "error",
    subject: ".git",
    at: run.at,
    message: `The project asks ${tool} for its version, which reads \`.git\`, and line ${excluded.line} of ${excluded.by} (\`${excluded.pattern}\`) leaves it out. Mount it with RUN --mount=type=bind,source=.git,target=.git, or set SETUPTOOLS_SCM_PRETEND_VERSION.`,
    related: [{ ...lineOf(excluded.by, excluded.line, excluded.pattern.length), message: "this line leaves it out" }],
  };
}

/** Commands that look first, or that may fail. */
function isGuarded(text: string, need: Need): boolean {
  if (/\[\[?\s+!?\s*-[efs]\s|\btest\s+!?\s*-[efs]\s|\|\|\s*(true|:|echo|npm (i|install))\b/.test(text)) return true;
  // A command before may write the file.
  if (need.directory) return false;
  return need.anyOf.some((name) => {
    const base = baseName(name).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return new RegExp(
      `(>\\s*\\S*|-o\\s+\\S*|--output(-file)?[= ]\\S*|touch \\S*|cp \\S+ \\S*|mv \\S+ \\S*)${base}`,
    ).test(text);
  });
}

function isMounted(path: string, run: RunStep): boolean {
  return run.mounts.some((mount) => {
    if (mount.type !== "bind") return false;
    const target = mount.target === null ? run.workdir : joinPath(run.workdir, mount.target);
    return target === null || target === path || target === "/" || path.startsWith(`${target}/`);
  });
}

/**
 * The tracked file that the command surely means: beside the project file that did arrive, else the only file of the
 * context that has the name. Without one nothing is claimed: the base image or an earlier RUN may bring it.
 */
function expectedSource(need: Need, cwd: string | null, run: RunStep, image: Image, files: FileTree): RepoPath | null {
  const root = image.context.root ?? "";
  for (const name of need.beside) {
    const path = joinPath(cwd, name);
    const answer = path === null ? null : run.files.answer(path);
    if (answer?.status !== "present" || answer.file.source === null) return null;
    const directory = answer.file.source.includes("/")
      ? answer.file.source.slice(0, answer.file.source.lastIndexOf("/"))
      : "";
    for (const wanted of need.anyOf) {
      const source = joinPath(`/${directory}`, wanted)!.slice(1);
      if (files.has(source)) return source;
    }
    return null;
  }
  const names = need.anyOf.map((name) => name.replace(/^\.?\/|\/$/g, ""));
  for (const name of names) {
    const segments = name.split("/");
    for (let from = 0; from < segments.length; from++) {
      const tail = segments.slice(from).join("/");
      const source = root === "" ? tail : `${root}/${tail}`;
      if (files.has(source) || (need.directory && files.hasDirectory(source))) return source;
    }
  }
  return null;
}
