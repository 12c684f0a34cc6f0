import { baseName } from "../../text/paths.ts";
import type { FactKind } from "../../types/facts.ts";
import type { PlaceholderDocument } from "../../types/placeholders.ts";
import type { RepoPath } from "../../types/text.ts";
import {
  isCloudBuild,
  isCompose,
  isDockerfile,
  isDotenv,
  isHelmChart,
  isHelmTemplate,
  isHelmValues,
  isKustomization,
  isProcfile,
  isTerraform,
  isTerraformValues,
  isWorkflow,
} from "../path-class.ts";

/** What reads a file, as far as its placeholders care. */
export type Format =
  | "dotenv"
  | "tfvars"
  | "terraform"
  | "compose"
  | "workflow"
  | "kubernetes"
  | "kustomization"
  | "helm-values"
  | "cloud-build"
  | "cloudformation"
  | "serverless"
  | "spring"
  | "dotnet"
  | "web-config"
  | "alertmanager"
  | "prometheus"
  | "observability"
  | "arm-parameters"
  | "platform"
  | "config"
  | "properties"
  | "dockerfile"
  | "nginx"
  | "lines";

export type PlaceholderFactKind = Extract<FactKind, `placeholders-${string}`>;

export interface NamedFormat {
  format: Format;
  kind: PlaceholderFactKind;
}

/** Trees of other people's code, of generated files and of texts for people. */
const elsewhere =
  /(?:^|\/)(?:node_modules|vendor|third_party|site-packages|\.venv|venv|dist|\.next|\.git|\.terraform|locales?|i18n|l10n|lang|langs|languages?|translations?|messages|prompts|__snapshots__|snapshots|migrations|\.vscode|\.idea|\.devcontainer|\.storybook|storybook|dashboards?|postman|\.cursor|\.claude|\.changeset|_data|\.chglog|testdata|\.?fixtures?|__fixtures__|__tests__|__mocks__|mocks?|schemas?|crds?|cassettes|swagger|openapi|stubs?)\/|(?:^|\/)(?:bin|obj)\/(?:Debug|Release|x64|x86)\/|^\.(?:buildkite|circleci|gitlab|semaphore|woodpecker|drone|teamcity)\//i;

/** Files of tools and of packages: nothing in them is deployed, or their tool renders them. */
const tools =
  /^(?:package(?:-lock)?\.json|npm-shrinkwrap\.json|[tj]sconfig[\w.-]*\.json|composer\.(?:json|lock)|angular\.json|nx\.json|turbo\.jsonc?|lerna\.json|biome\.jsonc?|deno\.jsonc?|renovate\.json5?|pnpm-(?:lock|workspace)\.yaml|yarn\.lock|mkdocs[\w.-]*\.ya?ml|codecov\.ya?ml|antora[\w.-]*\.ya?ml|Chart\.(?:ya?ml|lock)|requirements\.ya?ml|Taskfile[\w.-]*\.ya?ml|skaffold\.ya?ml|pubspec\.(?:yaml|lock)|cookiecutter\.json|copier\.ya?ml|galaxy\.ya?ml|playbook[\w.-]*\.ya?ml|site\.ya?ml|openapi[\w.-]*|swagger[\w.-]*|[\w.-]+\.schema\.json|[\w.-]+\.ipynb|pyproject\.toml|Cargo\.toml|poetry\.lock|uv\.lock|Pipfile|rustfmt\.toml|deny\.toml|cliff\.toml|release-plz\.toml|components\.json|manifest\.json|\.[\w.-]*(?:eslintrc|prettierrc|stylelintrc|babelrc|releaserc|commitlintrc|lintstagedrc|swcrc|markdownlint|golangci|goreleaser|pre-commit-config|pre-commit-hooks|gitleaks|yamllint|hadolint|rubocop|codeclimate|readthedocs|travis|gitlab-ci|gitpod|sops|trivy|checkov|tflint|mergify|dependabot|coveragerc|editorconfig|npmrc|pylintrc|flake8)[\w.-]*|\.?(?:gitlab-ci|azure-pipelines|bitbucket-pipelines|appveyor|circle|drone|buildkite|jenkins)[\w.-]*\.ya?ml|devfile\.ya?ml|helmfile[\w.-]*\.ya?ml|setup\.cfg|tox\.ini|pytest\.ini|mypy\.ini|gradle(?:-wrapper)?\.properties|local\.properties|sonar-project\.properties|pom\.xml|build\.xml|AndroidManifest\.xml|phpunit[\w.-]*\.xml|checkstyle[\w.-]*\.xml)$/i;

/** `zh-CN.ini`, `pt_BR.json`: texts of one language. */
const translated = /^[a-z]{2,3}[-_](?:[A-Z]{2}|Han[st])\.\w+$/;

/** Programs, pages and pictures, which are most of a tree. */
const programs =
  /\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|rb|php|cs|md|mdx|rst|s?css|less|svg|png|jpe?g|gif|webp|woff2?|snap|lock|sum)$/;

/** The format that a path's name speaks of; null for files that hold no settings. YAML and JSON are told apart further by their documents. */
export function formatOf(path: RepoPath): NamedFormat | null {
  if (programs.test(path)) return null;
  const name = baseName(path);
  if (/^(?:\.github\/)?predeploy\.ya?ml$|^\.predeploy\//.test(path)) return null;
  const always = alwaysRead(path, name);
  // GitHub reads the one at the root only.
  const named = always ?? (/(?:^|\/)\.github\//.test(path) ? null : settingsOf(path, name));
  if (!named || (!always && (translated.test(name) || tools.test(name)))) return null;
  return elsewhere.test(path) || isHelmTemplate(path) || isHelmChart(path) ? null : named;
}

/** Files of which a tool reads each one, whatever else its name says. */
function alwaysRead(path: RepoPath, name: string): NamedFormat | null {
  if (isDotenv(path)) return { format: "dotenv", kind: "placeholders-dotenv" };
  if (isTerraformValues(path)) return { format: "tfvars", kind: "placeholders-hcl" };
  if (/\.tfvars\.json$/i.test(name)) return { format: "tfvars", kind: "placeholders-data" };
  if (isTerraform(path)) return { format: "terraform", kind: "placeholders-terraform" };
  if (isWorkflow(path)) return { format: "workflow", kind: "placeholders-workflow" };
  return null;
}

function settingsOf(path: RepoPath, name: string): NamedFormat | null {
  if (isCompose(path)) return { format: "compose", kind: "placeholders-data" };
  if (isKustomization(path)) return { format: "kustomization", kind: "placeholders-data" };
  if (isHelmValues(path)) return { format: "helm-values", kind: "placeholders-data" };
  if (isCloudBuild(path)) return { format: "cloud-build", kind: "placeholders-data" };
  if (isDockerfile(path)) return { format: "dockerfile", kind: "placeholders-lines" };
  if (isProcfile(path)) return { format: "lines", kind: "placeholders-lines" };
  if (/^(?:application|bootstrap)(?:-[\w.-]+)?\.ya?ml$/i.test(name))
    return { format: "spring", kind: "placeholders-data" };
  if (/^(?:application|bootstrap)(?:-[\w.-]+)?\.properties$/i.test(name))
    return { format: "spring", kind: "placeholders-properties" };
  if (/^(?:appsettings[\w.-]*|(?:local\.settings|host))\.json$/i.test(name))
    return { format: "dotnet", kind: "placeholders-data" };
  if (/^(?:web|app)[\w.-]*\.config$/i.test(name)) return { format: "web-config", kind: "placeholders-xml" };
  if (/^serverless[\w.-]*\.ya?ml$/i.test(name)) return { format: "serverless", kind: "placeholders-data" };
  if (/^(?:alertmanager|prometheus)[\w.-]*\.ya?ml$/i.test(name) && !/[._-]values(?:[._-]|$)/i.test(name))
    return { format: /^a/i.test(name) ? "alertmanager" : "prometheus", kind: "placeholders-data" };
  if (/\.parameters(?:\.[\w-]+)?\.json$/i.test(name)) return { format: "arm-parameters", kind: "placeholders-data" };
  const isYaml = /\.ya?ml$/i.test(name);
  if (isYaml || /\.(?:json|jsonc|json5)$/i.test(name)) {
    if (!isYaml && !isSettingsJson(path, name)) return null;
    const kind = platforms.test(name) || collectors.test(path) ? "placeholders-data" : "placeholders-config";
    return { format: "config", kind };
  }
  if (/\.toml$/i.test(name)) return { format: "config", kind: "placeholders-toml" };
  if (/\.properties$/i.test(name)) return { format: "properties", kind: "placeholders-properties" };
  if (/\.(?:ini|cfg|cnf)$/i.test(name)) return { format: "config", kind: "placeholders-ini" };
  if (/^Caddyfile(?:\.[\w-]+)?$/.test(name)) return { format: "nginx", kind: "placeholders-lines" };
  if (/\.conf$/i.test(name) || /(?:^|\/)(?:sites-available|sites-enabled|conf\.d)\//.test(path))
    return {
      format: /nginx|sites-(?:available|enabled)|conf\.d|default\.conf/i.test(path) ? "nginx" : "config",
      kind: "placeholders-lines",
    };
  return null;
}

/** JSON is data far more often than settings: only names and folders of settings count. */
function isSettingsJson(path: RepoPath, name: string): boolean {
  if (
    platforms.test(name) ||
    /config|setting|secret|credential|parameter|deploy|task-?def|values|\benv\b|policy|manifest|service/i.test(name)
  )
    return true;
  return (
    /(?:^|\/)(?:config|configs|conf|deploy|deployments?|k8s|kubernetes|infra|infrastructure|ops|environments?|terraform|arm|bicep|ecs|cloudformation)\//i.test(
      path,
    ) && !/(?:^|\/)(?:src|lib|packages|public|static|assets|data|resources)\//i.test(path)
  );
}

/** Names that a platform deploys as they are. */
const platforms =
  /^(?:wrangler[\w.-]*\.(?:toml|jsonc?)|fly[\w.-]*\.toml|vercel\.json|netlify\.toml|render\.ya?ml|app[\w.-]*\.ya?ml|railway\.(?:json|toml)|service\.ya?ml|samconfig\.toml|Pulumi\.[\w.-]+\.ya?ml|dapr[\w.-]*\.ya?ml|amplify\.ya?ml|apprunner\.ya?ml|firebase\.json|\.firebaserc|ecs-task[\w.-]*\.json|task-?def[\w.-]*\.json|traefik[\w.-]*\.(?:ya?ml|toml)|now\.json|manifest[\w.-]*\.ya?ml|copilot[\w.-]*\.ya?ml|config\.(?:ya?ml|toml|json)|settings\.(?:ya?ml|toml|json)|secrets?\.(?:ya?ml|toml|json)|env\.ya?ml|\.?env[\w.-]*\.ya?ml)$/i;

const collectors =
  /(?:otel|promtail|loki|tempo|mimir|vector|fluent-?bit|fluentd|logstash|filebeat|metricbeat|grafana|datadog|telegraf|agent)[\w.-]*\.(?:ya?ml|toml|ini|conf)$/i;

/** The format of a YAML or JSON file once its documents are known; null for what is no setting (OpenAPI, dashboards, playbooks). */
export function refine(named: Format, path: RepoPath, documents: readonly PlaceholderDocument[]): Format | null {
  if (
    named !== "config" &&
    named !== "alertmanager" &&
    named !== "prometheus" &&
    named !== "helm-values" &&
    named !== "spring"
  )
    return named;
  const first = documents.find((document) => document.keys.length > 0);
  const keys = new Set(documents.flatMap((document) => document.keys));
  // Backstage reads its catalogue (https://backstage.io/docs/features/software-catalog/descriptor-format): no cluster is given it.
  if (documents.some((document) => document.apiVersion?.startsWith("backstage.io/"))) return null;
  if (
    documents.some(
      (document) => document.kind && document.apiVersion && /^[\w.-]+(?:\/v\d\w*)?$/.test(document.apiVersion),
    )
  )
    return "kubernetes";
  if (named === "helm-values") return named;
  // A playbook has a list at its root.
  if (named === "spring") return first || !/\.ya?ml$/i.test(path) ? named : null;
  if (
    keys.has("AWSTemplateFormatVersion") ||
    (keys.has("Resources") && (keys.has("Outputs") || keys.has("Parameters") || keys.has("Transform")))
  )
    return "cloudformation";
  if (keys.has("openapi") || keys.has("swagger") || (keys.has("$schema") && keys.has("properties"))) return null;
  if (keys.has("panels") || keys.has("__inputs") || keys.has("__requires")) return null;
  if (keys.has("route") && keys.has("receivers")) return "alertmanager";
  if (keys.has("scrape_configs") && !keys.has("clients") && !keys.has("positions")) return "prometheus";
  if (keys.has("receivers") && keys.has("exporters")) return "observability";
  if (documents.length > 0 && !first && /\.ya?ml$/i.test(path)) return null;
  if (keys.has("stages") && keys.has("variables") && /ci/i.test(path)) return null;
  if (keys.has("pool") && keys.has("trigger")) return null;
  if (collectors.test(path)) return "observability";
  if (platforms.test(baseName(path))) return "platform";
  return named;
}
