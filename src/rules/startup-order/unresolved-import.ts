import type { Report } from "../../types/finding.ts";
import type { ReachedImport, StartupEntry } from "../../types/imports.ts";
import type { Check } from "../../types/rule.ts";

export const unresolvedImport: Check<"closures", "startup-order/unresolved-import"> = {
  needs: ["closures"],
  *run({ closures }) {
    const seen = new Set<string>();
    for (const entry of closures.entries) {
      for (const found of closures.of(entry).imports) {
        const { miss, at } = found;
        if (!miss || found.level !== "start-up" || (miss.kind !== "module" && miss.kind !== "name")) continue;
        const key = `${at.path}:${at.start.line} ${miss.wanted}`;
        if (seen.has(key)) continue;
        seen.add(key);
        yield report(found, miss, entry);
      }
    }
  },
};

function report(found: ReachedImport, miss: NonNullable<ReachedImport["miss"]>, entry: StartupEntry): Report {
  const what = miss.kind === "name" ? "no such name exists" : "no such module exists";
  const nearest = miss.nearest ? ` Did you mean \`${miss.nearest}\`?` : "";
  const end =
    entry.language === "python" ? "the process ends with an ImportError" : "the build fails, or the process ends there";
  return {
    message: `\`${miss.wanted}\` is imported while \`${entry.written}\` starts, and ${what} (${miss.detail}): ${end}.${nearest}`,
    subject: miss.wanted,
    at: found.at,
    related: found.chain
      .slice(0, -1)
      .slice(-9)
      .map(({ at, what: step }) => ({ ...at, message: step })),
  };
}
