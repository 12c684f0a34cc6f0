import { parseData } from "../sources/data.ts";
import { parseMakefile, recipeScript } from "../sources/makefile.ts";
import { scalarOffsets } from "../sources/scalar-text.ts";
import { parseShell, prepareShell } from "../sources/shell.ts";
import { lineStartsOf, positionAt } from "../text/positions.ts";
import type { DataNode, DataScalar } from "../types/data.ts";
import type { DeployAction, DeployCommand, DeployScript, DeployScripts } from "../types/deploy-script.ts";
import type { Extractor } from "../types/facts.ts";
import type { ShellCommand, ShellScript } from "../types/shell.ts";
import { entries, get } from "./nodes.ts";

/** Programs that deploy or render files; a text without any of them runs nothing of interest. */
const programs =
  /\b(?:sed|perl|envsubst|kubectl|oc|helm|helmfile|kustomize|terraform|tofu|terragrunt|gcloud|docker-compose|(?:docker|podman)[\s\S]{0,200}?(?:compose|env-file|stack)|gomplate|kd|j2|jinja2?|ytt|yq|mo|dockerize|esh|jq|cloudformation|fly|flyctl|wrangler|consul-template|confd|replace-?tokens|find-and-replace|variable-substitution|filetransform|amazon-ecs-(?:render|deploy)-task-definition|GITHUB_ENV|(?:cp|mv|cat|tee|echo|printf)\b[^\n]*\.env|export\s+[A-Z])\b/i;
const maxLength = 1024 * 1024;
const maxScripts = 400;

const nothing: DeployScripts = { scripts: [], actions: [] };

/** Commands of a shell script. */
export const deployShell: Extractor<"deploy-shell"> = {
  kind: "deploy-shell",
  version: 3,
  needs: ["shell"],
  extract(source, same) {
    const bytes = source.bytes();
    if (bytes.length > maxLength || !programs.test(bytes.toString("latin1"))) return nothing;
    const script = same?.("shell");
    return script ? { scripts: [{ path: [], commands: commandsOf(script) }], actions: [] } : nothing;
  },
};

/** Commands of a Makefile's recipes: each target is one script. */
export const deployMake: Extractor<"deploy-make"> = {
  kind: "deploy-make",
  version: 4,
  prepare: () => prepareShell(),
  deferrable: true,
  extract(source) {
    const bytes = source.bytes();
    if (bytes.length > maxLength || !programs.test(bytes.toString("latin1"))) return nothing;
    const scripts: DeployScript[] = [];
    const text = source.text();
    const lineStarts = lineStartsOf(text);
    for (const { targets, recipe } of parseMakefile(text.split(/\r?\n/)).rules) {
      if (scripts.length >= maxScripts) break;
      if (recipe.length === 0) continue;
      const script = recipeScript(recipe, lineStarts);
      scripts.push({
        path: targets.slice(0, 1),
        commands: commandsOf(parseShell(script.text, script.toFile, lineStarts)),
      });
    }
    return { scripts, actions: [] };
  },
};

/** Commands inside the strings of YAML or JSON (workflows, package.json scripts, build steps), and the actions that steps use. */
export const deployData: Extractor<"deploy-data"> = {
  kind: "deploy-data",
  version: 3,
  prepare: () => prepareShell(),
  deferrable: true,
  extract(source) {
    const bytes = source.bytes();
    if (bytes.length > maxLength || !programs.test(bytes.toString("latin1"))) return nothing;
    const text = source.text();
    const file = parseData(text);
    const found: DeployScripts = { scripts: [], actions: [] };
    for (const document of file.documents)
      if (document.root) walk(document.root, [], { text, lineStarts: file.lineStarts, found });
    return found;
  },
};

interface Reading {
  text: string;
  lineStarts: number[];
  found: DeployScripts;
}

function walk(node: DataNode, path: (string | number)[], reading: Reading): void {
  if (reading.found.scripts.length >= maxScripts || path.length > 30) return;
  if (node.kind === "scalar") {
    if (typeof node.value === "string" && node.text.length > 3 && programs.test(node.text))
      takeScript(node, path, reading);
    return;
  }
  if (node.kind === "list") {
    const words = argumentsOf(node.items);
    if (words) reading.found.scripts.push({ path, commands: [{ ...words, line: lineAt(reading, node.start) }] });
    for (const [index, item] of node.items.entries()) walk(item, [...path, index], reading);
    return;
  }
  const action = actionOf(node, path, reading);
  if (action) reading.found.actions.push(action);
  for (const entry of node.entries) if (!entry.merged) walk(entry.value, [...path, entry.key.text], reading);
}

/** `args: [run, services, replace, service.yaml]`: a command as a list of words. */
function argumentsOf(items: readonly DataNode[]): Omit<DeployCommand, "line"> | null {
  const words = items.map((item) => (item.kind === "scalar" ? item.text : ""));
  if (words.length < 2 || words.some((word) => word === "" || word.includes("\n") || word.length > 300)) return null;
  if (
    !/^(?:apply|-f|run|services|replace|deploy|upgrade|install|compose|kubectl|helm|terraform|gcloud|sed|envsubst|--?[\w-]+)$/.test(
      words[0] ?? "",
    )
  )
    return null;
  return { words, input: null, output: null, appended: null, sets: [], expands: [], pipeline: 0 };
}

function takeScript(node: DataScalar, path: (string | number)[], reading: Reading): void {
  const key = path.findLast((step) => typeof step === "string");
  if (typeof key === "string" && /^(?:description|name|title|image|uses|homepage|repository|message)$/.test(key))
    return;
  const script = parseShell(
    node.text.replace(/\$\$(?=\w|\{)/g, " $"),
    scalarOffsets(reading.text, node),
    reading.lineStarts,
  );
  const commands = commandsOf(script);
  if (commands.length > 0) reading.found.scripts.push({ path, commands });
}

function actionOf(node: DataNode, path: (string | number)[], reading: Reading): DeployAction | null {
  const uses = get(node, "uses") ?? get(node, "task");
  if (uses?.kind !== "scalar" || uses.value === null) return null;
  const inputs = get(node, "with") ?? get(node, "inputs");
  const values: Record<string, string> = {};
  for (const entry of entries(inputs))
    if (entry.value.kind === "scalar") values[entry.key.text] = entry.value.text.slice(0, 2_000);
  return { path, uses: uses.text, with: values, line: lineAt(reading, uses.start) };
}

function lineAt(reading: Reading, offset: number): number {
  return positionAt(reading.lineStarts, offset).line;
}

const wrappers = new Set(["sudo", "exec", "command", "time", "nohup", "env", "xargs", "then", "do", "@"]);

function commandsOf(script: ShellScript): DeployCommand[] {
  return script.commands.map((command) => reduced(command, script.lineStarts));
}

function reduced(command: ShellCommand, lineStarts: number[]): DeployCommand {
  const words = command.words.map((word) => word.text.slice(0, 2_000));
  while (words.length > 1 && (wrappers.has(words[0] ?? "") || /^[A-Z_]+=/.test(words[0] ?? ""))) words.shift();
  const target = (operators: readonly string[]) =>
    command.redirects.find((one) => operators.includes(one.operator) && one.descriptor !== "2")?.target?.text ?? null;
  return {
    words,
    input: target(["<"]),
    output: target([">", ">|", "&>"]),
    appended: target([">>"]),
    sets: command.assignments.map((one) => one.name),
    expands: [
      ...new Set(
        command.words.flatMap((word) => word.expansions.flatMap((one) => (one.name === null ? [] : [one.name]))),
      ),
    ],
    pipeline: command.pipeline,
    line: positionAt(lineStarts, command.start).line,
  };
}
