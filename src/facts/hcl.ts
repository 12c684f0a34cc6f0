import { parseHcl, prepareHcl } from "../sources/hcl.ts";
import type { Extractor } from "../types/facts.ts";

/** HCL (Terraform, tfvars) as blocks and attributes. */
export const hclExtractor: Extractor<"hcl"> = {
  kind: "hcl",
  memoryOnly: true,
  version: 1,
  prepare: prepareHcl,
  extract: (source) => parseHcl(source.text()),
};
