/**
 * Where a text can hold a placeholder at all: two expressions over the whole text, so that most files are never decoded, split into lines
 * or parsed. Both are wider than the tokens themselves (a test holds that); what they leave out needs no further look.
 */

/** Plain texts, whatever their case. */
const literals =
  "chang replac your placeholder fill todo tbd fixme updat inser enter provid generat openssl rotat overrid paste suppl specif redact inject populat managed configured encode mysite. myorg. domain. company. my- example. example- examplepublickey xxx troqu troca mude alter coloque preencha cambi reempla sustitu substitu insira ingres remplac aendern ersetz votre dein twoj zmien degistir 192.0.2 198.51 203.0.113 1111111 012345678 111122223333 1111-1111 123456 0000-0000 {{ #{ [[ <- *** ... -----BEGIN"
    .split(" ")
    .map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));

const gap = "[^a-z0-9\\n]{0,3}";
const objects =
  "an?[^a-z]|the|it|this|one|in|some|value|api|secret|key|token|pass|strong|secure|valid|actual|real|own|correct|db|database|jwt|random|long|url|id|name|project|client|account|host|string|salt|domain|email|user";
const later = "prod|deploy|live|launch|install|use|staging|release";

/** Verbs that are common by themselves count only with what makes them a request; each begins with a plain character. */
const patterns: readonly string[] = [
  `base${gap}64`,
  "here(?![a-z])",
  `set${gap}(?:me|via|by|from|through|before|to|${objects})`,
  `set[\\w .-]{1,60}?(?:${later}|token|secret|pass|pwd|key|value|domain|url|email|username|id|host|string|salt)`,
  `modif[\\w .-]{0,60}?(?:me|${later})`,
  `edit${gap}me`,
  `defin\\w?${gap}me`,
  `custom\\w{0,3}${gap}me`,
  `configure${gap}me`,
  `be${gap}(?:set|defin|determin|added)`,
  `get${gap}(?:from|${objects})`,
  `put${gap}(?:${objects})`,
  `add${gap}(?:${objects})`,
  "put[\\w .-]{1,60}?(?:token|secret|pass|pwd|key|value|domain|url|email|username|id|host|string|salt)",
  "add[\\w .-]{1,60}?(?:token|secret|pass|pwd|key|value|domain|url|email|username|id|host|string|salt)",
  `use${gap}(?:an?|some)${gap}(?:very|long|strong|secure|random|different|unique)`,
  `choose${gap}(?:an?|some)[^a-z]`,
  `pick${gap}(?:an?|some)[^a-z]`,
  `not${gap}(?:a|the)${gap}real`,
  `some${gap}(?:very|super|random|secret|secure|long)`,
  `any${gap}(?:very|super|random|secret|secure|long)`,
  `my${gap}(?:server|data|user|pass)`,
  "seu[-_ ]",
  "sua[-_ ]",
  "tu[oa][-_ ]",
  "ihre?[-_ ]",
  "aqui(?![a-z])",
  "ici(?![a-z])",
  "hier(?![a-z])",
  "qui(?![a-z])",
  "\\.(?:x|(?:example|invalid)(?![a-z]))",
  "x\\.",
  "<[a-z_]",
  "\\$[{(a-z_]",
  "@[a-z][\\w.-]{1,60}@",
  "\\{[a-z_][\\w .-]{1,60}\\}(?!\\})",
  "\\[(?:your|insert|replace|enter|add|change)[-_ ]",
  "-(?<=[:=\"' ]-)--",
];

/** Alternatives grouped by their first character, so that the engine tries a group only where that character stands. */
function grouped(alternatives: readonly string[]): string {
  const groups = new Map<string, string[]>();
  for (const one of alternatives) {
    const first = /^\\?./.exec(one)?.[0] ?? "";
    const group = groups.get(first);
    if (group) group.push(one.slice(first.length));
    else groups.set(first, [one.slice(first.length)]);
  }
  return [...groups].map(([first, rest]) => `${first}(?:${rest.join("|")})`).join("|");
}

// Searched from a place on, so that one expression, the longest of all to compile, is enough for every question.
const words = new RegExp(grouped([...literals, ...patterns]), "gi");

/** Shouted names, and words in other scripts (two or three bytes a letter when read as latin1). Every repetition is bounded: hostile text costs no more. */
const shouted =
  /__[A-Z]|%[A-Z][A-Z0-9_]{2}|\[[A-Z][A-Z0-9]{2,}[-_]|[/@.:][A-Z][A-Z0-9_-]{0,80}(?![a-z])|[/@.](?<=[A-Z_-]{3}.)|EXAMPLE|\xe2\x80\xa6|[\xe0-\xf4][\x80-\xbf]{2}|[\xd0\xd1][\x80-\xbf]|[^\x00-\xff]/g;

/** What no line shows: base64 in a Secret, and who renders the file. */
const structure = /kind["']?:\s*["']?(?:secret|list|application\b)|postBuild|avp\.kubernetes/i;

/** Longer text than this is looked through in pieces, so that no call of an expression runs long. */
const window = 1 << 20;

/** Whether one value can hold a placeholder. */
export function mayBePlaceholder(value: string): boolean {
  return next(words, value, 0) !== -1 || next(shouted, value, 0) !== -1 || /^\s*-{3,}\s*$|[^\x00-\x7f]/.test(value);
}

/** Whether bytes can. */
export function mayHoldPlaceholder(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += window - 128) {
    const text = bytes.toString("latin1", at, Math.min(bytes.length, at + window));
    if (next(words, text, 0) !== -1 || next(shouted, text, 0) !== -1 || structure.test(text)) return true;
  }
  return false;
}

/** Start offsets of the lines of a text that can hold a placeholder, in order. */
export function* linesToRead(text: string): Generator<number> {
  let word = next(words, text, 0);
  let shout = next(shouted, text, 0);
  while (word !== -1 || shout !== -1) {
    const at = word === -1 ? shout : shout === -1 ? word : Math.min(word, shout);
    yield text.lastIndexOf("\n", at - 1) + 1;
    const end = text.indexOf("\n", at);
    if (end === -1) return;
    if (word !== -1 && word <= end) word = next(words, text, end + 1);
    if (shout !== -1 && shout <= end) shout = next(shouted, text, end + 1);
  }
}

function next(expression: RegExp, text: string, from: number): number {
  expression.lastIndex = from;
  return expression.exec(text)?.index ?? -1;
}
