import { expect, test } from "vitest";
import { describeChecked, whyOnlyBase } from "../../src/action/checked.ts";
import { readEvent } from "../../src/action/event.ts";

const [merge, head, base, other] = ["a", "b", "c", "d"].map((digit) => digit.repeat(40)) as [
  string,
  string,
  string,
  string,
];
const pull = { pull_request: { number: 7, head: { sha: head }, base: { sha: base } } };
const merged = { sha: merge, parents: [base, head] };
const alone = { sha: merge, parents: [base] };

test.each([
  ["pull_request", {}, pull, merged, `${merge}, pull request 7 as merged: head ${head}, base ${base}`],
  [
    "pull_request",
    {},
    pull,
    { sha: head, parents: [base] },
    `${head}, the head of pull request 7, not merged into its base`,
  ],
  [
    "pull_request",
    {},
    pull,
    { sha: other, parents: [] },
    `${other}, a commit that is neither the head nor the merge of pull request 7, whose head is ${head}`,
  ],
  ["pull_request_target", {}, pull, alone, `${merge}, the base of pull request 7, whose head is ${head}`],
  [
    "pull_request_target",
    {},
    pull,
    { sha: head, parents: [] },
    `${head}, the head of pull request 7, not merged into its base`,
  ],
  [
    "merge_group",
    {},
    { merge_group: { head_sha: merge, base_sha: base, base_ref: "refs/heads/main" } },
    merged,
    `${merge}, the merge queue's result for main`,
  ],
  ["push", { GITHUB_REF: "refs/heads/main" }, {}, alone, `${merge}, the push to main`],
  ["release", { GITHUB_REF: "refs/tags/v1.2" }, { release: { tag_name: "v1.2" } }, alone, `${merge}, the release v1.2`],
  [
    "deployment",
    {},
    { deployment: { sha: merge, environment: "staging" } },
    alone,
    `${merge}, the deployment to staging`,
  ],
  [
    "deployment",
    {},
    { deployment: { sha: other, environment: "staging" } },
    alone,
    `${merge}, which is not the commit of the deployment to staging (${other})`,
  ],
  [
    "workflow_dispatch",
    { GITHUB_REF: "refs/heads/main" },
    {},
    alone,
    `${merge}, the run of \`workflow_dispatch\` on main`,
  ],
  ["workflow_run", {}, { workflow_run: { head_sha: head } }, alone, `${merge}, the event \`workflow_run\``],
  ["repository_dispatch", {}, {}, alone, `${merge}, the event \`repository_dispatch\``],
  [
    "push",
    { GITHUB_REF: "refs/heads/main" },
    {},
    { sha: other, parents: [] },
    `${other}, which is not the commit of the push to main (${merge})`,
  ],
])("%s %# says which commit was checked", (name, environment, payload, commit, expected) => {
  const event = readEvent({ GITHUB_EVENT_NAME: name, GITHUB_SHA: merge, ...environment }, payload);
  expect(describeChecked(commit, event)).toBe(expected);
});

test.each([
  ["pull_request_target", pull, alone, true],
  ["pull_request_target", pull, merged, false],
  ["pull_request_target", pull, { sha: head, parents: [base] }, false],
  ["pull_request_target", pull, { sha: other, parents: [] }, false],
  ["pull_request", pull, alone, false],
  ["workflow_run", { workflow_run: { head_sha: head } }, alone, true],
  ["workflow_run", { workflow_run: { head_sha: merge } }, alone, false],
  ["push", {}, alone, false],
])("%s %# says whether only the base was checked", (name, payload, commit, expected) => {
  const event = readEvent({ GITHUB_EVENT_NAME: name, GITHUB_SHA: merge }, payload);
  expect(whyOnlyBase(commit, event)).toBe(
    expected ? `only ${merge} was checked, not ${head}: give actions/checkout that as its \`ref\`` : null,
  );
});
