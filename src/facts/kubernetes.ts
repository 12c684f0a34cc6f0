import { parseData } from "../sources/data.ts";
import type { DataMap, DataNode } from "../types/data.ts";
import type { Extractor } from "../types/facts.ts";
import type {
  KubernetesContainer,
  KubernetesObject,
  KubernetesPod,
  KubernetesProbe,
  KubernetesReference,
  KubernetesVariable,
} from "../types/kubernetes.ts";
import { isTemplate } from "./kubernetes-template.ts";
import { get, items, named, spanned, spans } from "./nodes.ts";

/** The Kubernetes objects of a file. A file without any gives an empty list. */
export const kubernetesExtractor: Extractor<"kubernetes"> = {
  kind: "kubernetes",
  version: 3,
  extract(source) {
    const text = source.text();
    const nothing = { template: false, objects: [], errors: [], lineStarts: [0] };
    // Most YAML and JSON files hold no object: do not parse them.
    if (!/apiVersion/.test(text) || !/kind/.test(text)) return nothing;
    const plain = parseData(withoutDefinitions(text));
    const template = text.includes("{{") && isTemplate(text, plain);
    const file = template ? parseData(withoutDefinitions(withoutTemplates(text))) : plain;
    return {
      template,
      objects: file.documents.flatMap((document) => objectsOf(document.root, 0)),
      errors: file.documents.flatMap((document) => document.errors),
      lineStarts: file.lineStarts,
    };
  },
};

/** Blanks the documents of custom resource definitions: schemas of hundreds of kilobytes that nothing here reads. */
function withoutDefinitions(text: string): string {
  if (!/^kind: CustomResourceDefinition\b/m.test(text)) return text;
  return text
    .split(/^(?=---)/m)
    .map((document) =>
      /^kind: CustomResourceDefinition\b/m.test(document)
        ? document.replace(/^(?!---)[^\r\n]+/gm, (line) => " ".repeat(line.length))
        : document,
    )
    .join("");
}

/**
 * A template's text with its actions blanked: a line of actions alone becomes empty, an action inside a value becomes as many underscores.
 * What is left is usually YAML again, with every offset in place.
 */
function withoutTemplates(text: string): string {
  const blank = (action: string, filler: string) => action.replace(/[^\r\n]/g, filler);
  return text
    .replace(/\{\{-?\s*\/\*[\s\S]*?\*\/\s*-?\}\}/g, (comment) => blank(comment, " "))
    .replace(/^[ \t]*(?:\{\{[^{}\n]*\}\}[ \t]*)+\r?$/gm, (line) => blank(line, " "))
    .replace(/\{\{[^{}\n]*\}\}/g, (action) => blank(action, "_"));
}

function objectsOf(node: DataNode | null, depth: number): KubernetesObject[] {
  if (node?.kind !== "map" || depth > 5) return [];
  const kind = spanned(get(node, "kind"));
  const apiVersion = spanned(get(node, "apiVersion"));
  if (!kind || !apiVersion) return [];
  if (/List$/.test(kind.text) && get(node, "items"))
    return items(get(node, "items")).flatMap((item) => objectsOf(item, depth + 1));
  const metadata = get(node, "metadata");
  return [
    {
      kind: kind.text,
      apiVersion: apiVersion.text,
      name: spanned(get(metadata, "name")),
      namespace: spanned(get(metadata, "namespace")),
      labels: named(get(metadata, "labels")),
      annotations: named(get(metadata, "annotations")),
      pod: podOf(kind.text, apiVersion.text, node),
      node,
      start: node.start,
      end: node.end,
    },
  ];
}

function podOf(kind: string, apiVersion: string, node: DataMap): KubernetesPod | null {
  let spec = get(node, "spec");
  let metadata = get(node, "metadata");
  if (kind === "CronJob") spec = get(get(spec, "jobTemplate"), "spec");
  const workload = /^(?:Deployment|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Job|CronJob|Rollout)$/.test(
    kind,
  );
  const serving = apiVersion.startsWith("serving.knative.dev/") || apiVersion.startsWith("run.googleapis.com/");
  if (workload || serving) {
    metadata = get(get(spec, "template"), "metadata");
    spec = get(get(spec, "template"), "spec");
    // A Cloud Run job nests one template more.
    if (serving && kind === "Job") spec = get(get(spec, "template"), "spec") ?? spec;
  } else if (kind !== "Pod") return null;
  if (spec?.kind !== "map") return null;
  return {
    initContainers: items(get(spec, "initContainers")).map(containerOf),
    containers: items(get(spec, "containers")).map(containerOf),
    restartPolicy: spanned(get(spec, "restartPolicy")),
    hostNetwork: spanned(get(spec, "hostNetwork"))?.text === "true",
    labels: named(get(metadata, "labels")),
    annotations: named(get(metadata, "annotations")),
  };
}

function containerOf(node: DataNode): KubernetesContainer {
  return {
    start: node.start,
    end: node.end,
    name: spanned(get(node, "name")),
    image: spanned(get(node, "image")),
    command: spans(get(node, "command")),
    args: spans(get(node, "args")),
    env: items(get(node, "env")).flatMap(variableOf),
    envFrom: items(get(node, "envFrom")).flatMap((item) => {
      const secret = referenceOf("secret", get(item, "secretRef"));
      const map = referenceOf("config-map", get(item, "configMapRef"));
      const prefix = spanned(get(item, "prefix"))?.text ?? "";
      return [secret, map].flatMap((each) => (each === null ? [] : [{ ...each, prefix }]));
    }),
    mounts: items(get(node, "volumeMounts")).flatMap((mount) => spanned(get(mount, "mountPath"))?.text ?? []),
    ports: items(get(node, "ports")).map((port) => ({
      name: spanned(get(port, "name")),
      number: spanned(get(port, "containerPort")),
    })),
    probes: (["liveness", "readiness", "startup"] as const).flatMap((kind) => probeOf(kind, get(node, `${kind}Probe`))),
  };
}

function variableOf(node: DataNode): KubernetesVariable[] {
  const name = spanned(get(node, "name"));
  if (!name) return [];
  const from = get(node, "valueFrom");
  return [
    {
      name: name.text,
      start: name.start,
      end: name.end,
      value: spanned(get(node, "value")),
      from: referenceOf("secret", get(from, "secretKeyRef")) ?? referenceOf("config-map", get(from, "configMapKeyRef")),
    },
  ];
}

function referenceOf(kind: KubernetesReference["kind"], node: DataNode | null): KubernetesReference | null {
  const name = spanned(get(node, "name"));
  if (!name) return null;
  const optional = get(node, "optional");
  return {
    kind,
    name,
    key: spanned(get(node, "key")),
    optional: optional?.kind === "scalar" && optional.value === true,
  };
}

function probeOf(kind: KubernetesProbe["kind"], node: DataNode | null): KubernetesProbe[] {
  if (node?.kind !== "map") return [];
  const http = get(node, "httpGet");
  const tcp = get(node, "tcpSocket");
  const grpc = get(node, "grpc");
  const port = get(http ?? tcp ?? grpc, "port");
  return [
    {
      kind,
      type: http ? "http" : tcp ? "tcp" : grpc ? "grpc" : get(node, "exec") ? "exec" : "none",
      port: spanned(port),
      portIsNumber: port?.kind === "scalar" && typeof port.value === "number",
      path: spanned(get(http, "path")),
      start: node.start,
      end: node.end,
    },
  ];
}
