import { expect, test } from "vitest";
import { pipelineJson, pipelineText } from "../../src/reports/show-pipeline.ts";
import { modelOf } from "../support/models.ts";

const files = {
  ".github/workflows/deploy.yml": `name: Deploy
on: { push: { branches: [main] } }
jobs:
  deploy:
    needs: build
    if: always() && needs.build.result == 'success'
    environment: staging
    runs-on: ubuntu-latest
    steps: [{ name: Ship, run: ./deploy.sh }]
  build:
    needs: test
    runs-on: ubuntu-latest
    steps: [{ run: "make image\\nmake push" }]
  test:
    runs-on: ubuntu-latest
    steps: [{ uses: actions/checkout@v5 }]
`,
  ".github/workflows/broken.yml": "jobs: [\n",
};

test("jobs come in an order in which they can run, with what can stop them", async () => {
  const model = await modelOf("workflows", files);
  expect(pipelineJson(model)).toMatchObject({
    workflows: [
      { path: ".github/workflows/broken.yml", readable: false, jobs: [] },
      {
        name: "Deploy",
        triggers: ["push"],
        jobs: [
          { id: "test", needs: [], before: [], line: 14 },
          { id: "build", needs: ["test"], before: ["test"], gates: ["test"], steps: [{ name: "make image" }] },
          {
            id: "deploy",
            before: ["build", "test"],
            gates: ["build"],
            environment: "staging",
            steps: [{ name: "Ship" }],
          },
        ],
      },
    ],
  });
});

test("as text", async () => {
  const text = pipelineText(await modelOf("workflows", files));
  expect(text).toContain("  3. deploy → staging: after build\n");
  expect(text).toContain("     runs whatever became of test\n");
  expect(text).toContain("broken.yml\n  not readable as a workflow");
});

test("a cycle ends", async () => {
  const model = await modelOf("workflows", {
    ".github/workflows/x.yml":
      "jobs:\n  a: { needs: b, steps: [{ run: x }] }\n  b: { needs: a, steps: [{ run: x }] }\n",
  });
  expect(pipelineText(model)).toContain("2. b");
});
