import { UsageError } from "../config/usage-error.ts";
import { didYouMean } from "../text/nearest.ts";
import type { OptionDescriptor, OptionValue } from "../types/rule.ts";

/** Option descriptors with other defaults. Throws UsageError for an unknown option or a value of another type; `placeOf` begins its sentence, with the option's place. */
export function withDefaults(
  options: Record<string, OptionDescriptor>,
  values: Record<string, unknown>,
  placeOf: (option: string) => string,
): Record<string, OptionDescriptor> {
  const result = { ...options };
  for (const [name, value] of Object.entries(values)) {
    const descriptor = options[name];
    if (!descriptor) {
      const names = Object.keys(options);
      const known = names.length > 0 ? ` Its options: ${names.join(", ")}.` : " It has no options.";
      throw new UsageError(`${placeOf(name)} has no option \`${name}\`.${didYouMean(name, names) || known}`);
    }
    if (!fits(value, descriptor.type))
      throw new UsageError(`${placeOf(name)}: option \`${name}\` must be ${TYPE_WORDS[descriptor.type]}.`);
    result[name] = { ...descriptor, default: value as OptionValue };
  }
  return result;
}

const TYPE_WORDS = {
  string: "a text",
  integer: "a whole number",
  boolean: "true or false",
  strings: "a list of texts",
} as const;

/** Whether a value is of an option's type. */
export function fits(value: unknown, type: OptionDescriptor["type"]): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "strings") return Array.isArray(value) && value.every((one) => typeof one === "string");
  return typeof value === type;
}
