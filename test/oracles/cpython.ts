import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Runs python3 over a list of files with an oracle script beside this file; one line of output for each. */
export function askPython(script: string, files: readonly string[]): string[] {
  const output = execFileSync("python3", [join(import.meta.dirname, script)], {
    input: `${files.join("\n")}\n`,
    maxBuffer: 1 << 30,
    encoding: "utf8",
  });
  return output.trimEnd().split("\n");
}

/** The standard library's folder of a python3 new enough to judge (3.10), or null after saying aloud that it is missing. */
export function pythonLibrary(): string | null {
  const probe = "import sys,sysconfig; print(sys.version_info >= (3, 10), sysconfig.get_path('stdlib'))";
  const answer = spawnSync("python3", ["-c", probe], { encoding: "utf8" });
  const [recent, library] = (answer.stdout ?? "").trim().split(" ");
  if (recent === "True" && library) return library;
  process.stderr.write("SKIPPED: no python3 >= 3.10 here, so nothing is compared with CPython\n");
  return null;
}

/** Every `.py` file below a folder that is valid UTF-8, sorted. */
export function pythonFiles(folder: string): string[] {
  const files: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".py")) continue;
    const path = join(entry.parentPath, entry.name);
    if (!path.includes("site-packages")) files.push(path);
  }
  return files.sort().filter((path) => !readFileSync(path, "utf8").includes("�"));
}
