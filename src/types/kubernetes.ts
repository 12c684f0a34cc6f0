import type { DataMap } from "./data.ts";
import type { Placed } from "./placed.ts";
import type { Location, RepoPath } from "./text.ts";
import type { NamedValue, Spanned } from "./workflow.ts";

/** The Kubernetes objects of one file, over all its documents; the items of a `List` stand by themselves. */
export interface KubernetesFile {
  /** The text holds `{{ }}` and is rendered before it is applied. Its actions are read as underscores; values are not to be trusted. */
  template: boolean;
  objects: KubernetesObject[];
  errors: { message: string; offset: number }[];
  lineStarts: number[];
}

export interface KubernetesObject {
  kind: string;
  apiVersion: string;
  /** Null where it is generated or templated away. */
  name: Spanned | null;
  namespace: Spanned | null;
  labels: NamedValue[];
  annotations: NamedValue[];
  /** Pod specification of workloads (Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Knative Service); null for other kinds. */
  pod: KubernetesPod | null;
  /** The whole object. */
  node: DataMap;
  start: number;
  end: number;
}

export interface KubernetesPod {
  initContainers: KubernetesContainer[];
  containers: KubernetesContainer[];
  restartPolicy: Spanned | null;
  /** Its containers open ports of the node itself; what `ports` lists is only said for readers. */
  hostNetwork: boolean;
  /** What the template says of the pods that it makes. */
  labels: NamedValue[];
  annotations: NamedValue[];
}

export interface KubernetesContainer {
  /** Range of the whole container. */
  start: number;
  end: number;
  name: Spanned | null;
  image: Spanned | null;
  command: Spanned[];
  args: Spanned[];
  env: KubernetesVariable[];
  envFrom: (KubernetesReference & { prefix: string })[];
  /** Where volumes are laid into it. */
  mounts: string[];
  ports: { name: Spanned | null; number: Spanned | null }[];
  probes: KubernetesProbe[];
}

export interface KubernetesVariable {
  name: string;
  start: number;
  end: number;
  value: Spanned | null;
  /** `valueFrom` a Secret or ConfigMap. */
  from: KubernetesReference | null;
}

export interface KubernetesReference {
  kind: "secret" | "config-map";
  name: Spanned;
  key: Spanned | null;
  optional: boolean;
}

export interface KubernetesProbe {
  kind: "liveness" | "readiness" | "startup";
  type: "http" | "tcp" | "grpc" | "exec" | "none";
  port: Spanned | null;
  /** True for a number, false for the name of a port. */
  portIsNumber: boolean;
  path: Spanned | null;
  start: number;
  end: number;
}

export type ModelObject = Placed<KubernetesObject> & {
  path: RepoPath;
  /** Its file is for a developer's machine or a test run, by its name or folder. */
  development: boolean;
};

export interface KubernetesModel {
  /** Objects of files that are applied as they are. */
  objects: ModelObject[];
  /** Objects of templates (Helm and kin), so far as they can be read: for structure, kinds and annotations, not for values. */
  templates: ModelObject[];
  /** Manifests that are not valid YAML to their end, and where they stop to be; sorted by path. */
  broken: { path: RepoPath; message: string; at: Location; example: boolean }[];
}
