import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { descriptors } from "../src/catalog/descriptors.generated.ts";
import { describeOwnRule, parseOwnRule } from "../src/catalog/rule-file.ts";
import { parseConfig } from "../src/config/load.ts";
import { predeploy } from "./support/cli.ts";
import { inTemporaryFolder } from "./support/repository.ts";

const root = join(import.meta.dirname, "..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((match) => ({
  language: match[1]!,
  text: match[2]!,
}));

describe("every command that the README shows with its output prints that output", () => {
  const commands = blocks.flatMap((block, index) => {
    if (block.language !== "sh") return [];
    const outputs: string[] = [];
    for (let next = index + 1; blocks[next]?.language === "text"; next++) outputs.push(blocks[next]!.text.trimEnd());
    return [{ command: block.text.trim(), outputs }];
  });

  test("there are some", () => {
    expect(commands.length).toBeGreaterThan(1);
  });

  test.each(commands)("$command", ({ command, outputs }) => {
    expect(command).toMatch(/^node dist\/cli\.js /);
    const { stdout, code, stderr } = predeploy(command.split(" ").slice(2), { cwd: root });
    expect(stderr).toBe("");
    expect([0, 1]).toContain(code);
    for (const output of outputs) expect(stdout).toContain(output);
  });
});

test("the broken repository fails and its mended twin passes", () => {
  const codes = readdirSync(join(root, "test/repositories"))
    .filter((name) => name.endsWith("-broken"))
    .map((name) => {
      const mended = name.replace(/-broken$/, "-mended");
      return [
        name,
        predeploy([`test/repositories/${name}`], { cwd: root }).code,
        predeploy([`test/repositories/${mended}`], { cwd: root }).code,
      ];
    });
  expect(codes).toEqual(codes.map(([name]) => [name, 1, 0]));
});

test("every workflow of the README is one of those that are held to GitHub's rules", () => {
  const known = readdirSync(join(root, "test/workflows")).map((name) =>
    readFileSync(join(root, "test/workflows", name), "utf8").trim(),
  );
  const shown = blocks
    .filter((block) => block.language === "yaml" && /^on:$/m.test(block.text))
    .map((block) => block.text.trim());
  expect(shown.length).toBe(known.length);
  for (const text of shown) expect(known).toContain(text);
});

describe("the pipelines elsewhere", () => {
  const pipeline = (path: string) => parse(blocks.find(({ text }) => text.startsWith(`# ${path}\n`))?.text ?? "");
  const commands = [...readme.matchAll(/npx --yes predeploy@1\b([^"'\n]*)/g)].map((match) => match[1]!.trim());

  test("publish the file that their command writes", () => {
    const { script, artifacts } = pipeline(".gitlab-ci.yml").predeploy;
    expect(script[0]).toContain(` --format gitlab=${artifacts.reports.codequality}`);
    expect(artifacts.when).toBe("always");
    const [, command, store] = pipeline(".circleci/config.yml").jobs.predeploy.steps;
    expect(command.run).toContain(` --format junit=${store.store_test_results.path}/`);
    const [checkout, step, publish] = pipeline("azure-pipelines.yml").steps;
    expect(checkout.fetchDepth).toBe("0");
    expect(step.script).toContain(` --format junit=${publish.inputs.testResultsFiles}`);
    expect(publish.condition).toBe("succeededOrFailed()");
  });

  test.each(commands.filter((command) => command !== "" && !command.startsWith("merge")))(
    "npx predeploy %s",
    async (command) => {
      await inTemporaryFolder((directory) => {
        cpSync(join(root, "test/repositories/image-broken"), directory, { recursive: true });
        const { code, stdout, stderr } = predeploy(command.split(" "), { cwd: directory });
        expect([code, stderr]).toEqual([1, ""]);
        expect(stdout).toContain("fail: 7 errors, 4 warnings, 1 note");
        for (const [, file = ""] of command.matchAll(/=(\S+)/g))
          expect(existsSync(join(directory, file)), file).toBe(true);
      });
    },
  );
});

test("the config of the README fits the schema", async () => {
  const configs = blocks.filter((block) => block.text.startsWith("# predeploy.yml"));
  expect(configs.length).toBeGreaterThan(0);
  for (const { text } of configs) await parseConfig(text, "predeploy.yml");
});

test("the own rules of the README use checks and options that exist", () => {
  const known = new Map(descriptors.map((rule) => [rule.id, rule]));
  const rules = blocks.filter((block) => block.text.startsWith("# .predeploy/rules/"));
  const proved = readFileSync(join(root, "test/engine/own-rules.test.ts"), "utf8").replace(/\\?"/g, '\\"');
  expect(rules.length).toBe(6);
  for (const { text } of rules) {
    expect(text.trim().split("\n").length).toBeLessThanOrEqual(9);
    // The rules that test/engine/own-rules.test.ts breaks and keeps are these, word for word.
    expect(proved).toContain(JSON.stringify(text.slice(text.indexOf("\n") + 1)).slice(1, -1));
    expect(() => describeOwnRule("team/x", parseOwnRule(text, "x.yaml").rule, known, () => "x.yaml")).not.toThrow();
  }
});

test("every command, option, format and folder that the README names is there", () => {
  const help = `${predeploy(["--help"]).stdout}${predeploy(["check", "--help"]).stdout}`;
  for (const command of [...readme.matchAll(/^predeploy (?:\[?)([a-z-]+)\]? {2}/gm)].map((match) => match[1]!))
    expect(help).toContain(command);
  for (const option of new Set([...readme.matchAll(/`(--[a-z-]+)/g)].map((match) => match[1]!)))
    expect(`${help} --emit-step --review`).toContain(option);
  for (const folder of [...readme.matchAll(/^\| `((?:src|rules|test)\/[\w/]*)` \|/gm)].map((match) => match[1]!))
    expect(existsSync(join(root, folder)), folder).toBe(true);
});

test("the README tells of every input and output what action.yml says", () => {
  const { inputs, outputs } = parse(readFileSync(join(root, "action.yml"), "utf8"));
  const rows = [
    ...Object.entries<{ default: string; description: string }>(inputs).map(
      ([name, one]) => `| \`${name}\` | ${one.default === "" ? "" : `\`${one.default}\``} | ${one.description} |`,
    ),
    ...Object.entries<{ description: string }>(outputs).map(([name, one]) => `| \`${name}\` | ${one.description} |`),
  ];
  for (const row of rows) expect(readme.split("\n")).toContain(row);
});

test("links of the README lead to files", () => {
  for (const target of [...readme.matchAll(/\]\(((?!https?:)[^)#]+)/g)].map((match) => match[1]!))
    expect(existsSync(join(root, target)), target).toBe(true);
});
