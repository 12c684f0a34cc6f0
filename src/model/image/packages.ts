import { directoryOf } from "../../text/paths.ts";
import type { FactReader } from "../../types/facts.ts";
import type { PackageScripts } from "../../types/image.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { entriesOf, textOf, valueAt } from "../data.ts";
import { join } from "./paths.ts";

/** Packages whose program has another name. */
const PROGRAMS: Readonly<Record<string, string>> = {
  typescript: "tsc",
  "@nestjs/cli": "nest",
  "@angular/cli": "ng",
  "@babel/node": "babel-node",
  "@babel/cli": "babel",
};
/** Where a lock file says of a package what it is for, it does so within as many lines. */
const LONGEST_ENTRY = 12;

/** The scripts of a package.json, and the programs that only developers' installs bring. */
export function packageScripts(path: RepoPath, files: FileTree, facts: FactReader): PackageScripts {
  const root = facts.get("data", path)?.documents[0]?.root ?? null;
  const keysOf = (name: string) => entriesOf(valueAt(root, name)).map(({ key }) => key.text);
  const kept = new Set(["dependencies", "optionalDependencies", "peerDependencies"].flatMap(keysOf));
  const development = keysOf("devDependencies").filter((name) => !kept.has(name));
  const isDevelopment = lockedBy(path, files, facts);
  return {
    scripts: new Map(entriesOf(valueAt(root, "scripts")).map(({ key, value }) => [key.text, textOf(value) ?? ""])),
    devPrograms: new Set(development.filter(isDevelopment).map((name) => PROGRAMS[name] ?? name)),
  };
}

/**
 * Whether a package of devDependencies comes with nothing else: npm's lock file says so (docs.npmjs.com/cli/configuring-npm/package-lock-json,
 * `dev`), and pnpm links the programs of direct dependencies alone. Of other lock files nothing is claimed.
 */
function lockedBy(path: RepoPath, files: FileTree, facts: FactReader): (name: string) => boolean {
  const beside = (name: string) => join(directoryOf(path), name);
  if (files.has(beside("pnpm-lock.yaml"))) return () => true;
  const lines = files.has(beside("package-lock.json"))
    ? (facts.get("lines", beside("package-lock.json"))?.lines ?? [])
    : [];
  return (name) => {
    const at = lines.findIndex((line) => line.includes(`"node_modules/${name}": {`));
    if (at === -1) return false;
    const entry = lines.slice(at + 1, at + LONGEST_ENTRY);
    const end = entry.findIndex((line) => /^\s*\},?\s*$/.test(line));
    return entry.slice(0, end === -1 ? undefined : end).some((line) => /^\s*"dev": true,?\s*$/.test(line));
  };
}
