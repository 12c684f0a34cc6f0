/** Phrases that ask to be replaced. All work on a phrase: lower-case words with one space between, see `phraseOf`. */

/** `youReallyNeed_toChange-THIS1` becomes "you really need to change this 1". */
export function phraseOf(written: string): string {
  return written
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Za-z])(\d)/g, "$1 $2")
    .replace(/(\d)([A-Za-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "")
    .join(" ");
}

const nouns =
  "domain|pass|secret|user|name|company|email|mail|key|api|token|app|project|proj|org|host|server|database|db|bucket|registry|repo|account|site|website|ip|id|region|cluster|image|docker|git|aws|azure|gcp|google|client|tenant|subscription|endpoint|smtp|redis|mongo|postgres|mysql|jwt|super|strong|secure|random|very|own|url|webhook|zone|vpc|subnet|team|first|last|access|private|public|service|sub|provider|business|store|shop|workspace|instance|namespace|channel|license|openai|stripe|sentry|slack|telegram|bot|custom";

const high: readonly RegExp[] = [
  /\bchange ?(?:me|it|this|these)\b/,
  /^changeme(?!nt)/,
  /\bchange (?:your|default|before|immediately|now|please|asap|on first|at first)\b/,
  // `alarm-state-change-to-pager` names a change; it is a request where it begins the text, or says what a value has to be.
  /^change (?:to|with)\b/,
  /\bchange (?:to|with) (?:an?|the|your|own|some|something|random|real|actual|secure|strong|unique|valid|correct|new|prod|production|staging|long|secret)\b/,
  /\b(?:please|must|should|always) (?:be )?(?:change|changed|replace|replaced|rotate|update)\b/,
  /\b(?:replace|update|edit|fill|set|override|modify|define|customi[sz]e|rotate|configure|insert|generate) ?me\b/,
  /\breplace ?(?:this|with|by|it|before)\b/,
  /\bupdate (?:this|before|with)\b/,
  /\b(?:changed?|replaced?|updated?|rotated?|override|regenerated?|modify|generated?|set)\b(?: [a-z0-9]+){0,4} (?:in|for|before|on|at|during|when|after) (?:[a-z0-9]+ )?(?:production|prod|deploy|deploying|deployments?|live|launch|install|installation|use|staging|release)\b/,
  /\b(?:to|will|must|should|needs to|has to) be (?:changed|replaced|set|filled|defined|provided|generated|determined|configured|updated|added|overridden)\b/,
  /\byour \w/,
  new RegExp(`\\byour(?:${nouns})`),
  // `start-here` names a place; `key_here` asks for one.
  /(?<!\b(?:start|begin|click|stop|look|see|read))(?<=\w) here$/,
  /\bgoes here\b/,
  /^(?:enter|insert|paste|provide|specify|put|supply|add) (?:in |a |an |the |some )?(?:here|value|api|secret|key|token|password|strong|secure|valid|actual|real|own|correct|db|database|jwt|base|random|long|url|id|name|project|client|account)\b/,
  /^(?:use|set|choose|pick) (?:a|an|some) (?:very |long |strong |secure |random |different |unique )+/,
  /^(?:(?:please|to|must|todo|fixme|pls) )?fill (?:in|this|out|with)\b/,
  /^(?:base 64|b 64|base) ?encoded?\b/,
  /^base 64 (?:of|value|string|secret|password|placeholder)\b/,
  /\bbase 64 (?:encoded )?(?:\w+ )?here\b/,
  /^generated? (?:with|using|via|a|an|your|one|random|secure|strong|new|this|and|me|openssl)\b/,
  /\bgenerate (?:with|a|one|using|your)\b/,
  /\bopenssl rand\b/,
  /^get (?:a|an|the|it|this|your|one|from) \w/,
  /^fixme \w/,
  /^set (?:via|by|from|your|this|through|before|to your|in) \w+/,
  /^replace \w+ (?:here|with|value|me)\b/,
  /\bnot ?(?:a|the) ?real\b/,
  // Of the samples that everybody copies connection strings from.
  /^my (?:server (?:address|name)|data base)$/,
];

/** The same requests in the other languages that settings are written in most. */
const foreign: readonly RegExp[] = [
  /^(?:troque|trocar|substitua|substituir|mude|altere|alterar|insira|coloque|preencha|cambiar|cambia|cambie|cambiame|cambiar me|reemplaza|reemplazar|reemplace|sustituir|sustituye|ingresa|ingrese|changez|changer|remplacer|remplacez|inserer|aendern|ersetzen|zmien|degistir)(?: \w|$)/,
  /^(?:seu|sua|votre|deine?|ihre?|twoj\w*|tuo|tua) \w/,
  /\w (?:aqui|aquí|ici|hier|qui)$/,
];

/** Requests written in scripts other than Latin. */
export const foreignScript =
  /[你您]的|请(?:替换|修改|填写|更改|输入)|替换(?:为|成|此)|(?:变更|변경|입력|교체)(?:하세요|필요|해주세요)?$|여기에|(?:^|[_-])ваш|замени(?:те)?|измени(?:те)?|укажите|ここに|変更して/;

const medium: readonly RegExp[] = [
  // `changeRunnerAuthToken`: a request where it is a secret's whole value, else perhaps the name of an action.
  /^(?:change|replace|update|insert|enter|fill|set|put|add)(?: [a-z]+){0,4} (?:token|secret|password|passwd|pass|pwd|key|value|domain|url|email|username|id|host|string|salt)$/,
  /^(?:replace|change|insert)$/,
  /^(?:injected|populated|overridden|supplied|provided|replaced|configured|managed) (?:by|via|at|from|in|during) \w/,
  /^redacted$/,
  /^my (?:username|password)$/,
  /^(?:some|any) (?:very |super )?(?:random|secret|secure|long) (?:string|key|value|secret|token|password)\b/,
];

/** How surely a phrase asks to be replaced; null where it does not. */
export function phraseConfidence(phrase: string): "high" | "medium" | null {
  if (phrase.length < 3 || phrase.length > 300) return null;
  if (high.some((pattern) => pattern.test(phrase)) || foreign.some((pattern) => pattern.test(phrase))) return "high";
  if (
    /^(?:[a-z0-9]+ )*placeholder$|\bplaceholder (?:value|secret|key|token|url|id|password|string|for|replace|change|do|please|to)\b/.test(
      phrase,
    )
  )
    return "high";
  return medium.some((pattern) => pattern.test(phrase)) ? "medium" : null;
}

/** `TODO_ITEMS`, `INSERT_ONLY`: what a table, a queue or a mode of a program is called. */
const shoutedNames =
  /^(?:TODO[_-](?:ITEM|LIST|APP|API|SERVICE|TASK|EVENT|DB|DATABASE|QUEUE|TOPIC|TABLE|STORE|USER|CREATED|UPDATED|DELETED|COMPLETED|DONE)S?(?:[_-][A-Z0-9]+)*|FILL[_-](?:NUM|NUMBER|RATE|COLOR|COLOUR|MODE|FACTOR|DATE|TYPE|STYLE|LEVEL|PRICE|QTY|QUANTITY|OPACITY)|(?:REPLACE|INSERT|FILL|ENTER)[_-](?:ALL|ANY|NONE|EXISTING|ONLY|IGNORE|INTO|OVERWRITE|UPDATE|MERGE|APPEND|NULLS?|ROWS?|EVENTS?|ALWAYS|NEVER|IF(?:[_-][A-Z]+)+|WHERE|FIRST|FORWARD|BACKWARD))$/;

/** Values whose case says that they stand for something: `TODO`, `REPLACE_PROJECT_ID`, `PROJECT_ID` in a path or address. */
export function shoutedConfidence(segment: string, embedded: boolean): "high" | "medium" | null {
  if (shoutedNames.test(segment)) return null;
  if (/^(?:TODO|TBD|FIXME|REPLACEME|PLACEHOLDER|FILLME|SETME)$/.test(segment)) return "high";
  if (/^(?:TODO|FIXME|TBD|REPLACE|CHANGEME|PLACEHOLDER|INSERT|FILL|SETME|ENTER)[_:-]./.test(segment)) return "high";
  if (
    embedded &&
    /^(?:[A-Z]+[_-])*(?:(?:ACCOUNT|PROJECT|CLIENT|TENANT|SUBSCRIPTION|CLUSTER|BUCKET|REGISTRY|ORG|TEAM|USER|DOMAIN|DOCKERHUB|GITHUB|GCP|AWS|REPO|HOSTED|ZONE|POOL|PROVIDER|SERVICE|INSTANCE)[_-]?(?:ID|NAME|NUMBER|USERNAME|USER|ORG|URL|HOST|REGION)|ACCOUNT|REGION|USERNAME|PASSWORD|PROJECT|DOMAIN|HOSTNAME|OWNER)$/.test(
      segment,
    )
  )
    return "high";
  return null;
}

/** `registry/app:IMAGE_TAG`: the tag of an image that a build was to write. */
export function isShoutedTag(segment: string): boolean {
  return /^(?:IMAGE_?|GIT_?|BUILD_?|COMMIT_?|DOCKER_?|APP_?|SHORT_?)*(?:TAG|VERSION|SHA|COMMIT|NUMBER|ID)$/.test(
    segment,
  );
}
