import { runAction } from "./commands/action.ts";

process.exitCode = await runAction({
  cwd: process.cwd(),
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
});
