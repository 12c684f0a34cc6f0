import { absolute } from "../../text/paths.ts";
import type { DockerfileSyntax, Instruction, Word } from "../../types/dockerfile.ts";
import type {
  AbsenceReason,
  ArchiveReader,
  Build,
  CommandPart,
  CopyStep,
  EffectiveCommand,
  Image,
  RunStep,
  SourceMaking,
  Stage,
} from "../../types/image.ts";
import type { Location, Range, RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { absenceOf } from "./absence.ts";
import { type LinkedContextView, unknownContext } from "./context-view.ts";
import { type CopyFrom, evaluateCopy } from "./copy.ts";
import { type Layer, type StageFiles, stageFiles } from "./image-files.ts";
import { runEffects } from "./run-effects.ts";
import {
  baseWorkdir,
  type Expanded,
  expand,
  isRuntimeImage,
  LAMBDA_TASK_ROOT,
  lambdaRuntime,
  platformArgs,
  type Scope,
} from "./scope.ts";
import { withUnsent } from "./sent.ts";

/** What the working directory of a base image that is not read is called where nothing else names it. */
const ASSUMED_WORKDIR = "/app";

/** Where programs are looked for in an image that sets nothing else: of a base that is not read, too, what is put in front of it is known. */
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export interface EvaluationInput {
  build: Build;
  /** Null: the Dockerfile cannot be read. */
  syntax: DockerfileSyntax | null;
  /** The file in which `syntax` has its positions. */
  path: RepoPath | null;
  context: LinkedContextView;
  named: ReadonlyMap<string, LinkedContextView>;
  tree: FileTree;
  archives: ArchiveReader;
  /** Who may make a source that the repository lacks; without it nobody. */
  making?: (source: RepoPath) => SourceMaking | null;
}

/** A stage while its instructions run. */
interface State {
  index: number;
  name: string | null;
  base: string | null;
  parent: number | null;
  at: Location;
  layers: Layer[];
  scope: Scope;
  workdir: string | null;
  user: string | null;
  shell: readonly string[];
  entrypoint: CommandPart | null;
  cmd: CommandPart | null;
  cmdSetHere: boolean;
  /** A base image that is not read may bring ENTRYPOINT and CMD. */
  open: boolean;
  entrypointKnown: boolean;
  cmdKnown: boolean;
  onbuild: Instruction[];
  /** Stages that this one reads with COPY --from or a mount. */
  reads: Set<number>;
  files: StageFiles | null;
}

const DEFAULT_SHELL = ["/bin/sh", "-c"];

/** What a build puts into its image. Never throws; what cannot be known is unknown. */
export function evaluateImage(input: EvaluationInput): Image {
  const { build, syntax } = input;
  const locate = (range: Range): Location => ({ path: input.path ?? "", start: range.start, end: range.end });
  const states: State[] = [];
  const copies: Omit<CopyStep, "final" | "needed">[] = [];
  const runs: Omit<RunStep, "final" | "needed">[] = [];
  const global: Scope = { environment: new Map(), args: platformArgs(), open: false, escape: syntax?.escape ?? "\\" };
  let current: State | null = null;

  const stageNamed = (name: string, before: number): State | null => {
    const wanted = name.toLowerCase();
    for (let index = before - 1; index >= 0; index--)
      if (states[index]!.name?.toLowerCase() === wanted) return states[index]!;
    return null;
  };

  function begin(instruction: Instruction): State {
    const word = instruction.words[0];
    const base = word ? expand(word.text, global).text : null;
    const index = states.length;
    const at = locate(instruction.range);
    const alias = instruction.words.length === 3 ? instruction.words[2]!.text : null;
    const named = base === null ? undefined : input.named.get(base);
    const parent = base === null || named ? null : stageNamed(base, index);
    const fresh: State = {
      index,
      name: alias,
      base,
      parent: parent?.index ?? null,
      at,
      layers: [],
      scope: { environment: new Map(), args: new Map(), open: false, escape: global.escape },
      workdir: "/",
      user: null,
      shell: DEFAULT_SHELL,
      entrypoint: null,
      cmd: null,
      cmdSetHere: false,
      open: false,
      entrypointKnown: true,
      cmdKnown: true,
      onbuild: [],
      reads: new Set(),
      files: null,
    };
    states.push(fresh);
    if (parent) {
      Object.assign(fresh, {
        layers: [...parent.layers],
        scope: {
          environment: new Map(parent.scope.environment),
          // BuildKit hands the arguments of the parent stage on; the classic builder does not.
          args: new Map(build.builder === "classic" ? [] : parent.scope.args),
          open: parent.scope.open,
          escape: global.escape,
        },
        workdir: parent.workdir,
        user: parent.user,
        shell: parent.shell,
        entrypoint: parent.entrypoint,
        cmd: parent.cmd,
        open: parent.open,
        entrypointKnown: parent.entrypointKnown,
        cmdKnown: parent.cmdKnown,
      } satisfies Partial<State>);
      for (const trigger of parent.onbuild) run(trigger, fresh);
    } else if (named) {
      if (named.root === null)
        fresh.layers.push({
          kind: "base",
          reason: "the named context is not known",
          place: at,
          mayHoldOurs: true,
        });
      else
        fresh.layers.push({
          kind: "context",
          at: "/",
          view: named,
          directory: named.root,
          takes: null,
          by: { at, stage: index },
        });
    } else if (base !== "scratch") {
      fresh.layers.push({
        kind: "base",
        reason: `the base image ${base ?? word?.text ?? ""} is not read`,
        place: at,
        mayHoldOurs: !isRuntimeImage(base),
      });
      fresh.open = true;
      fresh.scope.open = true;
      fresh.workdir = baseWorkdir(base) ?? (isRelativeOnly(instruction) ? ASSUMED_WORKDIR : null);
      if (lambdaRuntime(base) !== null) fresh.scope.environment.set("LAMBDA_TASK_ROOT", LAMBDA_TASK_ROOT);
      fresh.entrypointKnown = false;
      fresh.cmdKnown = false;
    } else fresh.scope.environment.set("PATH", PATH);
    return fresh;
  }

  /** Whether the last stage copies only to where its base image works, and names no other place: then any name for that directory serves. */
  function isRelativeOnly(from: Instruction): boolean {
    const all = syntax?.instructions ?? [];
    const own = all.slice(all.indexOf(from) + 1);
    if (own.some(({ keyword }) => keyword === "FROM")) return false;
    const targets = own.flatMap(({ keyword, words }) =>
      keyword === "COPY" || keyword === "ADD" ? [words.at(-1)?.text ?? "/"] : [],
    );
    return (
      targets.some((target) => target.startsWith(".")) &&
      targets.every((target) => target.startsWith(".") || /^\/(?:usr|etc|bin|sbin|tmp)\//.test(target)) &&
      !own.some(
        ({ keyword, words }) =>
          keyword === "WORKDIR" ||
          (!/^(?:COPY|ADD)$/.test(keyword) &&
            words.some(({ text }) =>
              /(?:^|[\s"'=:])\/(?!(?:usr|etc|bin|sbin|tmp|var|dev|proc|lib|run)\b)\w/.test(text),
            )),
      )
    );
  }

  function declareArgs(instruction: Instruction, scope: Scope, isGlobal: boolean): void {
    for (const { text } of instruction.words) {
      const equals = text.indexOf("=");
      const name = equals === -1 ? text : text.slice(0, equals);
      if (build.args.has(name)) scope.args.set(name, build.args.get(name) ?? null);
      else if (equals !== -1) scope.args.set(name, expand(text.slice(equals + 1), scope).text);
      else if (!isGlobal && global.args.has(name)) scope.args.set(name, global.args.get(name));
      else if (!scope.args.has(name)) scope.args.set(name, undefined);
    }
  }

  function sourceOf(instruction: Instruction, state: State): CopyFrom {
    const from = instruction.flags.find((flag) => flag.name === "from")?.value;
    if (from === undefined || from === null || from === "") return { kind: "context", view: input.context };
    const named = input.named.get(from);
    if (named) return { kind: "named", view: named };
    const source = /^\d+$/.test(from) ? (states[Number(from)] ?? null) : stageNamed(from, states.length);
    if (source && source.index !== state.index && source.index < state.index) {
      state.reads.add(source.index);
      return { kind: "stage", index: source.index, files: finish(source) };
    }
    return { kind: "image", reason: `the image ${from} is not read` };
  }

  /** The files of a stage that is complete. */
  function finish(state: State): StageFiles {
    state.files ??= stageFiles(state.layers);
    return state.files;
  }

  function run(instruction: Instruction, state: State): void {
    const { scope } = state;
    const first = instruction.words[0];
    const value = (word: Word): Expanded => expand(word.text, scope);
    switch (instruction.keyword) {
      case "ARG":
        declareArgs(instruction, scope, false);
        break;
      case "ENV": {
        // Every value of one ENV sees the variables as they were before it.
        const pairs = instruction.words.map(({ text }) => {
          const equals = text.indexOf("=");
          const name = expand(text.slice(0, equals), scope).text;
          const given = text.slice(equals + 1);
          const whole =
            name === "PATH" ? given.replace(/\$(?:PATH\b|\{PATH\})/g, scope.environment.get(name) ?? PATH) : given;
          return [name, expand(whole, scope).text] as const;
        });
        for (const [name, text] of pairs) if (name !== null) scope.environment.set(name, text);
        break;
      }
      case "WORKDIR": {
        if (!first) break;
        const { text } = value(first);
        state.workdir =
          text === null
            ? null
            : text.startsWith("/")
              ? absolute("/", text)
              : state.workdir === null
                ? null
                : absolute(state.workdir, text);
        if (state.workdir !== null) state.layers.push({ kind: "directory", at: state.workdir });
        break;
      }
      case "USER":
        state.user = first ? value(first).text : null;
        break;
      case "SHELL":
        state.shell = instruction.words.map((word) => word.text);
        break;
      case "VOLUME":
        for (const word of instruction.words) {
          const { text } = value(word);
          if (text !== null && text !== "")
            state.layers.push({
              kind: "unknown",
              at: absolute(state.workdir ?? "/", text),
              names: null,
              reason: "a volume stands here",
              place: locate(instruction.range),
            });
        }
        break;
      case "ENTRYPOINT":
        state.entrypoint = partOf(instruction);
        state.entrypointKnown = true;
        // An ENTRYPOINT drops a CMD that came with the base.
        if (!state.cmdSetHere) {
          state.cmd = null;
          state.cmdKnown = true;
        }
        break;
      case "CMD":
        state.cmd = partOf(instruction);
        state.cmdKnown = true;
        state.cmdSetHere = true;
        break;
      case "ONBUILD":
        if (instruction.trigger) state.onbuild.push(instruction.trigger);
        break;
      case "COPY":
      case "ADD": {
        if (instruction.words.length < 2) break;
        const { step, layers } = evaluateCopy({
          instruction,
          from: sourceOf(instruction, state),
          scope,
          workdir: state.workdir,
          layers: state.layers,
          open: state.open,
          tree: input.tree,
          archives: input.archives,
          making: input.making ?? (() => null),
          stage: state.index,
          locate,
        });
        copies.push(step);
        state.layers.push(...layers);
        break;
      }
      case "RUN":
        runs.push(runStep(instruction, state));
        state.layers.push(...runEffects(runs.at(-1)!.text, state.workdir, locate(instruction.range)));
        break;
    }
  }

  function partOf(instruction: Instruction): CommandPart | null {
    if (instruction.words.length === 0) return null;
    return { form: instruction.form, words: instruction.words, at: locate(instruction.range), origin: "dockerfile" };
  }

  function runStep(instruction: Instruction, state: State): Omit<RunStep, "final" | "needed"> {
    const command = instruction.words
      .map((word) => (instruction.form === "exec" ? quoted(word.text) : word.text))
      .join(" ");
    const text = [command, ...instruction.heredocs.map((heredoc) => heredoc.body)].join("\n");
    const mounts = instruction.flags.flatMap((flag) => {
      if (flag.name !== "mount" || flag.value === null) return [];
      const fields = new Map(
        flag.value.split(",").map((field) => {
          const equals = field.indexOf("=");
          return equals === -1 ? ([field, ""] as const) : ([field.slice(0, equals), field.slice(equals + 1)] as const);
        }),
      );
      const known = (...names: string[]): string | null => {
        const raw = names.map((name) => fields.get(name)).find((one) => one !== undefined);
        return raw === undefined ? null : expand(raw, state.scope).text;
      };
      const from = known("from");
      const source =
        from === null ? null : /^\d+$/.test(from) ? (states[Number(from)] ?? null) : stageNamed(from, state.index);
      if (source) state.reads.add(source.index);
      return [
        {
          type: known("type") ?? "bind",
          target: known("target", "dst", "destination"),
          source: known("source", "src"),
          from,
          id: known("id"),
          env: known("env"),
        },
      ];
    });
    const before = stageFiles([...state.layers]);
    return {
      at: locate(instruction.range),
      stage: state.index,
      form: instruction.form,
      text,
      words: instruction.words,
      workdir: state.workdir,
      environment: new Map(state.scope.environment),
      arguments: new Map(state.scope.args),
      mounts,
      files: before,
    };
  }

  for (const instruction of syntax?.instructions ?? []) {
    if (instruction.keyword === "FROM") current = begin(instruction);
    else if (current) run(instruction, current);
    else if (instruction.keyword === "ARG") declareArgs(instruction, global, true);
  }

  const final = finalState(states, build.target);
  const lineage = new Set<number>();
  for (
    let state: State | undefined = final ?? undefined;
    state;
    state = state.parent === null ? undefined : states[state.parent]
  )
    lineage.add(state.index);
  const needed = neededStages(states, final, build.builder === "classic");
  const stages = states.map(
    (state): Stage => ({
      index: state.index,
      name: state.name,
      base: state.base,
      parent: state.parent,
      at: state.at,
      needed: needed.has(state.index),
      files: finish(state),
      workdir: state.workdir,
      environment: state.scope.environment,
      user: state.user,
    }),
  );
  const isFinal = (step: { stage: number }): boolean => lineage.has(step.stage);
  const allRuns = runs.map((step): RunStep => ({ ...step, final: isFinal(step), needed: needed.has(step.stage) }));
  const allCopies = withUnsent(
    copies.map((step): CopyStep => ({ ...step, final: isFinal(step), needed: needed.has(step.stage) })),
    allRuns,
    input.context.root,
  );
  const nothing = stageFiles([{ kind: "base", reason: unreadReason(input, final), place: null, mayHoldOurs: true }]);
  const imageFiles = final ? withMounts(finish(final), build) : nothing;
  const environment = new Map(final?.scope.environment);
  for (const [name, text] of build.run?.environment ?? []) environment.set(name, text);
  return {
    build,
    syntax,
    path: input.path,
    stages,
    final: final ? stages[final.index]! : null,
    files: imageFiles,
    context: input.context,
    copies: allCopies,
    runs: allRuns,
    command: effectiveCommand(final, build.run),
    ownCommand: effectiveCommand(final, null),
    workdir: build.run?.workdir ?? final?.workdir ?? null,
    environment,
    user: final?.user ?? null,
    misplaced: null,
    repair: () => null,
    absence: (source): AbsenceReason =>
      absenceOf(source, { copies: allCopies, stages, final: final?.index ?? null, context: input.context }),
  };
}

/** A context for builds whose directory is not known. */
export function contextOrUnknown(view: LinkedContextView | null, reason: string): LinkedContextView {
  return view ?? unknownContext(reason);
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function unreadReason(input: EvaluationInput, final: State | null): string {
  if (!input.syntax) return "the Dockerfile cannot be read";
  return final
    ? ""
    : input.build.target === null
      ? "the Dockerfile has no stage"
      : `the Dockerfile has no stage ${input.build.target}`;
}

function finalState(states: readonly State[], target: string | null): State | null {
  if (target === null) return states.at(-1) ?? null;
  const wanted = target.toLowerCase();
  for (let index = states.length - 1; index >= 0; index--)
    if (states[index]!.name?.toLowerCase() === wanted) return states[index]!;
  return /^\d+$/.test(target) ? (states[Number(target)] ?? null) : null;
}

/** Stages that are built: BuildKit leaves out what the final stage does not stand on, the classic builder runs every stage up to it. */
function neededStages(states: readonly State[], final: State | null, all: boolean): Set<number> {
  const needed = new Set<number>();
  if (all && final) return new Set(states.slice(0, final.index + 1).map((state) => state.index));
  const pending = final ? [final.index] : [];
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    if (needed.has(index)) continue;
    needed.add(index);
    const state = states[index]!;
    if (state.parent !== null) pending.push(state.parent);
    pending.push(...state.reads);
  }
  return needed;
}

/** Files with what is mounted over them at run time: a path that the image lacks may be there. */
function withMounts(files: StageFiles, build: Build): StageFiles {
  if (!build.run || build.run.mounts.length === 0) return files;
  const { at } = build.run;
  return stageFiles([
    ...files.layers,
    ...build.run.mounts.map(
      ({ target }): Layer => ({
        kind: "unknown",
        at: target,
        names: null,
        reason: "something is mounted here at run time",
        place: at,
      }),
    ),
  ]);
}

function effectiveCommand(final: State | null, override: Build["run"]): EffectiveCommand {
  let entrypoint = final?.entrypoint ?? null;
  let cmd = final?.cmd ?? null;
  let entrypointKnown = final?.entrypointKnown ?? false;
  let cmdKnown = final?.cmdKnown ?? false;
  if (override?.entrypoint) {
    entrypoint = override.entrypoint.words.length === 0 ? null : override.entrypoint;
    cmd = null;
    entrypointKnown = true;
    cmdKnown = true;
  }
  if (override?.command) {
    cmd = override.command.words.length === 0 ? null : override.command;
    cmdKnown = true;
  }
  // A shell-form ENTRYPOINT does nothing with the CMD, which comes behind its text, unless it names the arguments.
  if (entrypoint?.form === "shell" && !/\$(?:0|@|\*)/.test(entrypoint.words[0]?.text ?? "")) {
    cmd = null;
    cmdKnown = true;
  }
  return { entrypoint, cmd, inherited: !entrypointKnown || !cmdKnown, shell: final?.shell ?? DEFAULT_SHELL };
}
