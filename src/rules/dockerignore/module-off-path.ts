import type { Check } from "../../types/rule.ts";
import { consequenceOf, neededAt, relatedOf, severityOf, strongest } from "./lost.ts";

export const moduleOffPath: Check<"lostFiles", "dockerignore/module-off-path"> = {
  needs: ["lostFiles"],
  *run({ lostFiles }) {
    for (const one of strongest(lostFiles.offPath, (each) => `${each.name} ${each.at.path}`)) {
      const severity = severityOf(one.level, one.deployed);
      if (!severity) continue;
      yield {
        message: `\`${one.name}\` is in the image at ${one.place}, where nothing searches: it would have to be ${one.wanted}. It is imported at ${neededAt(one)}: ${consequenceOf(one.level, one.entry.written)}. Change the destination of this COPY, WORKDIR, PYTHONPATH or the import.`,
        subject: one.name,
        at: one.at,
        severity,
        related: relatedOf(one.chain),
      };
    }
  },
};
