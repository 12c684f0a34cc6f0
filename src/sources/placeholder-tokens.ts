import type { Confidence, PlaceholderShape, PlaceholderToken } from "../types/placeholders.ts";
import { mayBePlaceholder } from "./placeholder-scan.ts";
import { foreignScript, isShoutedTag, phraseConfidence, phraseOf, shoutedConfidence } from "./placeholder-words.ts";

/** Longest value that is looked at; a longer one is data, not a setting. */
const maxValue = 4_000;
const maxText = 80;

/** Element names of HTML and XML that stand in texts. */
const elements =
  /^\/|^(?:a|b|i|p|br|hr|em|strong|code|pre|ul|ol|li|div|span|img|table|tr|td|th|h[1-6]|script|powershell|persist|style|link|meta|head|body|html|title|svg|path|input|button|form|label|small|kbd|sub|sup|details|summary|center|font|string|number|boolean|int|integer|object|any|void|rootdir|nil|none|unknown|anonymous|generated|br\/)(?:[\s/].*)?$/i;

/** Names between percent signs that Windows gives. */
const windows =
  /^(?:PATH|APPDATA|LOCALAPPDATA|USERPROFILE|TEMP|TMP|PROGRAMFILES.*|PROGRAMDATA|WINDIR|SYSTEMROOT|HOMEDRIVE|HOMEPATH|COMPUTERNAME|USERNAME|PUBLIC_URL|VITE_\w+|REACT_APP_\w+)$/i;

/**
 * Every placeholder in one value, in text order and without overlaps. Pure and linear: what a token means is for its consumer to say.
 * A word must fill a whole part of the value (between `/ : @ = , "` and the like), never merely occur in a text.
 */
export function placeholderTokens(value: string): PlaceholderToken[] {
  if (value.length > maxValue || !mayBePlaceholder(value)) return [];
  const found: PlaceholderToken[] = [];
  const taken = new Uint8Array(value.length);
  const trimmedStart = value.length - value.trimStart().length;
  const trimmedEnd = value.trimEnd().length;
  const prints = /\b(?:echo|printf)\s/.test(value);
  const add = (
    shape: PlaceholderShape,
    start: number,
    end: number,
    confidence: Confidence,
    more: Partial<PlaceholderToken> = {},
  ): void => {
    for (let at = start; at < end; at++) if (taken[at]) return;
    taken.fill(1, start, end);
    if (prints && more.name === undefined && isPrinted(value, start, end)) return;
    const text = value.slice(start, end);
    found.push({
      shape,
      text: text.length > maxText ? `${text.slice(0, maxText - 1)}…` : text,
      confidence,
      whole: start <= trimmedStart && end >= trimmedEnd,
      name: null,
      fallback: null,
      ...more,
      start,
      end,
    });
  };
  if (/[$#{@%]|__/.test(value)) references(value, add);
  if (/[<[{]/.test(value)) delimited(value, add);
  words(value, taken, add);
  if (/[.\d]/.test(value) || value.includes("-")) dummies(value, taken, add);
  return found.sort((a, b) => a.start - b.start);
}

/** What a command only shows, as `echo "usage: run <name>"`: nothing reads it but a person. Sent on to a file or a program it is a value. */
function isPrinted(value: string, start: number, end: number): boolean {
  const before =
    value
      .slice(0, start)
      .split(/[;&|\n]/)
      .at(-1) ?? "";
  if (!/(?:^|[\s"'`({])(?:echo|printf)\s/.test(before)) return false;
  const after = /^[^;&|\n]*(?:\|(?!\|))?/.exec(value.slice(end))?.[0] ?? "";
  return !/>|\|$/.test(after.replace(/<[^<>]*>/g, "").replace(/>&2|>\s*\/dev\/(?:stderr|stdout|tty)/g, ""));
}

type Add = (
  shape: PlaceholderShape,
  start: number,
  end: number,
  confidence: Confidence,
  more?: Partial<PlaceholderToken>,
) => void;

function references(value: string, add: Add): void {
  for (const match of value.matchAll(/\$\{\{[^{}\n]*\}\}|\{\{\{?[^{}\n]{0,300}\}?\}\}/g)) {
    // `${{ }}` belongs to GitHub and Azure Pipelines wherever it stands.
    if (match[0].startsWith("$")) continue;
    add("mustache", match.index, match.index + match[0].length, "high", { name: match[0].replace(/[{}\s~-]/g, "") });
  }
  for (const match of value.matchAll(/(\$*)\$\{([^{}\n]{1,300})\}/g)) {
    if ((match[1] ?? "").length % 2 === 1) continue;
    const start = match.index + (match[1] ?? "").length;
    const inner = match[2] ?? "";
    // `AWS::Region` is a name, and so is `env:X` of collectors; what follows is the default.
    const provider = /^env:/.exec(inner)?.[0] ?? "";
    const parts = /^([A-Za-z_][\w.-]*?(?:::\w+)?)(:?[-?+=]|:(?!:))([\s\S]*)$/.exec(inner.slice(provider.length));
    const name = parts ? `${provider}${parts[1]}` : inner;
    if (!/^!?[A-Za-z_][\w.:-]*$/.test(name)) continue;
    add("dollar-brace", start, match.index + match[0].length, "high", {
      name,
      fallback: parts ? fallbackOf(parts[2] ?? "", parts[3] ?? "") : null,
    });
  }
  for (const match of value.matchAll(/\$\(([A-Za-z_][\w.]*)\)/g))
    if (value.charAt(match.index - 1) !== "$")
      add("dollar-paren", match.index, match.index + match[0].length, "high", { name: match[1] ?? "" });
  for (const match of value.matchAll(/\$([A-Za-z_]\w*)/g))
    if (!/[$\\]/.test(value.charAt(match.index - 1)))
      add("dollar", match.index, match.index + match[0].length, "medium", { name: match[1] ?? "" });
  for (const match of value.matchAll(/#\{([A-Za-z_][\w.:-]*)\}#?/g))
    add("hash-brace", match.index, match.index + match[0].length, match[0].endsWith("#") ? "high" : "medium", {
      name: match[1] ?? "",
    });
  for (const match of value.matchAll(/(?<![A-Za-z0-9_])__([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)__(?![A-Za-z0-9_])/g))
    add("double-underscore", match.index, match.index + match[0].length, "high", { name: match[1] ?? "" });
  for (const match of value.matchAll(/(?<![\w.@])@([A-Za-z][\w.-]{1,60})@(?![\w.@])/g))
    add("at", match.index, match.index + match[0].length, "medium", { name: match[1] ?? "" });
  for (const match of value.matchAll(/(?<![\w%])%%?([A-Z][A-Z0-9_]{2,60})%%?(?![\w%])/g))
    if (!windows.test(match[1] ?? ""))
      add("percent", match.index, match.index + match[0].length, "medium", { name: match[1] ?? "" });
}

/** Of `${X:-word}`: what stands in for the value, and how surely it asks to be replaced (null: it does not). */
function fallbackOf(operator: string, text: string): PlaceholderToken["fallback"] {
  const word = operator.includes("?") || operator.includes("+") ? null : weakWord(text.replace(/^["']|["']$/g, ""));
  return { operator, word, empty: text === "" };
}

function weakWord(text: string): string | null {
  const segments = text.split(/[\s:/@=,"'&?]+/);
  for (const segment of segments) {
    if (phraseConfidence(phraseOf(segment)) === "high" || shoutedConfidence(segment, false) === "high")
      return segment.slice(0, maxText);
  }
  if (/^<[^<>]{2,80}>$/.test(text)) return text;
  return phraseConfidence(phraseOf(text)) === "high" ? text.slice(0, maxText) : null;
}

function delimited(value: string, add: Add): void {
  for (const match of value.matchAll(/<<<?([A-Za-z_][^<>\n]{0,120})>>>?|<-+ ?([^<>\n]{1,80}?) ?-+>/g))
    if (!/^<<\.|^<--?>$/.test(match[0])) add("angle", match.index, match.index + match[0].length, "high");
  // "run `kubectl logs <pod>`": a command that a text shows to people.
  const shown = / /.test(value) ? [...value.matchAll(/`[^`\n]*`/g)] : [];
  for (const match of value.matchAll(/<([A-Za-z_][^<>\n]{0,160})>/g)) {
    if (shown.some((one) => / /.test(one[0]) && one.index < match.index && match.index < one.index + one[0].length))
      continue;
    const inner = match[1] ?? "";
    const before = value.charAt(match.index - 1);
    const own = /\byour\b|replace|change|insert|base ?64/.test(phraseOf(inner));
    if (!own && (elements.test(inner) || before === "?" || /\?P$/.test(value.slice(0, match.index)))) continue;
    if (!own && (/^https?:|[@"=;|]/.test(inner) || /[[(),*{}$%]/.test(inner))) continue;
    // `List<String>`: a type argument, not a gap.
    if (!own && /[A-Za-z0-9]/.test(before) && !/^[A-Z][A-Z0-9_-]+$/.test(inner)) continue;
    const words = phraseOf(inner).split(" ").length;
    if (words > 14) continue;
    // What differs with each run or request nobody writes down, and what was taken out for the public lies somewhere else.
    const parameter = /:\/\/[^\s<]*[?&#][\w.-]+=$/.test(value.slice(0, match.index));
    const elsewhere =
      parameter || /^(?:timestamp|date|datetime|time|uuid|run_?id|redacted|omitted|masked|hidden)$/i.test(inner);
    add("angle", match.index, match.index + match[0].length, elsewhere ? "medium" : "high");
  }
  for (const match of value.matchAll(
    /\[((?:YOUR|Your|your|INSERT|Insert|REPLACE|ENTER|ADD|CHANGE)[-_ ][\w .-]{1,60}|[A-Z][A-Z0-9]{2,}(?:[-_][A-Z0-9]+)+)\]/g,
  ))
    add("bracket", match.index, match.index + match[0].length, "high");
  for (const match of value.matchAll(/\[\[ ?\.?([A-Za-z_][\w.-]{1,60}) ?\]\]/g))
    add("double-square", match.index, match.index + match[0].length, "medium", { name: match[1] ?? "" });
  for (const match of value.matchAll(/(?<![$#%@{\w(])\{([A-Za-z_][\w .-]{1,60})\}(?!\})/g)) {
    const own = /\byour\b|replace|change|insert/.test(phraseOf(match[1] ?? ""));
    if (!own && value.includes(" ")) continue;
    add("brace", match.index, match.index + match[0].length, own ? "high" : "medium", { name: match[1] ?? "" });
  }
}

/** `op://vault/item/DB_PASSWORD`: where a secret lies, for the loader of a store; its parts are names. */
const STORED =
  /^\s*(?:ref\+\w+|op|vault|keeper|bws|doppler|infisical|s?sm|(?:aws|gcp|azure)\w*|secretsmanager|akv):\/\//;

/** `/shop/prod/DATABASE_PASSWORD`: the name of a parameter in a store; no file system keeps those in a path. */
const PARAMETER =
  /^\s*(?:(?:\/[\w.-]+){2,}|\/[\w./-]*\$\{[^{}\n]{1,200}\}(?:[\w./-]|\$\{[^{}\n]{1,200}\}){0,200})\/(?:[A-Z][A-Z0-9]*_)*(?:PASSWORD|USERNAME|(?:CLIENT|POOL|USER|TENANT)_?ID)\s*$/;

/** `arn:aws:ssm:eu-west-1:…:parameter/shop/BUCKET_NAME`: behind the word, every part is the name of a parameter. */
const PARAMETER_ARN = /^\s*arn:aws[\w-]*:ssm:.*?:parameter\//;

/** `\n` as two characters ends a line of a value that somebody unfolds later. */
const separator = /(?:\\[nrt]|[\s:/@=,"'`;&?|()\\[\]{}<>!#])+/g;

function words(value: string, taken: Uint8Array, add: Add): void {
  const trimmed = value.trim();
  const spaces = trimmed.split(/\s+/).length;
  if (spaces > 1) phrase(value, trimmed, spaces, taken, add);
  const segments: { start: number; end: number }[] = [];
  let from = 0;
  for (const match of value.matchAll(separator)) {
    if (match.index > from) segments.push({ start: from, end: match.index });
    from = match.index + match[0].length;
  }
  if (from < value.length) segments.push({ start: from, end: value.length });
  const parameters = PARAMETER_ARN.exec(value)?.[0].length ?? 0;
  for (const { start, end } of segments) {
    if (anyTaken(taken, start, end)) continue;
    const text = value.slice(start, end);
    // `--must-change-password` is an option of a program.
    if (text.length > 200 || text.startsWith("--")) continue;
    // In a sentence a single word says nothing; a joined one (`your-key`, `CHANGE_ME`) does.
    const joined = /[a-z][A-Z]|[-_.]/.test(text) || /^changeme/i.test(text);
    const before = value.charAt(start - 1);
    const after = value.charAt(end);
    // A part of a path or address: `gcr.io/PROJECT_ID/app`, `arn:…:ACCOUNT_ID:role`, `deploy@PROJECT_ID…`; never the name before `=`.
    const embedded =
      !STORED.test(value) &&
      !PARAMETER.test(value) &&
      !(parameters > 0 && start >= parameters) &&
      (/[/@.]/.test(before + after) || (before === ":" && after === ":" && /^arn:/.test(value)));
    const shouted = shoutedConfidence(text, embedded);
    if (shouted && (spaces === 1 || joined)) {
      add("word", start, end, shouted);
      continue;
    }
    const tag = before === ":" && end === value.trimEnd().length && /^[^:]*\/[^:]*:/.test(value) && isShoutedTag(text);
    // `…/services/YOUR/SLACK/WEBHOOK`: a segment of a path or address by itself.
    const segment = after === "/" && (before === "/" || before === "");
    if (tag || (/^your$/i.test(text) && (after === "@" || segment))) {
      add("word", start, end, "high");
      continue;
    }
    if (embedded && shoutedPart(text)) {
      add("word", start, end, "high");
      continue;
    }
    if ((spaces > 1 && !joined) || !mayBePlaceholder(text)) continue;
    // `arn:aws:route53:::change/*`: one word of an address is no request.
    if (embedded && /^(?:replace|change|insert)$/i.test(text)) continue;
    if (isSlug(value, start, text)) continue;
    // `GetYourBooks` in a sentence is what something is called.
    if (spaces > 1 && /^[A-Z][a-z]+Your(?:[A-Z][a-z]+)+\.?$/.test(text)) continue;
    // `base64.encode(…)`: a call of an expression.
    if (after === "(" && /^[A-Za-z]\w*(?:\.\w+)+$/.test(text)) continue;
    // `GetFromQueue`, `ecs:PutAccountSetting`: the name of something that gets or puts.
    if (/^(?:get|set|put|add|Get|Set|Put|Add)(?!Me\b|This|Your)[A-Z]/.test(text)) continue;
    // `kms:GenerateRandom`: a permission.
    if (
      before === ":" &&
      /^[A-Z][a-z]+(?:[A-Z][a-z]+)+$/.test(text) &&
      !/Me$|It$|This|Your|Here$/.test(text) &&
      /(?:^|["'\s])[a-z][a-z0-9-]*:$/.test(value.slice(Math.max(0, start - 40), start))
    )
      continue;
    const said = foreignScript.test(text) && spaces === 1 ? "high" : phraseConfidence(phraseOf(text));
    if (said && !isFileName(text)) add("word", start, end, said);
    else if (isMasked(text)) add("masked", start, end, text.length < 4 ? "firm" : "high");
  }
  if (/^[\w-]{0,24}(?:\.{3}|…)[\w-]{0,12}$/.test(trimmed) && /[\w]/.test(trimmed)) {
    const start = value.indexOf(trimmed);
    if (!anyTaken(taken, start, start + trimmed.length)) add("masked", start, start + trimmed.length, "firm");
  }
  if (/^(?:\*{3,}|-{3,})$/.test(trimmed))
    add("masked", value.indexOf(trimmed), value.indexOf(trimmed) + trimmed.length, "firm");
}

/** Several words: only a short request counts (`your secure password`, `PUT YOUR BUCKET NAME HERE`), never a sentence. */
function phrase(value: string, trimmed: string, spaces: number, taken: Uint8Array, add: Add): void {
  if (spaces > 9) return;
  const start = value.indexOf(trimmed);
  if (anyTaken(taken, start, start + trimmed.length)) return;
  const shouted =
    trimmed === trimmed.toUpperCase() &&
    /\b(?:YOUR?|(?<!BREAKING )CHANGE|REPLACE|INSERT|ENTER|FILL|PUT (?!["',]|DELETE|POST|PATCH)[A-Z]|TODO)\b/.test(
      trimmed,
    );
  const text = phraseOf(trimmed);
  const asks =
    /^(?:your |change (?:me|this|it)\b|change ?me\b|replace (?:me|this|with)\b|(?:enter|insert|put|paste|fill in|add|set) (?:your|here)|todo |tbd\b|(?:please|must) (?:change|replace)|generate (?:with|a|using)|openssl rand|placeholder\b|base 64 encoded)/.test(
      text,
    ) &&
    spaces <= 7 &&
    !/^your .*\b(?:is|are|was|were|has|have|had|will|can|could|may|needs?|expire[sd]?|failed)\b/.test(text);
  if (shouted || asks) add("word", start, start + trimmed.length, shouted ? "high" : "firm");
}

/** `…/publications/request-your-own-data`: a page's title in the path of an address, or in a path of a site, where `your` speaks to its reader. */
function isSlug(value: string, start: number, text: string): boolean {
  const scheme = value.indexOf("://");
  const from = scheme !== -1 ? scheme + 3 : value.startsWith("/") ? 1 : -1;
  if (from === -1 || !value.slice(from, start).includes("/")) return false;
  return (
    /^[a-z]+-[a-z]+(?:-[a-z]+)*-?$/.test(text) && /[a-z]-your-[a-z]/.test(text) && !/change|replace|insert/.test(text)
  );
}

function anyTaken(taken: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (taken[at]) return true;
  return false;
}

/** Parts of a host or account address: `ACCOUNT_ID.dkr.ecr.REGION.amazonaws.com`, `PROJECT_ID.iam.gserviceaccount.com`. */
function shoutedPart(text: string): boolean {
  return text.includes(".") && text.split(".").some((part) => shoutedConfidence(part, true) === "high");
}

/** `sk-xxxxxxxx`, `XXXX-XXXX`, `10.0.X.X`; not `xxx` inside a word. */
function isMasked(text: string): boolean {
  if (/^(?:\d{1,3}|[xX]{1,3})(?:\.(?:\d{1,3}|[xX]{1,3})){3}$/.test(text)) return /[xX]/.test(text);
  if (/^[xX]{3}$/.test(text)) return true;
  const plain = text.replace(/[-_.+]/g, " ");
  return (
    /^[xX]{3}\.[a-z]/.test(text) ||
    /(?:^| )[xX]{4,}(?: |$)/.test(plain) ||
    /^[A-Za-z0-9 ]{0,12}[xX]{6,}$/.test(plain) ||
    /^xxx+ xxx+/i.test(plain)
  );
}

/** `placeholder.png` and `change-me.test.ts` are files, not gaps. */
function isFileName(text: string): boolean {
  return (
    /\.(?:png|jpe?g|svg|gif|webp|ico|ya?ml|json|js|ts|css|html?|py|sh|md|txt|tf|go|java|pdf|mp[34])$/i.test(text) &&
    !/your/i.test(text)
  );
}

const reserved =
  /(?<![\w-])(?:[\w*-]+\.)*(?:example\.(?:com|org|net|edu)|(?:[\w-]+\.)+(?:example|invalid)|(?:my-?domain|my-?company|my-?site|my-?org|domain|company)\.(?:com|org|net|tld|io)|example\.tld|o0\.ingest(?:\.[a-z]{2})?\.sentry\.io)(?![\w-])/gi;

const SAMPLE_FILE =
  /(?:^|\.)(?:env|envrc|ya?ml|json|toml|conf|cfg|ini|py|js|ts|php|rb|sh|sql|xml|properties|tfvars|txt|md|local)\.example$/i;

function dummies(value: string, taken: Uint8Array, add: Add): void {
  const hosts = /example|invalid|domain|company|my-?(?:site|org)/i.test(value) ? value.matchAll(reserved) : [];
  for (const match of hosts) {
    const end = match.index + match[0].length;
    const after = value.slice(end, end + 2);
    // `example.com/name` without a scheme is a qualified name, not a host.
    const certificate = /\/(?:live|certs?|ssl|tls)\/$/.test(value.slice(0, match.index));
    const qualified =
      !certificate && after.startsWith("/") && !/:\/\/|@/.test(value.slice(0, match.index)) && !/^\/v\d/.test(after);
    if (anyTaken(taken, match.index, end)) continue;
    if (/^\.\w/.test(after)) continue;
    // `.env.example`, `config.yml.example`: a sample file.
    if (/\.example$/i.test(match[0]) && (value[match.index - 1] === "." || SAMPLE_FILE.test(match[0]))) continue;
    const mail = /[\w.+-]+@$/.exec(value.slice(0, match.index));
    const start = mail ? mail.index : match.index;
    if (!anyTaken(taken, start, end)) add("domain", start, end, qualified ? "medium" : "firm");
  }
  for (const match of value.matchAll(
    /(?<![0-9a-fA-F-])(?:123456789012|111111111111|012345678901|111122223333|1234567890|00000000-0000-0000-0000-000000000000|12345678-1234-1234-1234-\d{12}|11111111-1111-1111-1111-111111111111)(?![0-9a-fA-F-])/g,
  ))
    add("identifier", match.index, match.index + match[0].length, /^\d{12}$/.test(match[0]) ? "firm" : "medium");
  // Addresses of the documentation (RFC 5737), and keys of AWS's own.
  for (const match of value.matchAll(/(?<![\d.])(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}(?![\d.])/g))
    add("domain", match.index, match.index + match[0].length, "firm");
  for (const match of value.matchAll(
    /(?<![A-Za-z0-9])(?:AKIA[A-Z0-9]{9}EXAMPLE|[A-Za-z0-9/+]{20,40}EXAMPLEKEY)(?![A-Za-z0-9])/g,
  ))
    add("identifier", match.index, match.index + match[0].length, "firm");
  for (const match of value.matchAll(
    /(?<![\w-])(?:my|example)-(?:gcp-|aws-|google-|azure-)?(?:project|bucket|registry|account|org|tenant|resource-group)(?:-(?:id|name|123))?(?![\w-])/g,
  ))
    if (!anyTaken(taken, match.index, match.index + match[0].length))
      add("identifier", match.index, match.index + match[0].length, "medium");
}
