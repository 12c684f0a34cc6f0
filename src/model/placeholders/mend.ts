import type { PlaceholderHit } from "../../types/placeholders.ts";
import type { Format } from "./formats.ts";
import type { Judged } from "./judged.ts";

/** One mend by format, a sentence. */
export function mendOf(
  judged: Judged,
  format: Format,
  hit: PlaceholderHit,
  kind: string | null,
  isDefault: boolean,
): string {
  if (judged.rule === "weak-default")
    return `Write \`\${${hit.name}:?set ${hit.name}}\`, so that a missing value stops the start.`;
  if (judged.rule === "dummy-identifier") return "Write the real value, or take it from a variable of the environment.";
  if (judged.rule === "encoded-placeholder" || (format === "kubernetes" && kind === "Secret"))
    return "Take the value from the secret store (ExternalSecret, or `secretKeyRef` to a Secret that is made at deploy time).";
  const reference = judged.rule === "unrendered-reference";
  switch (format) {
    case "dotenv":
      if (reference && hit.shape === "dollar-brace")
        return "Write the value, or render what kustomize builds (`kustomize build … | envsubst -no-unset`).";
      return "Set it from the secret store or the platform's settings, or rename the file to `.example` if it is not deployed.";
    case "tfvars":
      return reference
        ? "Values files are literal: move the expression to `locals`."
        : "Write the real value, or pass it as `TF_VAR_…` in the deploy step.";
    case "terraform":
      return "Write the real value, or make it a variable without a default.";
    case "alertmanager":
    case "prometheus":
      return reference
        ? "Use the `…_file` options, or render the file before it is mounted."
        : "Write the real value, or use the `…_file` options.";
    case "compose":
      return "Write `${X:?set X}` and set X where compose runs.";
    case "kubernetes":
    case "kustomization":
      return reference
        ? "Render the manifest in the deploy step (`envsubst -no-unset`), or write the value."
        : "Write the real value, or let an overlay or the deploy step set it.";
    case "helm-values":
      return isDefault
        ? "Use `required` in the template, so that an unset value stops the install."
        : "Set it in the values file of the environment, or with `--set` in the deploy step.";
    case "dotnet":
    case "web-config":
      return reference
        ? "Add the file to the `sources` of the replace step, or set the value as an environment variable."
        : "Set the value in the environment's settings (environment variable, key vault).";
    case "spring":
      return "Write `${NAME}` and set NAME in the environment.";
    case "workflow":
      return "Write the real value, or read it from `vars`.";
    case "cloudformation":
      return "Use `!Sub`, or a parameter.";
    default:
      return "Write the real value, or render the file in the deploy step.";
  }
}
