import type { ModelInput, ModelProvider } from "../types/model.ts";
import type { PlaceholdersModel } from "../types/placeholders.ts";
import type { RepoPath } from "../types/text.ts";
import { valueAt } from "./data.ts";
import { isAzurePipeline, isKustomization } from "./path-class.ts";
import { makeChartGuards } from "./placeholders/chart-guards.ts";
import { readCodeWords } from "./placeholders/code-words.ts";
import { globOf } from "./placeholders/config-globs.ts";
import type { Pipeline } from "./placeholders/coverage.ts";
import { customWords } from "./placeholders/custom-words.ts";
import { findDeploys } from "./placeholders/deploys.ts";
import { makeDocumented } from "./placeholders/documented.ts";
import { makeDotnetOverrides } from "./placeholders/dotnet-overrides.ts";
import { deployedExamples } from "./placeholders/examples.ts";
import { type Candidate, candidatesOf, oneALine, type Surroundings } from "./placeholders/findings.ts";
import { type Inspected, inspectFiles } from "./placeholders/inspect.ts";
import { makeManifestPrograms } from "./placeholders/manifest-programs.ts";
import { unrenderedPaths } from "./placeholders/paths.ts";
import { findRenderers } from "./placeholders/renderers.ts";
import { emptyRenderings } from "./placeholders/renders-empty.ts";
import { readScripts } from "./placeholders/script-files.ts";
import { unresolvedReferences } from "./placeholders/unresolved/references.ts";
import { makeVariableOverrides } from "./placeholders/variable-overrides.ts";
import { writtenFiles } from "./placeholders/written.ts";

/** Every placeholder in a file that is deployed as it is, with what it would have taken to render it. */
export const placeholdersProvider: ModelProvider<"placeholders", "config"> = {
  needs: ["config"],
  facts: [
    "placeholders-data",
    "placeholders-dotenv",
    "placeholders-hcl",
    "placeholders-terraform",
    "placeholders-workflow",
    "placeholders-toml",
    "placeholders-properties",
    "placeholders-ini",
    "placeholders-xml",
    "placeholders-config",
    "placeholders-lines",
    "deploy-shell",
    "deploy-make",
    "deploy-data",
    "code-tokens",
    "lines",
    "data",
    "compose",
    "dockerfile",
    "dotenv",
    "workflow",
    "kubernetes",
    "hcl",
    "helm-template",
  ],
  build: (input) => build(input),
  isEmpty: (model: PlaceholdersModel) => model.looked + model.findings.length + model.unseen.length === 0,
};

function build(input: ModelInput<"config">): PlaceholdersModel {
  const { files, facts } = input;
  const { config } = input.known.config;
  const { scripts, actions } = readScripts(files, facts);
  const deploys = findDeploys(scripts, input);
  const templates = new Set(files.named(config.placeholders.templates).map((entry) => entry.path));
  const deployed = new Map<RepoPath, string>();
  for (const [name, environment] of Object.entries(config.environments))
    for (const entry of files.named(environment.files)) deployed.set(entry.path, name);
  const inspection = inspectFiles(files, facts, deploys, { deployed, templates });
  for (const { path, reason } of inspection.unparsed) input.noteUnread(path, reason);

  const renderers = findRenderers(scripts, actions, files, facts);
  let code: ReturnType<typeof readCodeWords> | null = null;
  const pipeline: Pipeline = {
    renderers,
    deploys,
    written: writtenFiles(scripts, files),
    code: () => {
      code ??= readCodeWords(files, facts);
      return code;
    },
    guard: makeChartGuards(input),
    programs: makeManifestPrograms(files, facts),
    documented: makeDocumented(files, facts),
    overridden: makeDotnetOverrides(files, facts),
    open: makeVariableOverrides({ files, facts }),
  };
  const today = new Date(input.options.now).toISOString().slice(0, 10);
  const allowing = new Set<number>();
  const allowed = config.placeholders.allow.flatMap(({ token, path, until }, index) =>
    until === undefined || until >= today ? [{ token, matches: globOf(path), index }] : [],
  );
  const around: Surroundings = {
    input,
    pipeline,
    fluxes: inspection.fluxes,
    kustomizeVars: kustomizeVars(inspection.files, input),
    azurePipeline: files.entries.find((entry) => !entry.ignored && isAzurePipeline(entry.path))?.path ?? null,
    isAllowed(path, token) {
      const by = allowed.find((one) => one.token === token && one.matches(path));
      if (by) allowing.add(by.index);
      return by !== undefined;
    },
  };
  const candidates: Candidate[] = [];
  const examples: { file: Inspected; candidates: Candidate[] }[] = [];
  for (const file of inspection.files) {
    const found = candidatesOf(file, around);
    if (file.named === null) candidates.push(...found);
    else if (found.length > 0) examples.push({ file, candidates: found });
  }
  const { words } = config.placeholders;
  if (words.length > 0) candidates.push(...customWords(words, input, inspection, around, { deployed, templates }));
  candidates.push(...unresolvedReferences(inspection.files, input, scripts, deploys));
  const findings = [
    ...oneALine(candidates),
    ...(renderers.length > 0 ? emptyRenderings(renderers, inspection.files, facts) : []),
    ...deployedExamples(examples, deploys, scripts),
    ...unrenderedPaths(files, facts),
  ];
  return {
    findings: templateHint(findings, inspection.looked),
    unseen: inspection.unseen,
    looked: inspection.looked,
    allowing,
  };
}

/** Names under `vars` of every kustomization, where some manifest holds `$(X)` at all. */
function kustomizeVars(inspected: readonly Inspected[], { files, facts }: ModelInput<"config">): ReadonlySet<string> {
  const names = new Set<string>();
  if (!inspected.some((file) => file.facts.hits.some((hit) => hit.shape === "dollar-paren"))) return names;
  for (const entry of files.entries) {
    if (entry.ignored || !isKustomization(entry.path)) continue;
    for (const { root } of facts.get("data", entry.path)?.documents ?? []) {
      const vars = valueAt(root, "vars");
      for (const one of vars?.kind === "list" ? vars.items : []) {
        const name = valueAt(one, "name");
        if (name?.kind === "scalar") names.add(name.text);
      }
    }
  }
  return names;
}

/** A repository in which most files fire is a template itself: say so once. */
function templateHint(findings: PlaceholdersModel["findings"], looked: number): PlaceholdersModel["findings"] {
  const firing = new Set(findings.filter((one) => one.severity !== "note").map((one) => one.at.path)).size;
  const [first, ...rest] = findings;
  if (!first || looked < 4 || firing * 2 <= looked) return findings;
  const hint =
    "More than half of the deployed files hold placeholders: if this repository is a template, set `placeholders: { templates: ['**'] }` in predeploy.yml.";
  return [{ ...first, remarks: [...first.remarks, hint] }, ...rest];
}
