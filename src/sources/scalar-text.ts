import type { DataScalar } from "../types/data.ts";

/**
 * Maps offsets of a scalar's text to offsets of the file, so that a script or expression inside a YAML value has places in the file.
 * Exact for plain, quoted and literal values; within a folded or escaped one an offset may be off by the characters that YAML takes out.
 */
export function scalarOffsets(source: string, node: DataScalar): (offset: number) => number {
  const text = node.text;
  if (node.style === "literal") return literalOffsets(source, node);
  const from = node.style === "single" || node.style === "double" ? node.start + 1 : blockStart(source, node);
  if (source.startsWith(text, from)) return (offset) => Math.min(node.end, from + clamp(offset, text.length));
  return alignedOffsets(source, node, from);
}

function clamp(offset: number, length: number): number {
  return Math.min(length, Math.max(0, offset));
}

/** After the header line of a block scalar; the start itself for the other styles. */
function blockStart(source: string, node: DataScalar): number {
  if (node.style !== "folded" && node.style !== "literal") return node.start;
  const lineEnd = source.indexOf("\n", node.start);
  return lineEnd === -1 || lineEnd >= node.end ? node.end : lineEnd + 1;
}

function literalOffsets(source: string, node: DataScalar): (offset: number) => number {
  const lines = node.text.split("\n");
  /** Of each line of the text: its offset in the text, and in the file. */
  const textStarts: number[] = [];
  const fileStarts: number[] = [];
  let indent: number | null = null;
  let inText = 0;
  let inFile = blockStart(source, node);
  for (const line of lines) {
    const lineEnd = source.indexOf("\n", inFile);
    const written = source.slice(inFile, lineEnd === -1 ? node.end : lineEnd);
    if (indent === null && line.trim() !== "") indent = Math.max(0, lead(written) - lead(line));
    textStarts.push(inText);
    fileStarts.push(Math.min(node.end, inFile + Math.min(indent ?? written.length, written.length)));
    inText += line.length + 1;
    inFile = lineEnd === -1 ? node.end : lineEnd + 1;
  }
  return (offset) => {
    let low = 0;
    let high = textStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((textStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return Math.min(node.end, (fileStarts[low] ?? node.start) + Math.max(0, offset - (textStarts[low] ?? 0)));
  };
}

function lead(line: string): number {
  return line.length - line.trimStart().length;
}

/** Walks text and source side by side: line folding takes out white space, an escape stands for one character. */
function alignedOffsets(source: string, node: DataScalar, from: number): (offset: number) => number {
  const text = node.text;
  const map = new Array<number>(text.length + 1);
  let at = from;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charAt(index);
    if (source.charAt(at) !== unit && /\s/.test(source.charAt(at)) && !/\s/.test(unit))
      while (at < node.end && /\s/.test(source.charAt(at))) at++;
    map[index] = Math.min(at, node.end);
    if (source.charAt(at) === unit) at++;
    else if (/\s/.test(unit) && /\s/.test(source.charAt(at)))
      while (at < node.end && /\s/.test(source.charAt(at))) at++;
    else if (source.charAt(at) === "\\") at += 2;
    else at++;
  }
  map[text.length] = Math.min(at, node.end);
  return (offset) => map[clamp(offset, text.length)] ?? node.end;
}
