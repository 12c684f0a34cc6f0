import { demonstrate } from "./incident.ts";

const image = {
  Dockerfile: 'FROM python:3.13-slim\nWORKDIR /srv\nCOPY . .\nCMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]\n',
  "app/__init__.py": "",
};
const main = (body: string) => `from fastapi import FastAPI\n\n${body}\napp = FastAPI()\n`;
const boot = (body: string) =>
  `from parts import analytics, checks, handlers, monitoring\n\n\nasync def boot(app):\n${body}`;
const parts = ["analytics", "checks", "handlers", "monitoring"]
  .map((name) => `async def ${name}(app):\n    app.add(1)\n`)
  .join("\n\n");
const order = (entry: string) => ({
  "predeploy.yml": `startup:\n  - { id: order, root: 'boot.py:boot', ${entry} }\n`,
  "parts.py": parts,
});
const workflow = (needs: string) => ({
  ".github/workflows/deploy.yml": `on: push\njobs:\n  auth:\n    runs-on: ubuntu-latest\n    steps: [{ run: ./deploy-auth.sh }]\n  backend:\n    runs-on: ubuntu-latest\n${needs}    steps: [{ run: ./deploy-backend.sh }]\n`,
});

demonstrate([
  {
    what: "a coroutine has no attribute get: the token is never checked",
    rules: ["startup-order/unawaited-value", "startup-order/unawaited-call"],
    files: {
      Dockerfile: 'FROM python:3.13-slim\nCOPY . .\nCMD ["python", "service.py"]\n',
      "tokens.py":
        "async def decode(text: str) -> dict:\n    return {'sub': text}\n\n\nasync def verify(text: str) -> None:\n    assert text\n",
    },
    broken: {
      "service.py":
        "import asyncio\n\nfrom tokens import decode, verify\n\n\nasync def whoami(text):\n    verify(text)\n    payload = decode(text)\n    return payload.get('sub')\n\n\nasyncio.run(whoami('a'))\n",
    },
    mended: {
      "service.py":
        "import asyncio\n\nfrom tokens import decode, verify\n\n\nasync def whoami(text):\n    await verify(text)\n    payload = await decode(text)\n    return payload.get('sub')\n\n\nasyncio.run(whoami('a'))\n",
    },
  },
  {
    what: "the auth service is deployed beside the backend that calls it",
    rules: ["startup-order/workflow-job-order"],
    files: {
      "predeploy.yml": "pipeline: [{ workflow: .github/workflows/deploy.yml, before: job auth, after: job backend }]\n",
    },
    broken: workflow(""),
    mended: workflow("    needs: auth\n"),
  },
  {
    what: "the backend starts before the auth service is healthy",
    rules: ["startup-order/compose-started-not-healthy"],
    files: {},
    broken: {
      "compose.yaml":
        "services:\n  api: { image: example/api:1, depends_on: [db] }\n  db: { image: 'postgres:17', healthcheck: { test: [CMD, pg_isready] } }\n",
    },
    mended: {
      "compose.yaml":
        "services:\n  api: { image: example/api:1, depends_on: { db: { condition: service_healthy } } }\n  db: { image: 'postgres:17', healthcheck: { test: [CMD, pg_isready] } }\n",
    },
  },
  {
    what: "handlers are registered after monitoring",
    rules: ["startup-order/declared-order"],
    files: order("before: call handlers, after: call monitoring"),
    broken: { "boot.py": boot("    await monitoring(app)\n    await handlers(app)\n") },
    mended: { "boot.py": boot("    await handlers(app)\n    await monitoring(app)\n") },
  },
  {
    what: "health checks are not the last step",
    rules: ["startup-order/declared-order"],
    files: order("last: call checks, among: [call handlers, call monitoring]"),
    broken: { "boot.py": boot("    await handlers(app)\n    await checks(app)\n    await monitoring(app)\n") },
    mended: { "boot.py": boot("    await handlers(app)\n    await monitoring(app)\n    await checks(app)\n") },
  },
  {
    what: "an optional analytics database takes the start down",
    rules: ["startup-order/declared-order"],
    files: order("optional: call analytics"),
    broken: { "boot.py": boot("    await analytics(app)\n") },
    mended: {
      "boot.py": boot("    try:\n        await analytics(app)\n    except Exception:\n        app.analytics = None\n"),
    },
  },
  {
    what: "a module was renamed and its import was not",
    rules: ["startup-order/unresolved-import"],
    files: { ...image, "app/routes/__init__.py": "", "app/routes/health_check.py": "" },
    broken: { "app/main.py": main("from app.routes import health_checks\n") },
    mended: { "app/main.py": main("from app.routes import health_check\n") },
  },
  {
    what: "a merge left a conflict marker",
    rules: ["startup-order/module-does-not-compile"],
    files: { ...image, "app/main.py": main("from app import limits\n") },
    broken: { "app/limits.py": "<<<<<<< HEAD\nLIMIT = 1\n=======\nLIMIT = 2\n>>>>>>> feature\n" },
    mended: { "app/limits.py": "LIMIT = 2\n" },
  },
  {
    what: "a codemod moved an import into a cycle",
    rules: ["startup-order/circular-import"],
    files: {
      ...image,
      "app/main.py": main("from app.invoices import Invoice\n"),
      "app/invoices.py": "from app.tax import rate\n\n\nclass Invoice:\n    rate = rate\n",
    },
    broken: { "app/tax.py": "from app.invoices import Invoice\n\nrate = 0.2\n" },
    mended: { "app/tax.py": "rate = 0.2\n" },
  },
  {
    what: "the ignore file leaves monitoring out of the image",
    rules: ["dockerignore/module-excluded", "dockerignore/required-path-missing"],
    files: {
      ...image,
      "predeploy.yml": "images: { api: { dockerfile: Dockerfile, requires: [app/monitoring] } }\n",
      "app/main.py": main("from app.monitoring import start\n"),
      "app/monitoring/__init__.py": "def start():\n    return None\n",
    },
    broken: { ".dockerignore": "**/monitoring\n" },
    mended: { ".dockerignore": "docs\n" },
  },
  {
    what: "template placeholders are left in what is deployed",
    rules: ["placeholders/leftover"],
    files: {},
    broken: { ".env.production": "SESSION_SECRET=replaceThisKey\nAPI_URL=https://api.your-domain.com\n" },
    mended: { ".env.production": "LOG_LEVEL=info\n" },
  },
  {
    what: "the workflow of staging cannot be read",
    rules: ["startup-order/workflow-unreadable"],
    files: {},
    broken: {
      ".github/workflows/staging.yml":
        "on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          cat <<EOF > settings\nName of the service\nEOF\n      - run: ./deploy.sh\n",
    },
    mended: {
      ".github/workflows/staging.yml":
        "on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ./deploy.sh\n",
    },
  },
  {
    what: "a job reads the outputs of one that it does not need",
    rules: ["startup-order/workflow-needs-output"],
    files: {},
    broken: {
      ".github/workflows/deploy.yml":
        "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    outputs: { tag: '${{ steps.tag.outputs.value }}' }\n    steps: [{ id: tag, run: ./tag.sh }]\n  deploy:\n    runs-on: ubuntu-latest\n    steps: [{ run: './deploy.sh ${{ needs.build.outputs.tag }}' }]\n",
    },
    mended: {
      ".github/workflows/deploy.yml":
        "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    outputs: { tag: '${{ steps.tag.outputs.value }}' }\n    steps: [{ id: tag, run: ./tag.sh }]\n  deploy:\n    needs: build\n    runs-on: ubuntu-latest\n    steps: [{ run: './deploy.sh ${{ needs.build.outputs.tag }}' }]\n",
    },
  },
]);
