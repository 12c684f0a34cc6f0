import { javascriptRoutes, pythonRoutes } from "../sources/routes.ts";
import type { Extractor } from "../types/facts.ts";
import type { RouteSyntax } from "../types/routes.ts";

function empty(text: string, words: RegExp): boolean {
  return !words.test(text);
}

const none: RouteSyntax = {
  routes: [],
  prefixes: [],
  routerPrefixes: [],
  mounts: [],
  included: [],
  routers: [],
  open: null,
};

/** Routes that a Python file writes. */
export const pythonRoutesExtractor: Extractor<"python-routes"> = {
  kind: "python-routes",
  version: 1,
  extract(source) {
    const text = source.text();
    return empty(text, /fastapi|starlette|flask|quart|aiohttp|urlpatterns|APIRouter|Blueprint/i)
      ? none
      : pythonRoutes(text);
  },
};

/** Routes that a JavaScript or TypeScript file writes. */
export const javascriptRoutesExtractor: Extractor<"javascript-routes"> = {
  kind: "javascript-routes",
  version: 1,
  extract(source) {
    const text = source.text();
    return empty(text, /express|koa|fastify|hono|@Controller|Router|setGlobalPrefix|@Get\(|createServer/)
      ? none
      : javascriptRoutes(text);
  },
};
