import { directoryOf } from "../../text/paths.ts";
import type { EnvironmentRead, EnvironmentReads, SettingsClass, SettingsNaming } from "../../types/environment-read.ts";
import type { RepoPath } from "../../types/text.ts";

interface Placed {
  path: RepoPath;
  of: SettingsClass;
}

const DEFAULTS: SettingsNaming = { prefix: "", caseSensitive: false, ignoresEmpty: false, versionOne: false };

/**
 * What classes read that are settings of pydantic because of the class of another file that they stand on: its prefix and its other
 * options hold for their fields, unless they say otherwise.
 */
export function borrowedReads(facts: ReadonlyMap<RepoPath, EnvironmentReads>): Map<RepoPath, EnvironmentRead[]> {
  const byName = new Map<string, Placed[]>();
  for (const [path, { settings }] of facts)
    for (const of of settings ?? []) byName.set(of.name, [...(byName.get(of.name) ?? []), { path, of }]);
  const found = new Map<RepoPath, EnvironmentRead[]>();
  for (const list of byName.values())
    for (const one of list) {
      if (one.of.base === null) continue;
      const naming = namingOf(one, byName, 0);
      if (naming) found.set(one.path, [...(found.get(one.path) ?? []), ...readsOf(one.of, naming)]);
    }
  return found;
}

/** What holds for the names of a class; null where it is none of settings, as far as can be told. */
function namingOf(
  { path, of }: Placed,
  byName: ReadonlyMap<string, readonly Placed[]>,
  depth: number,
): SettingsNaming | null {
  if (of.base === null) return { ...DEFAULTS, ...of.own };
  if (depth > 10) return null;
  const { name, module } = of.base;
  const bases = (byName.get(name) ?? []).filter((one) => one.of !== of && isOf(one.path, module, path));
  const [first, ...others] = bases.map((one) => namingOf(one, byName, depth + 1));
  // Two classes of one name below the module: which of them is meant matters only where they differ.
  if (!first || others.some((one) => JSON.stringify(one) !== JSON.stringify(first))) return null;
  return { ...first, ...of.own };
}

/** Whether a file is the module that another imports from, or lies in the package that passes its names on. */
function isOf(path: RepoPath, module: string, from: RepoPath): boolean {
  const dots = /^\.*/.exec(module)![0].length;
  const written = module.slice(dots).replaceAll(".", "/");
  let directory = directoryOf(from);
  for (let up = 1; up < dots; up++) directory = directoryOf(directory);
  const wanted = dots === 0 ? `/${written}` : `/${directory}/${written}`.replace(/\/+/g, "/").replace(/(.)\/$/, "$1");
  const stem = `/${path.replace(/(?:\/__init__)?\.py$/, "")}`;
  const inside = `${stem}/`.includes(`${wanted}/`);
  return dots === 0 ? inside : `${stem}/`.startsWith(`${wanted}/`);
}

function readsOf({ name: holder, fields }: SettingsClass, naming: SettingsNaming): EnvironmentRead[] {
  return fields.map(({ name, aliases, hasDefault, nullable, atImport, start, end }) => {
    const written = aliases.length > 0 ? aliases : [`${naming.prefix}${name}`];
    const [first, ...others] = naming.caseSensitive ? written : written.map((one) => one.toUpperCase());
    return {
      name: first!,
      need: hasDefault || (nullable && naming.versionOne) ? "optional" : "required",
      form: `${holder}.${name}`,
      unless: null,
      anyOf: others,
      ...(naming.ignoresEmpty ? { emptyIsAbsent: true as const } : {}),
      atImport,
      start,
      end,
    };
  });
}
