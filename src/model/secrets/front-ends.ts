import { directoryOf, inRepository } from "../../text/paths.ts";
import type { DataNode } from "../../types/data.ts";
import type { FactReader } from "../../types/facts.ts";
import type { FrontEnd } from "../../types/front-build.ts";
import type { ImportModel } from "../../types/imports.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { entriesOf, textOf, valueAt } from "../data.ts";
import { isExampleOrTest } from "../path-class.ts";
import { isJavascriptCode } from "./code-paths.ts";

interface Reading {
  files: FileTree;
  facts: FactReader;
  imports: ImportModel;
}

/** A bundler that replaces reads of some names by their values at build time. */
interface Bundler {
  /** The dependency that tells it. */
  dependency: string;
  names: RegExp;
  /** Files of a package, by their path below it, from which everything else is imported. */
  entries: RegExp;
  /** What the build runs itself, in node: a name that this requires must be there too. */
  configuration: RegExp;
  /** Only modules that say so go to browsers; the rest runs on the server and reads its environment there. */
  serverFirst?: true;
}

const CODE = "\\.[cm]?[jt]sx?$";
const CONFIGURATION = (name: string) => new RegExp(`^${name}\\.config\\.[cm]?[jt]s$`);

/** The first whose dependency a package has counts: meta-frameworks stand before the bundler that they use. */
const BUNDLERS: readonly Bundler[] = [
  {
    dependency: "next",
    names: /^NEXT_PUBLIC_\w+$/,
    entries: new RegExp(
      `^(?:src/)?(?:app/(?:.*/)?(?:page|layout|template|loading|error|not-found|default|global-error)${CODE}|pages/(?!api/).*${CODE}|instrumentation-client${CODE})`,
    ),
    configuration: CONFIGURATION("next"),
    serverFirst: true,
  },
  {
    dependency: "@sveltejs/kit",
    names: /^(?:PUBLIC_|VITE_)\w+$/,
    entries: /^src\/(?:routes\/.*\.[jt]s|hooks[\w.]*\.[jt]s)$/,
    configuration: CONFIGURATION("(?:svelte|vite)"),
  },
  {
    dependency: "astro",
    names: /^PUBLIC_\w+$/,
    entries: new RegExp(`^src/pages/.*${CODE}`),
    configuration: CONFIGURATION("astro"),
  },
  {
    dependency: "react-scripts",
    names: /^REACT_APP_\w+$/,
    entries: new RegExp(`^src/index${CODE}`),
    configuration: CONFIGURATION("craco"),
  },
  {
    dependency: "@vue/cli-service",
    names: /^VUE_APP_\w+$/,
    entries: new RegExp(`^src/main${CODE}`),
    configuration: CONFIGURATION("vue"),
  },
  {
    dependency: "gatsby",
    names: /^GATSBY_\w+$/,
    entries: new RegExp(`^(?:src/(?:pages|templates)/.*|gatsby-(?:browser|ssr))${CODE}`),
    configuration: /^gatsby-(?:config|node)\.[cm]?[jt]s$/,
  },
  {
    dependency: "vite",
    names: /^VITE_\w+$/,
    entries: new RegExp(`^app/(?:root|entry\\.client|routes|routes/.*)${CODE}`),
    configuration: CONFIGURATION("vite"),
  },
];

/** What puts variables into the page when the container starts: what the build lacks says nothing then. */
const AT_RUN_TIME =
  /^(?:next-runtime-env|@import-meta-env\/.+|runtime-env-cra|vite-envs|react-inject-env|next-public-env)$/;
const TEST = /(?:\.(?:test|spec|stories|cy)\.[cm]?[jt]sx?|\.d\.[cm]?ts)$|(?:^|\/)__(?:tests|mocks)__\//;
const MOST_FILES = 20_000;

/** The front ends of the repository whose bundler takes variables in. Which files they consist of is found when asked. */
export function frontEnds(reading: Reading): FrontEnd[] {
  const found: FrontEnd[] = [];
  for (const { path, ignored } of reading.files.entries) {
    if (ignored || !/(?:^|\/)package\.json$/.test(path) || isExampleOrTest(path) || /(?:^|\/)node_modules\//.test(path))
      continue;
    const root = reading.facts.get("data", path)?.documents[0]?.root ?? null;
    const dependencies = ["dependencies", "devDependencies"].flatMap((key) =>
      entriesOf(valueAt(root, key)).map((entry) => entry.key.text),
    );
    const bundler = BUNDLERS.find(({ dependency }) => dependencies.includes(dependency));
    if (!bundler || dependencies.some((one) => AT_RUN_TIME.test(one))) continue;
    found.push(frontEnd(directoryOf(path), root, bundler, reading));
  }
  return found;
}

function frontEnd(directory: RepoPath, root: DataNode | null, bundler: Bundler, reading: Reading): FrontEnd {
  let files: ReadonlySet<RepoPath> | null = null;
  return {
    directory,
    name: textOf(valueAt(root, "name")),
    takesIn: (name) => bundler.names.test(name),
    files: () => {
      files ??= bundled(directory, bundler, reading);
      return files;
    },
  };
}

function bundled(directory: RepoPath, bundler: Bundler, reading: Reading): Set<RepoPath> {
  const prefix = directory === "" ? "" : `${directory}/`;
  const own = reading.files.entries.filter(
    ({ path, ignored }) => !ignored && path.startsWith(prefix) && !TEST.test(path.slice(prefix.length)),
  );
  const matching = (pattern: RegExp) =>
    own.filter(({ path }) => pattern.test(path.slice(prefix.length))).map(({ path }) => path);
  const starts = [...matching(bundler.entries), ...pageScripts(directory, reading)];
  const reached = reach(starts, reading.imports);
  const shown = bundler.serverFirst
    ? reach(
        [...reached].filter(
          (path) => isPage(path.slice(prefix.length)) || directiveOf(path, reading.facts) === "use client",
        ),
        reading.imports,
        // Of a server's action the browser gets its address, and of a module for the server alone nothing.
        (path) =>
          directiveOf(path, reading.facts) === "use server" ||
          reading.imports.of(path).some(({ specifier }) => specifier === "server-only"),
      )
    : reached;
  const files = [...shown, ...reach(matching(bundler.configuration), reading.imports)];
  // A page that names the type of an answer imports its route, and nothing of it is sent.
  return new Set(bundler.serverFirst ? files.filter((path) => !isRoute(path.slice(prefix.length))) : files);
}

/** Next's older pages go to browsers whole. */
const isPage = (path: string) => /^(?:src\/)?(?:pages\/|instrumentation-client\.)/.test(path);

const isRoute = (path: string) => /^(?:src\/)?(?:pages\/api\/|app\/(?:.*\/)?route\.[cm]?[jt]s$)/.test(path);

/** The directive in a module's first statements that says where it goes: React's `use client` and `use server`. */
function directiveOf(path: RepoPath, facts: FactReader): string | null {
  // Bundlers import pictures and styles as well.
  if (!isJavascriptCode(path)) return null;
  for (const line of facts.get("lines", path)?.lines.slice(0, 60) ?? []) {
    const text = line.trim();
    const directive = /^(['"])(use (?:client|server))\1/.exec(text)?.[2];
    if (directive !== undefined) return directive;
    if (text !== "" && !/^(?:\/\/|\/\*|\*|#!|(['"])use strict\1)/.test(text)) return null;
  }
  return null;
}

/** The scripts that index.html of a package loads. */
function pageScripts(directory: RepoPath, { files, facts }: Reading): RepoPath[] {
  const page = directory === "" ? "index.html" : `${directory}/index.html`;
  const text = files.has(page) ? (facts.get("lines", page)?.lines.join("\n") ?? "") : "";
  return [...text.matchAll(/<script\b[^>]{0,500}?\bsrc\s*=\s*["']([^"'\n]{1,300})["']/gi)].flatMap(([, source]) => {
    const path = /^[a-z]+:|^\/\//i.test(source!) ? null : inRepository(directory, source!);
    return path !== null && files.has(path) ? [path] : [];
  });
}

/** Files that others import, directly and through each other; `leftOut`: neither these nor what they import. */
function reach(
  starts: readonly RepoPath[],
  imports: ImportModel,
  leftOut: (path: RepoPath) => boolean = () => false,
): Set<RepoPath> {
  const reached = new Set(starts);
  const queue = [...starts];
  for (let path = queue.pop(); path !== undefined; path = queue.pop())
    for (const { resolved, level } of imports.of(path))
      if (
        resolved !== null &&
        level !== "type" &&
        !reached.has(resolved) &&
        reached.size < MOST_FILES &&
        !leftOut(resolved)
      ) {
        reached.add(resolved);
        queue.push(resolved);
      }
  return reached;
}
