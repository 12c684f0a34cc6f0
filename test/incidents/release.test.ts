import type { ExampleCommit } from "../../src/types/rule.ts";
import { demonstrate } from "./incident.ts";

const start: ExampleCommit = { branch: "main", subject: "chore: start", files: { "app.py": "a\n" } };
const alembic = {
  "alembic.ini": "[alembic]\nscript_location = db\n",
  "db/env.py": "",
  "db/versions/a1_start.py": "revision = 'a1'\ndown_revision = None\n",
};
const store = (names: readonly string[]) =>
  JSON.stringify(names.map((name) => ({ name: `projects/1/secrets/${name}` })));
const staging = "environments:\n  staging:\n    inventory: [{ gcloud-secrets: secrets.json, complete: true }]\n";

demonstrate([
  {
    what: "the fix of a closed report is not on staging, which runs far behind",
    rules: ["drift/undeployed-fix", "drift/undeployed-commits"],
    files: { "predeploy.yml": "drift: [{ head: develop, base: main, max-waiting: 1, max-lost: 100 }]\n" },
    history: [
      start,
      { branch: "develop", from: "main", subject: "fix: login loop (#357)", files: { "login.py": "l\n" } },
      { branch: "develop", subject: "feat: search", files: { "search.py": "s\n" } },
    ],
    mendedHistory: [
      start,
      { branch: "develop", from: "main", subject: "fix: login loop (#357)", files: { "login.py": "l\n" } },
      { branch: "main", subject: "Merge branch 'develop'", merge: "develop" },
    ],
  },
  {
    what: "a release is cut from a branch without a hotfix and its migration",
    rules: ["drift/lost-commits", "drift/lost-migration"],
    files: { "predeploy.yml": "drift: [{ head: release, base: main, max-lost: 0, max-waiting: 100 }]\n" },
    history: [
      { ...start, files: alembic },
      { branch: "release", from: "main", subject: "feat: page", files: { "page.py": "p\n" } },
      {
        branch: "main",
        subject: "fix: users",
        files: { "db/versions/b2_users.py": "revision = 'b2'\ndown_revision = 'a1'\n" },
      },
      { branch: "release", subject: "feat: other", files: { "other.py": "o\n" } },
    ],
    mendedHistory: [
      { ...start, files: alembic },
      { branch: "release", from: "main", subject: "feat: page", files: { "page.py": "p\n" } },
      {
        branch: "main",
        subject: "fix: users",
        files: { "db/versions/b2_users.py": "revision = 'b2'\ndown_revision = 'a1'\n" },
      },
      { branch: "release", subject: "Merge branch 'main' into release", merge: "main" },
    ],
  },
  {
    what: "the store lacks the signing key of staging",
    rules: ["secrets/missing-store-secret"],
    files: {
      "predeploy.yml": staging,
      "deploy-staging.sh": "gcloud run deploy api --set-secrets JWT_KEY=jwt-key-staging:latest\n",
    },
    broken: { "secrets.json": store(["mail-password-staging"]) },
    mended: { "secrets.json": store(["jwt-key-staging"]) },
  },
  {
    what: "a key that staging must have whatever the code says was never made",
    rules: ["secrets/required-not-provided"],
    files: { "predeploy.yml": `${staging}    requires: [session-key-staging]\n` },
    broken: { "secrets.json": store(["mail-password-staging"]) },
    mended: { "secrets.json": store(["session-key-staging"]) },
  },
  {
    what: "a variable is missing in the environment of one service",
    rules: ["secrets/missing-variable"],
    files: {
      "predeploy.yml": "environments:\n  staging:\n    inventory: [{ env-file: .env.staging, complete: true }]\n",
      "app/settings.py": 'import os\n\nKEY = os.environ["SESSION_SIGNING_KEY"]\n',
    },
    broken: { ".env.staging": "LOG_LEVEL=info\n" },
    mended: { ".env.staging": "SESSION_SIGNING_KEY=test-only\n" },
  },
]);
