import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { commandsOf } from "./reports/runner.ts";

const root = join(import.meta.dirname, "..");
const action = parse(readFileSync(join(root, "action.yml"), "utf8")) as {
  inputs: Record<string, { default: string }>;
  runs: { using: string; main: string };
};

/** Starts the built Action as the runner does: `runs.main` under the Node of `runs.using`, inputs and command files in the environment. */
function runBuiltAction(path: string, inputs: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "predeploy-action-"));
  try {
    const files = Object.fromEntries(
      ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE", "GITHUB_EVENT_PATH"].map(
        (name) => [name, join(folder, name)],
      ),
    );
    for (const [name, file] of Object.entries(files)) writeFileSync(file, name === "GITHUB_EVENT_PATH" ? "{}" : "");
    const environment: Record<string, string> = {
      ...files,
      PATH: process.env.PATH ?? "",
      HOME: folder,
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_WORKSPACE: root,
      GITHUB_EVENT_NAME: "push",
      GITHUB_REPOSITORY: "octo/app",
      RUNNER_TEMP: folder,
    };
    for (const [name, { default: value }] of Object.entries(action.inputs))
      environment[`INPUT_${name.toUpperCase()}`] = inputs[name] ?? (value.startsWith("${{") ? "" : value);
    environment["INPUT_PATH"] = path;
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, action.runs.main)], {
      cwd: root,
      env: environment,
      encoding: "utf8",
    });
    const outputs: Record<string, string> = {};
    for (const [, name = "", , value = ""] of readFileSync(files["GITHUB_OUTPUT"]!, "utf8").matchAll(
      /^(\S+)<<(.*)\n(.*)\n\2$/gm,
    ))
      outputs[name] = value;
    return { code: status, stdout, stderr, outputs, summary: readFileSync(files["GITHUB_STEP_SUMMARY"]!, "utf8") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("the built Action runs under the Node that action.yml names", () => {
  expect(action.runs.using).toBe(`node${process.versions.node.split(".")[0]}`);
});

test("on a broken repository it annotates, sums up, sets outputs and fails", () => {
  const { code, stdout, stderr, outputs, summary } = runBuiltAction("test/repositories/image-broken", { format: "" });
  expect([code, stderr, outputs["verdict"]]).toEqual([1, "", "fail"]);
  const annotations = commandsOf(stdout).filter(({ name }) => name === "error");
  expect(annotations.length).toBeGreaterThan(0);
  expect(annotations.length).toBeLessThanOrEqual(10);
  expect(annotations.every(({ properties }) => properties["file"]?.startsWith("test/repositories/image-broken/"))).toBe(
    true,
  );
  expect(Number(outputs["errors"])).toBeGreaterThan(0);
  expect(summary).toContain("predeploy fail");
});

test("on the mended one it passes without an annotation", () => {
  const { code, stdout, outputs } = runBuiltAction("test/repositories/image-mended");
  expect([
    code,
    outputs["verdict"],
    commandsOf(stdout).filter(({ name }) => name === "error" || name === "warning"),
  ]).toEqual([0, "pass", []]);
});

test("a wrong input is one error annotation, exit 2", () => {
  const { code, stdout } = runBuiltAction("test/repositories/image-mended", { "fail-on": "everything" });
  expect(code).toBe(2);
  expect(stdout).toBe('::error::input `fail-on` must be error, warning, note or never, not "everything".\n');
});
