import { baseName } from "../text/paths.ts";
import type { RepoPath } from "../types/text.ts";

/** What a path's name says about the file. Pure: no content is read; where only the content decides (Kubernetes), the answer is "may be". */

export function isYaml(path: RepoPath): boolean {
  return /\.ya?ml$/i.test(path);
}

export function isJson(path: RepoPath): boolean {
  return /\.(?:json|jsonc|json5)$/i.test(path);
}

/** A workflow that GitHub runs: directly in .github/workflows of the repository's root. */
export function isWorkflow(path: RepoPath): boolean {
  return /^\.github\/workflows\/[^/]+\.ya?ml$/i.test(path);
}

/** The metadata of an action: `action.yml` anywhere. */
export function isActionMetadata(path: RepoPath): boolean {
  return /(?:^|\/)action\.ya?ml$/i.test(path);
}

/** Base, override and variant files: `compose.yaml`, `docker-compose.prod.yml`, `docker-compose-dev.yml`, `compose.override.yml`, `prod.docker-compose.yml`. */
export function isCompose(path: RepoPath): boolean {
  return /^(?:[\w-]+[.-])?(?:docker-)?compose(?:[._-][\w.-]+)?\.ya?ml$/i.test(baseName(path)) && !isWorkflow(path);
}

/** A template of a compose file, by name: what fills it in decides which services it has. */
export function isComposeTemplate(path: RepoPath): boolean {
  return isCompose(path) && /(?:^|[._-])(?:template|tmpl|tpl)(?:[._-]|$)/i.test(baseName(path));
}

/** The four names that compose finds by itself, in its order of preference. */
export const defaultComposeNames = [
  "compose.yaml",
  "compose.yml",
  "docker-compose.yaml",
  "docker-compose.yml",
] as const;

/** A file that `docker compose up` takes in its folder. */
export function isDefaultCompose(path: RepoPath): boolean {
  return (defaultComposeNames as readonly string[]).includes(baseName(path));
}

/** `compose.override.yml` and kin, which compose adds by itself to the default file. */
export function isComposeOverride(path: RepoPath): boolean {
  return /^(?:docker-)?compose\.override\.ya?ml$/i.test(baseName(path));
}

/** A YAML or JSON file that may hold Kubernetes objects; `kind` and `apiVersion` of its documents decide. */
export function mayBeKubernetes(path: RepoPath): boolean {
  // Manifests in JSON are rare, other JSON is not: only below folders that say so.
  if (
    !isYaml(path) &&
    !/(?:^|[/_-])(?:k8s|kube\w*|manifests?|deploy\w*|argocd|openshift|knative)(?:[/_-].*)?\.json$/i.test(path)
  )
    return false;
  if (isWorkflow(path) || isCompose(path) || isHelmTemplate(path) || path.startsWith(".github/")) return false;
  return !/(?:^|\/)(?:package(?:-lock)?|tsconfig[\w.-]*|composer|renovate|biome)\.json$|(?:^|\/)(?:pnpm-lock|mkdocs|\.pre-commit-config)\.ya?ml$/i.test(
    path,
  );
}

/** Below `templates/` of a chart, by name alone; a template is no YAML before Helm has rendered it. */
export function isHelmTemplate(path: RepoPath): boolean {
  return /(?:^|\/)(?:charts?|helm)(?:\/[^/]+)*\/templates\/.+\.(?:ya?ml|tpl|txt|json)$/i.test(path);
}

export function isHelmChart(path: RepoPath): boolean {
  return /(?:^|\/)Chart\.ya?ml$/.test(path);
}

export function isHelmValues(path: RepoPath): boolean {
  return /(?:^|\/)values[\w.-]*\.ya?ml$/i.test(path);
}

export function isKustomization(path: RepoPath): boolean {
  return /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/.test(path);
}

/** Dotenv files of every role: `.env`, `.env.staging`, `staging.env`, `.dev.vars`, `.envrc` not (that is a shell script). */
export function isDotenv(path: RepoPath): boolean {
  const name = baseName(path);
  return (
    /^\.env(?:[._-][\w.-]*)?$/i.test(name) ||
    /^[\w.-]+\.env$/i.test(name) ||
    /^\.dev\.vars(?:\.[\w-]+)?$/.test(name) ||
    /^env\.(?:example|exemple|ejemplo|exemplo|esempio|beispiel|sample|template|dist)$/i.test(name)
  );
}

/** An example or template of a dotenv file, by name. */
export function isDotenvExample(path: RepoPath): boolean {
  return (
    isDotenv(path) &&
    /[._-](?:example|exemple|ejemplo|exemplo|esempio|beispiel|sample|template|dist|tmpl|defaults?|tpl)(?:[._-]|$)|^(?:example|exemple|ejemplo|exemplo|esempio|beispiel|sample|template)[._-]/i.test(
      baseName(path),
    )
  );
}

/** Terraform configuration. */
export function isTerraform(path: RepoPath): boolean {
  return /\.tf$/i.test(path);
}

/** Files of literal values for Terraform, and backend files. */
export function isTerraformValues(path: RepoPath): boolean {
  return /\.tfvars$/i.test(path) || /(?:^|\/)backend[\w.-]*\.hcl$/i.test(path);
}

export function isHcl(path: RepoPath): boolean {
  return isTerraform(path) || isTerraformValues(path) || /\.(?:hcl|nomad)$/i.test(path);
}

/** A shell script by its name; scripts without extension need their first line. */
export function isShellScript(path: RepoPath): boolean {
  return /\.(?:sh|bash|zsh)$/i.test(path) || /^(?:entrypoint|docker-entrypoint|\.envrc)$/.test(baseName(path));
}

/** What make reads by itself, its variants such as `Makefile.dev`, and what they include. */
export function isMakefile(path: RepoPath): boolean {
  return /(?:^|\/)(?:GNUmakefile|[Mm]akefile)(?:\.[\w-]+)?$|\.mk$/.test(path);
}

/** A Makefile, or recipes of just, which look much the same. */
export function isRecipeFile(path: RepoPath): boolean {
  return isMakefile(path) || /(?:^|\/)\.?justfile$/i.test(path);
}

export function isDockerfile(path: RepoPath): boolean {
  const name = baseName(path);
  if (/\.(?:dockerignore|md|txt|ya?ml|json|sh|py|ts|js|hbs|ejs|mustache|tmpl|tpl|j2|jinja2?|template)$/i.test(name))
    return false;
  return /^(?:Dockerfile|Containerfile)(?:[._-][\w.-]+)?$/i.test(name) || /\.(?:dockerfile|containerfile)$/i.test(name);
}

export function isProcfile(path: RepoPath): boolean {
  return /(?:^|\/)Procfile(?:\.[\w-]+)?$/.test(path);
}

export function isCloudBuild(path: RepoPath): boolean {
  return /(?:^|\/)cloudbuild[\w.-]*\.(?:ya?ml|json)$/i.test(path);
}

const azurePipelines =
  /(?:^|\/)[\w.-]*azure-pipelines?[\w.-]*\.ya?ml$|^\.(?:azure-pipelines|azuredevops|pipelines)\/.*\.ya?ml$|(?:^|\/)(?:ci|cd|release|deploy)-pipelines?\.ya?ml$/i;

/** A pipeline of Azure by the usual names: any other works too, and only its settings there would tell. */
export function isAzurePipeline(path: RepoPath): boolean {
  return /ya?ml$/i.test(path) && azurePipelines.test(path);
}

/** The environment that a file's name or folder speaks of, as a whole token: `k8s/staging/x.yaml`, `.env.prod`, `values-stg.yaml`. */
export function environmentToken(path: RepoPath): "production" | "staging" | "development" | "test" | null {
  const tokens = path.toLowerCase().split(/[/._-]+/);
  for (const token of tokens.reverse()) {
    if (/^(?:prod|production|live|prd)$/.test(token)) return "production";
    if (/^(?:staging|stg|stage|preprod)$/.test(token)) return "staging";
    if (/^(?:dev|development|local|develop|codespaces?|devcontainer|gitpod)$/.test(token)) return "development";
    if (/^(?:test|tests|testing|ci|e2e|mock|mocks|mocked|cypress|playwright)$/.test(token)) return "test";
  }
  return null;
}

/** Below a folder that is for developers, whatever the file: `hack/`, `scripts/dev/`, `.devcontainer/`, `contrib/`. */
export function isInDevelopmentFolder(path: RepoPath): boolean {
  return /(?:^|\/)(?:hack|dev|devel|develop|development|local|contrib|\.devcontainer)\//i.test(path);
}

/** By its name or folder for a developer's machine or a test run: `docker-compose.dev.yml`, `.devcontainer/compose.yaml`. */
export function isForDevelopment(path: RepoPath): boolean {
  const environment = environmentToken(path);
  return environment === "development" || environment === "test" || isInDevelopmentFolder(path);
}

/** Tests, examples, documentation and fixtures: nothing there is deployed. */
export function isExampleOrTest(path: RepoPath): boolean {
  return /(?:^|\/)(?:examples?|samples?|docs?|tests?|__tests__|fixtures?|testdata|testing|e2e|mocks?)\//i.test(path);
}
