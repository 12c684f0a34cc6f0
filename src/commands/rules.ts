import { commandless, terminal as escaped, jsonText } from "../reports/escape.ts";
import { families } from "../rules/families.generated.ts";
import { type CheckOptions, openRepository } from "./check.ts";

/** What `predeploy rules` prints: every rule as the repository's config sets it. Throws UsageError. */
export async function listRules(options: CheckOptions, format: "text" | "json"): Promise<string> {
  const { rules } = await openRepository(options);
  const rows = await Promise.all(
    rules.map(async ({ descriptor, severity }) => {
      const check = (await families[descriptor.check.split("/")[0]!]?.())?.[descriptor.check];
      return {
        id: descriptor.id,
        severity,
        default: descriptor.severity,
        needs: [...(check?.needs ?? [])],
        title: descriptor.title,
      };
    }),
  );
  if (format === "json") return `${jsonText({ version: 1, rules: rows })}\n`;
  const width = Math.max(...rows.map((row) => row.id.length));
  const lines = rows.map(
    (row) => `${row.id.padEnd(width)}  ${row.severity.padEnd(7)}  ${row.title}  [needs ${row.needs.join(", ")}]`,
  );
  return commandless(lines.map((line) => `${escaped(line)}\n`).join(""));
}
