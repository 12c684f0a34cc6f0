import type { PyStatement, PythonFile } from "../../types/python.ts";

/** Top-level functions that the module's own statements call, through such functions as well; true: only where it is run as a program. */
export function startedFunctions({ body }: PythonFile, text: string): Map<string, boolean> {
  const functions = new Map(body.flatMap((one) => (one.kind === "function" ? [[one.name.text, one] as const] : [])));
  const found = new Map<string, boolean>();
  const calls = ({ start, end }: { start: number; end: number }, asProgram: boolean) => {
    for (const [, name] of text.slice(start, end).matchAll(/(?<![\w.])([A-Za-z_]\w*)\s*\(/g)) {
      const called = functions.get(name!);
      if (!called || found.has(name!)) continue;
      found.set(name!, asProgram);
      for (const one of called.body) if (one.kind !== "function" && one.kind !== "class") calls(one, asProgram);
    }
  };
  if (functions.size === 0) return found;
  const own = body.filter((one) => !["function", "class", "import", "from"].includes(one.kind));
  for (const one of own) if (!isProgramTest(one)) calls(one, false);
  for (const one of own) if (isProgramTest(one)) calls(one, true);
  return found;
}

/** `if __name__ == "__main__"`. */
export const isProgramTest = (one: PyStatement): boolean =>
  one.kind === "if" &&
  one.test.kind === "comparison" &&
  one.test.operands.some((side) => side.kind === "name" && side.name === "__name__") &&
  one.test.operands.some((side) => side.kind === "string" && side.value === "__main__");
