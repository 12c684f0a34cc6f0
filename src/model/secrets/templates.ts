import { baseName } from "../../text/paths.ts";
import type { DataNode } from "../../types/data.ts";
import type { FactReader } from "../../types/facts.ts";
import type { Found } from "../../types/secret-uses.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { WorkflowModel } from "../../types/workflow.ts";
import type { FileTree } from "../../types/workspace.ts";
import { entriesOf, itemsOf, locate, textOf, valueAt } from "../data.ts";
import { isCloudBuild, isDockerfile, isExampleOrTest, isYaml } from "../path-class.ts";
import { cloudFormation, ecs, serverless } from "./aws-templates.ts";
import { deployActions } from "./deploy-actions.ts";
import { configuredIn } from "./environments.ts";
import { addFound, nothingFound, referenceTo, type TemplateContext, variableEdge, variablesOf } from "./found.ts";
import { isPlainSecret } from "./plain-secrets.ts";
import { writtenText } from "./written-text.ts";

/** By the end of its name; most files of a repository are none. */
const MAY_BE_TEMPLATE = /\.(?:ya?ml|json|toml)$|(?:docker|container)file[^/]*$/i;

/** What deployment templates of the clouds and platforms take from a store and give to a process. */
export function templateSecrets(
  files: FileTree,
  facts: FactReader,
  { workflows }: WorkflowModel,
  environments: readonly string[],
): Found {
  const all = nothingFound();
  for (const { path, ignored, kind } of files.entries) {
    if (ignored || !MAY_BE_TEMPLATE.test(path) || (kind !== "file" && kind !== "executable") || isExampleOrTest(path))
      continue;
    if (isDockerfile(path)) {
      addFound(all, imageVariables(path, facts));
      continue;
    }
    if (/(?:^|\/)fly(?:[.-][\w-]+)?\.toml$/.test(path)) {
      addFound(all, fly(path, facts, configuredIn(path, environments)));
      continue;
    }
    const reader = readerOf(path);
    if (!reader) continue;
    const file = facts.get("data", path);
    const root = file?.documents[0]?.root ?? null;
    if (!file || !root) continue;
    const at: TemplateContext["at"] = (range) => locate(path, file, range);
    addFound(all, reader(root, { path, at, environments: configuredIn(path, environments) }));
  }
  for (const workflow of workflows)
    if (workflow.jobs.some(({ steps }) => steps.some(({ uses }) => uses?.text.startsWith("google-github-actions/"))))
      addFound(all, deployActions(workflow, files, facts, environments));
  return all;
}

function readerOf(path: RepoPath): ((root: DataNode, context: TemplateContext) => Found) | null {
  const name = baseName(path);
  if (isCloudBuild(path)) return cloudBuild;
  if (/task[-_.]?def/i.test(name) || (/(?:^|[/_-])ecs[/_-]/i.test(path) && /\.json$/.test(name))) return ecs;
  if (/^render\.ya?ml$/.test(name)) return render;
  if (/^serverless[\w.-]*\.ya?ml$/.test(name)) return serverless;
  if (
    /^(?:template|sam|cloudformation|stack|cfn)[\w.-]*\.(?:ya?ml|json)$/i.test(name) ||
    /(?:^|\/)(?:cloudformation|cfn|sam)\//i.test(path)
  )
    return cloudFormation;
  if (/^app(?:[.-][\w-]+)?\.ya?ml$/.test(name) && isYaml(path)) return appEngine;
  return null;
}

/** Variables that an image sets itself. */
function imageVariables(path: RepoPath, facts: FactReader): Found {
  const found = nothingFound();
  const instructions = facts.get("dockerfile", path)?.instructions ?? [];
  const last = instructions.findLastIndex(({ keyword }) => keyword === "FROM");
  for (const [place, { keyword, words, range }] of instructions.entries()) {
    if (keyword !== "ENV" && keyword !== "ARG") continue;
    for (const [index, { text }] of words.entries()) {
      const equals = text.indexOf("=");
      const name = equals > 0 ? text.slice(0, equals) : keyword === "ARG" || index === 0 ? text : null;
      const at: Location = { path, start: range.start, end: range.end };
      if (name === null) continue;
      if (keyword === "ENV") {
        // `ENV X=` and `ENV X=$X` set nothing by themselves.
        if (equals > 0 && /^(?:""|''|\$\{?\w+\}?)?$/.test(text.slice(equals + 1))) continue;
        // Only of the last stage is it certain that the process has it.
        const value = place > last ? (equals > 0 ? unquoted(text.slice(equals + 1)) : words[1]?.text) : null;
        found.edges.push(variableEdge(name, at, { ofImage: true, ...writtenText(name, value) }));
      } else if (equals > 0) found.edges.push({ ...variableEdge(name, at), to: { namespace: "build", name } });
    }
  }
  return found;
}

const unquoted = (text: string): string => /^(["'])(.*)\1$/.exec(text)?.[2] ?? text;

/** Cloud Build: `availableSecrets` names versions; each `secretEnv` must be declared there. */
function cloudBuild(root: DataNode, { at, environments }: TemplateContext): Found {
  const found = nothingFound();
  const declared = new Set<string>();
  for (const item of itemsOf(valueAt(root, "availableSecrets", "secretManager"))) {
    const node = valueAt(item, "versionName");
    const variable = textOf(valueAt(item, "env"));
    if (variable !== null) declared.add(variable);
    const parts = /^projects\/([^/]+)\/secrets\/([^/]+)(?:\/versions\/([^/]+))?$/.exec(textOf(node) ?? "");
    if (!node || !parts) continue;
    if (/\$/.test(parts[2]!)) found.dynamic.push({ namespace: "store", expression: parts[2]!, at: at(node) });
    // The own project stands there as a substitution; a written one may be any.
    else if (/^\$\{?PROJECT/.test(parts[1]!) || environments !== null)
      found.references.push(
        referenceTo("store", parts[2]!, "required", `versionName of ${variable}`, at(node), { environments }),
      );
    else
      found.references.push(
        referenceTo("store", parts[2]!, "likely", `versionName of ${variable}`, at(node), { environments }),
      );
  }
  for (const item of itemsOf(valueAt(root, "availableSecrets", "inline")))
    for (const { key } of entriesOf(valueAt(item, "envMap"))) declared.add(key.text);
  for (const item of itemsOf(valueAt(root, "secrets")))
    for (const { key } of entriesOf(valueAt(item, "secretEnv"))) declared.add(key.text);
  for (const list of [root, ...itemsOf(valueAt(root, "steps"))])
    for (const node of itemsOf(valueAt(list, "secretEnv"))) {
      const name = textOf(node);
      if (name !== null && !declared.has(name))
        found.references.push(
          referenceTo("object", name, "required", `secretEnv ${name}`, at(node), { holder: "cloud-build" }),
        );
    }
  return found;
}

/** Render's blueprint: `sync: false` is asked for by hand once, and may be left empty. */
function render(root: DataNode, { at, environments }: TemplateContext): Found {
  const found = nothingFound();
  const groups = itemsOf(valueAt(root, "envVarGroups"));
  for (const holder of [...itemsOf(valueAt(root, "services")), ...groups]) {
    const service = textOf(valueAt(holder, "name"));
    for (const item of itemsOf(valueAt(holder, "envVars"))) {
      const node = valueAt(item, "key");
      const name = textOf(node);
      if (!node || name === null) continue;
      if (textOf(valueAt(item, "sync")) === "false")
        found.references.push(
          referenceTo("process", name, "likely", `${name}: sync: false`, at(node), {
            service,
            environments,
            asked: true,
          }),
        );
      else found.edges.push(variableEdge(name, at(node), { service, environments }));
      if (isPlainSecret(name, textOf(valueAt(item, "value")) ?? ""))
        found.literals.push({ name, at: at(node), service });
    }
  }
  return found;
}

/** App Engine's `env_variables`. */
function appEngine(root: DataNode, context: TemplateContext): Found {
  const found = nothingFound();
  if (valueAt(root, "runtime")) variablesOf(valueAt(root, "env_variables"), context, found);
  return found;
}

/** fly.toml: `[[files]].secret_name` must be a secret of the app; `[env]` gives variables. */
function fly(path: RepoPath, facts: FactReader, environments: readonly string[] | null): Found {
  const found = nothingFound();
  const file = facts.get("toml", path);
  const service = file?.values.find(({ path: [key, ...rest] }) => key === "app" && rest.length === 0)?.text ?? null;
  for (const value of file?.values ?? []) {
    const [table, key] = value.path;
    const at = locate(path, file!, value);
    if (table === "files" && value.path.at(-1) === "secret_name")
      found.references.push(
        referenceTo("process", value.text, "required", `secret_name = "${value.text}"`, at, { service, environments }),
      );
    if (table === "env" && typeof key === "string") {
      found.edges.push(variableEdge(key, at, { service, environments }));
      if (isPlainSecret(key, value.text)) found.literals.push({ name: key, at, service });
    }
  }
  return found;
}
