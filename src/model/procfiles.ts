import type { ModelProvider } from "../types/model.ts";
import type { ProcfileModel } from "../types/workflow.ts";
import { locate } from "./data.ts";
import { isProcfile } from "./path-class.ts";

/** The processes of every Procfile. */
export const procfilesProvider: ModelProvider<"procfiles", never> = {
  needs: [],
  facts: ["procfile"],
  build({ files, facts }) {
    const model: ProcfileModel = { processes: [] };
    for (const entry of files.entries) {
      if (entry.ignored || !isProcfile(entry.path)) continue;
      const fact = facts.get("procfile", entry.path);
      for (const { name, command, start, end } of fact?.lines ?? [])
        model.processes.push({
          name,
          command,
          at: locate(entry.path, { lineStarts: fact?.lineStarts ?? [0] }, { start, end }),
        });
    }
    return model;
  },
  isEmpty: (model) => model.processes.length === 0,
};
