import { runAction } from "./commands/action.ts";

void runAction({ cwd: process.cwd(), environment: process.env, stdout: process.stdout, stderr: process.stderr }).then(
  (code) => {
    process.exitCode = code;
  },
);
