import { parseShell } from "../../sources/shell.ts";
import type { Placed } from "../../types/placed.ts";
import type { ShellCommand, ShellScript, ShellWord } from "../../types/shell.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { WorkflowStep } from "../../types/workflow.ts";
import { locate } from "../data.ts";
import { isShellScript } from "../path-class.ts";
import { DEPLOYS, flagsOf, hasUnnamed, pairsOf, placeOf, serviceOf } from "../secrets/gcloud.ts";
import { readEnvFile } from "./env-files.ts";
import { firstOf, type Where } from "./environment.ts";
import { addPlain, addSecret, leaveOpen, type Origin, type Sink } from "./sink.ts";
import { exactly, literalOf } from "./values.ts";

/** Where a command stands and what its surroundings say about the environment, the nearest first. */
export interface CommandPlace {
  path: RepoPath;
  locate(range: { start: number; end: number }): Location;
  /** Where the text begins that the words' offsets count from; tells the scripts of one file apart. */
  base?: number;
  hints: readonly (() => Where)[];
}

const PLAIN = new Set(["--set-env-vars", "--update-env-vars"]);
const SECRET = new Set(["--set-secrets", "--update-secrets"]);
/** Flags after which a service has only what they say. */
const CLOSES = /^--(?:set-env-vars|env-vars-file|clear-env-vars)(?:=|$)/;
const SELDOM_VALUES = new Set(["--image", "--project", "--source", "--tag", "--format"]);

/** The words of one `gcloud run deploy …`: variables, secrets and its other flags as `flag --NAME`. */
export function readGcloud(sink: Sink, all: readonly ShellWord[], place: CommandPlace): void {
  const start = all.findIndex((word) => word.text === "gcloud");
  if (start === -1 || start > 3) return;
  const words = all.slice(start + 1);
  const positional = words.filter((word) => !word.text.startsWith("-"));
  const verb = positional.map((word) => word.text).join(" ");
  if (!DEPLOYS.test(verb) || verb.startsWith("builds ")) return;
  const flags = flagsOf(words);
  const project = flags.find((flag) => flag.name === "--project")?.value ?? "";
  const service = serviceOf(positional);
  const written = /(?:deploy|update|create)$/.test(
    positional[positional.findIndex((word) => word.text === service) - 1]?.text ?? "",
  );
  const known = service !== null && written ? service : null;
  const where = declaredFirst(place, () =>
    firstOf(
      () => sink.naming.ofText(known ?? ""),
      // `--project $STAGING_PROJECT` says it by the variable's name.
      () => sink.naming.ofText(project.replace(/^\$\{?(\w+)\}?$/, "$1").replace(/.*[$`].*/s, "")),
      ...place.hints,
    ),
  );
  const definition = `${place.path}:${place.base ?? 0}+${all[start]!.start}`;
  const origin: Origin = { where, service: baseService(known), source: "gcloud", definition };
  for (const [index, { name, value, word }] of flags.entries()) {
    if (PLAIN.has(name) || SECRET.has(name)) {
      const list = { ...origin, list: `${definition} ${PLAIN.has(name) ? "plain" : "secret"}` };
      const read = word.quotes === "single" ? exactly : literalOf;
      const pairs = pairsOf(value);
      // `$VARS`, `A=1,$MORE`: names that no file shows.
      if (hasUnnamed(value)) leaveOpen(sink, origin, `its ${name} come from a variable`, place.locate(word));
      for (const pair of pairs) {
        if (/[$`]/.test(pair.key)) continue;
        const pairAt = placeOf(word, value, pair, { path: place.path, locate: place.locate, environments: null });
        if (PLAIN.has(name)) addPlain(sink, list, pair.key, pair.value, pairAt, read);
        else if (!pair.key.startsWith("/")) addSecret(sink, list, pair.key, pair.value.replace(/:[^:/]*$/, ""), pairAt);
      }
    } else if (name === "--env-vars-file") {
      const path = resolved(value, sink);
      if (path !== null) readEnvFile(sink, path, { ...origin, list: `${definition} ${index}` });
      else leaveOpen(sink, origin, `its --env-vars-file ${value} is not in the repository`, place.locate(word));
    } else if (!SELDOM_VALUES.has(name)) addPlain(sink, origin, `flag ${name}`, value, place.locate(word));
  }
  const valued = new Set(flags.map((flag) => flag.name));
  if (!words.some((word) => CLOSES.test(word.text)))
    leaveOpen(sink, origin, "it keeps what the service has already", place.locate(all[start]!));
  for (const word of words)
    if (/^--[a-z][a-z0-9-]*$/.test(word.text) && !valued.has(word.text))
      addPlain(sink, origin, `flag ${word.text}`, "true", place.locate(word));
  if (where.environment !== null) sink.seen.add(where.environment);
}

/** A service's name without the environment: `api-staging` and `staging-api` are the api. */
export function baseService(name: string | null): string | null {
  if (name === null) return null;
  const rest = name
    .split(/[-_]/)
    .filter((word) => !/^(?:staging|stage|stg|production|prod|prd|live|preview|qa|uat)$/i.test(word));
  return rest.length === 0 ? name : rest.join("-");
}

/** `files` of the config decide before any word does. */
function declaredFirst(place: CommandPlace, guess: () => Where): Where {
  const last = place.hints.map((hint) => hint()).find((where) => where.declared);
  return last ?? guess();
}

function resolved(path: string, { input }: Sink): RepoPath | null {
  const clean = path.replace(/^\.\//, "");
  return /[$`{}]/.test(clean) || !input.files.has(clean) ? null : clean;
}

/** Scripts of the repository and scripts of workflow steps. */
export function readCommands(sink: Sink): void {
  const { input, naming } = sink;
  for (const { path, ignored } of input.files.entries) {
    if (ignored || !isShellScript(path)) continue;
    const script = input.facts.get("shell", path);
    if (!script) continue;
    readScript(sink, script, path, [() => naming.ofPath(path)]);
  }
  for (const workflow of input.known.workflows.workflows)
    for (const job of workflow.jobs) {
      const named = job.environment && !job.environment.text.includes("${{") ? job.environment.text : "";
      const hints = [
        () => naming.ofText(named),
        () => naming.ofText(job.id),
        () => naming.ofText(workflow.path.replace(/^.*\//, "")),
      ];
      for (const step of job.steps) {
        const stepHints = [
          () => naming.ofPath(workflow.path),
          ...hints,
          () => naming.ofText(step.name?.text ?? ""),
        ].filter((hint, index) => index > 0 || hint().declared);
        if (step.run?.script) readScript(sink, step.run.script as ShellScript, workflow.path, stepHints);
        if (/^google-github-actions\/deploy-cloudrun@/.test(step.uses?.text ?? ""))
          readAction(sink, step, workflow.path, stepHints);
      }
    }
}

function readScript(sink: Sink, script: ShellScript, path: RepoPath, hints: readonly (() => Where)[]): void {
  const place: CommandPlace = { path, locate: (range) => locate(path, script, range), hints };
  for (const { words } of script.commands as readonly ShellCommand[])
    if (words.some(({ text }) => text === "gcloud")) readGcloud(sink, words, place);
}

/** `with:` of google-github-actions/deploy-cloudrun: pairs by lines or commas, and flags of the command. */
function readAction(sink: Sink, step: Placed<WorkflowStep>, path: RepoPath, hints: readonly (() => Where)[]): void {
  const of = (name: string) => step.with.find((one) => one.name === name)?.value;
  const written = of("service")?.text ?? "";
  const service = /\$\{\{/.test(written) || written === "" ? null : written;
  const where = firstOf(() => sink.naming.ofText(service ?? ""), ...hints);
  const action = step.uses!.at;
  const definition = `${path}:${action.start.line}`;
  const origin: Origin = { where, service: baseService(service), source: "gcloud", definition };
  if (where.environment !== null) sink.seen.add(where.environment);
  for (const [name, secret] of [
    ["env_vars", false],
    ["secrets", true],
  ] as const) {
    const value = of(name);
    if (!value) continue;
    const list = { ...origin, list: `${definition} ${name}` };
    for (const part of value.text.split(/[\n,]/)) {
      const equals = part.indexOf("=");
      if (part.trim().startsWith("#")) continue;
      if (equals < 1) {
        if (part.includes("${{")) leaveOpen(sink, list, `its ${name} come from an expression`, value.at);
        continue;
      }
      const key = part.slice(0, equals).trim();
      const text = part
        .slice(equals + 1)
        .trim()
        .replace(/^(["'])(.*)\1$/, "$2");
      const at = lineOf(sink, value.at, `${key}=`);
      if (secret) addSecret(sink, list, key, text.replace(/:[^:/]*$/, ""), at);
      else addPlain(sink, list, key, text, at);
    }
  }
  if (of("env_vars_update_strategy")?.text !== "overwrite")
    leaveOpen(sink, origin, "the action keeps what the service has already", action);
  const flags = of("flags");
  for (const flag of flags ? flagsOf(parseShell(`gcloud ${flags.text}`).commands[0]?.words ?? []) : [])
    addPlain(sink, origin, `flag ${flag.name}`, flag.value, flags!.at);
}

/** The line of a text over several lines that holds some words; the whole range where none does. */
function lineOf(sink: Sink, range: Location, words: string): Location {
  const lines = sink.input.facts.get("lines", range.path)?.lines ?? [];
  for (let line = range.start.line; line <= range.end.line; line++) {
    const column = lines[line - 1]?.indexOf(words) ?? -1;
    const length = (lines[line - 1]?.trimEnd().length ?? 0) + 1;
    if (column !== -1 && range.start.line !== range.end.line)
      return { path: range.path, start: { line, column: column + 1 }, end: { line, column: length } };
  }
  return range;
}
