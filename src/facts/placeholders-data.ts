import { parseData } from "../sources/data.ts";
import { placeholderTokens } from "../sources/placeholder-tokens.ts";
import { cutOffPem, lineValues, makeCollector } from "../sources/placeholder-values.ts";
import { scalarOffsets } from "../sources/scalar-text.ts";
import { lineStartsOf } from "../text/positions.ts";
import type { DataNode, DataScalar } from "../types/data.ts";
import type { PlaceholderDocument, PlaceholderFile, PlaceholderToken } from "../types/placeholders.ts";
import { entries, get, items } from "./nodes.ts";
import { holdsWord, nothing, outlineOf, partsOf, worthOfData } from "./placeholders-worth.ts";

/** Longer YAML, JSON or HCL is data, not something that a person configures: it is read line by line. */
export const maxParsed = 3 * 1024 * 1024;

/** A text line by line; `unparsed` says why where it has a format of its own. */
export function readLines(text: string, unparsed: string | null): PlaceholderFile {
  const collector = makeCollector(lineStartsOf(text));
  const breaks =
    unparsed === null
      ? []
      : [...text.matchAll(/^---(?:\s|$)/gm)]
          .map((match) => match.index)
          .filter((at) => text.slice(0, at).trim() !== "");
  for (const line of lineValues(text))
    collector.take({
      text: line.text,
      path: line.key === null ? [] : [line.key],
      document: breaks.filter((at) => at < line.start).length,
      evaluated: false,
      toFile: (offset) => line.start + offset,
    });
  return { documents: [], hits: collector.hits, names: [], unparsed };
}

/** The values of YAML or JSON. */
export function readData(
  text: string,
  matters: (path: readonly (string | number)[]) => boolean = () => true,
): PlaceholderFile {
  if (text.length > maxParsed)
    return { ...readLines(text, "larger than 3 MB: read line by line"), documents: [outlineOf(text.slice(0, 10_000))] };
  const lineStarts = lineStartsOf(text);
  const collector = makeCollector(lineStarts);
  const documents: PlaceholderDocument[] = [];
  for (const part of partsOf(text)) {
    if (part.skip) {
      documents.push(part.skip);
      continue;
    }
    let file = parseData(part.text);
    let plain = part.text;
    let error = file.documents.flatMap((document) => document.errors)[0];
    if (error && part.text.includes("<%")) {
      plain = withoutTags(part.text);
      file = parseData(plain);
      error = file.documents.flatMap((document) => document.errors)[0] && error;
    }
    if (error) {
      const read = readLines(text, `does not parse (${error.message.replace(/\.$/, "")}): read line by line`);
      const outline = file.documents.map(({ root }) => (root ? documentOf(root) : outlineOf(part.text)));
      return { ...read, documents: [...documents, ...outline] };
    }
    for (const { root } of file.documents) {
      const around = { path: [], document: documents.length, secret: false, evaluated: false, data: false, off: false };
      documents.push(documentOf(root));
      if (root) walk(root, around, { text: plain, start: part.start, collector, matters });
    }
  }
  return { documents, hits: collector.hits, names: text.includes("sed") ? substitutions(text) : [], unparsed: null };
}

/** A text that Ruby renders, with its tags blanked in place: a line of tags alone becomes a comment, a tag in a value a number. */
function withoutTags(text: string): string {
  return text
    .replace(/^[ \t]*<%(?:[^%\n]|%(?!>))*%>[ \t]*$/gm, (line) => `#${" ".repeat(line.length - 1)}`)
    .replace(/<%(?:[^%]|%(?!>))*%>/g, (tag) => tag.replace(/[^\n]/g, "0"));
}

/** The values of a workflow, in which every reference is right. */
export function readWorkflow(text: string): PlaceholderFile {
  if (text.length > maxParsed || holdsWord(text)) return readData(text, isSetting);
  return nothing;
}

/** Settings of a workflow: what a job gets as variables, and a step as inputs. */
function isSetting(path: readonly (string | number)[]): boolean {
  const parent = path.at(-2);
  return parent === "env" || parent === "with";
}

/** Descriptions of interfaces and recorded traffic are long, full of examples, and configure nothing. */
const description =
  /^(?:openapi|swagger|asyncapi|http_interactions)["']?[ \t]*:|^\{\s*"(?:openapi|swagger|asyncapi)"\s*:/m;

/** YAML or JSON whose name says nothing of its reader. Most of it holds nothing but references, which only a known reader makes a finding of. */
export function readConfig(text: string): PlaceholderFile {
  const start = description.exec(text.slice(0, 3_000));
  if (start)
    return {
      ...nothing,
      documents: [{ kind: null, apiVersion: null, keys: ["openapi"], marks: [], renders: null, applies: [] }],
    };
  if (text.length > maxParsed || knownReader.test(text)) return readData(text);
  const worth = worthOfData(text);
  if (worth === "no") return nothing;
  if (worth === "yes") return readData(text);
  const file = readLines(text, null);
  const keys = [...text.matchAll(/^(?: {2}|\t)?["']?([\w$.-]{1,60})["']?[ \t]*:/gm)].map((match) => match[1] ?? "");
  return {
    ...file,
    documents: [{ kind: null, apiVersion: null, keys: keys.slice(0, 60), marks: [], renders: null, applies: [] }],
  };
}

/** What tells a format by the content: Kubernetes, CloudFormation, Alertmanager, Prometheus, collectors. */
const knownReader =
  /^[ \t]{0,4}["']?(?:apiVersion|AWSTemplateFormatVersion|Resources|route|scrape_configs|receivers|exporters)["']?[ \t]*:/m;

/** What the scripts inside the file replace themselves, as `sed PATTERN`. */
function substitutions(text: string): string[] {
  const found = new Set<string>();
  for (const match of text.matchAll(/\bs([|/#@,~])([^|/#@,~\n]{3,80})\1/g))
    if (found.size < 200) found.add(`sed ${match[2]}`);
  return [...found];
}

function documentOf(root: DataNode | null): PlaceholderDocument {
  const scalar = (key: string) => {
    const node = get(root, key);
    return node?.kind === "scalar" && node.value !== null ? node.text : null;
  };
  return {
    kind: scalar("kind"),
    apiVersion: scalar("apiVersion"),
    keys: entries(root)
      .slice(0, 60)
      .map((entry) => entry.key.text),
    marks: entries(get(get(root, "metadata"), "annotations"))
      .map((entry) => entry.key.text)
      .filter((key) => /^avp\.|toolkit\.fluxcd\.io\/substitute$/.test(key))
      .slice(0, 20),
    renders: fluxOf(root),
    applies: scalar("kind") === "Application" ? sourcesOf(root) : [],
  };
}

/** `spec.source.path` and the paths of `spec.sources` of an Argo CD Application. */
function sourcesOf(root: DataNode | null): string[] {
  const spec = get(root, "spec");
  const sources = get(spec, "sources");
  return [get(spec, "source"), ...(sources?.kind === "list" ? sources.items : [])].flatMap((source) => {
    const path = get(source, "path");
    return path?.kind === "scalar" ? [path.text] : [];
  });
}

/** What `spec.postBuild` of a Flux Kustomization gives to the manifests below `spec.path`. */
function fluxOf(root: DataNode | null): PlaceholderDocument["renders"] {
  const spec = get(root, "spec");
  const build = get(spec, "postBuild");
  if (!build) return null;
  const path = get(spec, "path");
  const names = entries(get(build, "substitute")).map((entry) => entry.key.text);
  return {
    path: path?.kind === "scalar" ? path.text.replace(/^\.?\/+|\/+$/g, "") : "",
    names: names.slice(0, 500),
    more: get(build, "substituteFrom") !== null,
  };
}

interface Around {
  path: (string | number)[];
  document: number;
  /** Below an object of kind Secret. */
  secret: boolean;
  /** Below its `data`. */
  data: boolean;
  evaluated: boolean;
  /** A map around it says `enabled: false`. */
  off: boolean;
  /** The `name` beside the value. */
  named?: string;
}

/** One document, or several, of a file: `start` is the offset of its text in the file. */
interface Part {
  text: string;
  start: number;
  collector: ReturnType<typeof makeCollector>;
  /** Whether the value at a path is looked at. */
  matters: (path: readonly (string | number)[]) => boolean;
}

function walk(node: DataNode, around: Around, part: Part): void {
  if (node.kind === "scalar") {
    if (part.matters(around.path)) takeScalar(node, around, part);
    return;
  }
  if (node.kind === "list") {
    if (isWordList(node.items)) return;
    // `!Sub [text, values]`.
    const evaluated = around.evaluated || /Sub$/.test(node.tag ?? "");
    for (const [index, item] of node.items.entries())
      walk(item, { ...around, evaluated, path: [...around.path, index] }, part);
    return;
  }
  if (/^\{(?:\{|[A-Za-z_][\w.-]{1,60}\})/.test(part.text.slice(node.start, node.start + 64))) {
    takeBraces(node, around, part);
    return;
  }
  const kind = get(node, "kind");
  const secret = kind?.kind === "scalar" ? kind.text === "Secret" : around.secret;
  const off = around.off || node.entries.some(({ key, value }) => isSwitch(key.text) && isFalse(value));
  const shell = runsShell(get(node, "command")) || runsShell(get(node, "args"));
  const name = typeof around.path.at(-1) === "number" ? (get(node, "name") ?? get(node, "Name")) : null;
  for (const entry of node.entries) {
    if (entry.merged) continue;
    const key = entry.key.text;
    const named = name?.kind === "scalar" && /^[Vv]alue$/.test(key) ? { named: name.text } : {};
    walk(
      entry.value,
      {
        ...named,
        path: [...around.path, key],
        document: around.document,
        secret,
        data: around.data || (secret && key === "data"),
        evaluated: around.evaluated || key === "Fn::Sub" || (shell && (key === "command" || key === "args")),
        off,
      },
      part,
    );
  }
}

/** A key that says whether what stands beside it is used at all. */
export function isSwitch(key: string | number | undefined): boolean {
  return key === "enabled" || key === "enable";
}

/** Whether the words of a container's command start a shell, which expands the variables of what follows. */
function runsShell(node: DataNode | null): boolean {
  return items(node).some((item) => item.kind === "scalar" && /^(?:\S*\/)?(?:ba|da|a|z|k)?sh(?:\s|$)/.test(item.text));
}

function isFalse(node: DataNode): boolean {
  return node.kind === "scalar" && node.value === false;
}

/** A long list of plain words (reserved names, stop words, passwords that are refused) is data. */
function isWordList(items: readonly DataNode[]): boolean {
  return items.length > 40 && items.every((item) => item.kind === "scalar" && /^[\w.@+ -]*$/.test(item.text));
}

/** `{{ x }}` without quotes is a map whose key is a map to YAML, `{x}` a map, and both are placeholders to everyone else. */
function takeBraces(node: DataNode, around: Around, { text, start, collector }: Part): void {
  const close = text.startsWith("{{", node.start) ? "}}" : "}";
  const end = text.indexOf(close, node.start);
  if (end === -1 || end - node.start > 300) return;
  collector.take({
    text: text.slice(node.start, end + close.length),
    path: around.path,
    document: around.document,
    evaluated: false,
    toFile: (offset) => start + node.start + offset,
  });
}

function takeScalar(node: DataScalar, around: Around, { text, start, collector }: Part): void {
  if (node.value === null || typeof node.value === "boolean") return;
  const value = {
    text: node.text,
    path: around.path,
    document: around.document,
    evaluated: around.evaluated || /Sub$/.test(node.tag ?? ""),
    off: around.off,
    ...(around.named === undefined ? {} : { named: around.named }),
    toFile: (offset: number) => offset,
  };
  const encoded = around.data ? decodedPlaceholder(node.text) : null;
  if (encoded) {
    const offsets = { ...value, toFile: (offset: number) => start + (offset === 0 ? node.start : node.end) };
    collector.add(offsets, { ...encoded, start: 0, end: 1 }, 0, null, false);
    return;
  }
  let offsets: ((offset: number) => number) | null = null;
  const named = assignmentOf(node.text, around.path);
  const shift = named === null ? 0 : named.length + 1;
  value.toFile = (offset) => {
    offsets ??= scalarOffsets(text, node);
    return start + offsets(offset + shift);
  };
  collector.take(named === null ? value : { ...value, text: node.text.slice(shift), path: [...around.path, named] });
}

/** The name of `NAME=value` in a list of settings. */
function assignmentOf(text: string, path: readonly (string | number)[]): string | null {
  if (typeof path.at(-1) !== "number") return null;
  const list = path.at(-2);
  if (
    typeof list !== "string" ||
    !/^(?:environment|env|args|build_args|literals|labels|substitutions|variables)$/.test(list)
  )
    return null;
  return /^([A-Za-z_][\w.-]{0,120})=/.exec(text)?.[1] ?? null;
}

/** The placeholder that a base64 text decodes to; null where it decodes to anything else, which is then forgotten. */
function decodedPlaceholder(text: string): PlaceholderToken | null {
  const plain = text.replace(/\s+/g, "");
  if (plain.length < 4 || plain.length > 8_000 || !/^[A-Za-z0-9+/]+={0,2}$/.test(plain)) return null;
  const decoded = Buffer.from(plain, "base64").toString("utf8");
  if (/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(decoded)) return null;
  const pem = cutOffPem(decoded);
  const token =
    pem ??
    placeholderTokens(decoded.trim()).find(
      (one) => one.confidence === "high" && ["word", "angle", "bracket", "masked"].includes(one.shape),
    );
  return token ? { ...token, shape: "encoded" } : null;
}
