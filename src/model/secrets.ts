import type { ModelProvider } from "../types/model.ts";
import type { SecretsModel } from "../types/secret-reference.ts";
import { readInventories } from "./secrets/inventory.ts";
import { judgeCi } from "./secrets/judge-ci.ts";
import { judgeStore } from "./secrets/judge-store.ts";
import { scriptSecrets } from "./secrets/scripts.ts";
import { workflowReferences } from "./secrets/workflow-references.ts";

/** Who wants which secret or variable, what gives it, and what exists. */
export const secretsProvider: ModelProvider<"secrets", "workflows"> = {
  needs: ["workflows"],
  facts: ["data", "dotenv", "lines", "shell"],
  build({ files, facts, config, options, known }): SecretsModel {
    const { inventories, unreadable } = readInventories({ files, facts, config }, options.environment);
    const environments = Object.keys(config.config.environments).filter(
      (name) => options.environment === null || name === options.environment,
    );
    const ci = workflowReferences(known.workflows);
    const scripts = scriptSecrets(files, facts, known.workflows, environments);
    const references = [...ci.references, ...scripts.references];
    const names = [
      ...judgeCi(references, inventories, options.present),
      ...judgeStore(references, inventories, environments),
    ];
    return {
      references,
      dynamic: [...ci.dynamic, ...scripts.dynamic],
      edges: scripts.edges,
      inventories,
      unreadable,
      names,
    };
  },
  isEmpty: (model) => model.references.length === 0 && model.inventories.length === 0,
};
