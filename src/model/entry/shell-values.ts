import type { EntryFacts, Situation } from "./walk.ts";
import type { SimpleCommand, Word } from "./words.ts";

/** The commands of a text, with the values of variables that are given filled in. */
export type Split = (how: Parameters<EntryFacts["script"]>[1]) => SimpleCommand[];

/** The words of `$RUN_COMMAND` after `RUN_COMMAND="gunicorn app:app --bind $1"`, of which only some are known; of an array that comes first, those behind it. */
export function keptCommand(words: readonly Word[], spelled: ReadonlyMap<string, Word>): readonly Word[] {
  const [first, ...rest] = words;
  if (first?.text === "exec" && rest[0]?.known === false) return keptCommand(rest, spelled);
  if (!first || first.known) return words;
  if (/^\$\{\w+\[@\]\}$/.test(first.text) && rest.length > 0) return rest;
  const kept = spelled.get(variableOf(first));
  return kept && isCommand(kept) ? [...wordsIn(kept), ...rest] : words;
}

/** The name of the variable that a word is all of; empty for any other word. */
const variableOf = (word: Word | undefined): string => /^\$\{?(\w+)\}?$/.exec(word?.text ?? "")?.[1] ?? "";

const isCommand = ({ text }: Word): boolean => /^[\w./-]+(?:\s|$)/.test(text);

const wordsIn = ({ text, at }: Word): Word[] =>
  text
    .trim()
    .split(/\s+/)
    .map((part) => ({ text: part, known: !/[$`]/.test(part), at }));

/**
 * The commands that `$command`, `exec $command` or `eval "$command"` may stand for where each branch of the script sets that variable to
 * another one; null where that is not so.
 */
export function chosenCommands(
  words: readonly Word[],
  spelled: ReadonlyMap<string, Word>,
  spellings: ReadonlyMap<string, readonly Word[]>,
): Word[][] | null {
  const [first, ...rest] = words;
  const isEval = first?.text === "eval";
  if ((isEval || first?.text === "exec") && rest[0]?.known === false)
    return isEval && rest.length > 1 ? null : chosenCommands(rest, isEval ? new Map() : spelled, spellings);
  const name = variableOf(first);
  const all = spellings.get(name) ?? [];
  if (!first || first.known || spelled.has(name) || all.length === 0 || !all.every(isCommand)) return null;
  return all.map((one) => [...wordsIn(one), ...rest]);
}

/** Assignments that build on one another need as many rounds. */
const MOST_ROUNDS = 4;

/**
 * The commands of a text with its own variables filled in. `settled` are those that it sets once, on no condition, to a value that is known:
 * `APP="${APP:-api.main:app}"` before `gunicorn "$APP"`.
 */
export function settledCommands(
  split: Split,
  env: ReadonlyMap<string, string | null>,
  parameters: Situation["parameters"],
): { commands: SimpleCommand[]; settled: ReadonlyMap<string, string> } {
  const settled = new Map<string, string>();
  for (let round = 0; ; round++) {
    const commands = split({ lookup: (name) => settled.get(name) ?? env.get(name), parameters });
    const before = settled.size;
    const times = new Map<string, number>();
    const set = commands.flatMap(assignedBy);
    for (const { name } of set) times.set(name, (times.get(name) ?? 0) + 1);
    for (const { name, value } of set)
      if (value !== null && times.get(name) === 1 && !settled.has(name)) settled.set(name, value);
    if (settled.size === before || round === MOST_ROUNDS) return { commands, settled };
  }
}

/** The variables that a command sets for those after it; null for a value that is not known or depends on a condition. */
function assignedBy({ words, assignments, conditional }: SimpleCommand): { name: string; value: string | null }[] {
  const [head, ...rest] = words;
  if (head === undefined)
    return assignments.map(({ name, value }) => ({ name, value: value.known && !conditional ? value.text : null }));
  if (/^(?:read|unset|getopts|mapfile|readarray)$/.test(head.text))
    return rest.map(({ text }) => ({ name: text, value: null }));
  if (!/^(?:export|declare|typeset|readonly|local)$/.test(head.text)) return [];
  return rest.flatMap(({ text, known }) => {
    const equals = text.indexOf("=");
    return equals === -1
      ? []
      : [{ name: text.slice(0, equals), value: known && !conditional ? text.slice(equals + 1) : null }];
  });
}
