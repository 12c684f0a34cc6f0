import { directoryOf } from "../text/paths.ts";
import type { KubernetesModel } from "../types/kubernetes.ts";
import type { ModelInput, ModelProvider } from "../types/model.ts";
import type { RepoPath } from "../types/text.ts";
import { locate } from "./data.ts";
import {
  isExampleOrTest,
  isForDevelopment,
  isHelmChart,
  isHelmTemplate,
  isYaml,
  mayBeKubernetes,
} from "./path-class.ts";
import { place } from "./place.ts";

/** Every Kubernetes object that the repository writes out; templates of charts are not among them. */
export const kubernetesProvider: ModelProvider<"kubernetes", never> = {
  needs: [],
  facts: ["kubernetes"],
  build: (input) => buildObjects(input),
  isEmpty: (model) => model.objects.length === 0 && model.templates.length === 0,
};

/** Endings of manifests and of their templates; most files of a repository have others. */
const MAY_BE_MANIFEST = /\.(?:ya?ml|json|tpl|txt)$/i;

function buildObjects(input: ModelInput<never>): KubernetesModel {
  const charts = new Set(
    input.files.entries.flatMap((entry) => (isHelmChart(entry.path) ? [directoryOf(entry.path)] : [])),
  );
  const model: KubernetesModel = { objects: [], templates: [], broken: [] };
  for (const { path, kind, ignored } of input.files.entries) {
    if (ignored || (kind !== "file" && kind !== "executable")) continue;
    if (!MAY_BE_MANIFEST.test(path)) continue;
    const chart = isHelmTemplate(path) || inTemplates(path, charts);
    if (!mayBeKubernetes(path) && !(chart && isYaml(path))) continue;
    if (/(?:^|\/)(?:node_modules|vendor|third_party|testdata)\//.test(path)) continue;
    const fact = input.facts.get("kubernetes", path);
    if (!fact) continue;
    const template = chart || fact.template;
    const development = isForDevelopment(path);
    const [error] = fact.errors;
    if (!template && fact.objects.length > 0 && error) {
      input.noteUnread(path, "the manifest is not valid YAML to its end");
      const at = locate(path, fact, { start: error.offset, end: error.offset });
      model.broken.push({ path, message: error.message, at, example: development || isExampleOrTest(path) });
    }
    const objects = place(fact.objects, path, fact.lineStarts).map((object) => ({ ...object, path, development }));
    (template ? model.templates : model.objects).push(...objects);
  }
  return model;
}

function inTemplates(path: RepoPath, charts: ReadonlySet<RepoPath>): boolean {
  for (let directory = directoryOf(path); directory !== ""; directory = directoryOf(directory)) {
    if (directory.endsWith("templates") && charts.has(directoryOf(directory))) return true;
  }
  return false;
}
