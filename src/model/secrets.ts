import type { ModelInput, ModelProvider, RunOptions } from "../types/model.ts";
import type { NameJudgement, SecretsModel, WiringEdge } from "../types/secret-reference.ts";
import type { Inventory } from "../types/secrets.ts";
import type { RepoPath } from "../types/text.ts";
import { closedContainers } from "./secrets/closed-containers.ts";
import { closedServices, isOfEnvironment } from "./secrets/closed-services.ts";
import { isGoCode, isJavascriptCode, isPythonCode, mayRun } from "./secrets/code-paths.ts";
import { type CodeReads, codeReads } from "./secrets/code-reads.ts";
import { judgeCompose } from "./secrets/compose-variables.ts";
import { frontEnds } from "./secrets/front-ends.ts";
import { stageBuilds } from "./secrets/front-stages.ts";
import { stepBuilds } from "./secrets/front-steps.ts";
import { listDifferences } from "./secrets/hand-kept-lists.ts";
import { judgeHelm } from "./secrets/helm.ts";
import { readInventories } from "./secrets/inventory.ts";
import { buildsOf, judgeBuild } from "./secrets/judge-build.ts";
import { judgeCi } from "./secrets/judge-ci.ts";
import { judgeContainers, reachedByContainers } from "./secrets/judge-containers.ts";
import { judgeDeclared } from "./secrets/judge-declared.ts";
import { judgeObjects } from "./secrets/judge-objects.ts";
import { judgeProcess, partOf } from "./secrets/judge-process.ts";
import { judgeStore } from "./secrets/judge-store.ts";
import { judgeTerraform } from "./secrets/judge-terraform.ts";
import { judgeWiring, wiredFiles } from "./secrets/judge-wiring.ts";
import { listedObjects } from "./secrets/listed-objects.ts";
import { extraTokens, isCounterpart } from "./secrets/near-names.ts";
import { plainSecrets } from "./secrets/plain-secrets.ts";
import { settingsLeftOut, settingsRun } from "./secrets/settings-module.ts";
import { startVariables } from "./secrets/start-variables.ts";

type Needs =
  | "secretUses"
  | "remoteInventories"
  | "imports"
  | "closures"
  | "images"
  | "entries"
  | "compose"
  | "containers"
  | "kubernetes"
  | "workflows";

/** Who wants which secret or variable, what gives it, and what exists. */
export const secretsProvider: ModelProvider<"secrets", Needs> = {
  needs: [
    "secretUses",
    "remoteInventories",
    "imports",
    "closures",
    "images",
    "entries",
    "compose",
    "containers",
    "kubernetes",
    "workflows",
  ],
  facts: ["data", "dotenv", "lines", "properties", "shell"],
  // The readers of the languages are large: only a tree with code of theirs, and something to hold it against, pays for them.
  moreFacts: ({ files, config: { config }, options, known }) => {
    const asked =
      Object.values(config.environments).some(({ inventory }) => inventory.length > 0) ||
      known.remoteInventories.inventories.length > 0 ||
      known.containers.containers.length > 0 ||
      known.compose.projects.some(isOfEnvironment) ||
      isSaid(options, known.secretUses.edges);
    const bundles = files.entries.some(({ path }) => /(?:^|\/)package\.json$/.test(path));
    const has = (isCode: (path: RepoPath) => boolean) =>
      files.entries.some((one) => !one.ignored && isCode(one.path) && mayRun(one.path));
    return [
      ...(asked && has(isGoCode) ? (["go-environment"] as const) : []),
      ...(asked && has(isPythonCode) ? (["python-environment", "python-accessor-calls"] as const) : []),
      ...((asked || bundles) && has(isJavascriptCode) ? (["javascript-environment", "accessor-calls"] as const) : []),
    ];
  },
  build(input): SecretsModel {
    const { files, facts, config, options, known } = input;
    const { secretUses: uses, remoteInventories: remote } = known;
    const local = readInventories({ files, facts, config }, options.environment);
    const inventories = [...local.inventories, ...remote.inventories];
    const environments = Object.keys(config.config.environments).filter(
      (name) => options.environment === null || name === options.environment,
    );
    const { edges } = uses;
    // Where neither an inventory nor a closed deploy says what a process has, nothing could be said of what its code reads.
    const asked =
      inventories.some((one) => one.namespace === "process" || one.namespace === "build") || isSaid(options, edges);
    const objects = [...uses.kubernetes.objects, ...listedObjects(inventories, environments)];
    const { closures, entries, imports, kubernetes, workflows } = known;
    const run = { files, facts, images: known.images.images, entries, closures, imports };
    const containers = [
      ...(kubernetes.objects.length === 0
        ? []
        : closedContainers({ ...run, containers: known.containers, kubernetes, objects, workflows })),
      ...(known.compose.projects.some(isOfEnvironment) ? closedServices({ ...run, compose: known.compose }) : []),
    ];
    const byContainers = containers.length === 0 ? new Set<RepoPath>() : reachedByContainers(containers);
    const judged = asked || containers.length > 0;
    const reached = asked ? reachedFiles(input) : containers.length > 0 ? byContainers : null;
    const fronts = frontEnds({ files, facts, imports: known.imports });
    const reading = { files, facts, images: known.images.images, workflows: known.workflows.workflows, environments };
    const builds = fronts.length === 0 ? [] : [...stageBuilds(fronts, reading), ...stepBuilds(fronts, reading)];
    const bundled = new Set(builds.flatMap(({ frontEnd }) => [...frontEnd.files()]));
    const isCounted = asked ? countingFiles(reached, wiredFiles(edges, files, known.imports)) : () => false;
    const counts = (path: RepoPath) => isCounted(path) || byContainers.has(path);
    const code =
      judged || bundled.size > 0
        ? codeReads(files, facts, config.config, judged, (path) => bundled.has(path) || counts(path))
        : NO_CODE;
    const references = [...uses.references, ...code.references];
    const deployedFiles = (name: string) =>
      files.named(config.config.environments[name]?.files ?? []).map((one) => one.path);
    const settings = settingsBy(code.settingsModule, input);
    const process = {
      // What a known build takes in is judged there: what the process has comes too late.
      references: references.filter((one) => buildsOf(one, builds).length === 0),
      edges,
      inventories,
      environments,
      present: options.present,
      provided: code.provided,
      textOf: envFileTexts(input),
      leftOut: (environment: string | null) => settings(environment).leftOut,
      runs: (environment: string | null) => settings(environment).run,
      // Django finds its settings and applications by name, not by import.
      reached: code.settingsModule === null ? reached : null,
      atStart: once(() =>
        startVariables({ files, facts, images: known.images.images, entries, closures, imports: known.imports }),
      ),
    };
    const wanted =
      references.length +
      inventories.length +
      uses.kubernetes.wishes.length +
      uses.terraform.roots.length +
      uses.helm.charts.length +
      uses.compose.projects.length;
    const judgeOf = (wants: { length: number }, judge: () => readonly NameJudgement[]): readonly NameJudgement[] =>
      wants.length === 0 ? [] : judge();
    const judge = (): NameJudgement[] => [
      ...judgeOf(references, () => judgeCi(references, inventories, options.present)),
      ...judgeOf(references, () => judgeStore(references, inventories, environments)),
      ...judgeOf(uses.kubernetes.wishes, () => judgeObjects(uses.kubernetes, inventories, environments)),
      ...judgeOf(uses.terraform.roots, () => judgeTerraform(uses.terraform, inventories, environments, deployedFiles)),
      ...judgeOf(uses.helm.charts, () => judgeHelm(uses.helm)),
      ...judgeOf(references, () =>
        judgeWiring({
          ...process,
          files,
          imports: known.imports,
          byContainer: new Set(containers.map(({ name }) => name)),
        }),
      ),
      ...judgeOf(containers, () => judgeContainers({ ...process, containers, objects, facts })),
      ...judgeOf(references, () => judgeDeclared(references, edges, inventories, environments)),
      ...judgeOf(uses.compose.projects, () =>
        judgeCompose(uses.compose, files, facts, inventories, environments, {
          deployedOtherwise: uses.deployedOtherwise,
          deployedFiles,
        }),
      ),
      ...judgeOf(references, () => judgeProcess(process)),
      ...judgeOf(references, () => judgeBuild(references, builds, inventories, environments)),
    ];
    const names = wanted === 0 ? [] : judge().map((one) => withCounterparts(one, inventories));
    return {
      references,
      dynamic: uses.dynamic,
      edges,
      inventories,
      unreadable: [...local.unreadable, ...remote.unreadable],
      passing: uses.passing,
      presence: uses.presence,
      plain: plainSecrets(known.kubernetes, uses.literals),
      differences: uses.edges.length > 0 ? listDifferences(files, facts, references, edges) : [],
      refused: uses.terraform.refused,
      kin: (left, right) => extraTokens(left, right) !== null,
      names,
    };
  },
  isEmpty: (model) =>
    [
      ...[model.references, model.dynamic, model.inventories, model.unreadable, model.edges, model.passing],
      ...[model.presence, model.plain, model.differences, model.refused, model.names],
    ].every((of) => of.length === 0),
};

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** Whether presence is said of names, or a closed deploy lists what some process has. */
const isSaid = ({ present }: RunOptions, edges: readonly WiringEdge[]): boolean =>
  present.size > 0 || edges.some((edge) => edge.closed && edge.service !== null);

/** Adds to a name that is not there what other environments have of it. */
function withCounterparts(one: NameJudgement, inventories: readonly Inventory[]): NameJudgement {
  if (one.environment === null || one.need === "optional" || (one.status !== "missing" && one.status !== "unwired"))
    return one;
  const namespace = one.status === "unwired" ? "store" : one.namespace;
  const abroad = inventories
    .filter(({ environment, namespace: of }) => environment !== one.environment && of === namespace)
    .flatMap(({ environment, names }) =>
      names.flatMap(({ name, scope }) =>
        (scope === null || namespace === "object" || scope === environment) && isCounterpart(one.name, name)
          ? [{ name, environment }]
          : [],
      ),
    );
  return abroad.length === 0 ? one : { ...one, abroad: abroad.slice(0, 3) };
}

const NO_CODE: CodeReads = { references: [], provided: new Set(), settingsModule: null, paths: [] };

/** The text that the env files of an environment give a variable; the last one wins. It decides branches and is never shown. */
function envFileTexts({
  files,
  facts,
  config,
}: ModelInput<Needs>): (environment: string | null, name: string) => string | undefined {
  return (environment, name) =>
    (environment === null ? [] : config.config.environments[environment]!.inventory)
      .flatMap((entry) => ("env-file" in entry && files.has(entry["env-file"]) ? [entry["env-file"]] : []))
      .flatMap((path) => facts.get("dotenv", path)?.entries ?? [])
      .findLast((one) => one.name === name)?.value;
}

interface DjangoSettings {
  /** Files that the settings module of the environment leaves unread. */
  leftOut: ReadonlySet<RepoPath>;
  /** Files that it certainly runs. */
  run: ReadonlySet<RepoPath>;
}

/** What the environment's settings module makes of the files, by environment. */
function settingsBy(
  otherwise: string | null,
  input: ModelInput<Needs>,
): (environment: string | null) => DjangoSettings {
  const { files, known } = input;
  const textOf = envFileTexts(input);
  const answers = new Map<string | null, DjangoSettings>();
  return (environment) => {
    const answer = answers.get(environment);
    if (answer) return answer;
    const module = textOf(environment, "DJANGO_SETTINGS_MODULE") ?? otherwise;
    const made: DjangoSettings =
      module === null
        ? { leftOut: new Set(), run: new Set() }
        : {
            leftOut: settingsLeftOut(module, files, known.imports),
            run: settingsRun(module, files, known.imports),
          };
    answers.set(environment, made);
    return made;
  };
}

/**
 * Whether the reads of a file count: where some process of its part of the repository is known, only what the start-up reaches and
 * what the folders of wired services hold is read at all.
 */
function countingFiles(
  reached: ReadonlySet<RepoPath> | null,
  wired: ReadonlySet<RepoPath>,
): (path: RepoPath) => boolean {
  if (reached === null) return () => true;
  const parts = new Set([...reached].map(partOf));
  return (path) => reached.has(path) || wired.has(path) || !parts.has(partOf(path));
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
