import { directoryOf, inRepository } from "../../text/paths.ts";
import type { FactReader } from "../../types/facts.ts";
import type { HclAttribute, HclBlock, HclFile } from "../../types/hcl.ts";
import type { RootModule, TerraformSecrets } from "../../types/secret-uses.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { WorkflowModel } from "../../types/workflow.ts";
import type { FileTree } from "../../types/workspace.ts";
import { locate } from "../data.ts";
import { isExampleOrTest, isTerraform } from "../path-class.ts";
import { configuredIn } from "./environments.ts";
import { noTerraform, referenceTo, variableEdge } from "./found.ts";
import { terraformObjects } from "./made-objects.ts";
import { refusedSecrets } from "./terraform-access.ts";
import { chosenFiles, passedValues } from "./terraform-values.ts";

const SECRET_DATA: Readonly<Record<string, string>> = {
  google_secret_manager_secret: "secret_id",
  google_secret_manager_secret_version: "secret",
  google_secret_manager_secret_version_access: "secret",
  aws_secretsmanager_secret: "name",
  aws_secretsmanager_secret_version: "secret_id",
  aws_ssm_parameter: "name",
  azurerm_key_vault_secret: "name",
};

/** What the Terraform of the repository asks for: variables of root modules, secrets of a store. */
export function terraformSecrets(
  files: FileTree,
  facts: FactReader,
  { workflows }: WorkflowModel,
  environments: readonly string[],
): TerraformSecrets {
  const result = noTerraform();
  const modules = new Map<RepoPath, { path: RepoPath; hcl: HclFile }[]>();
  for (const { path, ignored } of files.entries) {
    if (ignored || isExampleOrTest(path) || /(?:^|\/)\.terraform\//.test(path)) continue;
    if (/\.tfvars$/.test(path)) {
      const hcl = facts.get("hcl", path);
      if (hcl) result.values.set(path, new Map(hcl.attributes.map((one) => [one.name, textOf(one)])));
    }
    if (!isTerraform(path)) continue;
    const hcl = facts.get("hcl", path);
    if (!hcl) continue;
    modules.set(directoryOf(path), [...(modules.get(directoryOf(path)) ?? []), { path, hcl }]);
    result.objects.push(...terraformObjects(path, hcl));
  }
  if (modules.size === 0) return result;
  const called = new Set<RepoPath>();
  for (const [directory, list] of modules)
    for (const { hcl } of list)
      for (const block of hcl.blocks)
        if (block.type === "module") {
          const source = textOf(attribute(block, "source"));
          const path = source?.startsWith(".") ? inRepository(directory, source) : null;
          if (path !== null && path !== directory) called.add(path);
        }
  for (const [directory, list] of modules) {
    if (called.has(directory) || /(?:^|\/)modules\//.test(`${directory}/`)) continue;
    const root: RootModule = { directory, variables: [], open: false };
    for (const { path, hcl } of list)
      for (const block of hcl.blocks) {
        if (block.type === "variable" && block.labels[0]) variable(block, path, hcl, root);
        if (
          block.type === "terraform" &&
          block.blocks.some(
            (one) => one.type === "cloud" || (one.type === "backend" && one.labels[0]?.text === "remote"),
          )
        )
          root.open = true;
      }
    result.roots.push(root);
  }
  for (const [directory, list] of modules) secretsOf(directory, list, result, environments);
  for (const list of modules.values()) result.refused.push(...refusedSecrets(list));
  passedValues(files, facts, workflows, result);
  return result;
}

function variable(block: HclBlock, path: RepoPath, hcl: HclFile, root: RootModule): void {
  const { text: name } = block.labels[0]!;
  const fallback = attribute(block, "default");
  const need = fallback ? "optional" : "required";
  const at = locate(path, hcl, { start: block.start, end: block.labels[0]!.end });
  const reference = referenceTo("object", name, need, `variable "${name}"`, at, { holder: "terraform" });
  root.variables.push({ name, path, required: !fallback, default: fallback ? textOf(fallback) : null, reference });
}

const attribute = (block: Pick<HclBlock, "attributes">, name: string): HclAttribute | undefined =>
  block.attributes.find((one) => one.name === name);

/** The text of a plain string value; null for everything else. */
const textOf = (one: HclAttribute | undefined): string | null =>
  one?.value.kind === "string" ? one.value.string.text : null;

/** Secrets of a store that resources and data sources name. */
function secretsOf(
  directory: RepoPath,
  list: readonly { path: RepoPath; hcl: HclFile }[],
  result: TerraformSecrets,
  environments: readonly string[],
): void {
  const made = new Set<string>();
  for (const { hcl } of list)
    for (const block of hcl.blocks)
      if (block.type === "resource" && block.labels[0] && Object.hasOwn(SECRET_DATA, block.labels[0].text)) {
        const name =
          textOf(attribute(block, SECRET_DATA[block.labels[0].text]!)) ?? textOf(attribute(block, "secret_id"));
        if (name !== null) made.add(name);
      }
  const unfilled = secretsWithoutVersion(list);
  const variables = new Map(
    (result.roots.find((one) => one.directory === directory)?.variables ?? []).map((one) => [one.name, one.default]),
  );
  const want = (
    one: HclAttribute | undefined,
    path: RepoPath,
    hcl: HclFile,
    form: string,
    service: string | null,
    variableName: string | null,
  ) => {
    if (one?.value.kind !== "string") {
      if (one && variableName !== null)
        result.edges.push(variableEdge(variableName, locate(path, hcl, one.value), { kind: "secret", service }));
      for (const { path: to } of one?.references ?? []) {
        const made = to[0] === "google_secret_manager_secret" ? unfilled.get(to[1] ?? "") : undefined;
        if (made)
          result.references.push(
            referenceTo("store", made.name, "likely", `${form}, created here without a version`, made.at, {
              service,
              environments: configuredIn(directory, environments),
            }),
          );
      }
      return;
    }
    const at = locate(path, hcl, one.value);
    const { text, template } = one.value.string;
    for (const environment of template ? environments : [null]) {
      const name = template ? filled(text, variables, directory, environment!, result) : text;
      const own = template ? [environment!] : configuredIn(directory, environments);
      if (variableName !== null)
        result.edges.push(
          variableEdge(variableName, at, {
            from: name === null ? null : { namespace: "store", name },
            kind: "secret",
            service,
            environments: own,
          }),
        );
      if (name === null) {
        result.dynamic.push({ namespace: "store", expression: text, at });
        continue;
      }
      if (made.has(name) || made.has(text) || /^(?:projects\/|arn:)/.test(name)) continue;
      result.references.push(
        referenceTo("store", name, "required", form, at, {
          service,
          environments: own,
          kind: form.endsWith("aws_ssm_parameter") ? "variable" : "secret",
        }),
      );
    }
  };
  for (const { path, hcl } of list)
    for (const block of hcl.blocks) {
      const type = block.labels[0]?.text ?? "";
      if (block.type === "data" && Object.hasOwn(SECRET_DATA, type))
        want(attribute(block, SECRET_DATA[type]!), path, hcl, `data ${type}`, null, null);
      if (block.type !== "resource") continue;
      const service = textOf(attribute(block, "name")) ?? block.labels[1]?.text ?? null;
      const visit = (inner: HclBlock, depth: number): void => {
        if (inner.type === "env") {
          const named = textOf(attribute(inner, "name"));
          const reference = findBlock(inner, "secret_key_ref", 3);
          if (reference)
            want(
              attribute(reference, "secret") ?? attribute(reference, "name"),
              path,
              hcl,
              `secret_key_ref of ${named}`,
              service,
              named,
            );
          else if (named !== null)
            result.edges.push(
              variableEdge(named, locate(path, hcl, inner), {
                service,
                environments: configuredIn(directory, environments),
              }),
            );
        }
        if (depth < 12) for (const one of inner.blocks) visit(one, depth + 1);
      };
      visit(block, 0);
      if (/^google_cloud(?:functions|_run)|^aws_lambda/.test(type))
        for (const inner of allBlocks(block, 4))
          for (const one of inner.attributes)
            if (/^(?:environment_variables|variables)$/.test(one.name) && one.value.kind === "object")
              for (const { key, start, end } of one.value.entries)
                if (key !== null) result.edges.push(variableEdge(key, locate(path, hcl, { start, end }), { service }));
    }
}

/** Secrets that the apply creates and gives no version to: whoever reads one at the end of the same apply finds nothing. By label. */
function secretsWithoutVersion(
  list: readonly { path: RepoPath; hcl: HclFile }[],
): Map<string, { name: string; at: Location }> {
  const filled = new Set<string>();
  for (const { hcl } of list)
    for (const block of hcl.blocks)
      if (block.type === "resource" && block.labels[0]?.text === "google_secret_manager_secret_version")
        for (const { references } of block.attributes)
          for (const { path } of references)
            if (path[0] === "google_secret_manager_secret" && typeof path[1] === "string") filled.add(path[1]);
  const found = new Map<string, { name: string; at: Location }>();
  for (const { path, hcl } of list)
    for (const block of hcl.blocks) {
      const [type, label] = block.labels;
      const name = textOf(attribute(block, "secret_id"));
      if (block.type !== "resource" || type?.text !== "google_secret_manager_secret" || !label || name === null)
        continue;
      if (!filled.has(label.text) && !/[$%]\{/.test(name))
        found.set(label.text, { name, at: locate(path, hcl, { start: block.start, end: label.end }) });
    }
  return found;
}

function findBlock(block: HclBlock, type: string, depth: number): HclBlock | null {
  for (const one of block.blocks) {
    if (one.type === type) return one;
    const found = depth > 0 ? findBlock(one, type, depth - 1) : null;
    if (found) return found;
  }
  return null;
}

function allBlocks(block: HclBlock, depth: number): HclBlock[] {
  return [block, ...(depth > 0 ? block.blocks.flatMap((one) => allBlocks(one, depth - 1)) : [])];
}

/** A template whose only holes are variables with a plain value in that environment; null otherwise. */
function filled(
  text: string,
  variables: ReadonlyMap<string, string | null>,
  directory: RepoPath,
  environment: string,
  terraform: TerraformSecrets,
): string | null {
  const files = chosenFiles(directory, environment, [environment], terraform);
  let known = true;
  const name = text.replace(/\$\{\s*var\.([\w-]+)\s*\}/g, (_, variable: string) => {
    const value =
      files.map((path) => terraform.values.get(path)?.get(variable)).findLast((one) => one !== undefined) ??
      variables.get(variable);
    if (typeof value !== "string") known = false;
    return value ?? "";
  });
  return known && !/[$%]\{/.test(name) ? name : null;
}
