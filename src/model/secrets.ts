import type { ModelInput, ModelProvider } from "../types/model.ts";
import type { SecretsModel } from "../types/secret-reference.ts";
import type { RepoPath } from "../types/text.ts";
import { isTerraform } from "./path-class.ts";
import { isJavascriptCode, isPythonCode, mayRun } from "./secrets/code-paths.ts";
import { type CodeReads, codeReads } from "./secrets/code-reads.ts";
import { composeSecrets, judgeCompose } from "./secrets/compose-variables.ts";
import { addFound, nothingFound } from "./secrets/found.ts";
import { readInventories } from "./secrets/inventory.ts";
import { judgeCi } from "./secrets/judge-ci.ts";
import { judgeDeclared } from "./secrets/judge-declared.ts";
import { judgeProcess } from "./secrets/judge-process.ts";
import { judgeStore } from "./secrets/judge-store.ts";
import { judgeWiring } from "./secrets/judge-wiring.ts";
import { judgeObjects, kubernetesSecrets } from "./secrets/kubernetes-objects.ts";
import { extraTokens } from "./secrets/near-names.ts";
import { plainSecrets } from "./secrets/plain-secrets.ts";
import { scriptSecrets } from "./secrets/scripts.ts";
import { settingsLeftOut } from "./secrets/settings-module.ts";
import { templateSecrets } from "./secrets/templates.ts";
import { judgeTerraform, terraformSecrets } from "./secrets/terraform.ts";
import { passedSecrets, presenceLines } from "./secrets/workflow-calls.ts";
import { workflowReferences } from "./secrets/workflow-references.ts";

type Needs = "workflows" | "imports" | "closures" | "kubernetes" | "compose";

/** Who wants which secret or variable, what gives it, and what exists. */
export const secretsProvider: ModelProvider<"secrets", Needs> = {
  needs: ["workflows", "imports", "closures", "kubernetes", "compose"],
  facts: ["data", "dotenv", "lines", "shell", "kubernetes", "compose", "workflow", "dockerfile"],
  // The parsers of the two languages are large: only a tree with code of theirs pays for them.
  moreFacts: ({ files }) => {
    const has = (isCode: (path: RepoPath) => boolean) =>
      files.entries.some((one) => !one.ignored && isCode(one.path) && mayRun(one.path));
    return [
      ...(has(isTerraform) ? (["hcl"] as const) : []),
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
    const manifests = kubernetesSecrets(known.kubernetes, files, facts, environments);
    const all = nothingFound();
    const terraform = terraformSecrets(files, facts, known.workflows, environments);
    const projects = composeSecrets(known.compose, files, facts, environments);
    const templates = templateSecrets(files, facts, known.workflows, environments);
    for (const found of [scripts, manifests, terraform, projects, templates]) addFound(all, found);
    // Where neither an inventory nor a closed deploy says what a process has, nothing could be said of what its code reads.
    const judged =
      inventories.some((one) => one.namespace === "process" || one.namespace === "build") ||
      options.present.size > 0 ||
      all.edges.some((edge) => edge.closed && edge.service !== null);
    const code = judged ? codeReads(files, facts, config.config) : NO_CODE;
    const references = [...ci.references, ...all.references, ...code.references];
    const { edges } = all;
    const process = {
      references,
      edges,
      inventories,
      environments,
      present: options.present,
      provided: code.provided,
      leftOut: leftOutBy(code.settingsModule, input),
      // Django finds its settings and applications by name, not by import.
      reached: judged && code.settingsModule === null ? reachedFiles(input) : null,
    };
    const names = [
      ...judgeCi(references, inventories, options.present),
      ...judgeStore(references, inventories, environments),
      ...judgeObjects(manifests, inventories, environments),
      ...judgeTerraform(terraform, inventories, environments, (name) =>
        files.matching(config.config.environments[name]?.files ?? []).map((one) => one.path),
      ),
      ...judgeWiring({ ...process, files, imports: known.imports }),
      ...judgeDeclared(references, inventories, environments),
      ...judgeCompose(projects, files, facts, inventories, environments),
      ...judgeProcess(process),
    ];
    return {
      references,
      dynamic: [...ci.dynamic, ...all.dynamic],
      edges,
      inventories,
      unreadable,
      passing: passedSecrets(known.workflows),
      presence: presenceLines(known.workflows),
      plain: plainSecrets(known.kubernetes, scripts.literals),
      kin: (left, right) => extraTokens(left, right) !== null,
      names,
    };
  },
  isEmpty: (model) => model.references.length === 0 && model.inventories.length === 0,
};

const NO_CODE: CodeReads = { references: [], provided: new Set(), settingsModule: null, paths: [] };

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
