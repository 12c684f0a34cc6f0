import type { Check } from "../../types/rule.ts";

export const secretNotAccessible: Check<"secrets", "secrets/secret-not-accessible"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    for (const { name, service, account, at, other } of secrets.refused)
      yield {
        message: `${service} reads the secret "${name}" as the service account ${account}, and no grant of this module lets that account read it: Cloud Run refuses the deploy. Add a google_secret_manager_secret_iam_member with roles/secretmanager.secretAccessor for it.`,
        subject: name,
        at,
        related: [{ ...other, message: "a grant for another secret or account" }],
      };
  },
};
