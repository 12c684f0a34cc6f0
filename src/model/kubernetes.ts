import type { KubernetesModel } from "../types/kubernetes.ts";
import type { ModelInput, ModelProvider } from "../types/model.ts";
import { mayBeKubernetes } from "./path-class.ts";
import { place } from "./place.ts";

/** Every Kubernetes object that the repository writes out; templates of charts are not among them. */
export const kubernetesProvider: ModelProvider<"kubernetes", never> = {
  needs: [],
  facts: ["kubernetes"],
  build: (input) => buildObjects(input),
  isEmpty: (model) => model.objects.length === 0,
};

function buildObjects(input: ModelInput<never>): KubernetesModel {
  const charts = input.files.entries.flatMap((entry) =>
    /(?:^|\/)Chart\.ya?ml$/.test(entry.path) ? entry.path.replace(/[^/]*$/, "templates/") : [],
  );
  const objects: KubernetesModel["objects"] = [];
  for (const entry of input.files.entries) {
    const { path } = entry;
    if (entry.ignored || (entry.kind !== "file" && entry.kind !== "executable") || !mayBeKubernetes(path)) continue;
    if (
      /(?:^|\/)(?:node_modules|vendor|third_party|testdata)\//.test(path) ||
      charts.some((templates) => path.startsWith(templates))
    )
      continue;
    const fact = input.facts.get("kubernetes", path);
    if (!fact) continue;
    if (fact.objects.length > 0 && fact.errors.length > 0)
      input.noteUnread(path, "the manifest is not valid YAML to its end");
    objects.push(...place(fact.objects, path, fact.lineStarts).map((object) => ({ ...object, path })));
  }
  return { objects };
}
