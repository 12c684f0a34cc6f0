import type { DataNode } from "../../types/data.ts";
import type { FactReader } from "../../types/facts.ts";
import type { Found } from "../../types/secret-uses.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { Workflow, WorkflowModel } from "../../types/workflow.ts";
import type { FileTree } from "../../types/workspace.ts";
import { entriesOf, itemsOf, locate, scalarsBelow, textOf, valueAt } from "../data.ts";
import { isCloudBuild, isDockerfile, isDotenv, isDotenvExample, isExampleOrTest, isYaml } from "../path-class.ts";
import { configuredIn } from "./environments.ts";
import { addFound, nothingFound, referenceTo, variableEdge } from "./found.ts";
import { resolve } from "./kubernetes-objects.ts";

type Place = (range: { start: number; end: number }) => Location;

interface Context {
  path: RepoPath;
  at: Place;
  environments: readonly string[] | null;
}

/** What deployment templates of the clouds and platforms take from a store and give to a process. */
export function templateSecrets(
  files: FileTree,
  facts: FactReader,
  { workflows }: WorkflowModel,
  environments: readonly string[],
): Found {
  const all = nothingFound();
  for (const { path, ignored, kind } of files.entries) {
    if (ignored || (kind !== "file" && kind !== "executable") || isExampleOrTest(path)) continue;
    if (isDockerfile(path)) {
      addFound(all, imageVariables(path, facts));
      continue;
    }
    const reader = readerOf(path);
    if (!reader) continue;
    const file = facts.get("data", path);
    const root = file?.documents[0]?.root ?? null;
    if (!file || !root) continue;
    const at: Place = (range) => locate(path, file, range);
    addFound(all, reader(root, { path, at, environments: configuredIn(path, environments) }));
  }
  for (const workflow of workflows) addFound(all, deployActions(workflow, files, facts, environments));
  return all;
}

function readerOf(path: RepoPath): ((root: DataNode, context: Context) => Found) | null {
  const name = path.slice(path.lastIndexOf("/") + 1);
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
  for (const { keyword, words, range } of facts.get("dockerfile", path)?.instructions ?? []) {
    if (keyword !== "ENV" && keyword !== "ARG") continue;
    for (const [index, { text }] of words.entries()) {
      const equals = text.indexOf("=");
      const name = equals > 0 ? text.slice(0, equals) : keyword === "ARG" || index === 0 ? text : null;
      const at: Location = { path, start: range.start, end: range.end };
      if (name === null) continue;
      if (keyword === "ENV") {
        // `ENV X=` and `ENV X=$X` set nothing by themselves.
        if (equals > 0 && /^(?:""|''|\$\{?\w+\}?)?$/.test(text.slice(equals + 1))) continue;
        found.edges.push(variableEdge(name, at));
      } else if (equals > 0) found.edges.push({ ...variableEdge(name, at), to: { namespace: "build", name } });
    }
  }
  return found;
}

/** Cloud Build: `availableSecrets` names versions; each `secretEnv` must be declared there. */
function cloudBuild(root: DataNode, { at, environments }: Context): Found {
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

/** The name of a secret or parameter in an ARN or by itself. */
export function awsName(text: string): { name: string; kind: "secret" | "variable"; anyOf: string[] } | null {
  const secret = /^arn:[\w-]+:secretsmanager:[^:]*:([^:]*):secret:([^:]+)/.exec(text);
  // The six characters at the end are the store's own; an ARN without them is allowed too.
  if (secret) return { name: secret[2]!.replace(/-[A-Za-z0-9]{6}$/, ""), kind: "secret", anyOf: [secret[2]!] };
  const parameter = /^arn:[\w-]+:ssm:[^:]*:[^:]*:parameter(\/.+)$/.exec(text);
  if (parameter) return { name: parameter[1]!, kind: "variable", anyOf: [parameter[1]!.slice(1)] };
  if (/^arn:|[${}]/.test(text) || text === "") return null;
  return { name: text, kind: "variable", anyOf: [] };
}

/** ECS task definitions. */
function ecs(root: DataNode, { at, environments }: Context): Found {
  const found = nothingFound();
  const definition = valueAt(root, "taskDefinition") ?? root;
  for (const container of itemsOf(valueAt(definition, "containerDefinitions"))) {
    const service = textOf(valueAt(container, "name"));
    const more = { service, environments, closed: true };
    for (const item of itemsOf(valueAt(container, "environment"))) {
      const node = valueAt(item, "name");
      const name = textOf(node);
      if (node && name !== null) found.edges.push(variableEdge(name, at(node), more));
    }
    for (const item of itemsOf(valueAt(container, "secrets"))) {
      const variable = textOf(valueAt(item, "name"));
      const node = valueAt(item, "valueFrom");
      const parsed = awsName(textOf(node) ?? "");
      if (variable !== null && node)
        found.edges.push(
          variableEdge(variable, at(node), {
            ...more,
            kind: "secret",
            from: parsed ? { namespace: "store", name: parsed.name } : null,
          }),
        );
      if (node && parsed)
        found.references.push(
          referenceTo("store", parsed.name, "required", `valueFrom of ${variable}`, at(node), {
            service,
            environments,
            kind: parsed.kind,
            anyOf: parsed.anyOf,
          }),
        );
      else if (node && textOf(node)?.includes("$"))
        found.dynamic.push({ namespace: "store", expression: textOf(node)!, at: at(node) });
    }
  }
  return found;
}

/** SAM and CloudFormation: dynamic references, and parameters without a default. */
function cloudFormation(root: DataNode, context: Context): Found {
  const found = resolved(root, context);
  if (!valueAt(root, "Resources")) return nothingFound();
  for (const { value } of entriesOf(valueAt(root, "Resources")))
    variables(valueAt(value, "Properties", "Environment", "Variables"), context, found);
  variables(valueAt(root, "Globals", "Function", "Environment", "Variables"), context, found);
  return found;
}

function variables(node: DataNode | null, { at, environments }: Context, found: Found): void {
  for (const { key } of entriesOf(node))
    found.edges.push(variableEdge(key.text, at(key), { environments, closed: true }));
}

/** `{{resolve:secretsmanager:NAME:…}}` and `{{resolve:ssm:NAME:…}}` anywhere. */
function resolved(root: DataNode, { at, environments }: Context): Found {
  const found = nothingFound();
  for (const { scalar } of scalarsBelow(root))
    for (const match of scalar.text.matchAll(/\{\{resolve:(secretsmanager|ssm|ssm-secure):([^}]{1,400})\}\}/g)) {
      const rest = match[2]!;
      const name = rest.startsWith("arn:") ? (awsName(rest)?.name ?? null) : rest.split(":")[0]!;
      const place = at({ start: scalar.start, end: scalar.end });
      if (name === null || /\$\{/.test(name))
        found.dynamic.push({ namespace: "store", expression: rest.slice(0, 120), at: place });
      else
        found.references.push(
          referenceTo("store", name, "required", match[0].slice(0, 80), place, {
            environments,
            kind: match[1] === "secretsmanager" ? "secret" : "variable",
          }),
        );
    }
  return found;
}

/** The Serverless framework: `${ssm:…}`, `${env:X}`, the variables of functions. */
function serverless(root: DataNode, context: Context): Found {
  const { at, environments } = context;
  const found = resolved(root, context);
  const stage = /^\$\{|^$/.test(textOf(valueAt(root, "provider", "stage")) ?? "")
    ? null
    : textOf(valueAt(root, "provider", "stage"));
  for (const { scalar } of scalarsBelow(root))
    for (const match of scalar.text.matchAll(
      /\$\{(ssm(?:\([^)]*\))?|env|aws:[\w]+|cf[\w.-]*):([^{},]+)(,[^{}]*)?\}/g,
    )) {
      const [, source, name, fallback] = match;
      const place = at({ start: scalar.start, end: scalar.end });
      const need = fallback === undefined ? "required" : "optional";
      if (source === "env")
        found.references.push(
          referenceTo("object", name!.trim(), need, match[0].slice(0, 80), place, {
            holder: "serverless",
            environments,
          }),
        );
      else if (source!.startsWith("ssm")) {
        const own = name!
          .trim()
          .replace(/~(?:true|split)$/, "")
          .replace(/^\/aws\/reference\/secretsmanager\//, "");
        const kind = own === name!.trim() || own.startsWith("/") ? "variable" : "secret";
        found.references.push(referenceTo("store", own, need, match[0].slice(0, 80), place, { environments, kind }));
      }
    }
  // A name with an inner variable does not match above: the stage is the only one that is commonly there.
  for (const { scalar } of scalarsBelow(root))
    for (const match of scalar.text.matchAll(
      /\$\{ssm(?:\([^)]*\))?:([^{},]*\$\{(?:sls:stage|self:provider\.stage|opt:stage)[^{}]*\}[^{},]*)(,[^{}]*)?\}/g,
    )) {
      const place = at({ start: scalar.start, end: scalar.end });
      for (const environment of environments ?? (stage === null ? [] : [stage]))
        found.references.push(
          referenceTo(
            "store",
            match[1]!.replace(/\$\{[^{}]*\}/, environment),
            match[2] === undefined ? "required" : "optional",
            match[0].slice(0, 80),
            place,
            { environments: [environment], kind: "variable" },
          ),
        );
      if (environments === null && stage === null)
        found.dynamic.push({ namespace: "store", expression: match[1]!, at: place });
    }
  variables(valueAt(root, "provider", "environment"), context, found);
  for (const { value } of entriesOf(valueAt(root, "functions")))
    variables(valueAt(value, "environment"), context, found);
  return found;
}

/** Render's blueprint: `sync: false` is asked for by hand, and must be there. */
function render(root: DataNode, { at, environments }: Context): Found {
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
          referenceTo("process", name, "required", `${name}: sync: false`, at(node), { service, environments }),
        );
      else found.edges.push(variableEdge(name, at(node), { service, environments }));
    }
  }
  return found;
}

/** App Engine's `env_variables`. */
function appEngine(root: DataNode, context: Context): Found {
  const found = nothingFound();
  if (valueAt(root, "runtime")) variables(valueAt(root, "env_variables"), context, found);
  return found;
}

/** `google-github-actions/deploy-cloudrun` and its kin: `secrets:`, `env_vars:`, `env_vars_file:`. */
function deployActions(workflow: Workflow, files: FileTree, facts: FactReader, environments: readonly string[]): Found {
  const found = nothingFound();
  const lines = facts.get("workflow", workflow.path)?.lineStarts ?? [0];
  for (const job of workflow.jobs)
    for (const step of job.steps) {
      if (
        !/^google-github-actions\/(?:deploy-cloudrun|deploy-cloud-functions|get-secretmanager-secrets)@/.test(
          step.uses?.text ?? "",
        )
      )
        continue;
      const input = (name: string) => step.with.find((one) => one.name === name)?.value;
      const service = input("service")?.text ?? input("job")?.text ?? input("name")?.text ?? null;
      const scope = job.environment && !job.environment.text.includes("${{") ? job.environment.text : null;
      const named = configuredIn(scope ?? `${workflow.path} ${job.id} ${service ?? ""}`, environments);
      const reading = /get-secretmanager-secrets/.test(step.uses!.text);
      for (const kind of ["secrets", "secret_environment_variables", "env_vars", "environment_variables"]) {
        const value = input(kind);
        if (!value) continue;
        const closed =
          input(`${kind.replace(/s$/, "")}_update_strategy`)?.text === "overwrite" ||
          input(`${kind}_update_strategy`)?.text === "overwrite";
        for (const { key, text, line } of listed(value.text)) {
          const first = value.at.start.line;
          // A block text starts on the line behind its indicator.
          const own = value.text.includes("\n") ? first + 1 + line : first;
          const at: Location = value.text.includes("\n")
            ? { path: workflow.path, start: { line: own, column: 1 }, end: { line: own, column: 2 } }
            : value.at;
          void lines;
          const common = { service, environments: named, closed };
          if (!reading && /env/.test(kind) && !kind.startsWith("secret")) {
            found.edges.push(variableEdge(key, at, common));
            continue;
          }
          const target = reading ? text.replace(/^([^/]+)\/([^/]+)(?:\/.*)?$/, "$2") : text.replace(/:[^:/]*$/, "");
          if (!key.startsWith("/") && !reading)
            found.edges.push(
              variableEdge(key, at, { ...common, kind: "secret", from: { namespace: "store", name: target } }),
            );
          if (/\$/.test(target)) found.dynamic.push({ namespace: "store", expression: target, at });
          else if (!/^projects\//.test(target) && target !== "")
            found.references.push(
              referenceTo("store", target, "required", `${key}=${target}`, at, { service, environments: named }),
            );
        }
      }
      const list = input("env_vars_file")?.text;
      const path = list === undefined ? null : resolve("", list);
      if (path !== null && files.has(path)) {
        const names =
          isDotenv(path) && !isDotenvExample(path)
            ? facts.get("dotenv", path)?.entries.map((one) => one.name)
            : entriesOf(facts.get("data", path)?.documents[0]?.root ?? null).map((one) => one.key.text);
        for (const name of names ?? []) found.edges.push(variableEdge(name, step.at, { service, environments: named }));
      }
    }
  return found;
}

/** `KEY=VALUE` by comma or line, `\,` kept, lines that start with `#` left out. With the number of the line. */
function listed(text: string): { key: string; text: string; line: number }[] {
  return text.split("\n").flatMap((line, index) =>
    line.trimStart().startsWith("#")
      ? []
      : line.split(/(?<!\\),/).flatMap((part) => {
          const colon = /^\s*([\w./-]+)\s*[=:]\s*(.*?)\s*$/.exec(part);
          return colon ? [{ key: colon[1]!, text: colon[2]!.replace(/^['"]|['"]$/g, ""), line: index }] : [];
        }),
  );
}
