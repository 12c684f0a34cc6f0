import { describe, expect, test } from "vitest";
import type { Api } from "../../src/action/api.ts";
import { type ChannelRequest, publish, publishStop } from "../../src/action/channels.ts";
import { checkRunBodies } from "../../src/action/check-run.ts";
import { markerOf, sendComment } from "../../src/action/comment.ts";
import { readEvent } from "../../src/action/event.ts";
import { openApi } from "../../src/action/octokit.ts";
import type { RunResult } from "../../src/types/finding.ts";
import { at, context, finding, resultOf } from "../reports/fixture.ts";
import { hostileResult } from "../reports/many.ts";
import { type FakeGithub, withFakeGithub } from "./fake-github.ts";

const sha = "a".repeat(40);
const head = "b".repeat(40);
const event = readEvent(
  { GITHUB_EVENT_NAME: "pull_request", GITHUB_SHA: sha, GITHUB_REPOSITORY: "octo/app", GITHUB_RUN_ID: "17" },
  {
    pull_request: {
      number: 7,
      head: { sha: head, repo: { full_name: "octo/app" } },
      base: { sha, repo: { full_name: "octo/app" } },
    },
  },
);
const push = readEvent({ GITHUB_EVENT_NAME: "push", GITHUB_SHA: sha, GITHUB_REPOSITORY: "octo/app" }, {});

function send(
  github: FakeGithub,
  result: RunResult,
  part: Partial<ChannelRequest> = {},
  from = event,
  where = context({ rest: "the job summary" }),
) {
  const request = {
    checkRun: "",
    comment: "",
    suggestions: false,
    closed: null,
    open: async () => openApi("ghs_x", github.url),
    ...part,
  };
  return publish(request, result, where, from);
}

const many = (count: number) =>
  resultOf(
    Array.from({ length: count }, (_none, index) =>
      finding({ fingerprint: `${index}`, at: at(`f${index}`, index + 1, 1, 5) }),
    ),
  );

describe("check run", () => {
  test.each([
    [0, 1],
    [1, 1],
    [50, 1],
    [51, 2],
    [500, 10],
    [5000, 10],
  ])("%i findings go in %i requests of at most 50, on the pull request's head", async (count, requests) => {
    await withFakeGithub({}, async (github) => {
      expect(await send(github, many(count), { checkRun: "predeploy" })).toBeNull();
      expect(github.calls.map(({ method }) => method)).toEqual(["POST", ...Array(requests - 1).fill("PATCH")]);
      expect(github.calls[0]?.body).toMatchObject({
        name: "predeploy",
        head_sha: head,
        conclusion: count === 0 ? "success" : "failure",
      });
      const sent = github.calls.flatMap(({ body }) => body.output.annotations);
      expect(sent).toHaveLength(Math.min(count, 500));
      expect(new Set(sent.map(({ path }) => path)).size).toBe(sent.length);
      if (count > 500) expect(github.calls[0]?.body.output.summary).toContain("500 of 5000 findings are annotated");
    });
  });

  test("what could not be decided does not count as success, and columns stand only where the range ends on its line", async () => {
    const place = { path: "x", start: { line: 1, column: 2 }, end: { line: 3, column: 1 } };
    const result = resultOf([finding({ severity: "note", at: place })], { verdict: "undecided" });
    await withFakeGithub({}, async (github) => {
      await send(github, result, { checkRun: "predeploy" });
      expect(github.calls[0]?.body.conclusion).toBe("action_required");
      const [annotation] = github.calls[0]!.body.output.annotations;
      expect(annotation).toMatchObject({ path: "x", start_line: 1, end_line: 3, annotation_level: "notice" });
      expect(annotation).not.toHaveProperty("start_column");
    });
  });
});

test("a request that GitHub does not describe does not compile", () => {
  const api: Api = { request: async () => ({ status: 201, data: null }) };
  const run = { owner: "octo", repo: "app", name: "predeploy", head_sha: head };
  // @ts-expect-error: a conclusion that is none of GitHub's
  void api.request("POST /repos/{owner}/{repo}/check-runs", { ...run, conclusion: "failed" });
  // @ts-expect-error: the commit is missing
  void api.request("POST /repos/{owner}/{repo}/check-runs", { owner: "octo", repo: "app", name: "predeploy" });
  // @ts-expect-error: no such route
  void api.request("POST /repos/{owner}/{repo}/check-run", run);
  const { create } = checkRunBodies(many(1), context(), "predeploy", { owner: "octo", repo: "app", sha: head }, null);
  expect(create).toMatchObject({ ...run, status: "completed", conclusion: "failure" });
});

describe("sticky comment", () => {
  const comment = { comment: "staging" };

  test("is made once, updated, and turned green", async () => {
    await withFakeGithub({}, async (github) => {
      await send(github, many(3), comment);
      await send(github, many(2), comment);
      await send(github, many(2), comment);
      await send(github, resultOf([]), comment);
      expect(github.comments).toHaveLength(1);
      expect(github.comments[0].body).toMatch(/^<!-- predeploy:staging -->\n## ✅ predeploy pass: no findings/);
      expect(github.calls.filter(({ method }) => method !== "GET").map(({ method }) => method)).toEqual([
        "POST",
        "PATCH",
        "PATCH",
      ]);
    });
  });

  test("is not made for a clean run", async () => {
    await withFakeGithub({}, async (github) => {
      await send(github, resultOf([]), comment);
      expect(github.comments).toEqual([]);
    });
  });

  test("is found on the third page, and a stranger's copy of the marker is left alone", async () => {
    const others = Array.from({ length: 230 }, (_none, index) => ({
      id: index + 1,
      body: "hello",
      user: { login: "x", type: "User" },
    }));
    const copy = { id: 900, body: `${markerOf("staging")} mine`, user: { login: "x", type: "User" } };
    const own = { id: 901, body: `${markerOf("staging")} old`, user: { login: "github-actions[bot]", type: "Bot" } };
    await withFakeGithub({ comments: [copy, ...others, own] }, async (github) => {
      await send(github, many(1), comment);
      expect(github.comments[0].body).toBe(copy.body);
      expect(github.comments.at(-1).body).toContain("1 error");
      expect(github.comments).toHaveLength(232);
    });
  });

  test("of a personal token is known by its login", async () => {
    const bots = { id: 3, body: markerOf("staging"), user: { login: "github-actions[bot]", type: "Bot" } };
    await withFakeGithub({ login: "mona", comments: [bots] }, async (github) => {
      await send(github, many(1), comment);
      await send(github, many(2), comment);
      expect(github.comments).toHaveLength(2);
      expect(github.comments[1].body).toContain("2 errors");
    });
  });

  test("other names are other comments, and no name leaves the marker", async () => {
    await withFakeGithub({}, async (github) => {
      await send(github, many(1), { comment: "a" });
      await send(github, many(1), { comment: "b" });
      expect(github.comments).toHaveLength(2);
    });
    expect(markerOf("x --> <b>@octocat")).toBe("<!-- predeploy:x-b-octocat -->");
  });

  test("keeps below GitHub's limit with 5,000 hostile findings, and links to the run", async () => {
    await withFakeGithub({}, async (github) => {
      expect(await send(github, hostileResult(5000), comment)).toBeNull();
      expect(github.comments[0].body).toContain("(https://github.com/octo/app/actions/runs/17)");
    });
  });

  test.each([{ id: 1 }, "<html>", null])(
    "is not made a second time where %j comes instead of the list",
    async (data) => {
      const asked: string[] = [];
      const api: Api = {
        request: async (route) => {
          asked.push(route);
          return { status: 200, data };
        },
      };
      const pull = { owner: "octo", repo: "app", number: 7 };
      await expect(sendComment(api, pull, "staging", "body", false)).rejects.toThrow("GitHub's answer is no list");
      expect(asked).toEqual(["GET /repos/{owner}/{repo}/issues/{issue_number}/comments"]);
    },
  );

  test("is silently left out where the event has no pull request", async () => {
    await withFakeGithub({}, async (github) => {
      expect(await send(github, many(1), { ...comment, suggestions: true }, push)).toBeNull();
      expect(github.calls).toEqual([]);
    });
  });
});

describe("a run that ended without a verdict", () => {
  const stop = (github: FakeGithub, part: Partial<ChannelRequest> = {}) =>
    publishStop(
      {
        checkRun: "predeploy",
        comment: "staging",
        suggestions: true,
        closed: null,
        open: async () => openApi("ghs_x", github.url),
        ...part,
      },
      "predeploy.yml:2:1: `imagess` is no key @octocat <b>",
      event,
    );

  test("takes back the green comment and makes a failed check run", async () => {
    await withFakeGithub({}, async (github) => {
      await send(github, many(1), { comment: "staging" });
      await send(github, resultOf([]), { comment: "staging" });
      expect(github.comments[0].body).toContain("✅");
      expect(await stop(github)).toBeNull();
      expect(github.comments).toHaveLength(1);
      expect(github.comments[0].body).toMatch(
        /^<!-- predeploy:staging -->\n## ❌ predeploy stopped without a verdict\n/,
      );
      expect(github.comments[0].body).toContain("`imagess` is no key @<!-- -->octocat \\<b\\>");
      const run = github.calls.find(({ path }) => path.endsWith("/check-runs"))?.body;
      expect(run).toMatchObject({ head_sha: head, conclusion: "failure", output: { annotations: [] } });
      await send(github, resultOf([]), { comment: "staging" });
      expect(github.comments[0].body).toContain("✅");
    });
  });

  test("makes no comment where there is none, and says in one notice what it was refused", async () => {
    await withFakeGithub({}, async (github) => {
      expect(await stop(github, { checkRun: "" })).toBeNull();
      expect(github.comments).toEqual([]);
    });
    await withFakeGithub({ permissions: [] }, async (github) => {
      const said = await stop(github);
      expect(said).toContain("check run (403: the token lacks `checks: write`), comment (403: the token lacks");
      expect(said).not.toContain("suggestions");
    });
  });
});

describe("suggestions", () => {
  const lines = ["FROM node", "COPY . .", "USER root", "CMD run", "# end"];
  const where = context({
    rest: "the job summary",
    lines: (path, line) => (path === "Dockerfile" ? (lines[line - 1] ?? null) : null),
  });
  const patch = "@@ -1,3 +1,4 @@\n FROM node\n COPY . .\n+USER root\n CMD run";
  const files = [{ filename: "Dockerfile", patch }, { filename: "logo.png" }];
  const fixAt = (line: number, newText: string, safety: "safe" | "review" = "safe", path = "Dockerfile") =>
    finding({
      fingerprint: `fix${line}`,
      at: at(path, line, 1, 5),
      fix: { title: "Mend it", safety, edits: [{ ...at(path, line, 1, (lines[line - 1]?.length ?? 0) + 1), newText }] },
    });
  const suggest = (github: FakeGithub, result: RunResult) => send(github, result, { suggestions: true }, event, where);

  test("only safe fixes inside a hunk become comments of one review, never a second time", async () => {
    await withFakeGithub({ files }, async (github) => {
      const result = resultOf([
        fixAt(3, "USER node"),
        fixAt(5, "# fin"),
        fixAt(2, "COPY src .", "review"),
        fixAt(1, "x", "safe", "other"),
      ]);
      expect(await suggest(github, result)).toBeNull();
      expect(github.reviewComments).toHaveLength(1);
      expect(github.reviewComments[0]).toMatchObject({ path: "Dockerfile", line: 3, side: "RIGHT" });
      expect(github.reviewComments[0]).not.toHaveProperty("start_line");
      expect(github.reviewComments[0].body).toContain(
        "(`dockerignore/module-excluded`)\n\n```suggestion\nUSER node\n```",
      );
      expect(github.calls.at(-1)?.body).toMatchObject({ event: "COMMENT", commit_id: head });
      await suggest(github, result);
      expect(github.reviewComments).toHaveLength(1);
    });
  });

  test("a deleted line, an inserted one and a change over two lines", async () => {
    const remove = finding({
      fingerprint: "r",
      fix: {
        title: "t",
        safety: "safe",
        edits: [{ path: "Dockerfile", start: { line: 1, column: 1 }, end: { line: 2, column: 1 }, newText: "" }],
      },
    });
    const insert = finding({
      fingerprint: "i",
      at: at("Dockerfile", 2, 1, 2),
      fix: { title: "t", safety: "safe", edits: [{ ...at("Dockerfile", 2, 1, 1), newText: "RUN x\n" }] },
    });
    const join = finding({
      fingerprint: "j",
      at: at("Dockerfile", 3, 1, 2),
      fix: {
        title: "t",
        safety: "safe",
        edits: [{ path: "Dockerfile", start: { line: 3, column: 5 }, end: { line: 4, column: 1 }, newText: " " }],
      },
    });
    await withFakeGithub({ files }, async (github) => {
      await suggest(github, resultOf([remove, insert, join]));
      expect(
        github.reviewComments.map(({ line, start_line, body }) => [
          start_line,
          line,
          /```suggestion\n([\s\S]*?)```/.exec(body)?.[1],
        ]),
      ).toEqual([
        [undefined, 1, ""],
        [undefined, 2, "RUN x\nCOPY . .\n"],
        [3, 4, "USER CMD run\n"],
      ]);
    });
  });

  test("the worst comes first, and of two for the same lines one", async () => {
    const both = { ...fixAt(3, "USER app"), fingerprint: "other", severity: "warning" as const };
    const above = { ...fixAt(1, "FROM node:24"), severity: "note" as const };
    await withFakeGithub({ files }, async (github) => {
      await suggest(github, resultOf([above, both, fixAt(3, "USER node")]));
      expect(github.reviewComments.map(({ line, body }) => [line, /suggestion\n(.*)/.exec(body)?.[1]])).toEqual([
        [3, "USER node"],
        [1, "FROM node:24"],
      ]);
    });
  });

  test("a file that reads otherwise at the head than in the checked merge gets none", async () => {
    await withFakeGithub(
      { files: [{ filename: "Dockerfile", patch: patch.replace("USER root", "USER admin") }] },
      async (github) => {
        await suggest(github, resultOf([fixAt(3, "USER node")]));
        expect(github.reviewComments).toEqual([]);
      },
    );
  });

  test("at most ten stand at a time, and a fence is longer than what it holds", async () => {
    const added = Array.from({ length: 30 }, (_none, index) => `line ${index}`);
    const all = [{ filename: "f", patch: `@@ -0,0 +1,30 @@\n${added.map((text) => `+${text}`).join("\n")}` }];
    const fixes = added.map((text, index) =>
      finding({
        fingerprint: `${index}`,
        at: at("f", index + 1, 1, 2),
        fix: { title: "t", safety: "safe", edits: [{ ...at("f", index + 1, 1, text.length + 1), newText: "```" }] },
      }),
    );
    await withFakeGithub({ files: all }, async (github) => {
      const where = context({ lines: (_path, line) => added[line - 1] ?? null });
      const again = () => send(github, resultOf(fixes), { suggestions: true }, event, where);
      await again();
      expect(github.reviewComments).toHaveLength(10);
      await again();
      expect(github.reviewComments).toHaveLength(10);
      github.reviewComments[0].line = null;
      await again();
      expect(github.reviewComments).toHaveLength(11);
      expect(github.reviewComments[0].body).toContain("````suggestion\n```\n````");
    });
  });
});

describe("a refusal lowers to the next channel with one notice and never throws", () => {
  const all = { checkRun: "predeploy", comment: "staging", suggestions: true };
  const result = resultOf([
    finding({ fix: { title: "t", safety: "safe", edits: [{ ...at("Dockerfile", 1, 1, 2), newText: "x" }] } }),
  ]);

  test.each([
    [["checks"] as const, ["comment", "suggestions"]],
    [["pull-requests"] as const, ["check run"]],
    [[] as const, ["check run", "comment", "suggestions"]],
  ])("with only %j", async (permissions, missing) => {
    await withFakeGithub({ permissions: [...permissions] }, async (github) => {
      const notice = await send(github, result, all);
      for (const name of ["check run", "comment", "suggestions"])
        expect(notice?.includes(`${name} (403`)).toBe(missing.includes(name));
      expect(notice).toContain("All findings are in the job summary.");
    });
  });

  test("a fork's notice says why", async () => {
    await withFakeGithub({ permissions: [] }, async (github) => {
      const notice = await send(github, result, { comment: "x" }, { ...event, readOnly: true });
      expect(notice).toContain("403: the token of a fork or of Dependabot can only read");
    });
  });

  test.each([401, 404, 422, 500])("status %i", async (broken) => {
    await withFakeGithub({ broken }, async (github) => expect(await send(github, result, all)).toContain(`${broken}`));
  });

  test.each([
    ["You have exceeded a secondary rate limit.", "403: You have exceeded a secondary rate limit."],
    ["Unable to create comment because issue is locked.", "403: Unable to create comment because issue is locked."],
    ["Resource not accessible by integration", "403: the token lacks `checks: write`"],
    ["no\u202e \u001b[31m", "403: no\\u202e \\x1b[31m"],
  ])("what GitHub says with 403 is passed on where it is no lack of a permission: %s", async (message, said) => {
    await withFakeGithub({ broken: 403, message }, async (github) =>
      expect(await send(github, result, all)).toContain(said),
    );
  });

  test("a server that does not answer", async () => {
    const gone = { url: "http://127.0.0.1:1024", calls: [], comments: [], reviewComments: [] };
    expect(await send(gone, result, all)).toContain("GitHub did not answer");
  });

  test("no socket is opened when that is not allowed", async () => {
    await withFakeGithub({}, async (github) => {
      expect(await send(github, result, { ...all, closed: "`online` is false" })).toContain("`online` is false");
      expect(github.calls).toEqual([]);
    });
  });
});
