import { didYouMean } from "../../text/nearest.ts";
import type { Report } from "../../types/finding.ts";
import type { KubernetesContainer, ModelObject } from "../../types/kubernetes.ts";
import type { Placed } from "../../types/placed.ts";
import type { Check } from "../../types/rule.ts";

export const kubernetesProbePortUnknown: Check<"kubernetes", "startup-order/kubernetes-probe-port-unknown"> = {
  needs: ["kubernetes"],
  *run({ kubernetes }) {
    for (const object of kubernetes.objects) {
      const all = [...(object.pod?.containers ?? []), ...(object.pod?.initContainers ?? [])];
      // The containers of a pod share their network: a number may be a neighbour's port, a name may not.
      const open = all.flatMap((each) => each.ports.flatMap((port) => port.number?.text ?? []));
      for (const container of all) yield* reports(object, container, open);
    }
  },
};

function* reports(
  object: ModelObject,
  container: Placed<KubernetesContainer>,
  open: readonly string[],
): Generator<Report> {
  // A container without an image is a patch: its ports stand elsewhere.
  if (container.ports.length === 0 || !container.image) return;
  const names = container.ports.flatMap((port) => port.name?.text ?? []);
  const numbers = container.ports.flatMap((port) => port.number?.text ?? []);
  // A number that is filled in later may be any.
  if ([...names, ...numbers].some((text) => /[$_{<]/.test(text) && !/^[a-z0-9-]+$/.test(text))) return;
  for (const probe of container.probes) {
    if (!probe.port || probe.type === "none" || probe.type === "exec") continue;
    const port = probe.port.text;
    const numeric = /^\d+$/.test(port);
    if (!numeric && !/^[A-Za-z0-9-]+$/.test(port)) continue;
    if (numeric ? open.includes(port) || object.pod?.hostNetwork : names.includes(port)) continue;
    const known = container.ports
      .map((each) => [each.name?.text, each.number?.text].filter(Boolean).join("/"))
      .join(", ");
    const who =
      `the ${probe.kind} probe of ${container.name?.text ?? "the container"} in ${object.kind} ${object.name?.text ?? ""}`.trimEnd();
    yield {
      message: numeric
        ? `Port ${port} of ${who} is none of its containerPorts (${known}): if nothing listens there, the pod never becomes ready or is restarted for ever.`
        : `"${port}", the port of ${who}, is the name of none of its ports (${known}): the probe always fails, and the pod never becomes ready or is restarted for ever.${didYouMean(port, names)}`,
      subject: port,
      at: probe.port.at,
      severity: !numeric ? "error" : object.development ? "note" : "warning",
    };
  }
}
