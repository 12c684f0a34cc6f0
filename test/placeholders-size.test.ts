import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lineValues } from "../src/sources/placeholder-values.ts";
import { predeploy } from "./support/cli.ts";
import { inTemporaryFolder, writeTree } from "./support/repository.ts";

const deployed = "apiVersion: v1\nkind: Secret\nstringData:\n  password: CHANGE_ME\n";

/** The whole run on a folder with these files beside one manifest that holds a placeholder. */
async function check(files: Record<string, string>) {
  return inTemporaryFolder((directory) => {
    writeTree(directory, { "k8s/plain.yaml": deployed });
    for (const [path, text] of Object.entries(files)) writeFileSync(join(directory, path), text);
    const started = Date.now();
    const { code, stdout } = predeploy(["--only", "placeholders", "--format", "json", directory]);
    const { findings, unread } = JSON.parse(stdout);
    return {
      code,
      seconds: (Date.now() - started) / 1000,
      found: findings.map(
        (one: { severity: string; at: { path: string; start: { line: number } } }) =>
          `${one.severity} ${one.at.path}:${one.at.start.line}`,
      ),
      unread: unread.map((one: { path: string; reason: string }) => `${one.path} ${one.reason}`),
    };
  });
}

const other = "warning k8s/plain.yaml:4";
const rows = (count: number, row: (index: number) => string) => Array.from({ length: count }, (_, index) => row(index));

test.each<[string, Record<string, string>, string[], RegExp]>([
  [
    "YAML of 50 MB is not read, and says so",
    { "k8s/a.yaml": `a:\n${"  key_of_some_length: some value of an ordinary setting\n".repeat(950_000)}` },
    [other],
    /^k8s\/a\.yaml larger than 16 MiB$/,
  ],
  [
    "JSON of 20 MB in one line is not read, and says so",
    {
      "k8s/config.json": `{"items": [${rows(500_000, (index) => `{"id": ${index}, "url": "\${URL_${index}}"}`).join(", ")}]}`,
    },
    [other],
    /^k8s\/config\.json larger than 16 MiB$/,
  ],
  [
    "YAML of 5 MB is read line by line, and says so",
    {
      "k8s/a.yaml": `${deployed}${"  key_of_some_length: some value of an ordinary setting\n".repeat(100_000)}  last: changeme\n`,
    },
    ["warning k8s/a.yaml:4", "warning k8s/a.yaml:100005", other],
    /^k8s\/a\.yaml larger than 3 MB: read line by line$/,
  ],
  [
    "an alias bomb is read line by line, and says so",
    {
      "k8s/a.yaml": `${deployed}a0: &a0 [x, x, x, x, x, x, x, x, x]\n${rows(30, (index) => `a${index + 1}: &a${index + 1} [${rows(9, () => `*a${index}`).join(", ")}]\n`).join("")}`,
    },
    ["warning k8s/a.yaml:4", other],
    /^k8s\/a\.yaml does not parse .*aliases.*: read line by line$/,
  ],
  [
    "YAML that is nested too deeply is read line by line, as the manifest that its lines show, and says so",
    { "k8s/a.yaml": `${deployed}a: ${"[".repeat(100_000)}\n` },
    ["warning k8s/a.yaml:4", other],
    /^k8s\/a\.yaml does not parse .*nested too deeply.*: read line by line$/,
  ],
  [
    "YAML that does not parse is read line by line, and says so",
    { "k8s/a.yaml": `${deployed} bad: [\n` },
    ["warning k8s/a.yaml:4", other],
    /^k8s\/a\.yaml does not parse .*: read line by line$/,
  ],
])("%s", async (_, files, found, unread) => {
  const result = await check(files);
  expect(result.found).toEqual(found);
  expect(result.unread).toHaveLength(1);
  expect(result.unread[0]).toMatch(unread);
  expect(result.code).toBe(0);
  expect(result.seconds).toBeLessThan(20);
});

test("a file that a step deploys and that cannot be read leaves the rules undecided", () =>
  inTemporaryFolder((directory) => {
    writeTree(directory, {
      "k8s/plain.yaml": "apiVersion: v1\nkind: Service\n",
      "k8s/a.yaml": `${deployed}\0`,
      "deploy.sh": "#!/bin/sh\nkubectl apply -f k8s/a.yaml\n",
    });
    const { code, stdout } = predeploy(["--only", "placeholders", "--format", "json", directory]);
    const { undecided } = JSON.parse(stdout);
    expect(undecided.map((one: { rule: string; reason: string }) => `${one.rule} ${one.reason}`)).toEqual([
      "placeholders/leftover k8s/a.yaml could not be read, and `kubectl apply -f` in deploy.sh:2 deploys it.",
      "placeholders/unrendered-reference k8s/a.yaml could not be read, and `kubectl apply -f` in deploy.sh:2 deploys it.",
    ]);
    expect(code).toBe(3);
  }));

test.each([
  ["shouted letters", "A".repeat(2_000_000)],
  ["colons and capitals", ":A".repeat(1_000_000)],
  ["verbs", "set add put ".repeat(170_000)],
  ["open braces", "{a".repeat(1_000_000)],
  ["at signs", "@a".repeat(1_000_000)],
  ["reserved names cut short", "example.".repeat(250_000)],
])("two million characters of %s in one line end at once", (_, text) => {
  const started = performance.now();
  expect([...lineValues(`key: ${text}\n`)].length).toBeLessThan(2);
  expect(performance.now() - started).toBeLessThan(3_000);
});
