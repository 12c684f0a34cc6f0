import type { Report, Undecided } from "../../types/finding.ts";
import type { Check } from "../../types/rule.ts";
import type { SecretsModel } from "../../types/secret-reference.ts";
import type { Location } from "../../types/text.ts";
import { quotedList } from "./reporting.ts";

export const requiredNotProvided: Check<"secrets" | "config", "secrets/required-not-provided"> = {
  needs: ["secrets", "config"],
  *run({ secrets, config }, { names = [], environment: only = "" }) {
    for (const [environment, { requires }] of Object.entries(config.config.environments)) {
      const wanted = names.length === 0 ? requires : only === "" || only === environment ? names : [];
      if (wanted.length > 0 && isUnknown(secrets, environment)) {
        // That an inventory cannot be read is said once, where it is named.
        if (secrets.unreadable.some((one) => one.environment === environment)) continue;
        yield {
          undecided: `${environment} must have ${quotedList(wanted)}, and no inventory and no deploy here says what it gets.`,
          remedy: `Say under \`environments.${environment}.inventory\` what exists there.`,
        };
      } else if (names.length === 0) {
        for (const [index, name] of requires.entries())
          yield* judge(secrets, environment, name, config.locate(["environments", environment, "requires", index]));
      } else if (only === "" || only === environment) {
        const at = secrets.inventories.find((one) => one.environment === environment)?.at;
        for (const name of names)
          yield* judge(secrets, environment, name, at ?? config.locate(["environments", environment]));
      }
    }
    if (names.length > 0 && !Object.keys(config.config.environments).some((one) => only === "" || only === one))
      yield {
        undecided: `a team's rule wants ${quotedList(names)}, and predeploy.yml has no ${only === "" ? "environment" : `environment ${only}`} with an inventory.`,
        remedy: "Say under `environments.NAME.inventory` what exists there.",
      };
  },
};

const isUnknown = ({ inventories, edges }: SecretsModel, environment: string): boolean =>
  edges.length === 0 && !inventories.some((one) => one.environment === environment);

function* judge(secrets: SecretsModel, environment: string, name: string, at: Location): Generator<Report | Undecided> {
  const inventories = secrets.inventories.filter((one) => one.environment === environment);
  const known = inventories.flatMap((one) => one.names);
  const given =
    known.some((one) => one.name === name || one.name.endsWith(`/${name}`)) ||
    secrets.edges.some(
      (edge) => edge.to.name === name && (edge.environments === null || edge.environments.includes(environment)),
    );
  if (given) return;
  const unread = secrets.unreadable.find((one) => one.environment === environment);
  if (unread) {
    yield {
      undecided: `${environment} must have "${name}", and its inventory (${unread.label}) cannot be read: ${unread.reason}`,
      remedy: unread.remedy ?? "Write the list anew, or take the entry out of predeploy.yml.",
    };
    return;
  }
  const complete = inventories.length > 0 && inventories.every((one) => one.complete);
  yield {
    message: `${environment} must have "${name}", and no inventory${inventories.length > 0 ? ` (${quotedList(inventories.map((one) => one.label))})` : ""} and no deploy gives it. Create it.`,
    subject: name,
    at,
    severity: complete ? "error" : "warning",
  };
}
