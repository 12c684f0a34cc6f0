import type { DataFile, DataScalar } from "../../types/data.ts";
import type { ShellCommand, ShellWord } from "../../types/shell.ts";
import { itemsOf, scalarsOf, textOf, valueAt } from "../data.ts";

/** Steps of Cloud Build that run gcloud with a list of arguments, as commands of a shell would be. */
export function gcloudSteps({ documents }: DataFile): ShellCommand[] {
  return itemsOf(valueAt(documents[0]?.root, "steps")).flatMap((step): ShellCommand[] => {
    const entrypoint = textOf(valueAt(step, "entrypoint"));
    const isGcloud = /(?:^|\/)gcloud$/.test(
      entrypoint ?? (textOf(valueAt(step, "name")) ?? "").replace(/[:@][^/]*$/, ""),
    );
    const args = scalarsOf(valueAt(step, "args"));
    const [first] = args;
    if (!isGcloud || !first) return [];
    const start = first.start;
    const name: ShellWord = { text: "gcloud", quotes: "none", expansions: [], start, end: start };
    return [
      {
        name: "gcloud",
        words: [name, ...args.map(wordOf)],
        assignments: [],
        redirects: [],
        within: [],
        join: ";",
        background: false,
        negated: false,
        pipeline: start,
        start,
        end: args.at(-1)!.end,
      },
    ];
  });
}

/** An argument; a substitution of Cloud Build stands in it like a variable of a shell. */
function wordOf({ text, style, start, end }: DataScalar): ShellWord {
  const quotes = style === "single" || style === "double" ? style : "none";
  const variable = { kind: "variable" as const, name: null, operator: null, argument: null, start, end };
  return { text, quotes, expansions: text.includes("$") ? [variable] : [], start, end };
}
