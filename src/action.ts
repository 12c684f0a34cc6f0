import { compileFromCache } from "./engine/code-cache.ts";
import { compileForShortRun } from "./engine/compiler.ts";

/** The flags come first: they count for what is compiled from then on. */
async function main(): Promise<void> {
  compileForShortRun(process.versions.node);
  compileFromCache(import.meta.dirname);
  const { runAction } = await import("./commands/action.ts");
  const { env, stdout, stderr } = process;
  process.exitCode = await runAction({ cwd: process.cwd(), environment: env, stdout, stderr });
}

void main();
