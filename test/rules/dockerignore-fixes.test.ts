import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readRules } from "../../src/catalog/generated-files.ts";
import { applyEdits } from "../../src/commands/fix.ts";
import type { RuleExample } from "../../src/types/rule.ts";
import { inTemporaryFolder, writeTree } from "../support/repository.ts";
import { runRule } from "../support/run-rule.ts";
import { runFolder } from "../support/run-tree.ts";

const rules = readRules(join(import.meta.dirname, "../.."));

async function findingsOf(name: string, files: RuleExample["files"]) {
  const rule = rules.find((one) => one.id === `dockerignore/${name}`)!;
  return (await runRule(rule, { title: "", files, findings: [] })).findings;
}

/** The file of the first fix after all fixes' edits, and what the rule then still finds. */
async function mend(name: string, files: Record<string, string>) {
  const findings = await findingsOf(name, files);
  const edits = findings.flatMap((one) => one.fix?.edits ?? []);
  const path = edits[0]?.path;
  if (path === undefined) return { text: null, left: findings.length };
  const text = applyEdits(files[path] ?? "", edits);
  return { text, left: (await findingsOf(name, { ...files, [path]: text ?? "" })).length };
}

const COMPOSE = { "compose.yaml": "services:\n  api:\n    build: .\n" };

describe("copy-source-missing", () => {
  test("a link that leads out of the context is not said to be near itself", async () => {
    await inTemporaryFolder(async (directory) => {
      writeTree(directory, { ...COMPOSE, Dockerfile: "FROM scratch\nCOPY start.sh /\n" });
      symlinkSync("/usr/share/start.sh", join(directory, "start.sh"));
      const { findings } = await runFolder(directory, ["dockerignore/copy-source-missing"]);
      expect(findings.map(({ message }) => message)).toEqual([
        "COPY start.sh fails the build: start.sh is a symbolic link, and what it leads to is not in the build context (the repository root). Copy the file itself, or lead the link to one that is there.",
      ]);
    });
  });

  test("an ignored file comes back by a line behind the deciding one", async () => {
    const files = {
      ...COMPOSE,
      Dockerfile: "FROM scratch\nCOPY --chown=1:1 package.json package-lock.json /app/\n",
      ".dockerignore": "*.json\n!package.json\ndocs",
      "package.json": "{}",
      "package-lock.json": "{}",
    };
    expect(await mend("copy-source-missing", files)).toEqual({
      text: "*.json\n!package-lock.json\n!package.json\ndocs",
      left: 0,
    });
  });

  test("an ignored directory comes back as a whole", async () => {
    const files = {
      ...COMPOSE,
      Dockerfile: "FROM scratch\nCOPY svc/lib /app/lib\n",
      ".dockerignore": "**/lib/",
      "svc/lib/a.py": "",
      "svc/lib/b.py": "",
      "lib/other.py": "",
    };
    expect(await mend("copy-source-missing", files)).toEqual({ text: "**/lib/\n!svc/lib/", left: 0 });
  });

  test("no line is offered that brings back a secret, or for what the repository lacks", async () => {
    const files = {
      ...COMPOSE,
      Dockerfile: "FROM scratch\nCOPY conf/.env gone.py dist /app/\n",
      ".dockerignore": "**/.env\ndist",
      "conf/.env": "PASSWORD=x",
    };
    expect(await mend("copy-source-missing", files)).toEqual({ text: null, left: 3 });
  });
});

describe("required-path-missing", () => {
  const config = (path: string) =>
    `images:\n  api:\n    dockerfile: Dockerfile\n    context: .\n    requires: [${path}]\n`;

  test("an ignored directory comes back by a line behind the deciding one", async () => {
    const files = {
      "predeploy.yml": config("svc/monitoring"),
      Dockerfile: "FROM scratch\nCOPY . /app\n",
      ".dockerignore": "**/monitoring/\n!svc/\n",
      "svc/monitoring/a.py": "",
      "svc/monitoring/b.py": "",
    };
    expect(await mend("required-path-missing", files)).toEqual({
      text: "**/monitoring/\n!svc/monitoring/\n!svc/\n",
      left: 0,
    });
  });

  test("a COPY is added behind one that keeps the layout", async () => {
    const files = {
      "predeploy.yml": config("shared"),
      Dockerfile: "FROM scratch\nWORKDIR /srv\nCOPY --chown=1:1 app ./app\nUSER 1\n",
      "app/main.py": "",
      "shared/db.py": "",
    };
    expect(await mend("required-path-missing", files)).toEqual({
      text: "FROM scratch\nWORKDIR /srv\nCOPY --chown=1:1 app ./app\nCOPY shared /srv/shared\nUSER 1\n",
      left: 0,
    });
  });

  test("no COPY is added where the layout is another", async () => {
    const files = {
      "predeploy.yml": config("shared"),
      Dockerfile: "FROM scratch\nCOPY app /srv\n",
      "app/main.py": "",
      "shared/db.py": "",
    };
    expect(await mend("required-path-missing", files)).toEqual({ text: null, left: 1 });
  });
});
