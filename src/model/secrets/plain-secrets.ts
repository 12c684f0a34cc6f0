import type { KubernetesModel } from "../../types/kubernetes.ts";
import type { Location } from "../../types/text.ts";
import { isExampleOrTest } from "../path-class.ts";
import { isPlaceholderValue } from "./placeholder-value.ts";

const SECRET =
  /(?:^|_)(?:SECRET|PASSWORD|PASSWD|PASSPHRASE|PRIVATE_KEY|API_KEY|APIKEY|(?:ACCESS|AUTH|API|BOT|REFRESH|BEARER|DEPLOY|SERVICE|ADMIN)_TOKEN|SECRET_KEY|SIGNING_KEY|ENCRYPTION_KEY)$/i;

/** Whether a variable named like a secret holds a value that looks like one: nothing of the value leaves this function. */
export function isPlainSecret(name: string, value: string): boolean {
  const text = value.trim();
  return (
    SECRET.test(name) &&
    !/PUBLIC|PUBLISHABLE|EXAMPLE|_FILE$|_PATH$|_NAME$|TEST/i.test(name) &&
    text.length >= 12 &&
    /[0-9]/.test(text) &&
    /[A-Za-z]/.test(text) &&
    !/[$`{}<>\s]|^(?:\/|https?:|projects\/|arn:|true$|false$)|example|test|dummy|fake|change|local|default|password/i.test(
      text,
    ) &&
    !isPlaceholderValue(text)
  );
}

/** Secrets that manifests of Kubernetes and Cloud Run write out in `env`. */
export function plainSecrets(
  { objects }: KubernetesModel,
  literals: readonly { name: string; at: Location; service: string | null }[],
): { name: string; at: Location; service: string | null }[] {
  const found = [...literals];
  for (const object of objects) {
    if (isExampleOrTest(object.path)) continue;
    for (const container of [...(object.pod?.containers ?? []), ...(object.pod?.initContainers ?? [])])
      for (const { name, value } of container.env)
        if (value && isPlainSecret(name, value.text))
          found.push({ name, at: value.at, service: object.name?.text ?? null });
  }
  return found;
}
