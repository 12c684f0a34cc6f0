import { expect, test } from "vitest";
import { composeExtractor } from "../../src/facts/compose.ts";

const extract = (text: string) => composeExtractor.extract({ text: () => text, bytes: () => Buffer.from(text) });

const text = `x-common: &common
  restart: unless-stopped
  environment: { A: 1 }
services:
  api:
    <<: *common
    build: { context: ./api, dockerfile: Dockerfile.prod, args: [V=1, W] }
    command: sh -c "alembic upgrade head && run"
    depends_on:
      db: { condition: service_healthy, required: false }
      cache:
        condition: service_started
    env_file: [.env, { path: x.env, required: false }]
    volumes: ["./nginx.conf:/etc/nginx.conf:ro", "data:/data", /anonymous, { type: bind, source: ./a, target: /a }]
    ports: ["8080:80"]
    profiles: [web]
    extends: { file: base.yml, service: base }
  db:
    image: "postgres:16"
    build: .
    environment: ["PGHOST=db", 'B=$C', D]
    depends_on: [cache]
    healthcheck: { test: ["NONE"] }
  cache: !reset null
include:
  - other.yml
  - path: [a.yml, b.yml]
    project_directory: sub
`;

test("services with everything a start needs", () => {
  const file = extract(text);
  expect(file.errors).toEqual([]);
  const [api, db] = file.services;
  expect(api).toMatchObject({
    name: "api",
    restart: { text: "unless-stopped" },
    environment: [{ name: "A", value: { text: "1" } }],
    build: {
      context: { text: "./api" },
      dockerfile: { text: "Dockerfile.prod" },
      args: [{ name: "V" }, { name: "W", value: null }],
    },
    command: { form: "string" },
    dependsOn: [
      { service: "db", condition: "service_healthy", required: false },
      { service: "cache", condition: "service_started", required: true },
    ],
    envFiles: [
      { text: ".env", required: true },
      { text: "x.env", required: false },
    ],
    volumes: [
      { type: "bind", source: { text: "./nginx.conf" }, target: "/etc/nginx.conf", short: true },
      { type: "volume", source: { text: "data" } },
      { type: "volume", source: null },
      { type: "bind", source: { text: "./a" }, short: false },
    ],
    profiles: [{ text: "web" }],
    extends: { service: { text: "base" }, file: { text: "base.yml" } },
  });
  expect(api?.command?.words.map((word) => word.text)).toEqual(["sh", "-c", "alembic upgrade head && run"]);
  expect(db).toMatchObject({ healthcheck: { disabled: true }, dependsOn: [{ service: "cache", conditionAt: null }] });
});

test("ranges of list variables end inside the quotes", () => {
  const variables = extract(text).services[1]?.environment ?? [];
  expect(variables.map((each) => [each.name, each.value && text.slice(each.value.start, each.value.end)])).toEqual([
    ["PGHOST", "db"],
    ["B", "$C"],
    ["D", null],
  ]);
  expect(variables.map((each) => text.slice(each.start, each.end))).toEqual(["PGHOST", "B", "D"]);
});

test("includes, and files that are no compose file", () => {
  expect(extract(text).include.map((each) => each.paths.map((path) => path.text))).toEqual([
    ["other.yml"],
    ["a.yml", "b.yml"],
  ]);
  expect(extract("a: 1\n").isCompose).toBe(false);
  expect(extract("services:\n  a:\n\timage: x\n").errors.length).toBeGreaterThan(0);
});
