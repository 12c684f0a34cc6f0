import { beforeAll, expect, test } from "vitest";
import { workflowExtractor } from "../../src/facts/workflow.ts";

beforeAll(() => workflowExtractor.prepare?.());

const extract = (text: string) => workflowExtractor.extract({ text: () => text, bytes: () => Buffer.from(text) });

const text = `name: Deploy
on:
  push: { branches: [main] }
  workflow_call:
    inputs: { target: { required: true, type: string } }
    secrets: { TOKEN: { required: true } }
env: { REGION: eu }
jobs:
  build:
    runs-on: ubuntu-latest
    outputs:
      tag: \${{ steps.tag.outputs.value }}
    steps:
      - uses: actions/checkout@v4
      - id: tag
        env: { A: "\${{ secrets.A }}" }
        run: |
          set -e
          gcloud run deploy api \\
            --set-secrets=B=\${{ secrets.B }}:latest

          echo done
      - run: >-
          one two
          three
      - shell: pwsh
        run: Write-Host x
  deploy:
    needs: build
    if: always() && needs.build.result == 'success'
    environment: { name: staging }
    uses: ./.github/workflows/other.yml
    secrets: inherit
`;

test("jobs with their keys", () => {
  const file = extract(text);
  expect(file.kind).toBe("workflow");
  expect(file.triggers.map((trigger) => trigger.event)).toEqual(["push", "workflow_call"]);
  expect(file.inputs).toMatchObject([{ name: "target", required: true }]);
  expect(file.secrets).toMatchObject([{ name: "TOKEN", required: true }]);
  const [build, deploy] = file.jobs;
  expect(build).toMatchObject({ id: "build", outputs: [{ name: "tag" }], needs: [] });
  expect(deploy).toMatchObject({
    id: "deploy",
    environment: { text: "staging" },
    secrets: "inherit",
    needs: [{ text: "build" }],
  });
  expect(deploy?.if?.expression.calls.map((call) => call.name)).toEqual(["always"]);
  expect(text.slice(deploy?.start, deploy?.end)).toBe("deploy");
});

test("commands of a run block stand at their place in the file", () => {
  const steps = extract(text).jobs[0]?.steps ?? [];
  const words = steps.flatMap((step) => step.run?.script?.commands ?? []).flatMap((command) => command.words);
  expect(words.map((word) => text.slice(word.start, word.end))).toEqual(
    "set -e gcloud run deploy api|--set-secrets=B=${{ secrets.B }}:latest|echo done one two three"
      .split("|")
      .flatMap((part, index) => (index === 1 ? [part] : part.split(" "))),
  );
});

test("a step in another shell has no commands", () => {
  expect(extract(text).jobs[0]?.steps[3]?.run).toMatchObject({ text: "Write-Host x", script: null });
});

test("every expression knows the keys that lead to it", () => {
  const step = extract(text).jobs[0]?.steps[1];
  expect(
    step?.expressions.map((each) => [
      each.keys.join("."),
      each.accesses[0]?.path[0],
      text.slice(each.accesses[0]?.start, each.accesses[0]?.end),
    ]),
  ).toEqual([
    ["env.A", "A", "secrets.A"],
    ["run", "B", "secrets.B"],
  ]);
});

test("composite actions have steps, broken files are unreadable, others are none", () => {
  expect(extract("runs: { using: composite, steps: [{ run: a, shell: bash }] }\n")).toMatchObject({
    kind: "action",
    steps: [{ run: { text: "a" } }],
  });
  expect(extract("on: push\njobs:\n  a:\n    steps:\n      - run: |\n          cat <<E\nx: [\n").kind).toBe(
    "unreadable",
  );
  expect(extract("on: push\n").kind).toBe("none");
});
