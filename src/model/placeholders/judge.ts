import { phraseOf } from "../../sources/placeholder-words.ts";
import type { Confidence, PlaceholderDocument, PlaceholderHit } from "../../types/placeholders.ts";
import type { RepoPath } from "../../types/text.ts";
import type { Format } from "./formats.ts";
import { isAddressKey, isSecretKey, isText, isTextName, keyOf } from "./keys.ts";

export type PlaceholderRule =
  | "leftover"
  | "unrendered-reference"
  | "weak-default"
  | "dummy-identifier"
  | "encoded-placeholder";

export interface Judged {
  rule: PlaceholderRule;
  confidence: Confidence;
  /** No more than this, whatever the environment. */
  cap?: "warning" | "note";
}

export interface JudgedFile {
  path: RepoPath;
  format: Format;
  documents: readonly PlaceholderDocument[];
  /** Chart templates in the tree that the values feed: whether one of them uses `tpl`; null where there are none. */
  usesTpl: boolean | null;
}

/** What one placeholder means to the consumer of its file; null where it is right there. */
export function judge(hit: PlaceholderHit, file: JudgedFile): Judged | null {
  const key = keyOf(hit);
  const document = file.documents[hit.document];
  if (document?.kind === "CustomResourceDefinition") return null;
  if (hit.shape === "encoded") return { rule: "encoded-placeholder", confidence: "high" };
  if (hit.shape === "pem") return { rule: "leftover", confidence: "high" };
  if (hit.fallback?.word && expands(file.format)) return weak(file.format, key);
  if (isText(key) && !(file.format === "kubernetes" && hit.path.includes("annotations") && hit.shape !== "mustache"))
    return null;
  if (
    hit.path.some((step) => typeof step === "string" && /^(?:description|allowlist|allow-list|x-[\w-]+)$/.test(step)) &&
    hit.shape !== "angle"
  )
    return null;
  if (isTextName(key) || (hit.multiline && (isText(lastKey(hit)) || isTextName(lastKey(hit))))) return null;
  // A line of a longer text is prose, not a setting.
  if (hit.multiline && hit.inner === null && /\s/.test(hit.text)) return null;
  if (isScript(hit, file.format) && !(file.format === "kubernetes" && isBareName(hit))) return null;
  switch (hit.shape) {
    case "word":
    case "masked":
      return word(hit, file, key, document);
    case "angle":
    case "bracket":
      return angle(hit, file, key, document);
    case "domain":
    case "identifier":
      return dummy(hit, file, key, document);
    default:
      return reference(hit, file, key, document);
  }
}

/** `{{name}}`: no Go template, which starts with a dot, and nothing that a shell knows. */
function isBareName(hit: PlaceholderHit): boolean {
  return hit.shape === "mustache" && /^\{\{ ?[A-Za-z_]\w* ?\}\}$/.test(hit.text);
}

function lastKey(hit: PlaceholderHit): string | null {
  const last = hit.path.findLast((step) => typeof step === "string");
  return typeof last === "string" ? last : null;
}

function expands(format: Format): boolean {
  return (
    format === "compose" ||
    format === "spring" ||
    format === "dotenv" ||
    format === "observability" ||
    format === "config" ||
    format === "platform"
  );
}

function weak(format: Format, key: string | null): Judged | null {
  if (isText(key)) return null;
  return { rule: "weak-default", confidence: format === "config" || format === "platform" ? "medium" : "firm" };
}

/** Commands and scripts: their words are arguments of programs, judged only where they set something. */
function isScript(hit: PlaceholderHit, format: Format): boolean {
  const key = hit.path.findLast((step) => typeof step === "string");
  if (format === "workflow") return hit.path.at(-2) !== "env";
  if (!hit.multiline) return false;
  if (
    typeof key === "string" &&
    /^(?:run|script|scripts|command|args|entrypoint|before_script|after_script|init|buildspec|user_?data|lua|inline|code|expr|query)$/i.test(
      key,
    )
  )
    return true;
  // A file inside a ConfigMap that is itself a script or a text.
  return (
    typeof key === "string" && /\.(?:sh|py|js|lua|sql|md|html?|css|tmpl|tpl|json5?|go|rb|pl|ps1|xml|txt)$/i.test(key)
  );
}

const nameKeys =
  /^(?:name|labels|matchLabels|selector|app|component|podSelector|generateName|container_name|image_?name|apiVersion|kind)$/;

function word(
  hit: PlaceholderHit,
  file: JudgedFile,
  key: string | null,
  document: PlaceholderDocument | undefined,
): Judged | null {
  const last = hit.path.at(-1);
  const placeholderOnly = /^placeholders?$/i.test(hit.text);
  const joined = hit.path.filter((step) => typeof step === "string").join(".");
  if (
    file.format === "kubernetes" ||
    file.format === "kustomization" ||
    file.format === "helm-values" ||
    file.format === "config" ||
    file.format === "platform"
  ) {
    if (last === "name" && hit.path.at(-3) !== "hosts") {
      if (!/\b(?:your|change ?me|replace)\b/i.test(phraseOf(hit.text)) || document?.kind === "CustomResourceDefinition")
        return null;
      return file.format === "kubernetes" ? { rule: "leftover", confidence: "medium" } : null;
    }
    if (
      hit.path.some(
        (step) => step === "labels" || step === "matchLabels" || step === "selector" || step === "nodeSelector",
      )
    )
      return { rule: "leftover", confidence: "medium" };
    if (/(?:secretKeyRef|configMapKeyRef|secretRef|remoteRef)\.key$/.test(joined))
      return { rule: "leftover", confidence: "medium" };
  }
  if (key !== null && nameKeys.test(key) && placeholderOnly) return null;
  if (file.format === "workflow") return workflowWord(hit, file, key);
  if (file.format === "dockerfile") return dockerfileWord(hit, key);
  if (file.format === "nginx") return nginxWord(hit);
  if (file.format === "lines") return null;
  if (hit.confidence === "medium") {
    if (!isSecretKey(hit)) return null;
    return { rule: "leftover", confidence: hit.whole ? "firm" : "medium" };
  }
  if (placeholderOnly && !hit.whole && !isSecretKey(hit)) return null;
  if (hit.shape === "masked" && hit.confidence === "firm") {
    if (!isSecretKey(hit) && !isAddressKey(key)) return null;
    if (/^\.+$|^…$|^\.{3}\//.test(hit.text)) return null;
  }
  if (file.format === "terraform") return terraformWord(hit, key);
  if (file.format === "cloudformation" && hit.path[0] === "Parameters")
    return { rule: "leftover", confidence: "medium", cap: "note" };
  return { rule: "leftover", confidence: hit.confidence };
}

function terraformWord(hit: PlaceholderHit, key: string | null): Judged | null {
  if (hit.evaluated && !hit.whole && /^x+$/i.test(hit.text)) return null;
  // `lifecycle`-ignored first versions of a secret are a pattern of their own: the value is set elsewhere.
  const resource = hit.path[0] === "resource" ? String(hit.path[1] ?? "") : "";
  if (/secret_version|ssm_parameter|key_vault_secret|secretsmanager/.test(resource))
    return { rule: "leftover", confidence: "medium" };
  if (hit.path[0] === "variable" && key === "default") return { rule: "leftover", confidence: "high", cap: "warning" };
  return { rule: "leftover", confidence: hit.confidence };
}

/** In a workflow only what looks like a setting of a deploy counts: dummy secrets of test jobs are meant. */
function workflowWord(hit: PlaceholderHit, file: JudgedFile, key: string | null): Judged | null {
  const where = `${file.path} ${hit.path.filter((step) => typeof step === "string").join(" ")}`;
  const deploys =
    /deploy|release|publish|prod|staging|(?:^|[^a-z])c(?:i-?c)?d(?:[^a-z]|$)|azure|aws|gcp|gke|ecs|terraform|google|cloud/i.test(
      where,
    );
  if (!deploys || /\btest|lint|e2e/i.test(hit.path.slice(0, 2).join(" "))) return null;
  if (!/\b(?:your|change ?me|change ?this|replace)\b/.test(phraseOf(hit.text)) && hit.confidence !== "high")
    return null;
  if (isSecretKey(hit) && /build|CI\b/i.test(where)) return null;
  return key === null ? null : { rule: "leftover", confidence: "high", cap: "warning" };
}

function dockerfileWord(hit: PlaceholderHit, key: string | null): Judged | null {
  if (key === null || !/\b(?:your|change ?me|change ?this|replace ?me)\b|changeme/.test(phraseOf(hit.text)))
    return null;
  return hit.path.length > 0 && /^[A-Z_][A-Z0-9_]*$/.test(key) ? { rule: "leftover", confidence: "medium" } : null;
}

function nginxWord(hit: PlaceholderHit): Judged | null {
  return hit.shape === "word" && /\byour/.test(phraseOf(hit.text))
    ? { rule: "leftover", confidence: "high", cap: "warning" }
    : null;
}

function angle(
  hit: PlaceholderHit,
  file: JudgedFile,
  key: string | null,
  document: PlaceholderDocument | undefined,
): Judged | null {
  if (
    file.format === "web-config" ||
    file.format === "workflow" ||
    file.format === "lines" ||
    file.format === "dockerfile"
  )
    return null;
  if (/^<<\.|^<(?:\.\.\.|rootDir)>?/.test(hit.text)) return null;
  // `<Directory /x>` of Apache and its like.
  if (/\.conf$/.test(file.path) && key === null) return null;
  // argocd-vault-plugin reads `<path:…>` and, under its annotation, every `<name>`.
  if (/^<<?path:/.test(hit.text) || document?.marks.some((mark) => mark.startsWith("avp."))) return null;
  if (file.format === "cloudformation")
    return hit.path.at(-1) === "Type" ? null : { rule: "leftover", confidence: "firm" };
  if (file.format === "observability" && !isSecretKey(hit) && !isAddressKey(key)) return null;
  if (hit.multiline && hit.inner === null && !hit.whole) return null;
  if (file.format === "terraform")
    return hit.evaluated && !/[A-Z_]{4,}|your/i.test(hit.text) ? null : { rule: "leftover", confidence: "high" };
  if (file.format === "nginx")
    return /[A-Z_]{3,}|your|domain/i.test(hit.text) && !/[?(]/.test(hit.text)
      ? { rule: "leftover", confidence: "high", cap: "warning" }
      : null;
  return { rule: "leftover", confidence: "high" };
}

function dummy(
  hit: PlaceholderHit,
  file: JudgedFile,
  key: string | null,
  document: PlaceholderDocument | undefined,
): Judged | null {
  const { format } = file;
  if (
    format === "workflow" ||
    format === "dockerfile" ||
    format === "lines" ||
    format === "web-config" ||
    format === "cloudformation" ||
    format === "properties"
  )
    return null;
  if (
    document?.kind &&
    /^(?:CustomResourceDefinition|ClusterRole|Role|StorageClass|CSIDriver|APIService)$/.test(document.kind)
  )
    return null;
  if (
    key !== null &&
    /^(?:group|provisioner|controller|controllerName|apiGroup|apiVersion|driver|\$schema|namespace|xmlns|topologyKey|resource|finalizers)$/i.test(
      key,
    )
  )
    return null;
  if (hit.shape === "identifier") return identifier(hit, format, key);
  if (
    hit.path.some((step) => step === "labels" || step === "finalizers" || step === "taints" || step === "tolerations")
  )
    return null;
  if (hit.confidence === "medium" && key !== "image" && key !== "repository" && key !== "registry") return null;
  if (format === "terraform") return { rule: "dummy-identifier", confidence: "medium" };
  if (format === "nginx" || format === "compose") return { rule: "dummy-identifier", confidence: "firm" };
  const address = isAddressKey(key) || hit.path.some((step) => typeof step === "string" && isAddressKey(step));
  if (format === "config") return address ? { rule: "dummy-identifier", confidence: "medium" } : null;
  if (format === "spring" || format === "dotnet" || format === "observability" || format === "platform")
    return address
      ? { rule: "dummy-identifier", confidence: "firm" }
      : { rule: "dummy-identifier", confidence: "medium" };
  if (hit.multiline && !address) return { rule: "dummy-identifier", confidence: "medium" };
  return { rule: "dummy-identifier", confidence: address || hit.whole ? "firm" : "medium" };
}

function identifier(hit: PlaceholderHit, format: Format, key: string | null): Judged | null {
  const said = phraseOf(key ?? "");
  const id =
    /\b(?:account|tenant|client|subscription|project|arn|role|registry|image|bucket|organization|org|app|object|directory|zone|pool|resource)\b/.test(
      said,
    );
  if (/EXAMPLE/.test(hit.text)) return { rule: "dummy-identifier", confidence: isSecretKey(hit) ? "firm" : "medium" };
  if (/^\d+$/.test(hit.text)) {
    const held = hit.text.length === 12 && (id || !hit.whole);
    return held ? { rule: "dummy-identifier", confidence: "firm" } : null;
  }
  if (!id) return null;
  return { rule: "dummy-identifier", confidence: format === "terraform" || format === "config" ? "medium" : "firm" };
}

/** Kinds whose fields nothing interpolates once they are applied. */
const literalKinds =
  /^(?:Deployment|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Endpoints|ResourceQuota|LimitRange|PriorityClass|Gateway|Middleware|IngressRoute|Job|CronJob|Pod|Service|Ingress|ConfigMap|Secret|ServiceAccount|Namespace|PersistentVolume|PersistentVolumeClaim|HorizontalPodAutoscaler|PodDisruptionBudget|NetworkPolicy|Role|RoleBinding|ClusterRole|ClusterRoleBinding|Certificate|ClusterIssuer|Issuer|HTTPRoute|ManagedCertificate|BackendConfig|FrontendConfig|IngressClass|StorageClass|VirtualService|DestinationRule|ServiceEntry|SecretProviderClass|ClusterSecretStore|SecretStore|Application|AppProject|Kustomization|ScaledObject|ServiceMonitor|NodePool|EC2NodeClass|TriggerAuthentication|Ingress\w+)$/;

function reference(
  hit: PlaceholderHit,
  file: JudgedFile,
  key: string | null,
  document: PlaceholderDocument | undefined,
): Judged | null {
  const unrendered = (confidence: Confidence, cap?: "warning" | "note"): Judged => ({
    rule: "unrendered-reference",
    confidence,
    ...(cap ? { cap } : {}),
  });
  const leftover = (confidence: Confidence): Judged => ({ rule: "leftover", confidence });
  const { format } = file;
  const dollars = hit.shape === "dollar-brace" || hit.shape === "dollar" || hit.shape === "dollar-paren";
  if (
    format === "workflow" ||
    format === "terraform" ||
    format === "serverless" ||
    format === "cloud-build" ||
    format === "dockerfile" ||
    format === "lines" ||
    format === "properties"
  )
    return null;
  if (hit.shape === "double-underscore")
    return format === "nginx" || format === "observability" ? unrendered("firm") : unrendered("high");
  if (format === "nginx" || format === "observability") return null;
  if (hit.shape === "brace") return brace(hit, file, key);
  switch (format) {
    case "tfvars":
      if (hit.shape === "dollar-brace" || hit.shape === "mustache") return unrendered("high");
      return hit.shape === "hash-brace" || hit.shape === "dollar-paren" ? unrendered("firm") : null;
    case "dotenv":
      if (hit.shape === "mustache") return /^op:|^ ?op/.test(hit.name ?? "") ? null : unrendered("high");
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
      return kubernetes(hit, key, document);
    case "kustomization":
      if (hit.path.includes("patches") || hit.path.includes("vars") || hit.path.includes("replacements")) return null;
      return (hit.shape === "dollar-brace" || hit.shape === "mustache") &&
        /images|resources|namespace|literals/.test(hit.path.join("."))
        ? unrendered("high")
        : null;
    case "helm-values":
      if (hit.shape === "mustache") return file.usesTpl === false && !hit.multiline ? unrendered("firm") : null;
      if (hit.shape === "hash-brace") return hit.text.endsWith("#") ? unrendered("firm") : null;
      return null;
    case "spring":
      if (hit.shape === "mustache") return hit.multiline ? null : unrendered("high");
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
    case "web-config":
      return hit.shape === "hash-brace" && hit.text.endsWith("#") ? unrendered("high") : null;
    case "alertmanager":
    case "prometheus":
      if (hit.shape !== "dollar-brace" || /^\d/.test(hit.name ?? "")) return null;
      if (hit.path.includes("external_labels") || hit.path.some((step) => /relabel|replacement/.test(String(step))))
        return null;
      return unrendered("high");
    case "cloudformation":
      if (hit.shape !== "dollar-brace" || hit.evaluated || !/^AWS::/.test(hit.name ?? "")) return null;
      return hit.path.some((step) =>
        /^(?:Definition|DefinitionBody|DefinitionString|UserData|Body|Fn::|Event|Transform)/.test(String(step)),
      )
        ? null
        : unrendered("firm");
    case "platform":
      if (hit.shape === "hash-brace") return hit.text.endsWith("#") ? unrendered("high") : null;
      return hit.shape === "mustache" && !hit.multiline ? unrendered("medium") : null;
    default:
      return hit.shape === "hash-brace" && hit.text.endsWith("#") ? unrendered("high") : null;
  }
}

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
  if (!["dotenv", "tfvars", "spring", "dotnet", "kubernetes", "compose"].includes(file.format)) return null;
  if (file.format === "kubernetes" && hit.multiline) return null;
  return { rule: "leftover", confidence: "firm" };
}

function kubernetes(hit: PlaceholderHit, key: string | null, document: PlaceholderDocument | undefined): Judged | null {
  const kind = document?.kind ?? "";
  const api = document?.apiVersion ?? "";
  if (hit.shape === "hash-brace")
    return hit.text.endsWith("#") ? { rule: "unrendered-reference", confidence: "high" } : null;
  if (!literalKinds.test(kind) || /argoproj\.io\/.*Workflow|tekton|openshift|crossplane|kargo/.test(api)) return null;
  const unrendered: Judged = { rule: "unrendered-reference", confidence: "high" };
  if (kind === "Kustomization") return null;
  const inArguments = hit.path.includes("args") || hit.path.includes("command");
  if (hit.multiline && inArguments && isBareName(hit)) return { rule: "unrendered-reference", confidence: "firm" };
  if (hit.multiline) return configMapFile(hit, kind, key);
  if (hit.shape === "mustache") {
    // `--format={{.Name}}` is for the program that gets the argument.
    if (inArguments && !isBareName(hit)) return null;
    if (kind === "Application" || kind === "ServiceMonitor" || hit.path.includes("annotations")) return null;
    return unrendered;
  }
  if (hit.shape === "dollar-brace") {
    if (/^\d/.test(hit.name ?? "") || inArguments || /snippet|lua/.test(hit.path.join("."))) return null;
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
  if (hit.shape === "percent" || hit.shape === "at" || hit.shape === "double-square")
    return hit.whole ? { rule: "unrendered-reference", confidence: "medium" } : null;
  return null;
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
