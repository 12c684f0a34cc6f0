import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { isAbsolute, relative, sep } from "node:path";
import type { Writable } from "node:stream";

/** Where git runs and with which process environment. */
export interface GitPlace {
  /** Absolute path of a work tree or a git directory. */
  directory: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** Opens sockets only when true; otherwise git may use no transport at all, not even to complete a partial clone. */
  network?: boolean;
}

export interface GitLimits {
  /** Milliseconds; default 30,000. */
  timeout?: number;
  /** Bytes of standard output; default 256 MiB. */
  maxOutput?: number;
}

export interface GitResult {
  /** Exit code; null when git did not start, was stopped or died by a signal. */
  code: number | null;
  stdout: Buffer;
  /** The first 4 KiB. */
  stderr: string;
  /** Why git was stopped or did not start. */
  stopped: "time" | "output" | "not-found" | null;
}

const LONGEST = 30_000;
const MAX_OUTPUT = 256 * 1024 * 1024;

/** What a repository's own configuration could otherwise make git run, and what would make its answers depend on the machine. */
const SAFE = [
  ["core.fsmonitor", ""],
  ["core.hooksPath", "/dev/null"],
  ["core.quotePath", "true"],
  ["core.askPass", ""],
  ["core.attributesFile", "/dev/null"],
  ["protocol.ext.allow", "never"],
  ["diff.external", ""],
  ["diff.noprefix", "false"],
  ["diff.mnemonicPrefix", "false"],
  ["diff.orderFile", "/dev/null"],
  ["log.showSignature", "false"],
  ["log.mailmap", "false"],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
] as const;

/** Variables that would point git at another repository, or change its output; safe.directory and proxies stay. */
const DROPPED = /^GIT_(?!CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)$|SSL_|HTTP_|PROXY_|SSH|EXEC_PATH$)/;

function environmentOf(place: GitPlace): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(place.environment)) {
    if (value !== undefined && !DROPPED.test(name)) result[name] = value;
  }
  return {
    ...result,
    GIT_TERMINAL_PROMPT: "0",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_OPTIONAL_LOCKS: "0",
    // An empty list allows no transport; GIT_NO_LAZY_FETCH alone is unknown before git 2.44.
    GIT_ALLOW_PROTOCOL: place.network ? "https:http" : "",
    ...(place.network ? {} : { GIT_NO_LAZY_FETCH: "1" }),
    GIT_PAGER: "cat",
    LC_ALL: "C",
    LANGUAGE: "",
  };
}

const argumentsOf = (place: GitPlace, args: readonly string[]): string[] => [
  "--no-pager",
  ...SAFE.flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ...(isOfRunner(place) ? ["-c", "safe.directory=*"] : []),
  ...args,
];

/**
 * Whether it is the workspace of a workflow's job: in a container another user than ours owns it, so that git would not read it. Such a
 * repository is nobody else's than the job's own.
 */
function isOfRunner({ directory, environment }: GitPlace): boolean {
  const workspace = environment["GITHUB_WORKSPACE"];
  if (environment["GITHUB_ACTIONS"] !== "true" || !workspace) return false;
  const path = relative(workspace, directory);
  return path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

function start(place: GitPlace, args: readonly string[], output: Writable | "pipe" = "pipe"): ChildProcess {
  return spawn("git", argumentsOf(place, args), {
    cwd: place.directory,
    env: environmentOf(place),
    stdio: ["pipe", output, "pipe"],
    windowsHide: true,
  });
}

/**
 * Runs git without a shell. Never throws and never rejects: what went wrong is in the result.
 * Names that come from outside stand behind `--end-of-options` or `--`; paths are asked for with `-z`.
 */
export function runGit(
  place: GitPlace,
  args: readonly string[],
  input: string | Buffer = "",
  limits: GitLimits = {},
): Promise<GitResult> {
  const child = start(place, args);
  child.stdin?.on("error", () => {});
  child.stdin?.end(input);
  return collect([child], limits);
}

/** As `runGit`, but nothing else happens meanwhile: it costs half as much where there is nothing else to do. */
export function runGitSync(
  place: GitPlace,
  args: readonly string[],
  input: string | Buffer = "",
  limits: GitLimits = {},
): GitResult {
  const { error, status, stdout, stderr } = spawnSync("git", argumentsOf(place, args), {
    cwd: place.directory,
    env: environmentOf(place),
    input,
    timeout: limits.timeout ?? LONGEST,
    maxBuffer: limits.maxOutput ?? MAX_OUTPUT,
    killSignal: "SIGKILL",
    windowsHide: true,
  });
  const why = (error as NodeJS.ErrnoException | undefined)?.code;
  // git may end without reading all of its input: its answer counts.
  const stopped =
    why === undefined || why === "EPIPE"
      ? null
      : why === "ETIMEDOUT"
        ? "time"
        : why === "ENOBUFS"
          ? "output"
          : "not-found";
  return {
    code: stopped === null ? status : null,
    stdout: stdout ?? Buffer.alloc(0),
    stderr: (stderr ?? "").toString("utf8").slice(0, 4096),
    stopped,
  };
}

/** Runs `first | second`, both git, with `input` for the first. The code is the second's, or the first's where that failed. */
export function pipeGit(
  place: GitPlace,
  first: readonly string[],
  second: readonly string[],
  input: string | Buffer = "",
  limits: GitLimits = {},
): Promise<GitResult> {
  const to = start(place, second);
  // The second reads from the first itself: what passes between them may be long, and nothing here looks at it.
  const from = start(place, first, to.stdin ?? "pipe");
  for (const stream of [from.stdin, to.stdin]) stream?.on("error", () => {});
  to.stdin?.destroy();
  from.stdin?.end(input);
  return collect([from, to], limits);
}

/** The output of the last of `children`; all of them are ended at the limits. */
function collect(children: readonly ChildProcess[], limits: GitLimits): Promise<GitResult> {
  const last = children.at(-1)!;
  const maxOutput = limits.maxOutput ?? MAX_OUTPUT;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let stderr = "";
    let stopped: GitResult["stopped"] = null;
    const codes = new Map<ChildProcess, number | null>();
    const stop = (why: NonNullable<GitResult["stopped"]>): void => {
      stopped ??= why;
      for (const child of children) child.kill("SIGKILL");
    };
    const timer = setTimeout(() => stop("time"), limits.timeout ?? LONGEST);
    last.stdout?.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxOutput) stop("output");
      else chunks.push(chunk);
    });
    const ended = (child: ChildProcess, code: number | null): void => {
      codes.set(child, code);
      if (codes.size < children.length) return;
      clearTimeout(timer);
      const failed = [...codes.values()].find((one) => one !== 0);
      const code_ = stopped ? null : failed === undefined ? 0 : failed;
      resolve({ code: code_, stdout: Buffer.concat(chunks), stderr, stopped });
    };
    for (const child of children) {
      child.stderr?.on("data", (chunk: Buffer) => {
        if (stderr.length < 4096) stderr = (stderr + chunk.toString("utf8")).slice(0, 4096);
      });
      child.on("error", () => {
        if (codes.has(child)) return;
        stop("not-found");
        ended(child, null);
      });
      child.on("close", (code) => {
        if (!codes.has(child)) ended(child, code);
      });
    }
  });
}

/** The result's text split at NUL, without the empty end. */
export function splitNul(output: Buffer): string[] {
  const parts = output.toString("utf8").split("\0");
  if (parts.at(-1) === "") parts.pop();
  return parts;
}

/** One sentence on why a run failed, with git's own first line; for messages, so still to be escaped by the reporter. */
export function whyGitFailed(result: GitResult): string {
  if (result.stopped === "time") return "git took too long";
  if (result.stopped === "output") return "git printed too much";
  if (result.stopped === "not-found") return "git could not be started";
  const line = result.stderr.split("\n").find((text) => text.trim() !== "") ?? `exit code ${result.code}`;
  return `git says: ${line.trim().slice(0, 200)}`;
}
