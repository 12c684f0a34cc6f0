import type { Check } from "../../types/rule.ts";
import {
  inventoryWords,
  isAlternative,
  levelOf,
  nearWords,
  otherPlaces,
  quotedList,
  unreadableInventories,
} from "./reporting.ts";

export const missingVariable: Check<"secrets", "secrets/missing-variable"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    yield* unreadableInventories(secrets, "process");
    for (const judgement of secrets.names) {
      const { namespace, status, name, near, environment, first, anyOf } = judgement;
      if (namespace !== "process" || status !== "missing" || isAlternative(judgement, secrets.names)) continue;
      const severity = levelOf(judgement);
      if (severity === null) continue;
      const also =
        anyOf.length > 0
          ? `, and ${quotedList(anyOf)} that would do instead ${anyOf.length > 1 ? "are" : "is"} not set either`
          : "";
      yield {
        message: `${first.form}: nothing sets ${name} in ${environment}${also}. The process ${judgement.need === "required" ? "fails where it asks for it" : "goes on without what was meant"}.${nearWords(judgement)} Set it${near.length > 0 ? ", or use the name that exists" : ""}.${inventoryWords(judgement)}`,
        subject: name,
        at: first.at,
        severity,
        related: otherPlaces(judgement),
      };
    }
  },
};
