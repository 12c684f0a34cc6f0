import type { Related } from "./finding.ts";
import type { Location, RepoPath } from "./text.ts";

/** Absolute path in an image, `/` between segments, normalised. */
export type ImagePath = string;

/** Whether something is where the command looks for it. `unknown` is never reported as absent. */
export type Presence = "present" | "absent" | "unknown";

/** One directory that the process searches for its own modules, in search order. */
export interface SearchRoot {
  /** The directory in the image; without an image: `/` + the repository directory. */
  image: ImagePath;
  /** The repository directory whose contents lie there, "" for the root; null where several or none do. */
  repository: RepoPath | null;
  from: "script" | "workdir" | "app-dir" | "environment" | "config" | "editable";
}

/**
 * One thing that a command names and that must exist for the process to start:
 * a file, a module with its attribute, a script of package.json, a configuration file.
 */
export interface EntryPart {
  kind: "file" | "module" | "package-script" | "configuration";
  /** What the file holds; null for configuration. */
  language: "python" | "javascript" | "shell" | null;
  /**
   * `process`: what stays running; `before`: run earlier in the same command (migrations, preparation);
   * `preload`: loaded into the process before its own code (`-r`, `--import`, worker classes); `configuration`: read by it.
   */
  role: "process" | "before" | "preload" | "configuration";
  /** As the command writes it: `app.main:app`, `dist/server.js`, `start:prod`. */
  subject: string;
  /** The word that names it. */
  at: Location;
  /** How the command leads here, outermost first: the CMD, the package script, the shell script. Empty when the command names it directly. */
  chain: Related[];
  presence: Presence;
  /** Its failure does not stop the process: followed by `;` in a script without `set -e`. */
  optional: boolean;
  /** Why the presence is unknown. */
  reason: string | null;
  /** Where it is in the image, or the first place where it was looked for. */
  imagePath: ImagePath | null;
  /** The repository file that it is, or would be were it not left out of the image; null where the repository has none. */
  path: RepoPath | null;
  /** For output of a build (`dist/main.js`) that the repository does not hold: the source it is most likely made from. */
  builtFrom: RepoPath | null;
  /** Dotted Python module. */
  module: string | null;
  /** Object in the module, without call parentheses: `app`, `create_app`. */
  attribute: string | null;
  /** True when the attribute is called: `create_app()` or `--factory`. */
  factory: boolean;
  /** sys.path of the process as far as the command, the environment and the configuration say; empty for JavaScript. */
  roots: SearchRoot[];
  /** The nearest path (or script name) that does exist, for the message; null without one. */
  nearest: string | null;
}

/** One process: a command and what it starts. An image has one, or several when manifests run it with other commands. */
export interface EntryPoint {
  /** `backend`, `docker-compose.yml:worker`, `Procfile:web`. */
  name: string;
  /** Id of the build in whose image the command runs; null: the repository itself stands for it. */
  build: string | null;
  /** Name of that image, for people. */
  image: string | null;
  origin: "image" | "config" | "compose" | "kubernetes" | "cloud-run" | "procfile" | "package";
  /** The instruction or value that holds the command. */
  at: Location;
  /** The effective command, readable. */
  command: string;
  workdir: ImagePath;
  parts: EntryPart[];
  /** Says that nothing of ours is imported: nginx, `java -jar`, a Go binary, the base image's command. Null when code was found. */
  unchecked: string | null;
  /** Names of the variables that what is started has from the image, the container and the commands before it. */
  variables: readonly string[];
  /** Commands on the way that may set more: `doppler run`, `source x`, `eval`. */
  setters: readonly string[];
  /** What of the command could not be understood. */
  unknown: { reason: string; at: Location }[];
  /** Entries of `images.*.entry` that name nothing of the repository. */
  unfound?: readonly string[];
}

/** Every process that the repository defines. */
export interface EntryModel {
  points: EntryPoint[];
}
