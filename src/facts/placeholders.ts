import { parseDotenv } from "../sources/dotenv.ts";
import { parseHcl, prepareHcl } from "../sources/hcl.ts";
import { mayHoldPlaceholder } from "../sources/placeholder-scan.ts";
import { makeCollector } from "../sources/placeholder-values.ts";
import { parseIniValues, parseProperties } from "../sources/properties.ts";
import { parseToml } from "../sources/toml.ts";
import { parseXml } from "../sources/xml.ts";
import type { Extractor, FactKind } from "../types/facts.ts";
import type { HclAttribute, HclBody, HclString, HclValue } from "../types/hcl.ts";
import type { KeyedFile } from "../types/keyed.ts";
import type { PlaceholderFile } from "../types/placeholders.ts";
import type { Source } from "../types/workspace.ts";
import { isSwitch, maxParsed, readConfig, readData, readLines, readWorkflow } from "./placeholders-data.ts";
import { holdsLiteral, nothing } from "./placeholders-worth.ts";

type Kind = Extract<FactKind, `placeholders-${string}`>;

const version = 8;
function extractor<K extends Kind>(
  kind: K,
  read: (text: string) => PlaceholderFile,
  prepare?: () => Promise<void>,
  also?: RegExp,
): Extractor<K> {
  return {
    kind,
    version,
    ...(prepare
      ? {
          prepare,
          claims: (path: string) =>
            /\.(?:tf|hcl|tfvars|nomad)(?:[._-](?:example|sample|template|dist|tmpl))?$/i.test(path),
        }
      : {}),
    extract(source: Source) {
      const bytes = source.bytes();
      return mayHoldPlaceholder(bytes) || also?.test(bytes.toString("latin1")) ? read(source.text()) : nothing;
    },
  } as Extractor<K>;
}

/** Placeholders in YAML and JSON values. */
export const placeholdersData = extractor("placeholders-data", (text) => readData(text));
/** The same of a file whose name says nothing of its reader: references alone are not worth a parse. */
export const placeholdersConfig = extractor("placeholders-config", (text) => readConfig(text));
/** Words in the values of a workflow. */
export const placeholdersWorkflow = extractor("placeholders-workflow", (text) => readWorkflow(text));
/** Placeholders in dotenv values; `names` are the variables of the file. */
export const placeholdersDotenv = extractor("placeholders-dotenv", readDotenv);
/** Placeholders in the strings of values files. */
export const placeholdersHcl = extractor(
  "placeholders-hcl",
  readHcl,
  () => prepareHcl(),
  /=[ \t]*(?:var|local|data|module)\./,
);
/**
 * Placeholders but references in the strings of Terraform files; `names` are the texts that the `validation` blocks of a variable name,
 * after its name, and those of preconditions after `*`.
 */
export const placeholdersTerraform = extractor(
  "placeholders-terraform",
  (text) => (holdsLiteral(text) ? readHcl(text) : nothing),
  () => prepareHcl(),
);
export const placeholdersToml = extractor("placeholders-toml", (text) => readKeyed(text, parseToml(text)));
export const placeholdersProperties = extractor("placeholders-properties", (text) =>
  readKeyed(text, parseProperties(text)),
);
export const placeholdersIni = extractor("placeholders-ini", (text) => readKeyed(text, parseIniValues(text)));
export const placeholdersXml = extractor("placeholders-xml", (text) => readKeyed(text, parseXml(text)));
/** Placeholders of a text that is read line by line (nginx, Dockerfile, Procfile). */
export const placeholdersLines = extractor("placeholders-lines", (text) => readLines(text, null));

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
  const off = new Set(
    file.values
      .filter(({ path, text: value }) => path.length > 1 && isSwitch(path.at(-1)) && value.toLowerCase() === "false")
      .map(({ path }) => JSON.stringify(path.slice(0, -1))),
  );
  for (const value of file.values) {
    const raw = text.slice(value.start, value.end);
    collector.take({
      text: value.text.length === raw.length ? value.text : raw,
      path: value.path,
      document: 0,
      evaluated: false,
      off: off.size > 0 && value.path.some((_, at) => off.has(JSON.stringify(value.path.slice(0, at)))),
      toFile: (offset) => Math.min(value.end, value.start + offset),
    });
  }
  return { documents: [], hits: collector.hits, names: [], unparsed: null };
}

function readHcl(text: string): PlaceholderFile {
  if (text.length > maxParsed) return readLines(text, "larger than 3 MB: read line by line");
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
        const of = path[0] === "variable" ? path[1] : "*";
        for (const attribute of block.attributes)
          for (const string of attribute.strings) names.push(`${of} ${string.text}`);
        continue;
      }
      // What Terraform leaves alone once it has made it is set by other means.
      if (block.type === "lifecycle" && path[0] === "resource")
        for (const attribute of block.attributes)
          if (attribute.name === "ignore_changes")
            for (const { path: ignored } of attribute.references) {
              names.push(`ignored ${path.join(".")} ${ignored[0]}`);
              names.push(...ignoredLocals(node, String(ignored[0])));
            }
      body(block, [...path, block.type, ...block.labels.map((label) => label.text)], depth + 1);
    }
  };
  body(file, [], 0);
  if (file.blocks.length === 0) expressionsOf(file, text, collector.add);
  const error = file.errors[0];
  if (error && collector.hits.length === 0 && file.attributes.length + file.blocks.length === 0)
    return readLines(text, "does not parse as HCL: read line by line");
  return {
    documents: [],
    hits: collector.hits,
    names: names.slice(0, 500),
    unparsed: error ? "does not parse as HCL everywhere: read in part" : null,
  };
}

/** What a resource takes from local values for an attribute that it then leaves alone: by name itself, or as a field of what it is made for each of. */
function ignoredLocals({ attributes }: HclBody, ignored: string): string[] {
  const local = (name: string) =>
    attributes
      .filter((one) => one.name === name)
      .flatMap((one) => one.references)
      .flatMap(({ path }) => (path[0] === "local" && path[1] !== undefined ? [path[1]] : []));
  const fields = attributes
    .filter((one) => one.name === ignored || ignored === "all")
    .flatMap((one) => one.references)
    .flatMap(({ path }) => (path[0] === "each" && path[1] === "value" ? [path[2] ?? "*"] : []));
  return [
    ...local(ignored).map((name) => `ignored local ${name} *`),
    ...local("for_each").flatMap((name) => fields.map((field) => `ignored local ${name} ${field}`)),
  ];
}

/** `a = var.b` of a values file, which may hold nothing but values. */
function expressionsOf(body: HclBody, text: string, add: ReturnType<typeof makeCollector>["add"]): void {
  for (const attribute of body.attributes)
    for (const { path, start, end } of attribute.references) {
      if (!/^(?:var|local|data|module|each|path|terraform)$/.test(path[0] ?? "") || path.length < 2) continue;
      // Inside a string it is a hit of its own.
      if (attribute.strings.some((string) => string.start <= start && end <= string.end)) continue;
      const name = text.slice(start, end);
      const value = {
        text: name,
        path: [attribute.name],
        document: 0,
        evaluated: false,
        toFile: (at: number) => start + at,
      };
      const token = { text: name, name, whole: true, start: 0, end: end - start, fallback: null } as const;
      add(value, { ...token, shape: "dollar-brace", confidence: "high" }, 0, null, false);
    }
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
