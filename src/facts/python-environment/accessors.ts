import type { PyFunction } from "../../types/python.ts";
import type { Reader } from "./reader.ts";

/** A function whose body reads the environment by its first parameter, and nothing else by it: a store or a mounted file may hold the name too. */
export function accessorOf(one: PyFunction, owner: string | null, reader: Reader): void {
  const [parameter, fallback] = one.parameters.filter(
    (each) => each.form === "plain" && each.name !== "self" && each.name !== "cls",
  );
  if (!parameter) return;
  const body = reader.text.slice(one.start, one.end);
  const quoted = parameter.name.replace(/\W/g, "");
  const strict = new RegExp(`environ\\s*\\[\\s*${quoted}\\s*\\]`).test(body);
  const loose = new RegExp(`(?:getenv|environ\\.get)\\s*\\(\\s*${quoted}\\b`).test(body);
  if ((!strict && !loose) || asksOthers(body, quoted)) return;
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

/** `open(f"/run/secrets/{name}")`, `settings[name]`, `client.get_secret(name)`; what an accessor remembers by itself is none. */
function asksOthers(body: string, name: string): boolean {
  const files = new RegExp(`\\b(?:open|Path)\\s*\\([^()\\n]*\\b${name}\\b|/run/secrets/`);
  const stores = new RegExp(
    `([\\w.]+)(?:\\[\\s*${name}\\s*\\](?!\\s*=[^=])|\\.(?:get|get_secret\\w*|get_parameter)\\s*\\((?:\\w+\\s*=\\s*)?${name}\\b)`,
    "g",
  );
  return files.test(body) || [...body.matchAll(stores)].some(([, of = ""]) => !/environ$|cache|memo/i.test(of));
}
