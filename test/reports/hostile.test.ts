import fc from "fast-check";
import { expect, test } from "vitest";
import { checkRunBodies } from "../../src/action/check-run.ts";
import { commentBody } from "../../src/action/comment.ts";
import { parsePatch } from "../../src/action/hunks.ts";
import { suggestionsOf } from "../../src/action/suggestions.ts";
import { formatNames, loadFormat } from "../../src/commands/formats.ts";
import type { ReportContext } from "../../src/reports/context.ts";
import type { Finding, RunResult } from "../../src/types/finding.ts";
import { at, context, resultOf } from "./fixture.ts";
import { hostileText } from "./many.ts";
import { commandsOf } from "./runner.ts";

const unseen = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

const place = fc.tuple(hostileText, fc.integer({ min: 1, max: 9 })).map(([path, line]) => at(`d/${path}`, line, 1, 3));
const finding: fc.Arbitrary<Finding> = fc
  .record({
    texts: fc.array(hostileText, { minLength: 8, maxLength: 8 }),
    severity: fc.constantFrom("error" as const, "warning" as const, "note" as const),
    place,
    other: place,
  })
  .map(({ texts: [rule, subject, message, help, fingerprint, said, title, name], severity, place, other }) => ({
    rule: rule!,
    subject: subject!,
    message: message!,
    help: help!,
    fingerprint: fingerprint!,
    severity,
    at: place,
    related: [{ ...other, message: said! }],
    order: {
      root: name!,
      how: "before" as const,
      first: { name: name!, at: place, chain: [{ name: said!, at: other }] },
      second: { name: subject!, at: other, chain: [] },
    },
    fix: { title: title!, safety: "safe" as const, edits: [{ ...at("d/f", 1, 1, 1), newText: said! }] },
  }));
const result: fc.Arbitrary<RunResult> = fc
  .record({
    findings: fc.array(finding, { maxLength: 6 }),
    texts: fc.array(hostileText, { minLength: 3, maxLength: 3 }),
  })
  .map(({ findings, texts: [rule, reason, remedy] }) =>
    resultOf(findings, {
      undecided: [{ rule: rule!, reason: reason!, remedy: remedy! }],
      unread: [{ path: rule!, reason: reason! }],
      suppressed: findings.slice(0, 1).map((one) => ({ finding: one, by: "inline", reason: reason! })),
    }),
  );
const anyContext: fc.Arbitrary<ReportContext> = fc.tuple(hostileText, hostileText).map(([line, checked]) =>
  context({
    lines: (_path, number) => (number < 20 ? line.split("\n")[0]! : null),
    checked,
    source: "https://github.com/octo/app/blob/abc",
    showSuppressed: true,
    annotations: 10,
  }),
);

test.each(formatNames)(
  "whatever is scanned, %s holds no command but its own, nothing unseen, and ends in a line end",
  async (name) => {
    const render = await loadFormat(name);
    const own = name === "github" ? ["group", "endgroup", "error", "warning", "notice"] : [];
    fc.assert(
      fc.property(result, anyContext, (one, where) => {
        const out = render(one, where);
        expect(commandsOf(out).filter((command) => !own.includes(command.name))).toEqual([]);
        expect(out.replace(/\n/g, "")).not.toMatch(unseen);
        expect(out.endsWith("\n")).toBe(true);
      }),
      { numRuns: 60 },
    );
  },
);

test("whatever is scanned, the bodies that go to GitHub keep its limits and hold nothing unseen", () => {
  fc.assert(
    fc.property(result, anyContext, (one, where) => {
      const { create, updates } = checkRunBodies(one, where, "predeploy", { owner: "o", repo: "r", sha: "a" }, null);
      for (const { output } of [create, ...updates]) {
        expect(output!.title.length).toBeLessThanOrEqual(255);
        expect(output!.summary.length).toBeLessThanOrEqual(65_535);
        for (const { message, raw_details = "", title = "" } of output!.annotations ?? []) {
          expect(title.length).toBeLessThanOrEqual(255);
          expect(Buffer.byteLength(message)).toBeLessThanOrEqual(64 * 1024);
          expect(`${message}${raw_details}${title}`.replace(/\n/g, "")).not.toMatch(unseen);
        }
      }
      const comment = commentBody(one, where, "staging", "https://github.com/octo/app/actions/runs/1");
      expect(comment.length).toBeLessThanOrEqual(65_536);
      expect(comment.split("<!-- predeploy:").length).toBe(2);
      const diff = new Map([["d/f", parsePatch(`@@ -1,1 +1,1 @@\n ${where.lines("d/f", 1)}`)]]);
      for (const { body } of suggestionsOf(one, where, diff, new Set())) {
        // The fence is longer than any run of backticks of what it holds, so it ends where it should.
        const fence = /^(`{3,})suggestion$/m.exec(body)![1]!;
        const [, inside = ""] = body.split(`\n${fence}suggestion\n`);
        expect(inside.split("\n").filter((line) => line.trim() === fence)).toHaveLength(1);
      }
    }),
    { numRuns: 60 },
  );
});
