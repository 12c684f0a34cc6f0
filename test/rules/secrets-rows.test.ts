import { expect, test } from "vitest";
import { foundBy } from "../support/found.ts";

/** A title, the rule, a small repository, and what the rule finds there: `severity subject`, sorted. */
type Row = readonly [title: string, rule: string, files: Record<string, string>, is: readonly string[]];

/** What GitHub holds: one secret and one variable of the repository, one secret of an environment. */
const CI = {
  "predeploy.yml": "environments: { staging: { inventory: [{ github-secrets: names.json, complete: true }] } }\n",
  "names.json":
    '{ "repository": { "secrets": ["THERE"], "variables": ["VTHERE"] }, "environments": { "staging": { "secrets": ["INENV"] } } }',
};
/** A workflow of one job with these steps, and more of the job before them. */
const workflow = (steps: string, more = "") => ({
  ...CI,
  ".github/workflows/d.yml": `on: push\njobs:\n  a:\n    runs-on: x\n${more}    steps:\n${steps}`,
});
/** A complete list of the secret store. */
const STORE = (names: string) => ({
  "predeploy.yml": `environments: { staging: { inventory: [{ declared: [${names}], namespace: store, complete: true }] } }\n`,
});
/** A complete list of the variables of the process. */
const PROCESS = (names: string) => ({
  "predeploy.yml": `environments: { staging: { inventory: [{ declared: [${names}], complete: true }] } }\n`,
});
/** A complete list of Kubernetes objects, compose secrets and Terraform variables. */
const OBJECTS = (names: string) => ({
  "predeploy.yml": `environments: { staging: { inventory: [{ declared: [${names}], namespace: object, complete: true }] } }\n`,
});
/** The values of a root module in staging. */
const TERRAFORM = {
  "predeploy.yml":
    "environments: { staging: { files: [infra/staging.tfvars], inventory: [{ declared: [x], namespace: object, complete: true }] } }\n",
  "infra/staging.tfvars": 'given = "x"\n',
};
/** A program that reads, and a complete list of what the process has. */
const python = (text: string, names = "x", more: Record<string, string> = {}) => ({
  ...PROCESS(names),
  "app/main.py": text,
  ...more,
});
/** A TypeScript file that reads, and a complete list of what the process has. */
const script = (text: string, names = "x") => ({ ...PROCESS(names), "src/main.ts": text });

const wired: Row[] = [
  // GH workflow
  ["a secret by index", "missing-ci-secret", workflow("      - run: echo ${{ secrets['GONE'] }}\n"), ["error GONE"]],
  [
    "a secret in the environment of the workflow",
    "missing-ci-secret",
    {
      ...CI,
      ".github/workflows/d.yml":
        "on: push\nenv:\n  K: ${{ secrets.GONE }}\njobs: { a: { runs-on: x, steps: [{ run: './x $K' }] } }\n",
    },
    ["error GONE"],
  ],
  [
    "container credentials",
    "missing-ci-secret",
    workflow(
      "      - run: x\n",
      "    container:\n      image: i\n      credentials: { username: u, password: '${{ secrets.GONE }}' }\n",
    ),
    ["error GONE"],
  ],
  [
    "services env",
    "missing-ci-secret",
    workflow("      - run: x\n", "    services:\n      db: { image: i, env: { P: '${{ secrets.GONE }}' } }\n"),
    ["error GONE"],
  ],
  ["vars bare if", "missing-ci-variable", workflow("      - if: vars.GONE == 'x'\n        run: x\n"), []],
  ["vars in run", "missing-ci-variable", workflow("      - run: echo ${{ vars.GONE }}\n"), ["error GONE"]],
  ["GitHub tells no case apart", "missing-ci-secret", workflow("      - run: echo ${{ secrets.there }}\n"), []],
  ["a comment of the script", "missing-ci-secret", workflow("      - run: x # ${{ secrets.GONE }}\n"), []],
  ["yaml comment", "missing-ci-secret", workflow("      # ${{ secrets.GONE }}\n      - run: x\n"), []],
  ["text outside of an expression", "missing-ci-secret", workflow("      - run: echo secrets.GONE\n"), []],
  [
    "a name out of a literal matrix",
    "missing-ci-secret",
    workflow("      - run: echo ${{ secrets[matrix.k] }}\n", "    strategy: { matrix: { k: [THERE, GONE] } }\n"),
    ["error GONE"],
  ],
  ["toJSON", "missing-ci-secret", workflow("      - run: echo '${{ toJSON(secrets) }}'\n"), []],
  [
    "A && B || C",
    "missing-ci-secret",
    workflow("      - run: echo ${{ github.ref == 'x' && secrets.GONE || secrets.THERE }}\n"),
    ["warning GONE"],
  ],
  [
    "any one of two suffices, and both are gone",
    "missing-ci-secret",
    workflow("      - run: echo ${{ secrets.GONE || secrets.GONE2 }}\n"),
    ["error GONE"],
  ],
  [
    "any one of two suffices, and one is there",
    "missing-ci-secret",
    workflow("      - run: echo ${{ secrets.GONE || secrets.THERE }}\n"),
    [],
  ],
  [
    "if env alias",
    "missing-ci-secret",
    workflow("      - if: env.K != ''\n        run: x\n        env: { K: '${{ secrets.GONE }}' }\n"),
    [],
  ],
  [
    "job if via output",
    "missing-ci-secret",
    workflow(
      "      - id: c\n        run: echo \"has=${{ secrets.GONE != '' }}\" >> $GITHUB_OUTPUT\n      - if: steps.c.outputs.has == 'true'\n        run: x ${{ secrets.GONE }}\n",
    ),
    [],
  ],
  ["scope env", "environment-scope", workflow("      - run: x ${{ secrets.INENV }}\n"), ["error INENV"]],
  [
    "scope in env",
    "environment-scope",
    workflow("      - run: x ${{ secrets.INENV }}\n", "    environment: staging\n"),
    [],
  ],
  [
    "scope env object",
    "environment-scope",
    workflow("      - run: x ${{ secrets.INENV }}\n", "    environment: { name: Staging, url: u }\n"),
    [],
  ],
  [
    "dependabot token",
    "missing-ci-secret",
    workflow("      - run: x ${{ secrets.GITHUB_TOKEN }} ${{ secrets.ACTIONS_STEP_DEBUG }}\n"),
    [],
  ],
  [
    "composite secrets",
    "secret-not-passed",
    {
      ".github/actions/a/action.yml":
        "name: a\nruns:\n  using: composite\n  steps:\n    - run: x ${{ secrets.K }}\n      shell: bash\n",
      ".github/workflows/d.yml": "on: push\njobs: { a: { runs-on: x, steps: [{ uses: ./.github/actions/a }] } }\n",
    },
    ["error K"],
  ],
  // gcloud
  [
    "set-secrets",
    "missing-store-secret",
    { ...STORE("x"), "d.sh": "gcloud run deploy api --set-secrets=JWT=jwt:latest,/etc/s=file-secret:1\n" },
    ["error file-secret", "error jwt"],
  ],
  [
    "update-secrets delimiter",
    "missing-store-secret",
    { ...STORE("x"), "d.sh": "gcloud run services update api --update-secrets '^@^A=a-b:latest@B=c-d:latest'\n" },
    ["error a-b", "error c-d"],
  ],
  [
    "continuation quotes",
    "missing-store-secret",
    {
      ...STORE("x"),
      "d.sh": 'gcloud run deploy api \\\n  --image i \\\n  --set-secrets "JWT=jwt:latest" \\\n  --region r\n',
    },
    ["error jwt"],
  ],
  [
    "other project",
    "missing-store-secret",
    { ...STORE("x"), "d.sh": "gcloud run deploy api --set-secrets JWT=projects/9/secrets/jwt:latest\n" },
    [],
  ],
  [
    "remove",
    "missing-store-secret",
    { ...STORE("x"), "d.sh": "gcloud run services update api --remove-secrets JWT\n" },
    [],
  ],
  [
    "variable name",
    "missing-store-secret",
    { ...STORE("x"), "d.sh": "gcloud run deploy api --set-secrets JWT=$NAME:latest\n" },
    [],
  ],
  [
    "comment",
    "missing-store-secret",
    { ...STORE("x"), "d.sh": "# gcloud run deploy api --set-secrets JWT=jwt:latest\n" },
    [],
  ],
  [
    "heredoc quoted",
    "missing-store-secret",
    { ...STORE("x"), "d.sh": "cat <<'EOF'\ngcloud run deploy api --set-secrets JWT=jwt:latest\nEOF\n" },
    [],
  ],
  [
    "versions access",
    "missing-store-secret",
    { ...STORE("x"), "d.sh": "gcloud secrets versions access latest --secret=jwt-key\n" },
    ["error jwt-key"],
  ],
  [
    "functions deploy",
    "missing-store-secret",
    { ...STORE("x"), "d.sh": "gcloud functions deploy f --set-secrets 'K=fn-key:latest'\n" },
    ["error fn-key"],
  ],
  [
    "jobs",
    "missing-store-secret",
    { ...STORE("x"), "d.sh": "gcloud run jobs deploy j --set-secrets K=job-key:latest\n" },
    ["error job-key"],
  ],
  [
    "beta",
    "missing-store-secret",
    { ...STORE("x"), "d.sh": "gcloud beta run deploy j --set-secrets K=beta-key:latest\n" },
    ["error beta-key"],
  ],
  [
    "python argv",
    "missing-store-secret",
    {
      ...STORE("x"),
      "deploy/d.py":
        'import subprocess\nsubprocess.run(["gcloud", "run", "deploy", "api", "--set-secrets", "JWT=jwt:latest"])\n',
    },
    ["error jwt"],
  ],
  [
    "deploy-cloudrun",
    "missing-store-secret",
    {
      ...STORE("x"),
      ".github/workflows/d.yml":
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: google-github-actions/deploy-cloudrun@v2\n        with:\n          service: s\n          secrets: |-\n            # c\n            A=a-key:latest\n            B=b-key:1,C=c-key:latest\n",
    },
    ["error a-key", "error b-key", "error c-key"],
  ],
  [
    "cloud run yaml",
    "missing-store-secret",
    {
      ...STORE("x"),
      "s.yaml":
        "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: { name: s, labels: { cloud.googleapis.com/location: r } }\nspec:\n  template:\n    metadata: { annotations: { run.googleapis.com/secrets: 'al:projects/$PROJECT/secrets/real-key' } }\n    spec:\n      containers:\n        - image: i\n          env:\n            - { name: A, valueFrom: { secretKeyRef: { name: plain-key, key: latest } } }\n            - { name: B, valueFrom: { secretKeyRef: { name: al, key: '1' } } }\n",
    },
    ["error plain-key", "error real-key"],
  ],
  [
    "cloudbuild",
    "missing-object-key",
    {
      "cloudbuild.yaml":
        "steps:\n  - name: x\n    secretEnv: [A, B]\navailableSecrets:\n  secretManager:\n    - versionName: projects/$PROJECT_ID/secrets/a-key/versions/latest\n      env: A\n",
    },
    ["error B"],
  ],
  [
    "ESO",
    "missing-store-secret",
    {
      ...STORE("x"),
      "k.yaml":
        "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: e }\nspec:\n  data:\n    - secretKey: k\n      remoteRef: { key: app/db }\n  dataFrom:\n    - extract: { key: app/all }\n",
    },
    ["error app/all", "error app/db"],
  ],
  // k8s
  [
    "secretKeyRef",
    "missing-object-key",
    {
      ...OBJECTS("x"),
      "k/a.yaml":
        "apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec:\n  containers:\n    - name: c\n      image: i\n      env: [{ name: A, valueFrom: { secretKeyRef: { name: s, key: k } } }, { name: B, valueFrom: { secretKeyRef: { name: s2, key: k, optional: true } } }]\n      envFrom: [{ configMapRef: { name: cm } }]\n  imagePullSecrets: [{ name: pull }]\n",
    },
    ["error cm", "error s/k", "warning pull"],
  ],
  [
    "cronjob init",
    "missing-object-key",
    {
      ...OBJECTS("x"),
      "k/a.yaml":
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: p }\nspec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          initContainers:\n            - name: c\n              image: i\n              envFrom: [{ secretRef: { name: s } }]\n          volumes: [{ name: v, projected: { sources: [{ secret: { name: pj } }] } }]\n",
    },
    ["error pj", "error s"],
  ],
  [
    "kustomize generator",
    "missing-object-key",
    {
      ...OBJECTS("x"),
      "k/kustomization.yaml":
        "resources: [a.yaml]\nsecretGenerator:\n  - name: s\n    literals: [k=v]\n  - name: f\n    files: [cert.pem, other=b.pem]\n",
      "k/a.yaml":
        "apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec:\n  containers:\n    - name: c\n      image: i\n      env: [{ name: A, valueFrom: { secretKeyRef: { name: s, key: k } } }, { name: B, valueFrom: { secretKeyRef: { name: s, key: nope } } }, { name: C, valueFrom: { secretKeyRef: { name: f, key: cert.pem } } }, { name: D, valueFrom: { secretKeyRef: { name: f, key: other } } }]\n",
    },
    ["error s/nope"],
  ],
  [
    "sealed",
    "missing-object-key",
    {
      ...OBJECTS("x"),
      "k/a.yaml":
        "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: { name: s }\nspec: { encryptedData: { k: x } }\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec:\n  containers:\n    - { name: c, image: i, env: [{ name: A, valueFrom: { secretKeyRef: { name: s, key: k } } }, { name: B, valueFrom: { secretKeyRef: { name: s, key: z } } }] }\n",
    },
    ["error s/z"],
  ],
  [
    "cert-manager ingress",
    "missing-object-key",
    {
      ...OBJECTS("x"),
      "k/a.yaml":
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: i, annotations: { cert-manager.io/cluster-issuer: l } }\nspec: { tls: [{ secretName: t }] }\n---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: j }\nspec: { tls: [{ secretName: u }] }\n",
    },
    ["warning u"],
  ],
  [
    "serviceaccount pull",
    "missing-object-key",
    {
      ...OBJECTS("x"),
      "k/a.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: i }\nimagePullSecrets: [{ name: reg }]\n",
    },
    ["warning reg"],
  ],
  [
    "namespace differs",
    "missing-object-key",
    {
      ...OBJECTS("x"),
      "k/a.yaml":
        "apiVersion: v1\nkind: Secret\nmetadata: { name: s, namespace: one }\nstringData: { k: x }\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: two }\nspec:\n  containers: [{ name: c, image: i, envFrom: [{ secretRef: { name: s } }] }]\n",
    },
    ["error s"],
  ],
];

const read: Row[] = [
  [
    "tf variable",
    "missing-terraform-variable",
    { ...TERRAFORM, "infra/main.tf": 'variable "given" {}\nvariable "gone" {}\nvariable "d" { default = null }\n' },
    ["error gone"],
  ],
  [
    "tf auto",
    "missing-terraform-variable",
    { ...TERRAFORM, "infra/main.tf": 'variable "gone" {}\n', "infra/x.auto.tfvars": "gone = 1\n" },
    [],
  ],
  [
    "tf TF_VAR",
    "missing-terraform-variable",
    { ...TERRAFORM, "infra/main.tf": 'variable "gone" {}\n', "d.sh": "export TF_VAR_gone=1\nterraform apply\n" },
    [],
  ],
  [
    "tf -var",
    "missing-terraform-variable",
    { ...TERRAFORM, "infra/main.tf": 'variable "gone" {}\n', "d.sh": "terraform apply -var gone=1\n" },
    [],
  ],
  [
    "tf secret data",
    "missing-store-secret",
    {
      ...STORE("x"),
      "infra/main.tf":
        'data "google_secret_manager_secret_version" "a" { secret = "gone-key" }\ndata "aws_secretsmanager_secret" "b" { name = "prod/gone" }\ndata "aws_ssm_parameter" "c" { name = "/p/gone" }\n',
    },
    ["error /p/gone", "error gone-key", "error prod/gone"],
  ],
  [
    "tf cloud run",
    "missing-store-secret",
    {
      ...STORE("x"),
      "infra/main.tf":
        'resource "google_cloud_run_v2_service" "s" {\n  name = "s"\n  template {\n    containers {\n      env {\n        name = "A"\n        value_source {\n          secret_key_ref {\n            secret = "run-key"\n            version = "latest"\n          }\n        }\n      }\n    }\n  }\n}\n',
    },
    ["error run-key"],
  ],
  [
    "tf made by same apply",
    "missing-store-secret",
    {
      ...STORE("x"),
      "infra/main.tf":
        'resource "google_secret_manager_secret" "k" {\n  secret_id = "made"\n  replication { auto {} }\n}\nresource "google_secret_manager_secret_version" "v" {\n  secret = google_secret_manager_secret.k.id\n  secret_data = var.x\n}\nvariable "x" { default = "" }\nresource "google_cloud_run_v2_service" "s" {\n  name = "s"\n  template {\n    containers {\n      env {\n        name = "A"\n        value_source {\n          secret_key_ref {\n            secret = google_secret_manager_secret.k.secret_id\n          }\n        }\n      }\n    }\n  }\n}\n',
    },
    [],
  ],
  [
    "compose",
    "missing-object-key",
    {
      ...OBJECTS("x"),
      "compose.yaml":
        'services:\n  a:\n    image: i\n    environment: ["A=${GONE:?set}", "B=${MAYBE}", "C=${D:-x}", "E=$$HOME", BARE]\n',
    },
    ["error GONE", "warning BARE", "warning MAYBE"],
  ],
  [
    "compose env_file no interpolation",
    "missing-object-key",
    {
      "predeploy.yml": "environments: { staging: { inventory: [{ env-file: app.env, complete: true }] } }\n",
      "app.env": "GONE=x\n",
      "compose.yaml": 'services:\n  a:\n    image: i\n    env_file: [app.env]\n    environment: ["A=${GONE:?set}"]\n',
    },
    [],
  ],
  [
    "compose .env",
    "missing-object-key",
    {
      ...OBJECTS("x"),
      ".env": "GONE=x\n",
      "compose.yaml": 'services:\n  a:\n    image: i\n    environment: ["A=${GONE:?set}"]\n',
    },
    [],
  ],
  [
    "compose secrets",
    "missing-object-key",
    {
      ...OBJECTS("x"),
      "compose.yaml": "services:\n  a:\n    image: i\n    secrets: [one, two]\nsecrets:\n  one: { external: true }\n",
    },
    ["error two"],
  ],
  [
    "ecs",
    "missing-store-secret",
    {
      ...STORE("x"),
      "task-definition.json":
        '{"containerDefinitions":[{"name":"a","secrets":[{"name":"A","valueFrom":"arn:aws:secretsmanager:r:1:secret:prod/a-AbCdEf:key::"},{"name":"B","valueFrom":"/p/b"}]}]}',
    },
    ["error /p/b", "error prod/a"],
  ],
  [
    "sam",
    "missing-store-secret",
    {
      ...STORE("x"),
      "template.yaml":
        "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Environment:\n        Variables:\n          A: '{{resolve:secretsmanager:sm-key:SecretString:k}}'\n          B: '{{resolve:ssm-secure:/p/x:1}}'\n",
    },
    ["error /p/x", "error sm-key"],
  ],
  [
    "serverless env",
    "missing-object-key",
    {
      ...OBJECTS("x"),
      "serverless.yml":
        "service: s\nprovider:\n  name: aws\n  environment: { A: '${env:GONE}', B: \"${env:MAYBE, 'd'}\", C: '${self:custom.x}' }\n",
    },
    ["error GONE"],
  ],
  [
    "serverless ssm",
    "missing-store-secret",
    { ...STORE("x"), "serverless.yml": "service: s\nprovider:\n  name: aws\n  environment: { A: '${ssm:/p/gone}' }\n" },
    ["error /p/gone"],
  ],
  [
    "render",
    "missing-variable",
    {
      ...PROCESS("x"),
      "render.yaml":
        "services:\n  - name: a\n    type: web\n    envVars:\n      - { key: K, sync: false }\n      - { key: G, generateValue: true }\n",
    },
    ["warning K"],
  ],
  [
    "fly files",
    "missing-variable",
    { ...PROCESS("x"), "fly.toml": 'app = "a"\n[[files]]\nguest_path = "/x"\nsecret_name = "S"\n' },
    ["error S"],
  ],
  ["py environ", "missing-variable", python('import os\nA = os.environ["GONE"]\n'), ["warning GONE"]],
  [
    "py from os import",
    "missing-variable",
    python('from os import environ, getenv as g\nA = environ["GONE"]\nB = g("BARE")\n'),
    ["note BARE", "warning GONE"],
  ],
  [
    "py raise",
    "missing-variable",
    python('import os\nA = os.getenv("GONE")\nif not A:\n    raise RuntimeError\n'),
    ["warning GONE"],
  ],
  [
    "py default",
    "missing-variable",
    python(
      'import os\nA = os.getenv("A1", "x")\nB = os.getenv("B1") or "d"\ntry:\n    C = os.environ["C1"]\nexcept KeyError:\n    C = 1\nif "D1" in os.environ:\n    D = os.environ["D1"]\nos.environ.setdefault("E1", "x")\nE = os.environ["E1"]\nF = os.environ["HOME"]\n',
    ),
    [],
  ],
  ["py string", "missing-variable", python('"""os.environ["GONE"]"""\nA = 1\n'), []],
  [
    "pydantic",
    "missing-variable",
    python(
      'from pydantic_settings import BaseSettings, SettingsConfigDict\nfrom pydantic import Field, AliasChoices\nfrom typing import Optional, ClassVar\nclass S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="APP_")\n    key: str\n    opt: Optional[str]\n    d: int = 1\n    al: str = Field(validation_alias="ALIASED")\n    ch: str = Field(validation_alias=AliasChoices("ONE", "TWO"))\n    c: ClassVar[str]\n    f: list = Field(default_factory=list)\n',
      "TWO",
    ),
    ["warning ALIASED", "warning APP_KEY", "warning APP_OPT"],
  ],
  [
    "pydantic v1",
    "missing-variable",
    python(
      'from pydantic import BaseSettings, Field\nfrom typing import Optional\nclass S(BaseSettings):\n    key: str = Field(..., env="OWN")\n    opt: Optional[str]\n    class Config:\n        env_prefix = "P_"\n',
      "x",
      { "requirements.txt": "pydantic==1.10.0\n" },
    ),
    ["warning OWN"],
  ],
  [
    "pydantic on a base of another file",
    "missing-variable",
    python("from app.settings.web import WebSettings\nsettings = WebSettings()\n", "x", {
      "app/settings/__init__.py": "from app.settings.base import AppSettings\n",
      "app/settings/base.py":
        'from pydantic_settings import BaseSettings\nclass AppSettings(BaseSettings):\n    model_config = {"env_prefix": "APP_"}\n',
      "app/settings/web.py":
        'from pydantic import Field\nfrom app.settings import AppSettings\nfrom .more import MoreSettings\nclass WebSettings(AppSettings):\n    port: int\n    level: str = "info"\n    own: str = Field(alias="ALIASED")\nclass OtherSettings(MoreSettings):\n    host: str\nclass UserSettings(Unknown):\n    theme: str\n',
      "app/settings/more.py":
        'from .base import AppSettings\nclass MoreSettings(AppSettings):\n    class Config:\n        env_prefix = "MORE_"\n',
    }),
    ["warning ALIASED", "warning APP_PORT", "warning MORE_HOST"],
  ],
  [
    "a class called like settings that stands on a model",
    "missing-variable",
    python("from app.models import Base\nclass UserSettings(Base):\n    theme: str\n", "x", {
      "app/models.py": "from pydantic import BaseModel\nclass Base(BaseModel):\n    a: int\n",
    }),
    [],
  ],
  [
    "django-environ",
    "missing-variable",
    python(
      'import environ\nenv = environ.Env(DEBUG=(bool, False))\nA = env("GONE")\nB = env("B1", default="x")\nC = env.bool("DEBUG")\nD = env.db("DBURL")\n',
    ),
    ["warning DBURL", "warning GONE"],
  ],
  [
    "decouple",
    "missing-variable",
    python('from decouple import config\nA = config("GONE")\nB = config("B1", default="")\n'),
    ["warning GONE"],
  ],
  [
    "dynaconf",
    "missing-variable",
    python(
      'from dynaconf import Dynaconf, Validator\ns = Dynaconf(envvar_prefix="MY", validators=[Validator("KEY", must_exist=True), Validator("O", default=1)])\n',
    ),
    ["warning MY_KEY"],
  ],
  [
    "accessor",
    "missing-variable",
    python(
      'import os\ndef need(name):\n    v = os.environ.get(name)\n    if v is None:\n        raise RuntimeError(name)\n    return v\nA = need("GONE")\n',
    ),
    ["warning GONE"],
  ],
  [
    "accessor that remembers",
    "missing-variable",
    python(
      'import os\ncache = {}\ndef need(name):\n    if name in cache:\n        return cache[name]\n    cache[name] = os.environ[name]\n    return cache[name]\nA = need("GONE")\n',
    ),
    ["warning GONE"],
  ],
  [
    "accessor that asks a mounted file first",
    "missing-variable",
    python(
      'import os\ndef need(name):\n    path = f"/run/secrets/{name}"\n    if os.path.exists(path):\n        return open(path).read()\n    return os.environ[name]\nA = need("HERE")\n',
    ),
    [],
  ],
  [
    "accessor that asks a store first",
    "missing-variable",
    python('import os\ndef need(name):\n    return vault.get_secret(name) or os.environ[name]\nA = need("HERE")\n'),
    [],
  ],
  [
    "ts accessor",
    "missing-variable",
    script(
      "const seen = new Map();\nconst need = (key) => { const v = process.env[key]; if (!v) throw new Error(key); return v; };\nconst a = need('GONE');\n",
    ),
    ["warning GONE"],
  ],
  [
    "ts accessor that asks the page first",
    "missing-variable",
    script(
      "const need = (key) => { const v = window.settings[key] || process.env[key]; if (!v) throw new Error(key); return v; };\nconst a = need('HERE');\n",
    ),
    [],
  ],
  [
    "ts accessor that asks a mounted file first",
    "missing-variable",
    script(
      "const need = (key) => { const at = `/run/secrets/${key}`; if (existsSync(at)) return readFileSync(`/run/secrets/${key}`, 'utf8'); const v = process.env[key]; if (!v) throw new Error(key); return v; };\nconst a = need('HERE');\n",
    ),
    [],
  ],
  [
    "table",
    "missing-variable",
    python(
      'import os\nfrom dataclasses import dataclass\n@dataclass\nclass Rule:\n    env_var: str\n    required: bool = True\nRULES = [Rule(env_var="GONE_ONE"), Rule(env_var="SOFT_ONE", required=False)]\n',
    ),
    ["warning GONE_ONE"],
  ],
  [
    "ts bang",
    "missing-variable",
    script(
      "const a = process.env.GONE!;\nconst b = process.env['G2'] as string;\nconst c = process.env.C1 ?? 'x';\nconst d = process.env.BARE;\n",
    ),
    ["note BARE", "warning G2", "warning GONE"],
  ],
  [
    "ts destructure",
    "missing-variable",
    script("const { GONE, D = 'x' } = process.env;\nif (!GONE) throw new Error();\n"),
    ["warning GONE"],
  ],
  [
    "ts zod",
    "missing-variable",
    script(
      "import { z } from 'zod';\nconst s = z.object({ GONE: z.string(), O: z.string().optional(), D: z.string().default('x'), N: z.coerce.number() });\nexport const env = s.parse(process.env);\n",
    ),
    ["warning GONE", "warning N"],
  ],
  [
    "ts envalid",
    "missing-variable",
    script(
      "import { cleanEnv, str } from 'envalid';\nexport const e = cleanEnv(process.env, { GONE: str(), D: str({ default: 'x' }), DEV: str({ devDefault: 'x' }) });\n",
    ),
    ["warning DEV", "warning GONE"],
  ],
  [
    "ts joi",
    "missing-variable",
    script(
      "import * as Joi from 'joi';\nexport const s = Joi.object({ GONE: Joi.string().required(), O: Joi.string() });\n",
    ),
    ["warning GONE"],
  ],
  [
    "ts nest",
    "missing-variable",
    script(
      "import { ConfigService } from '@nestjs/config';\nexport class A { constructor(c: ConfigService) { c.getOrThrow('GONE'); c.getOrThrow('a.b'); c.get('O'); } }\n",
    ),
    ["warning GONE"],
  ],
  [
    "ts class-validator",
    "missing-variable",
    script(
      "import { IsString, IsOptional } from 'class-validator';\nexport class EnvironmentVariables { @IsString() GONE: string; @IsOptional() @IsString() O: string; }\n",
    ),
    ["warning GONE"],
  ],
  [
    "ts deno bun",
    "missing-variable",
    script("const a = Deno.env.get('GONE')!;\nconst b = Bun.env.G2!;\n"),
    ["warning G2", "warning GONE"],
  ],
  [
    "ts t3",
    "missing-variable",
    script(
      "import { createEnv } from '@t3-oss/env-core';\nimport { z } from 'zod';\nexport const env = createEnv({ server: { GONE: z.string(), O: z.string().optional() }, runtimeEnv: process.env });\n",
    ),
    ["warning GONE"],
  ],
  [
    "dotenv-safe",
    "missing-variable",
    { ...PROCESS("x"), ".env.example": "GONE=\n", "src/main.js": "require('dotenv-safe').config();\n" },
    ["warning GONE"],
  ],
  [
    "go",
    "missing-variable",
    {
      ...PROCESS("x"),
      "main.go":
        'package main\nimport ("os"; "log")\nfunc main() {\n\tv := os.Getenv("GONE")\n\tif v == "" {\n\t\tlog.Fatal("x")\n\t}\n}\n',
    },
    ["warning GONE"],
  ],
  [
    "spring",
    "missing-variable",
    { ...PROCESS("x"), "src/main/resources/application.yml": "a: ${GONE}\nb: ${O:x}\n" },
    ["warning GONE"],
  ],
  // rules
  [
    "version unusable",
    "secret-version-unusable",
    {
      "predeploy.yml":
        "environments: { staging: { inventory: [{ gcloud-secrets: g.json, complete: true }, { aws-secrets: a.json, complete: true }] } }\n",
      "g.json":
        '[{"name":"projects/1/secrets/k","versions":[{"name":"projects/1/secrets/k/versions/2","state":"DISABLED"}]}]',
      "a.json": '{"SecretList":[{"Name":"old","DeletedDate":"2026-01-01"}]}',
      "d.sh": "gcloud run deploy api --set-secrets A=k:2\n",
      "task-definition.json":
        '{"containerDefinitions":[{"name":"a","secrets":[{"name":"A","valueFrom":"arn:aws:secretsmanager:r:1:secret:old-AbCdEf"}]}]}',
    },
    ["error k", "error old"],
  ],
  [
    "unwired",
    "unwired-variable",
    {
      Dockerfile: 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n',
      "main.py": 'import os\nA = os.environ["GONE"]\nB = os.environ["GIVEN"]\n',
      "d.sh": "gcloud run deploy api --set-secrets GIVEN=given:latest --set-env-vars MODE=x\n",
    },
    ["error GONE"],
  ],
  [
    "of several images one is deployed alone",
    "unwired-variable",
    {
      "api/Dockerfile": 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n',
      "api/main.py": 'import os\nA = os.environ["OF_API"]\n',
      "web/Dockerfile": 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n',
      "web/main.py": 'import os\nA = os.environ["OF_WEB"]\n',
      "d.sh": "gcloud run deploy api --set-secrets GIVEN=given:latest --set-env-vars MODE=x\n",
    },
    ["warning OF_API"],
  ],
  [
    "partially",
    "partially-wired",
    {
      "shared/session.py": 'import os\nK = os.environ["KEY"]\n',
      "api/main.py": "import shared.session\n",
      "auth/main.py": "import shared.session\n",
      "d.sh":
        "gcloud run deploy api --set-secrets KEY=k:latest --set-env-vars M=x\ngcloud run deploy auth --set-secrets OTHER=o:latest --set-env-vars M=x\n",
    },
    ["warning KEY"],
  ],
  [
    "a project called after an environment, after another one, and after none",
    "missing-store-secret",
    {
      ...STORE("there"),
      "d.sh":
        "gcloud secrets versions access latest --secret=gone --project acme-staging\ngcloud secrets versions access 1 --secret=elsewhere --project=acme-production\ngcloud secrets versions access 1 --secret=foreign --project=tools\n",
    },
    ["warning gone"],
  ],
  [
    "steps of Cloud Build: a whole wiring, and a part of one",
    "unwired-variable",
    {
      Dockerfile: 'FROM python:3.12\nCOPY main.py /\nCMD ["python", "/main.py"]\n',
      "main.py": 'import os\nA = os.environ["A"]\nB = os.environ["B"]\nC = os.environ["C"]\n',
      "cloudbuild.yaml":
        "steps:\n  - name: gcr.io/google.com/cloudsdktool/cloud-sdk\n    entrypoint: gcloud\n    args: [run, deploy, api, --set-secrets=A=a:latest, --set-env-vars, 'B=$_B']\n  - name: gcr.io/cloud-builders/gcloud:latest\n    args:\n      - run\n      - deploy\n      - ${_NAME}\n      - --set-secrets=A=a:latest\n",
    },
    ["error C"],
  ],
  [
    "a list of secrets that stands in a variable",
    "missing-store-secret",
    {
      ...STORE("there"),
      "d.sh":
        'A="K=there:latest,L=gone:latest"\ngcloud run deploy api --set-secrets="$A"\ngcloud run deploy web --set-secrets="$B"\n',
    },
    ["error gone"],
  ],
  [
    "conflict",
    "conflicting-mapping",
    {
      "d.sh": "gcloud run deploy api --set-secrets K=one-key:latest\n",
      "e.sh": "gcloud run deploy web --set-secrets K=one-key-new:latest\n",
    },
    ["warning K"],
  ],
  [
    "conflict of two scripts that deploy one service of one environment",
    "conflicting-mapping",
    {
      "deploy/staging.sh": "gcloud run deploy api-staging --set-secrets K=one-key:latest\n",
      "deploy/again.py":
        'run(["gcloud", "run", "deploy", "api-staging", "--image", image,\n     "--set-secrets", "K=one-key-new:latest"])\n',
    },
    ["error K"],
  ],
  [
    "conflict of a service whose environment is not said",
    "conflicting-mapping",
    {
      "deploy/a.sh": "gcloud run deploy api --set-secrets K=one-key:latest\n",
      "deploy/b.sh": "gcloud run deploy api --set-secrets K=one-key-new:latest\n",
    },
    ["warning K"],
  ],
  [
    "plaintext",
    "plaintext-secret",
    { "d.sh": "gcloud run deploy api --set-env-vars MAIL_API_KEY=a8f7d6c5b4a3928170ff\n" },
    ["warning MAIL_API_KEY"],
  ],
  [
    "plaintext ecs",
    "plaintext-secret",
    {
      "task-definition.json":
        '{"containerDefinitions":[{"name":"a","environment":[{"name":"MAIL_API_KEY","value":"a8f7d6c5b4a3928170ff"}]}]}',
    },
    ["warning MAIL_API_KEY"],
  ],
  [
    "plaintext compose",
    "plaintext-secret",
    { "compose.prod.yaml": "services: { a: { image: i, environment: { MAIL_API_KEY: a8f7d6c5b4a3928170ff } } }\n" },
    ["warning MAIL_API_KEY"],
  ],
  [
    "plaintext action env_vars",
    "plaintext-secret",
    {
      ".github/workflows/d.yml":
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: google-github-actions/deploy-cloudrun@v2\n        with: { service: s, env_vars: MAIL_API_KEY=a8f7d6c5b4a3928170ff }\n",
    },
    ["warning MAIL_API_KEY"],
  ],
  [
    "plaintext k8s",
    "plaintext-secret",
    {
      "k/a.yaml":
        "apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { containers: [{ name: c, image: i, env: [{ name: MAIL_API_KEY, value: a8f7d6c5b4a3928170ff }] }] }\n",
    },
    ["warning MAIL_API_KEY"],
  ],
  [
    "unused",
    "unused-secret",
    { ...STORE("nobody"), "d.sh": "gcloud run deploy api --set-secrets K=one:latest\n" },
    ["warning nobody"],
  ],
  [
    "requires",
    "required-not-provided",
    {
      "predeploy.yml":
        "environments: { staging: { requires: [must], inventory: [{ declared: [x], namespace: store, complete: true }] } }\n",
    },
    ["error must"],
  ],
  [
    "unreadable inventory",
    "missing-store-secret",
    {
      "predeploy.yml": "environments: { staging: { inventory: [{ gcloud-secrets: gone.json, complete: true }] } }\n",
      "d.sh": "gcloud run deploy api --set-secrets K=one:latest\nx --set-secrets K=one:latest\n",
    },
    ["undecided"],
  ],
  [
    "placeholder",
    "placeholder-value",
    {
      "predeploy.yml":
        "environments: { staging: { inventory: [{ env-file: .env.staging }] }, production: { inventory: [{ env-file: .env.production }] }, dev: { inventory: [{ env-file: .env.dev }] } }\n",
      ".env.staging": "A=REPLACE_WITH_X\n",
      ".env.production": "A=changeme\n",
      ".env.dev": "A=changeme\n",
    },
    ["error A", "error A", "warning A"],
  ],
  [
    "a value that a script prints into a file of values",
    "missing-terraform-variable",
    {
      ...TERRAFORM,
      "infra/main.tf": 'variable "printed" {}\nvariable "gone" {}\nvariable "circled" {}\n',
      "infra/values.sh": '#!/bin/sh\n{\n  echo "printed = \\"$X\\""\n} > "$1/x.tfvars"\necho "hello"\n',
      ".circleci/deploy/commands.yml":
        'commands:\n  a:\n    steps:\n      - run:\n          command: |\n            echo "circled = 1" >> ./x.tfvars\n',
    },
    ["error gone"],
  ],
  [
    "the environment of a process that the code starts",
    "missing-variable",
    python(
      'import os, subprocess\nsubprocess.run(["x"], env={**os.environ, "A1": "x", "B1": os.environ["B1"]})\nos.environ["A1"]\n',
      "x",
      {
        "src/a.ts":
          'spawn("x", [], { env: { ...process.env, C1: "x" } });\nexport const c = process.env.C1!;\nexport const env = { env: { D1: need("D1") } };\nexport const d = process.env.D1!;\n',
      },
    ),
    ["warning B1", "warning D1"],
  ],
  [
    "an env file that is not there, named by two services",
    "missing-object-key",
    {
      ...OBJECTS("x"),
      "compose.yaml": "services: { a: { image: a, env_file: web.env }, b: { image: b, env_file: web.env } }\n",
    },
    ["warning web.env"],
  ],
  [
    "an env file for developers",
    "missing-object-key",
    {
      ...OBJECTS("x"),
      "compose.yaml": 'services: { a: { image: "a:${TAG}", env_file: .env.dev }, b: { image: b, env_file: b.env } }\n',
    },
    [],
  ],
  [
    "a name that a constant of the module holds, and one that is set twice",
    "missing-variable",
    python(
      'import os\nTOKEN_NAME = "API_TOKEN"\nOTHER = "A_KEY"\nif 1:\n    OTHER = "B_KEY"\nt = os.environ[TOKEN_NAME]\no = os.environ[OTHER]\n',
      "x",
    ),
    ["warning API_TOKEN"],
  ],
  [
    "a class of settings for tests beside that of the deploy",
    "missing-variable",
    python(
      "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    name: str\nclass TestSettings(Settings):\n    stub: str\nclass LiveSettings(Settings):\n    key: str\n",
      "x",
    ),
    ["warning KEY", "warning NAME"],
  ],
  [
    "the values of a chart from elsewhere",
    "missing-object-key",
    {
      ...OBJECTS("x"),
      "deploy.sh": "helm upgrade --install db bitnami/postgresql -f deploy/values-x.yaml -f deploy/values-other.yaml\n",
      "deploy/values-x.yaml": "auth: { existingSecret: pg-auth }\nold: { existingSecret: '' }\n",
    },
    ["error pg-auth"],
  ],
  [
    "a test of all names of a list, one of any, and one that a single name passes",
    "missing-variable",
    python(
      'import os\nif not all(os.getenv(n) for n in ["A_KEY", "B_KEY"]):\n    raise SystemExit(1)\nNAMES = ("C_KEY",)\nif any(n not in os.environ for n in NAMES):\n    raise SystemExit(1)\nif not any(os.getenv(n) for n in ["D_KEY", "E_KEY"]):\n    raise SystemExit(1)\n',
      "A_KEY, D_KEY",
    ),
    ["note E_KEY", "warning B_KEY", "warning C_KEY"],
  ],
  [
    "a fallback inside a call, and two of which either will do",
    "missing-ci-variable",
    workflow(
      "      - run: echo ${{ fromJSON(vars.LIST || '[]') }}\n      - run: echo ${{ format('{0}-{1}', vars.VTHERE || vars.OTHER, vars.GONE) }}\n",
    ),
    ["error GONE"],
  ],
  [
    "a list of secrets that a script puts together, and one that is taken halfway",
    "missing-store-secret",
    {
      ...STORE("there"),
      "deploy.sh":
        'LIST="A=there:latest"\nLIST="$LIST,B=gone-b:latest"\nLIST+=",C=gone-c:latest"\ngcloud run deploy api --set-secrets "$LIST"\nHALF="A=there:latest"\ngcloud run deploy web --set-secrets "$HALF"\nHALF="$HALF,D=gone-d:latest"\ngcloud run deploy web --set-secrets "$HALF"\n',
    },
    ["error gone-b", "error gone-c"],
  ],
  [
    "variables that a deploy takes from a file, and one that nothing gives",
    "unwired-variable",
    {
      ...STORE("there"),
      Dockerfile: 'FROM python:3.13-slim\nWORKDIR /srv\nCOPY . .\nCMD ["python", "main.py"]\n',
      "main.py": 'import os\na = os.environ["A_HOST"]\nb = os.environ["B_HOST"]\nc = os.environ["C_KEY"]\n',
      "deploy.sh":
        "gcloud run deploy api --source . --project acme-staging --env-vars-file=env.yaml --set-secrets C_KEY=there:latest\n",
      "env.yaml": "A_HOST: a\n",
    },
    ["error B_HOST"],
  ],
  [
    "variables that a deploy takes from a file that is not here",
    "unwired-variable",
    {
      ...STORE("there"),
      Dockerfile: 'FROM python:3.13-slim\nWORKDIR /srv\nCOPY . .\nCMD ["python", "main.py"]\n',
      "main.py": 'import os\na = os.environ["A_HOST"]\n',
      "deploy.sh":
        'gcloud run deploy api --source . --project acme-staging --env-vars-file="$FILE" --set-secrets C_KEY=there:latest\n',
    },
    [],
  ],
  ...(
    [
      ["a variable that the entry script exports", 'ENTRYPOINT ["sh", "entry.sh"]\nCMD ["python", "main.py"]\n', []],
      ["a program that gives variables of its own", 'CMD ["doppler", "run", "--", "python", "main.py"]\n', []],
      ["the same without either", 'CMD ["python", "main.py"]\n', ["error A_HOST"]],
    ] as const
  ).map(
    ([title, start, is]): Row => [
      title,
      "unwired-variable",
      {
        ...STORE("there"),
        Dockerfile: `FROM python:3.13-slim\nWORKDIR /srv\nCOPY . .\n${start}`,
        "entry.sh": '#!/bin/sh\nexport A_HOST=a\nexec "$@"\n',
        "main.py": 'import os\na = os.environ["A_HOST"]\n',
        "deploy.sh":
          "gcloud run deploy api --source . --project acme-staging --set-env-vars MODE=x --set-secrets C_KEY=there:latest\n",
      },
      is,
    ],
  ),
  [
    "an env file in the image of a program that reads it",
    "unwired-variable",
    {
      ...STORE("there"),
      Dockerfile: 'FROM python:3.13-slim\nWORKDIR /srv\nCOPY . .\nCMD ["python", "main.py"]\n',
      ".env": "A_HOST=a\n",
      "main.py":
        'import os\nfrom dotenv import load_dotenv\nload_dotenv()\na = os.environ["A_HOST"]\nb = os.environ["B_HOST"]\n',
      "deploy.sh":
        "gcloud run deploy api --source . --project acme-staging --set-env-vars MODE=x --set-secrets C_KEY=there:latest\n",
    },
    ["error B_HOST"],
  ],
  ...(["--set-env-vars $VARS", "--set-env-vars MODE=x,$MORE", "--set-env-vars MODE=x"] as const).map(
    (flag): Row => [
      `a list of variables on the command line: ${flag}`,
      "unwired-variable",
      {
        ...STORE("there"),
        Dockerfile: 'FROM python:3.13-slim\nWORKDIR /srv\nCOPY . .\nCMD ["python", "main.py"]\n',
        "main.py": 'import os\na = os.environ["A_HOST"]\n',
        "deploy.sh": `gcloud run deploy api --source . --project acme-staging ${flag} --set-secrets C_KEY=there:latest\n`,
      },
      flag.includes("$") ? [] : ["error A_HOST"],
    ],
  ),
  [
    "flags of the deploy action",
    "unwired-variable",
    {
      ...STORE("there"),
      Dockerfile: 'FROM python:3.13-slim\nWORKDIR /srv\nCOPY . .\nCMD ["python", "main.py"]\n',
      "main.py": 'import os\na = os.environ["A_HOST"]\nb = os.environ["B_HOST"]\n',
      ".github/workflows/d.yml":
        "on: push\njobs:\n  d:\n    runs-on: x\n    environment: staging\n    steps:\n      - uses: google-github-actions/deploy-cloudrun@v2\n        with: { service: api, source: ., flags: --update-env-vars=A_HOST=a, secrets: C_KEY=there:latest, secrets_update_strategy: overwrite }\n",
    },
    ["warning B_HOST"],
  ],
  [
    "names that are asked for before they are read: in an accessor, and in a comprehension",
    "missing-variable",
    python(
      'import os\ndef setting(name, default=None):\n    return os.environ[name] if name in os.environ else default\na = setting("A_HOST")\nb = next((os.environ[n] for n in ("B_HOST", "C_HOST") if n in os.environ), None)\nd = [os.environ[n] for n in ("D_HOST",)]\n',
    ),
    ["note A_HOST", "warning D_HOST"],
  ],
  [
    "a job that never runs, and a step that only looks",
    "missing-ci-secret",
    {
      ...CI,
      ".github/workflows/d.yml":
        "on: push\njobs:\n  a:\n    if: ${{ false }}\n    runs-on: x\n    steps: [{ run: './x ${{ secrets.OFF }}' }]\n  b:\n    runs-on: x\n    steps:\n      - id: has\n        env: { T: '${{ secrets.LOOKED }}' }\n        run: echo \"it=${{ env.T != '' }}\" >> \"$GITHUB_OUTPUT\"\n      - if: steps.has.outputs.it == 'true'\n        run: ./x ${{ secrets.LOOKED }}\n      - run: ./x ${{ secrets.GONE }}\n",
    },
    ["error GONE"],
  ],
  [
    "a loop that throws for each name that is not there",
    "missing-variable",
    script(
      'for (const name of ["A_HOST", "B_HOST"]) {\n  if (!(name in process.env)) throw new Error(name);\n}\nfor (const name of ["C_HOST"]) if (name in process.env) console.log(name);\n',
      "A_HOST",
    ),
    ["warning B_HOST"],
  ],
  [
    "variables that the code gives itself by a literal",
    "missing-variable",
    {
      ...python(
        'import os\nos.environ.update({"A_HOST": "a"}, B_HOST="b")\na = os.environ["A_HOST"]\nb = os.environ["B_HOST"]\nc = os.environ["C_HOST"]\n',
      ),
      "src/main.ts":
        'Object.assign(process.env, { D_HOST: "d" });\nexport const all = [process.env.D_HOST!, process.env.E_HOST!];\n',
    },
    ["warning C_HOST", "warning E_HOST"],
  ],
  [
    "variables that the code gives itself from elsewhere",
    "missing-variable",
    {
      ...python('import os\nfrom store import load\nos.environ.update(load())\na = os.environ["A_HOST"]\n'),
      "src/main.ts": "Object.assign(process.env, load());\nexport const b = process.env.B_HOST!;\n",
      "web/main.ts": "export const c = process.env.C_HOST!;\n",
      "jobs/main.py": 'import os\ndef start(more):\n    os.environ.update(more)\nd = os.environ["D_HOST"]\n',
    },
    ["note A_HOST", "note B_HOST", "warning C_HOST", "warning D_HOST"],
  ],
  [
    "variables that gunicorn gives its workers",
    "unwired-variable",
    {
      ...STORE("there"),
      Dockerfile:
        'FROM python:3.13-slim\nWORKDIR /srv\nCOPY . .\nCMD ["gunicorn", "-e", "A_HOST=a", "-c", "conf.py", "app:app"]\n',
      "conf.py": 'bind = ":80"\nraw_env = [\n    "B_HOST=b",\n]\n',
      "app.py": 'import os\na = os.environ["A_HOST"]\nb = os.environ["B_HOST"]\nc = os.environ["C_HOST"]\napp = None\n',
      "deploy.sh":
        "gcloud run deploy api --source . --project acme-staging --set-env-vars MODE=x --set-secrets C_KEY=there:latest\n",
    },
    ["error C_HOST"],
  ],
  ...(
    [
      [
        "Terraform",
        {
          "infra/main.tf":
            'resource "kubernetes_secret_v1" "s" {\n  metadata {\n    name = "keys"\n  }\n  data = {\n    a = "x"\n  }\n}\n',
        },
        ["error keys/b"],
      ],
      [
        "Terraform, with keys that are computed",
        {
          "infra/main.tf":
            'resource "kubernetes_secret" "s" {\n  metadata {\n    name = "keys"\n  }\n  data = local.all\n}\n',
        },
        [],
      ],
      [
        "a chart",
        {
          "charts/a/Chart.yaml": "apiVersion: v2\nname: a\n",
          "charts/a/templates/s.yaml":
            "{{- if .Values.on }}\napiVersion: v1\nkind: Secret\nmetadata:\n  labels:\n    a: b\n  name: keys\nstringData:\n  a: {{ .Values.a }}\n{{- end }}\n",
        },
        [],
      ],
      [
        "an operator",
        {
          "k8s/v.yaml":
            "apiVersion: spv.no/v2beta1\nkind: AzureKeyVaultSecret\nmetadata: { name: v }\nspec: { output: { secret: { name: keys, dataKey: a } } }\n",
        },
        [],
      ],
      ["nothing", {}, ["error keys/a", "error keys/b"]],
    ] as const
  ).map(
    ([maker, files, is]): Row => [
      `keys of a Secret that is made by ${maker}`,
      "missing-object-key",
      {
        ...OBJECTS("x"),
        "k8s/p.yaml":
          "apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec:\n  containers:\n    - name: a\n      image: a:1\n      env:\n        - { name: A, valueFrom: { secretKeyRef: { name: keys, key: a } } }\n        - { name: B, valueFrom: { secretKeyRef: { name: keys, key: b } } }\n",
        ...files,
      },
      is,
    ],
  ),
  [
    "an env file for developers that may be absent",
    "missing-object-key",
    {
      ...OBJECTS("x"),
      "compose.yaml":
        'services: { a: { image: "a:${TAG:?}", env_file: [{ path: .env.local, required: false }], secrets: [key] } }\n',
    },
    ["error TAG", "error key"],
  ],
  [
    "env files that git ignores, that a script makes, and that nobody does",
    "missing-object-key",
    {
      ...OBJECTS("x"),
      ".gitignore": "/kept.env\n",
      "deploy.sh": "sops -d --output-type dotenv secrets.enc.yaml > made.env\ndocker compose up -d\n",
      "compose.yaml": "services: { a: { image: a, env_file: [kept.env, made.env, gone.env] } }\n",
    },
    ["warning gone.env"],
  ],
  [
    "what lets a program take a manager's list stands in no list of it",
    "missing-object-key",
    {
      "predeploy.yml": "environments: { staging: { inventory: [{ infisical: names.json, complete: true }] } }\n",
      "names.json": '[{ "key": "THERE" }]',
      "compose.yaml": "services: { a: { image: a, environment: [THERE, INFISICAL_TOKEN, DOPPLER_TOKEN] } }\n",
    },
    ["warning DOPPLER_TOKEN"],
  ],
  [
    "an operator writes into the namespace that its object names",
    "missing-object-key",
    {
      ...OBJECTS("x"),
      "k8s/pod.yaml":
        "apiVersion: v1\nkind: Pod\nmetadata: { name: a, namespace: shop }\nspec: { containers: [{ name: a, image: a, envFrom: [{ secretRef: { name: made } }, { secretRef: { name: other } }] }] }\n",
      "k8s/doppler.yaml":
        "apiVersion: secrets.doppler.com/v1alpha1\nkind: DopplerSecret\nmetadata: { name: d, namespace: doppler-system }\nspec: { managedSecret: { name: made, namespace: shop } }\n---\napiVersion: secrets.doppler.com/v1alpha1\nkind: DopplerSecret\nmetadata: { name: e, namespace: doppler-system }\nspec: { managedSecret: { name: other, namespace: tools } }\n",
    },
    ["error other"],
  ],
  [
    "many computed names of one folder",
    "dynamic-reference",
    {
      "a/d.sh": [..."abcdef"].map((one) => `gcloud secrets versions access latest --secret="${one}-$X"\n`).join(""),
      "b/d.sh": 'gcloud secrets versions access latest --secret="g-$X"\n',
    },
    ["note a-$X", "note g-$X"],
  ],
  [
    "reusable",
    "secret-not-passed",
    {
      ".github/workflows/c.yml":
        "on: push\njobs:\n  a:\n    uses: ./.github/workflows/r.yml\n    secrets: { other: x }\n  b:\n    uses: ./.github/workflows/r.yml\n    secrets: inherit\n",
      ".github/workflows/r.yml":
        "on: { workflow_call: { secrets: { k: { required: true } } } }\njobs: { a: { runs-on: x, steps: [{ run: x }] } }\n",
    },
    ["error k", "error other"],
  ],
];

test.each([...wired, ...read])("%s (%s)", async (_, rule, files, is) => {
  const found = (await foundBy(`secrets/${rule}`, files)).map((one) => {
    const [severity, , ...subject] = one.split(" ");
    return subject.length === 0 ? one : `${severity} ${subject.join(" ")}`;
  });
  expect(found.sort()).toEqual([...is].sort());
});
