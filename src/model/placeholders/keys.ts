import { phraseOf } from "../../sources/placeholder-words.ts";
import type { PlaceholderHit } from "../../types/placeholders.ts";

/** Keys whose values are texts for people, or patterns: a placeholder there is meant. */
const texts =
  /^(?:description|desc|(?:error )?message|msg|title|placeholder|regex|pattern|expression|expr|examples?|help|usage|summary|text|comment|notes?|prompt|hint|tooltip|template|(?:log |date |time )?format|schema|replacement|docs?|documentation|read ?me|about|copyright|license|changelog|body|subject|caption|welcome|greeting|footer|heading|question|answer|instructions?|query|sql|rule|selector|uses|if|cron|schedule|user agent|label|reason|cause|remarks?|warning|info|legend ?format|sed|grep|search|find|allow ?list|stop ?words?|deny ?list|block ?list|ignore|exclude|tagline|bio|system prompt|slogan)$/;

const secretish =
  /\b(?:pass|password|passwd|pwd|passphrase|secrets?|tokens?|key|keys|apikey|credentials?|salt|signing|encryption|jwt|dsn|connection|webhook|auth|cert|certificate|pem|license|pepper|hash)\b/;

/** The nearest named key of a value: the line's own inside a block, else the last key of the path. */
export function keyOf(hit: Pick<PlaceholderHit, "inner" | "path">): string | null {
  if (hit.inner !== null) return hit.inner;
  const last = hit.path.findLast((step) => typeof step === "string");
  return typeof last === "string" ? last : null;
}

/** The whole path in words for a message: `spec.rules[0].host`. */
export function pathText(hit: Pick<PlaceholderHit, "inner" | "path">): string | null {
  const text = hit.path.reduce<string>(
    (all, step) => (typeof step === "number" ? `${all}[${step}]` : all === "" ? step : `${all}.${step}`),
    "",
  );
  const full = hit.inner !== null && text !== "" ? `${text} (${hit.inner})` : (hit.inner ?? text);
  return full === "" ? null : full.slice(0, 120);
}

export function isText(key: string | null): boolean {
  return key !== null && texts.test(phraseOf(key));
}

/** A dotenv-like name that ends in a word for people: `SEARCH_PLACEHOLDER`, `MAIL_SUBJECT`, `SECRET_DISPLAY_VALUE`. */
export function isTextName(key: string | null): boolean {
  return (
    key !== null &&
    /(?:^| )(?:description|message|title|placeholder|regex|pattern|prompt|subject|tagline|slogan|footer|copyright|help|hint|instructions?|guide|greeting|format|template|layout|expression|user agent|display (?:value|text)|mask|(?:allow|deny|block|white|black) ?list)$/.test(
      phraseOf(key),
    )
  );
}

export function isSecretKey(hit: Pick<PlaceholderHit, "inner" | "path">): boolean {
  const keys = [...hit.path.filter((step) => typeof step === "string"), hit.inner ?? ""];
  return keys.some((key) => secretish.test(phraseOf(key)));
}

/** Keys that hold an address: a host nobody owns is a gap there. */
export function isAddressKey(key: string | null): boolean {
  return (
    key !== null &&
    /\b(?:hosts?|hostname|hostnames|domains?|urls?|uri|origins?|endpoint|server|address|e?mail|from|to|sender|recipient|issuer|site|fqdn|dns|registry|image|repository|callback|redirect|webhook|cname|base|acme|contact|vhost|virtual|server name|allowed|cors|link|api|public|external|root|ingress|gateway)\b/.test(
      phraseOf(key),
    )
  );
}
