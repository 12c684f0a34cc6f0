import { baseName, inRepository } from "../../text/paths.ts";
import type { BuildContext, BuilderKind, UploadFilter } from "../../types/image.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";

/** What one command line says of a build. */
export interface CommandBuild {
  context: BuildContext;
  /** Repository path; null: the context's own. */
  dockerfile: RepoPath | null;
  dockerfileUnknown?: string;
  target: string | null;
  args: ReadonlyMap<string, string | null>;
  argsOpen: boolean;
  namedContexts: ReadonlyMap<string, BuildContext>;
  builder?: BuilderKind;
  upload?: UploadFilter;
  tags: readonly string[];
}

/** Flags of docker build, buildx build, podman build, buildah bud and nerdctl build that take no value. */
const SWITCHES = new Set(
  "--no-cache --pull --push --load --quiet -q --rm --force-rm --squash --compress --debug -D --check --layers --disable-compression --all --squash-all --no-hosts --stream --disable-content-trust --help --print".split(
    " ",
  ),
);

/** Where a relative path of a command line starts from; null: not known. */
export type Cwd = RepoPath | null;

/** A path as a command line writes it; null when it holds a value that is not known or leaves the repository. */
export function pathFrom(cwd: Cwd, text: string): RepoPath | null {
  const known = text.replace(
    /^(\$\{?(PWD|GITHUB_WORKSPACE|CI_PROJECT_DIR|BUILDKITE_BUILD_CHECKOUT_PATH|PROJECT_ROOT|REPO_ROOT|ROOT_DIR|CURDIR)\}?|\$\(pwd\)|`pwd`|\$\(git rev-parse --show-toplevel\)|\$\(CURDIR\)|\$\(PWD\)|\$\{\{ *github\.workspace *\}\})(?=\/|$)/,
    (whole) => (/PWD|pwd|CURDIR/.test(whole) ? "\u0000" : "\u0001"),
  );
  const fromRoot = known.startsWith("\u0001");
  const plain = known.replace(/^[\u0000\u0001]\/?/, "./");
  if (/[$`{}*?~]/.test(plain) || plain.startsWith("/")) return null;
  const base = fromRoot ? "" : cwd;
  return base === null ? null : inRepository(base, plain);
}

/** The build that a command's words are, or null for any other command. */
export function dockerCommand(words: readonly string[], cwd: Cwd): CommandBuild | null {
  const tool = baseName(words[0] ?? "");
  if (!/^(docker|podman|buildah|nerdctl|depot)$/.test(tool)) return null;
  let at = 1;
  // Options of the tool itself: `docker --context x build`.
  while (words[at]?.startsWith("-")) at += words[at]!.includes("=") || words[at] === "-D" ? 1 : 2;
  if (words[at] === "buildx" || words[at] === "image" || words[at] === "builder") {
    at++;
    while (words[at]?.startsWith("-")) at += words[at]!.includes("=") ? 1 : 2;
  }
  if (!/^(build|bud|b)$/.test(words[at] ?? "") || (words[at] === "b" && words[at - 1] !== "buildx")) return null;
  const read = readFlags(words.slice(at + 1));
  if (read.flags.some(([name]) => name === "--help" || name === "--check")) return null;
  const all = (...names: string[]): string[] =>
    read.flags.flatMap(([name, value]) => (names.includes(name) && value !== null ? [value] : []));
  const contextText = read.rest.at(-1) ?? (tool === "podman" || tool === "buildah" ? "." : null);
  if (contextText === null) return null;
  const context = contextFrom(cwd, contextText);
  const file = all("-f", "--file").at(-1) ?? null;
  const dockerfile = file === null || file === "-" ? null : pathFrom(cwd, file);
  const builder: BuilderKind | undefined = tool === "podman" || tool === "buildah" ? "buildah" : undefined;
  return {
    context,
    dockerfile,
    ...(file !== null && dockerfile === null
      ? { dockerfileUnknown: file === "-" ? "it comes from standard input" : `${file} is not known` }
      : {}),
    target: known(all("--target").at(-1)),
    args: argsOf(all("--build-arg")),
    // A word that holds flags: `docker build $ARGS .`, `"${ARGS[@]}"`.
    argsOpen: read.rest.slice(0, -1).some((word) => /[$`]/.test(word)),
    namedContexts: new Map(
      all("--build-context").flatMap((text) => {
        const equals = text.indexOf("=");
        return equals === -1 ? [] : [[text.slice(0, equals), contextFrom(cwd, text.slice(equals + 1))] as const];
      }),
    ),
    ...(builder ? { builder } : {}),
    tags: all("-t", "--tag"),
  };
}

function known(text: string | undefined): string | null {
  return text === undefined || /[$`]/.test(text) ? null : text;
}

function contextFrom(cwd: Cwd, text: string): BuildContext {
  if (/^[a-z+.-]+:\/\/|^git@|^github\.com\/|\.git(#|$)/.test(text) || text === "-")
    return { kind: "unknown", reason: `the context ${text} is not a directory of the repository` };
  const path = pathFrom(cwd, text);
  return path === null ? { kind: "unknown", reason: `the context ${text} is not known` } : { kind: "directory", path };
}

export function argsOf(texts: readonly string[]): Map<string, string | null> {
  return new Map(
    texts.map((text) => {
      const equals = text.indexOf("=");
      if (equals === -1) return [text, null] as const;
      const value = text.slice(equals + 1);
      return [text.slice(0, equals), /[$`]/.test(value) ? null : value] as const;
    }),
  );
}

function readFlags(words: readonly string[]): { flags: [string, string | null][]; rest: string[] } {
  const flags: [string, string | null][] = [];
  const rest: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (/^\d*[<>]/.test(word)) {
      if (/^\d*[<>]+$/.test(word)) at++;
      continue;
    }
    if (word === "--") {
      rest.push(...words.slice(at + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      // A lone variable may hold flags: `docker build $ARGS .`
      rest.push(word);
      continue;
    }
    const equals = word.indexOf("=");
    if (word.startsWith("--") && equals !== -1) flags.push([word.slice(0, equals), word.slice(equals + 1)]);
    else if (SWITCHES.has(word)) flags.push([word, null]);
    else if (/^-[a-zA-Z].+/.test(word) && !word.startsWith("--"))
      flags.push([word.slice(0, 2), word.slice(2).replace(/^=/, "")]);
    else flags.push([word, words[++at] ?? null]);
  }
  return { flags, rest };
}

/** `gcloud builds submit` and `gcloud run deploy --source`: what is uploaded is filtered first. */
export function gcloudCommand(words: readonly string[], cwd: Cwd, tree: FileTree): CommandBuild | null {
  if (baseName(words[0] ?? "") !== "gcloud") return null;
  const plain = words.filter((word) => !word.startsWith("-"));
  const option = (name: string): string | null => {
    for (const [index, word] of words.entries()) {
      if (word === name) return words[index + 1] ?? null;
      if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
    }
    return null;
  };
  const verbs = plain.join(" ");
  let source: string | null = null;
  if (/\bbuilds submit\b/.test(verbs)) {
    // With a config the steps of that file are the builds; they are read there.
    if (option("--config") !== null || option("--pack") !== null || (option("--tag") === null && !words.includes("-t")))
      return null;
    const rest = words.slice(words.indexOf("submit") + 1);
    source = ".";
    for (let at = 0; at < rest.length; at++) {
      if (!rest[at]!.startsWith("-")) source = rest[at]!;
      else if (
        !rest[at]!.includes("=") &&
        !/^--(async|quiet|no-cache|no-source|suppress-logs|enable|disable)/.test(rest[at]!)
      )
        at++;
    }
  } else if (/\brun( jobs)? deploy\b|\bfunctions deploy\b/.test(verbs)) {
    if (/\bfunctions\b/.test(verbs)) return null;
    source = option("--source");
  }
  if (source === null) return null;
  const context = contextFrom(cwd, source);
  if (context.kind === "unknown") return null;
  const dockerfile = context.path === "" ? "Dockerfile" : `${context.path}/Dockerfile`;
  // Without a Dockerfile a buildpack builds it.
  if (!tree.has(dockerfile)) return null;
  return {
    context,
    dockerfile,
    target: null,
    args: new Map(),
    argsOpen: false,
    namedContexts: new Map(),
    upload: uploadFilterOf(context.path, tree) ?? undefined,
    tags: [option("--tag") ?? option("-t")].filter((tag) => tag !== null),
  };
}

/** What an upload of a directory to Google Cloud is filtered by: .gcloudignore, else .gitignore. */
export function uploadFilterOf(root: RepoPath, tree: FileTree): UploadFilter | null {
  const inside = (name: string): string => (root === "" ? name : `${root}/${name}`);
  if (tree.has(inside(".gcloudignore"))) return { kind: "gcloudignore", root };
  return tree.has(inside(".gitignore")) ? { kind: "gitignore", root } : null;
}
