import type { Check } from "../../types/rule.ts";

export const secretVersionUnusable: Check<"secrets", "secrets/secret-version-unusable"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    for (const { namespace, status, name, environment, first, others, asked } of secrets.names) {
      if (namespace !== "store" || status !== "provided") continue;
      const listed = asked.flatMap((one) => one.names).find((one) => one.name === name);
      if (!listed) continue;
      for (const { version = "latest", at } of [first, ...others]) {
        const reason = listed.unusable ?? stateOf(listed.versions, version);
        if (reason === null) continue;
        yield {
          message: `"${name}" of ${environment} exists and cannot be read: ${reason}. The deploy is refused, or the service does not start. Add a version, or name a good one.`,
          subject: name,
          at,
          severity: "error",
        };
        break;
      }
    }
  },
};

/** Why a version cannot be read; null where it can, or where nobody lists the states. `latest` is the highest number, whatever its state. */
function stateOf(versions: ReadonlyMap<string, string> | null, version: string): string | null {
  if (versions === null) return null;
  const told = versions.get(version);
  if (told !== undefined) return told === "enabled" ? null : stateWords(version, told);
  if (version !== "latest" && !/^\d+$/.test(version)) return null;
  const numbers = [...versions.keys()].filter((one) => /^\d+$/.test(one)).map(Number);
  const asked = version === "latest" ? String(Math.max(...numbers)) : version;
  const state = versions.get(asked);
  if (state === undefined) return `there is no version ${asked}`;
  return state === "enabled" ? null : stateWords(version === "latest" ? `${asked} (the latest)` : asked, state);
}

function stateWords(version: string, state: string): string {
  if (state !== "absent")
    return version === "latest" ? `the latest version is ${state}` : `version ${version} is ${state}`;
  return version === "latest" ? "it has no version at all" : `there is no version ${version}`;
}
