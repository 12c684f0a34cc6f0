import { rmSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { check } from "../../../src/commands/check.ts";
import { makeTimeline, type Timeline } from "../../support/timeline.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const required = (column: string): string => `ALTER TABLE users ADD COLUMN ${column} int NOT NULL;\n`;

/** `main` with two migrations, of which the second is unsafe; branch `topic` adds two more. */
function begin(folder = ""): Timeline {
  const t = makeTimeline();
  folders.push(t.folder);
  t.commit("chore: start", {
    [`${folder}requirements.txt`]: "psycopg\n",
    [`${folder}migrations/001_start.sql`]: "CREATE TABLE users (id int);\n",
    [`${folder}migrations/002_old.sql`]: required("old"),
  });
  t.git("tag", "deployed");
  t.on("topic", "main");
  t.commit("feat: more", { [`${folder}migrations/003_more.sql`]: required("more") });
  t.commit("feat: orders", {
    [`${folder}migrations/004_orders.sql`]: "CREATE TABLE orders (id int);\n",
    [`${folder}migrations/005_index.sql`]: "CREATE INDEX ix ON orders (id);\nCREATE INDEX iy ON users (id);\n",
  });
  return t;
}

async function findingsOf(
  t: Timeline,
  {
    path = ".",
    base = null,
    deployed = null,
    only = "migrations",
  }: { path?: string; base?: string | null; deployed?: string | null; only?: string },
): Promise<string[]> {
  const { result } = await check({
    path,
    cwd: t.folder,
    environment: { PATH: process.env["PATH"], HOME: t.folder, GIT_CONFIG_NOSYSTEM: "1" },
    config: null,
    only: [only],
    skip: [],
    environmentName: null,
    failOn: "error",
    baseline: null,
    shard: null,
    base,
    online: false,
    present: new Map(),
    deployed,
    allowUndecided: false,
    verifyFiles: true,
    notice: () => {},
  });
  return result.findings.map(({ at, subject, rule }) => `${at.path}:${at.start.line} ${rule.split("/")[1]} ${subject}`);
}

const more = "migrations/003_more.sql:1 unsafe-statement users add-column-not-null more";
const index = "migrations/005_index.sql:2 unsafe-statement users create-index";

describe("judged as unsafe is", () => {
  it("what the base of the change lacks, each file of it", async () => {
    expect(await findingsOf(begin(), { base: "main" })).toEqual([more, index]);
  });

  it("what the deployed commit lacks, whatever the base holds", async () => {
    const t = begin();
    expect(await findingsOf(t, { deployed: "deployed" })).toEqual([more, index]);
    expect(await findingsOf(t, { deployed: "deployed", base: "HEAD^" })).toEqual([index]);
    expect(await findingsOf(t, { deployed: "HEAD", base: "main" })).toEqual([]);
  });

  it("the newest file alone where nothing says what has run", async () => {
    // The table that 004 creates is not known to be new then.
    expect(await findingsOf(begin(), {})).toEqual([
      "migrations/005_index.sql:1 unsafe-statement orders create-index",
      index,
    ]);
  });

  it("nothing where the change adds no migration", async () => {
    const t = begin();
    t.commit("docs: readme", { "README.md": "x\n" });
    expect(await findingsOf(t, { base: "HEAD^" })).toEqual([]);
  });

  it("nothing of a file that was renamed or edited since", async () => {
    const t = begin();
    t.git("checkout", "-q", "main");
    t.git("mv", "migrations/002_old.sql", "migrations/002_older.sql");
    t.commit("chore: rename", { "migrations/001_start.sql": `${required("edited")}CREATE TABLE users (id int);\n` });
    expect(await findingsOf(t, { base: "HEAD^" })).toEqual([]);
  });

  it("the same in a folder of a larger repository", async () => {
    const t = begin("services/api/");
    expect(await findingsOf(t, { path: "services/api", base: "main" })).toEqual([more, index]);
    expect(await findingsOf(t, { path: "services/api", deployed: "deployed" })).toEqual([more, index]);
  });
});

describe("in a folder of a larger repository", () => {
  it("the deployed file and the paths of a comparison are named from that folder", async () => {
    const t = makeTimeline();
    folders.push(t.folder);
    const config =
      "environments:\n  live:\n    deployed: { file: { path: version.txt, pattern: '^(\\S+)' } }\n    drift: { max-waiting: 0, paths: ['src/**'] }\n";
    const live = t.commit("chore: start", { "services/api/predeploy.yml": config, "src/a.py": "a\n" });
    t.commit("chore: deployed", { "services/api/version.txt": `${live}\n` });
    t.commit("feat: elsewhere", { "src/a.py": "b\n" });
    expect(await findingsOf(t, { path: "services/api", only: "drift" })).toEqual([]);
    t.commit("feat: here", { "services/api/src/a.py": "b\n" });
    expect(await findingsOf(t, { path: "services/api", only: "drift" })).toEqual([
      "predeploy.yml:3 undeployed-commits live",
    ]);
  });

  it("an edited migration is named from that folder, and those beside it are left out", async () => {
    const t = begin("services/api/");
    t.commit("fix: edit", {
      "services/api/migrations/002_old.sql": required("edited"),
      "services/api/migrations/001_start.sql": null,
      "other/migrations/001_start.sql": "CREATE TABLE z (id int);\n",
      "other/migrations/002_more.sql": required("z"),
    });
    const found = await findingsOf(t, { path: "services/api", deployed: "deployed" });
    expect(found).toContain("migrations/002_old.sql:1 edited-after-deploy migrations/002_old.sql");
    expect(found.filter((one) => one.startsWith("other") || one.startsWith("services"))).toEqual([]);
  });
});
