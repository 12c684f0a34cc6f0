import { expect, test } from "vitest";
import { foundBy } from "../support/found.ts";

const CONFIG = {
  "predeploy.yml": "environments: { staging: { inventory: [{ kubectl: cluster.json, complete: true }] } }\n",
  "cluster.json":
    '{ "kind": "List", "items": [{ "kind": "Secret", "metadata": { "name": "there" }, "data": { "key": "" } }] }',
};
const REQUIRED = 'value: {{ required "set it" .Values.password }}\n';
const PARENT = {
  "chart/Chart.yaml": "name: app\nversion: 1.0.0\ndependencies:\n  - { name: db, version: 1.0.0 }\n",
  "chart/values.yaml": "replicas: 1\n",
  "chart/values-staging.yaml": "replicas: 2\n",
  "chart/charts/db/Chart.yaml": "name: db\nversion: 1.0.0\n",
  "chart/charts/db/templates/secret.yaml": REQUIRED,
  "deploy.sh": "#!/bin/sh\nhelm upgrade --install app ./chart -f chart/values-staging.yaml\n",
};
const AT = ["error chart/charts/db/templates/secret.yaml:1 db.password"];

interface Row {
  title: string;
  files: Record<string, string>;
  is: string[];
}

const inside: Row[] = [
  { title: "nothing gives it", files: {}, is: AT },
  { title: "its own values", files: { "chart/charts/db/values.yaml": "password: x\n" }, is: [] },
  {
    title: "the parent's values, below its name",
    files: { "chart/values-staging.yaml": "db: { password: x }\n" },
    is: [],
  },
  { title: "the parent's own name is no value of it", files: { "chart/values-staging.yaml": "password: x\n" }, is: AT },
  {
    title: "an alias",
    files: {
      "chart/Chart.yaml": "name: app\nversion: 1.0.0\ndependencies: [{ name: db, alias: store, version: 1.0.0 }]\n",
      "chart/values-staging.yaml": "store: { password: x }\n",
    },
    is: [],
  },
  {
    title: "a condition that is off",
    files: {
      "chart/Chart.yaml":
        "name: app\nversion: 1.0.0\ndependencies: [{ name: db, version: 1.0.0, condition: db.enabled }]\n",
      "chart/values-staging.yaml": "db: { enabled: false }\n",
    },
    is: [],
  },
  {
    title: "tags that nobody can tell",
    files: {
      "chart/Chart.yaml": "name: app\nversion: 1.0.0\ndependencies: [{ name: db, version: 1.0.0, tags: [store] }]\n",
    },
    is: [],
  },
  {
    title: "--set below its name",
    files: {
      "deploy.sh": "#!/bin/sh\nhelm upgrade --install app ./chart -f chart/values-staging.yaml --set db.password=x\n",
    },
    is: [],
  },
  {
    title: "--set of the parent",
    files: {
      "deploy.sh": "#!/bin/sh\nhelm upgrade --install app ./chart -f chart/values-staging.yaml --set password=x\n",
    },
    is: AT,
  },
  {
    title: "a global value",
    files: {
      "chart/charts/db/templates/secret.yaml": 'value: {{ required "set it" .Values.global.password }}\n',
      "chart/values-staging.yaml": "global: { password: x }\n",
    },
    is: [],
  },
  {
    title: "a chart beside it",
    files: {
      "chart/Chart.yaml":
        'name: app\nversion: 1.0.0\ndependencies: [{ name: cache, version: 1.0.0, repository: "file://../cache" }]\n',
      "chart/charts/db/templates/secret.yaml": "a: b\n",
      "cache/Chart.yaml": "name: cache\nversion: 1.0.0\n",
      "cache/templates/secret.yaml": REQUIRED,
    },
    is: ["error cache/templates/secret.yaml:1 cache.password"],
  },
];
test.each(inside)("a chart inside another one: $title", async ({ files, is }) => {
  expect(await foundBy("secrets/missing-object-key", { ...CONFIG, ...PARENT, ...files })).toEqual(is);
});

const CHART = {
  "charts/app/Chart.yaml": "name: app\nversion: 1.0.0\n",
  "charts/app/values.yaml": "replicas: 1\n",
  "charts/app/templates/secret.yaml": REQUIRED,
};
const argo = (helm: string, path = "charts/app") =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: app-staging, namespace: argocd }\nspec:\n  destination: { namespace: app }\n  source:\n    repoURL: https://git.test/app\n    path: ${path}\n    helm:\n${helm}`;
const flux = (spec: string, chart = "./charts/app") =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: app-staging, namespace: app }\nspec:\n  chart: { spec: { chart: ${chart}, sourceRef: { kind: GitRepository, name: app } } }\n${spec}`;
const LACKS = ["error charts/app/templates/secret.yaml:1 password"];
const releases: Row[] = [
  {
    title: "Argo CD: values that lack it",
    files: { "apps/staging.yaml": argo("      values: |\n        replicas: 2\n") },
    is: LACKS,
  },
  {
    title: "Argo CD: values as a text",
    files: { "apps/staging.yaml": argo("      values: |\n        password: x\n") },
    is: [],
  },
  {
    title: "Argo CD: values as an object",
    files: { "apps/staging.yaml": argo("      valuesObject: { password: x }\n") },
    is: [],
  },
  {
    title: "Argo CD: a parameter",
    files: { "apps/staging.yaml": argo("      values: 'a: b'\n      parameters: [{ name: password, value: x }]\n") },
    is: [],
  },
  {
    title: "Argo CD: a values file of the chart",
    files: {
      "apps/staging.yaml": argo("      valueFiles: [values-stg.yaml]\n"),
      "charts/app/values-stg.yaml": "password: x\n",
    },
    is: [],
  },
  {
    title: "Argo CD: a values file that lacks it",
    files: {
      "apps/staging.yaml": argo("      valueFiles: [values-stg.yaml]\n"),
      "charts/app/values-stg.yaml": "a: b\n",
    },
    is: LACKS,
  },
  {
    title: "Argo CD: a values file of another source",
    files: {
      "apps/staging.yaml": argo("      valueFiles: [$values/envs/stg.yaml]\n"),
      "envs/stg.yaml": "password: x\n",
    },
    is: [],
  },
  {
    title: "Flux: values that lack it",
    files: { "apps/staging.yaml": flux("  values: { replicas: 2 }\n") },
    is: LACKS,
  },
  { title: "Flux: values", files: { "apps/staging.yaml": flux("  values: { password: x }\n") }, is: [] },
  {
    title: "Flux: values from a Secret that is there",
    files: { "apps/staging.yaml": flux("  values: { a: b }\n  valuesFrom: [{ kind: Secret, name: there }]\n") },
    is: [],
  },
  {
    title: "Flux: values from a Secret that is not there",
    files: {
      "apps/staging.yaml": flux(
        "  values: { a: b }\n  valuesFrom:\n    - kind: Secret\n      name: gone\n    - { kind: Secret, name: maybe, optional: true }\n",
      ),
    },
    is: ["error apps/staging.yaml:9 gone"],
  },
  {
    title: "Flux: a Secret that values of a chart from elsewhere name",
    files: {
      "apps/staging.yaml": flux(
        "  values:\n    auth:\n      existingSecret: gone\n    other: { existingSecret: there }\n",
        "postgresql",
      ),
    },
    is: ["error apps/staging.yaml:8 gone"],
  },
  {
    title: "Argo CD: a Secret that values of a chart from elsewhere name",
    files: {
      "apps/staging.yaml": argo("      values: |\n        auth: { existingSecret: gone }\n", "").replace(
        "    path: \n",
        "    chart: postgresql\n",
      ),
    },
    is: ["error apps/staging.yaml:10 gone"],
  },
  {
    title: "of another environment",
    files: {
      "apps/production/app.yaml": flux("  values: { auth: { existingSecret: gone } }\n", "postgresql").replace(
        "app-staging",
        "app-production",
      ),
    },
    is: [],
  },
];
test.each(releases)("$title", async ({ files, is }) => {
  const remote = Object.values(files).some((text) => text.includes("postgresql"));
  expect(await foundBy("secrets/missing-object-key", { ...CONFIG, ...(remote ? {} : CHART), ...files })).toEqual(is);
});
