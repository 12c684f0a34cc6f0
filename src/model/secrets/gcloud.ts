import type { SecretReference } from "../../types/secret-reference.ts";
import type { Found } from "../../types/secret-uses.ts";
import type { ShellCommand, ShellWord } from "../../types/shell.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import { isPlainSecret } from "./plain-secrets.ts";
import { expanded, type ShellLiterals, shellLiterals } from "./shell-literals.ts";
import { writtenText } from "./written-text.ts";

/** Where a script stands: how offsets become places, and which environments its commands deploy to. */
export interface ScriptPlace {
  path: RepoPath;
  locate(range: { start: number; end: number }): Location;
  /** Null where nobody can tell. */
  environments: readonly string[] | null;
  /** The configured environments that a text names; null where it names none. */
  named?(text: string): readonly string[] | null;
  /** What stands in a variable of the file beside those that its commands assign. */
  literals?: ShellLiterals;
  /** The variables of a file that a command names; null where it cannot be read. */
  variablesIn?(file: string): { name: string; text: string | null }[] | null;
}

export const DEPLOYS =
  /^(?:(?:alpha|beta) )?(?:run (?:deploy|services update|services replace|jobs (?:deploy|create|update)|worker-pools (?:deploy|update))|functions deploy|builds submit)\b/;
/** One `KEY=VALUE` of a list flag, with its offset inside the word's text. */
interface Pair {
  key: string;
  value: string;
  offset: number;
}

/** The wiring of `gcloud run`, `gcloud functions` and the reads of `gcloud secrets versions access`, by the commands of a script. */
export function gcloudSecrets(commands: readonly ShellCommand[], place: ScriptPlace): Found {
  const result: Found = { references: [], edges: [], dynamic: [], literals: [] };
  const assigned = shellLiterals(commands);
  const literals: ShellLiterals = (name) => assigned(name) ?? place.literals?.(name) ?? null;
  for (const command of commands) {
    const start = command.words.findIndex((word) => word.text === "gcloud");
    if (start === -1 || start > 3) continue;
    const words = command.words.slice(start + 1);
    const positional = words.filter((word) => !word.text.startsWith("-"));
    const verb = positional.map((word) => word.text).join(" ");
    if (/^secrets versions (?:access|describe)\b/.test(verb)) readAccess(words, literals, place, result);
    else if (DEPLOYS.test(verb)) readDeploy(words, serviceOf(positional, literals), literals, place, result);
  }
  return result;
}

/** The name behind the verb; null where it is computed of anything but text. */
export function serviceOf(positional: readonly ShellWord[], literals: ShellLiterals = () => null): string | null {
  const at = positional.findIndex((word) => ["deploy", "update", "create"].includes(word.text));
  const word = at === -1 ? undefined : positional[at + 1];
  if (!word) return null;
  return word.expansions.length === 0 ? word.text : expanded(word.text, literals);
}

function readDeploy(
  words: readonly ShellWord[],
  service: string | null,
  known: ShellLiterals,
  place: ScriptPlace,
  { references, edges, dynamic, literals }: Found,
): void {
  const first = edges.length;
  let open = false;
  for (const { name, value, word } of flagsOf(words)) {
    if (name === "--env-vars-file") {
      const variables = place.variablesIn?.(expanded(value, known) ?? value) ?? null;
      open ||= variables === null;
      for (const { name: variable, text } of variables ?? [])
        edges.push({
          from: null,
          to: { namespace: "process", name: variable },
          kind: "plain",
          service,
          environments: place.environments,
          closed: true,
          at: place.locate(word),
          path: place.path,
          ...writtenText(variable, text),
        });
      continue;
    }
    const secrets = name === "--set-secrets" || name === "--update-secrets";
    const plain = name === "--set-env-vars" || name === "--update-env-vars";
    if (!secrets && !plain) continue;
    const closed = name.startsWith("--set-");
    // `--set-secrets "$SECRETS"`: the whole list stands in a variable.
    const list = /^\$(?:\w+|\{\w+\})$/.test(value) ? (expanded(value, known) ?? value) : value;
    open ||= hasUnnamed(list);
    for (const pair of pairsOf(list)) {
      const at = list === value ? placeOf(word, value, pair, place) : place.locate(word);
      const isFile = pair.key.startsWith("/");
      const common = { service, environments: place.environments, closed, at, path: place.path };
      if (plain) {
        edges.push({
          ...common,
          from: null,
          to: { namespace: "process", name: pair.key },
          kind: "plain",
          ...writtenText(pair.key, expanded(pair.value, known)),
        });
        if (isPlainSecret(pair.key, pair.value)) literals.push({ name: pair.key, at, service });
        continue;
      }
      const written = pair.value.replace(/:[^:/]*$/, "");
      const secret = expanded(written, known);
      if (secret === null) {
        dynamic.push({ namespace: "store", expression: written, at });
        if (!isFile)
          edges.push({ ...common, from: null, to: { namespace: "process", name: pair.key }, kind: "secret" });
        continue;
      }
      // A secret of another project stands in no inventory of this one.
      const foreign = /^projects\/[^/]+\/secrets\//.test(secret);
      const to = isFile
        ? { namespace: "object" as const, name: pair.key }
        : { namespace: "process" as const, name: pair.key };
      edges.push({ ...common, from: foreign ? null : { namespace: "store", name: secret }, to, kind: "secret" });
      const version = /:([^:/]+)$/.exec(pair.value)?.[1];
      if (!foreign)
        references.push({
          ...storeReference(secret, `${name} ${pair.key}=${secret}`, service, at, place),
          ...(version === undefined ? {} : { version }),
        });
    }
  }
  // What a file or a list that nobody can read gives may be any variable.
  if (open) for (const [index, edge] of edges.entries()) if (index >= first) edges[index] = { ...edge, closed: false };
}

function readAccess(
  words: readonly ShellWord[],
  known: ShellLiterals,
  place: ScriptPlace,
  { references, dynamic }: Found,
): void {
  const flags = flagsOf(words);
  const project = flags.find((one) => one.name === "--project" && !/[$`]/.test(one.value) && one.value !== "");
  // A project by name may be another one than the inventory's, unless it is called after an environment.
  const environments = project === undefined ? place.environments : (place.named?.(project.value) ?? null);
  if (project !== undefined && environments === null) return;
  const flag = flags.find((one) => one.name === "--secret");
  if (!flag) return;
  const at = placeOf(flag.word, flag.value, { key: "", value: flag.value, offset: 0 }, place);
  const secret = expanded(flag.value, known);
  if (secret === null) dynamic.push({ namespace: "store", expression: flag.value, at });
  else if (secret !== "") {
    const form = `gcloud secrets versions access --secret=${secret}`;
    const found = storeReference(secret, form, null, at, { environments });
    references.push(project === undefined ? found : { ...found, need: "likely" });
  }
}

export function storeReference(
  name: string,
  form: string,
  service: string | null,
  at: Location,
  place: Pick<ScriptPlace, "environments">,
): SecretReference {
  return {
    namespace: "store",
    kind: "secret",
    name,
    need: "required",
    anyOf: [],
    form,
    at,
    service,
    environments: place.environments,
    scope: null,
    scopeUnknown: false,
  };
}

interface Flag {
  name: string;
  value: string;
  word: ShellWord;
}

/** `--flag=value` and `--flag value`, in order. */
export function flagsOf(words: readonly ShellWord[]): Flag[] {
  const flags: Flag[] = [];
  for (const [index, word] of words.entries()) {
    const match = /^(--[a-z][a-z0-9-]*)(?:=([\s\S]*))?$/.exec(word.text);
    if (!match) continue;
    const next = words[index + 1];
    if (match[2] !== undefined) flags.push({ name: match[1]!, value: match[2], word });
    else if (next && !next.text.startsWith("--")) flags.push({ name: match[1]!, value: next.text, word: next });
  }
  return flags;
}

/** The pairs of a list flag: separated by commas, or by what stands between two `^` at its start (`gcloud topic escaping`). */
export function pairsOf(list: string): Pair[] {
  const custom = /^\^([^^]+)\^/.exec(list);
  const separator = custom?.[1] ?? ",";
  const pairs: Pair[] = [];
  let offset = custom?.[0].length ?? 0;
  for (const part of list.slice(offset).split(separator)) {
    const lead = part.length - part.trimStart().length;
    const equals = part.indexOf("=");
    if (equals > 0)
      pairs.push({ key: part.slice(0, equals).trim(), value: part.slice(equals + 1).trim(), offset: offset + lead });
    offset += part.length + separator.length;
  }
  return pairs;
}

/** Whether a list holds names that no file shows: `$VARS`, `A=1,$MORE`. */
export const hasUnnamed = (list: string): boolean => /(?:^|[,^@|;])\s*[$`][^=]*(?:$|,)/.test(list);

/** The place of a pair. A word whose text is its source, but for quotes around it, is followed letter by letter; else the whole word. */
export function placeOf(word: ShellWord, value: string, pair: Pair, place: ScriptPlace): Location {
  const width = word.end - word.start;
  const quote = word.quotes === "single" || word.quotes === "double" ? 1 : 0;
  const before = word.text.length - value.length;
  const partlyQuoted = word.quotes === "mixed" && width === word.text.length + 2;
  if (width !== word.text.length + 2 * quote && !partlyQuoted) return place.locate(word);
  const start = word.start + quote + before + (partlyQuoted ? 1 : 0) + pair.offset;
  const length = pair.key === "" ? pair.value.length : pair.key.length + 1 + pair.value.length;
  return place.locate({ start, end: Math.min(word.end, start + length) });
}
