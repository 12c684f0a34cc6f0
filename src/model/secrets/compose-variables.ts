import { directoryOf, inRepository } from "../../text/paths.ts";
import { positionAt } from "../../text/positions.ts";
import type { ComposeModel } from "../../types/compose.ts";
import type { FactReader } from "../../types/facts.ts";
import type { Need } from "../../types/need.ts";
import type { NameJudgement, SecretReference } from "../../types/secret-reference.ts";
import type { ComposeSecrets } from "../../types/secret-uses.ts";
import type { Inventory } from "../../types/secrets.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { excuses } from "../compose/missing-paths.ts";
import { locate, scalarsBelow } from "../data.ts";
import { environmentToken, isDotenv } from "../path-class.ts";
import { isAlwaysThere } from "./code-paths.ts";
import { configuredIn } from "./environments.ts";
import { nothingFound, referenceTo, variableEdge } from "./found.ts";
import { nearSecretNames } from "./near-names.ts";
import { byPlace, NEED_RANK } from "./order.ts";
import { isPlainSecret } from "./plain-secrets.ts";

/** Compose files for the own machine, and for tests. */
const TRIAL =
  /(?:^|[-._/])(?:ci|e2e|local|dev|develop|development|devcontainer|test|tests|testing|integration|override|debug|bench\w*|perf)(?:[-._/]|$)/i;

/** What compose projects take from the shell or `.env`, and what they give their services. */
export function composeSecrets(
  { projects }: ComposeModel,
  files: FileTree,
  facts: FactReader,
  environments: readonly string[],
): ComposeSecrets {
  const result: ComposeSecrets = { ...nothingFound(), projects: [] };
  // What git ignores, a script makes or an example stands for is on the machine that runs compose.
  const excuse = excuses(files, facts);
  const isMade = (path: RepoPath) => files.has(path) || excuse(path) !== null;
  for (const project of projects) {
    if (project.example) continue;
    const about = configuredIn(project.files.join(" "), environments);
    // A compose file that names no environment is for the own machine as often as not, where a secret may stand as it is.
    const isDeployed = project.files.some((path) => /^(?:production|staging)$/.test(environmentToken(path) ?? ""));
    const wishes: SecretReference[] = [];
    const envFiles = new Set<RepoPath>();
    // An env file for developers says it as well as the name of the compose file does, but not one that may be absent.
    let trial = project.files.some((path) => TRIAL.test(path));
    for (const path of project.files) wishes.push(...interpolations(path, facts));
    for (const service of project.services) {
      const more = { service: service.name, environments: about };
      for (const variable of service.environment) {
        result.edges.push(variableEdge(variable.name, variable.at, more));
        if (variable.value && isPlainSecret(variable.name, variable.value.text) && isDeployed)
          result.literals.push({ name: variable.name, at: variable.at, service: service.name });
        if (variable.value === null) wishes.push(wish(variable.name, "likely", `- ${variable.name}`, variable.at));
      }
      for (const { path, required, at } of service.envFiles) {
        if (path === null) continue;
        envFiles.add(path);
        trial ||= required && TRIAL.test(path);
        if (files.has(path))
          for (const { name, value } of facts.get("dotenv", path)?.entries ?? [])
            if (value !== "") result.edges.push(variableEdge(name, at, more));
      }
    }
    for (const path of project.files) {
      const file = facts.get("compose", path);
      for (const { environment } of file?.secrets ?? [])
        if (environment && file)
          wishes.push(
            wish(environment.text, "required", `environment: ${environment.text}`, locate(path, file, environment)),
          );
    }
    const absent: ComposeSecrets["projects"][number]["absent"] = [];
    const declared = new Set(
      project.files.flatMap((path) => facts.get("compose", path)?.secrets.map((one) => one.name) ?? []),
    );
    if (project.incomplete === null)
      for (const service of project.services)
        for (const one of service.secrets)
          if (!declared.has(one.text) && !/[${]/.test(one.text))
            absent.push({
              reference: wish(one.text, "required", `secrets: ${one.text} of ${service.name}`, one.at),
              certain: true,
            });
    for (const service of project.services)
      for (const { path, required, at } of service.envFiles)
        if (path !== null && required && !isMade(path))
          absent.push({ reference: wish(path, "required", `env_file of ${service.name}`, at), certain: false });
    for (const path of project.files) {
      const file = facts.get("compose", path);
      for (const one of file?.secrets ?? []) {
        const target = one.file && !one.file.text.includes("$") ? inRepository(project.directory, one.file.text) : null;
        if (file && one.file && target !== null && !one.file.text.startsWith("/") && !isMade(target))
          absent.push({
            reference: wish(one.name, "required", `secrets: ${one.name}`, locate(path, file, one.file)),
            certain: false,
          });
      }
    }
    result.projects.push({ directory: project.directory, files: project.files, envFiles, trial, wishes, absent });
  }
  return result;
}

const wish = (name: string, need: Need, form: string, at: SecretReference["at"]) =>
  referenceTo("object", name, need, form, at, { holder: "compose" });

/** `${X}`, `$X`, `${X:?message}` in the values of one file. */
function interpolations(path: RepoPath, facts: FactReader): SecretReference[] {
  const file = facts.get("data", path);
  const found: SecretReference[] = [];
  for (const document of file?.documents ?? [])
    for (const { scalar } of scalarsBelow(document.root)) {
      if (
        scalar.style !== "single" &&
        scalar.style !== "double" &&
        scalar.style !== "plain" &&
        !scalar.text.includes("$")
      )
        continue;
      for (const match of scalar.text.matchAll(
        /\$(?:\$|\{([A-Za-z_]\w*)(?:(:?[-?+])[^{}]*)?[^{}]*\}|([A-Za-z_]\w*))/g,
      )) {
        const name = match[1] ?? match[3];
        if (name === undefined) continue;
        const operator = match[2] ?? "";
        const need: Need = operator.endsWith("?") ? "required" : operator === "" ? "likely" : "optional";
        const offset = scalar.start + (scalar.style === "plain" ? 0 : 1) + match.index;
        // In a block text the offset is its start plus whole lines.
        const lines =
          scalar.style === "literal" || scalar.style === "folded"
            ? scalar.text.slice(0, match.index).split("\n").length
            : 0;
        const at =
          lines === 0
            ? locate(path, file!, { start: offset, end: Math.min(scalar.end, offset + match[0].length) })
            : (() => {
                const start = positionAt(file!.lineStarts, scalar.start);
                const line = start.line + lines;
                return { path, start: { line, column: 1 }, end: { line, column: 2 } };
              })();
        // The operand of a nested default is not followed.
        found.push(wish(name, need, `\${${name}}`, at));
      }
    }
  return found;
}

/** What is known of who runs compose. */
export interface ComposeUse {
  deployedOtherwise: boolean;
  /** Files that predeploy.yml says are deployed in an environment. */
  deployedFiles(environment: string): readonly RepoPath[];
}

/** Holds what projects interpolate against `.env` beside them and the inventories. */
export function judgeCompose(
  { projects }: ComposeSecrets,
  files: FileTree,
  facts: FactReader,
  inventories: readonly Inventory[],
  environments: readonly string[],
  { deployedOtherwise, deployedFiles }: ComposeUse,
): NameJudgement[] {
  const judgements: NameJudgement[] = [];
  const seen = new Set<string>();
  for (const environment of environments.length > 0 ? environments : [null])
    for (const { directory, envFiles, trial, wishes, absent, files: own } of projects) {
      const about = configuredIn(own.join(" "), environments);
      if (environment !== null && about !== null && !about.includes(environment)) continue;
      if (trial && !TRIAL.test(environment ?? "")) continue;
      const beside = directory === "" ? ".env" : `${directory}/.env`;
      const asked = inventories.filter(
        (one) =>
          one.environment === environment &&
          (one.namespace === "process" || one.namespace === "object") &&
          !one.names.some(({ at }) => envFiles.has(at.path) && at.path !== beside),
      );
      const known = new Set(asked.flatMap((one) => one.names.map((name) => name.name)));
      // Beside another deploy a compose file is for the own machine, unless something says that it is not.
      const meant =
        !deployedOtherwise ||
        about !== null ||
        own.some((path) => environment !== null && deployedFiles(environment).includes(path)) ||
        asked.some((one) => one.names.some(({ at }) => directoryOf(at.path) === directory && isDotenv(at.path)));

      const dotenv = files.has(beside) ? facts.get("dotenv", beside) : null;
      for (const { name } of dotenv?.entries ?? []) known.add(name);
      const decided = asked.length > 0 || (dotenv !== null && inventories.length > 0);
      for (const { reference, certain } of absent) {
        // A file that git does not hold may be made by the deploy: only where lists are given is its absence told.
        const told = meant && (certain || inventories.some((one) => one.complete));
        // Several services may name one file.
        const id = `${reference.name}\n${own.join("\n")}`;
        if (!told || seen.has(id)) continue;
        seen.add(id);
        judgements.push({
          namespace: "object",
          kind: "secret",
          name: reference.name,
          environment,
          status: "missing",
          need: "required",
          first: reference,
          others: absent.flatMap((one) =>
            one.reference !== reference && one.reference.name === reference.name ? [one.reference] : [],
          ),
          asked: [],
          complete: certain,
          near: [],
          anyOf: [],
          elsewhere: [],
        });
      }
      const groups = new Map<string, SecretReference[]>();
      for (const one of wishes) groups.set(one.name, [...(groups.get(one.name) ?? []), one]);
      for (const [name, group] of groups) {
        const [first, ...others] = [...group].sort((a, b) => NEED_RANK[a.need] - NEED_RANK[b.need] || byPlace(a, b));
        const provided =
          known.has(name) ||
          isAlwaysThere(name) ||
          /^(?:COMPOSE_\w+|UID|GID|DOCKER_\w+)$/.test(name) ||
          asked.some((one) => opensList(name, one));
        const id = `${name}\n${first!.at.path}\n${first!.at.start.line}`;
        if (!provided && decided && seen.has(id)) continue;
        if (!provided && decided) seen.add(id);
        judgements.push({
          namespace: "object",
          kind: "variable",
          name,
          environment,
          status: provided ? "provided" : decided ? "missing" : "unknown",
          need: meant || first!.need === "optional" ? first!.need : "read",
          first: first!,
          others,
          asked,
          complete: decided && asked.every((one) => one.complete),
          near: provided ? [] : nearSecretNames(name, known),
          anyOf: [],
          elsewhere: [],
        });
      }
    }
  return judgements;
}

/** Whether a variable is what lets a program take the list of a secret manager: the list itself has no such name. */
function opensList(name: string, { label }: Inventory): boolean {
  const [, manager] = /^(DOPPLER|INFISICAL)_/.exec(name) ?? [];
  return manager !== undefined && label.startsWith(`${manager.toLowerCase()} `);
}
