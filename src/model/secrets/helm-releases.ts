import { parseData } from "../../sources/data.ts";
import { inRepository } from "../../text/paths.ts";
import type { DataNode } from "../../types/data.ts";
import type { FactReader } from "../../types/facts.ts";
import type { KubernetesModel, ModelObject } from "../../types/kubernetes.ts";
import type { HelmChart, ObjectWish } from "../../types/secret-uses.ts";
import type { ShellCommand } from "../../types/shell.ts";
import type { RepoPath } from "../../types/text.ts";
import type { WorkflowModel } from "../../types/workflow.ts";
import type { FileTree } from "../../types/workspace.ts";
import { itemsOf, locate, textOf, valueAt } from "../data.ts";
import { isExampleOrTest, isShellScript } from "../path-class.ts";
import { pathsOf } from "./paths-of.ts";

/** Longer texts inside a manifest are no values of a chart. */
const LONGEST_VALUES = 200_000;

/** One place that installs a chart: a `helm` command, an Application of Argo CD, a HelmRelease of Flux. */
export interface Release {
  /** Paths that may be the chart's directory. */
  charts: RepoPath[];
  /** Values files as written. */
  files: string[];
  /** Values that stand in the manifest itself, the last wins. */
  inline: HelmChart["values"];
  /** Paths that `--set` and its kin give; "" for one that nobody can tell. */
  sets: string[];
  /** What says for which environment it is. */
  about: string;
}

/** All places that install charts. */
export function releasesOf(
  files: FileTree,
  facts: FactReader,
  { workflows }: WorkflowModel,
  { objects }: KubernetesModel,
): Release[] {
  const found: Release[] = [];
  for (const path of pathsOf(files, isShellScript))
    found.push(...commandReleases(facts.get("shell", path)?.commands ?? [], path));
  for (const workflow of workflows)
    for (const job of workflow.jobs)
      for (const step of job.steps)
        if (step.run?.script)
          found.push(
            ...commandReleases(step.run.script.commands, `${workflow.path} ${job.id} ${job.environment?.text ?? ""}`),
          );
  for (const object of objects) {
    if (isExampleOrTest(object.path)) continue;
    if (object.kind === "Application" && object.apiVersion.startsWith("argoproj.io/"))
      found.push(...applications(object));
    if (object.kind === "HelmRelease") found.push(helmRelease(object));
  }
  return found;
}

function commandReleases(commands: readonly ShellCommand[], about: string): Release[] {
  return commands.flatMap((command): Release[] => {
    const words = command.words.map((word) => word.text);
    const start = words.indexOf("helm");
    if (start === -1 || start > 3 || !words.slice(start).some((word) => /^(?:upgrade|install|template)$/.test(word)))
      return [];
    const sets = flagged(words, ["--set", "--set-string", "--set-file", "--set-json"]);
    return [
      {
        charts: words.flatMap((word) => (/^[\w./-]+$/.test(word) ? (inRepository("", word) ?? []) : [])),
        files: flagged(words, ["-f", "--values"]),
        inline: [],
        sets: sets.map((one) => one.split("=")[0]!.trim()),
        about,
      },
    ];
  });
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

const aboutOf = ({ path, name, namespace }: ModelObject) => `${path} ${name?.text ?? ""} ${namespace?.text ?? ""}`;

/** Argo CD: `spec.source` or each of `spec.sources`, with `helm.valueFiles`, `values`, `valuesObject` and `parameters`. */
function applications(object: ModelObject): Release[] {
  const spec = valueAt(object.node, "spec");
  const about = `${aboutOf(object)} ${textOf(valueAt(spec, "destination", "namespace")) ?? ""}`;
  return [valueAt(spec, "source"), ...itemsOf(valueAt(spec, "sources"))].flatMap((source): Release[] => {
    const helm = valueAt(source, "helm");
    if (!source || !helm) return [];
    const path = textOf(valueAt(source, "path"));
    const whole = valueAt(helm, "valuesObject");
    return [
      {
        charts: path === null ? [] : [inRepository("", path) ?? ""].filter((one) => one !== ""),
        // `$ref/path` is a file of another source, which may be this repository.
        files: itemsOf(valueAt(helm, "valueFiles")).map((one) => (textOf(one) ?? "").replace(/^\$\w+\//, "")),
        inline: [
          ...innerValues(valueAt(helm, "values"), object.path),
          ...(whole?.kind === "map" ? [{ path: object.path, root: whole }] : []),
        ],
        sets: [...itemsOf(valueAt(helm, "parameters")), ...itemsOf(valueAt(helm, "fileParameters"))].flatMap(
          (one) => textOf(valueAt(one, "name")) ?? [],
        ),
        about,
      },
    ];
  });
}

/** Values as a text inside a manifest. */
function innerValues(node: DataNode | null, path: RepoPath): HelmChart["values"] {
  const text = textOf(node) ?? "";
  if (!node || text === "" || text.length > LONGEST_VALUES) return [];
  const root = parseData(text).documents[0]?.root;
  return root?.kind === "map" ? [{ path, root, within: { start: node.start, end: node.end } }] : [];
}

/** Flux: `spec.chart.spec.chart` is a path where a GitRepository holds the chart; `valuesFrom` may give anything. */
function helmRelease(object: ModelObject): Release {
  const spec = valueAt(object.node, "spec");
  const chart = textOf(valueAt(spec, "chart", "spec", "chart")) ?? "";
  const values = valueAt(spec, "values");
  return {
    charts:
      /^\.{0,2}\//.test(chart) || chart.includes("/")
        ? [inRepository("", chart) ?? ""].filter((one) => one !== "")
        : [],
    files: itemsOf(valueAt(spec, "chart", "spec", "valuesFiles")).map((one) => textOf(one) ?? ""),
    inline: values?.kind === "map" ? [{ path: object.path, root: values }] : [],
    sets: itemsOf(valueAt(spec, "valuesFrom")).length > 0 ? [""] : [],
    about: `${aboutOf(object)} ${textOf(valueAt(spec, "targetNamespace")) ?? ""}`,
  };
}

/** Objects that Flux takes values from: without them a release is not installed. */
export function valuesFrom({ objects }: KubernetesModel, facts: FactReader): ObjectWish[] {
  return objects.flatMap((object) => {
    if (object.kind !== "HelmRelease" || isExampleOrTest(object.path)) return [];
    const lines = facts.get("kubernetes", object.path);
    return itemsOf(valueAt(object.node, "spec", "valuesFrom")).flatMap((item): ObjectWish[] => {
      const [node, kind] = [valueAt(item, "name"), textOf(valueAt(item, "kind"))];
      const name = textOf(node);
      if (!node || !lines || name === null || /[${}]/.test(name) || (kind !== "Secret" && kind !== "ConfigMap"))
        return [];
      return [
        {
          kind: kind === "Secret" ? "secret" : "config-map",
          name,
          key: textOf(valueAt(item, "valuesKey")),
          namespace: object.namespace?.text ?? null,
          need: textOf(valueAt(item, "optional")) === "true" ? "optional" : "required",
          form: "valuesFrom",
          at: locate(object.path, lines, node),
        },
      ];
    });
  });
}
