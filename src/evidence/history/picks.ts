import type { LoadedCommit } from "./commits.ts";
import { commitFinder, pickedFrom } from "./reverts.ts";

/** Finds in `pool` the commits with the same patch, and those that say they were picked from the commit or from its origin. */
export function equivalentsFinder(
  pool: readonly LoadedCommit[],
  patchIds: ReadonlyMap<string, string>,
): (commit: LoadedCommit) => LoadedCommit[] {
  const byPatch = new Map<string, LoadedCommit[]>();
  const byOrigin = new Map<string, LoadedCommit[]>();
  for (const commit of pool) {
    const id = patchIds.get(commit.sha);
    if (id !== undefined) push(byPatch, id, commit);
    for (const origin of pickedFrom(commit)) push(byOrigin, origin.slice(0, 7), commit);
  }
  const find = commitFinder(pool);
  return (commit) => {
    const names = [commit.sha, ...pickedFrom(commit)];
    return [
      ...(byPatch.get(patchIds.get(commit.sha) ?? "") ?? []),
      ...names.flatMap((name) => (byOrigin.get(name.slice(0, 7)) ?? []).filter((one) => picks(one, name))),
      ...names.slice(1).flatMap((name) => find(name) ?? []),
    ];
  };
}

/** Whether `commit` says that it was picked from `name`; either of the two names may be shortened. */
const picks = (commit: LoadedCommit, name: string): boolean =>
  pickedFrom(commit).some((origin) => origin.startsWith(name) || name.startsWith(origin));

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
