/**
 * Whether bytes can hold a placeholder at all: one combined expression over latin1 text, so that most files are never decoded or parsed.
 * Wider than the tokens themselves; `base64` of a Secret is asked for by its `kind`.
 */
const literals =
  /chang|replac|your|placeholder|fill|here|xxx|todo|tbd|fixme|updat|insert|enter|provid|generat|openssl|rotate|override|paste|supply|redact|example\.|\.(?:example|invalid)|domain\.|company\.|my-|my_|get[-_]|example-|---|set|encode|modif|defin|custom|config|please|must|should|put[-_ ]|add[-_ ]|use[-_ ]|choos|pick[-_ ]|inject|popul|overrid|manag|any[-_ ]|some[-_ ]|real|\*\*\*|\.x|192\.0\.2|198\.51|203\.0\.113|1111111|012345678|111122223333|TAG|VERSION|SHA|x\.|1111-1111|\xe2\x80\xa6|<[a-z_]|\{\{|\$[{(a-z_]|#\{|__[A-Z]|@[a-z.]+@|%[a-z]|[^$]\{[a-z_]|\[\[|\[[a-z]|123456|0000-0000|\.\.\.|kind:\s*["']?secret|troque|troca|substitu|mude|altere|alterar|insira|coloque|preencha|cambi|reempla|sustitu|ingres|remplac|aendern|ersetz|seu_|sua_|seu-|sua-|votre|dein|ihre|twoj|aqui|ici\b|zmien|degistir|[\xe0-\xf4][\x80-\xbf]{2}|[\xd0\xd1][\x80-\xbf]|postBuild|avp\.kubernetes|REGION|ACCOUNT|PROJECT/i;

/** Longer text than this is looked through in pieces, so that no call of the expression runs long. */
const window = 1 << 20;

/** The same for one value that is text already. */
export function mayBePlaceholder(value: string): boolean {
  return literals.test(value) || /[^\x00-\x7f]/.test(value);
}

export function mayHoldPlaceholder(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += window - 64)
    if (literals.test(bytes.toString("latin1", at, Math.min(bytes.length, at + window)))) return true;
  return false;
}
