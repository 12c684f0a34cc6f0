import { directoryOf, inRepository } from "../../text/paths.ts";
import type { FactReader } from "../../types/facts.ts";
import type { StartupEntry } from "../../types/imports.ts";
import type { KeyedValue } from "../../types/keyed.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";

/** A Python project as its pyproject.toml describes it. */
export interface Distribution {
  directory: RepoPath;
  /** Normalised after PEP 503; null where it has none. */
  name: string | null;
  /** Whether an installer installs it, rather than its dependencies alone. */
  isPackage: boolean;
  /** Repository directories that an editable install puts on sys.path. */
  sourceRoots: RepoPath[];
  /** Normalised names of what it depends on, in any group. */
  dependencies: string[];
  /** Directories of dependencies that are installed editable; of uv and Poetry. */
  editablePaths: RepoPath[];
  /** Normalised names that come from directories: of uv's workspace, or by their paths. */
  local: string[];
  /** Normalised names that uv installs as a copy, though they are of the workspace. */
  copied: string[];
  /** Directories of the members of uv's workspace; null where it is no root of one. */
  members: RepoPath[] | null;
}

/** Reads pyproject.toml files. The answer of a directory is null where it has none, or none that can be read. */
export function distributionReader(files: FileTree, facts: FactReader): (directory: RepoPath) => Distribution | null {
  const known = new Map<RepoPath, Distribution | null>();
  return (directory) => {
    let found = known.get(directory);
    if (found === undefined) {
      const path = inRepository(directory, "pyproject.toml");
      const values = path !== null && files.has(path) ? facts.get("toml", path)?.values : undefined;
      found = values ? distributionOf(directory, values, files) : null;
      known.set(directory, found);
    }
    return found;
  };
}

function distributionOf(directory: RepoPath, values: readonly KeyedValue[], files: FileTree): Distribution {
  const texts = (...path: string[]) => values.filter((one) => path.every((step, index) => one.path[index] === step));
  const first = (...path: string[]) => texts(...path)[0]?.text ?? null;
  const name = first("project", "name") ?? first("tool", "poetry", "name");
  const requirements = [
    ...texts("project", "dependencies"),
    ...texts("project", "optional-dependencies"),
    ...texts("dependency-groups"),
  ].map((one) => /^[\w.-]+/.exec(one.text)?.[0] ?? "");
  const sources = entriesBelow(values, ["tool", "uv", "sources"]);
  const poetry = [
    ...entriesBelow(values, ["tool", "poetry", "dependencies"]),
    ...entriesBelow(values, ["tool", "poetry", "dev-dependencies"]),
    ...[...new Set(texts("tool", "poetry", "group").map((one) => String(one.path[3])))].flatMap((group) => [
      ...entriesBelow(values, ["tool", "poetry", "group", group, "dependencies"]),
    ]),
  ];
  const editable = [
    ...[...sources].filter(([, one]) => one.get("editable") === "true"),
    ...poetry.filter(([, one]) => one.get("develop") === "true"),
  ];
  const members = texts("tool", "uv", "workspace", "members").map((one) => one.text);
  const packageMode = first("tool", "uv", "package") ?? first("tool", "poetry", "package-mode");
  return {
    directory,
    name: name === null ? null : normalised(name),
    isPackage: packageMode === null ? texts("build-system").length > 0 : packageMode === "true",
    sourceRoots: sourceRootsOf(directory, values, files),
    dependencies: [...new Set([...requirements, ...sources.keys()].filter((one) => one !== "").map(normalised))],
    editablePaths: editable.flatMap(([, one]) => inRepository(directory, one.get("path") ?? "../".repeat(99)) ?? []),
    local: [...sources, ...poetry]
      .filter(([, one]) => one.get("workspace") === "true" || one.has("path"))
      .map(([key]) => normalised(key)),
    copied: [...sources].filter(([, one]) => one.get("editable") === "false").map(([key]) => normalised(key)),
    members:
      texts("tool", "uv", "workspace").length === 0
        ? null
        : membersOf(
            directory,
            members,
            texts("tool", "uv", "workspace", "exclude").map((one) => one.text),
            files,
          ),
  };
}

/** `a = { path = "x" }` and `[table.a]` below a table: values by entry, then by key. Lists of tables are read as one. */
function entriesBelow(values: readonly KeyedValue[], table: readonly string[]): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>();
  for (const { path, text } of values) {
    if (path.length <= table.length || !table.every((step, index) => path[index] === step)) continue;
    const key = String(path[table.length]);
    const entry = found.get(key) ?? new Map<string, string>();
    found.set(key, entry);
    if (path.length > table.length + 1) entry.set(String(path.at(-1)), text);
  }
  return found;
}

/** Where the build backend takes packages from: as it says, else `src` where there is one, else the directory itself. */
function sourceRootsOf(directory: RepoPath, values: readonly KeyedValue[], files: FileTree): RepoPath[] {
  const said = new Set<string>();
  for (const { path, text } of values) {
    const key = path.map((step) => (typeof step === "number" ? "#" : step)).join(".");
    switch (key) {
      case "tool.poetry.packages.#.include":
        if (!values.some((one) => one.path.join(".") === [...path.slice(0, -1), "from"].join("."))) said.add("");
        break;
      case "tool.poetry.packages.#.from":
      case "tool.setuptools.package-dir.":
      case "tool.setuptools.packages.find.where.#":
      case "tool.hatch.build.dev-mode-dirs.#":
      case "tool.uv.build-backend.module-root":
      case "tool.pdm.build.package-dir":
      case "tool.pdm.package-dir":
      case "tool.maturin.python-source":
        said.add(text);
        break;
      case "tool.hatch.build.targets.wheel.packages.#":
        said.add(directoryOf(text));
    }
  }
  const source = inRepository(directory, "src");
  const isLayout = source !== null && files.hasDirectory(source) && !files.has(`${source}/__init__.py`);
  const roots = said.size > 0 ? [...said] : [isLayout ? "src" : ""];
  return roots.flatMap((root) => inRepository(directory, root) ?? []);
}

function membersOf(
  directory: RepoPath,
  patterns: readonly string[],
  excluded: readonly string[],
  files: FileTree,
): RepoPath[] {
  const wanted = patterns.map(matcher);
  const unwanted = excluded.map(matcher);
  return files.under(directory).flatMap(({ path, ignored }) => {
    if (ignored || !path.endsWith("/pyproject.toml")) return [];
    const member = path.slice(0, -"/pyproject.toml".length);
    const below = directory === "" ? member : member.slice(directory.length + 1);
    return wanted.some((one) => one.test(below)) && !unwanted.some((one) => one.test(below)) ? [member] : [];
  });
}

/** A glob over directories: `packages/*`, `libs/**`, `./api`. */
function matcher(pattern: string): RegExp {
  const parts = pattern
    .replace(/^\.\/|\/+$/g, "")
    .slice(0, 300)
    .split("/");
  const source = parts.map((part) =>
    part === "**"
      ? ".*"
      : part
          .replace(/[.+^${}()|\\[\]]/g, "\\$&")
          .replace(/\*+/g, "[^/]*")
          .replace(/\?/g, "[^/]"),
  );
  return new RegExp(`^${source.join("/")}$`);
}

/**
 * Tells of a module whether it is of a distribution that the project of an entry requires by name and version: an index has it, and the
 * installer puts it into site-packages, whether or not the image holds the sources that lie in this repository.
 */
export function indexReader(entry: StartupEntry, files: FileTree, facts: FactReader): (module: RepoPath) => boolean {
  const read = distributionReader(files, facts);
  const known = new Map<Distribution, boolean>();
  return (module) => {
    const of = nearest(module, (directory) => read(directory));
    if (!of?.name || entry.path === null) return false;
    let answer = known.get(of);
    if (answer === undefined) known.set(of, (answer = requires(entry.path, of, read, files, facts)));
    return answer;
  };
}

/** Whether the nearest project around a path names a distribution of another directory, and no project from there upwards says where it lies. */
function requires(
  path: RepoPath,
  of: Distribution,
  read: (directory: RepoPath) => Distribution | null,
  files: FileTree,
  facts: FactReader,
): boolean {
  const name = of.name ?? "";
  const line = new RegExp(`^${name.split("-").map(escaped).join("[-_.]+")}(?:\\[[^\\]]*\\])?\\s*(?:[=<>~!;#]|$)`, "i");
  const own = nearest(path, (directory) => {
    const project = read(directory);
    const list = inRepository(directory, "requirements.txt");
    if (!project && (list === null || !files.has(list))) return null;
    const lines = list !== null && files.has(list) ? (facts.get("lines", list)?.lines ?? []) : [];
    return { project, named: project?.dependencies.includes(name) || lines.some((one) => line.test(one)) };
  });
  if (!own?.named || own.project === of) return false;
  const isLocal = nearest(path, (directory) => (read(directory)?.local.includes(name) ? true : null));
  return isLocal === null;
}

/** What is found first from a path's directory up to the root. */
function nearest<Found>(path: RepoPath, look: (directory: RepoPath) => Found | null): Found | null {
  for (let directory = path; directory !== ""; ) {
    directory = directoryOf(directory);
    const found = look(directory);
    if (found !== null) return found;
  }
  return null;
}

const REQUIREMENTS = /^(?:pyproject\.toml|Pipfile|setup\.(?:py|cfg)|[\w.-]*requirements[\w.-]*\.(?:txt|in))$/;

/** Whether a project in or above an entry's directory names a dependency that is called as a module of a namespace package: `acme-schema` for `acme.schema.v1`. */
export function isDependency(specifier: string, entry: StartupEntry, files: FileTree, facts: FactReader): boolean {
  const segments = specifier.split(".");
  const names = segments.slice(1).map((_, index) =>
    segments
      .slice(0, index + 2)
      .map(escaped)
      .join("[-_.]+"),
  );
  if (names.length === 0 || entry.path === null) return false;
  const named = new RegExp(`(?:^|["'\\s])(?:${names.join("|")})(?![\\w.-])`, "i");
  for (let directory = entry.path; directory !== ""; ) {
    directory = directoryOf(directory);
    for (const child of files.children(directory)) {
      if (!REQUIREMENTS.test(child)) continue;
      const lines = facts.get("lines", inRepository(directory, child) ?? child)?.lines ?? [];
      if (lines.some((line) => named.test(line) && !/^\s*(?:#|name\s*=)/.test(line))) return true;
    }
  }
  return false;
}

const escaped = (text: string): string => text.replace(/[^\w]/g, "\\$&").replaceAll("_", "[-_.]+");

/** After PEP 503. */
export function normalised(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}
