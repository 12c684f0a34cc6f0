import { isSensitive } from "../model/settings/values.ts";
import type { Report } from "../types/finding.ts";
import type { SettingsModel } from "../types/settings.ts";

const lines = new WeakMap<SettingsModel, ReadonlySet<string>>();

/** An address with a password in it. */
const CREDENTIALS = /:\/\/[^\s/@]*:[^\s/@]+@/;

/** Whether a report shows a line on which the value of a secret stands: what is committed is not to be copied into logs all the same. */
export function showsSecret({ at, related = [] }: Report, settings: SettingsModel): boolean {
  let held = lines.get(settings);
  if (held === undefined) {
    const given = settings.settings.filter(
      ({ value, sensitive }) => value !== null && value !== "" && (sensitive || CREDENTIALS.test(value)),
    );
    // A line of an env file that is no assignment may well be the next line of a key.
    const broken = settings.broken.filter(
      ({ name, kind }) => kind === "no-assignment" || (name !== null && isSensitive(name)),
    );
    const places = [...given.map(({ at }) => at), ...broken.flatMap(({ at, other }) => (other ? [at, other] : [at]))];
    held = new Set(places.map(lineOf));
    lines.set(settings, held);
  }
  return [at, ...related].some((place) => held.has(lineOf(place)));
}

const lineOf = ({ path, start }: Pick<Report["at"], "path" | "start">): string => `${path}:${start.line}`;
