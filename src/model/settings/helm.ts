import { directoryOf } from "../../text/paths.ts";
import type { DataFile, DataNode } from "../../types/data.ts";
import type { Setting } from "../../types/settings.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import { entriesOf, itemsOf, locate, textOf, valueAt } from "../data.ts";
import { isHelmChart, isHelmValues, isYaml } from "../path-class.ts";
import type { Where } from "./environment.ts";
import { GENERIC, readVariables, VARIABLES } from "./manifests.ts";
import { addPlain, addSecret, addUnknown, type Origin, type Sink } from "./sink.ts";
import { exactly, isVariable, literalOf } from "./values.ts";

/** A values file of one environment, with the chart's own values under it. */
export interface Release {
  where: Where;
  path: RepoPath;
  base: RepoPath | null;
  chart: RepoPath | null;
  /** What a dotted path of `.Values` stands for; null where it is not written out. */
  lookUp(path: string): string | null;
}

const MAX_SCALARS = 5000;
const MAX_RELEASES = 200;

/** Helm values of an environment over those of the chart, and the variables that the chart's templates make of them. https://helm.sh/docs/chart_template_guide/values_files/ */
export function readHelm(sink: Sink): Release[] {
  const all = releases(sink).slice(0, MAX_RELEASES);
  for (const release of all) {
    const over = readValues(sink, release.path, release.where);
    const base = release.base === null ? [] : readValues(sink, release.base, release.where);
    const known = new Map(over.map((one) => [one.path, one]));
    const lists = new Map(over.map((one) => [listOf(one.path), one]));
    for (const one of base) {
      const winner = known.get(one.path) ?? lists.get(listOf(one.path) ?? one.path);
      if (winner) one.setting.overriddenBy = winner.setting.at;
      else known.set(one.path, one);
    }
    const resolve = (path: string) => known.get(path)?.setting ?? null;
    release.lookUp = (path) => resolve(path)?.value ?? null;
    if (release.chart !== null) readTemplates(sink, release.chart, release.where, resolve);
  }
  return all;
}

/** The outermost list that a value stands in: a list of the environment replaces the chart's whole list. */
const listOf = (path: string): string | null => /^(.*?)\.\d+(?:\.|$)/.exec(path)?.[1] ?? null;

function releases(sink: Sink): Release[] {
  const { files } = sink.input;
  const paths = files.entries.filter(({ ignored, kind }) => !ignored && kind === "file").map(({ path }) => path);
  const charts = paths.filter(isHelmChart).map(directoryOf);
  return paths.flatMap((path): Release[] => {
    if (!isHelmValues(path) && !(isYaml(path) && /(?:^|\/)(?:values|helm)\//i.test(path))) return [];
    const where = sink.naming.ofPath(path);
    if (where.excluded || where.environment === null) return [];
    const directory = directoryOf(path);
    const above = charts.filter((chart) => chart === "" || directory === chart || directory.startsWith(`${chart}/`));
    const below = charts.filter((chart) => directory === "" || chart.startsWith(`${directory}/`));
    // The chart around it, else the only one below the folder where the environments' files lie.
    const chart = above.sort((a, b) => b.length - a.length)[0] ?? (below.length === 1 ? below[0]! : null);
    if (chart !== null && /(?:^|\/)templates\//.test(path.slice(chart.length))) return [];
    const base = [chart, directory]
      .flatMap((folder) =>
        folder === null
          ? []
          : ["values.yaml", "values.yml"].map((name) => (folder === "" ? name : `${folder}/${name}`)),
      )
      .find((each) => each !== path && files.has(each) && sink.naming.ofPath(each).environment === null);
    return [{ where, path, base: base ?? null, chart, lookUp: () => null }];
  });
}

interface Value {
  /** Dotted, from the root of the values. */
  path: string;
  setting: Setting;
}

function readValues(sink: Sink, path: RepoPath, where: Where): Value[] {
  const data = sink.input.facts.get("data", path);
  const root = data?.documents[0]?.root;
  if (!data || root?.kind !== "map" || textOf(valueAt(root, "kind")) !== null) return [];
  const read: Value[] = [];
  if (where.environment !== null) sink.seen.add(where.environment);
  walk({ sink, data, path, where, read }, root, "", null, 0);
  return read;
}

interface Walk {
  sink: Sink;
  data: DataFile;
  path: RepoPath;
  where: Where;
  read: Value[];
}

/** Variables of `env`-like maps and lists under their own names; everything else under its dotted path. */
function walk(at: Walk, node: DataNode, prefix: string, service: string | null, depth: number): void {
  const { sink, data, path, where, read } = at;
  if (depth > 12 || read.length > MAX_SCALARS) return;
  if (node.kind === "scalar") {
    if (node.value === null) return;
    const origin: Origin = { where, service: null, source: "helm", definition: path };
    const setting = addPlain(sink, origin, prefix, node.text, locate(path, data, node), literalOf);
    if (setting) read.push({ path: prefix, setting });
    return;
  }
  if (node.kind === "list") {
    for (const [index, item] of node.items.entries()) walk(at, item, `${prefix}.${index}`, service, depth + 1);
    return;
  }
  for (const { key, value } of node.entries) {
    const inner = prefix === "" ? key.text : `${prefix}.${key.text}`;
    if (VARIABLES.test(key.text) && value.kind !== "scalar") {
      const origin: Origin = {
        where,
        service,
        source: "helm",
        definition: `${path}:${node.start}`,
        list: `${path}:${value.start}`,
      };
      const variables = readVariables(sink, origin, value, (one) => locate(path, data, one), key.text === "secrets");
      for (const setting of variables) if (setting) read.push({ path: `${inner}.${setting.name}`, setting });
      if (variables.length > 0) continue;
    }
    const owner = value.kind === "map" && !GENERIC.test(key.text) ? key.text : service;
    walk(at, value, inner, owner, depth + 1);
  }
}

/** `- name: X` with its `value` or `valueFrom` in the templates of a chart, by lines: a template is no YAML before it is rendered. */
function readTemplates(sink: Sink, chart: RepoPath, where: Where, resolve: (path: string) => Setting | null): void {
  const folder = chart === "" ? "templates" : `${chart}/templates`;
  for (const { path, kind } of sink.input.files.under(folder)) {
    if (kind !== "file" || !/\.(?:ya?ml|tpl)$/i.test(path)) continue;
    const lines = sink.input.facts.get("lines", path)?.lines ?? [];
    let conditions = 0;
    for (const [index, line] of lines.entries()) {
      if (line.length > 2000) continue;
      conditions += count(line, /\{\{-?\s*(?:if|range)\b/g) - (conditions > 0 ? count(line, /\{\{-?\s*end\b/g) : 0);
      const name = /^\s*-\s+name:\s*["']?([A-Z][A-Z0-9_]+)["']?\s*$/.exec(line)?.[1];
      if (name === undefined || !isVariable(name)) continue;
      const column = line.indexOf(name) + 1;
      const at = { path, start: { line: index + 1, column }, end: { line: index + 1, column: column + name.length } };
      const origin: Origin = { where, service: null, source: "helm", definition: `${path}:${index + 1}` };
      const next = lines[index + 1]?.slice(0, 2000) ?? "";
      if (/^\s*valueFrom:\s*$/.test(next)) {
        if (/^\s*secretKeyRef:/.test(lines[index + 2] ?? "")) addSecret(sink, origin, name, null, at);
        else addUnknown(sink, origin, name, "the cluster", at);
        continue;
      }
      const text = /^\s*value:\s*(\S.*?)\s*$/.exec(next)?.[1] ?? "";
      const value = conditions > 0 ? null : rendered(text, resolve);
      if (value === null) addUnknown(sink, origin, name, text === "" ? "a template" : text.slice(0, 80), at);
      else addPlain(sink, origin, name, value.text, value.at ?? at, exactly);
    }
  }
}

const count = (line: string, part: RegExp): number => [...line.matchAll(part)].length;

/** A literal, or one value of the chart's values; null for everything that only rendering tells. */
function rendered(
  text: string,
  resolve: (path: string) => Setting | null,
): { text: string; at: Setting["at"] | null } | null {
  const bare = text.replace(/^(["'])(.*)\1$/, "$2");
  if (!bare.includes("{{")) return /^[&*!|>]/.test(bare) ? null : { text: bare, at: null };
  const path = /^\{\{-?\s*\.Values\.([\w.]+)\s*(?:\|\s*(?:quote|squote|toString))?\s*-?\}\}$/.exec(bare)?.[1];
  const setting = path === undefined ? null : resolve(path);
  return setting === null || setting.value === null ? null : { text: setting.value, at: setting.at };
}

/** Hosts under `ingress` and its kin in the values of an environment: what the chart serves there. */
export function helmHosts(
  sink: Sink,
  all: readonly Release[],
): { host: DataNode; text: string; certificate: boolean; path: RepoPath; data: DataFile; where: Where }[] {
  return all.flatMap(({ path, where }) => {
    const data = sink.input.facts.get("data", path);
    if (!data) return [];
    return entriesOf(data.documents[0]?.root).flatMap(({ key, value }) =>
      [...hostsBelow(value, SERVES.test(key.text), false, 0)].map((one) => ({ ...one, path, data, where })),
    );
  });
}

/** A host that a template of a chart makes of its values, where their names do not say that they are served; null where only rendering tells. */
export interface TemplateHost {
  text: string | null;
  at: Location;
  where: Where;
}

const SERVING =
  /^kind:\s*["']?(?:Ingress|Route|HTTPRoute|GRPCRoute|TLSRoute|Gateway|VirtualService|IngressRoute)["']?\s*$/;

/** `host: {{ .Values.site.url | trimPrefix "https://" }}` in an Ingress, a Route and the like. */
export function templateHosts(sink: Sink, all: readonly Release[]): TemplateHost[] {
  return all.flatMap(({ chart, where, lookUp }) => {
    if (chart === null) return [];
    const folder = chart === "" ? "templates" : `${chart}/templates`;
    return sink.input.files.under(folder).flatMap(({ path, kind }): TemplateHost[] => {
      if (kind !== "file" || !isYaml(path)) return [];
      const lines = sink.input.facts.get("lines", path)?.lines ?? [];
      if (!lines.some((line) => SERVING.test(line))) return [];
      return lines.flatMap((line, index) => {
        const action = /^\s*(?:-\s+)?host(?:name)?:\s*["']?\{\{-?\s*(.{1,300}?)\s*-?\}\}["']?\s*$/.exec(
          line.slice(0, 2000),
        )?.[1];
        if (action === undefined) return [];
        const at = { path, start: { line: index + 1, column: 1 }, end: { line: index + 1, column: line.length + 1 } };
        const [value, ...more] = [...action.matchAll(/\.Values\.([\w.]+)/g)].map((match) => match[1]!);
        // Of a loop over values; or under a name that `helmHosts` reads.
        if (value === undefined ? !/\b(?:include|tpl|template)\b/.test(action) : SERVES.test(value.split(".")[0]!))
          return [];
        const whole =
          /^\.Values\.[\w.]+(?:\s*\|\s*(?:quote|squote|toString|lower|trim|trim(?:Prefix|Suffix)\s+"[^"]*"))*$/.test(
            action,
          );
        const text = value !== undefined && more.length === 0 && whole ? lookUp(value) : null;
        return [{ text: text?.replace(/^\w+:\/\//, "").replace(/[/:].*$/, "") ?? null, at, where }];
      });
    });
  });
}

const SERVES = /^(?:ingress(?:es)?|httpRoutes?|routes?|gateway|virtualService)$/i;

function* hostsBelow(
  node: DataNode,
  serves: boolean,
  tls: boolean,
  depth: number,
): Generator<{ host: DataNode; text: string; certificate: boolean }> {
  if (depth > 8) return;
  for (const item of itemsOf(node)) yield* hostsBelow(item, serves, tls, depth + 1);
  for (const { key, value } of entriesOf(node)) {
    if (serves && /^(?:host|hosts|hostname|hostnames)$/i.test(key.text)) {
      for (const one of [value, ...itemsOf(value)]) {
        const host = textOf(one) !== null ? one : (valueAt(one, "host") ?? valueAt(one, "name"));
        const text = textOf(host);
        if (host && text !== null) yield { host, text, certificate: tls };
      }
    } else yield* hostsBelow(value, serves || SERVES.test(key.text), tls || /^tls$/i.test(key.text), depth + 1);
  }
}
