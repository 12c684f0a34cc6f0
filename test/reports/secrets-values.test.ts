import { createHash } from "node:crypto";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readRules } from "../../src/catalog/generated-files.ts";
import { formatNames, loadFormat } from "../../src/commands/formats.ts";
import { runRule } from "../support/run-rule.ts";
import { context } from "./fixture.ts";

const rules = readRules(join(import.meta.dirname, "../..")).filter((one) =>
  ["secrets/missing-variable", "secrets/empty-value", "secrets/placeholder-value", "secrets/plaintext-secret"].includes(
    one.id,
  ),
);

const value = fc
  .string({ unit: fc.constantFrom(..."kqvxzj0123456789".split("")), minLength: 14, maxLength: 24 })
  .map((text) => `Zq7k${text}`);

test("no report holds a value of an env file, a default of the code or a value in a deploy command", async () => {
  await fc.assert(
    fc.asyncProperty(value, async (secret) => {
      const files = {
        "predeploy.yml": "environments: { staging: { inventory: [{ env-file: .env.staging, complete: true }] } }\n",
        ".env.staging": `KEY=REPLACE_WITH_${secret}\nOTHER=${secret}\nEMPTY=\n`,
        "main.py": `import os\nA = os.environ["GONE"]\nB = os.environ.get("GONE", "${secret}")\n`,
        "deploy.sh": `gcloud run deploy api --set-env-vars MAIL_API_KEY=${secret}\n`,
      };
      const lines = (path: string, line: number) =>
        (files as Record<string, string>)[path]?.split("\n")[line - 1] ?? null;
      let found = 0;
      for (const rule of rules) {
        const result = await runRule(rule, { title: "", files, findings: [] });
        found += result.findings.length;
        for (const name of formatNames) {
          const render = await loadFormat(name);
          expect(render(result, context({ lines }))).not.toContain(secret);
        }
      }
      expect(found).toBeGreaterThan(2);
    }),
    { numRuns: 4 },
  );
});

test("no report holds a value of any inventory, manifest, template or script, nor a part or digest of it", async () => {
  const family = readRules(join(import.meta.dirname, "../..")).filter((one) => one.id.startsWith("secrets/"));
  await fc.assert(
    fc.asyncProperty(value, async (secret) => {
      const encoded = Buffer.from(secret).toString("base64");
      const list = (kind: string, file: string, more = "") => `{ ${kind}: ${file}, complete: true${more} }`;
      const files = {
        "predeploy.yml": `environments:
  staging:
    requires: [must-be-there]
    inventory:
      - ${list("infisical", "infisical.json")}
      - ${list("doppler", "doppler.json")}
      - ${list("sops", "secrets.enc.yaml")}
      - ${list("terraform-output", "output.json")}
      - ${list("kubectl", "cluster.json")}
      - ${list("env-file", ".env.staging")}
      - ${list("declared", "[]", ", namespace: store")}
`,
        "infisical.json": JSON.stringify([{ key: "FROM_LIST", value: secret }]),
        "doppler.json": JSON.stringify({ FROM_MAP: { computed: secret } }),
        "secrets.enc.yaml": `FROM_SOPS: ENC[AES256_GCM,data:${secret}]\nsops: { version: 3 }\n`,
        "output.json": JSON.stringify({ from_output: { value: secret, sensitive: true } }),
        "cluster.json": JSON.stringify({
          kind: "List",
          items: [{ kind: "Secret", metadata: { name: "app" }, data: { key: encoded } }],
        }),
        ".env.staging": `EMPTY=\nCHANGE=changeme-${secret}\nPLAIN="${secret}"\n`,
        "k8s/app.yaml": `apiVersion: v1
kind: Pod
metadata: { name: app }
spec:
  containers:
    - name: app
      env:
        - { name: MAIL_API_KEY, value: ${secret} }
        - { name: A, valueFrom: { secretKeyRef: { name: app, key: gone } } }
---
apiVersion: v1
kind: Secret
metadata: { name: own }
stringData: { key: ${secret} }
`,
        "compose.yaml": `services: { web: { image: x, environment: { A: "\${GONE:?${secret}}", B: ${secret} } } }\n`,
        "deploy.sh": `gcloud run deploy api --set-env-vars MAIL_API_KEY=${secret} --set-secrets B=gone-secret:latest\n`,
        ".github/workflows/deploy.yml": `on: push\njobs: { a: { runs-on: x, env: { A: "\${{ secrets.GONE || '${secret}' }}" }, steps: [{ run: "curl -H ${secret} \${{ secrets.OTHER }}" }] } }\n`,
        "infra/main.tf": `variable "gone" {}\nvariable "given" { default = "${secret}" }\n`,
        "infra/staging.tfvars": `other = "${secret}"\n`,
        "main.py": `import os\nA = os.environ["GONE"]\nB = os.environ.get("GONE", "${secret}")\n`,
        "index.js": `const a = process.env.GONE_TOO || "${secret}";\nif (!process.env.GONE_ALSO) throw new Error("${secret}");\n`,
      };
      const lines = (path: string, line: number) =>
        (files as Record<string, string>)[path]?.split("\n")[line - 1] ?? null;
      const digests = ["md5", "sha1", "sha256"].flatMap((name) =>
        [secret, `${secret}\n`].map((text) => createHash(name).update(text).digest("hex")),
      );
      const never = [secret, secret.slice(4), encoded, ...digests, ...digests.map((one) => one.slice(0, 32))];
      const told = new Set<string>();
      for (const rule of family) {
        const result = await runRule(rule, { title: "", files, findings: [] });
        for (const one of result.findings) told.add(one.rule);
        for (const name of formatNames) {
          const text = (await loadFormat(name))(result, context({ lines }));
          for (const one of never) expect(text).not.toContain(one);
          expect(text).not.toMatch(new RegExp(`\\b${secret.length} (?:characters|bytes|letters)`));
        }
      }
      expect(told.size).toBeGreaterThan(6);
    }),
    { numRuns: 2 },
  );
}, 60_000);
