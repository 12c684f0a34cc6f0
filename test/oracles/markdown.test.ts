import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { markdown, markdownCode } from "../../src/reports/escape.ts";
import { commentLimit, renderMarkdown } from "../../src/reports/markdown.ts";
import { context, hostile } from "../reports/fixture.ts";
import { hostileResult, hostileText, sizes } from "../reports/many.ts";

/** cmark-gfm is the library that GitHub renders Markdown with (Debian package of that name). */
const isHere = spawnSync("cmark-gfm", ["--version"], { stdio: "ignore" }).status === 0;

/** The HTML of a text, raw HTML let through: what GitHub filters out afterwards must not be there in the first place. */
function htmlOf(text: string): string {
  const extensions = ["table", "autolink", "strikethrough", "tagfilter", "tasklist"].flatMap((name) => ["-e", name]);
  const { stdout, status } = spawnSync("cmark-gfm", ["--unsafe", ...extensions], {
    input: text,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  expect(status).toBe(0);
  return stdout;
}

interface Rendered {
  tags: string[];
  addresses: string[];
  /** Text outside of code, in pieces as an element, or a comment, parts them. */
  prose: string[];
}

function read(html: string): Rendered {
  const rendered: Rendered = { tags: [], addresses: [], prose: [] };
  let code = 0;
  for (const [, comment, close, name, attributes = "", text] of html.matchAll(
    /(<!--[\s\S]*?-->)|<(\/?)([a-z][\w-]*)([^<>]*)>|([^<]+|<)/gi,
  )) {
    if (comment !== undefined) continue;
    if (name !== undefined) {
      if (name === "code") code += close ? -1 : 1;
      if (!close) rendered.tags.push(`${name}${attributes.replace(/="[^"]*"/g, "")}`);
      for (const [, address = ""] of attributes.matchAll(/(?:href|src)="([^"]*)"/g)) rendered.addresses.push(address);
    } else if (code === 0 && text !== undefined) rendered.prose.push(text);
  }
  return rendered;
}

/** What GitHub makes links, pictures, mentions and formulas of after Markdown: in one piece of text, outside of code. */
const afterMarkdown =
  /@[a-z\d]|(?:^|\W)#\d|\bGH-\d|:\/\/|\bwww\.|:[\w+-]+:|\$[^$]*\$|\b[\w.-]+\/[\w.-]+#\d|\b[\w.-]+@[\w.-]+#\d/i;

/** Runs in one table cell, one list item and one heading, as the reports write them. */
const places = (text: string) => `## x ${text}\n\n- ${text}\n\n| a | b |\n| :--- | :--- |\n| ${text} | end |\n`;

describe.skipIf(!isHere)(isHere ? "as GitHub's library reads it" : "SKIPPED: cmark-gfm is not here", () => {
  test("what is not escaped is seen", () => {
    expect(read(htmlOf("[x](http://y.example) www.z.example")).addresses).toHaveLength(2);
    expect(read(htmlOf("a <b>c</b> ![p](q)")).tags).toEqual(["p", "b", "img src alt /"]);
    for (const text of ["@octocat", "a #12", "GH-3", "o/r#4", ":tada:", "$x$", "ftp://z"])
      expect(read(htmlOf(text)).prose.join("")).toMatch(afterMarkdown);
    expect(read(htmlOf("`@octocat`")).prose.join("")).not.toMatch(afterMarkdown);
  });

  test("a scanned text is only text: no link, no markup, no further cell", () => {
    const texts = [...hostile, ...fc.sample(hostileText, { numRuns: 400, seed: 1 })];
    const documents = texts.flatMap((text) => [markdown(text), markdownCode(text)]);
    // One process for all: a rule of our own between the documents.
    const parts = htmlOf(documents.map((text) => `${places(text)}\n<hr id="part">\n`).join("\n")).split(
      '<hr id="part">',
    );
    expect(parts).toHaveLength(documents.length + 1);
    for (const [index, part] of parts.slice(0, -1).entries()) {
      const { tags, addresses, prose } = read(part);
      const said = JSON.stringify(documents[index]);
      expect(addresses, said).toEqual([]);
      for (const tag of tags)
        expect(
          ["h2", "ul", "li", "table", "thead", "tbody", "tr", "th align", "td align", "code", "span"],
          said,
        ).toContain(tag);
      expect(
        tags.filter((tag) => tag === "td align"),
        said,
      ).toHaveLength(2);
      for (const text of prose) expect(text, said).not.toMatch(afterMarkdown);
    }
  });

  test.each(sizes)("a summary and a comment of %i hostile findings hold our own elements and links only", (size) => {
    const where = context({
      lines: (_path, line) => hostile[line % hostile.length] ?? null,
      source: "https://github.com/octo/app/blob/abc",
      showSuppressed: true,
    });
    const result = hostileResult(size, true);
    for (const out of [renderMarkdown(result, where), renderMarkdown(result, where, commentLimit)]) {
      const html = htmlOf(out);
      const { tags, addresses, prose } = read(html);
      for (const tag of new Set(tags))
        expect(
          [
            "h2",
            "h3",
            "p",
            "ul",
            "li",
            "table",
            "thead",
            "tbody",
            "tr",
            "th align",
            "td align",
            "code",
            "span",
            "a href",
          ].concat(["details", "summary", "strong", "pre lang", "pre"]),
        ).toContain(tag);
      for (const address of addresses) expect(address).toMatch(/^https:\/\/github\.com\/octo\/app\/blob\/abc\//);
      for (const text of prose) expect(text).not.toMatch(afterMarkdown);
      expect(html.split("<details>").length).toBe(html.split("</details>").length);
    }
  });
});
