import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchesSegment, matchesSite, parseSelector } from "../../../src/model/startup/selector.ts";
import type { Site } from "../../../src/types/startup.ts";

const site = (form: Site["form"], name: string, value?: string): Site => ({
  id: 0,
  place: { path: "a.py", start: 0, end: 1 },
  form,
  names: [name],
  mode: "sync",
  ...(value === undefined ? {} : { value }),
});

describe("selectors", () => {
  test.each([
    ["call connect", site("call", "app.db.connect"), true],
    ["call db.connect", site("call", "app.db.connect"), true],
    ["call b.connect", site("call", "app.db.connect"), false],
    ["call connect", site("call", "app.db.reconnect"), false],
    ["call connect", site("call", "app.connect.now"), false],
    ["call *.listen", site("call", "app.listen"), true],
    ["call *.listen", site("call", "listen"), false],
    ["call *.listen", site("call", "a.b.listen"), true],
    ["call initialize_*", site("call", "boot.initialize_db"), true],
    ["call *_db", site("call", "boot.initialize_db_pool"), false],
    ["call connect", site("new", "connect"), false],
    ["new Pool", site("new", "pg.Pool"), true],
    ["assign app.ready=True", site("assign", "app.ready", "True"), true],
    ["assign app.ready=true", site("assign", "app.ready", "True"), true],
    ["assign app.ready=True", site("assign", "app.ready", "False"), false],
    ["assign startup_complete=True", site("assign", "app.startup_completed_phases", "True"), false],
    ["assign app.ready", site("assign", "self.app.ready", "False"), true],
    ["decorator app.task", site("decorator", "worker.app.task"), true],
    ["import dotenv/config", site("import", "dotenv/config"), true],
    ["import app.settings", site("import", "app.settings"), true],
    ["call connect()", site("call", "connect"), true],
  ])("%s", (text, at, expected) => {
    const selector = parseSelector(text);
    expect(selector).not.toBeNull();
    expect(selector && matchesSite(selector, at)).toBe(expected);
  });

  test.each(["connect", "", "call", "run connect", "call ..."])("%s is no selector", (text) => {
    expect(parseSelector(text)).toBeNull();
  });

  test("a star stands for any part, in linear time", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "b", "*"), { maxLength: 8 }),
        fc.array(fc.constantFrom("a", "b"), { maxLength: 10 }),
        (p, t) => {
          const pattern = p.join("");
          const text = t.join("");
          const expected = new RegExp(`^${pattern.replaceAll("*", "[^]*")}$`).test(text);
          expect(matchesSegment(pattern, text)).toBe(expected);
        },
      ),
    );
    expect(matchesSegment("*a".repeat(200), "a".repeat(20_000))).toBe(true);
    expect(matchesSegment(`${"*a".repeat(200)}b`, "a".repeat(20_000))).toBe(false);
  });
});
