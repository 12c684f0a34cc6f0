import type { ModelInput, ModelProvider } from "../types/model.ts";
import type { PlaceholderFinding, PlaceholdersModel } from "../types/placeholders.ts";
import { buildFindings } from "./placeholders/findings.ts";
import { inspectFiles } from "./placeholders/inspect.ts";

/** Every placeholder in a file that is deployed as it is, with what it would have taken to render it. */
export const placeholdersProvider: ModelProvider<"placeholders", never> = {
  needs: [],
  facts: [
    "placeholders-data",
    "placeholders-dotenv",
    "placeholders-hcl",
    "placeholders-toml",
    "placeholders-properties",
    "placeholders-ini",
    "placeholders-xml",
    "placeholders-lines",
    "lines",
  ],
  build: (input) => build(input),
  isEmpty: (model: PlaceholdersModel) => model.looked === 0,
};

function build(input: ModelInput<never>): PlaceholdersModel {
  const { looked, files } = inspectFiles(input.files, input.facts, new Set());
  for (const file of files) if (file.facts.unparsed) input.noteUnread(file.path, file.facts.unparsed);
  const findings: PlaceholderFinding[] = buildFindings(files, input);
  return { findings, unseen: [], looked };
}
