import { expect, test } from "vitest";
import { closureOf, levelsOf, missesOf } from "../../support/closure.ts";

const lazy = "def work():\n    import extra\n";

test.each<[string, Record<string, string>, Record<string, string>]>([
  [
    "imports of module level",
    { "main.py": "import a\nfrom b import c\n", "a.py": "", "b/__init__.py": "c = 1\n" },
    { "a.py": "start-up", "b/__init__.py": "start-up" },
  ],
  [
    "parents run first, submodules by name",
    { "main.py": "from p.q import r\n", "p/__init__.py": "", "p/q/__init__.py": "", "p/q/r.py": "" },
    { "p/__init__.py": "start-up", "p/q/__init__.py": "start-up", "p/q/r.py": "start-up" },
  ],
  [
    "a package beats a module of the same name",
    { "main.py": "import a\n", "a.py": "", "a/__init__.py": "" },
    { "a/__init__.py": "start-up" },
  ],
  ["namespace packages", { "main.py": "from app.x import y\n", "app/x.py": "y = 1\n" }, { "app/x.py": "start-up" }],
  ["a call from module level", { "main.py": `${lazy}work()\n`, "extra.py": "" }, { "extra.py": "start-up" }],
  ["a function that nothing calls", { "main.py": lazy, "extra.py": "" }, { "extra.py": "call" }],
  [
    "a call of another module's function",
    { "main.py": "import w\nw.work()\n", "w.py": lazy, "extra.py": "" },
    { "w.py": "start-up", "extra.py": "start-up" },
  ],
  [
    "a call through a re-export and an alias",
    {
      "main.py": "from p import run as go\ngo()\n",
      "p/__init__.py": "from .w import work as run\n",
      "p/w.py": lazy,
      "extra.py": "",
    },
    { "p/__init__.py": "start-up", "p/w.py": "start-up", "extra.py": "start-up" },
  ],
  [
    "a call after return",
    { "main.py": "def f():\n    return 1\n    import extra\nf()\n", "extra.py": "" },
    { "extra.py": "call" },
  ],
  [
    "self.method through a base",
    {
      "main.py": "from w import A\nclass B(A):\n    def __init__(self):\n        self.work()\nB()\n",
      "w.py": "class A:\n    def work(self):\n        import extra\n",
      "extra.py": "",
    },
    { "w.py": "start-up", "extra.py": "start-up" },
  ],
  [
    "super().__init__",
    {
      "main.py":
        "class A:\n    def __init__(self):\n        import extra\nclass B(A):\n    def __init__(self):\n        super().__init__()\nB()\n",
      "extra.py": "",
    },
    { "extra.py": "start-up" },
  ],
  [
    "x = C(); x.m()",
    {
      "main.py": "class C:\n    def m(self):\n        import extra\ndef f():\n    x = C()\n    x.m()\nf()\n",
      "extra.py": "",
    },
    { "extra.py": "start-up" },
  ],
  [
    "self.a = C() assigned once",
    {
      "main.py":
        "class C:\n    def m(self):\n        import extra\nclass D:\n    def __init__(self):\n        self.c = C()\n    def go(self):\n        self.c.m()\nD().go()\n",
      "extra.py": "",
    },
    { "extra.py": "start-up" },
  ],
  [
    "self.a assigned twice is unknown",
    {
      "main.py":
        "class C:\n    def m(self):\n        import extra\nclass D:\n    def __init__(self):\n        self.c = C()\n        self.c = object()\n    def go(self):\n        self.c.m()\nD().go()\n",
      "extra.py": "",
    },
    { "extra.py": "call" },
  ],
  [
    "a return annotation",
    {
      "main.py": "class C:\n    def m(self):\n        import extra\ndef make() -> 'C | None': ...\nmake().m()\n",
      "extra.py": "",
    },
    { "extra.py": "start-up" },
  ],
  [
    "a parameter annotation",
    {
      "main.py":
        "from typing import Optional\nclass C:\n    def m(self):\n        import extra\ndef f(c: Optional[C] = None):\n    c.m()\nf()\n",
      "extra.py": "",
    },
    { "extra.py": "start-up" },
  ],
  [
    "no guess by a unique method name",
    {
      "main.py": "class C:\n    def very_rare(self):\n        import extra\ndef f(c):\n    c.very_rare()\nf(1)\n",
      "extra.py": "",
    },
    { "extra.py": "call" },
  ],
  [
    "asyncio.run, create_task, gather",
    {
      "main.py":
        "import asyncio\nasync def a():\n    import x\nasync def b():\n    import y\nasync def main():\n    asyncio.create_task(a())\n    await asyncio.gather(b())\nasyncio.run(main())\n",
      "x.py": "",
      "y.py": "",
    },
    { "x.py": "start-up", "y.py": "start-up" },
  ],
  [
    "partial and a function that is handed on",
    {
      "main.py":
        "from functools import partial\ndef work():\n    import extra\ndef attempt(name, f):\n    f()\nattempt('x', partial(work))\n",
      "extra.py": "",
    },
    { "extra.py": "start-up" },
  ],
  [
    "a table of functions",
    {
      "main.py": "def a():\n    import x\ndef b():\n    import y\nfor name, f in [('a', a), ('b', b)]:\n    f()\n",
      "x.py": "",
      "y.py": "",
    },
    { "x.py": "start-up", "y.py": "start-up" },
  ],
  [
    "a decorator of the repository",
    {
      "main.py":
        "def deco(f):\n    import x\n    def inner():\n        import y\n        f()\n    return inner\n@deco\ndef g():\n    import z\ng()\n",
      "x.py": "",
      "y.py": "",
      "z.py": "",
    },
    { "x.py": "start-up", "y.py": "start-up", "z.py": "start-up" },
  ],
  [
    "nested functions",
    { "main.py": "def outer():\n    def inner():\n        import extra\n    inner()\nouter()\n", "extra.py": "" },
    { "extra.py": "start-up" },
  ],
  [
    "a conditional definition is unknown",
    {
      "main.py":
        "import sys\nif sys.argv:\n    def f():\n        import x\nelse:\n    def f():\n        import y\nf()\n",
      "x.py": "",
      "y.py": "",
    },
    { "x.py": "call", "y.py": "call" },
  ],
  [
    "the lifespan up to its first yield",
    {
      "main.py":
        "from contextlib import asynccontextmanager\nfrom fastapi import FastAPI\n@asynccontextmanager\nasync def lifespan(app):\n    import before\n    try:\n        import tried\n        yield\n        import late\n    finally:\n        import after\napp = FastAPI(lifespan=lifespan)\n",
      "before.py": "",
      "tried.py": "",
      "late.py": "",
      "after.py": "",
    },
    { "before.py": "start-up", "tried.py": "start-up", "late.py": "call", "after.py": "call" },
  ],
  ["a factory", { "main.py": "def create_app():\n    import extra\n", "extra.py": "" }, { "extra.py": "call" }],
  [
    "on_event and on_startup",
    {
      "main.py":
        "from fastapi import FastAPI\nasync def boot():\n    import x\napp = FastAPI(on_startup=[boot])\n@app.on_event('startup')\nasync def go():\n    import y\n@app.on_event('shutdown')\nasync def stop():\n    import z\n",
      "x.py": "",
      "y.py": "",
      "z.py": "",
    },
    { "x.py": "start-up", "y.py": "start-up", "z.py": "call" },
  ],
  [
    "Celery signals and includes",
    {
      "main.py":
        "from celery import Celery\nfrom celery.signals import worker_init\napp = Celery('x', include=['jobs.mail'])\n@worker_init.connect\ndef boot(**kw):\n    import x\n",
      "x.py": "",
      "jobs/mail.py": "",
    },
    { "x.py": "start-up", "jobs/mail.py": "start-up" },
  ],
  [
    "__main__ only when run as such",
    { "main.py": "if __name__ == '__main__':\n    import extra\n", "extra.py": "" },
    {},
  ],
  [
    "guarded imports and calls",
    {
      "main.py":
        "try:\n    import a\nexcept ImportError:\n    a = None\ndef f():\n    import b\ntry:\n    f()\nexcept Exception:\n    print('off')\n",
      "a.py": "import c\n",
      "b.py": "",
      "c.py": "",
    },
    { "a.py": "guarded", "b.py": "call", "c.py": "guarded" },
  ],
  [
    "a handler that raises guards nothing",
    { "main.py": "try:\n    import a\nexcept ImportError as e:\n    raise RuntimeError from e\n", "a.py": "" },
    { "a.py": "start-up" },
  ],
  [
    "suppress",
    { "main.py": "import contextlib\nwith contextlib.suppress(ImportError):\n    import a\n", "a.py": "" },
    { "a.py": "guarded" },
  ],
  [
    "the strongest chain counts",
    { "main.py": "try:\n    import a\nexcept ImportError:\n    pass\nimport b\n", "a.py": "", "b.py": "import a\n" },
    { "a.py": "start-up", "b.py": "start-up" },
  ],
  [
    "type checking",
    { "main.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\n", "a.py": "" },
    {},
  ],
  [
    "imports of the other platform",
    { "main.py": "import sys\nif sys.platform == 'win32':\n    import a\n", "a.py": "" },
    {},
  ],
  [
    "dynamic imports",
    {
      "main.py": "import importlib\nfor name in ['jobs.a', 'jobs.b']:\n    importlib.import_module(name)\n",
      "jobs/a.py": "",
      "jobs/b.py": "",
    },
    { "jobs/a.py": "start-up", "jobs/b.py": "start-up" },
  ],
  [
    "sys.path.insert with a literal",
    {
      "main.py": "import os, sys\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), 'lib'))\nimport a\n",
      "lib/a.py": "",
    },
    { "lib/a.py": "start-up" },
  ],
  [
    "a server started by its own code",
    {
      "main.py": "import uvicorn\nif __name__ == '__main__':\n    uvicorn.run('web.app:app', reload=True)\n",
      "web/app.py": "",
    },
    {},
  ],
  [
    "two files of equal content stay apart",
    {
      "main.py": "import a\nimport b\na.f()\nb.f()\n",
      "a.py": "def f():\n    from . import x\n",
      "b.py": "def f():\n    from . import x\n",
      "x.py": "",
    },
    { "a.py": "start-up", "b.py": "start-up", "x.py": "start-up" },
  ],
])("%s", async (_, files, levels) => {
  expect(levelsOf(await closureOf(files))).toEqual(levels);
});

test("run as a script: __main__, and the server that it starts", async () => {
  const files = {
    "main.py": "import uvicorn\nif __name__ == '__main__':\n    uvicorn.run('web.app:app')\n",
    "web/app.py": "",
  };
  expect(levelsOf(await closureOf(files, { kind: "main", module: null }))).toEqual({ "web/app.py": "start-up" });
});

test("a factory that the server calls", async () => {
  const files = { "main.py": "def create_app():\n    import extra\n", "extra.py": "" };
  const closure = await closureOf(files, { attribute: "create_app", factory: true });
  expect(levelsOf(closure)).toEqual({ "extra.py": "start-up" });
  expect(closure.modules.find((one) => one.path === "extra.py")?.chain.map((step) => step.what)).toEqual([
    "starts main:app",
    "calls create_app()",
    "imports extra",
  ]);
});

test("Django: settings, installed applications, AppConfig.ready", async () => {
  const closure = await closureOf(
    {
      "main.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site_.settings')\n",
      "site_/settings.py":
        "DATABASES = {}\nLOCAL = ['shop']\nINSTALLED_APPS = ['django.contrib.admin'] + LOCAL + ['blog.apps.BlogConfig']\n",
      "shop/__init__.py": "",
      "shop/models.py": "",
      "blog/__init__.py": "",
      "blog/apps.py":
        "from django.apps import AppConfig\nclass BlogConfig(AppConfig):\n    def ready(self):\n        from . import signals\n",
      "blog/signals.py": "",
    },
    { kind: "main" },
  );
  expect(levelsOf(closure)).toEqual({
    "site_/settings.py": "start-up",
    "shop/__init__.py": "start-up",
    "shop/models.py": "start-up",
    "blog/__init__.py": "start-up",
    "blog/apps.py": "start-up",
    "blog/signals.py": "start-up",
  });
});

test.each<[string, Record<string, string>, string[]]>([
  [
    "a module of a package that is ours",
    { "main.py": "import app.missing\n", "app/__init__.py": "" },
    ["main.py:1 app.missing module start-up"],
  ],
  [
    "a name that its module does not bind",
    { "main.py": "from app import helper\n", "app/__init__.py": "helpers = 1\n" },
    ["main.py:1 app.helper name start-up"],
  ],
  ["other distributions", { "main.py": "import numpy\nfrom fastapi import FastAPI\n" }, []],
  [
    "a folder that shares a distribution's name",
    { "main.py": "from alembic import op\nimport redis.asyncio\n", "alembic/env.py": "", "redis/redis.conf": "" },
    [],
  ],
  [
    "a namespace package that is ours",
    { "main.py": "import app.a\nimport app.b\n", "app/a.py": "" },
    ["main.py:2 app.b module start-up"],
  ],
  ["names of a star import", { "main.py": "from a import x\n", "a.py": "from b import *\n", "b.py": "x = 1\n" }, []],
  [
    "module __getattr__",
    { "main.py": "from a import x\n", "a.py": "def __getattr__(name):\n    return 1\n" },
    ["main.py:1 a.x unknown start-up"],
  ],
  [
    "names set while running",
    {
      "main.py": "from a import x\nfrom b import y\n",
      "a.py": "globals()['x'] = 1\n",
      "b.py": "def f():\n    global y\n    y = 1\n",
    },
    ["main.py:1 a.x unknown start-up"],
  ],
  [
    "conditional names",
    {
      "main.py": "from a import x, y, z, w\n",
      "a.py": "try:\n    x = 1\nexcept E as e:\n    y = 2\nfor z in []:\n    with o as (w, v):\n        pass\n",
    },
    [],
  ],
  [
    "compiled and generated modules",
    {
      "main.py": "import app.fast\nfrom app import x_pb2\nfrom app._version import v\n",
      "app/__init__.py": "",
      "app/fast.pyx": "",
    },
    [
      "main.py:1 app.fast unknown start-up",
      "main.py:2 app.x_pb2 unknown start-up",
      "main.py:3 app._version unknown start-up",
    ],
  ],
  [
    "relative imports",
    {
      "main.py": "import app.a\n",
      "app/__init__.py": "",
      "app/a.py": "from . import b\nfrom .c import d\nfrom .. import e\n",
    },
    ["app/a.py:1 .b name start-up", "app/a.py:2 .c module start-up", "app/a.py:3 ..e module start-up"],
  ],
  [
    "guarded misses keep their level",
    {
      "main.py":
        "try:\n    from app import missing\nexcept ModuleNotFoundError:\n    pass\ntry:\n    import app.other\nexcept ImportError:\n    pass\n",
      "app/__init__.py": "",
    },
    ["main.py:2 app.missing name start-up", "main.py:6 app.other module guarded"],
  ],
  [
    "by the version of Python one of two branches runs",
    {
      "main.py":
        "import sys\nif sys.version_info >= (3, 11):\n    import tomllib\nelse:\n    from app import tomllib\nif sys.version_info < (3,):\n    import app.two\nimport app.gone\n",
      "app/__init__.py": "",
    },
    ["main.py:8 app.gone module start-up"],
  ],
  [
    "sys.path changed in an unknown way",
    { "main.py": "import sys\nsys.path.insert(0, find())\nimport app.missing\n", "app/__init__.py": "" },
    ["main.py:3 app.missing unknown start-up"],
  ],
])("misses: %s", async (_, files, misses) => {
  expect(missesOf(await closureOf(files))).toEqual(misses);
});

test("packages behind links are read where they lie, and those behind links out of the tree or in submodules are unknown", async () => {
  const closure = await closureOf(
    {
      "api/main.py": `import api.common.log
from api.common import up, gone
import common.log
import api.out.x
import api.sub.y
`,
      "api/__init__.py": "",
      "api/common": { target: "../libs/common" },
      "api/out": { target: "../../elsewhere" },
      "api/sub": { kind: "submodule" },
      "api/settings.py": "X = 1\n",
      common: { target: "api/common" },
      "libs/common/__init__.py": "",
      "libs/common/log.py": "from .names import A\n",
      "libs/common/names.py": "A = 1\n",
      "libs/common/up.py": "from ..settings import X\n",
    },
    { path: "api/main.py", module: "api.main", written: "api.main:app" },
  );
  expect(Object.keys(levelsOf(closure))).toEqual(
    expect.arrayContaining(["libs/common/__init__.py", "libs/common/log.py", "libs/common/names.py"]),
  );
  expect(missesOf(closure)).toEqual([
    "api/main.py:2 api.common.gone name start-up",
    "api/main.py:4 api.out.x unknown start-up",
    "api/main.py:5 api.sub.y unknown start-up",
    "libs/common/up.py:1 ..settings unknown start-up",
  ]);
});

test("data files named by literals at start-up", async () => {
  const closure = await closureOf({
    "main.py":
      "from pathlib import Path\nfrom fastapi.templating import Jinja2Templates\nBASE = Path(__file__).resolve().parent\nschema = (BASE / 'sql' / 'schema.sql').read_text()\ntemplates = Jinja2Templates(directory='templates')\nopen('out.log', 'w')\ndef f():\n    open('late.txt')\n",
    "sql/schema.sql": "",
    "templates/a.html": "",
    "out.log": "",
    "late.txt": "",
  });
  expect(closure.dataFiles.map((one) => [one.path, one.directory, one.at.start.line])).toEqual([
    ["sql/schema.sql", false, 4],
    ["templates", true, 5],
  ]);
});
