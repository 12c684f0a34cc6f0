import { createHash } from "node:crypto";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkRunBodies } from "../../src/action/check-run.ts";
import { commentBody } from "../../src/action/comment.ts";
import { readRules } from "../../src/catalog/generated-files.ts";
import { formatNames, loadFormat } from "../../src/commands/formats.ts";
import { loadConfig } from "../../src/config/load.ts";
import { parseRun } from "../../src/engine/result-file.ts";
import { runCheck } from "../../src/engine/run.ts";
import { renderJson } from "../../src/reports/json.ts";
import { presenceStep, secretsJson, secretsText } from "../../src/reports/show-secrets.ts";
import type { RunResult } from "../../src/types/finding.ts";
import { memoryWorkspace } from "../../src/workspace/memory.ts";
import { modelOf } from "../support/models.ts";
import { context } from "./fixture.ts";

const rules = readRules(join(import.meta.dirname, "../.."));
const family = rules.filter((one) => one.id.startsWith("secrets/"));

/** Text that no name, message or digest of ours holds by chance. */
const value = fc
  .string({ unit: fc.constantFrom(..."kqvxzj0123456789".split("")), minLength: 14, maxLength: 24 })
  .map((text) => `Zq7k${text}`);

const base64 = (text: string) => Buffer.from(text).toString("base64");
const list = (kind: string, file: string, more = "") => `      - { ${kind}: ${file}, complete: true${more} }\n`;

/** A repository in which each value stands in a place of its own. `next` gives a value at each call. */
function repository(next: () => string): Record<string, string> {
  const secret = (name: string, key: string) =>
    `apiVersion: v1\nkind: Secret\nmetadata: { name: ${name} }\nstringData: { ${key}: ${next()} }\ndata: { other: ${base64(next())} }\n`;
  return {
    "predeploy.yml": `environments:\n  staging:\n    requires: [must-be-there]\n    inventory:\n${[
      list("infisical", "infisical.json"),
      list("doppler", "doppler.json"),
      list("sops", "secrets.enc.yaml"),
      list("terraform-output", "output.json"),
      list("kubectl", "cluster.json"),
      list("env-file", ".env.staging"),
      list("github-variables", "variables.txt"),
      list("github-secrets", "secrets.json"),
      list("declared", "[]", ", namespace: store"),
    ].join("")}`,
    "infisical.json": JSON.stringify([{ key: "FROM_LIST", value: next() }]),
    "doppler.json": JSON.stringify({ FROM_MAP: { computed: next() } }),
    "secrets.enc.yaml": `FROM_SOPS: ENC[AES256_GCM,data:${next()}]\nsops: { version: 3 }\n`,
    "output.json": JSON.stringify({ from_output: { value: next(), sensitive: true } }),
    "cluster.json": JSON.stringify({
      kind: "List",
      items: [{ kind: "Secret", metadata: { name: "app" }, data: { key: base64(next()) } }],
    }),
    "secrets.json": '{ "total_count": 0, "secrets": [] }',
    "variables.txt": `REGION\t${next()}\t2026-01-05T10:00:00Z\n`,
    ".env.staging": `EMPTY=\nCHANGE=changeme-${next()}\nPLAIN="${next()}"\nMANY="first\n${next()}"\nGONE_KEY=${next()}\n`,
    ".env": `STRIPE_SECRET_KEY=${next()}\n`,
    "k8s/app.yaml": `apiVersion: v1
kind: Pod
metadata: { name: app }
spec:
  containers:
    - name: app
      image: app
      env:
        - { name: MAIL_API_KEY, value: ${next()} }
        - { name: MODE, value: ${next()} }
        - { name: A, valueFrom: { secretKeyRef: { name: app, key: gone } } }
        - { name: B, valueFrom: { secretKeyRef: { name: own, key: absent } } }
---
${secret("own", "key")}`,
    "flux/app.yaml": `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: app }\nspec:\n  chart: { spec: { chart: postgresql } }\n  values: { auth: { existingSecret: gone, password: ${next()} } }\n`,
    "chart/Chart.yaml": "name: web\nversion: 1.0.0\n",
    "chart/values.yaml": `db: { password: ${next()}, existingSecret: gone-too }\n`,
    "chart/templates/secret.yaml": `key: {{ required "${next()}" .Values.key }}\n`,
    "compose.yaml": `services:\n  web:\n    build:\n      context: .\n      args: { NEXT_PUBLIC_GIVEN: ${next()} }\n    environment: { A: "\${GONE:?${next()}}", B: ${next()}, C: "\${OTHER:-${next()}}" }\n`,
    Dockerfile: `FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nARG NEXT_PUBLIC_GIVEN\nENV TOKEN=${next()}\nARG KEY=${next()}\nRUN API_KEY=${next()} npm run build\nENV MODE=${next()} LEVEL="${next()}"\nCMD ["node", "server.js"]\n`,
    "package.json": '{ "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.0.0" } }',
    "app/page.tsx": `"use client";\nexport default () => [process.env.NEXT_PUBLIC_GONE!, process.env.NEXT_PUBLIC_GIVEN!, "${next()}"];\n`,
    "deploy.sh": `#!/bin/sh\ngcloud run deploy api --set-env-vars MAIL_API_KEY=${next()},MODE=${next()} --set-secrets B=gone-secret:latest,C=other-secret:latest\nhelm upgrade web ./chart --set other=${next()}\ncurl -H "Authorization: ${next()}" https://api.test\n`,
    ".github/workflows/deploy.yml": `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    env: { A: "\${{ secrets.GONE || '${next()}' }}", TOKEN: ${next()} }
    steps:
      - run: curl -H ${next()} "\${{ secrets.OTHER }}"
      - uses: google-github-actions/deploy-cloudrun@v2
        with:
          service: web
          env_vars: MAIL_API_KEY=${next()},MODE=${next()}
          env_vars_update_strategy: overwrite
          secrets: KEY=absent-key:latest
`,
    "infra/main.tf": `variable "gone" {}\nvariable "given" { default = "${next()}" }\nresource "google_secret_manager_secret_version" "a" {\n  secret = "absent"\n  secret_data = "${next()}"\n}\n`,
    "infra/staging.tfvars": `other = "${next()}"\n`,
    "app.yaml": `runtime: python312\nenv_variables: { API_KEY: ${next()}, MODE: ${next()} }\n`,
    "serverless.yml": `service: x\nprovider: { name: aws, environment: { A: "\${env:ABSENT}", API_SECRET: ${next()}, MODE: ${next()} } }\n`,
    "task-definition.json": JSON.stringify({
      containerDefinitions: [
        {
          name: "a",
          environment: [
            { name: "API_KEY", value: next() },
            { name: "MODE", value: next() },
          ],
          secrets: [{ name: "B", valueFrom: "arn:aws:ssm:eu-west-1:1:parameter/gone" }],
        },
      ],
    }),
    "main.py": `import os\nA = os.environ["GONE"]\nB = os.environ.get("GONE", "${next()}")\nKEY = os.environ["GONE_KEY"]\nif os.environ["MODE"] == "${next()}":\n    os.environ["MODE_KEY"]\nif os.environ["LEVEL"] != "${next()}":\n    os.environ["LEVEL_KEY"]\nRULES = [Rule(env_var="TABLE_KEY", required=True, hint="${next()}")]\n`,
    "index.js": `const a = process.env.GONE_TOO || "${next()}";\nif (!process.env.GONE_ALSO) throw new Error("${next()}");\n`,
    "src/main/resources/application.yml": `key: \${SPRING_KEY:${next()}}\nother: \${SPRING_GONE}\n`,
    "main.go": `package main\n\nimport "os"\n\nfunc main() {\n\tif os.Getenv("GO_KEY") == "" {\n\t\tpanic("${next()}")\n\t}\n}\n`,
    "scripts/validate_secrets.py": 'NAMES = ["gone-secret", "other-secret", "absent-key", "absent"]\n',
  };
}

/** How many values the repository takes. */
const places = (() => {
  let count = 0;
  repository(() => `Zq7k${count++}`);
  return count;
})();

async function checked(files: Record<string, string>, rules = family): Promise<RunResult> {
  const workspace = memoryWorkspace(files);
  return runCheck({
    workspace,
    config: await loadConfig(workspace, null),
    rules: rules.map((descriptor) => ({
      descriptor,
      severity: descriptor.severity === "off" ? ("warning" as const) : descriptor.severity,
      fixedSeverity: null,
      options: Object.fromEntries(Object.entries(descriptor.options).map(([name, one]) => [name, one.default])),
    })),
    options: {
      environment: null,
      online: false,
      present: new Map(),
      deployed: null,
      head: null,
      now: Date.parse("2027-01-01T00:00:00Z"),
    },
    baseline: null,
    failOn: "error",
    allowUndecided: true,
    environment: {},
    trace: () => {},
  });
}

/** Everything that is written about a run: each format, the comment, the check run, and the matrix of names. */
async function everyReport(result: RunResult, files: Record<string, string>): Promise<[name: string, text: string][]> {
  const shown = context({ lines: (path, line) => files[path]?.split("\n")[line - 1] ?? null });
  const texts: [string, string][] = [];
  for (const name of formatNames) texts.push([name, (await loadFormat(name))(result, shown)]);
  const commit = { owner: "octo", repo: "shop", sha: "0".repeat(40) };
  texts.push(["comment", commentBody(result, shown, "predeploy", null)]);
  texts.push(["check run", JSON.stringify(checkRunBodies(result, shown, "predeploy", commit, null))]);
  const model = await modelOf("secrets", files);
  texts.push(["show secrets", secretsText(model)], ["show secrets --format json", JSON.stringify(secretsJson(model))]);
  texts.push(["secrets --emit-step", presenceStep(model)]);
  return texts;
}

test("no report holds a value of any inventory, manifest, template, script or program, nor a part, digest or length of it", async () => {
  const told = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(value, { minLength: places, maxLength: places }), async (values) => {
      const left = [...values];
      const files = repository(() => left.pop()!);
      expect(left).toEqual([]);
      const result = await checked(files);
      for (const one of result.findings) told.add(one.rule);
      const digests = (text: string) =>
        ["md5", "sha1", "sha256"].flatMap((name) => {
          const digest = createHash(name).update(text).digest();
          return [digest.toString("hex").slice(0, 20), digest.toString("base64").slice(0, 16)];
        });
      const never = values.flatMap((one) => [
        one.slice(4),
        base64(one),
        ...digests(one),
        ...digests(`${one}\n`),
        ...digests(base64(one)),
      ]);
      for (const [name, text] of await everyReport(result, files)) {
        const held = never.filter((one) => text.includes(one));
        expect(held, name).toEqual([]);
        expect(text, name).not.toMatch(/\b\d+ (?:characters|bytes|letters)\b/);
      }
    }),
    { numRuns: 25, endOnFailure: true },
  );
  // The run does speak of what is wrong there.
  expect([...told].sort()).toEqual(
    expect.arrayContaining([
      "secrets/empty-value",
      "secrets/missing-build-variable",
      "secrets/missing-ci-secret",
      "secrets/missing-object-key",
      "secrets/missing-store-secret",
      "secrets/missing-variable",
      "secrets/placeholder-value",
      "secrets/plaintext-secret",
      "secrets/required-not-provided",
    ]),
  );
  expect(places * 25).toBeGreaterThan(1000);
}, 120_000);

test("rules on settings show and hash no line on which the value of a secret stands, and keep that to the merged result", async () => {
  const files = {
    "predeploy.yml":
      "environments:\n  staging:\n    files: [.env.staging, app.yaml]\n    values: { DB_PASSWORD: { matches: ^x }, API_KEY: x, FEED: https://a.example, LEVEL: info }\n",
    ".env.staging": 'DB_PASSWORD=Zq7k1\nFEED=https://user:Zq7k2@host/x\nLEVEL=debug\nZq7k0\nAPI_SECRET="Zq7k3\n',
    "app.yaml":
      "apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n    - name: a\n      env:\n        - name: API_KEY\n          value: Zq7k4\n",
  };
  const result = await checked(
    files,
    rules.filter((one) => one.id.startsWith("config/")),
  );
  const told = result.findings.map(({ at, hidden }) => [`${at.path}:${at.start.line}`, hidden ?? false]);
  expect(told).toEqual(
    expect.arrayContaining([
      [".env.staging:1", true],
      [".env.staging:2", true],
      [".env.staging:3", false],
      [".env.staging:4", true],
      [".env.staging:5", true],
      ["app.yaml:9", true],
    ]),
  );
  const saved = parseRun(renderJson(result), "x.json").result;
  for (const one of [result, saved])
    for (const [name, text] of await everyReport(one, files)) expect(text, name).not.toContain("Zq7k");
});
