import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readEvent } from "../../src/action/event.ts";

const sha = "a".repeat(40);
const head = "b".repeat(40);
const base = "c".repeat(40);
const environment = (name: string, more: Record<string, string> = {}) => ({
  GITHUB_EVENT_NAME: name,
  GITHUB_SHA: sha,
  GITHUB_REPOSITORY: "octo/app",
  GITHUB_RUN_ID: "17",
  GITHUB_SERVER_URL: "https://github.com",
  ...more,
});
const pull = (headRepository: string | null = "octo/app") => ({
  number: 7,
  pull_request: {
    number: 7,
    user: { login: "mona" },
    head: { sha: head, repo: headRepository === null ? null : { full_name: headRepository } },
    base: { sha: base, repo: { full_name: "octo/app" } },
  },
});

describe("the event decides what is compared, where results go and whose configuration counts", () => {
  test.each([
    [
      "pull_request",
      pull(),
      { pullRequest: 7, headSha: head, bases: ["HEAD^1", base], readOnly: false, trustedSha: null },
    ],
    ["pull_request", pull("stranger/app"), { pullRequest: 7, readOnly: true, trustedSha: null }],
    ["pull_request", pull(null), { readOnly: true }],
    [
      "pull_request_target",
      pull("stranger/app"),
      { pullRequest: 7, headSha: head, bases: [base], readOnly: false, trustedSha: sha },
    ],
    [
      "merge_group",
      { merge_group: { head_sha: head, base_sha: base } },
      { pullRequest: null, headSha: head, bases: [base] },
    ],
    ["push", { before: base, after: sha }, { pullRequest: null, headSha: sha, bases: [] }],
    ["workflow_dispatch", {}, { pullRequest: null, headSha: sha, bases: [] }],
    ["schedule", null, { pullRequest: null, headSha: sha, bases: [] }],
    ["deployment_status", { deployment: { sha: head, ref: "" } }, { pullRequest: null, sha: head, headSha: head }],
    [
      "workflow_run",
      { workflow_run: { head_sha: head, pull_requests: [{ number: 9 }] } },
      { pullRequest: 9, headSha: head, trustedSha: sha },
    ],
    ["workflow_run", { workflow_run: { head_sha: head, pull_requests: [] } }, { pullRequest: null, trustedSha: sha }],
  ])("%s", (name, payload, expected) => {
    expect(readEvent(environment(name), payload)).toMatchObject(expected);
  });

  test.each([
    ["pull_request", "dependabot[bot]", true],
    ["pull_request", "mona", false],
    ["push", "dependabot[bot]", true],
    ["deployment", "dependabot[bot]", true],
    ["schedule", "dependabot[bot]", false],
    ["merge_group", "dependabot[bot]", false],
  ])("a run of %s that %s started can only read: %s", (name, actor, readOnly) => {
    const payload = { ...pull(), pull_request: { ...pull().pull_request, user: { login: "dependabot[bot]" } } };
    expect(readEvent(environment(name, { GITHUB_ACTOR: actor }), payload).readOnly).toBe(readOnly);
  });

  test("links lead to the run and to the head's source", () => {
    const event = readEvent(environment("pull_request"), pull());
    expect(event.runUrl).toBe("https://github.com/octo/app/actions/runs/17");
    expect(event.sourceUrl).toBe(`https://github.com/octo/app/blob/${head}`);
  });

  test("outside Actions there is nothing", () => {
    expect(readEvent({}, null)).toMatchObject({
      name: "",
      repository: null,
      sha: null,
      pullRequest: null,
      runUrl: null,
    });
  });
});

test("whatever the payload and the variables hold, only numbers, object names and addresses of GitHub's form come out", () => {
  const names = fc.constantFrom(
    "pull_request",
    "pull_request_target",
    "merge_group",
    "workflow_run",
    "deployment",
    "push",
  );
  fc.assert(
    fc.property(
      names,
      fc.object({
        key: fc.constantFrom(
          "pull_request",
          "head",
          "base",
          "sha",
          "number",
          "repo",
          "workflow_run",
          "pull_requests",
          "full_name",
          "__proto__",
        ),
        maxDepth: 4,
      }),
      fc.string(),
      (name, payload, text) => {
        const event = readEvent(
          {
            GITHUB_EVENT_NAME: name,
            GITHUB_SHA: text,
            GITHUB_REPOSITORY: text,
            GITHUB_RUN_ID: text,
            GITHUB_SERVER_URL: text,
          },
          payload,
        );
        for (const value of [event.sha, event.headSha, event.trustedSha])
          expect(value ?? sha).toMatch(/^[0-9a-f]{40,64}$/);
        for (const value of event.bases) expect(value).toMatch(/^(?:HEAD\^1|[0-9a-f]{40,64})$/);
        if (event.pullRequest !== null) expect(Number.isSafeInteger(event.pullRequest)).toBe(true);
      },
    ),
  );
});
