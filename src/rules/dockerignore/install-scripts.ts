import type { Image, ImageContentsModel, PackageScripts, RunStep } from "../../types/image.ts";
import { commandsOf, joinPath } from "./shell-text.ts";

/** Scripts of a package.json that an install of its packages runs, in this order (docs.npmjs.com/cli/using-npm/scripts). */
const LIFECYCLE = ["preinstall", "install", "postinstall", "prepare"];
const MOST_SCRIPTS = 50;

/** Whether a RUN takes scripts out of a package.json, or writes another one: `npm pkg delete scripts.prepare`. */
export const rewritesScripts = ({ runs }: Image): boolean =>
  runs.some(({ text }) => /\bnpm\s+(?:pkg|set-script)\b|\bpackage\.json\b/.test(text));

/** Whether a command installs what the package.json of its folder names: with a name of its own it adds a package, and `--prefix` is another folder. */
export function isInstall(words: readonly string[]): boolean {
  const [program = "", verb = "", ...rest] = words;
  const installs =
    program === "yarn"
      ? verb === "" || verb === "install" || verb.startsWith("-")
      : /^(?:npm|pnpm|bun)$/.test(program) && /^(?:ci|clean-install|install|i)$/.test(verb);
  return (
    installs &&
    rest.every((word, index) => word.startsWith("-") || /^--(?:omit|include|only)$/.test(rest[index - 1] ?? "")) &&
    !words.some((word) => /^(?:--prefix|-C|--cwd|-g|--global|--lockfile-only)/.test(word))
  );
}

/** The commands of the scripts that `npm ci` and its like run in their folder, and the package whose they are; null where they run none. */
export function lifecycleCommands(
  words: readonly string[],
  cwd: string | null,
  { files, environment, text }: RunStep,
  { packageOf }: ImageContentsModel,
): { commands: string[][]; package: PackageScripts } | null {
  if (!isInstall(words) || /ignore[-_]scripts/i.test(`${[...environment.keys()].join(" ")} ${text}`)) return null;
  const answer = files.answer(joinPath(cwd, "package.json") ?? "");
  const found = answer.status === "present" && answer.file.source !== null ? packageOf(answer.file.source) : null;
  if (!found) return null;
  const seen = new Set<string>();
  return { commands: LIFECYCLE.flatMap((name) => commandsBelow(name, found.scripts, seen)), package: found };
}

/** The commands of a script, with those of the scripts that it runs; none that may be passed over. */
function commandsBelow(name: string, scripts: ReadonlyMap<string, string>, seen: Set<string>): string[][] {
  const text = scripts.get(name);
  if (text === undefined || seen.has(name) || seen.size >= MOST_SCRIPTS || /\|\||[;$`]|\bif\b/.test(text)) return [];
  seen.add(name);
  return [...commandsOf(text, "/")].flatMap(({ words, cwd }) => {
    if (cwd !== "/") return [];
    const [program = "", verb = "", third = ""] = words;
    if (!/^(?:npm|yarn|pnpm|bun)$/.test(program)) return [words];
    const inner = verb === "run" ? third : program === "npm" ? "" : verb;
    return scripts.has(inner) ? commandsBelow(inner, scripts, seen) : [words];
  });
}
