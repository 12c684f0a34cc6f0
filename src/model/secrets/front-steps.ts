import { inRepository } from "../../text/paths.ts";
import type { FactReader } from "../../types/facts.ts";
import type { BuildAnswer, FrontBuild, FrontEnd } from "../../types/front-build.ts";
import type { PipelineJob, Workflow } from "../../types/workflow.ts";
import type { FileTree } from "../../types/workspace.ts";
import { configuredIn } from "./environments.ts";
import { frontCommand } from "./front-commands.ts";
import { envFilesOf, mentions, namesIn } from "./front-env-files.ts";
import { configurationText } from "./front-stages.ts";

interface StepReading {
  files: FileTree;
  facts: FactReader;
  workflows: readonly Workflow[];
  environments: readonly string[];
}

/** Steps that send what was built to where it is served. */
const DEPLOYS_BY_ACTION =
  /^(?:actions\/(?:upload-pages-artifact|deploy-pages)|peaceiris\/actions-gh-pages|jamesives\/github-pages-deploy-action|cloudflare\/(?:wrangler-action|pages-action)|firebaseextended\/action-hosting-deploy|azure\/static-web-apps-deploy|nwtgck\/actions-netlify|jakejarvis\/s3-sync-action|burnett01\/rsync-deployments|appleboy\/scp-action)@/i;
const DEPLOYS_BY_COMMAND =
  /\baws\s+s3\s+(?:sync|cp)\b|\bfirebase\s+deploy\b|\bwrangler\s+(?:pages\s+)?(?:deploy|publish)\b|\bgcloud\s+storage\s+(?:cp|rsync)\b|\bgsutil\b[^\n]*\b(?:cp|rsync)\b|\baz\s+storage\s+blob\s+(?:upload-batch|sync)\b|\brsync\s|\bgh-pages\b|\bnetlify\s+deploy\b|\bsurge\b/;
/** Actions that set no variable for the steps behind them. */
const SETS_NOTHING =
  /^(?:actions\/|pnpm\/action-setup|oven-sh\/setup-bun|denoland\/setup-deno|docker\/|aws-actions\/(?:configure-aws-credentials|amazon-ecr-login)|google-github-actions\/(?:auth|setup-gcloud)|azure\/login|browser-actions\/|step-security\/harden-runner|bahmutov\/npm-install|jdx\/mise-action|dorny\/|nrwl\/nx-set-shas|codecov\/|cypress-io\/)/i;

/** The steps of workflows that build a front end in a job that deploys it. */
export function stepBuilds(frontEnds: readonly FrontEnd[], reading: StepReading): FrontBuild[] {
  const found: FrontBuild[] = [];
  for (const workflow of reading.workflows)
    for (const job of workflow.jobs) {
      const deploy = job.steps.findIndex(
        (step) => DEPLOYS_BY_ACTION.test(step.uses?.text ?? "") || DEPLOYS_BY_COMMAND.test(step.run?.text ?? ""),
      );
      if (deploy === -1) continue;
      for (const [index, step] of job.steps.slice(0, deploy + 1).entries())
        if (step.run && /\bbuild\b/.test(step.run.text))
          for (const frontEnd of frontEnds) {
            const built = stepBuild(frontEnd, workflow, job, index, reading);
            if (built) found.push(built);
          }
    }
  return found;
}

function stepBuild(
  frontEnd: FrontEnd,
  workflow: Workflow,
  job: PipelineJob,
  index: number,
  { files, facts, environments }: StepReading,
): FrontBuild | null {
  const step = job.steps[index]!;
  const directory =
    step.workingDirectory?.text ??
    job.defaults.workingDirectory?.text ??
    workflow.defaults.workingDirectory?.text ??
    "";
  const command = frontCommand(step.run!.text, frontEnd, {
    files,
    facts,
    cwd: directory,
    directoryAt: (path) => inRepository("", path),
  });
  if (!command) return null;
  const before = job.steps.slice(0, index);
  // Something that ran before may have set or written anything: a loader of secrets, another repository's files.
  const hidden =
    before.some((one) => one.uses !== null && !SETS_NOTHING.test(one.uses.text)) ||
    before.some((one) => /checkout/.test(one.uses?.text ?? "") && one.with.some(({ name }) => name === "repository")) ||
    before.some((one) => /GITHUB_ENV|\.env\b|\benvsubst\b/.test(one.run?.text ?? "")) ||
    /\.env\b|\bsource\b|\bset -a\b/.test(step.run!.text) ||
    job.container !== null ||
    job.runsOn.some(({ text }) => !/^(?:ubuntu|macos|windows)-[\w.-]+$/.test(text)) ||
    job.if?.text.includes("pull_request") === true;
  const set = new Set([...workflow.env, ...job.env, ...step.env].map((one) => one.name));
  const fromFiles = namesIn(envFilesOf(frontEnd.directory, command.text, files), facts);
  const configuration = configurationText(frontEnd.directory, files, facts);
  const scope = job.environment && !job.environment.text.includes("${{") ? job.environment.text : null;
  return {
    frontEnd,
    at: step.at,
    definition: step.at,
    where: `the job "${job.id}" of ${workflow.path}`,
    certain: command.certain,
    pushes: true,
    environments: configuredIn(scope ?? `${workflow.path} ${job.id}`, environments),
    answer: (name): BuildAnswer => {
      if (set.has(name) || fromFiles.has(name) || mentions(command.text, name)) return "given";
      if (hidden || mentions(configuration, name) || before.some((one) => mentions(one.run?.text ?? "", name)))
        return "unknown";
      return "unset";
    },
  };
}
