import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { heredocName, parseDockerfile } from "../../src/sources/dockerfile.ts";
import { lexWord } from "../../src/sources/dockerfile-words.ts";
import type { Instruction } from "../../src/types/dockerfile.ts";

const words = (instruction: Instruction | undefined) => instruction?.words.map((word) => word.text);
const only = (text: string): Instruction => parseDockerfile(text).instructions.at(-1)!;

describe("parseDockerfile", () => {
  test.each<[string, string, string[]]>([
    ["COPY a b /c", "shell", ["a", "b", "/c"]],
    ['COPY ["a b", "/c d/"]', "exec", ["a b", "/c d/"]],
    ["COPY ['a', '/c']", "shell", ["['a',", "'/c']"]],
    ['copy --from=b ["x y","/z"]', "exec", ["x y", "/z"]],
    ['CMD ["node", "a b.js"]', "exec", ["node", "a b.js"]],
    ["CMD node a && b", "shell", ["node a && b"]],
    ["RUN a \\\n  # comment\n\n  b", "shell", ["a   b"]],
    ["ENV A=1 B=\"x y\" C='z'", "shell", ["A=1", 'B="x y"', "C='z'"]],
    ["ENV KEY some value", "shell", ["KEY=some value"]],
    ["ARG A=1 B", "shell", ["A=1", "B"]],
    ["WORKDIR  /a b ", "shell", ["/a b"]],
    ["HEALTHCHECK --interval=5s CMD curl x", "shell", ["CMD", "curl x"]],
    ["FROM --platform=linux/amd64 node AS Base", "shell", ["node", "AS", "Base"]],
  ])("reads %s", (text, form, expected) => {
    expect(only(text)).toMatchObject({ form });
    expect(words(only(text))).toEqual(expected);
  });

  test("takes quotes and backslashes off flags", () => {
    expect(
      only('RUN --mount="type=bind,source=a" --network=none x').flags.map(({ name, value }) => [name, value]),
    ).toEqual([
      ["mount", "type=bind,source=a"],
      ["network", "none"],
    ]);
  });

  test("continues lines with the escape character of the directive", () => {
    const syntax = parseDockerfile("# escape=`\nFROM a\nCOPY a `\n  b C:\\d\\\n");
    expect(syntax.escape).toBe("`");
    expect(words(syntax.instructions[1])).toEqual(["a", "b", "C:\\d\\"]);
  });

  test("drops a byte order mark and carriage returns", () => {
    expect(parseDockerfile("\ufeffFROM a\r\nCOPY b c\r\n").instructions.map((one) => words(one))).toEqual([
      ["a"],
      ["b", "c"],
    ]);
  });

  test("gives each heredoc its body, in ONBUILD too", () => {
    const syntax = parseDockerfile(
      "FROM a\nCOPY <<A <<-'B' /x/\none $V\nA\n\ttwo\n\tB\nONBUILD RUN <<E\nthree\nE\nUSER u\n",
    );
    expect(syntax.instructions.map((one) => one.keyword)).toEqual(["FROM", "COPY", "ONBUILD", "USER"]);
    expect(syntax.instructions[1]?.heredocs.map(({ name, body, expand }) => [name, body, expand])).toEqual([
      ["A", "one $V\n", true],
      ["B", "two\n", false],
    ]);
    expect(syntax.instructions[2]?.trigger?.heredocs[0]?.body).toBe("three\n");
  });

  test("places instructions and words", () => {
    const [, copy] = parseDockerfile("FROM a\nCOPY one \\\n  two /x\n").instructions;
    expect(copy?.range).toEqual({ start: { line: 2, column: 1 }, end: { line: 3, column: 9 } });
    expect(copy?.words.map((word) => word.range.start)).toEqual([
      { line: 2, column: 6 },
      { line: 3, column: 3 },
      { line: 3, column: 7 },
    ]);
  });

  test.each([
    ["BUILD x", "unknown instruction"],
    ["COPY a", "at least two arguments"],
    ["FROM a b", "one or three arguments"],
    ["CMD [1]", "strings only"],
    ["RUN <<E\nx", "unterminated heredoc"],
    ["# escape=x\nFROM a", "invalid escape token"],
  ])("says what the builder refuses in %j", (text, message) => {
    expect(
      parseDockerfile(text)
        .errors.map((error) => error.message)
        .join("\n"),
    ).toContain(message);
  });

  test("never throws and keeps every position inside the text", () => {
    const piece = fc.constantFrom(
      "FROM a\n",
      "RUN ",
      "COPY ",
      "ENV ",
      "ONBUILD ",
      "\\\n",
      "# escape=`\n",
      "`\n",
      "\r\n",
      '["a","b"]',
      "<<E",
      "\nE\n",
      "'",
      '"',
      "$X",
      "${Y:-z}",
      " ",
      "\u00a0",
      "😀",
      "\ufeff",
      "--from=",
      "a=b",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), (pieces) => {
        const text = pieces.join("");
        const lines = text.split("\n");
        const check = (instruction: Instruction): void => {
          for (const range of [
            instruction.range,
            ...instruction.words.map((word) => word.range),
            ...instruction.flags.map((flag) => flag.range),
          ]) {
            for (const place of [range.start, range.end]) {
              expect(place.line).toBeLessThanOrEqual(lines.length);
              expect(place.column - 1).toBeLessThanOrEqual(lines[place.line - 1]!.length + 1);
            }
          }
          if (instruction.trigger) check(instruction.trigger);
        };
        for (const instruction of parseDockerfile(text).instructions) check(instruction);
      }),
      { numRuns: 400 },
    );
  });
});

describe("lexWord", () => {
  const values: Record<string, string | null> = { X: "aXbab", P: "a/b/c.tar.gz", E: "", U: null };
  const lex = (word: string) => lexWord(word, (name) => (name in values ? values[name] : undefined), { escape: "\\" });

  test.each([
    ["$X", "aXbab"],
    ["${X}y", "aXbaby"],
    ["'$X'", "$X"],
    ['"$X z"', "aXbab z"],
    ["\\$X", "$X"],
    ["${N:-d}", "d"],
    ["${E:-d}", "d"],
    ["${E-d}", ""],
    ["${X:+a}", "a"],
    ["${N+a}", ""],
    ["${P##*/}", "c.tar.gz"],
    ["${P#*/}", "b/c.tar.gz"],
    ["${P%.*}", "a/b/c.tar"],
    ["${P%%.*}", "a/b/c"],
    ["${X/a/z}", "zXbab"],
    ["${X//a/z}", "zXbzb"],
    ["${X:?e}", "aXbab"],
    ["${N:-${X}}", "aXbab"],
    ["${U:+set}", null],
    ["${X:-$U}", "aXbab"],
    ["$U/x", null],
  ])("expands %s", (word, expected) => {
    expect(lex(word)).toMatchObject({ text: expected, error: null });
  });

  test.each(["${", "${}", "${X", "'a", '"a', "${N:?gone}", "${X!}"])("refuses %s", (word) => {
    expect(lex(word).error).not.toBeNull();
  });

  test("bounds what a value may grow to", () => {
    let value = "x".repeat(1000);
    for (let round = 0; round < 20; round++) value = lexWord("$A$A$A$A", () => value, { escape: "\\" }).text ?? "";
    expect(value.length).toBeLessThan(1 << 18);
  });

  test("never throws", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom("$", "{", "}", ":", "-", "+", "#", "%", "/", "?", "'", '"', "\\", "X", "*", " "),
        }),
        (word) => {
          lex(word);
        },
      ),
      { numRuns: 500 },
    );
  });
});

test("heredocName names only a heredoc word", () => {
  expect([heredocName("<<EOF"), heredocName("<<-'E'"), heredocName("a<<b"), heredocName("<<")]).toEqual([
    "EOF",
    "E",
    null,
    null,
  ]);
});
