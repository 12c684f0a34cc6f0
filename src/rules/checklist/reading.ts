import type { Checklist, ChecklistSection } from "../../types/checklist.ts";
import type { Report, Undecided } from "../../types/finding.ts";

/** What to say of a checklist that is not there. */
export function absent(list: Checklist): Report | Undecided {
  if (list.missing === "unknown")
    return {
      undecided: "there is no event of a pull request whose description could be read.",
      remedy: "Run it in a workflow on `pull_request`, or name a file under `checklist:`.",
    };
  const near = list.near.length > 0 ? ` There are ${list.near.join(", ")}.` : "";
  return {
    subject: list.label,
    at: list.at,
    message: `The checklist ${list.label} does not exist, so nothing is checked.${near}`,
  };
}

/** The section that is called so: by its whole name, else the first whose name starts with it. */
export function sectionOf(list: Checklist, wanted: string): ChecklistSection | undefined {
  const name = normal(wanted);
  return list.sections.find((one) => one.name === name) ?? list.sections.find((one) => normal(one.name) === name);
}

const normal = (text: string): string =>
  text
    .replace(/[*_`~]|\p{Extended_Pictographic}|\uFE0F/gu, "")
    .replace(/^\s*\d{1,3}[.):]?\s+/, "")
    .replace(/[\s:.!?-]{1,20}$/, "")
    .trim()
    .toLowerCase();
