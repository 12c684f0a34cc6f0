import type { Severity } from "../../types/finding.ts";
import type { Check } from "../../types/rule.ts";
import { observed } from "./observed.ts";

export const circularImport: Check<"closures" | "startup", "startup-order/circular-import"> = {
  needs: ["closures", "startup"],
  *run({ closures, startup }) {
    const seen = new Set<string>();
    for (const entry of closures.entries) {
      for (const one of closures.of(entry).circular) {
        const key = `${one.at.path}:${one.at.start.line} ${one.name} ${one.level}`;
        if (seen.has(key) || one.level === "type") continue;
        seen.add(key);
        const severity: Severity = one.level === "guarded" ? "note" : one.level === "call" ? "warning" : "error";
        const outcome =
          one.level === "guarded"
            ? "the failure is caught each time, so what is imported here is always off"
            : `\`${entry.written}\` ends with an ImportError`;
        yield {
          message: `\`${one.name}\` is not bound yet: ${one.modulePath} is still being imported when this line imports from it, so ${outcome}. Import it inside the function that uses it, import the module instead of the name, or move what both need into a third module.`,
          subject: `${one.module}.${one.name}`,
          at: one.at,
          severity,
          related: one.chain.slice(0, 10).map(({ at, what }) => ({ ...at, message: what })),
        };
      }
    }
    yield* observed(
      startup,
      "circular-import",
      ({ words }) =>
        `${words["name"]} is used while ${words["module"]}, which binds it, still waits for its own imports: ReferenceError when the process starts. Use it inside a function, or move what both need into a third module.`,
    );
  },
};
