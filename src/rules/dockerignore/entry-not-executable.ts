import { baseName } from "../../text/paths.ts";
import type { CommandPart, Image, ImageFile } from "../../types/image.ts";
import type { Check } from "../../types/rule.ts";
import { makeCollector } from "./reporting.ts";
import { commandsOf, joinPath } from "./shell-text.ts";

export const entryNotExecutable: Check<"images" | "imageContents" | "files", "dockerignore/entry-not-executable"> = {
  needs: ["images", "imageContents", "files"],
  *run({ images, imageContents, files }) {
    const collector = makeCollector();
    for (const image of images.images) {
      const started = startedFile(image);
      if (!started) continue;
      const { file, part, written } = started;
      const source = file.source!;
      const entry = files.get(source);
      if (entry?.kind !== "file" && entry?.kind !== "executable") continue;
      const script = imageContents.scripts.get(source);
      const base = { severity: "warning" as const, subject: source, at: part.at };
      if (entry.kind === "file" && !madeExecutable(image, file)) {
        collector.add({
          ...base,
          message: `${written} is started directly, but ${source} is not executable in git and nothing makes it so: the container ends with "permission denied". Run \`git update-index --chmod=+x ${source}\`, or copy it with COPY --chmod=755.`,
          related: [{ ...file.by.at, message: "copied here" }],
        });
      } else if (script?.shebang && script.carriageReturn && !converted(image, file)) {
        collector.add({
          ...base,
          message: `The first line of ${source} ends in a carriage return: the kernel looks for an interpreter of that name, and the container ends with "no such file or directory". Save it with LF line ends, and keep them with \`*.sh text eol=lf\` in .gitattributes.`,
          related: [{ ...file.by.at, message: "copied here" }],
        });
      }
    }
    yield* collector.list();
  },
};

const INIT = /^(.*\/)?(tini|dumb-init|catatonit|tini-static|gosu|su-exec|exec)$/;

/** The repository file that the command's first word names, wrappers taken off. */
function startedFile(image: Image): { file: ImageFile; part: CommandPart; written: string } | null {
  const part = image.command.entrypoint ?? image.command.cmd;
  if (!part) return null;
  const words =
    part.form === "exec"
      ? [
          ...part.words,
          ...(part === image.command.entrypoint && image.command.cmd?.form === "exec" ? image.command.cmd.words : []),
        ].map((word) => word.text)
      : (commandsOf(part.words[0]?.text ?? "", null).next().value?.words ?? []);
  let first = 0;
  while (first < words.length && INIT.test(words[first]!)) {
    const isUser = /(gosu|su-exec)$/.test(words[first]!);
    first++;
    while (words[first]?.startsWith("-")) first++;
    if (isUser) first++;
  }
  const written = words[first];
  if (written === undefined || !written.includes("/") || /[$`]/.test(written)) return null;
  const path = joinPath(image.workdir, written);
  const answer = path === null ? null : image.files.answer(path);
  return answer?.status === "present" && answer.file.source !== null ? { file: answer.file, part, written } : null;
}

function madeExecutable(image: Image, file: ImageFile): boolean {
  const name = baseName(file.path);
  const sourceName = baseName(file.source!);
  // A copy in any stage may set the mode, and the mode goes along to the next.
  if (
    image.copies.some(
      (copy) =>
        copy.chmod !== null && copy.sources.some((one) => one.matches.some((path) => covers(path, file.source!))),
    )
  )
    return true;
  if (
    image.copies.some(
      (copy) => copy.chmod !== null && copy.at.start.line === file.by.at.start.line && copy.at.path === file.by.at.path,
    )
  )
    return true;
  return image.runs.some((run) => {
    for (const { words } of commandsOf(run.text, run.workdir)) {
      const chmod = words.findIndex((word) => /(^|\/)chmod$/.test(word));
      if (chmod === -1) continue;
      const args = words.slice(chmod + 1);
      if (!args.some((arg) => /^[ugoa]*\+[rwst]*x|^0?[0-7]*[1357][0-7]{0,2}$|=[rw]*x/.test(arg))) continue;
      if (
        args.some(
          (arg) =>
            arg.includes(name) ||
            arg.includes(sourceName) ||
            /[*$]/.test(arg) ||
            /^-[a-zA-Z]*R/.test(arg) ||
            arg === "{}",
        )
      )
        return true;
    }
    return false;
  });
}

function covers(directory: string, path: string): boolean {
  return directory === "" || directory === path || path.startsWith(`${directory}/`);
}

function converted(image: Image, file: ImageFile): boolean {
  const name = baseName(file.path);
  return image.runs.some(
    (run) => /dos2unix|\\r|\\015|tr -d/.test(run.text) && (run.text.includes(name) || run.text.includes("*")),
  );
}
