const simpleEscapes: Readonly<Record<string, string>> = {
  "\n": "",
  "\r\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const escapes = /\\(\r?\n|[\\'"abfnrtv]|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/g;

/**
 * The value of the text between a string's quotes. An unknown escape, and `\N{…}`, stay as written.
 * In a format string doubled braces stand for one.
 */
export function stringValue(content: string, raw: boolean, format: boolean): string {
  const text = format ? content.replace(/\{\{|\}\}/g, (braces) => braces.charAt(0)) : content;
  if (raw || !text.includes("\\")) return text;
  return text.replace(escapes, (whole, code: string) => {
    const simple = simpleEscapes[code];
    if (simple !== undefined) return simple;
    const digits = /^[xuU]/.test(code) ? Number.parseInt(code.slice(1), 16) : Number.parseInt(code, 8);
    return digits <= 0x10ffff ? String.fromCodePoint(digits) : whole;
  });
}
