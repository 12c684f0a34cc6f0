import { inRepository } from "../../text/paths.ts";
import { positionAt } from "../../text/positions.ts";
import type { DataFile, DataNode, DataScalar } from "../../types/data.ts";
import type { BuildContext } from "../../types/image.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { entriesOf, entryOf, itemsOf, locate, textOf, valueAt } from "../data.ts";
import { commandBuilds, directoryBelow } from "./command-lines.ts";
import type { Definition } from "./definition.ts";
import { argsOf } from "./docker-command.ts";

/** Whether a file is a workflow or an action by its path; a `.github` further down came with another repository and never runs. */
export function isWorkflowPath(path: RepoPath): boolean {
  return /^\.(github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml$|(^|\/)action\.ya?ml$/.test(path);
}

/** Actions after which the checkout holds what git holds. */
const HARMLESS_ACTION =
  /^(actions\/(checkout|cache|setup-[\w-]+)|docker\/(setup-[\w-]+|login-action|metadata-action|build-push-action|bake-action)|google-github-actions\/(auth|setup-gcloud|get-gke-credentials)|aws-actions\/[\w-]+|azure\/(login|docker-login)|sigstore\/|step-security\/|dorny\/paths-filter|anchore\/|aquasecurity\/)/i;

const MAX_COMBINATIONS = 24;

/** Builds of a GitHub workflow or composite action. `calls`: what those that call it give it. */
export function workflowBuilds(
  path: RepoPath,
  file: DataFile,
  tree: FileTree,
  calls: readonly WorkflowCall[] = [],
): Definition[] {
  const root = file.documents[0]?.root;
  const jobs = [
    ...entriesOf(entryOf(root, "jobs")?.value).map((entry) => ({
      name: entry.key.text,
      node: entry.value as DataNode,
    })),
    // A composite action goes by its folder, as `uses:` names it.
    ...(entryOf(root, "runs")
      ? [{ name: path.split("/").at(-2) ?? "action", node: entryOf(root, "runs")!.value }]
      : []),
  ];
  const doubt = calls.length === 0 && isCalledOnly(root) ? "only workflows of other repositories call this one" : null;
  const directory = (node: DataNode | null | undefined): string | null =>
    textOf(valueAt(node, "defaults", "run", "working-directory"));
  return jobs.flatMap(({ name, node }) => {
    const matrix = withInputs(matrixOf(node), calls);
    const base = directory(node) ?? directory(root) ?? ".";
    // A composite action runs in the middle of its caller's job.
    let made = entryOf(root, "runs") !== null && calls.some((call) => call.made);
    return itemsOf(entryOf(node, "steps")?.value).flatMap((step): Definition[] => {
      const uses = textOf(entryOf(step, "uses")?.value);
      const run = entryOf(step, "run")?.value;
      const before = made;
      made ||= makesFiles(step, uses);
      if (
        uses !== null &&
        /^docker\/build-push-action@|^depot\/build-push-action@|^useblacksmith\/build-push-action@/.test(uses)
      )
        return matrix.flatMap((values) =>
          actionBuild(path, file, step, name, values, before, tree).map((one) => ({
            ...one,
            doubt,
            tags: one.tags?.flatMap((tag) => tagsOf(tag, node, root, values)),
          })),
        );
      if (run?.kind !== "scalar") return [];
      const where = textOf(entryOf(step, "working-directory")?.value) ?? base;
      const found = matrix.flatMap((values) =>
        commandBuilds({
          text: fill(run.text, values),
          origin: "workflow",
          name,
          locate: (start) => lineInScalar(path, file, run, run.text, start),
          cwds: [directoryBelow("", fill(where, values).replace(/^\$\{\{ *github\.workspace *\}\}\/?/, "./"))],
          tree,
          madeBefore: before,
          ciOnly: true,
        }),
      );
      if (found.length === 0) made = true;
      return found.map((one) => ({ ...one, doubt }));
    });
  });
}

/** Whether nothing but a call starts a workflow. */
function isCalledOnly(root: DataNode | null | undefined): boolean {
  const on = entryOf(root, "on")?.value;
  const events = [textOf(on), ...itemsOf(on).map(textOf), ...entriesOf(on).map(({ key }) => key.text)];
  return events.filter((event) => event !== null).every((event) => event === "workflow_call") && events.some(Boolean);
}

/** Whether the action of a step may make files, as far as its name tells. */
export function makesFiles(step: DataNode, uses: string | null): boolean {
  return uses !== null && (!HARMLESS_ACTION.test(uses) || (/checkout/.test(uses) && bringsOther(step)));
}

/** A checkout of another repository, or into a folder: what stands where cannot be told from this tree. */
function bringsOther(step: DataNode): boolean {
  return valueAt(step, "with", "path") !== null || valueAt(step, "with", "repository") !== null;
}

function actionBuild(
  path: RepoPath,
  file: DataFile,
  step: DataNode,
  job: string,
  values: ReadonlyMap<string, string>,
  made: boolean,
  tree: FileTree,
): Definition[] {
  const field = (name: string): DataNode | null => valueAt(step, "with", name);
  const value = (name: string): string | null => {
    const text = textOf(field(name));
    // An input that nobody gives is empty, and the action goes on as if it were not there.
    return text === null ? null : fill(text, values).trim() || null;
  };
  const known = (text: string): boolean => !text.includes("${{");
  const at = (node: { start: number; end: number }): Location => locate(path, file, node);
  // The first version had other names for them and built from the workspace (https://github.com/docker/build-push-action/blob/master/UPGRADE.md).
  const isFirst = /@v1(?:\.|$)/.test(textOf(valueAt(step, "uses")) ?? "");
  const contextText = isFirst ? (value("path") ?? ".") : value("context");
  const contextNode = field(isFirst ? "path" : "context");
  const context = actionContext(contextText);
  const fileText = value(isFirst ? "dockerfile" : "file");
  const directory = context.kind === "unknown" ? null : context.path;
  // Buildx looks the file up in the folder of a git context (https://docs.docker.com/build/concepts/context/#git-repositories).
  const fileBase = context.kind === "git" ? context.path : "";
  const dockerfile = fileText === null || !known(fileText) ? null : inRepository(fileBase, stripWorkspace(fileText));
  const lines = (name: string): string[] =>
    (value(name) ?? "")
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== "" && !line.startsWith("#"));
  const named = lines("build-contexts").flatMap((line) => {
    const equals = line.indexOf("=");
    return equals === -1 ? [] : [[line.slice(0, equals), actionContext(line.slice(equals + 1))] as const];
  });
  const place = contextNode ?? field("file") ?? entryOf(step, "uses")?.value ?? step;
  const tag = (value("tags") ?? "").split(/[\s,]/)[0]!.replace(/:[^/]*$/, "");
  const target = value("target");
  const definition: Definition = {
    name: tag !== "" && known(tag) ? tag : job,
    tags: (value("tags") ?? "")
      .split(/\r?\n|,(?![^{]*\}\})/)
      .map((one) => one.trim())
      .filter((one) => one !== ""),
    origin: "action",
    at: at(place),
    context,
    contextAt: contextNode ? at(contextNode) : null,
    dockerfile,
    ...(fileText !== null && dockerfile === null ? { dockerfileUnknown: `${fileText} is not known` } : {}),
    dockerfileAt: field("file") ? at(field("file")!) : null,
    target: target !== null && known(target) ? target : null,
    args: new Map(
      [...argsOf(lines("build-args"))].map(([name, text]) => [name, text !== null && known(text) ? text : null]),
    ),
    namedContexts: new Map(named),
    ciOnly: true,
    // A git context holds what is committed, whatever ran before.
    madeBefore: made && context.kind !== "git" ? [""] : [],
  };
  if (target !== null && !known(target)) return [];
  // A Dockerfile that another repository's checkout brings cannot be looked up here.
  if (directory !== null && directory !== "" && !tree.hasDirectory(directory) && made) return [];
  return [definition];
}

/** One tag of a build with the job's variables filled in; the images of docker/metadata-action where it hands them over. */
function tagsOf(
  tag: string,
  job: DataNode,
  root: DataNode | null | undefined,
  values: ReadonlyMap<string, string>,
): string[] {
  const variable = (name: string): string | null =>
    textOf(valueAt(job, "env", name)) ?? textOf(valueAt(root, "env", name));
  const filled = (text: string): string =>
    fill(text, values).replace(/\$\{\{ *env\.(\w+) *\}\}/g, (whole, name: string) =>
      fill(variable(name) ?? whole, values),
    );
  const id = /^\$\{\{ *steps\.([\w-]+)\.outputs\.(?:tags|json)\b/.exec(tag)?.[1];
  if (id === undefined) return [filled(tag)];
  const step = itemsOf(entryOf(job, "steps")?.value).find((one) => textOf(entryOf(one, "id")?.value) === id);
  const images = textOf(valueAt(step, "with", "images")) ?? "";
  return images
    .split(/[\n,]/)
    .map((line) => filled(line.trim().replace(/^name=/, "")))
    .filter((line) => line !== "" && !line.startsWith("#"));
}

function actionContext(text: string | null): BuildContext {
  if (text === null || text === "") return { kind: "git", path: "" };
  const git =
    /^\$\{\{ *(github\.server_url *\}\}.*|env\.DEFAULT_CONTEXT *\}\}|\{ *defaultContext *\}\}|defaultContext *\}\})(?::(.*))?$/.exec(
      text,
    ) ?? /^\{\{ *defaultContext *\}\}(?::(.*))?$/.exec(text);
  if (git) {
    const below = inRepository("", git.at(-1)?.startsWith("github") ? "." : (git.at(-1) ?? "."));
    return below === null ? { kind: "unknown", reason: `${text} is not known` } : { kind: "git", path: below };
  }
  const plain = stripWorkspace(text);
  if (/^[a-z+.-]+:\/\/|^git@|\$\{\{|^\//.test(plain))
    return { kind: "unknown", reason: `the context ${text} is not known` };
  const path = inRepository("", plain);
  return path === null ? { kind: "unknown", reason: `${text} is outside the repository` } : { kind: "directory", path };
}

/** Actions that run in a container have the workspace at /github/workspace. */
function stripWorkspace(text: string): string {
  return text.replace(/^(?:\$\{\{ *github\.workspace *\}\}|\/github\/workspace(?=\/|$))\/?/, "./");
}

/** The literal combinations of a job's matrix, as `matrix.x` → text. One empty combination without a matrix. */
export function matrixOf(job: DataNode): ReadonlyMap<string, string>[] {
  const matrix = valueAt(job, "strategy", "matrix");
  let combinations: Map<string, string>[] = [new Map()];
  const assign = (target: Map<string, string>, prefix: string, node: DataNode): void => {
    const text = textOf(node);
    if (text !== null) target.set(prefix, text);
    for (const entry of entriesOf(node)) assign(target, `${prefix}.${entry.key.text}`, entry.value);
  };
  for (const entry of entriesOf(matrix)) {
    if (entry.key.text === "include" || entry.key.text === "exclude" || entry.value.kind !== "list") continue;
    const { items } = entry.value;
    if (items.length === 0) continue;
    combinations = combinations
      .flatMap((known) =>
        items.map((item) => {
          const next = new Map(known);
          assign(next, entry.key.text, item);
          return next;
        }),
      )
      .slice(0, MAX_COMBINATIONS);
  }
  const included = itemsOf(entryOf(matrix, "include")?.value).map((item) => {
    const own = new Map<string, string>();
    for (const entry of entriesOf(item)) assign(own, entry.key.text, entry.value);
    return own;
  });
  if (included.length === 0) return combinations;
  const bare = combinations.length === 1 && combinations[0]!.size === 0;
  return (bare ? included : [...combinations, ...included]).slice(0, MAX_COMBINATIONS);
}

/** Each combination of the matrix with what each call gives. */
function withInputs(
  matrix: readonly ReadonlyMap<string, string>[],
  calls: readonly WorkflowCall[],
): ReadonlyMap<string, string>[] {
  if (calls.length === 0) return [...matrix];
  return matrix.flatMap((one) => calls.map(({ inputs }) => new Map([...one, ...inputs]))).slice(0, MAX_COMBINATIONS);
}

/** A text with `matrix.X` and `inputs.X` filled in; the latter stand under their whole name. */
export function fill(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$\{\{ *(?:matrix\.|(?=inputs\.))([\w.-]+) *\}\}/g,
    (whole, name: string) => values.get(name) ?? whole,
  );
}

/** The line of a block scalar on which an offset of its text stands; the scalar itself for other styles. */
export function lineInScalar(
  path: RepoPath,
  file: DataFile,
  scalar: DataScalar,
  text: string,
  offset: number,
): Location {
  if (scalar.style !== "literal") return locate(path, file, scalar);
  const line = positionAt(file.lineStarts, scalar.start).line + 1 + (text.slice(0, offset).split("\n").length - 1);
  const start = file.lineStarts[line - 1];
  if (start === undefined) return locate(path, file, scalar);
  return { path, start: { line, column: 1 }, end: { line: line + 1, column: 1 } };
}

/** What a call of a reusable workflow or a composite action gives it. */
export interface WorkflowCall {
  /** By `inputs.NAME`: what is given, else the default, else nothing. What the caller does not know stands as it is written. */
  inputs: ReadonlyMap<string, string>;
  /** Steps before the call, in the job that makes it, may have made files. */
  made: boolean;
}
