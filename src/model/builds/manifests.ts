import { parseDockerfile } from "../../sources/dockerfile.ts";
import { directoryOf, inRepository } from "../../text/paths.ts";
import type { DataFile, DataNode } from "../../types/data.ts";
import type { BuildContext, SkippedBuild } from "../../types/image.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { entriesOf, entryOf, itemsOf, locate, scalarsOf, textOf, valueAt } from "../data.ts";
import { join } from "../image/paths.ts";
import { commandBuilds } from "./command-lines.ts";
import { contextOf } from "./compose.ts";
import type { Definition } from "./definition.ts";
import { argsOf, dockerCommand, uploadFilterOf } from "./docker-command.ts";

/** Artifacts of a skaffold.yaml. */
export function skaffoldBuilds(path: RepoPath, file: DataFile, skipped: SkippedBuild[]): Definition[] {
  return file.documents.flatMap(({ root }) => {
    if (!/^skaffold\//.test(textOf(entryOf(root, "apiVersion")?.value) ?? "")) return [];
    return itemsOf(valueAt(root, "build", "artifacts")).flatMap((artifact): Definition[] => {
      const at = (node: DataNode): Location => locate(path, file, node);
      const image = entryOf(artifact, "image")?.value ?? artifact;
      const other = ["jib", "buildpacks", "bazel", "ko", "custom", "kaniko"].find((kind) => entryOf(artifact, kind));
      if (other && other !== "kaniko") {
        skipped.push({ at: at(image), reason: `${textOf(image) ?? "an artifact"} is built by ${other}` });
        return [];
      }
      const docker = entryOf(artifact, other === "kaniko" ? "kaniko" : "docker")?.value ?? null;
      const contextNode = entryOf(artifact, "context")?.value ?? null;
      const context = contextOf(textOf(contextNode) ?? ".", directoryOf(path));
      const dockerfileNode = valueAt(docker, "dockerfile");
      const dockerfile = textOf(dockerfileNode);
      return [
        {
          name: textOf(image) ?? path,
          tags: [textOf(image) ?? ""],
          origin: "skaffold",
          at: at(image),
          context,
          contextAt: contextNode && at(contextNode),
          dockerfile: context.kind === "unknown" || dockerfile === null ? null : inRepository(context.path, dockerfile),
          dockerfileAt: dockerfileNode && at(dockerfileNode),
          target: textOf(valueAt(docker, "target")),
          args: new Map(
            entriesOf(valueAt(docker, "buildArgs")).map(({ key, value }) => {
              const text = textOf(value);
              return [key.text, text === null || text.includes("{{") ? null : text] as const;
            }),
          ),
          ...(other === "kaniko" ? { builder: "kaniko" as const } : {}),
        },
      ];
    });
  });
}

/** Images of GoReleaser, which puts the binaries that it has built into a context of its own (https://goreleaser.com/customization/docker). */
export function goreleaserBuilds(path: RepoPath, file: DataFile, tree: FileTree): Definition[] {
  // Paths are relative to where it runs: at the root, or beside a file that lies elsewhere.
  const bases = path.includes("/") ? ["", directoryOf(path)] : [""];
  return file.documents.flatMap(({ root }) =>
    ["dockers", "dockers_v2"].flatMap((list) =>
      itemsOf(entryOf(root, list)?.value).flatMap((one): Definition[] => {
        const node = entryOf(one, "dockerfile")?.value ?? null;
        const places = bases.flatMap((base) => inRepository(base, textOf(node) ?? "Dockerfile") ?? []);
        const dockerfile = places.find((one) => tree.has(one)) ?? (bases.length === 1 ? places[0] : undefined);
        if (dockerfile === undefined || dockerfile.includes("{{")) return [];
        return [
          {
            name: dockerfile,
            origin: "goreleaser",
            at: locate(path, file, node ?? one),
            context: { kind: "unknown", reason: "GoReleaser makes the context" },
            dockerfile,
            ciOnly: true,
          },
        ];
      }),
    ),
  );
}

/**
 * Services of an azure.yaml that azd builds from a Dockerfile: its path and the context are relative to the service's own directory
 * (learn.microsoft.com/azure/developer/azure-developer-cli/azd-schema). Without a Dockerfile azd takes buildpacks.
 */
export function azdBuilds(path: RepoPath, file: DataFile, tree: FileTree, skipped: SkippedBuild[]): Definition[] {
  const root = file.documents[0]?.root;
  const at = (node: DataNode): Location => locate(path, file, node);
  const hooks = (node: DataNode | null | undefined): boolean =>
    entriesOf(entryOf(node, "hooks")?.value).some(({ key }) => /^pre(?:build|package|up|restore)$/.test(key.text));
  return entriesOf(entryOf(root, "services")?.value).flatMap(({ key, value }): Definition[] => {
    const docker = entryOf(value, "docker")?.value ?? null;
    const host = textOf(entryOf(value, "host")?.value);
    if (entryOf(value, "image") || (docker === null && host !== "containerapp" && host !== "aks")) return [];
    const projectNode = entryOf(value, "project")?.value ?? null;
    const project = inRepository(directoryOf(path), textOf(projectNode) ?? ".");
    if (project === null || project.includes("$")) return [];
    const dockerfileNode = valueAt(docker, "path");
    const dockerfile = inRepository(project, textOf(dockerfileNode) ?? "Dockerfile");
    if (dockerfile === null || dockerfile.includes("$")) return [];
    if (dockerfileNode === null && !tree.has(dockerfile)) {
      skipped.push({ at: at(key), reason: `${key.text} has no Dockerfile: azd builds it otherwise` });
      return [];
    }
    const contextNode = valueAt(docker, "context");
    return [
      {
        name: key.text,
        origin: "azd",
        at: at(key),
        context: contextOf(textOf(contextNode) ?? ".", project),
        contextAt: (contextNode ?? projectNode) ? at((contextNode ?? projectNode)!) : null,
        dockerfile,
        dockerfileAt: dockerfileNode && at(dockerfileNode),
        target: textOf(valueAt(docker, "target")),
        args: argsOf(scalarsOf(valueAt(docker, "buildArgs")).map(({ text }) => text)),
        madeBefore: hooks(root) || hooks(value) ? [""] : [],
      },
    ];
  });
}

/** Whether a file is a Cloud Build config by its name. */
export function isCloudBuildName(path: RepoPath): boolean {
  return /(^|\/)cloudbuild[\w.-]*\.(ya?ml|json)$/i.test(path);
}

/** Steps of a Cloud Build config. They run at the root of what was uploaded: the repository, or the config's own directory. */
export function cloudBuildBuilds(path: RepoPath, file: DataFile, tree: FileTree): Definition[] {
  const root = file.documents[0]?.root;
  const substitutions = new Map(
    entriesOf(entryOf(root, "substitutions")?.value).map(({ key, value }) => [key.text, textOf(value) ?? ""]),
  );
  const fill = (text: string): string =>
    text.replace(/\$\{?(_\w+)\}?/g, (whole, name: string) => substitutions.get(name) ?? whole);
  const bases = [...new Set(["", directoryOf(path)])];
  let made = false;
  return itemsOf(entryOf(root, "steps")?.value).flatMap((step): Definition[] => {
    const image = textOf(entryOf(step, "name")?.value) ?? "";
    const args = scalarsOf(entryOf(step, "args")?.value).map(({ text }) => fill(text));
    const entrypoint = textOf(entryOf(step, "entrypoint")?.value);
    const directory = fill(textOf(entryOf(step, "dir")?.value) ?? ".");
    const place = entryOf(step, "args")?.value ?? step;
    const at = locate(path, file, { start: place.start, end: place.end });
    const line: Location = { path, start: at.start, end: at.end };
    const choose = (definitions: Definition[]): Definition[] => {
      // `gcloud builds submit DIR` uploads from DIR: the base in which the Dockerfile exists.
      const fitting = definitions.filter(
        (one) => one.context.kind !== "unknown" && tree.has(one.dockerfile ?? join(one.context.path, "Dockerfile")),
      );
      return (fitting.length > 0 ? fitting : definitions).slice(0, 1);
    };
    const finish = (definition: Definition, base: RepoPath): Definition => ({
      ...definition,
      origin: "cloudbuild",
      upload: uploadFilterOf(base, tree),
      madeBefore: made ? [""] : [],
    });
    if (/kaniko-project\/(executor|warmer)|kaniko/.test(image)) {
      const option = (name: string): string | null =>
        args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ??
        (args.includes(`--${name}`) ? (args[args.indexOf(`--${name}`) + 1] ?? null) : null);
      const text = (option("context") ?? ".").replace(/^dir:\/\//, "").replace(/^\/workspace\/?/, "./");
      return choose(
        bases.map((base) => {
          const context: BuildContext = contextOf(/\$/.test(text) ? null : text, base);
          const dockerfile = option("dockerfile")?.replace(/^\/workspace\/?/, "./") ?? null;
          const args_ = args.filter((arg) => arg.startsWith("--build-arg=")).map((arg) => arg.slice(12));
          return finish(
            {
              name: option("destination")?.replace(/:[^/]*$/, "") ?? path,
              tags: [option("destination") ?? ""],
              origin: "cloudbuild",
              at: line,
              context,
              dockerfile:
                dockerfile === null || context.kind === "unknown" || /\$/.test(dockerfile)
                  ? null
                  : kanikoDockerfile(context.path, base, dockerfile, tree),
              target: option("target"),
              args: argsOf(args_),
              builder: "kaniko",
            },
            base,
          );
        }),
      );
    }
    const shell = entrypoint !== null && /(^|\/)(ba)?sh$/.test(entrypoint);
    const script = textOf(entryOf(step, "script")?.value) ?? (shell ? (args.at(-1) ?? "") : null);
    if (script !== null) {
      const found = choose(
        bases.flatMap((base) =>
          commandBuilds({
            text: fill(script),
            origin: "cloudbuild",
            name: path,
            locate: () => line,
            cwds: [inRepository(base, directory)],
            tree,
            madeBefore: made,
            ciOnly: false,
          }).map((one) => finish(one, base)),
        ),
      );
      if (found.length === 0) made = true;
      return found;
    }
    if (!/(^|\/)(docker|buildx)(:|@|$)/.test(image)) {
      if (!/gcloud|cloud-sdk|kubectl|git/.test(image)) made = true;
      return [];
    }
    return choose(
      bases.flatMap((base) => {
        const build = dockerCommand(["docker", ...args], inRepository(base, directory));
        if (!build) return [];
        const { builder: _, dockerfileUnknown, ...rest } = build;
        const [tag] = build.tags;
        return [
          finish(
            {
              ...rest,
              ...(dockerfileUnknown ? { dockerfileUnknown } : {}),
              name:
                tag
                  ?.replace(/:[^/]*$/, "")
                  .replace(/\$\{?\w+\}?/g, "")
                  .replace(/^[^\w]+/, "") || path,
              origin: "cloudbuild",
              at: line,
            },
            base,
          ),
        ];
      }),
    );
  });
}

/** Kaniko looks for a relative Dockerfile in the working directory, then in the context. */
function kanikoDockerfile(context: RepoPath, base: RepoPath, text: string, tree: FileTree): RepoPath | null {
  const first = inRepository(base, text);
  const second = inRepository(context, text);
  return first !== null && tree.has(first) ? first : (second ?? first);
}

/** Whether a file is a bake file by its name. */
export function isBakeName(path: RepoPath): boolean {
  return /(^|\/)(docker-bake|bake)([.-][\w-]+)*\.(json|hcl)$/i.test(path);
}

/** One target of a bake file, from JSON or HCL. Values that need evaluation are null. */
export interface BakeTarget {
  name: string;
  at: Location;
  inherits: readonly string[];
  fields: ReadonlyMap<string, string | null>;
  tags: readonly string[];
  args: ReadonlyMap<string, string | null>;
  contexts: ReadonlyMap<string, string | null>;
  places: ReadonlyMap<string, Location>;
}

/** Targets of a bake file in JSON. */
export function bakeJsonTargets(path: RepoPath, file: DataFile): BakeTarget[] {
  const root = file.documents[0]?.root;
  const variables = new Map(
    entriesOf(entryOf(root, "variable")?.value).map(({ key, value }) => [
      key.text,
      textOf(entryOf(value, "default")?.value),
    ]),
  );
  const evaluate = (node: DataNode | null): string | null => {
    const text = textOf(node);
    return text === null ? null : evaluateTemplate(text, variables);
  };
  const pairs = (node: DataNode | null): Map<string, string | null> =>
    new Map(entriesOf(node).map(({ key, value }) => [key.text, evaluate(value)]));
  return entriesOf(entryOf(root, "target")?.value).map(({ key, value }) => ({
    name: key.text,
    at: locate(path, file, key),
    inherits: scalarsOf(entryOf(value, "inherits")?.value).map(({ text }) => text),
    fields: pairs(value),
    tags: scalarsOf(entryOf(value, "tags")?.value).map(({ text }) => text),
    args: pairs(entryOf(value, "args")?.value ?? null),
    contexts: pairs(entryOf(value, "contexts")?.value ?? null),
    places: new Map(entriesOf(value).map((entry) => [entry.key.text, locate(path, file, entry.value)])),
  }));
}

/** A bake string with `${VAR}` filled in from variables with a default; null where it needs more. */
export function evaluateTemplate(text: string, variables: ReadonlyMap<string, string | null>): string | null {
  let known = true;
  const filled = text.replace(/\$\{([^}]*)\}/g, (_, expression: string) => {
    const value = variables.get(expression.trim());
    if (value === undefined || value === null) known = false;
    return value ?? "";
  });
  return known ? filled : null;
}

/** Builds of bake targets, with what they inherit. Paths are relative to where bake runs: the bake file's directory or the root. */
export function bakeBuilds(path: RepoPath, targets: readonly BakeTarget[], tree: FileTree): Definition[] {
  const byName = new Map(targets.map((target) => [target.name, target]));
  const resolved = new Map<string, BakeTarget>();
  const resolve = (target: BakeTarget, seen: ReadonlySet<string>): BakeTarget => {
    if (seen.has(target.name) || seen.size > 20) return target;
    const known = resolved.get(target.name);
    if (known) return known;
    const parents = target.inherits
      .flatMap((name) => byName.get(name) ?? [])
      .map((one) => resolve(one, new Set([...seen, target.name])));
    const merged = <T>(pick: (one: BakeTarget) => ReadonlyMap<string, T>): Map<string, T> =>
      new Map([...parents, target].flatMap((one) => [...pick(one)]));
    const whole = {
      ...target,
      fields: merged((one) => one.fields),
      tags: target.tags.length > 0 ? target.tags : parents.flatMap((one) => one.tags),
      args: merged((one) => one.args),
      contexts: merged((one) => one.contexts),
      places: merged((one) => one.places),
    };
    resolved.set(target.name, whole);
    return whole;
  };
  // A target that others inherit and that names no context of its own, or has no Dockerfile there, is a part, not a build.
  const inherited = new Set(targets.flatMap((target) => target.inherits));
  return targets.flatMap((raw): Definition[] => {
    const target = resolve(raw, new Set());
    if (
      inherited.has(raw.name) &&
      !raw.fields.has("context") &&
      !raw.fields.has("dockerfile") &&
      !raw.fields.has("target")
    )
      return [];
    const unknown = (name: string): boolean => target.fields.has(name) && target.fields.get(name) === null;
    const definitions = [...new Set([directoryOf(path), ""])].map((base): Definition => {
      const context = unknown("context") ? contextOf(null, base) : contextOf(target.fields.get("context") ?? ".", base);
      const dockerfile = target.fields.get("dockerfile") ?? null;
      const inline = target.fields.get("dockerfile-inline") ?? null;
      return {
        name: raw.name,
        tags: target.tags,
        origin: "bake",
        at: raw.at,
        context,
        contextAt: target.places.get("context") ?? null,
        dockerfile:
          context.kind === "unknown" || dockerfile === null || dockerfile.startsWith("/")
            ? null
            : inRepository(context.path, dockerfile),
        dockerfileAt: target.places.get("dockerfile") ?? null,
        ...(unknown("dockerfile") || dockerfile?.startsWith("/")
          ? { dockerfileUnknown: "the Dockerfile's path is not known" }
          : {}),
        ...(inline === null
          ? {}
          : { inline: { syntax: parseDockerfile(inline), at: target.places.get("dockerfile-inline") ?? raw.at } }),
        target: target.fields.get("target") ?? null,
        args: target.args,
        namedContexts: new Map([...target.contexts].map(([name, text]) => [name, contextOf(text, base)])),
      };
    });
    const exists = definitions.find(
      (one) => one.context.kind !== "unknown" && tree.has(one.dockerfile ?? join(one.context.path, "Dockerfile")),
    );
    const isPart = exists === undefined && inherited.has(raw.name) && !raw.fields.has("dockerfile");
    return isPart ? [] : [exists ?? definitions[0]!];
  });
}
