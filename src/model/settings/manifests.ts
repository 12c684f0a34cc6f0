import { scalarOffsets } from "../../sources/scalar-text.ts";
import { parseShell } from "../../sources/shell.ts";
import type { DataMap, DataNode } from "../../types/data.ts";
import type { Setting } from "../../types/settings.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import { asMap, asScalar, entriesOf, itemsOf, locate, scalarsBelow, textOf, valueAt } from "../data.ts";
import { isCloudBuild, isHelmValues } from "../path-class.ts";
import { baseService, readGcloud } from "./commands.ts";
import type { Where } from "./environment.ts";
import { addPlain, addSecret, type Origin, type Sink } from "./sink.ts";
import { exactly, isVariable, literalOf } from "./values.ts";

/** YAML and JSON of other forms: Cloud Build, ECS task definitions, App Engine, Fly, files named by `files`. */
export function readData(sink: Sink): void {
  for (const { path, ignored, kind } of sink.input.files.entries) {
    if (ignored || (kind !== "file" && kind !== "executable") || !/\.(?:ya?ml|json)$/i.test(path)) continue;
    const where = sink.naming.ofPath(path);
    if (where.excluded) continue;
    const cloudBuild = isCloudBuild(path);
    const ecs = /task[-_]?def/i.test(path);
    const app = /(?:^|\/)(?:app[\w.-]*|render)\.ya?ml$/.test(path);
    if (!cloudBuild && !where.declared && !ecs && !app) continue;
    const data = sink.input.facts.get("data", path);
    if (!data) continue;
    for (const document of data.documents) {
      const root = asMap(document.root);
      if (!root) continue;
      const at = (node: { start: number; end: number }) => locate(path, data, node);
      if (cloudBuild) readCloudBuild(sink, root, path, at, where);
      else if (ecs) readLists(sink, root, path, at, where);
      else if (app) readAppEngine(sink, root, path, at, where);
      if (where.declared && !isHelmValues(path) && textOf(valueAt(root, "kind")) === null)
        readPaths(sink, root, path, at, where);
    }
  }
  for (const { path, ignored } of sink.input.files.entries) {
    if (ignored || !/\.toml$/i.test(path)) continue;
    const where = sink.naming.ofPath(path);
    const fly = /(?:^|\/)fly(?:\.[\w-]+)?\.toml$/.test(path);
    if (where.excluded || (!where.declared && !fly)) continue;
    const file = sink.input.facts.get("toml", path);
    for (const one of file?.values ?? []) {
      const origin: Origin = { where, service: null, source: "data", definition: path };
      if (fly && one.path[0] === "env")
        addPlain(sink, origin, one.path.slice(1).join("."), one.text, locate(path, file!, one), exactly);
      else if (where.declared) addPlain(sink, origin, one.path.join("."), one.text, locate(path, file!, one), exactly);
    }
  }
}

type At = (node: { start: number; end: number }) => Location;

/** Dotted key paths of a file that the config names. */
function readPaths(sink: Sink, root: DataNode, path: RepoPath, at: At, where: Where): void {
  const origin: Origin = { where, service: null, source: "data", definition: path };
  for (const one of scalarsBelow(root))
    if (one.scalar.value !== null)
      addPlain(sink, origin, one.path.join("."), one.scalar.text, at(one.scalar), literalOf);
}

/** `env`-like maps and `{name, value}` lists anywhere below. */
function readLists(
  sink: Sink,
  node: DataNode,
  path: RepoPath,
  at: At,
  where: Where,
  service: string | null = null,
  depth = 0,
): void {
  if (depth > 12 || node.kind === "scalar") return;
  if (node.kind === "list") {
    for (const item of node.items)
      readLists(sink, item, path, at, where, baseService(textOf(valueAt(item, "name"))) ?? service, depth + 1);
    return;
  }
  for (const { key, value } of node.entries) {
    const definition = `${path}:${node.start}`;
    const origin: Origin = { where, service, source: "ecs", definition, list: `${path}:${value.start}` };
    if (VARIABLES.test(key.text) && value.kind !== "scalar")
      readVariables(sink, origin, value, at, key.text === "secrets");
    else
      readLists(
        sink,
        value,
        path,
        at,
        where,
        value.kind === "map" && !GENERIC.test(key.text) ? key.text : service,
        depth + 1,
      );
  }
}

/** Keys that hold variables of a process. */
export const VARIABLES = /^(?:env|environment|extraEnv|extraEnvVars|envVars|environmentVariables|secrets)$/;
/** Keys that are no service's name. */
export const GENERIC =
  /^(?:global|image|config|deployment|container|spec|template|properties|resources|service|ingress)$/i;

/** Variables of a map by name, or of a list of `{name, value}`. */
export function readVariables(
  sink: Sink,
  origin: Origin,
  value: DataNode,
  at: At,
  secrets: boolean,
): (Setting | null)[] {
  const read: (Setting | null)[] = [];
  for (const { key, value: one } of entriesOf(value)) {
    const text = textOf(one);
    if (!isVariable(key.text) || text === null) continue;
    read.push(
      secrets ? addSecret(sink, origin, key.text, null, at(key)) : addPlain(sink, origin, key.text, text, at(one)),
    );
  }
  for (const item of itemsOf(value)) {
    const [name, text] = [textOf(valueAt(item, "name")), valueAt(item, "value")];
    if (name === null || !isVariable(name)) continue;
    const written = textOf(text);
    if (valueAt(item, "valueFrom", "secretKeyRef") || (secrets && valueAt(item, "valueFrom")))
      read.push(addSecret(sink, origin, name, null, at(item)));
    else if (written !== null && text) read.push(addPlain(sink, origin, name, written, at(text)));
  }
  return read;
}

function readAppEngine(sink: Sink, root: DataMap, path: RepoPath, at: At, where: Where): void {
  const map = valueAt(root, "env_variables");
  const origin: Origin = { where, service: textOf(valueAt(root, "service")), source: "data", definition: path };
  if (map && textOf(valueAt(root, "runtime")) !== null) readVariables(sink, origin, map, at, false);
}

function readCloudBuild(sink: Sink, root: DataMap, path: RepoPath, at: At, where: Where): void {
  for (const step of itemsOf(valueAt(root, "steps"))) {
    const args = itemsOf(valueAt(step, "args"));
    const runner = `${textOf(valueAt(step, "entrypoint")) ?? ""} ${textOf(valueAt(step, "name")) ?? ""}`;
    const script = asScalar(valueAt(step, "script") ?? (/(?:^|\/)(?:ba)?sh /.test(runner) ? args.at(-1) : undefined));
    if (script) {
      const offset = scalarOffsets(sink.input.facts.get("lines", path)?.lines.join("\n") ?? "", script);
      const locate = ({ start, end }: { start: number; end: number }) => at({ start: offset(start), end: offset(end) });
      for (const command of parseShell(script.text.slice(0, 50_000)).commands)
        readGcloud(sink, command.words, { path, locate, base: script.start, hints: [() => where] });
      continue;
    }
    if (!/^gcloud |cloud-builders\/gcloud/.test(runner)) continue;
    const words = args.flatMap((node) => {
      const written = textOf(node);
      return written === null ? [] : [word(written, node)];
    });
    const start = (step as { start: number }).start;
    readGcloud(sink, [word("gcloud", { start, end: start }), ...words], { path, locate: at, hints: [() => where] });
  }
}

/** A word of an argument list, in the form of a script's. */
export function word(text: string, { start, end }: { start: number; end: number }) {
  const quoted = end - start === text.length + 2;
  return {
    text,
    quotes: quoted ? ("double" as const) : ("none" as const),
    expansions: /\$/.test(text)
      ? [{ kind: "variable" as const, name: null, operator: null, argument: null, start, end }]
      : [],
    start,
    end,
  };
}
