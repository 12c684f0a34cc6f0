import type { Related } from "../../types/finding.ts";
import type { Location } from "../../types/text.ts";
import { directoryOf } from "../image/paths.ts";
import { joinPath } from "./places.ts";
import { addConfiguration, noteUnknown, optionValue, readOptions, type Situation, type Walk, within } from "./walk.ts";
import type { Word } from "./words.ts";

/** supervisord, foreman, its port to Node.js and honcho: several commands. True when it was one of them. */
export function runManager(
  name: string,
  program: Word,
  args: readonly Word[],
  situation: Situation,
  walk: Walk,
): boolean {
  if (name === "supervisord") runPrograms(program, args, situation, walk);
  else if (/^(?:foreman|nf|honcho|overmind|hivemind)$/.test(name)) runProcfile(program, args, situation, walk);
  else return false;
  return true;
}

/** The programs that supervisord's configuration names. */
function runPrograms(program: Word, args: readonly Word[], situation: Situation, walk: Walk): void {
  const given = optionValue(
    readOptions(args, new Set(["-n", "--nodaemon", "-s", "--silent"])),
    "-c",
    "--configuration",
  );
  const defaults = [
    "supervisord.conf",
    "etc/supervisord.conf",
    "/etc/supervisord.conf",
    "/etc/supervisor/supervisord.conf",
  ];
  const found = given
    ? null
    : defaults.find((path) => walk.places.answer(joinPath(situation.cwd ?? "/", path)).status === "file");
  const word = given ?? (found ? { ...program, text: found } : null);
  const part = word ? addConfiguration(walk, situation, word) : null;
  if (part?.presence !== "present" || part.path === null || part.imagePath === null) {
    noteUnknown(walk, "the programs of supervisord are not known", program.at);
    return;
  }
  const here = directoryOf(part.imagePath);
  const sections = [...(walk.facts.ini(part.path) ?? [])];
  for (const path of walk.places.list()) {
    if (!path.startsWith("/etc/supervisor/conf.d/") || !path.endsWith(".conf")) continue;
    const answer = walk.places.answer(path);
    if (answer.status === "file" && answer.source !== null && answer.source !== part.path)
      sections.push(...(walk.facts.ini(answer.source) ?? []));
  }
  for (const section of sections) {
    if (!section.name.startsWith("program:")) continue;
    const value = (key: string) => section.values.find((entry) => entry.key === key);
    const command = value("command");
    if (!command) continue;
    const directory = value("directory")?.value.replaceAll("%(here)s", here);
    const step: Related = { ...command.at, message: section.name };
    const env = new Map(situation.env);
    for (const match of (value("environment")?.value ?? "").matchAll(
      /([A-Za-z_]\w*)=(?:"([^"]*)"|'([^']*)'|([^,]*))/g,
    )) {
      env.set(match[1]!, match[2] ?? match[3] ?? match[4] ?? null);
    }
    runProcess(walk, command.value.replaceAll("%(here)s", here).replaceAll(/%\(ENV_(\w+)\)s/g, "$$$1"), command.at, {
      ...situation,
      env,
      cwd:
        directory === undefined
          ? situation.cwd
          : directory.startsWith("/")
            ? joinPath("/", directory)
            : situation.cwd && joinPath(situation.cwd, directory),
      chain: [...situation.chain, step],
      depth: situation.depth + 1,
    });
  }
}

/** The processes of a Procfile, or those of them that are named. */
function runProcfile(program: Word, args: readonly Word[], situation: Situation, walk: Walk): void {
  const options = readOptions(args, new Set());
  const word = optionValue(options, "-f", "-j", "--procfile") ?? { ...program, text: "Procfile" };
  const part = addConfiguration(walk, situation, word);
  if (part?.presence !== "present" || part.path === null) return;
  const wanted = new Set(options.rest.slice(1).map((name) => name.text));
  for (const line of walk.facts.procfile(part.path) ?? []) {
    if (wanted.size > 0 && !wanted.has(line.name)) continue;
    const step: Related = { ...line.at, message: `process \`${line.name}\`` };
    runProcess(walk, line.command, line.at, {
      ...situation,
      chain: [...situation.chain, step],
      depth: situation.depth + 1,
    });
  }
}

function runProcess(walk: Walk, text: string, at: Location, situation: Situation): void {
  walk.runText(text, (start, end) => within(at, start, end), situation);
}
