import fc from "fast-check";
import { expect, test } from "vitest";
import { splitCommands, splitWords } from "../../../src/model/entry/words.ts";

const locate = (start: number, end: number) => ({
  path: "x",
  start: { line: 1, column: start + 1 },
  end: { line: 1, column: end + 1 },
});

function split(text: string, env: Record<string, string> = {}): string[] {
  const commands = splitCommands({ text, locate, lookup: (name) => env[name], parameters: null });
  return commands.map((command) => {
    const assignments = command.assignments.map(({ name, value }) => `${name}=${value.text} `).join("");
    const words = command.words.map((word) => (word.known ? word.text : `?${word.text}`)).join("|");
    return `${assignments}${words}${command.conditional ? " if" : ""}${command.join ? ` ${command.join}` : ""}`;
  });
}

test.each([
  ["a  'b c' \"d $E\" f\\ g", { E: "e" }, ["a|b c|d e|f g"]],
  ["A=1 B='x y' cmd && other || third; last &", {}, ["A=1 B=x y cmd &&", "other ||", "third ;", "last &"]],
  ["cmd > /dev/null 2>&1 < in >>out arg", {}, ["cmd|arg"]],
  ['cmd $WORDS "$WORDS" ${X:-default} ${Y-} ${WORDS:+set}', { WORDS: "one two" }, ["cmd|one|two|one two|default|set"]],
  ['cmd $UNSET $(date) `id` "a$(b "c")d"', {}, ['cmd|?$UNSET|?$(date)|?`id`|?a$(b "c")d']],
  ["if [ -f x ]; then a; else b; fi; c", {}, ["[|-f|x|] if ;", "a if ;", "b if ;", "c"]],
  ["[ -f x ] && a && b; c", {}, ["[|-f|x|] &&", "a if &&", "b if ;", "c"]],
  ["for f in a b; do run $f; done; last # comment", {}, ["run|?$f if ;", "last"]],
  ["( cd x && a ) && { b; }", {}, ["cd|x &&", "a ;", "b"]],
  ["a \\\n  b\nc", {}, ["a|b ;", "c"]],
  ["", {}, []],
])("%s", (text, env, expected) => {
  expect(split(text, env)).toEqual(expected);
});

test('parameters stand for "$@" and $1', () => {
  const at = locate(0, 0);
  const parameters = ["node", "a b.js"].map((text) => ({ text, known: true, at }));
  const [command] = splitCommands({ text: 'exec "$@" $1', locate, lookup: () => undefined, parameters });
  expect(command?.words.map((word) => word.text)).toEqual(["exec", "node", "a b.js", "node"]);
});

test("words of a line without a shell keep their dollars", () => {
  expect(splitWords("a \"b c\" '$X' $Y;", locate).map((word) => word.text)).toEqual(["a", "b c", "$X", "$Y;"]);
});

test("any text is split without throwing, within its bounds", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "'",
      '"',
      "\\",
      "$",
      "${",
      "}",
      "$(",
      ")",
      "(",
      "`",
      "&&",
      "||",
      ";",
      "|",
      "&",
      ">",
      "<",
      "2>&1",
      "\n",
      "if",
      "fi",
      "A=",
      "#",
      " ",
    ),
    fc.string({ maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join("");
      const seen: [number, number][] = [];
      const note = (start: number, end: number) => {
        seen.push([start, end]);
        return locate(start, end);
      };
      splitCommands({ text, locate: note, lookup: () => null, parameters: [] });
      splitWords(text, note);
      for (const [start, end] of seen) expect(start >= 0 && start <= end && end <= text.length).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ["$(".repeat(50_000)],
  ["${".repeat(50_000)],
  ["`".repeat(100_001)],
  ["'\"".repeat(50_000)],
  ["a;".repeat(50_000)],
])("a long text of %.8s ends", (text) => {
  expect(split(text).length).toBeLessThanOrEqual(2000);
});
