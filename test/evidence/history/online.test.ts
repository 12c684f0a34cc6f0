import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { atPointer } from "../../../src/evidence/history/deployed-url.ts";
import { makeTimeline, readDrift, type Timeline } from "../../support/timeline.ts";

/** A GitHub of our own on loopback: the few REST answers that are asked for, and git's own HTTP server. */
interface LocalGithub {
  url: string;
  requests: string[];
  authorizations: Set<string>;
  answers: Map<string, unknown>;
  close(): void;
}

async function startGithub(root: string): Promise<LocalGithub> {
  const requests: string[] = [];
  const authorizations = new Set<string>();
  const answers = new Map<string, unknown>();
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const path = decodeURIComponent(url.pathname);
    authorizations.add(request.headers.authorization ?? "none");
    if (!path.startsWith("/git/")) {
      requests.push(`${path}${url.search}`);
      const found = answers.get(`${path}?page=${url.searchParams.get("page")}`) ?? answers.get(path) ?? 404;
      const answer: unknown = typeof found === "function" ? found() : found;
      const status = typeof answer === "number" ? answer : 200;
      response.writeHead(status, { "content-type": "application/json" });
      response.end(typeof answer === "string" ? answer : JSON.stringify(status === 200 ? answer : { message: "no" }));
      return;
    }
    const backend = spawn("git", ["http-backend"], {
      env: {
        PATH: process.env["PATH"],
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: "1",
        PATH_INFO: path.slice("/git".length),
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
        HTTP_CONTENT_ENCODING: String(request.headers["content-encoding"] ?? ""),
      },
    });
    request.pipe(backend.stdin);
    backend.stdin.on("error", () => {});
    const chunks: Buffer[] = [];
    backend.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    backend.on("close", () => {
      const output = Buffer.concat(chunks);
      const split = output.indexOf("\r\n\r\n");
      let status = 200;
      for (const line of output.subarray(0, split).toString("latin1").split("\r\n")) {
        const [name = "", value = ""] = line.split(/:\s*/, 2);
        if (name.toLowerCase() === "status") status = Number.parseInt(value, 10);
        else response.setHeader(name, value);
      }
      response.writeHead(status);
      response.end(output.subarray(split + 4));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, requests, authorizations, answers, close: () => server.close() };
}

describe("with --online", () => {
  const folders: string[] = [];
  let github: LocalGithub;
  let origin: Timeline;
  let clone: string;
  const root = mkdtempSync(join(tmpdir(), "server-"));
  const temporary = mkdtempSync(join(tmpdir(), "runner-"));
  folders.push(root, temporary);

  beforeAll(async () => {
    const folder = join(root, "ada", "shop");
    const { mkdirSync } = await import("node:fs");
    mkdirSync(folder, { recursive: true });
    origin = makeTimeline({ folder });
    for (const key of ["uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"]) origin.git("config", key, "true");
    origin.commit("chore: start", { "app.py": "a\n" });
    origin.on("develop", "main");
    origin.commit("feat: one", { "one.py": "1\n" });
    const fix = origin.commit("fix: two", { "two.py": "2\n" });
    origin.on("main");
    origin.commit("docs: readme", { "README.md": "r\n" });
    origin.pick(fix);
    origin.on("develop");
    clone = mkdtempSync(join(tmpdir(), "clone-"));
    folders.push(clone);
    origin.git("clone", "-q", "--depth=1", "--branch=develop", `file://${folder}`, clone);
    github = await startGithub(root);
  });
  afterAll(() => {
    github.close();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  const ask = (config: string, more: Record<string, string> = {}, online = true, head?: string) =>
    readDrift(clone, {
      config,
      online,
      ...(head === undefined ? {} : { head }),
      environment: {
        GITHUB_API_URL: `${github.url}/api`,
        GITHUB_SERVER_URL: `${github.url}/git`,
        GITHUB_REPOSITORY: "ada/shop",
        RUNNER_TEMP: temporary,
        ...more,
      },
    });
  const branches = "drift:\n  - { head: develop, base: main }\n";
  const deployed = "environments:\n  staging:\n    deployed: { github-environment: staging }\n";

  it("fetches into a repository of its own what a shallow clone lacks, and removes it", async () => {
    const [one] = (await ask(branches)).comparisons;
    expect(one).toMatchObject({ ahead: 2, behind: 2, found: "own fetch", verdict: "fail" });
    expect(one!.waiting.map((commit) => commit.subject)).toEqual(["feat: one"]);
    expect(one!.lost.map((commit) => commit.subject)).toEqual(["docs: readme"]);
    expect(readdirSync(temporary)).toEqual([]);
    expect(readdirSync(join(clone, ".git"))).toContain("shallow");
  });

  it("compares the commit that the tree stands for, although the clone lacks it", async () => {
    const before = origin.git("rev-parse", "develop^");
    const [one] = (await ask("environments: { staging: { deployed: { ref: main } } }\n", {}, true, before)).comparisons;
    expect(one).toMatchObject({ ahead: 1, behind: 2, found: "own fetch" });
    expect(one!.waiting.map((commit) => commit.subject)).toEqual(["feat: one"]);
  });

  it("opens no socket without it", async () => {
    github.requests.length = 0;
    const [one] = (await ask(branches, { GITHUB_TOKEN: "t" }, false)).comparisons;
    expect(one).toMatchObject({ verdict: "undecided", ahead: null });
    const [other] = (await ask(deployed, { GITHUB_TOKEN: "t" }, false)).comparisons;
    expect(other).toMatchObject({ verdict: "undecided" });
    expect(github.requests).toEqual([]);
  });

  it("sends the token to the server in a header", async () => {
    github.authorizations.clear();
    github.answers.set("/api/repos/ada/shop/compare/x", 404);
    const [one] = (await ask(branches, { GITHUB_TOKEN: "token-for-tests" })).comparisons;
    expect(one).toMatchObject({ ahead: 2, found: "own fetch" });
    expect([...github.authorizations]).toContain(
      `basic ${Buffer.from("x-access-token:token-for-tests").toString("base64")}`,
    );
  });

  it("sends it to no other server, whatever the clone calls origin", async () => {
    github.authorizations.clear();
    origin.git("-C", clone, "remote", "set-url", "origin", `${github.url}/git/ada/shop`);
    const elsewhere = { GITHUB_TOKEN: "token-for-tests", GITHUB_SERVER_URL: "", GITHUB_REPOSITORY: "" };
    const [one] = (await ask(branches, elsewhere)).comparisons;
    expect(one).toMatchObject({ ahead: 2, found: "own fetch" });
    expect([...github.authorizations]).toEqual(["none"]);
  });

  const restCommit = (sha: string, parent: string, subject: string) => ({
    sha,
    parents: [{ sha: parent }],
    commit: { message: subject, committer: { date: "2026-01-02T00:00:00Z" }, tree: { sha: `tree-${sha}` } },
  });

  it("counts by REST over all pages where one side holds nothing", async () => {
    const head = origin.git("rev-parse", "develop");
    const names = Array.from({ length: 250 }, (_, index) => `${index + 1}`.padStart(40, "0"));
    const commits = names.map((sha, index) => restCommit(sha, names[index - 1] ?? "base", `feat: ${index}`));
    const answer = (from: number) => ({
      ahead_by: 250,
      behind_by: 0,
      merge_base_commit: { commit: { tree: { sha: "tree-base" } } },
      commits: commits.slice(from, from + 100),
    });
    const path = `/api/repos/ada/shop/compare/production...${head}`;
    for (const page of [1, 2, 3]) github.answers.set(`${path}?page=${page}`, answer((page - 1) * 100));
    const [one] = (await ask("drift:\n  - { head: develop, base: production }\n", { GITHUB_TOKEN: "t" })).comparisons;
    expect(one).toMatchObject({ ahead: 250, behind: 0, found: "REST" });
    expect(one!.waiting).toHaveLength(250);
  });

  describe("a comparison of more commits than one answer holds", () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => `${index + 1}`.padStart(40, "0"));
    /** Serves a comparison page by page; `page` may bend what is on a page. */
    const serve = (
      [from, to]: readonly [string, string],
      counts: { ahead: number; behind: number },
      page: (list: unknown[], number: number) => unknown = (list) => list,
    ): void => {
      const all = names(counts.ahead);
      const commits = all.map((sha, index) => restCommit(sha, all[index - 1] ?? "base", `feat: ${index}`));
      const path = `/api/repos/ada/shop/compare/${from}...${to}`;
      for (let number = 1; number <= 12; number++) {
        const list = page(commits.slice((number - 1) * 100, number * 100), number);
        github.answers.set(
          `${path}?page=${number}`,
          typeof list === "number"
            ? list
            : {
                ahead_by: counts.ahead,
                behind_by: counts.behind,
                total_commits: counts.ahead,
                merge_base_commit: { commit: { tree: { sha: "tree-base" } } },
                commits: list,
              },
        );
      }
    };
    const compared = async () =>
      (await ask("drift:\n  - { head: develop, base: production }\n", { GITHUB_TOKEN: "t" })).comparisons[0]!;

    it.each([99, 100, 101, 249, 250, 251, 320, 1000])("%i commits: every one is listed", async (ahead) => {
      github.requests.length = 0;
      serve(["production", origin.git("rev-parse", "develop")], { ahead, behind: 0 });
      const one = await compared();
      expect(one).toMatchObject({ ahead, behind: 0, found: "REST", undecided: null });
      expect(one.waiting.map(({ sha }) => sha)).toEqual(names(ahead));
      expect(github.requests.filter((path) => path.includes("/compare/"))).toHaveLength(Math.ceil(ahead / 100));
    });

    it("beyond 1,000 the counts are exact and the lists undecided, never short", async () => {
      serve(["production", origin.git("rev-parse", "develop")], { ahead: 1001, behind: 0 });
      const one = await compared();
      expect(one).toMatchObject({ ahead: 1001, behind: 0, waiting: [], lost: [], verdict: "undecided" });
      expect(one.undecided!.remedy).toContain("fetch-depth: 0");
    });

    it("lists what would be lost from the comparison with its sides swapped", async () => {
      const head = origin.git("rev-parse", "develop");
      serve(["production", head], { ahead: 0, behind: 251 });
      serve([head, "production"], { ahead: 251, behind: 0 });
      const one = await compared();
      expect(one).toMatchObject({ ahead: 0, behind: 251, waiting: [], undecided: null, verdict: "fail" });
      expect(one.lost).toHaveLength(251);
    });

    it.each([
      ["a page is short", (list: unknown[], number: number) => (number === 2 ? list.slice(1) : list)],
      [
        "a page comes twice",
        (list: unknown[], number: number) => (number === 2 ? list.slice(0, 99).concat(list[0]) : list),
      ],
      ["a page is empty", (list: unknown[], number: number) => (number === 2 ? [] : list)],
      ["a page fails", (list: unknown[], number: number) => (number === 2 ? 500 : list)],
    ])("is undecided where %s", async (_, page) => {
      serve(["production", origin.git("rev-parse", "develop")], { ahead: 320, behind: 0 }, page);
      expect(await compared()).toMatchObject({ waiting: [], lost: [], verdict: "undecided" });
    });

    it("is undecided with exact counts where both sides hold commits", async () => {
      serve(["production", origin.git("rev-parse", "develop")], { ahead: 320, behind: 3 });
      const one = await compared();
      expect(one).toMatchObject({ ahead: 320, behind: 3, waiting: [], lost: [], verdict: "undecided" });
    });
  });

  it("says what GitHub refuses", async () => {
    const path = "/api/repos/ada/shop/deployments";
    github.answers.set(path, 403);
    const [refused] = (await ask(deployed, { GITHUB_TOKEN: "t" })).comparisons;
    expect(refused).toMatchObject({ verdict: "undecided" });
    expect(refused!.undecided!.remedy).toContain("deployments: read");
    for (const [status, why] of [
      [401, "refuses"],
      [404, "knows no deployments"],
      [429, "its rate limit is used up, status 429"],
      [500, "status 500"],
    ] as const) {
      github.answers.set(path, status);
      const [failed] = (await ask(deployed, { GITHUB_TOKEN: "t" })).comparisons;
      expect(failed, `${status}`).toMatchObject({ verdict: "undecided", ahead: null, waiting: [], lost: [] });
      expect(failed!.reason).toContain(why);
    }
    github.answers.set(path, [{ id: 4, sha: "f".repeat(40), ref: "develop" }]);
    for (const states of [[{ state: "inactive" }], [{ state: "in_progress" }], [], 500] as const) {
      github.answers.set(`${path}/4/statuses`, states);
      const [none] = (await ask(deployed, { GITHUB_TOKEN: "t" })).comparisons;
      expect(none, JSON.stringify(states)).toMatchObject({ verdict: "undecided", ahead: null });
    }
    github.answers.set(path, []);
    expect((await ask(deployed, { GITHUB_TOKEN: "t" })).comparisons[0]!.reason).toContain("no deployments");
    expect((await ask(deployed)).comparisons[0]!.reason).toContain("no token");
  });

  it("asks again where GitHub is only busy", async () => {
    let asked = 0;
    github.answers.set("/api/repos/ada/shop/deployments", () => (++asked < 3 ? 502 : []));
    expect((await ask(deployed, { GITHUB_TOKEN: "t" })).comparisons[0]!.reason).toContain("no deployments");
    expect(asked).toBe(3);
  });

  it("takes the newest deployment that succeeded", async () => {
    const path = "/api/repos/ada/shop/deployments";
    const main = origin.git("rev-parse", "main");
    github.answers.set(path, [
      { id: 3, sha: "f".repeat(40), ref: "develop" },
      { id: 2, sha: main, ref: "main" },
      { id: 1, sha: "e".repeat(40), ref: "main" },
    ]);
    github.answers.set(`${path}/3/statuses`, [{ state: "failure" }]);
    github.answers.set(`${path}/2/statuses`, [{ state: "success" }]);
    const [one] = (await ask(deployed, { GITHUB_TOKEN: "t" })).comparisons;
    expect(one).toMatchObject({
      base: { sha: main, source: "github-environment" },
      ahead: 2,
      behind: 2,
      found: "own fetch",
    });
    expect(one!.reason).toContain("deployed from elsewhere");
  });

  it("reads a version from an address, and is undecided for anything less", async () => {
    const url = (pointer: string): string =>
      `environments:\n  staging:\n    deployed: { url: { href: "${github.url}/version", pointer: ${pointer} } }\n`;
    const head = origin.git("rev-parse", "develop");
    github.answers.set("/version", { build: { commit: head.slice(0, 10), dirty: `${head.slice(0, 10)}-dirty` } });
    expect((await ask(url("/build/commit"))).comparisons[0]).toMatchObject({ ahead: 0, behind: 0, verdict: "pass" });
    expect((await ask(url("/build/dirty"))).comparisons[0]).toMatchObject({ verdict: "undecided" });
    expect((await ask(url("/build/none"))).comparisons[0]).toMatchObject({ verdict: "undecided" });
    github.answers.set("/version", "<html>");
    expect((await ask(url("/build/commit"))).comparisons[0]!.reason).toContain("does not answer JSON");
    github.answers.set("/version", 503);
    expect((await ask(url("/build/commit"))).comparisons[0]!.reason).toContain("answers 503 instead of its version");
    let asked = 0;
    github.answers.set("/version", () => (++asked < 2 ? 503 : { build: { commit: head } }));
    expect((await ask(url("/build/commit"))).comparisons[0]).toMatchObject({ verdict: "pass" });
  });
});

describe("a JSON pointer", () => {
  it("follows RFC 6901", () => {
    const value = { "a/b": { "~": [1, { c: "x" }] } };
    expect(atPointer(value, "/a~1b/~0/1/c")).toBe("x");
    expect(atPointer(value, "")).toBe(value);
    expect(atPointer(value, "/toString")).toBeUndefined();
  });
});
