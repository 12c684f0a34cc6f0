import { expect, test, vi } from "vitest";
import type { Api } from "../../src/action/api.ts";
import { patient } from "../../src/commands/patient-api.ts";

const busy = Object.assign(new Error("busy"), { status: 502, response: { headers: {} } });
const limited = Object.assign(new Error("limited"), { status: 403, response: { headers: { "retry-after": "0" } } });
const refused = Object.assign(new Error("refused"), { status: 403, response: { headers: {} } });
const gone = new Error("GitHub did not answer: reset");

test.each([
  ["GET", [busy, gone], 3, null],
  ["PATCH", [busy], 2, null],
  ["PATCH", [busy, busy, busy], 3, busy],
  ["POST", [limited], 2, null],
  ["POST", [busy], 1, busy],
  ["POST", [gone], 1, gone],
  ["PATCH", [refused], 1, refused],
] as const)("%s %# is asked again where it cannot have been done already", async (method, failures, asked, thrown) => {
  let count = 0;
  const api: Api = {
    async request() {
      const failure = failures[count++];
      if (failure) throw failure;
      return { status: 200, data: "done" };
    },
  };
  const route = `${method} /repos/{owner}/{repo}/check-runs` as "POST /repos/{owner}/{repo}/check-runs";
  const answer = patient(api).request(route, { owner: "octo", repo: "app", name: "x", head_sha: "y" });
  if (thrown === null) expect(await answer).toEqual({ status: 200, data: "done" });
  else await expect(answer).rejects.toBe(thrown);
  expect(count).toBe(asked);
});

test("what says nothing for seconds is not asked again", async () => {
  vi.useFakeTimers();
  try {
    let count = 0;
    const api: Api = {
      async request() {
        count++;
        vi.setSystemTime(Date.now() + 6_000);
        throw gone;
      },
    };
    await expect(patient(api).request("GET /user", {})).rejects.toBe(gone);
    expect(count).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});
