import { expect, test } from "vitest";
import { kubernetesExtractor } from "../../src/facts/kubernetes.ts";

const extract = (text: string) => kubernetesExtractor.extract({ text: () => text, bytes: () => Buffer.from(text) });

test("objects of every document, lists unpacked", () => {
  const file = extract(`apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: ConfigMap, metadata: { name: a } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: prod, annotations: { x: "1" } }
spec:
  template:
    spec:
      initContainers: [{ name: migrate, image: app, command: [alembic] }]
      containers:
        - name: api
          image: app
          ports: [{ name: http, containerPort: 8000 }]
          env:
            - { name: A, value: "1" }
            - { name: B, valueFrom: { secretKeyRef: { name: s, key: k, optional: true } } }
          envFrom: [{ configMapRef: { name: c } }]
          livenessProbe: { httpGet: { path: /health, port: http } }
          readinessProbe: { tcpSocket: { port: 8000 } }
`);
  expect(file.objects.map((each) => [each.kind, each.name?.text, each.namespace?.text])).toEqual([
    ["ConfigMap", "a", undefined],
    ["Deployment", "api", "prod"],
  ]);
  expect(file.objects[1]?.pod).toMatchObject({
    initContainers: [{ name: { text: "migrate" }, command: [{ text: "alembic" }] }],
    containers: [
      {
        ports: [{ name: { text: "http" }, number: { text: "8000" } }],
        env: [
          { name: "A", value: { text: "1" }, from: null },
          { name: "B", value: null, from: { kind: "secret", name: { text: "s" }, key: { text: "k" }, optional: true } },
        ],
        envFrom: [{ kind: "config-map", name: { text: "c" } }],
        probes: [
          { kind: "liveness", type: "http", port: { text: "http" }, portIsNumber: false, path: { text: "/health" } },
          { kind: "readiness", type: "tcp", portIsNumber: true },
        ],
      },
    ],
  });
});

test("CronJobs and Knative services have pods; other YAML has no objects", () => {
  const pod = "spec: { containers: [{ image: x }] }";
  expect(
    extract(`apiVersion: batch/v1\nkind: CronJob\nspec: { jobTemplate: { spec: { template: { ${pod} } } } }\n`)
      .objects[0]?.pod?.containers,
  ).toHaveLength(1);
  expect(
    extract(`apiVersion: serving.knative.dev/v1\nkind: Service\nspec: { template: { ${pod} } }\n`).objects[0]?.pod
      ?.containers,
  ).toHaveLength(1);
  expect(extract("apiVersion: v1\nkind: Service\nspec: { ports: [] }\n").objects[0]?.pod).toBeNull();
  expect(extract("a: 1\n").objects).toEqual([]);
});

test("definitions of custom resources are skipped, places stay", () => {
  const text =
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: { a: [ }\n---\napiVersion: v1\nkind: Service\nmetadata: { name: api }\n";
  const file = extract(text);
  expect(file.errors).toEqual([]);
  expect(file.objects.map((each) => text.slice(each.name?.start, each.name?.end))).toEqual(["api"]);
});

test("templates are read for their structure", () => {
  const file = extract(
    '{{- if .Values.on }}\napiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}-api\n  labels:\n    {{- include "x" . | nindent 4 }}\n{{- end }}\n',
  );
  expect(file).toMatchObject({ template: true, errors: [], objects: [{ kind: "Service" }] });
});
