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
