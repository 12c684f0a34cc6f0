/**
 * A text without its comments and with white space folded, so that two texts are equal when they differ in nothing else.
 * @param comments what starts a comment that ends with its line
 */
export function essenceOf(text: string, comments: "#" | "//"): string {
  const line = comments === "#" ? "#[^\\n]*" : "\\/\\/[^\\n]*|\\/\\*(?:[^*]|\\*(?!\\/))*(?:\\*\\/|$)";
  const parts = new RegExp(
    `"""|'''|"(?:[^"\\\\\\n]|\\\\.)*"|'(?:[^'\\\\\\n]|\\\\.)*'|${line}|\\s+|[^\\s"'#/]+|.`,
    "gsu",
  );
  let result = "";
  for (let match = parts.exec(text); match; match = parts.exec(text)) {
    const [part] = match;
    if (comments === "#" && (part === '"""' || part === "'''")) {
      const close = text.indexOf(part, parts.lastIndex);
      const end = close === -1 ? text.length : close + 3;
      result += text.slice(match.index, end);
      parts.lastIndex = end;
    } else if (/^\s/.test(part)) result += result.endsWith(" ") ? "" : " ";
    else if (!(comments === "#" ? part.startsWith("#") : /^\/[/*]/.test(part))) result += part;
  }
  return result.trim();
}
