import type { Check } from "../../types/rule.ts";

export const workflowUnreadable: Check<"workflows", "startup-order/workflow-unreadable"> = {
  needs: ["workflows"],
  *run({ workflows }) {
    for (const workflow of workflows.workflows) {
      const [first, ...others] = workflow.errors;
      if (first) {
        yield {
          message: `This workflow is not valid YAML, so GitHub runs none of it: ${first.message}`,
          subject: workflow.path,
          at: first.at,
          related: others.slice(0, 3).map((error) => ({ ...error.at, message: error.message })),
        };
      } else if (workflow.kind === "none" || workflow.kind === "action" || workflow.jobs.length === 0) {
        const start = { line: 1, column: 1 };
        const at = workflow.name?.at ?? workflow.triggers[0]?.at ?? { path: workflow.path, start, end: start };
        // A file in which everything is commented out is switched off on purpose.
        const off =
          workflow.kind === "none" && !workflow.name && workflow.triggers.length === 0 && workflow.env.length === 0;
        yield {
          ...(off ? { severity: "note" as const } : {}),
          message:
            "This workflow has no `jobs`, so GitHub refuses it and nothing runs. Add its jobs, or move the file out of .github/workflows.",
          subject: workflow.path,
          at,
        };
      }
    }
  },
};
