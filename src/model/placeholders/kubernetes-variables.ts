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
      if (!container.image || container.envFrom.length > 0 || runsShell(container)) continue;
      const names = new Set(container.env.map((one) => one.name));
      const texts = [
        ...container.command,
        ...container.args,
        ...container.env.flatMap((one) => (one.value ? [one.value] : [])),
      ];
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

function runsShell(container: KubernetesContainer): boolean {
  return [...container.command, ...container.args].some((word) => /(?:^|\/)(?:ba|da|a|z)?sh$|^-\w*c$/.test(word.text));
}
