import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readRules } from "../../src/catalog/generated-files.ts";
import { loadConfig } from "../../src/config/load.ts";
import { runCheck } from "../../src/engine/run.ts";
import type { RunResult } from "../../src/types/finding.ts";
import { memoryWorkspace } from "../../src/workspace/memory.ts";

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  /** JSON, or text as it is. */
  body?: unknown;
}
/** Gives the answer to a request; null: 404. `count` is how often this address was asked for before. */
type Answering = (path: string, query: URLSearchParams, count: number) => Answer | null;

interface Asked {
  path: string;
  authorization: string;
  wait: number;
}

async function withServer<T>(answering: Answering, work: (url: string, asked: Asked[]) => Promise<T>): Promise<T> {
  const asked: Asked[] = [];
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const count = counts.get(url.href) ?? 0;
    counts.set(url.href, count + 1);
    const path = decodeURIComponent(url.pathname);
    asked.push({ path, authorization: request.headers.authorization ?? "", wait: Date.now() });
    const {
      status = 200,
      headers = {},
      body = { message: "no" },
    } = answering(path, url.searchParams, count) ?? {
      status: 404,
    };
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const family = readRules(join(import.meta.dirname, "../..")).filter((one) => one.id.startsWith("secrets/"));

async function run(
  files: Record<string, string>,
  environment: Record<string, string>,
  online = true,
): Promise<RunResult> {
  const workspace = memoryWorkspace(
    Object.fromEntries(Object.entries(files).map(([path, content]) => [path, { content, kind: "file" as const }])),
  );
  return runCheck({
    workspace,
    config: await loadConfig(workspace, null),
    rules: family.map((descriptor) => ({
      descriptor,
      severity: descriptor.severity,
      fixedSeverity: null,
      options: Object.fromEntries(Object.entries(descriptor.options).map(([name, one]) => [name, one.default])),
    })),
    options: { environment: null, online, present: new Map(), deployed: null, head: null, now: 0 },
    baseline: null,
    failOn: "error",
    allowUndecided: false,
    environment,
  });
}

const brief = ({ findings }: RunResult) =>
  findings
    .filter((one) => one.severity !== "note")
    .map((one) => `${one.severity} ${one.rule.split("/")[1]} ${one.subject}`);
const reasons = ({ undecided }: RunResult) => undecided.map((one) => `${one.rule.split("/")[1]}: ${one.reason}`);

const workflow = (text: string, environment = "") => `on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
${environment}    steps:
      - run: ./deploy.sh ${text}
`;
const listOf = (kind: string, names: readonly string[], query: URLSearchParams): Answer => {
  const [size, page] = [Number(query.get("per_page")), Number(query.get("page"))];
  const items = names.slice((page - 1) * size, page * size).map((name) => ({ name, created_at: "2026-01-01" }));
  return { body: { total_count: names.length, [kind]: items } };
};

describe("the names that GitHub lists", () => {
  const config = "environments: { staging: { inventory: [{ github: true }] } }\n";
  const wanted =
    "${{ secrets.FROM_REPOSITORY }} ${{ secrets.FROM_ORGANISATION }} ${{ secrets.FROM_STAGING }} ${{ secrets.GONE }}";
  const files = {
    "predeploy.yml": config,
    ".github/workflows/deploy.yml": workflow(wanted, "    environment: staging\n"),
  };
  const many = Array.from({ length: 230 }, (_, index) => `OTHER_${index}`);
  const lists: Record<string, readonly string[]> = {
    "/repos/o/r/actions/secrets": [...many, "FROM_REPOSITORY"],
    "/repos/o/r/actions/organization-secrets": ["FROM_ORGANISATION"],
    "/repos/o/r/environments/staging/secrets": ["FROM_STAGING"],
  };
  const whole: Answering = (path, query) => (lists[path] ? listOf("secrets", lists[path], query) : null);
  const variables = (url: string) => ({ GITHUB_API_URL: url, GITHUB_REPOSITORY: "o/r", GITHUB_TOKEN: "t-1234" });

  test("of all pages, of the organisation and of the job's environment are complete", async () => {
    await withServer(whole, async (url, asked) => {
      const result = await run(files, variables(url));
      expect(brief(result)).toEqual(["error missing-ci-secret GONE"]);
      expect(result.undecided).toEqual([]);
      expect(asked.filter((one) => one.path.endsWith("/actions/secrets"))).toHaveLength(3);
      expect(new Set(asked.map((one) => one.authorization))).toEqual(new Set(["token t-1234"]));
    });
  });

  test("are not asked for without --online, and the run says so once", async () => {
    await withServer(whole, async (url, asked) => {
      const result = await run(files, variables(url), false);
      expect(brief(result)).toEqual([]);
      expect(result.verdict).toBe("undecided");
      expect(reasons(result)).toEqual([
        "missing-ci-secret: the inventory of staging (GitHub's secrets) cannot be read: it is only asked for with --online.",
      ]);
      expect(asked).toEqual([]);
    });
  });

  test("are undecided, never missing, where the repository's list is refused", async () => {
    const refusing: Answering = (path, query) =>
      path === "/repos/o/r/actions/secrets"
        ? { status: 403, headers: { "x-accepted-github-permissions": "secrets=read" } }
        : whole(path, query, 0);
    await withServer(refusing, async (url) => {
      const result = await run(files, variables(url));
      expect(brief(result)).toEqual([]);
      expect(result.verdict).toBe("undecided");
      expect(reasons(result)).toEqual([
        "missing-ci-secret: the inventory of staging (GitHub's secrets) cannot be read: GitHub does not show the secrets of o/r (403; the token needs secrets=read).",
      ]);
      expect(result.undecided[0]!.remedy).toContain("predeploy secrets --emit-step");
    });
  });

  test("are a warning, with what the token needs, where only the organisation's list is refused", async () => {
    const refusing: Answering = (path, query) =>
      path.endsWith("organization-secrets")
        ? { status: 403, headers: { "x-accepted-github-permissions": "organization_secrets=read" } }
        : whole(path, query, 0);
    await withServer(refusing, async (url) => {
      const result = await run(files, variables(url));
      expect(brief(result).sort()).toEqual([
        "warning missing-ci-secret FROM_ORGANISATION",
        "warning missing-ci-secret GONE",
      ]);
      expect(result.findings[0]!.message).toContain("not in the part that could be read");
      expect(result.findings[0]!.message).toContain("403; the token needs organization_secrets=read");
    });
  });

  test("of a user's repository have no organisation behind them", async () => {
    const users: Answering = (path, query) =>
      path.endsWith("organization-secrets")
        ? null
        : path === "/repos/o/r"
          ? { body: { owner: { type: "User" } } }
          : whole(path, query, 0);
    await withServer(users, async (url) => {
      const result = await run(files, variables(url));
      expect(brief(result).sort()).toEqual([
        "error missing-ci-secret FROM_ORGANISATION",
        "error missing-ci-secret GONE",
      ]);
    });
  });

  test("of an environment that does not exist are none", async () => {
    const without: Answering = (path, query) => (path.includes("/environments/") ? null : whole(path, query, 0));
    await withServer(without, async (url) => {
      expect(brief(await run(files, variables(url))).sort()).toEqual([
        "error missing-ci-secret FROM_STAGING",
        "error missing-ci-secret GONE",
      ]);
    });
  });

  test.each([
    [429, { "retry-after": "1" }],
    [403, { "retry-after": "1" }],
    [500, {}],
  ])("are asked for again after %i", async (status, headers) => {
    const busy: Answering = (path, query, count) =>
      path === "/repos/o/r/actions/secrets" && count === 0 ? { status, headers } : whole(path, query, count);
    await withServer(busy, async (url, asked) => {
      const result = await run(files, variables(url));
      expect(brief(result)).toEqual(["error missing-ci-secret GONE"]);
      const times = asked.filter((one) => one.path.endsWith("/actions/secrets")).map((one) => one.wait);
      if (status !== 500) expect(times[1]! - times[0]!).toBeGreaterThan(900);
    });
  });

  test.each([
    ["a server that always fails", { status: 500 }, "(500)"],
    ["a server that wants a long wait", { status: 429, headers: { "retry-after": "3600" } }, "(429)"],
    ["a body that is no JSON", { body: '{"total_count": 3, "secr' }, "cannot be read"],
    ["a body of another shape", { body: { total_count: 1, secrets: { name: "X" } } }, "cannot be read"],
  ] as const)("are undecided after %s", async (_, answer, words) => {
    const broken: Answering = (path, query) =>
      path === "/repos/o/r/actions/secrets" ? (answer as Answer) : whole(path, query, 0);
    await withServer(broken, async (url) => {
      const result = await run(files, variables(url));
      expect(brief(result)).toEqual([]);
      expect(reasons(result).join()).toContain(words);
    });
  });

  test("that end before their last page make names that are not there a warning", async () => {
    const cut: Answering = (path, query) => {
      if (path !== "/repos/o/r/actions/secrets") return whole(path, query, 0);
      return query.get("page") === "3" ? { status: 502 } : listOf("secrets", [...many, "FROM_REPOSITORY"], query);
    };
    await withServer(cut, async (url) => {
      const result = await run(files, variables(url));
      expect(brief(result).sort()).toEqual([
        "warning missing-ci-secret FROM_REPOSITORY",
        "warning missing-ci-secret GONE",
      ]);
      expect(result.findings[0]!.message).toContain("2 pages");
    });
  });

  test("need a token", async () => {
    const result = await run(files, { GITHUB_REPOSITORY: "o/r" });
    expect(reasons(result).join()).toContain("no token");
  });

  test("tell variables from secrets, and in which environment a name lives alone", async () => {
    const both = {
      "predeploy.yml": config,
      ".github/workflows/deploy.yml": workflow("${{ vars.REGION }} ${{ secrets.ONLY_STAGING }} ${{ vars.ABSENT }}"),
    };
    const answering: Answering = (path, query) => {
      if (path.endsWith("variables"))
        return listOf("variables", path.includes("organization") ? [] : ["REGION"], query);
      if (path.endsWith("secrets")) return listOf("secrets", path.includes("/staging/") ? ["ONLY_STAGING"] : [], query);
      return null;
    };
    await withServer(answering, async (url) => {
      expect(brief(await run(both, variables(url))).sort()).toEqual([
        "error environment-scope ONLY_STAGING",
        "error missing-ci-variable ABSENT",
      ]);
    });
  });
});

describe("the names that Secret Manager lists", () => {
  const files = {
    "predeploy.yml": "environments: { staging: { inventory: [{ secret-manager: { project: shop-1 } }] } }\n",
    "deploy.sh":
      "#!/bin/sh\ngcloud run deploy api --set-secrets A=there:latest,B=gone:latest,C=shut:latest,D=empty:latest,E=there:3,F=there:9\n",
  };
  const versions: Record<string, string> = {
    "there/versions/latest": "ENABLED",
    "there/versions/3": "DISABLED",
    "shut/versions/latest": "DESTROYED",
  };
  const folder = "/v1/projects/shop-1/secrets";
  const pages = [
    ["there", "other"],
    ["shut", "empty"],
  ];
  const whole: Answering = (path, query) => {
    if (path === folder) {
      const page = Number(query.get("pageToken") || 0);
      const secrets = pages[page]!.map((name) => ({ name: `projects/7/secrets/${name}` }));
      return { body: { secrets, ...(page + 1 < pages.length ? { nextPageToken: String(page + 1) } : {}) } };
    }
    const state = versions[path.slice(folder.length + 1)];
    return state ? { body: { name: `projects/7/secrets${path.slice(folder.length)}`, state } } : null;
  };
  const variables = (url: string) => ({
    CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER: `${url}/`,
    GOOGLE_OAUTH_ACCESS_TOKEN: "ya29.token",
  });

  test("of all pages are complete, and the state of each version that is asked for counts", async () => {
    await withServer(whole, async (url, asked) => {
      const result = await run(files, variables(url));
      expect(brief(result).sort()).toEqual([
        "error missing-store-secret gone",
        "error secret-version-unusable empty",
        "error secret-version-unusable shut",
        "error secret-version-unusable there",
      ]);
      const messages = result.findings.map((one) => one.message).join("\n");
      expect(messages).toContain("it has no version at all");
      expect(messages).toContain("the latest version is destroyed");
      expect(messages).toContain("version 3 is disabled");
      expect(asked.some((one) => one.path.includes(":access") || one.path.includes("/other/"))).toBe(false);
      expect(new Set(asked.map((one) => one.authorization))).toEqual(new Set(["Bearer ya29.token"]));
    });
  });

  test("are not asked for without --online", async () => {
    await withServer(whole, async (url, asked) => {
      const result = await run(files, variables(url), false);
      expect(brief(result)).toEqual([]);
      expect(reasons(result).join()).toContain("--online");
      expect(asked).toEqual([]);
    });
  });

  test.each([
    ["403", { status: 403 }, "secretmanager.secrets.list"],
    ["404", { status: 404 }, "no project shop-1"],
    ["500", { status: 500 }, "(500)"],
    ["429 with a long wait", { status: 429, headers: { "retry-after": "900" } }, "(429)"],
    ["a broken body", { body: '{"secrets": [' }, "cannot be read"],
    ["another shape", { body: { secrets: [{ id: 1 }] } }, "cannot be read"],
    ["an address elsewhere", { status: 302, headers: { location: "http://127.0.0.1:9/" } }, "no answer"],
  ] as const)("are undecided after %s", async (_, answer, words) => {
    await withServer(
      (path, query) => (path === folder ? (answer as Answer) : whole(path, query, 0)),
      async (url) => {
        const result = await run(files, variables(url));
        expect(brief(result)).toEqual([]);
        expect(reasons(result).join()).toContain(words);
      },
    );
  });

  test("are asked for again after 429 with retry-after", async () => {
    const busy: Answering = (path, query, count) =>
      count === 0 ? { status: 429, headers: { "retry-after": "1" } } : whole(path, query, count);
    await withServer(busy, async (url) => {
      expect(brief(await run(files, variables(url)))).toHaveLength(4);
    });
  });

  test("say nothing of a version whose state is refused, and warn where a page is lacking", async () => {
    const refusing: Answering = (path, query) => {
      if (path.includes("/versions/")) return { status: 403 };
      return query.get("pageToken") ? { status: 403 } : whole(path, query, 0);
    };
    await withServer(refusing, async (url) => {
      expect(brief(await run(files, variables(url))).sort()).toEqual([
        "warning missing-store-secret empty",
        "warning missing-store-secret gone",
        "warning missing-store-secret shut",
      ]);
    });
  });

  test("need a token, and no report holds it", async () => {
    const result = await run(files, {});
    expect(reasons(result).join()).toContain("no token");
    await withServer(
      () => ({ status: 403, body: { message: "ya29.token is refused" } }),
      async (url) => expect(JSON.stringify(await run(files, variables(url)))).not.toContain("ya29"),
    );
  });
});
