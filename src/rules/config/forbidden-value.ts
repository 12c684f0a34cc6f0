import type { Report, Severity, Undecided } from "../../types/finding.ts";
import type { Check } from "../../types/rule.ts";
import type { Setting } from "../../types/settings.ts";
import { declaredExpectations, isFalsy, isTruthy, nameTest, place } from "./expectations.ts";

interface Options {
  names?: string[];
  environment?: string;
}

const FIRST = new Set(["BYPASS", "SKIP", "DISABLE", "IGNORE"]);
const SECOND = new Set("STARTUP VALIDATION AUTH SECURITY CHECKS HEALTH MIGRATIONS SSL TLS CSRF".split(" "));

export const forbiddenValue: Check<"settings" | "config", "config/forbidden-value"> = {
  needs: ["settings", "config"],
  *run({ settings, config }, given) {
    const { names = [], environment = "" } = given as Options;
    const own = names.map(nameTest);
    const declared = new Map(
      [...declaredExpectations(config)].map(([name, list]) => [
        name,
        list.filter((one) => one.forbidden).map((one) => ({ ...one, test: nameTest(one.name) })),
      ]),
    );
    const several = servicesByName(settings.settings);
    const seen = new Set<string>();
    for (const one of settings.settings) {
      if (one.source === "code" || one.source === "workflow" || one.overriddenBy !== null) continue;
      // A command deploys, whatever its environment is called; a file alone may be for any.
      if (one.environment === null && one.source !== "gcloud") continue;
      if (environment !== "" && one.environment !== environment) continue;
      const wish = own.length > 0 ? null : declared.get(one.environment ?? "")?.find((wanted) => wanted.test(one.name));
      if (own.length > 0 ? !own.some((test) => test(one.name)) : !wish && !isBypass(one.name)) continue;
      const key = `${place(one.at)}:${one.at.start.column} ${one.name}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const isDeclared = wish !== undefined && wish !== null;
      yield* judge(one, isDeclared || own.length > 0, (several.get(one.name)?.size ?? 0) > 1, wish?.at ?? null);
    }
  },
};

function* judge(
  one: Setting,
  declared: boolean,
  several: boolean,
  wanted: Setting["at"] | null,
): Generator<Report | Undecided> {
  const where = one.environment ?? "what is deployed here";
  if (one.value === null) {
    if (declared)
      yield {
        undecided: `${one.name} is forbidden in ${where}, and at ${place(one.at)} its value is taken from ${one.reference ?? "elsewhere"}.`,
        remedy: "Take it out, or set a literal value.",
      };
    return;
  }
  if (
    INVERSE.has(one.name)
      ? !isFalsy(one.value) || one.value.trim() === ""
      : declared
        ? isFalsy(one.value)
        : !isTruthy(one.value)
  )
    return;
  const production =
    one.environment !== null && /^(?:prod|production|prd|live)$|(?:^|-)prod(?:uction)?(?:-|$)/i.test(one.environment);
  const severity: Severity = declared || production ? "error" : "warning";
  yield {
    subject: several && one.service !== null ? `${one.name}@${one.service}` : one.name,
    at: one.at,
    severity,
    message: `${one.name} is switched on in ${where}${one.service === null ? "" : ` for ${one.service}`}: the start passes without the check that would have stopped it. Remove it, and mend what it hides.`,
    related: wanted ? [{ ...wanted, message: "forbidden here" }] : [],
  };
}

/** Checks that are switched off by a 0. */
const INVERSE = new Set(["NODE_TLS_REJECT_UNAUTHORIZED", "PYTHONHTTPSVERIFY"]);

function isBypass(name: string): boolean {
  if (INVERSE.has(name)) return true;
  if (!/^[A-Z][A-Z0-9_]*$/.test(name)) return false;
  const tokens = name.split("_");
  return tokens.some((token) => FIRST.has(token)) && tokens.some((token) => SECOND.has(token));
}

function servicesByName(settings: readonly Setting[]): Map<string, Set<string | null>> {
  const all = new Map<string, Set<string | null>>();
  for (const one of settings) {
    const services = all.get(one.name) ?? new Set();
    all.set(one.name, services.add(one.service));
  }
  return all;
}
