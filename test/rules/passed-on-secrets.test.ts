import { expect, test } from "vitest";
import { foundBy } from "../support/found.ts";

const CONFIG = {
  "predeploy.yml": "environments: { staging: { inventory: [{ github-secrets: names.json, complete: true }] } }\n",
  "names.json": '{ "repository": { "secrets": [] } }',
};
const CALLER = `on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: ./.github/actions/ship
        with:
          key: \${{ secrets.KEY }}
`;
const action = (inputs: string, steps: string) =>
  `name: ship\ninputs:\n  key:\n${inputs}runs:\n  using: composite\n  steps:\n${steps}`;
const at = (severity: string) => [`${severity} .github/workflows/deploy.yml:8 KEY`];

test.each([
  {
    title: "uses it",
    text: action("    required: true\n", '    - run: ./ship.sh "${{ inputs.key }}"\n      shell: bash\n'),
    is: at("error"),
  },
  {
    title: "uses it in a variable",
    text: action(
      "    required: false\n",
      '    - run: ./ship.sh\n      shell: bash\n      env: { KEY: "${{ inputs.key }}" }\n',
    ),
    is: at("error"),
  },
  {
    title: "asks first",
    text: action(
      "    required: false\n",
      "    - if: inputs.key != ''\n      run: ./ship.sh \"${{ inputs.key }}\"\n      shell: bash\n",
    ),
    is: [],
  },
  {
    title: "asks first in its script",
    text: action(
      "    required: false\n",
      '    - run: if [ -n "$KEY" ]; then ./ship.sh; fi\n      shell: bash\n      env: { KEY: "${{ inputs.key }}" }\n',
    ),
    is: [],
  },
  {
    title: "has something to fall back on",
    text: action("    required: false\n", "    - run: ./ship.sh \"${{ inputs.key || 'none' }}\"\n      shell: bash\n"),
    is: [],
  },
  {
    title: "asks once and uses it elsewhere without",
    text: action(
      "    required: false\n",
      '    - if: inputs.key\n      run: ./a.sh "${{ inputs.key }}"\n      shell: bash\n    - run: ./b.sh "${{ inputs.key }}"\n      shell: bash\n',
    ),
    is: at("error"),
  },
  {
    title: "does nothing with it",
    text: action("    required: false\n", "    - run: ./ship.sh\n      shell: bash\n"),
    is: [],
  },
  {
    title: "is a program with an optional input",
    text: "name: ship\ninputs:\n  key:\n    required: false\nruns:\n  using: node24\n  main: index.js\n",
    is: at("warning"),
  },
  {
    title: "is a program that requires it",
    text: "name: ship\ninputs:\n  key:\n    required: true\nruns:\n  using: node24\n  main: index.js\n",
    is: at("error"),
  },
])("a secret handed to an action that $title", async ({ text, is }) => {
  const files = { ...CONFIG, ".github/workflows/deploy.yml": CALLER, ".github/actions/ship/action.yml": text };
  expect(await foundBy("secrets/missing-ci-secret", files)).toEqual(is);
});

test("an action hands it on to another one", async () => {
  const files = (inner: string) => ({
    ...CONFIG,
    ".github/workflows/deploy.yml": CALLER,
    ".github/actions/ship/action.yml": action(
      "    required: false\n",
      '    - uses: ./.github/actions/inner\n      with: { token: "${{ inputs.key }}" }\n',
    ),
    ".github/actions/inner/action.yml": `inputs: { token: { required: false } }\nruns:\n  using: composite\n  steps:\n${inner}`,
  });
  expect(
    await foundBy("secrets/missing-ci-secret", files('    - { run: "./a.sh ${{ inputs.token }}", shell: bash }\n')),
  ).toEqual(at("error"));
  expect(
    await foundBy(
      "secrets/missing-ci-secret",
      files('    - { if: inputs.token, run: "./a.sh ${{ inputs.token }}", shell: bash }\n'),
    ),
  ).toEqual([]);
});

const CALL = `on: push
jobs:
  deploy:
    uses: ./.github/workflows/ship.yml
    secrets:
      key: \${{ secrets.KEY }}
`;
const called = (required: boolean, steps: string) =>
  `on: { workflow_call: { secrets: { key: { required: ${required} } } } }\njobs:\n  ship:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`;
test.each([
  {
    title: "requires it",
    text: called(true, "      - run: ./ship.sh\n"),
    is: ["error .github/workflows/deploy.yml:6 KEY"],
  },
  {
    title: "uses it",
    text: called(false, '      - run: ./ship.sh "${{ secrets.key }}"\n'),
    is: ["error .github/workflows/deploy.yml:6 KEY"],
  },
  {
    title: "asks first",
    text: called(
      false,
      "      - if: env.KEY != ''\n        run: ./ship.sh\n        env: { KEY: \"${{ secrets.key }}\" }\n",
    ),
    is: [],
  },
  { title: "does nothing with it", text: called(false, "      - run: ./ship.sh\n"), is: [] },
])("a secret passed to a workflow that $title", async ({ text, is }) => {
  const files = { ...CONFIG, ".github/workflows/deploy.yml": CALL, ".github/workflows/ship.yml": text };
  expect(await foundBy("secrets/missing-ci-secret", files)).toEqual(is);
});

test.each([
  { title: "one caller gives it", callers: ["DOCKER_KEY"], is: ["error .github/workflows/push.yml:7 DOCKER_KEY"] },
  {
    title: "two callers give it",
    callers: ["DOCKER_KEY", "OTHER_KEY"],
    is: ["warning .github/workflows/push.yml:7 DOCKER_KEY", "warning .github/workflows/push.yml:7 OTHER_KEY"],
  },
  { title: "one that nobody can tell", callers: ["DOCKER_KEY", "${{ vars.NAME }}"], is: [] },
])("the name of a secret is an input of a called workflow: $title", async ({ callers, is }) => {
  const files: Record<string, string> = {
    ...CONFIG,
    ".github/workflows/push.yml":
      "on: { workflow_call: { inputs: { key: { type: string, required: true } } } }\njobs:\n  push:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ./push.sh\n        env: { KEY: '${{ secrets[inputs.key] }}' }\n",
  };
  for (const [index, name] of callers.entries())
    files[`.github/workflows/call-${index}.yml`] =
      `on: push\njobs:\n  a:\n    uses: ./.github/workflows/push.yml\n    secrets: inherit\n    with: { key: "${name}" }\n`;
  expect(await foundBy("secrets/missing-ci-secret", files)).toEqual(is);
});

const LOGIN = `on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: google-github-actions/auth@v2
        with:
          credentials_json: \${{ secrets.KEY }}
          workload_identity_provider: \${{ secrets.POOL }}
          service_account: \${{ secrets.ACCOUNT }}
`;
test.each([
  { title: "the first is there", names: ["KEY"], is: [] },
  { title: "the second is there whole", names: ["POOL", "ACCOUNT"], is: [] },
  { title: "the second is there by half", names: ["POOL"], is: ["error 8 KEY", "error 10 ACCOUNT"] },
])("two ways to log in: $title", async ({ names, is }) => {
  const files = {
    ...CONFIG,
    "names.json": JSON.stringify({ repository: { secrets: names } }),
    ".github/workflows/deploy.yml": LOGIN,
  };
  const found = await foundBy("secrets/missing-ci-secret", files);
  expect(found.map((one) => one.replace(/\S+:(\d+)/, "$1"))).toEqual(is);
});

const FALLBACKS = LOGIN.replace(/secrets\.(\w+)/g, "secrets.OWN_$1 || secrets.$1");
test.each([
  { title: "the second by its fallbacks", names: ["POOL", "ACCOUNT"], is: [] },
  { title: "the second by one of each", names: ["OWN_POOL", "ACCOUNT"], is: [] },
  { title: "the first by its fallback", names: ["KEY"], is: [] },
  { title: "each name but two that have another", names: ["OWN_KEY", "OWN_POOL", "POOL", "ACCOUNT"], is: [] },
  { title: "neither whole", names: ["OWN_POOL"], is: ["error 8 OWN_KEY", "error 10 OWN_ACCOUNT"] },
])("two ways to log in, each with names to fall back on: $title", async ({ names, is }) => {
  const files = {
    ...CONFIG,
    "names.json": JSON.stringify({ repository: { secrets: names } }),
    ".github/workflows/deploy.yml": FALLBACKS,
  };
  const found = await foundBy("secrets/missing-ci-secret", files);
  expect(found.map((one) => one.replace(/\S+:(\d+)/, "$1"))).toEqual(is);
});
