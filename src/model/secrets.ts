import type { ModelInput, ModelProvider } from "../types/model.ts";
import type { SecretsModel } from "../types/secret-reference.ts";
import type { RepoPath } from "../types/text.ts";
import { isJavascriptCode, isPythonCode, mayRun } from "./secrets/code-paths.ts";
import { codeReads } from "./secrets/code-reads.ts";
import { readInventories } from "./secrets/inventory.ts";
import { judgeCi } from "./secrets/judge-ci.ts";
import { judgeProcess } from "./secrets/judge-process.ts";
import { judgeStore } from "./secrets/judge-store.ts";
import { scriptSecrets } from "./secrets/scripts.ts";
import { settingsLeftOut } from "./secrets/settings-module.ts";
import { workflowReferences } from "./secrets/workflow-references.ts";

type Needs = "workflows" | "imports" | "closures";

/** Who wants which secret or variable, what gives it, and what exists. */
export const secretsProvider: ModelProvider<"secrets", Needs> = {
  needs: ["workflows", "imports", "closures"],
  facts: ["data", "dotenv", "lines", "shell"],
  // The parsers of the two languages are large: only a tree with code of theirs pays for them.
  moreFacts: ({ files }) => {
    const has = (isCode: (path: RepoPath) => boolean) =>
      files.entries.some((one) => !one.ignored && isCode(one.path) && mayRun(one.path));
    return [
      ...(has(isPythonCode) ? (["python-environment"] as const) : []),
      ...(has(isJavascriptCode) ? (["javascript-environment", "called-names", "accessor-calls"] as const) : []),
    ];
  },
  build(input): SecretsModel {
    const { files, facts, config, options, known } = input;
    const { inventories, unreadable } = readInventories({ files, facts, config }, options.environment);
    const environments = Object.keys(config.config.environments).filter(
      (name) => options.environment === null || name === options.environment,
    );
    const ci = workflowReferences(known.workflows);
    const scripts = scriptSecrets(files, facts, known.workflows, environments);
    const code = codeReads(files, facts, config.config);
    const references = [...ci.references, ...scripts.references, ...code.references];
    const edges = [...scripts.edges];
    const names = [
      ...judgeCi(references, inventories, options.present),
      ...judgeStore(references, inventories, environments),
      ...judgeProcess({
        references,
        edges,
        inventories,
        environments,
        present: options.present,
        provided: code.provided,
        leftOut: leftOutBy(code.settingsModule, input),
        reached: reachedFiles(input),
      }),
    ];
    return {
      references,
      dynamic: [...ci.dynamic, ...scripts.dynamic],
      edges,
      inventories,
      unreadable,
      names,
    };
  },
  isEmpty: (model) => model.references.length === 0 && model.inventories.length === 0,
};

/** Files that the environment's settings module leaves unread, by environment. */
function leftOutBy(
  otherwise: string | null,
  { files, facts, config, known }: ModelInput<Needs>,
): (environment: string | null) => ReadonlySet<RepoPath> {
  const answers = new Map<string | null, ReadonlySet<RepoPath>>();
  return (environment) => {
    const answer = answers.get(environment);
    if (answer) return answer;
    let module = otherwise;
    for (const entry of environment === null ? [] : config.config.environments[environment]!.inventory)
      if ("env-file" in entry && files.has(entry["env-file"]))
        module =
          facts.get("dotenv", entry["env-file"])?.entries.findLast((one) => one.name === "DJANGO_SETTINGS_MODULE")
            ?.value ?? module;
    const made = module === null ? new Set<RepoPath>() : settingsLeftOut(module, files, known.imports);
    answers.set(environment, made);
    return made;
  };
}

/** The files that the start-up of some process reaches; null where no process of the repository's own code is known. */
function reachedFiles({ known }: ModelInput<Needs>): ReadonlySet<RepoPath> | null {
  const reached = new Set<RepoPath>();
  for (const entry of known.closures.entries) {
    if (entry.path === null) continue;
    for (const { path } of known.closures.of(entry).modules) reached.add(path);
  }
  return reached.size > 0 ? reached : null;
}
