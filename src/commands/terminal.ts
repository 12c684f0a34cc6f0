/** What a command has of the process that it runs in. */
export interface Terminal {
  argv: readonly string[];
  cwd: string;
  environment: Readonly<Record<string, string | undefined>>;
  stdin: AsyncIterable<Buffer | string>;
  stdout: Output;
  stderr: Output;
}

export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** Exit codes (DESIGN: outcomes). */
export const EXIT = { pass: 0, fail: 1, usage: 2, undecided: 3, bug: 70 } as const;

/** Whether to colour what goes to `output`: `--color`, else NO_COLOR and FORCE_COLOR, else whether it is a terminal. */
export function wantsColor(output: Output, environment: Terminal["environment"], color: boolean | undefined): boolean {
  if (color !== undefined) return color;
  if (environment["NO_COLOR"]) return false;
  const forced = environment["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return output.isTTY === true && environment["TERM"] !== "dumb";
}

/** Everything that comes on standard input, as text. */
export async function readAll(stdin: Terminal["stdin"]): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
