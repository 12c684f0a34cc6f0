import type { DataFile } from "../../types/data.ts";
import type { HclValue } from "../../types/hcl.ts";
import type { SkippedBuild } from "../../types/image.ts";
import type { ModelInput } from "../../types/model.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { locate } from "../data.ts";
import { isComposeTemplate, isMakefile } from "../path-class.ts";
import { isComposeName } from "./compose.ts";
import { composeDefinitions } from "./compose-files.ts";
import type { Definition } from "./definition.ts";
import { makeCallers } from "./make-callers.ts";
import {
  azdBuilds,
  type BakeTarget,
  bakeBuilds,
  bakeJsonTargets,
  cloudBuildBuilds,
  evaluateTemplate,
  goreleaserBuilds,
  isBakeName,
  isCloudBuildName,
  skaffoldBuilds,
} from "./manifests.ts";
import { flyBuilds, herokuBuilds, isFlyName, renderBuilds } from "./platforms.ts";
import {
  argumentListBuilds,
  isShellScript,
  makefileBuilds,
  mentionsBuilder,
  packageBuilds,
  scriptBuilds,
} from "./scripts.ts";
import { isWorkflowPath, workflowBuilds } from "./workflow.ts";
import { makeWorkflowCalls } from "./workflow-calls.ts";

/** Trees of other people's code, test data and examples of templates. */
const ELSEWHERE = /(^|\/)(node_modules|vendor|third_party|testdata|fixtures|__fixtures__|__tests__|site-packages)\//;
/** Whether a file came with a chart that lies below another chart's `charts/`: its scripts build other people's images. */
function isOfSubchart(path: RepoPath, tree: FileTree): boolean {
  const at = path.indexOf("/charts/");
  return at !== -1 && path.indexOf("/", at + "/charts/".length) !== -1 && tree.has(`${path.slice(0, at)}/Chart.yaml`);
}

/** Whether a package.json lies among the sources of a package below the root: a generator writes it elsewhere, its scripts run there. */
function isTemplatePackage(path: RepoPath, tree: FileTree): boolean {
  const at = path.indexOf("/src/");
  return at !== -1 && tree.has(`${path.slice(0, at)}/package.json`);
}

const PROGRAM = /\.(?:py|[cm]?js|m?ts)$/;
const PROGRAM_NAME = /^(?:build|deploy|release|tasks|fabfile|noxfile|docker|images?)[\w-]*\.\w+$/;
const PROGRAM_FOLDERS = new Set(
  "script scripts tool tools ci .ci deploy deployment build bin hack dev devops infra ops tasks release automation".split(
    " ",
  ),
);

/** Programs that may build images: at the root, by name, or in a folder for such. Every other program is left alone, for there are many. */
function mayBuild(path: RepoPath): boolean {
  const segments = path.split("/");
  const name = segments.pop()!;
  return (
    segments.length === 0 || PROGRAM_NAME.test(name) || segments.slice(-2).some((folder) => PROGRAM_FOLDERS.has(folder))
  );
}

/** Builds that the repository's own files define: compose, workflows, bake, skaffold, azd, Fly, Render, Heroku, Cloud Build, scripts. */
export function discoverBuilds(input: ModelInput<never>, skipped: SkippedBuild[]): Definition[] {
  const { files, facts } = input;
  const found: Definition[] = [];
  const composeFiles: RepoPath[] = [];
  const makefiles: RepoPath[] = [];
  const calls = makeWorkflowCalls(files, (path) => facts.get("data", path));
  for (const { path, ignored, tracked, kind } of files.entries) {
    if (ignored || !tracked || (kind !== "file" && kind !== "executable")) continue;
    const isProgram = PROGRAM.test(path);
    if ((isProgram && !mayBuild(path)) || ELSEWHERE.test(path) || isOfSubchart(path, files)) continue;
    const data = (): DataFile | null => facts.get("data", path);
    const lines = (): readonly string[] => facts.get("lines", path)?.lines ?? [];
    if (isProgram) found.push(...argumentListBuilds(path, lines(), files));
    else if (/\.ya?ml$/i.test(path)) {
      if (isComposeName(path)) {
        if (!isComposeTemplate(path)) composeFiles.push(path);
      } else if (isWorkflowPath(path))
        found.push(...orNone(data(), (file) => workflowBuilds(path, file, files, calls(path))));
      else if (isCloudBuildName(path)) found.push(...orNone(data(), (file) => cloudBuildBuilds(path, file, files)));
      else if (/(^|\/)skaffold[\w.-]*\.ya?ml$/.test(path))
        found.push(...orNone(data(), (file) => skaffoldBuilds(path, file, skipped)));
      else if (/(^|\/)\.?goreleaser[\w.-]*\.ya?ml$/.test(path))
        found.push(...orNone(data(), (file) => goreleaserBuilds(path, file, files)));
      else if (/(^|\/)azure\.ya?ml$/.test(path))
        found.push(...orNone(data(), (file) => azdBuilds(path, file, files, skipped)));
      else if (/^render\.ya?ml$/.test(path)) found.push(...orNone(data(), (file) => renderBuilds(path, file)));
      else if (path === "heroku.yml") found.push(...orNone(data(), (file) => herokuBuilds(path, file)));
    } else if (isBakeName(path)) {
      const targets = path.endsWith(".hcl")
        ? bakeHclTargets(input, path)
        : orNone(data(), (file) => bakeJsonTargets(path, file));
      found.push(...bakeBuilds(path, targets, files));
    } else if (isCloudBuildName(path)) found.push(...orNone(data(), (file) => cloudBuildBuilds(path, file, files)));
    else if (/(^|\/)package\.json$/.test(path))
      found.push(...orNone(isTemplatePackage(path, files) ? null : data(), (file) => packageBuilds(path, file, files)));
    else if (isFlyName(path)) {
      const parse = (dockerfile: RepoPath) => facts.get("dockerfile", dockerfile);
      found.push(...orNone(facts.get("toml", path), (file) => flyBuilds(path, file, files, parse)));
    } else if (isMakefile(path)) makefiles.push(path);
    else if (isShellScript(path)) found.push(...scriptBuilds(path, lines(), files));
  }
  found.push(...buildsOfMakefiles(makefiles, input));
  return [...composeDefinitions(composeFiles, input), ...found];
}

function buildsOfMakefiles(paths: readonly RepoPath[], { files, facts }: ModelInput<never>): Definition[] {
  const linesOf = (path: RepoPath): readonly string[] => facts.get("lines", path)?.lines ?? [];
  // Only below the root does it matter from where they run.
  const below = paths.filter((path) => path.includes("/") && linesOf(path).some(mentionsBuilder));
  const callers = below.length === 0 ? null : makeCallers(below, files, facts);
  return paths.flatMap((path) => makefileBuilds(path, linesOf(path), files, callers?.get(path) ?? []));
}

function orNone<T, R>(value: T | null, use: (value: T) => R[]): R[] {
  return value === null ? [] : use(value);
}

function bakeHclTargets({ facts }: ModelInput<never>, path: RepoPath): BakeTarget[] {
  const file = facts.get("hcl", path);
  if (!file) return [];
  const at = (range: { start: number; end: number }): Location => locate(path, file, range);
  const variables = new Map<string, string | null>();
  for (const block of file.blocks) {
    const value =
      block.type === "variable" ? block.attributes.find(({ name }) => name === "default")?.value : undefined;
    if (value && block.labels[0]) variables.set(block.labels[0].text, textOfHcl(value, new Map()));
  }
  return file.blocks.flatMap((block): BakeTarget[] => {
    const label = block.labels[0];
    if (block.type !== "target" || !label) return [];
    const attribute = (name: string): HclValue | null =>
      block.attributes.find((one) => one.name === name)?.value ?? null;
    const pairs = (value: HclValue | null, values: ReadonlyMap<string, string | null>): Map<string, string | null> =>
      new Map(
        value?.kind === "object"
          ? value.entries.flatMap((entry) =>
              entry.key === null ? [] : [[entry.key, textOfHcl(entry.value, values)] as const],
            )
          : [],
      );
    const inherits = attribute("inherits");
    const tags = attribute("tags");
    return combinationsOf(attribute("matrix"), variables).map((values) => ({
      name: textOfHcl(attribute("name") ?? { kind: "null", text: "", start: 0, end: 0 }, values) ?? label.text,
      at: at(label),
      inherits: inherits?.kind === "list" ? inherits.items.flatMap((item) => textOfHcl(item, values) ?? []) : [],
      fields: new Map(block.attributes.map(({ name, value }) => [name, textOfHcl(value, values)])),
      tags:
        tags?.kind === "list"
          ? tags.items.map((item) => (item.kind === "string" ? (textOfHcl(item, values) ?? item.string.text) : ""))
          : [],
      args: pairs(attribute("args"), values),
      contexts: pairs(attribute("contexts"), values),
      places: new Map(block.attributes.map(({ name, value }) => [name, at(value)])),
    }));
  });
}

const MAX_COMBINATIONS = 50;

/** The variables of each target that a `matrix` makes; lists of literals, and of objects as `item.field`. */
function combinationsOf(
  matrix: HclValue | null,
  variables: ReadonlyMap<string, string | null>,
): ReadonlyMap<string, string | null>[] {
  let combinations: ReadonlyMap<string, string | null>[] = [variables];
  if (matrix?.kind !== "object") return combinations;
  for (const { key, value } of matrix.entries) {
    if (key === null || value.kind !== "list") continue;
    combinations = combinations
      .flatMap((known) =>
        value.items.map((item) => {
          const next = new Map(known);
          if (item.kind !== "object") next.set(key, textOfHcl(item, known));
          else
            for (const field of item.entries)
              if (field.key !== null) next.set(`${key}.${field.key}`, textOfHcl(field.value, known));
          return next;
        }),
      )
      .slice(0, MAX_COMBINATIONS);
  }
  return combinations;
}

function textOfHcl(value: HclValue, variables: ReadonlyMap<string, string | null>): string | null {
  if (value.kind === "string")
    return value.string.template ? evaluateTemplate(value.string.text, variables) : value.string.text;
  if (value.kind === "reference") {
    return variables.get(value.reference.path.join(".")) ?? null;
  }
  return value.kind === "number" || value.kind === "bool" ? value.text : null;
}
