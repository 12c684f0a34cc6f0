import { gitignoreMatcher } from "../../sources/gitignore.ts";
import { nearestNames } from "../../text/nearest.ts";
import { baseName, directoryOf } from "../../text/paths.ts";
import type { FactReader } from "../../types/facts.ts";
import type { ImportMiss } from "../../types/imports.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { sourcesOf } from "../entry/built.ts";
import { type Json, type Package, type ProjectConfigs, projectConfigs, valueIn } from "./configs.ts";
import { joinPaths, scriptPattern } from "./paths.ts";

/** Where an import leads: a file of the repository, or why there is none. */
export interface ScriptResolution {
  path: RepoPath | null;
  miss: ImportMiss | null;
}

export interface ScriptResolver {
  configs: ProjectConfigs;
  resolve(from: RepoPath, specifier: string): ScriptResolution;
  /** Repository paths that a name which is not relative may stand for: tsconfig `paths`, workspace packages, `#imports`. */
  aliases(from: RepoPath, specifier: string): RepoPath[];
}

const endings = [
  ".ts",
  ".tsx",
  ".d.ts",
  ".js",
  ".jsx",
  ".mts",
  ".cts",
  ".mjs",
  ".cjs",
  ".json",
  ".node",
  ".vue",
  ".svelte",
  ".d.mts",
];
const indexEndings = [".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mts", ".cts", ".mjs", ".cjs", ".json"];
/** What TypeScript takes for each ending that is written. */
const written: Record<string, readonly string[]> = {
  ".js": [".ts", ".tsx", ".d.ts", ".jsx"],
  ".jsx": [".tsx", ".d.ts"],
  ".mjs": [".mts", ".d.mts"],
  ".cjs": [".cts", ".d.cts"],
  ".ts": [".js"],
};
const generated =
  /(?:^|\/)(?:__?generated__?|generated|\.?gen|dist|build|out|output|lib-cov|coverage|\.next|\.nuxt|\.output|\.react-router|\.svelte-kit|\.astro|\.velite|\.contentlayer|\.source|node_modules|vendor|prisma\/client|styled-system|i18n-types|paraglide|typechain(?:-types)?|artifacts|wasm|pkg|bin|target|tmp|public)(?:\/|$)|\.(?:generated|gen|graphql|pb|_pb)(?:\.|$)|[_-]pb$/i;

/** Resolves imports against the listed paths alone; nothing is installed and no config code runs. */
export function scriptResolver(files: FileTree, facts: FactReader): ScriptResolver {
  const configs = projectConfigs(files, facts);
  const known = new Map<string, ScriptResolution>();
  const ignores = new Map<RepoPath, ReturnType<typeof gitignoreMatcher> | null>();

  /** The path of the folder that a path leads through links to; null where one leads out of the tree. A link to a file is the file. */
  function followed(path: RepoPath): RepoPath | null {
    const whole = files.real(path);
    if (whole === null || whole === path || files.hasDirectory(whole)) return whole;
    const directory = files.real(directoryOf(path));
    return directory === null ? null : joinPaths(directory, baseName(path));
  }

  /** A path as Node.js, TypeScript and bundlers would find it. */
  function at(base: RepoPath): RepoPath | null {
    if (files.has(base)) return base;
    for (const ending of endings) if (files.has(base + ending)) return base + ending;
    const dot = base.lastIndexOf(".");
    const others = dot > base.lastIndexOf("/") ? written[base.slice(dot)] : undefined;
    for (const ending of others ?? []) if (files.has(base.slice(0, dot) + ending)) return base.slice(0, dot) + ending;
    if (base !== "" && !files.hasDirectory(base)) return null;
    const prefix = base === "" ? "" : `${base}/`;
    if (files.has(`${prefix}package.json`)) {
      const json = configs.read(`${prefix}package.json`);
      for (const key of ["source", "module", "main"]) {
        const main = valueIn(json, key);
        const target = typeof main === "string" ? joinPaths(base, main) : null;
        const found = target === null || target === base ? null : output(target);
        if (found !== null) return found;
      }
    }
    for (const ending of indexEndings) if (files.has(`${prefix}index${ending}`)) return `${prefix}index${ending}`;
    return null;
  }

  /** A path that may be the output of a build: itself, else the source it is made from. */
  function output(path: RepoPath): RepoPath | null {
    const exact = ["", ...indexEndings, ...indexEndings.map((ending) => `/index${ending}`)].map(
      (ending) => path + ending,
    );
    const declared = path.replace(/\.d\.([cm]?)ts$/, ".$1js");
    return [...exact, ...sourcesOf(declared)].find((candidate) => files.has(candidate)) ?? null;
  }

  /** Targets of an `exports` or `imports` value: strings of every condition but types, in their order. */
  function targetsOf(value: Json | undefined, depth = 0): string[] {
    if (typeof value === "string") return [value];
    if (depth > 8 || value === undefined || value === null || typeof value !== "object") return [];
    if (Array.isArray(value)) return value.flatMap((one) => targetsOf(one, depth + 1));
    const entries = Object.entries(value);
    const rank = (key: string) => (key === "source" || key === "development" ? 0 : key === "types" ? 2 : 1);
    return entries.sort((a, b) => rank(a[0]) - rank(b[0])).flatMap(([, one]) => targetsOf(one, depth + 1));
  }

  function mapped(map: Json | undefined, key: string): string[] {
    if (typeof map !== "object" || map === null || Array.isArray(map)) return key === "." ? targetsOf(map) : [];
    const own = Object.hasOwn(map, key) ? targetsOf(map[key]) : [];
    if (own.length > 0) return own;
    if (key === "." && !Object.keys(map).some((one) => one.startsWith("."))) return targetsOf(map);
    for (const pattern of Object.keys(map).sort((a, b) => b.length - a.length)) {
      const star = pattern.indexOf("*");
      if (star === -1 || !key.startsWith(pattern.slice(0, star)) || !key.endsWith(pattern.slice(star + 1))) continue;
      const middle = key.slice(star, key.length - (pattern.length - star - 1));
      return targetsOf(map[pattern]).map((target) => target.replaceAll("*", middle));
    }
    return [];
  }

  function inPackage(owner: Package, below: string): RepoPath | null {
    const key = below === "" ? "." : `./${below}`;
    for (const target of mapped(valueIn(owner.json, "exports"), key)) {
      const path = joinPaths(owner.directory, target);
      const found = path === null ? null : output(path);
      if (found !== null) return found;
    }
    const direct = joinPaths(owner.directory, below);
    const inSource = joinPaths(owner.directory, "src", below);
    return (direct === null ? null : at(direct)) ?? (inSource === null ? null : at(inSource));
  }

  function ownerOf(specifier: string): { owner: Package; below: string } | null {
    const segments = specifier.split("/");
    const name = specifier.startsWith("@") ? segments.slice(0, 2).join("/") : segments[0]!;
    const owner = configs.packages().get(name);
    return owner ? { owner, below: specifier.slice(name.length + 1) } : null;
  }

  function aliases(from: RepoPath, specifier: string): RepoPath[] {
    const found: RepoPath[] = [];
    const add = (path: RepoPath | null) => {
      if (path !== null) found.push(path);
    };
    for (const mapping of configs.mappingsFor(from)) {
      const matching = mapping.paths
        .map((one) => ({ ...one, star: one.pattern.indexOf("*") }))
        .filter(({ pattern, star }) =>
          star === -1
            ? pattern === specifier
            : specifier.length >= pattern.length - 1 &&
              specifier.startsWith(pattern.slice(0, star)) &&
              specifier.endsWith(pattern.slice(star + 1)),
        )
        .sort((a, b) => (a.star === -1 ? -1 : b.star === -1 ? 1 : b.star - a.star));
      for (const { pattern, star, targets } of matching.slice(0, 1)) {
        const middle = star === -1 ? "" : specifier.slice(star, specifier.length - (pattern.length - star - 1));
        for (const target of targets)
          add(
            joinPaths(
              mapping.base,
              target.replace("*", () => middle),
            ),
          );
      }
      if (mapping.baseUrl !== null) add(joinPaths(mapping.baseUrl, specifier));
    }
    if (specifier.startsWith("#")) {
      const owner = configs.packageOf(from);
      for (const target of owner ? mapped(valueIn(owner.json, "imports"), specifier) : [])
        add(owner && joinPaths(owner.directory, target));
    }
    const package_ = ownerOf(specifier);
    if (package_) add(inPackage(package_.owner, package_.below));
    return found;
  }

  function isIgnored(...names: RepoPath[]): boolean {
    return names.some((name) => {
      for (let directory = directoryOf(name); ; directory = directoryOf(directory)) {
        const below = directory === "" ? name : name.slice(directory.length + 1);
        if (below !== "" && ignoreOf(directory)?.(below)) return true;
        if (directory === "") return false;
      }
    });
  }

  function ignoreOf(directory: RepoPath): ReturnType<typeof gitignoreMatcher> | null {
    let matcher = ignores.get(directory);
    if (matcher === undefined) {
      const file = joinPaths(directory, ".gitignore")!;
      const lines = files.has(file) ? facts.get("lines", file) : null;
      matcher = lines ? gitignoreMatcher(lines.lines) : null;
      ignores.set(directory, matcher);
    }
    return matcher;
  }

  /** Whether git leaves out what an import names, so that something makes it: by its own name, not as what the compiler makes of each source. */
  function ignoredByGit(path: RepoPath, from: RepoPath): boolean {
    const stem = path.replace(scriptPattern, "");
    if (isIgnored(`${stem}/`, `${stem}.ts`, `${stem}.tsx`)) return true;
    if (!isIgnored(path, `${stem}.js`)) return false;
    const own = /\.[cm]?tsx?$/.test(from) ? from.replace(/tsx?$/, "js") : null;
    const beside = files.children(directoryOf(path));
    const name = `${stem.slice(stem.lastIndexOf("/") + 1)}.`;
    return own === null || !isIgnored(own) || beside.some((one) => one.startsWith(name));
  }

  /** Whether `../..` leads out of the package and, from the same file one folder deeper, to something that is there: `build/server/main.js`. */
  function isFromOutput(from: RepoPath, specifier: string, base: RepoPath): boolean {
    const package_ = configs.packageOf(from)?.directory ?? "";
    if (package_ === "" || base.startsWith(`${package_}/`)) return false;
    const deeper = joinPaths(`${package_}/build${directoryOf(from).slice(package_.length)}`, specifier);
    return deeper !== null && at(deeper) !== null;
  }

  function missing(from: RepoPath, specifier: string, base: RepoPath): ImportMiss {
    const miss = (kind: ImportMiss["kind"], detail: string, nearest: string | null = null): ImportMiss => ({
      kind,
      wanted: specifier,
      nearest,
      detail,
    });
    if (files.real(base) === null) return miss("unknown", "a symbolic link leads out of the repository");
    if (generated.test(base)) return miss("unknown", "generated by a build, by its name");
    if (ignoredByGit(base, from)) return miss("unknown", "git ignores it, so a build may make it");
    for (let directory: RepoPath = directoryOf(base); directory !== ""; directory = directoryOf(directory)) {
      if (files.get(directory)?.kind === "submodule") return miss("unknown", "it lies in a submodule");
    }
    const directory = directoryOf(base);
    const stem = base.slice(base.lastIndexOf("/") + 1).replace(scriptPattern, "");
    const names = files.children(directory).map((name) => name.replace(/\.(?:d\.)?(?:[cm]?[jt]sx?|json)$/, ""));
    const [best] = nearestNames(stem, new Set(names.filter((name) => name !== stem)), 1);
    const nearest =
      best === undefined ? null : relative(directoryOf(from), directory === "" ? best : `${directory}/${best}`);
    const there = directory === "" || files.hasDirectory(directory);
    return miss(
      "module",
      there ? `${directory || "the root"} holds no ${stem}` : `there is no directory ${directory}`,
      nearest,
    );
  }

  function find(from: RepoPath, given: string): ScriptResolution {
    const external: ScriptResolution = {
      path: null,
      miss: { kind: "external", wanted: given, nearest: null, detail: "not of this repository" },
    };
    if (
      given === "" ||
      /^(?:node|data|https?|file|bun|npm|jsr|virtual|astro|cloudflare):/.test(given) ||
      given.includes("!")
    )
      return external;
    const specifier = given.replace(/[?].*$/, "");
    // `.prisma/client` is a package: only `./` and `../` lead from the file.
    if (/^\.\.?(?:\/|$)/.test(specifier) || specifier.startsWith("/")) {
      if (specifier.startsWith("/")) return external;
      const joined = joinPaths(directoryOf(from), specifier);
      const base = joined === null ? null : followed(joined);
      if (base === null)
        return {
          path: null,
          miss: { kind: "unknown", wanted: given, nearest: null, detail: "it lies outside the repository" },
        };
      const found = at(base);
      if (found !== null) return { path: found, miss: null };
      const detail = "it is there from a folder of the package that a build fills";
      if (isFromOutput(from, specifier, base))
        return { path: null, miss: { kind: "unknown", wanted: given, nearest: null, detail } };
      return { path: null, miss: missing(from, given, base) };
    }
    const candidates = aliases(from, specifier);
    for (const candidate of candidates) {
      const base = followed(candidate);
      const found = base === null ? null : at(base);
      if (found !== null) return { path: found, miss: null };
    }
    // Only a mapping that names a folder of its own says that the import is ours; `*` and baseUrl catch every package.
    const own = ownPattern(from, specifier);
    if (own !== null) return { path: null, miss: missing(from, given, own) };
    if (ownerOf(specifier))
      return {
        path: null,
        miss: { kind: "unknown", wanted: given, nearest: null, detail: "the workspace package is built first" },
      };
    return external;
  }

  function ownPattern(from: RepoPath, specifier: string): RepoPath | null {
    if (ownerOf(specifier)) return null;
    for (const mapping of configs.mappingsFor(from)) {
      for (const { pattern, targets } of mapping.paths) {
        const star = pattern.indexOf("*");
        if (star < 2 || !specifier.startsWith(pattern.slice(0, star)) || targets.length !== 1) continue;
        const target = joinPaths(
          mapping.base,
          targets[0]!.replace("*", () => specifier.slice(star)),
        );
        const root = joinPaths(
          mapping.base,
          targets[0]!.slice(0, targets[0]!.indexOf("*") === -1 ? undefined : targets[0]!.indexOf("*")),
        );
        if (target !== null && root !== null && (root === "" || files.hasDirectory(root))) return target;
      }
    }
    return null;
  }

  return {
    configs,
    aliases,
    resolve(from, specifier) {
      const key = `${directoryOf(from)}\0${specifier}`;
      let resolution = known.get(key);
      if (!resolution) {
        resolution = find(from, specifier);
        known.set(key, resolution);
      }
      return resolution;
    },
  };
}

/** A path as an import in `directory` would write it. */
function relative(directory: RepoPath, path: RepoPath): string {
  const from = directory === "" ? [] : directory.split("/");
  const to = path.split("/");
  let common = 0;
  while (common < from.length && common < to.length - 1 && from[common] === to[common]) common++;
  const up = from.length - common;
  return `${up === 0 ? "./" : "../".repeat(up)}${to.slice(common).join("/")}`;
}
