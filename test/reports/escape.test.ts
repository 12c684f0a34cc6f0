import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  clip,
  commandData,
  commandProperty,
  html,
  htmlProse,
  jsonText,
  markdown,
  markdownCode,
  terminal,
  uriPath,
  visible,
  xml,
} from "../../src/reports/escape.ts";
import { hostileText } from "./many.ts";
import { commandsOf } from "./runner.ts";

function holds(property: (text: string) => void) {
  fc.assert(
    fc.property(hostileText, (text) => {
      property(text);
    }),
    { numRuns: 300 },
  );
}

const hidden = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

describe("every escaper leaves one line that holds nothing unseen", () => {
  for (const escaper of [visible, terminal, html, htmlProse, xml, markdown, markdownCode, commandProperty])
    test(escaper.name, () => holds((text) => expect(escaper(text)).not.toMatch(hidden)));
});

test("what is unseen stands as an escape that says what it was", () => {
  expect(visible("a\x1b[31m\u202eb\n\t\u0000\ud800\u{e0041}")).toBe("a\\x1b[31m\\u202eb\\n\\t\\x00\\ud800\\u{e0041}");
});

test("letters, accents and emoji stay as they are", () => {
  const text = "größe 日本 👩‍💻 naïve";
  expect(visible(text)).toBe(text);
  expect(terminal(text)).toBe(text);
});

test("a terminal line behind a bar is never a workflow command, in either syntax", () => {
  holds((text) => expect(commandsOf(`│ ${terminal(text)}`)).toEqual([]));
  expect(terminal("##[add-mask]x ##vso[task.complete]y ###[error]z")).toBe(
    "## [add-mask]x ## vso[task.complete]y ### [error]z",
  );
});

test("the runner reads back exactly the data and the property that were written", () => {
  holds((text) => {
    const [command, ...others] = commandsOf(`::error file=${commandProperty(text)}::${commandData(text)}`);
    expect(others).toEqual([]);
    expect(command?.data).toBe(text);
    expect(command?.properties).toEqual({ file: visible(text).trimEnd() });
  });
});

test("HTML and XML hold no markup and no command", () => {
  holds((text) => {
    for (const escaped of [html(text), xml(text)]) {
      expect(escaped).not.toMatch(/[<>"']/);
      expect(escaped.replace(/&(?:amp|lt|gt|quot|#\d+);/g, "")).not.toContain("&");
      expect(commandsOf(escaped)).toEqual([]);
    }
    expect(htmlProse(text).replace(/<\/?code>/g, "")).not.toMatch(/[<>"']/);
  });
});

test("XML holds only characters that XML 1.0 allows", () => {
  holds((text) => expect(xml(text)).toMatch(/^[\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u));
});

test("JSON reads back as the same value, shows nothing unseen and holds no command", () => {
  holds((text) => {
    const out = jsonText({ [text]: [text] });
    expect(JSON.parse(out)).toEqual({ [text]: [text] });
    expect(out.replace(/\n/g, "")).not.toMatch(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(commandsOf(out)).toEqual([]);
    expect(out).not.toMatch(/##[a-z]*\[/i);
  });
});

test("a code span of Markdown begins and ends where it should and splits no table row", () => {
  holds((text) => {
    const code = markdownCode(text);
    const fence = /^`+/.exec(code)![0];
    const inside = code.slice(fence.length, -fence.length);
    expect(code.endsWith(fence)).toBe(true);
    expect(inside.startsWith("`") || inside.endsWith("`")).toBe(false);
    expect((inside.match(/`+/g) ?? []).every((run) => run.length !== fence.length)).toBe(true);
    expect(inside).not.toMatch(/(?<!\\)(?:\\\\)*\|/);
  });
});

/** What is left of Markdown prose when the code spans and the tags and comments that the escaper writes are taken out. */
function plain(out: string): string {
  let rest = "";
  for (let at = 0; at < out.length; ) {
    if (out[at] === "\\") {
      rest += "\x01";
      at += 2;
      continue;
    }
    const run = /^`+/.exec(out.slice(at))?.[0];
    if (run !== undefined) {
      const close = new RegExp(`(?<!\`)${run}(?!\`)`).exec(out.slice(at + run.length));
      expect(close).not.toBeNull();
      at += run.length + close!.index + run.length;
      rest += "\x01";
      continue;
    }
    const ours = /^(?:<!-- -->|<span>\$<\/span>)/.exec(out.slice(at))?.[0];
    if (ours !== undefined) {
      rest += "\x00";
      at += ours.length;
      continue;
    }
    rest += out[at];
    at++;
  }
  return rest;
}

test("Markdown prose holds no markup, link, mention, reference, emoji, math or table bar", () => {
  holds((text) => {
    const rest = plain(markdown(text));
    expect(rest).not.toMatch(/[*_[\]<>&|~#!`$]/);
    expect(rest).not.toMatch(/@[\w]|:\/\/|:[\w+-]+:|\bgh-\d|\bwww\.|\n/i);
    expect(rest).not.toMatch(/^\s*(?:[-+=]|\d+[.)])/);
    expect(commandsOf(markdown(text))).toEqual([]);
  });
});

test("no emoji comes of a name with underscores, no block of code of leading blanks", () => {
  expect(markdown(":white_check_mark:")).toBe(":<!-- -->white\\_check\\_mark:");
  expect(markdown("    code  ")).toBe("code");
});

test("what the message quotes stands as code in Markdown and HTML, an odd quote as itself", () => {
  expect(markdown("`a_b` is *not* `x")).toBe("`a_b` is \\*not\\* \\`x");
  expect(htmlProse("`a<b` is `x")).toBe("<code>a&lt;b</code> is `x");
});

test("a URI path stays below the root and decodes to the path", () => {
  expect(uriPath("a b/ü%/[x](y).md")).toBe("a%20b/%C3%BC%25/%5Bx%5D%28y%29.md");
  expect(uriPath("../x/./y")).toBe("%2E%2E/x/%2E/y");
  holds((text) => expect(uriPath(text)).toMatch(/^(?:[\w\-.~/]|%[0-9A-F]{2})*$/));
});

test("a cut never goes through a surrogate pair and never exceeds the limit", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 20 }), (text, limit) => {
      const cut = clip(text, limit);
      expect(cut.length).toBeLessThanOrEqual(limit);
      expect(cut).not.toMatch(/\p{Cs}/u);
    }),
  );
});
