#!/usr/bin/env node
import module from "node:module";
import { compileForShortRun } from "./engine/compiler.ts";
import { version } from "./version.ts";

// `predeploy | head` closes the pipe early: that is no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(process.exitCode ?? 0);
});

/** Only what every call needs is loaded by this file: the rest comes when a command asks for it. */
async function main(argv: readonly string[]): Promise<void> {
  compileForShortRun(process.versions.node);
  module.enableCompileCache?.();
  const { runProgram } = await import("./commands/program.ts");
  process.exitCode = await runProgram({
    argv,
    cwd: process.cwd(),
    environment: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
  });
}

const [first, ...others] = process.argv.slice(2);
if ((first === "--version" || first === "-V") && others.length === 0) process.stdout.write(`${version}\n`);
else void main(process.argv.slice(2));
