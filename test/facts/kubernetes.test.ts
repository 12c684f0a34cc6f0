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

const POD = (more: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n    - name: a\n${more}`;
test.each([
  ["an action in a comment", POD("      image: a # {{ x }}\n      # {{ .Values.y }}\n"), false],
  [
    "in a command and a value",
    POD('      args: ["--to={{ x }}"]\n      env: [{ name: A, value: "{{ y }}" }]\n'),
    false,
  ],
  ["as a bare value, which is no YAML text", POD("      image: a\n      tty: {{ x }}\n"), true],
  ["in the name of an image", POD('      image: "a:{{ tag }}"\n'), true],
  ["in the name of a Secret", POD('      envFrom: [{ secretRef: { name: "{{ x }}-env" } }]\n'), true],
  ["on a line of its own", POD("      {{- if .Values.x }}\n      image: a\n      {{- end }}\n"), true],
  ["in a key", 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { "{{ x }}": a }\n', true],
  [
    "in the data of a ConfigMap",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  name: '{{ x }}'\n  mail: |\n    # {{ .Subject }}\n    {{ range .Alerts }}\n",
    false,
  ],
  [
    "of Argo, where something is named",
    'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: { name: a }\nspec:\n  templates:\n    - name: x\n      container: { image: "{{inputs.parameters.image}}" }\n',
    false,
  ],
  [
    "of others in an object of Argo's",
    'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: "{{ env }}-a" }\n',
    true,
  ],
  [
    "of External Secrets",
    'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: a }\nspec: { target: { template: { data: { name: "{{ .user }}" } } } }\n',
    false,
  ],
])("what makes a template of a manifest: an action %s", (_, text, template) => {
  const file = extract(text);
  expect(file).toMatchObject({ template, errors: [] });
  expect(file.objects).toHaveLength(1);
});
