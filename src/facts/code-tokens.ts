import { mayHoldPlaceholder } from "../sources/placeholder-scan.ts";
import { placeholderTokens } from "../sources/placeholder-tokens.ts";
import type { CodeTokens } from "../types/deploy-script.ts";
import type { Extractor } from "../types/facts.ts";

const maxTokens = 500;
const maxLength = 512 * 1024;

const replaces =
  /\bre\.sub|\.replace(?:All)?\(|\bgsub|-replace\b|ReplaceAll|strings\.Replace|\bsed\b|str_replace|preg_replace|\.sub\(|s\/|s\||s#|template_?values?|substitut/;
const compares =
  /[!=]==?|\bin\b|includes\(|startsWith|startswith|\bis\b|\braise\b|\bthrow\b|\bError\b|\beq\b|\bcontains\(|-eq\b|\bfail\b|\bmatch|\btest\(|forbidden|insecure|invalid|unsafe|weak|default_?(?:values|secrets)|denylist|blocklist|\bne\b|\[\[?[^\]\n]*\s=\s/i;

/** Most strings of programs are the same few: module names, keys, class names. */
const remembered = new Map<string, readonly string[]>();
const maxRemembered = 20_000;

function tokensOf(text: string): readonly string[] {
  let tokens = remembered.get(text);
  if (tokens === undefined) {
    tokens = placeholderTokens(text).map((token) => token.text);
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.set(text, tokens);
  }
  return tokens;
}

/** Placeholders that a program names in its strings: what it replaces or refuses at start. */
export const codeTokens: Extractor<"code-tokens"> = {
  kind: "code-tokens",
  version: 1,
  extract(source): CodeTokens {
    const bytes = source.bytes();
    if (bytes.length > maxLength || !mayHoldPlaceholder(bytes)) return { tokens: [] };
    const tokens: CodeTokens["tokens"] = [];
    const lines = source.text().split("\n");
    for (const [index, line] of lines.entries()) {
      if (line.length > 2_000 || tokens.length >= maxTokens) continue;
      for (const match of line.matchAll(/"([^"\n]{2,200})"|'([^'\n]{2,200})'|`([^`\n]{2,200})`/g)) {
        const text = match[1] ?? match[2] ?? match[3] ?? "";
        for (const token of tokensOf(text)) {
          // `secret = "change-me"` below a comparison is what stands in, not what is refused.
          const assigned = /(?:^|[^=!<>])=\s*$/.test(line.slice(0, match.index));
          const around = assigned
            ? line
            : `${lines[index - 1] ?? ""}\n${line}\n${lines[index + 1] ?? ""}`.slice(0, 4_000);
          const use = replaces.test(line) ? "replace" : compares.test(around) ? "compare" : "other";
          tokens.push({ text: token, line: index + 1, use });
        }
      }
    }
    return { tokens };
  },
};
