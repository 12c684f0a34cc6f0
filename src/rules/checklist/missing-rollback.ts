import type { Check } from "../../types/rule.ts";

const ROLLBACK = /roll(?:ing|ed)?[\s-]?back|\brevert|\bback(?:ing|ed)?[\s-]?out\b|\bway back\b/i;

export const missingRollback: Check<"checklists", "checklist/missing-rollback"> = {
  needs: ["checklists"],
  *run({ checklists }) {
    const seen = new Set<string>();
    for (const list of checklists.checklists) {
      // That it is not there at all is said by unchecked-item.
      if (list.missing !== null || list.rollbackElsewhere || seen.has(list.label)) continue;
      seen.add(list.label);
      const sections = list.sections.filter((one) => ROLLBACK.test(one.title));
      if (sections.some((one) => one.actionable)) continue;
      const [first] = sections;
      yield {
        subject: list.label,
        at: first?.at ?? list.top,
        severity: list.file === null ? "warning" : "error",
        message: first
          ? `The section "${first.title}" of ${list.label} has no command, no numbered step and no link: whoever needs it at night finds nothing to do. Write down what to run.`
          : `${list.label} does not say how to go back. Add a section on rollback with the commands to run, or link the document that has them.`,
        related: [{ ...list.at, message: "named here" }],
      };
    }
  },
};
