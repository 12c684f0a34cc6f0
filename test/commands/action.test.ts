import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { runAction } from "../../src/commands/action.ts";
import { actionInputs, actionOutputs } from "../../src/commands/action-inputs.ts";
import { withFakeGithub } from "../action/fake-github.ts";
import { commandsOf } from "../reports/runner.ts";
import { git, inTemporaryFolder, writeTree } from "../support/repository.ts";

interface Repository {
  directory: string;
  base: string;
  head: string;
  merge: string;
}

const broken: Record<string, string> = Object.fromEntries(
  Array.from({ length: 63 }, (_none, index) => [
    [`s${index}/Dockerfile`, "FROM alpine\nCOPY . .\n"],
    [`s${index}/Dockerfile.dockerignore`, "tmp\n::add-mask::x[a-\n##[add-mask]y[\n"],
  ]).flat(),
);
const quiet = "version: 1\nrules: { dockerignore: off }\n";

/** A pull request of 63 broken files on a sound base, merged as GitHub merges it for the run. */
async function withPullRequest<T>(
  change: Record<string, string>,
  work: (repository: Repository) => Promise<T>,
): Promise<T> {
  return inTemporaryFolder(async (top) => {
    const directory = join(top, "checkout");
    writeTree(directory, {
      Dockerfile: "FROM alpine\nCOPY . .\n",
      ".dockerignore": "tmp\n",
      "predeploy.yml": "version: 1\n",
    });
    const commit = (message: string) => {
      git(directory, ["add", "-A"]);
      git(directory, ["commit", "-q", "-m", message]);
      return git(directory, ["rev-parse", "HEAD"]).trim();
    };
    git(directory, ["init", "-q"]);
    const base = commit("base");
    git(directory, ["checkout", "-q", "-b", "feature"]);
    writeTree(directory, { ...broken, ...change });
    const head = commit("change");
    git(directory, ["checkout", "-q", "main"]);
    git(directory, ["merge", "-q", "--no-ff", "-m", "merge", "feature"]);
    return work({ directory, base, head, merge: git(directory, ["rev-parse", "HEAD"]).trim() });
  });
}

interface Run {
  code: number;
  log: string;
  summary: string;
  outputs: Record<string, string>;
}

/** Runs the Action as the runner does: inputs with their defaults, the event's payload, the command files. */
async function run(
  { directory, base, head, merge }: Repository,
  event: string,
  inputs: Partial<Record<keyof typeof actionInputs, string>> = {},
  api = "http://127.0.0.1:1024",
  sha = event === "pull_request_target" ? base : merge,
  author: { login: string; repository: string | null } = { login: "mona", repository: "octo/app" },
  more: Record<string, string> = {},
): Promise<Run> {
  const file = (name: string) => join(directory, "..", name);
  const full = { full_name: "octo/app" };
  const from = author.repository === null ? null : { full_name: author.repository };
  const user = { login: author.login };
  const payload = event.startsWith("pull_request")
    ? { pull_request: { number: 7, user, head: { sha: head, repo: from }, base: { sha: base, repo: full } } }
    : { merge_group: { head_sha: merge, base_sha: base }, deployment: { sha: merge, ref: "" } };
  for (const name of ["output", "summary"]) writeFileSync(file(name), "");
  writeFileSync(file("event.json"), JSON.stringify(payload));
  const environment: Record<string, string> = {
    PATH: process.env.PATH ?? "",
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: file("event.json"),
    GITHUB_OUTPUT: file("output"),
    GITHUB_STEP_SUMMARY: file("summary"),
    GITHUB_WORKSPACE: directory,
    GITHUB_REPOSITORY: "octo/app",
    GITHUB_SHA: sha,
    GITHUB_API_URL: api,
    GITHUB_RUN_ID: "17",
    RUNNER_TEMP: file(""),
    ...more,
  };
  const given = { ...actionInputs, "github-token": "ghs_x", "fail-on": "warning", only: "dockerignore", ...inputs };
  for (const [name, value] of Object.entries(given)) environment[`INPUT_${name.toUpperCase()}`] = value;
  let log = "";
  const stream = {
    write(text: string) {
      log += text;
      return true;
    },
  } as unknown as NodeJS.WriteStream;
  const code = await runAction({ cwd: directory, environment, stdout: stream, stderr: stream });
  const outputs: Record<string, string> = {};
  for (const [, name = "", , value = ""] of readFileSync(file("output"), "utf8").matchAll(/^(\S+)<<(.*)\n(.*)\n\2$/gm))
    outputs[name] = value;
  return { code, log, summary: readFileSync(file("summary"), "utf8"), outputs };
}

test("the log, the summary and every report that has a place for it say which commit was checked", async () => {
  await withPullRequest({}, async (repository) => {
    const formats = ["text", "json", "markdown", "sarif", "junit", "html"];
    const format = formats.map((name) => `${name}=out/report.${name}`).join("\n");
    const { log, summary } = await run(repository, "pull_request", { format });
    const said = `${repository.merge}, pull request 7 as merged: head ${repository.head}, base ${repository.base}`;
    const reports = formats.map((name) => readFileSync(join(repository.directory, "out", `report.${name}`), "utf8"));
    for (const report of [log, summary, ...reports]) {
      expect(report.replace(/[\s\\│]+/g, " ")).toContain(said);
    }
  });
});

const kept = ({ log }: Run) => commandsOf(log).filter(({ name }) => ["error", "warning", "notice"].includes(name));

describe("whatever the event and the permissions, the verdict is the same, and no limit of GitHub is passed", () => {
  const all = { "check-run": "predeploy", comment: "staging", suggestions: "true" };

  test.each([
    "pull_request",
    "pull_request_target",
    "merge_group",
    "push",
    "schedule",
    "release",
    "workflow_dispatch",
    "workflow_run",
    "deployment",
    "deployment_status",
  ])("%s", async (event) => {
    await withPullRequest({}, async (repository) => {
      for (const permissions of [["checks", "pull-requests"], ["checks"], ["pull-requests"], []] as const)
        await withFakeGithub({ permissions: [...permissions] }, async (github) => {
          const result = await run(repository, event, all, github.url);
          expect(result.code).toBe(1);
          expect(result.outputs["verdict"]).toBe("fail");
          expect(Object.keys(result.outputs)).toEqual([...actionOutputs]);
          for (const level of ["error", "warning", "notice"])
            expect(kept(result).filter(({ name }) => name === level).length).toBeLessThanOrEqual(10);
          expect(new Set(commandsOf(result.log).map(({ name }) => name))).not.toContain("add-mask");
          expect(result.log).toMatch(/│ 10 of \d+ \w+ shown as annotations; all are in the list above/);
          expect(result.summary).toContain("predeploy fail: ");
          const isPull = event.startsWith("pull_request");
          const refused =
            !permissions.includes("checks" as never) || (isPull && !permissions.includes("pull-requests" as never));
          expect(kept(result).filter(({ data }) => data.startsWith("Not made: "))).toHaveLength(refused ? 1 : 0);
          expect(github.comments).toHaveLength(isPull && permissions.includes("pull-requests" as never) ? 1 : 0);
        });
    });
  });
});

test.each([
  ["a fork", { login: "stranger", repository: "stranger/app" }],
  ["a fork that is gone", { login: "ghost", repository: null }],
  ["Dependabot", { login: "dependabot[bot]", repository: "octo/app" }],
])("a pull request of %s has the same verdict, and one notice says why nothing was written", async (_name, author) => {
  await withPullRequest({}, async (repository) => {
    await withFakeGithub({ permissions: [] }, async (github) => {
      const all = { "check-run": "predeploy", comment: "staging", suggestions: "true" };
      const result = await run(repository, "pull_request", all, github.url, undefined, author);
      expect([result.code, result.outputs["verdict"]]).toEqual([1, "fail"]);
      const said = kept(result).filter(({ data }) => data.startsWith("Not made: "));
      expect(said).toHaveLength(1);
      expect(said[0]?.data).toContain("403: the token of a fork or of Dependabot can only read");
      expect([github.comments, github.reviewComments]).toEqual([[], []]);
    });
  });
});

test("the base alone makes no pull request green: pull_request_target checks it out unless told otherwise", async () => {
  await withPullRequest({}, async (repository) => {
    const green = { only: "placeholders", "allow-undecided": "true" };
    git(repository.directory, ["checkout", "-q", repository.base]);
    await withFakeGithub({}, async (github) => {
      const inputs = { ...green, "check-run": "predeploy", comment: "staging" };
      const asked = await run(repository, "pull_request_target", inputs, github.url);
      expect([asked.code, github.calls]).toEqual([0, []]);
      expect(kept(asked).map(({ name }) => name)).toEqual(["notice"]);
      expect(kept(asked)[0]?.data).toContain(
        `check run, comment (only ${repository.base} was checked, not ${repository.head}`,
      );
    });
    const said = kept(await run(repository, "pull_request_target", green)).map(({ data }) => data);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain("This says nothing of the change");
  });
});

test("each part has a comment and a check run of its own, and says which part it is", async () => {
  await withPullRequest({}, async (repository) => {
    await withFakeGithub({}, async (github) => {
      const inputs = { only: "", "check-run": "predeploy", comment: "staging" };
      for (const shard of ["1/2", "2/2"])
        await run(repository, "pull_request", { ...inputs, shard, "fail-on": "note" }, github.url);
      const names = github.calls.flatMap(({ method, body }) => (method === "POST" && body.name ? [body.name] : []));
      expect(names).toEqual(["predeploy 1/2", "predeploy 2/2"]);
      expect(github.comments.length).toBeGreaterThan(0);
      for (const { body } of github.comments)
        expect(body).toMatch(/^<!-- predeploy:staging-([12])-2 -->\n.*; part \1 of 2\n/);
    });
  });
});

test("a run that gets no secrets does not take empty for missing, and says that it cannot know", async () => {
  const workflow =
    "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{ run: ./d.sh, env: { T: '${{ secrets.TOKEN }}' } }]\n";
  const files = { ".github/workflows/d.yml": workflow, "d.sh": '#!/bin/sh\ncurl -H "$T" https://api.example.com\n' };
  await withPullRequest(files, async (repository) => {
    const inputs = { only: "secrets", base: "", present: "TOKEN=false\nOTHER=true" };
    const given = await run(repository, "pull_request", inputs);
    expect([given.code, given.outputs["undecided"]]).toEqual([1, "0"]);
    const fork = { login: "stranger", repository: "stranger/app" };
    const withheld = await run(repository, "pull_request", inputs, undefined, undefined, fork);
    expect([withheld.code, withheld.outputs["errors"], withheld.outputs["undecided"]]).toEqual([3, "0", "1"]);
    expect(withheld.summary).toContain("`predeploy/secrets-withheld`: this run gets no secrets");
    expect(withheld.summary).toContain("so whether TOKEN is there is not known");
    const allowed = { ...inputs, "allow-undecided": "true" };
    expect((await run(repository, "pull_request", allowed, undefined, undefined, fork)).code).toBe(0);
    const others = await run(
      repository,
      "pull_request",
      { ...inputs, only: "dockerignore" },
      undefined,
      undefined,
      fork,
    );
    expect(others.outputs["undecided"]).toBe("0");
  });
});

describe("the configuration of a stranger's change", () => {
  test("counts in pull_request, and not in pull_request_target", async () => {
    await withPullRequest({ "predeploy.yml": quiet }, async (repository) => {
      expect((await run(repository, "pull_request")).outputs["verdict"]).not.toBe("fail");
      expect((await run(repository, "pull_request_target")).outputs["verdict"]).toBe("fail");
    });
  });

  test("is not used either where it lies beside the one of the base, or is named by the workflow", async () => {
    await withPullRequest({ ".github/predeploy.yml": quiet, "predeploy.yml": quiet }, async (repository) => {
      expect((await run(repository, "pull_request_target")).code).toBe(1);
      const named = await run(repository, "pull_request_target", { config: ".github/predeploy.yml" });
      expect(named.code).toBe(2);
      expect(kept(named)[0]?.data).toContain(".github/predeploy.yml");
    });
  });

  test("is left out, with a notice, where the commit of the base is not here", async () => {
    await withPullRequest({ "predeploy.yml": quiet }, async (repository) => {
      const result = await run(repository, "pull_request_target", {}, undefined, "d".repeat(40));
      expect(result.code).toBe(1);
      expect(kept(result).some(({ name, data }) => name === "notice" && data.includes("fetch-depth: 0"))).toBe(true);
    });
  });

  test("nor do the suppressions that it writes into its files, but those that stood there do", async () => {
    const ignore = "# predeploy-ignore dockerignore: fine\n";
    await withPullRequest({ "s0/Dockerfile.dockerignore": `tmp\n${ignore}a[\n` }, async (repository) => {
      const only = { only: "dockerignore/pattern-invalid", format: "json=p.json" };
      const suppressed = async (event: string, base = repository.base) => {
        await run({ ...repository, base }, event, { ...only, base: "" });
        return JSON.parse(readFileSync(join(repository.directory, "p.json"), "utf8")).counts.suppressed;
      };
      expect(await suppressed("pull_request")).toBe(1);
      expect(await suppressed("pull_request_target")).toBe(0);
      expect(await suppressed("pull_request_target", repository.head)).toBe(1);
    });
  });

  test("nor is its baseline", async () => {
    await withPullRequest({}, async (repository) => {
      const result = await run(repository, "pull_request_target", { baseline: "accepted.json" });
      expect(result.code).toBe(2);
      expect(kept(result)[0]?.data).toContain("accepted.json");
    });
  });
});

describe("the inputs", () => {
  test("reports are written, and their paths are outputs", async () => {
    await withPullRequest({}, async (repository) => {
      const { outputs } = await run(repository, "push", { format: "sarif=out/p.sarif\njson=p.json\nhtml=p.html" });
      expect(outputs).toMatchObject({ sarif: "out/p.sarif", json: "p.json" });
      for (const file of ["out/p.sarif", "p.json", "p.html"])
        expect(existsSync(join(repository.directory, file))).toBe(true);
      expect(JSON.parse(readFileSync(join(repository.directory, "p.json"), "utf8")).counts.warning).toBe(
        Number(outputs["warnings"]),
      );
    });
  });

  test("the output counts the rules that could not decide, as the headline does, not their questions", async () => {
    const config = "version: 1\ndrift: [{ head: main, base: gone }, { head: main, base: lost }]\n";
    await withPullRequest({ "predeploy.yml": config }, async (repository) => {
      const { outputs, log } = await run(repository, "push", { only: "drift", online: "false" });
      const [, count] = /(\d+) rules could not decide\n*$/.exec(log) ?? [];
      expect([Number(count) > 1, outputs["undecided"]]).toEqual([true, count]);
    });
  });

  test("lines of the change come first among the annotations", async () => {
    const old = Object.fromEntries(Object.entries(broken).map(([path, text]) => [`old/${path}`, text]));
    await withPullRequest(
      { "z/Dockerfile": "FROM alpine\nCOPY . .\n", "z/Dockerfile.dockerignore": "a[\n" },
      async (repository) => {
        writeTree(repository.directory, old);
        git(repository.directory, ["add", "-A"]);
        const first = kept(await run(repository, "pull_request", { annotations: "1" })).find(
          ({ properties }) => properties["file"],
        );
        expect(first?.properties["file"]).not.toMatch(/^old\//);
      },
    );
  });

  test("what the run has to say besides counts among the ten notices", async () => {
    const notes = { "predeploy.yml": "version: 1\nrules: { dockerignore: note }\n" };
    await withPullRequest(notes, async (repository) => {
      const gone = { ...repository, base: "d".repeat(40), head: "e".repeat(40) };
      const result = await run(gone, "pull_request", { comment: "staging" });
      const notices = kept(result).filter(({ name }) => name === "notice");
      expect(notices).toHaveLength(10);
      expect(notices[0]?.data).toMatch(/^Every finding is shown/);
      expect(notices.at(-1)?.data).toMatch(/^Not made: comment/);
    });
  });

  test.each([
    ["annotations", "eleven"],
    ["annotations", "11"],
    ["fail-on", "fatal"],
    ["online", "yes"],
    ["format", "sarif"],
    ["format", "sarif=a.sarif\njson"],
    ["format", "serif=a"],
  ])("%s: %s is one error and exit 2", async (name, value) => {
    await withPullRequest({}, async (repository) => {
      const result = await run(repository, "push", { [name]: value });
      expect(result.code).toBe(2);
      expect(kept(result).map(({ name }) => name)).toEqual(["error"]);
      expect(kept(result)[0]?.data).toContain(name);
    });
  });

  test("debug logging of the runner says what took how long, and nothing else does", async () => {
    await withPullRequest({}, async (repository) => {
      const debug = async (more: Record<string, string>) => {
        const { log } = await run(repository, "push", {}, undefined, undefined, undefined, more);
        return commandsOf(log).flatMap(({ name, data }) => (name === "debug" ? [data] : []));
      };
      expect(await debug({})).toEqual([]);
      expect(await debug({ RUNNER_DEBUG: "1" })).toContainEqual(expect.stringMatching(/^builds: \d+ ms$/));
    });
  });

  test("a folder that a change turned into a link out of the workspace is not followed", async () => {
    await withPullRequest({}, async (repository) => {
      symlinkSync("..", join(repository.directory, "services"));
      symlinkSync("s1", join(repository.directory, "here"));
      const out = await run(repository, "pull_request_target", { path: "services" });
      expect([out.code, kept(out)[0]?.data]).toEqual([2, expect.stringContaining("leads out of the workspace")]);
      expect((await run(repository, "push", { path: "here" })).code).toBe(1);
    });
  });

  test.each(["hunter2\nx", "hunter2 x", "hunter2\u20ac"])("a token that is none is not repeated: %j", async (token) => {
    await withPullRequest({}, async (repository) => {
      const { log } = await run(repository, "pull_request", { comment: "x", "github-token": token });
      expect(log).toContain("`github-token` holds what no token does");
      expect(log).not.toContain("hunter2");
    });
  });

  test("a slip in predeploy.yml is one error at its place", async () => {
    await withPullRequest({ "predeploy.yml": "version: 1\nimagess: {}\n" }, async (repository) => {
      const result = await run(repository, "pull_request");
      expect(result.code).toBe(2);
      const [error, ...others] = kept(result);
      expect(others).toEqual([]);
      expect(error).toMatchObject({ name: "error", properties: { file: "predeploy.yml", line: "2", col: "1" } });
      expect(error?.data).toContain("images");
    });
  });

  test("a folder that is not there is one error, and nothing is said of the commits that it lacks", async () => {
    await withPullRequest({}, async (repository) => {
      const result = await run(repository, "pull_request", { path: "nowhere" });
      expect(result.code).toBe(2);
      expect(kept(result).map(({ name, data }) => [name, /no such directory\.$/.test(data)])).toEqual([
        ["error", true],
      ]);
    });
  });

  test("what it quotes of predeploy.yml moves nothing in the log and hides nothing", async () => {
    const config = 'version: 1\n"\\e[2K\\u202eevil\\n::error::x": 1\n';
    await withPullRequest({ "predeploy.yml": config }, async (repository) => {
      const result = await run(repository, "pull_request");
      const { code, log } = result;
      expect([code, kept(result).length]).toEqual([2, 1]);
      expect(log).toContain("unknown key `\\x1b[2K\\u202eevil");
      expect(log).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    });
  });

  test("where it stops the run, a green comment of an earlier run is taken back", async () => {
    await withPullRequest({}, async (repository) => {
      await withFakeGithub({}, async (github) => {
        const inputs = { comment: "staging", "check-run": "predeploy" };
        await run(repository, "pull_request", inputs, github.url);
        await run(
          repository,
          "pull_request",
          { ...inputs, only: "placeholders", "allow-undecided": "true" },
          github.url,
        );
        expect(github.comments[0].body).toContain("## ✅ predeploy pass");
        const stopped = await run(repository, "pull_request", { ...inputs, "fail-on": "fatal" }, github.url);
        expect(stopped.code).toBe(2);
        expect(github.comments).toHaveLength(1);
        for (const text of [github.comments[0].body, stopped.summary]) {
          expect(text).toContain("## ❌ predeploy stopped without a verdict");
          expect(text).toContain("input `fail-on` must be error, warning, note or never");
        }
        expect(github.calls.filter(({ path }) => path.endsWith("/check-runs")).at(-1)?.body.conclusion).toBe("failure");
        const quiet = await run(repository, "push", {
          ...inputs,
          "fail-on": "fatal",
          summary: "false",
          online: "false",
        });
        expect([quiet.code, quiet.summary]).toEqual([2, ""]);
      });
    });
  });

  test("an empty expression is as no input at all", async () => {
    await withPullRequest({}, async (repository) => {
      const names = ["path", "fail-on", "online", "allow-undecided", "annotations", "summary", "suggestions"] as const;
      const empty = Object.fromEntries(names.map((name) => [name, ""]));
      const { code, outputs, summary } = await run(repository, "push", empty);
      // With `fail-on` at its default the warnings of this change do not fail the step.
      expect([code, outputs["errors"]]).toEqual([0, "0"]);
      expect(Number(outputs["warnings"])).toBeGreaterThan(60);
      expect(summary).toContain("predeploy pass: ");
    });
  });

  test("no socket is opened with online: false, and one notice says what was not made", async () => {
    await withPullRequest({}, async (repository) => {
      await withFakeGithub({}, async (github) => {
        const result = await run(repository, "pull_request", { online: "false", comment: "x" }, github.url);
        expect(github.calls).toEqual([]);
        expect(kept(result).filter(({ data }) => data.includes("`online` is false"))).toHaveLength(1);
        expect(result.code).toBe(1);
      });
    });
  });
});

describe("a pull request is compared with its base by itself", () => {
  const old: Record<string, string> = {
    "old/Dockerfile": "FROM alpine\nCOPY . .\n",
    "old/Dockerfile.dockerignore": "[\n",
    "compose.yml": "services: { old: { build: old } }\n",
  };

  /** A sound change on a base that has a fault already, merged as GitHub merges it for the run. */
  async function withOldFault<T>(
    change: Record<string, string>,
    work: (repository: Repository) => Promise<T>,
  ): Promise<T> {
    return inTemporaryFolder(async (top) => {
      const directory = join(top, "checkout");
      const commit = (message: string) => {
        git(directory, ["add", "-A"]);
        git(directory, ["commit", "-q", "-m", message]);
        return git(directory, ["rev-parse", "HEAD"]).trim();
      };
      writeTree(directory, old);
      git(directory, ["init", "-q"]);
      const base = commit("base");
      git(directory, ["checkout", "-q", "-b", "feature"]);
      writeTree(directory, change);
      const head = commit("change");
      git(directory, ["checkout", "-q", "main"]);
      git(directory, ["merge", "-q", "--no-ff", "-m", "merge", "feature"]);
      return work({ directory, base, head, merge: git(directory, ["rev-parse", "HEAD"]).trim() });
    });
  }
  const only = { only: "dockerignore/pattern-invalid" };

  test("what was there before does not fail it, and is counted", async () => {
    await withOldFault({ "README.md": "x\n" }, async (repository) => {
      const { code, outputs, log } = await run(repository, "pull_request", only);
      expect([code, outputs["verdict"], outputs["new-findings"]]).toEqual([0, "pass", "0"]);
      expect(log).toContain("older");
    });
  });

  test("what it adds fails it", async () => {
    const change = {
      "new/Dockerfile": "FROM alpine\nCOPY . .\n",
      "new/Dockerfile.dockerignore": "[\n",
      "compose.override.yml": "services: { new: { build: new } }\n",
    };
    await withOldFault(change, async (repository) => {
      const { code, outputs } = await run(repository, "pull_request", only);
      expect([code, outputs["errors"]]).toEqual([1, "1"]);
    });
  });

  test("the branch alone is compared with where it began, not with what its base has become", async () => {
    await withOldFault({ "README.md": "x\n" }, async (repository) => {
      const { directory } = repository;
      // The base mends its fault after the branch began; the branch, which has it still, did not bring it.
      git(directory, ["checkout", "-q", repository.base]);
      writeTree(directory, { "old/Dockerfile.dockerignore": "tmp\n" });
      git(directory, ["commit", "-q", "-a", "-m", "fix: mend"]);
      const moved = { ...repository, base: git(directory, ["rev-parse", "HEAD"]).trim() };
      git(directory, ["checkout", "-q", repository.head]);
      const { code, outputs } = await run(moved, "pull_request", only);
      expect([code, outputs["new-findings"]]).toEqual([0, "0"]);
    });
  });

  test("also where it was checked out into a folder of the workspace; places are those of the repository", async () => {
    const change = { "compose.yml": "services: { old: { build: old }, new: { build: new } }\n" };
    const added = { "new/Dockerfile": "FROM alpine\nCOPY . .\n", "new/Dockerfile.dockerignore": "[\n" };
    await withOldFault({ ...change, ...added }, async (repository) => {
      const workspace = join(repository.directory, "..", "workspace");
      git(repository.directory, ["clone", "-q", repository.directory, join(workspace, "app")]);
      const inputs = { ...only, path: "app", format: "sarif=out.sarif" };
      const result = await run({ ...repository, directory: workspace }, "pull_request", inputs);
      expect([result.code, result.outputs["new-findings"]]).toEqual([1, "1"]);
      const place = "new/Dockerfile.dockerignore";
      expect(kept(result).map(({ properties }) => properties["file"])).toEqual([place]);
      const [log] = JSON.parse(readFileSync(join(workspace, "out.sarif"), "utf8")).runs;
      expect(log.results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(place);
      expect(result.log).toContain(`checked: ${repository.merge}, pull request 7 as merged`);
      writeTree(join(workspace, "app"), { "predeploy.yml": "version: 1\nimagess: {}\n" });
      const stopped = await run({ ...repository, directory: workspace }, "pull_request", inputs);
      expect(kept(stopped)[0]?.properties).toMatchObject({ file: "predeploy.yml", line: "2" });
    });
  });

  describe("in a checkout without history", () => {
    const change = {
      "new/Dockerfile": "FROM alpine\nCOPY . .\n",
      "new/Dockerfile.dockerignore": "a[\n",
      "old/Dockerfile.dockerignore": "# moved down\n[\n",
      "compose.override.yml": "services: { new: { build: new } }\n",
    };
    /** What `actions/checkout` leaves with `fetch-depth: 1`. */
    function shallow(repository: Repository, ref: keyof Repository): Repository {
      const directory = join(repository.directory, "..", "shallow");
      const origin = pathToFileURL(repository.directory).href;
      mkdirSync(directory);
      git(directory, ["init", "-q"]);
      git(repository.directory, ["config", "uploadpack.allowAnySHA1InWant", "true"]);
      git(directory, ["fetch", "-q", "--depth=1", origin, repository[ref]]);
      git(directory, ["checkout", "-q", repository[ref]]);
      return { ...repository, directory };
    }
    const fetching = async (
      settings: Parameters<typeof withFakeGithub>[0],
      ref: "merge" | "head",
      event = "pull_request",
      inputs: Parameters<typeof run>[2] = {},
    ) => {
      const seen: string[] = [];
      let result: Run | null = null;
      await withOldFault(change, async (repository) => {
        await withFakeGithub({ repository: repository.directory, ...settings }, async (github) => {
          const here = shallow(repository, ref);
          // A branch alone: its base has gone on since.
          if (ref === "head") {
            const { directory, base } = repository;
            here.base = git(directory, ["commit-tree", "-p", base, "-m", "later", `${base}^{tree}`]).trim();
          }
          result = await run(here, event, { ...only, ...inputs }, github.url);
          const left = readdirSync(join(here.directory, "..")).filter((name) => name.startsWith("predeploy-"));
          expect(left).toEqual([]);
          seen.push(...github.calls.map(({ path }) => path.replace(/^\/repos\/octo\/app\/|[0-9a-f]{40}/g, "")));
        });
      });
      return { ...result!, seen };
    };

    test.each([
      ["merge", "pull_request", "git/commits/"],
      ["head", "pull_request", "compare/..."],
      ["merge", "merge_group", "git/commits/"],
      ["merge", "pull_request_target", "git/commits/"],
    ] as const)("the %s of a %s is held against the tree that GitHub gives", async (ref, event, first) => {
      const { code, outputs, log, seen } = await fetching({ permissions: ["contents"] }, ref, event);
      expect([
        code,
        outputs["new-findings"],
        kept({ log } as Run).filter(({ name }) => name === "error").length,
      ]).toEqual([1, "1", 1]);
      expect(log).toContain("1 older finding not shown");
      // Of what lies there, only the one changed file is not here.
      expect(seen).toEqual([first, "git/trees/", "git/blobs/"]);
      expect(kept({ log } as Run).filter(({ data }) => data.startsWith("Every finding"))).toEqual([]);
    });

    test("contents are not asked for where nothing is found", async () => {
      const { code, seen } = await fetching({}, "merge", "pull_request", { only: "placeholders" });
      expect([code === 1, seen]).toEqual([false, ["git/commits/", "git/trees/"]]);
    });

    test.each([
      ["the token may not read", { permissions: [] }, {}, "GitHub refuses to show the commit to compare with (403)"],
      ["the list is cut short", { truncated: true }, {}, "GitHub does not list a tree of that size"],
      ["there is no token", {}, { "github-token": "" }, "there is no token to ask GitHub with"],
      ["GitHub may not be asked", {}, { online: "false" }, "`online` is false"],
      [
        "GitHub is broken",
        { broken: 500 },
        {},
        "GitHub could not be asked for the commit to compare with (status 500)",
      ],
    ])("every finding is shown, with one notice, where %s", async (_why, settings, inputs, said) => {
      const { code, outputs, log } = await fetching(settings as object, "merge", "pull_request", inputs);
      expect([code, outputs["new-findings"]]).toEqual([1, "2"]);
      const notices = kept({ log } as Run).filter(({ data }) => data.startsWith("Every finding"));
      expect(notices.map(({ data }) => data)).toEqual([
        `Every finding is shown, not only new ones: the commit to compare with is not in this checkout, and ${said}. Use actions/checkout with fetch-depth: 2, or 0.`,
      ]);
    });
  });

  test("with base: empty, and on a push, everything counts", async () => {
    await withOldFault({ "README.md": "x\n" }, async (repository) => {
      expect((await run(repository, "pull_request", { ...only, base: "" })).code).toBe(1);
      expect((await run(repository, "push", only)).code).toBe(1);
    });
  });
});
