import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SettingsModel } from "../../../src/types/settings.ts";
import { modelOf } from "../../support/models.ts";

const read = async (files: Record<string, string>): Promise<SettingsModel> =>
  (await modelOf("settings", files)) as SettingsModel;
const brief = (model: SettingsModel) =>
  model.settings.map((one) => [one.environment, one.service, one.name, one.kind === "secret" ? "(secret)" : one.value]);

describe("settings are read from", () => {
  test("env files, by the file's own word and folder", async () => {
    const model = await read({ "backend/.env.staging": "export A='x'\nB=${C}\nB=2\n", ".env.example": "A=1\n" });
    expect(brief(model)).toEqual([
      ["staging", "backend", "A", "x"],
      ["staging", "backend", "B", "2"],
    ]);
  });

  test("gcloud commands, with another delimiter, continued lines and flags", async () => {
    const model = await read({
      "deploy.sh":
        'gcloud run deploy api-staging --set-env-vars "^@^A=1,2@B=x" \\\n  --set-secrets K=key:latest --timeout=300 --quiet\n',
    });
    expect(brief(model)).toEqual([
      ["staging", "api", "A", "1,2"],
      ["staging", "api", "B", "x"],
      ["staging", "api", "K", "(secret)"],
      ["staging", "api", "flag --timeout", "300"],
      ["staging", "api", "flag --quiet", "true"],
    ]);
  });

  test("the environment of a workflow's job, and of the project", async () => {
    const step = (run: string) => `    steps:\n      - run: ${run}\n`;
    const model = await read({
      ".github/workflows/deploy.yml": `on: push\njobs:\n  a:\n    runs-on: x\n    environment: staging\n${step("gcloud run deploy api --set-env-vars A=1")}  b:\n    runs-on: x\n${step("gcloud run deploy api --project shop-prod --set-env-vars A=2")}`,
    });
    expect(brief(model)).toEqual([
      ["staging", "api", "A", "1"],
      ["production", "api", "A", "2"],
    ]);
  });

  test("containers, their ConfigMaps and Secrets, without a value of a Secret", async () => {
    const model = await read({
      "k8s/staging/api.yaml":
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: api }\ndata: { LOG_LEVEL: info }\n---\napiVersion: v1\nkind: Secret\nmetadata: { name: api }\nstringData: { TOKEN: do-not-keep }\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec:\n  template:\n    spec:\n      containers:\n        - name: api\n          env: [{ name: A, value: "1" }, { name: S, valueFrom: { secretKeyRef: { name: api, key: TOKEN } } }]\n          envFrom: [{ configMapRef: { name: api } }, { secretRef: { name: api } }]\n',
    });
    expect(brief(model)).toEqual([
      ["staging", "api", "LOG_LEVEL", "info"],
      ["staging", "api", "TOKEN", "(secret)"],
      ["staging", "api", "A", "1"],
      ["staging", "api", "S", "(secret)"],
    ]);
    expect(JSON.stringify(model)).not.toContain("do-not-keep");
  });

  test("compose, Helm values, Cloud Build, ECS and files that the config names", async () => {
    const model = await read({
      "predeploy.yml": "environments: { staging: { files: [ops/*.toml] } }\n",
      "docker-compose.staging.yml": "services: { web: { image: w, environment: [A=1, 'B=${B:-2}', 'C=${C}'] } }\n",
      "chart/values-staging.yaml": "api:\n  env:\n    - { name: DD, value: 3 }\n",
      "cloudbuild-staging.yaml":
        "steps:\n  - name: gcr.io/cloud-builders/gcloud\n    args: [run, deploy, api, --set-env-vars, E=4]\n  - name: gcr.io/cloud-builders/gcloud\n    entrypoint: bash\n    args:\n      - -c\n      - |\n        gcloud run deploy web --set-env-vars=EE=6 --quiet\n",
      "ops/staging/task-definition.json":
        '{"containerDefinitions": [{"name": "web", "environment": [{"name": "FF", "value": "5"}], "secrets": [{"name": "GG", "valueFrom": "x"}]}]}',
      "ops/app.toml": "[server]\nport = 80\n",
    });
    expect(brief(model)).toEqual([
      ["staging", "web", "A", "1"],
      ["staging", "web", "B", "2"],
      ["staging", "web", "C", null],
      ["staging", "api", "E", "4"],
      ["staging", "web", "EE", "6"],
      ["staging", "web", "flag --quiet", "true"],
      ["staging", "web", "FF", "5"],
      ["staging", "web", "GG", "(secret)"],
      ["staging", null, "server.port", "80"],
      ["staging", "api", "DD", "3"],
    ]);
  });

  test("Terraform, through tfvars, defaults and locals", async () => {
    const model = await read({
      "infra/main.tf":
        'variable "level" { default = "info" }\nlocals { region = "europe" }\nresource "google_cloud_run_v2_service" "api" {\n  name = "api-${var.suffix}"\n  location = local.region\n  template {\n    containers {\n      env {\n        name = "LOG_LEVEL"\n        value = var.level\n      }\n      env {\n        name = "TOKEN"\n        value_source { secret_key_ref { secret = "t" } }\n      }\n    }\n  }\n}\n',
      "infra/staging.tfvars": 'level = "debug"\nsuffix = "staging"\n',
    });
    expect(brief(model)).toEqual([
      ["staging", null, "level", "debug"],
      ["staging", null, "suffix", "staging"],
      ["staging", null, "google_cloud_run_v2_service.api.name", "api-staging"],
      ["staging", null, "google_cloud_run_v2_service.api.location", "europe"],
      ["staging", "api", "LOG_LEVEL", "debug"],
      ["staging", "api", "TOKEN", "(secret)"],
    ]);
  });

  test("deploy scripts: dictionaries, argument lists, branches; of what is computed only the name", async () => {
    const model = await read({
      "scripts/deploy.py":
        'CONFIG = {"staging": {"api": {"LOG_LEVEL": "info", "WORKERS": 2, "HOST": host, "secrets": {"TOKEN": "token:latest"}}}}\ndef run(env):\n    subprocess.run(["gcloud", "run", "deploy", "api-production", "--set-env-vars", "A=1"])\n',
    });
    expect(brief(model)).toEqual([
      ["staging", "api", "LOG_LEVEL", "info"],
      ["staging", "api", "WORKERS", "2"],
      ["staging", "api", "HOST", null],
      ["staging", "api", "TOKEN", "(secret)"],
      ["production", "api", "A", "1"],
    ]);
  });
});

test("an expression of the config is bounded and may be refused", async () => {
  const model = await read({ ".env.staging": "A=1\n" });
  expect(model.matches("^(a+)+$", `${"a".repeat(5000)}b`)).toBe(false);
  expect(model.matches("(?=x)", "x")).toMatchObject({ refused: expect.any(String) });
});

test("no text makes the readers throw", async () => {
  const paths = [
    ".env.staging",
    "deploy-staging.sh",
    "k8s/staging/a.yaml",
    "infra/staging/a.tf",
    "scripts/deploy.py",
    "values-staging.yaml",
    "staging/kustomization.yaml",
    "chart/templates/a.yaml",
    "compose.staging.yaml",
  ];
  const word = fc.constantFrom(
    "gcloud run deploy a ",
    "--set-env-vars ",
    "A=",
    "\n",
    "  ",
    "{",
    "}",
    '"',
    "'",
    "^",
    ",",
    "env:",
    "- ",
    "${",
    "resource ",
    "\\n",
    "https://a.example.com",
    "- name: AB\n  value: {{ .Values.a }}\n",
    "patches:\n  - patch: |\n      kind: Deployment\n",
    "services: { a: { env_file: x } }\n",
    "\0",
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.array(word, { maxLength: 40 }), async (path, words) => {
      const chart = { "chart/Chart.yaml": "name: a\n", "chart/values-staging.yaml": "a: 1\n" };
      const model = await read({ ...chart, [path]: words.join("") });
      for (const one of model.settings) expect(one.at.start.line).toBeGreaterThan(0);
    }),
    { numRuns: 60 },
  );
});

test("two steps of one build are two definitions", async () => {
  const step = (service: string, level: string) =>
    `  - entrypoint: bash\n    name: x\n    args: ["-c", "gcloud run deploy ${service} --set-env-vars LEVEL=${level}"]\n`;
  const model = await read({ "cloudbuild-staging.yaml": `steps:\n${step("api", "a")}${step("web", "b")}` });
  expect(new Set(model.settings.map((one) => one.definition)).size).toBe(2);
});
