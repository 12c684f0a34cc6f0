import type { FactReader } from "../../types/facts.ts";
import type { SecretReference } from "../../types/secret-reference.ts";
import type { RepoPath } from "../../types/text.ts";
import { isPythonCode } from "./code-paths.ts";

/**
 * When a process comes to a read: while it starts, perhaps later, or never. A function counts as started where some file that the
 * start runs calls it outside of any function; a settings class of which nothing makes an object asks for nothing.
 */
export function timeOf(
  { form, at, late }: SecretReference,
  { reach, factories }: { reach: ReadonlyMap<RepoPath, unknown>; factories: ReadonlySet<string> },
  facts: FactReader,
): "start" | "later" | "never" {
  const isCalled = (names: ReadonlySet<string>) =>
    [...names].some((name) => factories.has(name)) || texts().some((lines) => calls(lines, names));
  const linesOf = (path: RepoPath) => facts.get("lines", path)?.lines ?? [];
  const texts = () => [...reach.keys()].filter((path) => isPythonCode(path) === isPythonCode(at.path)).map(linesOf);
  const holder = isPythonCode(at.path) ? /^([A-Z]\w*)\.\w+$/.exec(form)?.[1] : undefined;
  if (holder === undefined) {
    if (!late) return "start";
    const name = functionAround(linesOf(at.path), at.start.line);
    return name !== null && isCalled(new Set([name])) ? "start" : "later";
  }
  const makes = new RegExp(`(?<!\\bclass\\s)\\b${holder}\\s*\\(|default_factory\\s*=\\s*${holder}\\b`);
  const makers = new Set<string>();
  let isMade = false;
  for (const lines of texts())
    for (const [index, line] of lines.entries()) {
      if (!makes.test(line) || /^\s*#/.test(line)) continue;
      const name = /^\s/.test(line) ? functionAround(lines, index + 1) : null;
      if (name === null) return "start";
      makers.add(name);
      isMade = true;
    }
  if (!isMade) return "never";
  return isCalled(makers) ? "start" : "later";
}

const FUNCTION =
  /^(?:export )?(?:default )?(?:async )?(?:def|function) +(\w+)|^(?:export )?(?:const|let) (\w+)\b[^=]*=.*(?:=>|\bfunction\b)/;
/** Lines that define something rather than run it. */
const DEFINES =
  /^(?:async )?(?:def|class)\b|^(?:export )?(?:default )?(?:async )?(?:function|class|interface|type)\b|^(?:import|from|[@#*]|\/[/*])|=>|\bfunction\b/;

/** The function in which a line stands, by the last line before it that is not indented; null: in none that has a name. */
function functionAround(lines: readonly string[], line: number): string | null {
  for (let index = line - 1; index >= 0; index--) {
    const text = lines[index] ?? "";
    if (!/^[A-Za-z_]/.test(text)) continue;
    const found = FUNCTION.exec(text);
    return found?.[1] ?? found?.[2] ?? (/^(?:export )?(?:default )?class\b/.test(text) ? "\u0000" : null);
  }
  return null;
}

/** Whether a file calls one of the functions outside of any other. */
function calls(lines: readonly string[], names: ReadonlySet<string>): boolean {
  const call = new RegExp(`(?<![\\w$])(?:${[...names].join("|")})\\s*\\(`);
  return lines.some((line) => /^[A-Za-z_(]/.test(line) && !DEFINES.test(line) && call.test(line));
}
