import { inRepository } from "../../text/paths.ts";
import type { DataFile, DataNode } from "../../types/data.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { entriesOf, entryOf, itemsOf, textOf, valueAt } from "../data.ts";
import type { WorkflowCall } from "./workflow.ts";
import { fill, isWorkflowPath, makesFiles, matrixOf } from "./workflow.ts";

interface Call {
  from: RepoPath;
  job: DataNode;
  with: DataNode | null;
  made: boolean;
}

const MOST_CALLS = 24;
/** Workflows call actions that call actions: deeper ones are left alone. */
const MOST_DEPTH = 3;

/** The calls of each workflow and composite action of the repository. What only other repositories call has none: its defaults are for those. */
export function makeWorkflowCalls(
  tree: FileTree,
  read: (path: RepoPath) => DataFile | null,
): (path: RepoPath) => readonly WorkflowCall[] {
  let calls: ReadonlyMap<RepoPath, readonly Call[]> | null = null;
  const known = new Map<RepoPath, readonly WorkflowCall[]>();

  function of(path: RepoPath, depth: number): readonly WorkflowCall[] {
    const before = known.get(path);
    if (before) return before;
    calls ??= callsIn(tree, read);
    const defaults = defaultsOf(read(path)?.documents[0]?.root);
    const found = (calls.get(path) ?? []).flatMap((call): WorkflowCall[] => {
      const around = depth < MOST_DEPTH ? of(call.from, depth + 1) : [];
      const outer = around.length > 0 ? around.map(({ inputs }) => inputs) : [new Map<string, string>()];
      return matrixOf(call.job).flatMap((one) =>
        outer.map((inputs) => {
          const values = new Map([...one, ...inputs]);
          const given = entriesOf(call.with).map(
            ({ key, value }) => [`inputs.${key.text}`, fill(textOf(value) ?? "", values)] as const,
          );
          return { inputs: new Map([...defaults, ...given]), made: call.made };
        }),
      );
    });
    const all = found.slice(0, MOST_CALLS);
    known.set(path, all);
    return all;
  }

  return (path) => of(path, 0);
}

function callsIn(tree: FileTree, read: (path: RepoPath) => DataFile | null): ReadonlyMap<RepoPath, readonly Call[]> {
  const found = new Map<RepoPath, Call[]>();
  const add = (uses: string, call: Call): void => {
    const local = /^\.\/(.+)$/.exec(uses)?.[1];
    const target = local === undefined ? null : inRepository("", local);
    if (target === null) return;
    const path = [target, `${target}/action.yml`, `${target}/action.yaml`].find((one) => tree.has(one));
    if (path !== undefined) found.set(path, [...(found.get(path) ?? []), call]);
  };
  for (const { path, ignored } of tree.entries) {
    if (ignored || !isWorkflowPath(path)) continue;
    const root = read(path)?.documents[0]?.root;
    const runs = entryOf(root, "runs")?.value;
    for (const job of [...entriesOf(entryOf(root, "jobs")?.value).map(({ value }) => value), ...(runs ? [runs] : [])]) {
      const called = textOf(entryOf(job, "uses")?.value);
      if (called !== null) add(called, { from: path, job, with: valueAt(job, "with"), made: false });
      let made = false;
      for (const step of itemsOf(entryOf(job, "steps")?.value)) {
        const uses = textOf(entryOf(step, "uses")?.value);
        if (uses?.startsWith("./")) add(uses, { from: path, job, with: valueAt(step, "with"), made });
        made ||= entryOf(step, "run") !== null || makesFiles(step, uses);
      }
    }
  }
  return found;
}

/** The inputs that a reusable workflow or a composite action declares; nothing for those without a default. */
function defaultsOf(root: DataNode | null | undefined): Map<string, string> {
  const declared = valueAt(root, "on", "workflow_call", "inputs") ?? valueAt(root, "inputs");
  return new Map(
    entriesOf(declared).map(({ key, value }) => [`inputs.${key.text}`, textOf(valueAt(value, "default")) ?? ""]),
  );
}
