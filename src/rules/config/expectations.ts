import type { Config } from "../../config/schema.ts";
import type { ConfigModel } from "../../types/model.ts";
import type { Setting, SettingsModel } from "../../types/settings.ts";
import type { Location } from "../../types/text.ts";

type ExpectedValue = Config["environments"][string]["values"][string];

/** What predeploy.yml or a team's rule wants of one name. */
export interface Expectation {
  /** Literal, or with `*`. */
  name: string;
  literal: string | null;
  oneOf: readonly string[] | null;
  matches: string | null;
  min: number | null;
  max: number | null;
  forbidden: boolean;
  optional: boolean;
  /** Null where it stands in the options of a rule. */
  at: Location | null;
}

/** What `environments.X.values` wants, by environment. */
export function declaredExpectations({ config, locate }: ConfigModel): Map<string, Expectation[]> {
  const all = new Map<string, Expectation[]>();
  for (const [environment, { values }] of Object.entries(config.environments)) {
    const list = Object.entries(values).map(([name, value]) =>
      expectationOf(name, value, locate(["environments", environment, "values", name])),
    );
    if (list.length > 0) all.set(environment, list);
  }
  return all;
}

const NONE = { literal: null, oneOf: null, matches: null, min: null, max: null, forbidden: false, optional: false };

function expectationOf(name: string, value: ExpectedValue, at: Location): Expectation {
  if (typeof value !== "object") return { ...NONE, name, literal: String(value), at };
  return {
    name,
    literal: null,
    oneOf: value["one-of"]?.map(String) ?? null,
    matches: value.matches ?? null,
    min: value.min ?? null,
    max: value.max ?? null,
    forbidden: value.forbidden ?? false,
    optional: value.optional ?? false,
    at,
  };
}

/**
 * One wish of a rule's option: `NAME = info`, `NAME in info, warning`, `NAME matches ^https:`, `NAME >= 60`, `NAME <= 300`, `NAME is set`.
 * Null where the text is none of these.
 */
export function parseWish(text: string): Expectation | null {
  const match = /^\s*((?:flag )?[\w.*-]+)\s*(?:(=|>=|<=|\bin\b|\bmatches\b)\s*(\S.*?)|is set)\s*$/.exec(
    text.slice(0, 2000),
  );
  if (!match) return null;
  const [, name, operator, wanted = ""] = match;
  const one: Expectation = { ...NONE, name: name!, at: null };
  switch (operator) {
    case "=":
      return { ...one, literal: wanted };
    case "in":
      return { ...one, oneOf: wanted.split(",").map((part) => part.trim()) };
    case "matches":
      return { ...one, matches: wanted };
    case undefined:
      return one;
    default: {
      const number = Number(wanted);
      if (!Number.isFinite(number)) return null;
      return operator === ">=" ? { ...one, min: number } : { ...one, max: number };
    }
  }
}

/** Tests names against a name with `*`. Linear: `*` is the only thing that is not literal. */
export function nameTest(pattern: string): (name: string) => boolean {
  if (!pattern.includes("*")) return (name) => name === pattern;
  const parts = pattern.split(/\*+/);
  return (name) => {
    if (!name.startsWith(parts[0]!)) return false;
    let at = parts[0]!.length;
    for (const part of parts.slice(1, -1)) {
      const found = name.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    const last = parts.at(-1)!;
    return name.length - last.length >= at && name.endsWith(last);
  };
}

export const isFalsy = (value: string): boolean => /^(?:|0|false|no|off|none|null|disabled?)$/i.test(value.trim());
export const isTruthy = (value: string): boolean => /^(?:true|1|yes|on)$/i.test(value.trim());

export type Judgement = { wrong: string } | { unknown: string } | null;

/** Null: as wanted. `wrong` says what is wanted instead; no part of the value is in it that may not be printed. */
export function judgeValue(one: Expectation, setting: Setting, model: SettingsModel): Judgement {
  const anything =
    one.literal === null && one.oneOf === null && one.matches === null && one.min === null && one.max === null;
  // That it is set is all that is wanted: to nothing is not set.
  if (anything) return setting.value !== null && setting.value.trim() === "" ? { wrong: "set" } : null;
  if (setting.value === null)
    return {
      unknown:
        setting.kind === "secret"
          ? "comes from a secret, which nobody looks into"
          : `is taken from ${setting.reference ?? "elsewhere"}`,
    };
  const value = setting.value;
  if (one.literal !== null && !equal(value, one.literal)) return { wrong: `\`${one.literal}\`` };
  if (one.oneOf && !one.oneOf.some((wanted) => equal(value, wanted)))
    return { wrong: `one of ${one.oneOf.map((wanted) => `\`${wanted}\``).join(", ")}` };
  if (one.matches !== null) {
    const fits = model.matches(one.matches, value.slice(0, 10_000));
    if (fits === null) return { unknown: "takes too long to hold against its expression" };
    if (typeof fits === "object")
      return { unknown: `is held against \`${one.matches}\`, which is no RE2 expression (${fits.refused})` };
    if (!fits) return { wrong: `something that matches \`${one.matches}\`` };
  }
  if (one.min === null && one.max === null) return null;
  const number = /^\s*(-?\d+(?:\.\d+)?)\s*(\w*)\s*$/.exec(value);
  const range =
    one.min !== null && one.max !== null
      ? `${one.min} to ${one.max}`
      : one.min !== null
        ? `at least ${one.min}`
        : `at most ${one.max}`;
  if (!number) return { wrong: `a number, ${range}` };
  // Seconds are what time-outs count in; of any other unit nobody knows which one the limit means.
  if (!/^(?:|s|sec|secs|seconds)$/i.test(number[2]!))
    return { unknown: `has the unit ${number[2]}, and the limit has none` };
  const amount = Number(number[1]);
  return (one.min !== null && amount < one.min) || (one.max !== null && amount > one.max) ? { wrong: range } : null;
}

/** Equal after quotes, the last slash of an origin and the case of true and false. */
function equal(value: string, wanted: string): boolean {
  const clean = (text: string) => {
    const bare = text.trim().replace(/^(["'])(.*)\1$/, "$2");
    if (/^(?:true|false)$/i.test(bare)) return bare.toLowerCase();
    return /^[a-z]+:\/\/[^/]+\/$/i.test(bare) ? bare.slice(0, -1) : bare;
  };
  const [a, b] = [clean(value), clean(wanted)];
  return a === b || (/^-?\d+(?:\.\d+)?$/.test(a) && /^-?\d+(?:\.\d+)?$/.test(b) && Number(a) === Number(b));
}

/** What may be printed of a value: a number, a flag, the origin of an address, of a plain setting only. */
export function shown({ value, sensitive, kind }: Setting): string | null {
  if (value === null || sensitive || kind === "secret") return null;
  if (/^-?\d{1,9}(?:\.\d{1,6})?\s?[a-z]{0,3}$/i.test(value) || /^(?:true|false|yes|no|on|off)$/i.test(value))
    return value;
  const address = /^([a-z][a-z+]{1,9}:\/\/)(?:[^@/\s?#]*@)?([A-Za-z0-9.-]{1,255}(?::\d{1,5})?)([/?#]\S?|$)/.exec(value);
  if (!address) return null;
  // Of what follows the host only that there is something.
  return `${address[1]}${address[2]}${address[3] === "" || address[3] === "/" ? "" : "/…"}`;
}

export const place = ({ path, start }: Location): string => `${path}:${start.line}`;
export const labelled = ({ name, service }: Pick<Setting, "name" | "service">): string =>
  service === null ? name : `${name}@${service}`;
