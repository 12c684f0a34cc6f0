import type { EntryModel } from "../../types/entry.ts";
import type { FactReader } from "../../types/facts.ts";
import type { Image } from "../../types/image.ts";
import type { ClosureModel, ImportModel } from "../../types/imports.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { ENV_FILE, envFilesOf, reachOf } from "./closed-containers.ts";

export interface StartVariables {
  /** Variables that the scripts of some image export, or that an env file in it gives a program which reads it. */
  names: ReadonlySet<string>;
  /** Files that run below a program which sets variables that no file shows: `doppler run -- …`. */
  open: ReadonlySet<RepoPath>;
}

/** What processes get while their image starts, whatever the deploy gives. */
export function startVariables(input: {
  files: FileTree;
  facts: FactReader;
  images: readonly Image[];
  entries: EntryModel;
  closures: ClosureModel;
  imports: ImportModel;
}): StartVariables {
  const names = new Set<string>();
  const open = new Set<RepoPath>();
  for (const point of input.entries.points) {
    for (const name of point.variables) names.add(name);
    const image = input.images.find((one) => one.build.id === point.build);
    const envFiles = image ? envFilesOf(image, input.files) : [];
    const isOpen = point.setters.some((one) => !ENV_FILE.test(one));
    if (!isOpen && envFiles.length === 0) continue;
    const { reach, loads } = reachOf(point, input);
    if (isOpen) for (const path of reach.keys()) open.add(path);
    if (loads || point.setters.length > 0)
      for (const path of envFiles)
        for (const { name } of input.facts.get("dotenv", path)?.entries ?? []) names.add(name);
  }
  return { names, open };
}
