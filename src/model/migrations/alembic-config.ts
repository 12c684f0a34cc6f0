import { baseName, directoryOf } from "../../text/paths.ts";
import type { RepoPath } from "../../types/text.ts";
import { joinPath, type MigrationTree } from "./tree.ts";

/** One `script_location` with its places, as one section of a config gives them. */
export interface AlembicLocation {
  config: RepoPath | null;
  location: RepoPath;
  /** Directories that hold revisions. */
  versions: RepoPath[];
  importRoots: RepoPath[];
  /** False where a listed directory is not in the tree (of an installed package, made while building). */
  complete: boolean;
}

type Settings = Readonly<Record<string, string>>;

/** Every script location: of each config's sections, and directories that look like one and that no config names. */
export function alembicLocations(tree: MigrationTree): AlembicLocation[] {
  const locations: AlembicLocation[] = [];
  const add = (config: RepoPath | null, settings: Settings): void => {
    const found = locate(tree, config, settings);
    if (found && !locations.some((one) => one.location === found.location && sameList(one.versions, found.versions))) {
      locations.push(found);
    }
  };
  for (const path of tree.paths) {
    const name = baseName(path);
    if (/^alembic.*\.ini$|alembic\.ini$/i.test(name)) {
      const sections = tree.ini(path)?.sections ?? [];
      const defaults = valuesOf(sections.find((one) => one.name === "DEFAULT")?.values ?? []);
      for (const section of sections) {
        const settings = { ...defaults, ...valuesOf(section.values) };
        if (settings["script_location"] !== undefined || section.name === "alembic") add(path, settings);
      }
    } else if (name === "pyproject.toml") {
      const settings = pyprojectSettings(tree.lines(path) ?? []);
      if (settings) add(path, settings);
    }
  }
  for (const path of tree.paths) {
    if (baseName(path) !== "script.py.mako") continue;
    const directory = directoryOf(path);
    if (!locations.some((one) => one.location === directory)) add(null, { script_location: directory });
  }
  return locations.filter((one) => one.versions.length > 0);
}

const sameList = (one: readonly string[], other: readonly string[]): boolean => one.join("\n") === other.join("\n");

const valuesOf = (values: readonly { key: string; value: string }[]): Record<string, string> =>
  Object.fromEntries(values.map(({ key, value }) => [key.toLowerCase(), value]));

function locate(tree: MigrationTree, config: RepoPath | null, raw: Settings): AlembicLocation | null {
  const here = config === null ? "" : directoryOf(config);
  const expand = (value: string): string =>
    value
      .replace(/%\(here\)s\/?/g, "\u0000")
      .replace(/%\((\w+)\)s/g, (_, name: string) => raw[name.toLowerCase()] ?? "")
      .replaceAll("%%", "%");
  // A path with %(here)s stands beside the config; any other is relative to where alembic runs: beside the config, or at the root.
  const directories = (value: string): RepoPath | null => {
    const expanded = expand(value.trim());
    const own = expanded.startsWith("\u0000");
    const plain = expanded.replaceAll("\u0000", "");
    const packaged = /^([\w.]+):(.+)$/.exec(plain);
    const text = packaged ? `${packaged[1]!.replaceAll(".", "/")}/${packaged[2]!.replaceAll(":", "/")}` : plain;
    const bases = own ? [here] : packaged ? [here, joinPath(here, "src") ?? here, "", "src"] : [here, ""];
    for (const base of bases) {
      const path = joinPath(base, text);
      if (path !== null && tree.hasDirectory(path)) return path;
    }
    return null;
  };
  const written = raw["script_location"];
  // Flask-Migrate keeps its config inside the script location and names none.
  const location =
    written === undefined ? (tree.has(joinPath(here, "env.py") ?? "") ? here : null) : directories(written);
  if (location === null) return null;
  const listed = raw["version_locations"];
  const separator = raw["version_path_separator"] ?? raw["path_separator"] ?? "";
  const wanted = listed === undefined ? [] : splitPaths(listed, separator);
  const roots =
    listed === undefined
      ? [joinPath(location, "versions") ?? location]
      : wanted.flatMap((one) => directories(one) ?? []);
  const recursive = /^(?:true|1|yes|on)$/i.test((raw["recursive_version_locations"] ?? "").trim());
  const existing = roots.filter((one) => tree.hasDirectory(one));
  const versions = recursive ? existing.flatMap((one) => withSubdirectories(tree, one)) : existing;
  const importRoots = splitPaths(raw["prepend_sys_path"] ?? "", separator).flatMap((one) => directories(one) ?? []);
  return {
    config,
    location,
    versions: [...new Set(versions)],
    importRoots: [...new Set(importRoots)],
    complete: roots.length >= wanted.length,
  };
}

function splitPaths(value: string, separator: string): string[] {
  const kinds: Record<string, RegExp> = { os: /:/, ":": /:/, ";": /;/, space: /\s+/, newline: /\n/ };
  return value
    .split(kinds[separator.trim()] ?? /,\s*|\s+/)
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

function withSubdirectories(tree: MigrationTree, directory: RepoPath): RepoPath[] {
  const nested = tree
    .children(directory)
    .filter((name) => name !== "__pycache__")
    .map((name) => (directory === "" ? name : `${directory}/${name}`))
    .filter((path) => !tree.has(path));
  return [directory, ...nested.flatMap((one) => withSubdirectories(tree, one))];
}

/** `[tool.alembic]` of a pyproject.toml: strings and lists of strings; own reader, since no TOML parser is at hand. */
function pyprojectSettings(lines: readonly string[]): Settings | null {
  const start = lines.findIndex((line) => /^\s*\[\s*tool\s*\.\s*alembic\s*\]\s*(?:#.*)?$/.test(line));
  if (start === -1) return null;
  const settings: Record<string, string> = {};
  let key = "";
  for (const line of lines.slice(start + 1, start + 500)) {
    if (/^\s*\[(?!.*=)[\w."\s-]*\]/.test(line) && key === "") break;
    const assignment = key === "" ? /^\s*([\w-]+)\s*=\s*(.*)$/.exec(line) : null;
    if (assignment) key = assignment[1]!.toLowerCase();
    if (key === "") continue;
    const rest = assignment ? assignment[2]! : line;
    const strings = [...rest.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g)].map((match) => match[1] ?? match[2] ?? "");
    const word = /^(true|false)\b/.exec(rest)?.[1];
    const values = word === undefined ? strings : [word];
    settings[key] = [...(settings[key] === undefined ? [] : [settings[key]]), ...values].join(" ");
    const opened = assignment ? rest.trimStart().startsWith("[") : true;
    if (!opened || /\]\s*(?:#.*)?$/.test(rest)) key = "";
  }
  return settings;
}
