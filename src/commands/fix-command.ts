import { commandless, terminal as escaped } from "../reports/escape.ts";
import type { Finding } from "../types/finding.ts";
import type { RepoPath } from "../types/text.ts";
import { check } from "./check.ts";
import { applyEdits, type OfferedFix, onDisk, planFixes } from "./fix.ts";
import { type CheckFlags, checkOptionsOf } from "./flags.ts";
import { EXIT, type Terminal } from "./terminal.ts";

/**
 * `predeploy fix`: applies the safe fixes; with `--review` shows every fix as a diff and asks. Exit 0 when nothing that fails a
 * run is left, else 1. Throws UsageError.
 */
export async function runFix(
  terminal: Terminal,
  path: string,
  flags: CheckFlags & { review?: boolean },
): Promise<number> {
  const options = checkOptionsOf(terminal, path, flags);
  const { result, workspace } = await check(options);
  const { stdout } = terminal;
  const offered = result.findings.flatMap((finding): OfferedFix[] =>
    finding.fix && finding.fix.edits.length > 0 ? [{ finding, edits: finding.fix.edits }] : [],
  );
  const disk = onDisk(workspace.root!);
  const chosen = flags.review
    ? await askForEach(terminal, offered, disk.read)
    : offered.filter(({ finding }) => finding.fix!.safety === "safe");
  const { texts, mended, left } = planFixes(chosen, disk.read);
  for (const [file, text] of texts) disk.write(file, text);
  for (const finding of mended) stdout.write(`mended  ${placeOf(finding)}  ${escaped(finding.fix!.title)}\n`);
  for (const finding of left) {
    const isHere = finding.fix!.edits.every((edit) => disk.read(edit.path) !== null);
    const why = isHere ? "its fix disturbs another one; run it again" : "its file is not here to be changed";
    stdout.write(`left    ${placeOf(finding)}  ${why}\n`);
  }
  const waiting = offered.length - chosen.length;
  const sum = `${mended.length} mended in ${texts.size} ${texts.size === 1 ? "file" : "files"}`;
  stdout.write(`${sum}${waiting > 0 && !flags.review ? `; ${waiting} more to look at: predeploy fix --review` : ""}\n`);
  const open = result.findings.filter((finding) => finding.severity === "error" && !mended.includes(finding));
  return open.length > 0 ? EXIT.fail : EXIT.pass;
}

const placeOf = ({ rule, at }: Finding) => `${escaped(at.path)}:${at.start.line} ${escaped(rule)}`;

async function askForEach(
  terminal: Terminal,
  offered: readonly OfferedFix[],
  read: (path: RepoPath) => string | null,
): Promise<OfferedFix[]> {
  const answers = linesOf(terminal.stdin);
  const chosen: OfferedFix[] = [];
  for (const [index, fix] of offered.entries()) {
    const { finding, edits } = fix;
    const said = `\n${index + 1}/${offered.length} ${placeOf(finding)}\n${escaped(finding.message)}\n${escaped(finding.fix!.title)}\n`;
    terminal.stdout.write(commandless(said));
    for (const path of new Set(edits.map((edit) => edit.path))) {
      const text = read(path);
      const after =
        text === null
          ? null
          : applyEdits(
              text,
              edits.filter((edit) => edit.path === path),
            );
      if (text !== null && after !== null) terminal.stdout.write(lineDiff(path, text, after));
    }
    terminal.stdout.write("Apply it? [y]es, [n]o, [q]uit: ");
    const answer = ((await answers.next()).value ?? "q").trim().toLowerCase();
    if (answer.startsWith("q")) break;
    if (answer.startsWith("y")) chosen.push(fix);
  }
  terminal.stdout.write("\n");
  return chosen;
}

/** The lines that differ between two texts with two lines around them; the common start and end are left out. */
export function lineDiff(path: RepoPath, before: string, after: string): string {
  const [old, now] = [before.split("\n"), after.split("\n")];
  let same = 0;
  while (same < old.length && same < now.length && old[same] === now[same]) same++;
  let tail = 0;
  while (tail < old.length - same && tail < now.length - same && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const first = Math.max(0, same - 2);
  const rows = [
    ...old.slice(first, same).map((line) => `  ${line}`),
    ...old.slice(same, old.length - tail).map((line) => `- ${line}`),
    ...now.slice(same, now.length - tail).map((line) => `+ ${line}`),
    ...old.slice(old.length - tail, old.length - tail + 2).map((line) => `  ${line}`),
  ];
  return commandless(`${escaped(path)}:${first + 1}\n${rows.map((row) => `${escaped(row)}\n`).join("")}`);
}

async function* linesOf(stdin: Terminal["stdin"]): AsyncGenerator<string, undefined> {
  let rest = "";
  for await (const chunk of stdin) {
    rest += chunk.toString();
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
  return undefined;
}
