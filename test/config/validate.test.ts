import { expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { UsageError } from "../../src/config/usage-error.ts";

/** What a text of predeploy.yml is refused with, behind the file's name. */
async function refusal(text: string): Promise<string> {
  try {
    await parseConfig(text, "predeploy.yml");
  } catch (error) {
    if (error instanceof UsageError) return error.message.replace(/^predeploy\.yml:/, "");
    throw error;
  }
  return "";
}

const staging = (text: string) => `environments: { staging: { ${text} } }\n`;
const value = "environments.staging";

test.each<[string, string, string]>([
  ["another form than a mapping", "- version: 1\n", "1:1: the file must be a mapping."],
  ["a list for a mapping", "rules: []\n", "1:8: `rules` must be a mapping."],
  ["a text for a list", "ignore: legacy\n", "1:9: `ignore` must be a list."],
  ["a number for a text", "ignore: [1]\n", "1:10: `ignore.0` must be a text."],
  ["an empty text", 'ignore: [""]\n', "1:10: `ignore.0` is empty."],
  ["a key without a value", "rules:\n", "1:7: `rules` is empty: give it a value, or take the key out."],
  ["another version", "version: 2\n", "1:10: `version` must be 1."],
  ["a version in quotes", 'version: "1"\n', "1:10: `version` must be 1. Write it without quotes."],
  [
    "a severity that is cut short",
    "rules: { drift: warn }\n",
    '1:17: `rules.drift` must be error, warning, note, off, on, true or false or a mapping. Did you mean "warning"?',
  ],
  [
    "a severity in capitals",
    staging("drift: { fixes: ERROR }"),
    `1:44: \`${value}.drift.fixes\` must be error, warning, note or off. Did you mean "error"?`,
  ],
  [
    "a broken number",
    "drift: [{ head: a, base: b, max-lost: 1.5 }]\n",
    "1:39: `drift.0.max-lost` must be a whole number.",
  ],
  [
    "a negative number",
    "drift: [{ head: a, base: b, max-lost: -1 }]\n",
    "1:39: `drift.0.max-lost` must be at least 0.",
  ],
  ["a key that is missing", "drift: [{ head: a }]\n", "1:9: `drift.0.base` is missing."],
  [
    "a misspelt key that is needed",
    "drift: [{ haed: a, base: b }]\n",
    '1:11: unknown key `haed` under `drift.0`. Did you mean "head"?',
  ],
  [
    "a text where one of several mappings belongs",
    staging("deployed: main"),
    `1:38: \`${value}.deployed\` must be a mapping with one of the keys ref, file, github-environment or url.`,
  ],
  [
    "a mapping without its key",
    staging("deployed: {}"),
    `1:38: \`${value}.deployed\` needs one of the keys ref, file, github-environment or url.`,
  ],
  [
    "two keys where one belongs",
    staging("deployed: { ref: a, github-environment: b }"),
    `1:38: \`${value}.deployed\` has ref and github-environment: one of them only.`,
  ],
  [
    "a misspelt kind",
    staging("inventory: [{ envfile: .env }]"),
    `1:42: unknown key \`envfile\` under \`${value}.inventory.0\`. Did you mean "env-file"?`,
  ],
  [
    "a kind with another value",
    staging("inventory: [{ github: yes }]"),
    `1:50: \`${value}.inventory.0.github\` must be true.`,
  ],
  [
    "a key below a kind",
    staging("deployed: { file: { pth: x, pattern: y } }"),
    `1:48: unknown key \`pth\` under \`${value}.deployed.file\`. Did you mean "path"?`,
  ],
  [
    "no address",
    staging("deployed: { url: { href: x, pointer: /y } }"),
    `1:53: \`${value}.deployed.url.href\` is no address that starts with https:// or http://.`,
  ],
  [
    "a startup entry that asks for nothing",
    "startup: [{ root: app.py }]\n",
    "1:11: `startup.0` asks for nothing: write",
  ],
  [
    "half of an order",
    "startup: [{ before: call a, once: call b }]\n",
    "1:11: `startup.0` has one of `before` and `after`",
  ],
  [
    "no day",
    "suppress: [{ rule: drift, reason: x, until: 2027-02-31 }]\n",
    "1:45: `suppress.0.until` is no day: write it like 2027-01-31.",
  ],
  [
    "a key of what is merged in",
    staging("<<: { brnch: main }"),
    `1:26: unknown key \`brnch\` under \`${value}\`. Did you mean "branch"?`,
  ],
  ["an alias of nothing", "version: *one\n", "1:1: not valid YAML: Unresolved alias"],
  ["a key twice", "version: 1\nversion: 1\n", "2:1: not valid YAML: Map keys must be unique."],
  ["a second document", "version: 1\n---\nrules: {}\n", "2:1: a second YAML document starts here; one is read."],
  ["UTF-16", Buffer.from("version: 1\n", "utf16le").toString("utf8"), "1:1: no text in UTF-8; save it as one."],
])("%s is refused in words of YAML", async (_, text, message) => {
  expect(await refusal(text)).toContain(message);
});

test("anchors, aliases and merges are taken for what they stand for", async () => {
  const text =
    "environments:\n  staging: &base { branch: main, requires: [A] }\n  production: { <<: *base, branch: live }\n";
  const { config } = await parseConfig(`\ufeff${text}`, "predeploy.yml");
  expect(config.environments["production"]).toMatchObject({ branch: "live", requires: ["A"] });
});
