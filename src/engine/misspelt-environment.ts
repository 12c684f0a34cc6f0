import { editDistance } from "../text/nearest.ts";
import type { UndecidedRule } from "../types/finding.ts";
import type { ConfigModel, RunOptions } from "../types/model.ts";
import type { SettingsModel } from "../types/settings.ts";

/**
 * What a run for one environment leaves open where its name is another's but for one letter: it looked at nothing of that environment. Null
 * where predeploy.yml has environments, which the name was held against, and for a name that is no slip, as `uat2` beside `uat`.
 */
export function misspeltEnvironment(
  { environment }: Pick<RunOptions, "environment">,
  { config }: Pick<ConfigModel, "config">,
  { environments }: Pick<SettingsModel, "environments">,
): UndecidedRule | null {
  if (environment === null || Object.keys(config.environments).length > 0 || environments.includes(environment))
    return null;
  const isSlip = (name: string): boolean =>
    !/\d/.test(`${name}${environment}`) && editDistance(name.toLowerCase(), environment.toLowerCase(), 1) <= 1;
  const meant = environments.find(isSlip);
  if (meant === undefined) return null;
  return {
    rule: "predeploy/environment",
    reason: `nothing here is about an environment "${environment}", so nothing of one was checked. Did you mean "${meant}"?`,
    remedy: "Name an environment that is here (`predeploy show environments`), or write it in predeploy.yml.",
  };
}
