import { phraseOf } from "../../sources/placeholder-words.ts";
import type { PlaceholderDocument, PlaceholderHit } from "../../types/placeholders.ts";
import type { Format } from "./formats.ts";
import { isBareName, reference } from "./judge-references.ts";
import type { Judged, JudgedFile } from "./judged.ts";
import { isAddressKey, isSecretKey, isText, isTextName, keyOf } from "./keys.ts";

/** What one placeholder means to the consumer of its file; null where it is right there. */
export function judge(hit: PlaceholderHit, file: JudgedFile): Judged | null {
  const key = keyOf(hit);
  const document = file.documents[hit.document];
  if (document?.kind === "CustomResourceDefinition") return null;
  if (hit.shape === "encoded") return { rule: "encoded-placeholder", confidence: "high" };
  if (hit.shape === "pem") return { rule: "leftover", confidence: "high" };
  if (hit.fallback?.word && expands(file.format)) return weak(file.format, key);
  const annotation = file.format === "kubernetes" && hit.path.includes("annotations") && hit.shape !== "mustache";
  // Of a Secret no entry is a text for people, whatever it is called: `LICENSE: TODO`.
  const entry = document?.kind === "Secret" && hit.whole && hit.confidence === "high";
  // The rule of a router of Traefik is where its requests come to.
  const route = key === "rule" && hit.path.includes("routers");
  if (isText(key) && !annotation && !entry && !route) return null;
  // What a deploy button of Netlify asks for is written to whoever presses it.
  if (hit.path[0] === "template" && /(?:^|\/)netlify\.toml$/.test(file.path)) return null;
  // An extension (`x-…`) is for people and their tools, except that of compose, whose services take it in by its anchor.
  const apart = file.format === "compose" ? /^(?:description|allow-?list)$/ : /^(?:description|allow-?list|x-[\w-]+)$/;
  if (!annotation && hit.path.some((step) => typeof step === "string" && apart.test(step)) && hit.shape !== "angle")
    return null;
  if ((!annotation && isTextName(key)) || (hit.multiline && (isText(lastKey(hit)) || isTextName(lastKey(hit)))))
    return null;
  // Conditions of a stack compare with it.
  if (isStack(file.format) && (hit.path.includes("Conditions") || hit.path.includes("Fn::Equals"))) return null;
  // An output of Terraform is shown to people.
  if (file.format === "terraform" && hit.path[0] === "output") return null;
  // A line of a longer text is prose, not a setting.
  if (hit.multiline && hit.inner === null && /\s/.test(hit.text)) return null;
  const isDefault =
    (hit.path.includes("Parameters") && hit.path.at(-1) === "Default" && isStack(file.format)) ||
    (hit.path[0] === "parameters" && document?.kind === "Template");
  if (isDefault)
    return hit.confidence === "high" && !hit.name ? { rule: "leftover", confidence: "medium", cap: "note" } : null;
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

/** Parameters of a stack, as those of OpenShift's Template, have a default that whoever creates the stack overrides. */
function isStack(format: Format): boolean {
  return format === "cloudformation" || format === "serverless";
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
  // Spring writes the keys of a branch in one: `mail.welcome.subject`.
  if (isText(key) || isText(key?.split(".").at(-1) ?? null)) return null;
  return { rule: "weak-default", confidence: format === "config" || format === "platform" ? "medium" : "firm" };
}

/** Commands and scripts: their words are arguments of programs, judged only where they set something. */
function isScript(hit: PlaceholderHit, format: Format): boolean {
  const key = hit.path.findLast((step) => typeof step === "string");
  if (format === "workflow") return hit.path.at(-2) !== "env" && !isDeployInput(hit);
  if (!hit.multiline) return false;
  if (
    typeof key === "string" &&
    /^(?:run|script|scripts|command|args|entrypoint|before_script|after_script|init|buildspec|user_?data|lua|inline|code|zipfile|expr|query)$/i.test(
      key,
    )
  )
    return true;
  // A file inside a ConfigMap that is itself a script or a text.
  return (
    typeof key === "string" &&
    (/\.(?:sh|py|js|lua|sql|md|html?|css|tmpl|tpl|go|rb|pl|ps1|xml|txt)$/i.test(key) ||
      // Dashboards show texts; other JSON is settings, one line a key.
      (/\.json5?$/i.test(key) && (hit.inner === null || /dashboard/i.test(key))))
  );
}

/** Inputs of deploy actions that say where to; those of other actions are texts and patterns as often as settings. */
function isDeployInput(hit: PlaceholderHit): boolean {
  return (
    hit.path.at(-2) === "with" &&
    /^(?:workload_identity_provider|service_account|role-to-assume|project(?:_id)?|app[-_]name|registry|image|cluster(?:[-_]name)?|resource[-_]group|service|bucket|host|server[-_]url|subscription[-_]id|tenant[-_]id|client[-_]id|account[-_]id|namespace|function[-_]name|s3[-_]bucket|domain)$/i.test(
      String(hit.path.at(-1)),
    )
  );
}

const nameKeys =
  /^(?:name|labels|matchLabels|selector|app|component|podSelector|generateName|container_name|image_?name|apiVersion|kind)$/;
/** What an alert or a recording rule is called. */
const ruleNames = /^(?:alert|record)$/;

function word(
  hit: PlaceholderHit,
  file: JudgedFile,
  key: string | null,
  document: PlaceholderDocument | undefined,
): Judged | null {
  const last = hit.path.at(-1);
  // A file that is a list of words, as of reserved names: nothing reads one of them as a setting.
  if (
    hit.path.every((step) => typeof step === "number") &&
    hit.inner === null &&
    hit.path.length > 0 &&
    /^[a-z]+$/.test(hit.text)
  )
    return null;
  const placeholderOnly = /^placeholders?$/i.test(hit.text);
  const joined = hit.path.filter((step) => typeof step === "string").join(".");
  if (
    file.format === "kubernetes" ||
    file.format === "kustomization" ||
    file.format === "helm-values" ||
    file.format === "config" ||
    file.format === "platform"
  ) {
    // What a variable is called, not what it holds.
    if (last === "name" && hit.path.at(-3) === "env" && hit.whole) return null;
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
  // `path: /data/DOMAIN_NAME` of a JSON patch points to a key.
  if (
    (file.format === "kubernetes" || file.format === "kustomization") &&
    (key === "path" || key === "from") &&
    !hit.whole &&
    !/\b(?:your|change|replace)\b/.test(phraseOf(hit.text))
  )
    return null;
  // A path that ends in its own key, `API_REGION: /app/secrets/API_REGION`, is the name of a secret; so is the file of one that compose mounts.
  if (!hit.whole && hit.path.includes(hit.text)) return null;
  if (hit.path.includes("enum")) return null;
  // `prepare-for-your-visit`: what a page or a group of fields is called.
  if (
    /^(?:id|slug|anchor|alias|classes|machine_name)$/.test(key ?? "") &&
    /^[a-z]+(?:-[a-z]+)*-your(?:-[a-z]+)+$/.test(hit.text)
  ) {
    if (!/\b(?:change|replace|insert|enter|add|put|paste|set|use|fill|with|is|here)\b/.test(phraseOf(hit.text)))
      return null;
  }
  if (key !== null && ((nameKeys.test(key) && placeholderOnly) || ruleNames.test(key))) return null;
  if (file.format === "workflow") return workflowWord(hit, file, key);
  if (file.format === "dockerfile") return dockerfileWord(hit, key);
  if (file.format === "nginx") return nginxWord(hit);
  if (file.format === "lines") return null;
  if (hit.confidence === "firm" && (isDisplayName(hit, key) || isSpoken(hit, file, key))) return null;
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
  return { rule: "leftover", confidence: hit.confidence };
}

/** `SERVER_NAME="Your music server"` speaks to whoever reads the page; `"Your App Name"` is a gap. */
function isDisplayName(hit: PlaceholderHit, key: string | null): boolean {
  const text = phraseOf(hit.text);
  return (
    /^your /.test(text) && /\b(?:name|title|label|brand|instance)$/.test(phraseOf(key ?? "")) && !gapNouns.test(text)
  );
}

/** `"emptyCart": "Your cart"`, a text in a program's own settings. */
function isSpoken(hit: PlaceholderHit, { format }: JudgedFile, key: string | null): boolean {
  return (
    format === "config" &&
    /^Your [a-z]+(?: [a-z]+)*[.!]?$/.test(hit.text) &&
    !gapNouns.test(phraseOf(hit.text)) &&
    !isSecretKey(hit) &&
    !isAddressKey(key)
  );
}

/** What somebody who makes a project their own fills in. */
const gapNouns =
  /\b(?:name|company|organi[sz]ation|business|brand|app|application|project|site|website|domain|e?mail|team|shop|store|title|key|token|secret|password|id|url|host|value|account|bucket|region|user|username|here)\b/;

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
    /deploy|release|publish|prod|staging|(?:^|[^a-z])c(?:i-?c)?d(?:[^a-z]|$)|azure|aws|gcp|gke|ecs|terraform|google|cloud|heroku|(?:build|image|docker)[\w-]*push/i.test(
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
  return hit.shape === "word" && /\byour|\bchange ?(?:me|this)\b|\breplace (?:me|this|with)\b/.test(phraseOf(hit.text))
    ? { rule: "leftover", confidence: "high", cap: "warning" }
    : null;
}

function angle(
  hit: PlaceholderHit,
  file: JudgedFile,
  key: string | null,
  document: PlaceholderDocument | undefined,
): Judged | null {
  if (file.format === "workflow") return workflowWord(hit, file, key);
  if (file.format === "web-config" || file.format === "lines" || file.format === "dockerfile") return null;
  if (/^<<\.|^<(?:\.\.\.|rootDir)>?/.test(hit.text)) return null;
  // What a pipeline of AWS puts into the AppSpec and the task definition that Terraform hands it ("CodeDeployToECS").
  if (file.format === "terraform" && /^<(?:TASK_DEFINITION|IMAGE\d?_NAME)>$/.test(hit.text)) return null;
  // `key: plugin.<OPTION>` declares a family of settings.
  if (file.format === "config" && key === "key" && !hit.whole) return null;
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
  return { rule: "leftover", confidence: hit.confidence };
}

function dummy(
  hit: PlaceholderHit,
  file: JudgedFile,
  key: string | null,
  document: PlaceholderDocument | undefined,
): Judged | null {
  const { format } = file;
  if (format === "workflow" && hit.path.at(-1) === "role-to-assume" && /^\d{12}$/.test(hit.text))
    return { rule: "dummy-identifier", confidence: "firm" };
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
  // A mailbox of a web server's settings is a header or a contact, not where requests go.
  if (format === "nginx" && hit.text.includes("@")) return { rule: "dummy-identifier", confidence: "medium" };
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
    /\b(?:account|tenant|client|subscription|project|arn|role|registry|image|bucket|organization|org|app|object|directory|zone|pool|resource|connection|instrumentation|insights|workspace|principal|identity)\b/.test(
      said,
    ) ||
    // `- op: add` / `path: …` / `value: 1234…` of an inline patch.
    (format === "kustomization" && key === "value" && hit.whole);
  if (/EXAMPLE/.test(hit.text)) return { rule: "dummy-identifier", confidence: isSecretKey(hit) ? "firm" : "medium" };
  if (/^\d+$/.test(hit.text)) {
    const held = hit.text.length === 12 && (id || !hit.whole);
    return held ? { rule: "dummy-identifier", confidence: "firm" } : null;
  }
  if (!id) return null;
  return { rule: "dummy-identifier", confidence: format === "terraform" || format === "config" ? "medium" : "firm" };
}
