import type { DataNode } from "./data.ts";
import type { HelmRequired } from "./helm.ts";
import type { Need } from "./need.ts";
import type { DynamicReference, PassedSecret, RefusedSecret, SecretReference, WiringEdge } from "./secret-reference.ts";
import type { Location, RepoPath } from "./text.ts";

/** What a reader of one kind of definition finds. */
export interface Found {
  references: SecretReference[];
  edges: WiringEdge[];
  dynamic: DynamicReference[];
  /** Variables named like a secret with a literal value that looks like one. */
  literals: PlainSecret[];
}

/** A secret that is written out; its value is not kept. */
export interface PlainSecret {
  name: string;
  at: Location;
  service: string | null;
}

/** A Secret or ConfigMap that the repository defines or lets something make. */
export interface KeyedObject {
  kind: "secret" | "config-map";
  name: string;
  namespace: string | null;
  /** Null: they cannot be told. */
  keys: Set<string> | null;
  path: RepoPath;
}

/** A place in a manifest that wants an object, or one key of it. */
export interface ObjectWish {
  kind: "secret" | "config-map";
  name: string;
  key: string | null;
  namespace: string | null;
  need: Need;
  form: string;
  at: Location;
  /** Configured environments in which it is wanted; absent: those that the file's path allows. */
  environments?: readonly string[];
}

/** A chart with the values that it has in one environment. */
export interface HelmChart {
  directory: RepoPath;
  /** Of a chart inside another one: the keys below which that one's values are for it. */
  prefix: string[];
  environment: string;
  /** The chart's defaults first; a later file wins. `within`: the text of the file that they stand in, where it is one of its own. */
  values: { path: RepoPath; root: DataNode; within?: { start: number; end: number } }[];
  required: (HelmRequired & { at: Location })[];
  /** Paths that `--set` gives. */
  sets: string[];
  /** How well it is known which files are chosen: named by a deploy or predeploy.yml, by what they are called, or not at all. */
  known: "chosen" | "likely" | "none";
}

export interface HelmSecrets {
  wishes: ObjectWish[];
  charts: HelmChart[];
}

export interface KubernetesSecrets extends Found {
  wishes: ObjectWish[];
  objects: KeyedObject[];
  /** Names of objects of kinds that operators work on: what they make is called after them. */
  operators: string[];
}

/** A directory that Terraform is run in. */
export interface RootModule {
  directory: RepoPath;
  variables: { name: string; path: RepoPath; required: boolean; default: string | null; reference: SecretReference }[];
  /** Values come from somewhere that nobody sees: HCP, a remote backend. */
  open: boolean;
}

export interface TerraformSecrets extends Found {
  roots: RootModule[];
  /** `TF_VAR_x` and `-var x=` anywhere, with the text that says for which environment. */
  passed: { name: string; about: string }[];
  /** `-var-file` anywhere. */
  varFiles: { path: string; about: string }[];
  /** Secrets that a service may not read. */
  refused: RefusedSecret[];
  /** Objects of Kubernetes that it makes. */
  objects: KeyedObject[];
  /** Names that each file of values sets, with the texts of the simple ones. */
  values: Map<RepoPath, Map<string, string | null>>;
}

export interface ComposeProject {
  directory: RepoPath;
  files: readonly RepoPath[];
  /** Env files that services name: they feed containers, not the interpolation. */
  envFiles: ReadonlySet<RepoPath>;
  /** For the own machine, or for tests. */
  trial: boolean;
  wishes: SecretReference[];
  /** Secrets that services name and nothing declares, and files that are named and not there. */
  absent: { reference: SecretReference; certain: boolean }[];
}

export interface ComposeSecrets extends Found {
  projects: ComposeProject[];
}

/** What everything but code wants and wires: workflows, scripts, manifests, Terraform, compose, templates. */
export interface SecretUses {
  references: readonly SecretReference[];
  edges: readonly WiringEdge[];
  dynamic: readonly DynamicReference[];
  literals: readonly PlainSecret[];
  kubernetes: Pick<KubernetesSecrets, "wishes" | "objects" | "operators">;
  terraform: TerraformSecrets;
  compose: ComposeSecrets;
  helm: HelmSecrets;
  /** Something other than compose deploys: then compose may well be for the own machine only. */
  deployedOtherwise: boolean;
  passing: readonly PassedSecret[];
  presence: readonly { name: string; at: Location }[];
}
