import { describe, expect, test } from "vitest";
import { runTree, told } from "../support/run-tree.ts";

/** A rule of a team with a tree that breaks it and one that keeps it. */
interface Case {
  what: string;
  rule: string;
  broken: Record<string, string>;
  mended: Record<string, string>;
  found: string;
}

const boot = (body: string) => `from parts import connect, migrate\n\n\nasync def boot():\n${body}`;
const parts = "async def connect(): ...\n\n\nasync def migrate(): ...\n";
const workflow = (needs: string) =>
  `on: push\njobs:\n  migrate:\n    runs-on: x\n    steps: [{ run: ./migrate.sh }]\n  deploy:\n    runs-on: x\n${needs}    steps: [{ run: ./deploy.sh }]\n`;

const INVENTORY = "environments:\n  staging:\n    inventory: [{ gcloud-secrets: names.json, complete: true }]\n";

const cases: Case[] = [
  {
    what: "a required value",
    rule: `check: config/value-mismatch\ntitle: Sessions of staging must live for an hour.\noptions:\n  environment: staging\n  values: [SESSION_TIMEOUT >= 3600]\n`,
    broken: { ".env.staging": "SESSION_TIMEOUT=600\n" },
    mended: { ".env.staging": "SESSION_TIMEOUT=3600\n" },
    found: "team/own .env.staging:1 SESSION_TIMEOUT",
  },
  {
    what: "a forbidden flag",
    rule: `check: config/forbidden-value\ntitle: Nothing is open to everybody.\noptions:\n  names: [flag --allow-unauthenticated, "MOCK_*"]\n`,
    broken: { "deploy-staging.sh": "gcloud run deploy api --image x --allow-unauthenticated\n" },
    mended: { "deploy-staging.sh": "gcloud run deploy api --image x --no-allow-unauthenticated\n" },
    found: "team/own deploy-staging.sh:1 flag --allow-unauthenticated",
  },
  {
    what: "a start-up order",
    rule: `check: startup-order/declared-order\ntitle: Migrations need a connection.\noptions:\n  root: boot.py:boot\n  before: [call connect]\n  after: [call migrate]\n`,
    broken: { "parts.py": parts, "boot.py": boot("    await migrate()\n    await connect()\n") },
    mended: { "parts.py": parts, "boot.py": boot("    await connect()\n    await migrate()\n") },
    found: "team/own boot.py:5 connect-before-migrate",
  },
  {
    what: "a required path",
    rule: `check: dockerignore/required-path-missing\ntitle: Templates are in the image.\noptions:\n  paths: [app/templates]\n`,
    broken: {
      Dockerfile: 'FROM python:3.12\nCOPY app /app\nCMD ["python", "/app/main.py"]\n',
      ".dockerignore": "app/templates\n",
      "app/main.py": "print(1)\n",
      "app/templates/mail.html": "x\n",
    },
    mended: {
      Dockerfile: 'FROM python:3.12\nCOPY app /app\nCMD ["python", "/app/main.py"]\n',
      "app/main.py": "print(1)\n",
      "app/templates/mail.html": "x\n",
    },
    found: "team/own .dockerignore:1 app/templates",
  },
  {
    what: "a required secret",
    rule: "check: secrets/required-not-provided\ntitle: Staging has its signing key.\noptions:\n  environment: staging\n  names: [jwt-key-staging]\n",
    broken: { "predeploy.yml": INVENTORY, "names.json": '[{ "name": "projects/1/secrets/mail-key" }]' },
    mended: { "predeploy.yml": INVENTORY, "names.json": '[{ "name": "projects/1/secrets/jwt-key-staging" }]' },
    found: "team/own predeploy.yml:3 jwt-key-staging",
  },
  {
    what: "a secret that must reach a service",
    rule: "check: config/value-mismatch\ntitle: The api of staging gets its signing key.\noptions:\n  environment: staging\n  values: [JWT_SECRET_KEY is set]\n",
    broken: { "deploy-staging.sh": "gcloud run deploy api --set-env-vars A=1\n" },
    mended: { "deploy-staging.sh": "gcloud run deploy api --set-secrets JWT_SECRET_KEY=jwt-key-staging:latest\n" },
    found: "team/own deploy-staging.sh:1 JWT_SECRET_KEY",
  },
  {
    what: "a job order",
    rule: `check: startup-order/workflow-job-order\ntitle: Migrate, then deploy.\noptions:\n  workflow: .github/workflows/deploy.yml\n  before: job migrate\n  after: job deploy\n`,
    broken: { ".github/workflows/deploy.yml": workflow("") },
    mended: { ".github/workflows/deploy.yml": workflow("    needs: migrate\n") },
    found: "team/own .github/workflows/deploy.yml:6 job migrate before job deploy",
  },
];

describe.each(cases.map((one) => [one.what, one] as const))("a team's own rule for %s", (_, one) => {
  test("takes at most eight lines", () => {
    expect(one.rule.trimEnd().split("\n").length).toBeLessThanOrEqual(8);
  });

  test("finds what breaks it, and is silent where it is kept", async () => {
    const rule = { ".predeploy/rules/own.yaml": one.rule };
    const broken = await runTree({ ...rule, ...one.broken }, ["team/own"]);
    expect({ told: told(broken), undecided: broken.undecided }).toEqual({ told: [one.found], undecided: [] });
    const mended = await runTree({ ...rule, ...one.mended }, ["team/own"]);
    expect({ told: told(mended), undecided: mended.undecided }).toEqual({ told: [], undecided: [] });
  });
});

test("a wish that is no wish leaves the rule undecided", async () => {
  const rule = "check: config/value-mismatch\noptions: { values: [A ~ b] }\n";
  const result = await runTree({ ".predeploy/rules/own.yaml": rule, ".env.staging": "A=1\n" }, ["team/own"]);
  expect(result.undecided.map((one) => one.reason)).toEqual(["`A ~ b` is no wish that can be checked."]);
});

test("an order whose names match nothing does not pass silently", async () => {
  const rule =
    "check: startup-order/declared-order\noptions: { root: 'boot.py:boot', before: [call conect], after: [call migrate] }\n";
  const files = {
    ".predeploy/rules/own.yaml": rule,
    "parts.py": parts,
    "boot.py": boot("    await connect()\n    await migrate()\n"),
  };
  expect((await runTree(files, ["team/own"])).undecided).toHaveLength(1);
});

test("a team's rule that finds nothing to look at says that it cannot decide", async () => {
  const rule = "check: secrets/required-not-provided\ntitle: The keys are there.\noptions:\n  names: [JWT_KEY]\n";
  const { undecided } = await runTree({ ".predeploy/rules/own.yaml": rule, "a.txt": "x\n" }, ["team"]);
  expect(undecided.map((one) => one.rule)).toContain("team/own");
});
