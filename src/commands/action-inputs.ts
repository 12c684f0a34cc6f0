/** Every input of action.yml with its default; a test holds both to each other. The runner does not enforce `required`, so none is. */
export const actionInputs = {
  path: ".",
  environment: "",
  config: "",
  only: "",
  skip: "",
  "fail-on": "error",
  base: "auto",
  baseline: "",
  shard: "",
  format: "",
  online: "true",
  present: "",
  deployed: "",
  "allow-undecided": "false",
  annotations: "10",
  summary: "true",
  "check-run": "",
  comment: "",
  suggestions: "false",
  "github-token": "${{ github.token }}",
} as const;

export type ActionInput = keyof typeof actionInputs;

/** Every output of action.yml. */
export const actionOutputs = [
  "verdict",
  "errors",
  "warnings",
  "notes",
  "undecided",
  "new-findings",
  "json",
  "sarif",
] as const;

export type ActionOutput = (typeof actionOutputs)[number];
