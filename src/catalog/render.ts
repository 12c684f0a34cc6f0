import type { RuleId } from "../types/finding.ts";
import type { ModelName } from "../types/model.ts";
import type { ExpectedFinding, OptionDescriptor, RuleDescriptor, RuleExample } from "../types/rule.ts";

const MADE = "Generated from rules/**/*.yaml by `npm run generate`. Do not edit.";

/** Name of the exported check of a rule: `pattern-invalid` → `patternInvalid`. */
export function checkName(id: string): string {
  return id.slice(id.indexOf("/") + 1).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Every generated file of the catalog: path → text. `families` says what each family asks, one sentence; `needs` what each rule's check reads. */
export function renderCatalog(
  rules: readonly RuleDescriptor[],
  families: Readonly<Record<string, string>>,
  needs: ReadonlyMap<RuleId, readonly ModelName[]>,
): Map<string, string> {
  const sorted = [...rules].sort((a, b) => (a.id < b.id ? -1 : 1));
  const byFamily = new Map<string, RuleDescriptor[]>();
  for (const rule of sorted) {
    const family = rule.id.split("/")[0]!;
    byFamily.set(family, [...(byFamily.get(family) ?? []), rule]);
  }
  const files = new Map<string, string>();
  files.set("src/types/options.generated.ts", renderOptionTypes(sorted));
  files.set("src/catalog/descriptors.generated.ts", renderDescriptors(sorted));
  files.set("src/catalog/texts.generated.ts", renderTexts(sorted));
  files.set("src/catalog/examples.generated.ts", renderExamples(sorted));
  files.set("src/rules/families.generated.ts", renderFamilies([...byFamily.keys()]));
  files.set("rules/README.md", renderIndexPage(byFamily, families));
  for (const [family, members] of byFamily) {
    files.set(`src/rules/${family}/checks.generated.ts`, renderChecks(family, members, needs));
    files.set(`rules/${family}/README.md`, renderFamilyPage(family, members, families[family] ?? ""));
  }
  return files;
}

const OPTION_TYPES = { string: "string", integer: "number", boolean: "boolean", strings: "readonly string[]" } as const;

function renderOptionTypes(rules: readonly RuleDescriptor[]): string {
  const lines = rules.map((rule) => {
    const options = Object.entries(rule.options).map(
      ([name, option]) => `${JSON.stringify(name)}: ${OPTION_TYPES[option.type]}`,
    );
    return `  ${JSON.stringify(rule.id)}: { ${options.join("; ")} };`;
  });
  return `// ${MADE}\n\nexport interface RuleOptions {\n${lines.join("\n")}\n}\n`;
}

function renderDescriptors(rules: readonly RuleDescriptor[]): string {
  const lines = rules.map(({ id, severity, check, title, options }) => {
    const parts: unknown[] = [id, severity, title];
    if (check !== id || Object.keys(options).length > 0) parts.push(options);
    if (check !== id) parts.push(check);
    return `  described(${parts.map((part) => JSON.stringify(part)).join(", ")}),`;
  });
  return `// ${MADE}\nimport type { RuleDescriptor } from "../types/rule.ts";\nimport { described } from "./described.ts";\n\n/** Every rule, sorted by id; examples stand in examples.generated.ts. */\nexport const descriptors: readonly RuleDescriptor[] = [\n${lines.join("\n")}\n];\n`;
}

function renderTexts(rules: readonly RuleDescriptor[]): string {
  const lines = rules.map(({ id, why, fix }) => `  ${JSON.stringify(id)}: ${JSON.stringify({ why, fix })},`);
  return `// ${MADE}\nimport type { RuleDescriptor } from "../types/rule.ts";\n\n/** What explanations and reports say of each rule at length. */\nexport const texts: Readonly<Record<string, Pick<RuleDescriptor, "why" | "fix">>> = {\n${lines.join("\n")}\n};\n`;
}

function renderExamples(rules: readonly RuleDescriptor[]): string {
  const lines = rules.map((rule) => `  ${JSON.stringify(rule.id)}: ${JSON.stringify(rule.examples)},`);
  return `// ${MADE}\nimport type { RuleExample } from "../types/rule.ts";\n\nexport const examples: Readonly<Record<string, readonly RuleExample[]>> = {\n${lines.join("\n")}\n};\n`;
}

function renderFamilies(families: readonly string[]): string {
  const lines = families.map(
    (family) => `  ${JSON.stringify(family)}: async () => (await import("./${family}/checks.generated.ts")).checks,`,
  );
  return `// ${MADE}\nimport type { CheckOfRule } from "../types/rule.ts";\n\n/** The checks of each family, loaded when one of its rules runs. */\nexport const families: Readonly<Record<string, () => Promise<Readonly<Record<string, CheckOfRule>>>>> = {\n${lines.join("\n")}\n};\n`;
}

function renderChecks(
  family: string,
  rules: readonly RuleDescriptor[],
  needs: ReadonlyMap<RuleId, readonly ModelName[]>,
): string {
  const imports = rules.map(
    (rule) => `import { ${checkName(rule.id)} } from "./${rule.id.slice(family.length + 1)}.ts";`,
  );
  const lines = rules.map(
    ({ id }) =>
      `  ${JSON.stringify(id)}: { needs: ${JSON.stringify(needs.get(id) ?? [])}, check: () => ${checkName(id)} as unknown as Check },`,
  );
  return `// ${MADE}\nimport type { Check, CheckOfRule } from "../../types/rule.ts";\n${imports.join("\n")}\n\nexport const checks: Readonly<Record<string, CheckOfRule>> = {\n${lines.join("\n")}\n};\n`;
}

function renderIndexPage(
  byFamily: ReadonlyMap<string, readonly RuleDescriptor[]>,
  families: Readonly<Record<string, string>>,
): string {
  const rows = [...byFamily].flatMap(([family, rules]) => [
    `\n## [${family}](${family}/README.md)\n\n${families[family] ?? ""}\n`,
    "| rule | severity | what is wrong |",
    "|---|---|---|",
    ...rules.map(
      (rule) =>
        `| [${rule.id}](${family}/README.md#${rule.id.slice(family.length + 1)}) | ${rule.severity} | ${cell(rule.title)} |`,
    ),
  ]);
  return `<!-- ${MADE} -->\n# Rules\n${rows.join("\n")}\n`;
}

function renderFamilyPage(family: string, rules: readonly RuleDescriptor[], question: string): string {
  return `<!-- ${MADE} -->\n# ${family}\n\n${question}\n\n${rules.map((rule) => renderRule(rule, family)).join("\n")}`;
}

function renderRule(rule: RuleDescriptor, family: string): string {
  const parts = [
    `## ${rule.id.slice(family.length + 1)}\n`,
    `**${rule.title}** Default severity: ${rule.severity}.\n`,
    `${rule.why.trim()}\n`,
    `**Fix.** ${rule.fix.trim()}\n`,
  ];
  const options = Object.entries(rule.options);
  if (options.length > 0) parts.push(`${renderOptionTable(options)}\n`);
  const firing = rule.examples.find((one) => one.findings.length > 0);
  const silent = rule.examples.find((one) => one.findings.length === 0 && !one.undecided);
  if (firing) parts.push(`### Found: ${firing.title}\n`, renderExampleFiles(firing), renderExpected(firing.findings));
  if (silent) parts.push(`### Not found: ${silent.title}\n`, renderExampleFiles(silent));
  return parts.join("\n");
}

function renderOptionTable(options: readonly (readonly [string, OptionDescriptor])[]): string {
  const rows = options.map(
    ([name, one]) =>
      `| \`${name}\` | ${one.type} | \`${cell(JSON.stringify(one.default))}\` | ${cell(one.description)} |`,
  );
  return ["| option | type | default | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

/** An example's files as fenced blocks; the fence is longer than any run of backticks inside. */
function renderExampleFiles(example: RuleExample): string {
  return Object.entries(example.files)
    .map(([path, content]) => {
      const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map((run) => run[0].length));
      const fence = "`".repeat(longest + 1);
      return `\`${path}\`\n${fence}\n${content.replace(/\n?$/, "\n")}${fence}\n`;
    })
    .join("\n");
}

function renderExpected(findings: readonly ExpectedFinding[]): string {
  return `${findings.map((one) => `- \`${one.at}\`${one.severity ? ` ${one.severity}` : ""}${one.subject ? `: \`${one.subject}\`` : ""}`).join("\n")}\n`;
}

const cell = (text: string) => text.replace(/\|/g, "\\|").replace(/\s*\n\s*/g, " ");
