import { parseHcl, prepareHcl } from "../sources/hcl.ts";
import type { Extractor } from "../types/facts.ts";

/** HCL (Terraform, tfvars) as blocks and attributes. */
export const hclExtractor: Extractor<"hcl"> = {
  kind: "hcl",
  memoryOnly: true,
  version: 1,
  prepare: () => prepareHcl(),
  claims: (path) => /\.(?:tf|hcl|tfvars|nomad)$/i.test(path),
  extract: (source) => parseHcl(source.text()),
};
