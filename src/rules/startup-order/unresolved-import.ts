import type { Report } from "../../types/finding.ts";
import type { ReachedImport, StartupEntry } from "../../types/imports.ts";
import type { Check } from "../../types/rule.ts";

/** The way to the import, and others that want the same. */
const maximumPlaces = 20;

export const unresolvedImport: Check<"closures" | "builds", "startup-order/unresolved-import"> = {
  needs: ["closures", "builds"],
  *run({ closures, builds }) {
    const seen = new Set<string>();
    // One file that is gone is one finding, however many import it.
    const byAbsence = new Map<string, Report>();
    // A Dockerfile that nothing names may be what is deployed by something that is not here.
    const aside = new Set(
      builds.builds.flatMap(({ id, deployed, origin }) => (deployed || origin === "search" ? [] : id)),
    );
    const isAside = ({ build }: StartupEntry): boolean => build !== null && aside.has(build);
    // What is deployed comes first: the finding is told once, of the first that has it.
    for (const entry of [...closures.entries].sort((a, b) => Number(isAside(a)) - Number(isAside(b)))) {
      for (const found of closures.of(entry).imports) {
        const { miss, at } = found;
        if (!miss || found.level !== "start-up" || (miss.kind !== "module" && miss.kind !== "name")) continue;
        const key = `${at.path}:${at.start.line} ${miss.wanted}`;
        if (seen.has(key)) continue;
        seen.add(key);
        const absence = `${miss.kind} ${miss.detail} ${miss.wanted.split(/[./]+/).at(-1)}`;
        const first = byAbsence.get(absence);
        if (first) first.related?.push({ ...at, message: `\`${miss.wanted}\` is imported here, too` });
        else byAbsence.set(absence, { ...report(found, miss, entry), ...(isAside(entry) && { severity: "warning" }) });
      }
    }
    for (const { related = [], ...rest } of byAbsence.values())
      yield { ...rest, related: related.slice(0, maximumPlaces) };
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
