import type { FactKind, FactReader } from "../types/facts.ts";
import type { LanguageFront } from "../types/imports.ts";
import type { FileTree } from "../types/workspace.ts";
import { javascriptFront } from "./javascript/front.ts";
import { pythonFront } from "./python/front.ts";

/** The facts that the fronts ask for; closures of JavaScript need `javascript-code` besides. */
export const importFacts: readonly FactKind[] = ["python-imports", "python-syntax", "javascript-imports", "lines"];

/** Every language whose imports are followed. */
export function frontsFor(files: FileTree, facts: FactReader): LanguageFront[] {
  return [pythonFront(files, facts), javascriptFront(files, facts)];
}
