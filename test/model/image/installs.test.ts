import { expect, test } from "vitest";
import { editableInstalls, installsProject } from "../../../src/model/image/installs.ts";
import type { RunStep } from "../../../src/types/image.ts";

const run = (text: string, environment: [string, string][] = []) =>
  ({ text, needed: true, workdir: "/app", environment: new Map(environment) }) as unknown as RunStep;

const rows: [text: string, installs: boolean, editable: string[]][] = [
  ["uv sync --frozen", true, ["/app"]],
  ["uv --directory svc sync", true, ["/app/svc"]],
  ["uv sync --package api", true, ["/app api"]],
  ["uv sync --all-packages --no-dev", true, ["/app all"]],
  ["uv sync --no-editable", true, []],
  ["uv sync --no-install-project", false, []],
  ["uv pip sync requirements.txt", true, []],
  [
    "uv pip install --system -e packages/core -e './packages/api[web]'",
    true,
    ["/app/packages/core", "/app/packages/api"],
  ],
  ["cd /srv && pip install \\\n  -r requirements.txt \\\n  --editable=.", true, ["/srv"]],
  ["pip install -e git+https://example.com/x#egg=x", false, []],
  ["pip install -r requirements.txt", false, []],
  ["pip install .", true, []],
  ["pip install -e . dist/core-1.whl", true, []],
  ["pip install -e $DIRECTORY", true, []],
  ["uv build --wheel && pip install -e .", true, []],
  ["poetry install --only main", true, ["/app"]],
  ["poetry -C svc install", true, ["/app/svc"]],
  ["poetry install --no-root", false, []],
  ["pdm install --prod", true, ["/app"]],
  ["pdm sync --no-editable", true, []],
  ["rye sync", true, []],
  ["python setup.py develop", true, []],
];

test.each(rows)("%s", (text, installs, editable) => {
  const image = { runs: [run(text)] };
  expect(installsProject(image)).toBe(installs);
  const found = editableInstalls(image).map(({ path, member }) =>
    member === null ? path : `${path} ${member === "all" ? member : member.name}`,
  );
  expect(found).toEqual(editable);
});

test("a variable of uv that turns editable installs off", () => {
  expect(editableInstalls({ runs: [run("uv sync", [["UV_NO_EDITABLE", "1"]])] })).toEqual([]);
});

test("one copy among editable installs: what is imported may be in site-packages", () => {
  expect(editableInstalls({ runs: [run("uv sync"), run("pip install ./core")] })).toEqual([]);
});
