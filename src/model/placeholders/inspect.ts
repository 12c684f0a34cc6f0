import type { FactReader } from "../../types/facts.ts";
import type { PlaceholderDocument, PlaceholderFile, PlaceholderRole } from "../../types/placeholders.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
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
  /** Files that something deploys and that cannot be read. */
  unseen: { path: RepoPath; reason: string }[];
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
  for (const entry of files.entries) {
    if (entry.ignored || entry.kind === "submodule" || entry.kind === "symlink") continue;
    const { path } = entry;
    const declared = config.deployed.get(path);
    if (declared === undefined && config.templates.has(path)) continue;
    const named =
      formatOf(path) ??
      (declared === undefined ? null : { format: "lines" as const, kind: "placeholders-lines" as const });
    if (!named) continue;
    const inTemplate = copier.some((root) => path.startsWith(root));
    const name = declared !== undefined ? null : inTemplate ? "template" : roleByName(path);
    const live = (deploys.get(path) ?? []).filter((deploy) => !deploy.trial);
    const stack = name === "example" && isStackName(path) && named.format === "config";
    if (name === "template" || (name !== null && !stack && !live.some((deploy) => deploy.exact))) continue;
    if (++result.looked > maxFiles) break;
    const read = facts.get(named.kind, path);
    if (!read) {
      if (declared !== undefined)
        result.unseen.push({ path, reason: `predeploy.yml says that ${declared} deploys it` });
      else if (live.some((deploy) => deploy.exact))
        result.unseen.push({ path, reason: `${live[0]!.what} in ${live[0]!.file}:${live[0]!.at.line} deploys it` });
      continue;
    }
    if (read.unparsed !== null) result.unparsed.push({ path, reason: read.unparsed });
    for (const document of read.documents) if (document.renders) result.fluxes.push(document.renders);
    if (read.hits.length === 0) continue;
    const format = refine(named.format, path, read.documents);
    if (format === null || (declared === undefined && isTemplateInside(read, format))) continue;
    const isStack = stack && format === "cloudformation";
    if (stack && !isStack && !live.some((deploy) => deploy.exact)) continue;
    const inspected: Inspected = {
      path,
      format,
      ...roleByFormat(path, format),
      stage: stageOf(path),
      named: isStack ? null : name,
      facts: read,
    };
    result.files.push(declared === undefined ? deployedBy(inspected, deploys) : declaredAs(inspected, declared));
  }
  const overlays = files.entries.some(
    (entry) => isKustomization(entry.path) && !/(?:^|\/)(?:bases?|components?|common|shared)\//.test(entry.path),
  );
  result.files = result.files.map((file) => (config.deployed.has(file.path) ? file : patchedBase(file, overlays)));
  return result;
}

/** `template.yaml` is what SAM deploys when no other name is given, and what CloudFormation calls every stack. */
function isStackName(path: RepoPath): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
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
