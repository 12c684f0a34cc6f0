import type { PyFunction } from "../../types/python.ts";
import type { Reader } from "./reader.ts";

/** A function whose body reads the environment by its first parameter. */
export function accessorOf(one: PyFunction, owner: string | null, reader: Reader): void {
  const [parameter, fallback] = one.parameters.filter(
    (each) => each.form === "plain" && each.name !== "self" && each.name !== "cls",
  );
  if (!parameter) return;
  const body = reader.text.slice(one.start, one.end);
  const quoted = parameter.name.replace(/\W/g, "");
  const strict = new RegExp(`environ\\s*\\[\\s*${quoted}\\s*\\]`).test(body);
  const loose = new RegExp(`(?:getenv|environ\\.get)\\s*\\(\\s*${quoted}\\b`).test(body);
  if (!strict && !loose) return;
  // `return os.environ[name] if name in os.environ else default`
  const asked = new RegExp(`\\b${quoted}\\s+(?:not\\s+)?in\\s+(?:\\w+\\.)?environ\\b`).test(body);
  const raises = /\braise\b|sys\.exit/.test(body);
  reader.result.accessors.push({
    name: one.name.text,
    of: owner,
    required: (strict && !asked && !/\bexcept\b/.test(body)) || raises,
    defaultArgument: fallback ? 1 : null,
  });
}
