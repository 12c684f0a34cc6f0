import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { readRules } from "../src/catalog/generated-files.ts";
import { checkName } from "../src/catalog/render.ts";

const root = join(import.meta.dirname, "..");
const source = join(root, "src");

/** What each folder of src may import: other folders of src, and packages. Type-only imports from `types` and `config/schema` are free. */
const MAY_IMPORT: Record<string, { folders: string[]; packages: string[] }> = {
  types: { folders: [], packages: [] },
  text: { folders: [], packages: [] },
  config: { folders: ["text", "../schema"], packages: ["zod", "yaml"] },
  workspace: { folders: ["config", "text"], packages: ["ignore", "fast-glob", "picomatch", "node:"] },
  sources: { folders: ["text"], packages: ["*"] },
  facts: { folders: ["sources", "text"], packages: [] },
  model: { folders: ["text", "sources"], packages: [] },
  evidence: { folders: ["workspace", "text", "model"], packages: ["@actions/github", "node:"] },
  rules: { folders: ["text"], packages: [] },
  catalog: { folders: ["config", "text"], packages: ["yaml", "zod", "node:fs", "node:path"] },
  engine: {
    folders: ["config", "workspace", "sources", "facts", "model", "evidence", "rules", "catalog", "text"],
    packages: ["node:"],
  },
  reports: { folders: ["text"], packages: ["node:crypto"] },
  // The channels that write to GitHub; evidence only reads from there.
  action: { folders: ["reports", "text"], packages: ["@actions/github"] },
  commands: {
    folders: [
      "action",
      "config",
      "workspace",
      "sources",
      "model",
      "evidence",
      "rules",
      "catalog",
      "engine",
      "reports",
      "text",
    ],
    packages: ["commander", "yaml", "node:"],
  },
  ".": { folders: ["commands", "engine"], packages: ["node:module"] },
};

interface Import {
  file: string;
  specifier: string;
  typeOnly: boolean;
}

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.replaceAll("\\", "/"))
  .sort();

const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(source, file), "utf8").replace(/^\s*(?:\/\*[\s\S]*?\*\/|\/\/.*)$/gm, "");
  const statements = text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm);
  const dynamic = text.matchAll(/\bimport\(\s*"([^"]+)"\s*\)/g);
  return [
    ...[...statements].map((match) => ({ file, specifier: match[2]!, typeOnly: match[1] !== undefined })),
    ...[...dynamic].map((match) => ({ file, specifier: match[1]!, typeOnly: false })),
  ];
});

const folderOf = (file: string) => /^(?:\.\.\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? ".";
const targetOf = (one: Import) =>
  relative(source, join(source, dirname(one.file), one.specifier)).replaceAll("\\", "/");

/** Classes whose work is spread over files that take them as a parameter. */
const splitClasses = new Set(["model/startup/lower.ts", "model/startup/resolver.ts"]);

test("each folder imports only what its line of the plan allows", () => {
  const crossing = imports.filter((one) => {
    const folder = folderOf(one.file);
    const allowed = MAY_IMPORT[folder];
    if (!allowed) return true;
    if (!one.specifier.startsWith("."))
      return !one.typeOnly && !allowed.packages.some((name) => name === "*" || one.specifier.startsWith(name));
    const target = targetOf(one);
    const to = folderOf(target);
    if (to === folder || target === "version.ts") return false;
    if (one.typeOnly && (to === "types" || target === "config/schema.ts")) return false;
    return !allowed.folders.includes(to);
  });
  expect(crossing.map((one) => `${one.file} imports ${one.specifier}`)).toEqual([]);
});

test("a rule imports nothing of another family", () => {
  const crossing = imports.filter((one) => {
    const parts = one.file.split("/");
    return (
      parts[0] === "rules" &&
      parts.length > 2 &&
      one.specifier.startsWith(".") &&
      folderOf(targetOf(one)) === "rules" &&
      targetOf(one).split("/")[1] !== parts[1]
    );
  });
  expect(crossing.map((one) => `${one.file} imports ${one.specifier}`)).toEqual([]);
});

test("no file imports itself through others, not even for a type", () => {
  const graph = new Map<string, string[]>();
  for (const one of imports)
    if (one.specifier.startsWith(".") && !(one.typeOnly && splitClasses.has(targetOf(one))))
      graph.set(one.file, [...(graph.get(one.file) ?? []), targetOf(one)]);
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      cycles.push([...path.slice(path.indexOf(file)), file].join(" → "));
      return;
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});

test("only the two entries touch the console or the process", () => {
  const using = files.filter((file) => {
    if (file === "cli.ts" || file === "action.ts") return false;
    const code = readFileSync(join(source, file), "utf8")
      .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")
      .replace(/"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, '""');
    return /\bconsole\.|\bprocess\.(?!env\b\.|getBuiltinModule\b)/.test(code);
  });
  expect(using).toEqual([]);
});

test("every rule has its YAML, its TypeScript and its export", () => {
  const rules = readRules(root);
  for (const rule of rules) {
    const file = join(source, "rules", `${rule.id}.ts`);
    expect(existsSync(file), `src/rules/${rule.id}.ts`).toBe(true);
    expect(readFileSync(file, "utf8")).toContain(`export const ${checkName(rule.id)}:`);
  }
  const described = new Set(rules.map((rule) => `rules/${rule.id}.ts`));
  const checks = files.filter(
    (file) => file.startsWith("rules/") && /^export const \w+: Check</m.test(readFileSync(join(source, file), "utf8")),
  );
  expect(checks.filter((file) => !described.has(file))).toEqual([]);
});

test("nothing but types stands in src/types", () => {
  for (const file of files.filter((one) => one.startsWith("types/"))) {
    const text = readFileSync(join(source, file), "utf8");
    expect(/^export (const|let|function|class|async)/m.test(text), file).toBe(false);
  }
});

test("no reader calls what only TypeScript's language service gives to a node: the bundle holds the parser alone", () => {
  const calling = files.filter(
    (file) =>
      file.startsWith("sources/") &&
      /\.get(?:Text|FullText|Start|End|Width|ChildCount|Children|FirstToken|LastToken|SourceFile)\(/.test(
        readFileSync(join(source, file), "utf8"),
      ),
  );
  expect(calling).toEqual([]);
});
