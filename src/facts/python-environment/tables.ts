import type { Need } from "../../types/need.ts";
import type { PyCall, PyClass, PyExpression } from "../../types/python.ts";

/** Keywords that hold the name of a variable in the rows of a table: `Rule(env_var="X")`. */
const NAMING = /^(?:env_?var(?:_?name)?|env_?name|env_?key|environment_variable|variable_name)$/;
/** Options of a command line and columns take a name too, and go on without it. */
const OTHERS = /^(?:option|argument|Option|Argument|add_argument|Field|field|Parameter|Column|mapped_column)$/;
const FALLBACK = /^(?:default|default_value|fallback|default_factory)$/;

/** What one row of a table says of a variable, or null where a call is no such row. */
export function tableRow(
  one: PyCall,
  callee: string | null,
  classes: ReadonlyMap<string, PyClass>,
): { name: string; need: Need; at: PyExpression } | null {
  const last = callee?.slice(callee.lastIndexOf(".") + 1) ?? "";
  if (last === "" || OTHERS.test(last)) return null;
  const at = one.keywords.find(({ name }) => NAMING.test(name ?? ""))?.value;
  if (at?.kind !== "string" || !/^[A-Z][A-Z0-9_]+$/.test(at.value)) return null;
  const given = (wanted: RegExp) => one.keywords.find(({ name }) => wanted.test(name ?? ""))?.value;
  const isTrue = (value: PyExpression | null | undefined) => value?.kind === "constant" && value.value === true;
  const fallback = given(FALLBACK);
  const optional = given(/^optional$/);
  const required = given(/^(?:required|mandatory)$/);
  if ((fallback && !(fallback.kind === "constant" && fallback.value === null)) || isTrue(optional))
    return { name: at.value, need: "optional", at };
  if (required) return { name: at.value, need: isTrue(required) ? "required" : "optional", at };
  const declared = classes
    .get(last)
    ?.body.find(
      (member) =>
        member.kind === "annotated" &&
        member.target.kind === "name" &&
        /^(?:required|mandatory)$/.test(member.target.name),
    );
  return { name: at.value, need: declared?.kind === "annotated" && isTrue(declared.value) ? "required" : "read", at };
}
