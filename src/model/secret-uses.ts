import type { ModelProvider } from "../types/model.ts";
import type { SecretUses } from "../types/secret-uses.ts";
import { isExampleOrTest, isHelmChart, isKustomization, isShellScript, isTerraform } from "./path-class.ts";
import { passedParameters } from "./secrets/cloudformation-parameters.ts";
import { composeSecrets } from "./secrets/compose-variables.ts";
import { addFound, noObjects, noTerraform, nothingFound } from "./secrets/found.ts";
import { helmSecrets } from "./secrets/helm.ts";
import { createdObjects } from "./secrets/kubectl-objects.ts";
import { kubernetesSecrets } from "./secrets/kubernetes-objects.ts";
import { chartObjects } from "./secrets/made-objects.ts";
import { scriptSecrets } from "./secrets/scripts.ts";
import { templateSecrets } from "./secrets/templates.ts";
import { terraformSecrets } from "./secrets/terraform.ts";
import { passedSecrets, presenceLines } from "./secrets/workflow-calls.ts";
import { workflowReferences } from "./secrets/workflow-references.ts";

type Needs = "workflows" | "kubernetes" | "compose";

/** Files of platforms that deploy by themselves. */
const PLATFORM =
  /(?:^|\/)(?:Procfile|fly\.toml|render\.ya?ml|vercel\.json|railway\.(?:json|toml)|app\.json|netlify\.toml)$/;

/** What workflows, scripts, manifests, Terraform, compose files and templates want and wire; code is not read here. */
export const secretUsesProvider: ModelProvider<"secretUses", Needs> = {
  needs: ["workflows", "kubernetes", "compose"],
  facts: [
    "data",
    "dotenv",
    "lines",
    "shell",
    "recipes",
    "kubernetes",
    "compose",
    "workflow",
    "dockerfile",
    "helm-template",
    "toml",
  ],
  // The parser is large: only a tree with Terraform pays for it.
  moreFacts: ({ files }) =>
    files.entries.some((one) => !one.ignored && isTerraform(one.path)) ? (["hcl"] as const) : [],
  build({ files, facts, config, options, known }): SecretUses {
    const environments = Object.keys(config.config.environments).filter(
      (name) => options.environment === null || name === options.environment,
    );
    // Each reader goes through all files: none is loaded where none has a name for it.
    const has = (name: RegExp): boolean => files.entries.some(({ path, ignored }) => !ignored && name.test(path));
    const data = has(/\.(?:ya?ml|json|toml)$|(?:^|\/)Kustomization$/i);
    const scripted = data || files.entries.some(({ path }) => isShellScript(path));
    const ci = data ? workflowReferences(known.workflows) : { references: [], dynamic: [] };
    const scripts = scriptSecrets(files, facts, known.workflows, environments);
    const manifests =
      known.kubernetes.objects.length > 0 ||
      files.entries.some(({ path, ignored }) => !ignored && isKustomization(path));
    const kubernetes = manifests ? kubernetesSecrets(known.kubernetes, files, facts, environments) : noObjects();
    const terraform = has(/\.(?:tf|tfvars)$/)
      ? terraformSecrets(files, facts, known.workflows, environments)
      : noTerraform();
    const compose =
      known.compose.projects.length > 0
        ? composeSecrets(known.compose, files, facts, environments)
        : { ...nothingFound(), projects: [] };
    const templates = templateSecrets(files, facts, known.workflows, environments);
    const parameters = scripted ? passedParameters(files, facts, known.workflows, environments) : nothingFound();
    const deploys = { workflows: known.workflows, kubernetes: known.kubernetes };
    const helm = data
      ? helmSecrets(files, facts, deploys, environments, (name) =>
          files.named(config.config.environments[name]?.files ?? []).map((one) => one.path),
        )
      : { wishes: [], charts: [] };
    const all = nothingFound();
    const workflows = { ...ci, edges: [], literals: [] };
    for (const found of [workflows, scripts, kubernetes, terraform, compose, templates, parameters])
      addFound(all, found);
    return {
      ...all,
      kubernetes: {
        ...kubernetes,
        wishes: [...kubernetes.wishes, ...helm.wishes],
        objects: [
          ...kubernetes.objects,
          ...terraform.objects,
          ...(scripted ? createdObjects(files, facts, known.workflows) : []),
          ...(kubernetes.wishes.length > 0 ? chartObjects(files, facts) : []),
        ],
      },
      terraform,
      compose,
      helm,
      passing: data ? passedSecrets(known.workflows) : [],
      presence: data ? presenceLines(known.workflows) : [],
      deployedOtherwise:
        known.kubernetes.objects.some((one) => one.pod !== null && !isExampleOrTest(one.path)) ||
        files.entries.some(
          ({ path, ignored }) => !ignored && (isHelmChart(path) || PLATFORM.test(path)) && !isExampleOrTest(path),
        ) ||
        [scripts, templates, terraform].some((one) => one.edges.some((edge) => edge.service !== null)),
    };
  },
  isEmpty: (model) => model.references.length === 0,
};
