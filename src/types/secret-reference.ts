import type { EnvironmentTest } from "./environment-read.ts";
import type { BuildAnswer, FrontBuild } from "./front-build.ts";
import type { Need } from "./need.ts";
import type { Inventory, Namespace, UnreadableInventory } from "./secrets.ts";
import type { Location, RepoPath } from "./text.ts";

/** One place that wants a name. */
export interface SecretReference {
  namespace: Namespace;
  kind: "secret" | "variable";
  name: string;
  need: Need;
  /** Other names that do as well: any one of them suffices. */
  anyOf: readonly string[];
  /** Other ways to log in, each with what it needs: of every list any one name. */
  instead?: readonly (readonly (readonly string[])[])[];
  /** Other variables decide whether it is reached, and what it needs then; `need` is what holds where they cannot be told. */
  branch?: { test: EnvironmentTest; need: Need };
  /** How it is read, as written: `secrets.X`, `os.environ["X"]`. */
  form: string;
  at: Location;
  /** The file whose code wants it, where the place is in another one. */
  from?: RepoPath;
  /** An empty value counts as none there. */
  emptyIsAbsent?: true;
  /** Nothing asks for it while the module is loaded: it stands in a function. */
  late?: true;
  /** Asked for where the file is run as a program; with `late`, in a function that others may call too. */
  asProgram?: true;
  /**
   * Nobody can tell that its absence ends anything: it is caught, stands in a branch that something else decides, or only the author's
   * word (`!`, `as string`) says that it must be there.
   */
  unsure?: true;
  /** A form asks somebody for it: where all code has something to fall back on, it may stay empty. */
  asked?: boolean;
  /** The service whose process wants it; null where nobody can tell. */
  service: string | null;
  /** Deployment environments in which it is wanted; null: in every one. */
  environments: readonly string[] | null;
  /** For `ci`: the `environment:` of the job, which decides the scopes that it sees; null: none. */
  scope: string | null;
  /** True where the scope is an expression that nobody can tell. */
  scopeUnknown: boolean;
  /** With `scopeUnknown`: the scopes that the expression may choose; absent: any. */
  scopes?: readonly string[];
  /** With `scopes`: the input whose options they are, and those of them with which this place is asked for it. */
  choice?: { input: string; options: readonly string[] };
  /** For `store`: the version that is asked for; absent: the latest. */
  version?: string;
  /** For `object`: what keeps it. */
  holder?: "kubernetes" | "compose" | "terraform" | "cloud-build" | "serverless" | "cloudformation" | "helm";
}

/** A place that names something nobody can tell without running it. */
export interface DynamicReference {
  namespace: Namespace;
  expression: string;
  at: Location;
}

/** One hop: what a definition takes (`from`) to give a name (`to`). */
export interface WiringEdge {
  /** Null where a literal or something outside is given. `part`: the one value that is taken of a secret that holds several. */
  from: { namespace: Namespace; name: string; part?: string } | null;
  to: { namespace: Namespace; name: string };
  kind: "plain" | "secret";
  service: string | null;
  environments: readonly string[] | null;
  /** What else gives names to this service is known too: nothing may be set elsewhere. */
  closed: boolean;
  /** The image sets it; a deploy may set it otherwise. */
  ofImage?: true;
  /** The text that is written out, where the variable is no secret by its name. It decides branches of code and is never reported. */
  text?: () => string;
  at: Location;
  /** The file of the definition. */
  path: RepoPath;
}

export type NameStatus = "provided" | "missing" | "unwired" | "empty" | "unknown";

/** Everything that is known of one name in one namespace and environment. */
export interface NameJudgement {
  namespace: Namespace;
  kind: "secret" | "variable";
  name: string;
  /** Environment of predeploy.yml, or the deployment environment of a job; null: none in particular. */
  environment: string | null;
  status: NameStatus;
  need: Need;
  /** The place that needs it most, first in the text among equals. */
  first: SecretReference;
  /** All other places, sorted. */
  others: readonly SecretReference[];
  /** Inventories that were asked. */
  asked: readonly Inventory[];
  /** True when every inventory that could hold it is complete. */
  complete: boolean;
  /** False where nobody can tell that the place is reached: a warning at most. Absent: certain. */
  certain?: boolean;
  /** For `unwired`: where the service's wiring stands. */
  wiring?: Location;
  /** For `unwired` in a container of a manifest: what brings it, and what of the repository could give it. */
  pod?: {
    kind: string;
    /** The manifest, or the kustomization that builds it. */
    path: RepoPath;
    /** A Secret or ConfigMap with a key of the name. */
    from: { kind: "secret" | "config-map"; name: string } | null;
    /** The Secret or ConfigMap of the repository from which the container takes all that it has. */
    whole: { kind: "secret" | "config-map"; name: string } | null;
    /** Other containers that run the code without it. */
    alsoWithout: readonly Location[];
  };
  /** For a front end whose build is known: the build that lacks it, how, and where other builds of it get it. */
  build?: { build: FrontBuild; answer: BuildAnswer; elsewhere: readonly Location[] };
  /** Names that exist there and may be meant. */
  near: readonly string[];
  /** The same name, but for the word of the environment, in the inventories of other environments. */
  abroad?: readonly { name: string; environment: string }[];
  /** The names of which any one suffices, itself included. */
  anyOf: readonly string[];
  /** For `ci`: deployment environments that hold it although the job does not run in them. */
  elsewhere: readonly string[];
  /** For `ci`: the environment is one that an input of the workflow may choose. */
  chosenBy?: string;
}

/** A secret on its way between workflows, or into a composite action, that does not arrive. */
export interface PassedSecret {
  kind: "not-passed" | "undeclared" | "no-context";
  name: string;
  at: Location;
  /** The called workflow, or the action. */
  of: RepoPath;
  /** What the called side declares. */
  declared: readonly string[];
}

/** A name by which a list that is kept by hand and the deploys differ. */
export interface ListDifference {
  /** `unmapped`: listed, and nothing maps it. `lacking`: mapped and required, and not listed. */
  kind: "unmapped" | "lacking";
  name: string;
  /** The item, or the list that lacks it. */
  at: Location;
  /** The list, or where the name is mapped. */
  list: Location;
  /** Mapped names that may be meant. */
  near: readonly string[];
}

/** A secret that a service reads and its account may not: the Terraform of the repository lets others. */
export interface RefusedSecret {
  name: string;
  service: string;
  account: string;
  at: Location;
  /** A grant for the same secret, or for the same account. */
  other: Location;
}

/** The secrets and variables of the repository: who wants them, what gives them, what exists. */
export interface SecretsModel {
  references: readonly SecretReference[];
  dynamic: readonly DynamicReference[];
  edges: readonly WiringEdge[];
  inventories: readonly Inventory[];
  unreadable: readonly UnreadableInventory[];
  passing: readonly PassedSecret[];
  /** Names that a presence step of a workflow speaks of. */
  presence: readonly { name: string; at: Location }[];
  /** Secret-like names with a literal value in what is deployed. */
  plain: readonly { name: string; at: Location; service: string | null }[];
  differences: readonly ListDifference[];
  refused: readonly RefusedSecret[];
  /** Whether two names are near: the words of one contain the other's. */
  kin(left: string, right: string): boolean;
  names: readonly NameJudgement[];
}
