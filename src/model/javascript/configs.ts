import { directoryOf } from "../../text/paths.ts";
import type { FactReader } from "../../types/facts.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { joinPaths } from "./paths.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON value by keys; undefined where it is not there. */
export function valueIn(value: Json | undefined, ...keys: string[]): Json | undefined {
  let at = value;
  for (const key of keys) {
    if (typeof at !== "object" || at === null || Array.isArray(at) || !Object.hasOwn(at, key)) return undefined;
    at = at[key];
  }
  return at;
}

/** JSON with comments and trailing commas, as tsconfig.json is written. Null for anything else; never throws; linear. */
export function parseJsonc(text: string): Json {
  const kept: string[] = [];
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let from = at;
  /** Index in `kept` of a comma after which only white space has come; -1 without one. */
  let comma = -1;
  const keep = (to: number) => {
    if (to > from) kept.push(text.slice(from, to));
    from = to;
  };
  while (at < text.length) {
    const character = text[at]!;
    if (character === '"') {
      comma = -1;
      at++;
      while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
      at++;
    } else if (character === "/" && (text[at + 1] === "/" || text[at + 1] === "*")) {
      keep(at);
      const end = text[at + 1] === "/" ? text.indexOf("\n", at) : text.indexOf("*/", at + 2) + 1;
      at = end <= 0 ? text.length : text[at + 1] === "/" ? end : end + 1;
      from = at;
    } else {
      if (character === ",") {
        keep(at);
        comma = kept.push(",") - 1;
        from = at + 1;
      } else if ((character === "}" || character === "]") && comma >= 0) {
        kept[comma] = " ";
        comma = -1;
      } else if (!/\s/.test(character)) comma = -1;
      at++;
    }
  }
  keep(text.length);
  try {
    return JSON.parse(kept.join("")) as Json;
  } catch {
    return null;
  }
}

/** A package.json of the repository, outside node_modules. */
export interface Package {
  directory: RepoPath;
  name: string | null;
  json: Json;
}

/** The mapping of module names that one tsconfig gives. */
export interface PathMapping {
  /** Repository directory that the targets are relative to. */
  base: RepoPath;
  paths: { pattern: string; targets: string[] }[];
  /** `baseUrl`: names may be paths below it. */
  baseUrl: RepoPath | null;
}

/** package.json and tsconfig.json of a repository, each read once. */
export interface ProjectConfigs {
  packages(): ReadonlyMap<string, Package>;
  /** The package.json that governs a file. */
  packageOf(path: RepoPath): Package | null;
  /** Path mappings that hold for a file, most specific first. */
  mappingsFor(path: RepoPath): readonly PathMapping[];
  read(path: RepoPath): Json;
}

const maxExtends = 12;

export function projectConfigs(files: FileTree, facts: FactReader): ProjectConfigs {
  const known = new Map<RepoPath, Json>();
  const byDirectory = new Map<RepoPath, readonly PathMapping[]>();
  const packageByDirectory = new Map<RepoPath, Package | null>();
  let byName: Map<string, Package> | null = null;

  function read(path: RepoPath): Json {
    let json = known.get(path);
    if (json === undefined) {
      const entry = files.get(path);
      const lines = entry && entry.kind !== "submodule" ? facts.get("lines", path) : null;
      json = lines ? parseJsonc(lines.lines.join("\n")) : null;
      known.set(path, json);
    }
    return json;
  }

  function packageIn(directory: RepoPath): Package | null {
    const path = joinPaths(directory, "package.json");
    if (path === null || !files.has(path)) return null;
    const json = read(path);
    const name = valueIn(json, "name");
    return { directory, name: typeof name === "string" ? name : null, json };
  }

  /** The file that `extends` names, when it is in the repository; a package that is not installed gives nothing. */
  function extended(from: RepoPath, name: string): RepoPath | null {
    let base = name.startsWith(".") ? joinPaths(directoryOf(from), name) : null;
    if (base === null && !name.startsWith(".")) {
      const scope = name.startsWith("@") ? name.split("/").slice(0, 2).join("/") : name.split("/")[0]!;
      const owner = configs.packages().get(scope);
      if (owner) base = joinPaths(owner.directory, name.slice(scope.length + 1) || "tsconfig.json");
    }
    if (base === null) return null;
    return [base, `${base}.json`, `${base}/tsconfig.json`].find((path) => files.has(path)) ?? null;
  }

  /** Own mapping of a config, or the one it extends. */
  function mappingOf(path: RepoPath, depth = 0): PathMapping | null {
    const json = read(path);
    const options = valueIn(json, "compilerOptions");
    const base = valueIn(options, "baseUrl");
    const baseUrl = typeof base === "string" ? joinPaths(directoryOf(path), base) : null;
    const given = valueIn(options, "paths");
    let inherited: PathMapping | null = null;
    const from = valueIn(json, "extends");
    if (depth < maxExtends) {
      for (const name of (Array.isArray(from) ? from : [from]).toReversed()) {
        const target = typeof name === "string" ? extended(path, name) : null;
        inherited ??= target === null || target === path ? null : mappingOf(target, depth + 1);
      }
    }
    if (typeof given === "object" && given !== null && !Array.isArray(given)) {
      const paths = Object.entries(given).map(([pattern, targets]) => ({
        pattern,
        targets: Array.isArray(targets) ? targets.filter((one) => typeof one === "string") : [],
      }));
      return {
        base: baseUrl ?? inherited?.baseUrl ?? directoryOf(path),
        paths,
        baseUrl: baseUrl ?? inherited?.baseUrl ?? null,
      };
    }
    if (baseUrl !== null) return { base: inherited?.base ?? baseUrl, paths: inherited?.paths ?? [], baseUrl };
    return inherited;
  }

  function mappingsIn(directory: RepoPath): readonly PathMapping[] {
    let found = byDirectory.get(directory);
    if (found) return found;
    byDirectory.set(directory, []);
    const own: PathMapping[] = [];
    for (const name of ["tsconfig.json", "jsconfig.json", "tsconfig.base.json", "tsconfig.app.json"]) {
      const path = joinPaths(directory, name);
      if (path === null || !files.has(path)) continue;
      const mapping = mappingOf(path);
      if (mapping) own.push(mapping);
      const references = valueIn(read(path), "references");
      if (mapping || !Array.isArray(references)) continue;
      for (const reference of references.slice(0, 50)) {
        const to = valueIn(reference, "path");
        const target = typeof to === "string" ? joinPaths(directory, to) : null;
        const config =
          target === null
            ? undefined
            : [target, `${target}/tsconfig.json`].find((one) => one.endsWith(".json") && files.has(one));
        const referenced = config === undefined || directoryOf(config) !== directory ? null : mappingOf(config);
        if (referenced) own.push(referenced);
      }
    }
    found = directory === "" ? own : [...own, ...mappingsIn(directoryOf(directory))];
    byDirectory.set(directory, found);
    return found;
  }

  const configs: ProjectConfigs = {
    read,
    packages() {
      if (byName) return byName;
      byName = new Map();
      for (const entry of files.entries) {
        if (!entry.path.endsWith("package.json") || entry.ignored || /(?:^|\/)node_modules\//.test(entry.path))
          continue;
        if (entry.path !== "package.json" && !entry.path.endsWith("/package.json")) continue;
        const found = packageIn(directoryOf(entry.path));
        if (found?.name && !byName.has(found.name)) byName.set(found.name, found);
      }
      return byName;
    },
    packageOf(path) {
      const directory = directoryOf(path);
      const before = packageByDirectory.get(directory);
      if (before !== undefined) return before;
      const found = packageIn(directory) ?? (directory === "" ? null : configs.packageOf(directory));
      packageByDirectory.set(directory, found);
      return found;
    },
    mappingsFor: (path) => mappingsIn(directoryOf(path)),
  };
  return configs;
}
