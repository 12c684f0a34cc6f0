import type { DeployCommand } from "../../types/deploy-script.ts";
import type { PlaceholderHit } from "../../types/placeholders.ts";
import { keyOf } from "./keys.ts";
import type { Rendering } from "./rendering.ts";

/** `s<d>PATTERN<d>…<d>` of sed and perl, with any delimiter. */
export function substitution(tool: string, { words, expands }: DeployCommand): Rendering | null {
  const patterns: string[] = [];
  const files: string[] = [];
  let script = false;
  for (const [index, word] of words.entries()) {
    if (index === 0) continue;
    const found = patternsIn(word);
    if (found.length > 0) {
      patterns.push(...found);
      script = true;
    } else if (word.startsWith("-")) continue;
    else if (script || /\.[a-z]{2,5}$/.test(word)) files.push(word);
  }
  if (patterns.length === 0) return null;
  const variables = new Set(expands);
  const frames = patterns.flatMap((pattern) => {
    const frame = frameOf(pattern, variables);
    return frame ? [frame] : [];
  });
  return {
    tool,
    only: null,
    names: patterns,
    replaces: (hit) => patterns.some((pattern) => covers(pattern, hit)),
    mayReplace: (hit) => frames.some((frame) => leaveRoomFor(frame, hit)),
    files,
  };
}

export function patternsIn(word: string): string[] {
  const found: string[] = [];
  // An address may stand before: `1,3s/a/b/`, `/match/s/a/b/`; `k8s/prod/a.yaml` is a path.
  for (const match of word.matchAll(/(?:^|[;\s{/\n]|["'])(?:\d+(?:,(?:\d+|\$))?)?s([|/#@,~!%:+^_])/g)) {
    const delimiter = match[1] ?? "/";
    const from = match.index + match[0].length;
    let end = from;
    while (end < word.length && word.charAt(end) !== delimiter) end += word.charAt(end) === "\\" ? 2 : 1;
    if (end >= word.length || end === from) continue;
    found.push(word.slice(from, end));
    if (found.length > 50) break;
  }
  return found;
}

/** Whether a regular expression of sed names the token, or the whole line of its key. */
function covers(pattern: string, hit: PlaceholderHit): boolean {
  const plain = pattern
    .replace(/\\([\s\S])/g, "$1")
    .replace(/^\^|\$$/g, "")
    .replace(/\[([^\]\w])\]/g, "$1");
  if (plain.length < 2) return false;
  if (hit.text.includes(plain) && plain.length >= 3) return true;
  if (plain.includes(hit.text)) return true;
  if (hit.name !== null && hit.name.length > 2 && /[${}_@#%<[]/.test(plain) && plain.replace(/[^\w]/g, "") === hit.name)
    return true;
  // `s|image: .*|image: x|` replaces whatever the key holds.
  const head = /^[\s("']*([\w.-]+)["']?\s*[:=]/.exec(plain)?.[1];
  return head !== undefined && head === keyOf(hit) && /[.*\])]/.test(plain);
}

const gap = "\0";

/** The literal parts around the variables of the shell in a pattern; null where it holds none. */
function frameOf(pattern: string, expands: ReadonlySet<string>): string[] | null {
  const parts = pattern
    .replace(/\$\{\{[^}]*\}\}/g, gap)
    .replace(/\$(?:\{([A-Za-z_]\w*)[^}]*\}|([A-Za-z_]\w*))/g, (whole, braced, bare) =>
      expands.has(braced ?? bare) ? gap : whole,
    )
    .split(gap)
    .map((part) => part.replace(/\\([\s\S])/g, "$1").replace(/^\^|\.[*+]$|\$$|\s/g, ""));
  return parts.length > 1 ? parts : null;
}

/** `${token}` leaves room for any token, `__${name}__` for those between underscores, `^$key=.*` for the line of any key. */
function leaveRoomFor([head, next = "", ...rest]: readonly string[], hit: PlaceholderHit): boolean {
  if (head === "" && /^["']?[:=]/.test(next)) return true;
  let from = 0;
  for (const part of [head ?? "", next, ...rest]) {
    const at = hit.text.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return true;
}
