import type { Location, RepoPath } from "./text.ts";

/** Where a setting was read. `code`: a program's literal for one environment; `deploy-code`: one that a deploy script passes on. */
export type SettingSource =
  | "env-file"
  | "compose"
  | "kubernetes"
  | "helm"
  | "gcloud"
  | "workflow"
  | "terraform"
  | "ecs"
  | "deploy-code"
  | "code"
  | "data";

/** One name that an environment is given. */
export interface Setting {
  /** `LOG_LEVEL`; `flag --timeout`; `google_redis_instance.main.tier`; a dotted key path. */
  name: string;
  kind: "plain" | "secret";
  /** The literal value of a plain setting. Never print it: `shown` of the model says what may be printed. Null for secrets and references. */
  value: string | null;
  /** What it is taken from where it is no literal, as written: `${API_URL}`, a secret's name. */
  reference: string | null;
  /** True for names that hold secrets by custom (PASSWORD, TOKEN …), however they are set. */
  sensitive: boolean;
  /** The service or container that gets it; null: every one, or nobody can tell. */
  service: string | null;
  /** Null where nobody can tell which environment is meant. */
  environment: string | null;
  source: SettingSource;
  /** Equal for settings that one list (a command's flag, a container's `env`, a file) gives together. */
  list: string;
  /** Equal for settings of one definition (a command, a container, a file). */
  definition: string;
  /** Place of the value, of the name where there is none. */
  at: Location;
  /** What takes its place where the process starts: a later file, an overlay, a later entry of the list. Null: it arrives. */
  overriddenBy: Location | null;
}

/** A definition that may give its environment names which no file of the repository shows: a list in a variable, a file that is made elsewhere. */
export interface OpenDefinition {
  environment: string | null;
  service: string | null;
  source: SettingSource;
  /** In words, behind "because". */
  reason: string;
  at: Location;
}

/** A file of an environment whose text is not what its format wants. */
export interface BrokenSettings {
  path: RepoPath;
  /** Whether the file is deployed as it is. */
  deployed: boolean;
  kind:
    | "conflict"
    | "no-assignment"
    | "unclosed-quote"
    | "literal-newline"
    | "byte-order-mark"
    | "nul"
    | "duplicate"
    | "repeated"
    | "windows-lines"
    | "unparsed";
  /** The key, or what the parser says. */
  name: string | null;
  at: Location;
  /** The first of two equal keys, whether their values differ (`duplicate`) or not (`repeated`). */
  other: Location | null;
}

/** A host that infrastructure answers for. */
export interface ServedHost {
  /** Lower case; may start with `*.`. */
  host: string;
  environment: string | null;
  kind: "route" | "certificate" | "dns";
  /** The service behind it; null where nobody can tell. */
  backend: string | null;
  /** The balancer, ingress or file it belongs to: certificates and routes with one group belong together. */
  group: string;
  at: Location;
}

/** A host that a setting or the code's own default names. */
export interface UsedHost {
  host: string;
  /** The setting's name. */
  name: string;
  /** The whole origin, without user info and path. */
  origin: string;
  /** True where a path follows the host. */
  path: boolean;
  /** True where the scheme of the web is written (`https`, `wss`). */
  web: boolean;
  service: string | null;
  environment: string;
  definition: string;
  at: Location;
}

export interface SettingsModel {
  /** The one environment that was asked for; null: all. */
  only: string | null;
  settings: readonly Setting[];
  /** Where more may be set than `settings` shows. */
  open: readonly OpenDefinition[];
  /** Environments that some definition is certainly about, sorted. */
  environments: readonly string[];
  broken: readonly BrokenSettings[];
  /** How many env files were looked at. */
  files: number;
  served: readonly ServedHost[];
  used: readonly UsedHost[];
  /** Environments and groups in which something served could not be read to its end (a variable, a broken file). */
  openHosts: readonly { environment: string | null; domain: string | null }[];
  /** Whether an RE2 expression matches anywhere in a value: null where it takes too long, a text where it is no expression. */
  matches(pattern: string, value: string): boolean | null | { refused: string };
}
