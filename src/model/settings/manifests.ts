import { parseShell } from "../../sources/shell.ts";
import type { DataMap, DataNode } from "../../types/data.ts";
import type { KubernetesContainer, ModelObject } from "../../types/kubernetes.ts";
import type { Placed } from "../../types/placed.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import { asMap, entriesOf, entryOf, itemsOf, locate, scalarsBelow, textOf, valueAt } from "../data.ts";
import { directoryOf, isCloudBuild, isHelmValues, isKustomization } from "../path-class.ts";
import { baseService, readGcloud } from "./commands.ts";
import { readEnvFile } from "./env-files.ts";
import { firstOf, type Where } from "./environment.ts";
import { addPlain, addSecret, type Origin, type Sink } from "./sink.ts";
import { exactly, isVariable, literalOf } from "./values.ts";

/** Services of compose projects whose files name an environment, and of the others with an unknown one. */
export function readCompose(sink: Sink): Set<RepoPath> {
  const passedOn = new Set<RepoPath>();
  for (const project of sink.input.known.compose.projects) {
    const where = firstOf(...[...project.files].reverse().map((path) => () => sink.naming.ofPath(path)));
    for (const service of project.services) {
      for (const file of service.envFiles) {
        if (file.path === null) continue;
        passedOn.add(file.path);
        const own = sink.naming.ofPath(file.path);
        if (
          project.example ||
          own.environment !== null ||
          where.environment === null ||
          !sink.input.files.has(file.path)
        )
          continue;
        readEnvFile(sink, file.path, {
          where: { ...where, excluded: where.excluded },
          service: service.name,
          source: "env-file",
          definition: `${file.path} ${service.name}`,
        });
      }
      if (project.example) continue;
      for (const definition of service.definitions) {
        const origin: Origin = {
          where,
          service: service.name,
          source: "compose",
          definition: `${definition.at.path}:${definition.start}`,
        };
        for (const variable of definition.environment)
          if (variable.value) addPlain(sink, origin, variable.name, variable.value.text, variable.value.at);
      }
    }
  }
  return passedOn;
}

/** Containers' variables, ConfigMaps and Secrets. */
export function readKubernetes(sink: Sink): void {
  const { objects } = sink.input.known.kubernetes;
  const maps = objects.filter((object) => object.kind === "ConfigMap" || object.kind === "Secret");
  const used = new Set<ModelObject>();
  const whereOf = (object: ModelObject): Where =>
    firstOf(
      () => sink.naming.ofPath(object.path),
      () => sink.naming.ofText(object.namespace?.text ?? ""),
      () => sink.naming.ofText(object.name?.text ?? ""),
    );
  for (const object of objects) {
    const where = whereOf(object);
    for (const container of [...(object.pod?.initContainers ?? []), ...(object.pod?.containers ?? [])]) {
      const service = baseService(object.name?.text ?? container.name?.text ?? null);
      const definition = `${object.path}:${container.start}`;
      const origin: Origin = { where, service, source: "kubernetes", definition };
      readContainer(sink, origin, container);
      for (const from of container.envFrom) {
        const map = maps.find(
          (one) =>
            one.name?.text === from.name.text &&
            (one.kind === "Secret") === (from.kind === "secret") &&
            (whereOf(one).environment === where.environment || one.path === object.path),
        );
        if (!map) continue;
        used.add(map);
        readMap(sink, map, { ...origin, list: `${definition} ${from.name.start}` });
      }
    }
  }
  for (const map of maps)
    if (!used.has(map))
      readMap(sink, map, {
        where: whereOf(map),
        service: null,
        source: "kubernetes",
        definition: `${map.path}:${map.start}`,
      });
}

function readContainer(sink: Sink, origin: Origin, container: Placed<KubernetesContainer>): void {
  for (const variable of container.env) {
    if (variable.from?.kind === "secret") addSecret(sink, origin, variable.name, variable.from.name.text, variable.at);
    else if (variable.value)
      addPlain(sink, origin, variable.name, variable.value.text, variable.value.at, kubernetesValue);
  }
}

/** Kubernetes expands `$(X)`; nothing else. Kustomize and envsubst may replace `${X}` before. */
const kubernetesValue = (text: string) =>
  /\$\(|\$\{|\{\{|^<.*>$/.test(text) ? { value: null, reference: text.slice(0, 80) } : exactly(text);

function readMap(sink: Sink, map: ModelObject, origin: Origin): void {
  const at = (node: DataNode): Location => (node as Placed<DataNode> & { at: Location }).at;
  for (const block of ["data", "stringData"])
    for (const { key, value } of entriesOf(entryOf(map.node, block)?.value)) {
      const text = textOf(value);
      if (text === null || !/^[A-Za-z_][\w.]*$/.test(key.text)) continue;
      if (map.kind === "Secret") addSecret(sink, origin, key.text, map.name?.text ?? null, at(key));
      else if (text.length < 4000) addPlain(sink, origin, key.text, text, at(value), kubernetesValue);
    }
}

/** YAML and JSON that are no Kubernetes objects: Helm values, kustomizations, Cloud Build, ECS task definitions, files named by `files`. */
export function readData(sink: Sink): void {
  for (const { path, ignored, kind } of sink.input.files.entries) {
    if (
      ignored ||
      (kind !== "file" && kind !== "executable") ||
      !/\.(?:ya?ml|json)$|(?:^|\/)Kustomization$/i.test(path)
    )
      continue;
    const where = sink.naming.ofPath(path);
    if (where.excluded) continue;
    const cloudBuild = isCloudBuild(path);
    const kustomization = isKustomization(path);
    const values = isHelmValues(path) || /(?:^|\/)(?:values|helm)\//i.test(path);
    const ecs = /task[-_]?def/i.test(path);
    const app = /(?:^|\/)(?:app[\w.-]*|render)\.ya?ml$/.test(path);
    if (!cloudBuild && !kustomization && !where.declared && !ecs && !app && !(values && where.environment !== null))
      continue;
    const data = sink.input.facts.get("data", path);
    if (!data) continue;
    for (const document of data.documents) {
      const root = asMap(document.root);
      if (!root) continue;
      const at = (node: { start: number; end: number }) => locate(path, data, node);
      if (cloudBuild) readCloudBuild(sink, root, path, at, where);
      else if (kustomization) readKustomization(sink, root, path, at, where);
      else if (ecs) readLists(sink, root, path, at, where, "ecs");
      else if (app) readAppEngine(sink, root, path, at, where);
      else if (values) readLists(sink, root, path, at, where, "helm");
      if (where.declared && textOf(valueAt(root, "kind")) === null) readPaths(sink, root, path, at, where);
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
  source: "helm" | "ecs",
  service: string | null = null,
  depth = 0,
): void {
  if (depth > 12 || node.kind === "scalar") return;
  if (node.kind === "list") {
    for (const item of node.items)
      readLists(sink, item, path, at, where, source, baseService(textOf(valueAt(item, "name"))) ?? service, depth + 1);
    return;
  }
  for (const { key, value } of node.entries) {
    const definition = `${path}:${node.start}`;
    const origin: Origin = { where, service, source, definition, list: `${path}:${value.start}` };
    if (
      /^(?:env|environment|extraEnv|extraEnvVars|envVars|environmentVariables|secrets)$/.test(key.text) &&
      value.kind !== "scalar"
    )
      readVariables(sink, origin, value, at, key.text === "secrets");
    else
      readLists(
        sink,
        value,
        path,
        at,
        where,
        source,
        value.kind === "map" && !GENERIC.test(key.text) ? key.text : service,
        depth + 1,
      );
  }
}

const GENERIC = /^(?:global|image|config|deployment|container|spec|template|properties|resources|service|ingress)$/i;

function readVariables(sink: Sink, origin: Origin, value: DataNode, at: At, secrets: boolean): void {
  for (const { key, value: one } of entriesOf(value)) {
    const text = textOf(one);
    if (!isVariable(key.text) || text === null) continue;
    if (secrets) addSecret(sink, origin, key.text, null, at(key));
    else addPlain(sink, origin, key.text, text, at(one));
  }
  for (const item of itemsOf(value)) {
    const [name, text] = [textOf(valueAt(item, "name")), valueAt(item, "value")];
    if (name === null || !isVariable(name)) continue;
    const written = textOf(text);
    if (valueAt(item, "valueFrom", "secretKeyRef") || (secrets && valueAt(item, "valueFrom")))
      addSecret(sink, origin, name, null, at(item));
    else if (written !== null && text) addPlain(sink, origin, name, written, at(text));
  }
}

function readAppEngine(sink: Sink, root: DataMap, path: RepoPath, at: At, where: Where): void {
  const map = valueAt(root, "env_variables");
  const origin: Origin = { where, service: textOf(valueAt(root, "service")), source: "data", definition: path };
  if (map && textOf(valueAt(root, "runtime")) !== null) readVariables(sink, origin, map, at, false);
}

function readKustomization(sink: Sink, root: DataMap, path: RepoPath, at: At, where: Where): void {
  const placed = firstOf(
    () => where,
    () => sink.naming.ofText(textOf(valueAt(root, "namespace")) ?? ""),
  );
  for (const block of ["configMapGenerator", "secretGenerator"])
    for (const item of itemsOf(valueAt(root, block))) {
      const origin: Origin = {
        where: placed,
        service: null,
        source: "kubernetes",
        definition: `${path}:${item.start}`,
      };
      for (const literal of itemsOf(valueAt(item, "literals"))) {
        const text = textOf(literal) ?? "";
        const equals = text.indexOf("=");
        if (equals < 1) continue;
        if (block === "secretGenerator") addSecret(sink, origin, text.slice(0, equals), null, at(literal));
        else
          addPlain(
            sink,
            origin,
            text.slice(0, equals),
            text.slice(equals + 1).replace(/^(["'])(.*)\1$/, "$2"),
            at(literal),
          );
      }
      if (block === "secretGenerator") continue;
      for (const file of [...itemsOf(valueAt(item, "envs")), ...[valueAt(item, "env")].filter((one) => one !== null)]) {
        const target = [directoryOf(path), textOf(file) ?? ""].filter((part) => part !== "").join("/");
        // A file whose own name says the environment is read by itself.
        if (sink.input.files.has(target) && sink.naming.ofPath(target).environment === null)
          readEnvFile(sink, target, origin);
      }
    }
}

function readCloudBuild(sink: Sink, root: DataMap, path: RepoPath, at: At, where: Where): void {
  for (const step of itemsOf(valueAt(root, "steps"))) {
    const args = itemsOf(valueAt(step, "args"));
    const runner = `${textOf(valueAt(step, "entrypoint")) ?? ""} ${textOf(valueAt(step, "name")) ?? ""}`;
    const script = valueAt(step, "script") ?? (/(?:^|\/)(?:ba)?sh /.test(runner) ? args.at(-1) : undefined);
    const text = textOf(script);
    if (script && text !== null) {
      // Places inside a block of YAML are not those of its text: the whole script stands for each command.
      for (const command of parseShell(text.slice(0, 50_000).replaceAll("$$", "$")).commands)
        readGcloud(sink, command.words, { path, locate: () => at(script), base: script.start, hints: [() => where] });
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
