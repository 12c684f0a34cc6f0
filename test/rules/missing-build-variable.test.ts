import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readRules } from "../../src/catalog/generated-files.ts";
import { foundBy } from "../support/found.ts";
import { runRule } from "../support/run-rule.ts";

const found = (files: Record<string, string>) => foundBy("secrets/missing-build-variable", files);

/** A Next.js app whose client component needs one name. */
const NEXT: Record<string, string> = {
  "package.json": '{ "name": "web", "scripts": { "build": "next build" }, "dependencies": { "next": "15.0.0" } }',
  "app/page.tsx": 'import { Map } from "../components/map";\nexport default function Page() { return <Map />; }\n',
  "components/map.tsx": '"use client";\nexport const Map = () => <iframe src={process.env.NEXT_PUBLIC_MAP_URL!} />;\n',
  ".gitignore": "node_modules\n",
};
const WORKFLOW = (args: string) => `on: { push: { branches: [main] } }
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: docker/build-push-action@v6
        with:
          context: .
          push: true
          tags: example/web:latest
${args}`;
const ARGS = (...lines: string[]) =>
  `          build-args: |\n${lines.map((line) => `            ${line}\n`).join("")}`;
const STAGE = (...lines: string[]) =>
  [
    "FROM node:22 AS build",
    "WORKDIR /app",
    "COPY . .",
    ...lines,
    "RUN npm ci && npm run build",
    "FROM node:22-slim",
    "COPY --from=build /app/.next /app/.next",
    'CMD ["node", "server.js"]',
    "",
  ].join("\n");
const FINDING = ["error components/map.tsx:2 NEXT_PUBLIC_MAP_URL"];

interface Row {
  title: string;
  files: Record<string, string>;
  is: string[];
}

const stages: Row[] = [
  { title: "nothing takes it", files: { Dockerfile: STAGE(), "d.yml": "" }, is: FINDING },
  { title: "ENV", files: { Dockerfile: STAGE("ENV NEXT_PUBLIC_MAP_URL=https://map.test") }, is: [] },
  {
    title: "ENV of several, behind a line's end",
    files: { Dockerfile: STAGE("ENV A=1 \\", "    NEXT_PUBLIC_MAP_URL=https://map.test") },
    is: [],
  },
  { title: "the older ENV form", files: { Dockerfile: STAGE("ENV NEXT_PUBLIC_MAP_URL https://map.test") }, is: [] },
  { title: "ARG with a default", files: { Dockerfile: STAGE("ARG NEXT_PUBLIC_MAP_URL=https://map.test") }, is: [] },
  { title: "ARG with an empty default: meant so", files: { Dockerfile: STAGE('ARG NEXT_PUBLIC_MAP_URL=""') }, is: [] },
  { title: "ARG that nothing gives", files: { Dockerfile: STAGE("ARG NEXT_PUBLIC_MAP_URL") }, is: FINDING },
  {
    title: "ARG into ENV that nothing gives",
    files: { Dockerfile: STAGE("ARG NEXT_PUBLIC_MAP_URL", "ENV NEXT_PUBLIC_MAP_URL=$NEXT_PUBLIC_MAP_URL") },
    is: FINDING,
  },
  {
    title: "an argument of another name into ENV",
    files: {
      Dockerfile: STAGE("ARG MAP_URL", "ENV NEXT_PUBLIC_MAP_URL=${MAP_URL}"),
      ".github/workflows/ship.yml": WORKFLOW(ARGS("MAP_URL=https://map.test")),
    },
    is: [],
  },
  {
    title: "a build argument",
    files: {
      Dockerfile: STAGE("ARG NEXT_PUBLIC_MAP_URL"),
      ".github/workflows/ship.yml": WORKFLOW(ARGS("NEXT_PUBLIC_MAP_URL=${{ vars.MAP_URL }}")),
    },
    is: [],
  },
  {
    title: "a build argument that no ARG takes",
    files: {
      Dockerfile: STAGE(),
      ".github/workflows/ship.yml": WORKFLOW(ARGS("NEXT_PUBLIC_MAP_URL=${{ vars.MAP_URL }}")),
    },
    is: FINDING,
  },
  {
    title: "ARG before the first FROM alone",
    files: { Dockerfile: `ARG NEXT_PUBLIC_MAP_URL=x\n${STAGE()}` },
    is: FINDING,
  },
  {
    title: "ARG before the first FROM, taken up in the stage",
    files: { Dockerfile: `ARG NEXT_PUBLIC_MAP_URL=x\n${STAGE("ARG NEXT_PUBLIC_MAP_URL")}` },
    is: [],
  },
  {
    title: "ARG behind the build",
    files: { Dockerfile: STAGE().replace("FROM node:22-slim", "ARG NEXT_PUBLIC_MAP_URL=x\nFROM node:22-slim") },
    is: FINDING,
  },
  {
    title: "ENV of the final stage comes too late",
    files: { Dockerfile: STAGE().replace("FROM node:22-slim", "FROM node:22-slim\nENV NEXT_PUBLIC_MAP_URL=x") },
    is: FINDING,
  },
  {
    title: "ARG of another stage",
    files: { Dockerfile: `FROM node:22 AS other\nARG NEXT_PUBLIC_MAP_URL=x\n${STAGE()}` },
    is: FINDING,
  },
  {
    title: "ENV of the stage that it starts from",
    files: {
      Dockerfile: `FROM node:22 AS base\nENV NEXT_PUBLIC_MAP_URL=x\n${STAGE().replace("FROM node:22 AS", "FROM base AS")}`,
    },
    is: [],
  },
  {
    title: "ARG of the stage that it starts from",
    files: {
      Dockerfile: `FROM node:22 AS base\nARG NEXT_PUBLIC_MAP_URL=x\n${STAGE().replace("FROM node:22 AS", "FROM base AS")}`,
    },
    is: [],
  },
  {
    title: "a base image of one's own may have it",
    files: { Dockerfile: STAGE().replace("FROM node:22 AS", "FROM registry.test/base:1 AS") },
    is: [],
  },
  {
    title: "the command sets it",
    files: { Dockerfile: STAGE().replace("npm run build", "NEXT_PUBLIC_MAP_URL=x npm run build") },
    is: [],
  },
  {
    title: "the script sets it",
    files: {
      Dockerfile: STAGE(),
      "package.json": NEXT["package.json"]!.replace('"next build"', '"NEXT_PUBLIC_MAP_URL=/map next build"'),
    },
    is: [],
  },
  {
    title: "a secret that is mounted as this variable",
    files: { Dockerfile: STAGE().replace("RUN npm", "RUN --mount=type=secret,id=map,env=NEXT_PUBLIC_MAP_URL npm") },
    is: [],
  },
  {
    title: "a secret that is mounted as another variable",
    files: { Dockerfile: STAGE().replace("RUN npm", "RUN --mount=type=secret,id=map,env=MAP_TOKEN npm") },
    is: FINDING,
  },
  {
    title: "a secret that is mounted as an env file",
    files: {
      Dockerfile: STAGE().replace("RUN npm", "RUN --mount=type=secret,id=settings,target=/app/.env.production npm"),
    },
    is: [],
  },
  {
    title: "a secret that the command reads",
    files: {
      Dockerfile: STAGE().replace(
        "RUN npm",
        "RUN --mount=type=secret,id=map NEXT_PUBLIC_MAP_URL=$(cat /run/secrets/map) npm",
      ),
    },
    is: [],
  },
  {
    title: ".env.production",
    files: { Dockerfile: STAGE(), ".env.production": "NEXT_PUBLIC_MAP_URL=https://map.test\n" },
    is: [],
  },
  {
    title: ".env.production that .dockerignore leaves out",
    files: {
      Dockerfile: STAGE(),
      ".env.production": "NEXT_PUBLIC_MAP_URL=https://map.test\n",
      ".dockerignore": ".env*\n",
    },
    is: FINDING,
  },
  {
    title: ".env.production that is not copied",
    files: {
      Dockerfile: STAGE().replace("COPY . .", "COPY package.json ./\nCOPY app ./app\nCOPY components ./components"),
      ".env.production": "NEXT_PUBLIC_MAP_URL=https://map.test\n",
    },
    is: FINDING,
  },
  {
    title: ".env.development is not loaded",
    files: { Dockerfile: STAGE(), ".env.development": "NEXT_PUBLIC_MAP_URL=https://map.test\n" },
    is: FINDING,
  },
  {
    title: ".env.example is not loaded",
    files: { Dockerfile: STAGE(), ".env.example": "NEXT_PUBLIC_MAP_URL=https://map.test\n", ".dockerignore": ".env\n" },
    is: FINDING,
  },
  {
    title: "an env file that the command puts in place",
    files: { Dockerfile: STAGE("RUN cp .env.docker .env"), ".env.docker": "NEXT_PUBLIC_MAP_URL=https://map.test\n" },
    is: [],
  },
  {
    title: "an env file that git does not hold may be sent",
    files: { Dockerfile: STAGE(), ".gitignore": ".env*\n", "compose.yaml": "services:\n  web:\n    build: .\n" },
    is: [],
  },
  {
    title: "an env file that git does not hold, and .dockerignore leaves out",
    files: { Dockerfile: STAGE(), ".gitignore": ".env*\n", ".dockerignore": "**/.env*\n" },
    is: FINDING,
  },
  {
    title: "a clean checkout has no env file that git does not hold",
    files: { Dockerfile: STAGE(), ".gitignore": ".env*\n", ".github/workflows/ship.yml": WORKFLOW("") },
    is: FINDING,
  },
  {
    title: "a step before the build writes the env file",
    files: {
      Dockerfile: STAGE(),
      ".gitignore": ".env*\n",
      ".github/workflows/ship.yml": WORKFLOW("").replace(
        "      - uses: docker",
        '      - run: echo "NEXT_PUBLIC_MAP_URL=x" > .env.production\n      - uses: docker',
      ),
    },
    is: [],
  },
  {
    title: "the configuration sets it",
    files: { Dockerfile: STAGE(), "next.config.js": 'module.exports = { env: { NEXT_PUBLIC_MAP_URL: "/map" } };\n' },
    is: [],
  },
  {
    title: "a list of arguments that cannot be read",
    files: {
      Dockerfile: STAGE("ARG NEXT_PUBLIC_MAP_URL"),
      ".github/workflows/ship.yml": WORKFLOW("          build-args: ${{ steps.args.outputs.list }}\n"),
    },
    is: [],
  },
  {
    title: "a script that gives its flags in a variable",
    files: { Dockerfile: STAGE("ARG NEXT_PUBLIC_MAP_URL"), "deploy.sh": '#!/bin/sh\ndocker build "$ARGS" -t web .\n' },
    is: [],
  },
  {
    title: "a script that gives it",
    files: {
      Dockerfile: STAGE("ARG NEXT_PUBLIC_MAP_URL"),
      "deploy.sh": '#!/bin/sh\ndocker build --build-arg NEXT_PUBLIC_MAP_URL="$MAP_URL" -t web .\n',
    },
    is: [],
  },
  {
    title: "a script that gives it by its name alone",
    files: {
      Dockerfile: STAGE("ARG NEXT_PUBLIC_MAP_URL"),
      "deploy.sh": "#!/bin/sh\ndocker build --build-arg NEXT_PUBLIC_MAP_URL -t web .\n",
    },
    is: [],
  },
  {
    title: "compose gives it",
    files: {
      Dockerfile: STAGE("ARG NEXT_PUBLIC_MAP_URL"),
      "compose.yaml":
        "services:\n  web:\n    build:\n      context: .\n      args:\n        NEXT_PUBLIC_MAP_URL: ${MAP_URL}\n",
    },
    is: [],
  },
  {
    title: "compose sets it for the container alone",
    files: {
      Dockerfile: STAGE("ARG NEXT_PUBLIC_MAP_URL"),
      "compose.yaml": "services:\n  web:\n    build: .\n    environment:\n      - MAP=x\n",
    },
    is: FINDING,
  },
  {
    title: "bake gives it",
    files: {
      Dockerfile: STAGE("ARG NEXT_PUBLIC_MAP_URL"),
      "docker-bake.hcl":
        'target "web" {\n  context = "."\n  args = {\n    NEXT_PUBLIC_MAP_URL = "https://map.test"\n  }\n}\n',
    },
    is: [],
  },
  {
    title: "bake lacks it",
    files: {
      Dockerfile: STAGE("ARG NEXT_PUBLIC_MAP_URL"),
      "docker-bake.hcl": 'target "web" {\n  context = "."\n  args = {\n    OTHER = "x"\n  }\n}\n',
    },
    is: FINDING,
  },
  {
    title: "it builds when it starts",
    files: {
      Dockerfile: STAGE().replace('CMD ["node", "server.js"]', 'CMD ["sh", "-c", "npm run build && npm start"]'),
    },
    is: [],
  },
  {
    title: "an image for development builds nothing",
    files: { Dockerfile: STAGE().replace("npm ci && npm run build", "npm ci") },
    is: [],
  },
];

const code: Row[] = [
  {
    title: "a default",
    files: { "components/map.tsx": '"use client";\nexport const url = process.env.NEXT_PUBLIC_MAP_URL ?? "/map";\n' },
    is: [],
  },
  {
    title: "a guard",
    files: {
      "components/map.tsx":
        '"use client";\nexport const url = process.env.NEXT_PUBLIC_MAP_URL ? process.env.NEXT_PUBLIC_MAP_URL : null;\n',
    },
    is: [],
  },
  {
    title: "a bare read",
    files: { "components/map.tsx": '"use client";\nexport const url = process.env.NEXT_PUBLIC_MAP_URL;\n' },
    is: ["note components/map.tsx:2 NEXT_PUBLIC_MAP_URL"],
  },
  {
    title: "a file that no page reaches",
    files: { "app/page.tsx": "export default function Page() { return null; }\n" },
    is: [],
  },
  {
    title: "a server component reads it when it runs",
    files: { "components/map.tsx": "export const Map = () => <iframe src={process.env.NEXT_PUBLIC_MAP_URL!} />;\n" },
    is: [],
  },
  {
    title: "below a client component",
    files: {
      "components/map.tsx":
        '"use client";\nimport { url } from "../lib/url";\nexport const Map = () => <iframe src={url} />;\n',
      "lib/url.ts": "export const url = process.env.NEXT_PUBLIC_MAP_URL!;\n",
    },
    is: ["error lib/url.ts:1 NEXT_PUBLIC_MAP_URL"],
  },
  {
    title: "behind a server's action",
    files: {
      "components/map.tsx":
        '"use client";\nimport { url } from "../lib/url";\nexport const Map = () => <a onClick={url} />;\n',
      "lib/url.ts": '"use server";\nimport { settings } from "./settings";\nexport const url = async () => settings;\n',
      "lib/settings.ts": "export const settings = process.env.NEXT_PUBLIC_MAP_URL!;\n",
    },
    is: [],
  },
  {
    title: "behind a module for the server alone",
    files: {
      "components/map.tsx":
        '"use client";\nimport type { Url } from "../lib/url";\nimport { url } from "../lib/url";\nexport const Map = () => url as Url;\n',
      "lib/url.ts":
        'import "server-only";\nexport type Url = string;\nexport const url = process.env.NEXT_PUBLIC_MAP_URL!;\n',
    },
    is: [],
  },
  {
    title: "an older page",
    files: {
      "pages/map.tsx": "export default () => <iframe src={process.env.NEXT_PUBLIC_MAP_URL!} />;\n",
      "app/page.tsx": "",
    },
    is: ["error pages/map.tsx:1 NEXT_PUBLIC_MAP_URL"],
  },
  {
    title: "a route of the older api runs on the server",
    files: { "pages/api/map.ts": "export default () => process.env.NEXT_PUBLIC_MAP_URL!;\n", "app/page.tsx": "" },
    is: [],
  },
  {
    title: "a schema that the configuration runs",
    files: {
      "app/page.tsx": "",
      "next.config.mjs": 'import "./env.mjs";\nexport default {};\n',
      "env.mjs": 'import { z } from "zod";\nz.object({ NEXT_PUBLIC_MAP_URL: z.string().url() }).parse(process.env);\n',
    },
    is: ["error env.mjs:2 NEXT_PUBLIC_MAP_URL"],
  },
  {
    title: "a name of another bundler",
    files: { "components/map.tsx": '"use client";\nexport const url = process.env.VITE_MAP_URL!;\n' },
    is: [],
  },
];

describe("the build stage of a Dockerfile", () => {
  test.each(stages)("$title", async ({ files, is }) => {
    const own: Record<string, string> = { ...NEXT, ...files };
    // A Dockerfile that nothing names is judged more weakly; here something builds it.
    const named = Object.keys(own).some((path) => /workflows|deploy\.sh|compose|bake/.test(path));
    expect(await found({ ...own, ...(named ? {} : { ".github/workflows/ship.yml": WORKFLOW("") }) })).toEqual(is);
  });

  test.each(code)("code with $title", async ({ files, is }) => {
    expect(await found({ ...NEXT, Dockerfile: STAGE(), ".github/workflows/ship.yml": WORKFLOW(""), ...files })).toEqual(
      is,
    );
  });

  test("a Dockerfile that nothing in the repository builds is judged at warning", async () => {
    expect(await found({ ...NEXT, Dockerfile: STAGE() })).toEqual(["warning components/map.tsx:2 NEXT_PUBLIC_MAP_URL"]);
    // Whoever builds it may give what it takes.
    expect(await found({ ...NEXT, Dockerfile: STAGE("ARG NEXT_PUBLIC_MAP_URL") })).toEqual([]);
  });

  test("code of another language beside it, of whose deploy nothing is known, is not asked", async () => {
    const files = {
      "api/wsgi.py": "import os\n\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'api.settings')\n",
      "api/main.go": 'package main\n\nimport "os"\n\nvar key = os.Getenv("KEY")\n',
    };
    const workflow = { ".github/workflows/ship.yml": WORKFLOW("") };
    expect(await found({ ...NEXT, Dockerfile: STAGE(), ...workflow, ...files })).toEqual(FINDING);
  });

  test("a picture that a component imports is not looked into", async () => {
    const files = {
      ...NEXT,
      "components/map.tsx": `import pin from "./pin.png";\n${NEXT["components/map.tsx"]}`,
      "components/pin.png": "\x89PNG\0",
    };
    const rule = readRules(join(import.meta.dirname, "../..")).find(({ id }) =>
      id.endsWith("/missing-build-variable"),
    )!;
    const { unread } = await runRule(rule, { title: "", files: { ...files, Dockerfile: STAGE() }, findings: [] });
    expect(unread).toEqual([]);
  });

  test("one workflow of two gives it: said of the one that ships without it, at warning", async () => {
    const files = {
      ...NEXT,
      Dockerfile: STAGE("ARG NEXT_PUBLIC_MAP_URL"),
      ".github/workflows/production.yml": WORKFLOW(ARGS("NEXT_PUBLIC_MAP_URL=https://map.test")),
    };
    const staging = ".github/workflows/ship.yml";
    expect(await found({ ...files, [staging]: WORKFLOW("") })).toEqual([
      "warning components/map.tsx:2 NEXT_PUBLIC_MAP_URL",
    ]);
    expect(await found({ ...files, [staging]: WORKFLOW("").replace("push: true", "push: false") })).toEqual([]);
  });

  test("what an inventory of the process has comes too late; what one of the build has does not", async () => {
    const config = (namespace: string) =>
      `environments: { staging: { inventory: [{ declared: [NEXT_PUBLIC_MAP_URL], namespace: ${namespace}, complete: true }] } }\n`;
    const files = { ...NEXT, Dockerfile: STAGE(), ".github/workflows/ship.yml": WORKFLOW("") };
    expect(await found({ ...files, "predeploy.yml": config("process") })).toEqual(FINDING);
    expect(await found({ ...files, "predeploy.yml": config("build") })).toEqual([]);
  });
});

describe("front ends of other bundlers", () => {
  const IMAGE = (build: string) =>
    `FROM node:22 AS build\nWORKDIR /src\nCOPY . .\n${build}\nFROM nginx\nCOPY --from=build /src/dist /usr/share/nginx/html\n`;
  const rows: Row[] = [
    {
      title: "Vite: scripts of index.html",
      files: {
        Dockerfile: IMAGE("RUN pnpm build"),
        "package.json": '{ "scripts": { "build": "tsc && vite build" }, "devDependencies": { "vite": "6" } }',
        "index.html": '<div id="root"></div>\n<script type="module" src="/src/main.ts"></script>\n',
        "src/main.ts": 'import "./api";\n',
        "src/api.ts": "export const api = import.meta.env.VITE_API_URL as string;\n",
        "src/unused.ts": "export const gone = import.meta.env.VITE_GONE as string;\n",
      },
      is: ["error src/api.ts:1 VITE_API_URL"],
    },
    {
      title: "Vite with a mode of its own",
      files: {
        Dockerfile: IMAGE("RUN npx vite build --mode staging"),
        "package.json": '{ "devDependencies": { "vite": "6" } }',
        "index.html": '<script type="module" src="/src/main.ts"></script>\n',
        "src/main.ts": "export const [a, b] = [import.meta.env.VITE_A as string, import.meta.env.VITE_B as string];\n",
        ".env.staging": "VITE_A=/a\n",
        ".env.production": "VITE_B=/b\n",
      },
      is: ["error src/main.ts:1 VITE_B"],
    },
    {
      title: "Create React App",
      files: {
        Dockerfile: IMAGE("RUN yarn build"),
        "package.json": '{ "scripts": { "build": "react-scripts build" }, "dependencies": { "react-scripts": "5" } }',
        "src/index.js": "export const api = process.env.REACT_APP_API;\nif (!api) throw new Error('REACT_APP_API');\n",
      },
      is: ["error src/index.js:1 REACT_APP_API"],
    },
    {
      title: "SvelteKit: what is imported from the build",
      files: {
        Dockerfile: IMAGE("RUN npm run build"),
        "package.json":
          '{ "scripts": { "build": "vite build" }, "devDependencies": { "@sveltejs/kit": "2", "vite": "6" } }',
        "src/routes/+page.ts":
          'import { PUBLIC_API } from "$env/static/public";\nexport const load = () => PUBLIC_API;\n',
      },
      is: ["error src/routes/+page.ts:1 PUBLIC_API"],
    },
    {
      title: "values that are put in when the container starts",
      files: {
        Dockerfile: IMAGE("RUN npm run build"),
        "package.json":
          '{ "scripts": { "build": "vite build" }, "devDependencies": { "vite": "6", "@import-meta-env/unplugin": "0.6.0" } }',
        "index.html": '<script type="module" src="/src/main.ts"></script>\n',
        "src/main.ts": "export const api = import.meta.env.VITE_API_URL as string;\n",
      },
      is: [],
    },
    {
      title: "a package of a monorepo, cut out by turbo",
      files: {
        Dockerfile:
          "FROM node:22 AS prune\nWORKDIR /app\nCOPY . .\nRUN npx turbo prune web --docker\nFROM node:22 AS build\nWORKDIR /app\nCOPY --from=prune /app/out/full/ .\nARG VITE_GIVEN=x\nRUN pnpm turbo run build --filter=web\nFROM nginx\nCOPY --from=build /app/apps/web/dist /usr/share/nginx/html\n",
        "package.json": '{ "scripts": { "build": "turbo run build" } }',
        "apps/web/package.json":
          '{ "name": "web", "scripts": { "build": "vite build" }, "devDependencies": { "vite": "6" } }',
        "apps/web/index.html": '<script type="module" src="/main.ts"></script>\n',
        "apps/web/main.ts":
          "export const [a, b] = [import.meta.env.VITE_API_URL as string, import.meta.env.VITE_GIVEN as string];\n",
        "apps/admin/package.json":
          '{ "name": "admin", "scripts": { "build": "vite build" }, "devDependencies": { "vite": "6" } }',
        "apps/admin/index.html": '<script type="module" src="/main.ts"></script>\n',
        "apps/admin/main.ts": "export const a = import.meta.env.VITE_ADMIN_URL as string;\n",
      },
      is: ["error apps/web/main.ts:1 VITE_API_URL"],
    },
    {
      title: "all packages of a monorepo at once: not certain which",
      files: {
        Dockerfile: IMAGE("RUN npm run build"),
        "package.json": '{ "scripts": { "build": "turbo run build" } }',
        "apps/web/package.json":
          '{ "name": "web", "scripts": { "build": "vite build" }, "devDependencies": { "vite": "6" } }',
        "apps/web/index.html": '<script type="module" src="/main.ts"></script>\n',
        "apps/web/main.ts": "export const a = import.meta.env.VITE_API_URL as string;\n",
      },
      is: ["warning apps/web/main.ts:1 VITE_API_URL"],
    },
    {
      title:
        "all packages of the workspace that is copied: one that is not copied, and one of no workspace, are not built",
      files: {
        Dockerfile: [
          "FROM node:22 AS build",
          "WORKDIR /app",
          "COPY web/package.json ./",
          "COPY web/apps/shop apps/shop",
          "RUN yarn install && yarn turbo build",
          "FROM nginx",
          "COPY --from=build /app/apps/shop/dist /usr/share/nginx/html\n",
        ].join("\n"),
        "web/package.json": '{ "workspaces": ["apps/*"], "scripts": { "build": "turbo run build" } }',
        ...Object.fromEntries(
          ["web/apps/shop", "web/apps/admin", "mobile"].flatMap((directory) => [
            [
              `${directory}/package.json`,
              `{ "name": "${directory}", "scripts": { "build": "vite build" }, "devDependencies": { "vite": "6" } }`,
            ],
            [`${directory}/index.html`, '<script type="module" src="/main.ts"></script>\n'],
            [`${directory}/main.ts`, "export const a = import.meta.env.VITE_API_URL as string;\n"],
          ]),
        ),
      },
      is: ["warning web/apps/shop/main.ts:1 VITE_API_URL"],
    },
  ];
  test.each(rows)("$title", async ({ files, is }) => {
    expect(await found({ ...files, ".github/workflows/ship.yml": WORKFLOW("") })).toEqual(is);
  });
});

describe("a step of a workflow that deploys", () => {
  const STEP = (build: string, more = "") => `on: { push: { branches: [main] } }
jobs:
  pages:
    runs-on: ubuntu-latest
${more}    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
      - run: npm ci
${build}
      - run: aws s3 sync dist s3://bucket
`;
  const files = {
    "package.json": '{ "scripts": { "build": "vite build" }, "devDependencies": { "vite": "6" } }',
    "index.html": '<script type="module" src="/src/main.ts"></script>\n',
    "src/main.ts": "export const api = import.meta.env.VITE_API_URL as string;\n",
  };
  const FOUND = ["error src/main.ts:1 VITE_API_URL"];
  test.each([
    { title: "lacks it", workflow: STEP("      - run: npm run build"), is: FOUND },
    {
      title: "sets it",
      workflow: STEP("      - run: npm run build\n        env:\n          VITE_API_URL: ${{ vars.API }}"),
      is: [],
    },
    {
      title: "of a job that sets it",
      workflow: STEP("      - run: npm run build", "    env: { VITE_API_URL: /api }\n"),
      is: [],
    },
    { title: "sets it in its script", workflow: STEP("      - run: VITE_API_URL=/api npm run build"), is: [] },
    {
      title: "behind one that writes env files",
      workflow: STEP('      - run: echo "$SETTINGS" > .env\n      - run: npm run build'),
      is: [],
    },
    {
      title: "behind one that loads secrets",
      workflow: STEP("      - uses: Infisical/secrets-action@v1\n      - run: npm run build"),
      is: [],
    },
    {
      title: "in a job that deploys nothing",
      workflow: STEP("      - run: npm run build").replace("aws s3 sync dist s3://bucket", "npm test"),
      is: [],
    },
  ])("$title", async ({ workflow, is }) => {
    expect(await found({ ...files, ".github/workflows/pages.yml": workflow })).toEqual(is);
  });
});
