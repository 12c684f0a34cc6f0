import type { DockerfileSyntax } from "../types/dockerfile.ts";
import type { Build, BuildsModel, SkippedBuild } from "../types/image.ts";
import type { ModelInput, ModelProvider } from "../types/model.ts";
import type { RepoPath } from "../types/text.ts";
import { configBuilds } from "./builds/config-images.ts";
import { completeBuild, type Definition, missingOf, startOf } from "./builds/definition.ts";
import { discoverBuilds } from "./builds/discover.ts";
import { searchBuilds } from "./builds/search.ts";
import { type Excuse, excuses } from "./compose/missing-paths.ts";
import { byCodeUnit } from "./image/paths.ts";
import { isInDevelopmentFolder } from "./path-class.ts";

/** Every way in which an image is built: `images:` of the config first, then what the repository's own files define. */
export const buildsProvider: ModelProvider<"builds", never> = {
  needs: [],
  facts: ["dockerfile", "data", "dotenv", "hcl", "lines", "toml"],
  build: (input) => findBuilds(input),
  isEmpty: (model: BuildsModel) => model.builds.length === 0,
};

/** What stands here is tried out or shown, not deployed. */
const ASIDE = /(^|\/)(examples?|samples?|tests?|e2e|demos?|docs?|playground|benchmarks?|\.devcontainer)\//i;

/** `compose.override.sample.yml`: whoever wants it makes a copy. */
const SAMPLE = /(?:^|[._-])(?:example|sample)s?\.[a-z]+$/i;

function isAside({ origin, at }: Definition): boolean {
  if (origin === "config") return false;
  if (origin === "compose" && SAMPLE.test(at.path)) return true;
  return ASIDE.test(at.path) || (origin === "script" && isInDevelopmentFolder(at.path));
}

function findBuilds(input: ModelInput<never>): BuildsModel {
  const { files, facts, config } = input;
  const skipped: SkippedBuild[] = [];
  const complete = (definitions: readonly Definition[]): Build[] =>
    definitions.map((one) => completeBuild(isAside(one) ? { ...one, deployed: false } : one, "", files));
  const configured = complete(configBuilds(config));
  const covered = new Set(configured.flatMap((build) => dockerfilePath(build) ?? []));
  const discovered = complete(discoverBuilds(input, skipped)).filter(
    (build) => !covered.has(dockerfilePath(build) ?? ""),
  );
  const builds = merge([...configured, ...discovered.map(excused(input))]);
  if (configured.length === 0) {
    const named = new Set(builds.flatMap((build) => dockerfilePath(build) ?? []));
    const parse = (path: RepoPath) => facts.get("dockerfile", path);
    builds.push(...complete(searchBuilds(files, named, parse)));
    builds.push(...complete(productionStages(builds, parse)));
  }
  return { builds: identified(builds), skipped };
}

/** What a command's build lacks may be made before it. Compose files are judged where they are read, with more that says so. */
function excused({ files, facts }: ModelInput<never>): (build: Build) => Build {
  let excuse: Excuse | null = null;
  return (build) => {
    const missing = build.origin === "script" || build.origin === "workflow" ? missingOf(build, files) : null;
    if (missing === null || build.doubt !== null) return build;
    excuse ??= excuses(files, facts);
    return { ...build, doubt: excuse(missing) };
  };
}

/** A stage that by its name is for developers; what is deployed is built by something that is not here. */
const OF_DEVELOPERS = /(?:^|[-_])(?:dev|develop|development|local|debug|tests?|ci)(?:[-_]|$)/i;
const OF_PRODUCTION = /^(?:prod|production|live|release)$/i;

/** The stage for production of each Dockerfile of which others are built here, one for developers among them. */
function productionStages(builds: readonly Build[], parse: (path: RepoPath) => DockerfileSyntax | null): Definition[] {
  const byPath = new Map<RepoPath, Build[]>();
  for (const build of builds) {
    const path = dockerfilePath(build);
    if (path !== null) byPath.set(path, [...(byPath.get(path) ?? []), build]);
  }
  return [...byPath].flatMap(([path, all]): Definition[] => {
    if (!all.every(({ target }) => target !== null && !OF_PRODUCTION.test(target))) return [];
    if (!all.some(({ target }) => target !== null && OF_DEVELOPERS.test(target))) return [];
    const stages = (parse(path)?.instructions ?? []).flatMap(({ keyword, words }) =>
      keyword === "FROM" && words.length === 3 ? [words[2]!.text] : [],
    );
    const target = stages.find((name) => OF_PRODUCTION.test(name));
    if (target === undefined) return [];
    const { context } = all[0]!;
    return [{ name: path, origin: "search", at: startOf(path), context, dockerfile: path, target, deployed: false }];
  });
}

function dockerfilePath(build: Build): RepoPath | null {
  return build.dockerfile.kind === "file" ? build.dockerfile.path : null;
}

/** Two places that define the same build are one build; the first one names it. */
function merge(builds: readonly Build[]): Build[] {
  const kept = new Map<string, Build>();
  for (const build of builds) {
    const key = JSON.stringify([
      build.context,
      build.dockerfile.kind === "inline" ? build.dockerfile.at : build.dockerfile,
      build.target,
      [...build.args].sort(),
      [...build.namedContexts].sort(),
      build.upload,
      build.builder,
      build.run && [build.run.entrypoint, build.run.command, build.run.workdir, build.run.mounts],
    ]);
    const known = kept.get(key);
    if (!known) kept.set(key, build);
    else
      kept.set(key, {
        ...(known.doubt !== null && build.doubt === null ? build : known),
        tags: [...new Set([...known.tags, ...build.tags])],
        deployed: known.deployed || build.deployed,
        forDevelopment: known.forDevelopment && build.forDevelopment,
        ciOnly: known.ciOnly && build.ciOnly,
        pulled: known.pulled && build.pulled,
        argsOpen: known.argsOpen || build.argsOpen,
      });
  }
  return [...kept.values()];
}

/** Gives each build an id of its own: its name, numbered where names repeat. */
function identified(builds: readonly Build[]): Build[] {
  const sorted = [...builds].sort(
    (a, b) => byCodeUnit(a.name, b.name) || byCodeUnit(a.at.path, b.at.path) || a.at.start.line - b.at.start.line,
  );
  const seen = new Map<string, number>();
  return sorted.map((build) => {
    const count = (seen.get(build.name) ?? 0) + 1;
    seen.set(build.name, count);
    return { ...build, id: count === 1 ? build.name : `${build.name}#${count}` };
  });
}
