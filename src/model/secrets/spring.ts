import type { FactReader } from "../../types/facts.ts";
import type { SecretReference } from "../../types/secret-reference.ts";
import type { FileTree } from "../../types/workspace.ts";
import { locate, scalarsBelow } from "../data.ts";
import { isExampleOrTest } from "../path-class.ts";
import { environmentsIn } from "./environments.ts";
import { referenceTo } from "./found.ts";

const PROPERTIES =
  /(?:^|\/)src\/main\/resources\/(?:config\/)?(?:application|bootstrap)(-[\w-]+)?\.(?:ya?ml|properties)$/;
/** `${X}` with the name of a variable; `${X:default}` has something to fall back on. */
const PLACEHOLDER = /\$\{([A-Z][A-Z0-9_]+)(:[^{}]*)?\}/g;

/** What Spring's property files take from the environment; a file of a profile counts where the environment has that profile's name. */
export function springPlaceholders(files: FileTree, facts: FactReader): SecretReference[] {
  const found: SecretReference[] = [];
  for (const { path, ignored } of files.entries) {
    const match =
      ignored || !path.includes("src/main/resources/") || isExampleOrTest(path) ? null : PROPERTIES.exec(path);
    if (!match) continue;
    const profile = match[1]?.slice(1) ?? null;
    const environments =
      profile === null ? null : environmentsIn(profile).length > 0 ? environmentsIn(profile) : [profile];
    const want = (text: string, at: SecretReference["at"]) => {
      for (const [, name, fallback] of text.matchAll(PLACEHOLDER))
        found.push(
          referenceTo("process", name!, fallback === undefined ? "required" : "optional", `\${${name}}`, at, {
            environments,
          }),
        );
    };
    if (path.endsWith(".properties")) {
      const file = facts.get("properties", path);
      for (const value of file?.values ?? []) want(value.text, locate(path, file!, value));
    } else {
      const file = facts.get("data", path);
      for (const { root } of file?.documents ?? [])
        for (const { scalar } of scalarsBelow(root)) want(scalar.text, locate(path, file!, scalar));
    }
  }
  return found;
}
