import type { ModelInput } from "../../types/model.ts";
import type { OpenDefinition, Setting } from "../../types/settings.ts";
import type { Location } from "../../types/text.ts";
import type { Naming, Where } from "./environment.ts";
import { isSensitive, literalOf } from "./values.ts";

/** What every reader of settings gets and gives. */
export interface Sink {
  input: ModelInput<"compose" | "kubernetes" | "workflows">;
  naming: Naming;
  settings: Setting[];
  open: OpenDefinition[];
  /** Environments that some definition is certainly about. */
  seen: Set<string>;
}

export interface Origin {
  where: Where;
  service: string | null;
  source: Setting["source"];
  definition: string;
  list?: string;
}

const MAX_SETTINGS = 100_000;

/** Adds a plain setting as it is written; null where the definition is certainly not deployed. */
export function addPlain(
  sink: Sink,
  origin: Origin,
  name: string,
  text: string,
  at: Location,
  read: (text: string) => Pick<Setting, "value" | "reference"> = literalOf,
): Setting | null {
  return push(sink, origin, { name, kind: "plain", sensitive: isSensitive(name), at, ...read(text) });
}

/** A plain setting whose value nobody can read from the repository; `reference` says what it is taken from. */
export function addUnknown(sink: Sink, origin: Origin, name: string, reference: string, at: Location): Setting | null {
  return addPlain(sink, origin, name, "", at, () => ({ value: null, reference }));
}

/** Adds a setting whose value nobody may look at; `reference` is the secret's name. */
export function addSecret(
  sink: Sink,
  origin: Origin,
  name: string,
  reference: string | null,
  at: Location,
): Setting | null {
  return push(sink, origin, { name, kind: "secret", sensitive: true, value: null, reference, at });
}

/** Says that a definition may set more names than those that were added. */
export function leaveOpen(sink: Sink, { where, service, source }: Origin, reason: string, at: Location): void {
  if (!where.excluded) sink.open.push({ environment: where.environment, service, source, reason, at });
}

/** Settings of one process in the order of its layers, the weakest first: of each name the last one arrives. */
export function settle(layers: readonly (Setting | null)[]): void {
  const last = new Map<string, Setting>();
  for (const one of layers) if (one) last.set(one.name, one);
  for (const one of layers) {
    const winner = one && last.get(one.name);
    if (one && winner && winner !== one) one.overriddenBy = winner.at;
  }
}

function push(
  sink: Sink,
  { where, service, source, definition, list }: Origin,
  one: Omit<Setting, "service" | "environment" | "source" | "definition" | "list" | "overriddenBy">,
): Setting | null {
  if (where.excluded || sink.settings.length >= MAX_SETTINGS) return null;
  const { environment } = where;
  if (environment !== null) sink.seen.add(environment);
  const setting = { ...one, service, environment, source, definition, list: list ?? definition, overriddenBy: null };
  sink.settings.push(setting);
  return setting;
}
