import type { RouteSyntax } from "../types/routes.ts";

/** What a file without routes holds. */
export const noRoutes = (): RouteSyntax => ({
  routes: [],
  prefixes: [],
  routerPrefixes: [],
  mounts: [],
  included: [],
  routers: [],
  open: null,
});

/** Longest file that is looked at; a larger one is open. */
const maxLength = 500_000;

/** Routes of FastAPI, Starlette, Flask, aiohttp and Django, by their usual forms. Anything unusual makes the set open, so the reading may be shallow. Never throws. */
export function pythonRoutes(text: string): RouteSyntax {
  const found = noRoutes();
  if (text.length > maxLength) return { ...found, open: "a file that is too large to be read" };
  const code = text.replace(/^\s*#.*$/gm, "");
  const open = (what: string) => {
    found.open ??= what;
  };
  for (const [, name, kind, rest] of calls(
    code,
    /\b(\w+)(?:\s*:\s*[\w.]+)?\s*=\s*(?:\w+\.)?(FastAPI|APIRouter|Starlette|Router|Flask|Blueprint|Quart)\(/g,
  )) {
    const args = callArguments(rest ?? "");
    if (kind === "APIRouter" || kind === "Router" || kind === "Blueprint") {
      found.routers.push(name ?? "");
      keyword(args, /^(?:prefix|url_prefix)$/, found.routerPrefixes, open);
    } else if (/\broot_path\s*=/.test(args)) open("root_path");
    if (kind === "FastAPI") found.mounts.push("/docs", "/redoc", "/openapi.json");
  }
  for (const [, object, method, rest] of calls(
    code,
    /^[ \t]*@(\w+(?:\.\w+)*)\.(get|post|put|delete|patch|head|options|route|api_route|websocket)\(/gm,
  )) {
    const path = firstText(rest ?? "", /^(?:path|rule)$/);
    if (path === null) open(`@${object}.${method}(…)`);
    else found.routes.push(path);
  }
  for (const [, rest] of calls(code, /\b(?:add_api_route|add_route|add_url_rule|add_get|Route)\(/g)) {
    const path = firstText(rest ?? "", /^(?:path|rule)$/);
    if (path === null) open("a route whose path is computed");
    else found.routes.push(path);
  }
  for (const [, rest] of calls(code, /\.(?:include_router|register_blueprint)\(/g)) {
    const args = callArguments(rest ?? "");
    const router = /^\s*([\w.]+)\s*(?:,|$)/.exec(args)?.[1];
    if (router === undefined) open("a router that is computed");
    else found.included.push(router.slice(router.lastIndexOf(".") + 1));
    keyword(args, /^(?:prefix|url_prefix)$/, found.prefixes, open);
  }
  for (const [, rest] of calls(code, /(?:\.mount|\bMount)\(/g)) {
    const path = firstText(rest ?? "", /^path$/);
    if (path === null) open("a mount whose path is computed");
    else found.mounts.push(path);
  }
  for (const [, rest] of /\burlpatterns\b/.test(code) ? calls(code, /(?<![\w.])path\(/g) : []) {
    const args = callArguments(rest ?? "");
    const path = firstText(args, /^route$/);
    if (path === null) continue;
    if (/\binclude\(\s*["'](\w+)/.test(args)) found.prefixes.push(path);
    else if (/\.urls\b/.test(args)) found.mounts.push(path);
    else found.routes.push(path);
  }
  if (/\bre_path\(|\burl\(\s*r?["']\^/.test(code)) open("re_path");
  if (
    /\.(?:expose|setup_health|add_health\w*)\(|\b(?:HealthCheck|health_check_route)\b|AutoInclude|include_routers|add_pagination_routes|\bDefaultRouter\(|\.api_view\b/.test(
      code,
    )
  )
    open("a library that adds routes");
  return found;
}

/** Routes of Express, Koa routers, Fastify, Hono and Nest controllers; the same bargain. */
export function javascriptRoutes(text: string): RouteSyntax {
  const found = noRoutes();
  if (text.length > maxLength) return { ...found, open: "a file that is too large to be read" };
  const code = text.replace(/^\s*(?:\/\/|\*).*$/gm, "");
  const open = (what: string) => {
    found.open ??= what;
  };
  for (const [, name] of code.matchAll(/\b(?:const|let|var)\s+(\w+)\s*=\s*(?:new\s+)?(?:express\.)?Router\(/g)) {
    found.routers.push(name ?? "");
    found.routerPrefixes.push("");
  }
  for (const [, name, method, rest] of calls(
    code,
    /\b(app|server|router|api|fastify|\w*[rR]outer|\w*[aA]pp)\.(get|post|put|delete|patch|head|options|all|route)\(/g,
  )) {
    const path = literal((rest ?? "").trimStart());
    if (path !== null) found.routes.push(path);
    // `app.get("setting")` of Express has one argument and is literal; a variable path is open.
    else if (/^\s*(?:\{|\[|`|\/|[A-Za-z_])/.test(rest ?? "")) open(`${name}.${method}(…)`);
  }
  for (const [, rest] of calls(code, /\b(?:app|server|router|api|\w*[rR]outer|\w*[aA]pp)\.use\(/g)) {
    const args = callArguments(rest ?? "");
    const path = literal(args.trimStart());
    const handlers = path === null ? args : args.slice(args.indexOf(",") + 1);
    found.prefixes.push(path ?? "");
    for (const handler of handlers
      .split(",")
      .map((each) => each.trim())
      .filter((each) => each !== "")) {
      if (
        /^(?:express\.(?:json|urlencoded|raw|text)|cors|helmet|morgan|compression|cookieParser|session|bodyParser\.\w+|rateLimit|pinoHttp|passport\.\w+)\(/.test(
          handler,
        )
      )
        continue;
      if (/^(?:express\.)?(?:static|serveStatic)\(/.test(handler)) found.mounts.push(path ?? "");
      else if (/^(?:(?:async\s*)?\(|function\b|async\s)/.test(handler)) break;
      else {
        const name = /^(\w+)(?:\.routes\(\))?$/.exec(handler)?.[1];
        if (name === undefined) open("a middleware that is computed");
        else found.included.push(name);
      }
    }
  }
  for (const [, rest] of calls(code, /@Controller\(/g)) {
    const args = callArguments(rest ?? "");
    const path =
      args.trim() === ""
        ? ""
        : (literal(args.trim()) ??
          (/\bpath\s*:/.test(args) ? literal(args.replace(/[\s\S]*?\bpath\s*:\s*/, "")) : null));
    if (path === null) open("a controller whose path is computed");
    else found.routerPrefixes.push(path);
  }
  for (const [, rest] of calls(code, /@(?:Get|Head|All|Post)\(/g)) {
    const args = callArguments(rest ?? "").trim();
    const path = args === "" ? "" : literal(args);
    if (path === null) open("a handler whose path is computed");
    else found.routes.push(path);
  }
  for (const [, rest] of calls(code, /\bsetGlobalPrefix\(/g)) {
    const path = literal((rest ?? "").trimStart());
    if (path === null) open("a global prefix that is computed");
    else found.prefixes.push(path);
    if (/\bexclude\b/.test(callArguments(rest ?? ""))) found.prefixes.push("");
  }
  if (
    /\.register\(|autoload|createTerminus|lightship|enableVersioning|createServer\(\s*(?:\(|async|function)|\bnext\(\{|\bRouterModule\b/i.test(
      code,
    )
  )
    open("a plugin or server that adds routes");
  return found;
}

/** The groups of each match, then the text behind it: a call's arguments may hold the next match. */
function* calls(code: string, pattern: RegExp): Generator<string[]> {
  for (const match of code.matchAll(pattern)) {
    const end = match.index + match[0].length;
    yield [...match, code.slice(end, end + 600)];
  }
}

/** The text up to the parenthesis that closes the call whose arguments begin the text. */
function callArguments(text: string): string {
  let depth = 0;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const unit = text.charAt(at);
    if (quote) {
      if (unit === "\\") at++;
      else if (unit === quote) quote = "";
    } else if (unit === '"' || unit === "'" || unit === "`") quote = unit;
    else if (unit === "(" || unit === "[" || unit === "{") depth++;
    else if (unit === ")" || unit === "]" || unit === "}") {
      if (depth === 0) return text.slice(0, at);
      depth--;
    }
  }
  return text;
}

/** A string literal without interpolation at the start of the text. */
function literal(text: string): string | null {
  const match = /^[rRuU]?(["'`])((?:(?!\1)[^\\\n])*)\1\s*(?:[,)\]}]|$)/.exec(text);
  return match && !(match[1] === "`" && match[2]?.includes("${")) ? (match[2] ?? "") : null;
}

/** The first argument, or the named one, when it is a literal. */
function firstText(rest: string, name: RegExp): string | null {
  const args = callArguments(rest).trimStart();
  const direct = literal(args);
  if (direct !== null) return direct;
  for (const [, key, value] of args.matchAll(/\b(\w+)\s*=\s*([^\n]{0,200})/g))
    if (name.test(key ?? "")) return literal(value ?? "");
  return null;
}

/** Adds the literal value of a keyword argument, "" without one; a computed value is open. */
function keyword(args: string, name: RegExp, into: string[], open: (what: string) => void): void {
  for (const [, key, value] of args.matchAll(/\b(\w+)\s*=\s*([^\n]{0,200})/g)) {
    if (!name.test(key ?? "")) continue;
    const text = literal((value ?? "").trim());
    if (text === null) open(`a ${key} that is computed`);
    else into.push(text);
    return;
  }
  into.push("");
}
