/** What a Markdown text says as a checklist. Lines count from 1. */
export interface MarkdownOutline {
  headings: { level: number; title: string; line: number }[];
  /** Task list items of GitHub's Markdown, outside fences, comments and quotes. */
  items: { text: string; checked: boolean; line: number; column: number }[];
  /** Lines with a command (code), a numbered step or a link. */
  actions: number[];
  links: { text: string; target: string; line: number }[];
}

/**
 * Headings, task list items and links of a Markdown text. Own reader: a checklist needs lines and columns and none of the rest of the language.
 * Never throws; linear in the text.
 */
export function parseOutline(lines: readonly string[]): MarkdownOutline {
  const outline: MarkdownOutline = { headings: [], items: [], actions: [], links: [] };
  let fence: string | null = null;
  let comment = false;
  // Below a list four spaces go on with its item; anywhere else they are code, behind a blank line.
  let list = false;
  let blank = true;
  for (const [index, whole] of lines.entries()) {
    const line = index + 1;
    let text = whole.slice(0, 4000);
    if (fence !== null) {
      outline.actions.push(line);
      if (text.trim().startsWith(fence)) fence = null;
      continue;
    }
    ({ text, comment } = withoutComments(text, comment));
    const opening = /^\s*(?:[-*+]\s+)?(`{3,}|~{3,})/.exec(text);
    if (opening) {
      fence = opening[1]!;
      continue;
    }
    if (/^\s*>/.test(text)) continue;
    const code: boolean = !list && blank && /^(?: {4}|\t)\s*\S/.test(text);
    blank = text.trim() === "" || code;
    if (code) {
      outline.actions.push(line);
      continue;
    }
    if (/^\s*(?:[-*+]|\d{1,9}[.)])\s/.test(text)) list = true;
    else if (/^\S/.test(text)) list = false;
    const heading = /^\s{0,3}(#{1,6})\s+(\S.*?)\s*#*\s*$/.exec(text);
    const under = /^\s{0,3}(=+|-{2,})\s*$/.exec(lines[index + 1] ?? "");
    if (heading) outline.headings.push({ level: heading[1]!.length, title: heading[2]!, line });
    else if (under && /^\s{0,3}[^\s#>*+|-]/.test(text))
      outline.headings.push({ level: under[1]!.startsWith("=") ? 1 : 2, title: text.trim(), line });
    const item = /^(\s*(?:[-*+]|\d{1,9}[.)])\s+)\[([ xX])\](?:\s+(.*))?$/.exec(text);
    if (item)
      outline.items.push({ text: (item[3] ?? "").trim(), checked: item[2] !== " ", line, column: item[1]!.length + 1 });
    if (/^\s*\d{1,9}[.)]\s+\S|`[^`]+`|^ {4,}\S/.test(text)) outline.actions.push(line);
    for (const match of text.matchAll(/\[([^\][]{1,300})\]\(([^()\s]{1,500})/g)) {
      outline.links.push({ text: match[1]!, target: match[2]!, line });
      outline.actions.push(line);
    }
    if (/https?:\/\//.test(text)) outline.actions.push(line);
  }
  return outline;
}

/** Takes HTML comments out, keeping columns; `comment` says whether one is open. */
function withoutComments(line: string, open: boolean): { text: string; comment: boolean } {
  let text = "";
  let comment = open;
  for (let at = 0; at < line.length; ) {
    const next = line.indexOf(comment ? "-->" : "<!--", at);
    const end = next === -1 ? line.length : comment ? next + 3 : next;
    text += comment ? " ".repeat(end - at) : line.slice(at, end);
    at = end;
    if (next !== -1) comment = !comment;
    if (next !== -1 && comment) {
      text += "    ".slice(0, Math.min(4, line.length - at));
      at = Math.min(line.length, at + 4);
    }
  }
  return { text, comment };
}
