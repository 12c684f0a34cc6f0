/** Values that a template leaves behind; the whole value or its beginning says so. */
const PLACEHOLDER =
  /^(?:change[-_ ]?(?:me|it|this)\b|replace(?:me|[-_ ](?:me|with|this))(?![a-z])|please[-_ ]change|<[^<>]{1,80}>$|\[your[^\]]*\]$|your[-_ ]|put[-_ ]your|x{5,}$|(?:todo|tbd|fixme|placeholder|set[-_]?me|fill[-_]?(?:me|in))$|\{\{[^{}]*\}\}$)/i;

/** Whether a value is a template's own text and no secret. Nothing but the answer leaves this function. */
export function isPlaceholderValue(value: string): boolean {
  return PLACEHOLDER.test(value.trim().slice(0, 200));
}
