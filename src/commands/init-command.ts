import { resolve } from "node:path";
import { terminal as escaped } from "../reports/escape.ts";
import { type GitPlace, runGitSync } from "../workspace/git.ts";
import { folderOf } from "../workspace/git-tree.ts";
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
  const place: GitPlace = { directory: root, environment: terminal.environment };
  const folder = folderOf(place).replace(/\/$/, "");
  const { writes, kept, left } = planInit(root, { ...found, branch: mainBranch(place), folder });
  for (const [file, text] of writes) {
    writeText(root, file, text);
    terminal.stdout.write(`wrote ${file}\n`);
  }
  for (const file of kept) terminal.stdout.write(`kept  ${escaped(file)}: it is there already\n`);
  for (const [file, why] of left) terminal.stdout.write(`left  ${file}: ${escaped(why)}\n`);
  return EXIT.pass;
}

/** What the remote calls its HEAD, else `master` where there is no `main`. */
function mainBranch(place: GitPlace): string {
  const refs = ["refs/remotes/origin/HEAD", "refs/heads/main", "refs/heads/master"];
  const found = runGitSync(place, ["for-each-ref", "--format=%(refname) %(symref)", ...refs]).stdout.toString("utf8");
  const [, remote] = /^refs\/remotes\/origin\/HEAD refs\/remotes\/origin\/(.+)$/m.exec(found) ?? [];
  return remote ?? (/^refs\/heads\/master $/m.test(found) && !found.includes("refs/heads/main") ? "master" : "main");
}
