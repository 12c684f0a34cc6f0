import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { descriptors } from "../../src/catalog/descriptors.generated.ts";
import { formatNames, loadFormat } from "../../src/commands/formats.ts";
import { columnsOf } from "../../src/reports/excerpt.ts";
import { renderGithub } from "../../src/reports/github.ts";
import { renderGitlab } from "../../src/reports/gitlab.ts";
import { renderHtml } from "../../src/reports/html.ts";
import { renderJson } from "../../src/reports/json.ts";
import { renderJunit } from "../../src/reports/junit.ts";
import { commentLimit, renderMarkdown, summaryLimit } from "../../src/reports/markdown.ts";
import { renderSarif } from "../../src/reports/sarif.ts";
import { renderText } from "../../src/reports/text.ts";
import { at, context, finding, hostile, resultOf, typical } from "./fixture.ts";
import { hostileResult, sizes } from "./many.ts";
import { commandsOf } from "./runner.ts";

const hostileLines = context({
  lines: (_path, line) => hostile[line % hostile.length] ?? null,
  source: "https://github.com/o/r/blob/abc",
  showSuppressed: true,
});

describe.each(formatNames)("%s", async (name) => {
  const render = await loadFormat(name);

  test("looks as it looked", async () => {
    await expect(render(typical, context({ width: 80, showSuppressed: true }))).toMatchFileSnapshot(
      `golden/${name}.txt`,
    );
  });

  test.each(sizes)("holds no command, control character or lone surrogate of %i hostile findings", (size) => {
    const out = render(hostileResult(size, true), hostileLines);
    const allowed = name === "github" ? ["group", "endgroup", "error", "warning", "notice"] : [];
    expect(commandsOf(out).filter((command) => !allowed.includes(command.name))).toEqual([]);
    expect(out.replace(/\n/g, "").slice(0, 2_000_000)).not.toMatch(
      /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u,
    );
    expect(out.endsWith("\n")).toBe(true);
  });

  test("gives equal bytes for equal input", () => {
    expect(render(hostileResult(63), hostileLines)).toBe(render(hostileResult(63), hostileLines));
  });
});

test("every format counts the same findings", () => {
  const result = hostileResult(30, true);
  const where = context();
  const numbers = { error: 10, warning: 10, note: 10 };
  const words = "fail: 10 errors, 10 warnings, 10 notes";
  expect(renderText(result, where)).toContain(words);
  expect(renderMarkdown(result, where)).toContain(words);
  expect(renderGithub(result, where)).toContain(words);
  expect(JSON.parse(renderJson(result)).counts).toMatchObject(numbers);
  const [run] = JSON.parse(renderSarif(result, where)).runs;
  expect(run.invocations[0].exitCodeDescription).toContain(words);
  const gitlab = JSON.parse(renderGitlab(result, where)).map(({ severity }: { severity: string }) => severity);
  const kinds: [string, number, RegExp][] = [
    ["error", 10, /<failure type="error"/g],
    ["warning", 10, /<failure type="warning"/g],
    ["note", 10, /<failure type="note"/g],
  ];
  for (const [level, count, failure] of kinds) {
    const open = run.results.filter((one: { level: string; suppressions?: unknown }) => !one.suppressions);
    expect(open.filter((one: { level: string }) => one.level === level)).toHaveLength(count);
    expect(renderJunit(result, where).match(failure)).toHaveLength(count);
    expect(renderHtml(result, where)).toContain(`<strong>${count}</strong> ${level}s`);
  }
  for (const severity of ["major", "minor", "info"])
    expect(gitlab.filter((one: string) => one === severity)).toHaveLength(10);
});

describe("text", () => {
  test.each([80, 100, 120])("stays within %i columns", (width) => {
    const lines = renderText(typical, context({ width })).split("\n");
    expect(Math.max(...lines.slice(0, -2).map(columnsOf))).toBeLessThanOrEqual(width);
  });

  test("has colours only when asked for", () => {
    expect(renderText(typical, context())).not.toContain("\x1b");
    const colored = renderText(typical, context({ color: true }));
    expect(colored).toContain("\x1b[31;1merror\x1b[0m");
    expect(colored.replace(/\x1b\[[\d;]*m/g, "")).toBe(renderText(typical, context()));
  });

  test("shows a window of a long line, with the range in it underlined", () => {
    const raw = `${"a".repeat(500_000)}NEEDLE${"b".repeat(500_000)}`;
    const out = renderText(
      resultOf([finding({ at: at("x", 1, 500_001, 500_007) })]),
      context({ lines: () => raw, width: 80 }),
    );
    const lines = out.split("\n");
    const code = lines.find((line) => line.includes("NEEDLE"))!;
    const under = lines.find((line) => line.includes("^"))!;
    expect(code.indexOf("NEEDLE")).toBe(under.indexOf("^"));
    expect(under).toMatch(/ \^{6}$/);
    expect(columnsOf(code)).toBeLessThanOrEqual(80);
  });

  test("underlines the right columns after tabs, wide and unseen characters", () => {
    const raw = "\t日本\u202e KEY=1";
    const out = renderText(resultOf([finding({ at: at("x", 1, 6, 9) })]), context({ lines: () => raw }));
    const [code, under] = out.split("\n").filter((line) => line.includes("KEY") || line.includes("^"));
    expect(columnsOf(code!.slice(0, code!.indexOf("KEY")))).toBe(under!.indexOf("^"));
    expect(under).toMatch(/ \^{3}$/);
  });

  test("shows no password of an address beside what is found", () => {
    const line = "URL=postgres://app:hunter2@<HOST>/x redis://:hunter2@r https://u:${PASS}@h https://h:80/a@b";
    const result = resultOf([finding({ at: at("f", 1, line.indexOf("<") + 1, line.indexOf(">") + 2) })]);
    const out = renderText(result, context({ lines: () => line, width: 120 }));
    expect(out).toContain("URL=postgres://app:…@<HOST>/x redis://:…@r https://u:${PASS}@h https://h:80/a@b");
    expect(out.split("\n").find((text) => text.includes("^"))).toBe(
      `│     │ ${" ".repeat("URL=postgres://app:…@".length)}^^^^^^`,
    );
  });

  test("lists what is folded, all of it when verbose", () => {
    const findings = Array.from({ length: 40 }, (_none, index) =>
      finding({ subject: `m${index}.py`, fingerprint: `${index}` }),
    );
    expect(renderText(resultOf(findings), context())).toContain(
      "39 more here  m1.py, m10.py, m11.py, m12.py, m13.py, m14.py and 33 more",
    );
    expect(renderText(resultOf(findings), context({ verbose: true, width: 120 }))).not.toContain("and 33 more");
  });

  test("says how many older findings are left out", () => {
    expect(renderText(resultOf([]), context({ older: 1 }))).toBe("pass: no findings; 1 older finding not shown\n");
  });
});

describe("json", () => {
  test("has exactly the names of version 1", () => {
    const parsed = JSON.parse(renderJson(typical));
    expect(Object.keys(parsed)).toEqual([
      "version",
      "verdict",
      "counts",
      "findings",
      "suppressed",
      "undecided",
      "unread",
    ]);
    expect(parsed.version).toBe(1);
    expect(parsed.counts).toEqual({ error: 3, warning: 2, note: 0, suppressed: 1 });
    expect(Object.keys(parsed.findings[0])).toEqual([
      "rule",
      "severity",
      "subject",
      "message",
      "help",
      "fingerprint",
      "at",
      "related",
      "fix",
    ]);
    expect(parsed.findings[1].related).toEqual([]);
    expect(parsed.suppressed[0]).toMatchObject({ by: "inline", finding: { subject: "app/legacy.py" } });
  });

  test.each(sizes)("reads back whole with %i hostile findings", (size) => {
    const result = hostileResult(size);
    expect(JSON.parse(renderJson(result)).findings).toEqual(result.findings);
  });
});

describe("github", () => {
  const annotations = (log: string) =>
    commandsOf(log).filter(({ name }) => ["error", "warning", "notice"].includes(name));

  test.each(sizes)("keeps ten of each level and 4,096 characters with %i hostile findings", (size) => {
    const result = hostileResult(size, true);
    const kept = annotations(renderGithub(result, hostileLines));
    for (const level of ["error", "warning", "notice"])
      expect(kept.filter(({ name }) => name === level).length).toBeLessThanOrEqual(10);
    for (const { data, properties } of kept) {
      expect(data.length).toBeLessThanOrEqual(4096);
      if (properties["file"] !== undefined) expect(properties["file"]).toMatch(/^dir\d+\//);
    }
  });

  test.each([
    [63, 10, "10 of 63 errors shown as annotations"],
    [10, 10, null],
    [63, 3, "3 of 63 errors shown as annotations"],
    [63, 0, "0 of 63 errors shown as annotations"],
  ])("of %i findings %i are annotated, and the log says so", (size, most, sentence) => {
    const findings = Array.from({ length: size }, (_none, index) =>
      finding({ fingerprint: `${index}`, at: at(`f${index}`, 1, 1, 2) }),
    );
    const out = renderGithub(resultOf(findings), context({ annotations: most, rest: "the job summary" }));
    expect(annotations(out)).toHaveLength(most);
    if (sentence === null) expect(out).not.toContain("shown as annotations");
    else expect(out).toContain(`│ ${sentence}; all are in the job summary`);
  });

  test("lines of the change come first", () => {
    const findings = Array.from({ length: 20 }, (_none, index) =>
      finding({ fingerprint: `${index}`, at: at(`f${100 + index}`, 1, 1, 2) }),
    );
    const out = renderGithub(resultOf(findings), context({ annotations: 1, changed: (path) => path === "f117" }));
    expect(annotations(out)[0]?.properties["file"]).toBe("f117");
  });

  test("findings of one rule in one file are one annotation", () => {
    const out = renderGithub(typical, context());
    expect(annotations(out).map(({ name }) => name)).toEqual(["error", "warning", "warning"]);
    expect(out).toContain("And 1 more in this file: line 5.");
  });

  test("columns only where the range ends on its line; paths from the root of the repository", () => {
    const place = { path: "a,b:c", start: { line: 2, column: 3 }, end: { line: 4, column: 1 } };
    const [command] = annotations(
      renderGithub(resultOf([finding({ at: place })]), context({ prefix: "services/api" })),
    );
    expect(command?.properties).toEqual({
      file: "services/api/a,b:c",
      line: "2",
      endLine: "4",
      title: "dockerignore/module-excluded",
    });
  });
});

describe("markdown", () => {
  test.each(sizes)("stays below 900 KB, and a comment below 65,536 characters, with %i hostile findings", (size) => {
    const result = hostileResult(size);
    expect(Buffer.byteLength(renderMarkdown(result, hostileLines))).toBeLessThanOrEqual(summaryLimit);
    const comment = renderMarkdown(result, hostileLines, commentLimit);
    expect(comment.length).toBeLessThanOrEqual(commentLimit);
    for (const out of [comment, renderMarkdown(result, hostileLines)])
      expect(out.split("<details>").length).toBe(out.split("\n</details>\n").length);
    if (size >= 500) expect(comment).toMatch(/\*\*[\d,]+ findings of \d+ had no room here\.\*\*/);
  });

  test("a hostile message cannot leave its table cell", () => {
    const out = renderMarkdown(resultOf([finding({ message: "a | b\n| c | `x|y` </details> @octocat" })]), context());
    const row = out.split("\n").find((line) => line.startsWith("| `"))!;
    expect(row.split(/(?<!\\)\|/)).toHaveLength(5);
    expect(row).toContain("\\</details\\> @<!-- -->octocat");
  });
});

describe("sarif", () => {
  test("a clean run has results, rules and an invocation", () => {
    const [run] = JSON.parse(renderSarif(resultOf([]), context({ shard: "2-of-4" }))).runs;
    expect(run.results).toEqual([]);
    expect(run.invocations).toHaveLength(1);
    expect(run.automationDetails.id).toBe("predeploy/2-of-4/");
    expect(run.tool.driver.rules).toHaveLength(1);
  });

  test.each(sizes)("keeps GitHub's limits with %i hostile findings", (size) => {
    const out = renderSarif(hostileResult(size), hostileLines);
    const [run] = JSON.parse(out).runs;
    for (const { ruleId, ruleIndex, locations, message } of run.results) {
      expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
      expect(message.text.length).toBeGreaterThan(0);
      expect(locations).toHaveLength(1);
      const { artifactLocation, region } = locations[0].physicalLocation;
      expect(artifactLocation.uri).toMatch(/^(?:[\w\-.~/]|%[0-9A-F]{2})+$/);
      expect(region.endColumn).toBeGreaterThan(region.startColumn);
    }
    for (const { shortDescription, fullDescription, help } of run.tool.driver.rules)
      for (const { text } of [shortDescription, fullDescription, help]) expect(text.length).toBeLessThanOrEqual(1024);
    if (size <= 500) expect(run.results).toHaveLength(size + Math.min(3, size));
  });

  test("each rule of ours leads to its page, a team's own to that of its check", () => {
    const own = { ...descriptors[0]!, id: "team/own" };
    const rules = new Map([...descriptors, own].map((rule) => [rule.id, rule]));
    const [run] = JSON.parse(renderSarif(resultOf([]), context({ rules }))).runs;
    const pages = run.tool.driver.rules.map(({ helpUri }: { helpUri: string }) => helpUri);
    for (const page of pages) {
      const [, file, name] =
        /^https:\/\/github\.com\/predeploy\/predeploy\/blob\/v1\.2\.3\/(.+)#(.+)$/.exec(page) ?? [];
      expect(readFileSync(join(import.meta.dirname, "../..", file!), "utf8")).toContain(`\n## ${name}\n`);
    }
    expect(new Set(pages).size).toBe(descriptors.length);
  });

  test("undecided rules are notifications, suppressions carry their justification", () => {
    const [run] = JSON.parse(renderSarif(typical, context())).runs;
    expect(run.invocations[0].toolExecutionNotifications[0].associatedRule.id).toBe("secrets/missing");
    expect(run.results.at(-1).suppressions).toEqual([
      { kind: "inSource", status: "accepted", justification: "never imported on staging" },
    ]);
  });
});

describe("gitlab", () => {
  test.each(sizes)("gives each of %i findings a fingerprint of its own and the fields GitLab asks for", (size) => {
    const entries = JSON.parse(renderGitlab(hostileResult(size), hostileLines));
    expect(new Set(entries.map(({ fingerprint }: { fingerprint: string }) => fingerprint)).size).toBe(size);
    for (const entry of entries.slice(0, 100))
      expect(Object.keys(entry)).toEqual(["description", "check_name", "fingerprint", "severity", "location"]);
  });

  test("numbers the second of one subject in a file", () => {
    const prints = JSON.parse(renderGitlab(typical, context())).map(
      (entry: { fingerprint: string }) => entry.fingerprint,
    );
    expect(prints.slice(-2)).toEqual(["f4", "f4-2"]);
  });
});

/** Tags of a document in order, as a tokenizer without error recovery reads them. */
function tagsOf(markup: string): string[] {
  return (markup.match(/<(?:"[^"]*"|[^<>"])*>/g) ?? []).map((tag) => /^<[!?/]?([\w-]+)/.exec(tag)?.[1] ?? tag);
}

describe("junit", () => {
  test.each(sizes)("is well formed and counts right with %i hostile findings", (size) => {
    const out = renderJunit(hostileResult(size), hostileLines);
    expect(new Set(tagsOf(out))).toEqual(
      new Set(
        size === 0
          ? ["xml", "testsuites", "testsuite", "testcase"]
          : ["xml", "testsuites", "testsuite", "testcase", "failure", "error"],
      ),
    );
    expect(out.match(/<failure /g)?.length ?? 0).toBe(size);
    expect(out).toContain(`failures="${size}"`);
    expect(out.replace(/<(?:"[^"]*"|[^<>"])*>/g, "").replace(/&(?:amp|lt|gt|quot|#\d+);/g, "")).not.toMatch(/[<&]/);
  });

  test("uses what the strictest schema of JUnit files allows", () => {
    const allowed: Record<string, string> = {
      xml: "version encoding",
      testsuites: "name tests failures errors",
      testsuite: "name tests failures errors",
      properties: "",
      property: "name value",
      testcase: "name classname",
      failure: "type message",
      error: "type message",
    };
    const out = renderJunit(typical, context({ checked: "abc, the push to main" }));
    const tags = [...out.matchAll(/<\??([\w-]+)((?:\s+[\w-]+="[^"]*")*)/g)];
    expect(new Set(tags.map(([, tag]) => tag))).toEqual(new Set(Object.keys(allowed)));
    for (const [, tag = "", attributes = ""] of tags)
      for (const [, attribute] of attributes.matchAll(/([\w-]+)="/g))
        expect(allowed[tag]?.split(" ")).toContain(attribute);
  });

  test("a rule without findings is a passed case, an undecided rule a case in error", () => {
    expect(renderJunit(resultOf([]), context())).toContain(
      '<testsuite name="dockerignore/module-excluded" tests="1" failures="0" errors="0">',
    );
    expect(renderJunit(typical, context())).toContain('<error type="undecided"');
  });
});

describe("html", () => {
  const known = new Set(
    "DOCTYPE doctype html head meta title style body a header p h1 h2 h3 span ul li strong main section article code pre mark div details summary footer".split(
      " ",
    ),
  );

  test.each(sizes)("holds no markup, address or handler of %i hostile findings", (size) => {
    const out = renderHtml(hostileResult(size, true), hostileLines);
    for (const tag of new Set(tagsOf(out))) expect(known).toContain(tag);
    for (const attribute of new Set(
      (out.match(/<(?:"[^"]*"|[^<>"])*>/g) ?? [])
        .join(" ")
        .replace(/"[^"]*"/g, '""')
        .match(/[\w-]+(?==)/g),
    ))
      expect([
        "lang",
        "charset",
        "http-equiv",
        "content",
        "name",
        "class",
        "href",
        "id",
        "aria-label",
        "aria-labelledby",
        "rel",
        "tabindex",
        "role",
        "data-line",
        "title",
      ]).toContain(attribute);
    for (const [, href = ""] of out.matchAll(/href="([^"]*)"/g))
      expect(href).toMatch(/^(?:#report|https&#58;:?\/\/|https:\/\/github\.com\/o\/r\/blob\/abc\/)/);
    expect(out).not.toMatch(/<script|url\(|@import/i);
    expect(out).toContain("default-src 'none'");
  });

  test("counts a finding with its own kind, also where a worse one of its line stands for it", () => {
    const folded = [finding({ fingerprint: "1" }), finding({ fingerprint: "2", subject: "b", severity: "warning" })];
    const other = finding({ fingerprint: "3", severity: "warning", at: at("other", 1, 1, 2) });
    const out = renderHtml(resultOf([...folded, other]), context({ older: 26 }));
    expect(out).toContain("<strong>1</strong> error<");
    expect(out).toContain('Errors <span class="count">1</span>');
    expect(out).toContain("<strong>2</strong> warnings<");
    expect(out).toContain('Warnings <span class="count">2</span>');
    expect(out).toContain("<strong>26</strong> older, not shown");
  });

  test("marks the character at an empty range", () => {
    const out = renderHtml(resultOf([finding({ at: at("app/main.py", 1, 1, 1) })]), context());
    expect(out).toContain("<code><mark>i</mark>mport os</code>");
  });

  test("a clean run says so", () => {
    expect(renderHtml(resultOf([]), context())).toContain("Nothing was found that would stop the deploy.");
  });
});
