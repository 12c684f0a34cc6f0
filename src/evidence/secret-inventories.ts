import type { EnvironmentConfig } from "../config/schema.ts";
import type { Missing } from "../types/missing.ts";
import type { EvidenceInput, EvidenceProvider } from "../types/model.ts";
import type { SecretUses } from "../types/secret-uses.ts";
import type { Inventory, RemoteInventories, UnreadableInventory } from "../types/secrets.ts";
import type { Location } from "../types/text.ts";
import { type GithubReader, type Kind, openGithubReader } from "./secrets/github-names.ts";
import { readSecretManager } from "./secrets/secret-manager.ts";

/** What GitHub and Google's Secret Manager say exists in each environment; opens sockets, only with `--online` and only for entries of predeploy.yml. */
export const remoteInventories: EvidenceProvider<"remoteInventories", "secretUses"> = {
  needs: ["secretUses"],
  facts: [],
  load,
  isEmpty: (model) => model.inventories.length === 0 && model.unreadable.length === 0,
};

interface Loading {
  result: { inventories: Inventory[]; unreadable: UnreadableInventory[] };
  uses: SecretUses;
  input: EvidenceInput<"secretUses">;
  /** Opened once, when the first entry asks for it. */
  github: Promise<GithubReader | Missing> | null;
}

async function load(input: EvidenceInput<"secretUses">): Promise<RemoteInventories> {
  const { config, options, known } = input;
  const loading: Loading = {
    result: { inventories: [], unreadable: [] },
    uses: known.secretUses,
    input,
    github: null,
  };
  for (const [environment, settings] of Object.entries<EnvironmentConfig>(config.config.environments)) {
    if (options.environment !== null && environment !== options.environment) continue;
    for (const [index, entry] of settings.inventory.entries()) {
      const at = config.locate(["environments", environment, "inventory", index]);
      const complete = entry.complete ?? true;
      if ("github" in entry) await loadGithub(environment, settings, complete, at, loading);
      else if ("secret-manager" in entry)
        await loadStore(environment, entry["secret-manager"].project, complete, at, loading);
    }
  }
  return loading.result;
}

const OFFLINE = {
  missing: "it is only asked for with --online",
  remedy: "Run with --online, or give a list as a file.",
};

async function loadGithub(
  environment: string,
  settings: EnvironmentConfig,
  complete: boolean,
  at: Location,
  loading: Loading,
): Promise<void> {
  const { result, input, uses } = loading;
  const wanted = uses.references.filter((one) => one.namespace === "ci");
  const scopes = new Set([environment, ...wanted.flatMap((one) => one.scope ?? [])]);
  // Where a job's environment cannot be told, it may be any.
  const environments = wanted.some((one) => one.scopeUnknown) ? null : [...scopes].sort();
  for (const kind of ["secret", "variable"] as const satisfies readonly Kind[]) {
    if (settings.requires.length === 0 && !wanted.some((one) => one.kind === kind)) continue;
    const label = `GitHub's ${kind}s`;
    const fail = ({ missing, remedy }: Missing) =>
      result.unreadable.push({ environment, namespace: "ci", kind, label, reason: `${missing}.`, remedy, at });
    if (!input.options.online) {
      fail(OFFLINE);
      continue;
    }
    loading.github ??= openGithubReader(input.environment);
    const reader = await loading.github;
    if ("missing" in reader) {
      fail(reader);
      continue;
    }
    const { names, partial, hidden } = await reader.read(kind, environments, at);
    if (hidden) fail(hidden);
    result.inventories.push({
      environment,
      namespace: "ci",
      label,
      names,
      of: "github",
      kind,
      ...(hidden ? { hidden: true } : {}),
      complete: complete && partial === null && hidden === null,
      partial,
      at,
    });
  }
}

async function loadStore(
  environment: string,
  project: string,
  complete: boolean,
  at: Location,
  { result, input, uses }: Loading,
): Promise<void> {
  const label = `Secret Manager of ${project}`;
  const versions = new Map<string, Set<string>>();
  for (const { namespace, name, version = "latest", environments } of uses.references)
    if (namespace === "store" && (environments === null || environments.includes(environment)))
      versions.set(name, (versions.get(name) ?? new Set()).add(version));
  const requires = input.config.config.environments[environment]!.requires.length > 0;
  if (versions.size === 0 && !requires) return;
  const fail = ({ missing, remedy }: Missing) =>
    void result.unreadable.push({ environment, namespace: "store", label, reason: `${missing}.`, remedy, at });
  if (!input.options.online) return fail(OFFLINE);
  const read = await readSecretManager(project, versions, input.environment, at);
  if ("missing" in read) return fail(read);
  const { names, partial } = read;
  const whole = complete && partial === null;
  result.inventories.push({
    environment,
    namespace: "store",
    label,
    names,
    of: `Secret Manager ${project}`,
    complete: whole,
    partial,
    at,
  });
}
