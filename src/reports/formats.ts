import type { RunResult } from "../types/finding.ts";
import type { ReportContext } from "./context.ts";
import { renderGithub } from "./github.ts";
import { renderGitlab } from "./gitlab.ts";
import { renderHtml } from "./html.ts";
import { renderJson } from "./json.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import { renderSarif } from "./sarif.ts";
import { renderText } from "./text.ts";

/** Every output format by the name that `--format` takes. */
export const formats = {
  text: renderText,
  json: renderJson,
  sarif: renderSarif,
  github: renderGithub,
  gitlab: renderGitlab,
  junit: renderJunit,
  markdown: renderMarkdown,
  html: renderHtml,
} as const satisfies Record<string, (result: RunResult, context: ReportContext) => string>;

export type Format = keyof typeof formats;

/** True for the name of a format. */
export function isFormat(name: string): name is Format {
  return Object.hasOwn(formats, name);
}
