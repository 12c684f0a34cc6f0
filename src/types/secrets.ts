import type { Location } from "./text.ts";

/**
 * Where a name lives; it means nothing without this. `ci`: secrets and variables of the forge. `store`: a secret manager.
 * `object`: Kubernetes and compose secrets, Terraform variables. `process`: the environment of a deployed process. `build`: of a build.
 */
export type Namespace = "ci" | "store" | "object" | "process" | "build";

/** `absent`: asked for, and not there. */
export type VersionState = "enabled" | "disabled" | "destroyed" | "absent";

/** What an inventory says about one name; never its value. */
export interface InventoryName {
  name: string;
  /** Secret or plain variable, where the source tells them apart. */
  kind: "secret" | "variable" | null;
  /** For `ci`: the deployment environment that holds it; null: repository or organisation. */
  scope: string | null;
  /** Set, but to nothing; null where values cannot be seen. */
  empty: boolean | null;
  /** Set to a template placeholder; null where values cannot be seen. */
  placeholder: boolean | null;
  /** Why it cannot be used (destroyed, disabled, deleted), or null. */
  unusable: string | null;
  /** Versions by name with their state, where the source tells; `latest` by its own name where it was asked for. */
  versions: ReadonlyMap<string, VersionState> | null;
  /** Where it stands in the inventory. */
  at: Location;
}

/** One inventory of one environment, read. */
export interface Inventory {
  environment: string;
  namespace: Namespace;
  /** The kind and file, as findings name it: `gcloud-secrets inventory/gcloud.json`. */
  label: string;
  names: readonly InventoryName[];
  /** What it is a list of, where that can be told (`github`, a project of Secret Manager): two lists of one thing must agree. */
  of?: string;
  /** The only kind that it lists; absent: both. */
  kind?: "secret" | "variable";
  /** True where the better part of it could not be read: a name that is not there may well exist. */
  hidden?: boolean;
  /** Whether a name that is not there does not exist. */
  complete: boolean;
  /** Why it is not complete, in one sentence, or null. */
  partial: string | null;
  /** The entry of the config. */
  at: Location;
}

/** An inventory that should have been read and could not be: what depends on it is undecided. */
export interface UnreadableInventory {
  environment: string;
  namespace: Namespace;
  /** The only kind that it would have listed; absent: both. */
  kind?: "secret" | "variable";
  label: string;
  reason: string;
  /** What to do, in one sentence; absent: write the list anew. */
  remedy?: string;
  at: Location;
}

/** What the inventories of predeploy.yml say that stand behind the network. */
export interface RemoteInventories {
  inventories: readonly Inventory[];
  unreadable: readonly UnreadableInventory[];
}
