/** Words that say which environment a name is for; names for different ones are never near. */
const ENVIRONMENTS: Readonly<Record<string, string>> = {
  prod: "production",
  production: "production",
  prd: "production",
  live: "production",
  staging: "staging",
  stage: "staging",
  stg: "staging",
  dev: "development",
  development: "development",
  test: "test",
  testing: "test",
  qa: "qa",
  uat: "uat",
  preview: "preview",
  sandbox: "sandbox",
};
/** Words that many names share; sharing only these says nothing. */
const GENERIC = new Set(
  "key secret token id url uri api name password passwd host hostname port user username value env app service path endpoint".split(
    " ",
  ),
);
/** Most tokens that one name may have beyond the other's. */
const MAX_EXTRA = 2;

interface NameTokens {
  words: string[];
  environments: string;
}

function tokensOf(name: string): NameTokens {
  const words = name
    .slice(0, 256)
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const environments = new Set(
    words.flatMap((word) => (Object.hasOwn(ENVIRONMENTS, word) ? [ENVIRONMENTS[word]!] : [])),
  );
  return {
    words: words.filter((word) => !Object.hasOwn(ENVIRONMENTS, word)),
    environments: [...environments].sort().join(),
  };
}

/** Equal up to a plural `s`, or up to one typo (two from eight letters on) when both have four letters or more. */
function sameToken(a: string, b: string): boolean {
  if (a === b || `${a}s` === b || a === `${b}s`) return true;
  const shorter = Math.min(a.length, b.length);
  return shorter >= 4 && isWithinEdits(a, b, shorter >= 8 ? 2 : 1);
}

function isWithinEdits(a: string, b: string, limit: number): boolean {
  if (Math.abs(a.length - b.length) > limit) return false;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  let beforePrevious = previous;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, beforePrevious[j - 2]! + 1);
      row.push(cost);
    }
    beforePrevious = previous;
    previous = row;
  }
  return previous[b.length]! <= limit;
}

/** Both token lists with neighbours joined where the other name writes them as one word (`client id` = `clientid`). */
function joined(words: readonly string[], other: readonly string[]): string[] {
  const result: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const pair = `${words[at]}${words[at + 1] ?? ""}`;
    if (at + 1 < words.length && other.includes(pair)) {
      result.push(pair);
      at++;
    } else result.push(words[at]!);
  }
  return result;
}

/**
 * How many tokens one name has beyond the other, or null where the names are not near: word order is free, one name's tokens
 * must contain the other's, at least one that is shared must say something.
 */
export function extraTokens(left: string, right: string): number | null {
  const [a, b] = [tokensOf(left), tokensOf(right)];
  if (a.environments !== b.environments && a.environments !== "" && b.environments !== "") return null;
  const [aWords, bWords] = [joined(a.words, b.words), joined(b.words, a.words)];
  const [few, many] = aWords.length <= bWords.length ? [aWords, bWords] : [bWords, aWords];
  if (few.length === 0 || many.length - few.length > MAX_EXTRA) return null;
  const free = [...many];
  let telling = false;
  for (const word of few) {
    const at = free.findIndex((one) => sameToken(word, one));
    if (at === -1) return null;
    telling ||= !GENERIC.has(word) && !GENERIC.has(free[at]!) && !/^\d+$/.test(word);
    free.splice(at, 1);
  }
  return telling ? free.length : null;
}

/** Whether two names are one but for the environment that they speak of: `jwt-key-staging` and `jwt-key-production`. */
export function isCounterpart(left: string, right: string): boolean {
  const [a, b] = [tokensOf(left).words, tokensOf(right).words];
  return a.length > 0 && [...a].sort().join() === [...b].sort().join();
}

/** The known names that are near one, fewest extra tokens first, at most three; the name itself is left out. */
export function nearSecretNames(name: string, known: Iterable<string>): string[] {
  const near: { name: string; extra: number }[] = [];
  for (const one of new Set(known)) {
    if (one === name) continue;
    const extra = extraTokens(name, one);
    if (extra !== null) near.push({ name: one, extra });
  }
  near.sort((a, b) => a.extra - b.extra || (a.name < b.name ? -1 : 1));
  return near.slice(0, 3).map((one) => one.name);
}
