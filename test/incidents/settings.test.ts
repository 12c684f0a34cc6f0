import { demonstrate } from "./incident.ts";

const balancer = (host: string) =>
  `resource "google_compute_url_map" "main" {\n  host_rule {\n    hosts = ["app.staging.example.com"]\n    path_matcher = "app"\n  }\n  host_rule {\n    hosts = ["${host}"]\n    path_matcher = "auth"\n  }\n}\n`;
const deploy = (variables: string, flags = "") => `gcloud run deploy api ${flags} --set-env-vars "${variables}"\n`;
const wanted = {
  "predeploy.yml":
    "environments:\n  staging:\n    values:\n      WEBSOCKET_CONNECTION_TIMEOUT: { min: 60 }\n      SESSION_TTL: { max: 3600 }\n      REDIS_HOST: redis.staging.internal\n      flag --vpc-connector: { matches: '^staging-' }\n",
};

demonstrate([
  {
    what: "the service's URL differs between code, deploy script and load balancer",
    rules: ["config/host-mismatch"],
    files: {
      "infra/staging/lb.tf": balancer("auth.staging.example.com"),
      "app/settings.py":
        'def auth(env):\n    if env == "staging":\n        AUTH_URL = "https://auth.staging.example.com"\n        return AUTH_URL\n',
    },
    broken: { "deploy-staging.sh": deploy("AUTH_URL=https://auth-staging.example.com") },
    mended: { "deploy-staging.sh": deploy("AUTH_URL=https://auth.staging.example.com") },
  },
  {
    what: "the auth URL points at the front end",
    rules: ["config/host-mismatch", "config/value-mismatch"],
    files: {
      "infra/staging/lb.tf": balancer("auth.staging.example.com"),
      "predeploy.yml":
        "environments: { staging: { values: { AUTH_SERVICE_URL: 'https://auth.staging.example.com' } } }\n",
    },
    broken: {
      ".env.staging":
        "FRONTEND_URL=https://app.staging.example.com\nAUTH_SERVICE_URL=https://app.staging.example.com\n",
    },
    mended: {
      ".env.staging":
        "FRONTEND_URL=https://app.staging.example.com\nAUTH_SERVICE_URL=https://auth.staging.example.com\n",
    },
  },
  {
    what: "validation of the start is bypassed as a workaround",
    rules: ["config/forbidden-value"],
    files: {},
    broken: { "deploy-staging.sh": deploy("BYPASS_STARTUP_VALIDATION=true,SKIP_STARTUP_CHECKS=true") },
    mended: { "deploy-staging.sh": deploy("LOG_LEVEL=info") },
  },
  {
    what: "time-outs, connector and Redis host of staging are not those that were agreed",
    rules: ["config/value-mismatch"],
    files: wanted,
    broken: {
      "deploy-staging.sh": deploy(
        "WEBSOCKET_CONNECTION_TIMEOUT=10,SESSION_TTL=86400,REDIS_HOST=redis.production.internal",
        "--vpc-connector production-net",
      ),
    },
    mended: {
      "deploy-staging.sh": deploy(
        "WEBSOCKET_CONNECTION_TIMEOUT=60,SESSION_TTL=3600,REDIS_HOST=redis.staging.internal",
        "--vpc-connector staging-net",
      ),
    },
  },
  {
    what: "a variable is plain in one script and a secret in another",
    rules: ["config/setting-conflict"],
    files: { "scripts/deploy-staging.sh": "gcloud run deploy api --set-secrets SIGNING=signing-staging:latest\n" },
    broken: { "scripts/hotfix-staging.sh": deploy("SIGNING=for-now") },
    mended: { "scripts/hotfix-staging.sh": deploy("LOG_LEVEL=debug") },
  },
  {
    what: "an env file whose lines became one with a written \\n",
    rules: ["config/environment-file-broken"],
    files: {},
    broken: { ".env.staging": "API_URL=https://api.example.com\\nLOG_LEVEL=info\n" },
    mended: { ".env.staging": "API_URL=https://api.example.com\nLOG_LEVEL=info\n" },
  },
  {
    what: "the backup is not taken, the checklist not looked at, no way back",
    rules: ["checklist/unchecked-item", "checklist/missing-rollback"],
    files: { "predeploy.yml": "checklist: [{ file: DEPLOY.md, section: Pre-Deployment }]\n" },
    broken: { "DEPLOY.md": "## Pre-Deployment\n- [x] Tests\n- [ ] Backup of the database\n" },
    mended: {
      "DEPLOY.md": "## Pre-Deployment\n- [x] Tests\n- [x] Backup of the database\n## Rollback\n1. `make rollback`\n",
    },
  },
]);
