import { nearestNames } from "../../text/nearest.ts";
import type { Report } from "../../types/finding.ts";
import type { ModelObject } from "../../types/kubernetes.ts";
import type { RouteSet, RoutesModel } from "../../types/routes.ts";
import type { Check } from "../../types/rule.ts";

export const kubernetesProbePathNotServed: Check<
  "kubernetes" | "routes",
  "startup-order/kubernetes-probe-path-not-served"
> = {
  needs: ["kubernetes", "routes"],
  *run({ kubernetes, routes }) {
    for (const object of kubernetes.objects) yield* reports(object, routes);
  },
};

function* reports(object: ModelObject, routes: RoutesModel): Generator<Report> {
  for (const container of object.pod?.containers ?? []) {
    const probes = container.probes.filter(
      (probe) => probe.path !== null && /^\/?[\w./-]*(?:\?.*)?$/.test(probe.path.text),
    );
    if (!container.image || probes.length === 0) continue;
    // Another command may be another program than the one that the image starts.
    const command = [...container.command, ...container.args].map((word) => word.text).join(" ");
    if (
      container.command.length > 0 &&
      !/\b(?:uvicorn|gunicorn|hypercorn|fastapi|flask|python3?|node|npm|yarn|pnpm)\b/.test(command)
    )
      continue;
    const set = routes.ofImage(container.image.text);
    if (!set || set.open !== null || set.paths.length === 0) continue;
    for (const probe of probes) {
      const { path } = probe;
      if (!path || serves(set, path.text)) continue;
      const near = nearestNames(
        path.text,
        set.paths.filter((each) => !each.includes("*")),
        1,
      )[0];
      yield {
        message: `The ${probe.kind} probe of ${container.name?.text ?? "the container"} asks for ${path.text}, which the program of ${set.build} does not serve: it answers 404, and the pod never becomes ready or is restarted for ever.${near === undefined ? "" : ` Did you mean "${near}"?`}`,
        subject: path.text,
        at: path.at,
      };
    }
  }
}

function serves(set: RouteSet, written: string): boolean {
  const path = `/${written}`
    .replace(/\?.*$/, "")
    .replace(/\/{2,}/g, "/")
    .replace(/\/$/, "");
  const segments = path.split("/");
  return set.paths.some((pattern) => {
    if (pattern.endsWith("/**")) return path === pattern.slice(0, -3) || path.startsWith(pattern.slice(0, -2));
    const parts = pattern.split("/");
    return parts.length === segments.length && parts.every((part, index) => part === "*" || part === segments[index]);
  });
}
