import { parseData } from "../sources/data.ts";
import { parseDotenv } from "../sources/dotenv.ts";
import { parseHcl, prepareHcl } from "../sources/hcl.ts";
import { mayBePlaceholder, mayHoldPlaceholder } from "../sources/placeholder-scan.ts";
import { placeholderTokens } from "../sources/placeholder-tokens.ts";
import { cutOffPem, lineValues, makeCollector } from "../sources/placeholder-values.ts";
import { parseIniValues, parseProperties } from "../sources/properties.ts";
import { scalarOffsets } from "../sources/scalar-text.ts";
import { parseToml } from "../sources/toml.ts";
import { parseXml } from "../sources/xml.ts";
import { lineStartsOf } from "../text/positions.ts";
import type { DataNode, DataScalar } from "../types/data.ts";
import type { Extractor, FactKind } from "../types/facts.ts";
import type { HclAttribute, HclBody, HclString, HclValue } from "../types/hcl.ts";
import type { KeyedFile } from "../types/keyed.ts";
import type { PlaceholderDocument, PlaceholderFile, PlaceholderToken } from "../types/placeholders.ts";
import type { Source } from "../types/workspace.ts";
import { entries, get } from "./nodes.ts";

type Kind = Extract<FactKind, `placeholders-${string}`>;

const version = 1;
/** Longer YAML, JSON or HCL is data, not something that a person configures: it is read line by line. */
const maxParsed = 3 * 1024 * 1024;

const nothing: PlaceholderFile = { documents: [], hits: [], names: [], unparsed: null };

function extractor<K extends Kind>(
  kind: K,
  read: (text: string) => PlaceholderFile,
  prepare?: () => Promise<void>,
): Extractor<K> {
  return {
    kind,
    version,
    ...(prepare ? { prepare, claims: (path: string) => /\.(?:tf|hcl|tfvars|nomad)$/i.test(path) } : {}),
    extract: (source: Source) => (mayHoldPlaceholder(source.bytes()) ? read(source.text()) : nothing),
  } as Extractor<K>;
}

/** Placeholders in YAML and JSON values. */
export const placeholdersData = extractor("placeholders-data", readData);
/** Placeholders in dotenv values; `names` are the variables of the file. */
export const placeholdersDotenv = extractor("placeholders-dotenv", readDotenv);
/** Placeholders in HCL strings; `names` are the texts that `validation` blocks name. */
export const placeholdersHcl = extractor("placeholders-hcl", readHcl, prepareHcl);
export const placeholdersToml = extractor("placeholders-toml", (text) => readKeyed(text, parseToml(text)));
export const placeholdersProperties = extractor("placeholders-properties", (text) =>
  readKeyed(text, parseProperties(text)),
);
export const placeholdersIni = extractor("placeholders-ini", (text) => readKeyed(text, parseIniValues(text)));
export const placeholdersXml = extractor("placeholders-xml", (text) => readKeyed(text, parseXml(text)));
/** Placeholders of a text that is read line by line (nginx, Dockerfile, Procfile). */
export const placeholdersLines = extractor("placeholders-lines", (text) => readLines(text, null));

function readLines(text: string, unparsed: string | null): PlaceholderFile {
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

function readData(text: string): PlaceholderFile {
  if (text.length > maxParsed) return readLines(text, "larger than 3 MB: read line by line");
  if (!worthParsing(text)) return nothing;
  const lineStarts = lineStartsOf(text);
  const collector = makeCollector(lineStarts);
  const documents: PlaceholderDocument[] = [];
  for (const part of partsOf(text)) {
    if (part.skip) {
      documents.push(part.skip);
      continue;
    }
    const file = parseData(part.text);
    const error = file.documents.flatMap((document) => document.errors)[0];
    if (error) {
      const read = readLines(text, `does not parse (${error.message.replace(/\.$/, "")}): read line by line`);
      return { ...read, documents: [...documents, ...file.documents.map((document) => documentOf(document.root))] };
    }
    for (const { root } of file.documents) {
      const around = { path: [], document: documents.length, secret: false, evaluated: false, data: false };
      documents.push(documentOf(root));
      if (root) walk(root, around, { text: part.text, start: part.start, collector });
    }
  }
  return { documents, hits: collector.hits, names: text.includes("sed") ? substitutions(text) : [], unparsed: null };
}

/**
 * Whether some line holds a placeholder. Reading lines costs a tenth of parsing, and most files hold none; a Secret's base64 and
 * Flux's substitutions are not seen that way, and placeholders do not reach over lines but in certificates.
 */
function worthParsing(text: string): boolean {
  if (/^\s*["']?kind["']?:\s*["']?(?:Secret|List)\b|postBuild|avp\.kubernetes|-----BEGIN/m.test(text)) return true;
  if (!text.includes("\n") || text.length / (text.split("\n", 2000).length || 1) > 2_000) return true;
  for (const line of lineValues(text))
    if (placeholderTokens(line.text).some((token) => token.shape !== "dollar" || /^\$[A-Z]/.test(token.text)))
      return true;
  return false;
}

/** Shorter files are parsed as one. */
const splitFrom = 50_000;

/**
 * The documents of a long YAML stream by themselves: those of a CustomResourceDefinition, and those without any placeholder, are not parsed.
 * Anchors do not reach over documents.
 */
function partsOf(text: string): { text: string; start: number; skip: PlaceholderDocument | null }[] {
  if (text.length < splitFrom || !/^---[ \t]*\r?$/m.test(text)) return [{ text, start: 0, skip: null }];
  const parts: { text: string; start: number; skip: PlaceholderDocument | null }[] = [];
  const breaks = [0, ...[...text.matchAll(/^---[ \t]*\r?\n/gm)].map((match) => match.index), text.length];
  for (const [index, start] of breaks.entries()) {
    const end = breaks[index + 1];
    if (end === undefined || end === start) continue;
    const part = text.slice(start, end);
    if (part.replace(/^---.*/, "").trim() === "") continue;
    const kind = /^kind:[ \t]*["']?([A-Za-z]+)/m.exec(part)?.[1] ?? null;
    const idle = kind === "CustomResourceDefinition" || (kind !== "Secret" && !mayBePlaceholder(part));
    const apiVersion = /^apiVersion:[ \t]*["']?([\w./-]+)/m.exec(part)?.[1] ?? null;
    parts.push({ text: part, start, skip: idle ? { kind, apiVersion, keys: [], marks: [], renders: null } : null });
  }
  return parts;
}

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
  };
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
}

/** One document, or several, of a file: `start` is the offset of its text in the file. */
interface Part {
  text: string;
  start: number;
  collector: ReturnType<typeof makeCollector>;
}

function walk(node: DataNode, around: Around, part: Part): void {
  if (node.kind === "scalar") {
    takeScalar(node, around, part);
    return;
  }
  if (node.kind === "list") {
    for (const [index, item] of node.items.entries()) walk(item, { ...around, path: [...around.path, index] }, part);
    return;
  }
  if (part.text.startsWith("{{", node.start)) {
    takeBraces(node, around, part);
    return;
  }
  const kind = get(node, "kind");
  const secret = kind?.kind === "scalar" ? kind.text === "Secret" : around.secret;
  for (const entry of node.entries) {
    if (entry.merged) continue;
    const key = entry.key.text;
    walk(
      entry.value,
      {
        path: [...around.path, key],
        document: around.document,
        secret,
        data: around.data || (secret && key === "data"),
        evaluated: around.evaluated || key === "Fn::Sub",
      },
      part,
    );
  }
}

/** `{{ x }}` without quotes is a map whose key is a map to YAML, and a placeholder to everyone else. */
function takeBraces(node: DataNode, around: Around, { text, start, collector }: Part): void {
  const end = text.indexOf("}}", node.start);
  if (end === -1 || end - node.start > 300) return;
  collector.take({
    text: text.slice(node.start, end + 2),
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

function readDotenv(text: string): PlaceholderFile {
  const file = parseDotenv(text);
  const collector = makeCollector(file.lineStarts);
  for (const entry of file.entries) {
    const raw = text.slice(entry.valueStart, entry.valueEnd);
    const shift = raw.length - entry.value.length;
    collector.take({
      text: raw.includes("\n") || shift === 0 ? entry.value : raw,
      path: [entry.name],
      document: 0,
      evaluated: entry.quotes !== "single",
      toFile: (offset) => Math.min(entry.valueEnd, entry.valueStart + offset),
    });
  }
  const names = [...new Set(file.entries.map((entry) => entry.name))].slice(0, 2_000);
  return { documents: [], hits: collector.hits, names, unparsed: null };
}

function readKeyed(text: string, file: KeyedFile): PlaceholderFile {
  if (file.values.length === 0 && file.errors[0])
    return readLines(text, `does not parse (${file.errors[0].message.replace(/\.$/, "")}): read line by line`);
  const collector = makeCollector(file.lineStarts);
  for (const value of file.values) {
    const raw = text.slice(value.start, value.end);
    collector.take({
      text: value.text.length === raw.length ? value.text : raw,
      path: value.path,
      document: 0,
      evaluated: false,
      toFile: (offset) => Math.min(value.end, value.start + offset),
    });
  }
  return { documents: [], hits: collector.hits, names: [], unparsed: null };
}

function readHcl(text: string): PlaceholderFile {
  if (text.length > maxParsed) return readLines(text, "larger than 1 MB: read line by line");
  const file = parseHcl(text);
  const collector = makeCollector(file.lineStarts);
  const names: string[] = [];
  const seen = new Set<number>();
  const take = (string: HclString, path: (string | number)[]): void => {
    if (seen.has(string.start)) return;
    seen.add(string.start);
    const raw = text.slice(string.start, string.end);
    collector.take({
      text: raw,
      path,
      document: 0,
      evaluated: string.template,
      toFile: (offset) => Math.min(string.end, string.start + offset),
    });
  };
  const body = (node: HclBody, path: (string | number)[], depth: number): void => {
    if (depth > 50) return;
    for (const attribute of node.attributes) attributeOf(attribute, [...path, attribute.name], take);
    for (const block of node.blocks) {
      if (block.type === "validation" || block.type === "precondition") {
        for (const attribute of block.attributes) for (const string of attribute.strings) names.push(string.text);
        continue;
      }
      body(block, [...path, block.type, ...block.labels.map((label) => label.text)], depth + 1);
    }
  };
  body(file, [], 0);
  const error = file.errors[0];
  if (error && collector.hits.length === 0 && file.attributes.length + file.blocks.length === 0)
    return readLines(text, "does not parse as HCL: read line by line");
  return {
    documents: [],
    hits: collector.hits,
    names: names.slice(0, 200),
    unparsed: error ? "does not parse as HCL everywhere: read in part" : null,
  };
}

function attributeOf(
  attribute: HclAttribute,
  path: (string | number)[],
  take: (string: HclString, path: (string | number)[]) => void,
): void {
  const visit = (value: HclValue, at: (string | number)[]): void => {
    if (value.kind === "string") take(value.string, at);
    else if (value.kind === "list") for (const [index, item] of value.items.entries()) visit(item, [...at, index]);
    else if (value.kind === "object") for (const entry of value.entries) visit(entry.value, [...at, entry.key ?? "*"]);
  };
  visit(attribute.value, path);
  for (const string of attribute.strings) take(string, path);
}
