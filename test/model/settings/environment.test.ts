import { describe, expect, test } from "vitest";
import { configSchema } from "../../../src/config/schema.ts";
import { makeNaming } from "../../../src/model/settings/environment.ts";
import { memoryWorkspace } from "../../../src/workspace/memory.ts";

const naming = (config: unknown = {}, paths: string[] = []) =>
  makeNaming(memoryWorkspace(Object.fromEntries(paths.map((path) => [path, ""]))).files, configSchema.parse(config));

describe("a path is of", () => {
  test.each([
    [".env.staging", "staging"],
    ["config/staging.env", "staging"],
    ["deploy/stg/api.yaml", "staging"],
    [".env.stage", "staging"],
    ["values-prod.yaml", "production"],
    ["k8s/overlays/production/kustomization.yaml", "production"],
    ["ci/deploy-staging.sh", "staging"],
    [".env.qa", "qa"],
    ["src/live/view.ts", "production"],
    ["src/live-view/index.ts", null],
    ["src/preview.ts", "preview"],
    ["infra/main.tf", null],
    [".env", null],
  ])("%s: %s", (path, environment) => {
    expect(naming().ofPath(path)).toMatchObject({ environment, excluded: false });
  });

  test.each([
    ".env.development",
    ".env.production.local",
    ".env.staging.example",
    "tests/fixtures/.env.staging",
    "docs/staging.md",
    "docker-compose.test.yml",
    "node_modules/x/.env.production",
  ])("%s: none that is deployed", (path) => {
    expect(naming().ofPath(path)).toMatchObject({ environment: null, excluded: true });
  });
});

test("the config's files decide before words, and its spelling is used", () => {
  const config = { environments: { stage: { files: ["ops/test/**"] }, "eu-prod": {}, "us-prod": {}, pilot: {} } };
  const { ofPath, ofText } = naming(config, ["ops/test/api.env"]);
  expect(ofPath("ops/test/api.env")).toEqual({ environment: "stage", excluded: false, declared: true });
  expect(ofPath(".env.staging").environment).toBe("stage");
  expect(ofPath("deploy/eu-prod/values.yaml").environment).toBe("eu-prod");
  expect(ofPath("deploy/prod/values.yaml").environment).toBe(null);
  expect(ofText("api-pilot").environment).toBe("pilot");
});

test.each([
  ["api-staging", "staging"],
  ["StagingConfig", "staging"],
  ["my-project-prod-123", "production"],
  ["delivery-api", null],
])("the name %s says %s", (text, environment) => {
  expect(naming().ofText(text).environment).toBe(environment);
});
