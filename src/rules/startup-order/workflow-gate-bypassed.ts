import type { Report } from "../../types/finding.ts";
import type { Check } from "../../types/rule.ts";
import type { PipelineJob, Workflow } from "../../types/workflow.ts";
import { same } from "./workflow-expressions.ts";

export const workflowGateBypassed: Check<"workflows", "startup-order/workflow-gate-bypassed"> = {
  needs: ["workflows"],
  *run({ workflows }) {
    for (const workflow of workflows.workflows) {
      if (workflow.kind !== "workflow") continue;
      for (const job of workflow.jobs) {
        const report = bypass(workflow, job);
        if (report) yield report;
      }
    }
  },
};

function bypass(workflow: Workflow, job: PipelineJob): Report | null {
  if (!job.if || !isDeploy(job) || judgesItsNeeds(job)) return null;
  const { calls, accesses } = job.if.expression;
  // `success() || failure()` is another way to write `!cancelled()`.
  const either =
    calls.some((call) => call.name === "success" && !call.negated) &&
    calls.some((call) => call.name === "failure" && !call.negated) &&
    job.if.text.includes("||");
  // Otherwise `failure()`, as it is or negated, and `success()` look at the results of all needs.
  if (!either && calls.some((call) => call.name === "success" || call.name === "failure")) return null;
  const opener =
    calls.find((call) => (call.name === "always" && !call.negated) || call.name === "cancelled") ??
    (either ? calls.find((call) => call.name === "failure") : undefined);
  if (!opener) return null;
  const looked = (id: string) =>
    accesses.some(
      (access) =>
        access.context === "needs" &&
        (access.path[0] === "*" || access.path[0] === null || same(access.path[0] ?? "", id)),
    );
  const direct = job.needs
    .map((need) => workflow.jobs.find((each) => same(each.id, need.text)))
    .filter((each) => each !== undefined);
  // A need whose result is looked at stands for what it needs itself: it is skipped when its own gate fails.
  const open = direct.filter((need) => !looked(need.id));
  const covered = new Set(
    direct.filter((need) => looked(need.id)).flatMap((need) => (passesOn(need) ? need.before : [])),
  );
  const gate =
    open.find((need) => isGate(need) && !covered.has(need.id)) ??
    (open.length === direct.length
      ? open
          .flatMap((need) => workflow.jobs.filter((each) => need.before.includes(each.id)))
          .find((each) => isGate(each))
      : undefined);
  if (!gate) return null;
  const written =
    opener.name === "failure"
      ? "success() || failure()"
      : opener.name === "always"
        ? "always()"
        : `${opener.negated ? "!" : ""}cancelled()`;
  return {
    message: `${job.id} deploys even after ${gate.id} has failed: \`${written}\` lets it run whatever became of its needs, and the condition does not look at \`needs.${gate.id}.result\`. Add \`&& needs.${gate.id}.result == 'success'\`.`,
    subject: job.id,
    at: job.if.at,
    related: [{ ...gate.at, message: `${gate.id} is the gate that is passed by` }],
  };
}

/** A step that reads what became of the needs decides itself, as the one check of a branch protection does. */
function judgesItsNeeds({ steps }: PipelineJob): boolean {
  return steps.some((step) =>
    [step.run?.text ?? "", ...step.with.map(({ value }) => value.text)].some((text) =>
      /\btoJSON\(\s*needs\s*\)|\bneeds\.(?:\*|[\w-]+)\.result\b/i.test(text.slice(0, 20_000)),
    ),
  );
}

/** True for a job that is skipped when one of its needs fails. */
function passesOn(job: PipelineJob): boolean {
  return !job.if?.expression.calls.some((call) => /^(?:always|cancelled|failure)$/.test(call.name));
}

const deployWords =
  /(?:^|[^a-z])(?:deploy(?:s|ment|ing)?|release|publish|rollout|promote|ship|apply|provision)(?:$|[^a-z])/i;
const otherWords = /(?:^|[^a-z])(?:log|logs|lint|test|tests|check|checks|verify|validate|smoke|e2e|teams)(?:$|[^a-z])/i;
const deployCommands =
  /\b(?:gcloud\s+(?:run|app|functions)\s+(?:deploy|services\s+(?:replace|update))|kubectl\s+(?:apply|rollout|set\s+image|create|replace)|helm\s+(?:upgrade|install)|helmfile\s+(?:apply|sync)|terraform\s+apply|tofu\s+apply|pulumi\s+up|cdk\s+deploy|sam\s+deploy|serverless\s+deploy|sls\s+deploy|fly(?:ctl)?\s+deploy|vercel\s+(?:deploy\s+)?--prod|netlify\s+deploy|wrangler\s+(?:deploy|publish)|firebase\s+deploy|az\s+(?:webapp|containerapp|functionapp)\s+(?:deploy\w*|up|update)|aws\s+(?:ecs\s+update-service|deploy|lambda\s+update-function-code|cloudformation\s+deploy)|ansible-playbook|docker\s+stack\s+deploy|cap\s+\w+\s+deploy|npm\s+publish|twine\s+upload)\b|(?:^|[\s/])deploy[\w.-]*\.(?:sh|py|js|ts)\b|\bmake\s+deploy/i;

/** Jobs that tell, tidy up, put back or look afterwards are meant to run whatever happened. */
const afterwards =
  /(?:^|[-_ ])(?:notify|notification|notifications|clean|cleanup|teardown|report|reports|summary|status|result|results|comment|rollback|restore|revert|undo|watchdog|drift|alert|alerts|slack|discord|announce|finali[sz]e|badge|metrics|undeploy|destroy)(?:$|[-_ ])/i;

function isDeploy(job: PipelineJob): boolean {
  if (afterwards.test(job.id)) return false;
  if (deployWords.test(job.id)) return true;
  if (otherWords.test(job.id)) return false;
  const name = (job.name?.text ?? "").replace(/\$\{\{.*?\}\}/g, " ");
  if (afterwards.test(name)) return false;
  if (deployWords.test(name) || job.environment !== null) return true;
  return job.steps.some((step) => step.run !== null && deployCommands.test(step.run.text.slice(0, 20_000)));
}

const gateWords =
  /(?:^|[^a-z])(?:gates?|predeploy|preflight|pre-flight|tests?|testing|unit|integration|e2e|lint|check|checks|verify|verification|validate|validation|approve|approval|quality|security|scan|audit|ci|qa|smoke|readiness|guard)(?:$|[^a-z])/i;
const gateCommands =
  /\b(?:predeploy|pytest|tox|nox|(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?(?:test|lint|check|e2e)\S*|vitest|jest|go\s+test|cargo\s+test|mvn\s+\S*\s*(?:test|verify)|gradlew?\s+\S*(?:test|check)|make\s+(?:test|check|lint|verify)|bundle\s+exec\s+rspec|phpunit|playwright\s+test|cypress\s+run|ruff\s+check|mypy|eslint|dotnet\s+test)\b/i;

function isGate(job: PipelineJob): boolean {
  if (gateWords.test(`${job.id} ${job.name?.text ?? ""}`)) return true;
  return job.steps.some(
    (step) =>
      (step.run !== null && gateCommands.test(step.run.text.slice(0, 20_000))) ||
      /(?:^|\/)predeploy(?:@|$)/.test(step.uses?.text ?? ""),
  );
}
