import { parseData } from "../sources/data.ts";
import type {
  ComposeBuild,
  ComposeCommand,
  ComposeDependency,
  ComposeEnvFile,
  ComposeExtends,
  ComposeFile,
  ComposeHealthcheck,
  ComposeInclude,
  ComposeMount,
  ComposeResource,
  ComposeService,
  ComposeVariable,
} from "../types/compose.ts";
import type { DataNode } from "../types/data.ts";
import type { Extractor } from "../types/facts.ts";
import type { Spanned } from "../types/workflow.ts";
import { entries, get, items, keyTwice, named, spanned, spans } from "./nodes.ts";

/** The mappings down to the keys of a service: one variable twice is told by a rule of its own. */
const SERVICE_KEYS = 3;

/** A compose file as it is written: services with the places of their values. */
export const composeExtractor: Extractor<"compose"> = {
  kind: "compose",
  version: 3,
  extract(source) {
    const file = parseData(source.text());
    const root = file.documents.find((document) => document.root)?.root ?? null;
    const services = get(root, "services");
    const include = get(root, "include");
    return {
      isCompose: services !== null || include !== null,
      name: spanned(get(root, "name")),
      services: entries(services).map(({ key, value }) => serviceOf(key, value)),
      include: items(include).map(includeOf),
      secrets: entries(get(root, "secrets")).map(({ key, value }) => resourceOf(key, value)),
      configs: entries(get(root, "configs")).map(({ key, value }) => resourceOf(key, value)),
      volumes: entries(get(root, "volumes")).map(({ key }) => ({ text: key.text, start: key.start, end: key.end })),
      errors: [...file.documents.flatMap((document) => document.errors), keyTwice(root, SERVICE_KEYS) ?? []].flat(),
      lineStarts: file.lineStarts,
    } satisfies ComposeFile;
  },
};

type Key = { text: string; start: number; end: number };

function isTrue(node: DataNode | null): boolean {
  return node?.kind === "scalar" && node.value === true;
}

function isFalse(node: DataNode | null): boolean {
  return node?.kind === "scalar" && node.value === false;
}

function includeOf(node: DataNode): ComposeInclude {
  if (node.kind !== "map") return { paths: spans(node), projectDirectory: null, envFiles: [] };
  return {
    paths: spans(get(node, "path")),
    projectDirectory: spanned(get(node, "project_directory")),
    envFiles: spans(get(node, "env_file")),
  };
}

function resourceOf(key: Key, node: DataNode): ComposeResource {
  const external = get(node, "external");
  return {
    name: key.text,
    start: key.start,
    end: key.end,
    file: spanned(get(node, "file")),
    environment: spanned(get(node, "environment")),
    external: external !== null && !isFalse(external),
  };
}

function serviceOf(key: Key, written: DataNode): ComposeService {
  // What `!reset` stands before is taken away, whatever value follows.
  const node: DataNode =
    written.kind === "map"
      ? { ...written, entries: written.entries.filter((entry) => entry.value.tag !== "!reset") }
      : written;
  return {
    name: key.text,
    start: key.start,
    end: key.end,
    image: spanned(get(node, "image")),
    build: buildOf(get(node, "build")),
    command: commandOf(get(node, "command")),
    entrypoint: commandOf(get(node, "entrypoint")),
    dependsOnAt: keyOf(node, "depends_on"),
    dependsOn: dependenciesOf(get(node, "depends_on")),
    healthcheck: healthcheckOf(get(node, "healthcheck")),
    envFiles: envFilesOf(get(node, "env_file")),
    environment: variablesOf(get(node, "environment")),
    volumes: items(get(node, "volumes")).map(mountOf),
    ports: items(get(node, "ports")).flatMap((item) =>
      item.kind === "map" ? spans(get(item, "target")) : spans(item),
    ),
    profiles: spans(get(node, "profiles")),
    extends: extendsOf(get(node, "extends")),
    restart: spanned(get(node, "restart")),
    secrets: references(get(node, "secrets")),
    configs: references(get(node, "configs")),
    links: spans(get(node, "links")),
    networkMode: spanned(get(node, "network_mode")),
    replaced: entries(written).flatMap((entry) =>
      /^!(?:reset|override)$/.test(entry.value.tag ?? "") ? [entry.key.text] : [],
    ),
  };
}

function keyOf(node: DataNode, name: string): Spanned | null {
  const key = entries(node).findLast((entry) => entry.key.text === name)?.key;
  return key ? { text: key.text, start: key.start, end: key.end } : null;
}

function references(node: DataNode | null): Spanned[] {
  return items(node).flatMap((item) => (item.kind === "map" ? spans(get(item, "source")) : spans(item)));
}

function buildOf(node: DataNode | null): ComposeBuild | null {
  if (!node || (node.kind === "scalar" && node.value === null)) return null;
  const range = { start: node.start, end: node.end };
  const nothing = { dockerfile: null, inline: false, target: null, args: [], additionalContexts: [] };
  if (node.kind !== "map") return { ...range, ...nothing, context: spanned(node) };
  return {
    ...range,
    context: spanned(get(node, "context")),
    dockerfile: spanned(get(node, "dockerfile")),
    inline: get(node, "dockerfile_inline") !== null,
    target: spanned(get(node, "target")),
    args: variablesOf(get(node, "args")),
    additionalContexts: named(get(node, "additional_contexts")),
  };
}

function commandOf(node: DataNode | null): ComposeCommand | null {
  if (!node || (node.kind === "scalar" && node.value === null)) return null;
  const range = { start: node.start, end: node.end };
  if (node.kind === "list") {
    const words = items(node).flatMap((item) => spans(item));
    return { ...range, form: "list", text: words.map((word) => word.text).join(" "), words };
  }
  const whole = spanned(node);
  return whole ? { ...range, form: "string", text: whole.text, words: wordsOf(whole) } : null;
}

/** Words of a command string by shell quoting (compose splits it as shlex does); all have the range of the whole string. */
function wordsOf(whole: Spanned): Spanned[] {
  const found: Spanned[] = [];
  for (const [written] of whole.text.matchAll(/(?:"(?:[^"\\]|\\[\s\S])*"|'[^']*'|\\[\s\S]|[^\s"'\\])+/g)) {
    const text = written.replace(
      /"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|\\([\s\S])/g,
      (_, double?: string, single?: string, unit?: string) =>
        double !== undefined ? double.replace(/\\(["\\$`])/g, "$1") : (single ?? unit ?? ""),
    );
    found.push({ text, start: whole.start, end: whole.end });
  }
  return found;
}

function dependenciesOf(node: DataNode | null): ComposeDependency[] {
  if (node?.kind === "map")
    return node.entries.map(({ key, value }) => {
      const condition = spanned(get(value, "condition"));
      return {
        service: key.text,
        start: key.start,
        end: key.end,
        condition: condition?.text ?? "service_started",
        conditionAt: condition,
        required: !isFalse(get(value, "required")),
        inherited: false,
      };
    });
  return spans(node).map(({ text, start, end }) => ({
    service: text,
    start,
    end,
    condition: "service_started",
    conditionAt: null,
    required: true,
    inherited: false,
  }));
}

function healthcheckOf(node: DataNode | null): ComposeHealthcheck | null {
  if (node?.kind !== "map") return null;
  const test = spans(get(node, "test"));
  const disabled = isTrue(get(node, "disable")) || test[0]?.text.toUpperCase() === "NONE";
  return { start: node.start, end: node.end, disabled, test };
}

function envFilesOf(node: DataNode | null): ComposeEnvFile[] {
  const list = node?.kind === "list" ? node.items : node ? [node] : [];
  return list.flatMap((item) => {
    const path = spanned(item.kind === "map" ? get(item, "path") : item);
    return path ? [{ ...path, required: !isFalse(get(item, "required")) }] : [];
  });
}

/** `environment` and `args`: a map, or a list of `NAME=value` and `NAME`. */
function variablesOf(node: DataNode | null): ComposeVariable[] {
  if (node?.kind === "map")
    return node.entries.map(({ key, value }) => ({
      name: key.text,
      start: key.start,
      end: key.end,
      value: spanned(value),
    }));
  return items(node).flatMap((item): ComposeVariable[] => {
    const whole = spanned(item);
    if (!whole) return [];
    const equals = whole.text.indexOf("=");
    const quote = item.kind === "scalar" && (item.style === "single" || item.style === "double") ? 1 : 0;
    const start = whole.start + quote;
    if (equals === -1)
      return [{ name: whole.text, start, end: Math.min(whole.end, start + whole.text.length), value: null }];
    const end = Math.min(whole.end, start + equals);
    const value = {
      text: whole.text.slice(equals + 1),
      start: Math.min(whole.end, end + 1),
      end: Math.max(end, whole.end - quote),
    };
    return [
      { name: whole.text.slice(0, equals), start, end, value: { ...value, end: Math.max(value.start, value.end) } },
    ];
  });
}

function mountOf(node: DataNode): ComposeMount {
  const range = { start: node.start, end: node.end };
  if (node.kind === "map") {
    const type = spanned(get(node, "type"))?.text;
    return {
      ...range,
      type: type === "bind" || type === "volume" || type === "tmpfs" ? type : "other",
      source: spanned(get(node, "source")),
      target: spanned(get(node, "target"))?.text ?? null,
      short: false,
    };
  }
  const whole = spanned(node);
  if (!whole) return { ...range, type: "other", source: null, target: null, short: true };
  // A colon inside `${X:-y}` does not separate; `C:\x` is a Windows drive.
  const parts = whole.text.match(/(?:\$\{[^}]*\}|^[A-Za-z]:[\\/]|[^:])+/g) ?? [];
  const [source, target] = parts.length > 1 ? parts : [undefined, parts[0]];
  if (source === undefined) return { ...range, type: "volume", source: null, target: target ?? null, short: true };
  const bind = /^(?:[./~\\]|[A-Za-z]:[\\/]|\$)/.test(source);
  const quote = node.kind === "scalar" && (node.style === "single" || node.style === "double") ? 1 : 0;
  const start = Math.min(whole.end, whole.start + quote);
  return {
    ...range,
    type: bind ? "bind" : "volume",
    source: { text: source, start, end: Math.min(whole.end, start + source.length) },
    target: target ?? null,
    short: true,
  };
}

function extendsOf(node: DataNode | null): ComposeExtends | null {
  if (!node || (node.kind === "scalar" && node.value === null)) return null;
  const range = { start: node.start, end: node.end };
  if (node.kind !== "map") return { ...range, service: spanned(node), file: null };
  return { ...range, service: spanned(get(node, "service")), file: spanned(get(node, "file")) };
}
