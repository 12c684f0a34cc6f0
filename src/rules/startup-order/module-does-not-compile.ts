import type { Severity } from "../../types/finding.ts";
import type { Check } from "../../types/rule.ts";

/** Files that a build or a deploy reads by their name, whatever a start imports. */
const deployed =
  /^(?:(?!.*(?:^|\/)(?:tests?|fixtures?|examples?|docs?)\/).*\/)?(?:(?:docker-)?compose[\w.-]*\.ya?ml|[\w.-]*Dockerfile[\w.-]*|package\.json|requirements[\w.-]*\.txt|pyproject\.toml)$/;

export const moduleDoesNotCompile: Check<"brokenSources", "startup-order/module-does-not-compile"> = {
  needs: ["brokenSources"],
  *run({ brokenSources }) {
    // Python stops at the first of a kind; the others are mended with it.
    const told = new Set<string>();
    for (const one of brokenSources.broken) {
      const kind = `${one.at.path} ${one.what}`;
      if (told.has(kind)) continue;
      told.add(kind);
      const { at, what, since, version, entry, level, chain } = one;
      const severity: Severity =
        entry === null
          ? deployed.test(at.path)
            ? "error"
            : "note"
          : level === "guarded"
            ? "note"
            : level === "start-up"
              ? "error"
              : "warning";
      const newer = since === null ? "" : `, which Python ${since} brought and the image's ${version} refuses`;
      const outcome =
        entry === null
          ? `whatever reads ${at.path} refuses it`
          : level === "start-up"
            ? `\`${entry.written}\` ends with a SyntaxError when it imports ${at.path}`
            : `${at.path} cannot be imported`;
      const judge = /\.pyi?$/.test(at.path)
        ? ", and run `python -m compileall` in the workflow: it judges every file"
        : "";
      yield {
        message: `${what.charAt(0).toUpperCase()}${what.slice(1)}${newer}: ${outcome}. Mend the syntax${judge}.`,
        subject: at.path,
        at,
        severity,
        related: chain.slice(-9).map(({ at: place, what: message }) => ({ ...place, message })),
      };
    }
  },
};
