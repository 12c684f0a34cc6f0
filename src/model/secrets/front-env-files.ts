import type { FactReader } from "../../types/facts.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { isDotenv, isDotenvExample } from "../path-class.ts";

/**
 * Paths of the env files that a bundler loads in a directory for a production build: `.env`, `.env.local`, `.env.production` and
 * `.env.production.local`, with the mode that the command chooses instead of `production`.
 */
export function loadedNames(command: string): string[] {
  const mode = /\s--mode[ =]["']?([\w-]+)/.exec(command)?.[1] ?? "production";
  return [".env", ".env.local", `.env.${mode}`, `.env.${mode}.local`];
}

/** The dotenv files of the repository that a build may load: those of its directory and of those above it, and those that the command names. */
export function envFilesOf(directory: RepoPath, command: string, files: FileTree): RepoPath[] {
  const loaded = new Set(loadedNames(command));
  return files.entries
    .filter(({ path, ignored }) => {
      if (ignored || !isDotenv(path)) return false;
      const slash = path.lastIndexOf("/");
      const [own, name] = [slash === -1 ? "" : path.slice(0, slash), path.slice(slash + 1)];
      const above = own === "" || directory === own || directory.startsWith(`${own}/`);
      return (above && loaded.has(name) && !isDotenvExample(path)) || mentions(command, name);
    })
    .map(({ path }) => path);
}

/** Names that dotenv files set to something. */
export function namesIn(paths: readonly RepoPath[], facts: FactReader): Set<string> {
  return new Set(
    paths.flatMap((path) =>
      (facts.get("dotenv", path)?.entries ?? []).flatMap((one) => (one.value === "" ? [] : [one.name])),
    ),
  );
}

/** Whether a text holds a name as a whole word; `.env` is none of `.env.local`. */
export function mentions(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w.-])${name.replace(/[^\w]/g, "\\$&")}(?![\\w-]|\\.\\w)`).test(text);
}
