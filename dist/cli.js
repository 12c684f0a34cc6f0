#!/usr/bin/env node

// src/cli.ts
import module from "node:module";

// src/version.ts
var version = true ? "0.1.0" : "0.0.0-source";

// src/cli.ts
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(process.exitCode ?? 0);
});
var [first, ...others] = process.argv.slice(2);
if ((first === "--version" || first === "-V") && others.length === 0) {
  process.stdout.write(`${version}
`);
} else {
  module.enableCompileCache?.();
  const { runProgram } = await import("./main.js");
  process.exitCode = await runProgram({
    argv: process.argv.slice(2),
    cwd: process.cwd(),
    environment: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr
  });
}
