#!/usr/bin/env node
import { compileFromCache } from "./engine/code-cache.ts";
import { compileForShortRun } from "./engine/compiler.ts";
import { version } from "./version.ts";

process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
  // `predeploy | head` closes the pipe early: that is no failure of ours.
  if (code === "EPIPE") process.exit(process.exitCode ?? 0);
  refuse(`standard output cannot be written (${code}).`);
  process.exit();
});

/** Says why nothing can be done, with the exit code of wrong usage: left to Node, it would be that of a finding. */
function refuse(why: string): void {
  process.exitCode = 2;
  process.stderr.write(`predeploy: ${why}\n`);
}

/** Only what every call needs is loaded by this file: the rest comes when a command asks for it. */
async function main(argv: readonly string[]): Promise<void> {
  compileForShortRun(process.versions.node);
  if (!compileFromCache(import.meta.dirname)) process.getBuiltinModule("node:module").enableCompileCache?.();
  // What cannot be said there changes no verdict.
  process.stderr.on("error", () => {});
  let cwd: string;
  try {
    cwd = process.cwd();
  } catch {
    return refuse("the working directory is not there any more.");
  }
  const { runProgram } = await import("./commands/program.ts");
  process.exitCode = await runProgram({
    argv,
    cwd,
    environment: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
  });
}

const [first, ...others] = process.argv.slice(2);
if ((first === "--version" || first === "-V") && others.length === 0) process.stdout.write(`${version}\n`);
else void main(process.argv.slice(2));
