import { makeFactReader } from "../engine/facts.ts";
import { makeKnownModels } from "../engine/known.ts";
import type { Missing } from "../types/missing.ts";
import type { ModelName, Models } from "../types/model.ts";
import type { OpenRepository } from "./check.ts";

/** Models by name, outside of a run; the first that cannot be had, instead of all. */
export async function modelsOf<N extends ModelName>(
  { workspace, config, options }: OpenRepository,
  names: readonly N[],
  environment: Readonly<Record<string, string | undefined>>,
  trace: ((text: string) => void) | undefined,
): Promise<Pick<Models, N> | Missing> {
  const { files, linkTarget, noteUnread } = workspace;
  const base = { files, config, options, workspace, environment, linkTarget, noteUnread };
  const known = makeKnownModels(base, makeFactReader(workspace), trace ?? (() => {}));
  known.give("files", files);
  known.give("config", config);
  const models: Partial<Record<ModelName, unknown>> = {};
  for (const name of names) {
    const outcome = await known.outcome(name);
    if ("missing" in outcome) return outcome;
    models[name] = outcome.model;
  }
  return models as Pick<Models, N>;
}
