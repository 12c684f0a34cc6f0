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

/** Controllers that answer their probes at a port of its own, which their published manifests do not list. */
const healthPorts: readonly (readonly [image: RegExp, port: string])[] = [
  // https://kubernetes.github.io/ingress-nginx/user-guide/cli-arguments/ (`--healthz-port`)
  [/(?:^|\/)ingress-nginx\/controller(?:[:@]|$)/, "10254"],
  // https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/configurations/ (`--health-probe-bind-addr`)
  [/(?:^|\/)aws-load-balancer-controller(?:[:@]|$)/, "61779"],
  // https://haproxy-ingress.github.io/docs/configuration/command-line/ (`--healthz-port`)
  [/(?:^|\/)jcmoraisjr\/haproxy-ingress(?:[:@]|$)/, "10253"],
];

/** `containerPorts` only tell: the program listens where it is told to, as by `--health-probe-bind-address=:8081`. */
function opensByItself({ image, command, args, env }: Placed<KubernetesContainer>, port: string): boolean {
  const told = new RegExp(`(?<![\\w.])${port}(?![\\w.])`);
  return (
    [...command, ...args].some(({ text }) => told.test(text)) ||
    env.some(({ value }) => value !== null && told.test(value.text)) ||
    healthPorts.some(([known, its]) => its === port && known.test(image?.text ?? ""))
  );
}

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
    if (numeric && opensByItself(container, port)) continue;
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
