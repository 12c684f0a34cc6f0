import type { Check } from "../../types/rule.ts";
import { selectorName } from "./wording.ts";

/** Selectors and roots of `startup:` that name nothing: a typo would otherwise pass as "in order". */
export const declaredEntryUnmatched: Check<"startup"> = {
  needs: ["startup"],
  *run({ startup }) {
    for (const one of startup.unmatched()) {
      const nearest = one.nearest.length > 0 ? ` Nearest: ${one.nearest.join(", ")}.` : "";
      const message =
        one.reason === "syntax"
          ? `"${one.text}" is no selector: write \`call NAME\`, \`new CLASS\`, \`assign A.B=VALUE\`, \`decorator NAME\` or \`import MODULE\`.`
          : one.reason === "root"
            ? one.text === "auto"
              ? `No start of a process was found for startup entry "${one.id}": name its root, as \`PATH:function\`.`
              : `The root ${one.text} of startup entry "${one.id}" does not exist, so nothing is checked.${nearest}`
            : `Nothing in the start-up matches "${one.text}" of startup entry "${one.id}", so nothing is checked: ${selectorName(one.text)} is never called.${nearest}`;
      yield { message, subject: one.text, at: one.at };
    }
  },
};
