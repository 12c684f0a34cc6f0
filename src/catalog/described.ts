import type { RuleDescriptor } from "../types/rule.ts";
import { texts } from "./texts.generated.ts";

/** A rule of the catalog. Its long texts are looked up when a report or an explanation asks: a clean run loads none of them. */
export function described(
  id: RuleDescriptor["id"],
  severity: RuleDescriptor["severity"],
  title: string,
  options: RuleDescriptor["options"] = {},
  check = id,
): RuleDescriptor {
  return {
    id,
    severity,
    title,
    options,
    check,
    examples: [],
    get why() {
      return texts[id]!.why;
    },
    get fix() {
      return texts[id]!.fix;
    },
  };
}
