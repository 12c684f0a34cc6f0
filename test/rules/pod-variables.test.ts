import { expect, test } from "vitest";
import { foundBy, messagesOf } from "../support/found.ts";

/** A title, what is put over the repository, and what is found: `severity place subject`. */
type Row = readonly [title: string, files: Record<string, string>, is: readonly string[]];

const container = (more: string, image = "registry.example.com/shop/api:1") =>
  `      containers:\n        - name: api\n          image: ${image}\n${more.replace(/^(?=.)/gm, "          ")}`;
const workload = (pod: string, more = "") =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: api\nspec:\n  template:\n${more}    spec:\n${pod}`;
const api = (env: string, more = "") => workload(container(env), more);
const PLAIN = "env:\n  - name: MODE\n    value: web\n";
const DOCKERFILE = 'FROM python:3.12\nWORKDIR /srv\nCOPY . .\nCMD ["python", "main.py"]\n';
const READS = 'import os\n\nMODE = os.environ["MODE"]\nKEY = os.environ["JWT_KEY"]\n';
const SKAFFOLD =
  "apiVersion: skaffold/v2beta1\nkind: Config\nbuild:\n  artifacts:\n    - image: shop/api\n      context: api\n";
const base = {
  "skaffold.yaml": SKAFFOLD,
  "api/Dockerfile": DOCKERFILE,
  "api/main.py": READS,
  "k8s/api.yaml": api(PLAIN),
};
const LACKS = ["error api/main.py:4 JWT_KEY"];
const secret = (kind: string, body: string) => `---\napiVersion: v1\nkind: ${kind}\nmetadata: { name: api }\n${body}\n`;
const FROM = "envFrom:\n  - secretRef: { name: api }\n";
/** A base and an overlay of kustomize. */
const overlay = (more: string, files: Record<string, string> = {}) => ({
  "k8s/api.yaml": "",
  "k8s/base/api.yaml": api(PLAIN),
  "k8s/base/kustomization.yaml": "resources: [api.yaml]\n",
  "k8s/overlays/staging/kustomization.yaml": `resources: [../../base]\n${more}`,
  ...files,
});
/** The Secret of the cluster, as a complete list says that it is. */
const cluster = (keys: string, complete = true) => ({
  "k8s/api.yaml": api(`${PLAIN}${FROM}`),
  "predeploy.yml": `environments: { staging: { inventory: [{ kubectl: cluster.json, complete: ${complete} }] } }\n`,
  "cluster.json": `{ "kind": "List", "items": [{ "kind": "Secret", "metadata": { "name": "api", "namespace": "shop" }, "data": { ${keys} } }] }\n`,
});
const typescript = (text: string, more: Record<string, string> = {}) => ({
  "api/Dockerfile": 'FROM node:22\nWORKDIR /srv\nCOPY . .\nCMD ["node", "main.js"]\n',
  "api/main.py": "",
  "api/main.js": text,
  ...more,
});

const listed: Row[] = [
  ["a Secret of the cluster that lacks a key", cluster('"OTHER": ""'), LACKS],
  ["a Secret of the cluster that has it", cluster('"JWT_KEY": ""'), []],
  ["a list that may lack what is there", cluster('"OTHER": ""', false), []],
  [
    "an environment whose cluster is not listed",
    {
      ...cluster('"OTHER": ""'),
      "predeploy.yml":
        "environments: { staging: { inventory: [{ kubectl: cluster.json, complete: true }] }, production: { inventory: [] } }\n",
    },
    [],
  ],
];

const joins: Row[] = [
  ["a tag of skaffold", {}, LACKS],
  [
    "a tag of a build command",
    {
      "skaffold.yaml": "",
      "build.sh": "#!/bin/sh\ndocker build -t eu.example.com/shop/api:$TAG -f api/Dockerfile api\n",
    },
    LACKS,
  ],
  [
    "a tag of an action, by the variables of the workflow",
    {
      "skaffold.yaml": "",
      ".github/workflows/b.yml":
        "on: push\nenv: { NAME: shop/api }\njobs:\n  b:\n    runs-on: x\n    steps:\n      - uses: docker/build-push-action@v6\n        with: { context: api, tags: 'ghcr.io/${{ env.NAME }}:latest' }\n",
    },
    LACKS,
  ],
  [
    "an image of docker/metadata-action",
    {
      "skaffold.yaml": "",
      ".github/workflows/b.yml":
        "on: push\njobs:\n  b:\n    runs-on: x\n    steps:\n      - id: meta\n        uses: docker/metadata-action@v5\n        with: { images: ghcr.io/shop/api }\n      - uses: docker/build-push-action@v6\n        with: { context: api, tags: '${{ steps.meta.outputs.tags }}' }\n",
    },
    LACKS,
  ],
  [
    "the name of the folder",
    { "skaffold.yaml": "", "api/Dockerfile": DOCKERFILE.replace("COPY . .", "COPY main.py .") },
    LACKS,
  ],
  [
    "another image",
    { "k8s/api.yaml": workload(container(PLAIN, "registry.example.com/shop/mail:1")), "mail/Dockerfile": "FROM x\n" },
    [],
  ],
  [
    "an image whose name is filled in",
    { "k8s/api.yaml": workload(container(PLAIN, "registry.example.com/$NAME:1")), "mail/Dockerfile": "FROM x\n" },
    [],
  ],
  [
    "the only image of the repository, which gives what the code reads",
    {
      "skaffold.yaml": "",
      "api/Dockerfile": DOCKERFILE.replace("COPY . .", "COPY main.py ."),
      "k8s/api.yaml": workload(
        container(
          "env:\n  - { name: MODE, value: web }\n  - { name: LEVEL, value: info }\n",
          "registry.example.com/shop/other:1",
        ),
      ),
      "api/main.py": `${READS}LEVEL = os.environ.get("LEVEL")\n`,
    },
    LACKS,
  ],
  [
    "the only image, and nothing in common",
    {
      "skaffold.yaml": "",
      "k8s/api.yaml": workload(
        container("env:\n  - { name: OTHER, value: x }\n", "registry.example.com/tools/proxy:1"),
      ),
    },
    [],
  ],
  ["two Dockerfiles that fit", { "skaffold.yaml": "", "api/other.Dockerfile": DOCKERFILE }, []],
  [
    "the name of the package",
    {
      "skaffold.yaml": "",
      "api/Dockerfile": "",
      Dockerfile: DOCKERFILE,
      "main.py": READS,
      "package.json": '{ "name": "@shop/api" }',
      "base.Dockerfile": "FROM x\n",
      "mail/Dockerfile": "FROM x\n",
    },
    ["error main.py:4 JWT_KEY"],
  ],
  [
    "an image beside one that is named",
    {
      "skaffold.yaml": "",
      "api/Dockerfile": DOCKERFILE.replace("COPY . .", "COPY main.py ."),
      "k8s/api.yaml": `${api(`${PLAIN}  - { name: JWT_KEY, value: x }\n`)}---\n${workload(container(PLAIN, "registry.example.com/tools/proxy:1"))}`,
    },
    [],
  ],
  [
    "a name that ends like the folder",
    {
      "skaffold.yaml": "",
      "api/Dockerfile": DOCKERFILE.replace("COPY . .", "COPY main.py ."),
      "mail/Dockerfile": "FROM x\n",
      "k8s/api.yaml": workload(container(PLAIN, "registry.example.com/shop-api:1")),
    },
    ["warning api/main.py:4 JWT_KEY"],
  ],
  [
    "a name that ends in a word without meaning",
    {
      "skaffold.yaml": "",
      "api/Dockerfile": "",
      "app/Dockerfile": DOCKERFILE.replace("COPY . .", "COPY main.py ."),
      "app/main.py": READS,
      "mail/Dockerfile": "FROM x\n",
      "k8s/api.yaml": workload(container(PLAIN, "registry.example.com/tools/metrics-app:1")),
    },
    [],
  ],
  [
    "another name by kustomize",
    {
      "k8s/api.yaml": "",
      "k8s/web.yaml": workload(container(PLAIN, "web")),
      "k8s/kustomization.yaml":
        "resources: [web.yaml]\nimages: [{ name: web, newName: registry.example.com/shop/api }]\n",
      "web.txt": "",
    },
    LACKS,
  ],
  [
    "another command",
    {
      "api/worker.py": 'import os\n\nQUEUE = os.environ["QUEUE_URL"]\n',
      "k8s/api.yaml": api(`command: [python, worker.py]\n${PLAIN}`),
    },
    ["error api/worker.py:3 QUEUE_URL"],
  ],
  [
    "the image's own command where compose has another one",
    {
      "skaffold.yaml": "",
      "compose.yaml": "services:\n  api: { build: ./api, image: shop/api, command: python dev.py }\n",
      "api/dev.py": "",
    },
    LACKS,
  ],
  ["a workload for a developer's machine", { "k8s/api.yaml": "", "k8s/dev/api.yaml": api(PLAIN) }, []],
];

const given: Row[] = [
  [
    "a mesh's sidecar",
    { "k8s/api.yaml": api(PLAIN, '    metadata: { annotations: { sidecar.istio.io/inject: "true" } }\n') },
    LACKS,
  ],
  [
    "what Dapr sets",
    {
      "k8s/api.yaml": api(PLAIN, '    metadata: { annotations: { dapr.io/enabled: "true" } }\n'),
      "api/main.py": 'import os\nMODE = os.environ["MODE"]\nDAPR = os.environ["DAPR_HTTP_PORT"]\n',
    },
    [],
  ],
  [
    "hardly anything of what the code reads",
    {
      "api/main.py": `import os\nMODE = os.environ["MODE"]\n${["A", "B", "C", "D"].map((one) => `${one} = os.environ["KEY_${one}"]\n`).join("")}`,
    },
    [
      "warning api/main.py:3 KEY_A",
      "warning api/main.py:4 KEY_B",
      "warning api/main.py:5 KEY_C",
      "warning api/main.py:6 KEY_D",
    ],
  ],

  [
    "env",
    { "k8s/api.yaml": api(`${PLAIN}  - name: JWT_KEY\n    valueFrom: { secretKeyRef: { name: s, key: k } }\n`) },
    [],
  ],
  ["ENV of the image", { "api/Dockerfile": DOCKERFILE.replace("COPY", "ENV JWT_KEY=x\nCOPY") }, []],
  [
    "export of a script",
    {
      "api/Dockerfile": DOCKERFILE.replace('"python", "main.py"', '"sh", "run.sh"'),
      "api/run.sh": "export JWT_KEY=$(cat /k)\nexec python main.py\n",
    },
    [],
  ],
  [
    "source of a script",
    {
      "api/Dockerfile": DOCKERFILE.replace('"python", "main.py"', '"sh", "run.sh"'),
      "api/run.sh": ". /etc/secrets.env\nexec python main.py\n",
    },
    [],
  ],
  [
    "a script that sets something else",
    {
      "api/Dockerfile": DOCKERFILE.replace('"python", "main.py"', '"sh", "run.sh"'),
      "api/run.sh": "export OTHER=1\nexec python main.py\n",
    },
    LACKS,
  ],
  [
    "a wrapper that brings secrets",
    { "api/Dockerfile": DOCKERFILE.replace('["python"', '["doppler", "run", "--", "python"') },
    [],
  ],
  ["keys of a Secret", { "k8s/api.yaml": api(`${PLAIN}${FROM}`) + secret("Secret", "stringData: { JWT_KEY: x }") }, []],
  [
    "other keys of a Secret",
    { "k8s/api.yaml": api(`${PLAIN}${FROM}`) + secret("Secret", "stringData: { OTHER: x }") },
    LACKS,
  ],
  [
    "keys below a prefix",
    { "k8s/api.yaml": api(`${PLAIN}${FROM}    prefix: JWT_\n`) + secret("Secret", "stringData: { KEY: x }") },
    [],
  ],
  [
    "keys of a SealedSecret",
    { "k8s/api.yaml": api(`${PLAIN}${FROM}`) + secret("SealedSecret", "spec: { encryptedData: { JWT_KEY: x } }") },
    [],
  ],
  ["a Secret that is not here", { "k8s/api.yaml": api(`${PLAIN}${FROM}`) }, []],
  [
    "an ExternalSecret that takes all",
    {
      "k8s/api.yaml":
        api(`${PLAIN}${FROM}`) + secret("ExternalSecret", "spec: { dataFrom: [{ extract: { key: api } }] }"),
    },
    [],
  ],
  [
    "an example of a Secret",
    { "k8s/api.yaml": api(`${PLAIN}${FROM}`), "k8s/secret.example.yaml": secret("Secret", "stringData: { OTHER: x }") },
    [],
  ],
  [
    "a Secret made by a script",
    {
      "k8s/api.yaml": api(`${PLAIN}${FROM}`),
      "make.sh": "#!/bin/sh\nkubectl create secret generic api --from-literal=JWT_KEY=$K\n",
    },
    [],
  ],
  [
    "the vault's agent",
    { "k8s/api.yaml": api(PLAIN, '    metadata: { annotations: { vault.hashicorp.com/agent-inject: "true" } }\n') },
    [],
  ],
  [
    "the variables of a Service",
    { "api/main.py": 'import os\nMODE = os.environ["MODE"]\nHOST = os.environ["CACHE_SERVICE_HOST"]\n' },
    [],
  ],
  ["kubectl set env", { "deploy.sh": "#!/bin/sh\nkubectl set env deployment/api JWT_KEY=x\n" }, []],
  [
    "a template",
    { "k8s/api.yaml": api("env:\n  {{- range .env }}\n  - name: MODE\n    value: web\n  {{- end }}\n") },
    [],
  ],
  [
    "a dotenv that is mounted",
    {
      "api/main.py": `from dotenv import load_dotenv\nload_dotenv("/etc/api/env")\n${READS}`,
      "k8s/api.yaml": api(`${PLAIN}volumeMounts:\n  - { name: e, mountPath: /etc/api }\n`),
    },
    [],
  ],
  [
    "a dotenv that may be in the image",
    { "api/main.py": `from dotenv import load_dotenv\nload_dotenv()\n${READS}` },
    ["warning api/main.py:6 JWT_KEY"],
  ],
  [
    "a dotenv that cannot be in the image",
    { "api/main.py": `from dotenv import load_dotenv\nload_dotenv()\n${READS}`, "api/.dockerignore": ".env\n" },
    ["error api/main.py:6 JWT_KEY"],
  ],
  [
    "a base image of one's own",
    { "api/Dockerfile": DOCKERFILE.replace("python:3.12", "registry.example.com/shop/base:1") },
    ["warning api/main.py:4 JWT_KEY"],
  ],
  [
    "a value that chooses the branch",
    { "api/main.py": 'import os\n\nif os.environ["MODE"] == "worker":\n    KEY = os.environ["JWT_KEY"]\n' },
    [],
  ],
];

const kustomized: Row[] = [
  ["nothing adds it", overlay(""), LACKS],
  [
    "a file of a patch",
    overlay("patches: [{ path: env.yaml }]\n", {
      "k8s/overlays/staging/env.yaml": workload(
        "      containers:\n        - name: api\n          env: [{ name: JWT_KEY, value: x }]\n",
      ),
    }),
    [],
  ],
  [
    "a patch of another object",
    overlay("patches: [{ path: env.yaml }]\n", {
      "k8s/overlays/staging/env.yaml": workload(
        "      containers:\n        - name: api\n          env: [{ name: JWT_KEY, value: x }]\n",
      ).replace("name: api\nspec", "name: other\nspec"),
    }),
    LACKS,
  ],
  [
    "a patch in the text",
    overlay(
      "patches:\n  - target: { kind: Deployment, name: api }\n    patch: |-\n      - op: add\n        path: /spec/template/spec/containers/0/env/-\n        value: { name: JWT_KEY, value: x }\n",
    ),
    [],
  ],
  [
    "a patch that changes the command",
    overlay(
      "patches:\n  - target: { kind: Deployment, name: api }\n    patch: |-\n      - op: replace\n        path: /spec/template/spec/containers/0/command\n        value: [python, other.py]\n",
    ),
    [],
  ],
  [
    "a patch that only counts replicas",
    overlay(
      "patches:\n  - target: { kind: Deployment }\n    patch: |-\n      - op: replace\n        path: /spec/replicas\n        value: 3\n",
    ),
    LACKS,
  ],
  [
    "a component of this repository",
    overlay("components: [../../more]\n", {
      "k8s/more/kustomization.yaml": "kind: Component\npatchesStrategicMerge: [env.yaml]\n",
      "k8s/more/env.yaml": workload(
        "      containers:\n        - name: api\n          env: [{ name: JWT_KEY, value: x }]\n",
      ),
    }),
    [],
  ],
  ["a component of another one", overlay("components: [https://example.com/more]\n"), []],
  [
    "a base that is completed elsewhere",
    { "k8s/api.yaml": "", "k8s/base/api.yaml": api(PLAIN), "k8s/base/kustomization.yaml": "resources: [api.yaml]\n" },
    [],
  ],
  [
    "a generator",
    overlay("secretGenerator: [{ name: api, literals: [JWT_KEY=x] }]\n", {
      "k8s/base/api.yaml": api(`${PLAIN}${FROM}`),
    }),
    [],
  ],
];

const reads: Row[] = [
  [
    "a function that the program and the server call",
    {
      "api/Dockerfile": DOCKERFILE.replace('"python", "main.py"', '"gunicorn", "main:create_app()"'),
      "api/main.py":
        'import os\n\ndef create_app():\n    return os.environ["MODE"] + os.environ["JWT_KEY"]\nif __name__ == "__main__":\n    create_app()\n',
    },
    ["error api/main.py:4 JWT_KEY"],
  ],

  [
    "a branch that something else decides",
    {
      "api/main.py":
        'import os\nfrom flags import flag\n\nMODE = os.environ["MODE"]\nif flag("tokens"):\n    KEY = os.environ["JWT_KEY"]\n',
      "api/flags.py": "def flag(name): ...\n",
    },
    ["warning api/main.py:6 JWT_KEY"],
  ],
  [
    "a branch of JavaScript that something else decides",
    typescript(
      'import { flag } from "./flag.js";\nif (flag(process.env.MODE.trim())) process.env.JWT_KEY.trim();\nif (flag("x")) process.env.MAIL_KEY.trim();\n',
      { "api/flag.js": "export const flag = () => true;\n" },
    ),
    ["warning api/main.js:3 MAIL_KEY"],
  ],

  [
    "what only a program asks for, in a module",
    {
      "api/Dockerfile": DOCKERFILE.replace('"python", "main.py"', '"gunicorn", "main:app"'),
      "api/main.py":
        'import os\n\nMODE = os.environ["MODE"]\ndef main():\n    return os.environ["BIND"]\napp = 1\nif __name__ == "__main__":\n    main()\n    print(os.environ["JWT_KEY"])\n',
    },
    [],
  ],

  [
    "a function that nothing of the start calls",
    { "api/main.py": 'import os\n\nMODE = os.environ["MODE"]\ndef f():\n    return os.environ["JWT_KEY"]\n' },
    ["note api/main.py:5 JWT_KEY"],
  ],
  [
    "a function that the module calls",
    {
      "api/main.py":
        'import os\n\nMODE = os.environ["MODE"]\ndef main():\n    return os.environ["JWT_KEY"]\nif __name__ == "__main__":\n    main()\n',
    },
    ["error api/main.py:5 JWT_KEY"],
  ],
  [
    "a function that another module calls",
    {
      "api/main.py": "from conf import load\nconf = load()\n",
      "api/conf.py": 'import os\n\nMODE = os.environ["MODE"]\ndef load():\n    return os.environ["JWT_KEY"]\n',
    },
    ["error api/conf.py:5 JWT_KEY"],
  ],
  [
    "a function that the server calls",
    {
      "api/Dockerfile": DOCKERFILE.replace('"python", "main.py"', '"gunicorn", "main:create_app()"'),
      "api/main.py": 'import os\n\ndef create_app():\n    return os.environ["MODE"] + os.environ["JWT_KEY"]\n',
    },
    ["error api/main.py:4 JWT_KEY"],
  ],
  [
    "an empty default that is refused",
    {
      "api/main.py":
        'import os\n\nMODE = os.environ["MODE"]\nKEY = os.environ.get("JWT_KEY", "")\nif KEY == "":\n    raise SystemExit("no key")\n',
    },
    LACKS,
  ],
  [
    "settings that are made at once",
    {
      "api/main.py":
        "from pydantic_settings import BaseSettings\n\nclass Settings(BaseSettings):\n    mode: str\n    jwt_key: str\n\nsettings = Settings()\n",
    },
    ["error api/main.py:5 JWT_KEY"],
  ],
  [
    "settings that nothing makes",
    {
      "api/main.py":
        "from pydantic_settings import BaseSettings\n\nclass Settings(BaseSettings):\n    mode: str\n    jwt_key: str\n",
    },
    [],
  ],
  [
    "a start function of JavaScript",
    typescript(
      "const start = async () => {\n  if (!process.env.MODE) throw new Error();\n  if (!process.env.JWT_KEY) throw new Error();\n};\nstart();\n",
    ),
    ["error api/main.js:3 JWT_KEY"],
  ],
  [
    "a start function whose failure is only written down",
    typescript(
      "const start = async () => {\n  try {\n    if (!process.env.JWT_KEY) throw new Error(process.env.MODE);\n  } catch (error) {\n    console.error(error);\n  }\n};\nstart();\n",
    ),
    ["warning api/main.js:3 JWT_KEY"],
  ],
  [
    "only the author's word",
    typescript("export const key = process.env.JWT_KEY!;\n", {
      "api/Dockerfile": 'FROM node:22\nWORKDIR /srv\nCOPY . .\nCMD ["npx", "tsx", "main.ts"]\n',
      "api/main.ts": "export const key = process.env.JWT_KEY!;\n",
      "api/main.js": "",
    }),
    ["warning api/main.ts:1 JWT_KEY"],
  ],
  [
    "a handler of JavaScript",
    typescript('app.get("/", () => process.env.JWT_KEY.trim());\n'),
    ["note api/main.js:1 JWT_KEY"],
  ],
  [
    "a file that is imported where that may fail",
    { "api/main.py": "try:\n    import extra\nexcept Exception:\n    extra = None\n", "api/extra.py": READS },
    [],
  ],
  [
    "a module of several services, in a function",
    {
      "api/main.py": 'import os\nMODE = os.environ["MODE"]\nimport lib.mail\n',
      "api/Dockerfile": DOCKERFILE.replace("COPY . .", "COPY api lib ./\nCOPY lib ./lib"),
      "lib/__init__.py": "",
      "lib/mail.py": 'import os\n\ndef send():\n    return os.environ["MAIL_KEY"]\n',
      "skaffold.yaml": SKAFFOLD.replace("context: api", "context: .\n      docker: { dockerfile: api/Dockerfile }"),
      "mail/Dockerfile": DOCKERFILE,
      "mail/main.py": "",
      "k8s/mail.yaml": api("").replace(/\bapi\b/g, "mail"),
    },
    [],
  ],
];

const all: Row[] = [...joins, ...listed, ...given, ...kustomized, ...reads];

test.each(all)("%s", async (_, files, is) => {
  const found = await foundBy("secrets/unwired-variable", { ...base, ...files });
  expect(found.sort()).toEqual([...is].sort());
});

test("the message names the line to add, and the key that exists", async () => {
  const files = { ...base, "k8s/secret.yaml": secret("Secret", "stringData: { JWT_KEY: x }") };
  expect(await messagesOf("secrets/unwired-variable", files)).toEqual([
    'os.environ["JWT_KEY"]: the code needs JWT_KEY, and Deployment api (k8s/api.yaml) gives it no such variable. Add to its `env:` { name: JWT_KEY, valueFrom: { secretKeyRef: { name: api, key: JWT_KEY } } }.',
  ]);
  const whole = { ...base, "k8s/api.yaml": api(FROM) + secret("Secret", "stringData: { MODE: web }") };
  expect((await messagesOf("secrets/unwired-variable", whole))[0]).toContain(
    "Add it to the Secret api, or to the `env:`",
  );
  const other = {
    ...base,
    "k8s/api.yaml": api("env:\n  - { name: MODE, value: web }\n  - { name: JWT_SECRET_KEY, value: x }\n"),
  };
  expect((await messagesOf("secrets/unwired-variable", other))[0]).toContain('It gives "JWT_SECRET_KEY".');
});

test("a worker without what the server of the same code has", async () => {
  const files = {
    ...base,
    "k8s/api.yaml": api(`${PLAIN}  - { name: JWT_KEY, value: x }\n`),
    "k8s/worker.yaml": api(PLAIN).replace("name: api\nspec", "name: worker\nspec"),
  };
  expect(await foundBy("secrets/unwired-variable", files)).toEqual([]);
  expect(await foundBy("secrets/partially-wired", files)).toEqual(["error api/main.py:4 JWT_KEY"]);
});
