import type { FactReader } from "../../types/facts.ts";
import type { FileTree } from "../../types/workspace.ts";
import { isExampleOrTest, isWorkflow } from "../path-class.ts";
import { runsCompose } from "./commands.ts";

/** What a platform deploys from. */
const MANIFEST =
  /(?:^|\/)(?:Procfile|fly\.toml|cloudbuild\.ya?ml|render\.ya?ml|heroku\.yml|vercel\.json|netlify\.toml|serverless\.ya?ml|kustomization\.ya?ml|Chart\.yaml|skaffold\.ya?ml|railway\.(?:json|toml))$/;

const COMMAND =
  /\bgcloud\s(?:[\w-]+\s+)*(?:run|functions|app)\s(?:.*\s)?deploy\b|google-github-actions\/deploy-|\bkubectl\s+(?:apply|set|rollout)\b|\bhelm\s+upgrade\b|\bfly(?:ctl)?\s+deploy\b|superfly\/flyctl-actions|amazon-ecs-deploy|\baws\s+(?:ecs|lambda)\s+update-|azure\/(?:webapps|container-apps|functions)|\baz\s+(?:webapp|containerapp|functionapp)\b|\bcdk\s+deploy\b|\bterraform\s+apply\b|\beb\s+deploy\b|\bcf\s+push\b|\b(?:sls|serverless)\s+deploy\b|heroku-deploy|\bgit\s+push\b.*\bheroku\b/i;

/** Whether no script, Makefile or workflow runs compose, and something else that the repository holds deploys it. */
export function isDeployedOtherwise(tree: FileTree, facts: FactReader): boolean {
  const paths = tree.entries.flatMap(({ path, ignored, kind }) =>
    ignored || (kind !== "file" && kind !== "executable") || isExampleOrTest(path) ? [] : [path],
  );
  const lines = (path: string) => facts.get("lines", path)?.lines ?? [];
  if (paths.some((path) => runsCompose(path, lines))) return false;
  return (
    paths.some((path) => MANIFEST.test(path)) ||
    paths.some((path) => isWorkflow(path) && lines(path).some((line) => COMMAND.test(line.slice(0, 2000))))
  );
}
