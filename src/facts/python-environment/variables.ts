import type { PyExpression } from "../../types/python.ts";
import { isEnviron, type Reader } from "./reader.ts";
import { CONSTANT, dotted, textOf } from "./syntax.ts";
import type { PythonTestNames, PythonVariable } from "./tests.ts";

/** Methods of django-environ and environs that read a variable. */
export const ENV_METHODS = new Set(
  "str bool int float json list tuple dict url db db_url cache cache_url email email_url search_url path bytes decimal datetime date time timedelta uuid log_level enum".split(
    " ",
  ),
);

/** What the tests of a file stand on, by what was read of it so far. */
export const testNames = (reader: Reader): PythonTestNames => ({
  variableOf: (one) => variableOf(one, reader),
  isEnviron: (one) => isEnviron(one, reader),
  settingOf: (name) => reader.settings.get(name),
  readsOf: (name) => (reader.bound.get(name) ?? []).map((one) => one.name),
});

/** The variable that an expression reads, with what it is where nobody sets it. */
function variableOf(one: PyExpression, reader: Reader): PythonVariable | null {
  const plain = { flag: false, fold: false };
  if (one.kind === "subscript" && isEnviron(one.object, reader))
    return one.indexes[0]?.kind === "string" ? { name: one.indexes[0].value, otherwise: null, ...plain } : null;
  if (one.kind !== "call") return null;
  const callee = dotted(one.callee);
  const [first, second] = one.arguments;
  if (callee === null || first?.kind !== "string") return null;
  const at = callee.lastIndexOf(".");
  const [object, method] = [callee.slice(0, Math.max(at, 0)), callee.slice(at + 1)];
  const onEnviron = one.callee.kind === "attribute" && method === "get" && isEnviron(one.callee.object, reader);
  const isGetenv = reader.getenv.has(callee) || (method === "getenv" && reader.os.has(object));
  const isReader =
    reader.readers.has(callee) ||
    reader.decouple.has(callee) ||
    (reader.readers.has(object) && ENV_METHODS.has(method));
  // An accessor of its own takes a name as well; what it gives cannot be told.
  if (!onEnviron && !isGetenv && !isReader)
    return CONSTANT.test(first.value) && first.value.includes("_")
      ? { name: first.value, otherwise: undefined, ...plain }
      : null;
  const fallback = one.keywords.find(({ name }) => name === "default")?.value ?? second;
  const cast = one.keywords.find(({ name }) => name === "cast")?.value;
  const flag = isReader && (method === "bool" || (cast !== undefined && dotted(cast) === "bool"));
  const isOther = isReader && !flag && (cast !== undefined || (at >= 0 && method !== "str"));
  return { name: first.value, otherwise: isOther ? undefined : textOf(fallback), flag, fold: false };
}
