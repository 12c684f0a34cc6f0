import type { ShellCommand, ShellWord } from "../../types/shell.ts";

/** What a variable of a script holds wherever it is read; null where that cannot be told. */
export type ShellLiterals = (name: string) => string | null;

/** Commands that give a variable named by an argument another value. */
const SETS_ARGUMENTS = new Set([
  "read",
  "mapfile",
  "readarray",
  "getopts",
  "unset",
  "printf",
  "let",
  "eval",
  "source",
  ".",
]);
/** Where an assignment may be skipped, repeated, or seen elsewhere only. */
const UNCERTAIN = new Set(["condition", "branch", "case", "loop", "subshell", "function", "substitution"]);

/**
 * The variables of a script that are assigned once, certainly, from text and other such variables: `ENV=staging`, `KEY="api-key-$ENV"`.
 * A name that anything else may set, a positional parameter and a default (`${1:-staging}`) are not told.
 */
export function shellLiterals(commands: readonly ShellCommand[]): ShellLiterals {
  const values = new Map<string, ShellWord | null>();
  for (const command of commands) {
    const certain = command.join === ";" && !command.within.some((one) => UNCERTAIN.has(one.kind));
    for (const { name, value, append } of command.assignments) {
      // `X=1 program` holds for that program only.
      const stays = command.words.length === 0 || /^(?:export|declare|readonly|typeset)$/.test(command.name ?? "");
      if (!stays) continue;
      values.set(name, certain && !append && !values.has(name) ? value : null);
    }
    if (command.name !== null && SETS_ARGUMENTS.has(command.name))
      for (const word of command.words.slice(1)) values.set(word.text, null);
  }
  const known = new Map<string, string | null>();
  const textOf: ShellLiterals = (name) => {
    if (!known.has(name)) {
      // A variable that is made of itself has no text.
      known.set(name, null);
      const word = values.get(name);
      // Without expansions a dollar sign is text of single quotes, and no secret has one in its name.
      if (word) known.set(name, expanded(word.text, word.expansions.length > 0 ? textOf : () => null));
    }
    return known.get(name) ?? null;
  };
  return textOf;
}

/** The text with its `$X` and `${X}` replaced; null where one of them is not known, or anything else is left to the shell. */
export function expanded(text: string, literals: ShellLiterals): string | null {
  let unknown = false;
  const result = text.replace(/\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g, (_, braced, plain) => {
    const value = literals(braced ?? plain);
    if (value === null) unknown = true;
    return value ?? "";
  });
  return unknown || /[$`]/.test(result) ? null : result;
}
