import type { Config } from "../../config/schema.ts";
import { ANY_NAME } from "../../sources/environment-tests.ts";
import { directoryOf } from "../../text/paths.ts";
import type { EnvironmentCall, EnvironmentReads, EnvironmentTest } from "../../types/environment-read.ts";
import type { FactReader } from "../../types/facts.ts";
import type { Need } from "../../types/need.ts";
import type { SecretReference } from "../../types/secret-reference.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { locate } from "../data.ts";
import { isBuildName, isGoCode, isJavascriptCode, isPythonCode, mayRun } from "./code-paths.ts";
import { NEED_RANK } from "./order.ts";
import { borrowedReads } from "./settings-bases.ts";
import { springPlaceholders } from "./spring.ts";

/** What the code asks of its environment. */
export interface CodeReads {
  references: SecretReference[];
  /** Names that the code sets itself. */
  provided: Set<string>;
  /** What DJANGO_SETTINGS_MODULE is where nobody sets it. */
  settingsModule: string | null;
  /** Files that read something, of those that may run. */
  paths: RepoPath[];
}

interface Accessor {
  name: string;
  of: string | null;
  required: boolean;
  defaultArgument: number | null;
  path: RepoPath | null;
  /** What is asked for without a default, where the function does not fail by itself. */
  otherwise: Need;
}

const CODE = /\.(?:py|go|[cm]?[jt]s|[jt]sx)$/;
/** Files that say which settings module Django takes. */
const DJANGO = /(?:^|\/)(?:manage|wsgi|asgi|celery|__main__)\.py$/;

/** Names of functions that are too common to be followed into other files. */
const COMMON =
  /^(?:get|read|load|value|config|str|find|lookup|getItem|has|int|bool|fetch|env|set|t|log|error|warn|info|debug|query|emit|on|add|push|is|eq|register)$/;

/** Reads the environment's use in the code that `counts`; for `processes` in all that may run, where Django finds its settings by name. */
export function codeReads(
  files: FileTree,
  facts: FactReader,
  config: Pick<Config, "accessors">,
  processes: boolean,
  counts: (path: RepoPath) => boolean,
): CodeReads {
  // Of the many files that neither read nor call anything nothing is kept.
  const direct = new Map<RepoPath, EnvironmentReads>();
  // Django finds its settings by name: then what no import reaches counts too. No browser's bundle asks that.
  const django =
    processes &&
    files.entries.some(
      ({ path, ignored }) =>
        !ignored && DJANGO.test(path) && mayRun(path) && facts.get("python-environment", path)?.settingsModule,
    );
  for (const { path, ignored, kind } of files.entries) {
    if (ignored || (kind !== "file" && kind !== "executable") || !CODE.test(path)) continue;
    if (!mayRun(path) || (!django && !counts(path))) continue;
    const fact = isPythonCode(path)
      ? facts.get("python-environment", path)
      : isJavascriptCode(path)
        ? facts.get("javascript-environment", path)
        : isGoCode(path)
          ? facts.get("go-environment", path)
          : null;
    if (fact && saysSomething(fact)) direct.set(path, fact);
  }
  const accessors: Accessor[] = [
    ...[...direct].flatMap(([path, fact]) =>
      fact.accessors.map((one) => ({ ...one, path, otherwise: "read" as const })),
    ),
    ...config.accessors.map((one) => ({
      name: one.name.slice(one.name.lastIndexOf(".") + 1),
      of: null,
      required: one.required ?? false,
      defaultArgument: one["default-argument"] ?? null,
      path: null,
      otherwise: one.required === false ? ("read" as const) : ("likely" as const),
    })),
  ];
  const byName = new Map<string, Accessor[]>();
  for (const one of accessors) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
  const followed = new Set(accessors.filter(reachesOthers).map((one) => one.name));
  for (const [path, fact] of followed.size > 0 ? direct : []) {
    if (fact.reads.length + fact.calls.length > 0) continue;
    if (!fact.called?.some((name) => name === "" || followed.has(name))) continue;
    const calls = facts.get(isPythonCode(path) ? "python-accessor-calls" : "accessor-calls", path);
    if (calls) direct.set(path, calls);
  }
  const result: CodeReads = {
    references: springPlaceholders(files, facts),
    provided: new Set(),
    settingsModule: null,
    paths: [],
  };
  const borrowed = borrowedReads(direct);
  for (const [path, fact] of direct) {
    for (const name of fact.provided) result.provided.add(name);
    result.settingsModule ??= fact.settingsModule ?? null;
    const before = result.references.length;
    for (const one of [...fact.reads, ...(borrowed.get(path) ?? [])]) {
      const { name, need, form, unless, anyOf, emptyIsAbsent, start, end, when } = one;
      result.references.push({
        ...reference(name, need, form, path, fact, { start, end }, unless, anyOf ?? []),
        ...(emptyIsAbsent ? { emptyIsAbsent } : {}),
        ...(one.atImport ? {} : { late: true as const }),
        ...(one.asProgram ? { asProgram: true as const } : {}),
        ...(one.asserted || one.unsure ? { unsure: true as const } : {}),
        ...inBranch(need, when),
      });
    }
    for (const call of fact.calls) {
      const need = needOf(call, path, byName.get(call.callee) ?? []);
      if (need !== null)
        result.references.push({
          ...reference(call.name, need, `${call.callee}("${call.name}")`, path, fact, call, null, []),
          ...(call.atImport ? {} : { late: true as const }),
          ...(call.asProgram ? { asProgram: true as const } : {}),
          ...inBranch(need, call.when),
        });
    }
    if (fact.exampleRequired === true) result.references.push(...exampleKeys(path, files, facts));
    if (result.references.length > before) result.paths.push(path);
  }
  // `os.environ.update(load())`: what code may give itself is not known to lack in its part of the repository.
  const open = new Set([...direct].flatMap(([path, fact]) => (fact.provided.includes(ANY_NAME) ? [topOf(path)] : [])));
  const gives = (path: RepoPath) => open.has("") || open.has(topOf(path));
  if (open.size > 0)
    result.references = result.references.map((one) =>
      gives(one.at.path) && NEED_RANK[one.need] < NEED_RANK.read ? { ...one, need: "read" } : one,
    );
  return result;
}

/** The first folder of a path; "" for a file at the root, which starts whatever lies below. */
const topOf = (path: RepoPath): string => path.slice(0, Math.max(0, path.indexOf("/")));

/** Where other variables decide whether a read is reached it is a note, unless they are known. */
function inBranch(need: Need, when: EnvironmentTest | undefined): Pick<SecretReference, "branch"> & { need: Need } {
  if (when === undefined || need === "optional") return { need };
  return { need: "read", branch: { test: when, need } };
}

const saysSomething = (fact: EnvironmentReads): boolean =>
  fact.settings !== undefined ||
  fact.reads.length + fact.provided.length + fact.accessors.length + fact.calls.length + (fact.called?.length ?? 0) >
    0 ||
  fact.exampleRequired === true ||
  (fact.settingsModule ?? null) !== null;

/** dotenv-safe wants every key of the `.env.example` beside it, or of the nearest folder above. */
function exampleKeys(path: RepoPath, files: FileTree, facts: FactReader): SecretReference[] {
  for (let directory = directoryOf(path); ; directory = directoryOf(directory)) {
    const example = directory === "" ? ".env.example" : `${directory}/.env.example`;
    const file = files.has(example) ? facts.get("dotenv", example) : null;
    if (file)
      return file.entries.map(({ name, start, end }) => ({
        ...reference(name, "required", name, example, file, { start, end }, null, []),
        from: path,
      }));
    if (directory === "") return [];
  }
}

/** Whether calls of it are followed into files other than its own. */
const reachesOthers = (one: Accessor): boolean => one.path === null || one.of !== null || !COMMON.test(one.name);

function needOf(call: EnvironmentCall, path: RepoPath, accessors: readonly Accessor[]): Need | null {
  const fitting = accessors.filter((one) => fits(call, path, one));
  if (fitting.length === 0) return null;
  if (call.handled) return "optional";
  const needs = fitting.map((one): Need => {
    if (one.defaultArgument !== null && call.arguments > one.defaultArgument) return "optional";
    return one.required ? "required" : one.otherwise;
  });
  return needs.every((need) => need === needs[0]) ? needs[0]! : "read";
}

function fits(call: EnvironmentCall, path: RepoPath, accessor: Accessor): boolean {
  if (accessor.of === null) {
    if (accessor.path === null || accessor.path === path) return call.object === null || accessor.path === null;
    return !COMMON.test(accessor.name);
  }
  if (call.object === null) return false;
  const object = flat(call.object.slice(call.object.lastIndexOf(".") + 1));
  if (object === "this" || object === "self" || object === "cls") return accessor.path === path;
  const owner = flat(accessor.of);
  return owner.length >= 3 && object.length >= 3 && (owner.includes(object) || object.includes(owner));
}

const flat = (name: string) => name.replace(/[_$]/g, "").toLowerCase();

function reference(
  name: string,
  need: Need,
  form: string,
  path: RepoPath,
  fact: Pick<EnvironmentReads, "lineStarts">,
  range: { start: number; end: number },
  unless: string | null,
  anyOf: readonly string[],
): SecretReference {
  return {
    namespace: isBuildName(name) ? "build" : "process",
    kind: "variable",
    name,
    need,
    anyOf: unless === null ? anyOf : [...anyOf, unless],
    form: shownForm(form, name),
    at: locate(path, fact, range),
    service: null,
    environments: null,
    scope: null,
    scopeUnknown: false,
  };
}

/** The read up to the name: what stands behind it may be a default, which may be a secret. */
function shownForm(form: string, name: string): string {
  const at = form.indexOf(name);
  if (at === -1) return /["'`]/.test(form) ? name : form;
  return form.slice(0, at + name.length) + (/^["'`]?[\])]*/.exec(form.slice(at + name.length))?.[0] ?? "");
}
