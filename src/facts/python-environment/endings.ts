import type { PyExpression, PyStatement } from "../../types/python.ts";
import type { Reader } from "./reader.ts";
import { dotted } from "./syntax.ts";

/** Whether a block leaves by raising or ending the process, leaves otherwise, or goes on (null). */
export function endsAbruptly(body: readonly PyStatement[]): "raises" | "leaves" | null {
  const last = body.at(-1);
  if (!last) return null;
  if (last.kind === "raise") return "raises";
  if (last.kind === "expression" && endsProcess(last.value)) return "raises";
  return last.kind === "return" || last.kind === "continue" || last.kind === "break" ? "leaves" : null;
}

/** `getenv("X") or sys.exit("…")`: a call that does not come back, by itself or as a function of the file that only raises. */
export function neverReturns(one: PyExpression, { file }: Reader): boolean {
  if (endsProcess(one)) return true;
  const name = one.kind === "call" ? dotted(one.callee) : null;
  return file.body.some(
    (each) =>
      each.kind === "function" &&
      each.name.text === name &&
      endsAbruptly(each.body) === "raises" &&
      each.body.slice(0, -1).every((inner) => inner.kind === "expression" || inner.kind === "assign"),
  );
}

const endsProcess = (one: PyExpression): boolean =>
  one.kind === "call" && /^(?:sys\.exit|exit|quit|os\._exit|sys\.stderr\.fatal)$/.test(dotted(one.callee) ?? "");
