import type { DataMap } from "../../types/data.ts";
import type { ImagePath } from "../../types/entry.ts";
import type { Related } from "../../types/finding.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import { asMap, valueAt } from "../data.ts";
import { directoryOf } from "../image/paths.ts";
import { nearestName } from "./nearest.ts";
import { joinPath } from "./places.ts";
import { addScript, findScript, typescriptEndings } from "./script-files.ts";
import {
  addPart,
  type Found,
  lookFor,
  noteUnknown,
  optionValue,
  readOptions,
  type Situation,
  type Walk,
} from "./walk.ts";
import type { Word } from "./words.ts";

type Launcher = (args: readonly Word[], situation: Situation, walk: Walk) => void;

const set = (...names: string[]): ReadonlySet<string> => new Set(names);

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
      const root = asMap(data?.root);
      const scripts = asMap(valueAt(root, "scripts"));
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
  const text = valueAt(file.scripts, name.text);
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
    const value = valueAt(file.scripts, script);
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

/** A word as a shell reads it back. */
export function quote(word: Word): string {
  if (!word.known) return word.text;
  return /^[\w./:=@%+,-]+$/.test(word.text) ? word.text : `'${word.text.replaceAll("'", "'\\''")}'`;
}

function isInstalled(root: DataMap | null, name: string): boolean {
  return ["dependencies", "devDependencies", "optionalDependencies"].some((key) => {
    const map = asMap(valueAt(root, key));
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
    const name = valueAt(asMap(walk.facts.json(answer.source)?.root), "name");
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

/** `npm start`, `yarn x`, `pnpm --filter a run x`, `bun run x`. */
export const manager =
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
