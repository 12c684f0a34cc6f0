import { baseName, inRepository } from "../../text/paths.ts";
import type { FactReader } from "../../types/facts.ts";
import type { FrontEnd } from "../../types/front-build.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { textOf, valueAt } from "../data.ts";
import { below } from "../image/paths.ts";
import { shellCommands } from "../image/shell-lines.ts";

/** The bundlers' own commands, behind whatever starts them. */
const BUNDLES =
  /\b(?:next|vite|react-scripts|craco|vue-cli-service|gatsby|astro|react-router|remix(?:\s+vite:)?)[ :]build\b|\bsvelte-kit\s+build\b/;
const PACKAGE_MANAGER = /^(?:npm|pnpm|yarn|bun)$/;
const OWN_COMMANDS =
  /^(?:ci|i|install|add|config|cache|exec|dlx|set|prune|deploy|fetch|store|global|link|pack|publish|remove|audit|why|x|init|create|version|rebuild)$/;
const MOST_SCRIPTS = 50;

/** Servers that bundle for each request, with the variables that they find when they start. */
const SERVES =
  /\bvite(?: (?:dev|serve))?(?= -|$)|\b(?:react-scripts|craco) start\b|\bvue-cli-service serve\b|\b(?:next|astro|nuxi|react-router) dev\b|\bgatsby develop\b|\bwebpack(?:-dev-server| serve)\b/;

/** How a shell text builds a front end. */
export interface FrontCommand {
  /** The command, and every script of a package.json that it runs: what these name is known to the build. */
  text: string;
  /** False where one command builds all packages, and this one may not be among them. */
  certain: boolean;
}

/** Where the text of a command runs, in terms of the repository. */
export interface CommandPlace {
  files: FileTree;
  facts: FactReader;
  /** Working directory at its start, as the command sees it. */
  cwd: string;
  /** The directory of the repository that stands at a path that the command sees; null: none that is known. */
  directoryAt(path: string): RepoPath | null;
}

/** Whether a shell text starts a server that bundles a front end itself. */
export function servesFromSource(text: string, frontEnd: FrontEnd, place: CommandPlace): boolean {
  return frontCommand(text, frontEnd, place, SERVES)?.certain === true;
}

/** How a shell text builds a front end, or null where it does not. */
export function frontCommand(
  text: string,
  frontEnd: FrontEnd,
  place: CommandPlace,
  wanted: RegExp = BUNDLES,
): FrontCommand | null {
  let cwd = place.cwd;
  // Each script is followed once, however often scripts call one another.
  const reading = { ...place, frontEnd, wanted, followed: new Set<string>() };
  for (const words of shellCommands(text)) {
    if ((words[0] === "cd" || words[0] === "pushd") && words[1] !== undefined) {
      cwd = words[1].startsWith("/") ? words[1] : `${cwd}/${words[1]}`;
      continue;
    }
    const found = command(words, place.directoryAt(cwd), reading);
    if (found) return { ...found, text: `${text}\n${found.text}` };
  }
  return null;
}

interface Reading extends CommandPlace {
  frontEnd: FrontEnd;
  wanted: RegExp;
  followed: Set<string>;
}

function command(all: readonly string[], directory: RepoPath | null, reading: Reading): FrontCommand | null {
  const { frontEnd } = reading;
  const words = unwrapped(all);
  const line = words.join(" ");
  // Of a package manager only what selects a package names one: a script may be called like a folder.
  const named = names(PACKAGE_MANAGER.test(words[0] ?? "") ? selectors(words) : line, frontEnd);
  if (reading.wanted.test(line)) return directory === frontEnd.directory || named ? { text: "", certain: true } : null;
  // A runner of tasks: it builds what its filter names, else everything.
  if (/^(?:turbo|nx)$/.test(words[0] ?? "") && /\bbuild\b/.test(line)) {
    if (named) return { text: "", certain: true };
    if (!isAmong(frontEnd, directory)) return null;
    return /--filter|--scope|--project|-F\b/.test(line) || (words[0] === "nx" && !/run-many|affected/.test(line))
      ? null
      : { text: "", certain: false };
  }
  if (!PACKAGE_MANAGER.test(words[0] ?? "")) return null;
  const selected = named ? frontEnd.directory : selectedDirectory(words, directory);
  const everywhere = /\s(?:-r|--recursive|--workspaces|-ws)\b|\bworkspaces\s+(?:run|foreach)\b/.test(line);
  const script = scriptOf(words);
  if (script === null) return null;
  if (everywhere && !named) {
    if (!isAmong(frontEnd, directory)) return null;
    const own = scripted(frontEnd.directory, script, reading);
    return own && !/--filter|-F\b/.test(line) ? { ...own, certain: false } : null;
  }
  return selected === null ? null : scripted(selected, script, reading);
}

/** Whether a command for all packages below a directory may be one for this front end. */
function isAmong(frontEnd: FrontEnd, directory: RepoPath | null): boolean {
  return directory === null || below(directory, frontEnd.directory) !== null;
}

/** Follows a script of a package.json. */
function scripted(directory: RepoPath, script: string, reading: Reading): FrontCommand | null {
  const id = `${directory}
${script}`;
  if (reading.followed.has(id) || reading.followed.size > MOST_SCRIPTS) return null;
  reading.followed.add(id);
  const path = directory === "" ? "package.json" : `${directory}/package.json`;
  const root = reading.files.has(path) ? (reading.facts.get("data", path)?.documents[0]?.root ?? null) : null;
  const text = textOf(valueAt(root, "scripts", script));
  if (text === null) return null;
  let cwd: RepoPath | null = directory;
  for (const words of shellCommands(text)) {
    if (words[0] === "cd" && words[1] !== undefined) {
      cwd = cwd === null ? null : inRepository(cwd, words[1]);
      continue;
    }
    // `run-s build:*` and its kin run scripts of the same package.
    const scripts = /^(?:run-[sp]|npm-run-all|concurrently)$/.test(words[0] ?? "")
      ? words.slice(1).filter((one) => /^[\w:-]+$/.test(one))
      : [];
    for (const one of scripts) {
      const found = scripted(directory, one, reading);
      if (found) return { ...found, text: `${text}\n${found.text}` };
    }
    const found = command(words, cwd, reading);
    if (found) return { ...found, text: `${text}\n${found.text}` };
  }
  return null;
}

/** Takes off what only sets variables or starts something else. */
function unwrapped(words: readonly string[]): string[] {
  const rest = [...words];
  for (;;) {
    const [first, second] = rest;
    if (first === undefined) return rest;
    if (/^(?:env|cross-env|cross-env-shell|npx|bunx|pnpx|exec|time)$/.test(first) || /^[A-Za-z_]\w*=/.test(first))
      rest.shift();
    else if (/^(?:pnpm|yarn|npm|bun)$/.test(first) && /^(?:exec|dlx|x)$/.test(second ?? "")) rest.splice(0, 2);
    else if (/^(?:dotenv|dotenvx|env-cmd)$/.test(first)) {
      const dashes = rest.indexOf("--");
      if (dashes !== -1) rest.splice(0, dashes + 1);
      else rest.splice(0, /^-[ef]$/.test(second ?? "") ? 3 : 1);
    } else if (/^-[\w-]*$/.test(first)) rest.shift();
    else if (/^(?:pnpm|yarn|npm|bun)$/.test(first) && second !== undefined && /^(?:turbo|nx|next|vite)$/.test(second))
      rest.shift();
    else if (/^(?:pnpm|yarn|npm|bun)$/.test(first) && second === "run" && /^(?:turbo|nx)$/.test(rest[2] ?? ""))
      rest.splice(0, 2);
    else return rest;
  }
}

/** Whether a command line names the package: by its name, or by its directory. */
function names(line: string, { name, directory }: FrontEnd): boolean {
  const last = baseName(directory);
  return [name, directory, directory === "" ? null : `./${directory}`].some(
    (one) =>
      one !== null &&
      one !== "" &&
      new RegExp(`(?:^|[\\s"'=:{])${one.replace(/[^\w]/g, "\\$&")}(?=$|[\\s"'.:}])`).test(line),
  )
    ? true
    : last !== "" &&
        new RegExp(`\\bnx\\s+(?:run\\s+)?(?:build\\s+)?${last.replace(/[^\w]/g, "\\$&")}(?=$|[\\s:])`).test(line);
}

/** The values of the flags that select packages. */
function selectors(words: readonly string[]): string {
  return words
    .flatMap((word, index) => {
      if (/^(?:--filter|--scope|-F|-w|--workspace|workspace)$/.test(word)) return [words[index + 1] ?? ""];
      return /^(?:--filter|--scope|-F|-w|--workspace)=(.*)$/.exec(word)?.[1] ?? [];
    })
    .join(" ");
}

/** `--prefix web`, `-C web`, `--cwd web`: another directory; null where another package is selected. */
function selectedDirectory(words: readonly string[], directory: RepoPath | null): RepoPath | null {
  for (const [index, word] of words.entries()) {
    const value = /^(?:--prefix|-C|--dir|--cwd)$/.test(word)
      ? words[index + 1]
      : /^(?:--prefix|--dir|--cwd)=(.+)$/.exec(word)?.[1];
    if (value !== undefined) return directory === null ? null : inRepository(directory, value);
    if (word === "-w" && words[0] === "pnpm") return "";
    if (/^(?:--filter|-F|-w|--workspace|workspace)(?:=|$)/.test(word)) return null;
  }
  return directory;
}

/** The script that a package manager is asked to run; null for its own commands. */
function scriptOf(words: readonly string[]): string | null {
  const rest: string[] = [];
  for (let at = 1; at < words.length; at++) {
    const word = words[at]!;
    // Of pnpm `-w` is the root of the workspace.
    if (word === "-w" && words[0] === "pnpm") continue;
    if (/^(?:--prefix|-C|--dir|--cwd|--filter|-F|-w|--workspace|workspace)$/.test(word)) at++;
    else if (!word.startsWith("-")) rest.push(word);
  }
  const [first, second] = rest;
  if (first === "run" || first === "run-script") return second ?? null;
  return first === undefined || OWN_COMMANDS.test(first) ? null : first;
}
