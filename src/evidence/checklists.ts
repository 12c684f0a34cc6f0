import { readFileSync, statSync } from "node:fs";
import { buildChecklists } from "../model/checklists.ts";
import type { EvidenceProvider } from "../types/model.ts";

/** GitHub cuts a description at 65,536 characters; the payload around it is smaller than this. */
const MAX_PAYLOAD = 8 * 1024 * 1024;

/** The checklists of predeploy.yml; a pull request's description comes from the payload of the event. */
export const checklists: EvidenceProvider<"checklists", never> = {
  needs: [],
  facts: ["lines"],
  load: async (input) => buildChecklists(input, descriptionOf(input.environment)),
  isEmpty: (model) => model.checklists.length === 0,
};

/** Null: the event has no pull request; undefined: there is no event to read. */
function descriptionOf(environment: Readonly<Record<string, string | undefined>>): string | null | undefined {
  const path = environment["GITHUB_EVENT_PATH"];
  if (!path) return undefined;
  try {
    if (statSync(path).size > MAX_PAYLOAD) return undefined;
    const payload: unknown = JSON.parse(readFileSync(path, "utf8"));
    const pull = (payload as { pull_request?: { body?: unknown } } | null)?.pull_request;
    if (!pull) return null;
    return typeof pull.body === "string" ? pull.body : "";
  } catch {
    return undefined;
  }
}
