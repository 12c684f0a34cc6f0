import { expect, test } from "vitest";
import { foundBy, messagesOf } from "../support/found.ts";

const CONFIG = `environments:
  staging: { inventory: [{ github-secrets: names.json, complete: true }] }
  production: { inventory: [{ github-secrets: names.json, complete: true }] }
`;
const NAMES = JSON.stringify({
  repository: { secrets: ["EVERYWHERE"] },
  environments: { staging: { secrets: ["STAGING_ONLY", "BOTH"] }, production: { secrets: ["BOTH"] } },
});
/** A workflow whose input chooses the environment, with the steps of its job. */
const workflow = (steps: string, environment = "${{ inputs.target }}", job = "") => `on:
  workflow_dispatch:
    inputs:
      target:
        type: choice
        options: [staging, production]
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: ${environment}
${job}    steps:
${steps}`;
const RUN = '      - run: ./deploy.sh "${{ secrets.STAGING_ONLY }}"\n';
const files = (text: string) => ({
  "predeploy.yml": CONFIG,
  "names.json": NAMES,
  ".github/workflows/deploy.yml": text,
});
const FOUND = ["error .github/workflows/deploy.yml:12 STAGING_ONLY"];

test.each([
  { title: "one of the environments lacks it", text: workflow(RUN), is: FOUND },
  { title: "the older way to name the input", text: workflow(RUN, "${{ github.event.inputs.target }}"), is: FOUND },
  { title: "both have it", text: workflow('      - run: ./deploy.sh "${{ secrets.BOTH }}"\n'), is: [] },
  { title: "the repository has it", text: workflow('      - run: ./deploy.sh "${{ secrets.EVERYWHERE }}"\n'), is: [] },
  {
    title: "the step runs for the one that has it",
    text: workflow(`      - if: inputs.target == 'staging'\n        ${RUN.trim().slice(2)}\n`),
    is: [],
  },
  {
    title: "the step runs for all but the other",
    text: workflow(`      - if: inputs.target != 'production'\n        ${RUN.trim().slice(2)}\n`),
    is: [],
  },
  {
    title: "the step runs for the one that lacks it",
    text: workflow(`      - if: inputs.target == 'production'\n        ${RUN.trim().slice(2)}\n`),
    is: ["error .github/workflows/deploy.yml:13 STAGING_ONLY"],
  },
  {
    title: "the job runs for the one that has it",
    text: workflow(RUN, undefined, "    if: github.ref == 'refs/heads/main' && inputs.target == 'staging'\n"),
    is: [],
  },
  {
    title: "a condition that nobody can read",
    text: workflow(`      - if: steps.plan.outputs.wanted\n        ${RUN.trim().slice(2)}\n`),
    is: [],
  },
  {
    title: "the expression chooses",
    text: workflow(
      "      - run: ./deploy.sh \"${{ inputs.target == 'staging' && secrets.STAGING_ONLY || secrets.BOTH }}\"\n",
    ),
    is: [],
  },
  {
    title: "the script chooses",
    text: workflow(
      '      - run: if [ "$TARGET" = staging ]; then ./deploy.sh "$KEY"; fi\n        env: { TARGET: "${{ inputs.target }}", KEY: "${{ secrets.STAGING_ONLY }}" }\n',
    ),
    is: [],
  },
  {
    title: "a fallback",
    text: workflow("      - run: ./deploy.sh \"${{ secrets.STAGING_ONLY || 'none' }}\"\n"),
    is: [],
  },
])("an environment that an input chooses: $title", async ({ text, is }) => {
  expect(await foundBy("secrets/missing-ci-secret", files(text))).toEqual(is);
  expect(await foundBy("secrets/environment-scope", files(text))).toEqual([]);
});

test("the finding names the environment, the input and who has it", async () => {
  const [message] = await messagesOf("secrets/missing-ci-secret", files(workflow(RUN)));
  expect(message).toContain("neither the environment production nor repository");
  expect(message).toContain('The input `target` may choose it; only "staging" has it.');
  expect(message).toContain("gh secret set STAGING_ONLY --env production");
});

test("an option that no list speaks of is not judged; a list that may not be all is a warning", async () => {
  const { production: _, ...environments } = JSON.parse(NAMES).environments;
  const staging = JSON.stringify({ repository: { secrets: [] }, environments });
  const only = {
    ...files(workflow(RUN)),
    "predeploy.yml": CONFIG.split("\n").slice(0, 2).join("\n"),
    "names.json": staging,
  };
  expect(await foundBy("secrets/missing-ci-secret", only)).toEqual([]);
  const partial = { ...files(workflow(RUN)), "predeploy.yml": CONFIG.replaceAll(", complete: true", "") };
  expect(await foundBy("secrets/missing-ci-secret", partial)).toEqual(
    FOUND.map((one) => one.replace("error", "warning")),
  );
});

test("a name that nothing holds is told once, though other jobs choose their environment or have none", async () => {
  const plan = 'on: push\njobs:\n  plan:\n    runs-on: x\n    steps:\n      - run: ./plan.sh "${{ secrets.GONE }}"\n';
  const text = workflow('      - run: ./deploy.sh "${{ secrets.GONE }}"\n');
  expect(await foundBy("secrets/missing-ci-secret", { ...files(text), ".github/workflows/plan.yml": plan })).toEqual([
    "error .github/workflows/deploy.yml:12 GONE",
  ]);
});
