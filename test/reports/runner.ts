/** A workflow command as the GitHub runner reads it from a line of output. */
export interface Command {
  name: string;
  properties: Record<string, string>;
  data: string;
}

const registered = new Set(
  "add-mask add-matcher add-path debug echo endgroup error group internal-set-repo-path notice remove-matcher save-state set-env set-output stop-commands warning".split(
    " ",
  ),
);

/** Reads a log as the runner does (src/Runner.Common/ActionCommand.cs): both syntaxes, leading blanks trimmed for the newer one. */
export function commandsOf(log: string): Command[] {
  return log
    .split(/\r\n|\r|\n/)
    .map((line) => newer(line.trimStart()) ?? older(line))
    .filter((command) => command !== null);
}

function newer(line: string): Command | null {
  const found = /^::(.*?)::(.*)$/s.exec(line);
  if (!found) return null;
  const [name, properties] = split(found[1]!.trim());
  if (!registered.has(name.toLowerCase())) return null;
  const decode = (text: string) => text.replace(/%0D/g, "\r").replace(/%0A/g, "\n");
  const data = decode(found[2]!).replace(/%25/g, "%");
  const pairs = properties
    .trim()
    .split(",")
    .map((pair) => {
      const [key = "", ...value] = pair.split("=");
      const text = decode(value.join("=")).replace(/%3A/g, ":").replace(/%2C/g, ",").replace(/%25/g, "%");
      return [key.trim(), text] as const;
    });
  return { name: name.toLowerCase(), properties: Object.fromEntries(pairs), data };
}

function older(line: string): Command | null {
  const found = /##\[([^\]]*)\](.*)$/s.exec(line);
  if (!found) return null;
  const [name] = split(found[1]!);
  return registered.has(name.toLowerCase()) ? { name, properties: {}, data: found[2]! } : null;
}

function split(text: string): [string, string] {
  const space = text.indexOf(" ");
  return space < 0 ? [text, ""] : [text.slice(0, space), text.slice(space + 1)];
}
