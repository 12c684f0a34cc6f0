import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { parseShell, prepareShell } from "../../src/sources/shell.ts";
import type { ShellCommand } from "../../src/types/shell.ts";

beforeAll(prepareShell);

const words = (command: ShellCommand) => command.words.map((word) => word.text).join(" ");
const commands = (text: string) => parseShell(text).commands;

test.each<[string, string, string[]]>([
  ["lists keep the order and the operator", "a && b || c; d\ne", ["; a", "&& b", "|| c", "; d", "; e"]],
  ["pipelines", "a | b |& c", ["; a", "| b", "|& c"]],
  [
    "line continuations",
    "gcloud run deploy \\\n  --image=x \\\r\n  --quiet",
    ["; gcloud run deploy --image=x --quiet"],
  ],
  ["quotes are taken off, expansions stay", `sed 's/a/'"$X"'/' "b c" d\\ e`, ["; sed s/a/$X/ b c d e"]],
  ["tests and builtins are commands", '[ -z "$X" ] && export A=1', ["; [ -z $X ]", "&& export"]],
  [
    "what follows a here-document's operator",
    "cat <<E | apply -f - && run\nx\nE\ndone",
    ["; cat", "| apply -f -", "&& run", "; done"],
  ],
  ["a dash before a here-document", "python3 - <<E\nx\nE", ["; python3 -"]],
  ["words after a redirect's target", "echo > f a b", ["; echo a b"]],
  ["a workflow's expression is one word", "run ${{ a || 'b c' }}x", ["; run ${{ a || 'b c' }}x"]],
])("%s", (_, text, expected) => {
  expect(parseShell(text).errors).toEqual([]);
  expect(commands(text).map((command) => `${command.join} ${words(command)}`)).toEqual(expected);
});

test("nesting, functions and background", () => {
  const text = "f() { a; }\nif c; then (d) & else e; fi\nwhile g; do h; done\ncase $x in i) j $(k);; esac\nf & l";
  const script = parseShell(text);
  expect(script.functions.map((each) => each.name)).toEqual(["f"]);
  expect(
    script.commands.map(
      (command) =>
        `${words(command)}${command.background ? " &" : ""}: ${command.within.map((each) => each.kind).join(" ")}`,
    ),
  ).toEqual([
    "a: function",
    "c: condition",
    "d &: branch subshell",
    "e: branch",
    "g: condition",
    "h: loop",
    "j $(k): case",
    "k: case substitution",
    "f &: ",
    "l: ",
  ]);
});

test("assignments, redirects and here-documents", () => {
  const [first, second] = commands("A=1 B=\"$C\" run 2>&1 > out\ncat <<-'E' > f\n\t$x\n\tE\n");
  expect(first?.assignments.map((each) => [each.name, each.value?.text])).toEqual([
    ["A", "1"],
    ["B", "$C"],
  ]);
  expect(first?.redirects.map((each) => [each.descriptor, each.operator, each.target?.text])).toEqual([
    ["2", ">&", "1"],
    [null, ">", "out"],
  ]);
  expect(second?.redirects[0]?.heredoc).toMatchObject({ tag: "E", quoted: true, text: "\t$x\n\t" });
  expect(second?.redirects[1]?.target?.text).toBe("f");
});

test("expansions with their operators", () => {
  const [command] = commands('echo $A "${B:-x$C}" $(date) ${{ env.D }}');
  expect(
    command?.words
      .flatMap((word) => word.expansions)
      .map(({ kind, name, operator, argument }) => [kind, name, operator, argument]),
  ).toEqual([
    ["variable", "A", null, null],
    ["variable", "B", ":-", "x$C"],
    ["variable", "C", null, null],
    ["command", null, null, null],
    ["expression", null, null, "env.D"],
  ]);
});

test("positions are those of the file that holds the script", () => {
  const [command] = parseShell("  run x", (offset) => offset + 100).commands;
  expect([command?.start, command?.words[1]?.start, command?.words[1]?.end]).toEqual([102, 106, 107]);
});

test("broken scripts still give their commands", () => {
  const script = parseShell("a\nif b; then\n c");
  expect(script.errors).toHaveLength(1);
  expect(script.commands.map(words)).toContain("a");
});

test("any text gives commands within bounds", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "a ",
      "$X",
      "${A:-b}",
      "$(",
      ")",
      "`",
      '"',
      "'",
      "<<E\n",
      "E\n",
      "\n",
      "\r\n",
      "if ",
      "then ",
      "fi\n",
      "case x in ",
      "esac",
      "{ ",
      "}",
      "( ",
      "| ",
      "&& ",
      "& ",
      "; ",
      "> f ",
      "${{ x }}",
      "f() ",
      "A=",
      "\\",
      "<(",
      "$((",
      "))",
      "[[ ",
      "]]",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const text = pieces.join("");
      const script = parseShell(text);
      const inside = (range: { start: number; end: number }) => {
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThanOrEqual(range.start);
        expect(range.end).toBeLessThanOrEqual(text.length);
      };
      for (const command of script.commands) {
        inside(command);
        for (const word of command.words) [word, ...word.expansions].forEach(inside);
        command.assignments.forEach(inside);
        for (const redirect of command.redirects)
          [redirect, ...(redirect.heredoc ? [redirect.heredoc] : [])].forEach(inside);
      }
    }),
    { numRuns: 1500 },
  );
});
