import { positionAt } from "../../../text/positions.ts";
import type { DataNode } from "../../../types/data.ts";
import type { HelmCondition, HelmTemplate } from "../../../types/helm.ts";
import type { ModelInput } from "../../../types/model.ts";
import type { RepoPath } from "../../../types/text.ts";
import { valueAt } from "../../data.ts";
import { isHelmChart } from "../../path-class.ts";
import { resolvePaths } from "../deploy-paths.ts";
import type { Candidate } from "../findings.ts";
import { type PlacedScript, programOf } from "../script-files.ts";
import { directoriesOf } from "./working-directory.ts";

/** One `helm install` or `helm upgrade` of a chart of the repository, with every value that it gives. */
interface Installed {
  chart: RepoPath;
  place: string;
  values: DataNode[];
  /** Paths of `--set`. */
  sets: string[];
}

/**
 * Values that a chart's template cannot do without (`required "…" .Values.a.b`) and that neither the chart's defaults nor the files and
 * `--set` of a found command give. Only charts that a command of the repository installs count: others are set by whoever installs them.
 * What stands in a condition may never be asked for. https://helm.sh/docs/howto/charts_tips_and_tricks/#using-the-required-function
 */
export function unsetHelmValues(input: ModelInput<"config">, scripts: readonly PlacedScript[]): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const installed of installs(input, scripts)) {
    for (const entry of input.files.under(installed.chart === "" ? "templates" : `${installed.chart}/templates`)) {
      if (entry.ignored || !/\.ya?ml$/.test(entry.path)) continue;
      for (const { path, line, column, text, required } of valuesAskedFor(
        input.facts.get("lines", entry.path)?.lines ?? [],
      )) {
        if (isGiven(path, required, installed)) continue;
        const key = `${entry.path} ${line} ${path}`;
        if (found.has(key)) continue;
        found.set(key, {
          line,
          rule: "unresolved-reference",
          severity: required ? "error" : "note",
          at: { path: entry.path, start: { line, column }, end: { line, column: column + text.length } },
          subject: path,
          key: null,
          tokens: [text],
          because: `neither the chart's values nor the command at ${installed.place} give it, so ${required ? "the install stops" : "Helm puts in an empty text"}`,
          remarks: [],
          mend: `Set ${path} in a values file of the environment, or with \`--set\` in the step.`,
          related: [],
        });
      }
    }
  }
  const hasChart = input.files.entries.some(({ path }) => isHelmChart(path));
  return [...found.values(), ...(hasChart ? refusals(input, scripts) : [])];
}

/**
 * `{{ if not .Values.a }}{{ fail "…" }}` that the values of a found command run into. Only conditions that those values decide count.
 * https://helm.sh/docs/chart_template_guide/function_list/#fail
 */
function refusals(input: ModelInput<"config">, scripts: readonly PlacedScript[]): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const installed of installs(input, scripts)) {
    const templates = input.files
      .under(installed.chart === "" ? "templates" : `${installed.chart}/templates`)
      .filter((entry) => !entry.ignored && /\.(?:ya?ml|tpl|txt|json)$/.test(entry.path))
      .flatMap(({ path }) => {
        const template = input.facts.get("helm-template", path);
        return template ? [{ path, template }] : [];
      });
    const rendered = includedNames(templates.flatMap(({ template }) => template.includes));
    for (const { path, template } of templates)
      for (const { when, define, start, end } of template.fails) {
        const values = [...new Set(when.flatMap(pathsIn).map((one) => one.join(".")))];
        const known = define === null || rendered.has(define);
        if (!known || values.length === 0 || !when.every((one) => holds(one, installed) === true)) continue;
        const at = positionAt(template.lineStarts, start);
        const key = `${path} ${start}`;
        if (found.has(key)) continue;
        found.set(key, {
          line: at.line,
          rule: "unresolved-reference",
          severity: "error",
          at: { path, start: at, end: positionAt(template.lineStarts, end) },
          subject: values.at(-1)!,
          key: null,
          tokens: values.map((one) => `.Values.${one}`),
          because: `with the chart's values and those of the command at ${installed.place} the template comes to \`fail\`, so the install stops`,
          remarks: [],
          mend: `Set ${values.at(-1)} in a values file of the environment, or with \`--set\` in the step.`,
          related: [],
        });
      }
  }
  return [...found.values()];
}

/** Templates that are rendered whatever the values are: included outside of every \`define\`, or by one of those. */
function includedNames(includes: HelmTemplate["includes"]): ReadonlySet<string> {
  const names = new Set<string>();
  for (let before = -1; before !== names.size; ) {
    before = names.size;
    for (const { name, define } of includes) if (define === null || names.has(define)) names.add(name);
  }
  return names;
}

function pathsIn(condition: HelmCondition): string[][] {
  switch (condition.kind) {
    case "value":
    case "equals":
      return [condition.path];
    case "not":
      return pathsIn(condition.of);
    case "and":
    case "or":
      return condition.of.flatMap(pathsIn);
    default:
      return [];
  }
}

/** Whether a condition holds for the values of an install; null where they do not say. */
function holds(condition: HelmCondition, installed: Installed): boolean | null {
  switch (condition.kind) {
    case "value":
    case "equals": {
      if (isSet(condition.path.join("."), installed.sets)) return null;
      const node = installed.values.map((root) => valueAt(root, ...condition.path)).findLast((one) => one !== null);
      if (condition.kind === "equals")
        return (node?.kind === "scalar" && node.value !== null ? node.text : "") === condition.text;
      if (!node) return false;
      if (node.kind === "scalar") return node.value !== null && !/^(?:false|0)?$/.test(node.text);
      return node.kind === "list" ? node.items.length > 0 : node.entries.length > 0;
    }
    case "not": {
      const inner = holds(condition.of, installed);
      return inner === null ? null : !inner;
    }
    case "and":
    case "or": {
      const parts = condition.of.map((one) => holds(one, installed));
      const decisive = condition.kind === "or";
      if (parts.includes(decisive)) return decisive;
      return parts.includes(null) ? null : !decisive;
    }
    default:
      return null;
  }
}

/** Whether `--set` gives the value, a part of it or what it is a part of. */
function isSet(path: string, sets: readonly string[]): boolean {
  return sets.some(
    (key) => path === key || path.startsWith(`${key}.`) || key.startsWith(`${path}.`) || key.startsWith(`${path}[`),
  );
}

interface Asked {
  path: string;
  line: number;
  column: number;
  text: string;
  required: boolean;
}

/** `.Values.a.b` outside of every condition, with whether its absence stops the install. */
function* valuesAskedFor(lines: readonly string[]): Generator<Asked> {
  let depth = 0;
  for (const [index, line] of lines.entries()) {
    for (const action of line.matchAll(/\{\{-?\s*([^{}]*?)\s*-?\}\}/g)) {
      const inner = action[1] ?? "";
      if (/^(?:if|with|range|define|block)\b/.test(inner)) depth++;
      else if (/^end\b/.test(inner)) depth = Math.max(0, depth - 1);
      else if (depth === 0 && !/^(?:else|\/\*|\$|include|template)/.test(inner)) {
        const match = /\.Values\.([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+|[A-Za-z_]\w*)(?![\w.])/.exec(inner);
        if (!match) continue;
        const required =
          /^required\s+(?:"[^"]*"|`[^`]*`)\s+\.Values\.[\w.]+\s*(?:\||$)|^\.Values\.[\w.]+\s*\|\s*required\s+["`]/.test(
            inner,
          );
        const plain = /^\.Values\.[\w.]+(?:\s*\|\s*(?:quote|squote|toString|trim|int))*$/.test(inner);
        if (!required && !plain) continue;
        const column = action.index + action[0].indexOf(match[0]) + 1;
        yield { path: match[1] ?? "", line: index + 1, column, text: match[0], required };
      }
    }
  }
}

function isGiven(path: string, required: boolean, { values, sets }: Installed): boolean {
  if (isSet(path, sets)) return true;
  return values.some((root) => {
    const node = valueAt(root, ...path.split("."));
    if (!node) return false;
    return !(required && node.kind === "scalar" && (node.value === null || node.text === ""));
  });
}

function installs(input: ModelInput<"config">, scripts: readonly PlacedScript[]): Installed[] {
  const found: Installed[] = [];
  for (const script of scripts)
    for (const [index, command] of script.commands.entries()) {
      const { words } = command;
      const verb = words.slice(1).find((word) => !word.startsWith("-")) ?? "";
      if (programOf(command) !== "helm" || !/^(?:upgrade|install)$/.test(verb)) continue;
      // Arguments in a variable may be anything.
      if (
        words.some((word) => /^["']?\$|post-renderer|reuse-values/.test(word)) ||
        words.some((word) => /^(?:-f|--values)(?:=|$)/.test(word) && /\$/.test(word))
      )
        continue;
      const bases = [...directoriesOf(script, index, input), ""];
      const chart = words
        .slice(2)
        .filter((word) => !word.startsWith("-"))
        .flatMap((word) =>
          bases.map((base) =>
            `${base}/${word}`
              .replace(/^\/|\/$/g, "")
              .replace(/(?:^|\/)\.(?=\/|$)/g, "")
              .replace(/^\//, ""),
          ),
        )
        .find((path) => input.files.has(path === "" ? "Chart.yaml" : `${path}/Chart.yaml`));
      if (chart === undefined) continue;
      const files = flagged(words, ["-f", "--values"]).map((text) => resolvePaths(text, bases, input.files));
      if (files.some(({ paths, unknown }) => unknown || paths.length !== 1)) continue;
      const sets = flagged(words, ["--set", "--set-string", "--set-file", "--set-json"]).map(
        (text) => text.split("=")[0] ?? "",
      );
      const values = [`${chart}/values.yaml`.replace(/^\//, ""), ...files.map(({ paths }) => paths[0]!)].flatMap(
        (path) => {
          const root = input.files.has(path) ? input.facts.get("data", path)?.documents[0]?.root : null;
          return root ? [root] : [];
        },
      );
      found.push({ chart, place: `${script.file}:${command.line}`, values, sets });
    }
  return found;
}

function flagged(words: readonly string[], flags: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    if (flags.includes(word)) return (words[index + 1] ?? "").split(",");
    const flag = flags.find((one) => word.startsWith(`${one}=`));
    return flag ? word.slice(flag.length + 1).split(",") : [];
  });
}
