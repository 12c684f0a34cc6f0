import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { parseWithGrammar, prepareShell } from "../../src/sources/shell.ts";
import { parsePlainShell } from "../../src/sources/shell-plain.ts";
import { lineStartsOf } from "../../src/text/positions.ts";

beforeAll(prepareShell);

const plain = (text: string) => parsePlainShell(text, (offset) => offset, lineStartsOf(text));
const byGrammar = (text: string) => parseWithGrammar(text, (offset) => offset, lineStartsOf(text));

test.each([
  "python -m pytest",
  "npm ci\nnpm run build && npm test\n",
  "  cd app && ./deploy.sh staging | tee 'log file' || echo \"it failed\"\n\n# done\n",
  "gcloud run deploy api --set-env-vars=MODE=staging,LEVEL=1",
  "",
  "# nothing\n",
])("%j is read as the grammar reads it", (text) => {
  expect(plain(text)).toEqual(byGrammar(text));
});

test.each([
  "echo $HOME",
  "A=1 make",
  "export A",
  "if true; then a; fi",
  "cat > x",
  "a &",
  "(a)",
  "echo a\\ b",
  "echo `a`",
  "a |",
  "&& a",
  "echo ${{ github.sha }}",
  'echo a"b"',
  "[ -f x ]",
  "a;b",
  "x *.py",
  "! a",
])("%j is left to the grammar", (text) => {
  expect(plain(text)).toBeNull();
});

test("whatever it takes, it reads as the grammar does", () => {
  const piece = fc.constantFrom(
    ..."a b1 run -x --long=v a/b.py ./c x=1 1 22 a,b a:b @scope/x %1 +x - -- . .. / if do in 'q r' \"s t\" '' \"\" && || | # ! & ; $x { } [ ] ( ) < > * ~ ? \\ = _ e\u00e9".split(
      " ",
    ),
    "\n",
    "\n",
    "\t",
    "\r\n",
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(piece, fc.constantFrom(" ", " ", " ", "", "\n")), { maxLength: 12 }), (parts) => {
      const text = parts.map((part) => part.join("")).join("");
      const fast = plain(text);
      if (fast) expect(fast).toEqual(byGrammar(text));
    }),
    { numRuns: 3000 },
  );
});
