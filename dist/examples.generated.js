const e={"checklist/missing-rollback":[{title:`a plan without a way back, and one with a heading alone`,files:{"predeploy.yml":`checklist:
  - { file: DEPLOY.md, section: Before }
  - { file: RELEASE.md, section: Before }
`,"DEPLOY.md":`## Before
- [x] Backup
`,"RELEASE.md":`## Before
- [x] Backup
## Rollback
To be written.
`},findings:[{at:`DEPLOY.md:1`,subject:`DEPLOY.md`,severity:`error`},{at:`RELEASE.md:3`,subject:`RELEASE.md`}]},{title:`a command, or a linked document`,files:{"predeploy.yml":`checklist:
  - { file: DEPLOY.md, section: Before }
  - { file: docs/release.md, section: Before }
`,"DEPLOY.md":`## Before
- [x] Backup
## Backing out
## Roll back
1. Run \`make rollback\`
`,"docs/release.md":`## Before
- [x] Backup
See [what to do then](../ops/recover.md).
`,"ops/recover.md":`# Recover
## How to revert
`},findings:[]}],"checklist/unchecked-item":[{title:`an open box in the section that is named`,files:{"predeploy.yml":`checklist:
  - { file: docs/DEPLOY.md, section: pre-deployment }
`,"docs/DEPLOY.md":`# Deploy
## 1. \ud83d\ude80 Pre-Deployment:
- [x] Tests are green
- [ ] Backup taken
  * [ ] and restored once
- [ ] ~~Announce it~~ nobody uses it yet
## After deployment
- [ ] Look at the graphs
`},findings:[{at:`docs/DEPLOY.md:4`,subject:`backup taken`,severity:`error`},{at:`docs/DEPLOY.md:5`}]},{title:`a section that does not exist`,files:{"predeploy.yml":`checklist:
  - { file: DEPLOY.md, section: Pre-Deploymnet }
`,"DEPLOY.md":`## Pre-Deployment
- [x] done
`},findings:[{at:`predeploy.yml:2`,message:`Pre-Deployment`}]},{title:`ticked, in code, in a comment, in a quote, and states that are prose`,files:{"predeploy.yml":`checklist:
  - { file: DEPLOY.md, section: Before }
`,"DEPLOY.md":`## Before
1. [X] Backup
+ [x] Tests
- \u23f3 waiting for the network team

\`\`\`
- [ ] in code
\`\`\`
<!-- - [ ] in a comment -->
> - [ ] in a quote
## During
- [ ] watch it
`},findings:[]}],"config/environment-file-broken":[{title:`lines collapsed into one, prose, an open quote, a key twice`,files:{".env.staging":`API_URL=https://api.example.com\\nLOG_LEVEL=info
this line says nothing
NAME="open
PORT=1
PORT=2
`},findings:[{at:`.env.staging:1`,subject:`.env.staging:1 API_URL`,severity:`error`},{at:`.env.staging:2`,severity:`error`},{at:`.env.staging:3`,subject:`.env.staging:3 NAME`},{at:`.env.staging:5`,subject:`.env.staging:5 PORT`,message:`.env.staging:4`}]},{title:`a values file of the environment that does not parse`,files:{"deploy/values-staging.yaml":`api:
  url: https://api.example.com
 port: 80
`},findings:[{at:`deploy/values-staging.yaml:3`,severity:`error`,message:`cannot be parsed`}]},{title:`a merge that was not finished, said once`,files:{".env.staging":`A=1
<<<<<<< HEAD
B=1
=======
B=2
>>>>>>> feature
`},findings:[{at:`.env.staging:2`,severity:`error`,message:`merge`}]},{title:`JSON and tfvars that do not parse, at the line to mend`,files:{"config/staging.json":`{ "level": "info",
  "url":
}
`,"infra/staging.tfvars":`name   = "api
region = "europe-west1"
`},findings:[{at:`config/staging.json:3`,severity:`error`},{at:`infra/staging.tfvars:1`,severity:`error`,message:`a quote is not closed`}]},{title:`export, values over several lines, comments, a name alone that compose passes on, an example`,files:{".env.production":`# production
export A=1
KEY="-----BEGIN-----
abc
-----END-----"

B='x#y' # comment
C=-----BEGIN-----\\nMIIB=\\n-----END-----
`,"web.env":`HOSTNAME
C=1
`,"docker-compose.yml":`services:
  web: { image: web, env_file: web.env }
`,".env.example":`fill this in
`,"config/staging.json":`{ "level": "info", } // a comment
`},findings:[]}],"config/forbidden-value":[{title:`a bypass in an env file of production`,files:{".env.production":`LOG_LEVEL=info
SKIP_STARTUP_CHECKS=true
`},findings:[{at:`.env.production:2`,subject:`SKIP_STARTUP_CHECKS`,severity:`error`,message:`Remove it`}]},{title:`a bypass in the deploy command of staging`,files:{"deploy.sh":`gcloud run deploy api-staging \\
  --image "$IMAGE" \\
  --set-env-vars "LOG_LEVEL=info,BYPASS_STARTUP_VALIDATION=true"
`},findings:[{at:`deploy.sh:3`,subject:`BYPASS_STARTUP_VALIDATION`,severity:`warning`}]},{title:`a name that the config forbids, by a pattern, in a manifest`,files:{"predeploy.yml":`environments:
  staging:
    values: { "MOCK_*": { forbidden: true } }
`,"k8s/staging/api.yaml":`apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  template:
    spec:
      containers:
        - name: api
          image: api:1
          env:
            - name: MOCK_PAYMENTS
              value: "yes"
            - name: MOCK_MAIL
              value: "false"
`},findings:[{at:`k8s/staging/api.yaml:12`,subject:`MOCK_PAYMENTS`,severity:`error`}]},{title:`certificates are not checked in staging`,files:{"docker-compose.staging.yml":`services:
  web:
    image: web:1
    environment:
      NODE_TLS_REJECT_UNAUTHORIZED: "0"
`},findings:[{at:`docker-compose.staging.yml:5`,subject:`NODE_TLS_REJECT_UNAUTHORIZED`,severity:`warning`}]},{title:`a flag of the deploy command that a team forbids`,files:{"deploy-staging.sh":`gcloud run deploy api --allow-unauthenticated --image api:1
`},options:{names:[`flag --allow-unauthenticated`]},findings:[{at:`deploy-staging.sh:1`,subject:`flag --allow-unauthenticated`,severity:`error`}]},{title:`off, empty, in development, in a test, at build time, with another second word`,files:{".env.production":`SKIP_STARTUP_CHECKS=false
BYPASS_AUTH=0
DISABLE_SSL=
SKIP_ONBOARDING=true
NODE_TLS_REJECT_UNAUTHORIZED=1
`,".env.development":`BYPASS_AUTH=true
`,".env.production.example":`BYPASS_AUTH=true
`,"docker-compose.test.yml":`services:
  web: { image: web, environment: { SKIP_AUTH: "true" } }
`,Dockerfile:`FROM node:22
RUN SKIP_ENV_VALIDATION=1 npm run build
`,".github/workflows/deploy.yml":`on: push
jobs:
  build:
    runs-on: ubuntu-latest
    environment: production
    env:
      SKIP_ENV_VALIDATION: "true"
    steps:
      - run: npm run build
`},findings:[]}],"config/host-mismatch":[{title:`a dash where the balancer has a dot`,files:{"infra/staging/main.tf":`resource "google_compute_url_map" "main" {
  host_rule {
    hosts        = ["api.staging.example.com"]
    path_matcher = "api"
  }
}
`,"deploy-staging.sh":`gcloud run deploy web --set-env-vars "API_URL=https://api-staging.example.com/v1"
`},findings:[{at:`deploy-staging.sh:1`,subject:`api-staging.example.com`,severity:`error`,message:`infra/staging/main.tf:3`}]},{title:`the code's own default for the environment`,files:{"k8s/staging/ingress.yaml":`apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  rules:
    - host: auth.staging.example.com
`,"app/config.py":`def auth_url(env):
    if env == "staging":
        AUTH_URL = "https://auth-staging.example.com"
    else:
        AUTH_URL = "http://localhost:8081"
    return AUTH_URL
`},findings:[{at:`app/config.py:3`,subject:`auth-staging.example.com`,severity:`error`}]},{title:`the auth service's URL points at the front end`,files:{"infra/staging/main.tf":`resource "google_compute_url_map" "main" {
  host_rule {
    hosts        = ["app.staging.example.com"]
    path_matcher = "web"
  }
  host_rule {
    hosts        = ["auth.staging.example.com"]
    path_matcher = "auth"
  }
}
`,".env.staging":`FRONTEND_URL=https://app.staging.example.com
AUTH_SERVICE_URL=https://app.staging.example.com
`},findings:[{at:`.env.staging:2`,subject:`app.staging.example.com`,severity:`error`},{at:`infra/staging/main.tf:7`,severity:`note`}]},{title:`a routed host that the certificate leaves out`,files:{"infra/staging/lb.tf":`resource "google_compute_managed_ssl_certificate" "main" {
  managed { domains = ["api.example.com"] }
}
resource "google_compute_url_map" "main" {
  host_rule {
    hosts        = ["api.example.com", "ws.example.com"]
    path_matcher = "api"
  }
}
`},findings:[{at:`infra/staging/lb.tf:6`,subject:`ws.example.com`,severity:`error`}]},{title:`the hosts of Helm values against a variable beside them`,files:{"chart/values-staging.yaml":`ingress:
  hosts: [{ host: api.staging.example.com }]
env:
  API_URL: https://api-staging.example.com
`},findings:[{at:`chart/values-staging.yaml:4`,subject:`api-staging.example.com`,severity:`error`}]},{title:`an address in the environment's own zone that nothing serves`,files:{"infra/staging/lb.tf":`resource "google_compute_url_map" "main" {
  host_rule {
    hosts        = ["api.staging.example.com", "ws.staging.example.com"]
    path_matcher = "api"
  }
}
`,".env.staging":`API_URL=https://api.staging.example.com
WS_URL=wss://ws.staging.example.com
AUTH_URL=https://login.staging.example.com
REDIS_HOST=redis.staging.example.com
HELP_URL=https://help.example.com
`},findings:[{at:`.env.staging:3`,subject:`login.staging.example.com`,severity:`warning`,message:`api.staging.example.com`}]},{title:`hosts that a chart's templates make of its values`,files:{"api/Chart.yaml":`name: api
`,"api/values-staging.yaml":`route: { host: api.staging.example.com }
socket: { host: ws.staging.example.com }
`,"api/templates/route.yaml":`kind: Ingress
spec:
  rules:
    - host: {{ .Values.socket.host | quote }}
`,"site/Chart.yaml":`name: site
`,"site/values-staging.yaml":`site: { url: "https://shop.staging.example.com" }
wrong: { url: "https://shpo.staging.example.com" }
`,"site/templates/route.yaml":`kind: Route
spec:
  host: {{ .Values.site.url | trimPrefix "https://" | trimSuffix "/" }}
`,"plain/staging/route.yaml":`apiVersion: route.openshift.io/v1
kind: Route
metadata: { name: docs }
spec: { host: docs.staging.example.com }
`},findings:[{at:`site/values-staging.yaml:2`,subject:`shpo.staging.example.com`,severity:`error`}]},{title:`a host that only rendering tells may be any`,files:{"api/Chart.yaml":`name: api
`,"api/values-staging.yaml":`ingress: { hosts: [api.staging.example.com, ws.staging.example.com] }
env: { AUTH_URL: "https://login.staging.example.com" }
`,"api/templates/ingress.yaml":`kind: Ingress
spec:
  rules:
    - host: {{ include "login.host" . }}
`},findings:[]},{title:`wildcards, lists, other domains, cluster names, generated addresses, one gateway for all`,files:{"infra/staging/lb.tf":`resource "google_compute_url_map" "main" {
  host_rule {
    hosts        = ["*.staging.example.com", "api.example.com"]
    path_matcher = "api"
  }
}
`,".env.staging":`API_URL=https://api.staging.example.com
CORS_ALLOWED_URL=https://api-example.com,https://apl.example.com
STRIPE_URL=https://api.stripe.com
AUTH_HOST=auth.default.svc
WEB_URL=https://web-abc123.a.run.app
USERS_SERVICE_URL=https://api.example.com/users
ORDERS_SERVICE_URL=https://api.example.com/orders
FRONTEND_URL=https://api.example.com
DB_HOST=10.0.0.4
OTHER_URL=https://\${SUB}.example.com
`},findings:[]}],"config/setting-conflict":[{title:`plain in one script, a secret in the other`,files:{"scripts/deploy-staging.sh":`gcloud run deploy api --set-env-vars JWT_SECRET=abc,LOG_LEVEL=info
`,".github/workflows/staging.yml":`on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: staging
    steps:
      - run: gcloud run deploy api --set-secrets JWT_SECRET=jwt-secret:latest
`},findings:[{at:`scripts/deploy-staging.sh:1`,subject:`JWT_SECRET@api`,severity:`error`,message:`.github/workflows/staging.yml:7`}]},{title:`the same key twice in one list`,files:{"k8s/staging/api.yaml":`apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  template:
    spec:
      containers:
        - name: api
          image: api:1
          env:
            - { name: LOG_LEVEL, value: info }
            - { name: WORKERS, value: "2" }
            - { name: LOG_LEVEL, value: debug }
`},findings:[{at:`k8s/staging/api.yaml:13`,subject:`LOG_LEVEL@api`,severity:`warning`}]},{title:`other services, other environments, overlays, the same value twice`,files:{"deploy-staging.sh":`gcloud run deploy api --set-env-vars TOKEN=abc
gcloud run deploy auth --set-secrets TOKEN=token:latest
gcloud run deploy web --set-env-vars A=1,A=1
`,"deploy-production.sh":`gcloud run deploy api --set-secrets TOKEN=token:latest
`,"docker-compose.yml":`services:
  web: { image: web, environment: { A: "1" } }
`,"docker-compose.override.yml":`services:
  web: { image: web, environment: { A: "2" } }
`},findings:[]}],"config/value-mismatch":[{title:`a time-out below its limit, a URL that points elsewhere and a flag of the deploy command`,files:{"predeploy.yml":`environments:
  staging:
    values:
      WEBSOCKET_TIMEOUT: { min: 60 }
      AUTH_SERVICE_URL: https://auth.staging.example.com
      "flag --vpc-connector": { matches: "^staging-" }
      LOG_LEVEL: { one-of: [info, warning] }
`,"deploy-staging.sh":`gcloud run deploy api \\
  --vpc-connector production-net \\
  --set-env-vars "^@^AUTH_SERVICE_URL=https://app.staging.example.com@WEBSOCKET_TIMEOUT=30@LOG_LEVEL=info"
`},findings:[{at:`deploy-staging.sh:2`,subject:`flag --vpc-connector@api`},{at:`deploy-staging.sh:3`,subject:`AUTH_SERVICE_URL@api`,message:`https://app.staging.example.com`},{at:`deploy-staging.sh:3`,subject:`WEBSOCKET_TIMEOUT@api`,message:`at least 60`}]},{title:`a declared name that nothing sets, and a pattern that matches nothing`,files:{"predeploy.yml":`environments:
  staging:
    values:
      REDIS_HOST: redis.staging
      "CACHE_*": { matches: "." }
      SENTRY_ENVIRONMENT: { matches: staging, optional: true }
      "BYPASS_*": { forbidden: true }
`,".env.staging":`LOG_LEVEL=info
`},findings:[{at:`predeploy.yml:4`,subject:`REDIS_HOST`,severity:`error`},{at:`predeploy.yml:5`,subject:`CACHE_*`}]},{title:`an attribute of Terraform through a variable of the environment`,files:{"predeploy.yml":`environments:
  staging:
    values: { google_redis_instance.cache.tier: STANDARD_HA }
`,"infra/main.tf":`variable "tier" { default = "STANDARD_HA" }
resource "google_redis_instance" "cache" {
  name = "cache"
  tier = var.tier
}
`,"infra/staging.tfvars":`tier = "BASIC"
`},findings:[{at:`infra/main.tf:4`,subject:`google_redis_instance.cache.tier`}]},{title:`a dictionary of a deploy script, next to that of another environment`,files:{"predeploy.yml":`environments:
  staging:
    values: { SESSION_TIMEOUT: { max: 3600 } }
`,"scripts/deploy_services.py":`SERVICES = {
    "staging": {"SESSION_TIMEOUT": 7200, "LOG_LEVEL": "info"},
    "production": {"SESSION_TIMEOUT": 86400},
}
`},findings:[{at:`scripts/deploy_services.py:2`,subject:`SESSION_TIMEOUT`,message:"`7200`"}]},{title:`equal but for quotes, a slash, the case of true, and another environment`,files:{"predeploy.yml":`environments:
  staging:
    values: { API_URL: "https://api.staging.example.com", TRACING: true, TIMEOUT: 60 }
`,".env.staging":`API_URL="https://api.staging.example.com/"
TRACING=True
TIMEOUT=60
`,".env.production":`API_URL=https://api.example.com
TRACING=false
`},findings:[]},{title:`the only value is a reference, so nobody can say what arrives`,files:{"predeploy.yml":`environments:
  staging:
    values: { API_URL: "https://api.staging.example.com" }
`,"docker-compose.staging.yml":`services:
  web: { image: web, environment: { API_URL: "\${API_URL}" } }
`},findings:[],undecided:!0},{title:`what a later layer sets over is not judged`,files:{"predeploy.yml":`environments:
  staging:
    values: { LOG_LEVEL: info, "replicas": { min: 2 } }
`,"docker-compose.staging.yml":`services:
  web: { image: web, env_file: web.env, environment: { LOG_LEVEL: info } }
`,"web.env":`LOG_LEVEL=debug
`,"deploy/api/Chart.yaml":`name: api
`,"deploy/api/values.yaml":`replicas: 1
`,"deploy/values-staging.yaml":`replicas: 3
`},findings:[]},{title:`a name that a Secret of the cluster may hold`,files:{"predeploy.yml":`environments:
  staging:
    values: { REDIS_HOST: redis.staging }
`,"k8s/staging/api.yaml":`apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  template:
    spec:
      containers:
        - name: api
          image: api
          envFrom: [{ secretRef: { name: api-secrets } }]
          env: [{ name: LOG_LEVEL, value: info }]
`},findings:[],undecided:!0},{title:`wishes of a team's own rule`,files:{".env.staging":`LOG_LEVEL=debug
TIMEOUT=90
`},options:{environment:`staging`,values:[`LOG_LEVEL in info, warning`,`TIMEOUT >= 60`]},findings:[{at:`.env.staging:1`,subject:`LOG_LEVEL`}]}],"dockerignore/build-input-missing":[{title:`the lock file of npm ci is ignored`,files:{"compose.yaml":`services:
  web:
    build: .
`,Dockerfile:`FROM node:22
WORKDIR /app
COPY package*.json ./
RUN npm ci --omit=dev
`,".dockerignore":`package-lock.json
`,"package.json":`{}`,"package-lock.json":`{}`},findings:[{at:`Dockerfile:4`,subject:`package-lock.json`,severity:`error`,message:`line 1 of .dockerignore`}]},{title:`scripts and settings of the build are ignored`,files:{"compose.yaml":`services:
  web:
    build: .
`,Dockerfile:`FROM node:22
WORKDIR /app
COPY . .
RUN sh ./tools/fetch.sh && npx tsc -p tsconfig.build.json
RUN node tools/pack.js && if [ -f tools/extra.js ]; then node tools/extra.js; fi
RUN wget https://get.acme.dev/setup.sh && sh setup.sh
RUN node scripts/kept.js
`,".dockerignore":`tools
tsconfig*
.git
`,"package.json":`{}`,"tsconfig.build.json":`{}`,"tools/fetch.sh":`exit 0
`,"tools/pack.js":``,"tools/extra.js":``,"scripts/kept.js":``},findings:[{at:`Dockerfile:4`,subject:`./tools/fetch.sh`,severity:`error`,message:`line 1 of .dockerignore`},{at:`Dockerfile:4`,subject:`tsconfig.build.json`,severity:`error`,message:`line 2 of .dockerignore`}]},{title:`requirements that no COPY brought yet`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM python:3.12
WORKDIR /app
RUN pip install -r requirements/prod.txt
COPY . .
`,"requirements/prod.txt":`fastapi`},findings:[{at:`Dockerfile:3`,subject:`requirements/prod.txt`,message:`no COPY before this line brings it`}]},{title:`the readme that the project's build reads`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM python:3.12
WORKDIR /src
COPY . .
RUN pip install .
`,".dockerignore":`*.md
`,"pyproject.toml":`[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "shop"
readme = "README.md"
`,"README.md":`shop`},findings:[{at:`Dockerfile:4`,subject:`/src/README.md`}]},{title:`setuptools only warns when the readme of pyproject.toml is gone`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM python:3.12
WORKDIR /src
COPY . .
RUN pip install .
`,".dockerignore":`*.md
`,"pyproject.toml":`[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "shop"
readme = "README.md"
`,"README.md":`shop`},findings:[]},{title:`the version comes from git, and .git is left out`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM python:3.12
WORKDIR /src
COPY . .
RUN pip install .
`,".dockerignore":`.git
`,"pyproject.toml":`[build-system]
requires = ["setuptools", "setuptools_scm"]
[project]
name = "shop"
dynamic = ["version"]
`},findings:[{at:`Dockerfile:4`,subject:`.git`}]},{title:`mounted, guarded, made before, or there`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM python:3.12
WORKDIR /app
RUN --mount=type=bind,source=requirements.txt,target=requirements.txt pip install -r requirements.txt
RUN if [ -f dev.txt ]; then pip install -r dev.txt; fi
RUN echo fastapi > extra.txt && pip install -r extra.txt
COPY package.json package-lock.json ./
RUN npm ci
`,"requirements.txt":`fastapi`,"dev.txt":`pytest`,"extra.txt":`x`,"package.json":`{}`,"package-lock.json":`{}`},findings:[]},{title:`the base image may have brought it`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM acme/python-base
RUN pip install -r /opt/base/requirements.txt
`,"other/requirements.in":`x`},findings:[]},{title:`the RUN writes a version into the project first`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM python:3.12
WORKDIR /src
ARG VERSION=0.0.0
COPY . .
RUN sed -i "s/dynamic = .*/version = \\"$VERSION\\"/" pyproject.toml && pip install --no-cache-dir .
`,".dockerignore":`.*
`,"pyproject.toml":`[build-system]
requires = ["hatchling", "hatch-vcs"]
build-backend = "hatchling.build"
[project]
name = "shop"
dynamic = ["version"]
`},findings:[]},{title:`Poetry fails over a missing readme since 2.0 only`,files:{"compose.yaml":`services:
  old: { build: { context: ., dockerfile: old.Dockerfile } }
  new: { build: { context: ., dockerfile: new.Dockerfile } }
`,"pyproject.toml":`[tool.poetry]
name = "shop"
version = "1.0"
readme = "README.md"
[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
`,"README.md":``,"old.Dockerfile":`FROM python:3.13
ENV POETRY_VERSION=1.8.3
RUN pip install poetry==\${POETRY_VERSION}
WORKDIR /app
COPY pyproject.toml ./
RUN poetry install
`,"new.Dockerfile":`FROM python:3.13
RUN pip install poetry==2.1.0
WORKDIR /app
COPY pyproject.toml ./
RUN poetry install
`},findings:[{at:`new.Dockerfile:5`,subject:`/app/README.md`}]},{title:`a project that has a version to fall back to`,files:{"compose.yaml":`services:
  api: { build: . }
`,Dockerfile:`FROM python:3.13
WORKDIR /app
COPY . .
RUN pip install .
`,".dockerignore":`.git
`,"pyproject.toml":`[project]
name = "shop"
dynamic = ["version"]
[build-system]
requires = ["setuptools", "setuptools_scm"]
[tool.setuptools_scm]
fallback_version = "0.1"
`},findings:[]}],"dockerignore/builders-disagree":[{title:`a negation that only old builders honour`,files:{".dockerignore":`**/metrics/
!svc/
`,"svc/metrics/values.py":`VALUE = 1
`,Dockerfile:`FROM python:3.13
COPY . /app
`},findings:[{at:`.dockerignore:2`,subject:`!svc/`,severity:`note`,message:`Docker up to 20.10 sends it`}]},{title:`a COPY needs a file that the classic builder never looks for`,files:{".dockerignore":`*
!**/*.py
`,"api/main.py":`pass
`,Dockerfile:`FROM python:3.13
COPY api/main.py /app/main.py
`},findings:[{at:`.dockerignore:2`,severity:`warning`,message:`the classic builder leaves it out`}]},{title:`a module that start-up imports, and the start file itself`,files:{".dockerignore":`**/metrics/
!svc/
svc/*.sh
`,"svc/metrics/values.py":`VALUE = 1
`,"svc/__main__.py":`import svc.metrics.values
`,Dockerfile:`FROM python:3.13
WORKDIR /app
COPY . .
CMD ["python", "-m", "svc"]
`},findings:[{at:`.dockerignore:2`,subject:`!svc/`,severity:`warning`,message:`svc/metrics/values.py`}]},{title:`what a later line was passed over for arrives empty`,files:{".dockerignore":`*
!src/keep
src
`,"src/keep/values.py":`VALUE = 1
`,Dockerfile:`FROM python:3.13
COPY . /app
`},findings:[{at:`.dockerignore:2`,severity:`note`,message:`with BuildKit it arrives empty`}]},{title:`the full path means the same in all`,files:{".dockerignore":`svc/metrics
!svc/metrics/values.py
`,"svc/metrics/values.py":`VALUE = 1
`,"svc/metrics/notes.txt":`notes
`,Dockerfile:`FROM python:3.13
COPY . /app
`},findings:[]},{title:`the config says which builder`,files:{"predeploy.yml":`images:
  app: { dockerfile: Dockerfile, builder: buildkit }
`,".dockerignore":`*
!**/*.py
`,"api/main.py":`pass
`,Dockerfile:`FROM python:3.13
COPY . /app
`},findings:[]}],"dockerignore/copy-flattens":[{title:`several matches and no final slash make one file`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY conf/*.ini /etc/app
`,"conf/a.ini":`one`,"conf/b.ini":`two`},findings:[{at:`Dockerfile:2`,subject:`/etc/app`,severity:`error`,message:`only conf/b.ini stays`}]},{title:`two files of one name`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY api/settings.py worker/settings.py /app/
`,"api/settings.py":`A = 1`,"worker/settings.py":`A = 2`},findings:[{at:`Dockerfile:2`,severity:`error`,message:`/app/settings.py`}]},{title:`a glob over directories`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY serv* /app/
`,"service_a/one.py":`A = 1`,"service_b/two.py":`A = 2`},findings:[{at:`Dockerfile:2`,severity:`warning`,message:`their names are lost`}]},{title:`one directory by name, files into a directory, equal files`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY src /app
COPY package*.json /web/
COPY api/__init__.py worker/__init__.py /pkg/
WORKDIR /etc/app
COPY conf/*.ini /etc/app
`,"src/main.py":``,"package.json":`{}`,"package-lock.json":`{ }`,"api/__init__.py":``,"worker/__init__.py":``,"conf/a.ini":`one`,"conf/b.ini":`two`},findings:[]},{title:`one directory laid over another`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY base/ site/ /etc/app/
`,"base/app.ini":`one`,"site/app.ini":`two`},findings:[{at:`Dockerfile:2`,severity:`note`}]},{title:`--parents keeps the names`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY --parents packages/*/package.json /app/
`,"packages/a/package.json":`{}`,"packages/b/package.json":`{ }`},findings:[]}],"dockerignore/copy-glob-empty":[{title:`every match is ignored, and nothing else of the directory is sent`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY migrations/*.sql /migrations/
`,".dockerignore":`**/*.sql
`,"migrations/001.sql":`select 1;`},findings:[{at:`Dockerfile:2`,subject:`migrations/*.sql`,severity:`error`,message:`line 1 of .dockerignore`}]},{title:`every match is ignored, but the directory is sent`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY migrations/*.sql /migrations/
COPY migrations/env.py /migrations/
COPY *.ini /
`,".dockerignore":`**/*.sql
`,"migrations/001.sql":`select 1;`,"migrations/env.py":``},findings:[{at:`Dockerfile:2`,subject:`migrations/*.sql`,severity:`warning`,message:`line 1 of .dockerignore`},{at:`Dockerfile:4`,subject:`*.ini`,severity:`warning`}]},{title:`a directory that no COPY sends is looked for, even beside a source that matches`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY package.json conf/*.local /app/
`,"package.json":`{}`,"conf/app.ini":``},findings:[{at:`Dockerfile:2`,subject:`conf/*.local`,severity:`error`,message:`no COPY sends anything of conf`}]},{title:`no such directory fails the build`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY conf/*.ini /conf/
`,"config/app.ini":``},findings:[{at:`Dockerfile:2`,severity:`error`}]},{title:`the classic builder refuses an empty glob`,files:{"predeploy.yml":`images:
  api: { builder: classic }
`,Dockerfile:`FROM scratch
COPY main.py /
COPY *.cfg /
`,"main.py":``},findings:[{at:`Dockerfile:3`,severity:`error`}]},{title:`an optional file beside one that matches`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY package.json yarn.lock* .npmrc* /app/
`,"package.json":`{}`},findings:[]},{title:`a dotfile matches a star`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY conf/* /conf/
`,"conf/.keep":``},findings:[]},{title:`the output of a build on the machine, which git does not hold`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY target/*.jar /app.jar
`,".gitignore":`target/
`,"pom.xml":``},findings:[{at:`Dockerfile:2`,subject:`target/*.jar`,severity:`warning`,message:`line 1 of .gitignore`}]},{title:`a script that builds before`,files:{"build.sh":`mkdir -p target && cp out.jar target/
docker build -t api .
`,Dockerfile:`FROM scratch
COPY target/*.jar /app.jar
`,"pom.xml":``},findings:[]}],"dockerignore/copy-source-missing":[{title:`a file that was renamed`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY setings.py /app/
`,"settings.py":`DEBUG = False
`},findings:[{at:`Dockerfile:2:6`,subject:`setings.py`,severity:`error`,message:`settings.py`}]},{title:`the file is there, and a line of the ignore file leaves it out`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY package.json package-lock.json /app/
`,".dockerignore":`*.json
!package.json
`,"package.json":`{}`,"package-lock.json":`{}`},findings:[{at:`Dockerfile:2`,subject:`package-lock.json`,message:`line 1 of .dockerignore`}]},{title:`an ADD in a builder stage that the image needs, behind an argument with a default`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch AS build
ARG DIR=conf
ADD \${DIR}/app.ini /conf/
FROM scratch
COPY --from=build /conf /conf
`,"config/app.ini":``},findings:[{at:`Dockerfile:3`,subject:"${DIR}/app.ini"}]},{title:`a Dockerfile that nothing names is a warning`,files:{Dockerfile:`FROM scratch
COPY gone.py /
`,"main.py":``},findings:[{at:`Dockerfile:2`,severity:`warning`}]},{title:`a step before the build may make the file`,files:{".github/workflows/ship.yml":`on: push
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: ./make-artifact
      - run: docker build -t shop .
`,Dockerfile:`FROM scratch
COPY artifact.bin /
`},findings:[{at:`Dockerfile:2`,severity:`warning`}]},{title:`another stage, an image, a heredoc, a URL, an argument without a value`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM alpine AS build
FROM scratch
ARG VARIANT
COPY --from=build /made /made
COPY --from=docker.io/library/busybox /bin/true /bin/
COPY <<EOF /etc/motd
hello
EOF
ADD https://example.com/x.tar.gz /opt/
COPY \${VARIANT}/app /app/
`},findings:[]},{title:`two dots stop at the root of the context, and a leading slash starts there`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY ../main.py /main.py /app/
`,"main.py":``},findings:[]},{title:`a stage that nothing needs is not built`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch AS lint
COPY gone.cfg /
FROM scratch
COPY main.py /
`,"main.py":``},findings:[]},{title:`the context cannot be known`,files:{"compose.yaml":`services:
  api:
    build: { context: "\${CODE_DIR}", dockerfile: Dockerfile }
`,"images/Dockerfile":`FROM scratch
COPY gone.py /
`,"other/keep":``},findings:[]},{title:`each machine makes its own environment file`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY .env conf/.env.production /app/
`,".gitignore":`/.env
`,"conf/.env.example":``},findings:[{at:`Dockerfile:2:6`,subject:`.env`,severity:`warning`,message:`line 1 of .gitignore`},{at:`Dockerfile:2:11`,subject:`conf/.env.production`,severity:`warning`,message:`conf/.env.example`}]},{title:`a pipeline that builds the bare checkout has no such file`,files:{".github/workflows/ship.yml":`on: push
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: docker build -t shop .
`,Dockerfile:`FROM scratch
COPY .env /app/
`,".gitignore":`.env
`},findings:[{at:`Dockerfile:2`,subject:`.env`,severity:`error`}]},{title:`what is made is left out all the same`,files:{"compose.yaml":`services:
  web:
    build: .
`,Dockerfile:`FROM scratch
COPY dist /srv/
`,".gitignore":`dist/
`,".dockerignore":`dist
`,"web/index.ts":``},findings:[{at:`Dockerfile:2`,subject:`dist`,severity:`error`,message:`line 1 of .dockerignore`}]},{title:`the Makefile, script or workflow that builds the image makes the source`,files:{"tools/Makefile":`image: explorer
	docker build -t explorer .
explorer: main.go
	go build -o $@ .
`,"tools/Dockerfile":`FROM scratch
ADD explorer /
`,"tools/main.go":``,"deploy.sh":`OUT=bin/server
CGO_ENABLED=0 go build -o "$OUT" ./cmd
mkdir -p certs
docker build -t server .
`,Dockerfile:`FROM scratch
COPY bin/server /server
COPY certs /etc/certs
`,"site/package.json":`{"scripts": {"image": "npm run build && docker build -t site ."}}
`,"site/Dockerfile":`FROM scratch
COPY dist /srv
`,".github/workflows/model.yml":`on: push
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v4
        with: { name: weights, path: model/weights }
      - run: docker build -t model model
`,"model/Dockerfile":`FROM scratch
COPY weights /weights
`,"model/run.py":``},findings:[]},{title:`the Makefile makes something of another name`,files:{Makefile:`image: explorer.go
	docker build -t explorer .
fmt:
	gofmt -w explorer.go
`,Dockerfile:`FROM scratch
ADD explorer /
`,"explorer.go":``},findings:[{at:`Dockerfile:2`,subject:`explorer`,severity:`error`}]},{title:`the context is wrong rather than every source`,files:{"compose.yaml":`services:
  web:
    build:
      context: apps/web
`,"apps/web/Dockerfile":`FROM node:22
WORKDIR /app
COPY apps/web/package.json apps/web/package-lock.json ./
COPY apps/web/src ./src
COPY apps/web/public ./public
CMD ["node", "src/index.js"]
`,"apps/web/package.json":`{}`,"apps/web/package-lock.json":`{}`,"apps/web/src/index.js":``,"apps/web/public/index.html":``},findings:[{at:`compose.yaml:4`,subject:`apps/web`,severity:`error`,message:`All of them are in the repository root`}]},{title:`neither the Dockerfile's directory nor the root has the source`,files:{"api/Dockerfile":`FROM scratch
COPY main.py gone.py /app/
COPY shared/db.py /app/
`,"api/main.py":``,"shared/db.py":``},findings:[{at:`api/Dockerfile:2:14`,subject:`gone.py`,severity:`warning`,message:`neither`}]},{title:`a context between the Dockerfile and the root, or a file that git does not hold`,files:{"services/api/Dockerfile":`FROM scratch
COPY api/main.py common/db.py dist/app.bin /app/
COPY README.md /app/
`,"services/api/main.py":``,"services/common/db.py":``,"README.md":``,".gitignore":`dist
`},findings:[]},{title:`the product of a build that is not seen, for an image that is built elsewhere too`,files:{Dockerfile:`FROM eclipse-temurin:21-jre
COPY build/libs/app.jar settings.local /opt/app/
COPY app-1.0.jar /opt/app/tool.jar
CMD ["java", "-jar", "/opt/app/app.jar"]
`,".gitignore":`/build/
settings.local
`,"build.gradle":``},findings:[{at:`Dockerfile:2:6`,subject:`build/libs/app.jar`,severity:`note`},{at:`Dockerfile:2`,subject:`settings.local`,severity:`warning`},{at:`Dockerfile:3`,subject:`app-1.0.jar`,severity:`note`,message:`build.gradle`}]},{title:`a bind mount of what the ignore file leaves out`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM python:3.12
RUN --mount=type=bind,source=requirements.txt,target=requirements.txt pip install -r requirements.txt
RUN --mount=type=bind,source=uv.lock,target=uv.lock --mount=type=cache,target=/root/.cache uv sync
RUN --mount=type=bind,from=busybox,source=/bin,target=/tools /tools/true
RUN --mount=type=bind,target=/src make -C /src
`,".dockerignore":`*.txt
`,"requirements.txt":``,"uv.lock":``},findings:[{at:`Dockerfile:2`,subject:`requirements.txt`,severity:`error`,message:`line 1 of .dockerignore`}]},{title:`git's own directory stands in every checkout`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY .git/HEAD /head
COPY main.py /
RUN --mount=type=bind,source=.git,target=/.git git describe
`,"main.py":``},findings:[]},{title:`what a builder refuses in any tree`,files:{"predeploy.yml":`images:
  api: { dockerfile: Dockerfile }
  old: { dockerfile: old.Dockerfile, builder: classic }
`,Dockerfile:`FROM scratch
COPY --parents . /app/
COPY ../main.py /app/
`,"old.Dockerfile":`FROM scratch
COPY ../main.py /app/
`,"main.py":``},findings:[{at:`Dockerfile:2`,subject:`.`,severity:`error`,message:`with --parents the builder does not find the context itself`},{at:`old.Dockerfile:2`,subject:`../main.py`,severity:`error`,message:`forbids a path outside of the context`}]},{title:`a path that a stage from scratch cannot have, beside stages of which less is known`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch AS assets
COPY web /pub
FROM assets AS more
WORKDIR /made
FROM python:3.13 AS builder
RUN make
FROM python:3.13
COPY --from=assets /pub/a.css /pub/gone.css /x/
COPY --from=more /made /x/made
COPY --from=more /nowhere /x/
COPY --from=builder /srv/out /x/out
COPY --from=assets /pub/*.png /x/
`,"web/a.css":``},findings:[{at:`Dockerfile:8`,subject:`/pub/gone.css`,severity:`error`},{at:`Dockerfile:10`,subject:`/nowhere`,severity:`error`}]},{title:`one ignore line that keeps the product of a build out of git, copied by many images`,files:{".gitignore":`bundle.js
`,"compose.yaml":`services:
  a: { build: ./a }
  b: { build: ./b }
  c: { build: ./c }
  d: { build: ./d }
  e: { build: ./e }
`,"a/Dockerfile":`FROM node:22
COPY bundle/bundle.js /
CMD ["node", "/bundle.js"]
`,"b/Dockerfile":`FROM node:22
COPY bundle/bundle.js /
CMD ["node", "/bundle.js"]
`,"c/Dockerfile":`FROM node:22
COPY bundle/bundle.js /
CMD ["node", "/bundle.js"]
`,"d/Dockerfile":`FROM node:22
COPY bundle/bundle.js /
CMD ["node", "/bundle.js"]
`,"e/Dockerfile":`FROM node:22
COPY other.js /
`},findings:[{at:`a/Dockerfile:2`,subject:`bundle/bundle.js`,severity:`warning`,message:`The same holds for 3 more places.`},{at:`e/Dockerfile:2`,subject:`other.js`}]},{title:`a build that is merged over the one of the service that it extends`,files:{"docker/compose.yaml":`services:
  base:
    build:
      context: ..
      dockerfile: docker/Dockerfile
  dev:
    extends: { service: base }
    build: { target: dev }
  deep:
    extends: dev
    build: { args: [A] }
  far:
    extends: { file: other.yaml, service: base }
    build: { target: dev }
  alone:
    build: { target: dev }
`,"docker/Dockerfile":`FROM scratch AS dev
COPY app.js /
`,"app.js":``},findings:[{at:`docker/Dockerfile:2`,subject:`app.js`}]}],"dockerignore/data-file-missing":[{title:`SQL that an ignore pattern takes out`,files:{".dockerignore":`**/*.sql
`,Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "main.py"]
`,"main.py":`from pathlib import Path

schema = (Path(__file__).parent / "db" / "schema.sql").read_text()
`,"db/schema.sql":`select 1;
`},findings:[{at:`.dockerignore:1`,subject:`db/schema.sql`,severity:`warning`,message:"Write `!db/schema.sql` after that line"}]},{title:`templates that no COPY brings`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY app ./app
CMD ["uvicorn", "app.main:app"]
`,"app/main.py":`from fastapi.templating import Jinja2Templates

templates = Jinja2Templates(directory="templates")
`,"templates/index.html":`<p>
`},findings:[{at:`Dockerfile:3`,subject:`templates/index.html`,severity:`warning`}]},{title:`read only if it exists`,files:{".dockerignore":`local.toml
`,Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "main.py"]
`,"main.py":`import os

if os.path.exists("local.toml"):
    text = open("local.toml").read()
`,"local.toml":`a = 1
`},findings:[]}],"dockerignore/dockerfile-missing":[{title:`compose joins the Dockerfile to the context`,files:{"compose.yaml":`services:
  api:
    build:
      context: ./api
      dockerfile: api/Dockerfile
`,"api/Dockerfile":`FROM scratch
COPY main.py /
`,"api/main.py":``},findings:[{at:`compose.yaml:5`,subject:`api/api/Dockerfile`,severity:`error`,message:`api/Dockerfile exists`}]},{title:`a context that is gone`,files:{"deploy/compose.yaml":`services:
  api:
    build: ./backend
`,"backend/Dockerfile":`FROM scratch
COPY main.py /
`,"backend/main.py":``},findings:[{at:`deploy/compose.yaml:3`,subject:`deploy/backend`,severity:`error`,message:`backend exists`}]},{title:`what is proposed can be built`,files:{"compose.yaml":`services:
  api:
    build: ./api
  web:
    build: ./web
`,"packages/client/src/api/index.ts":``,Dockerfile:`FROM scratch
COPY main.py /
`,"main.py":``,"web/apps/shop/Dockerfile":`FROM scratch
COPY main.js /
`,"web/apps/shop/main.js":``},findings:[{at:`compose.yaml:3`,subject:`api`,message:`Create it or mend the path`},{at:`compose.yaml:5`,subject:`web/Dockerfile`,message:`web/apps/shop/Dockerfile exists`}]},{title:`a context that the recipe fills and git ignores`,files:{Makefile:`image:
	go build -o ./dist/tool ./cmd
	docker build -f Dockerfile -t tool dist
`,Dockerfile:`FROM scratch
COPY tool /
`,".gitignore":`dist/
`},findings:[{at:`Makefile:3`,subject:`dist`,severity:`note`,message:`git ignores it`}]},{title:`a workflow that only other repositories call builds theirs`,files:{".github/workflows/image.yml":`on:
  workflow_call:
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v6
        with: { push: false }
`},findings:[{at:`.github/workflows/image.yml:7`,subject:`Dockerfile`,severity:`note`,message:`other repositories`}]},{title:"docker/build-push-action reads `file` from the checkout",files:{".github/workflows/ship.yml":`on: push
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: docker/build-push-action@v6
        with:
          context: services/api
          file: Dockerfile
`,"services/api/Dockerfile":`FROM scratch
COPY main.py /
`,"services/api/main.py":``},findings:[{at:`.github/workflows/ship.yml:10`,subject:`Dockerfile`}]},{title:`every path is as its tool reads it`,files:{"compose.yaml":`services:
  api:
    build:
      context: .
      dockerfile: docker/api.Dockerfile
  inline:
    build:
      dockerfile_inline: |
        FROM scratch
        COPY main.py /
  remote:
    build: https://github.com/acme/tool.git
  given:
    build: \${CONTEXT}
`,Makefile:`image:
	docker build -f docker/api.Dockerfile .
`,"docker/api.Dockerfile":`FROM scratch
COPY main.py /
`,"main.py":``},findings:[]},{title:"a Makefile that runs from elsewhere, by `make -f` or by the paths that it writes",files:{".github/workflows/ship.yml":`on: push
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: make image --file docker/Makefile
        working-directory: services
      - run: make -f services/web/Makefile image
`,"docker/app/Makefile":`image:
	docker build --file docker/app/Dockerfile .
`,"docker/app/Dockerfile":`FROM scratch
COPY main.py /
`,"services/docker/Makefile":`image:
	docker build -f docker/Dockerfile .
`,"services/docker/Dockerfile":`FROM scratch
COPY main.py /
`,"services/web/Makefile":`image:
	docker build -f services/web/gone.Dockerfile .
`,"tools/Makefile":`image:
	docker build -f lost.Dockerfile .
`,"services/main.py":``,"main.py":``},findings:[{at:`services/web/Makefile:2`,subject:`services/web/gone.Dockerfile`},{at:`tools/Makefile:2`,subject:`tools/lost.Dockerfile`,severity:`error`}]},{title:`Makefiles of folders for developers`,files:{"hack/speed/Makefile":`image:
	cd .. && docker build -f speed/lost.Dockerfile .
`,"scripts/dev/Makefile":`image:
	docker build -f gone.Dockerfile .
`,"main.py":``},findings:[{at:`hack/speed/Makefile:2`,severity:`warning`},{at:`scripts/dev/Makefile:2`,severity:`warning`}]},{title:`a step before may write the Dockerfile`,files:{".github/workflows/ship.yml":`on: push
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: python generate.py
      - run: docker build -f out/Dockerfile .
`,"main.py":``},findings:[]},{title:`an image that compose pulls first, in a copy of a compose file that stands elsewhere`,files:{"deploy/embedded/compose.yaml":`services:
  api:
    image: registry.example.com/api:1
    build:
      context: ../../api
`},findings:[{at:`deploy/embedded/compose.yaml:5`,subject:`api`,severity:`warning`}]},{title:"a `.env` value with a comment, and a compose file that a command runs from elsewhere",files:{".env":`PYTHON=3.13 # which Dockerfile
export FOLDER="docker"
`,"compose.yaml":`services:
  api:
    build:
      context: .
      dockerfile: \${FOLDER}/python\${PYTHON}/Dockerfile
`,"docker/python3.13/Dockerfile":`FROM python:3.13
`,"deploy/compose.staging.yaml":`services:
  worker:
    build: ./worker
`,"deploy/local/compose.yaml":`services:
  worker:
    build: ./worker
`,"worker/Dockerfile":`FROM python:3.13
`,"up.sh":`docker compose -f compose.yaml -f deploy/compose.staging.yaml up -d
docker compose --project-directory . -f deploy/local/compose.yaml up -d
`},findings:[]},{title:`a copy that a program packs up, and what git ignores`,files:{"compose.yaml":`services:
  api:
    build: ./api
`,"api/Dockerfile":`FROM alpine
`,"cli/packed/compose.yaml":`services:
  api:
    build: ./api
`,"tools/compose.yaml":`services:
  tool:
    build: ./checkout
`,".gitignore":`checkout/
`},findings:[{at:`cli/packed/compose.yaml:3`,severity:`note`,message:`a copy of compose.yaml`},{at:`tools/compose.yaml:3`,severity:`note`}]},{title:`a workflow that came with another repository, which GitHub does not run`,files:{"vendored/lake/.github/workflows/build.yml":`on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v6
        with: { context: . }
`,"vendored/lake/Dockerfile":`FROM alpine
`},findings:[]},{title:`a Dockerfile whose path an expression gives`,files:{".github/workflows/ci.yml":`on: push
jobs:
  build:
    runs-on: ubuntu-latest
    env:
      DOCKERFILE: docker/\${{ github.event_name == 'push' && 'a' || 'b' }}/Dockerfile
    steps:
      - uses: docker/build-push-action@v6
        with:
          context: .
          file: \${{ env.DOCKERFILE }}
`,"docker/a/Dockerfile":`FROM alpine
`},findings:[]},{title:`a chart that came below another`,files:{"chart/Chart.yaml":`name: shop
`,"chart/charts/vault/Makefile":`test:
	docker build -t vault-test -f test/Dockerfile .
`},findings:[]},{title:`a Dockerfile that a target of the Makefile makes, and one that none makes`,files:{Makefile:`Dockerfile.dev: Dockerfile.j2
	render $< > $@
image: Dockerfile.dev
	docker build -f Dockerfile.dev -t app .
`,"debug/Makefile":`image:
	sed -e 's/alpine/debian/' Dockerfile > Dockerfile.debug
	docker build -f Dockerfile.debug -t app .
`,"debug/Dockerfile":`FROM alpine
`,"other/Makefile":`image:
	docker build -f Dockerfile.dev -t app .
`,"Dockerfile.j2":``},findings:[{at:`other/Makefile:2`,subject:`other/Dockerfile.dev`}]},{title:`the package.json that a generator keeps among its sources, and one that is a package`,files:{"package.json":`{}`,"src/web/package.json":`{ "scripts": { "image": "docker build ." } }
`,"packages/make/package.json":`{}`,"packages/make/src/server/package.json":`{ "scripts": { "image": "docker build ." } }
`},findings:[{at:`src/web/package.json:1`,subject:`src/web/Dockerfile`}]}],"dockerignore/entry-missing":[{title:`a module that is spelt wrong`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["uvicorn", "shop.mian:app", "--host", "0.0.0.0"]
`,"compose.yaml":`services:
  shop:
    build: .
`,"shop/__init__.py":``,"shop/main.py":`app = object()
`},findings:[{at:`Dockerfile:4`,subject:`shop.mian:app`,severity:`error`,message:`shop/main.py`}]},{title:`a start script that the ignore file leaves out`,files:{".dockerignore":`scripts
`,Dockerfile:`FROM node:24-slim
WORKDIR /srv
COPY . .
CMD ["sh", "scripts/serve.sh"]
`,"scripts/serve.sh":`exec node index.js
`,"index.js":`console.log("up");
`},findings:[{at:`Dockerfile:4`,subject:`scripts/serve.sh`,message:`.dockerignore:1`}]},{title:`a module that the ignore file leaves out is told by module-excluded, at the line to edit`,files:{".dockerignore":`scripts
`,Dockerfile:`FROM node:24-slim
WORKDIR /srv
COPY . .
CMD ["node", "scripts/serve.js"]
`,"scripts/serve.js":`console.log("up");
`},findings:[]},{title:`a copy of a directory drops its name`,files:{Dockerfile:`FROM node:24-slim
WORKDIR /srv
COPY server/ ./
CMD ["node", "server/index.js"]
`,"server/index.js":`console.log("up");
`},findings:[{at:`Dockerfile:4`,subject:`server/index.js`,message:`/srv/index.js`}]},{title:`a script that package.json does not have`,files:{Dockerfile:`FROM node:24-slim
WORKDIR /srv
COPY . .
CMD ["npm", "run", "start:prod"]
`,"package.json":`{ "scripts": { "start:production": "node index.js" } }
`,"index.js":``},findings:[{at:`Dockerfile:4`,subject:`start:prod`,message:`start:production`}]},{title:`a script behind a package script`,files:{Dockerfile:`FROM node:24-slim
WORKDIR /srv
COPY package.json ./
COPY src src
CMD npm start
`,"package.json":`{
  "scripts": {
    "start": "node migrate.js && node src/index.js"
  }
}
`,"migrate.js":``,"src/index.js":``},findings:[{at:`package.json:3`,subject:`migrate.js`}]},{title:`gunicorn's configuration, behind an entry script`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY web.py deploy/entrypoint.sh ./
ENTRYPOINT ["./entrypoint.sh"]
CMD ["gunicorn", "-c", "deploy/gunicorn.conf.py", "web:app"]
`,"deploy/entrypoint.sh":`#!/bin/sh
set -e
exec "$@"
`,"deploy/gunicorn.conf.py":`workers = 2
`,"web.py":`app = object()
`},executable:[`deploy/entrypoint.sh`],findings:[{at:`Dockerfile:5`,subject:`deploy/gunicorn.conf.py`}]},{title:`the output of a build`,files:{".dockerignore":`dist
`,Dockerfile:`FROM node:24 AS builder
WORKDIR /srv
COPY . .
RUN npm ci && npm run build
FROM node:24-slim
WORKDIR /srv
COPY --from=builder /srv/dist ./dist
CMD ["node", "dist/main.js"]
`,"package.json":`{ "scripts": { "build": "tsc" } }
`,"src/main.ts":``},findings:[]},{title:`an installed module, a module of the base image and a value of the environment`,files:{Dockerfile:`FROM python:3.13-slim AS worker
WORKDIR /srv
COPY . .
RUN pip install -r requirements.txt
CMD ["python", "-m", "http.server"]
FROM registry.example.com/team/base:1
COPY . /opt/more
CMD python /opt/app/$SCRIPT && python /opt/app/run.py
`,"requirements.txt":`flask
`,"web.py":``},findings:[]},{title:`it runs only on a condition`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["sh", "-c", "[ -f seed.py ] && python seed.py; exec python web.py"]
`,"web.py":``},findings:[]},{title:`a module found by --app-dir and PYTHONPATH`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
ENV PYTHONPATH=/srv/lib
COPY . .
CMD uvicorn --app-dir src web:app & celery -A tasks worker
`,"src/web.py":``,"lib/tasks.py":``},findings:[]},{title:`a step that the script goes on without, and one that it does not`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY web.py start.sh strict.sh ./
CMD ["sh", "start.sh"]
`,"compose.yaml":`services:
  web:
    build: .
  strict:
    build: .
    command: sh strict.sh
`,"start.sh":`python seed.py
python more.py || echo skipped
exec python web.py
`,"strict.sh":`set -e
python seed.py
exec python web.py
`,"web.py":``},findings:[{at:`start.sh:1`,subject:`seed.py`,severity:`warning`},{at:`strict.sh:2`,subject:`seed.py`,severity:`error`}]},{title:`a directory whose package.json another stage makes`,files:{"compose.yaml":`services:
  live:
    build: .
`,Dockerfile:`FROM node:22 AS build
WORKDIR /app
COPY . .
RUN npx turbo prune --scope=live --docker
FROM node:22
WORKDIR /app
COPY --from=build /app/out/full/apps/live/dist ./apps/live/dist
COPY --from=build /app/out/full/apps/live/package.json ./apps/live/package.json
CMD ["node", "apps/live"]
`,"apps/live/package.json":`{"main": "./dist/start.mjs"}
`},findings:[]},{title:`a file that a base image of one's own may hold, and one that a runtime cannot`,files:{"compose.yaml":`services:
  migrate: { build: ./migrate }
  worker: { build: ./worker }
  whole: { build: ./whole }
`,"migrate/Dockerfile":`FROM acme/server:latest
WORKDIR /app/server
COPY wait.sh ./
CMD ["node", "dist/cli.js"]
`,"migrate/wait.sh":``,"worker/Dockerfile":`FROM registry.acme.io/base/node:22
WORKDIR /app
COPY wait.sh ./
CMD ["node", "dist/cli.js"]
`,"worker/wait.sh":``,"whole/Dockerfile":`FROM acme/server:latest
WORKDIR /srv
COPY . .
CMD ["node", "cli.js"]
`},findings:[{at:`whole/Dockerfile:4`,subject:`cli.js`},{at:`worker/Dockerfile:4`,subject:`dist/cli.js`}]},{title:`the schema and the migrations that Prisma reads before the server starts`,files:{".dockerignore":`prisma
**/migrations
`,"compose.yaml":`services:
  web: { build: . }
  jobs: { build: ., command: sh -c "npx prisma migrate deploy --schema db/schema.prisma && node index.js" }
  made: { build: ., command: npx prisma db push --schema=generated/schema.prisma }
`,Dockerfile:`FROM node:24-slim
WORKDIR /srv
COPY . .
CMD ["npm", "start"]
`,"package.json":`{
  "scripts": { "start": "prisma migrate deploy && node index.js" }
}
`,"index.js":``,"prisma/schema.prisma":``,"db/schema.prisma":``,"db/migrations/1_start/migration.sql":``},findings:[{at:`compose.yaml:3`,subject:`db/migrations`,severity:`warning`},{at:`package.json:2`,subject:`prisma/schema.prisma`,severity:`error`,message:`.dockerignore:1`}]},{title:`Prisma's schema where package.json or prisma.config names it, a client made from none, and commands that read none`,files:{".dockerignore":`prisma
`,"compose.yaml":`services:
  named: { build: ./named }
  configured: { build: ./configured }
  other: { build: . , command: sh -c "npx prisma version && node index.js" }
  tolerant: { build: . , command: sh -c "[ -d prisma ] && npx prisma migrate deploy; exec node index.js" }
`,Dockerfile:`FROM node:24-slim
WORKDIR /srv
COPY . .
CMD ["node", "index.js"]
`,"index.js":``,"prisma/schema.prisma":``,"named/.dockerignore":`prisma
`,"named/Dockerfile":`FROM node:24-slim
WORKDIR /srv
COPY . .
CMD npx prisma migrate deploy && node index.js
`,"named/package.json":`{ "prisma": { "schema": "data/main.prisma" } }
`,"named/index.js":``,"named/data/main.prisma":``,"named/prisma/schema.prisma":``,"configured/.dockerignore":`prisma
`,"configured/Dockerfile":`FROM node:24-slim
WORKDIR /srv
COPY . .
CMD npx prisma migrate deploy && node index.js
`,"configured/prisma.config.ts":`export default defineConfig({ schema: path.join("data", "models") });
`,"configured/index.js":``,"configured/data/models/user.prisma":``,"configured/prisma/schema.prisma":``},findings:[]},{title:`a release of the repository that pip fetches`,files:{"compose.yaml":`services:
  runner: { build: { context: ., dockerfile: Dockerfile } }
`,Dockerfile:`FROM python:3.13
WORKDIR /root
RUN pip install "git+https://github.com/acme/shop.git@v2#egg=acme-shop"
ENTRYPOINT ["python", "-m", "acme_shop.runner"]
`,"acme_shop/__init__.py":``,"acme_shop/runner.py":``},findings:[]},{title:"a start script that `docker run` mounts, and one that only a developer's whole tree brings",files:{"tool/Makefile":`build:
	docker build -t acme/tool:1 .
run:
	docker run --rm \\
		-v "$(CURDIR)/scripts/start.sh:/srv/start.sh:ro" \\
		acme/tool:1
`,"tool/Dockerfile":`FROM node:24-slim
WORKDIR /srv
COPY app.js ./
CMD ["sh", "/srv/start.sh"]
`,"tool/app.js":``,"tool/scripts/start.sh":``,"web/Makefile":`build:
	docker build -t acme/web .
run:
	docker run -v $(PWD):/srv acme/web
`,"web/Dockerfile":`FROM node:24-slim
WORKDIR /srv
COPY app.js ./
CMD ["sh", "/srv/start.sh"]
`,"web/app.js":``,"web/start.sh":``},findings:[{at:`web/Dockerfile:4`,subject:`/srv/start.sh`}]},{title:`images that nothing here builds, one of them for developers, whose code is mounted`,files:{"api/Dockerfile":`FROM ruby:3.4-slim
WORKDIR /app
COPY Gemfile /app/Gemfile
CMD ["./scripts/start.sh"]
`,"api/Dockerfile.dev":`FROM ruby:3.4-slim
WORKDIR /app
COPY Gemfile /app/Gemfile
CMD ["./scripts/start.sh"]
`,"api/Gemfile":``,"api/scripts/start.sh":``},findings:[{at:`api/Dockerfile:4`,severity:`warning`},{at:`api/Dockerfile.dev:4`,severity:`note`}]}],"dockerignore/entry-not-executable":[{title:`no executable bit`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM alpine
WORKDIR /app
COPY start.sh .
ENTRYPOINT ["./start.sh"]
`,"start.sh":`#!/bin/sh
exec true
`},findings:[{at:`Dockerfile:4`,subject:`start.sh`,severity:`warning`,message:`permission denied`}]},{title:`the first line ends in a carriage return`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM alpine
COPY run.sh /usr/local/bin/
ENTRYPOINT ["tini", "--", "/usr/local/bin/run.sh"]
`,"run.sh":`#!/bin/sh\r
exec true\r
`},executable:[`run.sh`],findings:[{at:`Dockerfile:3`,subject:`run.sh`,message:`carriage return`}]},{title:`executable, made so, copied so, or given to a shell`,files:{"compose.yaml":`services:
  a:
    build: { context: ., target: a }
  b:
    build: { context: ., target: b }
  c:
    build: { context: ., target: c }
  d:
    build: { context: ., target: d }
`,Dockerfile:`FROM alpine AS a
COPY good.sh /good.sh
CMD ["/good.sh"]
FROM alpine AS b
COPY start.sh /start.sh
RUN chmod +x /start.sh
CMD ["/start.sh"]
FROM alpine AS c
COPY --chmod=755 start.sh /start.sh
CMD ["/start.sh"]
FROM alpine AS d
COPY start.sh /start.sh
CMD ["sh", "/start.sh"]
`,"good.sh":`#!/bin/sh
`,"start.sh":`#!/bin/sh
`},executable:[`good.sh`],findings:[]}],"dockerignore/host-artifacts-included":[{title:`nothing leaves node_modules out`,files:{"compose.yaml":`services:
  web:
    build: .
`,Dockerfile:`FROM node:22
WORKDIR /app
COPY package.json .
RUN npm install
COPY . .
`,".dockerignore":`.git
`,"package.json":`{}`,"index.js":``},findings:[{at:`Dockerfile:5`,subject:`node_modules`,severity:`warning`}]},{title:`the line holds at the root only, the install runs below`,files:{"compose.yaml":`services:
  web:
    build: .
`,Dockerfile:`FROM node:22
WORKDIR /app
COPY web/package.json web/
RUN cd web && npm install
COPY . .
`,".dockerignore":`.git
node_modules
`,"web/package.json":`{}`,"web/index.js":``},findings:[{at:`Dockerfile:5`,subject:`node_modules`,message:`web/node_modules`}]},{title:`only CI builds it, from a clean checkout`,files:{".github/workflows/ship.yml":`on: push
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: docker/build-push-action@v6
        with:
          context: .
`,Dockerfile:`FROM node:22
WORKDIR /app
COPY package.json .
RUN npm install
COPY . .
`,"package.json":`{}`},findings:[{at:`Dockerfile:5`,severity:`note`}]},{title:`left out, not made in the image, or made after the copy`,files:{"compose.yaml":`services:
  web:
    build: { context: ., target: web }
  plain:
    build: { context: ., target: plain }
  after:
    build: { context: other }
`,Dockerfile:`FROM node:22 AS web
WORKDIR /app
COPY package.json .
RUN npm ci
COPY . .
FROM node:22 AS plain
COPY . /app
`,".dockerignore":`**/node_modules
`,"package.json":`{}`,"other/Dockerfile":`FROM node:22
WORKDIR /app
COPY . .
RUN npm install
`,"other/package.json":`{}`},findings:[]},{title:`a virtual environment whose place a variable of the image names, and one that nothing here names`,files:{"compose.yaml":`services:
  known: { build: { context: ., dockerfile: known.Dockerfile } }
  open: { build: { context: ., dockerfile: open.Dockerfile } }
`,"known.Dockerfile":`FROM python:3.13
ENV PLACE=/app/.venv
WORKDIR /app
RUN python -m venv \${PLACE}
COPY . .
`,"open.Dockerfile":`FROM python:3.13
WORKDIR /app
RUN python -m venv \${PLACE}
COPY . .
`},findings:[{at:`known.Dockerfile:5`,subject:`.venv`,message:`brings .venv of the machine`}]}],"dockerignore/ignore-file-unused":[{title:`beside a Dockerfile that is built with the root as its context`,files:{"compose.yaml":`services:
  api:
    build:
      context: .
      dockerfile: docker/Dockerfile
`,"docker/Dockerfile":`FROM scratch
COPY src /app
`,"docker/.dockerignore":`*.md
`,"src/main.py":`pass
`},findings:[{at:`docker/.dockerignore:1`,subject:`docker/.dockerignore`,message:`docker/Dockerfile.dockerignore`}]},{title:`its Dockerfile is gone`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY src /app
`,"api.Dockerfile.dockerignore":`*.md
`,"src/main.py":`pass
`},findings:[{at:`api.Dockerfile.dockerignore:1`,message:`does not exist`}]},{title:`its directory is the context of a build`,files:{"compose.yaml":`services:
  api:
    build: ./api
`,"api/Dockerfile":`FROM scratch
COPY src /app
`,"api/.dockerignore":`*.md
`,"api/src/main.py":`pass
`},findings:[]},{title:`its directory is a named context`,files:{"compose.yaml":`services:
  api:
    build:
      context: api
      additional_contexts:
        shared: ./shared
`,"api/Dockerfile":`FROM scratch
COPY --from=shared . /shared
`,"shared/.dockerignore":`*.md
`,"shared/lib.py":`pass
`},findings:[]},{title:`there is no build to compare with`,files:{".dockerignore":`*.md
`,"main.py":`pass
`},findings:[]}],"dockerignore/module-excluded":[{title:`modules lost to an unanchored pattern, imported in a function that start-up calls`,files:{".dockerignore":`**/*.md
**/telemetry/
!svc/
`,Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["uvicorn", "svc.main:app", "--host", "0.0.0.0"]
`,"compose.yaml":`services:
  web:
    build: .
`,"svc/__init__.py":``,"svc/main.py":`from svc.factory import create_app

app = create_app()
`,"svc/factory.py":`def create_app():
    from svc.telemetry.setup import start

    return start()
`,"svc/telemetry/__init__.py":``,"svc/telemetry/setup.py":`def start():
    return None
`},findings:[{at:`.dockerignore:2`,subject:`svc/telemetry/__init__.py`,severity:`error`,message:"`!svc/` (line 3) does not bring it back"},{at:`.dockerignore:2`,subject:`svc/telemetry/setup.py`,severity:`error`,message:"Write `!svc/telemetry/` after that line"}]},{title:`an optional module, and one that a request handler imports`,files:{".dockerignore":`extras
`,Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "main.py"]
`,"compose.yaml":`services:
  web:
    build: .
`,"main.py":`try:
    import extras.tracing
except ImportError:
    pass


def handler():
    from extras import report
`,"extras/tracing.py":``,"extras/report.py":``},findings:[{at:`.dockerignore:1`,subject:`extras/report.py`,severity:`warning`},{at:`.dockerignore:1`,subject:`extras/tracing.py`,severity:`note`}]},{title:`the module is brought back by a negation that works`,files:{".dockerignore":`**/telemetry/
!svc/telemetry/
`,Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["uvicorn", "svc.main:app"]
`,"svc/main.py":`import svc.telemetry.setup
`,"svc/telemetry/setup.py":``},findings:[]},{title:`only tests and type checkers import what is left out`,files:{".dockerignore":`tests
stubs
`,Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["uvicorn", "svc.main:app"]
`,"svc/main.py":`from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stubs.shapes import Shape
`,"stubs/shapes.py":`class Shape: ...
`,"tests/helpers.py":``,"tests/conftest.py":`import tests.helpers
`},findings:[]},{title:`a sensitive file lies beside the module, so only the module is named in the fix`,files:{".dockerignore":`**/cloud*
`,Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "-m", "svc.main"]
`,"compose.yaml":`services:
  web:
    build: .
`,"svc/main.py":`import svc.cloud_store.bucket
`,"svc/cloud_store/bucket.py":``,"svc/cloud_store/service-account.json":`{}`},findings:[{at:`.dockerignore:1`,subject:`svc/cloud_store/bucket.py`,severity:`error`,message:"Write `!svc/cloud_store/bucket.py` after that line"}]},{title:`allowed to be missing`,files:{".dockerignore":`svc/legacy
`,Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "main.py"]
`,"main.py":`import svc.legacy.old
`,"svc/legacy/old.py":``},options:{ignore:[`svc.legacy`]},findings:[]},{title:"TypeScript that runs without a build, reached through a function that `main` calls",files:{".dockerignore":`**/metrics
node_modules
`,Dockerfile:`FROM node:24-slim
WORKDIR /srv
COPY package.json ./
RUN npm ci
COPY . .
CMD ["npx", "tsx", "src/main.ts"]
`,"compose.yaml":`services:
  api:
    build: .
`,"package.json":`{ "type": "module" }
`,"src/main.ts":`import { makeServer } from "./server.js";

async function main() {
  await makeServer();
}
main();
`,"src/server.ts":`export async function makeServer() {
  const { collect } = await import("./metrics/collect.js");
  collect();
}
`,"src/metrics/collect.ts":`export const collect = () => {};
`},findings:[{at:`.dockerignore:1`,subject:`src/metrics/collect.ts`,severity:`error`,message:`src/server.ts:2`}]},{title:`TypeScript sources that only the bundle is made from, type imports and tests`,files:{".dockerignore":`**/*.test.ts
src/types
`,Dockerfile:`FROM node:24 AS builder
WORKDIR /srv
COPY . .
RUN npm ci && npm run build
FROM node:24-slim
WORKDIR /srv
COPY --from=builder /srv/dist ./dist
CMD ["node", "dist/main.js"]
`,"package.json":`{ "scripts": { "build": "esbuild src/main.ts --bundle --outdir=dist" } }
`,"src/main.ts":`import type { Shape } from "./types/shape.js";
import { area } from "./area.js";
area({} as Shape);
`,"src/area.ts":`import { Shape } from "./types/shape.js";
export const area = (shape: Shape) => shape;
`,"src/area.test.ts":`import { area } from "./area.js";
`,"src/types/shape.ts":`export interface Shape {}
`},findings:[]},{title:`a distribution that is installed from a src layout lacks what the ignore file leaves out`,files:{Dockerfile:`FROM python:3.13-slim AS build
WORKDIR /app
COPY pyproject.toml ./
COPY src ./src
RUN uv sync --frozen --no-editable
FROM python:3.13-slim
COPY --from=build /app/.venv /app/.venv
CMD ["uvicorn", "acme.main:app"]
`,"compose.yaml":`services:
  web:
    build: .
`,".dockerignore":`**/monitoring/
`,"pyproject.toml":``,"src/acme/__init__.py":``,"src/acme/main.py":`import acme.monitoring
import acme.tasks
`,"src/acme/tasks.py":``,"src/acme/monitoring/__init__.py":``},findings:[{at:`.dockerignore:1`,subject:`src/acme/monitoring/__init__.py`,severity:`error`}]},{title:`members of a workspace that uv installs editable, imported from where their sources lie`,files:{".dockerignore":`**/vendor
`,"compose.yaml":`services:
  api: { build: . }
`,Dockerfile:`FROM python:3.13-slim
WORKDIR /app
COPY . .
RUN uv sync --frozen --package api
CMD ["uv", "run", "uvicorn", "api.main:app"]
`,"pyproject.toml":`[tool.uv.workspace]
members = ["packages/*"]
`,"packages/api/pyproject.toml":`[project]
name = "api"
dependencies = ["acme-core"]
[tool.uv.sources]
acme-core = { workspace = true }
[build-system]
requires = ["hatchling"]
`,"packages/api/src/api/__init__.py":``,"packages/api/src/api/main.py":`from acme_core.ids import new
`,"packages/core/pyproject.toml":`[project]
name = "acme_core"
[build-system]
requires = ["hatchling"]
`,"packages/core/acme_core/__init__.py":``,"packages/core/acme_core/ids.py":`from acme_core.vendor import ulid
`,"packages/core/acme_core/vendor/__init__.py":``,"packages/core/acme_core/vendor/ulid.py":``},findings:[{at:`.dockerignore:1`,subject:`packages/core/acme_core/vendor/__init__.py`,severity:`error`},{at:`.dockerignore:1`,subject:`packages/core/acme_core/vendor/ulid.py`,severity:`error`}]},{title:`editable paths of pip and of Poetry`,files:{".dockerignore":`**/vendor
`,"compose.yaml":`services:
  pip: { build: { context: ., dockerfile: pip.Dockerfile } }
  poetry: { build: { context: ., dockerfile: poetry.Dockerfile } }
`,"pip.Dockerfile":`FROM python:3.13-slim
WORKDIR /app
COPY core core
COPY api api
RUN pip install -r api/requirements.txt \\
    -e ./core[fast] --editable=api
CMD ["uvicorn", "api.main:app"]
`,"poetry.Dockerfile":`FROM python:3.13-slim
WORKDIR /app
COPY . .
RUN cd web && poetry install --only main
CMD ["python", "-m", "web.main"]
`,"core/setup.py":``,"core/core/__init__.py":`import core.vendor
`,"core/core/vendor/__init__.py":``,"api/requirements.txt":``,"api/pyproject.toml":``,"api/src/api/__init__.py":``,"api/src/api/main.py":`import core
`,"web/pyproject.toml":`[tool.poetry]
name = "web"
packages = [{ include = "web", from = "lib" }]
[tool.poetry.dependencies]
core = { path = "../core", develop = true }
tools = { path = "../tools", develop = true }
[build-system]
requires = ["poetry-core"]
`,"web/lib/web/__init__.py":``,"web/lib/web/main.py":`import tools.keys
`,"tools/pyproject.toml":`[project]
name = "tools"
[build-system]
requires = ["hatchling"]
`,"tools/src/tools/keys.py":`import tools.vendor.box
`,"tools/src/tools/vendor/box.py":``},findings:[{at:`.dockerignore:1`,subject:`core/core/vendor/__init__.py`,severity:`error`},{at:`.dockerignore:1`,subject:`tools/src/tools/vendor/box.py`,severity:`error`}]},{title:`members that are installed as copies, not at all, or from a wheel of another stage`,files:{".dockerignore":`**/vendor
`,"compose.yaml":`services:
  copied: { build: { context: ., dockerfile: copied.Dockerfile } }
  without: { build: { context: ., dockerfile: without.Dockerfile } }
  wheel: { build: { context: ., dockerfile: wheel.Dockerfile } }
`,"copied.Dockerfile":`FROM python:3.13-slim
WORKDIR /app
COPY . .
RUN uv sync --no-editable
CMD ["uvicorn", "main:app"]
`,"without.Dockerfile":`FROM python:3.13-slim
WORKDIR /app
COPY . .
RUN uv sync --no-install-workspace
CMD ["uvicorn", "main:app"]
`,"wheel.Dockerfile":`FROM python:3.13-slim AS build
WORKDIR /src
COPY . .
RUN uv build --package core
FROM python:3.13-slim
WORKDIR /app
COPY . .
COPY --from=build /src/dist /wheels
RUN pip install -e . && pip install --find-links /wheels core
CMD ["uvicorn", "main:app"]
`,"pyproject.toml":`[project]
name = "app"
dependencies = ["core"]
[build-system]
requires = ["hatchling"]
[tool.uv.sources]
core = { workspace = true }
[tool.uv.workspace]
members = ["core"]
`,"main.py":`import core.ids
`,"core/pyproject.toml":`[project]
name = "core"
[build-system]
requires = ["hatchling"]
`,"core/src/core/ids.py":`import core.vendor
`,"core/src/core/vendor/__init__.py":``},findings:[]},{title:`a start file without an ending, as express-generator writes it`,files:{Dockerfile:`FROM node:24
WORKDIR /app
COPY . .
CMD ["npm", "start"]
`,"compose.yaml":`services:
  web:
    build: .
`,".dockerignore":`**/metrics
`,"package.json":`{"scripts": {"start": "node bin/www"}}
`,"bin/www":`#!/usr/bin/env node
require("../lib/server");
`,"lib/server.js":`require("./metrics");`,"lib/metrics/index.js":``},findings:[{at:`.dockerignore:1`,subject:`lib/metrics/index.js`,severity:`error`}]},{title:`the file that the command starts`,files:{".dockerignore":`dist
`,"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM node:24-slim
WORKDIR /srv
COPY . .
CMD ["node", "dist/index.js"]
`,"dist/index.js":`console.log("up");
`},findings:[{at:`.dockerignore:1`,subject:`dist/index.js`,severity:`error`,message:`started at the command`}]},{title:`images for AWS Lambda, whose command names the handler`,files:{"report/Dockerfile":`FROM public.ecr.aws/lambda/python:3.13
COPY src \${LAMBDA_TASK_ROOT}/
CMD ["app.handler"]
`,"report/.dockerignore":`src/store.py
`,"report/src/app.py":`import store
def handler(event, context): return store.all()
`,"report/src/store.py":``,"mail/Dockerfile":`FROM public.ecr.aws/lambda/nodejs:22
COPY src ./
CMD ["index.handler"]
`,"mail/.dockerignore":`src/send.js
`,"mail/src/index.js":`const send = require("./send");
exports.handler = async (event) => send(event);
`,"mail/src/send.js":``},findings:[{at:`mail/.dockerignore:1`,subject:`mail/src/send.js`,message:`imported at mail/src/index.js:1`},{at:`report/.dockerignore:1`,subject:`report/src/store.py`,message:`imported at report/src/app.py:1`}]},{title:`an application that is copied from a folder onto an image of which little is known`,files:{Dockerfile:`FROM registry.acme.io/platform/base:4
WORKDIR /app
COPY services/api/src/app /app/app
CMD ["gunicorn", "app.main:app"]
`,".dockerignore":`**/routers
`,"services/api/src/app/__init__.py":``,"services/api/src/app/main.py":`from app.routers import orders
`,"services/api/src/app/routers/__init__.py":``,"services/api/src/app/routers/orders.py":``},findings:[{at:`.dockerignore:1`,subject:`services/api/src/app/routers/__init__.py`},{at:`.dockerignore:1`,subject:`services/api/src/app/routers/orders.py`}]}],"dockerignore/module-not-copied":[{title:`a package beside the copied one`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY app ./app
CMD ["uvicorn", "app.main:app"]
`,"compose.yaml":`services:
  web:
    build: .
`,"app/__init__.py":``,"app/main.py":`from shared.settings import load

app = load()
`,"shared/__init__.py":``,"shared/settings.py":`def load():
    return None
`},findings:[{at:`Dockerfile:3`,subject:`shared/__init__.py`,severity:`error`},{at:`Dockerfile:3`,subject:`shared/settings.py`,severity:`error`,message:`no COPY of the final image brings it`}]},{title:`only the build stage has it`,files:{Dockerfile:`FROM python:3.13 AS build
WORKDIR /srv
COPY . .

FROM python:3.13-slim
WORKDIR /srv
COPY --from=build /srv/app ./app
CMD ["python", "-m", "app.main"]
`,"compose.yaml":`services:
  web:
    build: .
`,"app/main.py":`import jobs.nightly
`,"jobs/nightly.py":``},findings:[{at:`Dockerfile:3`,subject:`jobs/nightly.py`,message:"only the build stage `build` has it"}]},{title:`only a stage behind the one that is built has it`,files:{Dockerfile:`FROM python:3.13-slim AS prod
WORKDIR /srv
COPY app/main.py ./app/
CMD ["python", "-m", "app.main"]

FROM prod AS dev
COPY app ./app
`,"compose.yaml":`services:
  web:
    build: { context: ., target: prod }
`,"app/main.py":`import app.nightly
`,"app/nightly.py":``},findings:[{at:`Dockerfile:3`,subject:`app/nightly.py`,severity:`error`}]},{title:`the COPY names it and leaves it out by a flag`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY --exclude=*_local.py app ./app
COPY --exclude=main.py app/main.py ./app/
CMD ["python", "-m", "app.main"]
`,"compose.yaml":`services:
  web:
    build: .
`,"app/main.py":`import app.settings_local
`,"app/settings_local.py":``},findings:[{at:`Dockerfile:3`,subject:`app/settings_local.py`,severity:`error`,message:`--exclude=*_local.py`}]},{title:`everything is copied`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["uvicorn", "app.main:app"]
`,"app/main.py":`import shared.settings
`,"shared/settings.py":``},findings:[]},{title:`the repository is installed as a distribution`,files:{Dockerfile:`FROM python:3.13 AS build
COPY . /src
RUN python -m venv /venv && /venv/bin/pip install /src

FROM python:3.13-slim
COPY --from=build /venv /venv
CMD ["/venv/bin/uvicorn", "app.main:app"]
`,"app/__init__.py":``,"app/main.py":`import app.db
`,"app/db.py":``},findings:[]},{title:`a directory that is mounted over the code when it runs`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY app ./app
CMD ["uvicorn", "app.main:app"]
`,"compose.yaml":`services:
  web:
    build: .
    volumes:
      - .:/srv
`,"app/main.py":`import shared.settings
`,"shared/settings.py":``},findings:[]},{title:`a folder of JavaScript that no COPY names`,files:{Dockerfile:`FROM node:24-slim
WORKDIR /srv
COPY package.json ./
COPY src ./src
CMD ["node", "src/server.js"]
`,"compose.yaml":`services:
  api:
    build: .
`,"package.json":`{}
`,"src/server.js":`const config = require("../config/default.json");
const { start } = require("./app");
start(config);
`,"src/app.js":`exports.start = () => {
  require("../lib/database").connect();
};
`,"lib/database.js":`exports.connect = () => {};
`,"config/default.json":`{}
`},findings:[{at:`Dockerfile:4`,subject:`config/default.json`,severity:`error`},{at:`Dockerfile:4`,subject:`lib/database.js`,severity:`error`}]},{title:`JavaScript of a build, and a library that is loaded when it is there`,files:{Dockerfile:`FROM node:24 AS builder
WORKDIR /srv
COPY . .
RUN npm ci && npm run build
FROM node:24-slim
WORKDIR /srv
COPY --from=builder /srv/dist ./dist
CMD ["node", "dist/main.js"]
`,"package.json":`{ "scripts": { "build": "tsc" } }
`,"src/main.ts":`import "./app.js";
`,"src/app.ts":``},findings:[]},{title:`a package without its __init__.py is a namespace package, unless a name is taken from it`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /app
COPY server/main.py /app/server/main.py
COPY shared/util/log.py /app/shared/util/log.py
COPY shared/named/part.py /app/shared/named/part.py
CMD ["python", "-m", "server.main"]
`,"compose.yaml":`services:
  web:
    build: .
`,"server/__init__.py":``,"server/main.py":`from shared.util.log import log
from shared.named import VERSION
`,"shared/__init__.py":``,"shared/util/__init__.py":`FORMAT = 1`,"shared/util/log.py":`def log():
    return None
`,"shared/named/__init__.py":`VERSION = 1`,"shared/named/part.py":``},findings:[{at:`Dockerfile:5`,subject:`shared/named/__init__.py`,severity:`error`}]}],"dockerignore/module-off-path":[{title:`the directory's name is lost by COPY`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /code
COPY ./app /code
CMD ["uvicorn", "main:app"]
`,"compose.yaml":`services:
  web:
    build: .
`,"app/__init__.py":``,"app/main.py":`from app.core import start

app = start()
`,"app/core.py":`def start():
    return None
`},findings:[{at:`Dockerfile:3`,subject:`app.core`,severity:`error`,message:`/code/app/core.py`}]},{title:`PYTHONPATH leads there`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /code/app
ENV PYTHONPATH=/code
COPY ./app /code/app
CMD ["uvicorn", "main:app"]
`,"app/__init__.py":``,"app/main.py":`from app.core import start

app = start()
`,"app/core.py":`def start():
    return None
`},findings:[]},{title:`PYTHONPATH leads to a directory whose parts are copied one by one`,files:{Dockerfile:`FROM python:3.13-slim
ENV PYTHONPATH=/code
COPY app/core/ /code/app/core/
COPY app/server/main.py /code/app/server/
CMD ["python", "/code/app/server/main.py"]
`,"app/__init__.py":``,"app/core/__init__.py":`def start():
    return None
`,"app/server/__init__.py":``,"app/server/main.py":`from app.core import start

start()
`},findings:[]},{title:`the repository is installed as well`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /code
COPY . /build
RUN pip install /build
COPY ./app /code
CMD ["uvicorn", "main:app"]
`,"app/__init__.py":``,"app/main.py":`import app.core
`,"app/core.py":``},findings:[]},{title:`the command names the module under the name that COPY took away`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /app
COPY ./app /app
CMD ["uvicorn", "app.main:app"]
`,"compose.yaml":`services:
  web:
    build: .
`,"app/__init__.py":``,"app/main.py":`app = object()`},findings:[{at:`Dockerfile:3`,subject:`app.main`,severity:`error`,message:"Copy the directory to /app/app, set WORKDIR or PYTHONPATH to a directory that holds `app`, or start `main:app`"}]},{title:`the command starts in the directory above the package`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "shop.wsgi"]
`,"compose.yaml":`services:
  web:
    build: .
`,"backend/shop/__init__.py":``,"backend/shop/wsgi.py":`application = object()`},findings:[{at:`Dockerfile:3`,subject:`shop.wsgi`,severity:`error`,message:`Set WORKDIR or PYTHONPATH to /srv/backend`}]},{title:`a src layout that is installed`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /app
COPY pyproject.toml ./
COPY src ./src
RUN pip install --no-cache-dir -r ./constraints.txt . && rm -rf build
CMD ["uvicorn", "acme.main:app"]
`,"compose.yaml":`services:
  web:
    build: .
`,"pyproject.toml":``,"src/acme/__init__.py":``,"src/acme/main.py":`app = object()`},findings:[]},{title:`only the requirements are installed`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt src ./src/
RUN pip install -r ./src/requirements.txt
CMD ["uvicorn", "acme.main:app"]
`,"compose.yaml":`services:
  web:
    build: .
`,"requirements.txt":``,"src/acme/__init__.py":``,"src/acme/main.py":`app = object()`},findings:[{at:`Dockerfile:3`,subject:`acme.main`,severity:`error`,message:`Set WORKDIR or PYTHONPATH to /app/src`}]}],"dockerignore/negation-without-effect":[{title:`a directory that is not left out itself`,files:{".dockerignore":`**/metrics/
!svc/
`,"svc/metrics/__init__.py":`VALUE = 1
`,"svc/main.py":`import svc.metrics
`,Dockerfile:`FROM python:3.13
COPY . /app
`},findings:[{at:`.dockerignore:2`,subject:`!svc/`,severity:`warning`,message:`svc/metrics/__init__.py`}]},{title:`markdown below a directory`,files:{".dockerignore":`**/*.md
!docs
`,"docs/intro.md":`intro
`,Dockerfile:`FROM scratch
COPY . /app
`},findings:[{at:`.dockerignore:2`,message:"`!docs/**`"}]},{title:`before the line that leaves the file out`,files:{".dockerignore":`!keep.log
*.log
`,"keep.log":`line
`,Dockerfile:`FROM scratch
COPY . /app
`},findings:[{at:`.dockerignore:1`,message:`behind that line`}]},{title:`it names everything below`,files:{".dockerignore":`**/metrics/
!svc/**
`,"svc/metrics/__init__.py":`VALUE = 1
`,Dockerfile:`FROM python:3.13
COPY . /app
`},findings:[]},{title:`superfluous beside another negation, and a part taken out again on purpose`,files:{".dockerignore":`*
!src
!src/**
**/*.test.ts
`,"src/main.ts":`export {};
`,"src/main.test.ts":`export {};
`,Dockerfile:`FROM scratch
COPY . /app
`},findings:[]},{title:`nothing below it is left out`,files:{".dockerignore":`docs
!src
`,"docs/intro.md":`intro
`,"src/main.ts":`export {};
`,Dockerfile:`FROM scratch
COPY . /app
`},findings:[]}],"dockerignore/pattern-comment":[{title:`a comment behind a pattern`,files:{".dockerignore":`notes/  # only for us
`,"notes/plan.md":`plan
`,Dockerfile:`FROM scratch
COPY . /app
`},findings:[{at:`.dockerignore:1`,subject:`notes/  # only for us`,message:`matches nothing`}]},{title:`an indented comment`,files:{".dockerignore":`docs
  # the rest is needed
`,Dockerfile:`FROM scratch
COPY . /app
`},findings:[{at:`.dockerignore:2:3`,message:`first column`}]},{title:`comments in the first column`,files:{".dockerignore":`# only for us
notes/
`,Dockerfile:`FROM scratch
COPY . /app
`},findings:[]},{title:`a file that really has this name`,files:{".dockerignore":`music/prelude in c #1.mid
a#b
`,"music/prelude in c #1.mid":`MThd
`,Dockerfile:`FROM scratch
COPY . /app
`},findings:[]}],"dockerignore/pattern-invalid":[{title:`an open bracket in a file that a deployed image reads`,files:{".dockerignore":`node_modules
app/[slug
`,Dockerfile:`FROM node:22
COPY . /app
`,"predeploy.yml":`images:
  web: { dockerfile: Dockerfile, context: . }
`},findings:[{at:`.dockerignore:2:1`,subject:`app/[slug`,severity:`error`,message:`never closed`}]},{title:`an exclamation mark alone`,files:{".dockerignore":`*
!
`,Dockerfile:`FROM scratch
COPY . /app
`,"predeploy.yml":`images:
  web: { dockerfile: Dockerfile, context: . }
`},findings:[{at:`.dockerignore:2`,severity:`error`}]},{title:`a range that runs backwards fails at the first path`,files:{".dockerignore":`notes/
*[Local-Only]
`,Dockerfile:`FROM scratch
COPY . /app
`,"predeploy.yml":`images:
  web: { dockerfile: Dockerfile, context: . }
`},findings:[{at:`.dockerignore:2`,subject:`*[Local-Only]`,message:`as soon as a path is compared with it`}]},{title:`the same range behind a line that already leaves everything out is never reached`,files:{".dockerignore":`*
*[Local-Only]
`,Dockerfile:`FROM scratch
COPY . /app
`,"predeploy.yml":`images:
  web: { dockerfile: Dockerfile, context: . }
`},findings:[]},{title:`no deploy names this Dockerfile`,files:{".dockerignore":`build/[
`,Dockerfile:`FROM scratch
COPY . /app
`},findings:[{at:`.dockerignore:1`,severity:`warning`}]},{title:`closed and escaped brackets, braces and bars are fine`,files:{".dockerignore":`**/*.py[co]
app/\\[slug\\]
{a,b}|c
app/(auth)/+page
`,Dockerfile:`FROM scratch
COPY . /app
`,"predeploy.yml":`images:
  web: { dockerfile: Dockerfile, context: . }
`},findings:[]}],"dockerignore/pattern-unmatched":[{title:`a name that exists deeper down only`,files:{".dockerignore":`fixtures
`,"api/fixtures/users.json":`[]
`,Dockerfile:`FROM scratch
COPY . /app
`},findings:[{at:`.dockerignore:1`,subject:`fixtures`,message:`**/fixtures`}]},{title:`another case`,files:{".dockerignore":`Docs
`,"docs/intro.md":`intro
`,Dockerfile:`FROM scratch
COPY . /app
`},findings:[{at:`.dockerignore:1`,message:"`docs`"}]},{title:`the directory has been renamed`,files:{".dockerignore":`api/old-tests/**
`,"api/tests/test_users.py":`pass
`,Dockerfile:`FROM scratch
COPY . /app
`},findings:[{at:`.dockerignore:1`,subject:`api/old-tests/**`,message:`matches nothing`}]},{title:`what is not in git by nature, and names that are nowhere`,files:{".dockerignore":`node_modules
.env*
api/dist
**/*.pyc
.git
Jenkinsfile
api/cache-of-ours
`,".gitignore":`api/cache-of-ours/
`,"api/main.py":`pass
`,Dockerfile:`FROM scratch
COPY . /app
`},findings:[]}],"dockerignore/required-path-missing":[{title:`an ignore line takes the whole directory`,files:{"predeploy.yml":`images:
  backend:
    dockerfile: Dockerfile
    requires: [app/services/monitoring]
`,Dockerfile:`FROM scratch
COPY . /srv
`,".dockerignore":`*.md
**/monitoring/
`,"app/services/monitoring/__init__.py":``,"app/services/monitoring/health.py":``},findings:[{at:`.dockerignore:2`,subject:`app/services/monitoring`,severity:`error`,message:`nothing of it arrives`}]},{title:`a part of it`,files:{"predeploy.yml":`images:
  backend:
    requires: [templates]
`,Dockerfile:`FROM scratch
COPY templates /srv/templates
`,".dockerignore":`**/*.txt
`,"templates/mail.html":``,"templates/mail.txt":``},findings:[{at:`.dockerignore:1`,severity:`warning`,message:`1 of 2 files`}]},{title:`no COPY brings it, and a builder stage alone has it`,files:{"predeploy.yml":`images:
  backend:
    requires: [plugins/a.py, app/main.py]
`,Dockerfile:`FROM scratch AS build
COPY . /src
FROM scratch
COPY --from=build /src/app /app
`,"plugins/a.py":``,"app/main.py":``},findings:[{at:`predeploy.yml:3`,subject:`plugins/a.py`,message:`only the stage build has it`}]},{title:`present under another path`,files:{"predeploy.yml":`images:
  backend:
    requires: [src/app/main.py, ./assets/]
`,Dockerfile:`FROM scratch
COPY src/app/main.py /opt/start.py
COPY assets /var/www
`,"src/app/main.py":``,"assets/logo.svg":``},findings:[]},{title:`a RUN may have brought it`,files:{"predeploy.yml":`images:
  backend:
    requires: [app/main.py]
`,Dockerfile:`FROM alpine AS build
COPY . /src
RUN cp -r /src/app /out
FROM alpine
COPY --from=build /out /srv
`,"app/main.py":``},findings:[]}],"dockerignore/sensitive-file-included":[{title:`an environment file under COPY . .`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY . /app
`,".dockerignore":`.git
`,".env.production":`DATABASE_URL=postgres://db/app
`,".env.development":`DATABASE_URL=postgres://localhost/app
`,"main.py":``},findings:[{at:`Dockerfile:2`,subject:`.env.development`,severity:`warning`},{at:`Dockerfile:2`,subject:`.env.production`,severity:`error`}]},{title:`environment files that a COPY names, one of them without any secret, and a key for a test's compose file`,files:{"compose.yaml":`services:
  api:
    build: .
`,"compose.e2e.yaml":`services:
  proxy:
    build: ./proxy
`,Dockerfile:`FROM scratch
COPY deploy/.env.production /app/.env
COPY deploy/.env.keyed /app/.env.keyed
`,"deploy/.env.production":`LOG_CHANNEL=stderr
CACHE_DRIVER=database
`,"deploy/.env.keyed":`API_TOKEN=abc
`,"proxy/Dockerfile":`FROM scratch
COPY tls.key /
`,"proxy/tls.key":`-----BEGIN PRIVATE KEY-----
MIIEvQ
-----END PRIVATE KEY-----
`},findings:[{at:`Dockerfile:2`,subject:`deploy/.env.production`,severity:`note`},{at:`Dockerfile:3`,subject:`deploy/.env.keyed`,severity:`error`,message:`Drop it from the COPY`},{at:`proxy/Dockerfile:2`,subject:`proxy/tls.key`,severity:`warning`}]},{title:`a builder stage only`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch AS build
COPY terraform.tfstate /x/
FROM scratch
COPY --from=build /y /y
COPY main.py /
`,"terraform.tfstate":`{}`,"main.py":``},findings:[{at:`Dockerfile:2`,subject:`terraform.tfstate`,severity:`note`}]},{title:`the history of the repository`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY . /app
`,"main.py":``},findings:[{at:`Dockerfile:2`,subject:`.git`,severity:`warning`}]},{title:"what the ignore file leaves of `.git`",files:{"compose.yaml":`services:
  api:
    build: .
  worker:
    build:
      context: .
      dockerfile: worker.Dockerfile
  web:
    build:
      context: .
      dockerfile: web.Dockerfile
`,Dockerfile:`FROM scratch
COPY . /app
`,".dockerignore":`.git/objects/*
`,"worker.Dockerfile":`FROM scratch
COPY . /app
`,"worker.Dockerfile.dockerignore":`.git/config
`,"web.Dockerfile":`FROM scratch
COPY . /app
`,"web.Dockerfile.dockerignore":`.git/*
!.git/HEAD
`,"main.py":``},findings:[{at:`Dockerfile:2`,subject:`.git`,severity:`warning`,message:`the history stays out, but a token`},{at:`worker.Dockerfile:2`,subject:`.git`,severity:`warning`,message:`the history goes into the image`}]},{title:`the history in a stage that only a compose file for developers names`,files:{"docker-compose.yml":`services:
  api:
    build: .
`,"docker-compose.dev.yml":`services:
  api:
    build:
      context: .
      target: testing
`,Dockerfile:`FROM scratch AS testing
COPY . /app
FROM scratch
COPY main.py /
`,"main.py":``},findings:[{at:`Dockerfile:2`,subject:`.git`,severity:`note`}]},{title:`samples, public certificates, values for the browser, a token from the environment, and an ignored file`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY . /app
`,".dockerignore":`.git
.env
`,".env":`API_KEY=abc
`,".env.example":`API_KEY=abc
`,".env.development":`VITE_API=https://api.example.com
`,"keys.example/server.key":`-----BEGIN PRIVATE KEY-----
MIIB
-----END PRIVATE KEY-----
`,"certs/ca.pem":`-----BEGIN CERTIFICATE-----
MIIB
-----END CERTIFICATE-----
`,".npmrc":`//registry.npmjs.org/:_authToken=\${NPM_TOKEN}
`},findings:[]}],"dockerignore/upload-excluded":[{title:`.gitignore drops a tracked directory`,files:{"cloudbuild.yaml":`steps:
  - name: gcr.io/cloud-builders/docker
    args: [build, -t, shop, .]
`,Dockerfile:`FROM scratch
COPY app/lib /app/lib
`,".gitignore":`dist/
lib/
`,"app/lib/db.py":``},findings:[{at:`.gitignore:2`,subject:`app/lib`,severity:`error`}]},{title:`a .gcloudignore stands in for .gitignore`,files:{"cloudbuild.yaml":`steps:
  - name: gcr.io/cloud-builders/docker
    args: [build, -t, shop, .]
`,Dockerfile:`FROM scratch
COPY app/lib /app/lib
`,".gitignore":`lib/
`,".gcloudignore":`.git
/node_modules/
`,"app/lib/db.py":``},findings:[]},{title:`a build from a checkout is not filtered`,files:{"compose.yaml":`services:
  api:
    build: .
`,Dockerfile:`FROM scratch
COPY app/lib /app/lib
`,".gitignore":`lib/
`,"app/lib/db.py":``},findings:[]},{title:`modules that start-up imports are dropped from the upload of a source deploy`,files:{"deploy.sh":`gcloud run deploy api --source . --region europe-west1
`,Dockerfile:`FROM python:3.12
WORKDIR /srv
COPY . .
CMD ["python", "main.py"]
`,".gitignore":`*.pyc
lib/
`,"main.py":`import app.lib.db

def report():
    import lib.pdf
`,"app/__init__.py":``,"app/lib/__init__.py":``,"app/lib/db.py":``,"lib/__init__.py":``,"lib/pdf.py":``},findings:[{at:`.gitignore:2`,subject:`app/lib/__init__.py`,severity:`error`},{at:`.gitignore:2`,subject:`app/lib/db.py`,severity:`error`,message:`main.py:1`},{at:`.gitignore:2`,subject:`lib/__init__.py`,severity:`warning`},{at:`.gitignore:2`,subject:`lib/pdf.py`,severity:`warning`}]},{title:`anchored, or kept by a .gcloudignore`,files:{"deploy.sh":`gcloud run deploy api --source .
cd worker && gcloud builds submit --tag worker .
`,Dockerfile:`FROM python:3.12
WORKDIR /srv
COPY . .
CMD ["python", "main.py"]
`,".gitignore":`/lib/
`,"main.py":`import app.lib.db
`,"app/__init__.py":``,"app/lib/__init__.py":``,"app/lib/db.py":``,"worker/Dockerfile":`FROM python:3.12
WORKDIR /srv
COPY . .
CMD ["python", "work.py"]
`,"worker/.gitignore":`build/
`,"worker/.gcloudignore":`.git
`,"worker/work.py":`import build.steps
`,"worker/build/__init__.py":``,"worker/build/steps.py":``},findings:[]}],"drift/environment-key-missing":[{title:`production has a key that staging lacks, and the reverse`,files:{".env.production":`API_URL=https://api.example.com
QUEUE_URL=https://queue.example.com
`,".env.staging":`API_URL=https://api-staging.example.com
SEED_DATA=1
`},findings:[{at:`.env.production:2`,subject:`QUEUE_URL`,severity:`warning`},{at:`.env.staging:2`,subject:`SEED_DATA`,severity:`note`}]},{title:`commented, provided by another file, and without a sibling`,files:{"config/production.env":`A=1
B=2
C=3
`,"config/staging.env":`# B is not needed here
# B=
A=1
`,"deploy/staging/service.yaml":`env:
  - name: C
    value: "3"
`,".env.production":`X=1
`,".env.example":`Y=1
`},findings:[]},{title:`keys that are allowed to differ`,files:{".env.production":`A=1
ANALYTICS_ID=x
`,".env.staging":`A=1
`},options:{ignore:[`ANALYTICS_*`]},findings:[]}],"drift/lost-commits":[{title:`a hotfix of main is not in the release branch`,files:{"predeploy.yml":`drift:
  - { head: release, base: main }
`},history:[{branch:`main`,subject:`chore: start`,files:{"app.py":`a
`}},{branch:`release`,subject:`feat: new page`,from:`main`,files:{"page.py":`p
`}},{branch:`main`,subject:`fix: stop token leak`,files:{"app.py":`b
`}},{branch:`release`,subject:`feat: another page`,files:{"other.py":`p
`}}],findings:[{at:`predeploy.yml:2`,subject:`release..main`,severity:`error`,message:`fix: stop token leak`}]},{title:`the hotfix was committed to the release branch as well`,files:{"predeploy.yml":`drift:
  - { head: release, base: main }
`},history:[{branch:`main`,subject:`chore: start`,files:{"app.py":`a
`}},{branch:`release`,subject:`feat: new page`,from:`main`,files:{"page.py":`p
`}},{branch:`main`,subject:`fix: stop token leak`,files:{"app.py":`b
`}},{branch:`release`,subject:`fix: stop token leak`,files:{"app.py":`b
`}}],findings:[]},{title:`main was merged back`,files:{"predeploy.yml":`drift:
  - { head: release, base: main }
`},history:[{branch:`main`,subject:`chore: start`,files:{"app.py":`a
`}},{branch:`release`,subject:`feat: new page`,from:`main`,files:{"page.py":`p
`}},{branch:`main`,subject:`fix: stop token leak`,files:{"app.py":`b
`}},{branch:`release`,subject:`Merge branch 'main' into release`,merge:`main`}],findings:[]},{title:`the deployed commit is read from a file and was made elsewhere`,files:{"deploy/version.txt":`ref: hotfix-2026
`,"predeploy.yml":`environments:
  production:
    deployed: { file: { path: deploy/version.txt, pattern: 'ref: (\\S+)' } }
`},history:[{branch:`main`,subject:`chore: start`,files:{"app.py":`a
`}},{branch:`hotfix-2026`,subject:`fix: stop token leak`,from:`main`,files:{"app.py":`b
`}},{branch:`main`,subject:`feat: new page`,files:{"page.py":`p
`}}],findings:[{at:`predeploy.yml:3`,subject:`production`,message:`fix: stop token leak`}]}],"drift/lost-migration":[{title:`an Alembic revision of main is not in the release branch`,files:{"predeploy.yml":`drift:
  - { head: release, base: main, max-lost: 100 }
`},history:[{branch:`main`,subject:`chore: start`,files:{"alembic.ini":`[alembic]
script_location = migrations
`,"migrations/env.py":``,"migrations/versions/a1_start.py":`revision = 'a1'
down_revision = None
`}},{branch:`release`,subject:`feat: page`,from:`main`,files:{"page.py":`p
`}},{branch:`main`,subject:`feat: users`,files:{"migrations/versions/b2_users.py":`revision = 'b2'
down_revision = 'a1'
`}},{branch:`release`,subject:`feat: other`,files:{"other.py":`o
`}}],findings:[{at:`predeploy.yml:2`,subject:`migrations/versions/b2_users.py`,message:`revision b2`}]},{title:`the revision lives on under another file name`,files:{"predeploy.yml":`drift:
  - { head: release, base: main, max-lost: 100 }
`},history:[{branch:`main`,subject:`chore: start`,files:{"alembic.ini":`[alembic]
script_location = migrations
`,"migrations/env.py":``,"migrations/versions/a1_start.py":`revision = 'a1'
down_revision = None
`}},{branch:`release`,subject:`feat: users`,from:`main`,files:{"migrations/versions/2026_01_02_b2_users.py":`revision = 'b2'
down_revision = 'a1'
`}},{branch:`main`,subject:`feat: users`,files:{"migrations/versions/b2_users.py":`revision: str = 'b2'
down_revision = 'a1'
`}},{branch:`release`,subject:`feat: other`,files:{"other.py":`o
`}}],findings:[]},{title:`a folder called versions that no migration tool owns`,files:{"predeploy.yml":`drift:
  - { head: release, base: main, max-lost: 100 }
`},history:[{branch:`main`,subject:`chore: start`,files:{"app.py":`a
`}},{branch:`release`,subject:`feat: page`,from:`main`,files:{"page.py":`p
`}},{branch:`main`,subject:`feat: api`,files:{"api/versions/v2.py":`NAME = 'v2'
`}},{branch:`release`,subject:`feat: other`,files:{"other.py":`o
`}}],findings:[]}],"drift/undeployed-age":[{title:`a commit of January waits in December`,files:{"predeploy.yml":`drift:
  - { head: develop, base: main, max-age-days: 30 }
`},history:[{branch:`main`,subject:`chore: start`,files:{"app.py":`a
`}},{branch:`develop`,subject:`feat: search`,from:`main`,files:{"search.py":`s
`}}],findings:[{at:`predeploy.yml:2`,subject:`develop..main`,message:`feat: search`}]},{title:`nothing waits, however old`,files:{"predeploy.yml":`drift:
  - { head: develop~1, base: main, max-age-days: 30 }
`},history:[{branch:`main`,subject:`chore: start`,files:{"app.py":`a
`}},{branch:`develop`,subject:`chore: begin`,from:`main`}],findings:[]},{title:`no limit is set`,files:{"predeploy.yml":`drift:
  - { head: develop, base: main }
`},history:[{branch:`main`,subject:`chore: start`,files:{"app.py":`a
`}},{branch:`develop`,subject:`feat: search`,from:`main`,files:{"search.py":`s
`}}],findings:[]}],"drift/undeployed-commits":[{title:`two commits wait and one may`,files:{"predeploy.yml":`drift:
  - { head: develop~1, base: main, max-waiting: 1 }
`},history:[{branch:`main`,subject:`chore: start`,files:{"app.py":`a
`}},{branch:`develop`,subject:`feat: search`,from:`main`,files:{"search.py":`s
`}},{branch:`develop`,subject:`feat: export`,files:{"export.py":`e
`}}],findings:[{at:`predeploy.yml:2`,subject:`develop~1..main`,severity:`error`,message:`feat: search`}]},{title:`as many wait as may`,files:{"predeploy.yml":`drift:
  - { head: develop~1, base: main, max-waiting: 1 }
`},history:[{branch:`main`,subject:`chore: start`,files:{"app.py":`a
`}},{branch:`develop`,subject:`feat: search`,from:`main`,files:{"search.py":`s
`}}],findings:[]},{title:`clean merges do not count`,files:{"predeploy.yml":`drift:
  - { head: develop~1, base: main, max-waiting: 2 }
`},history:[{branch:`main`,subject:`chore: start`,files:{"app.py":`a
`}},{branch:`topic`,subject:`feat: search`,from:`main`,files:{"search.py":`s
`}},{branch:`develop`,subject:`feat: export`,from:`main`,files:{"export.py":`e
`}},{branch:`develop`,subject:`Merge branch 'topic' into develop`,merge:`topic`}],findings:[]},{title:`commits outside the paths do not count`,files:{"predeploy.yml":`drift:
  - { head: develop, base: main, max-waiting: 1, paths: ["api/**"] }
`},history:[{branch:`main`,subject:`chore: start`,files:{"app.py":`a
`}},{branch:`develop`,subject:`docs: guide`,from:`main`,files:{"docs/guide.md":`g
`}},{branch:`develop`,subject:`feat: api`,files:{"api/main.py":`m
`}}],findings:[]},{title:`a branch that is not here cannot be compared`,files:{"predeploy.yml":`drift:
  - { head: main, base: production, max-waiting: 1 }
`},history:[{branch:`main`,subject:`chore: start`,files:{"app.py":`a
`}}],findings:[],undecided:!0},{title:`nothing says which commit is deployed`,files:{"predeploy.yml":`environments:
  staging:
    deployed: { file: { path: version.txt, pattern: 'sha: ([0-9a-f]+)' } }
`,"version.txt":`sha: none
`},findings:[],undecided:!0}],"drift/undeployed-fix":[{title:`a fix waits`,files:{"predeploy.yml":`drift:
  - { head: develop, base: main }
`},history:[{branch:`main`,subject:`chore: start`,files:{"app.py":`a
`}},{branch:`develop`,subject:`fix: login loop (#357)`,from:`main`,files:{"login.py":`l
`}},{branch:`develop`,subject:`feat: search`,files:{"search.py":`s
`}}],findings:[{at:`predeploy.yml:2`,severity:`warning`,message:`fix: login loop (#357)`}]},{title:`the severity is the comparison's`,files:{"predeploy.yml":`drift:
  - { head: develop, base: main, fixes: error }
`},history:[{branch:`main`,subject:`chore: start`,files:{"app.py":`a
`}},{branch:`develop`,subject:`Fix the login loop`,from:`main`,files:{"login.py":`l
`}}],findings:[{at:`predeploy.yml:2`,severity:`error`,message:`Fix the login loop`}]},{title:`words that only begin like a fix`,files:{"predeploy.yml":`drift:
  - { head: develop, base: main }
`},history:[{branch:`main`,subject:`chore: start`,files:{"app.py":`a
`}},{branch:`develop`,subject:`fixtures: add users`,from:`main`,files:{"users.json":`[]
`}},{branch:`develop`,subject:`feat: prefix search`,files:{"search.py":`s
`}}],findings:[]},{title:`the same fix was committed to both branches`,files:{"predeploy.yml":`drift:
  - { head: develop, base: main }
`},history:[{branch:`main`,subject:`chore: start`,files:{"app.py":`a
`}},{branch:`develop`,subject:`fix: login loop`,from:`main`,files:{"login.py":`l
`}},{branch:`main`,subject:`fix: login loop`,files:{"login.py":`l
`}},{branch:`main`,subject:`docs: readme`,files:{"README.md":`r
`}}],findings:[]}],"migrations/duplicate-revision":[{title:`a copied file kept its revision`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`"""a1_start"""
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None
`,"db/versions/b2_users.py":`"""b2_users"""
from alembic import op
import sqlalchemy as sa

revision = "b2"
down_revision = "a1"
`,"db/versions/b3_copy.py":`"""b3_copy"""
from alembic import op
import sqlalchemy as sa

revision = "b2"
down_revision = "a1"
`},findings:[{at:`db/versions/b3_copy.py:5`,subject:`b2`}]},{title:`two branches took the same version`,files:{"db/migration/V1__start.sql":`CREATE TABLE a (id int);
`,"db/migration/V1_2__price.sql":`CREATE TABLE b (id int);
`,"db/migration/V1.2__stock.sql":`CREATE TABLE c (id int);
`},findings:[{at:`db/migration/V1_2__price.sql:1`,subject:`1.2`}]},{title:`repeatable files have no version`,files:{"db/migration/V1__start.sql":`CREATE TABLE a (id int);
`,"db/migration/R__view.sql":`SELECT 1;
`,"db/migration/R__other.sql":`SELECT 1;
`},findings:[]}],"migrations/edited-after-deploy":[{title:`a Flyway migration that is deployed was changed`,files:{"predeploy.yml":`environments:
  staging:
    deployed: { ref: deployed }
    drift: { max-lost: 1000, fixes: off }
`},history:[{branch:`deployed`,subject:`feat: table`,files:{"db/migration/V1__start.sql":`CREATE TABLE a (id int);
`,"db/migration/R__view.sql":`SELECT 1;
`}},{branch:`main`,subject:`feat: wider`,from:`deployed`,files:{"db/migration/V1__start.sql":`CREATE TABLE a (id bigint);
`,"db/migration/R__view.sql":`SELECT 2;
`}}],findings:[{at:`db/migration/V1__start.sql:1`,severity:`error`}]},{title:`a comment was added to a Rails migration`,files:{"predeploy.yml":`environments:
  staging:
    deployed: { ref: deployed }
    drift: { max-lost: 1000, fixes: off }
`},history:[{branch:`deployed`,subject:`feat: table`,files:{"db/migrate/20260101000000_start.rb":`class Start < ActiveRecord::Migration[7.1]
  def change
    create_table :a
  end
end
`}},{branch:`main`,subject:`docs: say why`,from:`deployed`,files:{"db/migrate/20260101000000_start.rb":`# why
class Start < ActiveRecord::Migration[7.1]
  def change
    create_table :a
  end
end
`}}],findings:[]},{title:`a deployed Rails migration does something else now`,files:{"predeploy.yml":`environments:
  staging:
    deployed: { ref: deployed }
    drift: { max-lost: 1000, fixes: off }
`},history:[{branch:`deployed`,subject:`feat: table`,files:{"db/migrate/20260101000000_start.rb":`class Start < ActiveRecord::Migration[7.1]
  def change
    create_table :a
  end
end
`}},{branch:`main`,subject:`feat: other`,from:`deployed`,files:{"db/migrate/20260101000000_start.rb":`class Start < ActiveRecord::Migration[7.1]
  def change
    create_table :b
  end
end
`}}],findings:[{at:`db/migrate/20260101000000_start.rb:1`,severity:`warning`}]}],"migrations/multiple-heads":[{title:`two revisions follow the same parent`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`"""a1_start"""
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None
`,"db/versions/b2_users.py":`"""b2_users"""
from alembic import op
import sqlalchemy as sa

revision = "b2"
down_revision = "a1"
`,"db/versions/c3_orders.py":`"""c3_orders"""
from alembic import op
import sqlalchemy as sa

revision = "c3"
down_revision = "a1"
`},findings:[{at:`db/versions/c3_orders.py:6`,subject:`b2, c3`,severity:`error`}]},{title:`a merge revision joins them`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`"""a1_start"""
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None
`,"db/versions/b2_users.py":`"""b2_users"""
from alembic import op
import sqlalchemy as sa

revision = "b2"
down_revision = "a1"
`,"db/versions/c3_orders.py":`"""c3_orders"""
from alembic import op
import sqlalchemy as sa

revision = "c3"
down_revision = "a1"
`,"db/versions/d4_merge.py":`"""d4_merge"""
from alembic import op
import sqlalchemy as sa

revision = "d4"
down_revision = ("b2", "c3")
`},findings:[]},{title:`branch labels say that both are meant`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_users.py":`"""a1_users"""
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None
branch_labels = ("users",)
`,"db/versions/b1_orders.py":`"""b1_orders"""
from alembic import op
import sqlalchemy as sa

revision = "b1"
down_revision = None
branch_labels = ("orders",)
`},findings:[]},{title:`the parent is a constant of another module`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/__init__.py":``,"db/ids.py":`BASE = "b2"
`,"db/versions/a1_start.py":`"""a1_start"""
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None
`,"db/versions/b2_users.py":`"""b2_users"""
from alembic import op
import sqlalchemy as sa

revision = "b2"
down_revision = "a1"
`,"db/versions/c3_orders.py":`from db.ids import BASE
revision: str = "c3"
down_revision: str | None = BASE
`},findings:[]},{title:`a parent that only the run knows`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`"""a1_start"""
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None
`,"db/versions/b2_users.py":`"""b2_users"""
from alembic import op
import sqlalchemy as sa

revision = "b2"
down_revision = "a1"
`,"db/versions/c3_orders.py":`"""c3_orders"""
from alembic import op
import sqlalchemy as sa

revision = "c3"
down_revision = find_parent()
`},findings:[],undecided:!0},{title:`the deploy upgrades all heads`,files:{"deploy.sh":`alembic upgrade heads
`,"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`"""a1_start"""
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None
`,"db/versions/b2_users.py":`"""b2_users"""
from alembic import op
import sqlalchemy as sa

revision = "b2"
down_revision = "a1"
`,"db/versions/c3_orders.py":`"""c3_orders"""
from alembic import op
import sqlalchemy as sa

revision = "c3"
down_revision = "a1"
`},findings:[{at:`db/versions/c3_orders.py:6`,severity:`warning`}]},{title:`two leaf migrations of a Django app`,files:{"shop/__init__.py":``,"shop/migrations/__init__.py":``,"shop/migrations/0001_initial.py":`from django.db import migrations
class Migration(migrations.Migration):
    dependencies = []
`,"shop/migrations/0002_price.py":`from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
`,"shop/migrations/0002_stock.py":`from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
`},findings:[{at:`shop/migrations/0002_stock.py:3`,subject:`shop.0002_price, shop.0002_stock`}]},{title:`a project template, whose files are chosen when it is rendered`,files:{"{{cookiecutter.name}}/db/env.py":``,"{{cookiecutter.name}}/db/script.py.mako":``,"{{cookiecutter.name}}/db/versions/a1_start.py":`revision = 'a1'
down_revision = None
`,"{{cookiecutter.name}}/db/versions/b2_user.py":`revision = 'b2'
down_revision = None
`,"main.py":`print('template')
`},findings:[]},{title:`two files of one id are a duplicate, not two heads`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`revision = 'a1'
down_revision = None
`,"db/versions/b2_users.py":`revision = 'b2'
down_revision = 'a1'
`,"db/versions/b3_copy.py":`revision = 'b2'
down_revision = 'a1'
`},findings:[]},{title:`Django apps in folders of one name, with labels of their own, and a base class of one's own`,files:{"files/app/__init__.py":`from base import PluginConfig
class FilesConfig(PluginConfig):
    name = "files.app"
    label = "files"
`,"files/app/migrations/__init__.py":``,"files/app/migrations/0001_initial.py":`from django.db import migrations
class Migration(migrations.Migration):
    dependencies = []
`,"files/app/migrations/0002_size.py":`from base.migrations import CheckedMigration
class Migration(CheckedMigration):
    dependencies = [("files", "0001_initial")]
`,"files/app/migrations/0003_kind.py":`from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [("files", "0002_size")]
`,"guard/app/__init__.py":`class GuardConfig:
    label = "guard"
`,"guard/app/migrations/__init__.py":``,"guard/app/migrations/0001_initial.py":`from django.db import migrations
class Migration(migrations.Migration):
    dependencies = []
`,"guard/app/migrations/0002_more.py":`from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [("guard", "0001_initial"), ("files", "0003_kind")]
`},findings:[]},{title:`dependencies of a Django migration that stand in a name, and grow in a branch`,files:{"shop/__init__.py":``,"shop/migrations/__init__.py":``,"shop/migrations/0001_initial.py":`from django.db import migrations
class Migration(migrations.Migration):
    dependencies = []
`,"shop/migrations/0002_price.py":`from django.conf import settings
from django.db import migrations
base = [("shop", "0001_initial")]
dependencies = base + [("users", "0003_name")]
if "billing" in settings.INSTALLED_APPS:
    dependencies.append(("billing", "0009_plan"))
class Migration(migrations.Migration):
    dependencies = dependencies
`,"shop/migrations/0003_stock.py":`from django.db import migrations
dependencies = []
dependencies += [("shop", "0002_price")]
class Migration(migrations.Migration):
    dependencies = [*dependencies]
`},findings:[]},{title:`dependencies of a Django migration that a call makes`,files:{"shop/__init__.py":``,"shop/migrations/__init__.py":``,"shop/migrations/0001_initial.py":`from django.db import migrations
class Migration(migrations.Migration):
    dependencies = []
`,"shop/migrations/0002_price.py":`from django.db import migrations
from shop.history import after
class Migration(migrations.Migration):
    dependencies = after("0001_initial")
`},findings:[],undecided:!0}],"migrations/not-a-migration":[{title:`a file with shared functions`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`"""a1_start"""
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None
`,"db/versions/shared.py":`def add_table(name): ...
`},findings:[{at:`db/versions/shared.py:1`,subject:`db/versions/shared.py`}]},{title:`package files, folders, editor files and old revisions`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`"""a1_start"""
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None
`,"db/versions/__init__.py":``,"db/versions/.#a1_start.py":`x = 1
`,"db/versions/notes.txt":`read me
`,"db/versions/old/shared.py":`x = 1
`,"db/versions/1975ea83b712.py":`down_revision = 'a1'
`},findings:[]},{title:`revision is set by what is imported`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`"""a1_start"""
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None
`,"db/versions/b2_star.py":`from ids import *
`},findings:[]}],"migrations/nullable-json-filter":[{title:`filters and accesses without a guard`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`revision = 'a1'
down_revision = None
`,"app/models.py":`class Thread(Base):
    __tablename__ = "threads"
    meta = Column(JSONB)
`,"app/api.py":`def threads(db, user):
    return db.query(Thread).filter(Thread.meta["user"].astext == user).all()

def kind(db):
    rows = db.query(Thread).all()
    return [row.meta.get("kind") for row in rows]
`},findings:[{at:`app/api.py:2`,subject:`Thread.meta`,severity:`warning`},{at:`app/api.py:6`,subject:`Thread.meta`}]},{title:`an operator and an annotated row`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`revision = 'a1'
down_revision = None
`,"app/models.py":`class Thread(Base):
    __tablename__ = "threads"
    meta: Mapped[dict | None] = mapped_column(JSON)
`,"app/api.py":`def one(db, user):
    return db.execute(select(Thread).where(Thread.meta.op("->>")("user") == user))

def owner(thread: Thread):
    return thread.meta["owner"]
`},findings:[{at:`app/api.py:2`},{at:`app/api.py:5`}]},{title:`two services that map a class of one name, each with columns of its own`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`revision = 'a1'
down_revision = None
`,"pay/models.py":`class Order(Base):
    __tablename__ = "orders"
    details = Column(JSONB)

    def total(self):
        return Order.details["total"]

def paid(order: Order):
    return order.details["paid"]
`,"shop/models.py":`class Order(Base):
    __tablename__ = "orders"
    _details = Column("details", JSONB, nullable=False)
`,"shop/api.py":`def owner(order: Order):
    return order.details["owner"]
`},findings:[{at:`pay/models.py:9`,subject:`Order.details`}]},{title:`every guard`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`revision = 'a1'
down_revision = None
`,"app/models.py":`class Thread(Base):
    __tablename__ = "threads"
    meta = Column(JSONB)
`,"app/api.py":`def threads(db, user):
    db.query(Thread).filter(Thread.meta.isnot(None), Thread.meta["user"].astext == user)
    db.query(Thread).filter(Thread.meta.isnot(None)).filter(Thread.meta["user"].astext == user)
    db.query(Thread).filter(or_(Thread.owner == user, Thread.meta["user"].astext == user))
    db.query(Thread).filter(func.coalesce(Thread.meta["user"].astext, "") == user)

def kind(thread: Thread):
    a = (thread.meta or {}).get("kind")
    b = thread.meta.get("kind") if thread.meta else None
    c = thread.meta and thread.meta.get("kind")
    if thread.meta:
        return thread.meta["kind"]
    try:
        return thread.meta["kind"]
    except TypeError:
        return None

def early(thread: Thread):
    if not thread.meta:
        return None
    return thread.meta.get("kind")
`},findings:[]},{title:`raw SQL and Django`,files:{"shop/migrations/__init__.py":``,"shop/migrations/0001_initial.py":`from django.db import migrations
class Migration(migrations.Migration):
    dependencies = []
`,"shop/models.py":`class Order(models.Model):
    meta = models.JSONField(null=True)
    extra = models.JSONField(default=dict)
class Thread(Base):
    __tablename__ = "threads"
    data = Column("payload", JSONB)
`,"shop/views.py":`def orders(user):
    a = Order.objects.filter(extra__user=user)
    b = Order.objects.filter(meta__isnull=False, meta__user=user)
    return Order.objects.filter(meta__user=user)

def threads(db, user):
    db.execute("SELECT * FROM threads WHERE payload IS NOT NULL AND payload->>'user' = :u")
    db.execute("SELECT * FROM other WHERE payload->>'user' = :u")
    return db.execute("SELECT * FROM threads t WHERE t.payload->>'user' = :u")
`},findings:[{at:`shop/views.py:4`,subject:`Order.meta`},{at:`shop/views.py:9`,subject:`Thread.data`}]},{title:`columns that are filled, and names that are something else`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`revision = 'a1'
down_revision = None
`,"app/models.py":`class Thread(Base):
    __tablename__ = "threads"
    meta = Column(JSONB, nullable=False)
    tags: Mapped[dict] = mapped_column(JSONB)
    extra = Column(JSON, default=dict)
    name = Column(String)
`,"app/api.py":`def threads(db, user, response):
    response.meta.get("x")
    return db.query(Thread).filter(Thread.meta["user"].astext == user, Thread.extra["a"].astext == "b")

def kind(thread: Thread):
    return thread.tags.get("kind"), thread.extra["kind"]
`},findings:[]},{title:`a migration sets NOT NULL`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`revision = 'a1'
down_revision = None
def upgrade():
    op.alter_column('threads', 'meta', nullable=False)
`,"app/models.py":`class Thread(Base):
    __tablename__ = "threads"
    meta = Column(JSONB)
`,"app/api.py":`def kind(thread: Thread):
    return thread.meta.get("kind")
`},findings:[]},{title:`strict reports a default that old rows do not have`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`revision = 'a1'
down_revision = None
`,"app/models.py":`class Thread(Base):
    __tablename__ = "threads"
    meta = Column(JSONB, default=dict)
`,"app/api.py":`def kind(thread: Thread):
    return thread.meta.get("kind")
`},options:{strict:!0},findings:[{at:`app/api.py:2`,message:`old rows`}]},{title:`no migrations, and rows through a result`,files:{"requirements.txt":`SQLAlchemy==2.0.1
`,"app/models.py":`class Thread(Base):
    __tablename__ = "threads"
    meta = Column(JSONB)
`,"app/api.py":`async def titles(session):
    result = await session.execute(select(Thread).limit(5))
    threads = result.scalars().all()
    return [thread.meta["title"] for thread in threads]
`},findings:[{at:`app/api.py:4`,subject:`Thread.meta`}]},{title:`Django's lookups on the whole column are no keys`,files:{"shop/migrations/__init__.py":``,"shop/migrations/0001_initial.py":`from django.db import migrations
class Migration(migrations.Migration):
    dependencies = []
`,"shop/models.py":`class Order(models.Model):
    meta = models.JSONField(null=True)
`,"shop/views.py":`def orders(user):
    a = Order.objects.filter(meta__icontains=user)
    b = Order.objects.filter(meta__regex=user, meta__startswith="{").exclude(meta__has_key="x")
    c = Order.objects.filter(meta__isnull=True)
    d = Order.objects.filter(meta__has_key="user", meta__user=user)
    f = Order.objects.filter(pk=user, meta__lock=word).update(word=None)
    e = Order.objects.filter(meta__user__icontains=user)
    return Order.objects.exclude(meta__contains__x=user)
`},findings:[{at:`shop/views.py:7`,subject:`Order.meta`}]},{title:`rows that a filter on the column found`,files:{"requirements.txt":`SQLAlchemy==2.0.1
Django==5.2
`,"shop/models.py":`class Order(models.Model):
    meta = models.JSONField(null=True)
class Thread(Base):
    __tablename__ = "threads"
    data = Column(JSONB)
`,"shop/found.py":`def orders(word):
    rows = Order.objects.filter(meta__icontains=word).order_by("id")
    first = Order.objects.filter(Q(meta__isnull=False) & Q(id=1)).first()
    for row in rows:
        row.meta.get("user")
    return first.meta["user"], [one.meta["user"] for one in rows]

def threads(session):
    until = json_field(session, Thread.data, "until")
    result = session.execute(select(Thread).where(Thread.id > 1, until.isnot(None)))
    rows = result.scalars().all()
    more = session.scalars(select(Thread).where(Thread.data.isnot(None)))
    return [row.data["until"] for row in rows] + [row.data["until"] for row in more]
`,"shop/other.py":`def orders(word):
    rows = Order.objects.filter(meta__isnull=False)
    rows = Order.objects.exclude(meta__has_key=word)
    return [row.meta["user"] for row in rows]
`,"shop/threads.py":`def threads(session):
    rows = session.scalars(select(Thread).where(or_(Thread.id == 1, Thread.data.isnot(None))))
    return [row.data["until"] for row in rows]
`,"shop/absent.py":`def orders():
    return [row.meta["user"] for row in Order.objects.filter(Q(meta__has_key="a") | Q(id=1))]
`},findings:[{at:`shop/absent.py:2`},{at:`shop/other.py:4`},{at:`shop/threads.py:3`}]},{title:`guards through a variable`,files:{"requirements.txt":`Django==5.2
`,"shop/models.py":`class Order(models.Model):
    meta = models.JSONField(null=True)

    def user(self):
        meta = self.meta
        if meta is not None:
            return self.meta.get("user")
        return None

    def owner(self):
        info = self.get_meta()
        if not info:
            return None
        return self.meta["owner"]

    def bare(self):
        meta = self.other
        if meta:
            return self.meta["owner"]
`},findings:[{at:`shop/models.py:19`,subject:`Order.meta`}]}],"migrations/out-of-order":[{title:`a Flyway version below the newest deployed one`,files:{"predeploy.yml":`environments:
  staging:
    deployed: { ref: deployed }
    drift: { max-lost: 1000, fixes: off }
`},history:[{branch:`deployed`,subject:`feat: tables`,files:{"db/migration/V1__start.sql":`CREATE TABLE a (id int);
`,"db/migration/V3__third.sql":`CREATE TABLE c (id int);
`}},{branch:`main`,subject:`feat: second`,from:`deployed`,files:{"db/migration/V2__second.sql":`CREATE TABLE b (id int);
`,"db/migration/V10__tenth.sql":`CREATE TABLE d (id int);
`}}],findings:[{at:`db/migration/V2__second.sql:1`,severity:`error`}]},{title:`nothing deployed is known`,files:{"db/migration/V1__start.sql":`CREATE TABLE a (id int);
`,"db/migration/V3__third.sql":`CREATE TABLE c (id int);
`},findings:[]},{title:`Flyway is told to take any order`,files:{"predeploy.yml":`environments:
  staging:
    deployed: { ref: deployed }
    drift: { max-lost: 1000, fixes: off }
`},history:[{branch:`deployed`,subject:`feat: tables`,files:{"db/migration/V3__third.sql":`CREATE TABLE c (id int);
`}},{branch:`main`,subject:`feat: second`,from:`deployed`,files:{"db/migration/V2__second.sql":`CREATE TABLE b (id int);
`,"flyway.conf":`flyway.outOfOrder=true
`}}],findings:[]},{title:`schema.rb was not committed with the migration`,files:{"db/schema.rb":`ActiveRecord::Schema[7.1].define(version: 2026_01_01_000000) do
end
`,"db/migrate/20260101000000_start.rb":`class Start < ActiveRecord::Migration[7.1]
end
`,"db/migrate/20260202000000_more.rb":`class More < ActiveRecord::Migration[7.1]
end
`},findings:[{at:`db/schema.rb:1`,severity:`warning`}]}],"migrations/revision-cycle":[{title:`two revisions name each other`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`"""a1_start"""
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None
`,"db/versions/b2_users.py":`"""b2_users"""
from alembic import op
import sqlalchemy as sa

revision = "b2"
down_revision = "c3"
`,"db/versions/c3_orders.py":`"""c3_orders"""
from alembic import op
import sqlalchemy as sa

revision = "c3"
down_revision = "b2"
`},findings:[{at:`db/versions/b2_users.py:6`,subject:`b2`}]},{title:`a chain with a branch and a merge`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`"""a1_start"""
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None
`,"db/versions/b2_users.py":`"""b2_users"""
from alembic import op
import sqlalchemy as sa

revision = "b2"
down_revision = "a1"
`,"db/versions/c3_orders.py":`"""c3_orders"""
from alembic import op
import sqlalchemy as sa

revision = "c3"
down_revision = ["b2", "a1"]
`},findings:[]}],"migrations/unknown-parent":[{title:`the parent was left on another branch`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`"""a1_start"""
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None
`,"db/versions/c3_orders.py":`"""c3_orders"""
from alembic import op
import sqlalchemy as sa

revision = "c3"
down_revision = "b2"
`},findings:[{at:`db/versions/c3_orders.py:6`,subject:`b2`}]},{title:`what it depends on was squashed away`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`revision = "a1"
down_revision = None
depends_on = ("f7",)
`},findings:[{at:`db/versions/a1_start.py:3`,subject:`f7`}]},{title:`an optional dependency names a label`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`"""a1_start"""
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None
branch_labels = "users"
`,"db/versions/c3_orders.py":`"""c3_orders"""
from alembic import op
import sqlalchemy as sa

revision = "c3"
down_revision = "a1"
depends_on = ["users"]
`},findings:[]},{title:`a Django migration depends on a squash, on another app and on itself`,files:{"shop/migrations/__init__.py":``,"shop/migrations/0001_squashed_0002.py":`from django.conf import settings
from django.db import migrations
class Migration(migrations.Migration):
    replaces = [("shop", "0001_initial"), ("shop", "0002_price")]
    dependencies = [("auth", "0012_alter"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
`,"shop/migrations/0003_stock.py":`from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [("shop", "0002_price"), ("other", "__first__")]
`},findings:[]},{title:`a Django migration depends on a file that is gone`,files:{"shop/migrations/__init__.py":``,"shop/migrations/0003_stock.py":`from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [("shop", "0002_price")]
`},findings:[{at:`shop/migrations/0003_stock.py:3`,subject:`shop.0002_price`}]},{title:`the locations are set by a program, which may add those of another package`,files:{"shop/db/env.py":``,"shop/db/script.py.mako":``,"shop/db/versions/a1_start.py":`revision = "a1"
down_revision = None
branch_labels = ("shop",)
depends_on = ("3842a6d800a0",)
`},findings:[],undecided:!0}],"migrations/unresolvable-import":[{title:`the module was renamed`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"app/__init__.py":``,"app/models/__init__.py":``,"app/models/person.py":``,"db/versions/a1_start.py":`from app.models.user import User
revision = "a1"
down_revision = None
`},findings:[{at:`db/versions/a1_start.py:1`,subject:`app.models.user`}]},{title:`a relative import`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`from .shared import add_table
revision = "a1"
down_revision = None
`,"db/versions/__init__.py":``},findings:[{at:`db/versions/a1_start.py:1`,subject:`.shared`}]},{title:`guarded, type-only, third-party and existing modules`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"app/__init__.py":``,"app/models/__init__.py":``,"db/versions/a1_start.py":`from typing import TYPE_CHECKING
from sqlalchemy.dialects import postgresql
from app.models import User
try:
    from app.legacy.types import Old
except ImportError:
    Old = None
if TYPE_CHECKING:
    from app.gone.types import Gone
revision = "a1"
down_revision = None
`},findings:[]}],"migrations/unsafe-statement":[{title:`NOT NULL without default on a table that exists`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/a1_start.py":`"""a1_start"""
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None


def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer))
`,"db/versions/b2_name.py":`"""b2_name"""
from alembic import op
import sqlalchemy as sa

revision = "b2"
down_revision = "a1"


def upgrade():
    op.add_column("users", sa.Column("name", sa.Text(), nullable=False))
`},findings:[{at:`db/versions/b2_name.py:10`,subject:`users add-column-not-null name`,severity:`error`}]},{title:`the table is created by the same migration, or the column has a default`,files:{"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/b2_name.py":`"""b2_name"""
from alembic import op
import sqlalchemy as sa

revision = "b2"
down_revision = None


def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer))
    op.add_column("users", sa.Column("name", sa.Text(), nullable=False))
    op.add_column("orders", sa.Column("n", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("orders", sa.Column("m", sa.Integer(), nullable=True))
`},findings:[]},{title:`an index on PostgreSQL, plainly and concurrently inside and outside a transaction`,files:{"requirements.txt":`psycopg2
`,"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/b2_name.py":`"""b2_name"""
from alembic import op
import sqlalchemy as sa

revision = "b2"
down_revision = None


def upgrade():
    op.create_index("ix_a", "users", ["a"])
    op.create_index("ix_b", "users", ["b"], postgresql_concurrently=True)
    with op.get_context().autocommit_block():
        op.create_index("ix_c", "users", ["c"], postgresql_concurrently=True)
`},findings:[{at:`db/versions/b2_name.py:10`,severity:`warning`},{at:`db/versions/b2_name.py:11`,severity:`error`}]},{title:`NOT NULL after the column was filled, and before`,files:{"requirements.txt":`asyncpg
`,"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/b2_name.py":`"""b2_name"""
from alembic import op
import sqlalchemy as sa

revision = "b2"
down_revision = None


def upgrade():
    op.execute("UPDATE users SET name = ''")
    op.alter_column("users", "name", nullable=False)
    op.alter_column("orders", "note", nullable=False)
`},findings:[{at:`db/versions/b2_name.py:12`,subject:`orders set-not-null note`,severity:`warning`}]},{title:`a dropped column that a mapped class still declares`,files:{"app/models.py":`class User(Base):
    __tablename__ = "users"
    name = Column(String)
`,"alembic.ini":`[alembic]
script_location = db
`,"db/env.py":``,"db/versions/b2_name.py":`"""b2_name"""
from alembic import op
import sqlalchemy as sa

revision = "b2"
down_revision = None


def upgrade():
    op.drop_column("users", "name")
    op.drop_column("users", "old")
`},findings:[{at:`db/versions/b2_name.py:10`,severity:`error`},{at:`db/versions/b2_name.py:11`,severity:`note`}]},{title:`SQL of the newest file alone is judged`,files:{"migrations/001_start.sql":`ALTER TABLE users ADD COLUMN a int NOT NULL;
`,"migrations/002_more.sql":`-- ALTER TABLE users ADD COLUMN x int NOT NULL;
ALTER TABLE users ADD COLUMN b int NOT NULL DEFAULT 0;
ALTER TABLE ONLY "users" ADD c int NOT NULL;
`},findings:[{at:`migrations/002_more.sql:3`,subject:`users add-column-not-null c`}]},{title:`NOT NULL after another column was filled`,files:{"requirements.txt":`psycopg
`,"migrations/001_start.sql":`CREATE TABLE users (id int);
`,"migrations/002_more.sql":`UPDATE ONLY users AS u SET phone = '', (area, "Town") = ('', '') WHERE u.phone = city;
ALTER TABLE users ALTER COLUMN phone SET NOT NULL;
ALTER TABLE users ALTER COLUMN town SET NOT NULL;
ALTER TABLE users ALTER COLUMN city SET NOT NULL;
`},findings:[{at:`migrations/002_more.sql:4`,subject:`users set-not-null city`,severity:`warning`}]},{title:`a Django model of that name in another app`,files:{"shop/migrations/__init__.py":``,"shop/migrations/0001_start.py":`from django.db import migrations
class Migration(migrations.Migration):
    operations = [migrations.DeleteModel("Price")]
`,"other/models.py":`class Price(models.Model):
    amount = models.IntegerField()
`},findings:[{at:`shop/migrations/0001_start.py:3`,severity:`note`}]},{title:`fields that are dropped and added again, by adding or by a rename`,files:{"shop/migrations/__init__.py":``,"shop/migrations/0001_start.py":`from django.db import migrations, models
class Migration(migrations.Migration):
    operations = [
        migrations.RemoveField("Price", "amount"),
        migrations.AddField("Price", "amount", models.IntegerField(default=0)),
        migrations.RemoveField(model_name="price", name="sort"),
        migrations.RenameField("price", "sort_text", "sort"),
        migrations.AddField("Price", "unit", models.IntegerField(default=0)),
        migrations.RemoveField("Price", "unit"),
    ]
`,"shop/models.py":`class Price(models.Model):
    amount = models.IntegerField()
    sort = models.TextField()
    unit = models.IntegerField()
`},findings:[{at:`shop/migrations/0001_start.py:4`,severity:`note`,message:`a new one of the same name`},{at:`shop/migrations/0001_start.py:6`,severity:`note`},{at:`shop/migrations/0001_start.py:7`,severity:`note`},{at:`shop/migrations/0001_start.py:9`,severity:`error`}]},{title:`a column that SQL replaces`,files:{"requirements.txt":`psycopg
`,"migrations/001_start.sql":`CREATE TABLE users (id int);
`,"migrations/002_more.sql":`ALTER TABLE users DROP COLUMN a, ADD COLUMN a bigint;
`,"app/models.py":`class User(Base):
    __tablename__ = "users"
    a = Column(BigInteger)
`},findings:[{at:`migrations/002_more.sql:1`,severity:`note`,message:`a new one of the same name`}]},{title:`the newest version of Flyway, not the last name`,files:{"db/migration/V9__start.sql":`ALTER TABLE users ADD COLUMN a int NOT NULL;
`,"db/migration/V10__more.sql":`ALTER TABLE users ADD COLUMN b int NOT NULL;
`},findings:[{at:`db/migration/V10__more.sql:1`,subject:`users add-column-not-null b`}]},{title:`builder calls of Knex`,files:{"package.json":`{ "dependencies": { "knex": "3", "pg": "8" } }`,"migrations/20240101000000_start.js":`exports.up = (knex) => knex.schema.createTable("users", (t) => { t.increments(); t.string("old").notNullable(); });
exports.down = (knex) => knex.schema.dropTable("users");
`,"migrations/20240201000000_more.js":`exports.down = async (knex) => {
  await knex.schema.alterTable("users", (t) => { t.dropColumn("name"); });
};
exports.up = async (knex) => {
  await knex.schema.alterTable("users", (t) => {
    t.string("name").notNullable();
    t.string("city").notNullable().defaultTo("");
    t.string("note").nullable();
    // t.string("later").notNullable();
    t.index(["name"]);
  });
  await knex.schema.createTable("orders", (t) => {
    t.increments("id");
    t.string("state").notNullable();
  });
  await knex.schema.table("orders", (t) => { t.string("place").notNullable(); });
};
`},findings:[{at:`migrations/20240201000000_more.js:6`,subject:`users add-column-not-null name`,severity:`error`},{at:`migrations/20240201000000_more.js:10`,subject:`users create-index`,severity:`warning`}]},{title:`builder calls of Sequelize, whose migrations open no transaction by themselves`,files:{"package.json":`{ "dependencies": { "sequelize": "6", "pg": "8" } }`,"migrations/20240101000000-more.js":`module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.addColumn("users", "name", { type: Sequelize.STRING, allowNull: false });
    await queryInterface.addColumn("users", "city", { type: Sequelize.STRING, allowNull: false, defaultValue: "" });
    await queryInterface.addIndex("users", ["name"], { concurrently: true });
    await queryInterface.sequelize.query('CREATE INDEX CONCURRENTLY ix ON "users" ("city")');
    await queryInterface.sequelize.transaction(async (transaction) => {
      await queryInterface.addIndex("users", { fields: ["city"], concurrently: true, transaction });
    });
  },
  async down(queryInterface) {
    await queryInterface.removeColumn("users", "name");
  },
};
`},findings:[{at:`migrations/20240101000000-more.js:3`,subject:`users add-column-not-null name`,severity:`error`},{at:`migrations/20240101000000-more.js:8`,severity:`error`,message:`inside a transaction`}]},{title:`builder calls of TypeORM, where a column is NOT NULL unless it says otherwise`,files:{"package.json":`{ "dependencies": { "typeorm": "0.3", "pg": "8" } }`,"src/user.entity.ts":`@Entity("users")
export class User {
  @Column({
    name: "nick",
    nullable: true,
  })
  nickName: string;
}
`,"src/migrations/1700000000000-More.ts":`export class More1700000000000 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.addColumn("users", new TableColumn({ name: "name", type: "varchar" }));
    await queryRunner.addColumns("users", [
      new TableColumn({ name: "city", type: "varchar", isNullable: true }),
      new TableColumn({ name: "state", type: "varchar", default: "'new'" }),
    ]);
    await queryRunner.dropColumn("users", "nick");
    await queryRunner.dropColumn("users", "gone");
  }
  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable("users");
  }
}
`},findings:[{at:`src/migrations/1700000000000-More.ts:3`,subject:`users add-column-not-null name`,severity:`error`},{at:`src/migrations/1700000000000-More.ts:8`,severity:`error`,message:`still declares`},{at:`src/migrations/1700000000000-More.ts:9`,severity:`note`}]},{title:`the way back in the same SQL file, and versions as folders`,files:{"go.mod":`require github.com/jackc/pgx/v5 v5.0.0
`,"migrations/20240101000000_start.sql":`-- +goose Up
CREATE TABLE users (id int);
-- +goose Down
DROP TABLE users;
`,"migrations/20240201000000_more.sql":`-- +goose Up
ALTER TABLE users ADD COLUMN name text;
CREATE INDEX CONCURRENTLY ix ON users (name);
-- +goose Down
ALTER TABLE users DROP COLUMN name;
`,"store/migration/mysql/0.1/00__start.sql":`ALTER TABLE users ADD COLUMN a int NOT NULL;
`,"store/migration/mysql/0.2/00__more.sql":`ALTER TABLE users ADD COLUMN b int NOT NULL;
`,"store/migration/sqlite/0.1/00__start.sql":`ALTER TABLE users ADD COLUMN a int NOT NULL;
`,"store/migration/sqlite/0.2/00__more.sql":`CREATE INDEX ix ON users (b);
ALTER TABLE users ADD COLUMN b int NOT NULL;
`},findings:[{at:`migrations/20240201000000_more.sql:3`,severity:`error`,message:`inside a transaction`},{at:`store/migration/sqlite/0.2/00__more.sql:2`,severity:`error`}]},{title:`a table of the same name in the code of another service`,files:{"a/migrations/001_start.sql":`CREATE TABLE users (id int);
`,"a/migrations/002_more.sql":`DROP TABLE users;
`,"b/migrations/001_start.sql":`CREATE TABLE orders (id int);
`,"b/migrations/002_more.sql":`DROP TABLE orders;
`,"b/app/models.py":`class User(Base):
    __tablename__ = "users"
class Order(Base):
    __tablename__ = "orders"
`},findings:[{at:`a/migrations/002_more.sql:1`,severity:`note`},{at:`b/migrations/002_more.sql:1`,severity:`error`}]},{title:`a table that is emptied first, a materialized view, a name that only this deploy gives`,files:{"requirements.txt":`psycopg
`,"app/models.py":`class Sessions(Base):
    __tablename__ = "sessions"
    token = Column(String)
`,"migrations/001_start.sql":`CREATE TABLE sessions (token text);
`,"migrations/002_more.sql":`TRUNCATE sessions;
ALTER TABLE sessions ADD COLUMN owner int NOT NULL;
CREATE INDEX ix ON sessions (owner);
ALTER TABLE sessions DROP COLUMN token;
CREATE MATERIALIZED VIEW totals AS SELECT 1 AS n;
CREATE UNIQUE INDEX iy ON totals (n);
ALTER TABLE roles RENAME TO roles_old;
DROP TABLE roles_old;
`},findings:[{at:`migrations/002_more.sql:4`,severity:`error`},{at:`migrations/002_more.sql:7`,severity:`note`}]},{title:`references, time stamps and SQL of Rails`,files:{Gemfile:`gem 'pg'
`,"db/migrate/20240101000000_more.rb":`class More < ActiveRecord::Migration[7.1]
  def change
    create_table(:orders) { |t| t.string :state, null: false }
    add_reference :orders, :user, null: false
    add_reference :users, :team, null: false, foreign_key: true
    add_reference :users, :owner
    add_timestamps :users
    add_timestamps :teams, null: true
    add_timestamps :plans, default: -> { "now()" }
    execute "ALTER TABLE users DROP COLUMN old"
  end
end
`},findings:[{at:`db/migrate/20240101000000_more.rb:5`,subject:`users add-column-not-null team_id`,severity:`error`},{at:`db/migrate/20240101000000_more.rb:7`,subject:`users add-column-not-null created_at`,severity:`error`},{at:`db/migrate/20240101000000_more.rb:10`,subject:`users drop-column old`,severity:`note`}]},{title:`plain SQL of an own runner, in a directory that the config names`,files:{"predeploy.yml":`migrations: { sql-directories: [./db/changes/] }
`,"db/changes/a-start.sql":`ALTER TABLE users ADD COLUMN a int NOT NULL;
`,"db/changes/b-more.sql":`ALTER TABLE users ADD COLUMN b int NOT NULL;
`,"db/changes/b-more.down.sql":`ALTER TABLE users DROP COLUMN b;
`,"db/other/1-more.sql":`ALTER TABLE users ADD COLUMN b int NOT NULL;
`},findings:[{at:`db/changes/b-more.sql:1`,subject:`users add-column-not-null b`}]},{title:`the config names a directory that is not there`,files:{"predeploy.yml":`migrations: { sql-directories: [db/chnages] }
`,"db/changes/a-start.sql":`ALTER TABLE users ADD COLUMN a int NOT NULL;
`},findings:[],undecided:!0},{title:`TypeORM and Knex are told to open no transaction`,files:{"package.json":`{ "scripts": { "migrate": "typeorm migration:run -d dist/source.js --transaction none" }, "dependencies": { "pg": "8" } }`,"src/migrations/1700000000000-More.ts":`export class More1700000000000 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(\`CREATE INDEX CONCURRENTLY ix ON users (a)\`);
  }
}
`,"jobs/knexfile.js":`module.exports = { migrations: { disableTransactions: true } };
`,"jobs/migrations/20240101000000_more.js":`exports.up = (knex) => knex.raw("CREATE INDEX CONCURRENTLY ix ON jobs (a)");
exports.down = (knex) => knex.raw("DROP INDEX ix");
`},findings:[]},{title:`many statements that are unsafe in one way`,files:{"alembic.ini":`[alembic]
script_location = migrations
sqlalchemy.url = postgresql://db/shop
`,"migrations/env.py":``,"migrations/versions/a1_start.py":`from alembic import op
revision = "a1"
down_revision = None
def upgrade():
    op.create_index("ix_a", "orders", ["a"])
    op.create_index("ix_b", "orders", ["b"])
    op.create_index("ix_c", "orders", ["c"])
    op.create_index("ix_d", "users", ["d"])
`},findings:[{at:`migrations/versions/a1_start.py:5`,severity:`warning`,message:`The same holds for 3 more places.`}]},{title:`a squashed migration of Django`,files:{"shop/__init__.py":``,"shop/migrations/__init__.py":``,"shop/migrations/0001_initial.py":`from django.db import migrations
class Migration(migrations.Migration):
    dependencies = []
`,"shop/migrations/0012_squashed.py":`from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [migrations.RunSQL("ALTER TABLE shop_order ADD COLUMN a int NOT NULL")]
`},findings:[]},{title:`Flyway's own settings say which database it is`,files:{"flyway.conf":`flyway.url=jdbc:postgresql://db/shop
flyway.locations=filesystem:db/migration
`,"db/migration/V1__start.sql":`create table orders (id int, a int);
`,"db/migration/V2__index.sql":`create index ix_a on orders (a);
`},findings:[{at:`db/migration/V2__index.sql:1`,severity:`warning`}]}],"placeholders/dummy-identifier":[{title:`an ingress, an env file and an ARN`,files:{"k8s/ingress.yaml":`apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    owner: example.com/team
spec:
  rules:
    - host: shop.example.com
`,".env.production":`DOMAIN_NAME=example.com
TENANT_ID=00000000-0000-0000-0000-000000000000
`,"infra/prod.tfvars":`role = "arn:aws:iam::123456789012:role/deploy"
`},findings:[{at:`.env.production:1`,subject:`example.com`,severity:`warning`},{at:`.env.production:2`,severity:`warning`},{at:`infra/prod.tfvars:1`,subject:`123456789012`,severity:`warning`},{at:`k8s/ingress.yaml:9`,subject:`shop.example.com`,severity:`warning`}]},{title:`addresses that bind, documentation, and names that are no hosts`,files:{".env":`HOST=0.0.0.0
MAIL_SUBJECT=Hello from example.com
`,"docs/ingress.yaml":`apiVersion: networking.k8s.io/v1
kind: Ingress
spec:
  rules:
    - host: example.com
`,"k8s/crd.yaml":`apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: shops.example.com
spec:
  group: example.com
`,"template.yaml":`AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Domain:
    Type: String
    Default: example.com
`},findings:[]}],"placeholders/encoded-placeholder":[{title:`a password and a certificate that was cut off`,files:{"k8s/prod/secret.yaml":`apiVersion: v1
kind: Secret
metadata:
  name: shop
data:
  password: Q0hBTkdFX01F
  user: c2hvcA==
`},findings:[{at:`k8s/prod/secret.yaml:6:13`,subject:`password`,severity:`error`,message:`CHANGE_ME`}]},{title:`real values, and the same text where nothing decodes it`,files:{"k8s/secret.yaml":`apiVersion: v1
kind: Secret
metadata:
  name: shop
data:
  password: aHVudGVyMi1nb2xkLWZpc2g=
stringData:
  url: $(SHOP_URL)
`,"k8s/config.yaml":`apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
data:
  id: Q0hBTkdFX01F
`},findings:[]}],"placeholders/example-deployed":[{title:`the image gets the example as its settings`,files:{Dockerfile:`FROM node:22
WORKDIR /app
COPY . .
RUN cp .env.example .env
CMD ["node", "server.js"]
`,".env.example":`API_KEY=your-api-key
`},findings:[{at:`Dockerfile:4`,subject:`.env.example`,severity:`warning`}]},{title:`a deploy applies the example`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: kubectl apply -f k8s/secret.example.yaml
`,"k8s/secret.example.yaml":`apiVersion: v1
kind: Secret
metadata:
  name: shop
stringData:
  token: changeme
`},findings:[{at:`.github/workflows/deploy.yml:6`,subject:`k8s/secret.example.yaml`}]},{title:`the copy is filled in, or is made for tests`,files:{"scripts/deploy.sh":`#!/bin/sh
cp .env.example .env
sed -i "s|your-api-key|$API_KEY|" .env
`,".github/workflows/test.yml":`on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: cp .env.example .env
`,".env.example":`API_KEY=your-api-key
`},findings:[]}],"placeholders/leftover":[{title:`an env file of production in several spellings`,files:{".env.production":`# change_me is only a comment
API_URL=https://api.your-domain.com
DATABASE_URL="postgresql://shop:CHANGE_ME@db:5432/shop"
SESSION_SECRET=replaceThisKey
SMTP_PASSWORD=<smtp-password>
STRIPE_KEY=sk_live_xxxxxxxxxxxx
LOG_LEVEL=info
`},findings:[{at:`.env.production:2:17`,subject:`api.your-domain.com`,severity:`error`},{at:`.env.production:3:33`,subject:`CHANGE_ME`,severity:`error`,message:`DATABASE_URL`},{at:`.env.production:4`,subject:`replaceThisKey`},{at:`.env.production:5`,subject:`<smtp-password>`},{at:`.env.production:6`,severity:`error`}]},{title:`a Secret that is applied as it is`,files:{"k8s/secret.yaml":`apiVersion: v1
kind: Secret
metadata:
  name: shop
stringData:
  # change me
  password: changeme
  token: "<paste the token>"
  user: shop
`},findings:[{at:`k8s/secret.yaml:7`,severity:`warning`,message:`secret store`},{at:`k8s/secret.yaml:8`,severity:`warning`}]},{title:`Terraform values and literals`,files:{"infra/terraform.tfvars":`project = "your-gcp-project"
region  = "europe-west1"
`,"infra/main.tf":`terraform {
  backend "s3" {
    bucket = "your-state-bucket"
    key    = "state"
  }
}
variable "owner" {
  description = "change me"
  default     = "CHANGE_ME"
  validation {
    condition     = var.owner != "CHANGE_ME"
    error_message = "Set the owner."
  }
}
`},findings:[{at:`infra/main.tf:3`,subject:`your-state-bucket`,severity:`warning`},{at:`infra/main.tf:9`,severity:`note`,message:`validation`},{at:`infra/terraform.tfvars:1`,severity:`warning`}]},{title:`several placeholders on one line are one finding`,files:{"deploy/prod/app.properties":`db.url=jdbc:postgresql://your-db-host:5432/<database>
`},findings:[{at:`deploy/prod/app.properties:1`,message:`<database>`}]},{title:`a certificate whose body is left out is one finding`,files:{"k8s/tls.yaml":`apiVersion: v1
kind: Secret
metadata:
  name: tls
stringData:
  tls.key: |
    -----BEGIN PRIVATE KEY-----
    ...
    -----END PRIVATE KEY-----
`},findings:[{at:`k8s/tls.yaml:7`,severity:`warning`}]},{title:`the defaults of a chart are overridden by its user`,files:{"chart/Chart.yaml":`apiVersion: v2
name: shop
`,"chart/values.yaml":`password: changeme
`,"chart/values-prod.yaml":`password: changeme
`},findings:[{at:`chart/values-prod.yaml:1`,severity:`error`},{at:`chart/values.yaml:1`,severity:`note`,message:`required`}]},{title:`a text that hides a value from people, and a list of reserved words`,files:{Dockerfile:`FROM alpine
COPY settings.yaml config /app/
`,"settings.yaml":`SECRET_DISPLAY_VALUE: "*******"
SECRET_VALUE: "*******"
`,"config/reserved-names.json":`["admin", "yourdomain", "yourname"]
`},findings:[{at:`settings.yaml:2`}]},{title:`examples, templates, tests and words that are meant`,files:{".env.example":`SECRET=change_me
`,"docs/k8s/secret.yaml":`apiVersion: v1
kind: Secret
stringData:
  password: changeme
`,"chart/Chart.yaml":`apiVersion: v2
name: shop
`,"charts/shop/templates/secret.yaml":`kind: Secret
stringData:
  password: {{ .Values.password | default "changeme" }}
`,"k8s/app.yaml":`apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
data:
  TOPIC: topics.todo-items
  GREETING: Change your password here, please, before you go on
  driver: dummy
`,"config/search.yaml":`placeholder: Enter your name here
description: Replace <name> with your own
`,".github/ISSUE_TEMPLATE/bug.yml":`body:
  - type: input
    attributes:
      placeholder: your-version-here
`,".gitleaks.toml":`[allowlist]
regexes = ["your-.*-here", "CHANGE_ME"]
`},findings:[]},{title:`words of the team's own, and what is meant`,files:{"predeploy.yml":`placeholders:
  words: [SET_IN_VAULT]
  allow: [{ path: 'demo/**', token: changeme, reason: demo stack }]
`,"k8s/prod/app.yaml":`apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
data:
  token: SET_IN_VAULT
`,"demo/compose.yaml":`services:
  db:
    image: postgres
    environment:
      POSTGRES_PASSWORD: changeme
`},findings:[{at:`k8s/prod/app.yaml:6`,subject:`SET_IN_VAULT`,severity:`error`}]},{title:`a deployed file that cannot be read`,files:{"predeploy.yml":`environments:
  staging:
    files: [deploy/app.env]
`,"deploy/app.env":`KEY=\0changeme
`},findings:[],undecided:!0},{title:`titles in addresses, names of actions, options of programs, outputs for people, pages that a server renders`,files:{"config/default.yaml":`help: https://help.shop.eu/pages/keep-your-profile-up-to-date
notice: https://shop.eu/legal/find-your-rights
create: user add --must-change-password
`,"infra/policies/deploy.json":`{ "Action": ["ecs:PutAccountSetting", "ecs:GetTaskProtection"] }
`,"infra/outputs.tf":`output "next" { value = "Set the password of <user> in the console" }
`,"web/.env.production":`VITE_THEME={{ .Theme }}
`,"charts/shop/disabled/job.yaml":`apiVersion: batch/v1
kind: Job
spec:
  {{- if .Values.job.enabled }}
  suspend: {{ .Values.job.suspend }}
  {{- end }}
`},findings:[]},{title:`a default of a stack's parameter is a note`,files:{"openshift/template.yaml":`apiVersion: v1
kind: Template
metadata: { name: shop }
objects: []
parameters:
  - name: ROLLOUT
    value: update_me_when_the_secret_changes
`,"stack.yaml":`AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Vpc: { Type: String, Default: <VPC_ID> }
Resources:
  Site: { Type: AWS::S3::Bucket, Properties: { BucketName: your-bucket-name } }
`},findings:[{at:`stack.yaml:3`,severity:`note`},{at:`stack.yaml:5`,severity:`warning`}]},{title:`a script that searches for placeholders stops nothing unless its branch exits`,files:{"k8s/production/secret.yaml":`apiVersion: v1
kind: Secret
metadata:
  name: shop
stringData:
  password: CHANGE_ME_NOW
`,"deploy/.env.production":`DOMAIN=YOUR_DOMAIN
`,"scripts/validate.sh":`#!/bin/sh
run_check "no defaults" "! grep -r 'CHANGE_ME_NOW' k8s/production/ || true"
`,"deploy/deploy.sh":`#!/bin/sh
if grep -q "YOUR_DOMAIN" deploy/.env.production; then
  echo "set DOMAIN first" >&2
  exit 1
fi
docker compose --env-file deploy/.env.production up -d
`},findings:[{at:`deploy/.env.production:1:8`,severity:`note`,message:`Guarded at deploy/deploy.sh:2`},{at:`k8s/production/secret.yaml:6`,severity:`error`}]},{title:`a stack under SAM's own file name, JSON inside a ConfigMap, a segment of an address`,files:{"template.yaml":`AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Function
    Properties:
      Environment:
        Variables:
          TOKEN: REPLACE_ME
`,"k8s/realm.yaml":`apiVersion: v1
kind: ConfigMap
metadata:
  name: realm
data:
  realm.json: |
    {
      "secret": "CHANGE_ME",
      "name": "shop"
    }
  hook: https://hooks.slack.example-host.dev/services/YOUR/SLACK/WEBHOOK
`},findings:[{at:`k8s/realm.yaml:8`},{at:`k8s/realm.yaml:11`,subject:`YOUR`},{at:`template.yaml:9`,subject:`REPLACE_ME`}]},{title:`a chart that refuses its own placeholder, and one that only warns`,files:{"strict/Chart.yaml":`name: strict
version: 1.0.0
`,"strict/values-production.yaml":`password: changeme
`,"strict/templates/secret.yaml":`{{- if eq .Values.password "changeme" }}
{{- fail "set password" }}
{{- end }}
password: {{ .Values.password }}
`,"lax/Chart.yaml":`name: lax
version: 1.0.0
`,"lax/values-production.yaml":`password: changeme
`,"lax/templates/NOTES.txt":`{{- if eq .Values.password "changeme" }}
WARNING: the password is not set.
{{- end }}
`},findings:[{at:`lax/values-production.yaml:1`,severity:`error`},{at:`strict/values-production.yaml:1`,severity:`note`}]},{title:`parts that are switched off, markup in a string, and defaults that the file of each environment is read over`,files:{"deploy/production/values.yaml":`ingress:
  enabled: false
  annotations: { owner: "<your-team>" }
worker:
  enabled: true
  token: "<your-token>"
`,"deploy/grafana/custom.ini":`[auth.okta]
enabled = false
auth_url = https://<tenant-id>.okta.com
[auth.azuread]
enabled = true
auth_url = https://<tenant-id>.example.net
`,"infra/probe.tf":`resource "azurerm_application_insights_web_test" "up" {
  configuration = <<XML
<WebTest>
  <Items>
    <Request Url="\${each.value}" />
  </Items>
  <YOUR_ITEM>
</WebTest>
XML
}
`,"config/settings.yml":`mail: { api_key: changeme }
`,"config/settings/production.yml":`mail: { sender: changeme }
`,"contrib/nginx.conf":`server_name your-domain.com;
`},findings:[{at:`config/settings.yml:1`,severity:`note`},{at:`config/settings/production.yml:1`,severity:`error`},{at:`contrib/nginx.conf:1`,severity:`note`},{at:`deploy/grafana/custom.ini:3`,severity:`note`,message:`switched off`},{at:`deploy/grafana/custom.ini:6`,severity:`warning`},{at:`deploy/production/values.yaml:3`,severity:`note`,message:`switched off`},{at:`deploy/production/values.yaml:6`,severity:`error`},{at:`infra/probe.tf:7`,severity:`warning`}]},{title:`an Application of Argo CD that is called like Spring's settings, with pointers to keys in its patches`,files:{"deploy/application.yaml":`apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: shop }
spec:
  source:
    kustomize:
      patches:
        - target: { kind: ConfigMap, name: shop }
          patch: |-
            - op: add
              path: /data/DOMAIN_NAME
              value: shop.acme.io
            - op: add
              path: /data/OWNER
              value: CHANGE_ME
`},findings:[{at:`deploy/application.yaml:15`,subject:`CHANGE_ME`,message:`Kubernetes manifest`}]},{title:`defaults of a chart that a test job of the release renders, and those that a job deploys`,files:{".github/workflows/release.yml":`on: push
jobs:
  lint-and-test:
    runs-on: ubuntu-latest
    steps:
      - run: helm template shop ./shop -f shop/values.yaml
  test-and-deploy:
    runs-on: ubuntu-latest
    steps:
      - run: helm upgrade docs ./docs-chart -f docs-chart/values.yaml
`,"shop/Chart.yaml":`name: shop`,"shop/values.yaml":`registry: "<your-registry>"
`,"docs-chart/Chart.yaml":`name: docs`,"docs-chart/values.yaml":`registry: "<your-registry>"
`},findings:[{at:`docs-chart/values.yaml:1`,severity:`warning`},{at:`shop/values.yaml:1`,severity:`note`}]},{title:`values that a job of production deploys, though neither file says so by its name`,files:{".github/workflows/ship.yml":`on: push
jobs:
  ship:
    environment: { name: production }
    runs-on: ubuntu-latest
    steps:
      - run: helm upgrade shop ./shop -f shop/common.yaml
  try:
    environment: \${{ inputs.where }}
    runs-on: ubuntu-latest
    steps:
      - run: helm upgrade shop ./shop -f shop/more.yaml
`,"shop/Chart.yaml":`name: shop`,"shop/common.yaml":`apiKey: REPLACE_ME
`,"shop/more.yaml":`apiKey: REPLACE_ME
`},findings:[{at:`shop/common.yaml:1`,severity:`error`},{at:`shop/more.yaml:1`,severity:`warning`}]}],"placeholders/renderer-misses-token":[{title:`the step knows two of three tokens`,files:{"k8s/app.yaml":`apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
data:
  host: __HOST__
  tag: __TAG__
  region: __REGION__
`,"scripts/deploy.sh":`#!/bin/sh
sed -i "s|__HOST__|$HOST|g; s|__TAG__|$TAG|g" k8s/app.yaml
kubectl apply -f k8s/app.yaml
`},findings:[{at:`k8s/app.yaml:8:11`,subject:`__REGION__`,severity:`warning`,message:`Line 2 of scripts/deploy.sh`}]},{title:`every token is replaced, one of them by another step`,files:{"k8s/app.yaml":`apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
data:
  host: __HOST__
  tag: __TAG__
`,".github/workflows/deploy.yml":`on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: |
          sed -i "s|__HOST__|$HOST|g" k8s/app.yaml
          perl -pi -e 's#__TAG__#$ENV{TAG}#' k8s/app.yaml
`},findings:[]}],"placeholders/renders-empty":[{title:`the job sets one of two variables`,files:{".github/workflows/deploy.yml":`on: push
env:
  TAG: v1
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: envsubst < k8s/app.yaml | kubectl apply -f -
`,"k8s/app.yaml":`apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
data:
  tag: \${TAG}
  host: \${APP_HOST}
`},findings:[{at:`.github/workflows/deploy.yml:9`,subject:`APP_HOST`,severity:`warning`}]},{title:`everything is set, or the renderer fails by itself`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    env:
      TAG: v1
    steps:
      - run: echo "APP_HOST=shop.acme.io" >> $GITHUB_ENV
      - run: envsubst < k8s/app.yaml | kubectl apply -f -
      - run: envsubst -no-unset < k8s/more.yaml | kubectl apply -f -
`,"k8s/app.yaml":`apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
data:
  tag: \${TAG}
  host: \${APP_HOST}
`,"k8s/more.yaml":`apiVersion: v1
kind: ConfigMap
metadata:
  name: more
data:
  other: \${OTHER}
`},findings:[]}],"placeholders/unrendered-path":[{title:`a folder that was never renamed`,files:{"services/{{cookiecutter.service}}/main.py":`pass
`,"README.md":`shop
`,".env":`NAME=shop
`},findings:[{at:`services/{{cookiecutter.service}}/main.py:1`,subject:`services/{{cookiecutter.service}}`,severity:`note`}]},{title:`the folder of a template`,files:{"cookiecutter.json":`{ "service": "shop" }
`,"{{cookiecutter.service}}/main.py":`pass
`,".env":`NAME=shop
`},findings:[]}],"placeholders/unrendered-reference":[{title:`values files of Terraform are literal`,files:{"staging/terraform.tfvars":`account = "deploy@\${project}.iam.gserviceaccount.com"
`},findings:[{at:`staging/terraform.tfvars:1:19`,subject:"${project}",severity:`error`,message:`locals`}]},{title:`a manifest that nothing renders, and Alertmanager`,files:{"k8s/app.yaml":`apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  template:
    spec:
      containers:
        - name: shop
          image: registry.acme.io/shop:\${IMAGE_TAG}
          args: ["sh", "-c", "echo \${HOME}"]
`,"monitoring/alertmanager.yml":`route:
  receiver: chat
receivers:
  - name: chat
    slack_configs:
      - api_url: \${SLACK_URL}
        text: '{{ .CommonAnnotations.summary }}'
`},findings:[{at:`k8s/app.yaml:10`,severity:`warning`},{at:`monitoring/alertmanager.yml:6`,severity:`warning`}]},{title:`.NET settings with tokens of a replace step that is not there`,files:{"src/appsettings.Production.json":`{
  "ConnectionStrings": { "Main": "#{MainConnection}#" },
  "Logging": { "Template": "{Timestamp} {Message}" }
}
`},findings:[{at:`src/appsettings.Production.json:2`,severity:`error`}]},{title:`a step renders the manifest before it applies it`,files:{"k8s/app.yaml":`apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
data:
  host: \${APP_HOST}
  tag: __TAG__
`,"deploy.sh":`envsubst < k8s/app.yaml | sed -e "s|__TAG__|$TAG|" | kubectl apply -f -
`},findings:[]},{title:`an env file of a generator, and one that is rendered behind kustomize`,files:{"k8s/prod/kustomization.yaml":`configMapGenerator:
  - name: shop
    envs: [shop.env]
`,"k8s/prod/shop.env":`LOG_LEVEL=info
DB_URL=postgres://shop@\${DB_HOST}/shop
`,"k8s/staging/kustomization.yaml":`configMapGenerator:
  - name: shop
    envs: [shop.env]
`,"k8s/staging/shop.env":`DB_URL=postgres://shop@\${DB_HOST}/shop
`,"deploy.sh":`export DB_HOST=db.shop.io
kubectl apply -k k8s/prod
kustomize build k8s/staging | envsubst | kubectl apply -f -
`},findings:[{at:`k8s/prod/shop.env:2`,subject:"${DB_HOST}",severity:`error`,message:`kustomize build`}]},{title:`readers that expand references themselves`,files:{"compose.yaml":`services:
  app:
    image: shop:\${TAG:-latest}
    hostname: "{{.Node.Hostname}}"
`,"src/main/resources/application.yml":`url: \${DB_URL:jdbc:h2:mem}
version: "@project.version@"
`,".goreleaser.yaml":`builds:
  - ldflags: "-X main.version={{ .Version }}"
`,"monitoring/otel-collector.yaml":`receivers:
  otlp:
    endpoint: \${env:HOST}:4317
exporters:
  debug: {}
`,"monitoring/prometheus.yml":`scrape_configs:
  - job_name: a
    relabel_configs:
      - source_labels: [__address__]
        replacement: \${1}:9100
`,"main.tf":`locals {
  name = "\${var.prefix}-shop"
}
`},findings:[]},{title:`values files and objects whose controllers expand nothing`,files:{"deploy/values-staging.yaml":`project: "\${GCP_PROJECT_ID}"
token: "@TOKEN@"
env:
  - name: PEER
    value: http://\${HOST_IP}:8080
`,"k8s/nodes.yaml":`apiVersion: karpenter.sh/v1alpha5
kind: Provisioner
metadata:
  name: default
spec:
  subnetSelector:
    karpenter.sh/discovery: "\${CLUSTER_NAME}"
`,"template.yaml":`AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Shop:
    Type: AWS::Lambda::Function
    Properties:
      Environment:
        Variables:
          TOPIC: !Sub "arn:aws:sns:\${AWS::Region}:\${AWS::AccountId}:t"
          URL: "https://\${Stage}.shop.io"
Outputs:
  Console:
    Value: !Sub
      - https://\${AWS::Region}.console.aws.amazon.com/\${Id}
      - Id: a
`},findings:[{at:`deploy/values-staging.yaml:1`,severity:`warning`},{at:`deploy/values-staging.yaml:2`,subject:`@TOKEN@`},{at:`k8s/nodes.yaml:7`,severity:`warning`},{at:`template.yaml:9`,subject:"${Stage}"}]},{title:`a shell that uses a variable guards no text of that name`,files:{"deploy/compose.yaml":`services:
  alertmanager:
    image: prom/alertmanager:v0.27.0
    volumes:
      - ./alertmanager.yml:/etc/alertmanager/alertmanager.yml
`,"deploy/alertmanager.yml":`global:
  slack_api_url: "\${SLACK_WEBHOOK_URL}"
route:
  receiver: team
receivers:
  - name: team
    email_configs:
      - headers:
          subject: '{{ if gt (len .Alerts) 1 }}Alerts{{ else }}Alert{{ end }}'
`,"deploy/backup.sh":`#!/bin/sh
if [ -n "\${SLACK_WEBHOOK_URL}" ]; then
  curl -X POST "\${SLACK_WEBHOOK_URL}" || exit 1
fi
`},findings:[{at:`deploy/alertmanager.yml:2`,severity:`warning`}]},{title:`Spring's resources where the build filters nothing`,files:{"pom.xml":`<project><artifactId>shop</artifactId></project>
`,"src/main/resources/application-prod.properties":`db.password=@DB_PASSWORD@
db.user={user}
`},findings:[{at:`src/main/resources/application-prod.properties:1`,severity:`warning`}]},{title:`variables of an Azure pipeline in files, and what Kubernetes expands itself`,files:{"azure-pipelines.yml":`variables:
  DbPassword: x
steps:
  - script: kubectl apply -f k8s/production/
`,"appsettings.Production.json":`{ "ConnectionStrings": { "Main": "Password=$(DbPassword)" } }
`,"k8s/production/api.yaml":`apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  template:
    spec:
      containers:
        - name: api
          image: shop/api:$(Build.BuildId)
          args: ["--level=$(LEVEL)"]
          env:
            - name: LEVEL
              value: info
`},findings:[{at:`appsettings.Production.json:1`,severity:`error`},{at:`k8s/production/api.yaml:10`,severity:`error`}]}],"placeholders/unresolved-reference":[{title:`a container without the variable that its arguments name`,files:{"k8s/job.yaml":`apiVersion: batch/v1
kind: Job
metadata:
  name: shop
spec:
  template:
    spec:
      containers:
        - name: shop
          image: shop:1
          args: ["--dsn", "$(DATABASE_URL)", "--port", "$(PORT_NUMBER)"]
          env:
            - name: DATABASE_URL
              value: postgres://db/shop
`},findings:[{at:`k8s/job.yaml:11`,subject:`PORT_NUMBER`,severity:`error`}]},{title:`an env file that a script loads gives one of two names`,files:{"deploy/install.sh":`set -a; source common.env; set +a
docker compose up -d
`,"deploy/common.env":`DOMAIN=shop.io
`,"deploy/envs/web.env":`URL="https://\${DOMAIN}"
CDN="https://\${CDN_DOMAIN}"
`},findings:[{at:`deploy/envs/web.env:2`,subject:`CDN_DOMAIN`,severity:`warning`}]},{title:`Cloud Build knows neither name`,files:{"cloudbuild.yaml":`steps:
  - name: gcr.io/cloud-builders/docker
    args: ["build", "-t", "gcr.io/$PROJECT_ID/shop:$_TAG", "--build-arg", "M=$MODE", "."]
  - name: bash
    args: ["-c", "echo $$HOME $_REGION"]
substitutions:
  _REGION: europe-west1
`},findings:[{at:`cloudbuild.yaml:3`,subject:`MODE`,severity:`error`,message:`Cloud Build`}]},{title:`compose with and without an inventory`,files:{"compose.yaml":`services:
  app:
    image: shop:\${TAG:-1}
    environment:
      A: \${FROM_ENV_FILE}
      B: \${FROM_NOWHERE}
      C: $\${NOT_A_REFERENCE}
`,".env":`FROM_ENV_FILE=1
URL=http://\${FROM_ENV_FILE}
`},findings:[{at:`compose.yaml:6`,subject:`FROM_NOWHERE`,severity:`note`}]},{title:`the inventory is complete`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ declared: [KNOWN], namespace: process, complete: true }]
`,"compose.yaml":`services:
  app:
    image: shop:\${KNOWN}
    environment:
      A: \${UNKNOWN}
`},findings:[{at:`compose.yaml:5`,subject:`UNKNOWN`,severity:`error`}]},{title:`Flux gives one name of two`,files:{"clusters/shop.yaml":`apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: shop
spec:
  path: ./apps/shop
  postBuild:
    substitute:
      HOST: shop.acme.io
`,"apps/shop/ingress.yaml":`apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  rules:
    - host: \${HOST}
    - host: \${SECOND_HOST}
    - host: \${THIRD_HOST:=shop.local}
`},findings:[{at:`apps/shop/ingress.yaml:8`,subject:`SECOND_HOST`,severity:`warning`}]},{title:`defaults, built-in names and names that are set`,files:{".env":`BASE=/srv
DATA=\${BASE}/data
CACHE=\${HOME}/.cache
`,"compose.yaml":`services:
  app:
    image: shop:\${TAG:-latest}
    environment:
      MODE: \${MODE-dev}
`,"k8s/job.yaml":`apiVersion: batch/v1
kind: Job
metadata:
  name: shop
spec:
  template:
    spec:
      containers:
        - name: shop
          image: shop:1
          command: ["sh", "-c", "echo $(HOSTS)"]
`},findings:[]},{title:`Terraform that a job applies, with a variable that nothing sets`,files:{"infra/main.tf":`variable "region" { default = "eu-west-1" }
variable "project" {}
variable "zone" { type = string }
variable "key" { sensitive = true }
variable "image" {}
module "network" { source = "./network" }
`,"infra/network/main.tf":`variable "range" {}
`,"infra/prod.tfvars":`project = "shop"
`,".github/workflows/apply.yml":`on: push
jobs:
  apply:
    runs-on: ubuntu-latest
    env: { TF_VAR_key: "\${{ secrets.KEY }}" }
    defaults: { run: { working-directory: infra } }
    steps:
      - uses: actions/checkout@v4
      - run: |
          terraform init
          terraform apply -auto-approve -var-file=prod.tfvars -var image=shop:1
`},findings:[{at:`infra/main.tf:3`,subject:`zone`,severity:`error`,message:`No value for required variable`}]},{title:`values that are not in the tree, a root that nothing applies, and a terminal to ask at`,files:{"infra/main.tf":`variable "project" {}
`,"other/main.tf":`variable "project" {}
`,"local/main.tf":`variable "project" {}
`,"deploy.sh":`cd local
terraform apply
`,".github/workflows/apply.yml":`on: push
jobs:
  apply:
    runs-on: ubuntu-latest
    steps:
      - run: terraform -chdir=infra apply -var-file=$ENVIRONMENT.tfvars
`},findings:[{at:`local/main.tf:1`,subject:`project`,severity:`note`}]},{title:`a chart that a job installs without a value that it requires`,files:{"chart/Chart.yaml":`name: shop
`,"chart/values.yaml":`image: { tag: "" }
port: 8080
`,"chart/templates/deployment.yaml":`port: {{ .Values.port }}
tag: {{ required "a tag" .Values.image.tag }}
host: {{ .Values.host | required "a host" }}
mail: {{ .Values.mail.from | quote }}
name: {{ .Values.name | default "shop" }}
{{- if .Values.probe.enabled }}
path: {{ required "a path" .Values.probe.path }}
{{- end }}
`,".github/workflows/deploy.yml":`on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: helm upgrade --install shop ./chart --set image.tag=$GITHUB_SHA
`},findings:[{at:`chart/templates/deployment.yaml:3`,subject:`host`,severity:`error`},{at:`chart/templates/deployment.yaml:4`,subject:`mail.from`,severity:`note`}]},{title:`a variable of a workflow that nothing sets, beside those that a step sets`,files:{".github/workflows/deploy.yml":`on: push
env: { REGION: europe-west1 }
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: echo "TAG=\${GITHUB_SHA::7}" >> $GITHUB_ENV
      - run: echo \${{ env.REGION }} \${{ env.TAG }} \${{ env.OPTIONAL || 'x' }} \${{ env.PROJECT }}
  other:
    runs-on: ubuntu-latest
    steps:
      - uses: somebody/exports-variables@v1
      - run: echo \${{ env.FROM_THERE }}
`},findings:[{at:`.github/workflows/deploy.yml:8`,subject:`PROJECT`,severity:`warning`}]},{title:`an Azure pipeline with a variable that no file sets`,files:{"azure-pipelines.yml":`trigger: [main]
variables:
  region: westeurope
  imageName: shop
steps:
  - script: |
      echo "##vso[task.setvariable variable=Tag]1"
      echo $(whoami)
    displayName: $(Build.BuildId)
  - task: AzureCLI@2
    inputs:
      azureSubscription: $(subscription)
      arguments: --region $(region) --image $(imageName):$(Tag) --build $(Build.BuildId)
`},findings:[{at:`azure-pipelines.yml:12`,subject:`subscription`,severity:`note`}]},{title:`arguments after the script of a shell`,files:{"k8s/api.yaml":`apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  template:
    spec:
      containers:
        - name: api
          image: shop/api:1
          command: ["/bin/sh", "-c", "exec api --on $(hostname) --port $(PORT)"]
          args: ["--level=$(LEVEL)", "--zone=$(ZONE)"]
          env:
            - name: LEVEL
              value: info
`},findings:[{at:`k8s/api.yaml:12`,subject:`ZONE`,severity:`error`}]},{title:`a workflow that takes its variables from a file`,files:{".env":`AGENT_VERSION=1.2.3
`,".github/workflows/build.yml":`on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - run: |
          grep -v '^#' .env | while read -r line; do
            echo "$line" >> "$GITHUB_ENV"
          done
      - run: docker build --build-arg V=\${{ env.AGENT_VERSION }} .
`},findings:[]},{title:`a chart whose templates refuse to be installed without a value`,files:{"chart/Chart.yaml":`name: shop
version: 1.0.0
`,"chart/values.yaml":`host: ""
tls: { enabled: false }
`,"chart/templates/_checks.tpl":`{{- define "shop.checks" }}
{{- if empty .Values.host }}
{{- fail "host must be set" }}
{{- end }}
{{- end }}
`,"chart/templates/ingress.yaml":`{{ include "shop.checks" . }}
{{- if .Values.tls.enabled }}
{{- if not .Values.tls.secret }}
{{- fail "tls.secret must be set" }}
{{- end }}
{{- end }}
kind: Ingress
`,".github/workflows/deploy.yml":`on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: helm upgrade --install shop ./chart
`},findings:[{at:`chart/templates/_checks.tpl:2`,subject:`host`,severity:`error`}]}],"placeholders/weak-default":[{title:`compose for production`,files:{"docker-compose.prod.yml":`services:
  app:
    image: shop
    environment:
      JWT_SECRET: \${JWT_SECRET:-change-me}
      LOG_LEVEL: \${LOG_LEVEL:-info}
      REQUIRED: \${REQUIRED:?set REQUIRED, please change me}
`},findings:[{at:`docker-compose.prod.yml:5:19`,subject:`JWT_SECRET`,severity:`warning`,message:"${JWT_SECRET:?"}]},{title:`elsewhere it is a note`,files:{"src/main/resources/application.yml":`secret: \${JWT_SECRET:your-secret-key}
`},findings:[{at:`src/main/resources/application.yml:1`,severity:`note`}]},{title:`defaults that are values`,files:{"docker-compose.prod.yml":`services:
  app:
    image: shop:\${TAG:-latest}
    environment:
      HOST: \${HOST:-db}
`},findings:[]}],"secrets/conflicting-mapping":[{title:`the second script uses the old name`,files:{"orders.sh":`gcloud run deploy orders --set-secrets SESSION_KEY=session-key:latest
`,"billing.sh":`gcloud run deploy billing --set-secrets SESSION_KEY=session-signing-key:latest
`},findings:[{at:`orders.sh:1`,subject:`SESSION_KEY`,severity:`warning`}]},{title:`twice in one service`,files:{"deploy.sh":`gcloud run deploy orders --set-secrets SESSION_KEY=session-key:latest
gcloud run services update orders --update-secrets SESSION_KEY=session-signing-key:latest
`},findings:[{at:`deploy.sh:2`,subject:`SESSION_KEY`,severity:`error`}]},{title:`one for each environment`,files:{"deploy.sh":`gcloud run deploy orders-staging --set-secrets SESSION_KEY=session-key-staging:latest
gcloud run deploy orders-production --set-secrets SESSION_KEY=session-key-production:latest
`},findings:[]}],"secrets/duplicate-names":[{title:`the old name is still mapped`,files:{"deploy.sh":`gcloud run deploy api --set-secrets "KEY=session-key:1,SESSION_KEY=session-key:1"
`},findings:[{at:`deploy.sh:1`,subject:`KEY SESSION_KEY`}]},{title:`one secret that holds several values`,files:{"task-definition.json":`{ "containerDefinitions": [{ "name": "api", "secrets": [
  { "name": "MAIL_KEY", "valueFrom": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:api-AbCdEf:MAIL_KEY::" },
  { "name": "DATABASE_URL", "valueFrom": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:api-AbCdEf:DATABASE_URL::" }
] }] }
`},findings:[]},{title:`two services`,files:{"deploy.sh":`gcloud run deploy orders --set-secrets KEY=session-key:1
gcloud run deploy billing --set-secrets SESSION_KEY=session-key:1
`},findings:[]}],"secrets/dynamic-reference":[{title:`a name from the shell`,files:{"deploy.sh":`gcloud run deploy api --set-secrets "KEY=$PREFIX-key:latest"
`},findings:[{at:`deploy.sh:1`}]},{title:`a name from a variable that is set twice, or by a branch`,files:{"deploy.sh":`STAGE=staging
STAGE=$1
if [ -n "$CI" ]; then NAME=session-key; fi
gcloud run deploy api --set-secrets "KEY=key-$STAGE:latest,SESSION=$NAME:latest"
`},findings:[{at:`deploy.sh:4`,subject:`key-$STAGE`},{at:`deploy.sh:4`,subject:`$NAME`}]},{title:`a name that the script itself puts together from text`,files:{"deploy.sh":`STAGE=staging
NAME="session-key-\${STAGE}"
gcloud run deploy api --set-secrets="KEY=\${NAME}:latest"
`},findings:[]},{title:`a written name`,files:{"deploy.sh":`gcloud run deploy api --set-secrets KEY=session-key:latest
`},findings:[]}],"secrets/empty-value":[{title:`the code refuses an empty key`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ env-file: .env.staging, complete: true }]
`,".env.staging":`SIGNING_KEY=
`,"app/main.py":`import os

KEY = os.getenv("SIGNING_KEY")
if not KEY:
    raise RuntimeError("SIGNING_KEY is not set")
`},findings:[{at:`.env.staging:1`,subject:`SIGNING_KEY`,severity:`error`}]},{title:`settings that fall back on their default where a value is empty`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ env-file: .env.staging, complete: true }]
`,".env.staging":`LEVEL=
SIGNING_KEY=
`,"app/settings.py":`from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_ignore_empty=True)
    level: str = "info"
    signing_key: str
`},findings:[{at:`.env.staging:2`,subject:`SIGNING_KEY`,severity:`error`}]},{title:`a name with a value that looks empty`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ env-file: .env.staging, complete: true }]
`,".env.staging":`SIGNING_KEY="#"
`,"app/main.py":`import os

KEY = os.environ["SIGNING_KEY"]
`},findings:[]}],"secrets/environment-scope":[{title:`the build job forgot its environment`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ github-secrets: names.json, complete: true }]
`,"names.json":`{ "repository": { "secrets": [] }, "environments": { "staging": { "secrets": ["DSN"] } } }
`,".github/workflows/deploy.yml":`on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - run: ./migrate.sh "\${{ secrets.DSN }}"
`},findings:[{at:`.github/workflows/deploy.yml:6`,subject:`DSN`,severity:`error`}]},{title:`the job runs in the environment, written in another case`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ github-secrets: names.json, complete: true }]
`,"names.json":`{ "repository": { "secrets": [] }, "environments": { "staging": { "secrets": ["DSN"] } } }
`,".github/workflows/deploy.yml":`on: push
jobs:
  migrate:
    environment: Staging
    runs-on: ubuntu-latest
    steps:
      - run: ./migrate.sh "\${{ secrets.DSN }}"
`},findings:[]}],"secrets/lists-disagree":[{title:`a validator that was not kept`,files:{"deploy.sh":`#!/bin/sh
gcloud run deploy api --set-secrets A=db-password:latest,B=session-key:latest,C=mail-key:latest,D=search-key:latest
`,"scripts/validate_secrets.py":`REQUIRED = [
    "db-password",
    "session-key",
    "mail-key",
    "payment-key",
]
`},findings:[{at:`scripts/validate_secrets.py:2`,subject:`search-key`,severity:`warning`},{at:`scripts/validate_secrets.py:5`,subject:`payment-key`,severity:`warning`}]},{title:`two complete lists of one project, and one is stale`,files:{"predeploy.yml":`environments:
  staging:
    inventory:
      - { gcloud-secrets: new.json, complete: true }
      - { gcloud-secrets: old.json, complete: true }
      - { gcloud-secrets: other-project.json, complete: true }
`,"new.json":`[{ "name": "projects/1/secrets/db-password" }, { "name": "projects/1/secrets/mail-key" }]
`,"old.json":`[{ "name": "projects/1/secrets/db-password" }, { "name": "projects/1/secrets/gone-key" }]
`,"other-project.json":`[{ "name": "projects/2/secrets/shared-key" }]
`,"deploy.sh":`#!/bin/sh
gcloud run deploy api --set-secrets A=db-password:latest,B=mail-key:latest
`},findings:[{at:`predeploy.yml:5`,subject:`gcloud-secrets old.json`,severity:`warning`,message:`lacks "mail-key"; gcloud-secrets new.json lacks "gone-key"`}]},{title:`a script that creates them`,files:{"deploy.sh":`#!/bin/sh
gcloud run deploy api --set-secrets A=db-password:latest,B=session-key:latest,C=mail-key:latest
`,"create-secrets.sh":`#!/bin/sh
gcloud secrets create db-password
gcloud secrets create session-key
gcloud secrets create mail-key
gcloud secrets create mail-token
`},findings:[{at:`create-secrets.sh:5`,subject:`mail-token`}]},{title:`a checklist in step, a list of another environment, and a list of something else`,files:{"deploy.sh":`#!/bin/sh
gcloud run deploy api --set-secrets A=db-password-staging:latest,B=session-key-staging:latest,C=mail-key-staging:latest
`,"docs/SECRETS_CHECKLIST.md":"- [ ] `db-password-staging`\n- [ ] `session-key-staging`\n- [x] `mail-key-staging`\n","scripts/validate-production.sh":`#!/bin/sh
NAMES=(db-password-production session-key-production mail-key-production)
`,"scripts/required_tools.py":`TOOLS = ["git", "docker", "gcloud", "kubectl"]
`},findings:[]}],"secrets/missing-build-variable":[{title:`the schema requires it and the environment lacks it`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ env-file: .env.staging, complete: true }]
`,".env.staging":`OTHER=test-only
`,"src/environment.ts":`export const api = import.meta.env.VITE_API_URL as string;
`},findings:[{at:`src/environment.ts:1`,subject:`VITE_API_URL`}]},{title:`a default, and a name that Vite sets itself`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ env-file: .env.staging, complete: true }]
`,".env.staging":`OTHER=test-only
`,"src/environment.ts":`export const api = import.meta.env.VITE_API_URL ?? "/api";
export const mode = import.meta.env.MODE;
`},findings:[]},{title:`the stage that builds it takes no such argument`,files:{Dockerfile:`FROM node:22 AS build
WORKDIR /app
COPY . .
ARG NEXT_PUBLIC_SITE_URL=https://example.test
RUN npm ci && npm run build

FROM node:22-slim
ENV NEXT_PUBLIC_API_URL=https://api.example.test
COPY --from=build /app/.next /app/.next
CMD ["node", "server.js"]
`,".github/workflows/ship.yml":`on: { push: { branches: [main] } }
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: docker/build-push-action@v6
        with:
          context: .
          push: true
          build-args: |
            NEXT_PUBLIC_API_URL=https://api.example.test
`,"package.json":`{ "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.0.0" } }
`,"app/page.tsx":`"use client";
const api = process.env.NEXT_PUBLIC_API_URL!;
const site = process.env.NEXT_PUBLIC_SITE_URL!;
const map = process.env.NEXT_PUBLIC_MAP_URL ?? "/map";
export default () => [api, site, map].join(" ");
`},findings:[{at:`app/page.tsx:2`,subject:`NEXT_PUBLIC_API_URL`,severity:`error`,message:"no `ARG NEXT_PUBLIC_API_URL`"}]},{title:`the argument is taken, and the build gives it`,files:{Dockerfile:`FROM node:22 AS build
WORKDIR /app
COPY . .
ARG VITE_API_URL
RUN npm ci && npm run build
`,"compose.yaml":`services:
  web:
    build:
      context: .
      args:
        VITE_API_URL: \${API_URL}
`,"package.json":`{ "scripts": { "build": "vite build" }, "devDependencies": { "vite": "6.0.0" } }
`,"index.html":`<script type="module" src="/src/main.ts"><\/script>
`,"src/main.ts":`export const api = import.meta.env.VITE_API_URL as string;
`},findings:[]}],"secrets/missing-ci-secret":[{title:`the deploy key was never created`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ github-secrets: names.json, complete: true }]
`,"names.json":`{ "repository": { "secrets": ["DEPLOY_KEY_STAGING"], "variables": [] } }
`,".github/workflows/deploy.yml":`on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy.sh
        env:
          KEY: \${{ secrets.DEPLOY_KEY }}
`},findings:[{at:`.github/workflows/deploy.yml:8`,subject:`DEPLOY_KEY`,severity:`error`,message:`DEPLOY_KEY_STAGING`}]},{title:`a list that may not be all`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ github-secrets: names.json }]
`,"names.json":`{ "repository": { "secrets": [], "variables": [] } }
`,".github/workflows/deploy.yml":`on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy.sh "\${{ secrets.DEPLOY_KEY }}"
`},findings:[{at:`.github/workflows/deploy.yml:6`,subject:`DEPLOY_KEY`,severity:`warning`}]},{title:`fallbacks, guards and names that every run has`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ github-secrets: names.json, complete: true }]
`,"names.json":`{ "repository": { "secrets": [], "variables": [] } }
`,".github/workflows/ci.yml":`on: push
jobs:
  test:
    runs-on: ubuntu-latest
    env:
      COVERAGE: \${{ secrets.COVERAGE_TOKEN }}
    steps:
      - run: ./test.sh
        env:
          HOST: \${{ secrets.TEST_HOST || 'localhost' }}
          TOKEN: \${{ secrets.READ_TOKEN || github.token }}
          OWN: \${{ secrets.GITHUB_TOKEN }}
      - if: env.COVERAGE != ''
        run: ./upload.sh
      - uses: codecov/codecov-action@v5
        with:
          token: \${{ secrets.CODECOV_TOKEN }}
      - run: |
          if [ -z "$SLACK" ]; then exit 0; fi
          ./notify.sh
        env:
          SLACK: \${{ secrets.SLACK_URL }}
`},findings:[]}],"secrets/missing-ci-variable":[{title:`the region is not set`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ github-secrets: names.json, complete: true }]
`,"names.json":`{ "repository": { "secrets": ["REGION"], "variables": ["PROJECT"] } }
`,".github/workflows/deploy.yml":`on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy.sh \${{ vars.PROJECT }} \${{ vars.REGION }}
`},findings:[{at:`.github/workflows/deploy.yml:6`,subject:`REGION`}]},{title:`a variable with a fallback`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ github-secrets: names.json, complete: true }]
`,"names.json":`{ "repository": { "secrets": [], "variables": [] } }
`,".github/workflows/deploy.yml":`on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy.sh \${{ vars.REGION || 'europe-west1' }}
`},findings:[]}],"secrets/missing-object-key":[{title:`the key has another name`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ declared: [], namespace: store, complete: true }]
`,"web.yaml":`apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  template:
    spec:
      containers:
        - name: web
          image: web:1
          env:
            - name: KEY
              valueFrom: { secretKeyRef: { name: web, key: session-key } }
            - name: MODE
              valueFrom: { configMapKeyRef: { name: web, key: mode, optional: true } }
---
apiVersion: v1
kind: Secret
metadata: { name: web, namespace: shop }
stringData: { session-signing-key: "" }
`},findings:[{at:`web.yaml:12`,subject:`web/session-key`,severity:`error`}]},{title:`made by others`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ declared: [], namespace: store, complete: true }]
`,"web.yaml":`apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: web:1
      envFrom: [{ secretRef: { name: outside } }, { secretRef: { name: gen } }]
      env:
        - name: A
          valueFrom: { secretKeyRef: { name: sealed, key: a } }
        - name: B
          valueFrom: { secretKeyRef: { name: gen, key: b } }
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: { name: sealed }
spec: { encryptedData: { a: AgB } }
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: any }
spec:
  target: { name: outside }
  dataFrom: [{ find: { name: { regexp: x } } }]
`,"kustomization.yaml":`resources: [web.yaml]
secretGenerator: [{ name: gen, literals: [b=1] }]
`},findings:[]},{title:`a chart whose values name a Secret that is not there, and whose template requires a value that nothing gives`,files:{"predeploy.yml":`environments:
  staging:
    files: [chart/values-staging.yaml]
    inventory: [{ kubectl: cluster.json, complete: true }]
`,"cluster.json":`{ "kind": "List", "items": [{ "kind": "Secret", "metadata": { "name": "mail", "namespace": "shop" }, "data": { "key": "" } }] }
`,"chart/Chart.yaml":`name: shop
`,"chart/values.yaml":`search: { enabled: false }
`,"chart/values-staging.yaml":`mail: { existingSecret: mail }
payment:
  existingSecret: payment-live
search:
  auth: { existingSecret: search }
`,"chart/templates/secret.yaml":`token: {{ required "a token" .Values.token }}
{{- if .Values.search.enabled }}
search: {{ required "a key" .Values.search.key }}
{{- end }}
`},findings:[{at:`chart/templates/secret.yaml:1`,subject:`token`,severity:`error`},{at:`chart/values-staging.yaml:3`,subject:`payment-live`,severity:`error`}]},{title:`parameters of stacks that are deployed by hand, beside one that nests another and one with a samconfig.toml`,files:{"main.yaml":`AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  AdminEmail: { Type: String }
Resources:
  Network:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./network/template.yaml
      Parameters: { Range: 10.0.0.0/16 }
`,"network/template.yaml":`AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Range: { Type: String }
  Zone: { Type: String }
Resources: {}
`,"jobs/template.yaml":`Transform: AWS::Serverless-2016-10-31
Parameters:
  Queue: { Type: String }
  Topic: { Type: String }
Resources: {}
`,"jobs/samconfig.toml":`[default.deploy.parameters]
parameter_overrides = "Queue=jobs"
`},findings:[{at:`jobs/template.yaml:4`,subject:`Topic`,severity:`warning`}]},{title:`a parameter of a stack without a default, and those that the deploy gives`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ declared: [], namespace: process, complete: true }]
`,"deploy.sh":`#!/bin/sh
sam deploy --stack-name shop --parameter-overrides Stage=staging "Size=2"
`,"template.yaml":`Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: { Type: String }
  Size: { Type: Number }
  Token: { Type: String, NoEcho: true }
  Level: { Type: String, Default: info }
Resources: {}
`},findings:[{at:`template.yaml:5`,subject:`Token`,severity:`error`}]}],"secrets/missing-store-secret":[{title:`two words swapped and one lost`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ gcloud-secrets: secrets.json, complete: true }]
`,"secrets.json":`[{ "name": "projects/1/secrets/session-key-staging" }, { "name": "projects/1/secrets/mail-password-staging" }]
`,"deploy.sh":`#!/bin/sh
gcloud run deploy api \\
  --set-secrets "SESSION_KEY=session-signing-key-staging:latest,MAIL_PASSWORD=mail-password-staging:latest"
`},findings:[{at:`deploy.sh:3`,subject:`session-signing-key-staging`,severity:`error`,message:`"session-key-staging" exists there`}]},{title:`the script puts the name together from text`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ gcloud-secrets: secrets.json, complete: true }]
`,"secrets.json":`[{ "name": "projects/1/secrets/db-url-staging" }, { "name": "projects/1/secrets/mail-token-staging" }]
`,"deploy.sh":`#!/bin/sh
STAGE=staging
MAIL_SECRET="mail-key-\${STAGE}"
gcloud run deploy api \\
  --set-secrets="DATABASE_URL=db-url-\${STAGE}:latest,MAIL_KEY=\${MAIL_SECRET}:latest"
`},findings:[{at:`deploy.sh:5`,subject:`mail-key-staging`,severity:`error`}]},{title:`another project, a computed name, plain variables and printed text`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ gcloud-secrets: secrets.json, complete: true }]
`,"secrets.json":`[]`,"deploy.sh":`#!/bin/sh
gcloud run deploy api --set-secrets A=projects/7/secrets/shared:1
gcloud run deploy api --set-secrets "B=$NAME:latest" --set-env-vars "MODE=secret:latest"
gcloud run services update api --remove-secrets OLD
echo "gcloud run deploy api --set-secrets C=c:latest"
`},findings:[]}],"secrets/missing-terraform-variable":[{title:`set for production only`,files:{"predeploy.yml":`environments: { staging: {}, production: {} }
`,"infra/variables.tf":`variable "project" {}
variable "network" {
  type = string
}
`,"infra/staging.tfvars":`project = "shop-staging"
`,"infra/production.tfvars":`project = "shop"
network = "main"
`},findings:[{at:`infra/variables.tf:2`,subject:`network`,severity:`error`}]},{title:`defaults, modules and values of the job`,files:{"predeploy.yml":`environments: { staging: {} }
`,"infra/main.tf":`variable "project" {}
variable "size" { default = null }
variable "key" { sensitive = true }
module "network" { source = "./network" }
`,"infra/network/main.tf":`variable "range" {}
`,"infra/staging.tfvars":`project = "shop-staging"
`,".github/workflows/apply.yml":`on: push
jobs:
  apply:
    runs-on: ubuntu-latest
    env: { TF_VAR_key: "\${{ secrets.KEY }}" }
    steps: [{ run: terraform -chdir=infra apply -var-file=staging.tfvars }]
`},findings:[]}],"secrets/missing-variable":[{title:`the environment spells it otherwise`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ env-file: .env.staging, complete: true }]
`,".env.staging":`SESSION_KEY=test-only
`,"app/settings.py":`import os

KEY = os.environ["SESSION_SIGNING_KEY"]
`},findings:[{at:`app/settings.py:3`,subject:`SESSION_SIGNING_KEY`,message:`"SESSION_KEY" exists there`}]},{title:`needed only where another name is absent`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ env-file: .env.staging, complete: true }]
`,".env.staging":`BROKER_URL=test-only
`,"app/settings.py":`import os

if os.getenv("BROKER_URL"):
    BROKER = os.environ["BROKER_URL"]
else:
    BROKER = "amqp://" + os.environ["BROKER_HOST"]
`},findings:[]},{title:`needed only in a branch that another variable chooses`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ env-file: .env.staging, complete: true }]
`,".env.staging":`MAILER=smtp
`,"app/settings.py":`import os

STORE = os.environ.get("STORE", "disk")
if STORE == "bucket":
    BUCKET = os.environ["BUCKET_NAME"]
elif STORE == "disk":
    FOLDER = os.environ["STORE_FOLDER"]
`,"src/mail.ts":`const mailer = process.env.MAILER;
export const key = mailer === "hosted" ? process.env.MAILER_KEY! : process.env.SMTP_URL!;
`},findings:[{at:`app/settings.py:7`,subject:`STORE_FOLDER`},{at:`src/mail.ts:2`,subject:`SMTP_URL`}]},{title:`a function that throws, in another file`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ env-file: .env.staging, complete: true }]
`,".env.staging":`OTHER=test-only
`,"src/environment.ts":`export function mustHave(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(\`\${name} is not set\`);
  return value;
}
`,"src/mail.ts":`import { mustHave } from "./environment";
export const key = mustHave("MAIL_KEY");
export const from = process.env.MAIL_FROM ?? "noreply@example.test";
`},findings:[{at:`src/mail.ts:2`,subject:`MAIL_KEY`}]},{title:`defaults, guards, tests and names that are always there`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ env-file: .env.staging, complete: true }]
`,".env.staging":`OTHER=test-only
`,"app/main.py":`import os

PORT = os.environ["PORT"]
LEVEL = os.environ.get("LEVEL", "info")
os.environ.setdefault("MODE", "web")
MODE = os.environ["MODE"]
try:
    CACHE = os.environ["CACHE"]
except KeyError:
    CACHE = None
`,"tests/test_main.py":`import os

assert os.environ["ONLY_HERE"]
`,"src/main.ts":`export const proxy = process.env.PROXY ? process.env.PROXY! : null;
export const debug = process.env.DEBUG_MODE === "1";
const { QUEUE = "jobs" } = process.env;
`},findings:[]}],"secrets/partially-wired":[{title:`the second service was forgotten`,files:{"deploy.sh":`#!/bin/sh
gcloud run deploy orders --set-env-vars A=1 --set-secrets KEY=session-key:latest
gcloud run deploy billing --set-env-vars A=1
`,"orders/main.py":`import shared.session
`,"billing/main.py":`import shared.session
`,"shared/__init__.py":``,"shared/session.py":`import os

KEY = os.environ["KEY"]
`},findings:[{at:`shared/session.py:3`,subject:`KEY`,severity:`warning`,message:`billing`}]},{title:`the other service does not import it`,files:{"deploy.sh":`#!/bin/sh
gcloud run deploy orders --set-env-vars A=1 --set-secrets KEY=session-key:latest
gcloud run deploy billing --set-env-vars A=1
`,"orders/main.py":`import shared.session
`,"billing/main.py":`import json
`,"shared/__init__.py":``,"shared/session.py":`import os

KEY = os.environ["KEY"]
`},findings:[]}],"secrets/placeholder-value":[{title:`the template's words are still there`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ env-file: .env.staging }]
`,".env.staging":`MAIL_KEY=REPLACE_WITH_MAIL_KEY
`},findings:[{at:`.env.staging:1`,subject:`MAIL_KEY`,severity:`error`}]},{title:`values that only begin like one`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ env-file: .env.staging }]
`,".env.staging":`MODE=replacement
TITLE=yours
`},findings:[]}],"secrets/plaintext-secret":[{title:`a key in the command`,files:{"deploy.sh":`gcloud run deploy api --set-env-vars MAIL_API_KEY=k3v9q0x7b2m4n8w1
`},findings:[{at:`deploy.sh:1`,subject:`MAIL_API_KEY`}]},{title:`keys in a task definition and in a compose file of production`,files:{"task-definition.json":`{ "containerDefinitions": [{ "name": "api", "environment": [{ "name": "MAIL_API_KEY", "value": "k3v9q0x7b2m4n8w1" }] }] }
`,"compose.prod.yaml":`services:
  web:
    image: web
    environment:
      SIGNING_KEY: k3v9q0x7b2m4n8w1
      MODE: k3v9q0x7b2m4n8w1
`},findings:[{at:`compose.prod.yaml:5`,subject:`SIGNING_KEY`},{at:`task-definition.json:1`,subject:`MAIL_API_KEY`}]},{title:`compose on the own machine`,files:{"docker-compose.yml":`services: { web: { image: web, environment: { SIGNING_KEY: k3v9q0x7b2m4n8w1 } } }
`},findings:[]},{title:`references, paths and public keys`,files:{"deploy.sh":`gcloud run deploy api --set-env-vars "MAIL_API_KEY=$MAIL,KEY_PASSWORD_FILE=/run/k3v9q0x7,PUBLIC_API_KEY=k3v9q0x7b2m4n8w1"
`},findings:[]}],"secrets/present-list-stale":[{title:`a secret that came later`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: predeploy/predeploy@v1
        with:
          present: |
            KEY=\${{ secrets.KEY != '' }}
      - run: ./deploy.sh "\${{ secrets.KEY }}" "\${{ secrets.LATER }}"
`},findings:[{at:`.github/workflows/deploy.yml:10`,subject:`LATER`,severity:`warning`}]},{title:`all are in the list`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: predeploy/predeploy@v1
        with:
          present: |
            KEY=\${{ secrets.KEY != '' }}
      - run: ./deploy.sh "\${{ secrets.KEY }}" 
`},findings:[]}],"secrets/required-not-provided":[{title:`nobody made it`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ gcloud-secrets: names.json, complete: true }]
    requires: [session-key, mail-key]
`,"names.json":`[{ "name": "projects/1/secrets/mail-key" }]
`},findings:[{at:`predeploy.yml:4`,subject:`session-key`,severity:`error`}]},{title:`it is there`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ gcloud-secrets: names.json, complete: true }]
    requires: [mail-key]
`,"names.json":`[{ "name": "projects/1/secrets/mail-key" }]
`},findings:[]}],"secrets/secret-not-accessible":[{title:`the newest secret is not granted`,files:{"infra/main.tf":`resource "google_service_account" "api" { account_id = "api" }
resource "google_secret_manager_secret" "db" { secret_id = "db-password" }
resource "google_secret_manager_secret" "mail" { secret_id = "mail-key" }
resource "google_secret_manager_secret_iam_member" "db" {
  secret_id = google_secret_manager_secret.db.id
  role      = "roles/secretmanager.secretAccessor"
  member    = "serviceAccount:\${google_service_account.api.email}"
}
resource "google_cloud_run_v2_service" "api" {
  name = "api"
  template {
    service_account = google_service_account.api.email
    containers {
      env {
        name = "DB"
        value_source {
          secret_key_ref {
            secret = google_secret_manager_secret.db.secret_id
          }
        }
      }
      env {
        name = "MAIL"
        value_source {
          secret_key_ref {
            secret = google_secret_manager_secret.mail.secret_id
          }
        }
      }
    }
  }
}
`},findings:[{at:`infra/main.tf:26`,subject:`mail-key`}]},{title:`a grant for the whole project, and a loop over all secrets`,files:{"project/main.tf":`resource "google_service_account" "api" { account_id = "api" }
resource "google_secret_manager_secret" "db" { secret_id = "db-password" }
resource "google_project_iam_member" "all" {
  role   = "roles/secretmanager.secretAccessor"
  member = "serviceAccount:\${google_service_account.api.email}"
}
resource "google_secret_manager_secret_iam_member" "other" {
  secret_id = google_secret_manager_secret.other.id
  role      = "roles/secretmanager.secretAccessor"
  member    = "serviceAccount:\${google_service_account.api.email}"
}
resource "google_cloud_run_v2_service" "api" {
  name = "api"
  template {
    service_account = google_service_account.api.email
    containers {
      env {
        name = "DB"
        value_source {
          secret_key_ref {
            secret = google_secret_manager_secret.db.secret_id
          }
        }
      }
    }
  }
}
`,"loop/main.tf":`resource "google_service_account" "api" { account_id = "api" }
resource "google_secret_manager_secret" "db" { secret_id = "db-password" }
resource "google_secret_manager_secret_iam_member" "each" {
  for_each  = local.secrets
  secret_id = each.value
  role      = "roles/secretmanager.secretAccessor"
  member    = "serviceAccount:\${google_service_account.api.email}"
}
resource "google_cloud_run_v2_service" "api" {
  name = "api"
  template {
    service_account = google_service_account.api.email
    containers {
      env {
        name = "DB"
        value_source {
          secret_key_ref {
            secret = google_secret_manager_secret.db.secret_id
          }
        }
      }
    }
  }
}
`},findings:[]}],"secrets/secret-not-passed":[{title:`required and not passed, passed and not declared`,files:{".github/workflows/deploy.yml":`on:
  workflow_call:
    secrets:
      TOKEN: { required: true }
      EXTRA: {}
jobs:
  go:
    runs-on: ubuntu-latest
    steps: [{ run: "./go.sh \${{ secrets.TOKEN }}" }]
`,".github/workflows/main.yml":`on: push
jobs:
  deploy:
    uses: ./.github/workflows/deploy.yml
    secrets:
      OTHER: \${{ secrets.OTHER }}
`},findings:[{at:`.github/workflows/main.yml:4`,subject:`TOKEN`,severity:`error`},{at:`.github/workflows/main.yml:6`,subject:`OTHER`}]},{title:`in a composite action`,files:{"setup/action.yml":`name: setup
runs:
  using: composite
  steps:
    - run: ./login.sh "\${{ secrets.TOKEN }}"
      shell: bash
`},findings:[{at:`setup/action.yml:5`,subject:`TOKEN`}]},{title:`inherited`,files:{".github/workflows/deploy.yml":`on:
  workflow_call:
    secrets:
      TOKEN: { required: true }
      EXTRA: {}
jobs:
  go:
    runs-on: ubuntu-latest
    steps: [{ run: "./go.sh \${{ secrets.TOKEN }}" }]
`,".github/workflows/main.yml":`on: push
jobs:
  deploy:
    uses: ./.github/workflows/deploy.yml
    secrets: inherit
`},findings:[]}],"secrets/secret-version-unusable":[{title:`the latest was disabled`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ gcloud-secrets: names.json, complete: true }]
`,"names.json":`[{ "name": "projects/1/secrets/mail-key", "versions": [
  { "name": "projects/1/secrets/mail-key/versions/1", "state": "ENABLED" },
  { "name": "projects/1/secrets/mail-key/versions/2", "state": "DISABLED" } ] }]
`,"deploy.sh":`gcloud run deploy api --set-secrets MAIL_KEY=mail-key:latest
`},findings:[{at:`deploy.sh:1`,subject:`mail-key`,severity:`error`}]},{title:`an older version that is good is named`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ gcloud-secrets: names.json, complete: true }]
`,"names.json":`[{ "name": "projects/1/secrets/mail-key", "versions": [
  { "name": "projects/1/secrets/mail-key/versions/1", "state": "ENABLED" },
  { "name": "projects/1/secrets/mail-key/versions/2", "state": "DESTROYED" } ] }]
`,"deploy.sh":`gcloud run deploy api --set-secrets MAIL_KEY=mail-key:1
`},findings:[]}],"secrets/unused-secret":[{title:`left over`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ gcloud-secrets: names.json, complete: true }]
`,"names.json":`[{ "name": "projects/1/secrets/old-key" }]
`},findings:[{at:`names.json:1`,subject:`old-key`}]},{title:`a computed name may be any`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ gcloud-secrets: names.json, complete: true }]
`,"names.json":`[{ "name": "projects/1/secrets/old-key" }]
`,"deploy.sh":`gcloud run deploy api --set-secrets "KEY=$PREFIX-key:latest"
`},findings:[]}],"secrets/unwired-variable":[{title:`the password is in the store and nobody maps it`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ gcloud-secrets: names.json, complete: true }]
`,"names.json":`[{ "name": "projects/1/secrets/database-password" }]
`,"deploy.sh":`#!/bin/sh
gcloud run deploy api --set-env-vars MODE=web --set-secrets KEY=database-password:latest
`,"api/main.py":`import os

PASSWORD = os.environ["DATABASE_PASSWORD"]
`},findings:[{at:`api/main.py:3`,subject:`DATABASE_PASSWORD`,severity:`warning`,message:`DATABASE_PASSWORD=database-password:latest`}]},{title:`what the service has already may hold it`,files:{"predeploy.yml":`environments:
  staging:
    inventory: [{ gcloud-secrets: names.json, complete: true }]
`,"names.json":`[]
`,"deploy.sh":`#!/bin/sh
gcloud run services update api --update-env-vars MODE=web
`,"api/main.py":`import os

PASSWORD = os.environ["DATABASE_PASSWORD"]
`},findings:[]},{title:`a Deployment without a variable that the start of its image needs`,files:{"skaffold.yaml":`apiVersion: skaffold/v4beta11
kind: Config
build: { artifacts: [{ image: shop/api, context: api }] }
`,"api/Dockerfile":`FROM python:3.12
COPY . .
CMD ["python", "main.py"]
`,"api/main.py":`import os

MODE = os.environ["MODE"]
KEY = os.environ["JWT_KEY"]
`,"k8s/api.yaml":`apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  template:
    spec:
      containers:
        - name: api
          image: registry.example.com/shop/api:1
          env:
            - { name: MODE, value: web }
`},findings:[{at:`api/main.py:4`,subject:`JWT_KEY`,severity:`error`,message:`secretKeyRef`}]},{title:`a Secret whose keys nobody can tell`,files:{"skaffold.yaml":`apiVersion: skaffold/v4beta11
kind: Config
build: { artifacts: [{ image: shop/api, context: api }] }
`,"api/Dockerfile":`FROM python:3.12
COPY . .
CMD ["python", "main.py"]
`,"api/main.py":`import os

KEY = os.environ["JWT_KEY"]
`,"k8s/api.yaml":`apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  template:
    spec:
      containers:
        - name: api
          image: registry.example.com/shop/api:1
          envFrom: [{ secretRef: { name: api } }]
`},findings:[]}],"startup-order/await-of-sync":[{title:`the function returns nothing`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["python", "service.py"]
`,"service.py":`import asyncio


def configure():
    print("configured")


class Store:
    def size(self):
        return 3


def open_store():
    return Store()


async def main():
    await configure()
    await open_store()
    await Store().size()


asyncio.run(main())
`},findings:[{at:`service.py:18`,subject:`service.configure`,message:`returns None`},{at:`service.py:19`,subject:`service.open_store`},{at:`service.py:20`,subject:`service.Store.size`}]},{title:`a plain function that gives an awaitable, and ones that nobody can tell`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["python", "service.py"]
`,"service.py":`import asyncio
from elsewhere import make


async def work(): ...


class Handle:
    def __await__(self):
        return work().__await__()


def start():
    return work()


def begin():
    return asyncio.ensure_future(work())


def handle():
    return Handle()


def unknown(flag):
    return make(flag)


class Base:
    def load(self):
        raise NotImplementedError


class Real(Base):
    async def load(self): ...


async def main(base: Base):
    await start()
    await begin()
    await handle()
    await unknown(True)
    await base.load()


asyncio.run(main(Real()))
`},findings:[]},{title:`the failure is expected, or tolerated`,files:{Dockerfile:`FROM python:3.13-slim
COPY . .
CMD ["python", "service.py"]
`,"service.py":`import asyncio


def stop():
    print("stopped")


async def main():
    try:
        await stop()
    except TypeError:
        pass
    try:
        await stop()
    except Exception as error:
        print(error)


asyncio.run(main())
`},findings:[{at:`service.py:10`,severity:`note`},{at:`service.py:14`,severity:`warning`}]}],"startup-order/captured-singleton":[{title:`the pool is None for ever`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["python", "service.py"]
`,"db.py":`pool = None


def init_pool():
    global pool
    pool = object()
`,"queries.py":`from db import pool


def one():
    return pool.acquire()
`,"service.py":`import db
import queries

db.init_pool()
queries.one()
`},findings:[{at:`queries.py:1`,subject:`db.pool`,severity:`error`}]},{title:`looked up late, bound at import, rebound by the importer`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["python", "service.py"]
`,"db.py":`pool = None
cache = None


def init_pool():
    global pool
    pool = object()


def init_cache():
    global cache
    cache = {}


init_cache()
`,"service.py":`import db
from db import cache


def one():
    return db.pool.acquire(), cache.get("a")


db.init_pool()
one()
`},findings:[]}],"startup-order/circular-import":[{title:`a package that imports back from the module that is importing it`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "main.py"]
`,"main.py":`from billing.invoices import Invoice
`,"billing/__init__.py":``,"billing/invoices.py":`from billing.tax import rate


class Invoice:
    rate = rate
`,"billing/tax.py":`from billing.invoices import Invoice

rate = 0.2
`},findings:[{at:`billing/tax.py:1`,subject:`billing.invoices.Invoice`,severity:`error`}]},{title:`caught each time`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "main.py"]
`,"main.py":`import a
`,"a.py":`import b

VALUE = 1
`,"b.py":`try:
    from a import VALUE
except ImportError:
    VALUE = None
`},findings:[{at:`b.py:2`,severity:`note`}]},{title:`what runs as the program is not yet imported under its own name`,files:{Dockerfile:`FROM python:3.12
WORKDIR /code
COPY . .
CMD ["python", "-m", "jobs.send"]
`,"jobs/__init__.py":``,"jobs/names.py":`from jobs.send import send
`,"jobs/send.py":`import jobs.names
def send(): return 1
if __name__ == "__main__":
    send()
`},findings:[]},{title:`what runs as the program fails where it is imported under its own name`,files:{Dockerfile:`FROM python:3.12
WORKDIR /code
COPY . .
CMD ["python", "-m", "jobs.send"]
`,"jobs/__init__.py":``,"jobs/names.py":`from jobs.send import send
NAME = send
`,"jobs/send.py":`from jobs.names import NAME
def send(): return NAME
`},findings:[{at:`jobs/send.py:1`,subject:`jobs.names.NAME`,severity:`error`}]},{title:`cycles that work`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["uvicorn", "pkg.main:app"]
`,"pkg/__init__.py":`from .first import LIMIT
`,"pkg/main.py":`from pkg import first, second

app = None
`,"pkg/first.py":`LIMIT = 1
from pkg import second
from pkg.third import late
`,"pkg/second.py":`from typing import TYPE_CHECKING

import pkg.first
from pkg.first import LIMIT

if TYPE_CHECKING:
    from pkg.first import Later


def use():
    from pkg.first import late

    return late
`,"pkg/third.py":`import pkg.first as first


def late():
    return first.LIMIT
`},findings:[]},{title:`an ES module extends a class that waits for it`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "base.mjs"]
`,"base.mjs":`import { Special } from "./special.mjs";

export class Base {}
console.log(new Special());
`,"special.mjs":`import { Base } from "./base.mjs";

export class Special extends Base {}
`},findings:[{at:`special.mjs:3`,subject:`base.Base`,severity:`error`}]},{title:`ES modules in a circle that use each other late`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "base.mjs"]
`,"base.mjs":`import { special } from "./special.mjs";

export const limit = 3;
export function base() {
  return limit;
}
console.log(special());
`,"special.mjs":`import { base, limit } from "./base.mjs";

export const again = base;
export function special() {
  return base() + limit;
}
`},findings:[]},{title:`models of Django's applications in the order of the settings`,files:{Dockerfile:`FROM python:3.12
COPY . .
CMD ["python", "manage.py", "runserver"]
`,"manage.py":`import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_.settings")
`,"site_/__init__.py":``,"site_/settings.py":`INSTALLED_APPS = ["logs", "core"]
`,"core/__init__.py":``,"core/models.py":`LIMIT = 1
from logs.models import Entry
`,"logs/__init__.py":``,"logs/models.py":`from core.models import LIMIT


class Entry:
    limit = LIMIT
`},findings:[{at:`core/models.py:2`,subject:`logs.models.Entry`,severity:`error`}]},{title:`a configuration that lies elsewhere says whose models are loaded first`,files:{Dockerfile:`FROM python:3.12
COPY . .
CMD ["python", "manage.py", "runserver"]
`,"manage.py":`import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_.settings")
`,"site_/__init__.py":`from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
`,"site_/settings.py":`INSTALLED_APPS = ["site_.CoreConfig", "logs"]
`,"core/__init__.py":``,"core/models.py":`LIMIT = 1
from logs.models import Entry
`,"logs/__init__.py":``,"logs/models.py":`from core.models import LIMIT


class Entry:
    limit = LIMIT
`},findings:[]},{title:`the configurations of all applications are imported before any models`,files:{Dockerfile:`FROM python:3.12
COPY . .
CMD ["python", "manage.py", "runserver"]
`,"manage.py":`import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_.settings")
`,"site_/__init__.py":``,"site_/settings.py":`INSTALLED_APPS = ["logs", "core"]
`,"core/__init__.py":``,"core/apps.py":`import core.models
`,"core/models.py":`LIMIT = 1
from logs.models import Entry
`,"logs/__init__.py":``,"logs/models.py":`from core.models import LIMIT


class Entry:
    limit = LIMIT
`},findings:[]}],"startup-order/compose-build-path-missing":[{title:`context, Dockerfile and mounted file`,files:{"deploy/compose.yaml":`services:
  api:
    build: ./api
  web:
    build:
      context: ../web
      dockerfile: Dockerfile.production
  proxy:
    image: nginx:1.29
    volumes:
      - ./nginx.conf:/etc/nginx/nginx.conf:ro
`,"api/Dockerfile":`FROM python:3.13
`,"web/Dockerfile":`FROM node:22
`},findings:[{at:`deploy/compose.yaml:3`,subject:`deploy/api`,severity:`error`},{at:`deploy/compose.yaml:7`,subject:`web/Dockerfile.production`,severity:`error`},{at:`deploy/compose.yaml:11`,subject:`deploy/nginx.conf`,severity:`error`}]},{title:`a context without Dockerfile`,files:{"compose.yaml":`services:
  api:
    build: ./api
`,"api/main.py":`pass
`},findings:[{at:`compose.yaml:3`,subject:`api/Dockerfile`}]},{title:`what git ignores and what is copied from an example is a note`,files:{"compose.yaml":`services:
  proxy:
    image: nginx:1.29
    volumes:
      - ./certs/server.pem:/etc/ssl/server.pem
      - ./config.yaml:/app/config.yaml
`,".gitignore":`certs/
`,"config.example.yaml":`a: 1
`},findings:[{at:`compose.yaml:5`,subject:`certs/server.pem`,severity:`note`},{at:`compose.yaml:6`,subject:`config.yaml`,severity:`note`}]},{title:`a script names another project directory`,files:{"deploy/compose.yaml":`services:
  api:
    build: ./api
`,"api/Dockerfile":`FROM python:3.13
`,"up.sh":`docker compose --project-directory . -f deploy/compose.yaml up -d
`},findings:[{at:`deploy/compose.yaml:3`,severity:`note`}]},{title:`an override takes the build away`,files:{"compose.yaml":`services:
  api:
    image: example/api:1
    build: ./api
`,"compose.override.yaml":`services:
  api:
    build: !reset null
`},findings:[]},{title:`paths that exist, are remote, hold variables, or are directories and volumes`,files:{"compose.yaml":`services:
  api:
    build: ./api
    volumes:
      - ./api/settings.toml:/app/settings.toml
      - ./data:/data
      - cache:/cache
      - /etc/localtime:/etc/localtime
      - \${CONFIG:-./x.yaml}:/app/x.yaml
      - ./conf.d:/etc/conf.d
  remote:
    build: https://github.com/example/app.git#main
  variable:
    build: { context: "\${DIR}" }
  inline:
    build:
      context: .
      dockerfile_inline: FROM scratch
volumes: { cache: {} }
`,"api/Dockerfile":`FROM python:3.13
`,"api/settings.toml":`a = 1
`},findings:[]},{title:`a copy that a tool packs up and unpacks where the paths are`,files:{"compose.yaml":`services:
  api:
    build: ./api
`,"api/Dockerfile":`FROM alpine
`,"cli/packed/compose.yaml":`services:
  api:
    build: ./api
`},findings:[{at:`cli/packed/compose.yaml:3`,severity:`note`}]},{title:`its own comment says over which file it goes, and the first file decides where paths count from`,files:{"deploy/compose.yaml":`services:
  api:
    build: ./api
`,"deploy/api/Dockerfile":`FROM alpine
`,"deploy/runner/Dockerfile":`FROM alpine
`,"deploy/optional/compose.runner.yaml":`# Put it over the base:
#   docker compose -f deploy/compose.yaml \\
#     -f deploy/optional/compose.runner.yaml up
services:
  runner:
    build: ./runner
`},findings:[]},{title:`the README has the reader write the mounted file first`,files:{"compose.yaml":`services:
  prometheus:
    image: prom/prometheus
    volumes: ["./prometheus.yml:/etc/prometheus/prometheus.yml"]
  mail:
    image: example/mail:1
    volumes: ["./mail.yml:/etc/mail.yml"]
`,"README.md":`Write \`prometheus.yml\` and look at mail.yml:
    echo "global: {}" > prometheus.yml
`},findings:[{at:`compose.yaml:4`,subject:`prometheus.yml`,severity:`note`},{at:`compose.yaml:7`,subject:`mail.yml`,severity:`error`}]},{title:`one command finds it, another that names the file alone does not`,files:{"deploy/compose.yaml":`services:
  api:
    build: ./api
`,"deploy/api/Dockerfile":`FROM alpine
`,"deploy/runner/Dockerfile":`FROM alpine
`,"deploy/optional/compose.runner.yaml":`services:
  runner:
    build: ./runner
`,"up.sh":`docker compose -f deploy/compose.yaml -f deploy/optional/compose.runner.yaml up -d
docker compose -f deploy/optional/compose.runner.yaml logs
`},findings:[]},{title:`an override whose paths start where the first file lies, and a file of its own name`,files:{"packages/bench/compose.pooler.yaml":`services:
  pooler:
    image: pooler:1
    volumes: ["./packages/bench/pooler.toml:/etc/pooler.toml"]
`,"packages/bench/pooler.toml":``,"deploy/compose.yaml":`services:
  pooler:
    image: pooler:1
    volumes: ["./packages/bench/pooler.toml:/etc/pooler.toml"]
`},findings:[{at:`deploy/compose.yaml:4`,severity:`error`},{at:`packages/bench/compose.pooler.yaml:4`,severity:`note`,message:`from the repository root`}]}],"startup-order/compose-completed-restarts":[{title:`the migration restarts`,files:{"compose.yaml":`services:
  migrate:
    image: example/api:1
    restart: unless-stopped
  api:
    image: example/api:1
    depends_on:
      migrate: { condition: service_completed_successfully }
`},findings:[{at:`compose.yaml:4`,subject:`migrate`,severity:`error`}]},{title:`the restart comes with an anchor`,files:{"compose.yaml":`x-app: &app
  image: example/api:1
  restart: always
services:
  seed:
    <<: *app
  api:
    <<: *app
    depends_on:
      seed: { condition: service_completed_successfully }
`},findings:[{at:`compose.yaml:3`,subject:`seed`}]},{title:`it restarts on failure only, or nobody awaits its end`,files:{"compose.yaml":`services:
  migrate:
    image: example/api:1
    restart: on-failure
  seed:
    image: example/api:1
    restart: "no"
  cache:
    image: redis:8
    restart: always
  api:
    image: example/api:1
    restart: always
    depends_on:
      migrate: { condition: service_completed_successfully }
      seed: { condition: service_completed_successfully }
      cache: { condition: service_started }
`},findings:[]}],"startup-order/compose-dependency-cycle":[{title:`two services wait for each other`,files:{"compose.yaml":`services:
  api:
    image: example/api:1
    depends_on:
      - worker
  worker:
    image: example/worker:1
    depends_on: [api]
`},findings:[{at:`compose.yaml:4`,subject:`api`,severity:`error`,message:`api \u2192 worker \u2192 api`}]},{title:`a service waits for itself`,files:{"compose.yaml":`services:
  api:
    image: example/api:1
    depends_on: [api]
`},findings:[{at:`compose.yaml:4`,subject:`api`}]},{title:`the override closes the circle`,files:{"compose.yaml":`services:
  api:
    image: example/api:1
    depends_on: [db]
  db:
    image: postgres:17
`,"compose.override.yaml":`services:
  db:
    depends_on: [api]
`},findings:[{at:`compose.yaml:4`,subject:`api`}]},{title:`two ways to the same service are no circle`,files:{"compose.yaml":`services:
  web:
    image: example/web:1
    depends_on: [api, db]
  api:
    image: example/api:1
    depends_on: [db]
  db:
    image: postgres:17
`},findings:[]}],"startup-order/compose-healthy-without-healthcheck":[{title:`built here, no check anywhere`,files:{"compose.yaml":`services:
  web:
    image: example/web:1
    depends_on:
      api:
        condition: service_healthy
  api:
    build: ./api
`,"api/Dockerfile":`FROM python:3.13-slim
CMD ["python", "-m", "api"]
`},findings:[{at:`compose.yaml:6`,subject:`api`,severity:`error`}]},{title:`the check belongs to a stage that is not shipped`,files:{"compose.yaml":`services:
  web:
    image: example/web:1
    depends_on: { api: { condition: service_healthy } }
  api:
    build: { context: ., target: prod }
`,Dockerfile:`FROM node:22 AS dev
HEALTHCHECK CMD curl -f localhost
FROM node:22 AS prod
CMD ["node", "server.js"]
`},findings:[{at:`compose.yaml:4`,subject:`api`,severity:`error`}]},{title:`the check is switched off`,files:{"compose.yaml":`services:
  web:
    image: example/web:1
    depends_on: { api: { condition: service_healthy } }
  api:
    build: .
    healthcheck: { disable: true }
`,Dockerfile:`FROM node:22
HEALTHCHECK CMD curl -f localhost
`},findings:[{at:`compose.yaml:4`,subject:`api`,severity:`error`}]},{title:`the Dockerfile takes the check of its base away`,files:{"compose.yaml":`services:
  web:
    image: example/web:1
    depends_on: { api: { condition: service_healthy } }
  api:
    build: .
`,Dockerfile:`FROM node:22 AS base
HEALTHCHECK CMD curl -f localhost
FROM base
HEALTHCHECK NONE
`},findings:[{at:`compose.yaml:4`,severity:`error`}]},{title:`a third-party image is a note`,files:{"compose.yaml":`services:
  web:
    image: example/web:1
    depends_on: { db: { condition: service_healthy } }
  db:
    image: postgres:17
`},findings:[{at:`compose.yaml:4`,subject:`db`,severity:`note`}]},{title:`checks in the file, by an anchor, in the Dockerfile, in a stage below, in an override`,files:{"compose.yaml":`x-check: &check
  healthcheck: { test: [CMD, true] }
services:
  web:
    image: example/web:1
    depends_on:
      a: { condition: service_healthy }
      b: { condition: service_healthy }
      c: { condition: service_healthy }
      d: { condition: service_healthy }
      e: { condition: service_healthy }
  a:
    image: example/a:1
    healthcheck: { test: ["CMD-SHELL", "pg_isready"] }
  b:
    <<: *check
    image: example/b:1
  c:
    build: ./c
  d:
    build: ./d
  e:
    build: ./e
`,"compose.override.yaml":`services:
  e:
    healthcheck: { test: [CMD, wget, -q, localhost] }
`,"c/Dockerfile":`FROM python:3.13
HEALTHCHECK CMD python check.py
`,"d/Dockerfile":`FROM python:3.13 AS base
HEALTHCHECK CMD python check.py
FROM base AS prod
CMD ["python", "d.py"]
`,"e/Dockerfile":`FROM python:3.13
`},findings:[]},{title:`images that are known to bring a check`,files:{"compose.yaml":`services:
  web:
    image: example/web:1
    depends_on: { mail: { condition: service_healthy }, aws: { condition: service_healthy } }
  mail:
    image: axllent/mailpit:v1.21
  aws:
    build: { context: ., dockerfile_inline: "FROM localstack/localstack:4" }
`},findings:[]}],"startup-order/compose-migration-not-awaited":[{title:`the edge waits for the start only`,files:{"compose.yaml":`services:
  migrate:
    build: .
    command: alembic upgrade head
  api:
    build: .
    command: uvicorn app.main:app
    depends_on:
      - migrate
`,Dockerfile:`FROM python:3.13
`},findings:[{at:`compose.yaml:9`,subject:`migrate`,severity:`error`}]},{title:`no edge, same image`,files:{"compose.yaml":`services:
  migrate:
    image: example/api:1
    command: ["python", "manage.py", "migrate"]
  api:
    image: example/api:1
`},findings:[{at:`compose.yaml:5`,subject:`api`,severity:`warning`}]},{title:`no edge, same database, a tool's image`,files:{"compose.yaml":`services:
  db:
    image: postgres:17
  schema:
    image: flyway/flyway:11
    command: -url=jdbc:postgresql://db:5432/app migrate
    depends_on: [db]
  api:
    build: .
    environment:
      DATABASE_URL: postgres://app@db:5432/app
    depends_on: [db]
  admin:
    image: adminer
    depends_on: [db]
`,Dockerfile:`FROM python:3.13
`},findings:[{at:`compose.yaml:8`,subject:`api`,severity:`warning`}]},{title:`a one-shot that says so by its name and restart`,files:{"compose.yaml":`services:
  db-init:
    image: example/api:1
    command: ./prepare.sh
    restart: "no"
  api:
    image: example/api:1
    depends_on: [db-init]
`},findings:[{at:`compose.yaml:8`,subject:`db-init`,severity:`error`}]},{title:`a container that waits for ever, to be run things in`,files:{"compose.yaml":`services:
  db-setup:
    image: example/api:1
    entrypoint: ["/bin/sh", "-c", "sleep infinity"]
    restart: "no"
  api:
    image: example/api:1
    depends_on:
      db-setup:
        condition: service_started
`},findings:[]},{title:`awaited, directly and through another service`,files:{"compose.yaml":`services:
  migrate:
    build: .
    command: npx prisma migrate deploy
  api:
    build: .
    depends_on:
      migrate: { condition: service_completed_successfully }
  worker:
    build: .
    depends_on: [api]
`,Dockerfile:`FROM node:22
`},findings:[]},{title:`a server that migrates before it serves is no job of its own`,files:{"compose.yaml":`services:
  api:
    build: .
    command: sh -c "alembic upgrade head && uvicorn app.main:app"
  worker:
    build: .
    command: celery -A app worker
`,Dockerfile:`FROM python:3.13
`},findings:[]},{title:`a migration behind a profile is started by hand`,files:{"compose.yaml":`services:
  migrate:
    build: .
    command: alembic upgrade head
    profiles: [tools]
  api:
    build: .
`,Dockerfile:`FROM python:3.13
`},findings:[]},{title:`other services have nothing to do with it`,files:{"compose.yaml":`services:
  migrate:
    build: ./api
    command: alembic upgrade head
  web:
    build: ./web
  cache:
    image: redis:8
`,"api/Dockerfile":`FROM python:3.13
`,"web/Dockerfile":`FROM node:22
`},findings:[]},{title:`a script of the service waits for the migrations itself`,files:{"compose.yaml":`services:
  migrator:
    build: ./api
    command: ./bin/migrate.sh
    restart: "no"
  api:
    build: ./api
    command: ./bin/start.sh
`,"api/Dockerfile":`FROM python:3.13
`,"api/bin/migrate.sh":`python manage.py migrate
`,"api/bin/start.sh":`python manage.py wait_for_migrations
exec gunicorn app.wsgi
`},findings:[]},{title:`a script of the service waits for nothing`,files:{"compose.yaml":`services:
  migrator:
    build: ./api
    command: ./bin/migrate.sh
    restart: "no"
  api:
    build: ./api
    command: ./bin/start.sh
`,"api/Dockerfile":`FROM python:3.13
`,"api/bin/migrate.sh":`python manage.py migrate
`,"api/bin/start.sh":`exec gunicorn app.wsgi
`},findings:[{at:`compose.yaml:6`,severity:`warning`}]},{title:`another stage of the same Dockerfile is another image`,files:{Dockerfile:`FROM node:22 AS backend
FROM nginx:1 AS web
`,"compose.yaml":`services:
  web:
    build: { context: ., target: web }
  api:
    build: { context: ., target: backend }
  migrate:
    build: { context: ., target: backend }
    command: npx prisma migrate deploy
`},findings:[{at:`compose.yaml:4`,subject:`api`}]}],"startup-order/compose-started-not-healthy":[{title:`short form on a database with a check`,files:{"compose.yaml":`services:
  api:
    image: example/api:1
    depends_on:
      - db
  db:
    image: postgres:17
    healthcheck: { test: [CMD, pg_isready] }
`},findings:[{at:`compose.yaml:5`,subject:`db`,severity:`warning`}]},{title:`the check is in the Dockerfile`,files:{"compose.yaml":`services:
  web:
    image: example/web:1
    depends_on:
      api: { condition: service_started }
  api:
    build: .
`,Dockerfile:`FROM node:22
HEALTHCHECK CMD curl -f localhost
`},findings:[{at:`compose.yaml:5`,subject:`api`}]},{title:`the dependency has no check, or it is switched off, or it is awaited`,files:{"compose.yaml":`services:
  api:
    image: example/api:1
    depends_on:
      cache: { condition: service_started }
      queue: { condition: service_started }
      mail: { condition: service_started }
      db: { condition: service_healthy }
  cache:
    image: redis:8
  mail:
    image: axllent/mailpit
  queue:
    image: rabbitmq:4
    healthcheck: { disable: true }
  db:
    image: postgres:17
    healthcheck: { test: [CMD, pg_isready] }
`},findings:[]},{title:`the override waits`,files:{"compose.yaml":`services:
  api:
    image: example/api:1
    depends_on: [db]
  db:
    image: postgres:17
    healthcheck: { test: [CMD, pg_isready] }
`,"compose.override.yaml":`services:
  api:
    depends_on:
      db: { condition: service_healthy }
`},findings:[]},{title:`two that depend on one check are one finding`,files:{"compose.yaml":`services:
  api:
    image: example/api:1
    depends_on: [db]
  worker:
    image: example/api:1
    depends_on: [db]
  db:
    image: postgres:17
    healthcheck: { test: [CMD, pg_isready] }
`},findings:[{at:`compose.yaml:4`,subject:`db`,severity:`warning`}]},{title:`a file for development`,files:{"docker-compose.dev.yml":`services:
  api:
    build: .
    depends_on: [db]
  db:
    image: postgres:17
    healthcheck: { test: [CMD, pg_isready] }
`,Dockerfile:`FROM node:22
`},findings:[{at:`docker-compose.dev.yml:4`,subject:`db`,severity:`note`}]},{title:`variants of a stack and a copy of it are one finding for each healthcheck, another stack has its own`,files:{"deploy/docker-compose.yml":`services:
  api:
    image: example/api:1
    depends_on: [db, search]
  db:
    image: postgres:17
    healthcheck: { test: [CMD, pg_isready] }
  search:
    image: opensearchproject/opensearch:3
    healthcheck: { test: [CMD, curl, "localhost:9200"] }
`,"deploy/docker-compose.prod.yml":`services:
  api:
    image: example/api:1
    depends_on: [db, search]
  db:
    image: postgres:17
    healthcheck: { test: [CMD, pg_isready] }
  search:
    image: opensearchproject/opensearch:3
    healthcheck: { test: [CMD, curl, "localhost:9200"] }
`,"installer/templates/docker-compose.yml":`services:
  api:
    image: example/api:1
    depends_on: [db, search]
  db:
    image: postgres:17
    healthcheck: { test: [CMD, pg_isready] }
  search:
    image: opensearchproject/opensearch:3
    healthcheck: { test: [CMD, curl, "localhost:9200"] }
`,"shop/docker-compose.yml":`services:
  shop:
    image: example/shop:1
    depends_on: [db]
  db:
    image: postgres:17
    healthcheck: { test: [CMD, pg_isready] }
`},findings:[{at:`deploy/docker-compose.yml:4`,subject:`db`,severity:`warning`,message:`2 more files`},{at:`deploy/docker-compose.yml:4`,subject:`search`,severity:`warning`},{at:`shop/docker-compose.yml:4`,subject:`db`}]}],"startup-order/compose-undefined-dependency":[{title:`the database is called db`,files:{"docker-compose.yml":`services:
  api:
    image: example/api:1
    depends_on:
      - database
  db:
    image: postgres:17
`},findings:[{at:`docker-compose.yml:5`,subject:`database`,severity:`error`}]},{title:`long form, with the nearest name`,files:{"compose.yaml":`services:
  api:
    image: example/api:1
    depends_on:
      reddis: { condition: service_started }
  redis:
    image: redis:8
`},findings:[{at:`compose.yaml:5`,subject:`reddis`,message:`Did you mean "redis"?`}]},{title:`extends names a service that is not in the other file`,files:{"compose.yaml":`services:
  api:
    extends:
      file: common.yaml
      service: base-app
`,"common.yaml":`services:
  app:
    image: example/app:1
`},findings:[{at:`compose.yaml:5`,subject:`base-app`}]},{title:`extends names a file that is not there`,files:{"compose.yaml":`services:
  api:
    extends: { file: common.yaml, service: app }
    image: example/api:1
  web:
    extends: { file: shared/common.yaml, service: app }
`},findings:[{at:`compose.yaml:3`,subject:`common.yaml`},{at:`compose.yaml:6`,subject:`shared/common.yaml`}]},{title:`defined in the override, an included file, another profile`,files:{"compose.yaml":`include:
  - infra/compose.yaml
services:
  api:
    image: example/api:1
    depends_on: [db, cache, mail]
  mail:
    image: axllent/mailpit
    profiles: [development]
`,"compose.override.yaml":`services:
  cache:
    image: redis:8
`,"infra/compose.yaml":`services:
  db:
    image: postgres:17
`},findings:[]},{title:`defined in a file that the deploy script adds`,files:{"docker-compose.yml":`services:
  api:
    image: example/api:1
    depends_on: [db]
`,"ops/docker-compose.db.yml":`services:
  db:
    image: postgres:17
`,"deploy.sh":`docker compose -f docker-compose.yml \\
  -f ops/docker-compose.db.yml up -d
`},findings:[]},{title:`a base beside the repository is not known`,files:{"compose.yaml":`services:
  api:
    extends: { file: ../shared/compose.yaml, service: app }
    image: example/api:1
`},findings:[]},{title:`a dependency that need not exist`,files:{"compose.yaml":`services:
  api:
    image: example/api:1
    depends_on:
      tracing: { condition: service_started, required: false }
`},findings:[]},{title:`an include from elsewhere may define it`,files:{"compose.yaml":`include:
  - oci://registry.example.com/stack:1
services:
  api:
    image: example/api:1
    depends_on: [db]
`},findings:[],undecided:!0},{title:`an override whose first file something makes`,files:{Makefile:`up: render
	$(DOCKER_COMPOSE) -f made/compose.yaml -f tools/compose.vault.yaml up
`,"tools/compose.vault.yaml":`services:
  vault:
    image: vault:1
    depends_on: [postgres]
`},findings:[]},{title:`a template, which a generator completes, and one that a script runs as it is`,files:{"src/docker-compose.template.yml":`services:
  api:
    image: example/api:1
    depends_on: [db]
`,"deploy/up.sh":`docker compose -f deploy/compose.template.yml up -d
`,"deploy/compose.template.yml":`services:
  api:
    image: example/api:1
    depends_on: [db]
`},findings:[{at:`deploy/compose.template.yml:4`,subject:`db`}]}],"startup-order/declared-entry-unmatched":[{title:`the function was renamed`,files:{"predeploy.yml":`startup:
  - { root: "boot.py:boot", before: call open_databse, after: call serve }
`,"boot.py":`def open_database(): ...


def serve(): ...


def boot():
    open_database()
    serve()
`},findings:[{at:`predeploy.yml:2`,subject:`call open_databse`,message:`Nearest: open_database`}]},{title:`the root does not exist`,files:{"predeploy.yml":`startup:
  - { root: "boot.py:start", once: call serve }
`,"boot.py":`def serve(): ...


def boot():
    serve()
`},findings:[{at:`predeploy.yml:2`,subject:`boot.py:start`}]},{title:`every name is there, one of them by an alias`,files:{"predeploy.yml":`startup:
  - { root: "boot.py:boot", before: call open_database, after: call parts.serve }
`,"parts.py":`def open_database(): ...


def serve(): ...
`,"boot.py":`from parts import open_database as _open, serve


def boot():
    _open()
    serve()
`},findings:[]}],"startup-order/declared-order":[{title:`monitoring counts the handlers two lines before they are registered`,files:{"predeploy.yml":`startup:
  - { id: handlers-first, root: "svc/boot.py:boot", before: call add_handlers, after: call start_monitor }
`,"svc/__init__.py":``,"svc/parts.py":`async def add_handlers(app):
    return {"a": 1}


async def start_monitor(app):
    return app
`,"svc/boot.py":`from svc.parts import add_handlers, start_monitor


async def boot(app):
    await start_monitor(app)
    await add_handlers(app)
`},findings:[{at:`svc/boot.py:5`,subject:`handlers-first`,severity:`error`,message:`runs before add_handlers`}]},{title:`the same two, in order, through aliases and helpers`,files:{"predeploy.yml":`startup:
  - { root: "svc/boot.py:boot", before: call add_handlers, after: call start_monitor }
`,"svc/__init__.py":``,"svc/parts.py":`async def add_handlers(app):
    return {"a": 1}


async def start_monitor(app):
    return app
`,"svc/boot.py":`from svc.parts import add_handlers as _add, start_monitor


async def _first(app):
    await _add(app)


async def boot(app):
    await _first(app)
    await start_monitor(app)
`},findings:[]},{title:`two health checks run before what they should check`,files:{"predeploy.yml":`startup:
  - { id: health-last, root: "boot.py:boot", last: call run_health_checks, among: [call open_*, call start_queue] }
`,"boot.py":`from parts import open_database, run_health_checks, start_queue


async def boot():
    await run_health_checks()
    await open_database()
    await start_queue()
`,"parts.py":`async def open_database(): ...


async def start_queue(): ...


async def run_health_checks(): ...
`},findings:[{at:`boot.py:6`,subject:`health-last`},{at:`boot.py:7`,subject:`health-last`}]},{title:`an early return with its own health check is no "before"`,files:{"predeploy.yml":`startup:
  - { root: "boot.py:boot", last: call run_health_checks, among: [call open_*] }
`,"boot.py":`from parts import open_database, run_health_checks


async def boot(fast):
    if fast:
        return await run_health_checks()
    await open_database()
    return await run_health_checks()
`,"parts.py":`async def open_database(): ...


async def run_health_checks(): ...
`},findings:[]},{title:`a promise that nobody awaits is still running when the server listens`,files:{"predeploy.yml":`startup:
  - { root: "server.mjs", before: call openStore, after: "call *.listen" }
`,"store.mjs":`export async function openStore() {
  await new Promise((done) => setTimeout(done, 20));
}
`,"server.mjs":`import http from "node:http";
import { openStore } from "./store.mjs";

const app = http.createServer((req, res) => res.end("ok"));
openStore();
app.listen(0);
`},findings:[{at:`server.mjs:6`,message:`not waited for`}]},{title:"the server listens in `then`",files:{"predeploy.yml":`startup:
  - { root: "server.mjs", before: call openStore, after: "call *.listen" }
`,"store.mjs":`export async function openStore() {
  await new Promise((done) => setTimeout(done, 20));
}
`,"server.mjs":`import http from "node:http";
import { openStore } from "./store.mjs";

const app = http.createServer((req, res) => res.end("ok"));
openStore().then(() => app.listen(0)).catch((error) => process.exit(1));
`},findings:[]},{title:`an optional store can stop the start-up`,files:{"predeploy.yml":`startup:
  - { id: analytics-optional, root: "boot.py:boot", optional: call open_analytics }
`,"boot.py":`async def open_analytics():
    raise ConnectionError("down")


async def extras():
    await open_analytics()


async def boot():
    await extras()
`},findings:[{at:`boot.py:6`,subject:`analytics-optional`,message:`can stop the start-up`}]},{title:`the optional store's failure is caught on the way`,files:{"predeploy.yml":`startup:
  - { root: "boot.py:boot", optional: call open_analytics }
`,"boot.py":`import contextlib


async def open_analytics():
    raise ConnectionError("down")


async def boot():
    with contextlib.suppress(Exception):
        await open_analytics()
`},findings:[]},{title:`startup handlers run in the order of their registration`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["uvicorn", "service:app"]
`,"predeploy.yml":`startup:
  - { id: database-first, root: auto, before: call connect_database, after: call start_consumer }
`,"parts.py":`async def connect_database(): ...


async def start_consumer(): ...
`,"service.py":`from starlette.applications import Starlette

from parts import connect_database, start_consumer

app = Starlette(
    on_startup=[start_consumer, connect_database],
)
`},findings:[{at:`service.py:6`,subject:`database-first`}]},{title:`what runs after a lifespan's yield belongs to the shutdown`,files:{"predeploy.yml":`startup:
  - { root: "service.py:lifespan", before: call flush, after: call serve }
`,"service.py":`from contextlib import asynccontextmanager


async def flush(): ...


async def serve(): ...


@asynccontextmanager
async def lifespan(app):
    await serve()
    yield
    await flush()
`},findings:[]},{title:`a step that is handed to a helper is found where it is named`,files:{"predeploy.yml":`startup:
  - { id: store-first, root: "boot.ts:boot", before: call openStore, after: call serve }
`,"boot.ts":`async function openStore() {}
async function serve() {}
async function timed(name: string, step: () => Promise<void>) {
  console.time(name);
  await step();
  console.timeEnd(name);
}
export async function boot() {
  await timed("serve", serve);
  await timed("store", openStore);
}
`},findings:[{at:`boot.ts:9`,subject:`store-first`}]}],"startup-order/environment-before-dotenv":[{title:`settings are imported two lines before load_dotenv`,files:{".env":`TOKEN_URL=https://a
`,Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["python", "service.py"]
`,"config.py":`import os

TOKEN_URL = os.environ["TOKEN_URL"]
`,"service.py":`from dotenv import load_dotenv

from config import TOKEN_URL

load_dotenv()
print(TOKEN_URL)
`},findings:[{at:`service.py:3`,severity:`error`,message:`TOKEN_URL`}]},{title:`load_dotenv comes first; functions read later`,files:{".env":`TOKEN_URL=https://a
`,Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["python", "service.py"]
`,"helpers.py":`import os


def debug():
    return os.environ["DEBUG"]


LEVEL = os.environ.get("LEVEL", "info")
`,"config.py":`import os

TOKEN_URL = os.environ["TOKEN_URL"]
`,"service.py":`from dotenv import load_dotenv

import helpers

load_dotenv()

from config import TOKEN_URL

print(TOKEN_URL, helpers.debug())
`},findings:[]},{title:`imports of an ES module run before its first line`,files:{".env":`TOKEN_URL=https://a
`,Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "server.mjs"]
`,"config.mjs":`export const url = process.env.TOKEN_URL;
`,"server.mjs":`import dotenv from "dotenv";
dotenv.config();
import { url } from "./config.mjs";

console.log(url);
`},findings:[{at:`server.mjs:3`,message:`TOKEN_URL`}]},{title:`the loading import is first`,files:{".env":`TOKEN_URL=https://a
`,Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "server.mjs"]
`,"config.mjs":`export const url = process.env.TOKEN_URL;
export const port = process.env.PORT || 3000;
`,"server.mjs":`import "dotenv/config";
import { url } from "./config.mjs";

console.log(url);
`},findings:[]},{title:`no .env file in the image`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "server.js"]
`,"config.js":`module.exports = { url: process.env.TOKEN_URL };
`,"server.js":`const config = require("./config");
require("dotenv").config();

console.log(config.url);
`},findings:[{at:`server.js:1`,severity:`warning`}]},{title:`what says which file to load is read before it`,files:{".env":`TOKEN_URL=https://a
`,Dockerfile:`FROM python:3.13
COPY . .
CMD ["python", "main.py"]
`,"main.py":`import os
import dotenv

dotenv.load_dotenv(dotenv_path=os.environ.get("SETTINGS_AT"))
print(os.environ["TOKEN_URL"])
`},findings:[]},{title:`the import to move stands beside the load, in the package whose module starts`,files:{".env":`BUILD=1
`,Dockerfile:`FROM python:3.13
COPY . .
CMD ["python", "-m", "app"]
`,"app/__main__.py":`from app.routes import run

run()
`,"app/routes.py":`from app import version

def run():
    print(version.number)
`,"app/version.py":`import os

number = os.environ["BUILD"]
`,"app/__init__.py":`from app.version import number
from dotenv import load_dotenv

load_dotenv()
`},findings:[{at:`app/__init__.py:1`,message:`BUILD`}]},{title:`a package on one line, whose dependency has the name`,files:{".env":`TOKEN_URL=https://a
`,"package.json":`{ "scripts": { "start": "node server.js" }, "dependencies": { "dotenv": "17" } }
`,"config.js":`module.exports = { url: process.env.TOKEN_URL };
`,"server.js":`const config = require("./config");
require("dotenv").config();

console.log(config.url);
`},findings:[{at:`server.js:1`}]},{title:`a module that is taken out of the cache is read anew`,files:{".env":`TOKEN_URL=https://a
`,Dockerfile:`FROM node:24
COPY . .
CMD ["node", "server.js"]
`,"config.js":`module.exports = { url: process.env.TOKEN_URL };
`,"env.js":`const config = require("./config");

delete require.cache[require.resolve('./config')];
require("dotenv").config();
`,"server.js":`require("./env");
console.log(require("./config").url);
`},findings:[]}],"startup-order/error-handler-before-routes":[{title:`the handler was registered with the other middlewares`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "server.js"]
`,"server.js":`const express = require("express");
const users = express.Router();
users.get("/", (req, res) => res.send("u"));

const app = express();
app.use(express.json());
app.use((error, req, res, next) => {
  res.status(500).send("sorry");
});
app.use("/users", users);
app.listen(3000);
`},findings:[{at:`server.js:7`,severity:`error`}]},{title:`the handler is last; a router has its own`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "server.js"]
`,"server.js":`const express = require("express");
const users = express.Router();
users.use((error, req, res, next) => next(error));
users.get("/", (req, res) => res.send("u"));

const app = express();
app.use((req, res, next) => next());
app.use("/users", users);
app.use((error, req, res, next) => {
  res.status(500).send("sorry");
});
app.use((req, res) => res.status(404).send("none"));
app.listen(3000);
`},findings:[]},{title:`both are registered in other files that get the application`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "server.mjs"]
`,"errors.mjs":`export function addErrors(app) {
  app.use((error, req, res, next) => res.status(500).end());
}
`,"routes.mjs":`export const addRoutes = (app) => {
  app.get("/", (req, res) => res.send("ok"));
};
`,"server.mjs":`import express from "express";
import { addErrors } from "./errors.mjs";
import { addRoutes } from "./routes.mjs";

const app = express();
addErrors(app);
addRoutes(app);
app.listen(3000);
`},findings:[{at:`errors.mjs:2`}]}],"startup-order/instrument-after-import":[{title:`init stands below the imports`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "server.mjs"]
`,"server.mjs":`import * as Sentry from "@sentry/node";
import express from "express";

Sentry.init({ dsn: "x" });
const app = express();
app.listen(3000);
`},findings:[{at:`server.mjs:2`,subject:`express`,severity:`error`}]},{title:`the instrumentation is the first import`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "server.mjs"]
`,"instrument.mjs":`import * as Sentry from "@sentry/node";

Sentry.init({ dsn: "x" });
`,"server.mjs":`import "./instrument.mjs";
import express from "express";

const app = express();
app.listen(3000);
`},findings:[]},{title:`it is preloaded`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "--import", "./instrument.mjs", "server.mjs"]
`,"instrument.mjs":`import * as Sentry from "@sentry/node";

Sentry.init({ dsn: "x" });
`,"server.mjs":`import express from "express";
import "./instrument.mjs";

const app = express();
app.listen(3000);
`},findings:[]},{title:`CommonJS runs in the order of the text, and types are no imports`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "server.js"]
`,"server.js":`const Sentry = require("@sentry/node");

Sentry.init({ dsn: "x" });
const express = require("express");
const app = express();
app.listen(3000);
`},findings:[]},{title:`Sentry before version 8 patches nothing while it is loaded`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "server.mjs"]
`,"package.json":`{ "dependencies": { "@sentry/node": "^7.70.0", "express": "5" } }
`,"server.mjs":`import * as Sentry from "@sentry/node";
import express from "express";

Sentry.init({ dsn: "x" });
const app = express();
app.listen(3000);
`},findings:[]}],"startup-order/kubernetes-hook-order":[{title:`the migration runs after the sync`,files:{"k8s/app.yaml":`apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec: { template: { spec: { containers: [{ name: api, image: "example/api:1" }] } } }
---
apiVersion: batch/v1
kind: Job
metadata:
  name: api-migrate
  annotations:
    argocd.argoproj.io/hook: PostSync
spec: { template: { spec: { containers: [{ name: m, image: "example/api:1", command: [alembic, upgrade, head] }] } } }
`},findings:[{at:`k8s/app.yaml:11`,subject:`api-migrate`,severity:`error`}]},{title:`a later wave, and the same wave`,files:{"late/app.yaml":`apiVersion: apps/v1
kind: Deployment
metadata: { name: api, annotations: { argocd.argoproj.io/sync-wave: "1" } }
spec: { template: { spec: { containers: [{ name: api, image: "example/api:1" }] } } }
---
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations:
    argocd.argoproj.io/sync-wave: "2"
spec: { template: { spec: { containers: [{ name: m, image: "example/api:1" }] } } }
`,"same/app.yaml":`apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { template: { spec: { containers: [{ name: web, image: "example/web:1" }] } } }
---
apiVersion: batch/v1
kind: Job
metadata:
  name: web-migration
  annotations:
    argocd.argoproj.io/sync-wave: "0"
spec: { template: { spec: { containers: [{ name: m, image: "example/web:1" }] } } }
`},findings:[{at:`late/app.yaml:11`,subject:`migrate`,severity:`error`},{at:`same/app.yaml:11`,subject:`web-migration`,severity:`warning`}]},{title:`the Deployment comes in an earlier wave than a Job without annotation`,files:{"k8s/app.yaml":`apiVersion: apps/v1
kind: Deployment
metadata: { name: api, annotations: { argocd.argoproj.io/sync-wave: "-1" } }
spec: { template: { spec: { containers: [{ name: api, image: "example/api:1" }] } } }
---
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
spec: { template: { spec: { containers: [{ name: m, image: "example/api:1" }] } } }
`},findings:[{at:`k8s/app.yaml:9`,subject:`migrate`,severity:`error`}]},{title:`hooks of one phase, ordered by weight`,files:{"k8s/app.yaml":`apiVersion: apps/v1
kind: Deployment
metadata: { name: api, annotations: { helm.sh/hook: "pre-install,pre-upgrade", helm.sh/hook-weight: "0" } }
spec: { template: { spec: { containers: [{ name: api, image: "example/api:1" }] } } }
---
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations:
    helm.sh/hook: pre-install,pre-upgrade
    helm.sh/hook-weight: "5"
spec: { template: { spec: { containers: [{ name: m, image: "example/api:1" }] } } }
`},findings:[{at:`k8s/app.yaml:12`,subject:`migrate`,severity:`error`}]},{title:`a Helm hook after the upgrade`,files:{"chart/Chart.yaml":`name: app
version: 1.0.0
`,"chart/templates/migrate.yaml":`{{- if .Values.migrate }}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-migrate
  annotations:
    "helm.sh/hook": post-install,post-upgrade
spec:
  template:
    spec:
      containers:
        - name: migrate
          image: "{{ .Values.image }}"
          command: ["alembic", "upgrade", "head"]
{{- end }}
`,"chart/templates/deployment.yaml":`apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  template:
    spec:
      containers:
        - name: app
          image: "{{ .Values.image }}"
`},findings:[{at:`chart/templates/migrate.yaml:7`,severity:`error`}]},{title:`earlier phases, and a database that comes first`,files:{"a/app.yaml":`apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec: { template: { spec: { containers: [{ name: api, image: "example/api:1" }] } } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: migrate, annotations: { argocd.argoproj.io/hook: PreSync } }
spec: { template: { spec: { containers: [{ name: m, image: "example/api:1" }] } } }
`,"b/app.yaml":`apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, annotations: { argocd.argoproj.io/sync-wave: "-2" } }
spec: { template: { spec: { containers: [{ name: db, image: "postgres:17" }] } } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: migrate, annotations: { argocd.argoproj.io/sync-wave: "-1" } }
spec: { template: { spec: { containers: [{ name: m, image: "example/web:1" }] } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { template: { spec: { containers: [{ name: web, image: "example/web:1" }] } } }
`,"d/app.yaml":`apiVersion: apps/v1
kind: Deployment
metadata: { name: jobs }
spec: { template: { spec: { containers: [{ name: jobs, image: "example/jobs:1" }] } } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: migrate }
spec: { template: { spec: { containers: [{ name: m, image: "example/jobs:1" }] } } }
`,"c/app.yaml":`apiVersion: batch/v1
kind: Job
metadata: { name: report, annotations: { argocd.argoproj.io/hook: PostSync } }
spec: { template: { spec: { containers: [{ name: r, image: "example/web:1", command: [report] }] } } }
`},findings:[]}],"startup-order/kubernetes-probe-path-not-served":[{title:`health against healthz, and a missing prefix`,files:{Dockerfile:`FROM python:3.13-slim
COPY app app
CMD ["uvicorn", "app.main:app"]
`,"app/main.py":`from fastapi import FastAPI
from app.routes import router
app = FastAPI()
app.include_router(router, prefix="/api")

@app.get("/health")
async def health():
    return {}
`,"app/routes.py":`from fastapi import APIRouter
router = APIRouter(prefix="/v1")

@router.get("/ready")
async def ready():
    return {}
`,"k8s/api.yaml":`apiVersion: v1
kind: Pod
metadata: { name: api }
spec:
  containers:
    - name: api
      image: example/api:1
      startupProbe:
        httpGet: { path: /health/, port: 8000 }
      livenessProbe:
        httpGet: { path: /healthz, port: 8000 }
      readinessProbe:
        httpGet: { path: /api/v1/ready, port: 8000 }
    - name: second
      image: example/api:1
      readinessProbe:
        httpGet: { path: /v1/live, port: 8000 }
`},findings:[{at:`k8s/api.yaml:11`,subject:`/healthz`,severity:`warning`,message:`Did you mean "/health"?`},{at:`k8s/api.yaml:17`,subject:`/v1/live`}]},{title:`Express`,files:{Dockerfile:`FROM node:22
COPY . .
CMD ["node", "server.js"]
`,"server.js":`const express = require("express");
const app = express();
app.use(express.json());
app.get("/health", (request, response) => response.send("ok"));
app.listen(3000);
`,"k8s/api.yaml":`apiVersion: v1
kind: Pod
metadata: { name: api }
spec:
  containers:
    - name: api
      image: example/api:1
      livenessProbe: { httpGet: { path: /live, port: 3000 } }
      readinessProbe: { httpGet: { path: /health, port: 3000 } }
`},findings:[{at:`k8s/api.yaml:8`,subject:`/live`}]},{title:`routes that are not all written out`,files:{Dockerfile:`FROM python:3.13-slim
COPY app app
CMD ["uvicorn", "app.main:app"]
`,"app/main.py":`from fastapi import FastAPI
from vendor_health import endpoints
from app.settings import settings
app = FastAPI()
app.include_router(endpoints, prefix=settings.prefix)

@app.get("/")
async def home():
    return {}
`,"k8s/api.yaml":`apiVersion: v1
kind: Pod
metadata: { name: api }
spec:
  containers:
    - name: api
      image: example/api:1
      livenessProbe: { httpGet: { path: /healthz, port: 8000 } }
`},findings:[]},{title:`an image that is not built here`,files:{"api/Dockerfile":`FROM python:3.13-slim
COPY . .
CMD ["python", "main.py"]
`,"api/main.py":`from flask import Flask
app = Flask(__name__)

@app.route("/health")
def health():
    return "ok"
`,"web/Dockerfile":`FROM nginx:1.29
`,"k8s/proxy.yaml":`apiVersion: v1
kind: Pod
metadata: { name: proxy }
spec:
  containers:
    - name: proxy
      image: envoyproxy/envoy:v1.36
      livenessProbe: { httpGet: { path: /ready, port: 9901 } }
`},findings:[]}],"startup-order/kubernetes-probe-port-unknown":[{title:`an unknown name and an undeclared number`,files:{"k8s/api.yaml":`apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  template:
    spec:
      containers:
        - name: api
          image: example/api:1
          ports:
            - { name: http, containerPort: 8000 }
          livenessProbe:
            httpGet: { path: /health, port: web }
          readinessProbe:
            tcpSocket: { port: 8080 }
`},findings:[{at:`k8s/api.yaml:13`,subject:`web`,severity:`error`},{at:`k8s/api.yaml:15`,subject:`8080`,severity:`warning`}]},{title:`the port belongs to the neighbour`,files:{"k8s/api.yaml":`apiVersion: v1
kind: Pod
metadata: { name: api }
spec:
  containers:
    - name: api
      image: example/api:1
      ports: [{ name: http, containerPort: 8000 }]
      startupProbe: { httpGet: { port: metrics } }
    - name: exporter
      image: example/exporter:1
      ports: [{ name: metrics, containerPort: 9090 }]
`},findings:[{at:`k8s/api.yaml:9`,subject:`metrics`}]},{title:`names, numbers, a container without ports, a command, a patch`,files:{"k8s/api.yaml":`apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  template:
    spec:
      containers:
        - name: api
          image: example/api:1
          ports: [{ name: http, containerPort: 8000 }, { name: admin, containerPort: 9000 }]
          startupProbe: { httpGet: { port: http } }
          livenessProbe: { httpGet: { port: 9000 } }
          readinessProbe: { exec: { command: [ready] } }
        - name: sidecar
          image: example/proxy:1
          readinessProbe: { httpGet: { port: 15021 } }
        - name: exporter
          image: example/exporter:1
          ports: [{ containerPort: 9100 }]
          readinessProbe: { httpGet: { port: 8000 } }
`,"k8s/patch.yaml":`apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  template:
    spec:
      containers:
        - name: api
          ports: [{ containerPort: 9100 }]
          livenessProbe: { httpGet: { port: http } }
`},findings:[]},{title:`a pod on the node's network opens ports that it does not list; a manifest for development`,files:{"k8s/agent.yaml":`apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  template:
    spec:
      hostNetwork: true
      containers:
        - name: agent
          image: example/agent:1
          ports: [{ name: metrics, containerPort: 9964 }]
          livenessProbe: { httpGet: { port: 9878 } }
`,"dev/k8s/relay.yaml":`apiVersion: apps/v1
kind: Deployment
metadata: { name: relay }
spec:
  template:
    spec:
      containers:
        - name: relay
          image: example/relay:1
          ports: [{ name: grpc, containerPort: 4245 }]
          readinessProbe: { grpc: { port: 4222 } }
`},findings:[{at:`dev/k8s/relay.yaml:11`,subject:`4222`,severity:`note`}]}],"startup-order/listen-before-connect":[{title:`nobody awaits the connection`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "server.mjs"]
`,"store.mjs":`export async function connectStore() {
  await new Promise((done) => setTimeout(done, 20));
}
`,"server.mjs":`import http from "node:http";
import { connectStore } from "./store.mjs";

const app = http.createServer((req, res) => res.end("ok"));
connectStore();
app.listen(0);
`},findings:[{at:`server.mjs:6`,severity:`error`}]},{title:`a failure that is only reported, and one that ends the process`,files:{"compose.yaml":`services:
  reported: { build: ., command: node reported.js }
  fatal: { build: ., command: node fatal.js }
`,Dockerfile:`FROM node:24-slim
COPY . .
`,"reported.js":`const express = require("express");
const { Kafka } = require("kafkajs");

const producer = new Kafka({ brokers: ["kafka:9092"] }).producer();
producer.connect().catch((error) => console.error(error));
express().listen(3000);
`,"fatal.js":`const express = require("express");
const { Kafka } = require("kafkajs");

const producer = new Kafka({ brokers: ["kafka:9092"] }).producer();
producer.connect().catch(() => process.exit(1));
express().listen(3000);
`},findings:[{at:`fatal.js:6`,severity:`error`},{at:`reported.js:6`,severity:`warning`,message:`the service goes on without one`}]},{title:`it connects in the callback of listen`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "server.js"]
`,"store.js":`exports.connectStore = async () => {
  await fetch("http://store");
};
`,"server.js":`const express = require("express");
const { connectStore } = require("./store");

const app = express();
app.listen(3000, async () => {
  await connectStore();
});
`},findings:[{at:`server.js:5`,severity:`warning`}]},{title:`awaited, in then, by Promise.all, after open, and mongoose by itself`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["sh", "-c", "node a.mjs && node b.js && node c.mjs && node d.js"]
`,"store.mjs":`export async function connectStore() {
  await new Promise((done) => setTimeout(done, 20));
}
export async function connectCache() {
  await new Promise((done) => setTimeout(done, 20));
}
`,"a.mjs":`import express from "express";
import { connectCache, connectStore } from "./store.mjs";

const app = express();
await Promise.all([connectStore(), connectCache()]);
app.listen(3000);
`,"b.js":`const express = require("express");
const mongoose = require("mongoose");

async function connectDb() {
  await mongoose.connect("mongodb://db");
}
const app = express();
connectDb();
app.listen(3000);
`,"c.mjs":`import express from "express";
import { connectStore } from "./store.mjs";

const app = express();
connectStore().then(() => app.listen(3000));
`,"d.js":`const express = require("express");
const redis = require("redis");

const client = redis.createClient();
const app = express();
client.connect();
client.once("ready", () => app.listen(3000));
`},findings:[]}],"startup-order/middleware-order":[{title:`the session comes after the one who reads it`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["uvicorn", "service:app"]
`,"service.py":`from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.sessions import SessionMiddleware


class CurrentUser(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        request.state.user = request.session.get("user")
        return await call_next(request)


app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key="k")
app.add_middleware(CurrentUser)
`},findings:[{at:`service.py:14`,severity:`error`}]},{title:`last added runs first`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["uvicorn", "service:app"]
`,"service.py":`from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.sessions import SessionMiddleware


class CurrentUser(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        request.state.user = request.session.get("user")
        return await call_next(request)


app = FastAPI()
app.add_middleware(CurrentUser)
app.add_middleware(SessionMiddleware, secret_key="k")
`},findings:[]},{title:`Koa routes come before the middleware that catches`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "server.js"]
`,"server.js":`const Koa = require("koa");
const Router = require("@koa/router");

const router = new Router();
router.get("/", (ctx) => { throw new Error("no"); });
const app = new Koa();
app.use(router.routes());
app.use(async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    ctx.status = 500;
  }
});
app.listen(3000);
`},findings:[{at:`server.js:7`}]},{title:`Koa catches first`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "server.js"]
`,"server.js":`const Koa = require("koa");
const Router = require("@koa/router");

const router = new Router();
const app = new Koa();
app.use(async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    ctx.status = 500;
  }
});
app.use(router.routes());
app.listen(3000);
`},findings:[]},{title:`in a list the first runs first`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["uvicorn", "service:app"]
`,"layers.py":`class CurrentUser:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        scope["user"] = scope["session"].get("user")
        await self.app(scope, receive, send)
`,"service.py":`from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware

from layers import CurrentUser

app = Starlette(
    middleware=[
        Middleware(CurrentUser),
        Middleware(SessionMiddleware, secret_key="k"),
    ],
)
`},findings:[{at:`service.py:9`,subject:`CurrentUser`}]}],"startup-order/module-does-not-compile":[{title:`a conflict marker that a merge left`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "main.py"]
`,"main.py":`import settings
`,"settings.py":`<<<<<<< HEAD
LIMIT = 1
=======
LIMIT = 2
>>>>>>> feature
`},findings:[{at:`settings.py:1`,subject:`settings.py`,severity:`error`,message:`conflict marker`}]},{title:`await in a plain function, which ast.parse lets pass`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "main.py"]
`,"main.py":`import asyncio


def start():
    await asyncio.sleep(0)


start()
`},findings:[{at:`main.py:5`,severity:`error`,message:"`await` outside an async function"}]},{title:`an import inside a parenthesised import`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "main.py"]
`,"main.py":`from settings import (
    LIMIT,
import os
    OTHER,
)
`,"settings.py":`LIMIT = OTHER = 1
`},findings:[{at:`main.py:3`,severity:`error`,message:`An import statement inside a parenthesised import`}]},{title:`syntax newer than the image's Python`,files:{Dockerfile:`ARG PYTHON=3.11
FROM python:\${PYTHON}-slim
WORKDIR /srv
COPY . .
CMD ["python", "main.py"]
`,"main.py":`def first[T](items: list[T]) -> T:
    return items[0]
`},findings:[{at:`main.py:1`,severity:`error`,message:`Python 3.12`}]},{title:`a block that is missing, a string that is not closed`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "main.py"]
`,"main.py":`import a
import b
`,"a.py":`def f():
x = 1
`,"b.py":`x = "open
`},findings:[{at:`a.py:2`,severity:`error`,message:`An indented block is expected`},{at:`b.py:1`,severity:`error`,message:`string is not closed`}]},{title:`a marker in a file that nothing imports`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "main.py"]
`,"main.py":`print("hello")
`,"old.py":`<<<<<<< HEAD
a = 1
=======
a = 2
>>>>>>> other
`,"prompt.py":`EDIT = """
<<<<<<< SEARCH
old
=======
new
>>>>>>> REPLACE
"""
`,"prompt.ts":`const tick = \`\\\`\`;
const edit = \`
<<<<<<< SEARCH
old
=======
new
>>>>>>> REPLACE
\`;
`,"stale.ts":`const done = \`x\`;
<<<<<<< HEAD
export const a = 1;
=======
export const a = 2;
>>>>>>> other
`},findings:[{at:`old.py:1`,severity:`note`},{at:`stale.ts:2`,severity:`note`}]},{title:`await in a lambda and async for in a plain function, whatever stands around them`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "main.py"]
`,"main.py":`import asyncio


async def start():
    return lambda: await asyncio.sleep(0)


def names(rows):
    return [row async for row in rows]


def lazily(rows):
    return (row async for row in rows)
`},findings:[{at:`main.py:5`,severity:`error`,message:"`await` outside an async function"},{at:`main.py:9`,severity:`error`,message:`asynchronous comprehension`}]},{title:`a marker in a file that the deploy reads by its name`,files:{"compose.yaml":`services:
  api:
<<<<<<< HEAD
    image: example/api:1
=======
    image: example/api:2
>>>>>>> release
`},findings:[{at:`compose.yaml:3`,severity:`error`}]},{title:`look-alikes that compile`,files:{Dockerfile:`FROM python:3.12-slim
WORKDIR /srv
COPY . .
CMD ["python", "main.py"]
`,"README.md":`<<<<<<< HEAD
=======
>>>>>>> shown
`,"main.py":`"""
<<<<<<< HEAD
=======
>>>>>>> quoted
"""
type Pair[T] = tuple[T, T]
name = f"{'a' if True else "b"}"
async def f():
    return [await g() for g in []] or (lambda: 1)


def gen():
    value = yield
    if value: return
    x = {
"a": 1,
    }
    while x: pass
    return lambda: (yield)
`},findings:[]},{title:`a script with a conflict marker, and one that quotes markers in a template`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "main.mjs"]
`,"main.mjs":`import { limit } from "./limit.mjs";
import { help } from "./help.mjs";
console.log(limit, help);
`,"limit.mjs":`<<<<<<< HEAD
export const limit = 1;
=======
export const limit = 2;
>>>>>>> feature
`,"help.mjs":`export const help = \`
<<<<<<< SEARCH
old
=======
new
>>>>>>> REPLACE
\`;
`},findings:[{at:`limit.mjs:1`,severity:`error`}]}],"startup-order/procfile-migration-in-web":[{title:`the web process migrates first`,files:{Procfile:`web: python manage.py migrate && gunicorn app.wsgi
worker: celery -A app worker
`},findings:[{at:`Procfile:1`,subject:`manage.py migrate`,severity:`warning`}]},{title:`the server is up before the migration`,files:{Procfile:`web: gunicorn app.wsgi & alembic upgrade head; wait
`},findings:[{at:`Procfile:1`,severity:`error`}]},{title:`the release phase migrates`,files:{Procfile:`release: python manage.py migrate
web: gunicorn app.wsgi
check: python manage.py migrate --plan
`},findings:[]}],"startup-order/property-called":[{title:`parentheses were left behind`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["python", "service.py"]
`,"service.py":`class Settings:
    @property
    def dsn(self) -> str:
        return "sqlite://"


settings = Settings()
print(settings.dsn())
`},findings:[{at:`service.py:8`,subject:`service.Settings.dsn`,message:`gives str`}]},{title:`a property that gives a function, one without a type, and a real method`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["python", "service.py"]
`,"service.py":`from typing import Callable


class Settings:
    @property
    def make(self) -> Callable[[], str]:
        return lambda: "a"

    @property
    def free(self):
        return print

    def dsn(self) -> str:
        return "sqlite://"


settings = Settings()
print(settings.make(), settings.free(), settings.dsn())
`},findings:[]}],"startup-order/ready-before-init":[{title:`the cache is warmed after the flag`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["uvicorn", "service:app"]
`,"service.py":`from contextlib import asynccontextmanager

from fastapi import FastAPI


async def warm_cache(app): ...


@asynccontextmanager
async def lifespan(app):
    app.state.ready = True
    await warm_cache(app)
    yield


app = FastAPI(lifespan=lifespan)
`},findings:[{at:`service.py:11`,severity:`warning`,message:`warm_cache`}]},{title:`the flag is last; it is lowered in a handler`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["uvicorn", "service:app"]
`,"service.py":`from contextlib import asynccontextmanager

from fastapi import FastAPI


async def warm_cache(app): ...


@asynccontextmanager
async def lifespan(app):
    app.state.ready = False
    await warm_cache(app)
    app.state.ready = True
    yield


app = FastAPI(lifespan=lifespan)
`},findings:[]},{title:`a part says of itself that it is ready`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["python", "service.py"]
`,"service.py":`import asyncio


class Cache:
    async def start(self):
        self.ready = True


async def load_models(): ...


async def main():
    await Cache().start()
    await load_models()


asyncio.run(main())
`},findings:[]}],"startup-order/register-after-start":[{title:`a middleware is added in the lifespan`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["uvicorn", "service:app"]
`,"extras.py":`from starlette.middleware.gzip import GZipMiddleware


def add_compression(app):
    app.add_middleware(GZipMiddleware)
`,"service.py":`from contextlib import asynccontextmanager

from fastapi import FastAPI

from extras import add_compression


@asynccontextmanager
async def lifespan(app):
    add_compression(app)
    yield


app = FastAPI(lifespan=lifespan)
`},findings:[{at:`extras.py:5`,severity:`error`,message:`Cannot add middleware`}]},{title:`a middleware is added in a startup handler`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["uvicorn", "service:app"]
`,"service.py":`from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

app = FastAPI()


@app.on_event("startup")
async def start():
    app.add_middleware(GZipMiddleware)
`},findings:[{at:`service.py:9`}]},{title:`middlewares before the start, routers in the lifespan`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["uvicorn", "service:app"]
`,"service.py":`from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.middleware.gzip import GZipMiddleware


@asynccontextmanager
async def lifespan(app):
    other = FastAPI()
    other.add_middleware(GZipMiddleware)
    app.include_router(APIRouter())
    yield


app = FastAPI(lifespan=lifespan)
app.add_middleware(GZipMiddleware)
`},findings:[]},{title:`a Fastify route is added after listen, in another file`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "server.mjs"]
`,"extras.mjs":`export function addStatus(server) {
  server.get("/status", async () => "ok");
}
`,"server.mjs":`import Fastify from "fastify";
import { addStatus } from "./extras.mjs";

const server = Fastify();
await server.listen({ port: 0 });
addStatus(server);
`},findings:[{at:`extras.mjs:2`,message:`FST_ERR_INSTANCE_ALREADY_LISTENING`}]},{title:`plugins register inside themselves, and another instance has its own time`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "server.mjs"]
`,"server.mjs":`import Fastify from "fastify";

async function routes(server) {
  server.get("/", async () => "ok");
}

const server = Fastify();
server.register(routes);
await server.listen({ port: 0 });
const admin = Fastify();
admin.get("/admin", async () => "a");
await admin.listen({ port: 0 });
`},findings:[]},{title:`Nest gets its global pipe after it listens`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "main.ts"]
`,"package.json":`{ "type": "module" }`,"main.ts":`import { ParseIntPipe } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { AppModule } from "./app.module.ts";

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  app.enableCors();
  await app.listen(3000);
  app.useGlobalPipes(new ParseIntPipe());
}
bootstrap();
`,"app.module.ts":`export class AppModule {}
`},findings:[{at:`main.ts:9`,message:`no effect`}]},{title:`Nest gets its global pipe before it listens`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "main.ts"]
`,"package.json":`{ "type": "module" }`,"main.ts":`import { ParseIntPipe } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { AppModule } from "./app.module.ts";

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  app.useGlobalPipes(new ParseIntPipe());
  await app.listen(3000);
}
bootstrap();
`,"app.module.ts":`export class AppModule {}
`},findings:[]}],"startup-order/routes-after-listen":[{title:`one route came to stand below listen`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "server.js"]
`,"server.js":`const express = require("express");

const app = express();
app.get("/", (req, res) => res.send("ok"));
app.listen(3000);
app.get("/late", (req, res) => res.send("late"));
`},findings:[{at:`server.js:6`,severity:`warning`}]},{title:`a route waits for the store while the server listens already`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "server.js"]
`,"server.js":`const express = require("express");
const { connectStore } = require("./store");

async function main() {
  const app = express();
  app.listen(3000);
  await connectStore();
  app.get("/orders", (req, res) => res.send("orders"));
}
main();
`,"store.js":`exports.connectStore = () => new Promise((done) => setTimeout(done, 400));
`},findings:[{at:`server.js:8`,severity:`warning`}]},{title:`listen is last; a second application and a setting come later`,files:{Dockerfile:`FROM node:24-slim
COPY . .
CMD ["node", "server.js"]
`,"server.js":`const express = require("express");

const app = express();
app.get("/", (req, res) => res.send("ok"));
app.listen(3000, () => console.log(app.get("env")));
const metrics = express();
metrics.get("/metrics", (req, res) => res.send("m"));
metrics.listen(9090);
`},findings:[]}],"startup-order/unawaited-call":[{title:`the access check never runs`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["python", "service.py"]
`,"guard.py":`class Guard:
    async def check(self, user):
        if user != "root":
            raise PermissionError(user)
`,"service.py":`import asyncio

from guard import Guard


async def handle(user):
    guard = Guard()
    guard.check(user)
    return "secret"


if __name__ == "__main__":
    print(asyncio.run(handle("nobody")))
`},findings:[{at:`service.py:8`,subject:`guard.Guard.check`,severity:`error`}]},{title:`awaited, handed to a task, returned, and a sync method of the same name`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["python", "service.py"]
`,"service.py":`import asyncio


class Slow:
    async def check(self): ...


class Quick:
    def check(self): ...


def later():
    return Slow().check()


async def handle():
    await Slow().check()
    Quick().check()
    task = asyncio.create_task(Slow().check())
    await asyncio.gather(Slow().check(), task)
    asyncio.get_running_loop().create_task(later())
    return await later()


asyncio.run(handle())
`},findings:[]},{title:`a decorator may have made it synchronous`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["python", "service.py"]
`,"tools.py":`import asyncio
import functools


def runs_now(function):
    @functools.wraps(function)
    def wrapper(*args):
        return asyncio.run(function(*args))

    return wrapper
`,"service.py":`from tools import runs_now


@runs_now
async def prepare(): ...


prepare()
`},findings:[]}],"startup-order/unawaited-value":[{title:`the payload is a coroutine`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["python", "service.py"]
`,"tokens.py":`from typing import Optional


class Decoder:
    async def decode(self, text: str) -> Optional[dict]:
        return {"sub": text}


def get_decoder() -> Decoder:
    return Decoder()
`,"service.py":`import asyncio

from tokens import get_decoder


async def whoami(text):
    decoder = get_decoder()
    payload = decoder.decode(text)
    return payload.get("sub")


asyncio.run(whoami("a"))
`},findings:[{at:`service.py:8`,subject:`tokens.Decoder.decode`,message:`.get`}]},{title:`tested, indexed, calculated with`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["python", "service.py"]
`,"service.py":`import asyncio


async def allowed():
    return False


async def limits():
    return {"rate": 1}


def passes_on():
    return limits()


async def main():
    if not allowed():
        raise PermissionError
    rate = passes_on()["rate"]
    return rate + limits()


asyncio.run(main())
`},findings:[{at:`service.py:17`,subject:`service.allowed`},{at:`service.py:19`,subject:`service.passes_on`},{at:`service.py:20`,subject:`service.limits`}]},{title:`awaited later, closed by hand, asked what it is, an async generator`,files:{Dockerfile:`FROM python:3.12-slim
COPY . .
CMD ["python", "service.py"]
`,"service.py":`import asyncio
import inspect


async def load():
    return {"rate": 1}


async def stream():
    yield 1


async def call(function):
    result = load()
    if inspect.isawaitable(result):
        result = await result
    return result.get("rate")


async def main():
    pending = load()
    dropped = load()
    dropped.close()
    items = stream()
    first = await items.__anext__()
    value = (await load()).get("rate")
    return (await pending).get("rate"), first, value


asyncio.run(main())
`},findings:[]}],"startup-order/unresolved-import":[{title:`a module that was renamed, imported by a function that start-up calls`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["uvicorn", "app.main:app"]
`,"app/__init__.py":``,"app/main.py":`from fastapi import FastAPI


def create_app():
    from app.routes import health_checks

    return FastAPI()


app = create_app()
`,"app/routes/__init__.py":``,"app/routes/health_check.py":``},findings:[{at:`app/main.py:5`,subject:`app.routes.health_checks`,severity:`error`,message:"Did you mean `health_check`?"}]},{title:`a name that its module no longer binds`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "main.py"]
`,"main.py":`from settings import load_settings

print(load_settings())
`,"settings.py":`def read_settings():
    return {}
`},findings:[{at:`main.py:1`,subject:`settings.load_settings`,severity:`error`}]},{title:`guarded, lazy, for type checkers, native, generated, dynamic, of another distribution`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "main.py"]
`,"main.py":`from typing import TYPE_CHECKING

import alembic.config
from app import everything, fast
from app.api_pb2 import Request
from app.plugins import anything

if TYPE_CHECKING:
    from app.shapes import Shape

try:
    from app.local import settings
except ImportError:
    settings = None


def later():
    from app.missing import thing
`,"alembic/env.py":``,"app/__init__.py":`from app.names import *
`,"app/names.py":`for name in ("everything",):
    globals()[name] = 1
`,"app/fast.pyx":``,"app/plugins.py":`def __getattr__(name):
    return 1
`},findings:[]},{title:`a TypeScript module and a name that were renamed`,files:{Dockerfile:`FROM node:24
WORKDIR /srv
COPY . .
RUN npm ci && npm run build
CMD ["node", "dist/main.js"]
`,"package.json":`{ "scripts": { "build": "tsc" } }
`,"src/main.ts":`import { startServer } from "./server.js";
import "./montoring/index.js";
// @ts-ignore
import { guide } from "./server.js";
startServer(guide);
`,"src/server.ts":`export function startServers() {}
`,"src/monitoring/index.ts":``},findings:[{at:`src/main.ts:1`,subject:`startServer`,severity:`error`,message:`startServers`},{at:`src/main.ts:2`,subject:`./montoring/index.js`,severity:`error`}]},{title:`endings of TypeScript, tsconfig paths, workspaces, types, generated files and optional packages`,files:{Dockerfile:`FROM node:24
WORKDIR /srv
COPY . .
RUN npm ci && npx prisma generate && npm run build
CMD ["npm", "start"]
`,"package.json":`{ "workspaces": ["packages/*"], "scripts": { "build": "tsc", "start": "node dist/main.js" } }
`,"tsconfig.json":`{
  "extends": "@tsconfig/node24/tsconfig.json",
  "compilerOptions": { "paths": { "~/*": ["./src/*"] } } // not installed before npm ci
}
`,"src/main.ts":`import express from "express";
import { PrismaClient } from ".prisma/billing";
import { Colour, type Shape, Options } from "./kinds.js";
import { db } from "~/generated/client";
import { log } from "@acme/log";
import * as everything from "./reexports";
import packageJson from "../package.json" with { type: "json" };
try {
  require("./local-only");
} catch {}
const later = () => import("./not-reached");
const options: Options = { colour: Colour.Red };
log(express, db, everything, packageJson, later, options);
`,"src/kinds.ts":`export enum Colour { Red }
export interface Shape {}
export type Options = { colour: Colour };
`,"src/reexports.ts":`export * from "@acme/log";
`,"packages/log/package.json":`{ "name": "@acme/log", "exports": "./dist/index.js" }
`,"packages/log/src/index.ts":`export const log = console.log, other = 1;
`},findings:[]},{title:`a file of another folder that a COPY puts beside the module, and settings that are read if they are there`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY web/src src
COPY shared/tools.py src/jobs/
COPY web/run.py .
CMD ["python", "run.py"]
`,"web/run.py":`from pathlib import Path
import src.jobs.work

if (Path(__file__).parent / "local_settings.py").exists():
    from src.local_settings import *
`,"web/src/jobs/work.py":`from src.jobs import tools
import src.jobs.tool
`,"shared/tools.py":``},findings:[{at:`web/src/jobs/work.py:2`,subject:`src.jobs.tool`}]},{title:`settings that are named already, and a file with the name of a standard module`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "manage.py", "runworker"]
`,"manage.py":`import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.base")
import engine.worker
`,"settings/__init__.py":``,"settings/base.py":``,"engine/__init__.py":``,"engine/logging.py":``,"engine/worker.py":`import os
from logging.config import dictConfig

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.production")
`,"logging.py":``},findings:[]},{title:`one file that is gone, however many import it`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "main.py"]
`,"main.py":`from app.limits import LIMIT
from app.names import NAME
`,"app/__init__.py":``,"app/limits.py":`from app.config import LIMIT
`,"app/names.py":`from .config import NAME
`},findings:[{at:`app/limits.py:1`,severity:`error`}]},{title:`modules that git ignores because a script copies them in, below a package without __init__.py`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["python", "main.py"]
`,".gitignore":`/lib/utils/helper.py
`,"main.py":`from lib.utils import helper, own, gone
`,"lib/utils/own.py":``},findings:[{at:`main.py:1`,subject:`lib.utils.gone`}]},{title:`modules that a RUN writes, by its own text, by a script and by a Makefile`,files:{Dockerfile:`FROM python:3.13-slim
WORKDIR /srv
COPY . .
RUN python -c 'open("inline.py", "w").write("A = 1")'
RUN ./tools/generate.sh
RUN make constants
RUN python manage.py collectstatic
CMD ["python", "main.py"]
`,"tools/generate.sh":`python -m generator --out scripted.py
`,Makefile:`constants:
	python -m generator > made.py
`,"manage.py":``,"main.py":`import inline, scripted, made
from lib import gone
`,"lib/__init__.py":``},findings:[{at:`main.py:2`,subject:`lib.gone`}]},{title:`an app that Django installs by the settings module of the image's environment`,files:{Dockerfile:`FROM python:3.13-slim
ENV DJANGO_SETTINGS_MODULE=conf.settings
WORKDIR /srv
COPY . .
CMD ["gunicorn", "conf.wsgi:application"]
`,"conf/__init__.py":``,"conf/settings.py":`INSTALLED_APPS = ["billing"]
`,"conf/wsgi.py":`from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
`,"billing/__init__.py":``,"billing/models.py":`from billing.money import Money
`,"billing/money.py":`class Amount: ...
`},findings:[{at:`billing/models.py:1`,subject:`billing.money.Money`}]},{title:`an installed package of the service's own, beside a service of the same name`,files:{"mail/Dockerfile":`FROM python:3.12
WORKDIR /app
COPY . .
RUN pip install .
CMD ["gunicorn", "wsgi:application"]
`,"mail/setup.py":``,"mail/wsgi.py":`from api import create_app
application = create_app()
`,"mail/src/api/__init__.py":`def create_app(): return None
`,"api/__init__.py":``},findings:[]}],"startup-order/workflow-artifact-without-needs":[{title:`no needs between upload and download`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/upload-artifact@v4
        with: { name: bundle, path: dist }
  deploy:
    runs-on: ubuntu-latest
    steps:
      - name: Fetch
        uses: actions/download-artifact@v4
        with: { name: bundle }
`},findings:[{at:`.github/workflows/deploy.yml:11`,subject:`bundle`,severity:`error`}]},{title:`needed, transitively; another run; a pattern; a matrix; the same job`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/upload-artifact@v4
        with: { name: bundle, path: dist }
      - uses: actions/download-artifact@v4
        with: { name: bundle }
      - uses: actions/upload-artifact@v4
        with: { name: "report-\${{ matrix.os }}", path: report }
  test:
    needs: build
    runs-on: ubuntu-latest
    steps: [{ run: make test }]
  deploy:
    needs: [test]
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v4
        with: { name: bundle }
  other:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v4
        with: { name: bundle, run-id: 1, github-token: x }
      - uses: actions/download-artifact@v4
        with: { pattern: bundle* }
      - uses: actions/download-artifact@v4
        with: { name: report-linux }
`},findings:[]},{title:`what an earlier run may have left`,files:{".github/workflows/trend.yml":`on: push
jobs:
  trend:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v5
        continue-on-error: true
        with: { name: history }
      - run: ./trend
      - uses: actions/upload-artifact@v5
        with: { name: history, path: history.json }
`},findings:[]}],"startup-order/workflow-gate-bypassed":[{title:`always() and no look at the result`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  tests:
    runs-on: ubuntu-latest
    steps: [{ run: make test }]
  deploy:
    needs: [tests]
    if: \${{ always() && github.ref == 'refs/heads/main' }}
    runs-on: ubuntu-latest
    steps: [{ run: ./deploy.sh }]
`},findings:[{at:`.github/workflows/deploy.yml:8`,subject:`deploy`,severity:`error`}]},{title:`not cancelled, of two gates one is not looked at`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  lint:
    runs-on: ubuntu-latest
    steps: [{ run: make lint }]
  e2e:
    runs-on: ubuntu-latest
    steps: [{ run: make e2e }]
  rollout:
    needs: [lint, e2e]
    if: "!cancelled() && needs.lint.result == 'success'"
    runs-on: ubuntu-latest
    steps: [{ run: helm upgrade app ./chart }]
`},findings:[{at:`.github/workflows/deploy.yml:11`,subject:`rollout`,message:`needs.e2e.result`}]},{title:`the gate stands before a job that is not looked at`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{ run: npm test }]
  build:
    needs: test
    runs-on: ubuntu-latest
    steps: [{ run: make image }]
  deploy:
    needs: build
    if: always()
    runs-on: ubuntu-latest
    steps: [{ run: ./deploy.sh }]
`},findings:[{at:`.github/workflows/deploy.yml:12`,subject:`deploy`}]},{title:`success or failure`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  predeploy:
    runs-on: ubuntu-latest
    steps: [{ run: npx predeploy }]
  deploy-staging:
    needs: predeploy
    if: success() || failure()
    runs-on: ubuntu-latest
    steps: [{ run: ./deploy.sh }]
`},findings:[{at:`.github/workflows/deploy.yml:8`,subject:`deploy-staging`}]},{title:`results are looked at, in each of the usual ways`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{ run: npm test }]
  deploy-a:
    needs: test
    if: always() && needs.test.result != 'failure'
    runs-on: ubuntu-latest
    steps: [{ run: ./deploy.sh a }]
  deploy-b:
    needs: test
    if: always() && !contains(needs.*.result, 'failure')
    runs-on: ubuntu-latest
    steps: [{ run: ./deploy.sh b }]
  deploy-c:
    needs: test
    if: \${{ !failure() && !cancelled() }}
    runs-on: ubuntu-latest
    steps: [{ run: ./deploy.sh c }]
  deploy-d:
    needs: test
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-latest
    steps: [{ run: ./deploy.sh d }]
`},findings:[]},{title:`jobs that tell, tidy up or put back, and a deploy without a gate`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{ run: npm test }]
  notify-deploy:
    needs: test
    if: always()
    runs-on: ubuntu-latest
    steps: [{ run: ./tell.sh }]
  cleanup:
    needs: test
    if: always()
    runs-on: ubuntu-latest
    environment: staging
    steps: [{ run: kubectl delete ns preview }]
  restore-source-branch:
    needs: test
    if: always()
    runs-on: ubuntu-latest
    environment: staging
    steps: [{ run: kubectl apply -f source.yaml }]
  images:
    runs-on: ubuntu-latest
    steps: [{ run: make images }]
  deploy:
    needs: images
    if: always()
    runs-on: ubuntu-latest
    steps: [{ run: ./deploy.sh }]
`},findings:[]},{title:`one job for the protection of a branch, which looks at the results itself`,files:{".github/workflows/ci.yml":`on: push
jobs:
  lint:
    runs-on: ubuntu-latest
    steps: [{ run: make lint }]
  ready-to-ship:
    needs: lint
    if: always()
    runs-on: ubuntu-latest
    steps:
      - run: echo '\${{ toJson(needs) }}' | jq -e 'map(select(.result != "success")) | length == 0'
  release-ready:
    needs: lint
    if: always()
    runs-on: ubuntu-latest
    steps:
      - uses: re-actors/alls-green@v1
        with:
          jobs: \${{ toJSON(needs) }}
`},findings:[]}],"startup-order/workflow-job-order":[{title:`two deploys side by side`,files:{"predeploy.yml":`pipeline:
  - { workflow: .github/workflows/deploy.yml, before: job auth, after: job backend }
`,".github/workflows/deploy.yml":`on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps: [{ run: make }]
  auth:
    needs: build
    runs-on: ubuntu-latest
    steps: [{ run: ./deploy.sh auth }]
  backend:
    needs: build
    runs-on: ubuntu-latest
    steps: [{ run: ./deploy.sh backend }]
`},findings:[{at:`.github/workflows/deploy.yml:10`,subject:`job auth before job backend`,severity:`error`}]},{title:`two steps of one job in the wrong order`,files:{"predeploy.yml":`pipeline:
  - { id: auth-first, workflow: deploy.yml, before: step Deploy auth*, after: step backend, severity: warning }
`,".github/workflows/deploy.yml":`on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - name: Deploy the backend
        id: backend
        run: ./deploy.sh backend
      - name: Deploy auth service
        run: ./deploy.sh auth
`},findings:[{at:`.github/workflows/deploy.yml:6`,subject:`auth-first`,severity:`warning`}]},{title:`the first step is left in the background`,files:{"predeploy.yml":`pipeline:
  - { workflow: .github/workflows/deploy.yml, before: step auth, after: step backend }
`,".github/workflows/deploy.yml":`on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - id: auth
        run: ./deploy.sh auth &
      - id: backend
        run: ./deploy.sh backend
`},findings:[{at:`.github/workflows/deploy.yml:8`,message:`in the background`}]},{title:`a name that nothing has`,files:{"predeploy.yml":`pipeline:
  - { workflow: .github/workflows/deploy.yml, before: job atuh, after: job backend }
`,".github/workflows/deploy.yml":`on: push
jobs:
  auth: { runs-on: ubuntu-latest, steps: [{ run: make }] }
  backend: { needs: auth, runs-on: ubuntu-latest, steps: [{ run: make }] }
`},findings:[{at:`predeploy.yml:2`,severity:`warning`,message:`Did you mean "job auth"?`}]},{title:`needs over other jobs, steps in order, steps of needed jobs, a called workflow`,files:{"predeploy.yml":`pipeline:
  - { workflow: .github/workflows/deploy.yml, before: job auth, after: job backend }
  - { workflow: .github/workflows/deploy.yml, before: step migrate, after: step rollout }
  - { workflow: .github/workflows/deploy.yml, before: job auth, after: step rollout }
  - { workflow: .github/workflows/deploy.yml, before: step called-*, after: job backend }
`,".github/workflows/deploy.yml":`on: push
jobs:
  backend:
    needs: verify
    runs-on: ubuntu-latest
    steps:
      - { id: migrate, run: ./migrate.sh }
      - { id: rollout, run: ./deploy.sh backend }
  verify:
    needs: [auth]
    runs-on: ubuntu-latest
    steps: [{ run: ./verify.sh }]
  auth:
    uses: ./.github/workflows/called.yml
`,".github/workflows/called.yml":`on: workflow_call
jobs:
  inner:
    runs-on: ubuntu-latest
    steps: [{ id: called-deploy, run: ./deploy.sh auth }]
`},findings:[]}],"startup-order/workflow-needs-output":[{title:`needed only by another job`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  build:
    runs-on: ubuntu-latest
    outputs: { tag: "\${{ steps.tag.outputs.value }}" }
    steps: [{ id: tag, run: ./tag.sh }]
  test:
    needs: build
    runs-on: ubuntu-latest
    steps: [{ run: ./test.sh }]
  deploy:
    needs: test
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy.sh \${{ needs.build.outputs.tag }}
`},findings:[{at:`.github/workflows/deploy.yml:15`,subject:`build`,severity:`error`}]},{title:`an output that is not declared, a job that does not exist`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  build:
    runs-on: ubuntu-latest
    outputs: { tag: v1 }
    steps: [{ run: make }]
  deploy:
    needs: [build, tests]
    if: needs.build.outputs.tags != ''
    runs-on: ubuntu-latest
    steps: [{ run: ./deploy.sh }]
`},findings:[{at:`.github/workflows/deploy.yml:8`,subject:`tests`},{at:`.github/workflows/deploy.yml:9`,subject:`build.tags`,message:`Did you mean "tag"?`}]},{title:`direct needs, all results, outputs of reusable workflows`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  build:
    runs-on: ubuntu-latest
    outputs: { tag: v1 }
    steps: [{ run: make }]
  call:
    uses: ./.github/workflows/called.yml
  elsewhere:
    uses: example/workflows/.github/workflows/x.yml@v1
  deploy:
    needs: [build, call, elsewhere]
    if: needs.Build.result == 'success' && !contains(needs.*.result, 'failure')
    runs-on: ubuntu-latest
    env: { TAG: "\${{ needs.build.outputs['tag'] }}" }
    steps:
      - run: ./deploy.sh \${{ needs.call.outputs.url }} \${{ needs.elsewhere.outputs.any }}
`,".github/workflows/called.yml":`on:
  workflow_call:
    outputs:
      url: { value: "\${{ jobs.a.outputs.url }}" }
jobs:
  a:
    runs-on: ubuntu-latest
    outputs: { url: x }
    steps: [{ run: make }]
`},findings:[]},{title:`a job further up in the job's own condition, which sees it, and in a step's, which does not`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  changes:
    runs-on: ubuntu-latest
    outputs: { any: "\${{ steps.diff.outputs.any }}" }
    steps: [{ id: diff, run: ./diff.sh }]
  build:
    needs: changes
    runs-on: ubuntu-latest
    steps: [{ run: make }]
  deploy:
    needs: build
    if: needs.changes.outputs.any == 'true' && needs.changes.outputs.few != 'true'
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy.sh
        if: needs.changes.outputs.any == 'true'
`},findings:[{at:`.github/workflows/deploy.yml:13`,subject:`changes.few`},{at:`.github/workflows/deploy.yml:17`,subject:`changes`}]},{title:`the outputs of the job itself`,files:{".github/workflows/ci.yml":`on: push
jobs:
  prepare:
    runs-on: ubuntu-latest
    outputs: { branch: "\${{ steps.b.outputs.branch }}" }
    steps:
      - id: b
        run: echo "branch=x" >> "$GITHUB_OUTPUT"
      - run: echo \${{ needs.prepare.outputs.branch }}
`},findings:[{at:`.github/workflows/ci.yml:9`,message:`that is this job itself`}]}],"startup-order/workflow-reusable-missing":[{title:`a workflow and an action that were renamed`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  image:
    uses: ./.github/workflows/build-image.yml
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: ./.github/actions/login
`,".github/workflows/image-build.yml":`on: workflow_call
jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: make }] } }
`,".github/actions/log-in/action.yml":`runs: { using: composite, steps: [] }
`},findings:[{at:`.github/workflows/deploy.yml:4`,subject:`./.github/workflows/build-image.yml`,severity:`error`},{at:`.github/workflows/deploy.yml:9`,subject:`./.github/actions/login`}]},{title:`a folder without action.yml`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps: [{ uses: ./tools/setup }]
`,"tools/setup/index.js":`run()
`},findings:[{at:`.github/workflows/deploy.yml:5`,subject:`./tools/setup`}]},{title:`they exist; others come with an earlier checkout; others live elsewhere`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  image:
    uses: ./.github/workflows/image.yml
  far:
    uses: example/workflows/.github/workflows/x.yml@v1
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: ./.github/actions/login
      - uses: ./docker-action
      - uses: actions/checkout@v5
        with: { repository: example/tools, path: tools }
      - uses: ./tools/setup
`,".github/workflows/image.yml":`on: workflow_call
jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: make }] } }
`,".github/actions/login/action.yaml":`runs: { using: composite, steps: [] }
`,"docker-action/Dockerfile":`FROM alpine:3.22
`},findings:[]}],"startup-order/workflow-steps-of-other-job":[{title:`the step belongs to another job`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps: [{ id: meta, run: ./meta.sh }]
  deploy:
    needs: build
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy.sh \${{ steps.meta.outputs.tag }}
`},findings:[{at:`.github/workflows/deploy.yml:10`,subject:`meta`,severity:`error`}]},{title:`a later step of the same job is a note`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy.sh \${{ steps.meta.outputs.tag }}
      - id: meta
        run: ./meta.sh
`},findings:[{at:`.github/workflows/deploy.yml:6`,subject:`meta`,severity:`note`}]},{title:`own steps, also where both jobs use the id, and outputs of the job`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  build:
    runs-on: ubuntu-latest
    outputs: { tag: "\${{ steps.meta.outputs.tag }}" }
    steps: [{ id: meta, run: ./meta.sh }]
  deploy:
    needs: build
    runs-on: ubuntu-latest
    steps:
      - { id: meta, run: ./meta.sh }
      - run: ./deploy.sh \${{ steps.meta.outputs.tag }} \${{ needs.build.outputs.tag }}
`},findings:[]}],"startup-order/workflow-unreadable":[{title:`a here-document leaves its block`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: |
          cat <<EOF > settings
Name of the service
EOF
      - run: ./deploy.sh
`},findings:[{at:`.github/workflows/deploy.yml:8`,severity:`error`}]},{title:`a tab`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
	steps: []
`},findings:[{at:`.github/workflows/deploy.yml:5`}]},{title:`no jobs`,files:{".github/workflows/deploy.yml":`on: push
job:
  deploy:
    runs-on: ubuntu-latest
`},findings:[{at:`.github/workflows/deploy.yml:1`,message:"no `jobs`"}]},{title:`everything is commented out`,files:{".github/workflows/deploy.yml":`# on: push
# jobs: {}
`},findings:[{at:`.github/workflows/deploy.yml:1`,severity:`note`}]},{title:`an indented here-document, a composite action elsewhere`,files:{".github/workflows/deploy.yml":`on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: |
          cat <<EOF > settings
          Name of the service
          EOF
`,".github/actions/setup/action.yml":`runs:
  using: composite
  steps: []
`},findings:[]}],"suppressions/expired":[{title:`the day has passed`,files:{".dockerignore":`# predeploy-ignore dockerignore/pattern-invalid until=2026-06-30: gone with the next release
build/[
`,Dockerfile:`FROM scratch
COPY . /app
`},findings:[{at:`.dockerignore:1`,subject:`dockerignore/pattern-invalid`,message:`2026-06-30`}]},{title:`the day is still to come`,files:{".dockerignore":`# predeploy-ignore dockerignore/pattern-invalid until=2027-06-30: gone with the next release
build/[
`,Dockerfile:`FROM scratch
COPY . /app
`},findings:[]}],"suppressions/missing-reason":[{title:`a bare comment`,files:{".dockerignore":`# predeploy-ignore dockerignore/pattern-invalid
build/[
`,Dockerfile:`FROM scratch
COPY . /app
`},findings:[{at:`.dockerignore:1`,subject:`dockerignore/pattern-invalid`,message:`reason`}]},{title:`a comment with its reason`,files:{".dockerignore":`# predeploy-ignore dockerignore/pattern-invalid: kept as a sample of a broken pattern
build/[
`,Dockerfile:`FROM scratch
COPY . /app
`},findings:[]}],"suppressions/unused":[{title:`the comment outlived the broken pattern`,files:{".dockerignore":`# predeploy-ignore dockerignore/pattern-invalid: the bracket is on purpose
build/
`,Dockerfile:`FROM scratch
COPY . /app
`},findings:[{at:`.dockerignore:1`,subject:`dockerignore/pattern-invalid`,message:`leaves out nothing`}]},{title:`a rule's name is misspelt`,files:{".dockerignore":`# predeploy-ignore dockerignore/pattern-invald: the bracket is on purpose
build/
`,Dockerfile:`FROM scratch
COPY . /app
`},findings:[{at:`.dockerignore:1`,message:`no rule`}]},{title:`the comment excuses the line below it`,files:{".dockerignore":`# predeploy-ignore dockerignore/pattern-invalid: kept as a sample of a broken pattern
build/[
`,Dockerfile:`FROM scratch
COPY . /app
`},findings:[]}]};exports.examples=e;