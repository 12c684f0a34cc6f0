import type { DataNode } from "../../types/data.ts";
import type { FactReader } from "../../types/facts.ts";
import type { HelmCondition } from "../../types/helm.ts";
import type { NameJudgement, Need } from "../../types/secret-reference.ts";
import type { HelmChart, HelmSecrets, ObjectWish } from "../../types/secret-uses.ts";
import type { ShellCommand } from "../../types/shell.ts";
import type { RepoPath } from "../../types/text.ts";
import type { WorkflowModel } from "../../types/workflow.ts";
import type { FileTree } from "../../types/workspace.ts";
import { entriesOf, locate, textOf, valueAt } from "../data.ts";
import { directoryOf, isExampleOrTest, isHelmChart, isShellScript, isYaml } from "../path-class.ts";
import { configuredIn } from "./environments.ts";
import { referenceTo } from "./found.ts";
import { resolve } from "./kubernetes-objects.ts";
import { nearSecretNames } from "./near-names.ts";

/** The name of a Secret, not of a key in one. */
const EXISTING = /^(?:\w*[eE]xistingSecret)(?:Name|Ref)?$/;
const MOST_VALUES = 5_000;

/**
 * What the charts of the repository want: Secrets that their values name, and values that their templates require. Templates are not
 * rendered. `chosen`: files that predeploy.yml says are deployed in an environment.
 */
export function helmSecrets(
  files: FileTree,
  facts: FactReader,
  { workflows }: WorkflowModel,
  environments: readonly string[],
  chosen: (environment: string) => readonly RepoPath[],
): HelmSecrets {
  const result: HelmSecrets = { wishes: [], charts: [] };
  const directories = files.entries
    .filter(({ path, ignored }) => !ignored && isHelmChart(path) && !isExampleOrTest(path))
    .map(({ path }) => directoryOf(path))
    // The values of a chart inside another one come from that one.
    .filter((directory, _, all) => !all.some((one) => one !== directory && directory.startsWith(`${one}/charts/`)));
  if (directories.length === 0 || environments.length === 0) return result;
  const releases = releasesOf(files, facts, workflows);
  for (const directory of directories)
    for (const environment of environments)
      result.charts.push(chartIn(directory, environment, environments, files, facts, releases, chosen(environment)));
  for (const chart of result.charts) result.wishes.push(...existingSecrets(chart, facts));
  return result;
}

/** One `helm upgrade` or `helm install` of a script. */
interface Release {
  words: string[];
  /** Values files as written. */
  files: string[];
  /** Paths that `--set` and its kin give; "" for one that nobody can tell. */
  sets: string[];
  about: string;
}

function releasesOf(files: FileTree, facts: FactReader, workflows: WorkflowModel["workflows"]): Release[] {
  const found: Release[] = [];
  const read = (commands: readonly ShellCommand[], about: string) => {
    for (const command of commands) {
      const words = command.words.map((word) => word.text);
      const start = words.indexOf("helm");
      if (start === -1 || start > 3 || !words.slice(start).some((word) => /^(?:upgrade|install|template)$/.test(word)))
        continue;
      const values = flagged(words, ["-f", "--values"]);
      const sets = flagged(words, ["--set", "--set-string", "--set-file", "--set-json"]);
      found.push({ words, files: values, sets: sets.map((one) => one.split("=")[0]!.trim()), about });
    }
  };
  for (const { path, ignored } of files.entries)
    if (!ignored && isShellScript(path)) read(facts.get("shell", path)?.commands ?? [], path);
  for (const workflow of workflows)
    for (const job of workflow.jobs)
      for (const step of job.steps)
        if (step.run?.script)
          read(step.run.script.commands, `${workflow.path} ${job.id} ${job.environment?.text ?? ""}`);
  return found;
}

/** Values of flags: `-f x`, `--values=x`, several separated by commas outside of braces. */
function flagged(words: readonly string[], flags: readonly string[]): string[] {
  const found: string[] = [];
  const add = (text: string) => found.push(...text.split(/,(?![^{}]*\})/));
  for (const [index, word] of words.entries()) {
    const next = words[index + 1];
    if (flags.includes(word) && next !== undefined) add(next);
    for (const flag of flags) if (word.startsWith(`${flag}=`)) add(word.slice(flag.length + 1));
  }
  return found;
}

/** The values that a chart has in an environment: its own, then the files that are chosen for it. */
function chartIn(
  directory: RepoPath,
  environment: string,
  environments: readonly string[],
  files: FileTree,
  facts: FactReader,
  releases: readonly Release[],
  configured: readonly RepoPath[],
): HelmChart {
  const inside = (path: RepoPath) => directory === "" || path.startsWith(`${directory}/`);
  const own = releases.filter(({ words, about }) => {
    const named = configuredIn(about, environments);
    if (named !== null && named.length > 0 && !named.includes(environment)) return false;
    return words.some((word) => {
      const path = /^[\w./-]+$/.test(word) ? resolve("", word) : null;
      return path === directory || (path !== null && path !== "" && directory.endsWith(`/${path}`));
    });
  });
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
  const templates = files.entries
    .filter(
      ({ path, ignored }) => !ignored && path.startsWith(directory === "" ? "templates/" : `${directory}/templates/`),
    )
    .map(({ path }) => path);
  return {
    directory,
    environment,
    values: values.flatMap((path) => {
      const root = facts.get("data", path)?.documents[0]?.root;
      return root ? [{ path, root }] : [];
    }),
    required: templates.flatMap((path) => {
      const fact = facts.get("helm-template", path);
      return (fact?.required ?? []).map((one) => ({ ...one, at: locate(path, fact!, one) }));
    }),
    sets: own.flatMap((one) => one.sets),
    known:
      forEnvironment.length > 0 || listed.length > 0
        ? "chosen"
        : byName.length > 0 || own.length > 0
          ? "likely"
          : "none",
  };
}

function fileOf(text: string, directory: RepoPath, files: FileTree): RepoPath | null {
  if (/[$`{]/.test(text)) return null;
  for (const base of ["", directory, directoryOf(directory)]) {
    const path = resolve(base, text);
    if (path !== null && files.has(path)) return path;
  }
  return null;
}

/** The value that counts: of the last file that has one. */
function effective({ values }: HelmChart, path: readonly string[]): { node: DataNode; file: RepoPath } | null {
  for (const { path: file, root } of [...values].reverse()) {
    const node = valueAt(root, ...path);
    if (node) return { node, file };
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
      form: path.join("."),
      at: locate(file, lines, node),
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
    for (const one of chart.required) groups.set(one.path.join("."), [...(groups.get(one.path.join(".")) ?? []), one]);
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
