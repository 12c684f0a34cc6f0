import type { Check } from "../../types/rule.ts";

export const plaintextSecret: Check<"secrets", "secrets/plaintext-secret"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    for (const { name, at, service } of secrets.plain)
      yield {
        message: `${name}${service === null ? "" : ` of ${service}`} is written out where everybody who reads the repository sees it. Move it to the secret store and map it.`,
        subject: name,
        at,
      };
  },
};
