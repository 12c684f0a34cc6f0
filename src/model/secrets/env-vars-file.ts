import { inRepository } from "../../text/paths.ts";
import type { FactReader } from "../../types/facts.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { entriesOf, textOf } from "../data.ts";
import { isDotenv, isDotenvExample } from "../path-class.ts";

/** The variables of a file that a deploy takes them from, YAML or dotenv; null where the repository has no such file. */
export function variablesOfFile(
  written: string,
  bases: readonly RepoPath[],
  files: FileTree,
  facts: FactReader,
): { name: string; text: string | null }[] | null {
  if (/[$`{}]/.test(written)) return null;
  const path = bases.flatMap((base) => inRepository(base, written) ?? []).find((one) => files.has(one));
  if (path === undefined) return null;
  if (isDotenv(path) && !isDotenvExample(path))
    return (facts.get("dotenv", path)?.entries ?? []).map(({ name, value }) => ({ name, text: value }));
  const root = facts.get("data", path)?.documents[0]?.root ?? null;
  return entriesOf(root).map(({ key, value }) => ({ name: key.text, text: textOf(value) }));
}
