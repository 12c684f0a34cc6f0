import { noRoutes } from "../sources/routes.ts";
import type { Build } from "../types/image.ts";
import type { ModelInput, ModelProvider } from "../types/model.ts";
import type { RouteSet, RouteSyntax, RoutesModel } from "../types/routes.ts";
import { imageName, isOfficial, namesOf } from "./builds/names.ts";
import { isExampleOrTest } from "./path-class.ts";

/** The HTTP paths that each build's own code can serve. */
export const routesProvider: ModelProvider<"routes", "builds"> = {
  needs: ["builds"],
  facts: ["python-routes", "javascript-routes"],
  build: (input) => buildRoutes(input),
};

/** More files than this are not put together: the set is open. */
const maxFiles = 5_000;
/** More paths than this are not worth listing. */
const maxPaths = 50_000;

function buildRoutes(input: ModelInput<"builds">): RoutesModel {
  const builds = new Map<string, Build>();
  for (const build of input.known.builds.builds) {
    if (build.context.kind !== "directory") continue;
    const dockerfile = build.dockerfile.kind === "file" ? build.dockerfile.path : build.id;
    builds.set(`${dockerfile} ${build.context.path}`, build);
  }
  const known = new Map<Build, RouteSet>();
  const setOf = (build: Build) => {
    let set = known.get(build);
    if (!set) {
      set = routesOf(build, input);
      known.set(build, set);
    }
    return set;
  };
  return {
    get sets() {
      return [...builds.values()].map(setOf);
    },
    ofImage(image) {
      const all = [...builds.values()];
      const name = imageName(image);
      const fitting = all.filter((build) => namesOf(build).has(name));
      const [one] = fitting.length === 1 ? fitting : all.length === 1 ? all : [];
      return one && (fitting.length === 1 || !isOfficial(image)) ? setOf(one) : null;
    },
  };
}

function routesOf(build: Build, { files, facts }: ModelInput<"builds">): RouteSet {
  const parts: RouteSyntax[] = [];
  let count = 0;
  for (const { path, ignored, kind } of files.under(build.context.kind === "directory" ? build.context.path : "")) {
    if (
      ignored ||
      (kind !== "file" && kind !== "executable") ||
      /(?:^|\/)(?:node_modules|\.venv|site-packages|dist|build)\//.test(path)
    )
      continue;
    const language = /\.py$/.test(path)
      ? "python-routes"
      : /\.[cm]?[jt]s$/.test(path) && !/\.d\.ts$|\.(?:test|spec)\./.test(path)
        ? "javascript-routes"
        : null;
    if (/(?:^|\/)(?:next\.config|nuxt\.config|svelte\.config|remix\.config|astro\.config)\.[cm]?[jt]s$/.test(path))
      parts.push({ ...noRoutes(), open: "file-based routes" });
    if (!language || isExampleOrTest(path) || /(?:^|\/)test_[^/]*$|_test\.py$/.test(path)) continue;
    if (++count > maxFiles) return { build: build.name, paths: [], open: "too many files" };
    const fact = facts.get(language, path);
    if (!fact) return { build: build.name, paths: [], open: `${path} could not be read` };
    parts.push(fact);
  }
  return { build: build.name, ...together(parts) };
}

/** Every route, alone and under every prefix that any router or include gives, two includes deep: more than is served, never less. */
export function together(parts: readonly RouteSyntax[]): Omit<RouteSet, "build"> {
  const all = (key: "routes" | "prefixes" | "routerPrefixes" | "mounts" | "included" | "routers") => [
    ...new Set(parts.flatMap((part) => part[key])),
  ];
  let open = parts.find((part) => part.open !== null)?.open ?? null;
  const routers = new Set(all("routers"));
  // Who includes a name that no file makes a router of includes somebody else's.
  const foreign = all("included").find(
    (name) => !routers.has(name) && !/router|routes|blueprint|_bp$|^bp$/i.test(name),
  );
  open ??= foreign === undefined ? null : `${foreign}, which is not made here`;
  if (all("included").length > 0 && routers.size === 0) open ??= "routers that are not made here";
  const includes = all("prefixes").length > 0 ? all("prefixes") : [""];
  const own = all("routerPrefixes").length > 0 ? all("routerPrefixes") : [""];
  const direct = parts.some(
    (part) => part.routes.length > 0 && part.routers.length === 0 && part.routerPrefixes.length === 0,
  );
  const first = new Set(includes.flatMap((outer) => own.map((inner) => joined(outer, inner))));
  const nested =
    includes.filter((prefix) => prefix !== "").length > 1
      ? includes.flatMap((outer) => [...first].map((inner) => joined(outer, inner)))
      : [];
  const prefixes = new Set([...(direct ? [""] : []), ...first, ...nested]);
  const paths = new Set<string>();
  for (const prefix of prefixes) {
    for (const route of all("routes")) {
      if (paths.size > maxPaths) return { paths: [], open: "too many routes" };
      const path = joined(prefix, route);
      if (/\*|:path\b|<path:|\(\.\*/.test(path)) open ??= `the catch-all ${path}`;
      paths.add(path.replace(/\{[^}/]*\}|<[^>/]*>|(?<=\/):[^/]+/g, "*"));
    }
    for (const mount of all("mounts")) paths.add(`${joined(prefix, mount)}/**`);
  }
  if (all("mounts").some((mount) => /^\/?$/.test(mount))) open ??= "a mount at the root";
  return { paths: [...paths].sort(), open };
}

function joined(prefix: string, path: string): string {
  const text = `/${prefix}/${path}`.replace(/\/{2,}/g, "/").replace(/\/$/, "");
  return text;
}
