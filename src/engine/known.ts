import { Unprepared } from "../sources/unprepared.ts";
import type { Missing } from "../types/missing.ts";
import type { EvidenceInput, ModelInput, ModelName, Models } from "../types/model.ts";
import type { LoadingFactReader } from "./facts.ts";
import { providerOf } from "./providers.ts";

/** What came of a need: the model, or why it could not be had. */
export type Outcome = { model: unknown; empty: boolean } | Missing;

export interface KnownModels {
  /** Computes a model and what it needs, each once. A provider that throws makes its model missing. */
  outcome(name: ModelName): Promise<Outcome>;
  /** A model that some rule has asked for; null where none has, or it cannot be had. */
  computed<K extends ModelName>(name: K): Promise<Models[K] | null>;
  /** Puts in a model that the engine made itself. */
  give<K extends ModelName>(name: K, model: Models[K], empty?: boolean): void;
}

/** The needs that tell whether there is something to check: tree and config are always there, and count only where nothing else is needed. */
export function telling(needs: readonly ModelName[]): readonly ModelName[] {
  const others = needs.filter((need) => need !== "files" && need !== "config");
  return others.length > 0 ? others : needs;
}

type BaseInput = Omit<EvidenceInput, "facts" | "known">;

/** Computes models on demand. `trace` hears of a provider's crash, for --verbose. */
export function makeKnownModels(base: BaseInput, facts: LoadingFactReader, trace: (text: string) => void): KnownModels {
  const outcomes = new Map<ModelName, Promise<Outcome>>();

  async function compute(name: ModelName): Promise<Outcome> {
    const load = providerOf(name);
    if (!load) throw new Error(`no provider for model "${name}"`);
    const provider = await load();
    const known: Partial<Record<ModelName, unknown>> = {};
    // A model that is made of others holds nothing to check when none of them does.
    const tells = telling(provider.needs);
    let derivedEmpty = tells.length > 0;
    for (const need of provider.needs) {
      const outcome = await get(need);
      if ("missing" in outcome) return outcome;
      known[need] = outcome.model;
      if (tells.includes(need)) derivedEmpty &&= outcome.empty;
    }
    const started = Date.now();
    try {
      const input = { ...base, facts, known: known as ModelInput["known"] };
      await facts.load(provider.facts);
      if ("build" in provider && provider.moreFacts) await facts.load(provider.moreFacts(input));
      const model = await prepared(() => ("build" in provider ? provider.build(input) : provider.load(input)));
      trace(`${name}: ${Date.now() - started} ms`);
      if (isMissing(model)) return model;
      return { model, empty: provider.isEmpty?.(model) ?? derivedEmpty };
    } catch (error) {
      trace(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      const said = error instanceof Error ? error.message.split("\n")[0] : String(error);
      return {
        missing: `the ${name} model could not be built: ${said}`,
        remedy: "Please report this as a bug of predeploy.",
      };
    }
  }

  function get(name: ModelName): Promise<Outcome> {
    let outcome = outcomes.get(name);
    if (!outcome) {
      outcome = compute(name);
      outcomes.set(name, outcome);
    }
    return outcome;
  }

  return {
    outcome: get,
    async computed<K extends ModelName>(name: K) {
      const outcome = await outcomes.get(name);
      return outcome !== undefined && "model" in outcome ? (outcome.model as Models[K]) : null;
    },
    give: (name, model, empty = false) => void outcomes.set(name, Promise.resolve({ model, empty })),
  };
}

/** What `make` gives; where it meets a text whose parser is not loaded, the parser is loaded and it starts again over the facts that are known by then. */
async function prepared<T>(make: () => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await make();
    } catch (error) {
      if (!(error instanceof Unprepared)) throw error;
      await error.prepare();
    }
  }
}

function isMissing(model: unknown): model is Missing {
  return (
    typeof model === "object" && model !== null && typeof (model as Missing).missing === "string" && "remedy" in model
  );
}
