import type { ServedHost, Setting, SettingsModel } from "../types/settings.ts";
import { terminal } from "./escape.ts";

/** What `show environments` says of one setting: where it stands and how it is set, never its value. */
interface ShownSetting {
  name: string;
  service: string | null;
  kind: "plain" | "secret";
  /** `literal`, `empty`, or `reference` with what it is taken from. */
  given: "literal" | "empty" | "reference";
  reference: string | null;
  source: string;
  path: string;
  line: number;
  /** `path:line` of what takes its place; null: it arrives. */
  overriddenBy: string | null;
}

/** `predeploy show environments --format json`: names, services and places by environment; `null` for those that nobody can tell. */
export function environmentsJson(model: SettingsModel): unknown {
  return {
    environments: grouped(model).map(([name, settings]) => ({
      name,
      settings: settings.map(shown),
      hosts: model.served
        .filter((one) => one.environment === name)
        .map(({ host, kind, backend, at }) => ({ host, kind, backend, path: at.path, line: at.start.line })),
    })),
    files: model.broken.map(({ path, kind, at }) => ({ path, kind, line: at.start.line })),
  };
}

/** `predeploy show environments`: what each environment is given, from where. */
export function environmentsText(model: SettingsModel): string {
  const groups = grouped(model);
  if (groups.length === 0) return "No settings of any environment were found.\n";
  return `${groups.map(([name, settings]) => environmentText(name, settings, model.served)).join("\n\n")}\n`;
}

function environmentText(name: string | null, settings: readonly Setting[], served: readonly ServedHost[]): string {
  const lines = [name === null ? "Environment not known" : terminal(name)];
  const byService = new Map<string, Setting[]>();
  for (const one of settings) {
    const service = one.service ?? "";
    byService.set(service, [...(byService.get(service) ?? []), one]);
  }
  for (const [service, list] of [...byService].sort(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(service === "" ? "  every service, or one that nobody can tell" : `  ${terminal(service)}`);
    for (const one of list.map(shown)) {
      const from = one.kind === "secret" ? "secret" : one.given;
      const of = one.reference === null ? "" : ` ${one.reference}`;
      const by = one.overriddenBy === null ? "" : `, overridden at ${one.overriddenBy}`;
      lines.push(terminal(`    ${one.name}: ${from}${of} (${one.path}:${one.line}${by})`));
    }
  }
  const hosts = served.filter((one) => one.environment === name);
  if (hosts.length > 0) lines.push("  hosts served");
  for (const one of hosts) {
    const to = one.backend === null ? "" : ` to ${one.backend}`;
    lines.push(terminal(`    ${one.host}: ${one.kind}${to} (${one.at.path}:${one.at.start.line})`));
  }
  return lines.join("\n");
}

function grouped(model: SettingsModel): [string | null, Setting[]][] {
  const groups = new Map<string | null, Setting[]>();
  for (const one of model.settings) {
    const group = groups.get(one.environment);
    if (group) group.push(one);
    else groups.set(one.environment, [one]);
  }
  for (const host of model.served) if (!groups.has(host.environment)) groups.set(host.environment, []);
  for (const list of groups.values()) list.sort(byPlace);
  return [...groups].sort(([a], [b]) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1));
}

function byPlace(a: Setting, b: Setting): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  if (a.at.path !== b.at.path) return a.at.path < b.at.path ? -1 : 1;
  return a.at.start.line - b.at.start.line;
}

function shown(one: Setting): ShownSetting {
  return {
    name: one.name,
    service: one.service,
    kind: one.kind,
    given: one.value === null ? "reference" : one.value.trim() === "" ? "empty" : "literal",
    reference: one.reference,
    source: one.source,
    path: one.at.path,
    line: one.at.start.line,
    overriddenBy: one.overriddenBy && `${one.overriddenBy.path}:${one.overriddenBy.start.line}`,
  };
}
