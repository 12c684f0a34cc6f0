import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { readRules } from "../src/catalog/generated-files.ts";
import type { RuleExample } from "../src/types/rule.ts";
import { CLI } from "./support/cli.ts";
import { inTemporaryFolder, makeRepository } from "./support/repository.ts";

/**
 * What the rule pages show, told by the bundle: it is laid out and shaken by what runs call, and a function that was lost is missed by no test
 * of the sources. Suppressions speak of what other rules find, and examples with a history or options are run by the tests of the sources.
 */
const rules = readRules(join(import.meta.dirname, ".."))
  .filter(({ id }) => !id.startsWith("suppressions/"))
  .map(({ id, examples }) => ({ id, examples: examples.filter((one) => !one.history && !one.options) }))
  .filter(({ examples }) => examples.length > 0);

/** `path:line` of what the bundle says by one rule, sorted. */
const placesIn = (id: string, example: RuleExample): Promise<string[]> =>
  inTemporaryFolder(async (directory) => {
    makeRepository(directory, { files: example.files, executable: example.executable });
    const args = [CLI, "check", "--format", "json", "--only", id, "--allow-undecided"];
    // The exit code says what the verdict is.
    const ran = promisify(execFile)(process.execPath, args, {
      cwd: directory,
      env: { PATH: process.env["PATH"] },
      maxBuffer: 1 << 26,
    });
    const { stdout } = await ran.catch((error: { stdout: string }) => error);
    const { findings } = JSON.parse(stdout) as {
      findings: { rule: string; at: { path: string; start: { line: number } } }[];
    };
    return findings
      .filter(({ rule }) => rule === id)
      .map(({ at }) => `${at.path}:${at.start.line}`)
      .sort();
  });

test.each(rules)("the bundle tells the examples of $id", { timeout: 120_000 }, async ({ id, examples }) => {
  for (const example of examples) {
    const expected = example.findings.map(({ at }) => /^.*?:\d+/.exec(at)![0]).sort();
    expect(await placesIn(id, example), example.title).toEqual(expected);
  }
});
