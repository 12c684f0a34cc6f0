import { UsageError } from "../config/usage-error.ts";
import { terminal as escaped } from "../reports/escape.ts";
import type { Severity, Shard } from "../types/finding.ts";
import type { CheckOptions } from "./check.ts";
import type { Terminal } from "./terminal.ts";

/** Options of `check` as commander gives them. */
export interface CheckFlags {
  environment?: string;
  config?: string;
  only?: string[];
  skip?: string[];
  format?: string[];
  failOn: Severity | "never";
  base?: string;
  shard?: string;
  baseline?: string;
  writeBaseline?: string;
  online: boolean;
  present?: string[];
  deployed?: string;
  verifyFiles?: boolean;
  allowUndecided?: boolean;
  showSuppressed?: boolean;
  color?: boolean;
  quiet?: boolean;
  verbose?: boolean;
}

/** What the flags of a command mean for `check`. Throws UsageError. */
export function checkOptionsOf(terminal: Terminal, path: string, flags: CheckFlags): CheckOptions {
  const { environment, stderr } = terminal;
  // Each line begins with a word of ours: a build runner reads commands on standard error too.
  const say = (text: string) => {
    for (const line of text.split("\n")) stderr.write(`predeploy: ${escaped(line)}\n`);
  };
  return {
    path,
    cwd: terminal.cwd,
    environment,
    config: flags.config ?? null,
    only: flags.only ?? null,
    skip: flags.skip ?? [],
    environmentName: flags.environment ?? null,
    failOn: flags.failOn,
    base: flags.base ?? null,
    shard: flags.shard === undefined ? null : parseShard(flags.shard),
    baseline: flags.baseline ?? null,
    online: flags.online,
    present: presentOf(flags.present ?? []),
    deployed: flags.deployed ?? null,
    allowUndecided: flags.allowUndecided ?? false,
    // A fresh checkout is as its index says, and git would hash every file of it to find that out.
    verifyFiles: flags.verifyFiles ?? !isContinuousIntegration(environment["CI"]),
    notice: flags.quiet ? () => {} : say,
    trace: flags.verbose ? say : undefined,
  };
}

/** Runners set CI to true or 1; people write `CI=false` and `CI=` to be treated as themselves. */
const isContinuousIntegration = (value: string | undefined): boolean => !/^(?:|0|false)$/i.test(value ?? "");

/**
 * Reads NAME=true|false. Throws UsageError, which repeats nothing that may be a value: it can be all there is, and what goes into a comment
 * or a check run is masked by nobody.
 */
export function presentOf(values: readonly string[]): Map<string, boolean> {
  return new Map(
    values.map((value, index) => {
      const match = /^([A-Za-z_][A-Za-z0-9_]*)=(true|false)$/.exec(value.trim());
      if (match) return [match[1]!, match[2] === "true"];
      // A second `=` is the end of base32 or base64.
      const name = /^\s*([A-Z_][A-Z0-9_]*)=[^=]/.exec(value)?.[1] ?? `(number ${index + 1})`;
      throw new UsageError(`--present ${name}: write NAME=true or NAME=false, never a value.`);
    }),
  );
}

/** Reads `i/n`. Throws UsageError. */
export function parseShard(text: string): Shard {
  const match = /^(\d{1,3})\/(\d{1,3})$/.exec(text);
  const shard = { index: Number(match?.[1]), count: Number(match?.[2]) };
  if (!match || shard.index < 1 || shard.index > shard.count)
    throw new UsageError(`--shard ${text}: write i/n with i from 1 to n, like 2/4.`);
  return shard;
}
