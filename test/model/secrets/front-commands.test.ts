import fc from "fast-check";
import { expect, test } from "vitest";
import { frontCommand } from "../../../src/model/secrets/front-commands.ts";
import { parseData } from "../../../src/sources/data.ts";
import type { DataFile } from "../../../src/types/data.ts";
import type { FactReader } from "../../../src/types/facts.ts";
import type { FrontEnd } from "../../../src/types/front-build.ts";
import { memoryWorkspace } from "../../../src/workspace/memory.ts";

const frontEnd: FrontEnd = { directory: "web", name: "@shop/web", takesIn: () => true, files: () => new Set() };

/** Whether a command in the folder `cwd` builds the front end in `web`: `certain`, `likely`, or null. */
function built(text: string, scripts: Record<string, Record<string, string>>, cwd = ""): string | null {
  const tree: Record<string, string> = {};
  for (const [directory, own] of Object.entries(scripts))
    tree[directory === "" ? "package.json" : `${directory}/package.json`] = JSON.stringify({ scripts: own });
  const facts = {
    get: (_: string, path: string): DataFile | null => (tree[path] === undefined ? null : parseData(tree[path])),
  } as unknown as FactReader;
  const found = frontCommand(text, frontEnd, {
    files: memoryWorkspace(tree).files,
    facts,
    cwd,
    directoryAt: (path) => path.replace(/^\.?\/+/, "").replace(/\/\.?$/, ""),
  });
  return found === null ? null : found.certain ? "certain" : "likely";
}

const WEB = {
  web: { build: "tsc && vite build", "build:all": "run-s build:*" },
  "": { build: "turbo run build", web: "npm run build -w web" },
};

test.each([
  ["vite build", "web", "certain"],
  ["vite build", "api", null],
  ["npm run build", "web", "certain"],
  ["yarn build && echo done", "web", "certain"],
  ["npx --yes vite build --mode staging", "web", "certain"],
  ["NODE_ENV=production cross-env A=1 pnpm build", "web", "certain"],
  ["dotenv -e .env.production -- vite build", "web", "certain"],
  ["cd web && npm run build", "", "certain"],
  ["npm --prefix web run build", "", "certain"],
  ["pnpm -C web build", "", "certain"],
  ["yarn --cwd=web build", "", "certain"],
  ["npm run build -w web", "", "certain"],
  ["pnpm --filter @shop/web build", "", "certain"],
  ["pnpm build --filter=@shop/web...", "", "certain"],
  ["pnpm --filter ./web... run build", "", "certain"],
  ["yarn workspace @shop/web build", "", "certain"],
  ["turbo run build --filter=@shop/web", "", "certain"],
  ["npx turbo build", "", "likely"],
  ["turbo run build --filter=@shop/api", "", null],
  ["nx build web", "", "certain"],
  ["nx build api", "", null],
  ["nx run-many -t build", "", "likely"],
  ["npm run build", "", "likely"],
  ["npm run web", "", "certain"],
  ["pnpm -r build", "", "likely"],
  ["npm ci", "web", null],
  ["npm run lint", "web", null],
  ["echo build", "web", null],
  ["next dev", "web", null],
])("`%s` in %j: %s", (text, cwd, is) => {
  expect(built(text, WEB, cwd)).toBe(is);
});

test("scripts that call one another end", () => {
  const many = (name: string) => Array.from({ length: 200 }, () => `npm run ${name}`).join(" && ");
  expect(built("npm run a", { web: { a: many("b"), b: many("c"), c: many("a") } }, "web")).toBeNull();
});

test("no text makes it throw", () => {
  const word = fc.constantFrom(
    "npm",
    "run",
    "build",
    "cd",
    "web",
    "..",
    "--prefix",
    "-w",
    "-C",
    "turbo",
    "nx",
    "&&",
    ";",
    "|",
    "(",
    ")",
    "$(",
    "'",
    '"',
    "\\",
    "vite",
    "build:all",
    "--",
    "env",
    "A=1",
    "/",
    "\n",
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 14 }), (words) => {
      built(words.join(" "), WEB, "web");
    }),
    { numRuns: 500 },
  );
});
