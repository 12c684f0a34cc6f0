import { expect, it } from "vitest";
import { checkIgnore, renderCheckIgnore } from "../../src/model/check-ignore.ts";

function verbose(text: string, paths: string[]): string {
  const result = checkIgnore(text, "buildkit", paths);
  return "refused" in result ? result.refused : renderCheckIgnore(result.answers, true);
}

it("prints verdict, line, pattern and path", () => {
  expect(verbose("# tests\ntests/\n!tests/data\n", ["tests/a.py", "tests/data/x", "src"])).toBe(
    "excluded\t2\ttests/\ttests/a.py\nincluded\t3\t!tests/data\ttests/data/x\nincluded\t-\t\tsrc\n",
  );
});

it("takes paths as people write them", () => {
  expect(verbose("a", ["./a/", "/a", "."])).toBe("excluded\t1\ta\t./a/\nexcluded\t1\ta\t/a\nincluded\t-\t\t.\n");
});

it("prints only excluded paths unless asked for more", () => {
  const result = checkIgnore("a", "buildkit", ["a", "b"]);
  expect("answers" in result && renderCheckIgnore(result.answers, false)).toBe("a\n");
});

it("names the line that the builder refuses", () => {
  expect(verbose("ok\nsrc/[x\n", ["a"])).toContain("line 2");
  expect(verbose("*[b-a]\n", ["a"])).toContain("line 1");
  expect(verbose("*\n*[b-a]\n", ["a"])).toBe("excluded\t1\t*\ta\n");
});

it("lets no control character through", () => {
  expect(verbose("a\u001b[2J*", ["a\u001b[2J"])).not.toContain("\u001b");
});
