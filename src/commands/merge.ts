import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { descriptors } from "../catalog/descriptors.generated.ts";
import { UsageError } from "../config/usage-error.ts";
import { parseRun } from "../engine/result-file.ts";
import { mergeResults } from "../engine/shard.ts";
import type { ReportContext } from "../reports/context.ts";
import type { Severity } from "../types/finding.ts";
import { version } from "../version.ts";
import { diskWorkspace } from "../workspace/disk.ts";
import { runGitSync } from "../workspace/git.ts";
import { openWorkspace } from "../workspace/open.ts";
import { fileIn, lineReader, whyUnread } from "./check.ts";
import { writeText } from "./check-command.ts";
import { loadFormat, parseFormats } from "./formats.ts";
import { EXIT, type Terminal, wantsColor } from "./terminal.ts";

interface MergeFlags {
  format?: string[];
  /** Absent: errors fail, and what failed a part fails the whole, since the part may have been told of another severity. */
  failOn?: Severity | "never";
  allowUndecided?: boolean;
  showSuppressed?: boolean;
  color?: boolean;
  quiet?: boolean;
  verbose?: boolean;
}

/** `predeploy merge FILE…`: joins the JSON of shards into one result and reports it. Gives the exit code; throws UsageError. */
export async function runMerge(terminal: Terminal, files: readonly string[], flags: MergeFlags): Promise<number> {
  const formats = parseFormats(flags.format ?? []);
  const runs = files.map((file) => parseRun(readFile(terminal.cwd, file), file));
  const parts = runs.map((run) => run.result);
  const joined = mergeResults(parts, flags.failOn ?? "error", flags.allowUndecided ?? false);
  const failed = flags.failOn === undefined && parts.some(({ verdict }) => verdict === "fail");
  const result = failed ? { ...joined, verdict: "fail" as const } : joined;
  const checked = new Set(runs.map((run) => run.checked));
  const folders = new Set(runs.map((run) => run.folder));
  const prefix = folders.size === 1 ? runs[0]!.folder : "";
  const context: ReportContext = {
    version,
    rules: new Map(descriptors.map((rule) => [rule.id, rule])),
    prefix,
    lines: await linesBelow(resolve(terminal.cwd, prefix), terminal.environment),
    older: runs.every((run) => run.older === null) ? null : runs.reduce((sum, run) => sum + (run.older ?? 0), 0),
    checked: checked.size === 1 ? runs[0]!.checked : null,
  };
  for (const { name, file } of formats) {
    const text = (await loadFormat(name))(result, {
      ...context,
      showSuppressed: flags.showSuppressed ?? false,
      quiet: flags.quiet,
      verbose: flags.verbose,
      color: file === null && wantsColor(terminal.stdout, terminal.environment, flags.color),
      width: terminal.stdout.columns,
    });
    if (file === null) terminal.stdout.write(text);
    else writeText(terminal.cwd, file, text);
  }
  return EXIT[result.verdict];
}

function readFile(cwd: string, file: string): string {
  try {
    return readFileSync(fileIn(cwd, file), "utf8");
  } catch (error) {
    throw new UsageError(`${file}: ${whyUnread(error)}; give what \`predeploy check --format json\` wrote.`);
  }
}

/**
 * Lines for excerpts, where the repository is at hand; shards are often joined without it. A result may be a stranger's and name any file: of a
 * git repository only what is tracked is shown, which it shows anyway, and of a plain folder what lies in it.
 */
async function linesBelow(root: string, environment: Terminal["environment"]): Promise<ReportContext["lines"]> {
  const { code } = runGitSync({ directory: root, environment }, ["rev-parse", "--is-inside-work-tree"]);
  if (code !== 0) return linesOfFolder(root);
  const workspace = await openWorkspace(root, { environment, verifyFiles: false, notice: () => {} });
  const read = lineReader(workspace);
  return (path, line) => (workspace.files.get(path)?.tracked ? read(path, line) : null);
}

function linesOfFolder(root: string): ReportContext["lines"] {
  const readers = new Map<string, ReportContext["lines"]>();
  return (path, line) => {
    if (path.split("/").some((name) => name === "" || name === "." || name === ".." || name === ".git")) return null;
    let read = readers.get(path);
    if (read === undefined) {
      const entry = { path, kind: "file", blob: null, tracked: false, ignored: false } as const;
      read = existsSync(root) ? lineReader(diskWorkspace("directory", root, [entry])) : () => null;
      readers.set(path, read);
    }
    return read(path, line);
  };
}
