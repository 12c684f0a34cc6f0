import type { Location, RepoPath } from "./text.ts";

/** A front end: a package whose bundler puts the values of named variables into what browsers are sent. */
export interface FrontEnd {
  /** The directory of its package.json. */
  directory: RepoPath;
  /** `name` of its package.json. */
  name: string | null;
  /** The names that its bundler takes in. */
  takesIn(name: string): boolean;
  /** Files that go into the bundle, or that the build itself runs. */
  files(): ReadonlySet<RepoPath>;
}

/**
 * What a build has of one name. `unknown`: it may get it in a way that no file shows. `undeclared`: nothing in the build stage takes it, so
 * no argument can give it. `not-given`: `ARG` takes it, and the definition of the build gives nothing. `unset`: the step lacks it.
 */
export type BuildAnswer = "given" | "unknown" | "undeclared" | "not-given" | "unset";

/** One place where a front end is built: a RUN of a Dockerfile's stage, or a step of a workflow that also deploys. */
export interface FrontBuild {
  frontEnd: FrontEnd;
  /** The RUN, or the step. */
  at: Location;
  /** Where the build is defined; null where nothing in the repository defines it. */
  definition: Location | null;
  /** For messages: `the stage "builder" of web/Dockerfile`. */
  where: string;
  /** Whether the command certainly builds this front end, and something that deploys asks for it. */
  certain: boolean;
  /** Its definition pushes what it makes: where builds differ in what they are given, only such a one is held against the others. */
  pushes: boolean;
  /** Configured environments that it is for; null: any. */
  environments: readonly string[] | null;
  answer(name: string): BuildAnswer;
}
