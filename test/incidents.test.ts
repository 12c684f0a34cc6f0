import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import type { RunResult } from "../src/types/finding.ts";
import { startPredeploy } from "./support/cli.ts";
import { inTemporaryFolder, makeRepository, type RepositoryText } from "./support/repository.ts";

const files = z.record(z.string(), z.string()).default({});
const history = z
  .array(
    z.strictObject({
      branch: z.string(),
      subject: z.string(),
      from: z.string().optional(),
      files: z.record(z.string(), z.string()).optional(),
      merge: z.string().optional(),
    }),
  )
  .optional();

/** Something that broke a staging deploy, as a repository before and after it was mended. */
const incidents = z.array(
  z.strictObject({
    incident: z.string(),
    /** Commits before the files, for what only the history tells. */
    history,
    "mended-history": history,
    /** Files of both trees. */
    files,
    broken: files,
    mended: files,
    /** Everything at warning or above that the broken tree is told, with the words of the message that matter. */
    found: z.array(z.strictObject({ rule: z.string(), at: z.string(), says: z.string() })).min(1),
  }),
);

const folder = join(import.meta.dirname, "incidents");

describe.each(readdirSync(folder))("%s", (name) => {
  const all = incidents.parse(parse(readFileSync(join(folder, name), "utf8"), { merge: true }));

  test.concurrent.each(all)("$incident", async (one) => {
    const broken = await gate({ history: one.history, files: { ...one.files, ...one.broken } });
    expect(broken.told.map(({ rule, at }) => ({ rule, at: `${at.path}:${at.start.line}` }))).toEqual(
      one.found.map(({ rule, at }) => ({ rule, at })),
    );
    for (const [index, { says }] of one.found.entries()) expect(broken.told[index]?.message).toContain(says);
    expect(broken.code).toBe(1);
    const mended = await gate({
      history: one["mended-history"] ?? one.history,
      files: { ...one.files, ...one.mended },
    });
    expect(mended).toEqual({ told: [], undecided: [], code: 0 });
  });
});

/** The built command line over a real repository, with every rule switched on. */
async function gate(repository: RepositoryText) {
  return inTemporaryFolder(async (directory) => {
    makeRepository(directory, repository);
    const { stdout, stderr, code } = await startPredeploy(["--fail-on", "warning", "--format", "json"], {
      cwd: directory,
      environment: { PREDEPLOY_NOW: "2027-01-01T00:00:00Z" },
    });
    if (stdout === "") throw new Error(stderr);
    const { findings, undecided } = JSON.parse(stdout) as RunResult;
    return { told: findings.filter((one) => one.severity !== "note"), undecided, code };
  });
}
