import { phraseOf } from "../../sources/placeholder-words.ts";
import type { Confidence, PlaceholderDocument, PlaceholderHit } from "../../types/placeholders.ts";
import type { Judged, JudgedFile } from "./judged.ts";
import { isAddressKey, isSecretKey } from "./keys.ts";

/** `{{name}}`: no Go template, which starts with a dot, and nothing that a shell knows. */
export function isBareName(hit: PlaceholderHit): boolean {
  return hit.shape === "mustache" && /^\{\{ ?[A-Za-z_]\w* ?\}\}$/.test(hit.text);
}

/** Kinds whose fields nothing interpolates once they are applied. */
const literalKinds =
  /^(?:Deployment|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Endpoints|ResourceQuota|LimitRange|PriorityClass|Gateway|Middleware|IngressRoute|Job|CronJob|Pod|Service|Ingress|ConfigMap|Secret|ServiceAccount|Namespace|PersistentVolume|PersistentVolumeClaim|HorizontalPodAutoscaler|PodDisruptionBudget|NetworkPolicy|Role|RoleBinding|ClusterRole|ClusterRoleBinding|Certificate|ClusterIssuer|Issuer|HTTPRoute|ManagedCertificate|BackendConfig|FrontendConfig|IngressClass|StorageClass|VirtualService|DestinationRule|ServiceEntry|SecretProviderClass|ClusterSecretStore|SecretStore|Application|AppProject|Kustomization|ScaledObject|ServiceMonitor|NodePool|EC2NodeClass|Provisioner|AWSNodeTemplate|TriggerAuthentication|Ingress\w+)$/;

/** What a reference means to the consumer of its file; null where the consumer expands it, or may. */
export function reference(
  hit: PlaceholderHit,
  file: JudgedFile,
  key: string | null,
  document: PlaceholderDocument | undefined,
): Judged | null {
  const unrendered = (confidence: Confidence, cap?: "warning" | "note"): Judged => ({
    rule: "unrendered-reference",
    // Where an Azure pipeline deploys, `$(x)` in a file is a variable of the pipeline that nothing puts in.
    confidence: hit.shape === "dollar-paren" && file.azurePipeline ? "high" : confidence,
    ...(cap ? { cap } : {}),
  });
  const leftover = (confidence: Confidence): Judged => ({ rule: "leftover", confidence });
  const { format } = file;
  // Argo CD gives its own names to what it renders.
  if (/^ARGOCD_(?:APP|ENV)_/.test(hit.name ?? "")) return null;
  const dollars = hit.shape === "dollar-brace" || hit.shape === "dollar" || hit.shape === "dollar-paren";
  if (
    format === "workflow" ||
    format === "terraform" ||
    format === "serverless" ||
    format === "cloud-build" ||
    format === "dockerfile" ||
    format === "lines"
  )
    return null;
  if (hit.shape === "double-underscore")
    return format === "nginx" || format === "observability" ? unrendered("firm") : unrendered("high");
  if (format === "nginx" || format === "observability") return null;
  // The default of replace-tokens and Octopus, which nothing else reads.
  if (hit.shape === "hash-brace" && hit.text.endsWith("#"))
    return unrendered(format === "helm-values" ? "firm" : "high");
  if (hit.shape === "brace") return brace(hit, file, key);
  if (hit.shape === "dollar-brace" && file.filtered) return null;
  switch (format) {
    case "tfvars":
      if (hit.shape === "dollar-brace" || hit.shape === "mustache") return unrendered("high");
      if (hit.shape === "hash-brace" || hit.shape === "dollar-paren") return unrendered("firm");
      return isToken(hit) ? unrendered("firm") : null;
    case "properties":
      return hit.whole && (hit.shape === "mustache" || hit.shape === "hash-brace") ? unrendered("firm") : null;
    case "arm-parameters":
      return hit.shape === "dollar-brace" || hit.shape === "dollar-paren" || hit.shape === "hash-brace"
        ? unrendered("firm")
        : null;
    case "dotenv":
      if (hit.shape === "dollar-brace") return file.generated && !isSpringKey(key) ? generated(hit) : null;
      if (hit.shape === "dollar-paren")
        return hit.whole && file.azurePipeline && /[A-Z]/.test(hit.name ?? "") ? unrendered("firm") : null;
      if (hit.shape === "mustache") {
        if (/^op:|^ ?op/.test(hit.name ?? "")) return null;
        // What a bundler puts into the page, the server that renders the page as a Go template replaces.
        const inPage = /^(?:VITE|REACT_APP|NEXT_PUBLIC|NUXT_PUBLIC|VUE_APP|PUBLIC|GATSBY|NG_APP)_/.test(key ?? "");
        return inPage && /^\{\{-? *\./.test(hit.text) ? null : unrendered("high");
      }
      if (hit.shape === "hash-brace") return unrendered("firm");
      if (hit.shape === "double-square" && hit.whole) return leftover("firm");
      if ((hit.shape === "at" || hit.shape === "percent") && hit.whole) return unrendered("firm");
      return null;
    case "compose":
      if (dollars) return null;
      if (hit.shape === "mustache")
        return /^\{\{-?\s*[A-Za-z_]\w*\s*-?\}\}$/.test(hit.text) && !/command|test|format/.test(key ?? "")
          ? unrendered("firm")
          : null;
      return (hit.shape === "at" || hit.shape === "percent") && hit.whole ? unrendered("firm") : null;
    case "kubernetes":
      return kubernetes(hit, file, key, document);
    case "kustomization":
      if (hit.path.includes("patches") || hit.path.includes("vars") || hit.path.includes("replacements")) return null;
      return (hit.shape === "dollar-brace" || hit.shape === "mustache") &&
        /images|resources|namespace|literals/.test(hit.path.join("."))
        ? unrendered("high")
        : null;
    case "helm-values":
      if (hit.shape === "mustache") return file.usesTpl === false && !hit.multiline ? unrendered("firm") : null;
      if (hit.multiline || /(?:^|\/)values\.ya?ml$/i.test(file.path)) return null;
      if (isToken(hit)) return unrendered("firm");
      return isPlainVariable(hit) && !hit.path.some((step) => expandedLater.test(String(step)))
        ? unrendered("firm", "warning")
        : null;
    case "spring":
      if (hit.shape === "mustache") return hit.multiline ? null : unrendered("high");
      if (hit.shape === "at" && hit.whole && file.filtered === false) return unrendered("firm");
      return hit.shape === "percent" && hit.whole ? unrendered("firm") : null;
    case "dotnet":
      if (
        hit.path.some(
          (step) => typeof step === "string" && /nlog|serilog|template|layout|logging|reroute|routes/i.test(step),
        )
      )
        return null;
      if (hit.shape === "hash-brace" || hit.shape === "mustache") return unrendered("high");
      if (hit.shape === "dollar-brace" || hit.shape === "dollar-paren") return unrendered("firm");
      return hit.shape === "percent" && hit.whole ? unrendered("firm") : null;
    case "alertmanager":
    case "prometheus":
      if (hit.shape !== "dollar-brace" || /^\d/.test(hit.name ?? "")) return null;
      if (hit.path.includes("external_labels") || hit.path.some((step) => /relabel|replacement/.test(String(step))))
        return null;
      return unrendered("high");
    case "cloudformation":
      if (hit.shape !== "dollar-brace" || hit.evaluated || hit.multiline) return null;
      if (!/^(?:AWS::\w+|[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)$/.test(hit.name ?? "")) return null;
      return hit.path.some((step) =>
        /^(?:Definition|DefinitionBody|DefinitionString|UserData|Body|Fn::|Event|Transform|Command|EntryPoint|BuildSpec|Script|Input|Request|Response|Query|Sql|Dashboard|Template|Content|Pattern|Metadata|Mappings|Description)/i.test(
          String(step),
        ),
      )
        ? null
        : unrendered("firm");
    case "platform":
      if (isPlainVariable(hit) && /task-?def[\w.-]*\.json$/i.test(file.path)) return unrendered("firm");
      return hit.shape === "mustache" && !hit.multiline ? unrendered("medium") : null;
    default:
      // Most programs read JSON literally, some put variables in: worth a note.
      return isPlainVariable(hit) && hit.whole && /\.json$/i.test(file.path) ? unrendered("medium", "note") : null;
  }
}

/** Kustomize interpolates nothing, and what a process finds in its environment is a text. */
function generated(hit: PlaceholderHit): Judged | null {
  const plain = hit.fallback === null && /^[A-Za-z_]\w*$/.test(hit.name ?? "");
  return plain ? { rule: "unrendered-reference", confidence: "high" } : null;
}

/** Spring expands `${X}` in the variables of its own settings too. */
function isSpringKey(key: string | null): boolean {
  return /^(?:SPRING|SERVER|MANAGEMENT|LOGGING|EUREKA)_|JDBC|DATASOURCE/i.test(key ?? "");
}

/** `@X@`, `%X%`, `$(X)`, `[[x]]` as a whole value: nothing that reads values files knows them. */
function isToken(hit: PlaceholderHit): boolean {
  return (
    hit.whole &&
    (hit.shape === "at" || hit.shape === "percent" || hit.shape === "dollar-paren" || hit.shape === "double-square")
  );
}

/** `${GCP_PROJECT_ID}`: a shouted name, no default, so none of a program's own expressions. */
function isPlainVariable(hit: PlaceholderHit): boolean {
  return hit.shape === "dollar-brace" && hit.fallback === null && /^[A-Z][A-Z0-9_]{2,}$/.test(hit.name ?? "");
}

/** Parts of a chart's values that a program in the container gets, which may expand them itself. */
const expandedLater =
  /config|args|command|script|expr|template|rules?$|dashboard|datasource|pipeline|log|receiver|exporter|processor|extension|sql|query|opts|options|^(?:extra)?env(?:s|ironment|vars|from)?$|ini$|conf$|files?$|snippet|annotations?\.nginx|lua|steps?$|hooks?$|job|values?$|realm|manifests?|objects|resources$|yaml|json/i;

/** Kinds whose controllers have templates or expressions of their own. */
const templatedKinds =
  /Workflow|Template$|Sensor|EventSource|Pipeline|Task|Trigger|Run$|Composition|Policy|Rule$|Dashboard|Datasource|Helm|Grafana|Fluent|Logging|Flow|Output|Collector|Instrumentation|Vector|Integration|Kamelet|Stage|Promotion|Warehouse|Cluster|Machine|Stack|Workspace|EnvoyFilter|Wasm|Plugin|Alert|Parser|Experiment|Script|Test/;

function brace(hit: PlaceholderHit, file: JudgedFile, key: string | null): Judged | null {
  if (hit.confidence === "high") return { rule: "leftover", confidence: "high" };
  const secret = isSecretKey(hit) || /(?:^|[._-])(?:user|username|password|host)$/i.test(key ?? "");
  const whole = hit.whole && (secret || isAddressKey(key));
  const inUrl =
    /^(?:url|uri|dsn|connection.*)$/.test(
      phraseOf(key ?? "")
        .split(" ")
        .at(-1) ?? "",
    ) && /^\{(?:[a-z]+[_-])?(?:user|username|pass|password|host|db|database|port|name)\w*\}$/i.test(hit.text);
  if (!whole && !inUrl) return null;
  if (!["dotenv", "tfvars", "spring", "dotnet", "kubernetes", "compose", "properties"].includes(file.format))
    return null;
  if (file.format === "properties" && isBundle(file.path)) return null;
  if (file.format === "kubernetes" && hit.multiline) return null;
  return { rule: "leftover", confidence: "firm" };
}

/** Texts for people, whose `{user}` the program fills in. */
function isBundle(path: string): boolean {
  return /(?:messages?|labels?|strings?|texts?|bundles?|errors?|translations?|resources?|[_-][a-z]{2}(?:[_-][A-Z]{2})?)\.properties$/i.test(
    path,
  );
}

function kubernetes(
  hit: PlaceholderHit,
  file: JudgedFile,
  key: string | null,
  document: PlaceholderDocument | undefined,
): Judged | null {
  const kind = document?.kind ?? "";
  const api = document?.apiVersion ?? "";
  if (/tekton|openshift|crossplane|kargo|cluster\.x-k8s|backstage|kyverno/.test(api)) return null;
  if (!literalKinds.test(kind)) {
    const plain = kind !== "" && !templatedKinds.test(kind) && isPlainVariable(hit) && !hit.multiline;
    const expanded = hit.path.some(
      (step) => /^(?:args|command|script|config|template)$/.test(String(step)) && kind !== "ApplicationSet",
    );
    return plain && !expanded ? { rule: "unrendered-reference", confidence: "firm" } : null;
  }
  const unrendered: Judged = { rule: "unrendered-reference", confidence: "high" };
  if (kind === "Kustomization") return null;
  const inArguments = hit.path.includes("args") || hit.path.includes("command");
  if (hit.multiline && inArguments && isBareName(hit)) return { rule: "unrendered-reference", confidence: "firm" };
  if (hit.multiline) return configMapFile(hit, kind, key);
  if (hit.shape === "mustache") {
    // `--format={{.Name}}` is for the program that gets the argument.
    if (inArguments && !isBareName(hit)) return null;
    if (kind === "Application" || kind === "ServiceMonitor" || hit.path.includes("annotations")) return null;
    return isJinja(hit) ? { ...unrendered, cap: "note" } : unrendered;
  }
  if (hit.shape === "dollar-brace") {
    if (/^\d/.test(hit.name ?? "") || /snippet|lua/.test(hit.path.join("."))) return null;
    // An argument by itself that no shell gets: Kubernetes expands `$(X)` alone.
    if (inArguments)
      return hit.whole && !hit.evaluated && isPlainVariable(hit)
        ? { rule: "unrendered-reference", confidence: "firm" }
        : null;
    // In a ConfigMap or Secret the program that reads the value may expand it.
    if (kind === "ConfigMap" || kind === "Secret") return { rule: "unrendered-reference", confidence: "firm" };
    return unrendered;
  }
  if (hit.shape === "dollar") {
    if (
      inArguments ||
      !/^[A-Z][A-Z0-9_]{2,}$/.test(hit.name ?? "") ||
      kind === "ConfigMap" ||
      hit.path.includes("annotations")
    )
      return null;
    return hit.whole || key === "image"
      ? { rule: "unrendered-reference", confidence: key === "image" ? "high" : "firm" }
      : null;
  }
  if (hit.shape === "dollar-paren") {
    // In `command`, `args` and `env` Kubernetes expands it, see `unsetContainerVariables`.
    if (inArguments || hit.path.includes("env") || file.kustomizeVars.has(hit.name ?? "")) return null;
    if (/snippet|lua|script/.test(hit.path.join("."))) return null;
    const named = key === "image" || /^[A-Z][A-Z0-9_]{2,}$|^(?:Build|System|Release)\./.test(hit.name ?? "");
    if (!named && !(hit.whole && file.azurePipeline)) return null;
    return kind === "ConfigMap" || kind === "Secret"
      ? { rule: "unrendered-reference", confidence: "firm" }
      : unrendered;
  }
  if (hit.shape === "percent" || hit.shape === "at" || hit.shape === "double-square")
    return hit.whole ? { rule: "unrendered-reference", confidence: "medium" } : null;
  return null;
}

/** `{{ addresses|join(",") }}`: a filter of Jinja; a deploy tool that knows it renders the file, wherever that is configured. */
function isJinja(hit: PlaceholderHit): boolean {
  return /\|\s*[a-z_]+\(/.test(hit.text);
}

/** A file inside a ConfigMap has its own reader: only formats that are known to expand nothing count. */
function configMapFile(hit: PlaceholderHit, kind: string, key: string | null): Judged | null {
  if (kind !== "ConfigMap" && kind !== "Secret") return null;
  const file = hit.path.findLast((step) => typeof step === "string");
  if (typeof file !== "string" || key === null) return null;
  if (/^alertmanager[\w.-]*\.ya?ml$/i.test(file) && hit.shape === "dollar-brace")
    return { rule: "unrendered-reference", confidence: "high" };
  return null;
}
