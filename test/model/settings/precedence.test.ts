import { expect, test } from "vitest";
import type { SettingsModel } from "../../../src/types/settings.ts";
import { modelOf } from "../../support/models.ts";

const container = (env: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec: { template: { spec: { containers: [{ name: api, ${env} }] } } }\n`;
const map = (level: string) =>
  `---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\ndata: { LEVEL: ${level} }\n`;
const variable = (value: string) => `{ name: LEVEL, value: ${value} }`;

/** What staging's LEVEL arrives as, over everything that gives it. */
const rows: [string, Record<string, string>, string[]][] = [
  [
    "compose: environment over env_file, a later file over an earlier one",
    {
      "docker-compose.yml": "services: { web: { image: w, env_file: web.env, environment: { LEVEL: base } } }\n",
      "docker-compose.staging.yml": "services: { web: { environment: { LEVEL: staging } } }\n",
      "web.env": "LEVEL=file\n",
    },
    ["staging"],
  ],
  [
    "an env file of the environment that every service of compose sets over",
    {
      ".env.staging": "LEVEL=file\n",
      "compose.staging.yaml":
        "services:\n  a: { image: a, env_file: .env.staging, environment: { LEVEL: a } }\n  b: { image: b, env_file: .env.staging, environment: { LEVEL: b } }\n",
    },
    ["a", "b"],
  ],
  [
    "an env file that one service takes as it is",
    {
      ".env.staging": "LEVEL=file\n",
      "compose.staging.yaml":
        "services:\n  a: { image: a, env_file: .env.staging, environment: { LEVEL: a } }\n  b: { image: b, env_file: .env.staging }\n",
    },
    ["file", "a"],
  ],
  [
    "Kubernetes: env over envFrom",
    {
      "k8s/staging/a.yaml": `${container(`envFrom: [{ configMapRef: { name: c } }], env: [${variable("own")}]`)}${map("shared")}`,
    },
    ["own"],
  ],
  [
    "Kubernetes: a key of a ConfigMap",
    {
      "k8s/staging/a.yaml": `${container("env: [{ name: LEVEL, valueFrom: { configMapKeyRef: { name: c, key: LEVEL } } }]")}${map("shared")}`,
    },
    ["shared"],
  ],
  [
    "Kubernetes: the later entry of one list",
    { "k8s/staging/a.yaml": container(`env: [${variable("first")}, ${variable("last")}]`) },
    ["last"],
  ],
  [
    "kustomize: a base as it is",
    {
      "base/kustomization.yaml": "resources: [a.yaml]\n",
      "base/a.yaml": container(`env: [${variable("base")}]`),
      "overlays/staging/kustomization.yaml": "resources: [../../base]\n",
    },
    ["base"],
  ],
  [
    "kustomize: a patch in a file over its base",
    {
      "base/kustomization.yaml": "resources: [a.yaml]\n",
      "base/a.yaml": container(`env: [${variable("base")}]`),
      "overlays/staging/kustomization.yaml": "resources: [../../base]\npatches: [{ path: p.yaml }]\n",
      "overlays/staging/p.yaml": container(`env: [${variable("patched")}]`),
    },
    ["patched"],
  ],
  [
    "kustomize: a patch in the kustomization over its base",
    {
      "base/kustomization.yaml": "resources: [a.yaml]\n",
      "base/a.yaml": container(`env: [${variable("base")}]`),
      "overlays/staging/kustomization.yaml": `resources: [../../base]\npatches:\n  - patch: |-\n${container(
        `env: [${variable("patched")}]`,
      ).replace(/^(?=.)/gm, "      ")}`,
    },
    ["patched"],
  ],
  [
    "kustomize: two overlays, and only one patches",
    {
      "base/kustomization.yaml": "resources: [a.yaml]\n",
      "base/a.yaml": container(`env: [${variable("base")}]`),
      "staging/eu/kustomization.yaml": "resources: [../../base]\npatches: [{ path: p.yaml }]\n",
      "staging/eu/p.yaml": container(`env: [${variable("eu")}]`),
      "staging/us/kustomization.yaml": "resources: [../../base]\n",
    },
    ["base", "eu"],
  ],
  [
    "Helm: the environment's values over the chart's",
    {
      "chart/Chart.yaml": "name: api\n",
      "chart/values.yaml": "env: { LEVEL: chart }\n",
      "chart/values-staging.yaml": "env: { LEVEL: staging }\n",
    },
    ["staging"],
  ],
  [
    "Helm: the chart's value where the environment has none",
    {
      "deploy/api/Chart.yaml": "name: api\n",
      "deploy/api/values.yaml": "env: { LEVEL: chart }\n",
      "deploy/values-staging.yaml": "replicas: 2\n",
    },
    ["chart"],
  ],
  [
    "Helm: a template takes the environment's value",
    {
      "chart/Chart.yaml": "name: api\n",
      "chart/values.yaml": "log: { level: chart }\n",
      "chart/values-staging.yaml": "log: { level: staging }\n",
      "chart/templates/_env.tpl": "env:\n  - name: LEVEL\n    value: {{ .Values.log.level | quote }}\n",
    },
    ["staging"],
  ],
  [
    "Terraform: what a module is called with in the environment",
    {
      "modules/app/main.tf": `variable "level" { default = "default" }\nresource "google_cloud_run_v2_service" "api" {\n  template {\n    containers {\n      env {\n        name = "LEVEL"\n        value = var.level\n      }\n    }\n  }\n}\n`,
      "environments/staging/main.tf": 'module "app" {\n  source = "../../modules/app"\n  level = "called"\n}\n',
    },
    ["called"],
  ],
];

test.each(rows)("%s", async (_, files, expected) => {
  const { settings } = (await modelOf("settings", files)) as SettingsModel;
  const arrives = settings.filter(
    (one) => one.name === "LEVEL" && one.environment === "staging" && one.overriddenBy === null,
  );
  expect(arrives.map((one) => one.value)).toEqual(expected);
});

test.each([
  ["a list in a variable", { "deploy-staging.sh": 'gcloud run deploy api --set-env-vars "A=1,$MORE"\n' }],
  ["a file that is made elsewhere", { "deploy-staging.sh": "gcloud run deploy api --env-vars-file made.yaml\n" }],
  ["a service that keeps what it has", { "deploy-staging.sh": "gcloud run deploy api --image x\n" }],
  ["a Secret of the cluster", { "k8s/staging/a.yaml": container("envFrom: [{ secretRef: { name: outside } }]") }],
  ["an env file that git ignores", { "compose.staging.yaml": "services: { a: { image: a, env_file: .env.web } }\n" }],
])("%s leaves open what else is set", async (_, files) => {
  const { open } = (await modelOf("settings", files)) as SettingsModel;
  expect(open.map((one) => one.environment)).toEqual(["staging"]);
});

test("a deploy that says all that a service has leaves nothing open", async () => {
  const files = { "deploy-staging.sh": "gcloud run deploy api --set-env-vars A=1,B=$B --set-secrets C=c:latest\n" };
  expect(((await modelOf("settings", files)) as SettingsModel).open).toEqual([]);
});
