import { expect, test } from "vitest";
import { modelOf } from "../support/models.ts";

const service = "apiVersion: v1\nkind: Service\nmetadata: { name: api }\n";

test("objects that are applied as they are, templates apart, other YAML left out", async () => {
  const model = await modelOf("kubernetes", {
    "k8s/api.yaml": service,
    "chart/Chart.yaml": "apiVersion: v2\nname: x\n",
    "chart/templates/plain.yaml": service,
    "k8s/generated.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ name }}\n",
    "docker-compose.yml": "services: {}\n",
    "locales/en.json": '{ "apiVersion": "v1", "kind": "Service" }',
  });
  expect(model.objects.map((object) => object.path)).toEqual(["k8s/api.yaml"]);
  expect(model.templates.map((object) => object.path)).toEqual(["chart/templates/plain.yaml", "k8s/generated.yaml"]);
  expect(model.objects[0]?.name?.at).toEqual({
    path: "k8s/api.yaml",
    start: { line: 3, column: 19 },
    end: { line: 3, column: 22 },
  });
});
