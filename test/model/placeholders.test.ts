import { symlinkSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { globOf } from "../../src/model/placeholders/config-globs.ts";
import { resolvePaths } from "../../src/model/placeholders/deploy-paths.ts";
import { formatOf, refine } from "../../src/model/placeholders/formats.ts";
import { grade } from "../../src/model/placeholders/grade.ts";
import { roleByName, stageOf } from "../../src/model/placeholders/role.ts";
import { patternsIn, substitution } from "../../src/model/placeholders/substitution.ts";
import type { DeployCommand } from "../../src/types/deploy-script.ts";
import type { PlaceholderHit } from "../../src/types/placeholders.ts";
import { memoryWorkspace } from "../../src/workspace/memory.ts";
import { inTemporaryFolder, writeTree } from "../support/repository.ts";
import { runFolder, told } from "../support/run-tree.ts";

test.each([
  ["s/__A__/x/g", ["__A__"]],
  ["s|__A__|$X|; s#<b>#y#", ["__A__", "<b>"]],
  ["s/a\\/b/x/", ["a\\/b"]],
  ["/match/s/old/new/", ["old"]],
  ["k8s/app.yaml", []],
])("the patterns of the substitutions in %s", (word, patterns) => {
  expect(patternsIn(word)).toEqual(patterns);
});

const hit = (text: string): PlaceholderHit => ({
  shape: "word",
  text,
  confidence: "high",
  whole: true,
  name: null,
  fallback: null,
  at: { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } },
  path: ["KEY"],
  document: 0,
  inner: null,
  multiline: false,
  evaluated: false,
  off: false,
});
const command = (word: string, expands: string[]): DeployCommand => ({
  words: ["sed", "-i", word, "a.env"],
  input: null,
  output: null,
  appended: null,
  sets: [],
  expands,
  pipeline: 0,
  line: 1,
});

test.each([
  ["s/$" + "{t}/x/", ["t"], true],
  ["s/$t/x/", ["t"], true],
  ["s/$t/x/", [], false],
  ["s/change_me_$" + "{t}/x/", ["t"], true],
  ["s/@@$" + "{t}@@/x/", ["t"], false],
  ["s|^$key=.*|$key=1|", ["key"], true],
  ["s|^# $key|x|", ["key"], false],
  ["s/$" + "{{ matrix.token }}/x/", [], true],
  ["s/other/$t/", ["t"], false],
])("whether the computed pattern of %s (variables %j) may mean change_me_a", (word, expands, may) => {
  expect(substitution("sed", command(word, expands))?.mayReplace?.(hit("change_me_a"))).toBe(may);
});

test("any text as a substitution is read without a failure", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...("s/|$" + "{}ab\\^.*= _")) }),
      fc.array(fc.string()),
      (text, names) => {
        const rendering = substitution("sed", command(`s/${text}`, names));
        expect(typeof (rendering?.mayReplace?.(hit("change_me_a")) ?? false)).toBe("boolean");
      },
    ),
  );
});

test.each([
  ["k8s/*.yaml", "k8s/a.yaml", true],
  ["k8s/*.yaml", "k8s/x/a.yaml", false],
  ["**/*.yaml", "a.yaml", true],
  ["k8s/**", "k8s/x/y", true],
  ["{a,b}/c?", "b/cd", true],
  ["{a,b}/c?", "c/cd", false],
])("the glob %s and %s", (glob, path, matches) => {
  expect(globOf(glob)(path)).toBe(matches);
});

test("paths of commands mean files, folders, globs and what variables leave open", () => {
  const { files } = memoryWorkspace({ "k8s/a.yaml": "", "k8s/prod/b.yaml": "", "deploy/c.yaml": "" });
  expect(resolvePaths("k8s/a.yaml", [""], files)).toEqual({ paths: ["k8s/a.yaml"], unknown: false });
  expect(resolvePaths("../k8s", ["deploy"], files).paths).toEqual(["k8s/a.yaml", "k8s/prod/b.yaml"]);
  expect(resolvePaths("k8s/$ENV/b.yaml", [""], files)).toEqual({ paths: ["k8s/prod/b.yaml"], unknown: true });
  expect(resolvePaths("$" + "{GITHUB_WORKSPACE}/deploy/c.yaml", [""], files).paths).toEqual(["deploy/c.yaml"]);
  expect(resolvePaths("b.yaml", ["k8s/$" + "{{ matrix.stage }}"], files)).toEqual({
    paths: ["k8s/prod/b.yaml"],
    unknown: true,
  });
  expect(resolvePaths(".", ["$" + "{{ inputs.folder }}", ""], files)).toEqual({ paths: [], unknown: true });
  expect(resolvePaths("https://acme.io/a.yaml", [""], files).paths).toEqual([]);
});

test.each([
  [".env.example", "example"],
  ["k8s/secret.sample.yaml", "example"],
  ["docs/k8s/a.yaml", "example"],
  ["roles/x/templates/a.conf.j2", "template"],
  ["{{cookiecutter.x}}/.env", "template"],
  [".env.production", null],
  ["k8s/secret.yaml", null],
  ["infra/demographics.yaml", null],
])("the role that the name %s speaks of", (path, role) => {
  expect(roleByName(path)).toBe(role);
});

test.each([
  [".env.production", "production"],
  ["k8s/staging/a.yaml", "production"],
  ["docker-compose.dev.yml", "development"],
  [".dev.vars", "other"],
  ["k8s/a.yaml", "other"],
])("the stage of %s", (path, stage) => {
  expect(stageOf(path)).toBe(stage);
});

test.each([
  ["charts/x/templates/a.yaml", null],
  ["locales/en.json", null],
  ["app/Language/en.ini", null],
  ["config/texts/zh-CN.ini", null],
  ["config/eu-west.ini", "config"],
  ["package.json", null],
  [".goreleaser.yaml", null],
  ["prod.tfvars", "tfvars"],
  ["src/main/resources/application-prod.yml", "spring"],
  ["appsettings.Production.json", "dotnet"],
  ["alertmanager.yml", "alertmanager"],
  ["k8s/a.yaml", "config"],
])("the format of %s", (path, format) => {
  expect(formatOf(path)?.format ?? null).toBe(format);
});

test("documents tell YAML apart", () => {
  const document = (keys: string[], kind: string | null = null) => [
    { kind, apiVersion: kind ? "v1" : null, keys, marks: [], renders: null, applies: [] },
  ];
  expect(refine("config", "a.yaml", document(["kind"], "Secret"))).toBe("kubernetes");
  expect(refine("config", "a.yaml", document(["openapi", "paths"]))).toBeNull();
  expect(refine("config", "a.yaml", document(["route", "receivers"]))).toBe("alertmanager");
  expect(refine("config", "a.yaml", document(["scrape_configs", "clients"]))).toBe("config");
});

test("severity is confidence by role by stage", () => {
  expect(grade("high", "deployed", "production", false)).toBe("error");
  expect(grade("firm", "deployed", "production", false)).toBe("warning");
  expect(grade("high", "deployed", "other", false)).toBe("warning");
  expect(grade("medium", "deployed", "other", false)).toBe("note");
  expect(grade("high", "default", "other", false)).toBe("note");
  expect(grade("high", "deployed", "production", true)).toBe("note");
  expect(grade("high", "deployed", "development", false)).toBe("note");
  expect(grade("medium", "deployed", "development", false)).toBeNull();
  expect(grade("high", "example", "production", false)).toBeNull();
});

test("a link under the name of a deployed file deploys what it points to", () =>
  inTemporaryFolder(async (directory) => {
    writeTree(directory, {
      ".env.example": "A=changeme\n",
      "deploy/real.env": "B=changeme\n",
      "other.env.example": "C=changeme\n",
    });
    symlinkSync(".env.example", join(directory, ".env.production"));
    symlinkSync("deploy/real.env", join(directory, "prod.env"));
    symlinkSync("../outside", join(directory, "outside.env"));
    expect(told(await runFolder(directory, ["placeholders"]))).toEqual([
      "placeholders/example-deployed .env.production:1 .env.example",
      "placeholders/leftover deploy/real.env:1 changeme",
    ]);
  }));
