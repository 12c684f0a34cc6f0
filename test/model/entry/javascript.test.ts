import { expect, test } from "vitest";
import { entryPointsOf, type ProcessInput, summary } from "./processes.ts";

const scripts = (scripts: Record<string, string>, more: object = {}) => JSON.stringify({ scripts, ...more }, null, 2);

const rows: [title: string, input: ProcessInput, expected: string[]][] = [
  [
    "a file",
    { cmd: ["node", "--max-old-space-size=512", "server.js"], files: ["server.js"] },
    ["process server.js → server.js"],
  ],
  [
    "a file without its ending",
    { cmd: ["node", "src/server"], files: ["src/server.js"] },
    ["process src/server → src/server.js"],
  ],
  ["a folder's index", { cmd: ["node", "."], files: ["index.js"] }, ["process . → index.js"]],
  [
    "a folder's main",
    { cmd: ["node", "."], files: { "package.json": '{"main": "lib/app"}', "lib/app.js": "" } },
    ["process . → lib/app.js"],
  ],
  [
    "preloads",
    { cmd: "node -r ./tracing.js --import=./register.mjs -r dotenv/config app.mjs", files: ["tracing.js", "app.mjs"] },
    ["preload ./tracing.js → tracing.js", "preload ./register.mjs → absent", "process app.mjs → app.mjs"],
  ],
  [
    "--env-file",
    { cmd: ["node", "--env-file=.env", "app.js"], files: ["app.js"] },
    ["configuration .env → absent", "process app.js → app.js"],
  ],
  [
    "NODE_OPTIONS",
    { cmd: ["node", "app.js"], env: { NODE_OPTIONS: "--require ./otel.cjs" }, files: ["app.js", "otel.cjs"] },
    ["preload ./otel.cjs → otel.cjs", "process app.js → app.js"],
  ],
  [
    "Prisma's schema, in the first of its two places",
    { cmd: ["npx", "prisma", "migrate", "deploy"], files: ["prisma/schema.prisma"] },
    ["configuration prisma/schema.prisma → prisma/schema.prisma"],
  ],
  [
    "Prisma's schema by option, by prisma.config and as a directory",
    {
      cmd: "prisma generate --schema=db/a.prisma; prisma db push; prisma version",
      files: {
        "db/a.prisma": "",
        "prisma.config.ts": 'export default { schema: path.join("db", "models") };',
        "db/models/user.prisma": "",
        "prisma/schema.prisma": "",
      },
    },
    ["configuration db/a.prisma → db/a.prisma", "configuration db/models → db/models"],
  ],
  [
    "Prisma without a schema in the repository, and a prisma.config that computes it",
    {
      cmd: "prisma migrate deploy; cd web && prisma migrate deploy",
      files: { "web/prisma.config.ts": "export default { schema: where() };", "web/prisma/schema.prisma": "" },
    },
    [],
  ],
  [
    "the output of a build, with its source",
    { cmd: ["node", "dist/main.js"], opaque: ["/app/dist"], files: ["src/main.ts"] },
    ["process dist/main.js → unknown from src/main.ts"],
  ],
  [
    "the output of a build without its ending",
    { cmd: ["node", "dist/src/main"], opaque: ["/app/dist"], files: ["src/main.ts"] },
    ["process dist/src/main → unknown from src/main.ts"],
  ],
  [
    "a nested build output",
    { cmd: ["node", "dist/apps/api/main.js"], opaque: ["/app/dist"], files: ["apps/api/src/main.ts"] },
    ["process dist/apps/api/main.js → unknown from apps/api/src/main.ts"],
  ],
  [
    "a file that is nowhere",
    { cmd: ["node", "dist/server.js"], files: ["src/index.ts"] },
    ["process dist/server.js → absent"],
  ],
  [
    "tsx, ts-node, bun",
    {
      cmd: "tsx watch src/a.ts & npx ts-node -r tsconfig-paths/register src/b & bun run src/c.ts",
      files: ["src/a.ts", "src/b.ts", "src/c.ts"],
    },
    ["process src/a.ts → src/a.ts", "process src/b → src/b.ts", "process src/c.ts → src/c.ts"],
  ],
  [
    "npm start with its pre script",
    {
      cmd: ["npm", "start"],
      files: {
        "package.json": scripts({ prestart: "node check.js", start: "node server.js" }),
        "server.js": "",
        "check.js": "",
      },
    },
    ["process start → package.json", "before check.js → check.js", "process server.js → server.js"],
  ],
  [
    "what a build of the same start makes, and a file that no build makes",
    {
      cmd: ["npm", "start"],
      files: {
        "package.json": scripts({ build: "tsc -p .", start: "node check.js && npm run build && node dist/app.js" }),
        "src/app.ts": "",
      },
    },
    [
      "process start → package.json",
      "before check.js → absent",
      "before build → package.json",
      "process dist/app.js → unknown from src/app.ts",
    ],
  ],
  [
    "a file that an earlier command of the same start is given, and one that none is",
    { cmd: "tools/key.sh /data/run.js && node /data/run.js && node /data/other.js", files: ["tools/key.sh"] },
    ["before tools/key.sh → tools/key.sh", "before /data/run.js → unknown", "process /data/other.js → absent"],
  ],
  [
    "npm run through another script",
    {
      cmd: "npm run prod -- --port 80",
      files: {
        "package.json": scripts({
          prod: "npm run migrate && NODE_ENV=production node server.js",
          migrate: "node migrate.js",
        }),
        "server.js": "",
        "migrate.js": "",
      },
    },
    [
      "process prod → package.json",
      "before migrate → package.json",
      "before migrate.js → migrate.js",
      "process server.js → server.js",
    ],
  ],
  [
    "a script that is not there",
    {
      cmd: ["npm", "run", "start:prod"],
      files: { "package.json": scripts({ start: "node a.js", "start:production": "node a.js" }), "a.js": "" },
    },
    ["process start:prod → absent"],
  ],
  [
    "npm start without a script",
    { cmd: ["npm", "start"], files: { "package.json": scripts({}), "server.js": "" } },
    ["process server.js → server.js"],
  ],
  [
    "npm in a folder",
    {
      cmd: "npm --prefix api run serve",
      files: { "api/package.json": scripts({ serve: "node main.js" }), "api/main.js": "" },
    },
    ["process serve → api/package.json", "process main.js → api/main.js"],
  ],
  [
    "npm in a workspace",
    {
      cmd: "npm start -w @acme/api",
      files: {
        "package.json": scripts({}),
        "packages/api/package.json": scripts({ start: "node main.js" }, { name: "@acme/api" }),
        "packages/api/main.js": "",
      },
    },
    ["process start → packages/api/package.json", "process main.js → packages/api/main.js"],
  ],
  [
    "pnpm with a filter",
    {
      cmd: ["pnpm", "--filter", "api", "start"],
      files: {
        "package.json": scripts({}),
        "apps/api/package.json": scripts({ start: "node main.js" }, { name: "@acme/api" }),
        "apps/api/main.js": "",
      },
    },
    ["process start → apps/api/package.json", "process main.js → apps/api/main.js"],
  ],
  [
    "yarn workspace",
    {
      cmd: "yarn workspace api start",
      files: {
        "package.json": scripts({}),
        "apps/api/package.json": scripts({ start: "node main.js" }, { name: "api" }),
        "apps/api/main.js": "",
      },
    },
    ["process start → apps/api/package.json", "process main.js → apps/api/main.js"],
  ],
  [
    "yarn with an installed program",
    {
      cmd: "yarn tsx src/main.ts",
      files: { "package.json": scripts({}, { devDependencies: { tsx: "4" } }), "src/main.ts": "" },
    },
    ["process src/main.ts → src/main.ts"],
  ],
  [
    "the working directory holds no package.json",
    { cmd: ["npm", "start"], files: ["server.js"] },
    ["process start → absent"],
  ],
  [
    "a package.json further up",
    {
      cmd: ["npm", "start"],
      workdir: "/app/src",
      copiedTo: "/app",
      files: { "package.json": scripts({ start: "node src/a.js" }), "src/a.js": "" },
    },
    ["process start → package.json", "process src/a.js → src/a.js"],
  ],
  [
    "fastify-cli, whose log level stands before the file",
    {
      cmd: "fastify start -l info dist/app.js -a 0.0.0.0; fastify start -w -P other.js",
      files: ["dist/app.js", "other.js"],
    },
    ["before dist/app.js → dist/app.js", "process other.js → other.js"],
  ],
  [
    "nodemon",
    { cmd: "nodemon --watch src --exec 'ts-node' src/main.ts; nodemon -L app.js", files: ["src/main.ts", "app.js"] },
    ["before src/main.ts → src/main.ts", "process app.js → app.js"],
  ],
  [
    "a script that nodemon executes with its arguments, and a server of functions in the package's folder",
    {
      cmd: "nodemon --exec npm run serve",
      files: {
        "package.json": '{ "main": "lib/index.js", "scripts": { "serve": "functions-framework --target=shop" } }',
        "lib/index.js": "",
      },
    },
    ["process serve → package.json", "process . → lib/index.js"],
  ],
  [
    "foreman of Node.js",
    {
      cmd: "nf -j Procfile.live start web",
      files: { "Procfile.live": "web: node-dev web.ts\njob: node job.js\n", "web.ts": "", "job.js": "" },
    },
    ["configuration Procfile.live → Procfile.live", "process web.ts → web.ts"],
  ],
  [
    "pm2 with a JSON file",
    {
      cmd: ["pm2-runtime", "start", "apps.config.json"],
      files: {
        "apps.config.json": '{"apps": [{"name": "a", "script": "a.js"}, {"script": "b.js", "cwd": "b"}]}',
        "a.js": "",
        "b/b.js": "",
      },
    },
    ["configuration apps.config.json → apps.config.json", "process a.js → a.js", "process b.js → b/b.js"],
  ],
  [
    "pm2's own commands: only some start what they name",
    {
      cmd: "pm2 delete all; pm2 reload api; pm2 -n api start a.js; pm2 reload apps.config.json && pm2 logs",
      files: { "apps.config.json": '{"apps": [{"script": "b.js"}]}', "a.js": "", "b.js": "" },
    },
    ["before a.js → a.js", "configuration apps.config.json → apps.config.json", "before b.js → b.js"],
  ],
  [
    "pm2 with an ecosystem file",
    {
      cmd: ["pm2-runtime", "ecosystem.json"],
      files: {
        "ecosystem.json": '{"apps": [{"name": "a", "script": "a.js"}, {"script": "b.js", "cwd": "b"}]}',
        "a.js": "",
        "b/b.js": "",
      },
    },
    ["configuration ecosystem.json → ecosystem.json", "process a.js → a.js", "process b.js → b/b.js"],
  ],
  [
    "pm2 with an ecosystem module",
    {
      cmd: ["pm2-runtime", "ecosystem.config.js"],
      files: {
        "ecosystem.config.js": "module.exports = { apps: [{ name: 'a', script: './dist/a.js', instances: 'max' }] }",
        "src/a.ts": "",
      },
      opaque: ["/app/dist"],
    },
    ["configuration ecosystem.config.js → ecosystem.config.js", "process ./dist/a.js → unknown from src/a.ts"],
  ],
  [
    "apps of an ecosystem module under a condition",
    {
      cmd: ["pm2-runtime", "ecosystem.config.js"],
      files: {
        "ecosystem.config.js": `const count = process.env.COUNT || 1
const base = process.env.FAST ? { max: 1 } : {}
module.exports = {
  apps: [
    { name: process.env.NAME ? "x" : "y", script: "./sure.js", instances: count ?? 2 },
    ...(process.env.IDLE // a spread of one?
      ? [{ name: "idle", script: "./spread.js" }]
      : [{ script: "./otherwise.js" }]),
    process.env.A && { script: "./and.js" },
    { ...base, script: "./after.js" },
  ].filter(Boolean),
}
if (process.env.B) module.exports.apps.push({ script: "./pushed.js" })
`,
      },
    },
    [
      "configuration ecosystem.config.js → ecosystem.config.js",
      "process ./sure.js → absent",
      "process ./spread.js → unknown",
      "process ./otherwise.js → unknown",
      "process ./and.js → unknown",
      "process ./after.js → absent",
      "process ./pushed.js → unknown",
    ],
  ],
  [
    "concurrently",
    {
      cmd: 'npx concurrently -k "node a.js" "npm:b"',
      files: { "package.json": scripts({ b: "node b.js" }), "a.js": "", "b.js": "" },
    },
    ["process a.js → a.js", "process b → package.json", "process b.js → b.js"],
  ],
  [
    "run-s",
    {
      cmd: "npx run-s a b",
      files: { "package.json": scripts({ a: "node a.js", b: "node b.js" }), "a.js": "", "b.js": "" },
    },
    ["process a → package.json", "process a.js → a.js", "process b → package.json", "process b.js → b.js"],
  ],
  ["an installed package", { cmd: ["node", "node_modules/next/dist/bin/next", "start"], files: ["package.json"] }, []],
  [
    "a program of node_modules/.bin",
    { cmd: ["node_modules/.bin/tsx", "src/main.ts"], files: ["src/main.ts"] },
    ["process src/main.ts → src/main.ts"],
  ],
  [
    "the standalone server of Next.js",
    { cmd: ["node", "server.js"], opaque: ["/app"], files: [] },
    ["process server.js → unknown"],
  ],
  ["node -e", { cmd: ["node", "-e", "require('./app').start()"], files: ["app.js"] }, ["process ./app → app.js"]],
  [
    "the official image's entry script",
    { entrypoint: ["docker-entrypoint.sh"], cmd: ["node", "app.js"], files: ["app.js"] },
    ["process app.js → app.js"],
  ],
  [
    "a script that recurses",
    { cmd: ["npm", "start"], files: { "package.json": scripts({ start: "npm start" }) } },
    ["process start → package.json"],
  ],
];

test.each(rows)("%s", async (_title, input, expected) => {
  const points = (await entryPointsOf(input)).filter((point) => point.image !== null);
  expect(summary(points)).toEqual(expected);
});

test("a missing script names the nearest one", async () => {
  const [point] = await entryPointsOf({
    cmd: ["npm", "run", "start:prd"],
    files: { "package.json": scripts({ "start:prod": "node a.js" }) },
  });
  expect(point?.parts[0]?.nearest).toBe("start:prod");
});

test("a missing file names the nearest path", async () => {
  const [point] = await entryPointsOf({ cmd: ["node", "src/sever.js"], files: ["src/server.js", "src/other.js"] });
  expect(point?.parts[0]?.nearest).toBe("/app/src/server.js");
});

test("a word of a package script is located in package.json", async () => {
  const [point] = await entryPointsOf({
    cmd: ["npm", "start"],
    files: { "package.json": '{\n  "scripts": { "start": "node  main.js" }\n}', "main.js": "" },
  });
  expect(point?.parts.at(-1)?.at).toEqual({
    path: "package.json",
    start: { line: 2, column: 32 },
    end: { line: 2, column: 39 },
  });
});

test("`start` of a package that no image runs is an entry by itself", async () => {
  const points = await entryPointsOf({
    cmd: ["node", "a.js"],
    files: { "a.js": "", "web/package.json": scripts({ start: "node b.js" }), "web/b.js": "" },
  });
  expect(points.map((point) => [point.name, point.image])).toEqual([
    ["web", "web"],
    ["web/package.json", null],
  ]);
});
