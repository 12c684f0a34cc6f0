import { describe, expect, test } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { makeFactReader } from "../../src/engine/facts.ts";
import { buildsProvider } from "../../src/model/builds.ts";
import type { Build, BuildsModel } from "../../src/types/image.ts";
import { memoryWorkspace } from "../../src/workspace/memory.ts";

const DOCKERFILE = "FROM scratch\nCOPY . /app\n";

async function buildsOf(files: Record<string, string>): Promise<BuildsModel> {
  const workspace = memoryWorkspace(files);
  const facts = makeFactReader(workspace);
  await facts.load(buildsProvider.facts);
  const model = buildsProvider.build({
    files: workspace.files,
    facts,
    config: await loadConfig(workspace, null),
    options: { environment: null, online: false, present: new Map(), deployed: null, now: 0 },
    known: {},
    linkTarget: workspace.linkTarget,
    noteUnread: workspace.noteUnread,
  });
  if ("missing" in model) throw new Error(model.missing);
  return model;
}

/** `name: context dockerfile target`, "?" for what is not known. */
const shown = ({ builds }: BuildsModel): string[] =>
  builds.map((build: Build) =>
    [
      `${build.name}:`,
      build.context.kind === "unknown"
        ? "?"
        : `${build.context.kind === "git" ? "git " : ""}${build.context.path || "."}`,
      build.dockerfile.kind === "file" ? build.dockerfile.path : build.dockerfile.kind,
      ...(build.target === null ? [] : [build.target]),
    ].join(" "),
  );

describe("definitions", () => {
  test.each<[string, Record<string, string>, string[]]>([
    [
      "compose joins the Dockerfile to the context, and the context to its own folder",
      {
        "deploy/compose.yaml":
          "services:\n  a: { build: ../api }\n  b: { build: { context: .., dockerfile: docker/x.Dockerfile, target: prod } }\n  c: { build: '${DIR}' }\n  d: { build: '${DIR:-../web}' }\n  e: { image: x }\n  f: { build: !reset null }\n",
        "api/Dockerfile": DOCKERFILE,
        "web/Dockerfile": DOCKERFILE,
        "docker/x.Dockerfile": DOCKERFILE,
      },
      ["a: api api/Dockerfile", "b: . docker/x.Dockerfile prod", "c: ? unknown", "d: web web/Dockerfile"],
    ],
    [
      "an override takes what it leaves out from the main file",
      {
        "docker-compose.yml": "services:\n  a:\n    build: { context: api }\n",
        "docker-compose.override.yml": "services:\n  a:\n    build: { target: dev }\n",
        "api/Dockerfile": DOCKERFILE,
      },
      ["a: api api/Dockerfile dev", "a: api api/Dockerfile"],
    ],
    [
      "build-push-action: the git context by default, `file` from the checkout, a matrix",
      {
        ".github/workflows/x.yml":
          "on: push\njobs:\n  j:\n    strategy: { matrix: { s: [api, web] } }\n    steps:\n      - uses: docker/build-push-action@v6\n        with: { file: api/Dockerfile, tags: 'acme/one:1' }\n      - uses: docker/build-push-action@v6\n        with: { context: '${{ matrix.s }}', tags: 'acme/${{ matrix.s }}:1' }\n      - uses: docker/build-push-action@v6\n        with: { context: '${{ inputs.dir }}', file: api/Dockerfile, tags: 'acme/two:1' }\n",
        "api/Dockerfile": DOCKERFILE,
        "web/Dockerfile": DOCKERFILE,
      },
      [
        "acme/api: api api/Dockerfile",
        "acme/one: git . api/Dockerfile",
        "acme/two: ? api/Dockerfile",
        "acme/web: web web/Dockerfile",
      ],
    ],
    [
      "build-push-action: the names of its first version",
      {
        ".github/workflows/x.yml":
          "on: push\njobs:\n  j:\n    steps:\n      - uses: docker/build-push-action@v1\n        with: { path: api, tags: 'acme/one:1' }\n      - uses: docker/build-push-action@v1.1.2\n        with: { dockerfile: api/Dockerfile, tags: 'acme/two:1' }\n",
        "api/Dockerfile": DOCKERFILE,
      },
      ["acme/one: api api/Dockerfile", "acme/two: . api/Dockerfile"],
    ],
    [
      "compose: other stages of a Dockerfile than the one for production, which is looked at by itself",
      {
        "compose.yaml":
          "services:\n  a:\n    build: { context: a, target: development }\n  b:\n    build: { context: a, target: notebook }\n  c:\n    build: { context: c, target: live }\n  d:\n    build: { context: d, target: notebook }\n",
        "a/Dockerfile":
          "FROM scratch AS development\nFROM scratch AS notebook\nFROM scratch AS production\nCOPY . /app\n",
        "c/Dockerfile": "FROM scratch AS live\nCOPY . /app\n",
        "d/Dockerfile": "FROM scratch AS notebook\nFROM scratch AS production\nCOPY . /app\n",
      },
      [
        "a/Dockerfile: a a/Dockerfile production",
        "a: a a/Dockerfile development",
        "b: a a/Dockerfile notebook",
        "c: c c/Dockerfile live",
        "d: d d/Dockerfile notebook",
      ],
    ],
    [
      "compose: the classic name, where the file is called in lower case",
      {
        "compose.yaml": "services:\n  a:\n    build: { context: ., dockerfile: Dockerfile }\n",
        dockerfile: DOCKERFILE,
      },
      ["a: . dockerfile"],
    ],
    [
      "GoReleaser: a context of its own, with the binaries",
      {
        ".goreleaser.yaml": "version: 2\ndockers:\n  - dockerfile: build/Dockerfile\n  - goos: linux\n",
        Dockerfile: "FROM scratch\nCOPY app /app\n",
        "build/Dockerfile": "FROM scratch\nCOPY app /app\n",
      },
      ["Dockerfile: ? Dockerfile", "build/Dockerfile: ? build/Dockerfile"],
    ],
    [
      "GoReleaser: configs elsewhere, run at the root or beside them",
      {
        "release/.goreleaser-init.yml":
          "dockers:\n  - dockerfile: ./build/init/Dockerfile\n  - dockerfile: gone/Dockerfile\n",
        "cli/.goreleaser.yaml": "dockers:\n  - dockerfile: Dockerfile\n",
        "build/init/Dockerfile": "FROM scratch\nCOPY init /init\n",
        "cli/Dockerfile": "FROM scratch\nCOPY app /app\n",
      },
      ["build/init/Dockerfile: ? build/init/Dockerfile", "cli/Dockerfile: ? cli/Dockerfile"],
    ],
    [
      "build-push-action: the workspace as a container action sees it",
      {
        ".github/workflows/x.yml":
          "on: push\njobs:\n  j:\n    steps:\n      - uses: docker/build-push-action@v1\n        with: { dockerfile: /github/workspace/api/Dockerfile, tags: 'acme/one:1' }\n",
        "api/Dockerfile": DOCKERFILE,
      },
      ["acme/one: . api/Dockerfile"],
    ],
    [
      "build-push-action: a folder of the git context, where `file` is looked up, too",
      {
        ".github/workflows/x.yml":
          "on: push\njobs:\n  j:\n    steps:\n      - uses: docker/build-push-action@v6\n        with: { context: '{{defaultContext}}:api', file: Dockerfile.jobs, tags: 'acme/jobs:1' }\n",
        "api/Dockerfile.jobs": DOCKERFILE,
      },
      ["acme/jobs: git api api/Dockerfile.jobs"],
    ],
    [
      "commands: -f from the current directory, cd, working-directory, package scripts, Makefile, a script",
      {
        ".github/workflows/x.yml":
          "on: push\njobs:\n  j:\n    steps:\n      - run: |\n          (cd api && docker build -t one --build-arg A=1 .)\n          docker buildx build --platform linux/amd64 -f api/Dockerfile -t two .\n      - working-directory: web\n        run: podman build -t three --target t .\n",
        "web/package.json": '{"scripts":{"image":"docker build -t four ."}}',
        Makefile: "TAG = five\nimage:\n\tdocker build \\\n\t  -t $(TAG) api\n",
        "scripts/build.sh":
          '#!/bin/sh\nROOT="$(cd "$(dirname "$0")/.." && pwd)"\ncd "$ROOT"\ndocker build -t six -f web/Dockerfile .\n',
        "scripts/build.py": 'run(["docker", "build", "-t", name, "--target=s", "-f", "api/Dockerfile", "."])\n',
        "api/Dockerfile": DOCKERFILE,
        "web/Dockerfile": DOCKERFILE,
      },
      [
        "five: api api/Dockerfile",
        "four: web web/Dockerfile",
        "one: api api/Dockerfile",
        "two: . api/Dockerfile",
        "six: . web/Dockerfile",
        "scripts/build.py: . api/Dockerfile s",
        "three: web web/Dockerfile t",
      ],
    ],
    [
      "Makefile: variables set below, in a branch and by default, lines of a define",
      {
        Makefile:
          "FILE = api/Dockerfile\nifdef OLD\n  FILE = gone/Dockerfile\nendif\nFILE ?= gone/Dockerfile\n" +
          "define image\n\tdocker build -t defined -f $(FILE) .\nendef\n" +
          "up: ; $(DOCKER) build -t inline -f $(FILE) $(CONTEXT)\nsub:\n\t@cd web && docker build \\\n-t continued .\n" +
          "ifdef SMALL\n  CONTEXT = api\nendif\n",
        "api/Dockerfile": DOCKERFILE,
        "web/Dockerfile": DOCKERFILE,
      },
      ["continued: web web/Dockerfile", "defined: . api/Dockerfile", "inline: api api/Dockerfile"],
    ],
    [
      "scripts: the folder above their own in the forms that people write, and a folder that cannot be told",
      {
        "ci/scripts/a.sh":
          'HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"\nTOP="$(dirname ${HERE})"\ndocker build -t above -f $TOP/Dockerfile $TOP\n',
        "ci/scripts/b.sh":
          'TOP=$(dirname "$(dirname "$(readlink -f "$0")")")\ndocker build -t twice -f "$TOP/b.Dockerfile" "$TOP"\n',
        "ci/scripts/c.sh":
          'MID="$(cd "$(dirname "$0")/.." && pwd)"\nTOP=$(dirname "$MID")\ndocker build -t root -f "$TOP/Dockerfile" "$TOP"\n',
        "ci/scripts/d.sh": 'docker build -t open -f Dockerfile "$(dirname "$1")"\n',
        "ci/Dockerfile": DOCKERFILE,
        "ci/b.Dockerfile": DOCKERFILE,
        Dockerfile: DOCKERFILE,
      },
      ["above: ci ci/Dockerfile", "open: ? Dockerfile", "root: . Dockerfile", "twice: ci ci/b.Dockerfile"],
    ],
    [
      "bake: inheritance, a matrix and variables",
      {
        "docker-bake.hcl":
          'variable "DIR" { default = "api" }\ntarget "_base" { args = { A = "1" } }\ntarget "a" {\n  inherits = ["_base"]\n  context = "${DIR}"\n}\ntarget "m" {\n  name = "m-${s}"\n  matrix = { s = ["web"] }\n  context = s\n  target = "x"\n}\n',
        "api/Dockerfile": DOCKERFILE,
        "web/Dockerfile": DOCKERFILE,
      },
      ["a: api api/Dockerfile", "m-web: web web/Dockerfile x"],
    ],
    [
      "bake: a base with a context of its own, of which only those that inherit it name a Dockerfile",
      {
        "docker-bake.hcl":
          'target "base" { context = "." }\ntarget "a" {\n  inherits = ["base"]\n  dockerfile = "api/Dockerfile"\n}\ntarget "lost" { context = "." }\n',
        "api/Dockerfile": DOCKERFILE,
      },
      ["a: . api/Dockerfile", "lost: . Dockerfile"],
    ],
    [
      "skaffold and Cloud Build",
      {
        "skaffold.yaml":
          "apiVersion: skaffold/v4beta6\nbuild:\n  artifacts:\n    - image: one\n      context: api\n      docker: { dockerfile: Dockerfile, target: t }\n    - image: two\n      jib: {}\n",
        "cloudbuild.yaml":
          "steps:\n  - name: gcr.io/cloud-builders/docker\n    args: [build, -t, gcr.io/p/three, -f, web/Dockerfile, web]\n  - name: gcr.io/kaniko-project/executor\n    args: [--destination=four, --dockerfile=api/Dockerfile]\n",
        "api/Dockerfile": DOCKERFILE,
        "web/Dockerfile": DOCKERFILE,
      },
      ["four: . api/Dockerfile", "gcr.io/p/three: web web/Dockerfile", "one: api api/Dockerfile t"],
    ],
    [
      "a composite action and a reusable workflow, with what their callers give; one that nothing here calls",
      {
        ".github/workflows/push.yml": [
          "on: push",
          "jobs:",
          "  app:",
          "    strategy: { matrix: { folder: [one, two] } }",
          "    steps:",
          "      - uses: actions/checkout@v4",
          "      - uses: ./.github/actions/image",
          "        with: { context: 'apps/${{ matrix.folder }}' }",
          "  web:",
          "    uses: ./.github/workflows/build.yml",
          "    with: { folder: web }",
        ].join("\n"),
        ".github/workflows/build.yml": [
          "on: { workflow_call: { inputs: { folder: { type: string }, file: { type: string, default: web/Dockerfile } } } }",
          "jobs:",
          "  build:",
          "    steps:",
          "      - run: docker build -f ${{ inputs.file }} ${{ inputs.folder }}",
        ].join("\n"),
        ".github/actions/image/action.yml": [
          "inputs: { context: { required: true }, file: { required: false } }",
          "runs:",
          "  steps:",
          "    - uses: docker/build-push-action@v6",
          "      with: { context: '${{ inputs.context }}', file: '${{ inputs.file }}' }",
        ].join("\n"),
        ".github/actions/elsewhere/action.yml": [
          "inputs: { context: { default: . } }",
          "runs:",
          "  steps:",
          "    - uses: docker/build-push-action@v6",
          "      with: { context: '${{ inputs.context }}' }",
        ].join("\n"),
        "apps/one/Dockerfile": DOCKERFILE,
        "apps/two/Dockerfile": DOCKERFILE,
        "web/Dockerfile": DOCKERFILE,
      },
      [
        "build: web web/Dockerfile",
        "elsewhere: ? unknown",
        "image: apps/one apps/one/Dockerfile",
        "image: apps/two apps/two/Dockerfile",
      ],
    ],
    [
      "azd: services with a Dockerfile, each from its own directory",
      {
        "azure.yaml": [
          "services:",
          "  web: { project: ./src/web, host: containerapp }",
          "  api: { project: apps/api/src, host: aks, docker: { path: ../Dockerfile, context: ../../.., target: run } }",
          "  job: { project: apps/job, host: containerapp }",
          "  site: { project: apps/site, host: staticwebapp }",
          "  old: { image: acme/old:1, host: containerapp }",
        ].join("\n"),
        "src/web/Dockerfile": DOCKERFILE,
        "apps/api/Dockerfile": DOCKERFILE,
        "apps/site/Dockerfile": DOCKERFILE,
        "apps/job/main.py": "",
      },
      [
        "api: . apps/api/Dockerfile run",
        "apps/site/Dockerfile: ? apps/site/Dockerfile",
        "web: src/web src/web/Dockerfile",
      ],
    ],
    [
      "nothing names it: the directory in which its sources exist",
      {
        "api/Dockerfile": "FROM scratch\nCOPY app.py /\n",
        "api/app.py": "",
        "docker/web.Dockerfile": "FROM scratch\nCOPY web/x.js /\n",
        "web/x.js": "",
        "both/Dockerfile": DOCKERFILE,
        "mail/Dockerfile": "FROM python:3.12\nCOPY . /app\nRUN pip install -r requirements.txt\n",
        "mail/requirements.txt": "",
        "sms/Dockerfile": "FROM python:3.12\nCOPY . /app\nRUN pip install -r sms/requirements.txt\n",
        "sms/requirements.txt": "",
        "pyproject.toml": "",
        "space/apps/shop/Dockerfile": "FROM scratch\nCOPY package.json lock.json /\nCOPY apps/shop /shop\n",
        "space/apps/shop/main.js": "",
        "space/package.json": "",
        "space/lock.json": "",
        "template/Dockerfile.j2": DOCKERFILE,
      },
      [
        "api/Dockerfile: api api/Dockerfile",
        "both/Dockerfile: ? both/Dockerfile",
        "docker/web.Dockerfile: . docker/web.Dockerfile",
        "mail/Dockerfile: mail mail/Dockerfile",
        "sms/Dockerfile: ? sms/Dockerfile",
        "space/apps/shop/Dockerfile: space space/apps/shop/Dockerfile",
      ],
    ],
    [
      "images of the config win over what is found for the same Dockerfile",
      {
        "predeploy.yml": "images:\n  app: { dockerfile: api/Dockerfile, context: . }\n",
        "compose.yaml": "services:\n  a: { build: api }\n  b: { build: web }\n",
        "api/Dockerfile": DOCKERFILE,
        "web/Dockerfile": DOCKERFILE,
      },
      ["app: . api/Dockerfile", "b: web web/Dockerfile"],
    ],
  ])("%s", async (_, files, expected) => {
    expect(shown(await buildsOf(files)).sort()).toEqual([...expected].sort());
  });
});

test("a build reads the ignore file beside its Dockerfile, else the one at the root of its context", async () => {
  const { builds } = await buildsOf({
    "compose.yaml":
      "services:\n  a: { build: { context: ., dockerfile: d/a.Dockerfile } }\n  b: { build: { context: ., dockerfile: d/b.Dockerfile } }\n",
    "d/a.Dockerfile": DOCKERFILE,
    "d/a.Dockerfile.dockerignore": "x",
    "d/b.Dockerfile": DOCKERFILE,
    "d/.dockerignore": "x",
    ".dockerignore": "x",
  });
  expect(builds.map((build) => build.ignoreFile)).toEqual(["d/a.Dockerfile.dockerignore", ".dockerignore"]);
});

test("overrides of a compose service: command, environment and what is mounted", async () => {
  const { builds } = await buildsOf({
    "compose.yaml":
      "services:\n  a:\n    build: .\n    command: uvicorn 'a b'\n    environment: [X=1, Y]\n    volumes: ['./src:/app/src:ro', data:/data, {type: bind, source: .., target: /up}]\n",
    Dockerfile: DOCKERFILE,
  });
  const run = builds[0]?.run;
  expect(run?.command?.words.map((word) => word.text)).toEqual(["uvicorn", "a b"]);
  expect([...(run?.environment ?? [])]).toEqual([
    ["X", "1"],
    ["Y", null],
  ]);
  expect(run?.mounts).toEqual([
    { target: "/app/src", source: "src" },
    { target: "/data", source: null },
    { target: "/up", source: null },
  ]);
});

test("what Cloud Build uploads is filtered, and a step before a build may make files", async () => {
  const { builds } = await buildsOf({
    "cloudbuild.yaml":
      "steps:\n  - name: node\n    args: [run, build]\n  - name: gcr.io/cloud-builders/docker\n    args: [build, -t, x, .]\n",
    Dockerfile: DOCKERFILE,
    ".gitignore": "lib/",
  });
  expect(builds[0]).toMatchObject({ upload: { kind: "gitignore", root: "" }, madeBefore: [""] });
});
