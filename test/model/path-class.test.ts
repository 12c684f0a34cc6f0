import { expect, test } from "vitest";
import * as paths from "../../src/model/path-class.ts";

test.each<[keyof typeof paths, string[], string[]]>([
  [
    "isWorkflow",
    [".github/workflows/ci.yml"],
    ["a/.github/workflows/ci.yml", ".github/workflows/a/b.yml", ".github/dependabot.yml"],
  ],
  [
    "isCompose",
    [
      "compose.yaml",
      "a/docker-compose.yml",
      "docker-compose.prod.yml",
      "docker-compose-dev.yaml",
      "compose.override.yml",
      "prod.docker-compose.yml",
    ],
    ["composer.json", "compositions.yaml", ".github/workflows/docker-compose.yml"],
  ],
  [
    "isComposeTemplate",
    ["docker-compose.template.yml", "compose.tpl.yaml", "a/docker-compose.dev.template.yml"],
    ["docker-compose.yml", "compose.templates.yml", "config.template.yml"],
  ],
  ["isComposeOverride", ["docker-compose.override.yml"], ["docker-compose.yml"]],
  [
    "mayBeKubernetes",
    ["k8s/api.yaml", "deploy.json", "manifests/api.json"],
    ["package.json", "locales/en.json", "docker-compose.yml", "charts/a/templates/x.yaml", ".github/workflows/ci.yml"],
  ],
  [
    "isDotenv",
    [".env", ".env.staging", "config/staging.env", ".dev.vars", "env.example", ".env-prod"],
    [".envrc", "environment.ts", "env.ts"],
  ],
  ["isDotenvExample", [".env.example", ".env.staging.sample", "example.env", "env.template"], [".env", ".env.staging"]],
  ["isTerraformValues", ["a/staging.tfvars", "x.auto.tfvars", "backend-prod.hcl"], ["main.tf", "x.tfvars.example"]],
  [
    "isDockerfile",
    ["Dockerfile", "docker/api.Dockerfile", "Dockerfile.prod", "Containerfile"],
    ["Dockerfile.dockerignore", "Dockerfile.md", "dockerfile-parser.ts", "Dockerfile.hbs"],
  ],
  [
    "isInDevelopmentFolder",
    ["hack/x.sh", "scripts/dev/Makefile", ".devcontainer/compose.yaml", "a/contrib/b/x"],
    ["hack.sh", "device/x.sh", "Makefile.dev", "scripts/ci/build.sh"],
  ],
  ["isProcfile", ["Procfile", "a/Procfile.staging"], ["Procfiles"]],
  ["isMakefile", ["Makefile", "a/GNUmakefile", "makefile.dev", "a/rules.mk"], ["Makefiles", "a/Makefile/b", "x.make"]],
  ["isRecipeFile", ["Makefile", "justfile", "a/Justfile", ".justfile"], ["justfile.md"]],
  ["isShellScript", ["deploy.sh", "docker/entrypoint"], ["a.ts"]],
])("%s", (name, yes, no) => {
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: a table of functions by name
  const check = paths[name] as (path: string) => boolean;
  expect(yes.filter((path) => !check(path))).toEqual([]);
  expect(no.filter((path) => check(path))).toEqual([]);
});

test("the environment in a name is a whole token, the nearest one wins", () => {
  expect(paths.environmentToken("k8s/staging/api.yaml")).toBe("staging");
  expect(paths.environmentToken("prod/.env.dev")).toBe("development");
  expect(paths.environmentToken("src/product/device.yaml")).toBeNull();
});
