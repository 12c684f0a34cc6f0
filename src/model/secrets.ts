import type { ModelProvider } from "../types/model.ts";
import type { SecretsModel } from "../types/secret-reference.ts";
import { readInventories } from "./secrets/inventory.ts";
import { judgeCi } from "./secrets/judge-ci.ts";
import { workflowReferences } from "./secrets/workflow-references.ts";

/** Who wants which secret or variable, what gives it, and what exists. */
export const secretsProvider: ModelProvider<"secrets", "workflows"> = {
  needs: ["workflows"],
  facts: ["data", "dotenv", "lines"],
  build({ files, facts, config, options, known }): SecretsModel {
    const { inventories, unreadable } = readInventories({ files, facts, config }, options.environment);
    const { references, dynamic } = workflowReferences(known.workflows);
    const names = judgeCi(references, inventories, options.present);
    return { references, dynamic, edges: [], inventories, unreadable, names };
  },
  isEmpty: (model) => model.references.length === 0 && model.inventories.length === 0,
};
