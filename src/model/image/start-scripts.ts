import { baseName } from "../../text/paths.ts";
import { positionAt } from "../../text/positions.ts";
import type { ImageContentsModel, StartScript } from "../../types/image.ts";
import type { ModelInput } from "../../types/model.ts";
import type { ShellCommand, ShellScript } from "../../types/shell.ts";
import type { Location, RepoPath } from "../../types/text.ts";

type Input = ModelInput<"images">;

/** The scripts that commands of images may start, by their place in the repository: the words with a slash or an ending. */
export function startScripts({ files, facts, known }: Input): ImageContentsModel["scripts"] {
  const scripts = new Map<RepoPath, StartScript>();
  for (const { command } of known.images.images) {
    for (const part of [command.entrypoint, command.cmd]) {
      for (const word of part?.words ?? []) {
        for (const token of word.text.split(/\s+/)) {
          const name = baseName(token);
          if (name === "" || !/[./]/.test(token)) continue;
          for (const image of known.images.images) {
            if (image.command.entrypoint !== part && image.command.cmd !== part) continue;
            const at = token.startsWith("/") ? token : `${image.workdir ?? ""}/${token.replace(/^\.\//, "")}`;
            const answer = image.files.answer(at.replace(/\/+/g, "/"));
            const source = answer.status === "present" ? answer.file.source : null;
            if (
              source === null ||
              scripts.has(source) ||
              !files.has(source) ||
              /\.(py|js|mjs|cjs|ts|jar|json|ya?ml|toml|conf|cfg|ini)$/.test(source)
            )
              continue;
            const fact = facts.get("lines", source);
            if (fact)
              scripts.set(source, {
                shebang: fact.lines[0]?.startsWith("#!") ?? false,
                carriageReturn: fact.carriageReturn,
                ...stepsOf(source, facts),
              });
          }
        }
      }
    }
  }
  return scripts;
}

/** What a shell script runs. */
function stepsOf(path: RepoPath, facts: Input["facts"]): Pick<StartScript, "steps" | "choices"> {
  const script = facts.get("shell", path);
  const lines = facts.get("lines", path)?.lines ?? [];
  if (!script || !/\b(?:ba|da|z|k|a)?sh\b/.test(`${path} ${lines[0] ?? ""}`)) return { steps: [], choices: [] };
  const steps: StartScript["steps"][number][] = [];
  const choices: { ends: Map<number, number>; whole: boolean }[] = [];
  for (const { command, conditional, background } of inOrder(script)) {
    const { words, within } = command;
    const [first] = words;
    const end = words.at(-1)?.end;
    if (!first || end === undefined) continue;
    const [around] = within;
    if (around?.kind === "branch") {
      const { line, column } = positionAt(script.lineStarts, around.start);
      const keyword = /^(?:if|elif|else)\b/.exec(lines[line - 1]?.slice(column - 1) ?? "")?.[0];
      if (keyword === "if" && !choices.at(-1)?.ends.has(around.start)) choices.push({ ends: new Map(), whole: false });
      const choice = choices.at(-1);
      choice?.ends.set(around.start, steps.length);
      if (choice && keyword === "else") choice.whole = true;
    }
    const at: Location = {
      path,
      start: positionAt(script.lineStarts, first.start),
      end: positionAt(script.lineStarts, end),
    };
    const text = words.map((word) => word.text).join(" ");
    steps.push({ text, at, conditional, last: first.text === "exec" && words.length > 1, background });
  }
  return { steps, choices: choices.flatMap(({ ends, whole }) => (whole ? [[...ends.values()]] : [])) };
}

/** Calls of functions within functions that are followed. */
const deepest = 4;
/** Commands of functions that are followed in all: functions that call each other are many ways through the same. */
const mostFollowed = 2000;

/** The commands of a script as they run: those of a function of its own stand where it is called. */
function inOrder(script: ShellScript): { command: ShellCommand; conditional: boolean; background: boolean }[] {
  const defined = new Set(script.functions.map(({ name }) => name));
  let followed = 0;
  const bodyOf = (name: string) =>
    script.commands.filter(({ within }) => within.findLast(({ kind }) => kind === "function")?.name === name);
  const run = (
    commands: readonly ShellCommand[],
    outer: { conditional: boolean; background: boolean; depth: number },
  ): ReturnType<typeof inOrder> =>
    commands.flatMap((command) => {
      const own = command.within.slice(command.within.findLastIndex(({ kind }) => kind === "function") + 1);
      const conditional = outer.conditional || own.length > 0 || command.join === "||";
      const background = outer.background || command.background;
      if (command.name === null || !defined.has(command.name) || outer.depth >= deepest || followed > mostFollowed)
        return [{ command, conditional, background }];
      const body = bodyOf(command.name);
      followed += body.length;
      return run(body, { conditional, background, depth: outer.depth + 1 });
    });
  return run(
    script.commands.filter(({ within }) => within.every(({ kind }) => kind !== "function")),
    { conditional: false, background: false, depth: 0 },
  );
}
