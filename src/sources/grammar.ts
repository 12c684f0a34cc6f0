import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Language, Parser } from "web-tree-sitter";
import { baseName } from "../text/paths.ts";

/** The wasm files, by grammar: where npm puts them below node_modules. The build copies each beside the bundle, under its last name. */
export const wasmFiles = {
  engine: "web-tree-sitter/web-tree-sitter.wasm",
  bash: "tree-sitter-bash/tree-sitter-bash.wasm",
  hcl: "@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-hcl.wasm",
} as const;

export type GrammarName = Exclude<keyof typeof wasmFiles, "engine">;

/** A syntax tree as plain objects, free of wasm memory. Offsets are UTF-16 code units; `end` is exclusive. */
export interface SyntaxNode {
  type: string;
  /** The field this node fills in its parent, or null. */
  field: string | null;
  /** False for punctuation and keywords that the grammar writes as literals. */
  named: boolean;
  /** The parser put it in to recover: its text is empty. */
  missing: boolean;
  start: number;
  end: number;
  children: SyntaxNode[];
}

export interface SyntaxTree {
  root: SyntaxNode;
  /** True when the tree holds an ERROR or a missing node. */
  hasError: boolean;
  /** Why the tree is not complete (too large, too deep, too slow), or null. */
  truncated: string | null;
}

/** A grammar that is loaded and ready; `parse` is synchronous and never throws. */
export interface Grammar {
  parse(text: string): SyntaxTree;
}

/** Longest text that is parsed, in UTF-16 code units. */
const maxLength = 4 * 1024 * 1024;
/** Deeper nodes lose their children, so that recursive readers of the tree stay within the stack. */
const maxDepth = 400;
/** Longest time for one text, beside a tenth of a second for each ten thousand characters. Ordinary code needs a thirtieth; only recovery from made-up errors takes longer. */
const maxMilliseconds = 5_000;
/** Highest product of here-document operators and text length: the scanner of each open one reads to the end, unseen by the progress callback. */
const maxHeredocWork = 50_000_000;
/** A pipeline of some thousand commands overflows the parser's own stack, which ends it for every later file. */
const operatorChain = /(?:[|&][^|&\n]{0,64}){2000}/;

const here = dirname(fileURLToPath(import.meta.url));

function findWasm(relative: string): string {
  const beside = join(here, baseName(relative));
  if (existsSync(beside)) return beside;
  for (let directory = here; ; directory = dirname(directory)) {
    const candidate = join(directory, "node_modules", relative);
    if (existsSync(candidate)) return candidate;
    if (directory === dirname(directory)) throw new Error(`${relative} is not installed`);
  }
}

let engine: Promise<void> | null = null;
const loaded = new Map<GrammarName, Promise<Grammar>>();

/** Loads a grammar once per process. Rejects only when the installation lacks its wasm file. */
export function loadGrammar(name: GrammarName): Promise<Grammar> {
  let grammar = loaded.get(name);
  if (!grammar) {
    grammar = load(name);
    loaded.set(name, grammar);
  }
  return grammar;
}

async function load(name: GrammarName): Promise<Grammar> {
  // The optimising compiler needs 0.6 s for a grammar's tables, and the process waits for it at its end; the baseline code is as quick here.
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--no-wasm-dynamic-tiering");
  engine ??= Parser.init({ wasmBinary: readFileSync(findWasm(wasmFiles.engine)), printErr: () => {} });
  await engine;
  const language = await Language.load(new Uint8Array(readFileSync(findWasm(wasmFiles[name]))));
  return { parse: (text) => parseWith(language, text) };
}

function parseWith(language: Language, text: string): SyntaxTree {
  if (text.length > maxLength) return unparsed(text, "the file is too large to be parsed");
  if (text.includes("\0")) return unparsed(text, "the file is not text");
  if (operatorChain.test(text)) return unparsed(text, "the file chains too many operators");
  if (count(text, "<<") * text.length > maxHeredocWork) return unparsed(text, "the file holds too many here-documents");
  let parser: Parser | null = null;
  try {
    parser = new Parser();
    parser.setLanguage(language);
    const end = performance.now() + maxMilliseconds + text.length / 100;
    const tree = parser.parse(text, null, { progressCallback: () => performance.now() > end });
    if (!tree) return unparsed(text, "the file takes too long to be parsed");
    try {
      const hasError = tree.rootNode.hasError;
      const { root, tooDeep } = toPlain(tree.walk(), text.length);
      return { root, hasError, truncated: tooDeep ? "the file is nested too deeply" : null };
    } finally {
      tree.delete();
    }
  } catch {
    return unparsed(text, "the parser gave up on the file");
  } finally {
    parser?.delete();
  }
}

function count(text: string, part: string): number {
  let found = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) found++;
  return found;
}

function unparsed(text: string, truncated: string): SyntaxTree {
  const root = { type: "ERROR", field: null, named: true, missing: false, start: 0, end: text.length, children: [] };
  return { root, hasError: true, truncated };
}

/** One pass with a cursor: far cheaper than asking for each node through wasm. */
function toPlain(cursor: ReturnType<NonNullable<ReturnType<Parser["parse"]>>["walk"]>, length: number) {
  let tooDeep = false;
  const plain = (): SyntaxNode => {
    const start = Math.min(cursor.startIndex, length);
    const end = Math.min(cursor.endIndex, length);
    return {
      type: cursor.nodeType,
      field: cursor.currentFieldName,
      named: cursor.nodeIsNamed,
      // Each question costs a call into wasm, and only an empty node can be one that was put in.
      missing: start === end && cursor.nodeIsMissing,
      start,
      end,
      children: [],
    };
  };
  const root = plain();
  const path = [root];
  let descend = true;
  try {
    while (path.length > 0) {
      if (descend && path.length >= maxDepth) {
        tooDeep = true;
        descend = false;
      }
      if (descend && cursor.gotoFirstChild()) {
        const node = plain();
        path.at(-1)?.children.push(node);
        path.push(node);
      } else if (path.length > 1 && cursor.gotoNextSibling()) {
        path.pop();
        const node = plain();
        path.at(-1)?.children.push(node);
        path.push(node);
        descend = true;
      } else {
        path.pop();
        if (path.length > 0) cursor.gotoParent();
        descend = false;
      }
    }
  } finally {
    cursor.delete();
  }
  return { root, tooDeep };
}
