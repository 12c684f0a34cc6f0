import { join } from "node:path";
import { expect, test } from "vitest";
import { readRules } from "../../../src/catalog/generated-files.ts";
import { runRule } from "../../support/run-rule.ts";

const rule = readRules(join(import.meta.dirname, "../../..")).find(({ id }) => id === "dockerignore/entry-missing")!;

test.each([
  [
    "one after the other",
    (at: number) => `COPY --from=s${at} /srv /srv\nCOPY --from=s${at} /srv/run /usr/local/bin/run`,
  ],
  ["all from the first", () => "COPY --from=s0 /srv/run ."],
  [
    "each from all before it",
    (at: number) => Array.from({ length: at + 1 }, (_, of) => `COPY --from=s${of} / /`).join("\n"),
  ],
])("forty stages that copy from each other end in time: %s", async (_, copies) => {
  const stages = Array.from({ length: 40 }, (_, at) => `FROM debian AS s${at + 1}\nWORKDIR /srv\n${copies(at)}`);
  const dockerfile = [
    "FROM debian AS s0\nRUN make -C /srv run",
    ...stages,
    'ENTRYPOINT ["sh", "-c", "exec ./run"]',
  ].join("\n");
  const { findings } = await runRule(rule, { title: "", files: { Dockerfile: dockerfile }, findings: [] });
  expect(findings).toEqual([]);
});
