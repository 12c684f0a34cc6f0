import fc from "fast-check";
import { expect, test } from "vitest";
import { together } from "../../src/model/routes.ts";
import { javascriptRoutes, pythonRoutes } from "../../src/sources/routes.ts";

const python = (...texts: string[]) => together(texts.map(pythonRoutes));
const javascript = (...texts: string[]) => together(texts.map(javascriptRoutes));

test.each<[string, ReturnType<typeof together>, string[]]>([
  [
    "Flask, with converters",
    python('app = Flask(__name__)\n@app.route("/health")\ndef h(): ...\n@app.route("/u/<int:id>/")\ndef u(): ...\n'),
    ["/health", "/u/*"],
  ],
  [
    "a blueprint under a prefix",
    python(
      'bp = Blueprint("x", __name__, url_prefix="/x")\n@bp.get("/y")\ndef y(): ...\n',
      "app.register_blueprint(bp)\n",
    ),
    ["/x/y"],
  ],
  [
    "Django, an include",
    python(
      'urlpatterns = [path("health/", view), path("api/", include("api.urls"))]\n',
      'urlpatterns = [path("items/<int:pk>/", view)]\n',
    ),
    ["/health", "/api/items/*"],
  ],
  [
    "Express, a router under a prefix",
    javascript(
      'const router = express.Router();\nrouter.get("/ready", f);\n',
      'app.use("/api", router);\napp.get("/health", (q, s) => s.send("ok"));\n',
    ),
    ["/health", "/api/ready"],
  ],
  [
    "Nest, with a global prefix",
    javascript(
      '@Controller("health")\nclass H { @Get("live") live() {} @Get() all() {} }\n',
      'app.setGlobalPrefix("api");\n',
    ),
    ["/api/health/live", "/api/health"],
  ],
])("%s", (_, set, expected) => {
  expect(set.open).toBeNull();
  expect(set.paths).toEqual(expect.arrayContaining(expected));
});

test.each([
  ["a computed prefix", python("app.include_router(router, prefix=settings.prefix)\nrouter = APIRouter()\n")],
  ["a computed path", python("@app.get(PATH)\ndef h(): ...\n")],
  ["a catch-all", python('@app.get("/{rest:path}")\ndef h(): ...\n')],
  ["somebody else's router", python("router = APIRouter()\napp.include_router(their_endpoints)\n")],
  ["regular expressions", python('urlpatterns = [re_path(r"^x$", view)]\n')],
  ["a middleware that may answer", javascript("app.use(createHealth());\n")],
  ["plugins", javascript("fastify.register(routes);\n")],
])("%s leaves the set open", (_, set) => {
  expect(set.open).not.toBeNull();
});

test("any text gives an answer", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "@app.get(",
      '"/x"',
      "(",
      ")",
      "app.use(",
      "FastAPI(",
      "prefix=",
      "urlpatterns",
      "path(",
      "\n",
      ",",
      "`",
      "@Controller(",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join("");
      expect(
        together([pythonRoutes(text), javascriptRoutes(text)]).paths.every(
          (path) => path === "" || path.startsWith("/"),
        ),
      ).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
