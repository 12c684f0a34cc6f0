import type { ShellCommand, ShellScript, ShellWord } from "../../types/shell.ts";
import type { Location } from "../../types/text.ts";
import { type Lookup, type SimpleCommand, splitCommands, type Word } from "./words.ts";

interface ScriptInput {
  script: ShellScript;
  locate(start: number, end: number): Location;
  lookup: Lookup;
  parameters: readonly Word[] | null;
}

/** The commands of a shell script that may run, in text order, with what is known of variables filled in. */
export function commandsOf(input: ScriptInput): SimpleCommand[] {
  const own = input.script.commands.filter((command) => !command.within.some((one) => one.kind === "substitution"));
  const commands: SimpleCommand[] = [];
  let tested = false;
  for (const [index, command] of own.entries()) {
    const next = own[index + 1];
    const chained = command.join === "&&" || command.join === "||";
    tested = chained && (tested || isTest(own[index - 1]));
    const conditional =
      command.within.some((one) => ["branch", "case", "loop", "function"].includes(one.kind)) || tested;
    const defaults = defaultsSet(command, input);
    if (defaults.length > 0) commands.push({ assignments: defaults, words: [], join: null, conditional });
    const follows = next === undefined || next.join === ";" ? null : next.join === "|&" ? "|" : next.join;
    commands.push({
      assignments: command.assignments.flatMap(({ name, value, start, end }) => {
        if (!value) return [];
        return [{ name, value: joined(expand(value, input), input.locate(start, end)) }];
      }),
      words: wordsOf(command, input),
      join: command.background ? "&" : follows,
      conditional,
    });
  }
  return commands;
}

/** What `: "${LEVEL:=info}"` sets: the variable has its own value, else this one. */
function defaultsSet(command: ShellCommand, { lookup, locate }: ScriptInput): SimpleCommand["assignments"] {
  if (command.name !== ":") return [];
  return command.words.flatMap(({ expansions }) =>
    expansions.flatMap(({ name, operator, argument, start, end }) => {
      if (name === null || (operator !== ":=" && operator !== "=")) return [];
      const text = lookup(name) ?? argument ?? "";
      return [{ name, value: { text, known: !/[$`"']/.test(text), at: locate(start, end) } }];
    }),
  );
}

/** The words of an assignment as the one value that they make: `CMD="$@"`. */
function joined(words: readonly Word[], at: Location): Word {
  return { text: words.map(({ text }) => text).join(" "), known: words.every(({ known }) => known), at };
}

function isTest(command: ShellCommand | undefined): boolean {
  return command !== undefined && (command.name === "[" || command.name === "[[" || command.name === "test");
}

function wordsOf(command: ShellCommand, input: ScriptInput): Word[] {
  const words = command.words.flatMap((word) => expand(word, input));
  // `export A=b` keeps its assignments apart; the walk reads them as words.
  if (!/^(?:export|declare|typeset|readonly|local)$/.test(command.name ?? "")) return words;
  for (const { name, value, start, end } of command.assignments) {
    const at = input.locate(start, end);
    const word = value && joined(expand(value, input), at);
    words.push(word ? { ...word, text: `${name}=${word.text}` } : { text: name, known: true, at });
  }
  return words;
}

/** A word with its variables filled in; an unquoted variable may become several, `"$@"` all parameters. */
function expand(word: ShellWord, { lookup, parameters, locate }: ScriptInput): Word[] {
  const at = locate(word.start, word.end);
  if (word.quotes === "single" || word.expansions.length === 0) return [{ text: word.text, known: true, at }];
  const escaped =
    word.quotes === "none" ? word.text.replace(/[\s"'\\;&|<>#]/g, "\\$&") : word.text.replace(/["\\]/g, "\\$&");
  const text = word.quotes === "none" ? escaped : `"${escaped}"`;
  // What stands in braces and parentheses was escaped too, although the splitter reads it as it is.
  const plain = text.replace(/\$(?:\{[^}]*\}|\([^)]*\))/g, (part) => part.replace(/\\(.)/g, "$1"));
  const words = splitCommands({ text: `x ${plain}`, locate: () => at, lookup, parameters })[0]?.words ?? [];
  return words.slice(1);
}
