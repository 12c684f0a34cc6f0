import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { runTree } from "./support/run-tree.ts";

/** Small repositories with everything that the family tells of them, as `severity rule path:line`. */
const cases = z.array(
  z.strictObject({ title: z.string(), files: z.record(z.string(), z.string()), findings: z.array(z.string()) }),
);

const folder = join(import.meta.dirname, "placeholders");

describe.each(readdirSync(folder).sort())("%s", (name) => {
  test.each(cases.parse(parse(readFileSync(join(folder, name), "utf8"))))("$title", async ({ files, findings }) => {
    const { findings: found } = await runTree(files, ["placeholders"]);
    const told = found.map(
      ({ severity, rule, at }) => `${severity} ${rule.replace("placeholders/", "")} ${at.path}:${at.start.line}`,
    );
    expect(told.sort()).toEqual(findings);
  });
});
