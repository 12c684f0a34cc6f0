import { absolute } from "../../text/paths.ts";
/**
 * Simple commands of a RUN, as words with quotes taken off, and the directory in which each runs.
 * `cd` is followed; a directory that is not known is null.
 */
export function* commandsOf(text: string, workdir: string | null): Generator<{ words: string[]; cwd: string | null }> {
  let cwd = workdir;
  for (const part of text.replace(/\\\r?\n/g, " ").split(/&&|\|\||[;|\n]/)) {
    const words = (part.match(/'[^']*'|"[^"]*"|[^\s'"]+(?:"[^"]*"|'[^']*')?/g) ?? []).map((word) =>
      word.replace(/^(['"])(.*)\1$/s, "$2"),
    );
    let first = 0;
    while (first < words.length && /^([A-Za-z_]\w*=.*|\(|\{|!|then|else|do|if|exec|sudo|time)$/.test(words[first]!))
      first++;
    const command = words.slice(first);
    if (command.length === 0) continue;
    if (command[0] === "cd") {
      const target = command[1];
      cwd = target === undefined || /[$`~]/.test(target) ? null : joinPath(cwd, target);
      continue;
    }
    yield { words: command, cwd };
  }
}

/** An absolute path of the image; null when the directory is not known. */
export function joinPath(cwd: string | null, path: string): string | null {
  return !path.startsWith("/") && cwd === null ? null : absolute(cwd ?? "/", path);
}
