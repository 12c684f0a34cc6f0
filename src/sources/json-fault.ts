const SPACE = /(?:\s+|\/\/.*|\/\*[\s\S]*?\*\/)*/y;
const STRING = /"(?:[^"\\\n]|\\.)*"/y;
const SCALAR = /(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y;
const MAX_DEPTH = 500;

/**
 * Offset of the first thing that is no JSON (RFC 8259), comments and trailing commas let pass since many readers take them; null for none,
 * and for a text nested too deep to follow. Own reader: YAML takes `{"a": }`, and JSON.parse does not say where. Never throws; linear.
 */
export function jsonFault(text: string): number | null {
  const open: ("{" | "[")[] = [];
  let at = 0;
  const take = (part: RegExp): boolean => {
    part.lastIndex = at;
    if (!part.test(text)) return false;
    at = part.lastIndex;
    return true;
  };
  const skip = () => take(SPACE);
  /** A key and its colon where the innermost bracket is a map's. */
  const key = (): boolean => {
    if (open.at(-1) !== "{") return true;
    if (!take(STRING)) return false;
    skip();
    if (text[at] !== ":") return false;
    at++;
    skip();
    return true;
  };
  const closes = () => text[at] === (open.at(-1) === "{" ? "}" : "]");
  skip();
  for (;;) {
    const bracket = text[at];
    if (bracket === "{" || bracket === "[") {
      if (open.push(bracket) > MAX_DEPTH) return null;
      at++;
      skip();
      if (!closes()) {
        if (!key()) return at;
        continue;
      }
    } else if (!take(STRING) && !take(SCALAR)) return at;
    // Behind a value: the ends of what holds it, then the next one.
    for (;;) {
      skip();
      if (open.length === 0) return at < text.length ? at : null;
      if (text[at] === ",") {
        at++;
        skip();
        if (!closes()) break;
      }
      if (!closes()) return at;
      open.pop();
      at++;
    }
    if (!key()) return at;
  }
}
