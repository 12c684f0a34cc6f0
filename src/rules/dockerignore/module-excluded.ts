import type { Check } from "../../types/rule.ts";
import { ignoredReport, severityOf, strongest } from "./lost.ts";

export const moduleExcluded: Check<"lostFiles", "dockerignore/module-excluded"> = {
  needs: ["lostFiles"],
  *run({ lostFiles }, options) {
    const ignored = (options as { ignore?: readonly string[] }).ignore ?? [];
    const excluded = lostFiles.lost.filter(
      (one) => one.kind === "module" && one.why.kind === "ignored" && !isIgnored(one.path, ignored),
    );
    for (const lost of strongest(excluded, (one) => `${one.path} ${one.why.at.path}`)) {
      const severity = severityOf(lost.level, lost.deployed);
      if (severity) yield ignoredReport(lost, severity);
    }
  },
};

/** `app.legacy` names a module and what is below it, `app/legacy` the same as a path. */
function isIgnored(path: string, ignored: readonly string[]): boolean {
  return ignored.some((name) => {
    const prefix = name.replace(/\.py$/, "").replaceAll(".", "/").replace(/\/+$/, "");
    const own = path.replace(/(?:\/__init__)?\.\w+$/, "");
    return (
      own === prefix ||
      own.startsWith(`${prefix}/`) ||
      path.startsWith(`${prefix}/`) ||
      `/${own}`.endsWith(`/${prefix}`)
    );
  });
}
