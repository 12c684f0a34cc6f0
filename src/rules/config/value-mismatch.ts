import type { Report, Undecided } from "../../types/finding.ts";
import type { Check } from "../../types/rule.ts";
import type { Setting, SettingsModel } from "../../types/settings.ts";
import {
  declaredExpectations,
  type Expectation,
  judgeValue,
  labelled,
  nameTest,
  parseWish,
  place,
  shown,
} from "./expectations.ts";

interface Options {
  values?: string[];
  environment?: string;
}

export const valueMismatch: Check<"settings" | "config", "config/value-mismatch"> = {
  needs: ["settings", "config"],
  *run({ settings, config }, given) {
    const { values = [], environment = "" } = given as Options;
    if (values.length === 0) {
      for (const [name, wanted] of declaredExpectations(config))
        if (settings.only === null || settings.only === name) yield* judgeAll(settings, name, wanted);
      return;
    }
    const wanted: Expectation[] = [];
    for (const text of values) {
      const one = parseWish(text);
      if (one) wanted.push(one);
      else
        yield {
          undecided: `\`${text}\` is no wish that can be checked.`,
          remedy: "Write `NAME = x`, `NAME in a, b`, `NAME matches ^x`, `NAME >= 1`, `NAME <= 9` or `NAME is set`.",
        };
    }
    const names =
      environment === ""
        ? [...new Set([...Object.keys(config.config.environments), ...settings.environments])]
        : [environment];
    if (names.length === 0) yield nothingSeen("any environment");
    for (const name of names)
      if (settings.only === null || settings.only === name) yield* judgeAll(settings, name, wanted);
  },
};

function nothingSeen(environment: string): Undecided {
  return {
    undecided: `no file or command was found that gives values to ${environment}, so its values are not checked.`,
    remedy: `Name the files under \`environments.${environment.includes(" ") ? "NAME" : environment}.files\` in predeploy.yml.`,
  };
}

function* judgeAll(
  model: SettingsModel,
  environment: string,
  wanted: readonly Expectation[],
): Generator<Report | Undecided> {
  const given = model.settings.filter(
    (one) => one.environment === environment && one.source !== "code" && one.overriddenBy === null,
  );
  const judged = wanted.filter((one) => !one.forbidden);
  if (judged.length === 0) return;
  if (given.length === 0) {
    yield nothingSeen(environment);
    return;
  }
  for (const one of judged) yield* judge(model, environment, one, given);
}

function* judge(
  model: SettingsModel,
  environment: string,
  one: Expectation,
  given: readonly Setting[],
): Generator<Report | Undecided> {
  const test = nameTest(one.name);
  const settings = given.filter((setting) => test(setting.name));
  if (settings.length === 0) {
    const elsewhere = model.settings.filter((setting) => setting.environment === null && test(setting.name));
    const fits = elsewhere.some((setting) => judgeValue(one, setting, model) === null);
    if (one.optional || fits) return;
    if (elsewhere[0]) {
      yield {
        undecided: `${one.name} is set at ${place(elsewhere[0].at)}, and nobody can tell whether ${environment} gets it from there.`,
        remedy: `Name that file under \`environments.${environment}.files\`.`,
      };
      return;
    }
    // A command deploys, whatever its environment is called; a file alone may be for any.
    const open = model.open.find(
      (each) => each.environment === environment || (each.environment === null && each.source === "gcloud"),
    );
    if (open) {
      const of = open.service === null ? "what is deployed" : open.service;
      yield {
        undecided: `no file of ${environment} sets ${one.name}, and ${of} at ${place(open.at)} may have it all the same: ${open.reason}.`,
        remedy: "Set it where it is deployed, or say `optional: true`.",
      };
      return;
    }
    const isPattern = one.name.includes("*");
    yield {
      subject: one.name,
      at: one.at ?? given[0]!.at,
      message: isPattern
        ? `No setting of ${environment} has a name like ${one.name}, so nothing is checked. Correct the pattern, or say \`optional: true\`.`
        : `${environment} must set ${one.name}, and none of its files and commands does. Set it, or say \`optional: true\`.`,
    };
    return;
  }
  let open: string | null = null;
  let decided = false;
  const reported = new Set<string>();
  for (const setting of settings) {
    const judgement = judgeValue(one, setting, model);
    if (judgement === null) decided = true;
    else if ("unknown" in judgement) open ??= `${labelled(setting)} at ${place(setting.at)} ${judgement.unknown}`;
    else {
      decided = true;
      const key = place(setting.at);
      if (reported.has(key)) continue;
      reported.add(key);
      const found = shown(setting);
      yield {
        subject: labelled(setting),
        at: setting.at,
        message: `${setting.name}${setting.service === null ? "" : ` of ${setting.service}`} is ${found === null ? "something else" : `\`${found}\``} in ${environment}, where it must be ${judgement.wrong}. Set it so here, or correct what is declared.`,
        related: one.at ? [{ ...one.at, message: "declared here" }] : [],
      };
    }
  }
  if (!decided && open !== null && !one.optional)
    yield {
      undecided: `${open}, so it cannot be said what ${environment} gets.`,
      remedy: "Set a literal value where it is deployed, or say `optional: true`.",
    };
}
