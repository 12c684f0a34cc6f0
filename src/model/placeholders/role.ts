import { baseName, directoryOf } from "../../text/paths.ts";
import type { PlaceholderRole } from "../../types/placeholders.ts";
import type { RepoPath } from "../../types/text.ts";
import { environmentToken } from "../path-class.ts";
import type { Format } from "./formats.ts";

export type Stage = "production" | "other" | "development";

const templateName = /\.(?:tpl|tmpl|tftpl|j2|jinja2?|gotmpl|erb|mustache|hbs|template|ctmpl|in|ytt)(?:\.[a-z]+)?$/i;
const exampleName =
  /(?:^|[._-])(?:examples?|exemples?|ejemplos?|exemplos?|esempio|beispiele?|samples?|dist|templates?|demo|defaults?\.env|tmpl|skeleton|boilerplate|stub)(?:[._-]|$)|^\.?env\.(?:defaults?|example|sample|te?mp|template|dist|tmpl)/i;
const exampleFolder =
  /(?:^|\/)(?:examples?|samples?|docs?|documentation|(?:unit[-_]?)?tests?|testing|e2e|integration-tests?|specs?|\.?fixtures?|testdata|cypress|playwright|demos?|templates?|cookbook|tutorials?|skeletons?|benchmarks?|playground|sandbox|website|scaffold(?:s|ing)?|boilerplates?|src\/test|site|[\w-]+[-_](?:examples?|samples?))\//i;

/** What the name says: a template, an example, or nothing. */
export function roleByName(path: RepoPath): "template" | "example" | null {
  const name = baseName(path);
  if (templateName.test(name) || /\{\{|\{%|__cookiecutter/.test(path) || /(?:^|\/)rootfs\/defaults\//.test(path))
    return "template";
  if (exampleName.test(name) || /\.env\.defaults?$/i.test(name)) return "example";
  if (exampleFolder.test(`${directoryOf(path)}/`)) return "example";
  return null;
}

const deployFolder =
  /(?:^|\/)(?:config|configs|conf|deploy|deployments?|k8s|kubernetes|kube|manifests?|infra|infrastructure|ops|docker|etc|helm|environments?|envs?|overlays|production|prod|staging|stage|live|release|gitops|argocd|flux|clusters?|apps|stacks?|compose|nginx|monitoring|observability|prometheus|alertmanager|grafana|provisioning|terraform|ansible|swarm|cloud|secrets?)(?:\/|$)/i;

/** Settings among a program's own sources are its data as often as its configuration. */
const programFolder = /(?:^|\/)(?:src|lib|pkg|internal|public|static|assets|app_data|resources|data)\//i;

/** Whether a file without an example's name is deployed: by its format, else by its folder; with the reason as a clause. */
export function roleByFormat(path: RepoPath, format: Format): { role: PlaceholderRole; because: string } {
  // What contributors keep beside a project is copied and changed by whoever wants it.
  if (/(?:^|\/)contrib\//i.test(path)) return { role: "unknown", because: "nothing here says whether it is deployed" };
  switch (format) {
    case "dotenv":
      return { role: "deployed", because: "a committed env file is read as it is" };
    case "tfvars":
      return { role: "deployed", because: "Terraform reads values files literally" };
    case "terraform":
      return { role: "deployed", because: "Terraform applies the string as it is" };
    case "compose":
      return { role: "deployed", because: "compose runs it as it is" };
    case "workflow":
      return { role: "deployed", because: "GitHub runs the workflow as it is" };
    case "kubernetes":
      return { role: "deployed", because: "a plain Kubernetes manifest is applied as it is" };
    case "kustomization":
      return { role: "deployed", because: "kustomize interpolates nothing" };
    case "helm-values":
      return /(?:^|\/)values\.ya?ml$/i.test(path)
        ? { role: "default", because: "it holds the chart's defaults" }
        : { role: "deployed", because: "its name says that it holds the values of one deployment" };
    case "cloud-build":
      return { role: "deployed", because: "Cloud Build runs it as it is" };
    case "cloudformation":
    case "serverless":
      return { role: "deployed", because: "the stack is created from it" };
    case "spring":
      return { role: "deployed", because: "Spring reads it at start-up" };
    case "dotnet":
    case "web-config":
      return { role: "deployed", because: ".NET reads it literally at start-up" };
    case "arm-parameters":
      return { role: "deployed", because: "Azure Resource Manager reads parameters literally" };
    case "alertmanager":
    case "prometheus":
      return {
        role: "deployed",
        because: `${format === "alertmanager" ? "Alertmanager" : "Prometheus"} reads it literally`,
      };
    case "platform":
      if (
        /(?:^|\/)(?:internal|pkg|lib|public|static|assets)\//.test(path) &&
        /(?:^|\/)(?:config|settings|secrets?|env|manifest)[\w.-]*$/i.test(path)
      )
        return { role: "unknown", because: "nothing here says whether it is deployed" };
      return { role: "deployed", because: "its name is one that is deployed as it is" };
    case "observability":
      return { role: "deployed", because: "its name is one that is deployed as it is" };
    case "dockerfile":
      return { role: "deployed", because: "the image is built from it" };
    case "nginx":
      return { role: "deployed", because: "the web server reads it as it is" };
    default:
      return deployFolder.test(directoryOf(path)) && !programFolder.test(path)
        ? { role: "deployed", because: `it lies in ${directoryOf(path)}, among what is deployed` }
        : { role: "unknown", because: "nothing here says whether it is deployed" };
  }
}

/** The stage that a path speaks of. `.dev.vars` is a fixed name and says nothing. */
export function stageOf(path: RepoPath): Stage {
  const plain = path.replace(/\.dev\.vars/i, ".vars");
  const token = environmentToken(plain);
  if (token === "production" || token === "staging") return "production";
  if (token === "development" || token === "test") return "development";
  if (/(?:^|[._/-])(?:minikube|kind|k3d|sandbox|playground|localhost|debug|devel)(?:[._/-]|$)/i.test(plain))
    return "development";
  return "other";
}
