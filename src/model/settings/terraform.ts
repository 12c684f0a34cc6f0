import { directoryOf } from "../../text/paths.ts";
import type { HclBlock, HclBody, HclFile, HclValue } from "../../types/hcl.ts";
import type { RepoPath } from "../../types/text.ts";
import { locate } from "../data.ts";
import { baseService } from "./commands.ts";
import type { Where } from "./environment.ts";
import { addPlain, addSecret, addUnknown, leaveOpen, type Origin, type Sink } from "./sink.ts";
import { exactly, joinPath } from "./values.ts";

/** Terraform files of one directory with the values that its variables can have. */
export interface TerraformModule {
  directory: RepoPath;
  files: { path: RepoPath; file: HclFile }[];
  /** Per environment what its tfvars and the calls of the module say; the key null: none in particular. Null: two calls say it differently. */
  values: Map<string | null, Map<string, string | null>>;
  defaults: Map<string, string>;
  locals: Map<string, HclValue>;
}

/** The modules of a repository and the settings in them. */
export function readTerraform(sink: Sink): TerraformModule[] {
  const modules = new Map<RepoPath, TerraformModule>();
  const tfvars: { path: RepoPath; file: HclFile; where: Where }[] = [];
  for (const { path, ignored, kind } of sink.input.files.entries) {
    if (ignored || kind !== "file" || !/\.(?:tf|tfvars)$/i.test(path)) continue;
    const where = sink.naming.ofPath(path);
    if (where.excluded) continue;
    const file = sink.input.facts.get("hcl", path);
    if (!file) continue;
    if (/\.tfvars$/i.test(path)) {
      tfvars.push({ path, file, where });
      readVariables(sink, path, file, where);
      continue;
    }
    const directory = directoryOf(path);
    let module = modules.get(directory);
    if (!module)
      modules.set(
        directory,
        (module = { directory, files: [], values: new Map(), defaults: new Map(), locals: new Map() }),
      );
    module.files.push({ path, file });
    for (const block of file.blocks) {
      if (block.type === "variable") {
        const value = block.attributes.find((one) => one.name === "default")?.value;
        const text = value && literal(value);
        if (text != null && block.labels[0]) module.defaults.set(block.labels[0].text, text);
      } else if (block.type === "locals") for (const one of block.attributes) module.locals.set(one.name, one.value);
    }
  }
  for (const { path, file, where } of tfvars) {
    // The module beside the file, or the nearest one above it.
    let directory = directoryOf(path);
    while (!modules.has(directory) && directory !== "") directory = directoryOf(directory);
    const module = modules.get(directory);
    if (!module) continue;
    const known = module.values.get(where.environment) ?? new Map<string, string | null>();
    for (const one of file.attributes) {
      const text = literal(one.value);
      if (text !== null) known.set(one.name, text);
    }
    module.values.set(where.environment, known);
  }
  for (const module of modules.values()) readCalls(sink, module, modules);
  for (const module of modules.values()) readResources(sink, module);
  return [...modules.values()];
}

/** `module "x" { source = "../modules/app", … }` in an environment's folder: what it passes are the values of the other module there. */
function readCalls(sink: Sink, caller: TerraformModule, modules: ReadonlyMap<RepoPath, TerraformModule>): void {
  for (const { path, file } of caller.files)
    for (const block of file.blocks) {
      const source = block.type === "module" && block.attributes.find((one) => one.name === "source");
      const directory = source ? joinPath(caller.directory, literal(source.value) ?? "") : null;
      const called = directory === null || directory === caller.directory ? undefined : modules.get(directory);
      if (!called) continue;
      for (const { environment, excluded } of environmentsOf(sink, caller, path)) {
        if (excluded || environment === null) continue;
        const known = called.values.get(environment) ?? new Map<string, string | null>();
        called.values.set(environment, known);
        for (const { name, value } of block.attributes) {
          const text = name === "source" ? null : resolve(value, caller, environment);
          if (name !== "source") known.set(name, known.has(name) && known.get(name) !== text ? null : text);
        }
      }
    }
}

function readVariables(sink: Sink, path: RepoPath, file: HclFile, where: Where): void {
  const origin: Origin = { where, service: null, source: "terraform", definition: path };
  if (where.environment !== null) sink.seen.add(where.environment);
  for (const one of file.attributes) {
    const text = literal(one.value);
    if (text !== null) addPlain(sink, origin, one.name, text, locate(path, file, one.value), exactly);
    if (one.value.kind !== "object") continue;
    for (const entry of one.value.entries) {
      const inner = entry.key === null ? null : literal(entry.value);
      if (inner !== null && entry.key !== null)
        addPlain(
          sink,
          origin,
          /^[A-Z][A-Z0-9_]+$/.test(entry.key) ? entry.key : `${one.name}.${entry.key}`,
          inner,
          locate(path, file, entry.value),
          exactly,
        );
    }
  }
}

/** Environments for which a module's files are applied: that of its path, else those of its tfvars. */
export function environmentsOf(sink: Sink, module: TerraformModule, path: RepoPath): Where[] {
  const own = sink.naming.ofPath(path);
  if (own.environment !== null || own.excluded) return [own];
  const named = [...module.values.keys()].filter((one) => one !== null);
  return named.length > 0 ? named.map((environment) => ({ ...own, environment })) : [own];
}

function readResources(sink: Sink, module: TerraformModule): void {
  for (const { path, file } of module.files)
    for (const where of environmentsOf(sink, module, path))
      for (const block of file.blocks) {
        if (block.type !== "resource" || block.labels.length < 2) continue;
        const [type, label] = block.labels.map((one) => one.text) as [string, string];
        const name = block.attributes.find((one) => one.name === "name");
        const service = baseService((name && resolve(name.value, module, where.environment)) ?? label);
        const definition = `${path}:${block.start} ${where.environment ?? ""}`;
        const origin: Origin = { where, service, source: "terraform", definition };
        readAttributes(sink, module, block, `${type}.${label}`, { ...origin, service: null }, path, file);
        readEnvBlocks(sink, module, block, origin, path, file, 0);
      }
}

function readAttributes(
  sink: Sink,
  module: TerraformModule,
  block: HclBlock,
  name: string,
  origin: Origin,
  path: RepoPath,
  file: HclFile,
): void {
  for (const one of block.attributes) {
    const text = resolve(one.value, module, origin.where.environment);
    if (text !== null) addPlain(sink, origin, `${name}.${one.name}`, text, locate(path, file, one.value), exactly);
  }
}

/** `env { name, value }` at any depth, with one list per block that holds them. */
function readEnvBlocks(
  sink: Sink,
  module: TerraformModule,
  body: HclBody & { start: number },
  origin: Origin,
  path: RepoPath,
  file: HclFile,
  depth: number,
): void {
  if (depth > 8) return;
  for (const block of body.blocks) {
    if (block.type === "dynamic" && block.labels[0]?.text === "env")
      leaveOpen(sink, origin, "it makes variables of a map", locate(path, file, block));
    if (block.type !== "env") {
      readEnvBlocks(sink, module, block, origin, path, file, depth + 1);
      continue;
    }
    const of = (key: string) => block.attributes.find((one) => one.name === key);
    const name = of("name") && literal(of("name")!.value);
    if (name == null) {
      leaveOpen(sink, origin, "the name of a variable is computed", locate(path, file, block));
      continue;
    }
    const list = { ...origin, list: `${origin.definition} ${body.start}` };
    const value = of("value");
    if (block.blocks.some((one) => /^(?:value_source|value_from)$/.test(one.type)))
      addSecret(sink, list, name, null, locate(path, file, block));
    else if (value) {
      const text = resolve(value.value, module, origin.where.environment);
      const at = locate(path, file, value.value);
      if (text === null) addUnknown(sink, list, name, "an expression of Terraform", at);
      else addPlain(sink, list, name, text, at, exactly);
    }
  }
}

/** A text, number or boolean as it is written; null for everything else. */
export function literal(value: HclValue): string | null {
  if (value.kind === "string") return value.string.template ? null : value.string.text;
  return value.kind === "number" || value.kind === "bool" ? value.text : null;
}

/** A literal, a variable through tfvars and defaults, a local once. */
export function resolve(
  value: HclValue,
  module: TerraformModule,
  environment: string | null,
  once = true,
): string | null {
  const text = literal(value);
  if (text !== null) return text;
  if (value.kind === "string") {
    const inner = /^([^$%]*)\$\{(var|local)\.(\w+)\}([^$%]*)$/.exec(value.string.text);
    const filled = inner && named(inner[2]!, inner[3]!, module, environment, once);
    return filled == null ? null : `${inner![1]}${filled}${inner![4]}`;
  }
  if (value.kind !== "reference" || value.reference.path.length !== 2) return null;
  const [root, name] = value.reference.path;
  return root == null || name == null ? null : named(root, name, module, environment, once);
}

function named(
  root: string,
  name: string,
  module: TerraformModule,
  environment: string | null,
  once: boolean,
): string | null {
  if (root === "var") {
    for (const values of [module.values.get(environment), module.values.get(null)])
      if (values?.has(name)) return values.get(name) ?? null;
    return module.defaults.get(name) ?? null;
  }
  const local = root === "local" && once ? module.locals.get(name) : undefined;
  return local ? resolve(local, module, environment, false) : null;
}
