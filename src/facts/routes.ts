import { javascriptRoutes, noRoutes, pythonRoutes } from "../sources/routes.ts";
import type { Extractor } from "../types/facts.ts";

/** Routes that a Python file writes. */
export const pythonRoutesExtractor: Extractor<"python-routes"> = {
  kind: "python-routes",
  version: 1,
  extract(source) {
    const text = source.text();
    return /fastapi|starlette|flask|quart|aiohttp|urlpatterns|APIRouter|Blueprint/i.test(text)
      ? pythonRoutes(text)
      : noRoutes();
  },
};

/** Routes that a JavaScript or TypeScript file writes. */
export const javascriptRoutesExtractor: Extractor<"javascript-routes"> = {
  kind: "javascript-routes",
  version: 1,
  extract(source) {
    const text = source.text();
    return /express|koa|fastify|hono|@Controller|Router|setGlobalPrefix|@Get\(|createServer/.test(text)
      ? javascriptRoutes(text)
      : noRoutes();
  },
};
