import { domainOf } from "../../text/hosts.ts";

export const tokensOf = (name: string): string[] =>
  name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((token) => token !== "");

/** The same words in another order or with other separators, or one slip of the pen: `api-staging.x` and `api.staging.x`. */
export function alike(a: string, b: string): boolean {
  if (a === b || b.startsWith("*.") || a.startsWith("*.")) return false;
  const [left, right] = [tokensOf(a).sort().join(" "), tokensOf(b).sort().join(" ")];
  if (left === right) return true;
  const domain = domainOf(a);
  const [x, y] = [a, b].map((host) => (domain === null ? host : host.slice(0, -domain.length - 1)));
  return (
    x!.length > 5 &&
    y!.length > 5 &&
    Math.abs(x!.length - y!.length) <= 1 &&
    distanceAtMostOne(x!, y!) &&
    !/\d/.test(differing(x!, y!))
  );
}

/** One letter more, less, or another one; two neighbours swapped. */
function distanceAtMostOne(a: string, b: string): boolean {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const rest = (text: string, skip: number) => text.slice(at + skip);
  return (
    rest(a, 1) === rest(b, 1) ||
    rest(a, 1) === rest(b, 0) ||
    rest(a, 0) === rest(b, 1) ||
    (a[at] === b[at + 1] && a[at + 1] === b[at] && rest(a, 2) === rest(b, 2))
  );
}

function differing(a: string, b: string): string {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return `${a[at] ?? ""}${b[at] ?? ""}`;
}

/** `service` for AUTH_SERVICE_URL and kin, `front` for FRONTEND_URL; what else a name may mean stays open. */
export function roleOf(name: string): "service" | "front" | null {
  const tokens = tokensOf(name);
  if (tokens.includes("service")) return "service";
  return tokens.some((token) => /^(?:frontend|webapp|ui|client|web)$/.test(token)) ? "front" : null;
}
