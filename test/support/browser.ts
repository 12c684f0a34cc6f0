import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The command of a browser of this machine; null where there is none. */
export const browserCommand: string | null =
  [process.env["CHROME_PATH"] ?? "", ...NAMES].find(
    (name) => name !== "" && spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0,
  ) ?? null;

/** One page of a headless browser, driven by the DevTools protocol (https://chromedevtools.github.io/devtools-protocol/). */
export interface Page {
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into by the tests
  send(method: string, parameters?: object): Promise<any>;
  /** Value of an expression in the page. */
  evaluate<T>(expression: string): Promise<T>;
  /** Names and parameters of the events so far. */
  events: { method: string; params: Record<string, unknown> }[];
}

/** Opens `url` in a browser of its own and ends that again. */
export async function withPage<T>(url: string, work: (page: Page) => Promise<T>): Promise<T> {
  const profile = mkdtempSync(join(tmpdir(), "predeploy-browser-"));
  const child = spawn(
    browserCommand ?? "",
    [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
      "about:blank",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  try {
    const address = await addressOf(child);
    const targets = (await (await fetch(`http://${new URL(address).host}/json/list`)).json()) as {
      type: string;
      webSocketDebuggerUrl: string;
    }[];
    const socket = new WebSocket(targets.find(({ type }) => type === "page")!.webSocketDebuggerUrl);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve, { once: true });
      socket.addEventListener("error", reject, { once: true });
    });
    const page = pageOn(socket);
    for (const domain of ["Page", "Network", "Log", "Runtime", "Accessibility"]) await page.send(`${domain}.enable`);
    await page.send("Page.navigate", { url });
    while (!page.events.some(({ method }) => method === "Page.loadEventFired"))
      await new Promise((resolve) => setTimeout(resolve, 20));
    return await work(page);
  } finally {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (address) resolve(address);
    });
    child.once("exit", () => reject(new Error(`the browser ended: ${said.slice(0, 2000)}`)));
  });
}

function pageOn(socket: WebSocket): Page {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const waiting = new Map<number, { resolve: (result: any) => void; reject: (error: Error) => void }>();
  const events: Page["events"] = [];
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(String(data));
    const call = waiting.get(message.id);
    if (!call) events.push(message);
    else if (message.error) call.reject(new Error(message.error.message));
    else call.resolve(message.result);
  });
  let id = 0;
  const send: Page["send"] = (method, params = {}) =>
    new Promise((resolve, reject) => {
      waiting.set(++id, { resolve, reject });
      socket.send(JSON.stringify({ id, method, params }));
    });
  return {
    events,
    send,
    evaluate: async (expression) => {
      const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, returnByValue: true });
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value;
    },
  };
}
