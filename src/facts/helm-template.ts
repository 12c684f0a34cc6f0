import { parseHelmTemplate } from "../sources/helm-template.ts";
import type { Extractor } from "../types/facts.ts";

/** The values that a chart's template cannot be rendered without, and where it refuses to be. */
export const helmTemplateExtractor: Extractor<"helm-template"> = {
  kind: "helm-template",
  version: 2,
  extract(source) {
    const text = source.text();
    const speaks = text.includes("required") || /\bfail\b/.test(text) || /\b(?:include|template)\s+"/.test(text);
    return speaks ? parseHelmTemplate(text) : { required: [], fails: [], includes: [], lineStarts: [0] };
  },
};
