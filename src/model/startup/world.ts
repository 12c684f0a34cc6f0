import type { CodePlace } from "../../types/code.ts";
import type { ModelInput } from "../../types/model.ts";
import type { Location } from "../../types/text.ts";
import type { Lowering } from "./lower.ts";
import type { LoweredRoot } from "./roots.ts";

/** What the parts of the model share. */
export interface StartupWorld {
  lowering: Lowering;
  entries: readonly LoweredRoot[];
  locate(place: CodePlace): Location;
  input: ModelInput<"entries">;
}
