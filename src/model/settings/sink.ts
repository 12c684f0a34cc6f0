import type { ModelInput } from "../../types/model.ts";
import type { Setting } from "../../types/settings.ts";
import type { Location } from "../../types/text.ts";
import type { Naming, Where } from "./environment.ts";
import { isSensitive, literalOf } from "./values.ts";

/** What every reader of settings gets and gives. */
export interface Sink {
  input: ModelInput<"compose" | "kubernetes" | "workflows">;
  naming: Naming;
  settings: Setting[];
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

/** Adds a plain setting as it is written. Definitions that are certainly not deployed are left out. */
export function addPlain(
  sink: Sink,
  origin: Origin,
  name: string,
  text: string,
  at: Location,
  read: (text: string) => Pick<Setting, "value" | "reference"> = literalOf,
): void {
  push(sink, origin, { name, kind: "plain", sensitive: isSensitive(name), at, ...read(text) });
}

/** Adds a setting whose value nobody may look at; `reference` is the secret's name. */
export function addSecret(sink: Sink, origin: Origin, name: string, reference: string | null, at: Location): void {
  push(sink, origin, { name, kind: "secret", sensitive: true, value: null, reference, at });
}

function push(
  sink: Sink,
  { where, service, source, definition, list }: Origin,
  one: Omit<Setting, "service" | "environment" | "source" | "definition" | "list">,
): void {
  if (where.excluded || sink.settings.length >= MAX_SETTINGS) return;
  const { environment } = where;
  if (environment !== null) sink.seen.add(environment);
  sink.settings.push({ ...one, service, environment, source, definition, list: list ?? definition });
}
