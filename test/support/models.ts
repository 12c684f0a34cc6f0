import { loadConfig } from "../../src/config/load.ts";
import { makeFactReader } from "../../src/engine/facts.ts";
import { makeKnownModels } from "../../src/engine/known.ts";
import type { ModelName, Models } from "../../src/types/model.ts";
import { memoryWorkspace } from "../../src/workspace/memory.ts";

/** A model of a small tree in memory, by the real providers. Throws when it is missing. */
export async function modelOf<N extends ModelName>(name: N, files: Record<string, string>): Promise<Models[N]> {
  const workspace = memoryWorkspace(files);
  const known = makeKnownModels(
    {
      files: workspace.files,
      config: await loadConfig(workspace, null),
      options: { environment: null, online: false, present: new Map(), deployed: null, head: null, now: 0 },
      workspace,
      environment: {},
      linkTarget: () => null,
      noteUnread: () => {},
    },
    makeFactReader(workspace),
    () => {},
  );
  const outcome = await known.outcome(name);
  if ("missing" in outcome) throw new Error(outcome.missing);
  return outcome.model as Models[N];
}
