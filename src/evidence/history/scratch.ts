import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { GitPlace } from "../../workspace/git.ts";
import { ask } from "./ask.ts";

/** An empty bare repository of ours that borrows the user's objects. */
export interface Scratch {
  place: GitPlace;
  /** Commits whose parents were cut off. */
  shallow: ReadonlySet<string>;
  remove(): void;
}

/** The folder for temporary files: the runner's own, else the machine's. */
export function temporaryFolder(environment: GitPlace["environment"]): string {
  const own = environment["RUNNER_TEMP"];
  return own && existsSync(own) ? own : tmpdir();
}

/** Writes an empty bare repository; by hand, since `git init` copies templates and reads more configuration. */
export function writeBareRepository(environment: GitPlace["environment"], format: "sha1" | "sha256"): string {
  const folder = mkdtempSync(path.join(temporaryFolder(environment), "predeploy-history-"));
  for (const inner of ["objects/info", "objects/pack", "refs"])
    mkdirSync(path.join(folder, inner), { recursive: true });
  writeFileSync(path.join(folder, "HEAD"), "ref: refs/heads/none\n");
  const extension = format === "sha256" ? "[extensions]\n\tobjectFormat = sha256\n" : "";
  writeFileSync(path.join(folder, "config"), `[core]\n\trepositoryformatversion = 1\n\tbare = true\n${extension}`);
  return folder;
}

/**
 * A scratch repository over the objects of `user`. Reading through it keeps the user's `.git` unchanged (remerge writes trees)
 * and leaves out what the repository's own configuration, attributes, replacements and grafts would do to the answers.
 */
export async function openScratch(user: GitPlace): Promise<Scratch> {
  const [format = "sha1", objects = "", shallowFile = ""] = (
    await ask(user, ["rev-parse", "--show-object-format", "--git-path", "objects", "--git-path", "shallow"])
  )
    .toString("utf8")
    .split("\n");
  const folder = writeBareRepository(user.environment, format === "sha256" ? "sha256" : "sha1");
  const borrowed = path.resolve(user.directory, objects);
  // A path in quotes is read as a C string: needed only for names with control characters or a leading quote.
  const plain = /^[^"\n\\][^\n]*$/.test(borrowed) ? borrowed : JSON.stringify(borrowed);
  writeFileSync(path.join(folder, "objects/info/alternates"), `${plain}\n`);
  const cut = path.resolve(user.directory, shallowFile);
  const shallowText = existsSync(cut) ? readFileSync(cut, "latin1") : "";
  if (shallowText.trim() !== "") writeFileSync(path.join(folder, "shallow"), shallowText);
  return {
    place: { ...user, directory: folder },
    shallow: new Set(shallowText.split("\n").filter((line) => line !== "")),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}
