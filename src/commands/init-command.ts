import { resolve } from "node:path";
import { terminal as escaped } from "../reports/escape.ts";
import { openRepository } from "./check.ts";
import { writeText } from "./check-command.ts";
import { checkOptionsOf } from "./flags.ts";
import { planInit } from "./init.ts";
import { modelsOf } from "./models.ts";
import { EXIT, type Terminal } from "./terminal.ts";

/** `predeploy init`: looks at the repository and writes predeploy.yml and a workflow; what is there stays. Throws UsageError. */
export async function runInit(terminal: Terminal, path: string): Promise<number> {
  const options = checkOptionsOf(terminal, path, { failOn: "error", online: false });
  const found = await modelsOf(await openRepository(options), ["builds", "files"], terminal.environment, undefined);
  if ("missing" in found) {
    options.notice(`${found.missing} ${found.remedy}`);
    return EXIT.undecided;
  }
  const root = resolve(terminal.cwd, path);
  const { writes, kept } = planInit(root, found);
  for (const [file, text] of writes) {
    writeText(root, file, text);
    terminal.stdout.write(`wrote ${file}\n`);
  }
  for (const file of kept) terminal.stdout.write(`kept  ${escaped(file)}: it is there already\n`);
  return EXIT.pass;
}
