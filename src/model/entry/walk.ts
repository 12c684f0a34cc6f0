import type { DataNode } from "../../types/data.ts";
import type { EntryPart, EntryPoint, ImagePath, Presence, SearchRoot } from "../../types/entry.ts";
import type { Related } from "../../types/finding.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { nearestOf } from "./nearest.ts";
import { joinPath, type Places } from "./places.ts";
import type { SimpleCommand, SplitInput, Word } from "./words.ts";

/** What the walk reads of files: facts by repository path; null where a file is absent or unread. */
export interface EntryFacts {
  json(path: RepoPath): { root: DataNode; locate(start: number, end: number): Location } | null;
  /** Commands of a shell script, in text order, after expansion. */
  script(path: RepoPath, how: Pick<SplitInput, "lookup" | "parameters">): SimpleCommand[] | null;
  /** Program of the `#!` line, without directory; null without one. */
  interpreter(path: RepoPath): string | null;
  /** Lines of a text file. */
  lines(path: RepoPath): readonly string[] | null;
  /** Sections of an ini file. */
  ini(path: RepoPath): IniSection[] | null;
  /** Apps of a pm2 configuration; null where it is not data. */
  apps(path: RepoPath): ProcessApp[] | null;
  /** Lines of a Procfile. */
  procfile(path: RepoPath): { name: string; command: string; at: Location }[] | null;
}

export interface ProcessApp {
  name: string | null;
  script: string;
  cwd: string | null;
  args: string | null;
  interpreter: string | null;
  at: Location;
  /** It stands in a branch of the file's code, so that it may not be an app at all. */
  conditional: boolean;
}

export interface IniSection {
  name: string;
  values: { key: string; value: string; at: Location }[];
}

/** The state in which one command runs. */
export interface Situation {
  /** Null after a `cd` to an unknown place. */
  cwd: ImagePath | null;
  env: ReadonlyMap<string, string | null>;
  /** `$@` of the shell script that is being read; null where it is not known. */
  parameters: readonly Word[] | null;
  role: EntryPart["role"];
  chain: readonly Related[];
  conditional: boolean;
  /** A failure here does not end the process. */
  optional: boolean;
  depth: number;
}

/** One walk from a command to everything that it names. */
export interface Walk {
  places: Places;
  /** The repository. */
  files: FileTree;
  facts: EntryFacts;
  /** Directories added to sys.path by `images.*.python-path` and by editable installs. */
  pythonPath: readonly SearchRoot[];
  /** Whether the image installs the repository's own distribution: its modules are then found wherever they lie. */
  installed: boolean;
  parts: EntryPart[];
  unknown: EntryPoint["unknown"];
  unchecked: string[];
  /** Variables that whatever is started has from the image, the container and the commands before it. */
  variables: Set<string>;
  /** What may set variables that cannot be seen: `doppler run`, `source x`, `eval`. */
  setters: Set<string>;
  /** The first build of this start: what comes after it may run what it made. */
  built: string | null;
  /** What commands were given by name: a later one may run what an earlier one made there. */
  given: Set<ImagePath>;
  /** Commands that may still be interpreted; ends scripts that call themselves. */
  budget: number;
  /** Interprets one command. */
  run(words: readonly Word[], situation: Situation): void;
  /** Interprets a shell text, as `sh -c` gets it. */
  runText(text: string, locate: (start: number, end: number) => Location, situation: Situation): void;
}

/** The most that one command may lead through. */
export const maxDepth = 24;

export interface PartInput {
  kind: EntryPart["kind"];
  language: EntryPart["language"];
  subject: Word;
  role?: EntryPart["role"];
  module?: string | null;
  attribute?: string | null;
  factory?: boolean;
  roots?: SearchRoot[];
}

/** What looking for a thing at several image paths gave. */
export interface Found {
  presence: Presence;
  reason: string | null;
  imagePath: ImagePath | null;
  source: RepoPath | null;
}

/** Looks at image paths in order: the first file wins; an unknown one before it makes the answer unknown. */
export function lookFor(places: Places, candidates: readonly ImagePath[]): Found {
  let reason: string | null = null;
  for (const candidate of candidates) {
    const answer = places.answer(candidate);
    if (answer.status === "file")
      return { presence: "present", reason: null, imagePath: candidate, source: answer.source };
    if (answer.status === "unknown") reason ??= answer.reason;
  }
  const source = candidates.flatMap((candidate) => places.repositoryOf(candidate)).find((path) => path !== "") ?? null;
  return {
    presence: reason === null ? "absent" : "unknown",
    reason,
    imagePath: candidates[0] ?? null,
    source,
  };
}

/** Adds one part, with its presence decided. What is missing on a condition only, under an unknown name or after a build is unknown. */
export function addPart(walk: Walk, situation: Situation, input: PartInput, found: Found): EntryPart {
  const { subject } = input;
  for (const name of situation.env.keys()) walk.variables.add(name);
  let { presence, reason } = found;
  if (presence === "absent" && !subject.known) {
    presence = "unknown";
    reason = `\`${subject.text}\` holds a value that is not known`;
  } else if (presence === "absent" && situation.conditional) {
    presence = "unknown";
    reason = "it runs on a condition";
  } else if (presence === "absent" && (found.source === null || !walk.files.has(found.source))) {
    const maker =
      found.imagePath !== null && walk.given.has(found.imagePath) ? "a command that is given it" : walk.built;
    if (maker !== null) {
      presence = "unknown";
      reason = `${maker} runs before it and may make it`;
    }
  }
  const part: EntryPart = {
    kind: input.kind,
    language: input.language,
    role: input.role ?? situation.role,
    subject: subject.text,
    at: subject.at,
    chain: [...situation.chain],
    presence,
    optional: situation.optional,
    reason: presence === "unknown" ? reason : null,
    imagePath: found.imagePath,
    path: found.source,
    builtFrom: null,
    module: input.module ?? null,
    attribute: input.attribute ?? null,
    factory: input.factory ?? false,
    roots: input.roots ?? [],
    nearest: presence === "absent" && found.imagePath ? nearestOf(found.imagePath, walk.places.list()) : null,
  };
  const known = walk.parts.find(
    (other) =>
      other.kind === part.kind &&
      other.subject === part.subject &&
      other.imagePath === part.imagePath &&
      other.role === part.role,
  );
  if (known) return known;
  walk.parts.push(part);
  return part;
}

/** A file that must exist and is only read: a configuration. */
export function addConfiguration(walk: Walk, situation: Situation, word: Word): EntryPart | null {
  if (situation.cwd === null && !word.text.startsWith("/")) return null;
  const path = joinPath(situation.cwd ?? "/", word.text);
  const found = lookFor(walk.places, [path]);
  return addPart(
    walk,
    situation,
    { kind: "configuration", language: null, subject: word, role: "configuration" },
    found,
  );
}

export function noteUnknown(walk: Walk, reason: string, at: Location): void {
  if (!walk.unknown.some((other) => other.reason === reason && other.at.path === at.path))
    walk.unknown.push({ reason, at });
}

export function noteUnchecked(walk: Walk, reason: string): void {
  if (!walk.unchecked.includes(reason)) walk.unchecked.push(reason);
}

/** Options of a command line as pairs, and what is not an option. `--name=value` and `-xvalue` are taken apart. */
export interface Options {
  /** Value words by option name; a switch has null. */
  values: Map<string, (Word | null)[]>;
  rest: Word[];
}

/**
 * Reads options. An option takes the next word unless it is in `switches`; short options of one letter may have their value attached.
 * With `stop`, everything from the first word that is no option is `rest`.
 */
export function readOptions(words: readonly Word[], switches: ReadonlySet<string>, stop = false): Options {
  const values = new Map<string, (Word | null)[]>();
  const rest: Word[] = [];
  const put = (name: string, value: Word | null) => {
    const list = values.get(name);
    if (list) list.push(value);
    else values.set(name, [value]);
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const { text } = word;
    if (text === "--") {
      rest.push(...words.slice(at + 1));
      break;
    }
    if (!text.startsWith("-") || text === "-") {
      if (stop) {
        rest.push(...words.slice(at));
        break;
      }
      rest.push(word);
      continue;
    }
    const equals = text.indexOf("=");
    if (equals > 0 && text.startsWith("-")) {
      put(text.slice(0, equals), { ...word, text: text.slice(equals + 1) });
    } else if (switches.has(text) || /^-\d+$/.test(text)) put(text, null);
    else if (/^-[A-Za-z]./.test(text)) {
      const letters = text.slice(1);
      if ([...letters].every((letter) => switches.has(`-${letter}`)))
        for (const letter of letters) put(`-${letter}`, null);
      else put(text.slice(0, 2), { ...word, text: text.slice(2) });
    } else {
      put(text, words[at + 1] ?? null);
      at++;
    }
  }
  return { values, rest };
}

/** The last value given for any of the names. */
export function optionValue(options: Options, ...names: string[]): Word | null {
  let value: Word | null = null;
  for (const name of names) value = options.values.get(name)?.at(-1) ?? value;
  return value;
}

/** Environment value as a word that stands where the command does; null when unset or not known. */
export function fromEnvironment(situation: Situation, name: string, at: Location): Word | null {
  const value = situation.env.get(name);
  return value === undefined || value === null || value === "" ? null : { text: value, known: true, at };
}

/** A range of a text that stands on one line, from its offsets. */
export function within(at: Location, start: number, end: number): Location {
  if (at.start.line !== at.end.line) return at;
  const column = at.start.column;
  return {
    path: at.path,
    start: { line: at.start.line, column: column + start },
    end: { line: at.start.line, column: column + end },
  };
}
