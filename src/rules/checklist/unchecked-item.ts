import { didYouMean } from "../../text/nearest.ts";
import type { ChecklistItem } from "../../types/checklist.ts";
import type { Check } from "../../types/rule.ts";
import { absent, sectionOf } from "./reading.ts";

/** Sections that are open by nature while somebody asks whether to deploy. */
const LATER = /^(?:during|after|post)\b|rollback|roll back/;

export const uncheckedItem: Check<"checklists", "checklist/unchecked-item"> = {
  needs: ["checklists"],
  *run({ checklists }) {
    for (const list of checklists.checklists) {
      if (list.missing !== null) {
        yield absent(list);
        continue;
      }
      let items: readonly ChecklistItem[] = list.items;
      if (list.section === null) {
        const later = new Set(list.sections.filter((one) => LATER.test(one.name)).flatMap((one) => one.items));
        items = list.items.filter((one) => !later.has(one));
      } else {
        const section = sectionOf(list, list.section);
        if (!section) {
          const names = list.sections.map((one) => one.title);
          const nearest =
            didYouMean(list.section, names) ||
            (names.length > 0 ? ` Its headings: ${names.slice(0, 5).join(", ")}.` : "");
          yield {
            subject: list.section,
            at: list.at,
            message: `${list.label} has no section "${list.section}", so nothing is checked.${nearest}`,
          };
          continue;
        }
        items = section.items;
      }
      for (const item of items)
        if (!item.checked && !item.waived)
          yield {
            subject: item.text.toLowerCase().slice(0, 200),
            at: item.at,
            message: `"${item.text.slice(0, 200)}" of ${list.label} is not done. Do it and tick it, or strike it through with a reason.`,
            related: [{ ...list.at, message: "asked for here" }],
          };
    }
  },
};
