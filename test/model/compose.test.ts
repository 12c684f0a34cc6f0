import { expect, test } from "vitest";
import { modelOf } from "../support/models.ts";

const projects = async (files: Record<string, string>) => (await modelOf("compose", files)).projects;
const sets = async (files: Record<string, string>) =>
  (await projects(files)).map((project) => [project.origin, project.files.join(" ")]);

const api = "services: { api: { image: a, depends_on: [db] } }\n";
const db = "services: { db: { image: postgres } }\n";

test("the default file with its override is one project", async () => {
  const [project] = await projects({ "compose.yaml": api, "compose.override.yaml": db });
  expect(project).toMatchObject({ origin: "default", files: ["compose.yaml", "compose.override.yaml"] });
  expect(project?.services.map((service) => service.name).sort()).toEqual(["api", "db"]);
});

test("files that a command names together are one project", async () => {
  const files = {
    "docker-compose.yml": db,
    "docker-compose.prod.yml": "services: { db: { restart: always } }\n",
    "deploy.sh": "docker compose \\\n  -f docker-compose.yml -f docker-compose.prod.yml up -d\n",
  };
  expect(await sets(files)).toEqual([
    ["command", "docker-compose.yml docker-compose.prod.yml"],
    ["default", "docker-compose.yml"],
  ]);
});

test("a variant without images goes over the default file, one that is whole stands by itself", async () => {
  expect(
    await sets({ "compose.yml": api, "compose.dev.yml": "services: { api: { restart: always } }\n" }),
  ).toContainEqual(["file", "compose.yml compose.dev.yml"]);
  expect(await sets({ "compose.yml": api, "compose.ci.yml": db })).toContainEqual(["file", "compose.ci.yml"]);
});

test("included files belong to the project, with paths of their own", async () => {
  const [project, ...others] = await projects({
    "compose.yml": `include: [infra/compose.yml]\n${api}`,
    "infra/compose.yml": "services: { db: { build: ./db } }\n",
  });
  expect(project?.services.find((service) => service.name === "db")?.build).toMatchObject({
    contextPath: "infra/db",
    dockerfilePath: "infra/db/Dockerfile",
  });
  expect(others.map((each) => each.files)).toEqual([["infra/compose.yml"]]);
  expect(project?.incomplete).toBeNull();
});

test("an include that is not in the repository makes the project incomplete", async () => {
  const [project] = await projects({ "compose.yml": `include: ["oci://x/y"]\n${api}` });
  expect(project?.incomplete).toMatch(/oci/);
});

test("extends: values of the base, own values first, dependencies marked as inherited", async () => {
  const [project] = await projects({
    "compose.yml":
      "services:\n  api:\n    extends: { file: base/common.yml, service: base }\n    environment: { A: '2' }\n",
    "base/common.yml":
      "services:\n  base:\n    build: .\n    environment: [A=1, B=1]\n    depends_on: [db]\n    restart: always\n",
  });
  const service = project?.services[0];
  expect(service).toMatchObject({
    build: { contextPath: "base" },
    restart: { text: "always" },
    dependsOn: [{ service: "db", inherited: true }],
  });
  expect(service?.environment.map((each) => `${each.name}=${each.value?.text}`)).toEqual(["A=2", "B=1"]);
  expect(service?.environment[0]?.at.path).toBe("compose.yml");
});

test("extends of nothing is kept as broken", async () => {
  const [project] = await projects({
    "compose.yml": "services:\n  a: { image: x, extends: { service: b } }\n  c: { extends: { service: c } }\n",
  });
  expect(project?.services[0]?.brokenExtends).toMatchObject([{ missing: "service" }]);
});

test("merging: maps by key, commands as a whole, !reset takes away", async () => {
  const [project] = await projects({
    "compose.yml":
      "services:\n  a:\n    image: x\n    command: one\n    depends_on: [b]\n    healthcheck: { test: [CMD, x] }\n    ports: ['1:1']\n",
    "compose.override.yml":
      "services:\n  a:\n    command: two\n    depends_on: { b: { condition: service_healthy }, c: {} }\n    healthcheck: { disable: true }\n    ports: !reset []\n",
  });
  expect(project?.services[0]).toMatchObject({
    image: { text: "x" },
    command: { text: "two" },
    dependsOn: [
      { service: "b", condition: "service_healthy" },
      { service: "c", condition: "service_started" },
    ],
    healthcheck: { disabled: true, test: [{ text: "CMD" }, { text: "x" }] },
    ports: [],
  });
});
