import { baseName } from "../../text/paths.ts";
import type { FactReader } from "../../types/facts.ts";
import type {
  PlaceholderDocument,
  PlaceholderFile,
  PlaceholderRole,
  PlaceholdersModel,
} from "../../types/placeholders.ts";
import type { RepoPath } from "../../types/text.ts";
import type { Entry, FileTree } from "../../types/workspace.ts";
import { isKustomization } from "../path-class.ts";
import type { DeploysByPath } from "./deploys.ts";
import { type Format, formatOf, refine } from "./formats.ts";
import { roleByFormat, roleByName, type Stage, stageOf } from "./role.ts";

/** A file that may hold settings, with what its name, its documents and the steps of the deploy say of it. */
export interface Inspected {
  path: RepoPath;
  format: Format;
  role: PlaceholderRole;
  because: string;
  stage: Stage;
  /** Its name or folder says example or template. */
  named: "template" | "example" | null;
  facts: PlaceholderFile;
}

export interface Inspection {
  /** How many files of a known format there are. */
  looked: number;
  /** Files that hold something that looks like a placeholder. */
  files: Inspected[];
  unseen: PlaceholdersModel["unseen"];
  /** Files that were not read by their format. */
  unparsed: { path: RepoPath; reason: string }[];
  /** Flux Kustomizations that substitute variables. */
  fluxes: NonNullable<PlaceholderDocument["renders"]>[];
}

/** Largest number of files that are read; a tree of data is no configuration. */
const maxFiles = 40_000;

/** Every file that may hold settings. `templates` of the config are left out, `environments.*.files` are deployed whatever their name. */
export function inspectFiles(
  files: FileTree,
  facts: FactReader,
  deploys: DeploysByPath,
  config: { deployed: ReadonlyMap<RepoPath, string>; templates: ReadonlySet<RepoPath> },
): Inspection {
  const result: Inspection = { looked: 0, files: [], unseen: [], unparsed: [], fluxes: [] };
  const copier = files.entries
    .filter((entry) => /(?:^|\/)copier\.ya?ml$/.test(entry.path) && !entry.ignored)
    .map((entry) => entry.path.slice(0, entry.path.lastIndexOf("/") + 1));
  /** Folders that an Argo CD Application applies, with its file. */
  const applied = new Map<RepoPath, RepoPath>();
  const visit = (entry: Entry, application: RepoPath | null): void => {
    if (entry.ignored || entry.kind === "submodule" || entry.kind === "symlink") return;
    const { path } = entry;
    const declared = config.deployed.get(path);
    if (declared === undefined && config.templates.has(path)) return;
    const named = formatOf(path) ?? formatOf(withoutExample(path)) ?? (declared === undefined ? null : unknownFormat);
    if (!named) return;
    const inTemplate = copier.some((root) => path.startsWith(root));
    const name = declared !== undefined ? null : inTemplate ? "template" : roleByName(path);
    const live = (deploys.get(path) ?? []).filter((deploy) => !deploy.trial);
    const stack = name === "example" && isStackName(path) && named.format === "config";
    const certain = application !== null || live.some((deploy) => deploy.exact);
    if (name === "template" || (name !== null && !stack && !certain)) return;
    if (++result.looked > maxFiles) return;
    const read = facts.get(named.kind, path);
    if (!read) {
      const by = live.find((deploy) => deploy.exact);
      if (declared !== undefined)
        result.unseen.push(unreadable(path, `predeploy.yml says that ${declared} deploys it`));
      else if (by) result.unseen.push(unreadable(path, `${by.what} in ${by.file}:${by.at.line} deploys it`));
      return;
    }
    if (read.unparsed !== null) result.unparsed.push({ path, reason: read.unparsed });
    for (const document of read.documents) {
      if (document.renders) result.fluxes.push(document.renders);
      for (const folder of document.applies) applied.set(normalFolder(folder), path);
    }
    if (read.hits.length === 0) return;
    const format = refine(named.format, path, read.documents);
    if (format === null || (declared === undefined && isTemplateInside(read, format))) return;
    const isStack = stack && format === "cloudformation";
    if (stack && !isStack && !certain) return;
    const inspected: Inspected = {
      path,
      format,
      ...(isChartless(path, format, files)
        ? chartless
        : isOverlaid(path, files)
          ? overlaid
          : roleByFormat(path, format)),
      stage: stageOf(path),
      named: isStack || application !== null ? null : name,
      facts: read,
    };
    if (application !== null) result.files.push(appliedBy(inspected, application));
    else result.files.push(declared === undefined ? deployedBy(inspected, deploys) : declaredAs(inspected, declared));
  };
  for (const entry of files.entries) visit(entry, null);
  // What a name calls an example is deployed where an Application applies its folder.
  for (const [folder, application] of applied)
    for (const entry of files.under(folder)) if (roleByName(entry.path) === "example") visit(entry, application);
  if (result.looked > maxFiles)
    result.unseen.push({
      undecided: `Of ${result.looked} files that may hold settings only ${maxFiles} were read.`,
      remedy: "Leave data out with `ignore:` in predeploy.yml.",
    });

  const overlays = files.entries.some(
    (entry) => isKustomization(entry.path) && !/(?:^|\/)(?:bases?|components?|common|shared)\//.test(entry.path),
  );
  result.files = result.files.map((file) => (config.deployed.has(file.path) ? file : patchedBase(file, overlays)));
  return result;
}

/** A file of no known format that the config says is deployed: its lines are settings. */
const unknownFormat = { format: "config", kind: "placeholders-lines" } as const;

/** `app.env.example`, `prod.tfvars.sample`: the name of what it is an example of. */
function withoutExample(path: RepoPath): RepoPath {
  return path.replace(/[._-](?:example|sample|template|dist|tmpl)$/i, "");
}

/** `template.yaml` is what SAM deploys when no other name is given, and what CloudFormation calls every stack. */
function isStackName(path: RepoPath): boolean {
  const name = baseName(path);
  return (
    /^(?:[\w.]+-)?template\.(?:ya?ml|json)$/i.test(name) &&
    roleByName(path.replace(/template(\.\w+)$/i, "stack$1")) === null
  );
}

/** Conditions and includes of a template engine make a file a template, whatever folder it lies in; alerts have templates of their own. */
function isTemplateInside(read: PlaceholderFile, format: Format): boolean {
  if (format === "alertmanager" || format === "prometheus" || format === "observability") return false;
  if (read.documents.some((document) => /^(?:PrometheusRule|AlertmanagerConfig)$/.test(document.kind ?? "")))
    return false;
  const control = /^\{\{-?\s*(?:if|else|end|with|range|include|define|template)\b/;
  return read.hits.filter((hit) => hit.shape === "mustache" && !hit.multiline && control.test(hit.text)).length > 1;
}

const chartless = {
  role: "deployed",
  because: "no chart lies beside it, so it holds the values of one deployment",
} as const;

/** `staging/values.yaml` without a Chart.yaml beside it is no chart's default. */
function isChartless(path: RepoPath, format: Format, files: FileTree): boolean {
  const beside = /^(.*\/|)values\.ya?ml$/i.exec(path)?.[1];
  return format === "helm-values" && beside !== undefined && !files.has(`${beside}Chart.yaml`);
}

const overlaid = { role: "default", because: "the file of each environment in settings/ is read over it" } as const;

/** `config/settings.yml` beside `config/settings/production.yml`: the values for developers' machines, as Ruby's config reads them. */
function isOverlaid(path: RepoPath, files: FileTree): boolean {
  const folder = /^((?:.*\/)?settings)\.ya?ml$/.exec(path)?.[1];
  return folder !== undefined && files.children(folder).some((name) => /^(?:production|staging)\.ya?ml$/.test(name));
}

/** A step that names the file proves that it is deployed, and where. */
function deployedBy(file: Inspected, deploys: DeploysByPath): Inspected {
  const live = (deploys.get(file.path) ?? []).filter((deploy) => !deploy.trial);
  const step =
    live.find((deploy) => deploy.exact && deploy.stage === "production") ??
    live.find((deploy) => deploy.exact) ??
    live[0];
  if (!step) return file;
  if (file.role === "default" && !step.exact) return file;
  const because = `${step.what} in ${step.file}:${step.at.line} deploys it`;
  const stage = file.stage === "other" && step.exact && step.stage === "production" ? "production" : file.stage;
  return { ...file, role: "deployed", because, stage };
}

function unreadable(path: RepoPath, because: string): PlaceholdersModel["unseen"][number] {
  return {
    undecided: `${path} could not be read, and ${because}.`,
    remedy: "Make the file readable text (see the list of unread files), or take it out of what is deployed.",
  };
}

function appliedBy(file: Inspected, application: RepoPath): Inspected {
  return { ...file, role: "deployed", because: `the Application in ${application} applies it` };
}

/** `./a/b/` as `a/b`. */
function normalFolder(path: string): RepoPath {
  return path.replace(/^\.?\/+|\/+$/g, "").replace(/^\.$/, "");
}

/** Resources of a base are completed by the overlays that patch it. */
function patchedBase(file: Inspected, overlays: boolean): Inspected {
  if (!overlays || file.format !== "kubernetes" || !/(?:^|\/)(?:bases?|components?|common|shared)\//.test(file.path))
    return file;
  return { ...file, role: "default", because: "it is a base that overlays patch" };
}

function declaredAs(file: Inspected, environment: string): Inspected {
  const stage = stageOf(`${environment}/x`);
  return {
    ...file,
    role: "deployed",
    because: `predeploy.yml says that ${environment} deploys it`,
    stage: stage === "development" ? stage : "production",
  };
}
