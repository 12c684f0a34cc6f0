import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A repository that the bench makes: distinct contents, imports that resolve, one image. */
export interface Corpus {
  directory: string;
  files: number;
  bytes: number;
}

/**
 * Python packages of forty modules each, which import one another; every second file is no Python. The start-up of `service/main.py` reaches
 * the first two packages. Committed to git without hooks, so that its index is what is listed.
 */
export function pythonCorpus(directory: string, files: number): Corpus {
  const write = writer(directory);
  write("Dockerfile", 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "-m", "service.main"]\n');
  write(".dockerignore", "docs\n**/*.md\n.git\n");
  write("service/__init__.py", "");
  write("service/main.py", `from package_0.module_1 import value_1\nimport package_1.module_2\n\nprint(value_1)\n`);
  for (let index = 0; write.files < files; index++) {
    const package_ = Math.floor(index / 40);
    const module = index % 40;
    if (module === 0) write(`package_${package_}/__init__.py`, `"""Package ${package_}."""\n`);
    write(`package_${package_}/module_${module}.py`, pythonModule(package_, module, index));
    write(`package_${package_}/data/table_${module}.csv`, `id,name\n${index},row ${index}\n`.repeat(8));
  }
  return commit(directory, write);
}

/**
 * A service whose start calls `modules` modules one from the other, each with one step that an entry of predeploy.yml may name.
 * `entries` of them are declared.
 */
export function startupCorpus(
  directory: string,
  language: "python" | "typescript",
  modules: number,
  entries: number,
): Corpus {
  const write = writer(directory);
  const python = language === "python";
  write(
    "Dockerfile",
    python
      ? 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["uvicorn", "service.step_0:app"]\n'
      : 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nCMD ["npx", "tsx", "service/step_0.ts"]\n',
  );
  const declared = Array.from(
    { length: entries },
    (_, at) => `  - { before: call prepare_${at}, after: call prepare_${at + 1} }\n`,
  );
  write("predeploy.yml", `version: 1\nstartup:\n${declared.join("")}`);
  if (python) write("service/__init__.py", "");
  for (let at = 0; at < modules; at++)
    write(`service/step_${at}.${python ? "py" : "ts"}`, python ? pythonStep(at, modules) : scriptStep(at, modules));
  return commit(directory, write);
}

function pythonStep(at: number, modules: number): string {
  const next = at + 1 < modules;
  return [
    ...(at === 0 ? ["from contextlib import asynccontextmanager", "from fastapi import FastAPI"] : []),
    ...(next ? [`from service.step_${at + 1} import start_${at + 1}`] : []),
    `async def prepare_${at}(app):\n    app.state.step_${at} = ${at}`,
    `async def start_${at}(app):\n    await prepare_${at}(app)${next ? `\n    await start_${at + 1}(app)` : ""}`,
    ...Array.from(
      { length: 8 },
      (_, each) =>
        `async def serve_${each}(request, limit=${at + each}):\n    try:\n        rows = [row for row in request.rows if row.id > limit]\n    except ValueError as error:\n        return {"error": str(error)}\n    return {"rows": rows, "limit": limit}`,
    ),
    ...(at === 0
      ? [
          "@asynccontextmanager\nasync def lifespan(app):\n    await start_0(app)\n    yield\n\napp = FastAPI(lifespan=lifespan)",
        ]
      : []),
    "",
  ].join("\n");
}

function scriptStep(at: number, modules: number): string {
  const next = at + 1 < modules;
  return [
    ...(next ? [`import { start_${at + 1} } from "./step_${at + 1}";`] : []),
    `export async function prepare_${at}(app: { state: number }): Promise<void> {\n  app.state = ${at};\n}`,
    `export async function start_${at}(app: { state: number }): Promise<void> {\n  await prepare_${at}(app);${next ? `\n  await start_${at + 1}(app);` : ""}\n}`,
    ...Array.from(
      { length: 8 },
      (_, each) =>
        `export const serve_${each} = async (rows: { id: number }[], limit = ${at + each}): Promise<unknown> => {\n  try {\n    return { rows: rows.filter((row) => row.id > limit), limit };\n  } catch (error) {\n    return { error: String(error) };\n  }\n};`,
    ),
    ...(at === 0 ? ["void start_0({ state: 0 });"] : []),
    "",
  ].join("\n");
}

/** An ordinary small service: Dockerfile, compose, workflow, settings, some modules; `files` in all. */
export function smallCorpus(directory: string, files: number): Corpus {
  const write = writer(directory);
  write("Dockerfile", 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n');
  write(".dockerignore", "docs\n");
  write("compose.yaml", "services:\n  web:\n    build: .\n    environment:\n      MODE: staging\n");
  write(
    ".github/workflows/ci.yml",
    "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: python -m pytest\n",
  );
  write(".env.example", "MODE=\nDATABASE_URL=\n");
  write("main.py", "import os\nfrom package_0.module_1 import value_1\n\nprint(os.environ.get('MODE'), value_1)\n");
  write("package_0/__init__.py", "");
  for (let index = 0; write.files < files; index++)
    write(
      index % 5 === 4 ? `docs/page_${index}.md` : `package_0/module_${index}.py`,
      index % 5 === 4 ? `# Page ${index}\n` : pythonModule(0, index, index),
    );
  return commit(directory, write);
}

function pythonModule(package_: number, module: number, index: number): string {
  const other = Math.max(0, module - 1);
  const lines = [
    `"""Module ${index}."""`,
    "import json",
    "import logging",
    ...(module > 0 ? [`from package_${package_}.module_${other} import value_${other}`] : []),
    "",
    "logger = logging.getLogger(__name__)",
    `value_${module} = ${index}`,
    "",
  ];
  for (let at = 0; at < 12; at++)
    lines.push(
      `def function_${at}(argument, other=${index + at}):`,
      `    """Adds ${index} to its argument and tells of it."""`,
      `    result = [argument + each for each in range(${(index + at) % 17})]`,
      `    logger.info("step ${at} of ${index}: %s", json.dumps(result))`,
      "    return sum(result) if result else other",
      "",
    );
  return lines.join("\n");
}

interface Writer {
  (path: string, text: string): void;
  files: number;
  bytes: number;
}

function writer(directory: string): Writer {
  const made = new Set<string>();
  const write = ((path: string, text: string): void => {
    const parent = dirname(join(directory, path));
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    writeFileSync(join(directory, path), text);
    write.files++;
    write.bytes += Buffer.byteLength(text);
  }) as Writer;
  write.files = 0;
  write.bytes = 0;
  return write;
}

function commit(directory: string, { files, bytes }: Writer): Corpus {
  const git = (...args: string[]): void => {
    execFileSync("git", ["-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", ...args], {
      cwd: directory,
      stdio: "ignore",
    });
  };
  git("init", "-q");
  git("add", "-A");
  git("-c", "user.name=bench", "-c", "user.email=bench@example.invalid", "commit", "-q", "-m", "Corpus");
  return { directory, files, bytes };
}
