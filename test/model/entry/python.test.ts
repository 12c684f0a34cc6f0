import { expect, test } from "vitest";
import { entryPointsOf, type ProcessInput, summary } from "./processes.ts";

const app = [
  "app/__init__.py",
  "app/main.py",
  "app/worker.py",
  "app/tasks/__init__.py",
  "manage.py",
  "wsgi.py",
  "gunicorn.conf.py",
  "app/api/settings.py",
];

const rows: [
  title: string,
  input: Omit<ProcessInput, "files"> & { files?: ProcessInput["files"] },
  expected: string[],
][] = [
  ["a file", { cmd: ["python", "-u", "app/main.py"] }, ["process app/main.py → app/main.py"]],
  [
    "flags with values",
    { cmd: ["python3.12", "-X", "dev", "-W", "ignore", "manage.py"] },
    ["process manage.py → manage.py"],
  ],
  ["a module", { cmd: ["python", "-m", "app.worker"] }, ["process app.worker (app.worker) → app/worker.py"]],
  [
    "a package with __main__",
    { cmd: ["python", "-m", "app"], files: ["app/__init__.py", "app/__main__.py"] },
    ["process app (app) → app/__main__.py"],
  ],
  ["a third-party module", { cmd: ["python", "-m", "http.server"] }, []],
  ["its version, and no program", { cmd: ["python", "--version", "manage.py"] }, []],
  [
    "code on the command line",
    { cmd: ["python", "-c", "import sys; from app.worker import run; run()"] },
    ["process app.worker (app.worker) → app/worker.py"],
  ],
  [
    "the runtime of AWS Lambda",
    { cmd: ["/usr/local/bin/aws-lambda-rie", "python", "-m", "awslambdaric", "app/main.handler"] },
    ["process app/main.handler (app.main:handler) → app/main.py"],
  ],
  [
    "uvicorn",
    { cmd: ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "80"] },
    ["process app.main:app (app.main:app) → app/main.py"],
  ],
  [
    "uvicorn options first",
    { cmd: "uvicorn --proxy-headers --host 0.0.0.0 --factory app.main:create" },
    ["process app.main:create (app.main:create()) → app/main.py"],
  ],
  [
    "uvicorn with --app-dir",
    { cmd: ["uvicorn", "main:app", "--app-dir", "app"] },
    ["process main:app (main:app) → app/main.py"],
  ],
  ["uvicorn off the path", { cmd: ["uvicorn", "main:app"] }, ["process main:app (main:app) → absent"]],
  [
    "python -m uvicorn",
    { cmd: ["python", "-m", "uvicorn", "app.main:app"] },
    ["process app.main:app (app.main:app) → app/main.py"],
  ],
  [
    "PYTHONPATH",
    { cmd: ["uvicorn", "main:app"], env: { PYTHONPATH: "/app/app" } },
    ["process main:app (main:app) → app/main.py"],
  ],
  [
    "a variable with a default",
    { cmd: "uvicorn ${MODULE:-app.main:app} --port $PORT" },
    ["process app.main:app (app.main:app) → app/main.py"],
  ],
  [
    "gunicorn",
    {
      cmd: [
        "gunicorn",
        "-w",
        "4",
        "-k",
        "uvicorn.workers.UvicornWorker",
        "-c",
        "gunicorn.conf.py",
        "app.main:create_app()",
      ],
    },
    [
      "configuration gunicorn.conf.py → gunicorn.conf.py",
      "process app.main:create_app() (app.main:create_app()) → app/main.py",
    ],
  ],
  [
    "gunicorn --chdir",
    { cmd: "gunicorn --chdir app --bind :80 main:app" },
    ["process main:app (main:app) → app/main.py"],
  ],
  [
    "gunicorn --pythonpath",
    { cmd: "gunicorn --pythonpath app,lib main:app" },
    ["process main:app (main:app) → app/main.py"],
  ],
  [
    "gunicorn -c absent",
    { cmd: "gunicorn -c conf/gunicorn.py wsgi" },
    ["configuration conf/gunicorn.py → absent", "process wsgi (wsgi:application) → wsgi.py"],
  ],
  [
    "GUNICORN_CMD_ARGS",
    { cmd: "gunicorn wsgi:app", env: { GUNICORN_CMD_ARGS: "--config nope.py" } },
    ["configuration nope.py → absent", "process wsgi:app (wsgi:app) → wsgi.py"],
  ],
  [
    "a worker class of ours",
    { cmd: "gunicorn -k app.worker.Fast wsgi" },
    ["preload app.worker.Fast (app.worker) → app/worker.py", "process wsgi (wsgi:application) → wsgi.py"],
  ],
  [
    "hypercorn, daphne, granian",
    {
      cmd: "hypercorn app.main:app --bind :80; daphne -b 0.0.0.0 -p 80 app.main:app; granian --interface asgi app.main:app",
    },
    ["before app.main:app (app.main:app) → app/main.py", "process app.main:app (app.main:app) → app/main.py"],
  ],
  [
    "celery, app after the subcommand",
    { cmd: "celery worker -A app.tasks -l info" },
    ["process app.tasks (app.tasks:app) → app/tasks/__init__.py"],
  ],
  [
    "celery's module in a package",
    { cmd: "celery -A proj worker", files: ["proj/__init__.py", "proj/celery.py"] },
    ["process proj (proj.celery:app) → proj/celery.py"],
  ],
  [
    "celery names an object",
    { cmd: "celery -A app.worker.queue worker" },
    ["process app.worker.queue (app.worker:queue) → app/worker.py"],
  ],
  [
    "dramatiq",
    { cmd: "dramatiq --processes 2 app.worker app.tasks" },
    ["process app.worker (app.worker) → app/worker.py", "process app.tasks (app.tasks) → app/tasks/__init__.py"],
  ],
  [
    "arq",
    { cmd: "arq app.worker.WorkerSettings" },
    ["process app.worker.WorkerSettings (app.worker:WorkerSettings) → app/worker.py"],
  ],
  [
    "taskiq",
    { cmd: "taskiq worker app.worker:broker" },
    ["process app.worker:broker (app.worker:broker) → app/worker.py"],
  ],
  [
    "fastapi run with a path",
    { cmd: ["fastapi", "run", "app/main.py", "--port", "80"] },
    ["process app/main.py → app/main.py"],
  ],
  ["fastapi run by itself", { cmd: ["fastapi", "run"] }, ["process main.py → app/main.py"]],
  [
    "flask by FLASK_APP",
    { cmd: "flask run --host=0.0.0.0", env: { FLASK_APP: "app.main:create_app()" } },
    ["process app.main:create_app() (app.main:create_app()) → app/main.py"],
  ],
  ["flask by --app file", { cmd: "flask --app app/main.py run" }, ["process app/main.py → app/main.py"]],
  ["flask by itself", { cmd: "flask run" }, ["process wsgi.py → wsgi.py"]],
  [
    "flask by itself, with a package that makes its application in a function",
    { cmd: "flask run", files: { "app/__init__.py": "def create_app():\n    return None\n" } },
    ["process app.py → app/__init__.py"],
  ],
  [
    "streamlit",
    { cmd: ["streamlit", "run", "app/main.py", "--server.port=80"] },
    ["process app/main.py → app/main.py"],
  ],
  [
    "manage.py with settings",
    {
      cmd: "python manage.py migrate --noinput && python manage.py runserver",
      env: { DJANGO_SETTINGS_MODULE: "app.api.settings" },
    },
    [
      "before manage.py → manage.py",
      "configuration app.api.settings (app.api.settings) → app/api/settings.py",
      "process manage.py → manage.py",
    ],
  ],
  [
    "alembic, then the server",
    {
      cmd: "alembic upgrade head && uvicorn app.main:app",
      files: {
        "alembic.ini": "[alembic]\nscript_location = app/migrations\n",
        "app/main.py": "",
        "app/migrations/env.py": "",
      },
    },
    [
      "configuration alembic.ini → alembic.ini",
      "before app/migrations/env.py → app/migrations/env.py",
      "process app.main:app (app.main:app) → app/main.py",
    ],
  ],
  [
    "alembic.ini absent",
    { cmd: "alembic -c conf/alembic.ini upgrade head" },
    ["configuration conf/alembic.ini → absent"],
  ],
  [
    "tini and an entry script that runs its arguments",
    {
      entrypoint: ["tini", "-g", "--", "./entrypoint.sh"],
      cmd: ["uvicorn", "app.main:app"],
      files: {
        "entrypoint.sh": '#!/bin/sh\nset -e\npython manage.py migrate\nexec "$@"\n',
        "manage.py": "",
        "app/main.py": "",
      },
    },
    [
      "process ./entrypoint.sh → entrypoint.sh",
      "before manage.py → manage.py",
      "process app.main:app (app.main:app) → app/main.py",
    ],
  ],
  [
    "shell script with variables of its own that have defaults",
    {
      cmd: ["./start.sh"],
      env: { PACKAGE: "app" },
      files: {
        "start.sh":
          'MODULE="${PACKAGE}.main"\nexport APP="${APP:-$MODULE:app}"\nWORKERS="${WORKERS:-4}"\nexec gunicorn "$APP" --workers $WORKERS\n',
        "app/__init__.py": "",
        "app/main.py": "",
      },
    },
    ["process ./start.sh → start.sh", "process app.main:app (app.main:app) → app/main.py"],
  ],
  [
    "shell script that gives a variable its default where it stands",
    {
      cmd: ["./start.sh"],
      files: {
        "start.sh": ': "${APP:=app.main:app}" "${PORT=80}"\nexport PORT\nexec gunicorn "$APP" --bind ":$PORT"\n',
        "app/__init__.py": "",
        "app/main.py": "",
      },
    },
    ["process ./start.sh → start.sh", "process app.main:app (app.main:app) → app/main.py"],
  ],
  [
    "shell script whose variable is set twice, or on a condition",
    {
      cmd: ["./start.sh"],
      files: {
        "start.sh":
          'APP=app.main:app\nif [ -f x ]; then APP=x:app; fi\n[ -f y ] && MODE=y:app\ngunicorn "$APP" &\ngunicorn "$MODE"\n',
        "app/main.py": "",
      },
    },
    ["process ./start.sh → start.sh"],
  ],
  [
    "shell script with cd, export and a condition",
    {
      cmd: ["bash", "start.sh"],
      files: {
        "start.sh":
          'cd src\nexport PYTHONPATH=lib\nif [ "$DEBUG" = 1 ]; then\n  python debug.py\nelse\n  exec gunicorn core:app\nfi\n',
        "src/lib/core.py": "",
      },
    },
    ["process start.sh → start.sh", "process debug.py → unknown", "process core:app (core:app) → src/lib/core.py"],
  ],
  [
    "wrappers one in another",
    {
      cmd: [
        "dumb-init",
        "--",
        "sh",
        "-c",
        "exec opentelemetry-instrument --traces_exporter console poetry run ddtrace-run uvicorn app.main:app",
      ],
    },
    ["process app.main:app (app.main:app) → app/main.py"],
  ],
  [
    "gosu, env, nice, timeout",
    { cmd: "gosu app env A=b PYTHONPATH=app nice -n 10 timeout -k 5 60 python -m worker" },
    ["process worker (worker) → app/worker.py"],
  ],
  [
    "uv run, doppler run",
    { cmd: ["doppler", "run", "--project", "x", "--", "uv", "run", "--no-sync", "uvicorn", "app.main:app"] },
    ["process app.main:app (app.main:app) → app/main.py"],
  ],
  [
    "uv run of a module",
    { cmd: ["uv", "run", "--frozen", "-m", "app.worker"] },
    ["process app.worker (app.worker) → app/worker.py"],
  ],
  [
    "a virtual environment's program",
    { cmd: ["/opt/venv/bin/python", "-m", "app.worker"] },
    ["process app.worker (app.worker) → app/worker.py"],
  ],
  [
    "ENTRYPOINT python, CMD script",
    { entrypoint: ["python"], cmd: ["app/main.py"] },
    ["process app/main.py → app/main.py"],
  ],
  [
    "shell-form ENTRYPOINT drops CMD",
    { entrypoint: "python app/main.py", cmd: ["app/worker.py"] },
    ["process app/main.py → app/main.py"],
  ],
  [
    "supervisord",
    {
      cmd: ["supervisord", "-c", "supervisord.conf"],
      files: {
        "supervisord.conf":
          "[supervisord]\nnodaemon=true\n\n[program:web]\ncommand=gunicorn core:app\ndirectory=%(here)s/src\n[program:worker]\ncommand = python missing.py\n",
        "src/core.py": "",
      },
    },
    [
      "configuration supervisord.conf → supervisord.conf",
      "process core:app (core:app) → src/core.py",
      "process missing.py → absent",
    ],
  ],
  [
    "honcho",
    {
      cmd: ["honcho", "start", "web"],
      files: { Procfile: "web: python web.py\nworker: python worker.py\n", "web.py": "", "worker.py": "" },
    },
    [
      "configuration Procfile → Procfile",
      "process web.py → web.py",
      "process web.py → web.py",
      "process worker.py → worker.py",
    ],
  ],
  [
    "uWSGI with its ini file",
    {
      cmd: ["uwsgi", "--ini", "/app/uwsgi.ini"],
      files: { "uwsgi.ini": "[uwsgi]\nchdir = src\nmodule = core:app\n", "src/core.py": "" },
    },
    ["configuration /app/uwsgi.ini → uwsgi.ini", "process core:app (core:app) → src/core.py"],
  ],
  [
    "uWSGI with its YAML file",
    {
      cmd: ["uwsgi", "--yaml", "uwsgi.yml"],
      files: { "uwsgi.yml": "uwsgi:\n  http: :8000\n  module: app.main:application\n", "app/main.py": "" },
    },
    ["configuration uwsgi.yml → uwsgi.yml", "process app.main:application (app.main:application) → app/main.py"],
  ],
  [
    "gunicorn with a PasteDeploy file",
    {
      cmd: ["gunicorn", "--paste", "conf/live.ini"],
      files: {
        "conf/live.ini": "[pipeline:main]\npipeline = prefix shop\n\n[app:shop]\nuse = call:shop.app:make\n",
        "shop/app.py": "",
      },
    },
    ["configuration conf/live.ini → conf/live.ini", "process shop.app:make (shop.app:make()) → shop/app.py"],
  ],
  [
    "a script that keeps its arguments in a variable",
    {
      cmd: ["./run.sh", "python", "app/main.py"],
      files: { "run.sh": '#!/bin/sh\nCMD="$@"\necho "$CMD"\n$CMD\n', "app/main.py": "" },
    },
    ["process ./run.sh → run.sh", "process app/main.py → app/main.py"],
  ],
  [
    "a command that a script keeps in a variable, with words that are not known",
    {
      cmd: ["./run.sh", "0.0.0.0:80"],
      files: {
        "run.sh":
          '#!/bin/bash\nRUN="gunicorn app.main:make() --bind $1 --name `hostname`"\nif [ "$DEBUG" = 1 ]; then RUN="$RUN --reload"; fi\n${RUN}\n',
        "app/main.py": "",
      },
    },
    ["process ./run.sh → run.sh", "process app.main:make() (app.main:make()) → app/main.py"],
  ],
  [
    "a shell form that takes CMD from $0 on",
    {
      entrypoint: "./run.sh $0 $@",
      cmd: ["uvicorn", "app.main:app"],
      files: { "run.sh": '#!/bin/sh\nexec "$@"\n', "app/main.py": "" },
    },
    ["process ./run.sh → run.sh", "process app.main:app (app.main:app) → app/main.py"],
  ],
  [
    "an array before the arguments",
    {
      cmd: ["./run.sh", "python", "app/main.py"],
      files: { "run.sh": '#!/bin/bash\nBEFORE=()\nexec "${BEFORE[@]}" "$@"\n', "app/main.py": "" },
    },
    ["process ./run.sh → run.sh", "process app/main.py → app/main.py"],
  ],
  [
    "in a directory that a RUN writes",
    { cmd: ["python", "gen/main.py"], opaque: ["/app/gen"] },
    ["process gen/main.py → unknown"],
  ],
  ["a value that is not known", { cmd: "python $SCRIPT" }, []],
  [
    "a guarded file",
    { cmd: "[ -f seed.py ] && python seed.py; python app/main.py" },
    ["before seed.py → unknown", "process app/main.py → app/main.py"],
  ],
];

test.each(rows)("%s", async (_title, input, expected) => {
  expect(summary(await entryPointsOf({ files: app, ...input }))).toEqual(expected);
});

test("sys.path begins with the script's folder, and is mapped to the repository", async () => {
  const [point] = await entryPointsOf({
    files: app,
    cmd: ["python", "app/main.py"],
    env: { PYTHONPATH: "/app/lib:/opt/x" },
  });
  expect(point?.parts[0]?.roots).toEqual([
    { image: "/app/app", repository: "app", from: "script" },
    { image: "/app/lib", repository: null, from: "environment" },
    { image: "/opt/x", repository: null, from: "environment" },
  ]);
});

test("a word of the shell form is located in the line", async () => {
  const [point] = await entryPointsOf({ files: app, cmd: "alembic check && uvicorn app.main:app" });
  expect(point?.parts.at(-1)?.at).toEqual({
    path: "Dockerfile",
    start: { line: 4, column: 30 },
    end: { line: 4, column: 42 },
  });
});

test("nginx, Java and a Go binary are said to be unchecked", async () => {
  for (const cmd of [["nginx", "-g", "daemon off;"], ["java", "-jar", "app.jar"], ["/server"]]) {
    const [point] = await entryPointsOf({ files: app, cmd });
    expect(point?.parts).toEqual([]);
    expect(point?.unchecked).toContain("`");
  }
});
