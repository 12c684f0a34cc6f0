import type { ImportModel } from "../types/imports.ts";
import type { ModelProvider } from "../types/model.ts";
import { frontsFor, importFacts } from "./import-fronts.ts";

/** What each file imports, by its text alone; one file at a time, when asked. */
export const importsProvider: ModelProvider<"imports"> = {
  needs: [],
  facts: importFacts,
  build({ files, facts }): ImportModel {
    const fronts = frontsFor(files, facts);
    const paths = files.entries
      .filter(
        (entry) => !entry.ignored && entry.kind !== "submodule" && fronts.some((front) => front.handles(entry.path)),
      )
      .map((entry) => entry.path);
    return { paths, of: (path) => fronts.find((front) => front.handles(path))?.importsOf(path) ?? [] };
  },
  isEmpty: (model) => model.paths.length === 0,
};
