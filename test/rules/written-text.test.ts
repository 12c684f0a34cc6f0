import { expect, test } from "vitest";
import { textsGiven, writtenText } from "../../src/model/secrets/written-text.ts";
import { foundBy } from "../support/found.ts";

const MAIN = { "app/main.py": 'import os\nif os.environ["MODE"] == "live":\n    KEY = os.environ["KEY"]\n' };
const COMPLETE = {
  "predeploy.yml": "environments: { staging: { inventory: [{ declared: [OTHER], complete: true }] } }\n",
};
const gcloud = (variables: string, more = "") => ({
  "deploy.sh": `#!/bin/sh\n${more}gcloud run deploy app --set-env-vars ${variables} --set-secrets OTHER=other:latest\n`,
});
const action = (variables: string, strategy: string) => ({
  ".github/workflows/d.yml": `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: google-github-actions/deploy-cloudrun@v2\n        with:\n          service: app\n          env_vars: ${variables}\n          env_vars_update_strategy: ${strategy}\n          secrets: OTHER=other:latest\n          secrets_update_strategy: ${strategy}\n`,
});
const image = (text: string) => ({ Dockerfile: `FROM python:3.12 AS build\n${text}` });
const task = (value: string) => ({
  "task-definition.json": JSON.stringify({
    containerDefinitions: [
      { name: "app", environment: [{ name: "MODE", value }], secrets: [{ name: "OTHER", valueFrom: "other" }] },
    ],
  }),
});

/** Title, the deploy, and what is told of KEY (a warning at most, since no process is known): by the wiring alone, and with an inventory. */
test.each<[string, Record<string, string>, wiring: string[], inventory: string[]]>([
  ["gcloud takes the branch", gcloud("MODE=live"), ["warning"], ["warning"]],
  ["gcloud does not", gcloud("MODE=test"), [], []],
  ["a name that the script gives", gcloud('"MODE=$M"', "M=test\n"), [], []],
  ["a name that nobody knows", gcloud('"MODE=$M"'), [], ["note"]],
  ["two modes", { ...gcloud("MODE=test", "gcloud run deploy app --set-env-vars MODE=live\n") }, [], ["note"]],
  ["an action that replaces the list", action("MODE=test", "overwrite"), [], []],
  ["an action that adds to the list", action("MODE=test", "merge"), [], ["note"]],
  ["a task definition takes it", task("live"), ["warning"], ["warning"]],
  ["a task definition does not", task("test"), [], []],
  ["the image takes it", { ...gcloud("A=1"), ...image("FROM build\nENV MODE=live\n") }, ["warning"], ["warning"]],
  ["the image does not", { ...gcloud("A=1"), ...image('FROM build\nENV MODE="test" B=1\n') }, [], []],
  ["the image, in the old form", { ...gcloud("A=1"), ...image("FROM build\nENV MODE test\n") }, [], []],
  ["another stage", { ...gcloud("A=1"), ...image("ENV MODE=live\nFROM python:3.12\n") }, [], ["note"]],
  ["the deploy over the image", { ...gcloud("MODE=test"), ...image("ENV MODE=live\n") }, [], []],
  [
    "compose of the own machine beside the deploy",
    { ...gcloud("MODE=test"), "compose.yaml": "services: { app: { image: app, environment: { MODE: live } } }\n" },
    [],
    [],
  ],
])("a branch on what the deploy writes out: %s", async (_, deploy, wiring, inventory) => {
  const told = async (rule: string, files: Record<string, string>) =>
    (await foundBy(rule, files)).filter((one) => one.endsWith(" KEY")).map((one) => one.split(" ")[0]);
  expect(await told("secrets/unwired-variable", { ...MAIN, ...deploy })).toEqual(wiring);
  expect(await told("secrets/missing-variable", { ...MAIN, ...deploy, ...COMPLETE })).toEqual(inventory);
});

test("no text of a name that may be a secret's is kept, nor one that is no word, and none is data", () => {
  for (const name of ["API_KEY", "DB_PASSWORD", "AUTH_TOKEN", "DATABASE_URL", "SENTRY_DSN", "apiKey", "PIN", "SALT"])
    expect(writtenText(name, "live")).toEqual({});
  for (const value of ["a b", "a=b", "https://a", "$MODE", "{{ mode }}", "x".repeat(41), null, undefined])
    expect(writtenText("MODE", value)).toEqual({});
  const kept = writtenText("MODE", "live");
  expect(kept.text?.()).toBe("live");
  expect(JSON.stringify(kept)).toBe("{}");
  expect(textsGiven([])).toBeNull();
});
