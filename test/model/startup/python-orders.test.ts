import { describe, expect, test } from "vitest";
import { judgeFiles } from "./world.ts";

const head = `import asyncio
import contextlib
import functools
import threading
from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor()


async def aa(*x): return object()


async def bb(*x): return object()


def sa(*x): return 1


def sb(*x): return 1


class Base:
    async def go(self):
        await aa()


class Thing(Base):
    def __init__(self):
        self.part = Part()

    async def __aenter__(self):
        await aa()
        return self

    async def __aexit__(self, *x): ...

    async def both(self):
        await super().go()
        await self.part.last()


class Part:
    async def last(self):
        await bb()


def make() -> Thing:
    return Thing()


@contextlib.asynccontextmanager
async def opened():
    await aa()
    yield 1


async def attempt(name, function, *rest):
    try:
        await function(*rest)
    except Exception as error:
        print(name, error)


async def handed(work):
    return await work


async def together(*work):
    return await asyncio.gather(*work)


def given():
    return asyncio.create_task(aa())


class Keeper:
    def start(self):
        self.task = asyncio.create_task(aa())

    async def wait(self):
        await self.task


@contextlib.asynccontextmanager
async def tolerant():
    try:
        yield
    except Exception as error:
        print(error)


@contextlib.asynccontextmanager
async def timed():
    try:
        yield
    finally:
        print("done")


def softened(f):
    @functools.wraps(f)
    async def inner(*x):
        try:
            return await f(*x)
        except Exception as error:
            print(error)

    return inner


def traced(f):
    @functools.wraps(f)
    async def inner(*x):
        return await f(*x)

    return inner


@softened
async def soft(): ...


@traced
async def hard(): ...


`;

/** Lines of a root's body, the entry, and what is expected: "" silent, else "reversed", "racing"… with the line within the body. */
const rows: [title: string, body: string, expected: string, entry?: string][] = [
  ["in order", "await aa()\nawait bb()", ""],
  ["reversed", "await bb()\nawait aa()", "1 error reversed"],
  ["absent is silent", "await bb()", ""],
  ["absent on all-paths", "await bb()", "1 error absent", "before: call aa, after: call bb, on: all-paths"],
  ["partial is silent", "if x:\n    await aa()\nawait bb()", ""],
  [
    "partial on all-paths",
    "if x:\n    await aa()\nawait bb()",
    "3 warning partial",
    "before: call aa, after: call bb, on: all-paths",
  ],
  [
    "both branches",
    "if x:\n    await aa()\nelse:\n    await aa()\nawait bb()",
    "",
    "before: call aa, after: call bb, on: all-paths",
  ],
  [
    "a branch that ends drops out",
    "if x:\n    return\nawait aa()\nawait bb()",
    "",
    "before: call aa, after: call bb, on: all-paths",
  ],
  [
    "a raise ends its branch",
    "if x:\n    raise ValueError\nelse:\n    await aa()\nawait bb()",
    "",
    "before: call aa, after: call bb, on: all-paths",
  ],
  ["B then return, A elsewhere", "if x:\n    return await bb()\nawait aa()\nawait bb()", ""],
  ["B then exit, A elsewhere", "import sys\nif x:\n    await bb()\n    sys.exit(1)\nawait aa()", ""],
  ["gather leaves members unordered", "await asyncio.gather(aa(), bb())", "1 error racing"],
  ["gather then B", "await asyncio.gather(aa(), sa_task())\nawait bb()", ""],
  ["a task that nobody joins", "t = asyncio.create_task(aa())\nawait bb()", "2 error racing"],
  ["a joined task", "t = asyncio.create_task(aa())\nawait t\nawait bb()", ""],
  ["tasks joined by gather", "ts = [asyncio.create_task(aa())]\nawait asyncio.gather(*ts)\nawait bb()", ""],
  [
    "tasks appended and joined",
    "ts = []\nts.append(asyncio.create_task(aa()))\nawait asyncio.gather(*ts)\nawait bb()",
    "",
  ],
  ["a task group waits at its end", "async with asyncio.TaskGroup() as tg:\n    tg.create_task(aa())\nawait bb()", ""],
  [
    "inside a task group",
    "async with asyncio.TaskGroup() as tg:\n    tg.create_task(aa())\n    await bb()",
    "3 error racing",
  ],
  ["coroutines held in a list", "jobs = [aa()]\nawait asyncio.gather(*jobs)\nawait bb()", ""],
  ["a coroutine held and awaited late", "c = aa()\nawait bb()\nawait c", "2 error reversed"],
  ["wait_for", "await asyncio.wait_for(aa(), 1)\nawait bb()", ""],
  ["shield", "await asyncio.shield(aa())\nawait bb()", ""],
  ["to_thread", "await asyncio.to_thread(sa, 1)\nsb()", "", "before: call sa, after: call sb"],
  ["to_thread reversed", "sb()\nawait asyncio.to_thread(sa, 1)", "1 error reversed", "before: call sa, after: call sb"],
  ["partial function", "f = functools.partial(sa, 1)\nf()\nsb()", "", "before: call sa, after: call sb"],
  [
    "a thread is racing",
    "threading.Thread(target=sa).start()\nsb()",
    "2 error racing",
    "before: call sa, after: call sb",
  ],
  ["suppress is a handler", "with contextlib.suppress(Exception):\n    await aa()\nawait bb()", ""],
  [
    "try, attempted",
    "try:\n    await aa()\nexcept Exception:\n    pass\nawait bb()",
    "",
    "before: call aa, after: call bb, on: all-paths",
  ],
  [
    "try, succeeded",
    "try:\n    await aa()\nexcept Exception:\n    pass\nawait bb()",
    "5 warning partial",
    "before: call aa, after: call bb, on: all-paths, completed: succeeded",
  ],
  [
    "handler re-raises",
    "try:\n    await aa()\nexcept Exception:\n    raise\nawait bb()",
    "",
    "before: call aa, after: call bb, on: all-paths, completed: succeeded",
  ],
  ["handlers replay", "try:\n    await aa()\n    await bb()\nexcept Exception:\n    await bb()\n    await aa()", ""],
  ["finally", "try:\n    await bb()\nfinally:\n    await aa()", "2 error reversed"],
  ["a loop runs", "for i in y:\n    await aa()\nawait bb()", "", "before: call aa, after: call bb, on: all-paths"],
  [
    "a loop may run zero times",
    "for i in y:\n    await aa()\nawait bb()",
    "3 warning partial",
    "before: call aa, after: call bb, on: all-paths, zero-iterations: true",
  ],
  ["the next round is later, but the last was before", "for i in y:\n    await bb()\n    await aa()", ""],
  [
    "retry until it works",
    "while True:\n    try:\n        await aa()\n        break\n    except OSError:\n        pass\nawait bb()",
    "",
    "before: call aa, after: call bb, on: all-paths",
  ],
  ["a literal table unrolls", "for n, f in [('a', aa), ('b', bb)]:\n    await f()", ""],
  ["a literal table reversed", "for n, f in [('b', bb), ('a', aa)]:\n    await f()", "2 error reversed"],
  [
    "a row of a table that a helper runs",
    "for n, f in [\n    ('b', bb),\n    ('a', aa),\n]:\n    await attempt(n, f)",
    "5 error reversed",
  ],
  ["a table in a comprehension", "await asyncio.gather(*[f() for f in (aa,)])\nawait bb()", ""],
  ["a mapping of steps", "for n, f in {'b': bb, 'a': aa}.items():\n    await f()", "2 error reversed"],
  ["a function that is handed on", "await attempt('b', bb)\nawait attempt('a', aa)", "1 error reversed"],
  ["a function that is handed on, in order", "await attempt('a', aa)\nawait attempt('b', bb)", ""],
  ["a coroutine that is handed on", "await handed(aa())\nawait bb()", ""],
  ["coroutines that are handed on, reversed", "await handed(bb())\nawait handed(aa())", "1 error reversed"],
  ["coroutines that are handed on together", "await together(aa(), sa_task())\nawait bb()", ""],
  ["coroutines that were appended", "cs = []\ncs.append(aa())\nawait asyncio.gather(*cs)\nawait bb()", ""],
  [
    "appended coroutines run where they are gathered",
    "cs = []\ncs.append(aa())\nawait bb()\nawait asyncio.gather(*cs)",
    "3 error reversed",
  ],
  ["a task kept in a mapping", "ts = {'a': asyncio.create_task(aa())}\nawait ts['a']\nawait bb()", ""],
  [
    "tasks of a mapping",
    "ts = {}\nts['a'] = asyncio.create_task(aa())\nawait asyncio.gather(*ts.values())\nawait bb()",
    "",
  ],
  ["tasks of a set", "ts = set()\nts.add(asyncio.create_task(aa()))\nawait asyncio.wait(ts)\nawait bb()", ""],
  ["a task that a function gave", "t = given()\nawait t\nawait bb()", ""],
  ["a task that a function gave and nobody awaits", "t = given()\nawait bb()", "2 error racing"],
  ["a task kept by an object and awaited by it", "k = Keeper()\nk.start()\nawait k.wait()\nawait bb()", ""],
  ["a task kept by an object", "k = Keeper()\nk.start()\nawait bb()", "3 error racing"],
  [
    "a signal may say that it is done",
    "e = asyncio.Event()\nasyncio.create_task(aa(e))\nawait e.wait()\nawait bb()",
    "",
  ],
  ["sleeping waits for nobody", "asyncio.create_task(aa())\nawait asyncio.sleep(1)\nawait bb()", "3 error racing"],
  [
    "a thread that is joined",
    "t = threading.Thread(target=sa)\nt.start()\nt.join()\nsb()",
    "",
    "before: call sa, after: call sb",
  ],
  [
    "joining words waits for nobody",
    "t = threading.Thread(target=sa)\nt.start()\n','.join(x)\nsb()",
    "4 error racing",
    "before: call sa, after: call sb",
  ],
  ["a future's result", "f = pool.submit(sa)\nf.result()\nsb()", "", "before: call sa, after: call sb"],
  ["work handed to a pool", "pool.submit(sa)\nsb()", "2 error racing", "before: call sa, after: call sb"],
  [
    "leaving a pool waits",
    "with ThreadPoolExecutor() as p:\n    p.submit(sa)\nsb()",
    "",
    "before: call sa, after: call sb",
  ],
  [
    "entered on a stack",
    "async with contextlib.AsyncExitStack() as s:\n    await s.enter_async_context(opened())\n    await bb()",
    "",
  ],
  [
    "entered on a stack, late",
    "async with contextlib.AsyncExitStack() as s:\n    await bb()\n    await s.enter_async_context(opened())",
    "2 error reversed",
  ],
  ["methods, super, fields", "t = Thing()\nawait t.both()", ""],
  ["a factory's annotation", "await bb()\nawait make().go()", "1 error reversed"],
  ["entering an instance", "async with Thing() as t:\n    await bb()", ""],
  ["entering a context function", "async with opened():\n    await bb()", ""],
  ["a context function after", "await bb()\nasync with opened():\n    pass", "1 error reversed"],
  ["nested functions", "async def inner():\n    await aa()\nawait bb()\nawait inner()", "3 error reversed"],
  ["a lambda", "f = lambda: sa()\nsb()\nf()", "2 error reversed", "before: call sa, after: call sb"],
  ["conditional expression", "x = (await aa()) if y else None\nawait bb()", ""],
  ["an unresolved call could have run it", "registry.run(aa)\nawait bb()\nawait aa()", "2 warning unknown"],
  ["two befores", "await aa()\nsb()\nsa()", "2 error reversed", "before: [call aa, call sa], after: call sb"],
  [
    "assign",
    "app.state.ready = True\nawait aa()",
    "1 error reversed",
    'before: call aa, after: "assign state.ready=True"',
  ],
  [
    "assign of another value",
    "app.state.ready = False\nawait aa()",
    "",
    'before: call aa, after: "assign state.ready=True"',
  ],
  ["new", "await bb()\nThing()", "1 error reversed", "before: new Thing, after: call bb"],
  ["last among", "await bb()\nawait aa()", "2 error last", "last: call bb, among: [call aa]"],
  ["last among, some path", "if x:\n    await bb()\nawait aa()", "3 warning last", "last: call bb, among: [call aa]"],
  ["a function by another name", "first = sa\nsb()\nfirst()", "2 error reversed", "before: call first, after: call sb"],
  ["once", "await aa()\nawait aa()", "2 error repeated", "once: call aa"],
  ["once per branch", "if x:\n    await aa()\nelse:\n    await aa()", "", "once: call aa"],
  [
    "once, after branches that do it each",
    "if x:\n    sa()\nelse:\n    sa()\nsa()",
    "5 error repeated",
    "once: call sa",
  ],
  ["awaited", "aa()\nawait bb()", "1 error unawaited", "awaited: call aa"],
  ["awaited through a task", "t = asyncio.create_task(aa())\nawait bb()\nawait t", "", "awaited: call aa"],
  ["a task is never awaited", "t = asyncio.create_task(aa())\nawait bb()", "1 error unawaited", "awaited: call aa"],
  ["exists", "await bb()", "0 error absent", "exists: call aa"],
  ["exists on a path", "if x:\n    await aa()", "", "exists: call aa"],
  ["optional", "await aa()", "1 error unguarded", "optional: call aa"],
  [
    "optional in gather with return_exceptions",
    "await asyncio.gather(aa(), return_exceptions=True)",
    "",
    "optional: call aa",
  ],
  ["optional in gather", "await asyncio.gather(aa(), bb())", "1 error unguarded", "optional: call aa"],
  [
    "optional, handler for imports only",
    "try:\n    await aa()\nexcept ImportError:\n    pass",
    "2 error unguarded",
    "optional: call aa",
  ],
  [
    "optional, handler re-raises",
    "try:\n    await aa()\nexcept Exception:\n    raise",
    "2 error unguarded",
    "optional: call aa",
  ],
  ["optional in a task that nobody awaits", "t = asyncio.create_task(aa())", "", "optional: call aa"],
  [
    "optional in a task that is awaited",
    "t = asyncio.create_task(aa())\nawait t",
    "1 error unguarded",
    "optional: call aa",
  ],
  ["optional through a helper", "await attempt('a', aa)", "", "optional: call aa"],
  ["optional in a thread", "threading.Thread(target=sa).start()", "", "optional: call sa"],
  [
    "optional, handler that may end well",
    "try:\n    await aa()\nexcept Exception:\n    if x:\n        return\n    raise",
    "",
    "optional: call aa",
  ],
  ["optional inside a tolerant context", "async with tolerant():\n    await aa()", "", "optional: call aa"],
  ["optional inside a timing context", "async with timed():\n    await aa()", "2 error unguarded", "optional: call aa"],
  ["optional behind a tolerant decorator", "await soft()", "", "optional: call soft"],
  ["optional behind a decorator that lets through", "await hard()", "1 error unguarded", "optional: call hard"],
];

const words: Record<string, string> = {
  reversed: "runs before",
  racing: "not waited for",
  partial: "on some paths",
  absent: "",
  unknown: "unless",
  last: "wants",
  repeated: "second time",
  unawaited: "never waited for",
  unguarded: "can stop the start-up",
};

describe("declared orders in Python", () => {
  test.each(rows)("%s", async (_, body, expected, entry = "before: call aa, after: call bb") => {
    const root = `async def root(app, x, y, registry):\n${body
      .split("\n")
      .map((line) => `    ${line}`)
      .join("\n")}\n`;
    const first = head.split("\n").length;
    const found = await judgeFiles({
      "predeploy.yml": `startup:\n  - { root: "boot.py:root", ${entry} }\n`,
      "boot.py": head + root,
    });
    if (expected === "") {
      expect(found).toEqual([]);
      return;
    }
    expect(found).toHaveLength(1);
    const [line, level, verdict] = expected.split(" ");
    expect(found[0]).toContain(`boot.py:${first + Number(line)} ${level}`);
    expect(found[0]).toContain(words[verdict ?? ""] ?? "");
  });
});

test.each([
  ["import jobs\n\n\n", "jobs.py:6 error"],
  ["", ""],
])("handlers run in the order in which their modules registered them: %j before", async (before, expected) => {
  const handler = (name: string, call: string) => `@app.on_event("startup")\nasync def ${name}():\n    ${call}()\n`;
  const found = await judgeFiles({
    "predeploy.yml": "startup:\n  - { root: auto, before: call connect, after: call consume }\n",
    Procfile: "web: uvicorn main:app\n",
    "core.py": "from fastapi import FastAPI\n\napp = FastAPI()\n\n\ndef connect(): ...\n\n\ndef consume(): ...\n",
    "jobs.py": `from core import app, consume\n\n\n${handler("work", "consume")}`,
    "main.py": `from core import app, connect\n${before}${handler("open", "connect")}\nimport jobs\n`,
  });
  expect(found.map((one) => one.slice(0, 15))).toEqual(expected === "" ? [] : [expected]);
});

describe("applications of Django, whose `ready` runs in the order of INSTALLED_APPS", () => {
  const rows: [string, string][] = [
    ["one list", 'INSTALLED_APPS = ["django.contrib.admin", "mail", "shop"]\n'],
    ["lists put together", 'OWN = ["mail.apps.MailConfig", "shop"]\nINSTALLED_APPS = ["django.contrib.admin"] + OWN\n'],
    ["a list that is added to", 'INSTALLED_APPS = ["mail"]\nINSTALLED_APPS += ["shop"]\n'],
    ["the list of other settings", 'from .base import *\n\nINSTALLED_APPS = ["whitenoise", *INSTALLED_APPS]\n'],
    ["the list of other settings, added to", 'from .base import *\n\nINSTALLED_APPS += ["whitenoise"]\n'],
  ];
  test.each(rows)("%s", async (_, settings) => {
    const config = (name: string, call: string) =>
      `from django.apps import AppConfig\nfrom parts import ${call}\n\n\nclass ${name}(AppConfig):\n    def ready(self):\n        ${call}()\n`;
    const found = await judgeFiles({
      "predeploy.yml": "startup: [{ before: call aa, after: call bb }]\n",
      Dockerfile: 'FROM python:3.13-slim\nWORKDIR /srv\nCOPY . .\nCMD ["gunicorn", "site1.wsgi"]\n',
      "site1/__init__.py": "",
      "site1/base.py": 'INSTALLED_APPS = ["mail", "shop"]\n',
      "site1/settings.py": settings,
      "site1/wsgi.py":
        'import os\nfrom django.core.wsgi import get_wsgi_application\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings")\napplication = get_wsgi_application()\n',
      "mail/__init__.py": "",
      "mail/apps.py": config("MailConfig", "bb"),
      "shop/__init__.py": "",
      "shop/apps.py": config("ShopConfig", "aa"),
      "parts.py": "def aa(): ...\n\n\ndef bb(): ...\n",
    });
    expect(found.map((one) => one.split(" ").slice(0, 2).join(" "))).toEqual(["mail/apps.py:7 error"]);
  });
});
