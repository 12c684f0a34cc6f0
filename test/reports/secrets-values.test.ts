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
