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
 * The variables of a script that are assigned once, or grow step by step, certainly, from text and other such variables: `ENV=staging`, `KEY="api-key-$ENV"`.
 * A name that anything else may set, a positional parameter and a default (`${1:-staging}`) are not told.
 */
export function shellLiterals(commands: readonly ShellCommand[]): ShellLiterals {
  /** The assignments that make up each value, in order; null where it cannot be told. */
  const values = new Map<string, readonly Step[] | null>();
  /** Names whose value something has already taken. */
  const taken = new Set<string>();
  for (const command of commands) {
    const certain = command.join === ";" && !command.within.some((one) => UNCERTAIN.has(one.kind));
    for (const word of command.words) for (const name of namesIn(word)) taken.add(name);
    for (const { name, value, append } of command.assignments) {
      const names = value === null ? [] : namesIn(value);
      for (const other of names) if (other !== name) taken.add(other);
      // `X=1 program` holds for that program only, and `export X` changes nothing.
      const stays = command.words.length === 0 || /^(?:export|declare|readonly|typeset)$/.test(command.name ?? "");
      if (!stays || (value === null && command.words.length > 0)) continue;
      // `LIST="$LIST,B=b"`, `LIST+=",B=b"`: one value in several steps, as long as nothing takes it halfway.
      const before = values.get(name);
      const grows = (append || names.includes(name)) && before && !taken.has(name);
      const told = certain && value !== null && (grows || (!append && !values.has(name)));
      values.set(name, told ? [...(grows ? before : []), { value, append }] : null);
    }
    if (command.name !== null && SETS_ARGUMENTS.has(command.name))
      for (const word of command.words.slice(1)) values.set(word.text, null);
  }
  const known = new Map<string, string | null>();
  const textOf: ShellLiterals = (name) => {
    if (!known.has(name)) {
      // A variable that is made of itself alone has no text.
      known.set(name, null);
      let text: string | null = null;
      for (const [index, { value, append }] of (values.get(name) ?? []).entries()) {
        const before: string | null = text;
        const literals: ShellLiterals = (other) => (other === name && index > 0 ? before : textOf(other));
        // Without expansions a dollar sign is text of single quotes, and no secret has one in its name.
        const own = expanded(value.text, value.expansions.length > 0 ? literals : () => null);
        text = append ? (before === null || own === null ? null : before + own) : own;
      }
      known.set(name, text);
    }
    return known.get(name) ?? null;
  };
  return textOf;
}

interface Step {
  value: ShellWord;
  append: boolean;
}

/** The variables that a word takes. */
const namesIn = ({ expansions }: ShellWord): string[] => expansions.flatMap((one) => one.name ?? []);

/** Longest text that is told: each that is made of two others doubles. */
const LONGEST = 20_000;

/** The text with its `$X` and `${X}` replaced; null where one of them is not known, or anything else is left to the shell. */
export function expanded(text: string, literals: ShellLiterals): string | null {
  let unknown = false;
  const result = text.replace(/\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g, (_, braced, plain) => {
    const value = literals(braced ?? plain);
    if (value === null) unknown = true;
    return value ?? "";
  });
  return unknown || result.length > LONGEST || /[$`]/.test(result) ? null : result;
}
