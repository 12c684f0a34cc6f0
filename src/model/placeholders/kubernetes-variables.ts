import { positionAt } from "../../text/positions.ts";
import type { KubernetesContainer } from "../../types/kubernetes.ts";
import type { ModelInput } from "../../types/model.ts";
import type { Candidate } from "./findings.ts";
import type { Inspected } from "./inspect.ts";

/** `$(X)` in command, args or env of a container that has no variable X: Kubernetes leaves the text as it is. */
export function unsetContainerVariables(file: Inspected, input: Pick<ModelInput<never>, "facts">): Candidate[] {
  const objects = input.facts.get("kubernetes", file.path);
  const found: Candidate[] = [];
  for (const object of objects?.objects ?? []) {
    for (const container of [...(object.pod?.initContainers ?? []), ...(object.pod?.containers ?? [])]) {
      // Without an image it is a patch: the rest of the container stands elsewhere.
      if (!container.image || container.envFrom.length > 0) continue;
      const names = new Set(container.env.map((one) => one.name));
      const texts = [...argumentsOf(container), ...container.env.flatMap((one) => (one.value ? [one.value] : []))];
      for (const text of texts) {
        for (const match of text.text.matchAll(/(?<!\$)\$\(([A-Z][A-Z0-9_]*)\)/g)) {
          const name = match[1] ?? "";
          if (names.has(name) || /_(?:SERVICE_HOST|SERVICE_PORT\w*|PORT\w*)$/.test(name)) continue;
          const start = positionAt(objects?.lineStarts ?? [0], text.start);
          const end = positionAt(objects?.lineStarts ?? [0], text.end);
          found.push({
            line: start.line,
            rule: "unresolved-reference",
            severity: "error",
            at: { path: file.path, start, end },
            subject: name,
            key: container.name?.text ?? null,
            tokens: [match[0]],
            because: `the container has no variable ${name}, so Kubernetes leaves the text as it is`,
            remarks: [],
            mend: `Add ${name} to the container's \`env\`.`,
            related: [],
          });
        }
      }
    }
  }
  return found;
}

/** What Kubernetes expands: every argument but the script of a shell, in which `$(X)` runs a command. */
function argumentsOf(container: KubernetesContainer) {
  const words = [...container.command, ...container.args];
  const shell = words.findIndex((word) => /(?:^|\/)(?:ba|da|a|z)?sh$/.test(word.text));
  const option = words.findIndex((word, index) => index > shell && /^-\w*c$/.test(word.text));
  // Without a shell in sight `-c` may stand after the image's own entrypoint.
  return option === -1 ? words : words.filter((_word, index) => index !== option + 1);
}
