import type { Check } from "../../types/rule.ts";
import { observed } from "./observed.ts";

/** Variables that are read before the .env file is loaded. */
export const environmentBeforeDotenv: Check<"startup"> = {
  needs: ["startup"],
  run: ({ startup }) =>
    observed(startup, "environment-before-dotenv", ({ words }) =>
      words["direct"] === "yes"
        ? `${words["variable"]} is read before the .env file is loaded, so what the file says of it is not seen. Load the file first.`
        : `This import runs ${words["module"]}, which reads ${words["variable"]} at once; the .env file is loaded only afterwards. Load it before this import.`,
    ),
};
