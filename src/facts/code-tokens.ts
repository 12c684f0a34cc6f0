import { linesToRead, mayHoldPlaceholder } from "../sources/placeholder-scan.ts";
import { placeholderTokens } from "../sources/placeholder-tokens.ts";
import type { CodeTokens } from "../types/deploy-script.ts";
import type { Extractor } from "../types/facts.ts";

const maxTokens = 500;
const maxLength = 512 * 1024;

const replaces =
  /\bre\.sub|\.replace(?:All)?\(|\bgsub|-replace\b|ReplaceAll|strings\.Replace|\bsed\b|str_replace|preg_replace|\.sub\(|(?:^|[\s"';`])s[/|#]|template_?values?|substitut/;
const compares =
  /[!=]==?|\bin\b|includes\(|startsWith|startswith|\bis\b|\braise\b|\bthrow\b|\bError\b|\beq\b|\bcontains\(|-eq\b|\bfail\b|\bmatch|\btest\(|forbidden|insecure|invalid|unsafe|weak|default_?(?:values|secrets)|denylist|blocklist|\bne\b|\[\[?[^\]\n]*\s=\s/i;

/** A script of a shell: by its first line, or by how its blocks end. */
const shell = /^#!.*\b(?:ba|da|k|z|a)?sh\b|^[ \t]*(?:fi|esac)[ \t]*(?:$|[;#&|])/m;
const shellSearch = /\b(?:e|f)?grep\b|\brg\b|\back\b|\bSelect-String\b/;
const shellTest =
  /\[\[?\s[^\]\n]*\s(?:==?|!=|=~|-eq|-ne)\s|\btest\s+\S+\s+!?=|\bcase\b|^\s*\(?["'*\w<][^()$\n]*\)(?:\s|$)/;
/** What a guard does once it has found the placeholder: it stops, or puts a value in. */
const shellStops =
  /\b(?:exit|return)\s+(?:[1-9]|["$])|\b(?:die|abort|bail|fatal|fail|error_exit|log_fatal)\b|\bkill\b|\|\|\s*exit\b|^\s*(?:export\s+|local\s+)?[A-Za-z_]\w*=\S/;
/** A branch of a shell script is looked through for this many lines. */
const branch = 12;

/**
 * What a shell script does with a placeholder that one of its strings names. A search or a test counts only where the branch after it stops
 * or puts a value in: `grep -r CHANGE_ME k8s || true` lets everything pass.
 */
function shellUse(lines: readonly string[], index: number): CodeTokens["tokens"][number]["use"] {
  const line = lines[index] ?? "";
  if (/\b(?:sed|perl)\b/.test(line) && /(?:^|[\s"';`])s[/|#,@!~]/.test(line)) return "replace";
  if (shellSearch.test(line)) {
    if (/\|\|\s*(?:true|:)(?:[\s"');]|$)/.test(line)) return "other";
  } else if (replaces.test(line)) return "replace";
  else if (!shellTest.test(line)) return "other";
  for (let at = index; at < Math.min(lines.length, index + branch); at++) {
    const one = lines[at] ?? "";
    if (at > index && /^\s*(?:fi|esac)\b/.test(one)) return "other";
    if (at > index || !/^\s*[A-Za-z_]\w*=/.test(one)) if (shellStops.test(one)) return "compare";
  }
  return "other";
}

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

/** `.replace("IMAGE_TAG", tag)`, `re.sub(r"IMAGE_TAG", tag, text)`: a shouted name is a placeholder because it is replaced. */
function replacedNames(text: string): CodeTokens["tokens"] {
  const found: CodeTokens["tokens"] = [];
  let line = 1;
  let from = 0;
  for (const match of text.matchAll(
    /(?:\.replace(?:All)?|\bre\.sub)\(\s*(?:r?["'`]|\/)([A-Z][A-Z0-9]*_[A-Z0-9_]{2,60})(?:["'`]|\/[gimsu]*)\s*,/g,
  )) {
    for (; from < match.index; from++) if (text.charCodeAt(from) === 10) line++;
    if (found.length < 100) found.push({ text: match[1]!, line, use: "replace" });
  }
  return found;
}

/** Placeholders that a program names in its strings: what it replaces or refuses at start. */
export const codeTokens: Extractor<"code-tokens"> = {
  kind: "code-tokens",
  version: 7,
  extract(source): CodeTokens {
    const bytes = source.bytes();
    if (bytes.length > maxLength) return { tokens: [] };
    const names = bytes.includes(".replace") || bytes.includes("re.sub(");
    const holds = mayHoldPlaceholder(bytes);
    if (!holds && !names) return { tokens: [] };
    const tokens: CodeTokens["tokens"] = [];
    const text = source.text();
    if (names) tokens.push(...replacedNames(text));
    if (!holds) return { tokens };
    const lines = text.split("\n");
    const isShell = shell.test(text);
    let index = 0;
    let start = 0;
    for (const at of linesToRead(text)) {
      while (start < at) start += (lines[index++] ?? "").length + 1;
      const line = lines[index] ?? "";
      if (line.length > 2_000 || tokens.length >= maxTokens) continue;
      if (isShell && (shellTest.test(line) || shellSearch.test(line))) {
        const bare = line.replace(/"(?:[^"\\]|\\.)*"|'[^']*'|(?:^|\s)#.*/g, " ");
        for (const word of bare.match(/[^\s|&;()[\]*]{3,200}/g) ?? [])
          for (const token of tokensOf(word))
            if (!token.startsWith("$")) tokens.push({ text: token, line: index + 1, use: shellUse(lines, index) });
      }
      for (const match of line.matchAll(/"([^"\n]{2,200})"|'([^'\n]{2,200})'|`([^`\n]{2,200})`/g)) {
        const string = match[1] ?? match[2] ?? match[3] ?? "";
        // Between double quotes of a shell and backticks of JavaScript `${X}` is a use of the variable X, not its text.
        const interpolates = isShell ? match[2] === undefined : match[3] !== undefined;
        for (const token of tokensOf(string)) {
          if (interpolates && /^\$/.test(token) && !line.includes(`\\${token}`)) continue;
          if (isShell) {
            tokens.push({ text: token, line: index + 1, use: shellUse(lines, index) });
            continue;
          }
          // `secret = "change-me"` below a comparison is what stands in, not what is refused.
          const assigned = /(?:^|[^=!<>])=\s*$/.test(line.slice(0, match.index));
          const around = assigned
            ? line
            : `${lines[index - 1] ?? ""}\n${line}\n${lines[index + 1] ?? ""}`.slice(0, 4_000);
          // `"<BUCKET_TOKEN>": bucket`, a table of what is put in for each, or `BUCKET_PLACEHOLDER = "<BUCKET_TOKEN>"`.
          const listed =
            token === string &&
            /^(?:<|\{\{|\$\{|__|@|%%|#\{)/.test(token) &&
            (/^\s*(?::|=>)\s*\S/.test(line.slice(match.index + match[0].length)) ||
              /(?:place_?holder|marker|token)\w*(?:\s*:\s*\w+)?\s*=\s*$/i.test(line.slice(0, match.index)));
          const use = replaces.test(line) || listed ? "replace" : compares.test(around) ? "compare" : "other";
          tokens.push({ text: token, line: index + 1, use });
        }
      }
    }
    return { tokens };
  },
};
