import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inTemporaryFolder, makeRepository } from "./support/repository.ts";

const cli = join(import.meta.dirname, "../dist/cli.js");
const each = (make: (at: number) => string, count = 60): string =>
  Array.from({ length: count }, (_, at) => make(at)).join("");
const others = (of: number, make: (at: number) => string, count = 60): string =>
  each((at) => (at === of ? "" : make(at)), count);
const many = (name: (at: number) => string, text: (at: number) => string, count = 60): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [name(at), text(at)]));

/** Parts that lead to each other in as many ways as there are: followed one by one they would take for ever. */
const repositories: Record<string, Record<string, string>> = {
  "modules that take all names of each other": {
    Dockerfile: 'FROM python:3.13-slim\nCOPY . .\nCMD ["python", "main.py"]\n',
    "main.py": "import p.m0\n",
    "p/__init__.py": "",
    ...many(
      (at) => `p/m${at}.py`,
      (at) =>
        `${others(at, (of) => `from p.m${of} import *\n`)}def f${at}():\n${each((of) => `    f${of}()\n`)}    gone()\nf${at}()\n`,
    ),
  },
  "scripts that export all of each other": {
    Dockerfile: 'FROM node:24-slim\nCOPY . .\nCMD ["node", "m0.mjs"]\n',
    "package.json": "{}",
    ...many(
      (at) => `m${at}.mjs`,
      (at) =>
        `${others(at, (of) => `export * from "./m${of}.mjs";\nimport { f${of} } from "./m${(of + 1) % 60}.mjs";\n`)}export async function f${at}() { ${each((of) => `await f${of}();`)} }\nawait f${at}();\n`,
    ),
  },
  "functions of a start script that call each other": {
    Dockerfile: 'FROM python:3.13-slim\nCOPY . .\nENTRYPOINT ["./run.sh"]\n',
    "run.sh": `#!/bin/bash\n${each((at) => `f${at}() {\n${each((of) => `  f${of}\n`)}}\n`)}f0\nuvicorn app:app &\nalembic upgrade head\n`,
    "app.py": "app = object()\n",
  },
  "targets of a Makefile that need each other": {
    Procfile: each((at) => `p${at}: make t${at}\n`),
    Makefile: each(
      (at) => `t${at}: ${others(at, (of) => `t${of} `)}\n\t$(MAKE) t${(at + 1) % 60}\n\tmake t${(at + 2) % 60}\n`,
    ),
  },
  "scripts of a package that run the next one twice": {
    Dockerfile: 'FROM node:24-slim\nCOPY . .\nCMD ["npm", "start"]\n',
    "a.js": "",
    "package.json": JSON.stringify({
      scripts: {
        start: "npm run s0",
        ...many(
          (at) => `s${at}`,
          (at) => `npm run s${at + 1} && npm run s${at + 1}`,
        ),
        s60: "node a.js",
      },
    }),
  },
  "arguments that double": {
    Dockerfile: `ARG A0=xx\n${each((at) => `ARG A${at + 1}=$A${at}$A${at}\n`)}FROM python:3.13-slim\nARG A60\n${each((at) => `ENV C${at + 1}=$C${at}$C${at}$A60\n`)}COPY $A60 .\nRUN echo $C60\nCMD ["python", "a.py"]\n`,
    "a.py": "",
  },
  "reusable workflows that call the next one four times": many(
    (at) => `.github/workflows/w${at}.yml`,
    (at) =>
      `on: ${at === 0 ? "push" : "workflow_call"}\njobs:\n${each((of) => `  j${of}:\n    uses: ./.github/workflows/w${at + 1}.yml\n    with: { x: "\${{ inputs.x }}" }\n    secrets: inherit\n`, 4)}`,
    12,
  ),
  "overlays that hold many of those after them": many(
    (at) => `k${at}/kustomization.yaml`,
    (at) => `resources:\n${each((of) => `  - ../k${Math.min(at + of + 1, 24)}\n`, 4)}`,
    25,
  ),
  "barrels that export each other, and a name that none has": {
    Dockerfile: 'FROM node:24-slim\nCOPY . .\nCMD ["node", "m0.mjs"]\n',
    "package.json": "{}",
    ...many(
      (at) => `m${at}.mjs`,
      (at) =>
        `${others(at, (of) => `export * from "./m${of}.mjs";\n`, 12)}import { gone } from "./m${(at + 1) % 12}.mjs";\ngone();\n`,
      12,
    ),
  },
  "bake targets that inherit the next one twice": {
    Dockerfile: "FROM scratch\n",
    "docker-bake.hcl": `${each((at) => `target "t${at}" { inherits = ["t${at + 1}", "t${at + 1}"] }\n`)}target "t60" { context = "." }\n`,
  },
  "variables of a script that double": {
    "deploy.sh": `#!/bin/bash\nV0=xx\n${each((at) => `export V${at + 1}="\${V${at}}\${V${at}}"\n`)}docker build -t "$V60" .\ngcloud run deploy a --image "$V60" --set-env-vars "A=$V60"\n`,
    Dockerfile: "FROM scratch\n",
  },
  "services that all wait for each other": {
    "compose.yaml": `services:\n${each((at) => `  s${at}:\n    image: x\n    depends_on: [${others(at, (of) => `s${of}, `)}]\n`)}`,
  },
};

test.each(Object.keys(repositories))("%s end in time", async (title) => {
  await inTemporaryFolder(async (folder) => {
    makeRepository(folder, { history: [], files: repositories[title]! });
    const command = [cli, "check", "--format", "json", "--allow-undecided", "--fail-on", "never"];
    const printed = execFileSync(process.execPath, command, { cwd: folder, encoding: "utf8", timeout: 20_000 });
    const { version, undecided } = JSON.parse(printed);
    expect(version).toBe(1);
    // A model that runs out of room is a bug that such a run would hide.
    expect(undecided.filter((one: { reason: string }) => /could not be built/.test(one.reason))).toEqual([]);
  });
});
