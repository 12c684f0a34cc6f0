import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { renderHtml } from "../../src/reports/html.ts";
import { browserCommand, withPage } from "../support/browser.ts";
import { context, finding } from "./fixture.ts";
import { hostileResult } from "./many.ts";

const folder = mkdtempSync(join(tmpdir(), "predeploy-html-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A page with every part: ordinary and hostile findings, open questions, unread files, suppressions. */
const result = hostileResult(60, true);
const report = join(folder, "report.html");
writeFileSync(
  report,
  renderHtml(
    { ...result, findings: [finding(), ...result.findings] },
    context({ showSuppressed: true, source: "https://github.com/octo/app/blob/main" }),
  ),
);
const open = pathToFileURL(report).href;

/** Every text that is drawn, with its contrast to what lies behind it (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). */
const POOR_CONTRAST = `(() => {
  const parse = (color) => color.match(/[\\d.]+/g).map(Number);
  const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const color = parse(getComputedStyle(one).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.trim()) continue;
    const [a, b] = [luminance(parse(getComputedStyle(node.parentElement).color)), luminance(behind(node.parentElement))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push(node.parentElement.outerHTML.slice(0, 80) + " " + ratio.toFixed(2));
  }
  return poor;
})()`;

describe.skipIf(browserCommand === null)(
  browserCommand === null ? "the page in a browser: SKIPPED, no browser is here" : "the page in a browser",
  () => {
    test("asks for nothing, runs nothing and reports no fault", async () => {
      await withPage(open, async (page) => {
        const asked = page.events.filter(({ method }) => method === "Network.requestWillBeSent");
        expect(asked.map(({ params }) => (params["request"] as { url: string }).url)).toEqual([open]);
        const faults = page.events.filter(({ method }) =>
          /^(?:Log\.entryAdded|Runtime\.exceptionThrown)$/.test(method),
        );
        expect(faults).toEqual([]);
        expect(await page.evaluate("document.scripts.length")).toBe(0);
        expect(await page.evaluate("document.querySelectorAll('img, iframe, object, link, form').length")).toBe(0);
        const links = await page.evaluate<string[]>("[...document.links].map((one) => one.href)");
        for (const link of links)
          expect(link.startsWith("https://github.com/octo/app/blob/main/") || link.endsWith("#report")).toBe(true);
      });
    });

    test("tells a screen reader its landmarks, its headings in order, and what its numbers count", async () => {
      await withPage(open, async (page) => {
        const { nodes } = await page.send("Accessibility.getFullAXTree");
        type Node = {
          role?: { value: string };
          name?: { value: string };
          properties?: { name: string; value: { value: number } }[];
        };
        const of = (role: string) => (nodes as Node[]).filter((node) => node.role?.value === role);
        for (const landmark of ["banner", "main", "contentinfo"]) expect(of(landmark), landmark).toHaveLength(1);
        for (const region of of("region")) expect(region.name?.value).toMatch(/\S/);
        const levels = of("heading").map(
          (node) => node.properties?.find(({ name }) => name === "level")?.value.value ?? 0,
        );
        expect(levels[0]).toBe(1);
        expect(levels.filter((level) => level === 1)).toHaveLength(1);
        for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
        expect(of("list").some((node) => /\d+ errors?/.test(node.name?.value ?? ""))).toBe(true);
        for (const link of of("link")) expect(link.name?.value).toMatch(/\S/);
        expect(await page.evaluate("document.documentElement.lang")).toBe("en");
      });
    });

    test.each(["light", "dark"])("has enough contrast in %s", async (scheme) => {
      await withPage(open, async (page) => {
        await page.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
        const page_ = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
        expect(page_).toBe(scheme === "dark" ? "rgb(15, 19, 23)" : "rgb(246, 247, 249)");
        await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
        expect(await page.evaluate<string[]>(POOR_CONTRAST)).toEqual([]);
      });
    });

    test.each([320, 768, 1400])("fits a window of %i pixels without scrolling aside", async (width) => {
      await withPage(open, async (page) => {
        await page.send("Emulation.setDeviceMetricsOverride", {
          width,
          height: 800,
          deviceScaleFactor: 1,
          mobile: false,
        });
        await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      });
    });

    test("is walked by the keyboard: first the way past the header, each stop visible", async () => {
      await withPage(open, async (page) => {
        const stops: string[] = [];
        for (let at = 0; at < 6; at++) {
          for (const type of ["keyDown", "keyUp"])
            await page.send("Input.dispatchKeyEvent", { type, key: "Tab", code: "Tab", windowsVirtualKeyCode: 9 });
          stops.push(await page.evaluate("document.activeElement.className || document.activeElement.tagName"));
          const box = await page.evaluate<{ width: number; left: number; outline: string }>(
            "(() => { const r = document.activeElement.getBoundingClientRect(); return { width: r.width, left: r.left, outline: getComputedStyle(document.activeElement).outlineStyle }; })()",
          );
          expect(box.width).toBeGreaterThan(0);
          expect(box.left).toBeGreaterThanOrEqual(0);
          expect(box.outline).toBe("solid");
        }
        expect(stops[0]).toBe("skip");
        expect(stops).toContain("PRE");
      });
    });
  },
);
