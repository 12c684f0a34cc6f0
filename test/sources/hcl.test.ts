import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { parseHcl, prepareHcl } from "../../src/sources/hcl.ts";
import type { HclBlock, HclBody } from "../../src/types/hcl.ts";

beforeAll(prepareHcl);

const text = `# comment
variable "host" {
  default = "x-\${var.b}-y" // trailing
  validation {
    condition = !contains(["CHANGE"], var.a["k"])
  }
}
resource "aws_x" "logs" {
  map  = { "k" = 1, bare : "v", (var.c) = null }
  list = [true, "s", upper("t")]
  doc  = <<-EOT
    hi \${var.q}
    there
  EOT
  esc  = "a\\"b\\n $\${c}"
}
`;

test("blocks with labels, attributes, nested blocks", () => {
  const file = parseHcl(text);
  expect(file.errors).toEqual([]);
  expect(file.blocks.map((block) => [block.type, ...block.labels.map((label) => label.text)])).toEqual([
    ["variable", "host"],
    ["resource", "aws_x", "logs"],
  ]);
  expect(file.blocks[0]?.blocks[0]?.type).toBe("validation");
  expect(file.comments.map((comment) => text.slice(comment.start, comment.end))).toEqual(["# comment", "// trailing"]);
});

test("values", () => {
  const attributes = Object.fromEntries(parseHcl(text).blocks[1]?.attributes.map((each) => [each.name, each]) ?? []);
  expect(attributes["map"]?.value).toMatchObject({
    kind: "object",
    entries: [
      { key: "k", value: { kind: "number", text: "1" } },
      { key: "bare", value: { kind: "string", string: { text: "v", template: false } } },
      { key: null, value: { kind: "null" } },
    ],
  });
  expect(attributes["list"]?.value).toMatchObject({
    kind: "list",
    items: [
      { kind: "bool", text: "true" },
      { kind: "string" },
      { kind: "call", name: "upper", arguments: [{ kind: "string" }] },
    ],
  });
  expect(attributes["doc"]?.value).toMatchObject({
    kind: "string",
    string: { heredoc: true, template: true, text: "    hi ${var.q}\n    there" },
  });
  expect(attributes["esc"]?.strings[0]).toMatchObject({ text: 'a"b\n $${c}', template: false });
});

test("strings, references and calls below an attribute, with their ranges", () => {
  const [variable] = parseHcl(text).blocks;
  const [value] = variable?.attributes ?? [];
  expect(value?.strings.map((each) => text.slice(each.start, each.end))).toEqual(["x-${var.b}-y"]);
  expect(value?.references.map((each) => [each.path, text.slice(each.start, each.end)])).toEqual([
    [["var", "b"], "var.b"],
  ]);
  const condition = variable?.blocks[0]?.attributes[0];
  expect(condition?.references.map((each) => each.path)).toEqual([["var", "a", "k"]]);
  expect(condition?.calls.map((each) => each.name)).toEqual(["contains"]);
  expect(condition?.strings.map((each) => each.text)).toContain("CHANGE");
});

test("tfvars: attributes at the top level; CRLF and a byte order mark", () => {
  const file = parseHcl('\uFEFFa = "b"\r\nc = 1\r\n');
  expect(file.errors).toEqual([]);
  expect(file.attributes.map((each) => each.name)).toEqual(["a", "c"]);
});

test("what stands around an error is still listed", () => {
  const file = parseHcl('a = "b"\nc = = \nd = "e"\n');
  expect(file.errors.length).toBeGreaterThan(0);
  expect(file.attributes.map((each) => each.name)).toContain("a");
});

test("any text gives values within bounds", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      'a = "',
      '"',
      "${",
      "}",
      "%{ if x }",
      "b {",
      "}",
      "\n",
      "\r\n",
      "<<EOT\n",
      "EOT\n",
      "[",
      "]",
      "(",
      ")",
      "var.x",
      "# c\n",
      "/*",
      "*/",
      "{ k = ",
      "\\",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const content = pieces.join("");
      const inside = (range: { start: number; end: number }) => {
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThanOrEqual(range.start);
        expect(range.end).toBeLessThanOrEqual(content.length);
      };
      const visit = (body: HclBody) => {
        for (const attribute of body.attributes)
          [attribute, attribute.value, ...attribute.strings, ...attribute.references, ...attribute.calls].forEach(
            inside,
          );
        body.blocks.forEach((block: HclBlock) => {
          inside(block);
          visit(block);
        });
      };
      visit(parseHcl(content));
    }),
    { numRuns: 1500 },
  );
});
