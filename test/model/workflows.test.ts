import { expect, test } from "vitest";
import { needsClosure } from "../../src/model/workflows.ts";
import { modelOf } from "../support/models.ts";

test("needs are transitive; a cycle ends; an undefined name is kept", () => {
  const job = (id: string, ...needs: string[]) => ({ id, needs: needs.map((text) => ({ text })) });
  const closure = needsClosure([
    job("a"),
    job("b", "a"),
    job("c", "b"),
    job("x", "y"),
    job("y", "x"),
    job("z", "nowhere"),
  ]);
  expect(Object.fromEntries(closure)).toEqual({
    a: [],
    b: ["a"],
    c: ["a", "b"],
    x: ["x", "y"],
    y: ["x", "y"],
    z: ["nowhere"],
  });
});

test("workflows and composite actions, each value with its place", async () => {
  const model = await modelOf("workflows", {
    ".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    steps:\n      - run: make x\n",
    ".github/workflows/broken.yml": "on: push\njobs: [\n",
    "actions/x/action.yml": "runs:\n  using: composite\n  steps:\n    - run: echo\n      shell: bash\n",
  });
  expect(model.workflows.map((workflow) => [workflow.path, workflow.kind])).toEqual([
    [".github/workflows/broken.yml", "unreadable"],
    [".github/workflows/ci.yml", "workflow"],
  ]);
  expect(model.workflows[0]?.errors[0]?.at.path).toBe(".github/workflows/broken.yml");
  expect(model.workflows[1]?.jobs[0]?.at).toEqual({
    path: ".github/workflows/ci.yml",
    start: { line: 3, column: 3 },
    end: { line: 3, column: 4 },
  });
  expect(model.workflows[1]?.jobs[0]?.steps[0]?.run?.script?.commands[0]?.at.start).toEqual({ line: 5, column: 14 });
  expect(model.actions.map((action) => action.path)).toEqual(["actions/x/action.yml"]);
});
