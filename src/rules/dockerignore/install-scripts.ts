import type { ImageContentsModel, RunStep } from "../../types/image.ts";
import { commandsOf, joinPath } from "./shell-text.ts";

/** Scripts of a package.json that an install of its packages runs, in this order (docs.npmjs.com/cli/using-npm/scripts). */
const LIFECYCLE = ["preinstall", "install", "postinstall", "prepare"];
const MOST_SCRIPTS = 50;

/** The commands of the scripts that `npm ci` and its like run in their folder; none where it is told to run none. */
export function installScripts(
  words: readonly string[],
  cwd: string | null,
  { files, environment, text }: RunStep,
  { scriptsOf }: ImageContentsModel,
): string[][] {
  const [program = "", verb = "", ...rest] = words;
  const installs =
    program === "yarn"
      ? verb === "" || verb === "install" || verb.startsWith("-")
      : /^(?:npm|pnpm|bun)$/.test(program) && /^(?:ci|clean-install|install|i)$/.test(verb);
  // With a name of its own it adds a package, and `--prefix` is another folder.
  if (!installs || rest.some((word) => !word.startsWith("-"))) return [];
  if (words.some((word) => /^(?:--ignore-scripts|--prefix|-C|--cwd|-g|--global|--lockfile-only)/.test(word))) return [];
  if (/ignore[-_]scripts/i.test(`${[...environment.keys()].join(" ")} ${text}`)) return [];
  const answer = files.answer(joinPath(cwd, "package.json") ?? "");
  const scripts = answer.status === "present" && answer.file.source !== null ? scriptsOf(answer.file.source) : null;
  if (!scripts) return [];
  const seen = new Set<string>();
  return LIFECYCLE.flatMap((name) => commandsBelow(name, scripts, seen));
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
