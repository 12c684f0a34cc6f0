import { loadConfig } from "../../src/config/load.ts";
import { makeFactReader } from "../../src/engine/facts.ts";
import { makeKnownModels } from "../../src/engine/known.ts";
import type { ModelName, Models } from "../../src/types/model.ts";
import type { Workspace } from "../../src/types/workspace.ts";
import { memoryWorkspace } from "../../src/workspace/memory.ts";
import { openWorkspace } from "../../src/workspace/open.ts";

/** A model of a small tree in memory, by the real providers. Throws when it is missing. */
export async function modelOf<N extends ModelName>(name: N, files: Record<string, string>): Promise<Models[N]> {
  return modelFrom(name, memoryWorkspace(files));
}

/** A model of a folder on disk. Throws when it is missing. */
export async function modelIn<N extends ModelName>(name: N, directory: string): Promise<Models[N]> {
  return modelFrom(name, await openWorkspace(directory, { environment: {}, verifyFiles: false, notice: () => {} }));
}

async function modelFrom<N extends ModelName>(name: N, workspace: Workspace): Promise<Models[N]> {
  const known = makeKnownModels(
    {
      files: workspace.files,
      config: await loadConfig(workspace, null),
      options: { environment: null, online: false, present: new Map(), deployed: null, head: null, now: 0 },
      workspace,
      environment: {},
      linkTarget: workspace.linkTarget,
      noteUnread: () => {},
    },
    makeFactReader(workspace),
    () => {},
  );
  const outcome = await known.outcome(name);
  if ("missing" in outcome) throw new Error(outcome.missing);
  return outcome.model as Models[N];
}
