import fc from "fast-check";
import { expect, test } from "vitest";
import { expandReferences, joinedLine, parseMakefile, recipeScript } from "../../src/sources/makefile.ts";
import { lineStartsOf } from "../../src/text/positions.ts";

/** `target target: prerequisite | command; -command` of each rule, then `NAME=value` of each variable. */
function read(text: string): string[] {
  const { rules, variables } = parseMakefile(text.split("\n"));
  return [
    ...rules.map(({ targets, prerequisites, recipe }) => {
      const lines = recipe.map((line) => (line.optional ? "-" : "") + joinedLine(line));
      return `${targets.join(" ")}: ${prerequisites.join(" ")} | ${lines.join("; ")}`;
    }),
    ...variables.map(({ name, operator, value, exported, conditional }) => {
      const marks = (exported ? "export " : "") + (conditional ? "if " : "");
      return `${marks}${name}${operator}${value}`;
    }),
  ];
}

test.each<[string, string, string[]]>([
  ["targets, prerequisites and a recipe", "a b: c d\n\tone\n\ttwo\n", ["a b: c d | one; two"]],
  ["order-only prerequisites, double colons, grouped targets", "a:: b | c\nd e&: f\n", ["a: b c | ", "d e: f | "]],
  ["a static pattern", "a.o b.o: %.o: %.c x\n\tcc\n", ["a.o b.o: %.c x | cc"]],
  ["a recipe on the rule's line, with a # for the shell", "a: b ; -one # two\n\tthree\n", ["a: b | -one # two; three"]],
  ["what make takes off the front of a line", "a:\n\t@-one\n\t - @two\n\t+three\n", ["a:  | -one; -two; three"]],
  ["continued lines", "a: b \\\n   c\n\tone \\\n\t--two \\\n  three\n\tfour\n", ["a: b c | one --two   three; four"]],
  ["two backslashes are one, and no continuation", "a:\n\tone \\\\\n\ttwo\n", ["a:  | one \\\\; two"]],
  [
    "comments and blank lines end no recipe",
    "a: # b\n\tone\n# c \\\n d: e\n\n\t# two\n\tthree\n",
    ["a:  | one; # two; three"],
  ],
  [
    "conditionals end no recipe",
    "a:\nifeq ($(X),b: c)\n\tone\nelse\n\ttwo\nendif\n\tthree\n",
    ["a:  | one; two; three"],
  ],
  ["a rule whose name only starts like a word of make", "export: b\nelse-x: c\n", ["export: b | ", "else-x: c | "]],
  [
    "assignments",
    "A = b # c\nexport B := $(shell x | y:z)\nC ?= d\noverride E += f\nG ::= h\nI != j\n",
    ["A=b", "export B:=$(shell x | y:z)", "C?=d", "E+=f", "G:=h", "I!=j"],
  ],
  ["a value with a colon, an escaped # and one that goes on", "A = b:c \\# \\\n  d\n", ["A=b:c \\# d"]],
  [
    "an assignment after a tab, outside of recipes",
    "ifdef X\n\tA = b\nelse ifdef Y\n  A = c\nendif\nA = d\n",
    ["if A=b", "if A=c", "A=d"],
  ],
  ["an assignment ends the recipe", "a:\n\tone\nA = b\n\tA += c\n", ["a:  | one", "A=b", "A+=c"]],
  ["what looks like one in a recipe is the shell's", "a:\n\tA = b\n", ["a:  | A = b"]],
  ["a variable of a target", "a: B = c\na: d\n", ["a: d | "]],
  ["lines to include", "include a.mk b:c\n-include d.mk\na: b\n", ["a: b | "]],
  ["a colon in a reference", "$(A:.c=.o): $(B:%=x/%) c\n\tone\n", ["$(A:.c=.o): $(B:%=x/%) c | one"]],
  [
    "a define",
    "define a\n\tone\ndefine b\n\ttwo\nendef\nc: d\nendef\ne: f\n\tthree\n",
    [":  | one; two", "e: f | three"],
  ],
  [
    "commands without a target, which make refuses",
    "A = b\n\tdocker build -t c:d .\n",
    [":  | docker build -t c:d .", "A=b"],
  ],
  ["another prefix", ".RECIPEPREFIX = >\na:\n>one\n\tb: c\n", ["a:  | one", "b: c | ", ".RECIPEPREFIX=>"]],
  ["one shell for a recipe", ".ONESHELL:\na:\n\tcd b\n\tone\n", [".ONESHELL:  | ", "a:  | cd b\none"]],
  ["no text", "", []],
])("%s", (_, text, expected) => {
  expect(read(text)).toEqual(expected);
});

test("rules and commands have their places", () => {
  const [rule] = parseMakefile("A = b\n\na: \\\n  b\n\n\t@one \\\n\t  two\n".split("\n")).rules;
  expect(rule).toMatchObject({ start: { line: 3, column: 1 }, end: { line: 4, column: 4 } });
  expect(rule?.recipe[0]).toMatchObject({
    starts: [
      { line: 6, column: 3 },
      { line: 7, column: 2 },
    ],
    end: { line: 7, column: 7 },
  });
});

test.each([
  ["$(A) ${A} $A", "x x $A"],
  ["$$A $$(A) $${A}", "$A $(A) ${A}"],
  ["$@ $< $(B) $(shell A) $(A:b=c)", "[@] $< $(B) $(shell A) $(A:b=c)"],
  ["$(a-b.c) $", "y $"],
])("references in %s", (text, expected) => {
  const values = new Map([
    ["A", "x"],
    ["@", "[@]"],
    ["a-b.c", "y"],
  ]);
  expect(expandReferences(text, (name) => values.get(name))).toBe(expected);
});

test("a recipe is one script, of which each character has its place", () => {
  const text = "A = b\r\nc: d ; @one $$E\n# f\n\t-two $(A) '$$(g)' \\\r\n\t  $$h $(i j)\n\tthree\n";
  const lineStarts = lineStartsOf(text);
  const [rule] = parseMakefile(text.split(/\r?\n/)).rules;
  const script = recipeScript(rule!.recipe, lineStarts);
  expect(script.text).toBe("one $E\ntwo ${A} '$(g)' \\\n  $h $(i j)\nthree");
  for (const word of ["one", "E", "two", "g", "h", "three"])
    expect(text.slice(script.toFile(script.text.indexOf(word))).startsWith(word)).toBe(true);
});

const PIECES = ["a", ":", "=", "\t", " ", "\n", "\\\n", "\\", "#", ";", "$(", "${", ")", "}", "$$", "%", "|", "&"];
const WORDS = [
  "define x\n",
  "endef\n",
  "ifeq (a,b)\n",
  "endif\n",
  ".ONESHELL:\n",
  ".RECIPEPREFIX = >\n",
  ">",
  "export ",
];

test("any text is read without throwing, within its bounds", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES, ...WORDS), { maxLength: 60 }), (pieces) => {
      const lines = pieces.join("").split("\n");
      for (const rule of parseMakefile(lines).rules) {
        expect(rule.targets.length > 0 || rule.recipe.length > 0).toBe(true);
        for (const { text, starts } of rule.recipe) expect(starts.length).toBe(text.split("\n").length);
        const places = rule.recipe.flatMap(({ starts, end }) => starts.map((start) => ({ start, end })));
        for (const { start, end } of [rule, ...places]) {
          expect(start.line).toBeGreaterThan(0);
          expect(start.line < end.line || start.column <= end.column).toBe(true);
          expect(end.line).toBeLessThanOrEqual(lines.length);
          expect(end.column).toBeLessThanOrEqual(lines[end.line - 1]!.length + 1);
        }
      }
    }),
    { numRuns: 3000 },
  );
});

test.each([
  ["continuations", "a: \\\n"],
  ["open references", "$("],
  ["defines", "define a\n"],
  ["backslashes", "\\"],
  ["colons and white space", " : \t"],
  ["modifiers", "export "],
  ["recipe lines that go on", "\ta \\\n"],
])("a long text of %s is read in a moment", (_, piece) => {
  const lines = `a:\n${piece.repeat(100_000)}`.split("\n");
  const start = performance.now();
  parseMakefile(lines);
  expandReferences(lines.join("\n"), () => "");
  expect(performance.now() - start).toBeLessThan(1000);
});
