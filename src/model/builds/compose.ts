import { parseDockerfile } from "../../sources/dockerfile.ts";
import { inRepository } from "../../text/paths.ts";
import type { DataFile, DataNode } from "../../types/data.ts";
import type { BuildContext, CommandPart, RunOverride, RuntimeMount } from "../../types/image.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import { asMap, entriesOf, entryOf, itemsOf, locate, textOf } from "../data.ts";
import { splitWords } from "../image/shell-lines.ts";
import type { Definition } from "./definition.ts";

/** Whether a file is a compose file by its name. */
export function isComposeName(path: RepoPath): boolean {
  return /(^|\/)(docker-)?compose([._-][\w.-]+)?\.ya?ml$/i.test(path);
}

/**
 * Builds of a compose file. Paths are relative to `directory`: the folder of the first file given to compose, or the project
 * directory. `variables` is the project's .env.
 */
export function composeBuilds(
  path: RepoPath,
  file: DataFile,
  directory: RepoPath,
  variables: ReadonlyMap<string, string>,
): Definition[] {
  const root = file.documents[0]?.root;
  const at = (node: { start: number; end: number }): Location => locate(path, file, node);
  const value = (node: DataNode | null | undefined): string | null => {
    const text = textOf(node);
    return text === null ? null : interpolate(text, variables);
  };
  return entriesOf(entryOf(root, "services")?.value).flatMap((service): Definition[] => {
    const build = entryOf(service.value, "build");
    // `!reset` takes a build of another file away.
    if (!build || build.value.tag?.includes("reset") || (build.value.kind === "scalar" && build.value.value === null))
      return [];
    const above = extendedBuilds(root, service.value);
    const field = (name: string): DataNode | null => fieldOf([build.value, ...above], name);
    const contextNode = field("context");
    const context: BuildContext =
      contextNode !== null
        ? contextOf(value(contextNode), directory)
        : entryOf(entryOf(service.value, "extends")?.value, "file")
          ? { kind: "unknown", reason: "another file may give the context" }
          : directoryContext(directory, ".");
    const dockerfile = value(field("dockerfile"));
    const inline = textOf(field("dockerfile_inline"));
    const base = context.kind === "unknown" ? null : context.path;
    const dockerfilePath = dockerfile === null || base === null ? null : dockerfileIn(base, dockerfile);
    return [
      {
        name: service.key.text,
        origin: "compose",
        at: at(service.key),
        context,
        contextAt: contextNode ? at(contextNode) : null,
        dockerfile: dockerfilePath,
        ...(inline === null
          ? {}
          : { inline: { syntax: parseDockerfile(inline), at: at(field("dockerfile_inline")!) } }),
        ...(field("dockerfile") !== null && dockerfilePath === null
          ? { dockerfileUnknown: "the Dockerfile's path is not known" }
          : {}),
        dockerfileAt: field("dockerfile") ? at(field("dockerfile")!) : null,
        target: value(field("target")),
        pulled: entryOf(service.value, "image") !== null,
        tags: [entryOf(service.value, "image")?.value].flatMap((node) => value(node) ?? textOf(node) ?? []),
        args: pairs(field("args"), value),
        namedContexts: new Map(
          [...pairs(field("additional_contexts"), value)].map(([name, text]) => [name, contextOf(text, directory)]),
        ),
        run: runOf(service.value, at, value, at(service.key), directory),
      },
    ];
  });
}

/** The builds that a service's own is merged over, nearest first: what it `extends` within the file. */
function extendedBuilds(root: DataNode | null | undefined, service: DataNode): DataNode[] {
  const services = entryOf(root, "services")?.value;
  const found: DataNode[] = [];
  let at: DataNode | undefined = service;
  for (let depth = 0; at && depth < MAX_EXTENDS; depth++) {
    const target: DataNode | null = entryOf(at, "extends")?.value ?? null;
    const name: string | null = target?.kind === "scalar" ? target.text : textOf(entryOf(target, "service")?.value);
    if (name === null || entryOf(target, "file")) break;
    at = entryOf(services, name)?.value;
    const build = entryOf(at, "build")?.value;
    if (build) found.push(build);
  }
  return found;
}

const MAX_EXTENDS = 20;

/** A field of the first build that has it; a build that is a text is a context. */
function fieldOf(builds: readonly DataNode[], name: string): DataNode | null {
  for (const build of builds) {
    const value = build.kind !== "scalar" ? entryOf(build, name)?.value : name === "context" ? build : undefined;
    if (value) return value;
  }
  return null;
}

function directoryContext(directory: RepoPath, text: string): BuildContext {
  if (text.startsWith("/") || text.startsWith("~"))
    return { kind: "unknown", reason: `${text} is outside the repository` };
  const path = inRepository(directory, text);
  return path === null ? { kind: "unknown", reason: `${text} is outside the repository` } : { kind: "directory", path };
}

/** A context as text: a directory, or something that is not of this tree. */
export function contextOf(text: string | null, directory: RepoPath): BuildContext {
  if (text === null) return { kind: "unknown", reason: "the context depends on a value that is not known" };
  if (/^[a-z+.-]+:\/\/|^git@|^[a-z]+-image:|^service:|^target:|^oci-layout:/.test(text) || text === "-")
    return { kind: "unknown", reason: `the context ${text} is not a directory` };
  return directoryContext(directory, text);
}

function dockerfileIn(context: RepoPath, text: string): RepoPath | null {
  return text.startsWith("/") || text.includes("://") ? null : inRepository(context, text);
}

/** A map, or a list of `NAME=value`. A name without a value takes it from outside: null. */
function pairs(node: DataNode | null, value: (node: DataNode) => string | null): Map<string, string | null> {
  const found = new Map<string, string | null>();
  for (const entry of entriesOf(node)) found.set(entry.key.text, value(entry.value));
  for (const item of itemsOf(node)) {
    const text = value(item);
    if (text === null) continue;
    const equals = text.indexOf("=");
    if (equals === -1) found.set(text, null);
    else found.set(text.slice(0, equals), text.slice(equals + 1));
  }
  return found;
}

/** Compose's `${NAME}`, `${NAME:-default}` and `$$`; null when a value is not known. */
export function interpolate(text: string, variables: ReadonlyMap<string, string>): string | null {
  let known = true;
  const result = text.replace(
    /\$\$|\$\{([A-Za-z_]\w*)(?:(:?[-?+])([^{}]*))?\}|\$([A-Za-z_]\w*)/g,
    (
      all,
      braced: string | undefined,
      operator: string | undefined,
      word: string | undefined,
      bare: string | undefined,
    ) => {
      if (all === "$$") return "$";
      const set = variables.get(braced ?? bare ?? "");
      const empty = set === undefined || (operator?.startsWith(":") && set === "");
      if (operator?.endsWith("-")) return empty ? (word ?? "") : set!;
      if (operator?.endsWith("+")) return empty ? "" : (word ?? "");
      if (set === undefined) known = false;
      return set ?? "";
    },
  );
  return known ? result : null;
}

function runOf(
  service: DataNode,
  at: (node: { start: number; end: number }) => Location,
  value: (node: DataNode | null | undefined) => string | null,
  place: Location,
  directory: RepoPath,
): RunOverride | null {
  if (!asMap(service)) return null;
  const part = (name: string): CommandPart | null => {
    const node = entryOf(service, name)?.value;
    if (!node || (node.kind === "scalar" && node.value === null)) return null;
    const range = (one: DataNode) => ({ start: at(one).start, end: at(one).end });
    const words =
      node.kind === "list"
        ? node.items.map((item) => ({ text: value(item) ?? textOf(item) ?? "", range: range(item) }))
        : splitWords(value(node) ?? textOf(node) ?? "").map((text) => ({ text, range: range(node) }));
    return { form: "exec", words, at: at(node), origin: "compose" };
  };
  const mounts = itemsOf(entryOf(service, "volumes")?.value).flatMap((volume): RuntimeMount[] => {
    const { target, source } =
      volume.kind === "map"
        ? { target: value(entryOf(volume, "target")?.value), source: value(entryOf(volume, "source")?.value) }
        : mountParts(value(volume));
    if (!target?.startsWith("/")) return [];
    // A name is a volume of docker's; a path starts with a dot.
    const isHere = source !== null && /^\.{1,2}(?:\/|$)/.test(source);
    return [{ target: target.replace(/(.)\/+$/, "$1"), source: isHere ? inRepository(directory, source) : null }];
  });
  return {
    at: place,
    entrypoint: part("entrypoint"),
    command: part("command"),
    workdir: value(entryOf(service, "working_dir")?.value),
    environment: pairs(entryOf(service, "environment")?.value ?? null, (node) => value(node)),
    environmentOpen: entryOf(service, "env_file") !== null,
    mounts,
  };
}

/** `source:target[:mode]`, or a lone target. */
function mountParts(text: string | null): { target: string | null; source: string | null } {
  if (text === null) return { target: null, source: null };
  const parts = text.split(":");
  if (parts.length === 1) return { target: parts[0]!, source: null };
  return { target: parts.slice(1).find((part) => part.startsWith("/")) ?? null, source: parts[0]! };
}
