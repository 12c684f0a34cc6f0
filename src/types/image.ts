import type { ImageConfig } from "../config/schema.ts";
import type { DockerfileSyntax, Word } from "./dockerfile.ts";
import type { Location, RepoPath } from "./text.ts";

/** Who builds. It changes what an ignore file means and what COPY refuses. */
export type BuilderKind = "buildkit" | "classic" | "kaniko" | "buildah";

/** What kind of place names a build. `search` = no definition anywhere, the Dockerfile was merely found. */
export type BuildOrigin =
  | "config"
  | "compose"
  | "action"
  | "bake"
  | "skaffold"
  | "azd"
  | "goreleaser"
  | "platform"
  | "cloudbuild"
  | "workflow"
  | "script"
  | "search";

/** Where COPY reads from. A path of "" is the repository root. */
export type BuildContext =
  | { kind: "directory"; path: RepoPath }
  /** Tracked files of the commit, sent by git rather than from a checkout. */
  | { kind: "git"; path: RepoPath }
  /**
   * A URL, a variable, standard input, or two directories that fit equally well. Nothing is claimed about its files, but what holds in
   * every one of `candidates`.
   */
  | { kind: "unknown"; reason: string; candidates?: readonly RepoPath[] };

export type BuildDockerfile =
  /** `exists` is false where the tree holds no such file. */
  | { kind: "file"; path: RepoPath; exists: boolean }
  /** Text inside a compose, bake or shell file. Positions of `syntax` are positions in the file at `at.path`. */
  | { kind: "inline"; syntax: DockerfileSyntax; at: Location }
  | { kind: "unknown"; reason: string };

/** What filters a context before the builder sees it: .gcloudignore, else .gitignore; or only tracked files of a checkout. */
export type UploadFilter = { kind: "gcloudignore" | "gitignore"; root: RepoPath };

/** How the thing that runs the image changes its command; null leaves the image's own. */
export interface RunOverride {
  at: Location;
  entrypoint: CommandPart | null;
  command: CommandPart | null;
  workdir: string | null;
  /** Values known from the definition; null where it depends on something outside. */
  environment: ReadonlyMap<string, string | null>;
  /** Files give it more variables. */
  environmentOpen: boolean;
  mounts: readonly RuntimeMount[];
}

/** Something that is laid over the image at run time. */
export interface RuntimeMount {
  /** Image path. */
  target: string;
  /** The folder or file of the repository that lies there; null for anything else, whose contents are unknown. */
  source: RepoPath | null;
}

/** One way in which an image is built. */
export interface Build {
  /** Unique among the builds of a run, stable between runs. */
  id: string;
  /** As a person would call it: key in `images:`, compose service, bake target, tag, else the Dockerfile's path. */
  name: string;
  /** What the definition calls the image: `image:` of compose and skaffold, tags; as written, expressions and all. */
  tags: readonly string[];
  context: BuildContext;
  dockerfile: BuildDockerfile;
  target: string | null;
  /** Build arguments; null = given, but its value is not known. */
  args: ReadonlyMap<string, string | null>;
  /** True where more arguments may be given than are known: `docker build $ARGS .`, a whole list in an expression. */
  argsOpen: boolean;
  builder: BuilderKind;
  /** True where the definition or the config says which builder; rules then do not compare builders. */
  builderStated: boolean;
  /** Named contexts (`additional_contexts`, `--build-context`). */
  namedContexts: ReadonlyMap<string, BuildContext>;
  /** The ignore file that this build reads; null for none. */
  ignoreFile: RepoPath | null;
  upload: UploadFilter | null;
  origin: BuildOrigin;
  /** Where it is defined: the line to edit for a wrong path. The Dockerfile itself for `search`. */
  at: Location;
  /** Where the Dockerfile's path and the context are written in the definition, where they are. */
  dockerfileAt: Location | null;
  contextAt: Location | null;
  /** True when something that deploys names this build; a build found by search alone is judged at warning at most. */
  deployed: boolean;
  /** True when only compose files and scripts for a developer's machine or a test run name it. */
  forDevelopment: boolean;
  /** True when only continuous integration builds it, from a clean checkout. */
  ciOnly: boolean;
  /** Compose with `image:` beside `build:`: the image is pulled where a registry has it, and built only where not. */
  pulled: boolean;
  /** Why a context or Dockerfile that the tree lacks may be there all the same when the build runs; null where nothing says so. */
  doubt: string | null;
  /** Files that a step before the build may make in the context (CI commands before it); "" = anything. */
  madeBefore: readonly RepoPath[];
  run: RunOverride | null;
  /** The entry of `images:`, where there is one. */
  config: ImageConfig | null;
}

/** A build definition that is not followed, and why (buildpacks, jib, a context in a variable). */
export interface SkippedBuild {
  at: Location;
  reason: string;
}

export interface BuildsModel {
  /** Sorted by id. */
  builds: readonly Build[];
  skipped: readonly SkippedBuild[];
}

/** One pattern of an ignore file. Lines and columns are 1-based. */
export interface IgnorePattern {
  line: number;
  /** Where `text` starts. */
  column: number;
  /** As written, white space around it taken off; with its `!`. */
  text: string;
  negated: boolean;
  /** What is matched: cleaned, without `!` and without the leading `/`. */
  pattern: string;
}

/** An ignore file's text as the builder reads it. */
export interface IgnoreSyntax {
  patterns: IgnorePattern[];
  /** Why the builder refuses the file. */
  errors: { phase: "read" | "match"; line: number; column: number; text: string; reason: string }[];
}

/** A file that looks like a .dockerignore: `.dockerignore` or `X.dockerignore`, anywhere. */
export interface IgnoreFile {
  path: RepoPath;
  /** Null where it cannot be read. */
  syntax: IgnoreSyntax | null;
  /** The directory that its patterns are relative to: context root of its builds, else its own directory. */
  root: RepoPath;
  /** Builds that read it. */
  builds: readonly Build[];
  /** Builds or named contexts whose root is this file's directory, whether or not they read it. */
  contexts: readonly Build[];
  /** For `X.dockerignore`: the path X; null for `.dockerignore`. */
  dockerfile: RepoPath | null;
  /** True when some build's context is not known, so that it may read this file. */
  mayBeRead: boolean;
}

export interface IgnoreFilesModel {
  /** Sorted by path. */
  files: readonly IgnoreFile[];
  /** What each build's context holds, by build id. */
  contexts: ReadonlyMap<string, ContextView>;
}

/** Why a repository path is or is not in a build context. */
export type ContextAnswer =
  | { status: "present" }
  /** Left out by a line of the ignore file. `line` is 1-based. */
  | { status: "ignored"; by: RepoPath; line: number; pattern: string }
  /** Left out before the builder sees it, by .gcloudignore or .gitignore; `line` null: by the tool's own defaults. */
  | { status: "filtered"; by: RepoPath; line: number | null; pattern: string }
  /** On this machine only: a clean checkout lacks it. */
  | { status: "untracked" }
  /** The repository has no such path below the context. */
  | { status: "absent" }
  | { status: "unknown"; reason: string };

/** What a build context holds after upload filter and ignore file. Paths are repository paths. Answers are remembered per directory. */
export interface ContextView {
  /** Null for an unknown context: every answer is then unknown. */
  root: RepoPath | null;
  ignoreFile: RepoPath | null;
  /** Of a file or a directory. A directory is present when it is sent, be it empty. */
  answer(path: RepoPath): ContextAnswer;
  /** What the filters say of a path that this tree does not hold but a machine may: `.git`, node_modules. */
  filter(path: RepoPath): ContextAnswer;
  /** Files that are sent, sorted; below `directory` (repository path). */
  files(directory: RepoPath): readonly RepoPath[];
  /** Names that are sent directly below a directory, sorted. */
  children(directory: RepoPath): readonly string[];
}

/** What ADD would make of a file of the context. `members` null: an archive whose list is not read. */
export type ArchiveAnswer =
  | { kind: "file" }
  | { kind: "archive"; members: readonly string[] | null }
  | { kind: "unknown"; reason: string };

/** Looks into files that ADD may unpack; by content, never by name. Directories among the members end in `/`. */
export interface ArchiveReader {
  read(path: RepoPath): ArchiveAnswer;
}

/** A command as ENTRYPOINT, CMD or an override gives it. */
export interface CommandPart {
  form: "exec" | "shell";
  /** Exec form: the arguments. Shell form: one word with the whole text, unexpanded. */
  words: readonly Word[];
  at: Location;
  origin: "dockerfile" | "compose" | "other";
}

/** What starts: ENTRYPOINT and CMD after the rules for joining and resetting them, with overrides applied. */
export interface EffectiveCommand {
  entrypoint: CommandPart | null;
  cmd: CommandPart | null;
  /** True when the part that is null may come from a base image that is not read. */
  inherited: boolean;
  /** Words that precede a shell form, e.g. ["/bin/sh", "-c"]. */
  shell: readonly string[];
}

/** How one file or directory got into a stage. */
export interface CopyOrigin {
  /** The whole COPY, ADD or mount instruction. */
  at: Location;
  /** Index of the stage whose instruction it is. */
  stage: number;
}

/** One file of an image. */
export interface ImageFile {
  /** Absolute path in the image. */
  path: string;
  /** Repository path it comes from; null where the build makes it (heredoc, archive member). */
  source: RepoPath | null;
  /** The instruction that brought it into the final image. */
  by: CopyOrigin;
  /** For a symbolic link: its target text. */
  link?: string;
}

/** Contents below this path are not known: a RUN may write there, the base image has it, something is mounted. */
export interface UnknownPath {
  path: string;
  reason: string;
  at: Location | null;
}

export type ImageAnswer =
  | { status: "present"; file: ImageFile }
  | { status: "directory" }
  /** `any`: nothing could have put it there. `tracked`: a RUN or the base image might have, so claim it only of what the repository tracks. */
  | { status: "absent"; claim?: "any" | "tracked" }
  | { status: "unknown"; reason: string; at: Location | null };

/** Why a repository path is not in the final image. */
export type AbsenceReason =
  | { reason: "ignored"; by: RepoPath; line: number; pattern: string; copy: CopyOrigin }
  | { reason: "filtered"; by: RepoPath; line: number | null; pattern: string; copy: CopyOrigin }
  | { reason: "untracked"; copy: CopyOrigin }
  /** No COPY of the final image names it; `nearest` is the COPY with the longest common path. */
  | { reason: "not-copied"; nearest: CopyOrigin | null }
  /** Only stage `stage` (its name or number) has it. */
  | { reason: "stage-only"; stage: string; copy: CopyOrigin }
  /** `--exclude` of the COPY that names it leaves it out. */
  | { reason: "excluded"; patterns: readonly string[]; copy: CopyOrigin }
  /** It was copied and something later replaced or hid it. */
  | { reason: "replaced"; copy: CopyOrigin }
  | { reason: "unknown"; detail: string };

/** Files of one stage, at one moment. Look-ups cost the number of COPYs times the depth, whatever the number of files. */
export interface ImageFiles {
  /** Of an absolute, clean image path. */
  answer(path: string): ImageAnswer;
  /** Every known file, sorted by path; made on first use. */
  list(): readonly ImageFile[];
  /** Known names directly below a directory, sorted. */
  children(path: string): readonly string[];
  /** Image paths at which a repository path stands. */
  placesOf(source: RepoPath): readonly string[];
  /** Paths whose contents are not known, outermost first. */
  unknown(): readonly UnknownPath[];
}

/** How a file that the repository lacks may come to be before a build: the build's own definition, a .gitignore line, a sample beside it. */
export interface SourceMaking {
  /** `gitignored`: git holds none of its kind; `definition`: what defines the build makes it; `sample`: it is copied from one. */
  kind: "definition" | "gitignored" | "sample";
  /** One clause: who makes it, or why git does not hold it. */
  text: string;
  /** By its place or its kind it is what the build of a program makes. */
  product?: boolean;
}

/** Lines that, put after the deciding one of an ignore file, bring back a path and nothing sensitive. */
export interface IgnoreRepair {
  at: Location;
  newText: string;
  lines: readonly string[];
}

/** A build whose context lacks most of what its Dockerfile copies: the context is wrong, rather than every source. */
export interface Misplacement {
  missing: readonly CopySource[];
  total: number;
  /** A directory in which all of them exist; null without one. */
  fits: RepoPath | null;
}

/** One source argument of a COPY, ADD or bind mount. */
export interface CopySource {
  /** As written. */
  word: Word;
  at: Location;
  /** After expansion, cleaned, relative to the context or absolute in the stage; null when a value is not known. */
  path: string | null;
  glob: boolean;
  /** `generated` = heredoc or download. */
  from: "context" | "stage" | "image" | "named" | "generated";
  /** Index of the stage that a `stage` source lies in; null for the others. */
  fromStage: number | null;
  /** For a context source: repository path (the glob's text for a glob). */
  source: RepoPath | null;
  /** Of a glob that matches nothing: the directory before its first wildcard, where nothing of it is sent and the build fails. */
  unsent?: RepoPath;
  /** For a context source: what it matches there, repository paths, files and directories; empty unless `found`. */
  matches: readonly RepoPath[];
  status: "found" | "missing" | "unknown";
  /** For a missing literal of the context: why. */
  why: ContextAnswer | null;
  /** For a missing literal that the repository lacks: who may make it before the build; null where nothing says so. */
  making: SourceMaking | null;
  /** For a missing glob: paths that it would match if nothing were left out, with why they are. */
  lost: readonly { path: RepoPath; why: ContextAnswer }[];
}

/** One evaluated COPY or ADD, in the order of the file; ONBUILD ones where they run. */
export interface CopyStep {
  keyword: "COPY" | "ADD";
  /** The whole instruction. */
  at: Location;
  stage: number;
  /** True when this copy's stage is the final one or one that the final one starts FROM. */
  final: boolean;
  /** True when the final stage depends on this stage at all; BuildKit does not build the others. */
  needed: boolean;
  sources: readonly CopySource[];
  destination: { word: Word; at: Location; path: string | null; directory: boolean };
  /** Two sources of this COPY, of different content, that land on one path; `merged`: by laying whole directories over each other. */
  collisions: readonly { path: string; first: RepoPath; second: RepoPath; merged: boolean }[];
  /** Directories that a glob matched, whose names are lost. */
  flattened: readonly RepoPath[];
  parents: boolean;
  excludes: readonly string[];
  /** Value of --chmod; null without. */
  chmod: string | null;
}

/** One `--mount` of a RUN. Null where it is not said, or depends on a value that is not known. */
export interface RunMount {
  type: string;
  target: string | null;
  source: string | null;
  from: string | null;
  id: string | null;
  env: string | null;
}

/** One RUN, with what it can see. */
export interface RunStep {
  at: Location;
  stage: number;
  final: boolean;
  needed: boolean;
  /** Index into the instructions of the Dockerfile. */
  form: "exec" | "shell";
  /** The command, unexpanded, without flags; heredoc bodies follow it. */
  text: string;
  words: readonly Word[];
  workdir: string | null;
  environment: ReadonlyMap<string, string | null>;
  /** Values of `ARG` that it sees; null: given, but not known; undefined: declared, and nothing gives it. */
  arguments: ReadonlyMap<string, string | null | undefined>;
  /** Mounts: their target and what they read; of a secret its id, and the variable that holds it. */
  mounts: readonly RunMount[];
  /** The stage's files before this RUN. */
  files: ImageFiles;
}

/** One stage after evaluation. */
export interface Stage {
  index: number;
  /** As written after AS; null without. */
  name: string | null;
  /** FROM's argument after expansion; null when not known. */
  base: string | null;
  /** Index of the stage it starts from; null for an image or `scratch`. */
  parent: number | null;
  /** The FROM instruction. */
  at: Location;
  needed: boolean;
  files: ImageFiles;
  workdir: string | null;
  environment: ReadonlyMap<string, string | null>;
  user: string | null;
}

/** What one build makes. */
export interface Image {
  build: Build;
  /** The Dockerfile's syntax; null when it could not be read. */
  syntax: DockerfileSyntax | null;
  /** Path of the file that holds the Dockerfile text. */
  path: RepoPath | null;
  stages: readonly Stage[];
  /** The stage that becomes the image; null when there is none (unknown target, no FROM). */
  final: Stage | null;
  /** Files of the final stage; unknown everywhere when `final` is null. */
  files: ImageFiles;
  context: ContextView;
  copies: readonly CopyStep[];
  runs: readonly RunStep[];
  command: EffectiveCommand;
  /** The command without what compose or the config lays over it. */
  ownCommand: EffectiveCommand;
  workdir: string | null;
  environment: ReadonlyMap<string, string | null>;
  user: string | null;
  /** Set where the context is wrong; the evaluation then takes it for unknown. */
  misplaced: Misplacement | null;
  /** What brings back a file or directory that the ignore file leaves out; null where nothing certain does. */
  repair(source: RepoPath): IgnoreRepair | null;
  /** Why a repository path is not in the image. Ask only when `files` says that it is absent. */
  absence(source: RepoPath): AbsenceReason;
}

export interface ImagesModel {
  /** In the order of the builds. */
  images: readonly Image[];
}

/** A file that should not be in an image, by its name and, where that tells, by its content. */
export interface SensitiveFile {
  path: RepoPath;
  /** What it is, with its article: `a private key`. */
  what: string;
  /** True where nothing in it looks like a secret, or where it lies below directories of tests and examples. */
  doubtful: boolean;
  /** Settings among which is no secret, of an environment other than developers' machines: what reads the file by that name needs it in the image. */
  settings?: true;
}

/** A script that may be started. */
export interface StartScript {
  shebang: boolean;
  carriageReturn: boolean;
  /** Its commands, in order. `last`: run by `exec`, so that none comes after it. */
  steps: readonly { text: string; at: Location; conditional: boolean; last: boolean; background: boolean }[];
  /** Of each outermost `if` that has an `else`: with which step each of its branches ends. */
  choices: readonly (readonly number[])[];
}

/** What a package.json says of what is run. */
export interface PackageScripts {
  /** By their names. */
  scripts: ReadonlyMap<string, string>;
  /** Programs that an install without devDependencies does not bring. */
  devPrograms: ReadonlySet<string>;
}

/** What rules need of the contents of files that go into images. */
export interface ImageContentsModel {
  /** Sorted by path. */
  sensitive: readonly SensitiveFile[];
  /** Of scripts that may be started: whether the first line starts with `#!`, and whether it ends in CR LF. */
  scripts: ReadonlyMap<RepoPath, StartScript>;
  /** By directory of a Python project: files that its build reads, and whether it asks git for its version. */
  packaging: ReadonlyMap<RepoPath, { reads: readonly string[]; version: string | null }>;
  packageOf(path: RepoPath): PackageScripts;
}
