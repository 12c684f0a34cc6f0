import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import {
  placeholdersData,
  placeholdersDotenv,
  placeholdersHcl,
  placeholdersLines,
  placeholdersProperties,
  placeholdersTerraform,
  placeholdersToml,
  placeholdersWorkflow,
  placeholdersXml,
} from "../../src/facts/placeholders.ts";
import type { PlaceholderFile } from "../../src/types/placeholders.ts";

const source = (text: string) => ({ bytes: () => Buffer.from(text), text: () => text });
/** `line:column-column key token` of every hit. */
const places = (file: PlaceholderFile) =>
  file.hits.map(
    (hit) =>
      `${hit.at.start.line}:${hit.at.start.column}-${hit.at.end.column} ${hit.inner ?? hit.path.at(-1)} ${hit.text}`,
  );

beforeAll(async () => {
  await placeholdersHcl.prepare?.();
});

test.each<[string, { extract(from: ReturnType<typeof source>): PlaceholderFile }, string, string[]]>([
  [
    "YAML, quoted and plain",
    placeholdersData,
    'a: "x/<name>"\nb: [changeme]\n',
    ["1:7-13 a <name>", "2:5-13 0 changeme"],
  ],
  ["YAML with CRLF", placeholdersData, "a: 1\r\nb: changeme\r\n", ["2:4-12 b changeme"]],
  [
    "an anchor is reported once, where it is written",
    placeholdersData,
    "a: &x changeme\nb: *x\n",
    ["1:7-15 a changeme", "1:7-15 b changeme"],
  ],
  [
    "lines of a block scalar",
    placeholdersData,
    "f: |\n  # changeme\n  password=changeme\n",
    ["3:12-20 password changeme"],
  ],
  ["NAME=value in a list", placeholdersData, "environment:\n  - PASSWORD=changeme\n", ["2:14-22 PASSWORD changeme"]],
  ["unquoted braces", placeholdersData, "a: {{PASSWORD}}\n", ["1:4-16 a {{PASSWORD}}"]],
  ["JSON", placeholdersData, '{ "a": { "b": "your-key" } }', ["1:16-24 b your-key"]],
  ["base64 of a Secret", placeholdersData, "kind: Secret\ndata:\n  p: Q0hBTkdFX01F\n", ["3:6-18 p CHANGE_ME"]],
  ["the same outside of a Secret", placeholdersData, "kind: ConfigMap\nwords: your\ndata:\n  p: Q0hBTkdFX01F\n", []],
  [
    "dotenv, quotes and comment",
    placeholdersDotenv,
    "A='changeme' # your-x\nexport B=your-key\n",
    ["1:4-12 A changeme", "2:10-18 B your-key"],
  ],
  [
    "HCL",
    placeholdersHcl,
    'a = "changeme"\nb { c = ["x", "your-key"] }\n',
    ["1:6-14 a changeme", "2:16-24 1 your-key"],
  ],
  ["TOML, where [[x]] is a table", placeholdersToml, '[[hosts]]\nname = "your-host"\n', ["2:9-18 name your-host"]],
  ["properties", placeholdersProperties, "# changeme\na.b=changeme\n", ["2:5-13 a.b changeme"]],
  ["XML attributes", placeholdersXml, '<a><b value="changeme"/></a>', ["1:14-22 @value changeme"]],
  ["lines", placeholdersLines, "server_name your-domain.com;\n", ["1:13-28 undefined your-domain.com"]],
])("%s", (_, extractor, text, expected) => {
  expect(places(extractor.extract(source(text)))).toEqual(expected);
});

test("a file that does not parse is read line by line, and says so", () => {
  const file = placeholdersData.extract(source("a: changeme\nb: {{ x }}-y\nc: [\n"));
  expect(file.unparsed).toMatch(/does not parse .* read line by line/);
  expect(places(file)).toContain("1:4-12 a changeme");
});

const schema = `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n  a: changeme\n`;
const alert = `apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n  a: "{{ $labels.x }}"\n`;
const plain = `apiVersion: v1\nkind: Service\nmetadata:\n  name: x\n`;
const secret = `apiVersion: v1\nkind: ConfigMap\ndata:\n  password: changeme\n`;
const filler = `# ${"x ".repeat(60)}\n`.repeat(90);

test.each<[string, string, string[], (string | null)[]]>([
  ["a schema", schema, [], ["CustomResourceDefinition"]],
  ["alerts with braces", alert, [], ["PrometheusRule"]],
  [
    "a document among others",
    `${plain}---\n${secret}---\n${alert}`,
    ["9:13-21 password changeme"],
    ["Service", "ConfigMap", "PrometheusRule"],
  ],
  [
    "the same in a long stream",
    `${plain}${filler}---\n${secret}---\n${alert}`,
    ["99:13-21 password changeme"],
    ["Service", "ConfigMap", "PrometheusRule"],
  ],
  [
    "a long stream that begins with a break",
    `---\n${plain}${filler}---\n${secret}`,
    ["100:13-21 password changeme"],
    ["Service", "ConfigMap"],
  ],
])("documents in which nothing can be a finding are not parsed, and still known: %s", (_, text, hits, kinds) => {
  const file = placeholdersData.extract(source(text));
  expect(places(file).filter((place) => !place.includes("{{"))).toEqual(hits);
  expect(file.documents.map((document) => document.kind)).toEqual(kinds);
});

test.each<[string, { extract(from: ReturnType<typeof source>): PlaceholderFile }, string, string[]]>([
  ["references in a workflow", placeholdersWorkflow, "env:\n  A: ${{ env.B }}\n  C: ${X}\n", []],
  ["a word in a workflow", placeholdersWorkflow, "env:\n  A: your-app\n", ["2:6-14 A your-app"]],
  ["references in Terraform", placeholdersTerraform, 'a = "${var.x}-y"\n# changeme\n', []],
  [
    "a word in a list",
    placeholdersTerraform,
    'a = ["x", "Enter a password"]\nb = "${var.x}-your-x"\n',
    ["2:14-21 b -your-x"],
  ],
  [
    "a word in a here-document",
    placeholdersTerraform,
    "a = <<EOT\n  password = changeme\nEOT\n",
    ["2:14-22 a changeme"],
  ],
  ["an angle in a call", placeholdersTerraform, 'b "x" {}\na = f("<name>", var.b)\n', ["2:8-14 a <name>"]],
])("where references are right: %s", (_, extractor, text, expected) => {
  const file = extractor.extract(source(text));
  expect(places(file).filter((place) => !place.includes("$"))).toEqual(expected);
});

test("no line that Terraform's reader finds a placeholder in is passed over", () => {
  const piece = fc.constantFrom(
    "changeme",
    "your-key",
    "<name>",
    "${var.a}",
    "a",
    " ",
    "/",
    "example.com",
    "xxxxxx",
    '\\"',
    "#",
    "//",
    "[YOUR-X]",
    "é",
  );
  const line = fc
    .array(fc.array(piece, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 })
    .map((strings) => `a = [${strings.map((pieces) => `"${pieces.join("")}"`).join(", ")}]\n`);
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), (lines) => {
      const all = placeholdersHcl.extract(source(lines.join("")));
      const few = placeholdersTerraform.extract(source(lines.join("")));
      if (all.hits.some((hit) => hit.name === null)) expect(few.hits).toEqual(all.hits);
    }),
  );
});

test("what holds no placeholder is not parsed at all", () => {
  expect(placeholdersData.extract(source("[[[[[[ not yaml"))).toMatchObject({ hits: [] });
});

test("no decoded value is kept but the placeholder", () => {
  const text = `kind: Secret\ndata:\n  p: ${Buffer.from("postgres://u:hunter2-gold@h/<database>").toString("base64")}\n`;
  expect(JSON.stringify(placeholdersData.extract(source(text)))).not.toContain("hunter2");
});
