import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { validate } from "@actions/languageservice";
import { describe, expect, test } from "vitest";
import { TextDocument } from "vscode-languageserver-textdocument";
import { parse } from "yaml";
import { actionInputs, actionOutputs } from "../src/commands/action-inputs.ts";
import { WORKFLOW, WORKFLOW_PATH } from "../src/commands/init.ts";
import { workflowExtractor } from "../src/facts/workflow.ts";

const root = join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

let validated = 0;
/** What GitHub's own validator says of a workflow or an action, as its editor extension shows it. It remembers by address, so each text has its own. */
async function complaintsOf(path: string, text: string): Promise<string[]> {
  const address = `file:///${validated++}/${path}`;
  const found = await validate(TextDocument.create(address, "yaml", 0, text));
  return found.map(({ range, message }) => `${path}:${range.start.line + 1}: ${message}`);
}

interface Step {
  uses?: string;
  run?: string;
  if?: string;
  with?: Record<string, unknown>;
}
interface Workflow {
  on: Record<string, { paths?: unknown } | null>;
  permissions: Record<string, string>;
  jobs: Record<string, { permissions?: Record<string, string>; needs?: string; if?: string; steps: Step[] }>;
}

describe("action.yml", () => {
  const action = parse(read("action.yml"));

  test("has exactly the inputs of the code, with the same defaults, each described", () => {
    const inputs = Object.entries<{ default: string; description: string }>(action.inputs);
    expect(Object.fromEntries(inputs.map(([name, input]) => [name, input.default]))).toEqual(actionInputs);
    for (const [name, { description }] of inputs) expect(description, name).toMatch(/\S\.$/);
  });

  test("has exactly the outputs of the code, each described", () => {
    expect(Object.keys(action.outputs)).toEqual([...actionOutputs]);
    for (const output of Object.values<{ description: string }>(action.outputs))
      expect(output.description).toMatch(/\.$/);
  });

  test("is what GitHub's own validator wants", async () => {
    expect(await complaintsOf("action.yml", read("action.yml"))).toEqual([]);
    const wrong = read("action.yml").replace("  main: dist/action.js", "  mainly: dist/action.js");
    expect(await complaintsOf("action.yml", wrong)).not.toEqual([]);
  });

  test("runs the committed bundle on Node 24 and can stand in the Marketplace", () => {
    expect(action.runs).toEqual({ using: "node24", main: "dist/action.js" });
    expect(action.branding).toEqual({ icon: expect.any(String), color: expect.any(String) });
    expect(action.description.length).toBeLessThan(125);
  });
});

describe.each(readdirSync(join(root, "test/workflows")))("%s can be copied as it is", (file) => {
  const text = read(`test/workflows/${file}`);
  const workflow: Workflow = parse(text);
  const steps = Object.entries(workflow.jobs).flatMap(([name, job]) => job.steps.map((step) => ({ name, job, step })));
  const own = steps.filter(({ step }) => step.uses?.startsWith("predeploy/predeploy@"));

  test("GitHub's own validator finds nothing to say", async () => {
    expect(await complaintsOf(`.github/workflows/${file}`, text)).toEqual([]);
  });

  test("our own reader takes it for a workflow without errors", async () => {
    await workflowExtractor.prepare?.();
    const fact = workflowExtractor.extract({ bytes: () => Buffer.from(text), text: () => text });
    expect(fact.kind).toBe("workflow");
    expect(fact.errors).toEqual([]);
    expect(fact.jobs.map(({ id }) => id)).toEqual(Object.keys(workflow.jobs));
  });

  test("gives predeploy only inputs it has, and the permissions that they need", () => {
    expect(own.length).toBeGreaterThan(0);
    for (const { job, step } of own) {
      for (const name of Object.keys(step.with ?? {})) expect(Object.keys(actionInputs)).toContain(name);
      const permissions = { ...workflow.permissions, ...job.permissions };
      expect(permissions["contents"]).toBe("read");
      if (step.with?.["comment"] || step.with?.["suggestions"]) expect(permissions["pull-requests"]).toBe("write");
      if (step.with?.["check-run"]) expect(permissions["checks"]).toBe("write");
    }
  });

  test("checks out without leaving a credential, with the history that is compared", () => {
    const checkouts = steps.filter(({ step }) => step.uses?.startsWith("actions/checkout@"));
    for (const { name, step } of checkouts) {
      expect(step.with?.["persist-credentials"]).toBe(false);
      if (own.some((one) => one.name === name)) expect(step.with?.["fetch-depth"]).toBe(0);
    }
  });

  test("never waits for a check that a path filter skipped, and prints no secret", () => {
    for (const trigger of Object.values(workflow.on)) expect(trigger?.paths).toBeUndefined();
    expect(text).not.toMatch(/toJSON\(\s*secrets/i);
    for (const [, use = ""] of text.matchAll(/\$\{\{([^}]*secrets\.[^}]*)\}\}/g)) expect(use).toMatch(/!= ''\s*$/);
    for (const { step } of steps) expect(step.run ?? "").not.toContain("${{");
  });
});

test("GitHub's own validator would say it if they were wrong, and finds nothing in our own workflow and in that of `init`", async () => {
  const gate = read("test/workflows/release-gate.yml");
  const wrong = [gate.replace("needs: gate", "needs: gates"), gate.replace("contents: read", "contents: reads")];
  for (const text of [...wrong, gate.replace("runs-on", "run-on"), `${gate}\n      - run: \${{ github.x( }}\n`])
    expect(await complaintsOf(".github/workflows/wrong.yml", text)).not.toEqual([]);
  expect(await complaintsOf(WORKFLOW_PATH, WORKFLOW)).toEqual([]);
  expect(await complaintsOf(".github/workflows/ci.yml", read(".github/workflows/ci.yml"))).toEqual([]);
});

test("a required check also runs in the merge queue", () => {
  for (const file of ["pull-request.yml", "shards.yml"])
    expect(Object.keys((parse(read(`test/workflows/${file}`)) as Workflow).on)).toEqual([
      "pull_request",
      "merge_group",
    ]);
});

test("the deploy waits for the gate, the joined result for all of its parts", () => {
  const gate: Workflow = parse(read("test/workflows/release-gate.yml"));
  expect(gate.jobs["deploy"]?.needs).toBe("gate");
  const shards: Workflow = parse(read("test/workflows/shards.yml"));
  expect(shards.jobs["result"]).toMatchObject({ needs: "part", if: "${{ !cancelled() }}" });
});

test("where a stranger's change meets a token that may write, nothing but reading happens", () => {
  for (const file of readdirSync(join(root, "test/workflows"))) {
    const { on, jobs }: Workflow = parse(read(`test/workflows/${file}`));
    if (!("pull_request_target" in on)) continue;
    const uses = Object.values(jobs).flatMap(({ steps }) => steps.map((step) => step.uses?.split("@")[0]));
    expect(uses, file).toEqual(["actions/checkout", "predeploy/predeploy"]);
  }
});

test("the pre-commit hook runs once before a push, without file names", () => {
  const [hook] = parse(read(".pre-commit-hooks.yaml"));
  expect(hook).toMatchObject({
    id: "predeploy",
    entry: "predeploy",
    language: "node",
    pass_filenames: false,
    stages: ["pre-push"],
  });
  expect(Object.keys(JSON.parse(read("package.json")).bin)).toContain(hook.entry);
});
