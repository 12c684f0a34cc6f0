// src/action.ts
import { runAction } from "./main.js";
process.exitCode = await runAction({
  cwd: process.cwd(),
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr
});
