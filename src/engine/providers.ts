import type { EvidenceProvider, ModelName, ModelProvider, Models } from "../types/model.ts";

export type Provider<K extends ModelName = ModelName> = ModelProvider<K> | EvidenceProvider<K>;

/** Models that the engine gives from what it already holds. */
export type GivenModel = "files" | "config" | "suppressions";

/** Where each model and each piece of evidence comes from; loaded when the first enabled rule needs it. */
export const providers: { readonly [K in Exclude<ModelName, GivenModel>]: () => Promise<Provider<K>> } = {};

/** A provider by name; null for the models that the engine gives itself. */
export function providerOf(name: ModelName): (() => Promise<Provider>) | null {
  const all = providers as Readonly<Record<string, () => Promise<unknown>>>;
  return (all[name] as (() => Promise<Provider>) | undefined) ?? null;
}

export type AnyModel = Models[ModelName];
