import { normalize } from "node:path";
import { UsageError } from "../config/usage-error.ts";
import type { ReportContext } from "../reports/context.ts";
import { didYouMean } from "../text/nearest.ts";
import type { RunResult } from "../types/finding.ts";

type Render = (result: RunResult, context: ReportContext) => string;

/** Every format of `--format`, loaded when it is asked for. */
const formats = {
  text: async () => (await import("../reports/text.ts")).renderText,
  json: async () => (await import("../reports/json.ts")).renderJson,
  github: async () => (await import("../reports/github.ts")).renderGithub,
  markdown: async () => (await import("../reports/markdown.ts")).renderMarkdown,
  sarif: async () => (await import("../reports/sarif.ts")).renderSarif,
  gitlab: async () => (await import("../reports/gitlab.ts")).renderGitlab,
  junit: async () => (await import("../reports/junit.ts")).renderJunit,
  html: async () => (await import("../reports/html.ts")).renderHtml,
} satisfies Record<string, () => Promise<Render>>;

export type FormatName = keyof typeof formats;

export const formatNames = Object.keys(formats) as FormatName[];

/** One `--format NAME[=FILE]`; file null: standard output, which `-` means as well. */
export interface FormatRequest {
  name: FormatName;
  file: string | null;
}

export const loadFormat = (name: FormatName): Promise<Render> => formats[name]();

/** Reads the values of `--format`. Throws UsageError for an unknown name, a second format on standard output, a file named twice. */
export function parseFormats(values: readonly string[]): FormatRequest[] {
  const requests = (values.length > 0 ? values : ["text"]).map((value): FormatRequest => {
    const equals = value.indexOf("=");
    const name = equals === -1 ? value : value.slice(0, equals);
    if (!Object.hasOwn(formats, name))
      throw new UsageError(
        `unknown format "${name}".${didYouMean(name, formatNames)} Formats: ${formatNames.join(", ")}.`,
      );
    const file = equals === -1 ? null : value.slice(equals + 1);
    if (file === "") throw new UsageError(`--format ${value}: name a file behind the equals sign.`);
    return { name: name as FormatName, file: file === "-" ? null : file };
  });
  const shown = requests.filter((one) => one.file === null);
  if (shown.length > 1)
    throw new UsageError(
      `only one format can go to standard output, not ${shown.map((one) => one.name).join(" and ")}; write the others to files: ${shown[1]!.name}=FILE.`,
    );
  const files = requests.flatMap(({ file }) => (file === null ? [] : [normalize(file)]));
  const twice = files.find((file, index) => files.indexOf(file) < index);
  if (twice !== undefined) throw new UsageError(`two formats go to the file ${twice}; give each its own.`);
  return requests;
}
