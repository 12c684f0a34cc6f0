import { parseHelmTemplate } from "../sources/helm-template.ts";
import type { Extractor } from "../types/facts.ts";

/** The values that a chart's template cannot be rendered without. */
export const helmTemplateExtractor: Extractor<"helm-template"> = {
  kind: "helm-template",
  version: 1,
  extract(source) {
    const text = source.text();
    return text.includes("required") ? parseHelmTemplate(text) : { required: [], lineStarts: [0] };
  },
};
