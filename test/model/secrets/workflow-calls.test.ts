import { expect, test } from "vitest";
import { runTree } from "../../support/run-tree.ts";

const called = `on:
  workflow_call:
    secrets: { TOKEN: { required: true } }
jobs:
  go:
    runs-on: ubuntu-latest
    steps: [{ run: "./go.sh \${{ secrets.TOKEN }}" }]
`;
const caller = (uses: string) => `on: push\njobs:\n  deploy:\n    uses: ${uses}\n    secrets: {}\n`;

test.each([
  ["./.github/workflows/deploy.yml", ["TOKEN"]],
  ["$/.github/workflows/deploy.yml", ["TOKEN"]],
  ["octo/app/.github/workflows/deploy.yml@v1", []],
])("a workflow called as %s must get what it requires", async (uses, expected) => {
  const files = { ".github/workflows/deploy.yml": called, ".github/workflows/main.yml": caller(uses) };
  const { findings } = await runTree(files, ["secrets/secret-not-passed"]);
  expect(findings.map((one) => one.subject)).toEqual(expected);
});
