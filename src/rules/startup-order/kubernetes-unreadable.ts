import type { Check } from "../../types/rule.ts";

export const kubernetesUnreadable: Check<"kubernetes", "startup-order/kubernetes-unreadable"> = {
  needs: ["kubernetes"],
  *run({ kubernetes }) {
    for (const { path, message, at, example } of kubernetes.broken)
      yield {
        ...(example ? { severity: "note" as const } : {}),
        message: `This manifest is not valid YAML, so \`kubectl apply\` refuses it or stops there: ${message}`,
        subject: path,
        at,
      };
  },
};
