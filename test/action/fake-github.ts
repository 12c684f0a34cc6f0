import { execFileSync } from "node:child_process";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface Call {
  method: string;
  path: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies are looked into by the tests
  body: any;
}

export interface FakeGithub {
  url: string;
  calls: Call[];
  // biome-ignore lint/suspicious/noExplicitAny: as GitHub's answers
  comments: any[];
  // biome-ignore lint/suspicious/noExplicitAny: as GitHub's answers
  reviewComments: any[];
}

interface Settings {
  /** What the token may do; a missing one gives 403, as GitHub does. */
  permissions?: ("contents" | "checks" | "pull-requests")[];
  /** Repository that commits, trees and contents are given from. */
  repository?: string;
  /** Answer of GET /user; null: 403, as for the token of an app. */
  login?: string | null;
  /** Whether lists of trees are said to be cut short. */
  truncated?: boolean;
  files?: { filename: string; patch?: string }[];
  comments?: object[];
  /** Status for every request, instead of an answer. */
  broken?: number;
  /** Its message. */
  message?: string;
}

const bot = { login: "github-actions[bot]", type: "Bot" };

/**
 * The few routes of GitHub that the channels use, on loopback, with the limits that matter: 50 annotations a request, 65,536
 * characters a comment, a review refused as a whole for one line outside the diff.
 */
export async function withFakeGithub<T>(settings: Settings, work: (github: FakeGithub) => Promise<T>): Promise<T> {
  const may = new Set(settings.permissions ?? ["contents", "checks", "pull-requests"]);
  const github: FakeGithub = { url: "", calls: [], comments: [...(settings.comments ?? [])], reviewComments: [] };
  const { calls, comments, reviewComments } = github;
  const refused = { status: 403, data: { message: "Resource not accessible by integration" } };
  const invalid = (message: string) => ({ status: 422, data: { message } });

  function answer({ method, path, body }: Call, page: number): { status: number; data: unknown } {
    if (settings.broken) return { status: settings.broken, data: { message: settings.message ?? "broken" } };
    if (path === "/user")
      return typeof settings.login === "string"
        ? { status: 200, data: { login: settings.login, type: "User" } }
        : refused;
    if (path.includes("/check-runs")) {
      if (!may.has("checks")) return refused;
      if (body.output.annotations.length > 50) return invalid("too many annotations");
      for (const { start_line, end_line, start_column, message, title, raw_details } of body.output.annotations) {
        if (start_line > end_line || (start_column !== undefined && start_line !== end_line))
          return invalid("columns stand only where the range ends on its line");
        if (Buffer.byteLength(message) > 65_536 || Buffer.byteLength(raw_details) > 65_536 || title.length > 255)
          return invalid("too long an annotation");
      }
      if (body.output.summary.length > 65_535 || body.output.title.length > 255) return invalid("too long");
      return { status: method === "POST" ? 201 : 200, data: { id: 5 } };
    }
    const stored = /\/(?:git\/(commits|trees|blobs)|(compare))\/(.+)$/.exec(path);
    if (stored) return may.has("contents") ? object(stored[1] ?? "compare", stored[3]!) : refused;
    if (!may.has("pull-requests")) return refused;
    const slice = (list: unknown[]) => ({ status: 200, data: list.slice((page - 1) * 100, page * 100) });
    if (path.endsWith("/files")) return slice(settings.files ?? []);
    if (/\/pulls\/\d+\/comments$/.test(path)) return slice(reviewComments);
    if (path.endsWith("/reviews")) {
      for (const { path, line, start_line: first = line } of body.comments) {
        if (first > line) return invalid("start line must precede the end line");
        const patch = settings.files?.find(({ filename }) => filename === path)?.patch ?? "";
        const hunks = [...patch.matchAll(/^@@ -\S+ \+(\d+)(?:,(\d+))? @@/gm)].map(([, start, count = "1"]) => [
          Number(start),
          Number(start) + Number(count) - 1,
        ]);
        if (!hunks.some(([start = 0, end = 0]) => start <= first && line <= end))
          return invalid("line must be part of the diff");
      }
      reviewComments.push(...body.comments);
      return { status: 200, data: { id: 1 } };
    }
    if (method === "GET") return slice(comments);
    if (body.body.length > 65_536) return invalid("Body is too long");
    if (method === "POST") {
      comments.push({
        id: comments.length + 1,
        body: body.body,
        user: settings.login ? { login: settings.login } : bot,
      });
      return { status: 201, data: comments.at(-1) };
    }
    const found = comments.find(({ id }) => path.endsWith(`/${id}`));
    found.body = body.body;
    return { status: 200, data: found };
  }

  function object(kind: string, name: string): { status: number; data: unknown } {
    const git = (...args: string[]) => execFileSync("git", args, { cwd: settings.repository, stdio: "pipe" });
    const line = (...args: string[]) =>
      git(...args)
        .toString()
        .trim();
    const treeOf = (commit: string) => ({ sha: line("rev-parse", `${commit}^{tree}`) });
    try {
      if (kind === "commits") return { status: 200, data: { sha: name, tree: treeOf(name) } };
      if (kind === "compare") {
        const sha = line("merge-base", ...name.split("..."));
        return { status: 200, data: { merge_base_commit: { sha, commit: { tree: treeOf(sha) } } } };
      }
      if (kind === "blobs") {
        const content = git("cat-file", "blob", name).toString("base64");
        return { status: 200, data: { sha: name, encoding: "base64", content: content.replace(/.{60}/g, "$&\n") } };
      }
      const listed = git("ls-tree", "-r", "-t", "-l", "-z", name).toString().split("\0").filter(Boolean);
      const tree = listed.map((entry) => {
        const [, mode, type, sha, size, path] = /^(\d+) (\w+) (\w+) +(\S+)\t(.*)$/s.exec(entry) ?? [];
        return { path, mode, type, sha, ...(type === "blob" ? { size: Number(size) } : {}) };
      });
      return { status: 200, data: { sha: name, tree, truncated: settings.truncated ?? false } };
    } catch {
      return { status: 404, data: { message: "Not Found" } };
    }
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://x");
    const text = await textOf(request);
    const call: Call = {
      method: request.method ?? "",
      path: url.pathname,
      body: text === "" ? null : JSON.parse(text),
    };
    calls.push(call);
    const { status, data } = answer(call, Number(url.searchParams.get("page") ?? 1));
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(data));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  github.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    return await work(github);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}
