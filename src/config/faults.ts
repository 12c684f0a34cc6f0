import type * as z from "zod";
import { didYouMean } from "../text/nearest.ts";

/** What is wrong with a value, as a sentence, and where: the keys that lead there, and whether the last one itself is meant. */
export interface Fault {
  message: string;
  keys: (string | number)[];
  atKey: boolean;
}

type Issue = z.core.$ZodIssue;
type Keys = readonly (string | number)[];

/** What is looked at of a schema: zod has no public walk. */
interface Schema {
  def: {
    type: string;
    shape?: Record<string, Schema>;
    element?: Schema;
    valueType?: Schema;
    innerType?: Schema;
    in?: Schema;
    options?: Schema[];
    entries?: Record<string, unknown>;
    values?: unknown[];
  };
  safeParse(value: unknown): { success: boolean; error?: z.ZodError };
}

/** The first thing by which a value does not fit a schema that has refused it, in words of YAML. */
export function firstFault(error: z.ZodError, schema: z.ZodType, value: unknown): Fault {
  return faultOf(error, [schema as unknown as Schema], value, [], 0);
}

/** Deepest nesting of unions; the schemas have two levels. */
const MAX_UNIONS = 5;

function faultOf(error: z.ZodError, schemas: readonly Schema[], whole: unknown, above: Keys, depth: number): Fault {
  const issues = error.issues as Issue[];
  let [issue] = issues;
  // A key that is missing beside one that is unknown was misspelt.
  if (issue && isMissing(issue, whole)) {
    const parent = issue.path.slice(0, -1).join("\0");
    issue = issues.find((one) => one.code === "unrecognized_keys" && one.path.join("\0") === parent) ?? issue;
  }
  const path = [...(issue?.path ?? [])] as (string | number)[];
  const keys = [...above, ...path];
  const at = (message: string, atKey = false): Fault => ({ message: `${nameOf(keys)}${message}`, keys, atKey });
  if (!issue) return at(" is not valid.");
  const value = valueAt(whole, path);
  const candidates = schemasAt(schemas, path);
  if (value === undefined && isMissing(issue, whole)) return at(" is missing.");
  if (issue.code === "unrecognized_keys") {
    const mappings = candidates.filter((one) => one.def.type === "object");
    const several = mappings.length > 1 && isMapping(value) ? byKeys(mappings, value, keys) : null;
    return several && "message" in several ? several : unknownKey(issue.keys[0]!, keys, keysOf(candidates));
  }
  if (value === null) return at(" is empty: give it a value, or take the key out.");
  if (issue.code === "invalid_union" && depth < MAX_UNIONS) {
    const chosen = candidates.filter((one) => isKindOf(one, value));
    const one = chosen.length > 1 && isMapping(value) ? byKeys(chosen, value, keys) : chosen[0];
    if (one && "message" in one) return one;
    const refused = one?.safeParse(value).error;
    if (one && refused) return faultOf(refused, [one], value, keys, depth + 1);
  }
  return at(`${said(issue, candidates)}${typeof value === "string" ? hintFor(value, textsOf(candidates)) : ""}`);
}

const isMissing = (issue: Issue, whole: unknown): boolean =>
  (issue.code === "invalid_type" || issue.code === "invalid_union" || issue.code === "invalid_value") &&
  issue.path.length > 0 &&
  valueAt(whole, issue.path as Keys) === undefined;

const nameOf = (keys: Keys): string => (keys.length > 0 ? `\`${keys.join(".")}\`` : "the file");

function unknownKey(unknown: string, keys: Keys, known: readonly string[]): Fault {
  const where = keys.length > 0 ? ` under ${nameOf(keys)}` : "";
  const hint = didYouMean(unknown, known) || (known.length > 0 ? ` Known keys: ${known.join(", ")}.` : "");
  return { message: `unknown key \`${unknown}\`${where}.${hint}`, keys: [...keys, unknown], atKey: true };
}

/** Of mappings that each have a key of their own, the one that is meant; a fault where none is, or several are. */
function byKeys(options: readonly Schema[], value: object, keys: Keys): Schema | Fault {
  const shared = keysOf(options).filter((key) => options.every((one) => one.def.shape && key in one.def.shape));
  const own = keysOf(options).filter((key) => !shared.includes(key));
  const given = Object.keys(value).filter((key) => !shared.includes(key));
  const [first, ...others] = given.filter((key) => own.includes(key));
  if (first !== undefined && others.length === 0)
    return options.find((one) => one.def.shape && first in one.def.shape)!;
  if (first !== undefined)
    return {
      message: `${nameOf(keys)} has ${listed([first, ...others], "and")}: one of them only.`,
      keys: [...keys],
      atKey: false,
    };
  if (given[0] !== undefined) return unknownKey(given[0], keys, own);
  return { message: `${nameOf(keys)} needs one of the keys ${listed(own, "or")}.`, keys: [...keys], atKey: false };
}

/** What the value has to be, behind its name. */
function said(issue: Issue, candidates: readonly Schema[]): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.expected === "int" ? " must be a whole number." : ` must be ${formsOf(candidates)}.`;
    case "invalid_union":
    case "invalid_value":
      return ` must be ${formsOf(candidates)}.`;
    case "too_small":
      if (issue.origin === "string" || issue.origin === "array") return " is empty.";
      return ` must be at least ${issue.minimum}.`;
    case "invalid_format":
      if (issue.format === "date") return " is no day: write it like 2027-01-31.";
      return issue.format === "url" ? " is no address that starts with https:// or http://." : " is not valid.";
    case "custom":
      return ` ${issue.message}.`;
    default:
      return `: ${issue.message.split("\n")[0]!.replace(/\.?$/, ".")}`;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  record: "a mapping",
};

/** All forms that a value may have. */
function formsOf(candidates: readonly Schema[]): string {
  const mappings = candidates.filter((one) => one.def.type === "object");
  const forms = candidates.flatMap(({ def }): string[] => {
    if (def.type === "enum") return Object.values(def.entries ?? {}).map(String);
    if (def.type === "literal") return (def.values ?? []).map(String);
    return KINDS[def.type] === undefined ? [] : [KINDS[def.type]!];
  });
  if (mappings.length === 1) forms.push("a mapping");
  else if (mappings.length > 1) {
    const own = keysOf(mappings).filter((key) => !mappings.every((one) => key in one.def.shape!));
    forms.push(`a mapping with one of the keys ${listed(own, "or")}`);
  }
  return listed([...new Set(forms)], "or");
}

const hintFor = (value: string, known: readonly string[]): string =>
  known.includes(value) ? " Write it without quotes." : didYouMean(value, known);

const textsOf = (candidates: readonly Schema[]): string[] =>
  candidates.flatMap(({ def }) => [...Object.values(def.entries ?? {}), ...(def.values ?? [])].map(String));

function listed(words: readonly string[], last: "and" | "or"): string {
  return words.length < 2 ? (words[0] ?? "something else") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}

const isMapping = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** Whether a value is of the kind of a schema, whatever it holds. */
function isKindOf({ def: { type } }: Schema, value: unknown): boolean {
  if (Array.isArray(value)) return type === "array";
  if (isMapping(value)) return type === "object" || type === "record";
  return type === typeof value;
}

function valueAt(whole: unknown, path: Keys): unknown {
  let value = whole;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

/** What may stand at a path, unions and defaults taken apart. */
function schemasAt(schemas: readonly Schema[], path: Keys): Schema[] {
  let layer = schemas.flatMap(taken);
  for (const key of path)
    layer = layer.flatMap(({ def }) => {
      const next = def.type === "object" ? def.shape?.[key] : def.type === "array" ? def.element : def.valueType;
      return next ? taken(next) : [];
    });
  return layer;
}

function taken(schema: Schema): Schema[] {
  const { type, options, innerType } = schema.def;
  if (type === "union") return (options ?? []).flatMap(taken);
  if (innerType) return taken(innerType);
  return type === "pipe" && schema.def.in ? taken(schema.def.in) : [schema];
}

const keysOf = (schemas: readonly Schema[]): string[] => [
  ...new Set(schemas.flatMap(({ def }) => Object.keys(def.shape ?? {}))),
];
