import { directoryOf } from "../../text/paths.ts";
import type { ContainersModel, RunContainer } from "../../types/containers.ts";
import type { EntryModel, EntryPoint } from "../../types/entry.ts";
import type { FactReader } from "../../types/facts.ts";
import type { Image } from "../../types/image.ts";
import type { ClosureModel, ImportLevel, ImportModel } from "../../types/imports.ts";
import type { KubernetesModel } from "../../types/kubernetes.ts";
import type { KeyedObject } from "../../types/secret-uses.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { WorkflowModel } from "../../types/workflow.ts";
import type { FileTree } from "../../types/workspace.ts";
import { isDotenv, isDotenvExample, isExampleOrTest, isForDevelopment } from "../path-class.ts";
import { containerVariables, type GivenVariable, serviceVariables } from "./container-variables.ts";
import { manifestDeploys } from "./kustomize-deploys.ts";
import { liveChanges } from "./live-changes.ts";

/** A container of which it is known what it runs, and all that its environment holds. */
export interface ClosedContainer {
  /** `Deployment`, `compose service`. */
  kind: string;
  /** As the file calls it. */
  name: string;
  /** With the container's own name, where it has another. */
  service: string;
  /** The file that it is written in. */
  path: RepoPath;
  /** Where a further variable belongs: after the last one. */
  end: Location;
  /** The kustomization that brings it; null for what is applied as it is. */
  deploy: RepoPath | null;
  by: RunContainer["by"];
  /** The image as it is named there. */
  imageName: string;
  /** The Secret or ConfigMap from which all its variables come, where it has none of its own. */
  holder: { kind: KeyedObject["kind"]; name: string } | null;
  /** What the pod gives. */
  given: ReadonlyMap<string, GivenVariable>;
  /** What the image, its scripts and the cluster give beside that. */
  beside: ReadonlySet<string>;
  /** The files that its start runs or may run. */
  reach: ReadonlyMap<RepoPath, ImportLevel>;
  /** Files that it runs as programs. */
  programs: ReadonlySet<RepoPath>;
  /** Functions that the server calls to make the application. */
  factories: ReadonlySet<string>;
  /** Whether a file is of this image's own code, and of no other's. */
  isOwn(path: RepoPath): boolean;
  /** Why the image, its base or an env file may give more than is seen; null where nothing says so. */
  doubt: string | null;
}

export interface ClosedContainersInput {
  files: FileTree;
  facts: FactReader;
  images: readonly Image[];
  containers: ContainersModel;
  entries: EntryModel;
  closures: ClosureModel;
  imports: ImportModel;
  kubernetes: KubernetesModel;
  objects: readonly KeyedObject[];
  workflows: WorkflowModel;
}

/** The containers of manifests whose wiring is closed: a pod has what its specification says, and nothing else. */
export function closedContainers(input: ClosedContainersInput): ClosedContainer[] {
  const { files, facts, kubernetes } = input;
  if (input.containers.containers.length === 0) return [];
  const changes = liveChanges(files, facts, input.workflows);
  if (changes.open !== null) return [];
  const cluster = [...serviceVariables(kubernetes), ...changes.names];
  const manifests = manifestDeploys(files, facts, kubernetes);
  return input.containers.containers.flatMap((run): ClosedContainer[] => {
    const { object, image } = run;
    if (object.development || isExampleOrTest(object.path) || isAside(image)) return [];
    const deploys = manifests.of(object).filter(({ path }) => path === null || !isForDevelopment(path));
    const wired = deploys.flatMap((deploy) => {
      const { given, mounts, open } = containerVariables(run, deploy, input.objects);
      return open === null ? [{ deploy: deploy.path, given, mounts }] : [];
    });
    if (wired.length === 0) return [];
    const started = startOf(pointOf(run, input.entries), image, input);
    if (started === null) return [];
    const { loads, ...start } = started;
    const name = object.name?.text ?? object.kind;
    const own = run.container.name?.text;
    const { env, envFrom } = run.container;
    const [whole] = env.length === 0 ? envFrom : [];
    // What is mounted may be the file that is read.
    const sealed = wired.filter(({ mounts }) => !loads || !mounts);
    return sealed.map(({ deploy, given }) => ({
      ...start,
      kind: object.kind,
      name,
      path: object.path,
      deploy,
      given,
      by: run.by,
      service: own === undefined || own === name ? name : `${name}/${own}`,
      end: (env.at(-1) ?? envFrom.at(-1)?.name ?? run.container.image ?? run.container.name)!.at,
      imageName: run.container.image?.text ?? "",
      holder: whole ? { kind: whole.kind, name: whole.name.text } : null,
      beside: new Set([...cluster, ...start.beside]),
    }));
  });
}

type Start = Pick<ClosedContainer, "beside" | "reach" | "factories" | "programs" | "isOwn" | "doubt">;

/** What a container starts, where all of it is known and nothing but a file sets variables on the way; `loads`: such a file may be read. */
export function startOf(
  point: EntryPoint | undefined,
  image: Image,
  input: Pick<ClosedContainersInput, "files" | "facts" | "images" | "closures" | "imports">,
): (Start & { loads: boolean }) | null {
  if (!point || point.unknown.length > 0 || point.setters.some((one) => !ENV_FILE.test(one))) return null;
  if (point.parts.some((part) => part.language === "shell" && part.path === null)) return null;
  const { loads: codeLoads, ...reached } = reachOf(point, input);
  const loads = codeLoads || point.setters.length > 0;
  if (reached.reach.size === 0) return null;
  const own = ownFolder(image);
  const dockerfiles = new Set(input.images.filter((one) => !isAside(one)).map(({ path }) => path));
  if (loads && envFilesOf(image, input.files).length > 0) return null;
  return {
    ...reached,
    loads,
    beside: new Set([...image.environment.keys(), ...point.variables]),
    isOwn: (path) => dockerfiles.size < 2 || (own !== "" && path.startsWith(`${own}/`)),
    doubt: isOwnBase(image)
      ? "its base image may set more"
      : loads && mayHoldEnvFile(image)
        ? "a .env may be in it"
        : null,
  };
}

export const isAside = ({ path }: Image): boolean => path === null || isForDevelopment(path) || isExampleOrTest(path);

function pointOf({ name, image, container }: RunContainer, { points }: EntryModel): EntryPoint | undefined {
  const here = points.find((one) => one.name === name && one.build === image.build.id);
  if (here || container.command.length > 0 || container.args.length > 0) return here;
  const own = points.filter((one) => one.build === image.build.id && one.origin !== "compose");
  return own.find((one) => one.origin !== "kubernetes") ?? own[0];
}

/** Options and programs that read variables from a file of theirs. */
export const ENV_FILE = /^(?:--env|dotenvx?\b|env-cmd$)/;

/** Packages that read variables from files while the process starts. */
const LOADERS =
  /^(?:dotenv(?:-[\w-]+)?|python_dotenv|environs|environ|decouple|dynaconf|@nestjs\/config|env-cmd|@dotenvx\/dotenvx|@next\/env|dotenv_values|starlette\.config|confy|confuse|dotenvy)(?:[./]|$)/;

/** Files that the start of a process reaches; `loads`: one of them reads variables from files. */
export function reachOf(
  point: EntryPoint,
  { closures, imports, facts }: Pick<ClosedContainersInput, "closures" | "imports" | "facts">,
): Pick<ClosedContainer, "reach" | "factories" | "programs"> & { loads: boolean } {
  const reach = new Map<RepoPath, ImportLevel>();
  const factories = new Set<string>();
  const programs = new Set<RepoPath>();
  for (const entry of closures.entries) {
    if (entry.point !== point.name || entry.build !== point.build) continue;
    if (entry.kind === "main" && entry.path !== null) programs.add(entry.path);
    if (entry.factory && entry.attribute !== null) factories.add(entry.attribute);
    for (const { path, level } of closures.of(entry).modules) {
      const known = reach.get(path);
      if (known === undefined || RANK[level] < RANK[known]) reach.set(path, level);
    }
  }
  const loads = [...reach.keys()].some((path) =>
    imports
      .of(path)
      .some(
        ({ specifier }) =>
          LOADERS.test(specifier) || (SETTINGS.test(specifier) && namesFiles(facts.get("lines", path)?.lines ?? [])),
      ),
  );
  return { reach, factories, programs, loads };
}

/** Settings classes read files only where they are told to. */
const SETTINGS = /^pydantic(?:_settings)?(?:\.|$)/;
const namesFiles = (lines: readonly string[]) => lines.some((line) => /\b(?:env_file|secrets_dir)\b/.test(line));

const RANK: Readonly<Record<ImportLevel, number>> = { "start-up": 0, call: 1, guarded: 2, type: 3 };

/** The folder of an image's code: its context, or its Dockerfile's folder where the context is the whole repository. */
function ownFolder({ build, path }: Image): RepoPath {
  const context = build.context.kind === "unknown" ? "" : build.context.path;
  return context !== "" ? context : directoryOf(path ?? "");
}

/** Env files with real values that the repository itself puts into the image. */
export function envFilesOf({ context }: Image, files: FileTree): RepoPath[] {
  return files.entries
    .map((one) => one.path)
    .filter((path) => isDotenv(path) && !isDotenvExample(path))
    .filter((path) => /^(?:present|unknown)$/.test(context.answer(path).status));
}

/** Whether a .env of the machine that builds may get into the image: a clean checkout has none. */
function mayHoldEnvFile({ build, context }: Image): boolean {
  if (build.ciOnly && build.madeBefore.length === 0) return false;
  const root = context.root;
  if (root === null) return true;
  return context.filter(root === "" ? ".env" : `${root}/.env`).status !== "ignored";
}

const KNOWN_BASES =
  /^(?:(?:docker\.io\/)?library\/|public\.ecr\.aws\/|gcr\.io\/distroless\/|gcr\.io\/google-appengine\/|mcr\.microsoft\.com\/|registry\.access\.redhat\.com\/|cgr\.dev\/|quay\.io\/(?:centos|fedora|condaforge|pypa)|ghcr\.io\/(?:astral-sh|oven-sh)\/|(?:docker\.io\/)?(?:bitnami|tiangolo|nikolaik|nvidia|pytorch|tensorflow|oven|denoland|continuumio|mambaorg|circleci|node|python|rayproject|dhi)\/)/;

/** Whether the base is an image of somebody who may have put variables of the application into it. */
function isOwnBase({ final, stages }: Image): boolean {
  let stage = final;
  for (let parent = stage?.parent ?? null; parent !== null; parent = stage?.parent ?? null)
    stage = stages[parent] ?? null;
  const base = stage?.base ?? null;
  return base === null || (base.includes("/") && !KNOWN_BASES.test(base));
}
