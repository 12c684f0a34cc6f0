import type { ComparedHistory } from "../../types/history.ts";
import type { Missing } from "../../types/missing.ts";
import type { GitPlace } from "../../workspace/git.ts";
import { type CommitFilter, type Counted, compareCommits, isMissing } from "./compare.ts";
import { lostMigrations } from "./deployed-migrations.ts";
import { openGithub } from "./github.ts";
import { openOwnRepository } from "./own-repository.ts";
import { countByRest } from "./rest.ts";

export interface FoundOnline {
  head: string | null;
  base: string | null;
  counted: Counted;
  found: "REST" | "own fetch";
  lostMigrations: ComparedHistory["lostMigrations"] | null;
}

/**
 * What the local clone cannot answer: first by REST, which is one or two requests, then by a repository of our own. Opens sockets.
 * @param wanted refs or commits, as the remote would know them
 * @param treesAreHere whether the files of both commits were compared already
 */
export async function compareOnline(
  user: GitPlace,
  wanted: { head: string; base: string },
  filter: CommitFilter,
  treesAreHere: boolean,
): Promise<FoundOnline | null> {
  const byRest = await compareRest(user, wanted);
  // REST knows neither paths nor white space of a commit.
  const plain = filter.paths.length === 0 && !filter.ignoreWhitespace;
  const decided = byRest && !isMissing(byRest) && byRest.undecided === null && plain ? byRest : null;
  const named = { head: shaOf(wanted.head), base: shaOf(wanted.base) };
  if (decided && treesAreHere) return { ...named, counted: decided, found: "REST", lostMigrations: null };
  const fetched = await compareFetched(user, wanted, filter);
  if (!isMissing(fetched)) return fetched;
  // GitHub's comparison says nothing about files that only the base holds.
  if (decided) return { ...named, counted: decided, found: "REST", lostMigrations: fetched };
  const known = byRest && !isMissing(byRest) ? byRest : { ahead: null, behind: null, undecided: null };
  // Where GitHub could count, what it cannot tell is the reason; the fetch was only another way.
  const undecided = known.undecided ?? fetched;
  const counted: Counted = { ahead: known.ahead, behind: known.behind, waiting: [], lost: [], undecided };
  return { head: null, base: null, counted, found: "REST", lostMigrations: null };
}

const shaOf = (ref: string): string | null => (/^[0-9a-f]{40,64}$/.test(ref) ? ref : null);

async function compareRest(
  user: GitPlace,
  { head, base }: { head: string; base: string },
): Promise<Counted | Missing | null> {
  const github = await openGithub(user.environment);
  return isMissing(github) ? null : countByRest(github, head, base);
}

async function compareFetched(
  user: GitPlace,
  wanted: { head: string; base: string },
  filter: CommitFilter,
): Promise<FoundOnline | Missing> {
  const own = await openOwnRepository(user, wanted.head.length === 64 || wanted.base.length === 64 ? "sha256" : "sha1");
  if (isMissing(own)) return own;
  try {
    const base = await own.fetch(wanted.base);
    if (isMissing(base)) return base;
    const head = await own.fetch(wanted.head);
    if (isMissing(head)) return head;
    const counted = await compareCommits(own, head, base, filter);
    return {
      head,
      base,
      counted,
      found: "own fetch",
      lostMigrations: await lostMigrations(own.place, head, base, filter.scope),
    };
  } finally {
    own.remove();
  }
}
