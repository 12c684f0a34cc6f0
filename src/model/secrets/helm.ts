import { baseName, directoryOf, inRepository } from "../../text/paths.ts";
import type { DataNode } from "../../types/data.ts";
import type { FactReader } from "../../types/facts.ts";
import type { HelmCondition } from "../../types/helm.ts";
import type { KubernetesModel } from "../../types/kubernetes.ts";
import type { Need } from "../../types/need.ts";
import type { NameJudgement } from "../../types/secret-reference.ts";
import type { HelmChart, HelmSecrets, ObjectWish } from "../../types/secret-uses.ts";
import type { RepoPath } from "../../types/text.ts";
import type { WorkflowModel } from "../../types/workflow.ts";
import type { FileTree } from "../../types/workspace.ts";
import { entriesOf, entryOf, itemsOf, locate, textOf, valueAt } from "../data.ts";
import { isExampleOrTest, isHelmChart, isYaml } from "../path-class.ts";
import { configuredIn } from "./environments.ts";
import { referenceTo } from "./found.ts";
import { type Release, releasesOf, valuesFrom } from "./helm-releases.ts";
import { nearSecretNames } from "./near-names.ts";

/** The name of a Secret, not of a key in one. */
const EXISTING = /^(?:\w*[eE]xistingSecret)(?:Name|Ref)?$/;
const MOST_VALUES = 5_000;

/**
 * What the charts of the repository want, and the releases of charts from elsewhere: Secrets that their values name, and values that
 * templates require. Templates are not rendered. `chosen`: files that predeploy.yml says are deployed in an environment.
 */
export function helmSecrets(
  files: FileTree,
  facts: FactReader,
  { workflows, kubernetes }: { workflows: WorkflowModel; kubernetes: KubernetesModel },
  environments: readonly string[],
  chosen: (environment: string) => readonly RepoPath[],
): HelmSecrets {
  const result: HelmSecrets = { wishes: valuesFrom(kubernetes, facts), charts: [] };
  const all = files.entries
    .filter(({ path, ignored }) => !ignored && isHelmChart(path) && !isExampleOrTest(path))
    .map(({ path }) => directoryOf(path));
  // The values of a chart inside another one come from that one.
  const directories = all.filter((one) => !all.some((other) => other !== one && one.startsWith(`${other}/charts/`)));
  const releases = environments.length === 0 ? [] : releasesOf(files, facts, workflows, kubernetes);
  for (const environment of environments) {
    const reading = { environment, environments, files, facts, releases, chosen: chosen(environment) };
    for (const directory of directories) {
      const chart = chartIn(directory, reading);
      result.charts.push(chart, ...subcharts(chart, all, reading));
    }
    for (const release of releases)
      if (!directories.some((one) => isOf(release, one)) && isMeant(release, reading)) {
        const chart = elsewhere(release, reading);
        if (chart.values.length > 0) result.charts.push(chart);
      }
  }
  for (const chart of result.charts) result.wishes.push(...existingSecrets(chart, facts));
  return result;
}

interface Reading {
  environment: string;
  environments: readonly string[];
  files: FileTree;
  facts: FactReader;
  releases: readonly Release[];
  /** Files that predeploy.yml says are deployed there. */
  chosen: readonly RepoPath[];
}

/** Whether a release may be one of the environment. */
function isMeant({ about, inline }: Release, { environment, environments }: Reading): boolean {
  const named = configuredIn(about, environments);
  // A manifest of an environment that the config does not know is of none; a script may run for any.
  return named === null || named.includes(environment) || (named.length === 0 && inline.length === 0);
}

const isOf = ({ charts }: Release, directory: RepoPath): boolean =>
  charts.some((path) => path === directory || (path !== "" && directory.endsWith(`/${path}`)));

/** A release of a chart that is not here: its values alone. */
function elsewhere({ inline, sets, files: named, about }: Release, reading: Reading): HelmChart {
  const { environment, environments, files, facts } = reading;
  const values = named.flatMap((text) => {
    const path = fileOf(text, directoryOf(about.split(" ")[0]!), files);
    const other = path === null || configuredIn(path, environments)?.includes(environment) === false;
    return other ? [] : valuesIn(path, facts);
  });
  return {
    directory: "",
    prefix: [],
    environment,
    values: [...values, ...inline],
    required: [],
    sets,
    known: "chosen",
  };
}

function valuesIn(path: RepoPath, facts: FactReader): HelmChart["values"] {
  const root = facts.get("data", path)?.documents[0]?.root;
  return root ? [{ path, root }] : [];
}

/** The values that a chart has in an environment: its own, then the files that are chosen for it. */
function chartIn(directory: RepoPath, reading: Reading): HelmChart {
  const { environment, environments, files, facts, releases, chosen: configured } = reading;
  const inside = (path: RepoPath) => directory === "" || path.startsWith(`${directory}/`);
  const own = releases.filter((one) => isOf(one, directory) && isMeant(one, reading));
  const named = own.flatMap((one) => one.files.flatMap((text) => fileOf(text, directory, files) ?? []));
  const listed = configured.filter((path) => isYaml(path) && (named.includes(path) || inside(path)));
  const byName = files.entries
    .filter(
      ({ path, ignored }) =>
        !ignored &&
        inside(path) &&
        isYaml(path) &&
        /values/i.test(path) &&
        !/\/templates\//.test(path) &&
        path !== `${directory}/values.yaml` &&
        configuredIn(path.slice(directory.length), environments)?.includes(environment) === true,
    )
    .map(({ path }) => path);
  const forEnvironment = named.filter((path) => configuredIn(path, environments)?.includes(environment) !== false);
  const chosen = [
    ...new Set([...forEnvironment, ...listed, ...(listed.length + forEnvironment.length > 0 ? [] : byName)]),
  ];
  const defaults = ["values.yaml", "values.yml"].map((name) => (directory === "" ? name : `${directory}/${name}`));
  const values = [...defaults.filter((path) => files.has(path)), ...chosen];
  return {
    directory,
    prefix: [],
    environment,
    values: [...values.flatMap((path) => valuesIn(path, facts)), ...own.flatMap((one) => one.inline)],
    required: requiredIn(directory, reading),
    sets: own.flatMap((one) => one.sets),
    known:
      forEnvironment.length > 0 || listed.length > 0 || own.some((one) => one.inline.length > 0)
        ? "chosen"
        : byName.length > 0 || own.length > 0
          ? "likely"
          : "none",
  };
}

/** What the templates of a chart require. */
function requiredIn(directory: RepoPath, { files, facts }: Reading): HelmChart["required"] {
  const folder = directory === "" ? "templates/" : `${directory}/templates/`;
  return files.entries
    .filter(({ path, ignored }) => !ignored && path.startsWith(folder))
    .flatMap(({ path }) => {
      const fact = facts.get("helm-template", path);
      return (fact?.required ?? []).map((one) => ({ ...one, at: locate(path, fact!, one) }));
    });
}

/** The charts inside a chart, or beside it by `file://`: the parent's values below their name, and its `global`, win over their own. */
function subcharts(parent: HelmChart, all: readonly RepoPath[], reading: Reading): HelmChart[] {
  const { files, facts } = reading;
  const path = parent.directory === "" ? "Chart.yaml" : `${parent.directory}/Chart.yaml`;
  const manifest = files.has(path) ? (facts.get("data", path)?.documents[0]?.root ?? null) : null;
  const dependencies = itemsOf(valueAt(manifest, "dependencies"));
  const found: HelmChart[] = [];
  for (const directory of all) {
    if (directory === parent.directory) continue;
    const bundled = directory.startsWith(parent.directory === "" ? "charts/" : `${parent.directory}/charts/`);
    const dependency = dependencies.find((one) => {
      const repository = textOf(valueAt(one, "repository")) ?? "";
      return repository.startsWith("file://")
        ? inRepository(parent.directory, repository.slice("file://".length)) === directory
        : bundled && directory.endsWith(`/${textOf(valueAt(one, "name"))}`);
    });
    if (!dependency && !bundled) continue;
    const alias = textOf(valueAt(dependency, "alias")) ?? textOf(valueAt(dependency, "name")) ?? baseName(directory);
    const conditions = (textOf(valueAt(dependency, "condition")) ?? "").split(",").map((one) => one.trim().split("."));
    if (conditions.some((one) => textOf(effective(parent, one)?.node ?? null) === "false")) continue;
    const chosen = conditions.some((one) => isGiven(parent, one)) || valueAt(dependency, "tags") !== null;
    const defaults = ["values.yaml", "values.yml"]
      .map((name) => `${directory}/${name}`)
      .filter((one) => files.has(one));
    found.push({
      directory,
      prefix: [alias],
      environment: parent.environment,
      values: [
        ...defaults.flatMap((one) => valuesIn(one, facts)),
        ...parent.values.flatMap((one) => {
          const [own, global] = [valueAt(one.root, alias), entryOf(one.root, "global")];
          return [
            ...(own ? [{ ...one, root: own }] : []),
            ...(global && one.root.kind === "map" ? [{ ...one, root: { ...one.root, entries: [global] } }] : []),
          ];
        }),
      ],
      required: requiredIn(directory, reading),
      sets: parent.sets.flatMap((one) =>
        one.startsWith(`${alias}.`) ? [one.slice(alias.length + 1)] : /^global\b|^$|[$`]/.test(one) ? [one] : [],
      ),
      // Whether it is rendered at all is decided elsewhere.
      known: chosen ? "none" : parent.known,
    });
  }
  return found;
}

function fileOf(text: string, directory: RepoPath, files: FileTree): RepoPath | null {
  if (/[$`{]/.test(text)) return null;
  for (const base of ["", directory, directoryOf(directory)]) {
    const path = inRepository(base, text);
    if (path !== null && files.has(path)) return path;
  }
  return null;
}

/** The value that counts: of the last file that has one. */
function effective(
  { values }: HelmChart,
  path: readonly string[],
): { node: DataNode; file: RepoPath; within: HelmChart["values"][number]["within"] } | null {
  for (const { path: file, root, within } of [...values].reverse()) {
    const node = valueAt(root, ...path);
    if (node) return { node, file, within };
  }
  return null;
}

const isGiven = ({ sets }: HelmChart, path: readonly string[]): boolean => {
  const name = path.join(".");
  return sets.some(
    (one) => one === name || one === "" || /[$`]/.test(one) || name.startsWith(`${one}.`) || one.startsWith(`${name}.`),
  );
};

/** Whether a part of the values is switched off: `enabled: false` beside it or above it. */
function isOff(chart: HelmChart, path: readonly string[]): boolean {
  return path.some(
    (_, depth) => textOf(effective(chart, [...path.slice(0, depth), "enabled"])?.node ?? null) === "false",
  );
}

/** Secrets that the values name and the chart does not make. */
function existingSecrets(chart: HelmChart, facts: FactReader): ObjectWish[] {
  const found: ObjectWish[] = [];
  const seen = new Set<string>();
  let visited = 0;
  const visit = (node: DataNode, path: readonly string[], file: RepoPath): void => {
    if (path.length > 20) return;
    for (const { key, value } of entriesOf(node)) {
      if (visited++ > MOST_VALUES) return;
      const own = [...path, key.text];
      if (EXISTING.test(key.text)) want(own, file);
      else visit(value, own, file);
    }
  };
  const want = (path: readonly string[], file: RepoPath): void => {
    const id = path.join("\n");
    const last = effective(chart, path);
    if (seen.has(id) || last?.file !== file) return;
    seen.add(id);
    const node = last.node.kind === "map" ? valueAt(last.node, "name") : last.node;
    const name = textOf(node);
    if (!node || name === null || name === "" || /[{$<]/.test(name) || isOff(chart, path) || isGiven(chart, path))
      return;
    const lines = facts.get("data", file)!;
    found.push({
      kind: "secret",
      name,
      key: null,
      namespace: null,
      need: "required",
      form: [...chart.prefix, ...path].join("."),
      at: locate(file, lines, last.within ?? node),
      environments: [chart.environment],
    });
  };
  for (const { path, root } of chart.values) visit(root, [], path);
  return found;
}

/** Holds what templates require against the values, for each environment whose values are known. */
export function judgeHelm({ charts }: HelmSecrets): NameJudgement[] {
  return charts.flatMap((chart) => {
    const groups = new Map<string, HelmChart["required"]>();
    for (const one of chart.required) {
      const name = [...chart.prefix, ...one.path].join(".");
      groups.set(name, [...(groups.get(name) ?? []), one]);
    }
    const known = [...new Set(chart.values.flatMap(({ root }) => leaves(root)))];
    return [...groups].map(([name, group]): NameJudgement => {
      const judged = group.map((one) => ({ one, need: needOf(chart, one.when, one.defined) }));
      const best =
        judged.find(({ need }) => need === "required") ?? judged.find(({ need }) => need === "likely") ?? judged[0]!;
      const value = effective(chart, best.one.path)?.node ?? null;
      const given =
        isGiven(chart, best.one.path) || (value !== null && (value.kind !== "scalar" || (textOf(value) ?? "") !== ""));
      const [first, ...others] = [best.one, ...group.filter((one) => one !== best.one)].map((one) =>
        referenceTo("object", name, best.need, `required .Values.${name}`, one.at, { holder: "helm" }),
      );
      return {
        namespace: "object",
        kind: "variable",
        name,
        environment: chart.environment,
        status: given ? "provided" : chart.known === "none" ? "unknown" : "missing",
        need: best.need,
        first: first!,
        others,
        asked: [],
        complete: chart.known === "chosen",
        near: given ? [] : nearSecretNames(name, known),
        anyOf: [],
        elsewhere: chart.values.map(({ path }) => path),
      };
    });
  });
}

function needOf(chart: HelmChart, when: readonly HelmCondition[], defined: boolean): Need {
  const answers = when.map((one) => holds(chart, one, 0));
  if (answers.includes(false)) return "optional";
  if (answers.includes(null)) return "read";
  return defined ? "likely" : "required";
}

/** Whether a condition holds with the values of the environment; null where nobody can tell. */
function holds(chart: HelmChart, condition: HelmCondition, depth: number): boolean | null {
  if (depth > 20) return null;
  const each = (of: readonly HelmCondition[]) => of.map((one) => holds(chart, one, depth + 1));
  switch (condition.kind) {
    case "unknown":
      return null;
    case "not": {
      const answer = holds(chart, condition.of, depth + 1);
      return answer === null ? null : !answer;
    }
    case "and": {
      const answers = each(condition.of);
      return answers.includes(false) ? false : answers.includes(null) ? null : true;
    }
    case "or": {
      const answers = each(condition.of);
      return answers.includes(true) ? true : answers.includes(null) ? null : false;
    }
    default: {
      if (isGiven(chart, condition.path)) return null;
      const node = effective(chart, condition.path)?.node ?? null;
      if (condition.kind === "equals")
        return node?.kind === "scalar" ? node.text === condition.text : node ? null : false;
      if (!node) return false;
      if (node.kind === "map") return node.entries.length > 0;
      if (node.kind === "list") return node.items.length > 0;
      return node.value !== null && node.value !== false && node.value !== 0 && node.text !== "";
    }
  }
}

/** Dotted names of everything that has a value. */
function leaves(node: DataNode, path: readonly string[] = []): string[] {
  if (node.kind !== "map") return path.length > 0 ? [path.join(".")] : [];
  return path.length > 12
    ? []
    : node.entries.slice(0, 500).flatMap(({ key, value }) => leaves(value, [...path, key.text]));
}
