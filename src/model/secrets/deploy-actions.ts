import type { FactReader } from "../../types/facts.ts";
import type { Found } from "../../types/secret-uses.ts";
import type { Location } from "../../types/text.ts";
import type { Workflow } from "../../types/workflow.ts";
import type { FileTree } from "../../types/workspace.ts";
import { variablesOfFile } from "./env-vars-file.ts";
import { configuredIn } from "./environments.ts";
import { nothingFound, referenceTo, variableEdge } from "./found.ts";
import { hasUnnamed, pairsOf } from "./gcloud.ts";
import { isPlainSecret } from "./plain-secrets.ts";
import { writtenText } from "./written-text.ts";

/** `google-github-actions/deploy-cloudrun` and its kin: `secrets:`, `env_vars:`, `env_vars_file:`. */
export function deployActions(
  workflow: Workflow,
  files: FileTree,
  facts: FactReader,
  environments: readonly string[],
): Found {
  const found = nothingFound();
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
      const first = found.edges.length;
      let open = false;
      for (const kind of ["secrets", "secret_environment_variables", "env_vars", "environment_variables"]) {
        const value = input(kind);
        if (!value) continue;
        const closed =
          input(`${kind.replace(/s$/, "")}_update_strategy`)?.text === "overwrite" ||
          input(`${kind}_update_strategy`)?.text === "overwrite";
        open ||= value.text.split("\n").some((line) => hasUnnamed(line.trim()));
        for (const { key, text, line } of listed(value.text)) {
          const first = value.at.start.line;
          // A block text starts on the line behind its indicator.
          const own = value.text.includes("\n") ? first + 1 + line : first;
          const at: Location = value.text.includes("\n")
            ? { path: workflow.path, start: { line: own, column: 1 }, end: { line: own, column: 2 } }
            : value.at;
          const common = { service, environments: named, closed };
          if (!reading && /env/.test(kind) && !kind.startsWith("secret")) {
            found.edges.push(variableEdge(key, at, { ...common, ...writtenText(key, text) }));
            if (isPlainSecret(key, text)) found.literals.push({ name: key, at, service });
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
      const variables = list === undefined ? [] : variablesOfFile(list, [""], files, facts);
      for (const { name } of variables ?? [])
        found.edges.push(variableEdge(name, step.at, { service, environments: named }));
      open ||= variables === null;
      // `flags: --set-env-vars=A=b` reach the command line beside the inputs.
      const flags = input("flags");
      for (const match of (flags?.text ?? "").matchAll(FLAG)) {
        const given = match[2] ?? match[3] ?? match[4] ?? "";
        open ||= hasUnnamed(given);
        for (const { key } of match[1] === "secrets" || match[1] === "env-vars" ? pairsOf(given) : [])
          if (!key.startsWith("/"))
            found.edges.push(
              variableEdge(key, flags!.at, {
                service,
                environments: named,
                ...(match[1] === "secrets" ? { kind: "secret" as const } : {}),
              }),
            );
        open ||= match[1] === "env-vars-file";
      }
      // What a file or a list that nobody can read gives may be any variable.
      if (open)
        for (const [index, edge] of found.edges.entries())
          if (index >= first) found.edges[index] = { ...edge, closed: false };
    }
  return found;
}

const FLAG = /--(?:set-|update-)?(env-vars-file|env-vars|secrets)(?:=|\s+)(?:"([^"]*)"|'([^']*)'|(\S+))/g;

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
