import type { ConfigModel } from "../types/model.ts";
import type { Range, RepoPath } from "../types/text.ts";
import type { Workspace } from "../types/workspace.ts";
import { defaultConfig } from "./default.ts";
import { fittingConfig } from "./fitting.ts";
import { UsageError } from "./usage-error.ts";
import { heldTo, parsePlacedYaml } from "./validate.ts";

/** Where the config is looked for, in this order. */
export const CONFIG_PATHS: readonly RepoPath[] = [
  "predeploy.yml",
  "predeploy.yaml",
  ".github/predeploy.yml",
  ".github/predeploy.yaml",
];

/** Where a team keeps its own rule files. */
export const OWN_RULES: RepoPath = ".predeploy/rules";

/**
 * The config of a workspace: the file at `path`, else the first of CONFIG_PATHS that is there, else the defaults.
 * Throws UsageError where `path` names no readable file or the text does not fit the schema.
 */
export async function loadConfig(workspace: Workspace, path: RepoPath | null): Promise<ConfigModel> {
  const found = path ?? CONFIG_PATHS.find((one) => workspace.files.has(one)) ?? null;
  if (found === null)
    return configModel(null, defaultConfig, () => ({ start: { line: 1, column: 1 }, end: { line: 1, column: 1 } }));
  const source = workspace.read(found);
  if (!source) throw new UsageError(`${found}: the config file cannot be read.`);
  return parseConfig(source.text(), found);
}

/** A config text as a model. Throws UsageError with the place. */
export async function parseConfig(text: string, path: RepoPath): Promise<ConfigModel> {
  const yaml = parsePlacedYaml(text, path);
  const config = fittingConfig(yaml.value) ?? heldTo((await import("./schema.ts")).configSchema, yaml, path);
  return configModel(path, config, yaml.rangeOf);
}

function configModel(
  path: RepoPath | null,
  config: ConfigModel["config"],
  rangeOf: (keys: readonly (string | number)[], key?: boolean) => Range,
): ConfigModel {
  return { path, config, locate: (keys, key) => ({ path: path ?? CONFIG_PATHS[0]!, ...rangeOf(keys, key) }) };
}
