import type { Placed } from "./placed.ts";
import type { Location, RepoPath } from "./text.ts";
import type { NamedValue, Spanned } from "./workflow.ts";

/** One compose file as it is written: nothing merged yet, anchors and merge keys resolved. */
export interface ComposeFile {
  /** False when the file holds no `services` and no `include`: it is something else. */
  isCompose: boolean;
  name: Spanned | null;
  services: ComposeService[];
  include: ComposeInclude[];
  /** Top-level secrets and configs. */
  secrets: ComposeResource[];
  configs: ComposeResource[];
  /** Top-level volume names. */
  volumes: Spanned[];
  errors: { message: string; offset: number }[];
  lineStarts: number[];
}

/** A file that `include` adds; `paths` are merged with each other first. */
export interface ComposeInclude {
  paths: Spanned[];
  projectDirectory: Spanned | null;
  envFiles: Spanned[];
}

export interface ComposeResource {
  name: string;
  /** Range of the name. */
  start: number;
  end: number;
  file: Spanned | null;
  /** The variable that holds the value. */
  environment: Spanned | null;
  external: boolean;
}

export interface ComposeService {
  name: string;
  /** Range of the key that is the service's name. */
  start: number;
  end: number;
  image: Spanned | null;
  build: ComposeBuild | null;
  command: ComposeCommand | null;
  entrypoint: ComposeCommand | null;
  /** Range of the key `depends_on`. */
  dependsOnAt: Spanned | null;
  dependsOn: ComposeDependency[];
  healthcheck: ComposeHealthcheck | null;
  envFiles: ComposeEnvFile[];
  environment: ComposeVariable[];
  volumes: ComposeMount[];
  ports: Spanned[];
  profiles: Spanned[];
  extends: ComposeExtends | null;
  restart: Spanned | null;
  secrets: Spanned[];
  configs: Spanned[];
  links: Spanned[];
  /** `network_mode`, `pid` and the like may say `service:NAME`. */
  networkMode: Spanned | null;
  /** Keys whose value is tagged `!reset` or `!override`: a file before this one does not count for them. */
  replaced: string[];
}

export interface ComposeBuild {
  start: number;
  end: number;
  /** Null where nothing is written: the project's directory. */
  context: Spanned | null;
  dockerfile: Spanned | null;
  /** `dockerfile_inline` is there. */
  inline: boolean;
  target: Spanned | null;
  args: ComposeVariable[];
  additionalContexts: NamedValue[];
}

export interface ComposeCommand {
  start: number;
  end: number;
  /** A string, which is split into words (and never run in a shell unless it says so), or a list. */
  form: "string" | "list";
  text: string;
  /** Items of a list; of a string its words by shell quoting. */
  words: Spanned[];
}

export interface ComposeDependency {
  service: string;
  /** Range of the service's name. */
  start: number;
  end: number;
  /** `service_started` for the short form. */
  condition: string;
  /** Range of the condition's value; null for the short form. */
  conditionAt: Spanned | null;
  /** `required: false`: compose only warns. */
  required: boolean;
  /** Came through `extends` from another service. */
  inherited: boolean;
}

export interface ComposeHealthcheck {
  start: number;
  end: number;
  disabled: boolean;
  test: Spanned[];
}

export interface ComposeEnvFile extends Spanned {
  required: boolean;
}

export interface ComposeVariable {
  name: string;
  /** Range of the name. */
  start: number;
  end: number;
  /** Null for a name alone: passed on from the process that runs compose. */
  value: Spanned | null;
}

export interface ComposeMount {
  start: number;
  end: number;
  type: "bind" | "volume" | "tmpfs" | "other";
  /** Host path of a bind, name of a volume; null for an anonymous one. */
  source: Spanned | null;
  target: string | null;
  /** `SOURCE:TARGET` in one string; its missing source is made a directory by Docker. */
  short: boolean;
}

export interface ComposeExtends {
  start: number;
  end: number;
  service: Spanned | null;
  file: Spanned | null;
}

/** A build with its paths from the repository's root; null where they are remote, outside the repository or hold a variable. */
export type ProjectBuild = Placed<ComposeBuild> & {
  contextPath: RepoPath | null;
  /** Null too for an inline Dockerfile. `Dockerfile` of the context where none is named. */
  dockerfilePath: RepoPath | null;
};

/** A mount with the repository path of a bind's source; null where there is none. */
export type ProjectMount = Placed<ComposeMount> & { sourcePath: RepoPath | null };

export type ProjectEnvFile = Placed<ComposeEnvFile> & { path: RepoPath | null };

/** A dependency with where its condition is written, if it is. */
export type ProjectDependency = Placed<ComposeDependency>;

/** A service of a merged project; every value knows its place, `at`, in the file that decides it. */
export interface ProjectService
  extends Omit<Placed<ComposeService>, "extends" | "build" | "volumes" | "envFiles" | "replaced"> {
  build: ProjectBuild | null;
  volumes: ProjectMount[];
  envFiles: ProjectEnvFile[];
  /** Every place where the service is written, the base of `extends` first, then in the order of the files. */
  definitions: Placed<ComposeService>[];
  /** `extends` that names no file of the repository, or no service of it. */
  brokenExtends: { extends: Placed<ComposeExtends>; missing: "file" | "service" }[];
  /** Whether the container reports health. */
  health: ComposeHealth;
  /** What it runs first: its command, else its Dockerfile's, with the scripts that these name. */
  ownStart: string;
}

/**
 * `compose` and `image`: it has a healthcheck, by the compose file or by its Dockerfile or base image; `none`: it has none;
 * `unknown`: the image is made elsewhere, and may have one. `image` also tells a built service from a pulled one by `build`.
 */
export type ComposeHealth = "compose" | "image" | "none" | "unknown";

/** A path that a project names and that the repository does not hold. */
export interface MissingPath {
  kind: "context" | "dockerfile" | "mount";
  service: string;
  path: RepoPath;
  at: Location;
  /** Why it may be there all the same: git ignores it, so something makes it; or an example stands beside it to be copied. Null: nothing says so. */
  excuse: string | null;
  /** `image:` stands beside the `build:`: compose pulls that image where it can and builds only where it cannot. */
  pulled: boolean;
}

/** What one `docker compose` command would see: files merged in order, includes and extends resolved. Services of every profile are there. */
export interface ComposeProject {
  /** Paths in the order of `-f`, files of `include` last. */
  files: RepoPath[];
  /** How the set of files is known: compose's own defaults, a command in the repository, or a file that stands by itself. */
  origin: "default" | "command" | "file";
  /** Relative paths of its own files count from here. */
  directory: RepoPath;
  /** True when a command in the repository names another `--project-directory` for one of the files. */
  otherDirectory: boolean;
  services: ProjectService[];
  /** Paths that are not there; those that cannot be known (variables, remote contexts) are left out. */
  missingPaths: MissingPath[];
  /** Takes secrets or configs that are made outside, as only a swarm has: it starts every service at once, whatever `depends_on` says. */
  swarm: boolean;
  /** Stands below a folder of examples, documentation or tests: nothing there is deployed. */
  example: boolean;
  /** Those of its files that a developer's machine or a test run uses, by their names. */
  developmentFiles: RepoPath[];
  /** Why something of it could not be read (a remote include, a broken file): what is not found then is unknown, not missing. */
  incomplete: string | null;
}

/** A compose file that is not valid YAML, and where it stops to be. */
export interface BrokenComposeFile {
  path: RepoPath;
  message: string;
  at: Location;
  /** Stands below a folder of examples, documentation or tests. */
  example: boolean;
  /** By its name a developer's machine or a test run uses it, or nothing here runs compose and something else deploys the repository. */
  development: boolean;
}

export interface ComposeModel {
  projects: ComposeProject[];
  /** Sorted by path. */
  broken: BrokenComposeFile[];
}
